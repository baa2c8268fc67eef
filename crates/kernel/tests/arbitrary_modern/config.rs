//! Arbitrary machines.

use error99_vocabulary::Json;
use proptest::prelude::*;
use proptest::sample::select;

use super::ops;

/// A machine of that release, in the keys that the release has.
pub fn config(release: &'static str) -> impl Strategy<Value = Json> {
    let clock = (select(vec![250_i64, 1_000]), start_mono_ms());
    let words = (word(), word(), any::<[u32; 16]>(), any::<[u64; 2]>());
    let knobs = (range(), prop::collection::vec(ops::knob(), 0..3), prop::bool::weighted(0.9));
    (clock, words, addresses(), knobs, prop::option::weighted(0.2, ops::forced_hash())).prop_map(
        move |((hz, mono_ms), words, local, knobs, forced)| {
            let (counter, seed, secret16, net_secret) = words;
            let mut entries = vec![
                ("kernel", release.into()),
                ("hz", hz.into()),
                ("start_mono_ms", mono_ms.into()),
                ("start_jiffies", ((1 << 32) - 300 * hz + mono_ms * hz / 1_000).into()),
                ("phase_us", 500.into()),
            ];
            let secret = || Json::List(net_secret.map(|key| key.to_string().into()).to_vec());
            // A hint stays even except on 3.10.
            let start = match release {
                "3.10" => vec![
                    ("hint", counter.into()),
                    ("secret16", Json::List(secret16.map(Json::from).to_vec())),
                    ("wall_sec", (1_700_000_000 + mono_ms / 1_000).into()),
                ],
                "4.19" => vec![("net_secret", secret()), ("hint", (counter & !1).into())],
                _ => vec![("net_secret", secret()), ("perturb_seed", counter.into())],
            };
            entries.extend(start);
            entries.extend([
                ("seed", seed.into()),
                ("local", texts(&local)),
                ("default_src", local[0].into()),
                ("unreachable", texts(&[ops::UNREACHABLE])),
                ("loop_wire", false.into()),
                ("sysctl", first_knobs(knobs)),
                ("port_offset", forced.map_or(Json::Null, Json::from)),
            ]);
            Json::Object(owned(entries))
        },
    )
}

fn owned(entries: Vec<(&str, Json)>) -> Vec<(String, Json)> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn texts(list: &[&str]) -> Json {
    Json::List(list.iter().map(|text| Json::from(*text)).collect())
}

/// What is written before t=0: the range, usually first, and perhaps other knobs, each once.
fn first_knobs((range, others, range_first): (Json, Vec<(&str, Json)>, bool)) -> Json {
    // Reuse is interesting, and off by default.
    let reuse = others.len() != 1;
    let mut knobs: Vec<(&str, Json)> =
        if reuse { vec![("tcp_tw_reuse", Json::Int(1))] } else { Vec::new() };
    for (name, value) in others {
        if name != "ip_local_port_range" && !knobs.iter().any(|(known, _)| *known == name) {
            knobs.push((name, value));
        }
    }
    let place = if range_first { 0 } else { knobs.len() };
    knobs.insert(place, ("ip_local_port_range", range));
    Json::Object(owned(knobs))
}

/// Milliseconds of the monotonic clock at t=0, at a tick of either frequency: around the moment
/// at which jiffies reach 2³², around whole seconds, and anything.
fn start_mono_ms() -> impl Strategy<Value = i64> {
    let special = select(vec![280_000, 299_876, 300_000, 1_000_000, 1_000_996]);
    prop_oneof![special, (40_000_i64..400_000).prop_map(|ticks| ticks * 4)]
}

fn word() -> impl Strategy<Value = u32> {
    prop_oneof![4 => any::<u32>(), 1 => select(vec![0, 1, u32::MAX - 1, u32::MAX])]
}

fn addresses() -> impl Strategy<Value = Vec<&'static str>> {
    (1..=ops::OWN.len()).prop_map(|count| ops::OWN[..count].to_vec())
}

/// A small range.
fn range() -> impl Strategy<Value = Json> {
    let more = prop_oneof![3 => 0_i64..5, 1 => 5_i64..12];
    (0_i64..2, more).prop_map(|(odd, more)| {
        let low = i64::from(ops::LOW) + odd;
        Json::List(vec![low.into(), (low + more).into()])
    })
}
