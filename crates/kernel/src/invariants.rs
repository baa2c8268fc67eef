//! What holds between any two calls, whatever was called.
//!
//! Debug builds check it after each call while the machine is small, and every
//! few thousand calls when it isn't.

use std::collections::BTreeMap;

use crate::arena::NONE;
use crate::bind_table::{Owner, Sole};
use crate::calendar::SLOTS;
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
            (self.tables.bind.slots_are_fresh(), "each slot repeats its newest bucket"),
            (self.sole_owners_agree(), "a bucket repeats its only owner, and no other"),
            (self.established_agrees(), "each hashed socket is on the chain of its hash, once"),
            (self.calendars_agree(), "tw_count = mini-sockets = entries of both calendars"),
            (self.states_agree(), "a socket is hashed only with a port, and never in CLOSE"),
            (self.names_agree(), "each open name leads to the socket that has it"),
        ];
        checks.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, what)| Err(what))
    }

    /// The check after a call of a debug build.
    pub(crate) fn debug_check(&self) {
        let owners = self.tables.sockets.len() + self.tables.timewaits.len();
        let small = owners <= SMALL;
        if cfg!(debug_assertions) && (small || self.calls.is_multiple_of(FULL_EVERY)) {
            debug_assert_eq!(self.check_invariants(), Ok(()));
        }
    }

    fn owners_agree(&self) -> bool {
        let mut listed = 0;
        for (bucket, record) in self.tables.bind.buckets.iter() {
            let mut live_owners = 0;
            for owner in self.tables.bind.owners_of(bucket) {
                listed += 1;
                let at_home = match owner {
                    Owner::Live(id) => {
                        live_owners += 1;
                        let socket = &self.tables.sockets[id];
                        socket.bucket == bucket && socket.num == record.tuple.lport
                    }
                    Owner::Timewait(id) => {
                        let mini = &self.tables.timewaits[id];
                        mini.bucket == bucket && mini.tuple.lport == record.tuple.lport
                    }
                };
                if !at_home {
                    return false;
                }
            }
            // Accepted children aren't counted when they join, but when they leave.
            if record.num_owners > live_owners {
                return false;
            }
        }
        let sockets = self.tables.sockets.iter();
        let with_port = sockets.filter(|(_, socket)| socket.bucket != NONE).count();
        listed == with_port + self.tables.timewaits.len()
    }

    fn buckets_have_owners(&self) -> bool {
        self.tables.bind.buckets.iter().all(|(_, bucket)| bucket.owners != NONE)
    }

    fn buckets_are_found(&self) -> bool {
        let mut buckets = self.tables.bind.buckets.iter();
        buckets.all(|(id, bucket)| self.tables.bind.find(bucket.tuple.lport) == Some(id))
    }

    fn sole_owners_agree(&self) -> bool {
        self.tables.bind.buckets.iter().all(|(id, bucket)| {
            match (bucket.sole, self.tables.bind.sole_owner(id)) {
                (Sole::No, None) => true,
                (Sole::Unhashed, Some(Owner::Live(id))) => !self.tables.sockets[id].hashed,
                (Sole::Live, Some(Owner::Live(id))) => {
                    let socket = &self.tables.sockets[id];
                    socket.hashed && socket.tuple() == bucket.tuple
                }
                (Sole::Timewait, Some(Owner::Timewait(id))) => {
                    self.tables.timewaits[id].tuple == bucket.tuple
                }
                _ => false,
            }
        })
    }

    fn established_agrees(&self) -> bool {
        let established = &self.tables.established;
        let mut chains: BTreeMap<u32, u32> = BTreeMap::new();
        for (id, socket) in self.tables.sockets.iter().filter(|(_, socket)| socket.hashed) {
            let on_chain =
                established.live.chain(socket.ehash).filter(|entry| *entry == id).count();
            if on_chain != 1 || socket.ehash != established.hash(&socket.tuple()) {
                return false;
            }
            *chains.entry(established.slot(socket.ehash)).or_default() += 1;
        }
        let mut lengths = chains.iter();
        let no_strangers =
            lengths.all(|(slot, len)| established.live.chain(*slot).count() as u32 == *len);
        let mut timewaits = self.tables.timewaits.iter();
        no_strangers
            && timewaits.all(|(id, mini)| {
                let on_chain = established.timewait.chain(mini.ehash).filter(|entry| *entry == id);
                on_chain.count() == 1 && mini.ehash == established.hash(&mini.tuple)
            })
    }

    fn calendars_agree(&self) -> bool {
        let in_slot = |slot: usize| {
            let mut entries = 0;
            let at_home = self.death_row.slot(slot).all(|id| {
                entries += 1;
                usize::from(self.tables.timewaits[id].slot) == slot
            });
            (at_home, entries)
        };
        let all_at_home =
            (0..SLOTS).all(|slot| in_slot(slot) == (true, self.calendar.counts()[slot]));
        let entries: u32 = self.calendar.counts().iter().sum();
        all_at_home
            && entries == self.calendar.tw_count
            && entries as usize == self.tables.timewaits.len()
            && (entries == 0 || self.calendar.next().is_some())
    }

    fn states_agree(&self) -> bool {
        use crate::socket::SocketState::{Close, Listen};
        self.tables.sockets.iter().all(|(_, socket)| {
            let silent = matches!(socket.state, Close | Listen);
            socket.hashed != silent
                && (socket.bucket != NONE) == (socket.num != 0)
                && (!socket.hashed || socket.bucket != NONE)
        })
    }

    fn names_agree(&self) -> bool {
        let mut named = self.tables.sockets.iter();
        named.all(|(id, socket)| socket.name().is_none_or(|name| self.names.get(name) == Some(id)))
    }
}
