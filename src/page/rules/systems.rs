//! Which system's kernel goes by the rules of which release, as far as that is known.

use crate::lang::Lang;
use crate::text::rules as t;
use error99_kernel::Release;

/// A system that ships a kernel.
pub struct ShippedSystem {
    /// Names, which are the same in every language.
    pub name: &'static str,
    /// How `uname -r` begins there.
    pub uname: &'static str,
    pub rules: Whose,
    /// What its number doesn't say.
    pub about: Option<fn(Lang) -> &'static str>,
}

/// Whose rules a system's kernel goes by.
pub enum Whose {
    /// Those of these releases.
    Of(&'static [Release]),
    /// Not quite those of this one.
    Near(Release),
    /// None that the model has.
    Nobodys,
}

use Release::*;
use Whose::{Near, Nobodys, Of};

const fn system(
    name: &'static str,
    uname: &'static str,
    rules: Whose,
    about: Option<fn(Lang) -> &'static str>,
) -> ShippedSystem {
    ShippedSystem { name, uname, rules, about }
}

/// As RHEL 6 says it, which bears the oldest release's number.
const OLDEST: &str = Release::ALL[0].name();

/// All that something is known of, distribution by distribution.
pub const SYSTEMS: [ShippedSystem; 20] = [
    system("RHEL 6, CentOS 6", OLDEST, Near(V2_6_32), Some(t::about_rhel_6)),
    system("RHEL 7, CentOS 7", "3.10.0-….el7", Of(&[Rhel7]), Some(t::about_rhel_7)),
    system("RHEL 8", "4.18.0-….el8", Near(V4_19), Some(t::about_rhel_8)),
    system("RHEL 9", "5.14.0-….el9", Nobodys, Some(t::about_rhel_9)),
    system("RHEL 10", "6.12.0-….el10", Near(V6_12), Some(t::about_rhel_10)),
    system("Debian 8", "3.16.0", Near(V3_10), Some(t::about_debian_8)),
    system("Debian 9", "4.9.0", Nobodys, Some(t::about_debian_9)),
    system("Debian 10", "4.19.0", Of(&[V4_19, V4_19Late]), Some(t::about_debian_10)),
    system("Debian 11", "5.10.0", Of(&[V5_10]), Some(t::about_stable)),
    system("Debian 12", "6.1.0", Of(&[V6_1]), None),
    system("Debian 13", "6.12", Of(&[V6_12]), None),
    system("Ubuntu 14.04", "3.13.0", Near(V3_10), Some(t::about_ubuntu_14)),
    system("Ubuntu 16.04", "4.4.0", Near(Rhel7), Some(t::about_ubuntu_16)),
    system("Ubuntu 18.04", "4.15.0", Near(V4_19Late), Some(t::about_ubuntu_18)),
    system("Ubuntu 20.04", "5.4.0", Of(&[V5_4]), Some(t::about_stable)),
    system("Ubuntu 22.04", "5.15.0", Of(&[V5_15]), Some(t::about_ubuntu_22)),
    system("Ubuntu 24.04", "6.8.0", Near(V6_8), Some(t::about_ubuntu_24)),
    system("Amazon Linux 2", "5.10, 4.14", Near(V5_10), Some(t::about_amazon_2)),
    system("Amazon Linux 2023", "6.1, 6.12", Of(&[V6_1, V6_12]), Some(t::about_amazon_2023)),
    system("kernel.org", "3.10, 6.6, 6.18", Of(&[V3_10, V6_6, V6_18]), Some(t::about_mainline)),
];
