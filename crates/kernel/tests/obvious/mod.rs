//! A second model of the path, as plain as it can be: one list of everything that holds a port,
//! searched from end to end. It is told the port offset, each random number, and the end of
//! each TIME_WAIT; the rest is the rules, written down once more.

use std::collections::BTreeMap;

use error99_kernel::{Addr, Errno};

/// Something that holds a port.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The socket, or `None` for a TIME_WAIT.
    pub socket: Option<u32>,
    pub port: u16,
    pub addr: Addr,
    /// Where it is connected to.
    pub peer: Option<(Addr, u16)>,
    pub reuse: bool,
    pub listens: bool,
    /// Second of its last timestamped segment; 0 for none.
    pub stamp: u64,
    /// The connection has timestamps.
    pub timestamps: bool,
    /// The port was asked for by number.
    pub explicit: bool,
}

/// A socket that may hold no port.
#[derive(Clone, Debug, Default)]
pub struct Plain {
    pub reuse: bool,
    /// Source address that it keeps, with or without a port.
    pub addr: Addr,
    /// Connected once, and closed by nobody since.
    pub connected: bool,
}

#[derive(Clone, Debug)]
pub struct Obvious {
    pub low: u16,
    pub high: u16,
    pub hint: u32,
    pub now_s: u64,
    pub tw_reuse: bool,
    pub timestamps: bool,
    pub own: Addr,
    pub sockets: BTreeMap<u32, Plain>,
    pub holders: Vec<Holder>,
    /// −1, 0 or 1 of each port that is held.
    pub fastreuse: BTreeMap<u16, i8>,
}

/// A search of `bind` for any port, as it must go: where it starts.
pub type Random = Option<u32>;

impl Obvious {
    /// The socket's own entry.
    pub fn holder(&self, s: u32) -> Option<&Holder> {
        self.holders.iter().find(|holder| holder.socket == Some(s))
    }

    fn at(&self, port: u16) -> impl Iterator<Item = &Holder> {
        self.holders.iter().filter(move |holder| holder.port == port)
    }

    pub fn reuse(&mut self, s: u32, on: bool) -> Result<(), Errno> {
        self.sockets.get_mut(&s).ok_or(Errno::EBADF)?.reuse = on;
        self.holders.iter_mut().filter(|h| h.socket == Some(s)).for_each(|h| h.reuse = on);
        Ok(())
    }

    pub fn socket(&mut self, s: u32) {
        self.sockets.entry(s).or_default();
    }

    /// `connect` with the port offset of this source and destination.
    pub fn connect(
        &mut self,
        s: u32,
        dst: Addr,
        dport: u16,
        peer_ts: bool,
        offset: impl Fn(Addr) -> u32,
    ) -> Result<(), Errno> {
        let plain = self.sockets.get(&s).ok_or(Errno::EBADF)?;
        if plain.connected || self.holder(s).is_some_and(|holder| holder.listens) {
            return Err(Errno::EISCONN);
        }
        let source = if plain.addr.is_any() { self.own } else { plain.addr };
        let reuse = plain.reuse;
        self.sockets.entry(s).or_default().addr = source;
        let bound = self.holder(s).cloned();
        let port = match &bound {
            Some(own) => self.check_bound(own, source, dst, dport).then_some(own.port),
            None => self.walk(source, dst, dport, offset(source)),
        };
        let Some(port) = port else {
            // A port that bind chose is given back, one that the user chose is kept.
            if bound.is_some_and(|own| !own.explicit) {
                self.release(s);
            } else if let Some(own) = self.holders.iter_mut().find(|h| h.socket == Some(s)) {
                own.addr = source;
            }
            return Err(Errno::EADDRNOTAVAIL);
        };
        let is = |h: &Holder| h.port == port && h.addr == source && h.peer == Some((dst, dport));
        let inherited = self.holders.iter().find(|h| h.socket.is_none() && is(h)).map(|h| h.stamp);
        self.holders.retain(|h| h.socket.is_some() || !is(h));
        self.holders.retain(|h| h.socket != Some(s));
        self.fastreuse.entry(port).or_insert(-1);
        let negotiated = peer_ts && self.timestamps;
        self.holders.push(Holder {
            socket: Some(s),
            port,
            addr: source,
            peer: Some((dst, dport)),
            reuse,
            listens: false,
            stamp: if negotiated { self.now_s } else { inherited.unwrap_or(0) },
            timestamps: negotiated,
            explicit: bound.is_some_and(|own| own.explicit),
        });
        self.sockets.entry(s).or_default().connected = true;
        Ok(())
    }

    /// A socket with a port: only the same tuple matters, and a stamp lets a TIME_WAIT go.
    fn check_bound(&self, own: &Holder, source: Addr, dst: Addr, dport: u16) -> bool {
        let mut same =
            self.at(own.port).filter(|h| h.addr == source && h.peer == Some((dst, dport)));
        same.all(|h| h.socket.is_none() && h.stamp != 0)
    }

