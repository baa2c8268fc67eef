//! What each way of a rule is called. Every `match` is complete: a new way needs its words here.

use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::rules as t;
use error99_kernel::range_size;
use error99_kernel::rules::{
    AddressRule, ConflictRule, FlagRule, KnobRule, LimitRule, ListenerRule, NotedRule, OrderRule,
    RecycledRule, ReuseRule, SearchRule, StampRule, StartRule, SynRule, TimerRule,
};
use error99_replay::every::Lives;

/// Whether something is there.
pub fn yes_no(lang: Lang, there: bool) -> &'static str {
    if there { t::yes(lang) } else { t::no(lang) }
}

pub fn does(lang: Lang, so: bool) -> &'static str {
    if so { t::does(lang) } else { t::does_not(lang) }
}

pub fn start(lang: Lang, rule: StartRule) -> &'static str {
    match rule {
        StartRule::SharedHintHalfMd4 => t::start_half_md4(lang),
        StartRule::SharedHintMd5 => t::start_digest(lang),
        StartRule::SharedHintSipHash => t::start_siphash(lang),
        StartRule::TableOfHints => t::start_table(lang),
    }
}

pub fn order(lang: Lang, rule: OrderRule) -> &'static str {
    match rule {
        OrderRule::EveryPort => t::order_every(lang),
        OrderRule::EvenStart => t::order_even(lang),
        OrderRule::TwoPasses => t::order_passes(lang),
        OrderRule::TwoPassesUnlessWindow => t::order_window(lang),
    }
}

pub fn noted(lang: Lang, rule: NotedRule) -> &'static str {
    match rule {
        NotedRule::Steps => t::noted_steps(lang),
        NotedRule::EvenSteps => t::noted_even(lang),
        NotedRule::PassAndStep => t::noted_pass(lang),
        NotedRule::ChanceAndStep => t::noted_chance(lang),
    }
}

/// What a walk that finds no memory ends with.
pub fn memory(lang: Lang, said: bool) -> &'static str {
    if said { t::memory_said(lang) } else { t::memory_unsaid(lang) }
}

pub fn syn(lang: Lang, rule: SynRule) -> String {
    match rule.linear {
        0 => t::syn_doubling(lang).into(),
        count => t::syn_linear(lang, count),
    }
}

pub fn timers(lang: Lang, rule: TimerRule) -> &'static str {
    match rule {
        TimerRule::Calendars => t::timers_calendar(lang),
        TimerRule::CalendarsWithSlack => t::timers_slack(lang),
        TimerRule::CalendarsThatHurry => t::timers_hurry(lang),
        TimerRule::Wheel => t::timers_wheel(lang),
    }
}

/// The shortest and the longest TIME_WAIT that was watched.
pub fn lives(lang: Lang, lives: Option<Lives>) -> String {
    let Some(Lives { shortest_ms, longest_ms }) = lives else { return t::nothing(lang).into() };
    t::lives(lang, tenths(shortest_ms), tenths(longest_ms))
}

/// Milliseconds as seconds with one decimal.
fn tenths(ms: u64) -> String {
    let tenths = (ms + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

pub fn reuse(lang: Lang, rule: ReuseRule) -> &'static str {
    match rule {
        ReuseRule::OverOneSecond => t::reuse_second(lang),
        ReuseRule::LaterSecond => t::reuse_later(lang),
        ReuseRule::LaterSecondWhenClosed => t::reuse_closed(lang),
        ReuseRule::OverDelayWhenClosed => t::reuse_delay(lang),
    }
}

pub fn stamps(lang: Lang, rule: StampRule) -> &'static str {
    match rule {
        StampRule::Wall => t::stamps_wall(lang),
        StampRule::Monotonic => t::stamps_monotonic(lang),
    }
}

pub fn limit(lang: Lang, rule: LimitRule) -> &'static str {
    match rule {
        LimitRule::Signed => t::limit_signed(lang),
        LimitRule::Unsigned => t::limit_unsigned(lang),
    }
}

/// What a RST to a TIME_WAIT does.
pub fn rst(lang: Lang, restarts: bool) -> &'static str {
    if restarts { t::rst_restarts(lang) } else { t::rst_ignored(lang) }
}

pub fn recycled(lang: Lang, rule: RecycledRule) -> &'static str {
    match rule {
        RecycledRule::EveryCheck => t::recycled_checks(lang),
        RecycledRule::TakeOvers => t::recycled_taken(lang),
    }
}

pub fn range(lang: Lang, (low, high): (u16, u16)) -> String {
    t::range(lang, thousands(low), thousands(high), thousands(range_size(low, high)))
}

pub fn writes(lang: Lang, rule: KnobRule) -> &'static str {
    match rule {
        KnobRule::Free => t::writes_free(lang),
        KnobRule::FreeButRange => t::writes_range(lang),
        KnobRule::Checked => t::writes_checked(lang),
        KnobRule::Bytes => t::writes_bytes(lang),
    }
}

pub fn search(lang: Lang, rule: SearchRule) -> &'static str {
    match rule {
        SearchRule::FewestOwners => t::search_fewest(lang),
        SearchRule::FirstWithoutConflict => t::search_first(lang),
        SearchRule::LowerHalfFirst => t::search_half(lang),
        SearchRule::OddFirst => t::search_odd(lang),
    }
}

pub fn conflict(lang: Lang, rule: ConflictRule) -> &'static str {
    match rule {
        ConflictRule::AddressOption => t::conflict_address(lang),
        ConflictRule::EitherOption => t::conflict_either(lang),
        ConflictRule::EitherWhereNamed => t::conflict_named(lang),
        ConflictRule::BothApart => t::conflict_apart(lang),
    }
}

pub fn flags(lang: Lang, rule: FlagRule) -> &'static str {
    match rule {
        FlagRule::Lower => t::flags_lower(lang),
        FlagRule::LowerBoth => t::flags_lower_both(lang),
        FlagRule::WriteFitsAnyCaller => t::flags_write_any(lang),
        FlagRule::Write => t::flags_write(lang),
        FlagRule::WriteAsLater => t::flags_later(lang),
    }
}

pub fn addresses(lang: Lang, rule: AddressRule) -> &'static str {
    match rule {
        AddressRule::None => t::no(lang),
        AddressRule::Buckets => t::yes(lang),
        AddressRule::BucketsThatRecover => t::addresses_recover(lang),
    }
}

pub fn listener(lang: Lang, rule: ListenerRule) -> &'static str {
    match rule {
        ListenerRule::DefiniteFirst => t::listener_definite(lang),
        ListenerRule::NewestReusePort => t::listener_newest(lang),
    }
}
