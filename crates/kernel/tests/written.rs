//! Calls, machines and scenarios are read from JSON as they were written.

mod arbitrary;
mod cases;

use arbitrary::{call, config, first_scenario, later_call, machine};
use cases::cases;
use error99_kernel::{Addr, Call, Config, Release};
use error99_vocabulary::{
    Json, Names, Numbered, Op, Scenario, call_from_json, call_to_json, config_from_json,
    config_to_json,
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_written_call_reads_back(call in call()) {
        // JSON has no number above 64 bits signed, nor the model a clock that far.
        let sane = !matches!(call, Call::Advance { ms: u64::MAX } | Call::Wall { sec: i64::MIN }
            | Call::ForceRange { low: 0, .. } | Call::Connect { addr_len: 0, .. });
        prop_assume!(sane);
        let json = call_to_json(&call, &Numbered);
        let json = Json::parse(&json.to_string()).unwrap();
        prop_assert_eq!(call_from_json(&json, &mut Numbered).unwrap(), call);
    }

    #[test]
    fn a_written_call_of_a_later_release_reads_back(call in later_call()) {
        let json = Json::parse(&call_to_json(&call, &Numbered).to_string()).unwrap();
        prop_assert_eq!(call_from_json(&json, &mut Numbered).unwrap(), call);
    }

    #[test]
    fn a_written_configuration_reads_back(config in prop_oneof![config(), machine()]) {
        let json = Json::parse(&config_to_json(&config).to_string()).unwrap();
        let read = config_from_json(&json).unwrap();
        // What a release has no word for has its usual value.
        let usual = Config::of(config.release);
        let config = match config.release {
            Release::V2_6_32 => config,
            Release::V3_10 | Release::Rhel7 => Config { perturb_seed: usual.perturb_seed, net_secret: usual.net_secret, ..config },
            Release::V4_19 => Config { perturb_seed: usual.perturb_seed, start_sec: usual.start_sec, ..config },
            _ => Config { start_sec: usual.start_sec, ..config },
        };
        prop_assert_eq!(&read, &Config { ehash_secret: read.ehash_secret, force_range: None, ..config });
    }

    #[test]
    fn a_written_address_reads_back(number in any::<u32>()) {
        prop_assert_eq!(Addr(number).to_string().parse::<Addr>().unwrap(), Addr(number));
    }

    #[test]
    fn a_written_scenario_reads_back((config, calls) in first_scenario()) {
        let mut names = Names::default();
        let sane = |call: &Call| !matches!(call, Call::Advance { ms: u64::MAX }
            | Call::Wall { sec: i64::MIN } | Call::ForceRange { low: 0, .. }
            | Call::Connect { addr_len: 0, .. });
        let ops: Vec<Op> = calls
            .into_iter()
            .filter(sane)
            .map(|call| call_from_json(&call_to_json(&call, &Numbered), &mut names).unwrap())
            .map(Op::Call)
            .collect();
        let scenario = Scenario {
            name: "any".into(),
            about: "any calls".into(),
            features: vec!["any".into()],
            config,
            ops,
            names,
        };
        let text = scenario.to_json().to_string();
        prop_assert_eq!(Scenario::parse(&text).unwrap(), scenario);
    }
}
