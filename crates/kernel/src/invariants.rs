//! What holds between any two calls, whatever was called.
//!
//! Debug builds check it after each call while the machine is small, and every
//! few thousand calls when it isn't.

use std::collections::BTreeMap;

use crate::bind_table::{Owner, Sole};
use crate::kernel::Kernel;

/// A machine with more owners than this is checked only now and then.
const SMALL: usize = 64;
/// How often a large machine is checked, in calls.
const FULL_EVERY: u64 = 8_192;

impl Kernel {
    /// Checks the tables, the calendars and their sums against each other.
    ///
    /// # Errors
    /// The first sentence that isn't true. None ever should be: this is for tests.
    pub fn check_invariants(&self) -> Result<(), &'static str> {
        let checks = [
            (self.owners_agree(), "each owner is on the list of its own bucket, once"),
            (self.buckets_have_owners(), "a bucket exists if and only if it has owners"),
            (self.buckets_are_found(), "each port has one bucket, and its chain leads to it"),
            (self.tables.bind().slots_are_fresh(), "each slot repeats its newest bucket"),
            (self.sole_owners_agree(), "a bucket repeats its only owner, and no other"),
            (self.established_agrees(), "each hashed socket is on the chain of its hash, once"),
            (
                self.timers.agree(self.tables.timewaits().len()),
                "tw_count = mini-sockets = entries of both calendars",
            ),
            (self.states_agree(), "a socket is hashed only with a port, and never in CLOSE"),
            (self.names_agree(), "each open name leads to the socket that has it"),
        ];
        checks.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, what)| Err(what))
    }

    /// The check after a call of a debug build.
    pub(crate) fn debug_check(&self) {
        let owners = self.tables.sockets().len() + self.tables.timewaits().len();
        let small = owners <= SMALL;
        if cfg!(debug_assertions) && (small || self.counters.calls().is_multiple_of(FULL_EVERY)) {
            debug_assert_eq!(self.check_invariants(), Ok(()));
        }
    }

    fn owners_agree(&self) -> bool {
        let mut listed = 0;
        for (bucket, record) in self.tables.bind().buckets() {
            let mut live_owners = 0;
            for owner in self.tables.bind().owners_of(bucket) {
                listed += 1;
                let at_home = match owner {
                    Owner::Live(id) => {
                        live_owners += 1;
                        let socket = self.tables.socket(id);
                        socket.place.bucket() == Some(bucket) && socket.num() == record.port()
                    }
                    Owner::Timewait(id) => {
                        let mini = self.tables.timewait(id);
                        mini.place().1 == bucket && mini.tuple().lport == record.port()
                    }
                };
                if !at_home {
                    return false;
                }
            }
            // Accepted children aren't counted when they join, but when they leave.
            if record.num_owners() > live_owners {
                return false;
            }
        }
        let sockets = self.tables.sockets().iter();
        let with_port = sockets.filter(|(_, socket)| socket.num() != 0).count();
        listed == with_port + self.tables.timewaits().len()
    }

    fn buckets_have_owners(&self) -> bool {
        self.tables.bind().buckets().all(|(_, bucket)| bucket.has_owners())
    }

    fn buckets_are_found(&self) -> bool {
        let mut buckets = self.tables.bind().buckets();
        buckets.all(|(id, bucket)| self.tables.bind().find(bucket.port()) == Some(id))
    }

    fn sole_owners_agree(&self) -> bool {
        self.tables.bind().buckets().all(|(id, bucket)| {
            let (sole, tuple) = bucket.sole();
            match (sole, self.tables.bind().sole_owner(id)) {
                (Sole::No, None) => true,
                (Sole::Unhashed, Some(Owner::Live(id))) => {
                    self.tables.socket(id).place.ehash().is_none()
                }
                (Sole::Live, Some(Owner::Live(id))) => {
                    let socket = self.tables.socket(id);
                    socket.place.ehash().is_some() && socket.tuple() == tuple
                }
                (Sole::Timewait, Some(Owner::Timewait(id))) => {
                    self.tables.timewait(id).tuple() == tuple
                }
                _ => false,
            }
        })
    }

    fn established_agrees(&self) -> bool {
        let established = self.tables.established();
        let mut chains: BTreeMap<u32, u32> = BTreeMap::new();
        for (id, socket) in self.tables.sockets().iter() {
            let Some(ehash) = socket.place.ehash() else { continue };
            let on_chain = established.live(ehash).filter(|entry| *entry == id).count();
            if on_chain != 1 || ehash != established.hash(&socket.tuple()) {
                return false;
            }
            *chains.entry(established.slot(ehash)).or_default() += 1;
        }
        let mut lengths = chains.iter();
        let no_strangers =
            lengths.all(|(slot, len)| established.live(*slot).count() as u32 == *len);
        let mut timewaits = self.tables.timewaits().iter();
        no_strangers
            && timewaits.all(|(id, mini)| {
                let (ehash, _) = mini.place();
                let on_chain = established.timewaits(ehash).filter(|entry| *entry == id);
                on_chain.count() == 1 && ehash == established.hash(&mini.tuple())
            })
    }

    fn states_agree(&self) -> bool {
        use crate::socket::SocketState::{Close, Listen};
        self.tables.sockets().iter().all(|(_, socket)| {
            let silent = matches!(socket.state, Close | Listen);
            let (hashed, bucket) = (socket.place.ehash().is_some(), socket.place.bucket());
            hashed != silent
                && bucket.is_some() == (socket.num() != 0)
                && (!hashed || bucket.is_some())
        })
    }

    fn names_agree(&self) -> bool {
        let mut named = self.tables.sockets().iter();
        named.all(|(id, socket)| socket.name().is_none_or(|name| self.names.get(name) == Some(id)))
    }
}
