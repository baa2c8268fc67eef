//! Mini-sockets: how they begin, are kept alive, and end; and what else timers do.

use error99_vocabulary::Json;

use super::holders::{Mini, Owner, Tuple, state};
use super::json;
use super::machine::Machine;
use super::timers::TimerOf;

/// Seconds of a TIME_WAIT.
pub const TIME_WAIT_S: i64 = 60;

impl Machine {
    /// The socket becomes a mini-socket for that many jiffies, if there may be one more; it is
    /// closed in any case (`tcp_time_wait`).
    pub fn time_wait(&mut self, id: usize, substate: u8, timeout: i64) {
        if self.may_have_one_more() {
            self.make_mini(id, substate, timeout);
        } else {
            self.overflow += 1;
        }
        self.close_done(id);
    }

    fn may_have_one_more(&self) -> bool {
        let (count, max) = (self.minis.count() as i64, self.knobs.max_tw);
        if self.release.max_tw_is_unsigned() && max < 0 { true } else { count < max }
    }

    fn make_mini(&mut self, id: usize, substate: u8, timeout: i64) {
        let sock = self.sock(id);
        let (port, tuple) = (sock.num, sock.tuple());
        let mini = Mini {
            tuple,
            substate,
            stamp: sock.stamp,
            entry_ms: self.clock.mono_ms(),
            reuse: sock.reuse,
            // 3.10 doesn't copy it.
            reuseport: sock.reuseport && !self.release.has_calendar(),
            connect_bind: sock.connect_bind,
            timer: None,
        };
        let timeout = if substate == state::FIN_WAIT2 {
            timeout.max(sock.rto.three_and_a_half())
        } else {
            timeout
        };
        let number = self.new_id();
        self.minis.put(number, mini);
        self.join(port, Owner::Mini(number), (0, 0));
        self.schedule(number, timeout, "new");
    }

    /// Starts the timer of a mini-socket, or starts it anew.
    pub fn schedule(&mut self, id: usize, timeout: i64, how: &str) {
        let mini = &self.minis[id];
        let Tuple { laddr, lport, faddr, fport } = mini.tuple;
        let entry: Vec<Json> = vec![
            self.clock.j().into(),
            json::of_addr(laddr),
            lport.into(),
            json::of_addr(faddr),
            fport.into(),
            mini.substate.into(),
            timeout.into(),
            how.into(),
        ];
        self.log.tw_sched.push(Json::List(entry));
        if self.release.has_calendar() {
            self.enter_calendar(id, timeout);
            return;
        }
        let old = mini.timer;
        let key = self.start_timer(TimerOf::Mini(id), old, timeout);
        self.minis.get_mut(id).expect("looked at above").timer = Some(key);
    }

    /// A mini-socket ends; its port loses an owner.
    pub fn end_mini(&mut self, id: usize, why: &str) {
        let mini = &self.minis[id];
        let Tuple { laddr, lport, faddr, fport } = mini.tuple;
        let entry: Vec<Json> = vec![
            self.clock.j().into(),
            json::of_addr(laddr),
            lport.into(),
            json::of_addr(faddr),
            fport.into(),
            why.into(),
        ];
        self.log.tw_gone.push(Json::List(entry));
        if let Some(timer) = mini.timer {
            self.timers.stop(timer);
        }
        if self.release.has_calendar() {
            self.leave_calendar(id);
        }
        self.drop_owner(lport, Owner::Mini(id));
        self.minis.take(id);
    }

    /// Starts a timer of that many jiffies from now.
    pub fn start_timer(
        &mut self,
        of: TimerOf,
        old: Option<super::timers::TimerKey>,
        timeout: i64,
    ) -> super::timers::TimerKey {
        let now = self.clock.jiffies();
        // While timers run, the clock of a wheel that doesn't cascade is one jiffy ahead.
        let ahead = self.clock.timer_j.is_some() && !self.release.has_calendar();
        let wheel = if ahead { now + 1 } else { now };
        self.timers.start(of, old, wheel, now + timeout)
    }