    fn walk(&mut self, source: Addr, dst: Addr, dport: u16, offset: u32) -> Option<u16> {
        let size = u32::from(self.high - self.low) + 1;
        for i in 1..=size {
            let place = i.wrapping_add(self.hint.wrapping_add(offset)) % size;
            let port = self.low + place as u16;
            let free = match self.fastreuse.get(&port) {
                None => true,
                Some(0 | 1) => false,
                Some(_) => {
                    let mut same =
                        self.at(port).filter(|h| h.addr == source && h.peer == Some((dst, dport)));
                    same.all(|h| {
                        let old = self.now_s.wrapping_sub(h.stamp) > 1;
                        h.socket.is_none() && h.stamp != 0 && self.tw_reuse && old
                    })
                }
            };
            if free {
                self.hint = self.hint.wrapping_add(i);
                return Some(port);
            }
        }
        None
    }

    /// `bind`; `random` is the number drawn if any port will do.
    pub fn bind(&mut self, s: u32, addr: Addr, port: u16, random: Random) -> Result<(), Errno> {
        let plain = self.sockets.get(&s).ok_or(Errno::EBADF)?.clone();
        if self.holder(s).is_some() {
            return Err(Errno::EINVAL);
        }
        let found = if port == 0 { self.free_port(random.unwrap_or(0)) } else { Some(port) };
        let found = found.filter(|port| self.may_bind(*port, addr, plain.reuse));
        let Some(found) = found else {
            self.sockets.entry(s).or_default().addr = Addr::ANY;
            return Err(Errno::EADDRINUSE);
        };
        let joined = match self.fastreuse.get(&found) {
            None => i8::from(plain.reuse),
            Some(value) if plain.reuse => *value,
            Some(_) => 0,
        };
        self.fastreuse.insert(found, joined);
        self.sockets.entry(s).or_default().addr = addr;
        self.holders.push(Holder {
            socket: Some(s),
            port: found,
            addr,
            peer: None,
            reuse: plain.reuse,
            listens: false,
            stamp: 0,
            timestamps: false,
            explicit: port != 0,
        });
        Ok(())
    }

    /// The first port without a holder, from a random one on. (Sharing by bind(…, 0) with
    /// `SO_REUSEADDR` isn't in this model.)
    fn free_port(&self, random: u32) -> Option<u16> {
        let size = u32::from(self.high - self.low) + 1;
        let ports = (0..size).map(|step| self.low + ((random % size + step) % size) as u16);
        ports.into_iter().find(|port| !self.fastreuse.contains_key(port))
    }

    fn may_bind(&self, port: u16, addr: Addr, reuse: bool) -> bool {
        if reuse && self.fastreuse.get(&port) == Some(&1) {
            return true;
        }
        self.at(port).all(|h| {
            let apart = !h.addr.is_any() && !addr.is_any() && h.addr != addr;
            apart || (reuse && h.reuse && !h.listens)
        })
    }

    pub fn listen(&mut self, s: u32) -> Result<(), Errno> {
        let plain = self.sockets.get(&s).ok_or(Errno::EBADF)?;
        if plain.connected {
            return Err(Errno::EINVAL);
        }
        let Some(own) = self.holder(s).cloned() else { return Err(Errno::EINVAL) };
        if own.listens {
            return Ok(());
        }
        let in_the_way = |h: &Holder| {
            let same_addr = h.addr.is_any() || own.addr.is_any() || h.addr == own.addr;
            let share = plain.reuse && h.reuse && !h.listens;
            h.socket != Some(s) && same_addr && !share
        };
        if self.at(own.port).any(in_the_way) {
            return Err(Errno::EADDRINUSE);
        }
        self.fastreuse.insert(own.port, 0);
        self.holders.iter_mut().filter(|h| h.socket == Some(s)).for_each(|h| h.listens = true);
        Ok(())
    }

    /// The end of a socket; a connection that we close first leaves a TIME_WAIT.
    pub fn close(&mut self, s: u32, active: bool, stamp_now: bool) -> Result<(), Errno> {
        let plain = self.sockets.get(&s).ok_or(Errno::EINVAL)?;
        if active && !plain.connected {
            return Err(Errno::EINVAL);
        }
        let mut own = self.holders.iter_mut().filter(|h| h.socket == Some(s));
        if let Some(own) = own.next().filter(|_| active) {
            own.socket = None;
            if own.timestamps && stamp_now {
                own.stamp = self.now_s;
            }
        }
        self.sockets.remove(&s);
        self.release(s);
        Ok(())
    }

    fn release(&mut self, s: u32) {
        self.holders.retain(|h| h.socket != Some(s));
        self.forget_empty();
    }

    /// The calendar ended a TIME_WAIT.
    pub fn timewait_ended(&mut self, port: u16, addr: Addr, peer: (Addr, u16)) {
        let place = self.holders.iter().position(|h| {
            h.socket.is_none() && h.port == port && h.addr == addr && h.peer == Some(peer)
        });
        if let Some(place) = place {
            self.holders.remove(place);
        }
        self.forget_empty();
    }

    fn forget_empty(&mut self) {
        let holders = &self.holders;
        self.fastreuse.retain(|port, _| holders.iter().any(|h| h.port == *port));
    }
}
