//! Since when, and until when, mainline Linux has what not every modelled release has.
//!
//! Plain data for whoever explains why something isn't there. What a release has is another matter:
//! that is a rule of the release ([`crate::rules`]), since stable trees and distributions carry
//! things back. Read in the sources of many versions; where the version itself wasn't among them,
//! it is said which one is by memory.

use crate::rules::Release;
use crate::sysctl::Sysctl;

/// The versions of mainline Linux that have something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mainline {
    /// All that are modelled; a model may still leave it out.
    Always,
    /// This version and later ones.
    Since(&'static str),
    /// This version and earlier ones.
    Until(&'static str),
}

impl Sysctl {
    /// The versions that have it (`net/ipv4/sysctl_net_ipv4.c`).
    pub const fn mainline(self) -> Mainline {
        match self {
            Sysctl::TwRecycle => Mainline::Until("4.11"),
            Sysctl::ReservedPorts => Mainline::Since("2.6.35"),
            Sysctl::UnprivilegedStart => Mainline::Since("4.11"),
            // Between 5.5 and 5.7 by what was read; 5.7 by memory.
            Sysctl::AutobindReuse => Mainline::Since("5.7"),
            Sysctl::TwReuseDelay => Mainline::Since("6.14"),
            Sysctl::PortRange
            | Sysctl::TwReuse
            | Sysctl::Timestamps
            | Sysctl::FinTimeout
            | Sysctl::MaxTwBuckets
            | Sysctl::Rfc1337
            | Sysctl::SynRetries => Mainline::Always,
        }
    }
}

/// An option of a socket that the choice of a port depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketOption {
    /// `SO_REUSEADDR`.
    ReuseAddr,
    /// `SO_REUSEPORT`.
    ReusePort,
    /// `IP_BIND_ADDRESS_NO_PORT`.
    NoPort,
    /// `IP_LOCAL_PORT_RANGE`.
    Window,
}

impl SocketOption {
    /// All of them, oldest first.
    pub const ALL: [SocketOption; 4] = [
        SocketOption::ReuseAddr,
        SocketOption::ReusePort,
        SocketOption::NoPort,
        SocketOption::Window,
    ];

    /// Its name in C.
    pub const fn name(self) -> &'static str {
        match self {
            SocketOption::ReuseAddr => "SO_REUSEADDR",
            SocketOption::ReusePort => "SO_REUSEPORT",
            SocketOption::NoPort => "IP_BIND_ADDRESS_NO_PORT",
            SocketOption::Window => "IP_LOCAL_PORT_RANGE",
        }
    }

    /// Whether a release has it.
    pub const fn exists_in(self, release: Release) -> bool {
        match self {
            SocketOption::ReuseAddr => true,
            SocketOption::ReusePort => release.has_reuseport(),
            SocketOption::NoPort => release.has_no_port(),
            SocketOption::Window => release.has_window(),
        }
    }

    /// The versions that have it: `sk_setsockopt` (`net/core/sock.c`) and `do_ip_setsockopt`
    /// (`net/ipv4/ip_sockglue.c`).
    pub const fn mainline(self) -> Mainline {
        match self {
            SocketOption::ReuseAddr => Mainline::Always,
            SocketOption::ReusePort => Mainline::Since("3.9"),
            SocketOption::NoPort => Mainline::Since("4.2"),
            SocketOption::Window => Mainline::Since("6.3"),
        }
    }
}

#[cfg(all(test, feature = "later"))]
mod tests {
    use super::*;

    /// A version's numbers, so that versions can be told apart by age.
    fn numbers(version: &str) -> Vec<u32> {
        version.split('.').map(|number| number.parse().expect("a number")).collect()
    }

    /// The mainline version that a release comes from.
    fn version(release: Release) -> Vec<u32> {
        match release {
            Release::Rhel7 => vec![3, 10],
            _ => numbers(release.title()),
        }
    }

    /// Whether mainline of that release's number has it.
    fn has(mainline: Mainline, release: Release) -> bool {
        match mainline {
            Mainline::Always => true,
            Mainline::Since(first) => version(release) >= numbers(first),
            Mainline::Until(last) => version(release) <= numbers(last),
        }
    }

    #[test]
    fn a_release_has_what_its_version_has_but_for_what_was_carried_back_and_left_out() {
        let mut otherwise = Vec::new();
        for release in Release::ALL {
            for sysctl in Sysctl::EVERY {
                if has(sysctl.mainline(), release) != release.rules().has(sysctl) {
                    otherwise.push((release, sysctl.name()));
                }
            }
            for option in SocketOption::ALL {
                if has(option.mainline(), release) != option.exists_in(release) {
                    otherwise.push((release, option.name()));
                }
            }
        }
        assert_eq!(
            otherwise,
            [
                // The model leaves them out.
                (Release::V2_6_32, "tcp_rfc1337"),
                (Release::V2_6_32, "tcp_syn_retries"),
                // Carried back.
                (Release::Rhel7, "IP_BIND_ADDRESS_NO_PORT"),
                (Release::V6_1, "IP_LOCAL_PORT_RANGE"),
            ]
        );
    }
}
