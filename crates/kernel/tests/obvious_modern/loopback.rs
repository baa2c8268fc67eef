//! Connections both of whose ends are on this host.

use error99_vocabulary::Json;

use super::holders::state;
use super::json;
use super::machine::Machine;
use super::timewait::TIME_WAIT_S;

impl Machine {
    /// What becomes of the SYN that a connect sent.
    pub fn syn_arrives(&mut self, id: usize, op: &Json) {
        let tuple = self.sock(id).tuple();
        if !self.is_own(tuple.faddr) {
            if json::int_or(op, "establish", 1) != 0 {
                self.establish(id, json::int_or(op, "peer_ts", 1) != 0);
            }
            return;
        }
        if tuple.turned() == tuple {
            self.establish(id, true);
            self.sock_mut(id).other_end = Some(id);
            return;
        }
        let there = tuple.turned();
        if self.listener_for(there.laddr, there.lport).is_none() {
            self.reset(id);
        } else if let Some(child) = self.connection_arrives(there, true) {
            self.establish(id, true);
            self.sock_mut(id).other_end = Some(child);
            self.sock_mut(child).other_end = Some(id);
        }
    }

    /// The other end of a connection gets a RST.
    pub fn reset_other_end(&mut self, id: usize) {
        if let Some(other) = self.sock(id).other_end.filter(|other| *other != id)
            && self.socks.has(other)
        {
            self.sock_mut(other).other_end = None;
            self.reset(other);
        }
    }

    /// close(2) of an end whose other end is here.
    pub fn close_on_loopback(&mut self, id: usize) {
        let other = self.sock(id).other_end;
        let Some(other) = other.filter(|other| self.socks.has(*other)) else {
            self.close_done(id);
            return;
        };
        if other == id {
            self.time_wait(id, state::TIME_WAIT, TIME_WAIT_S * self.clock.hz);
            return;
        }
        // The FIN carries a timestamp, if there are any.
        self.stamp_now(other);
        if self.sock(id).state == state::CLOSE_WAIT {
            self.close_done(id);
            self.time_wait(other, state::TIME_WAIT, TIME_WAIT_S * self.clock.hz);
            return;
        }
        self.sock_mut(id).state = state::FIN_WAIT1;
        self.sock_mut(other).state = state::CLOSE_WAIT;
    }
}
