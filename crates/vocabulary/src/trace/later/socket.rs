//! A socket, and the bucket of its port.

use error99_kernel::{Addr, Fastreuseport, SocketName};

use super::{Line, Told, counts_owners, has_addresses};
use crate::Json;

impl Told<'_> {
    /// `sock`, and `tb` beside it if the socket has a port.
    pub(super) fn put_sock(&self, line: &mut Line, s: SocketName) {
        let Some(socket) = self.kernel.socket(s) else { return line.put("sock", Json::Null) };
        line.put(
            "sock",
            Json::object([
                ("saddr", socket.saddr.to_string().into()),
                ("rcv_saddr", socket.rcv_saddr.to_string().into()),
                ("sport", socket.sport.into()),
                ("num", socket.num.into()),
                ("daddr", socket.daddr.to_string().into()),
                ("dport", socket.dport.into()),
                ("state", (socket.state as u8).into()),
                ("locks", socket.locks().into()),
                ("reuse", u8::from(socket.reuse).into()),
                ("reuseport", u8::from(socket.reuseport).into()),
                ("ts_stamp", socket.stamp.into()),
                ("ts_ok", u8::from(socket.timestamps).into()),
                ("rto", socket.rto.into()),
                ("ss", (socket.phase as u8).into()),
            ]),
        );
        if socket.num != 0 {
            line.put("tb", self.bucket_now(socket.num));
        }
    }

    pub(super) fn bucket_now(&self, port: u16) -> Json {
        let Some(bucket) = self.kernel.bucket(port) else { return Json::Null };
        let mut entries = vec![
            ("port", bucket.port.into()),
            ("fastreuse", bucket.fastreuse.value().into()),
            ("fastreuseport", bucket.fastreuseport.value().into()),
            ("owners", bucket.owners.into()),
            ("tw_owners", bucket.timewait_owners.into()),
        ];
        match self.kernel.release() {
            release if counts_owners(release) => {
                entries.push(("num_owners", bucket.num_owners.into()));
            }
            release if has_addresses(release) => {
                let count = self.kernel.address_buckets(port).len();
                entries.push(("addrs", (count as i64).into()));
            }
            _ => {}
        }
        if bucket.fastreuseport > Fastreuseport::Exclusive {
            entries.push(("fast_saddr", self.fast_address(bucket.fast_addr)));
        }
        Json::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// 3.10 remembers none.
    pub(super) fn fast_address(&self, addr: Addr) -> Json {
        match counts_owners(self.kernel.release()) {
            true => Addr::ANY.to_string().into(),
            false => addr.to_string().into(),
        }
    }
}
