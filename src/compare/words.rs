//! The sentences about two moments.

use error99_kernel::Release;
use error99_replay::frame::{CallKind, CallView, Ret};
use error99_replay::grid::Parity;
use error99_replay::pair::{Contrast, Fill, PairView};

use crate::lang::Lang;
use crate::text::compare as t;
use crate::text::number::thousands;

/// What the two make of the call under the glass, in one sentence or two.
pub fn headline(lang: Lang, view: &PairView, releases: [Release; 2]) -> String {
    let facing = &view.facing;
    let [one, other] = releases.map(Release::title);
    let calls = view.frames.each_ref().map(|frame| frame.call.as_ref());
    let said = match (facing.contrast, calls) {
        (Contrast::Nothing, _) | (_, [None, _] | [_, None]) => {
            return t::nothing(lang).to_owned();
        }
        (Contrast::Calls, _) => t::calls_differ(lang).to_owned(),
        (Contrast::Results, [Some(a), Some(b)]) => {
            t::results_differ(lang, one, result(lang, a), other, result(lang, b))
        }
        (Contrast::Probes, [Some(a), _]) => probes_differ(lang, view, releases, a),
        (Contrast::Ended([a, b]), _) => {
            t::ended_differ(lang, one, thousands(a), other, thousands(b))
        }
        (Contrast::Ports, [Some(a), Some(b)]) => {
            t::ports_differ(lang, one, thousands(a.port), other, thousands(b.port))
        }
        (Contrast::Same, _) => t::same_here(lang).to_owned(),
    };
    let (used, all) = (thousands(facing.used.0), thousands(facing.used.1));
    let fill = match facing.fill {
        Fill::Empty => return said,
        Fill::Half => t::fill_half(lang).to_owned(),
        Fill::Full => t::fill_full(lang).to_owned(),
        Fill::Partly => t::fill_partly(lang, used, all),
    };
    // Chinese sentences follow each other without a space.
    if lang == Lang::En { format!("{fill} {said}") } else { fill + &said }
}

/// Both got the same, after other numbers of probes: whoever needed fewer comes first.
fn probes_differ(lang: Lang, view: &PairView, releases: [Release; 2], call: &CallView) -> String {
    let counts = view.facing.probes.map(Option::unwrap_or_default);
    let few = usize::from(counts[1] < counts[0]);
    let many = 1 - few;
    let (one, other) = (releases[few].title(), releases[many].title());
    let (few_words, many_words) = (probes(lang, counts[few]), probes(lang, counts[many]));
    let say = match (call.ret, counts[few], view.facing.passed[many]) {
        (Some(Ret::Ok), 1, Some((Parity::Even, _))) => t::passed_even,
        (Some(Ret::Ok), 1, Some((Parity::Odd, _))) => t::passed_odd,
        (Some(Ret::Ok), ..) => t::probes_differ,
        _ => t::gives_up,
    };
    say(lang, one, few_words, other, many_words)
}

/// "1 probe", "14,117 probes".
pub fn probes(lang: Lang, count: u32) -> String {
    match count {
        1 => t::one_probe(lang).to_owned(),
        count => t::probes(lang, thousands(count)),
    }
}

/// What came of a call, in words.
fn result(lang: Lang, call: &CallView) -> String {
    match call.ret {
        Some(Ret::Errno(errno)) => format!("{} ({})", errno.name(), errno.code()),
        Some(Ret::Limit(_)) => t::not_modelled(lang).to_owned(),
        _ if call.port != 0 => t::port(lang, thousands(call.port)),
        _ => t::success(lang).to_owned(),
    }
}

/// A call as a program makes it.
pub fn call_words(call: &CallView) -> String {
    match &call.kind {
        CallKind::Socket => "socket()".into(),
        CallKind::Connect { dst, dport } => format!("connect({dst}:{dport})"),
        CallKind::Bind { addr, port } => format!("bind({addr}:{port})"),
        CallKind::Listen => "listen()".into(),
        CallKind::Close { .. } => "close()".into(),
        CallKind::Advance { ms, .. } => format!("sleep {}.{:03}", ms / 1000, ms % 1000),
        CallKind::Sysctl { name, value } => format!("{name} = {value}"),
        CallKind::TwFin => "FIN".into(),
        CallKind::Rekey => "rekey".into(),
        CallKind::Other { name } => name.clone(),
    }
}

/// What stands at the end of the line above a page of ports, as a program and the kernel have it.
pub fn outcome(lang: Lang, call: Option<&CallView>, probed: Option<u32>) -> Option<(bool, String)> {
    let call = call?;
    let ret = call.ret?;
    let port = (ret == Ret::Ok && call.port != 0).then(|| t::port(lang, thousands(call.port)));
    let probed = probed.map(|count| probes(lang, count));
    let parts = [Some(printed(ret)), port, probed];
    Some((ret == Ret::Ok, parts.into_iter().flatten().collect::<Vec<_>>().join("  ")))
}

fn printed(ret: Ret) -> String {
    match ret {
        Ret::Ok => "= 0".into(),
        Ret::Errno(errno) => format!("= -1 {}", errno.name()),
        Ret::Limit(_) => "= ?".into(),
    }
}
