//! Claims about sysctls and socket options.

use error99_kernel::{
    Call, Config, Errno, Event, Kernel, Release, Sysctl, SysctlOutcome, SysctlValue,
};

use crate::machine::{events, machine, open, s};

#[test]
fn a_second_number_out_of_range_is_dropped_and_said_to_be() {
    let mut kernel = machine(5);
    let sysctl = Sysctl::PortRange;
    let write = |value| Call::Sysctl { sysctl, value };
    for (value, now, outcome) in [
        (SysctlValue::Two(1_024, 70_000), (1_024, 40_004), SysctlOutcome::HalfTaken),
        (SysctlValue::Two(0, 9), (1_024, 40_004), SysctlOutcome::OutOfRange),
        (SysctlValue::Two(9, 8), (1_024, 40_004), SysctlOutcome::LowAboveHigh),
        (SysctlValue::One(40_005), (1_024, 40_004), SysctlOutcome::LowAboveHigh),
        (SysctlValue::One(40_004), (40_004, 40_004), SysctlOutcome::Taken),
    ] {
        let now = SysctlValue::Two(now.0, now.1);
        let told = events(&mut kernel, &write(value));
        assert_eq!(told, [Event::SysctlWritten { sysctl, now, outcome }]);
    }
    assert_eq!(kernel.sysctl(sysctl).to_string(), "40004 40004");
    assert_eq!(Sysctl::parse("net.ipv4.tcp_tw_reuse"), Some(Sysctl::TwReuse));
    assert_eq!(Sysctl::parse("tcp_mem"), None);
}

#[test]
fn a_syn_is_repeated_once_to_127_times() {
    let mut kernel = Kernel::new(&Config::of(Release::V6_18)).unwrap();
    for (value, taken) in [(0, false), (1, true), (127, true), (128, false)] {
        let value = SysctlValue::One(value);
        let reply = kernel.apply(&Call::Sysctl { sysctl: Sysctl::SynRetries, value });
        assert_eq!(reply.errno(), if taken { None } else { Some(Errno::EINVAL) }, "{value}");
    }
}

#[test]
fn a_release_answers_an_option_that_it_lacks_with_enoprotoopt() {
    for release in Release::ALL {
        let mut kernel = Kernel::new(&Config::of(release)).unwrap();
        open(&mut kernel, 0);
        for (call, has) in [
            (Call::ReusePort { s: s(0), on: true }, release.has_reuseport()),
            (Call::NoPort { s: s(0), on: true }, release.has_no_port()),
            (Call::Window { s: s(0), low: 40_000, high: 40_001 }, release.has_window()),
        ] {
            let wanted = if has { None } else { Some(Errno::ENOPROTOOPT) };
            assert_eq!(kernel.apply(&call).errno(), wanted, "{release:?}: {call:?}");
        }
    }
    let first = |has: fn(Release) -> bool| Release::ALL.into_iter().find(|release| has(*release));
    assert_eq!(first(Release::has_reuseport), Some(Release::V3_10));
    // RHEL 7 has carried it back from 4.2.
    assert_eq!(first(Release::has_no_port), Some(Release::Rhel7));
    assert_eq!(first(Release::has_window), Some(Release::V6_1));
}
