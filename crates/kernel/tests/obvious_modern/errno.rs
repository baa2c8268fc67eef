//! The errors that calls give, negative as the trace shows them; those that wait in a socket are
//! positive.

/// No such knob, no such mini-socket.
pub const ENOENT: i64 = -2;
/// The socket was closed before.
pub const EBADF: i64 = -9;
/// No connection waits.
pub const EAGAIN: i64 = -11;
/// No memory for a bucket.
pub const ENOMEM: i64 = -12;
/// The port needs a capability.
pub const EACCES: i64 = -13;
/// Not with these arguments, or not in this state.
pub const EINVAL: i64 = -22;
/// The release has no such option.
pub const ENOPROTOOPT: i64 = -92;
/// Not an IPv4 address.
pub const EAFNOSUPPORT: i64 = -97;
/// The port is taken.
pub const EADDRINUSE: i64 = -98;
/// No port is left, or the address is not ours.
pub const EADDRNOTAVAIL: i64 = -99;
/// No route.
pub const ENETUNREACH: i64 = -101;
/// A RST ended the connection.
pub const ECONNRESET: i64 = 104;
/// No memory for the SYN.
pub const ENOBUFS: i64 = -105;
/// The socket is connected, or it listens.
pub const EISCONN: i64 = -106;
/// The SYN was never answered.
pub const ETIMEDOUT: i64 = 110;
/// A RST answered the SYN.
pub const ECONNREFUSED: i64 = 111;
/// The SYN is not answered yet.
pub const EALREADY: i64 = -114;
/// The SYN is on its way.
pub const EINPROGRESS: i64 = -115;
