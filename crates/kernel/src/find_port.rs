//! The search of `bind(…, 0)`, and of `listen()` without a port.
//!
//! Models the parts of `inet_csk_get_port` without a number, and `inet_csk_find_open_port` since
//! 4.11 (`net/ipv4/inet_connection_sock.c`): one function for each way that there has been.

use crate::event::{Event, Trace};
use crate::get_port::{Came, Manner, NO_SIZE};
use crate::kernel::Kernel;
use crate::order::range_size;
use crate::verdict::{BindRefusal, Fastreuse, SearchMet};

/// How often a search starts over after a conflict.
const RESTARTS: u32 = 5;
/// Ranges with fewer ports aren't halved.
const HALVED_MIN: u32 = 4;

/// What a search for any port comes to.
enum Searched {
    /// A port without a bucket.
    Free(u16),
    /// A port with a bucket whose owners don't mind; the fewest owners met before.
    Unopposed(u16, i32),
    /// A port with a bucket that others may share, and its owners.
    Remembered(u16, i32),
    Nothing,
}

/// A part of the range that is searched.
#[derive(Clone, Copy)]
struct Part {
    low: u16,
    /// Ports in it.
    size: u32,
    /// 0 for the whole range, 1 for its lower half, 2 for its upper half.
    half: u8,
}

impl Part {
    /// The range, or its two halves.
    fn all(low: u16, high: u16, halved: bool) -> Vec<Part> {
        let size = range_size(low, high);
        if !halved || size < HALVED_MIN {
            return vec![Part { low, size, half: 0 }];
        }
        let lower = size / 4 * 2;
        let upper = Part { low: low + lower as u16, size: size - lower, half: 2 };
        vec![Part { low, size: lower, half: 1 }, upper]
    }

    /// The range, or its two halves, which share a port. From 4.2 to 4.5.
    fn overlapping(low: u16, high: u16, halved: bool) -> Vec<Part> {
        let lower = u32::from(high - low) / 2;
        let size = range_size(low, high);
        match halved {
            false => vec![Part { low, size, half: 0 }],
            true => vec![
                Part { low, size: lower + 1, half: 1 },
                Part { low: low + lower as u16, size: size - lower, half: 2 },
            ],
        }
    }

    /// Ports of the ring that the search goes around in.
    const fn ring(self) -> u32 {
        if self.size > 1 { self.size & !1 } else { self.size }
    }

    /// The ports from a distance on, every second one and then those between.
    fn ports(self, offset: u32) -> impl Iterator<Item = u16> {
        let (low, ring, size) = (u32::from(self.low), self.ring(), self.size);
        let pass = move |offset: u32| {
            (0..ring).step_by(2).map(move |i| {
                let above = offset + i;
                let above = if above >= size { above - ring } else { above };
                (low + above) as u16
            })
        };
        pass(offset).chain(pass(offset - 1))
    }
}

/// The port with the fewest owners, of those that a search may share.
struct Fewest {
    owners: i32,
    port: u16,
}

impl Fewest {
    /// None was met yet.
    const NONE: Fewest = Fewest { owners: NO_SIZE, port: 0 };

    /// Whether a port has fewer owners than those before; then it is the one from now on.
    fn is_now(&mut self, port: u16, owners: i32) -> bool {
        let fewer = owners < self.owners || self.owners == NO_SIZE;
        if fewer {
            *self = Fewest { owners, port };
        }
        fewer
    }

    /// What a search comes to that found nothing better.
    const fn searched(self) -> Searched {
        match self.owners {
            NO_SIZE => Searched::Nothing,
            owners => Searched::Remembered(self.port, owners),
        }
    }
}

impl Kernel {
    /// Up to 3.3: the first port without a bucket, or the shareable one with the fewest owners.
    pub(crate) fn find_fewest(
        &mut self,
        socket: u32,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        // Only a caller that shares ports remembers one, so that no other starts over.
        for _ in 0..=RESTARTS {
            let (port, size) = match self.search_fewest(socket, trace) {
                Searched::Nothing => return Err(BindRefusal::Exhausted),
                Searched::Free(port) => {
                    return self.join_port(socket, port, None, Came::Searched, trace);
                }
                Searched::Remembered(port, size) | Searched::Unopposed(port, size) => (port, size),
            };
            let outcome = self.try_port(socket, port, size, trace);
            if outcome != Err(BindRefusal::Conflict) {
                return outcome;
            }
        }
        Err(BindRefusal::Conflict)
    }

