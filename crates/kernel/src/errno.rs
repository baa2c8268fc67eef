//! The error numbers that the modelled calls can answer with.

/// An error of Linux, with the numbers of x86 (`asm-generic/errno.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(clippy::upper_case_acronyms)]
pub enum Errno {
    /// 2: no such mini-socket.
    ENOENT = 2,
    /// 9: the socket name isn't open.
    EBADF = 9,
    /// 11: no connection waits.
    EAGAIN = 11,
    /// 12: no memory.
    ENOMEM = 12,
    /// 13: a port below 1024 without the capability.
    EACCES = 13,
    /// 19: no such device.
    ENODEV = 19,
    /// 22: a short address, a wrong state, or a value out of range.
    EINVAL = 22,
    /// 92: no such socket option.
    ENOPROTOOPT = 92,
    /// 97: not an IPv4 address.
    EAFNOSUPPORT = 97,
    /// 98: bind and listen: the port is taken.
    EADDRINUSE = 98,
    /// 99: connect: no local port is left; bind: not an address of this host.
    EADDRNOTAVAIL = 99,
    /// 101: no route, multicast or broadcast.
    ENETUNREACH = 101,
    /// 103: the connection was given up.
    ECONNABORTED = 103,
    /// 104: reset by the peer.
    ECONNRESET = 104,
    /// 105: no memory for the SYN.
    ENOBUFS = 105,
    /// 106: already connected, or listening.
    EISCONN = 106,
    /// 110: timed out.
    ETIMEDOUT = 110,
    /// 111: the SYN was answered with RST.
    ECONNREFUSED = 111,
    /// 113: no route to that host.
    EHOSTUNREACH = 113,
    /// 114: a connect is under way.
    EALREADY = 114,
    /// 115: the SYN is out: the success of a non-blocking connect.
    EINPROGRESS = 115,
}

/// Every number with its name and glibc's text.
const TABLE: [(Errno, &str, &str); 21] = [
    (Errno::ENOENT, "ENOENT", "No such file or directory"),
    (Errno::EBADF, "EBADF", "Bad file descriptor"),
    (Errno::EAGAIN, "EAGAIN", "Resource temporarily unavailable"),
    (Errno::ENOMEM, "ENOMEM", "Cannot allocate memory"),
    (Errno::EACCES, "EACCES", "Permission denied"),
    (Errno::ENODEV, "ENODEV", "No such device"),
    (Errno::EINVAL, "EINVAL", "Invalid argument"),
    (Errno::ENOPROTOOPT, "ENOPROTOOPT", "Protocol not available"),
    (Errno::EAFNOSUPPORT, "EAFNOSUPPORT", "Address family not supported by protocol"),
    (Errno::EADDRINUSE, "EADDRINUSE", "Address already in use"),
    (Errno::EADDRNOTAVAIL, "EADDRNOTAVAIL", "Cannot assign requested address"),
    (Errno::ENETUNREACH, "ENETUNREACH", "Network is unreachable"),
    (Errno::ECONNABORTED, "ECONNABORTED", "Software caused connection abort"),
    (Errno::ECONNRESET, "ECONNRESET", "Connection reset by peer"),
    (Errno::ENOBUFS, "ENOBUFS", "No buffer space available"),
    (Errno::EISCONN, "EISCONN", "Transport endpoint is already connected"),
    (Errno::ETIMEDOUT, "ETIMEDOUT", "Connection timed out"),
    (Errno::ECONNREFUSED, "ECONNREFUSED", "Connection refused"),
    (Errno::EHOSTUNREACH, "EHOSTUNREACH", "No route to host"),
    (Errno::EALREADY, "EALREADY", "Operation already in progress"),
    (Errno::EINPROGRESS, "EINPROGRESS", "Operation now in progress"),
];

impl Errno {
    /// The positive number, as `errno` holds it on x86.
    pub const fn code(self) -> i32 {
        self as i32
    }

    /// The constant's name, such as `EADDRNOTAVAIL`.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// The text of glibc's `strerror`, such as "Cannot assign requested address".
    pub fn message(self) -> &'static str {
        self.entry().2
    }

    /// The error with that positive number, if the model knows it.
    pub fn from_code(code: i32) -> Option<Errno> {
        TABLE.iter().map(|entry| entry.0).find(|errno| errno.code() == code)
    }

    fn entry(self) -> (Errno, &'static str, &'static str) {
        TABLE.into_iter().find(|entry| entry.0 == self).unwrap_or(TABLE[6])
    }
}
