//! One end of a connection: an address and a port, as the tools print them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::text::number;

/// An address and a port. An IPv4 address in IPv6's clothes is the IPv4 one, as for the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct End {
    /// The address; unspecified for any.
    pub ip: IpAddr,
    /// The port; 0 for any.
    pub port: u16,
}

impl End {
    /// An end on the any address.
    pub const fn is_any(&self) -> bool {
        self.ip.is_unspecified()
    }

    /// `a.b.c.d:p`, `[a::b]:p`, `a::b:p`, `*:p`, each also with `*` for the port, with a device
    /// behind a percent sign, or with the name of a well-known service.
    pub fn parse(text: &str) -> Option<End> {
        let (host, port) = text.rsplit_once(':')?;
        let port = match port {
            "*" => 0,
            _ => {
                number(port).or_else(|| service(port)).and_then(|port| u16::try_from(port).ok())?
            }
        };
        Some(End { ip: address(host)?, port })
    }

    /// The same as `/proc/net/tcp` prints it: hexadecimal words of a little-endian host.
    pub(crate) fn parse_hex(text: &str) -> Option<End> {
        let (host, port) = text.split_once(':')?;
        let hex = host.bytes().chain(port.bytes()).all(|byte| byte.is_ascii_hexdigit());
        if !hex || port.len() != 4 {
            return None;
        }
        let word = |at: usize| u32::from_str_radix(host.get(at..at + 8)?, 16).ok();
        let bytes = |at: usize| word(at).map(|word| u128::from(word.swap_bytes()));
        let ip = match host.len() {
            8 => IpAddr::V4(Ipv4Addr::from_bits(word(0)?.swap_bytes())),
            32 => {
                let high = bytes(0)? << 96 | bytes(8)? << 64;
                IpAddr::V6(Ipv6Addr::from_bits(high | bytes(16)? << 32 | bytes(24)?))
            }
            _ => return None,
        };
        Some(End { ip: ip.to_canonical(), port: u16::from_str_radix(port, 16).ok()? })
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ip {
            IpAddr::V4(ip) => write!(f, "{ip}:{}", self.port),
            IpAddr::V6(ip) => write!(f, "[{ip}]:{}", self.port),
        }
    }
}

/// An address, in brackets or not, with a device or not.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    let text = match text.split_once('%') {
        Some((text, device)) if text.starts_with('[') && device.ends_with(']') => &text[1..],
        Some((text, _)) => text,
        None => text,
    };
    let text = text.strip_prefix('[').unwrap_or(text);
    let text = text.strip_suffix(']').unwrap_or(text);
    match text {
        "*" => Some(IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
        "localhost" | "ip6-localhost" => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        _ => text.parse::<IpAddr>().ok().map(|ip| ip.to_canonical()),
    }
}

/// Ports that tools print by name when they weren't asked for numbers.
const SERVICES: &[(&str, u64)] = &[
    ("http", 80),
    ("https", 443),
    ("ssh", 22),
    ("smtp", 25),
    ("domain", 53),
    ("ldap", 389),
    ("mysql", 3306),
    ("postgresql", 5432),
    ("postgres", 5432),
    ("redis", 6379),
    ("memcache", 11211),
    ("amqp", 5672),
    ("http-alt", 8080),
    ("webcache", 8080),
    ("mongodb", 27017),
];

fn service(name: &str) -> Option<u64> {
    SERVICES.iter().find(|(known, _)| *known == name).map(|(_, port)| *port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_read_as_tools_print_them() {
        for (text, read) in [
            ("10.0.0.1:80", "10.0.0.1:80"),
            ("[::1]:6086", "[::1]:6086"),
            ("::1:6086", "[::1]:6086"),
            ("*:22", "[::]:22"),
            (":::443", "[::]:443"),
            (":::*", "[::]:0"),
            ("0.0.0.0:*", "0.0.0.0:0"),
            ("[::ffff:127.0.0.1]:40014", "127.0.0.1:40014"),
            ("::ffff:10.0.0.1:80", "10.0.0.1:80"),
            ("127.0.0.53%lo:53", "127.0.0.53:53"),
            ("[fe80::1]%eth0:22", "[fe80::1]:22"),
            ("[fe80::1%eth0]:22", "[fe80::1]:22"),
            ("localhost:http", "127.0.0.1:80"),
        ] {
            assert_eq!(
                End::parse(text).map(|end| end.to_string()).as_deref(),
                Some(read),
                "{text}"
            );
        }
        for text in ["", ":", "10.0.0.1", "10.0.0.1:65536", "host:80", "10.0.0:80", "[]:1"] {
            assert_eq!(End::parse(text), None, "{text}");
        }
    }

    #[test]
    fn hexadecimal_ends_are_those_of_a_little_endian_host() {
        let read = |text| End::parse_hex(text).map(|end| end.to_string());
        assert_eq!(read("0E07000A:2384").as_deref(), Some("10.0.7.14:9092"));
        assert_eq!(
            read("000009FD000000000000000001000000:9C4A").as_deref(),
            Some("[fd09::1]:40010")
        );
        assert_eq!(
            read("0000000000000000FFFF00000100007F:9C4E").as_deref(),
            Some("127.0.0.1:40014")
        );
        for text in ["", ":", "0E07000A", "0E07000A:123", "0E07000G:2384", "0E07000A+:0001"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
