//! The errors that calls give, negative as the trace shows them; those that wait in a socket are
//! positive.

pub const ENOENT: i64 = -2;
pub const EBADF: i64 = -9;
pub const EAGAIN: i64 = -11;
pub const ENOMEM: i64 = -12;
pub const EACCES: i64 = -13;
pub const EINVAL: i64 = -22;
pub const ENOPROTOOPT: i64 = -92;
pub const EAFNOSUPPORT: i64 = -97;
pub const EADDRINUSE: i64 = -98;
pub const EADDRNOTAVAIL: i64 = -99;
pub const ENETUNREACH: i64 = -101;
pub const ECONNRESET: i64 = 104;
pub const ENOBUFS: i64 = -105;
pub const EISCONN: i64 = -106;
pub const ETIMEDOUT: i64 = 110;
pub const ECONNREFUSED: i64 = 111;
pub const EALREADY: i64 = -114;
pub const EINPROGRESS: i64 = -115;
