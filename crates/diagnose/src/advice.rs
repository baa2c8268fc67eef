//! What helps, what doesn't, and what can't be known: tables from what was found.

use error99_kernel::Sysctl;

use crate::diagnosis::Diagnosis;
use crate::kernel_of::KernelFrom;
use crate::keys::{Doubt, Finding, NoRemedy, Remedy};
use crate::observed::{FailedCall, Observed};
use crate::pairs::Full;

/// What helps when something was found.
const HELPS: &[(Finding, &[Remedy])] = &[
    (Finding::ConnectFullTimeWait, &[Remedy::KeepAlive]),
    (Finding::ConnectFullMixed, &[Remedy::KeepAlive]),
    (Finding::ReuseOff, &[Remedy::ReuseOn]),
    (Finding::ReuseLoopbackOnly, &[Remedy::ReuseOn]),
    (Finding::ReuseNoTimestamps, &[Remedy::TimestampsOn]),
    (Finding::ReuseInForce, &[Remedy::CheckPeerTimestamps]),
    (
        Finding::Leak,
        &[Remedy::Restart, Remedy::MendLeak, Remedy::WatchDescriptors, Remedy::IdleTimeout],
    ),
    (Finding::CloseWaitLeak, &[Remedy::CloseSockets, Remedy::MendLeak]),
    (
        Finding::ConnectFullTimeWait,
        &[Remedy::WiderRange, Remedy::SecondDestination, Remedy::SecondSource],
    ),
    (
        Finding::ConnectFullMixed,
        &[Remedy::WiderRange, Remedy::SecondDestination, Remedy::SecondSource],
    ),
    (
        Finding::BindFirstFull,
        &[Remedy::NoPort, Remedy::FewerLonger, Remedy::WiderRange, Remedy::KeepSource],
    ),
    (Finding::HalfRangeBind, &[Remedy::NoPort]),
    (Finding::BindSlowPastHalf, &[Remedy::NoPort, Remedy::NamePort, Remedy::SecondSource]),
    (Finding::ConnectSlowPastHalf, &[Remedy::WiderRange]),
    (Finding::FixedPortAlive, &[Remedy::OtherLocalPort, Remedy::LeaveOutBind]),
    (
        Finding::FixedPortTimeWait,
        &[Remedy::OtherLocalPort, Remedy::LeaveOutBind, Remedy::TimestampsOn],
    ),
    (
        Finding::SettingsContradict,
        &[Remedy::CountWhileFailing, Remedy::CheckPeerTimestamps, Remedy::KeepAlive],
    ),
    (Finding::NotFullNow, &[Remedy::CountWhileFailing, Remedy::KeepAlive]),
    (Finding::SampleOnly, &[Remedy::CountWhileFailing]),
    (Finding::Ipv6Disabled, &[Remedy::EnableIpv6]),
    (Finding::LocalhostIpv6First, &[Remedy::AskAddress]),
    (Finding::ListenerPortTaken, &[Remedy::ReserveListenerPort]),
    (Finding::SourceNotLocal, &[Remedy::AskAddress]),
    (Finding::KnownProxy, &[Remedy::ProxyDirective]),
];

/// What doesn't help when something was found.
const HELPS_NOT: &[(Finding, &[NoRemedy])] = &[
    (
        Finding::ConnectFullTimeWait,
        &[NoRemedy::FinTimeout, NoRemedy::Recycle, NoRemedy::MaxTwBuckets],
    ),
    (Finding::ConnectFullMixed, &[NoRemedy::FinTimeout, NoRemedy::Recycle, NoRemedy::MaxTwBuckets]),
    (Finding::ConnectFullLive, &[NoRemedy::Reuse, NoRemedy::FinTimeout, NoRemedy::Recycle]),
    (Finding::Leak, &[NoRemedy::RangeAsCure]),
    (Finding::BindFirstFull, &[NoRemedy::Reuse, NoRemedy::MoreDestinations, NoRemedy::FinTimeout]),
    (Finding::BindSlowPastHalf, &[NoRemedy::Somaxconn, NoRemedy::Reuse]),
    (Finding::NoTimeWaits, &[NoRemedy::Reuse]),
    (
        Finding::SettingsContradict,
        &[NoRemedy::Recycle, NoRemedy::MaxTwBuckets, NoRemedy::FinTimeout],
    ),
    (Finding::TotalsSayLittle, &[NoRemedy::CompareTotals]),
    (Finding::SharedPorts, &[NoRemedy::ReuseaddrOption]),
    (Finding::Ipv6SameRange, &[NoRemedy::SwitchIpv6]),
    (Finding::BothEndsHere, &[NoRemedy::MoreWorkers]),
    (Finding::FinTimeoutSet, &[NoRemedy::FinTimeout]),
];

