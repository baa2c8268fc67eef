//! Sysctls as tools print them: with their names, or one after the other.

use error99_kernel::Sysctl;

use crate::text::start;

/// Longest value that is kept.
const VALUE_MAX: usize = 4_096;

/// Sysctls beyond the model's that say something here.
const OTHERS: &[&str] = &[
    "net.core.somaxconn",
    "net.ipv4.tcp_max_orphans",
    "net.ipv6.conf.all.disable_ipv6",
    "net.ipv6.conf.default.disable_ipv6",
    "net.ipv6.conf.lo.disable_ipv6",
    "kernel.osrelease",
];

/// Where names of sysctls begin.
const ROOTS: &[&str] =
    &["net", "kernel", "fs", "vm", "user", "dev", "debug", "abi", "crypto", "sunrpc", "fscache"];

/// A line that names a sysctl and its value.
pub(crate) fn named(line: &str) -> Option<(String, &str)> {
    let at = line.find(['=', ':'])?;
    let (name, value) = (line[..at].trim(), &line[at + 1..]);
    let name = name.strip_prefix("/proc/sys/").unwrap_or(name);
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/*@".contains(&byte);
    if name.is_empty() || name.len() > 128 || !name.bytes().all(fine) {
        return None;
    }
    let name = name.replace('/', ".");
    if Sysctl::parse(&name).is_some() && !name.starts_with("net.") {
        return Some((format!("net.ipv4.{name}"), start(value.trim(), VALUE_MAX)));
    }
    let root = name.split('.').next().unwrap_or_default();
    let known = ROOTS.contains(&root) && name.contains('.');
    known.then(|| (name, start(value.trim(), VALUE_MAX)))
}

/// Whether a sysctl says something here.
pub(crate) fn matters(name: &str) -> bool {
    OTHERS.contains(&name) || name.starts_with("net.ipv4.") && Sysctl::parse(name).is_some()
}

/// A value that stands alone, for the sysctl that is waited for.
pub(crate) fn fits(name: &str, value: &str) -> bool {
    let numbers = value.split_ascii_whitespace();
    let plain = numbers.clone().all(|number| number.parse::<i64>().is_ok());
    match name.rsplit('.').next().unwrap_or_default() {
        "ip_local_reserved_ports" => {
            value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'-'))
        }
        "ip_local_port_range" => plain && numbers.count() == 2,
        "osrelease" | "version" => !value.is_empty() && !value.contains(' '),
        _ => plain && numbers.count() >= 1,
    }
}

/// Two numbers alone that can only be a range of ports.
pub(crate) fn is_range(value: &str) -> bool {
    let mut numbers = value.split_ascii_whitespace().map(|number| number.parse::<u16>().ok());
    let two = (numbers.next().flatten(), numbers.next().flatten(), numbers.next());
    matches!(two, (Some(low), Some(high), None) if low >= 1_024 && low < high)
}

/// The sysctl that a complaint says isn't there.
pub(crate) fn missing(line: &str) -> Option<String> {
    if !line.contains("No such file") && !line.contains("unknown key") {
        return None;
    }
    if let Some((_, rest)) = line.split_once("/proc/sys/") {
        let end = rest.find([':', ' ', '\'', '"', '’']).unwrap_or(rest.len());
        return Some(rest[..end].replace('/', "."));
    }
    let (_, rest) = line.split_once("net.")?;
    let end = rest.find([':', ' ', '\'', '"']).unwrap_or(rest.len());
    Some(format!("net.{}", &rest[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_read() {
        for line in [
            "net.ipv4.tcp_tw_reuse = 2",
            "net.ipv4.tcp_tw_reuse=2",
            "net/ipv4/tcp_tw_reuse = 2",
            "/proc/sys/net/ipv4/tcp_tw_reuse:2",
            "tcp_tw_reuse = 2",
        ] {
            assert_eq!(named(line), Some(("net.ipv4.tcp_tw_reuse".into(), "2")), "{line}");
        }
        assert_eq!(named("TCP: inuse 2"), None);
        assert_eq!(named("error: permission denied on key 'net.ipv4.route.flush'"), None);
        let gone =
            "sysctl: cannot stat /proc/sys/net/ipv4/tcp_tw_recycle: No such file or directory";
        assert_eq!(missing(gone).as_deref(), Some("net.ipv4.tcp_tw_recycle"));
    }

    #[test]
    fn lone_values_fit_what_is_waited_for() {
        assert!(fits("net.ipv4.ip_local_port_range", "32768\t60999"));
        assert!(!fits("net.ipv4.ip_local_port_range", "1"));
        assert!(fits("net.ipv4.ip_local_reserved_ports", ""));
        assert!(is_range("32768 60999") && !is_range("1 2") && !is_range("60999"));
    }
}
