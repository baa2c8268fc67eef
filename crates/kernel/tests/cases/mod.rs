//! How much the property tests try.

use proptest::test_runner::Config;

/// How many cases a property is tried with; the environment's `PROPTEST_CASES` overrides it.
pub fn cases(usual: u32) -> Config {
    let given = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config { cases: given.unwrap_or(usual), failure_persistence: None, ..Config::default() }
}
