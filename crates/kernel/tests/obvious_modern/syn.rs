//! The SYN of a connect: it is sent again, given up, and measured.

use super::errno::ETIMEDOUT;
use super::holders::state;
use super::machine::Machine;
use super::timers::TimerOf;

impl Machine {
    /// The first SYN goes out.
    pub fn send_first_syn(&mut self, id: usize) {
        let (now, j, hz) = (self.clock.mono_ms(), self.clock.j(), self.clock.hz);
        let key = self.start_timer(TimerOf::Syn(id), None, hz);
        let sock = self.sock_mut(id);
        (sock.first_syn_ms, sock.syn_sent_ms, sock.syn_sent_j, sock.syns) = (now, now, j, 1);
        sock.timer = Some(key);
    }

    /// A SYN was not answered in time.
    pub fn syn_again(&mut self, id: usize) {
        self.sock_mut(id).timer = None;
        if self.sock(id).state != state::SYN_SENT {
            return;
        }
        if self.gives_syn_up(id) {
            self.sock_mut(id).error = ETIMEDOUT;
            self.close_done(id);
            return;
        }
        let (now, j) = (self.clock.mono_ms(), self.clock.j());
        let linear = if self.release.syn_is_linear() { 4 } else { 0 };
        let longest = 120 * self.clock.hz;
        let sock = self.sock_mut(id);
        sock.syns += 1;
        (sock.syn_sent_ms, sock.syn_sent_j) = (now, j);
        if sock.syns > linear + 1 {
            sock.rto.jiffies = (sock.rto.jiffies * 2).min(longest);
        }
        let timeout = sock.rto.jiffies;
        let key = self.start_timer(TimerOf::Syn(id), None, timeout);
        self.sock_mut(id).timer = Some(key);
    }

    fn gives_syn_up(&self, id: usize) -> bool {
        let sock = self.sock(id);
        let retries = self.knobs.syn_retries;
        if !self.release.syn_is_linear() {
            return sock.syns > retries;
        }
        // As long as that many doublings from one second on take, to 120 s at most.
        let doublings = retries.min(6);
        let seconds = (2 << doublings) - 1 + (retries - doublings) * 120;
        sock.syns > retries + 4
            || (sock.syns > 1 && self.clock.mono_ms() - sock.first_syn_ms >= seconds * 1_000)
    }

    /// The round trip of the handshake, if it can be told.
    pub fn measure_handshake(&mut self, id: usize, timestamps: bool) {
        let sock = self.sock(id);
        let waited = self.clock.mono_ms() - sock.syn_sent_ms;
        let (again, jiffies) = (sock.syns > 1, self.clock.j() - sock.syn_sent_j);
        let by_jiffies = self.release.has_calendar();
        let sock = self.sock_mut(id);
        if again && !timestamps {
            sock.rto.fall_back();
        } else if by_jiffies {
            sock.rto.sample(jiffies);
        } else if again {
            sock.rto.sample(waited.max(1) * 1_000);
        } else {
            sock.rto.sample(waited * 1_000);
        }
    }
}
