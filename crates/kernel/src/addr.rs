//! IPv4 addresses and 4-tuples, as the model's tables see them.

use std::fmt;
use std::str::FromStr;

/// An IPv4 address; the number is in host order, so 10.0.0.1 is `0x0a00_0001`.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addr(pub u32);

impl Addr {
    /// 0.0.0.0: "not chosen yet" for a source, "this host" for a destination.
    pub const ANY: Addr = Addr(0);
    /// 127.0.0.1.
    pub const LOOPBACK: Addr = Addr(0x7f00_0001);
    /// 255.255.255.255.
    pub const BROADCAST: Addr = Addr(u32::MAX);

    /// The address `a.b.c.d`.
    pub const fn new(a: u8, b: u8, c: u8, d: u8) -> Addr {
        Addr(u32::from_be_bytes([a, b, c, d]))
    }

    /// 0.0.0.0.
    pub const fn is_any(self) -> bool {
        self.0 == 0
    }

    /// 127.0.0.0/8.
    pub const fn is_loopback(self) -> bool {
        self.0 >> 24 == 127
    }

    /// 224.0.0.0/4.
    pub const fn is_multicast(self) -> bool {
        self.0 >> 28 == 0xe
    }

    /// 255.255.255.255, the only broadcast address that the model knows.
    pub const fn is_broadcast(self) -> bool {
        self.0 == u32::MAX
    }

    /// 0.0.0.0/8 without 0.0.0.0 itself.
    pub const fn is_zero_network(self) -> bool {
        self.0 >> 24 == 0 && self.0 != 0
    }

    /// The word that enters a hash: the four network-order bytes read little endian, as on x86.
    pub(crate) const fn wire_word(self) -> u32 {
        self.0.swap_bytes()
    }
}

impl fmt::Display for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0.to_be_bytes();
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

impl fmt::Debug for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text isn't four numbers from 0 to 255 with dots between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddrError;

impl fmt::Display for AddrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address is four numbers from 0 to 255 with dots between them")
    }
}

impl std::error::Error for AddrError {}

impl FromStr for Addr {
    type Err = AddrError;

    fn from_str(text: &str) -> Result<Addr, AddrError> {
        let mut bytes = [0u8; 4];
        let mut parts = text.split('.');
        for byte in &mut bytes {
            *byte = decimal_byte(parts.next().ok_or(AddrError)?)?;
        }
        match parts.next() {
            None => Ok(Addr(u32::from_be_bytes(bytes))),
            Some(_) => Err(AddrError),
        }
    }
}

/// One part of a dotted address: decimal digits only, no sign, no leading zero (`inet_aton`
/// would read it as octal).
fn decimal_byte(part: &str) -> Result<u8, AddrError> {
    let digits_only = part.bytes().all(|b| b.is_ascii_digit());
    if !digits_only || (part.len() > 1 && part.starts_with('0')) {
        return Err(AddrError);
    }
    part.parse().map_err(|_| AddrError)
}

/// The four numbers that are a connection, seen from this host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tuple {
    /// Local (source) address.
    pub laddr: Addr,
    /// Local (source) port.
    pub lport: u16,
    /// Remote (destination) address.
    pub faddr: Addr,
    /// Remote (destination) port.
    pub fport: u16,
}

impl fmt::Display for Tuple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} > {}:{}", self.laddr, self.lport, self.faddr, self.fport)
    }
}