    /// Time passes, and timers end.
    pub fn advance(&mut self, ms: i64) {
        let until_ms = self.clock.t_ms + ms;
        let until = self.clock.start_jiffies + self.clock.j_of(until_ms);
        while let Some((key, of)) = self.timers.due(until) {
            self.timers.stop(key);
            self.clock.timer_j = Some(key.0 - self.clock.start_jiffies);
            self.timer_ends(of);
        }
        self.clock.timer_j = None;
        self.clock.t_ms = until_ms;
    }

    fn timer_ends(&mut self, of: TimerOf) {
        match of {
            TimerOf::Mini(id) => self.end_mini(id, "timer"),
            TimerOf::FinWait2(id) => self.wait_is_over(id),
            TimerOf::Syn(id) => self.syn_again(id),
            TimerOf::SlowTick => self.slow_tick(),
            TimerOf::FastTick => self.fast_tick(),
        }
    }

    /// The length of a FIN_WAIT2 just now, in jiffies (`tcp_fin_time`).
    pub fn fin_time(&self, id: usize) -> i64 {
        self.knobs.fin_timeout.max(self.sock(id).rto.three_and_a_half())
    }

    /// Our FIN was acknowledged, and the peer sends none.
    pub fn fin_wait2(&mut self, id: usize) {
        self.sock_mut(id).state = state::FIN_WAIT2;
        let length = self.fin_time(id);
        let excess = length - TIME_WAIT_S * self.clock.hz;
        if excess > 0 {
            let key = self.start_timer(TimerOf::FinWait2(id), None, excess);
            self.sock_mut(id).wait = Some(key);
        } else {
            self.time_wait(id, state::FIN_WAIT2, length);
        }
    }

    /// A full socket in FIN_WAIT2 waited for what was above 60 s.
    fn wait_is_over(&mut self, id: usize) {
        self.sock_mut(id).wait = None;
        let excess = self.fin_time(id) - TIME_WAIT_S * self.clock.hz;
        if excess > 0 {
            self.time_wait(id, state::FIN_WAIT2, excess);
        } else {
            self.close_done(id);
        }
    }

    /// A segment of the peer that carries a timestamp renews the stamp of a mini-socket.
    fn renew_stamp(&mut self, id: usize, fin: bool) {
        let now = self.stamp_second();
        let now_ms = self.clock.mono_ms();
        let mini = &self.minis[id];
        let carries = self.peer_ts.contains(&mini.tuple) && self.knobs.timestamps != 0;
        if mini.stamp == 0 || !carries {
            return;
        }
        let mini = self.minis.get_mut(id).expect("looked at above");
        mini.stamp = now;
        if fin {
            mini.entry_ms = now_ms;
        }
    }

    /// A segment reaches the mini-socket of that tuple; the answer of the operation.
    pub fn segment_to_mini(&mut self, kind: &str, tuple: Tuple) -> i64 {
        let Some(id) = self.mini(tuple) else { return -2 };
        let minute = TIME_WAIT_S * self.clock.hz;
        let remnant = self.minis[id].substate == state::FIN_WAIT2;
        match kind {
            "tw_fin" if !remnant => return -22,
            "tw_fin" => {
                self.minis.get_mut(id).expect("found above").substate = state::TIME_WAIT;
                self.renew_stamp(id, true);
                self.schedule(id, minute, "rearm");
            }
            "tw_rst" if remnant || self.knobs.rfc1337 == 0 => self.end_mini(id, "other"),
            "tw_rst" if self.release.withstood_rst_restarts() => {
                self.schedule(id, minute, "rearm");
            }
            "tw_ack" if !remnant => {
                self.renew_stamp(id, false);
                self.schedule(id, minute, "rearm");
            }
            "tw_oldack" if !remnant => self.schedule(id, minute, "rearm"),
            "tw_syn" if !remnant && self.listener_for(tuple.laddr, tuple.lport).is_some() => {
                self.end_mini(id, "other");
            }
            _ => {}
        }
        0
    }
}
