//! All buckets and their owners.

use error99_kernel::{Fastreuseport, OwnerView, Release, Substate};

use super::{Told, counts_owners, has_addresses};
use crate::Json;
use crate::trace::{local, remote};

impl Told<'_> {
    /// All buckets by port.
    pub(super) fn dump_buckets(&self) -> Json {
        let ports = (0..=u16::MAX).filter_map(|port| self.dump_bucket(port));
        Json::List(ports.collect())
    }

    fn dump_bucket(&self, port: u16) -> Option<Json> {
        let kernel = self.kernel;
        let bucket = kernel.bucket(port)?;
        let release = kernel.release();
        let mut entries = vec![
            ("port", port.into()),
            ("fastreuse", bucket.fastreuse.value().into()),
            ("fastreuseport", bucket.fastreuseport.value().into()),
        ];
        if bucket.fastreuseport > Fastreuseport::Exclusive {
            entries.push(("fast_saddr", self.fast_address(bucket.fast_addr)));
        }
        if counts_owners(release) {
            entries.push(("num_owners", bucket.num_owners.into()));
        }
        if has_addresses(release) {
            let mut addrs: Vec<(String, i8, i8)> = kernel
                .address_buckets(port)
                .into_iter()
                .map(|(addr, fr, frp)| (addr.to_string(), fr.value(), frp.value()))
                .collect();
            addrs.sort();
            let addr = |(addr, fr, frp): (String, i8, i8)| match release {
                Release::V6_18 => Json::List(vec![addr.into(), fr.into(), frp.into()]),
                _ => addr.into(),
            };
            entries.push(("addrs", Json::List(addrs.into_iter().map(addr).collect())));
        }
        let mut owners: Vec<Owner> = kernel.owners(port).map(Owner::of).collect();
        owners.sort_by(|a, b| a.key().cmp(&b.key()));
        entries.push(("owners", Json::List(owners.iter().map(Owner::json).collect())));
        let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), value));
        Some(Json::Object(entries.collect()))
    }
}

/// An owner in a list of buckets.
struct Owner {
    timewait: u8,
    state: u8,
    substate: u8,
    reuse: bool,
    reuseport: bool,
    local: String,
    remote: String,
    stamp: u32,
}

impl Owner {
    fn of(owner: OwnerView) -> Owner {
        match owner {
            OwnerView::Live(socket) => Owner {
                timewait: 0,
                state: socket.state as u8,
                substate: 0,
                reuse: socket.reuse,
                reuseport: socket.reuseport,
                local: local(&socket.tuple()),
                remote: remote(&socket.tuple()),
                stamp: socket.stamp,
            },
            OwnerView::Timewait(mini) => Owner {
                timewait: 1,
                state: Substate::TimeWait as u8,
                substate: mini.substate as u8,
                reuse: mini.reuse,
                reuseport: mini.reuseport,
                local: local(&mini.tuple),
                remote: remote(&mini.tuple),
                stamp: mini.stamp,
            },
        }
    }

    fn key(&self) -> (&str, &str, u8, u8) {
        (&self.local, &self.remote, self.timewait, self.state)
    }

    fn json(&self) -> Json {
        Json::object([
            ("tw", self.timewait.into()),
            ("state", self.state.into()),
            ("sub", self.substate.into()),
            ("reuse", u8::from(self.reuse).into()),
            ("reuseport", u8::from(self.reuseport).into()),
            ("l", self.local.clone().into()),
            ("f", self.remote.clone().into()),
            ("stamp", self.stamp.into()),
        ])
    }
}