/// What can't be known when something was found.
const DOUBTFUL: &[(Finding, &[Doubt])] = &[
    (Finding::SampleOnly, &[Doubt::SampleOnly, Doubt::CountsUnknown]),
    (Finding::NotFullNow, &[Doubt::MomentOfError]),
    (
        Finding::SettingsContradict,
        &[Doubt::WhereTimeWaits, Doubt::SettingsThen, Doubt::PeerTimestamps],
    ),
    (Finding::ReuseLoopbackOnly, &[Doubt::PeerTimestamps]),
    (Finding::ReuseOff, &[Doubt::PeerTimestamps]),
    (Finding::ReuseInForce, &[Doubt::PeerTimestamps, Doubt::SettingsThen]),
    (Finding::Leak, &[Doubt::LeakOrNeed]),
    (Finding::BindFirstFull, &[Doubt::Options]),
    (Finding::BindSlowPastHalf, &[Doubt::BindsFirst]),
    (Finding::HiddenHolders, &[Doubt::BoundOnly]),
];

/// Adds each that isn't there.
fn add<T: Copy + PartialEq>(list: &mut Vec<T>, more: &[T]) {
    for each in more {
        if !list.contains(each) {
            list.push(*each);
        }
    }
}

/// Fills in what follows from what was found.
pub(crate) fn advise(observed: &Observed, diagnosis: &mut Diagnosis) {
    let found: Vec<Finding> = diagnosis.findings.iter().map(|found| found.what).collect();
    let rows = |what: Finding| found.contains(&what);
    for (_, more) in HELPS.iter().filter(|(what, _)| rows(*what)) {
        add(&mut diagnosis.remedies, more);
    }
    for (_, more) in HELPS_NOT.iter().filter(|(what, _)| rows(*what)) {
        add(&mut diagnosis.no_remedies, more);
    }
    for (_, more) in DOUBTFUL.iter().filter(|(what, _)| rows(*what)) {
        add(&mut diagnosis.doubts, more);
    }
    add(&mut diagnosis.no_remedies, &[NoRemedy::Ulimit]);
    here_and_there(observed, diagnosis);
    doubts(observed, diagnosis);
    // Nothing is said to help and not to help at once.
    if diagnosis.remedies.contains(&Remedy::ReuseOn) {
        diagnosis.no_remedies.retain(|no| *no != NoRemedy::Reuse);
    }
}

/// What depends on more than one thing.
fn here_and_there(observed: &Observed, diagnosis: &mut Diagnosis) {
    let bind = diagnosis.verdict.call == Some(FailedCall::Bind);
    let unknown = diagnosis.verdict.full == Full::Unknown;
    let here = diagnosis.found(Finding::BothEndsHere);
    if here && !bind && !diagnosis.found(Finding::Leak) {
        add(&mut diagnosis.remedies, &[Remedy::UnixSocket]);
    }
    if observed.system.container && diagnosis.remedies.contains(&Remedy::WiderRange) {
        add(&mut diagnosis.remedies, &[Remedy::PodRange]);
    }
    if unknown {
        add(&mut diagnosis.remedies, &[Remedy::CountWhileFailing]);
        add(&mut diagnosis.no_remedies, &[NoRemedy::FinTimeout]);
        if here {
            let loose = [Remedy::KeepAlive, Remedy::ReuseOn, Remedy::SecondDestination];
            add(&mut diagnosis.remedies, &loose);
        }
    }
    if diagnosis.verdict.call.is_none() {
        add(&mut diagnosis.remedies, &[Remedy::AskWhichCall, Remedy::AskAddress]);
    }
    if observed.totals.tcp.is_some() {
        add(&mut diagnosis.no_remedies, &[NoRemedy::PortsOfSs]);
    }
}

/// What isn't said.
fn doubts(observed: &Observed, diagnosis: &mut Diagnosis) {
    let mut more = Vec::new();
    let mut when = |is: bool, doubt: Doubt| {
        if is {
            more.push(doubt)
        }
    };
    let said = observed.system.release.as_deref().unwrap_or("");
    let plain = said.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    when(diagnosis.kernel.from == KernelFrom::Said && !plain, Doubt::Backports);
    when(diagnosis.kernel.from == KernelFrom::Inferred, Doubt::KernelInferred);
    let unsaid = matches!(diagnosis.kernel.from, KernelFrom::Inferred | KernelFrom::Nothing);
    when(unsaid, Doubt::KernelUnknown);
    when(!diagnosis.range.said, Doubt::RangeUnknown);
    when(diagnosis.pairs.all.is_empty(), Doubt::CountsUnknown);
    when(diagnosis.verdict.call.is_none(), Doubt::CallUnknown);
    when(observed.number_of(Sysctl::TwReuse).is_none(), Doubt::ReuseUnknown);
    when(observed.number_of(Sysctl::Timestamps).is_none(), Doubt::TimestampsUnknown);
    let counted = || diagnosis.pairs.all.iter().filter(|pair| pair.counted);
    when(counted().any(|pair| pair.source.is_none()), Doubt::SourceUnknown);
    let one_state =
        counted().any(|pair| pair.states.iter().filter(|count| **count > 0).count() < 2);
    when(one_state, Doubt::StatesUnknown);
    let proc4 = observed.rows.iter().all(|row| row.local.ip.is_ipv4());
    let proc = observed.receipt.rows[2] > 0;
    when(proc && proc4, Doubt::Ipv6Unseen);
    add(&mut diagnosis.doubts, &more);
}