    /// From a random port on: the first port without a bucket, or else the shareable one with
    /// the fewest owners; with more owners than ports in all, the first shareable one.
    fn search_fewest(&mut self, socket: u32, trace: &mut Trace<'_>) -> Searched {
        let (shares, crowded) = (self.tables.socket(socket).shares_port(), self.is_crowded());
        let random = self.world.draw();
        let part = self.whole();
        let mut fewest = Fewest::NONE;
        let found = self.search_around(part, random, trace, |kernel, port, bucket, trace| {
            kernel.tell_occupied(trace, bucket, SearchMet::Passed);
            let bucket = kernel.tables.bind().bucket(bucket);
            let welcome = bucket.fastreuse() == Fastreuse::Reusable && shares;
            let fewer = welcome && fewest.is_now(port, bucket.num_owners());
            (fewer && crowded).then_some(Searched::Remembered(port, bucket.num_owners()))
        });
        found.unwrap_or(fewest.searched())
    }

    /// The range in one piece.
    fn whole(&self) -> Part {
        let (low, high) = self.sysctls.range();
        Part { low, size: range_size(low, high), half: 0 }
    }

    /// Looks at every port of a part once, from a random one on, until one has no bucket, or `meets`
    /// takes one that has one. (No port is reserved before 2.6.35.)
    fn search_around(
        &mut self,
        part: Part,
        random: u32,
        trace: &mut Trace<'_>,
        mut meets: impl FnMut(&Kernel, u16, u32, &mut Trace<'_>) -> Option<Searched>,
    ) -> Option<Searched> {
        let Part { low, size, .. } = part;
        let first = random.checked_rem(size).unwrap_or(0);
        self.tell_search(trace, part, size, first, random, false);
        for step in 0..size {
            let port = low + ((first + step) % size) as u16;
            self.counters.spend(1);
            if self.sysctls.reserved().contains(port) {
                trace.event(|| Event::SearchReserved { port });
                continue;
            }
            let Some(bucket) = self.tables.bind().find(port) else {
                trace.event(|| Event::SearchFree { port });
                return Some(Searched::Free(port));
            };
            let found = meets(self, port, bucket, trace);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Whether ports have more owners than there are ports in the range.
    fn is_crowded(&self) -> bool {
        let (low, high) = self.sysctls.range();
        i64::from(self.tables.bind().bsockets()) > i64::from(range_size(low, high))
    }

    /// 3.4 to 4.5: the first port without a bucket, or whose owners don't mind; else the shareable
    /// one with the fewest owners. Since 4.2 a socket with `SO_REUSEADDR` looks at the upper half
    /// only if the lower one has nothing; a search that starts over stays in the half that it is in.
    pub(crate) fn find_unopposed(
        &mut self,
        socket: u32,
        halves: bool,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        let (low, high) = self.sysctls.range();
        let halved = halves && self.tables.socket(socket).reuse;
        let mut parts = Part::overlapping(low, high, halved).into_iter().peekable();
        let crowded = !halves && self.is_crowded();
        for _ in 0..=RESTARTS {
            let mut searched = Searched::Nothing;
            while let Some(part) = parts.peek() {
                searched = self.search_unopposed(socket, *part, crowded, trace);
                if !matches!(searched, Searched::Nothing) {
                    break;
                }
                parts.next();
            }
            if matches!(searched, Searched::Nothing | Searched::Remembered(..)) {
                trace.event(|| Event::SearchExhausted);
            }
            let (port, outcome) = match searched {
                Searched::Nothing => return Err(BindRefusal::Exhausted),
                Searched::Free(port) => {
                    return self.join_port(socket, port, None, Came::Searched, trace);
                }
                Searched::Unopposed(port, size) => {
                    let bucket = self.tables.bind().find(port);
                    (port, self.ask_and_join(socket, port, bucket, size, trace))
                }
                Searched::Remembered(port, size) => {
                    (port, self.try_port(socket, port, size, trace))
                }
            };
            let again = outcome == Err(BindRefusal::Conflict) && self.starts_over(socket, port);
            if !again {
                return outcome;
            }
        }
        Err(BindRefusal::Conflict)
    }

    /// Whether a search that ended in a conflict at that port is worth another try.
    fn starts_over(&self, socket: u32, port: u16) -> bool {
        let matches = |bucket| self.reuseport_matches(socket, bucket);
        self.tables.socket(socket).shares_port()
            || self.tables.bind().find(port).is_some_and(matches)
    }

    fn search_unopposed(
        &mut self,
        socket: u32,
        part: Part,
        crowded: bool,
        trace: &mut Trace<'_>,
    ) -> Searched {
        const STRICT: Manner = Manner { relaxed: false, named: false };
        let shares = self.tables.socket(socket).shares_port();
        let random = self.world.draw_below(part.size);
        let mut fewest = Fewest::NONE;
        let found = self.search_around(part, random, trace, |kernel, port, bucket, trace| {
            let record = kernel.tables.bind().bucket(bucket);
            let welcome = record.fastreuse() == Fastreuse::Reusable && shares
                || kernel.reuseport_matches(socket, bucket);
            let fewer = welcome && fewest.is_now(port, record.num_owners());
            let opposed = kernel.bind_conflict(socket, bucket, STRICT);
            let met = match (opposed, fewer && crowded) {
                (true, _) => SearchMet::Conflict,
                (false, true) => SearchMet::Crowded,
                (false, false) => SearchMet::Shared { address: false },
            };
            kernel.tell_occupied(trace, bucket, met);
            (!opposed).then_some(Searched::Unopposed(port, fewest.owners))
        });
        found.unwrap_or(fewest.searched())
    }

    /// Since 4.6: a port without a bucket, or whose owners don't mind; of odd distance first, so as
    /// to leave the others to connect.
    pub(crate) fn find_odd_first(
        &mut self,
        socket: u32,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        for relaxed in [false, true] {
            if relaxed && !self.sysctls.autobind_reuse_on() {
                break;
            }
            if let Some((port, bucket)) = self.search_odd_first(socket, relaxed, trace) {
                return self.join_port(socket, port, bucket, Came::Searched, trace);
            }
        }
        trace.event(|| Event::SearchExhausted);
        Err(BindRefusal::Exhausted)
    }

    /// One round of it: a port with its bucket, if it has one.
    fn search_odd_first(
        &mut self,
        socket: u32,
        relaxed: bool,
        trace: &mut Trace<'_>,
    ) -> Option<(u16, Option<u32>)> {
        let manner = Manner { relaxed, named: false };
        let ((low, high), _) = self.range_of(socket);
        for part in Part::all(low, high, self.tables.socket(socket).reuse) {
            let random = self.world.draw_below(part.ring());
            let offset = random | 1;
            self.tell_search(trace, part, part.ring(), offset, random, relaxed);
            for port in part.ports(offset) {
                self.counters.spend(1);
                if self.sysctls.reserved().contains(port) {
                    trace.event(|| Event::SearchReserved { port });
                    continue;
                }
                let Some(bucket) = self.tables.bind().find(port) else {
                    trace.event(|| Event::SearchFree { port });
                    return Some((port, None));
                };
                self.counters.spend(self.owners_of(bucket));
                let met = self.meet(socket, bucket, manner);
                self.tell_occupied(trace, bucket, met);
                if matches!(met, SearchMet::Shared { .. }) {
                    return Some((port, Some(bucket)));
                }
            }
        }
        None
    }

    /// What becomes of a port with a bucket.
    fn meet(&self, socket: u32, bucket: u32, manner: Manner) -> SearchMet {
        if self.any_conflict(socket, bucket, manner) {
            SearchMet::AnyConflict
        } else if self.bind_conflict(socket, bucket, manner) {
            SearchMet::Conflict
        } else {
            let addr = self.tables.socket(socket).rcv_saddr;
            SearchMet::Shared { address: self.tables.has_address(bucket, addr) }
        }
    }

    fn tell_search(
        &self,
        trace: &mut Trace<'_>,
        part: Part,
        ports: u32,
        offset: u32,
        random: u32,
        relaxed: bool,
    ) {
        let Part { low, size, half } = part;
        let high = low + (size - 1) as u16;
        trace.event(|| Event::SearchStarted { offset, ports, relaxed, half, low, high, random });
    }

    fn tell_occupied(&self, trace: &mut Trace<'_>, bucket: u32, met: SearchMet) {
        trace.event(|| {
            let record = self.tables.bind().bucket(bucket);
            Event::SearchOccupied {
                port: record.port(),
                fastreuse: record.fastreuse(),
                fastreuseport: record.fastreuseport(),
                num_owners: record.num_owners(),
                met,
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_port_is_visited_twice_and_an_even_ring_once() {
        let visits = |low, high, offset| {
            let part = Part::all(low, high, false)[0];
            part.ports(offset).collect::<Vec<u16>>()
        };
        assert_eq!(visits(65_535, 65_535, 1), [65_535, 65_535]);
        assert_eq!(visits(40_000, 40_003, 3), [40_003, 40_001, 40_002, 40_000]);
        assert_eq!(visits(40_000, 40_002, 1), [40_001, 40_000]);
        assert_eq!(visits(40_000, 40_004, 3), [40_003, 40_001, 40_002, 40_004]);
    }

    #[test]
    fn halves_of_4_2_share_their_port_in_the_middle() {
        let halves = |high| {
            let parts = Part::overlapping(40_000, high, true);
            parts.iter().map(|p| (p.low, p.size)).collect::<Vec<_>>()
        };
        assert_eq!(halves(40_000), [(40_000, 1), (40_000, 1)]);
        assert_eq!(halves(40_003), [(40_000, 2), (40_001, 3)]);
        assert_eq!(halves(40_004), [(40_000, 3), (40_002, 3)]);
    }

    #[test]
    fn a_range_of_four_has_halves() {
        let halves =
            |high| Part::all(40_000, high, true).iter().map(|p| p.size).collect::<Vec<_>>();
        assert_eq!(halves(40_002), [3]);
        assert_eq!(halves(40_003), [2, 2]);
        assert_eq!(halves(40_009), [4, 6]);
    }
}
