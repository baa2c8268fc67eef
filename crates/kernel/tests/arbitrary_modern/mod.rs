//! Arbitrary scenarios of the later releases in the vectors' modern format: few addresses, small
//! ranges, all calls, options and sysctls, and steps of time that matter.
//!
//! Left out is what no vector tells: connections both of whose ends are on the host, a name that
//! is given twice, a SYN-ACK for a socket that gave an earlier SYN up by a disconnect, which of
//! several `SO_REUSEPORT` listeners gets a connection, a bind to a multicast or loopback address,
//! and an address of one byte.

mod config;
mod ops;

use error99_vocabulary::Json;
use proptest::prelude::*;

/// Steps of a scenario.
const STEPS: std::ops::Range<usize> = 1..50;

/// A scenario for that release.
pub fn scenario(release: &'static str) -> impl Strategy<Value = Json> {
    let steps = prop::collection::vec(ops::step(), STEPS);
    (config::config(release), steps, any::<bool>()).prop_map(|(config, steps, groups)| {
        Json::object([
            ("name", "arbitrary".into()),
            ("about", "arbitrary".into()),
            ("features", Json::List(Vec::new())),
            ("config", config),
            ("ops", Json::List(ops::spelled(&steps, groups))),
        ])
    })
}
