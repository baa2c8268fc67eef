//! What has changed since when: each change with the mainline release that brought it, where else
//! it was seen, and where it was read. A test holds what the model has to it.

use crate::lang::Lang;
use crate::text::since as t;
use Release::*;
use error99_kernel::rules::{
    AddressRule, FlagRule, KnobRule, LimitRule, OrderRule, RecycledRule, ReuseRule, Rules,
    SearchRule, StartRule, TimerRule,
};
use error99_kernel::{Release, Sysctl};

/// A change.
pub struct RuleChange {
    pub what: fn(Lang) -> &'static str,
    /// The release that brought it, or two that it came between; empty if mainline never had it.
    pub since: &'static str,
    /// The release that took it away again.
    pub until: &'static str,
    /// The last version that was read without it, the first one with it.
    pub read: [&'static str; 2],
    /// Releases of the model that have it in spite of their number.
    pub back: &'static [Release],
    /// Other trees that have it in spite of their number.
    pub seen: &'static str,
    /// Trees that were looked at and haven't got it.
    pub lacking: &'static str,
    /// File and function, or the program that ran.
    pub place: &'static str,
    /// Whether a release's rules have it, where they say.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds the rules to the page by it"))]
    pub holds: Option<fn(&Rules) -> bool>,
}

/// A change of which nothing more is known.
const fn change(
    what: fn(Lang) -> &'static str,
    since: &'static str,
    read: [&'static str; 2],
    place: &'static str,
) -> RuleChange {
    let (until, seen, lacking) = ("", "", "");
    RuleChange { what, since, until, read, back: &[], seen, lacking, place, holds: None }
}

impl RuleChange {
    const fn until(self, until: &'static str) -> RuleChange {
        RuleChange { until, ..self }
    }

    const fn back(self, back: &'static [Release], seen: &'static str) -> RuleChange {
        RuleChange { back, seen, ..self }
    }

    const fn not(self, lacking: &'static str) -> RuleChange {
        RuleChange { lacking, ..self }
    }

    const fn holds(self, holds: fn(&Rules) -> bool) -> RuleChange {
        RuleChange { holds: Some(holds), ..self }
    }
}

impl RuleChange {
    /// Trees that have it in spite of their number: those that were read, and the model's, unless
    /// one of theirs was read.
    pub fn trees(&self) -> String {
        let seen: Vec<&str> = self.seen.split(", ").filter(|tree| !tree.is_empty()).collect();
        let was_seen = |title: &str| {
            seen.iter().any(|tree| tree.trim_start_matches("Debian ").starts_with(title))
        };
        let back = self.back.iter().map(|release| release.title());
        let back: Vec<&str> = back.filter(|title| !was_seen(title)).collect();
        [back, seen.clone()].concat().join(", ")
    }
}

/// The oldest release, which was read.
const OLDEST: &str = Release::ALL[0].name();

const WALK: &str = "inet_hashtables.c: __inet_hash_connect";
const BIND: &str = "inet_connection_sock.c: inet_csk_get_port";
const KNOBS: &str = "sysctl_net_ipv4.c";
const REUSE: &str = "tcp_ipv4.c: tcp_twsk_unique";

/// What connect's walk has got.
pub const OF_THE_WALK: &[RuleChange] = &[
    change(t::start_digest, "3.1", ["3.0.1", "3.2.0"], "secure_seq.c")
        .until("4.11")
        .holds(|rules| rules.start == StartRule::SharedHintMd5),
    change(t::even_start, "4.2", ["4.1.3", "4.2.8"], WALK)
        .until("4.6")
        .back(&[Rhel7], "RHEL 7.3–7.9, RHEL 6.8")
        .holds(|rules| rules.order == OrderRule::EvenStart),
    change(t::two_passes, "4.6", ["4.5.0", "4.6.2"], WALK)
        .back(&[], "RHEL 8.1, 8.3, 8.5")
        .holds(|rules| rules.order.has_passes()),
    change(t::no_memory, "4.6", ["4.5.0", "4.6.2"], WALK).holds(|rules| rules.says_no_memory),
    change(t::resched, "4.6", ["4.5.0", "4.6.2"], WALK).back(&[], "RHEL 7.8–7.9"),
    change(t::siphash, "4.11", ["4.10.17", "4.11.0"], "secure_seq.c").holds(|rules| {
        matches!(rules.start, StartRule::SharedHintSipHash | StartRule::TableOfHints)
    }),
    change(t::hints, "5.12", ["5.11.14", "5.12.9"], WALK)
        .back(&[V4_19Late, V5_4, V5_10], "")
        .holds(|rules| rules.start == StartRule::TableOfHints),
    change(t::hardened, "5.18", ["5.17-rc5", "5.19.0"], "__inet_hash_connect; secure_seq.c")
        .back(&[V4_19Late, V5_4, V5_10, V5_15], "5.15.100, Ubuntu 4.15.18")
        .not("4.19.222, 5.15.16")
        .holds(|rules| rules.start == StartRule::TableOfHints),
    change(t::source_back, "6.1", ["6.0.1", "6.1.0"], "tcp_ipv4.c: tcp_v4_connect")
        .back(&[V4_19Late, V5_4, V5_10, V5_15], "5.15.100, Ubuntu 4.15.18")
        .not("4.19.222, 5.15.16")
        .holds(|rules| rules.gives_source_back),
    change(t::short_cut, "6.3", ["6.2.1", "6.3.8"], WALK)
        .back(&[], "Debian 6.1.192, 5.15.100, 4.19.297"),
    change(t::window, "6.3", ["6.2.1", "6.3.8"], "inet_sk_get_local_port_range")
        .back(&[V6_1], "Debian 6.1.192")
        .holds(|rules| rules.options.window),
    change(t::linear_syn, "6.5", ["6.4.6", "6.5.0"], "tcp_syn_linear_timeouts")
        .holds(|rules| rules.syn.linear > 0),
    change(t::window_one_pass, "6.8", ["6.5.0", "6.8.1"], WALK)
        .not("Debian 6.1.192")
        .holds(|rules| rules.order == OrderRule::TwoPassesUnlessWindow),
    change(t::look_first, "6.15", ["6.14.0", "6.18.2"], "__inet_check_established"),
    change(t::dccp, "6.15–6.18", ["6.14.0", "6.18.2"], "inet_hashtables.c"),
];

/// What TIME_WAIT has got.
pub const OF_TIMEWAIT: &[RuleChange] = &[
    change(t::recycled, "2.6.33–3.10", [OLDEST, "3.10.65"], "__inet_check_established")
        .holds(|rules| rules.recycled == RecycledRule::TakeOvers),
    change(t::slack, "2.6.35", [OLDEST, "3.0.1"], "kernel/timer.c: apply_slack")
        .until("4.8")
        .back(&[], "RHEL 7.3–7.9")
        .holds(|rules| {
            matches!(rules.timers, TimerRule::CalendarsWithSlack | TimerRule::CalendarsThatHurry)
        }),
    change(t::same_chain, "3.12–3.13", ["3.11.0", "3.13.10"], "inet_hashtables.h")
        .back(&[], "RHEL 7.3–7.9"),
    change(t::own_timer, "4.1", ["4.0.5", "4.1.3"], "inet_timewait_sock.c")
        .not("RHEL 7.9")
        .holds(|rules| rules.timers == TimerRule::Wheel),
    change(t::hurry, "", ["RHEL 7.3", "RHEL 7.8"], "inet_twdr_twkill_work")
        .back(&[Rhel7], "RHEL 7.8–7.9")
        .holds(|rules| rules.timers == TimerRule::CalendarsThatHurry),
    change(t::wheel, "4.7–4.8", ["4.6.2", "4.8.15"], "kernel/time/timer.c: calc_wheel_index")
        .back(&[], "RHEL 8")
        .holds(|rules| rules.timers == TimerRule::Wheel),
    change(t::no_recycle, "4.12", ["4.11.0", "4.12.0"], KNOBS)
        .not("RHEL 7.9")
        .holds(|rules| !rules.has(Sysctl::TwRecycle)),
    change(t::keeps_reuseport, "4.13–4.17", ["4.12.4", "4.17.0"], "inet_twsk_alloc")
        .back(&[], "4.16.13, Ubuntu 4.15.18")
        .holds(|rules| rules.timewait.keeps_reuseport),
    change(t::reuse_two, "4.18", ["4.17.0", "4.18.0"], REUSE)
        .back(&[], "RHEL 8.1")
        .holds(|rules| rules.tw_reuse_at_boot != Release::ALL[0].rules().tw_reuse_at_boot),
    change(t::later_second, "4.19", ["4.18.0", "4.19.1"], REUSE)
        .until("6.14")
        .back(&[], "RHEL 8.3, 8.5")
        .not("RHEL 8.1")
        .holds(|rules| {
            matches!(rules.reuse, ReuseRule::LaterSecond | ReuseRule::LaterSecondWhenClosed)
        }),
    change(t::linger, "5.8", ["5.7.14", "5.8.1"], "tcp.h: TCP_FIN_TIMEOUT_MAX"),
    change(t::unsigned_limit, "5.16–6.1", ["5.15.135", "6.1.192"], "inet_twsk_alloc")
        .holds(|rules| rules.limit == LimitRule::Unsigned),
    change(t::not_pinned, "6.10–6.11", ["6.9.0", "6.11.11"], "inet_twsk_alloc"),
    change(t::fin_wait2, "6.12", ["6.9.0", "6.13.2"], REUSE)
        .back(&[V5_4, V5_10, V6_1, V6_6], "6.11.11, Debian 6.1.192")
        .not("4.19.222, 5.15.135")
        .holds(|rules| {
            let closed = [ReuseRule::LaterSecondWhenClosed, ReuseRule::OverDelayWhenClosed];
            closed.contains(&rules.reuse)
        }),
    change(t::reuse_delay, "6.14", ["6.13.2", "6.14.0"], "tcp_twsk_unique; tcp_time_wait")
        .holds(|rules| rules.has(Sysctl::TwReuseDelay)),
];

/// What sysctls and routes have got.
pub const OF_KNOBS: &[RuleChange] = &[
    change(
        t::range_error,
        "2.6.33–3.10",
        [OLDEST, "3.10.108"],
        "kernel/sysctl.c: __do_proc_dointvec",
    )
    .holds(|rules| rules.knobs != KnobRule::Free),
    change(t::reserved, "2.6.35", [OLDEST, "3.0.1"], WALK)
        .holds(|rules| rules.has(Sysctl::ReservedPorts)),
    change(t::range_own, "3.12–3.13", ["3.11.0", "3.13.10"], KNOBS).back(&[], "RHEL 7.3–7.9"),
    change(t::reserved_own, "3.15–3.16", ["3.14.1", "3.16.0"], KNOBS).not("RHEL 7.9"),
    change(t::default_range, "4.2", ["4.1.3", "4.2.8"], "af_inet.c")
        .back(&[Rhel7], "RHEL 7.3–7.9")
        .holds(|rules| rules.range_at_boot != Release::ALL[0].rules().range_at_boot),
    change(t::no_port, "4.2", ["4.1.3", "4.2.8"], "af_inet.c: inet_bind")
        .back(&[Rhel7], "RHEL 7.8–7.9")
        .not("RHEL 7.3")
        .holds(|rules| rules.options.no_port),
    change(t::parity, "4.2", ["4.1.3", "4.2.8"], KNOBS).back(&[], "RHEL 7.3–7.9"),
    change(t::route_error, "4.3", ["4.2.8", "4.3.0"], "route.c: __ip_route_output_key")
        .back(&[], "RHEL 7.3–7.9"),
    change(t::tw_reuse_own, "4.10", ["4.9.0", "4.10.17"], "netns/ipv4.h"),
    change(t::offsets, "4.10", ["4.9.0", "4.10.17"], "secure_seq.c"),
    change(t::limit_own, "4.11", ["4.10.17", "4.11.0"], "netns/ipv4.h"),
    change(t::unprivileged, "4.11", ["4.10.17", "4.11.0"], KNOBS)
        .holds(|rules| rules.has(Sysctl::UnprivilegedStart)),
];

/// What bind has got.
pub const OF_BIND: &[RuleChange] = &[
    change(t::children, "2.6.33–3.10", [OLDEST, "3.10.108"], "__inet_inherit_port; inet_bind_hash")
        .holds(|rules| rules.counts_children),
    change(t::shares, "3.3–3.4", ["3.2.0", "3.4.113"], BIND)
        .back(&[], "RHEL 7")
        .holds(|rules| rules.search != SearchRule::FewestOwners),
    change(t::strict, "3.5", ["3.4.113", "3.5.0"], "inet_csk_bind_conflict"),
    change(t::reuseport, "3.9", ["3.8.13", "3.9.6"], BIND).holds(|rules| rules.options.reuseport),
    change(t::lower_half, "4.2", ["4.1.3", "4.2.8"], BIND)
        .back(&[Rhel7], "RHEL 7.3–7.9")
        .holds(|rules| matches!(rules.search, SearchRule::LowerHalfFirst | SearchRule::OddFirst)),
    change(t::odd_first, "4.6", ["4.5.0", "4.6.2"], BIND)
        .holds(|rules| rules.search == SearchRule::OddFirst),
    change(t::rewritten, "4.11", ["4.10.17", "4.11.0"], "sk_reuseport_match")
        .holds(|rules| !matches!(rules.flags, FlagRule::Lower | FlagRule::LowerBoth)),
    change(t::vrf, "5.0", ["4.20.0", "5.0.1"], "inet_bind_bucket_create").back(&[], "RHEL 8.5"),
    change(t::one_sided, "5.5–5.7", ["5.4.0", "5.7.14"], "sk_reuseport_match")
        .back(&[V4_19Late, V5_4], "4.19.222, RHEL 8.3")
        .holds(|rules| matches!(rules.flags, FlagRule::Write | FlagRule::WriteAsLater)),
    change(t::autobind, "5.5–5.7", ["5.4.0", "5.7.14"], "inet_csk_find_open_port")
        .holds(|rules| rules.has(Sysctl::AutobindReuse)),
    change(t::child_bucket, "5.9", ["5.8.1", "5.9.1"], "__inet_inherit_port")
        .back(&[], "4.19.222, Ubuntu 4.15.18, RHEL 8.5"),
    change(t::by_address, "6.1", ["6.0.1", "6.1.0"], WALK)
        .holds(|rules| rules.addresses != AddressRule::None),
    change(t::first_as_later, "6.8", ["6.5.0", "6.8.1"], "inet_csk_update_fastreuse")
        .holds(|rules| rules.flags == FlagRule::WriteAsLater),
    change(t::recovers, "6.18", ["6.14.0", "6.18.2"], "SOCK_CONNECT_BIND")
        .not("Debian 6.12.117")
        .holds(|rules| rules.addresses == AddressRule::BucketsThatRecover),
];
