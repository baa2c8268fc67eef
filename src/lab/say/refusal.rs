//! Why a call is refused, reason by reason.

use error99_kernel::rules::{Rules, SearchRule};
use error99_kernel::{Addr, BindRefusal, ConnectRefusal, ListenRefusal, Problem, Sysctl};
use error99_replay::frame::CallKind;

use crate::lang::Lang;
use crate::text::event as t;
use crate::text::number::n;

/// Why the model itself doesn't carry a call out.
pub fn problem(lang: Lang, problem: Problem) -> &'static str {
    match problem {
        Problem::NameInUse => t::name_in_use(lang),
        Problem::ReservedName => t::reserved_name(lang),
        Problem::TooManySockets => t::too_many_sockets(lang),
        Problem::ClockLimit => t::clock_limit(lang),
        Problem::WallLimit => t::wall_limit(lang),
        Problem::EmptyRange => t::problem_empty_range(lang),
        Problem::RangeFromZero => t::range_from_zero(lang),
        Problem::SynFailsWithSuccess => t::syn_fails_with_success(lang),
    }
}

/// Why `connect` ended before a port was sought.
pub fn connect(lang: Lang, reason: ConnectRefusal, call: &CallKind) -> String {
    let (dst, _) = address(call);
    match reason {
        ConnectRefusal::Connected => t::is_connected(lang).into(),
        ConnectRefusal::Listening => t::is_listening(lang).into(),
        ConnectRefusal::UnderWay => t::under_way(lang).into(),
        ConnectRefusal::Refused => t::was_refused(lang).into(),
        ConnectRefusal::Reset => t::was_reset(lang).into(),
        ConnectRefusal::TimedOut => t::timed_out(lang).into(),
        ConnectRefusal::ShortAddress => t::short_address(lang).into(),
        ConnectRefusal::LongAddress => t::long_address(lang).into(),
        ConnectRefusal::Family => t::wrong_family(lang).into(),
        ConnectRefusal::NoRoute => t::no_route(lang, dst),
        ConnectRefusal::ZeroNetwork => t::zero_network(lang, dst),
        ConnectRefusal::Multicast => t::multicast(lang, dst),
        ConnectRefusal::Broadcast => t::broadcast(lang, dst),
    }
}

/// Why `bind` or `listen`, named by `name`, gets no port.
pub fn port(lang: Lang, rules: &Rules, name: &str, reason: BindRefusal, call: &CallKind) -> String {
    let (addr, port) = address(call);
    let has_start = rules.has(Sysctl::UnprivilegedStart);
    match reason {
        BindRefusal::NotLocal => t::not_local(lang, name, addr),
        BindRefusal::Privileged if has_start => t::below_start(lang, name, n(port)),
        BindRefusal::Privileged => t::privileged(lang, name, n(port)),
        BindRefusal::Bound => t::has_port(lang, name),
        BindRefusal::Conflict | BindRefusal::AnyConflict => t::port_in_use(lang, name),
        BindRefusal::Exhausted => match rules.search {
            SearchRule::FewestOwners => t::no_port_left(lang, name),
            SearchRule::FirstWithoutConflict
            | SearchRule::LowerHalfFirst
            | SearchRule::OddFirst => t::all_opposed(lang, name),
        },
        BindRefusal::NoMemory | BindRefusal::NoMemoryForAddress => t::no_bucket_memory(lang, name),
        BindRefusal::EmptyRange => t::cannot_search(lang, name),
    }
}

/// Why `listen` refused.
pub fn listen(lang: Lang, rules: &Rules, reason: ListenRefusal, call: &CallKind) -> String {
    match reason {
        ListenRefusal::State => t::cannot_listen(lang).into(),
        ListenRefusal::Port(reason) => port(lang, rules, "listen()", reason, call),
    }
}

/// The address and port that the call names.
fn address(call: &CallKind) -> (Addr, u16) {
    match *call {
        CallKind::Connect { dst, dport } => (dst, dport),
        CallKind::Bind { addr, port } => (addr, port),
        _ => (Addr::ANY, 0),
    }
}
