//! Claims about errors, addresses and configurations.

use error99_kernel::{
    Addr, AddrError, Config, ConfigError, Errno, Kernel, Release, Reply, Sysctl, SysctlValue, Tuple,
};

use crate::machine::OWN;

#[test]
fn errors_have_linuxs_numbers_names_and_texts() {
    let error = Errno::EADDRNOTAVAIL;
    let said = (error.code(), error.name(), error.message());
    assert_eq!(said, (99, "EADDRNOTAVAIL", "Cannot assign requested address"));
    assert_eq!(Errno::from_code(99), Some(error));
    assert_eq!(Errno::from_code(0), None);
    for code in (1..200).filter_map(Errno::from_code) {
        assert_eq!(Errno::from_code(code.code()), Some(code));
        assert!(!code.name().is_empty() && !code.message().is_empty());
    }
    assert_eq!(Reply { ret: i32::MIN, ..Reply::OK }.errno(), None);
    assert_eq!(Reply { ret: 12, ..Reply::OK }.errno(), None);
}

#[test]
fn an_address_is_four_numbers_without_signs_or_leading_zeros() {
    for text in [
        "",
        "10.0.0",
        "10.0.0.1.2",
        "10.0.0.256",
        "10.0.0.-1",
        "10.0.0.+1",
        "10.0.0.01",
        "10..0.1",
        " 10.0.0.1",
        "a.b.c.d",
    ] {
        assert_eq!(text.parse::<Addr>(), Err(AddrError), "{text}");
    }
    assert!(AddrError.to_string().contains("four numbers"));
    assert_eq!(format!("{:?}", Addr::new(10, 0, 0, 1)), "10.0.0.1");
    assert!(Tuple::default() < Tuple { lport: 1, ..Tuple::default() });
}

#[test]
fn a_configuration_out_of_bounds_is_refused_by_name() {
    let usual = Config::default();
    let cases = [
        (Config { ehash_size: 0, ..usual.clone() }, ConfigError::EhashSize),
        (Config { ehash_size: 1 << 20, ..usual.clone() }, ConfigError::EhashSize),
        (Config { bhash_size: 3, ..usual.clone() }, ConfigError::BhashSize),
        (Config { start_sec: 0, ..usual.clone() }, ConfigError::StartSec),
        (Config { rto_ms: 0, ..usual.clone() }, ConfigError::Rto),
        (Config { hz: 250, ..usual.clone() }, ConfigError::Hz),
        (Config { hz: 1_024, ..Config::of(Release::V6_18) }, ConfigError::Hz),
        (Config { start_jiffies: u64::MAX, ..usual.clone() }, ConfigError::StartJiffies),
        (Config { phase_us: 1_000, ..usual.clone() }, ConfigError::Phase),
        (Config { start_mono_ms: u64::MAX, ..usual.clone() }, ConfigError::StartMono),
        (Config { local: vec![OWN; 4_097], ..usual.clone() }, ConfigError::Addresses),
        (Config { unreachable: vec![OWN; 4_097], ..usual.clone() }, ConfigError::Addresses),
        (
            Config { sysctl: vec![(Sysctl::TwReuse, SysctlValue::One(1)); 65], ..usual.clone() },
            ConfigError::Sysctls,
        ),
        (Config { force_range: Some((0, 1)), ..usual }, ConfigError::ForceRange),
    ];
    for (config, error) in cases {
        assert_eq!(Kernel::new(&config).err(), Some(error));
        assert!(!error.to_string().is_empty());
    }
}
