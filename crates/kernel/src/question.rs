//! What a connect asks about a mini-socket that has the 4-tuple it wants, and the answers.
//!
//! Models `tcp_twsk_unique` (`net/ipv4/tcp_ipv4.c`). The rule that a walk goes by and the list
//! that a page shows are made of the same answers.

use crate::addr::Tuple;
use crate::rules::ReuseRule;
use crate::verdict::{Substate, TimewaitRefusal};

/// A mini-socket with the wanted 4-tuple, as the check saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimewaitSeen {
    /// Second of its last timestamped segment; 0 for none. Of the wall clock up to 3.10, monotonic
    /// in later releases.
    pub stamp: u32,
    /// Second now, of the same clock.
    pub now: u32,
    /// When it entered TIME_WAIT, in monotonic ms modulo 2^32; only 6.14 and later look at it.
    pub entry_ms: u32,
    /// That clock now.
    pub now_ms: u32,
    /// `tcp_tw_reuse_delay` in ms, since 6.14.
    pub delay_ms: u16,
    /// TIME_WAIT or FIN_WAIT2.
    pub substate: Substate,
    /// What `tcp_tw_reuse` says of this connection.
    pub reuse: Reuse,
    /// Who asks.
    pub asker: Asker,
    /// How age is measured.
    pub age: Age,
    /// Whether FIN_WAIT2 is left alone.
    pub asks_substate: bool,
}

/// What `tcp_tw_reuse` says of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reuse {
    /// It is 0.
    Off,
    /// It is on for this connection.
    On,
    /// It is 2, and neither address is in 127.0.0.0/8.
    NotLoopback,
}

/// How the age of a mini-socket is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Age {
    /// More than one second from its stamp on, as unsigned numbers (up to 4.18).
    OverOneSecond,
    /// Any second behind its stamp (4.19 to 6.13).
    LaterSecond,
    /// More than `delay_ms` in TIME_WAIT (since 6.14).
    OverDelay,
}

/// Who asks about a mini-socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asker {
    /// Automatic choice.
    Walk,
    /// A socket with a port of its own (`twp` is NULL): for it a stamp is enough.
    Bound,
}

/// A question about a mini-socket; yes speaks for taking its 4-tuple over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// Did the connection have timestamps?
    Stamp,
    /// Is it in TIME_WAIT, and not in FIN_WAIT2? Since 6.12.
    Closed,
    /// Is `tcp_tw_reuse` on, for this connection?
    Reuse,
    /// Is it old enough?
    Age,
}

/// A question, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// The kernel's answer, or why it never asked.
    pub answer: Answer,
    /// What the answer is, asked or not; `None` if there is nothing to ask about, as for the age
    /// of a stamp that doesn't exist.
    pub truth: Option<bool>,
}

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Yes: the next question is asked, or the mini-socket gives its 4-tuple up.
    Yes,
    /// No: the mini-socket keeps its 4-tuple.
    No,
    /// Not asked: an earlier answer was no.
    Settled,
    /// Not asked: it's only for automatic choice.
    WalkOnly,
}

/// What is known of the questions before any mini-socket is met; made once per call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking {
    now: u32,
    now_ms: u32,
    delay_ms: u16,
    reuse: Reuse,
    asker: Asker,
    age: Age,
    asks_substate: bool,
}

/// What a machine knows when somebody asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// Second of the clock that stamps are of.
    pub(crate) now: u32,
    /// Monotonic ms, modulo 2^32.
    pub(crate) now_ms: u32,
    /// `tcp_tw_reuse`.
    pub(crate) tw_reuse: i32,
    /// `tcp_tw_reuse_delay`.
    pub(crate) delay_ms: u32,
}

impl ReuseRule {
    /// How it measures age.
    pub const fn age(self) -> Age {
        match self {
            ReuseRule::OverOneSecond => Age::OverOneSecond,
            ReuseRule::LaterSecond | ReuseRule::LaterSecondWhenClosed => Age::LaterSecond,
            ReuseRule::OverDelayWhenClosed => Age::OverDelay,
        }
    }

    /// Whether it leaves FIN_WAIT2 alone.
    pub const fn asks_substate(self) -> bool {
        matches!(self, ReuseRule::LaterSecondWhenClosed | ReuseRule::OverDelayWhenClosed)
    }

    /// The questions of whoever wants that connection, at that moment.
    pub(crate) const fn asking(self, asker: Asker, want: &Tuple, moment: Moment) -> Asking {
        let Moment { now, now_ms, tw_reuse, delay_ms } = moment;
        let loopback = want.laddr.is_loopback() || want.faddr.is_loopback();
        let only_loopback = !matches!(self, ReuseRule::OverOneSecond);
        let reuse = match tw_reuse {
            0 => Reuse::Off,
            2 if only_loopback && !loopback => Reuse::NotLoopback,
            _ => Reuse::On,
        };
        let (age, asks_substate) = (self.age(), self.asks_substate());
        Asking { now, now_ms, delay_ms: delay_ms as u16, reuse, asker, age, asks_substate }
    }
}

impl Asking {
    /// They meet a mini-socket.
    pub(crate) const fn about(
        &self,
        stamp: u32,
        entry_ms: u32,
        substate: Substate,
    ) -> TimewaitSeen {
        let Asking { now, now_ms, delay_ms, reuse, asker, age, asks_substate } = *self;
        TimewaitSeen {
            stamp,
            now,
            entry_ms,
            now_ms,
            delay_ms,
            substate,
            reuse,
            asker,
            age,
            asks_substate,
        }
    }
}

/// What a mini-socket says when it is asked; of a walk's thousands few are asked everything.
pub(crate) trait Witness {
    fn stamp(&self) -> u32;
    fn entry_ms(&self) -> u32;
    fn substate(&self) -> Substate;
}

impl Asking {
    /// Whether a mini-socket gives its 4-tuple up (`tcp_twsk_unique`): the first question of
    /// [`TimewaitSeen::questions`] whose answer is no, or nothing.
    ///
    /// # Errors
    /// Why not.
    #[inline(always)]
    pub(crate) fn unique(&self, mini: &impl Witness) -> Result<(), TimewaitRefusal> {
        let stamp = mini.stamp();
        if stamp == 0 {
            return Err(TimewaitRefusal::NoStamp);
        }
        if matches!(self.asker, Asker::Bound) {
            return Ok(());
        }
        if self.asks_substate && matches!(mini.substate(), Substate::FinWait2) {
            return Err(TimewaitRefusal::HalfClosed);
        }
        match self.reuse {
            Reuse::On => {}
            Reuse::Off => return Err(TimewaitRefusal::ReuseOff),
            Reuse::NotLoopback => return Err(TimewaitRefusal::LoopbackOnly),
        }
        let age_s = self.now.wrapping_sub(stamp);
        let young = Err(TimewaitRefusal::TooYoung { age_s });
        match self.age {
            Age::OverOneSecond if age_s > 1 => Ok(()),
            Age::LaterSecond if age_s as i32 > 0 => Ok(()),
            Age::OverOneSecond | Age::LaterSecond => young,
            Age::OverDelay => {
                let age_ms = self.now_ms.wrapping_sub(mini.entry_ms());
                match age_ms.wrapping_sub(u32::from(self.delay_ms)) as i32 > 0 {
                    true => Ok(()),
                    false => Err(TimewaitRefusal::TooEarly { age_ms }),
                }
            }
        }
    }
}

impl Witness for TimewaitSeen {
    fn stamp(&self) -> u32 {
        self.stamp
    }

    fn entry_ms(&self) -> u32 {
        self.entry_ms
    }

    fn substate(&self) -> Substate {
        self.substate
    }
}

impl TimewaitSeen {
    /// Seconds since the stamp, as the kernel subtracts: unsigned, so huge after a step back.
    pub const fn age_s(&self) -> u64 {
        (self.now as u64).wrapping_sub(self.stamp as u64)
    }

    /// Milliseconds since it entered TIME_WAIT.
    pub const fn age_ms(&self) -> u32 {
        self.now_ms.wrapping_sub(self.entry_ms)
    }

    /// Whether it is old enough.
    const fn is_old(&self) -> bool {
        match self.age {
            Age::OverOneSecond => self.age_s() > 1,
            Age::LaterSecond => self.now.wrapping_sub(self.stamp) as i32 > 0,
            Age::OverDelay => self.age_ms().wrapping_sub(self.delay_ms as u32) as i32 > 0,
        }
    }

    /// The questions, in the kernel's order.
    const fn order() -> [Question; 4] {
        [Question::Stamp, Question::Closed, Question::Reuse, Question::Age]
    }

    /// What the kernel would find.
    const fn truth(&self, question: Question) -> bool {
        match question {
            Question::Stamp => self.stamp != 0,
            Question::Closed => matches!(self.substate, Substate::TimeWait),
            Question::Reuse => matches!(self.reuse, Reuse::On),
            Question::Age => self.is_old(),
        }
    }

    /// Whether this kernel knows a question.
    const fn is_known(&self, question: Question) -> bool {
        self.asks_substate || !matches!(question, Question::Closed)
    }

    /// Whether the asker puts a question at all.
    const fn is_put(&self, question: Question) -> bool {
        matches!((self.asker, question), (Asker::Walk, _) | (Asker::Bound, Question::Stamp))
    }

    /// Every question with its answer, in the kernel's order; also those that weren't asked.
    pub fn questions(&self) -> impl Iterator<Item = Asked> + use<> {
        let seen = *self;
        let mut settled = false;
        let known = TimewaitSeen::order().into_iter().filter(move |asked| seen.is_known(*asked));
        known.map(move |question| {
            let truth = seen.truth(question);
            let answer = match (seen.is_put(question), settled, truth) {
                (false, ..) => Answer::WalkOnly,
                (true, true, _) => Answer::Settled,
                (true, false, true) => Answer::Yes,
                (true, false, false) => Answer::No,
            };
            settled |= answer == Answer::No;
            let pointless = question == Question::Age && seen.stamp == 0;
            Asked { question, answer, truth: (!pointless).then_some(truth) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::Addr;

    fn unique(seen: &TimewaitSeen) -> Result<(), TimewaitRefusal> {
        let TimewaitSeen { now, now_ms, delay_ms, reuse, asker, age, asks_substate, .. } = *seen;
        Asking { now, now_ms, delay_ms, reuse, asker, age, asks_substate }.unique(seen)
    }

    /// The question that a refusal answers.
    fn asked(refusal: TimewaitRefusal) -> Question {
        match refusal {
            TimewaitRefusal::NoStamp => Question::Stamp,
            TimewaitRefusal::HalfClosed => Question::Closed,
            TimewaitRefusal::ReuseOff | TimewaitRefusal::LoopbackOnly => Question::Reuse,
            TimewaitRefusal::TooYoung { .. } | TimewaitRefusal::TooEarly { .. } => Question::Age,
        }
    }

    fn seen(stamp: u32, reuse: Reuse, asker: Asker) -> TimewaitSeen {
        TimewaitSeen {
            stamp,
            now: 100,
            entry_ms: 99_000,
            now_ms: 100_000,
            delay_ms: 1_000,
            substate: Substate::TimeWait,
            reuse,
            asker,
            age: Age::OverOneSecond,
            asks_substate: false,
        }
    }

    /// Mini-sockets of every kind, asked by both, in every way.
    fn every_kind() -> impl Iterator<Item = TimewaitSeen> {
        let stamps = [0, 1, 97, 98, 99, 100, 101, u32::MAX];
        let ages = [Age::OverOneSecond, Age::LaterSecond, Age::OverDelay];
        let reuses = [Reuse::Off, Reuse::On, Reuse::NotLoopback];
        stamps.into_iter().flat_map(move |stamp| {
            reuses.into_iter().flat_map(move |reuse| {
                ages.into_iter().flat_map(move |age| {
                    [Asker::Walk, Asker::Bound].into_iter().flat_map(move |asker| {
                        [Substate::TimeWait, Substate::FinWait2].into_iter().flat_map(
                            move |substate| {
                                [false, true].map(|asks_substate| TimewaitSeen {
                                    age,
                                    substate,
                                    asks_substate,
                                    ..seen(stamp, reuse, asker)
                                })
                            },
                        )
                    })
                })
            })
        })
    }

    #[test]
    fn the_rule_is_the_first_no_of_the_questions_that_are_asked() {
        for seen in every_kind() {
            let no = seen.questions().find(|asked| asked.answer == Answer::No);
            let refusal = unique(&seen).err();
            assert_eq!(no.map(|asked| asked.question), refusal.map(asked), "{seen:?}");
        }
    }

    #[test]
    fn what_is_asked_is_answered_by_the_truth_and_nothing_is_asked_after_a_no() {
        for seen in every_kind() {
            let mut over = false;
            for Asked { answer, truth, .. } in seen.questions() {
                match answer {
                    Answer::Yes => assert!(truth == Some(true) && !over, "{seen:?}"),
                    Answer::No => assert!(truth == Some(false) && !over, "{seen:?}"),
                    Answer::Settled => assert!(over && seen.asker == Asker::Walk, "{seen:?}"),
                    Answer::WalkOnly => assert_eq!(seen.asker, Asker::Bound),
                }
                over |= answer == Answer::No;
            }
        }
    }

    #[test]
    fn reuse_needs_a_stamp_the_sysctl_and_more_than_a_second() {
        let at = |stamp, reuse, asker| {
            unique(&TimewaitSeen { substate: Substate::FinWait2, ..seen(stamp, reuse, asker) })
        };
        assert_eq!(at(0, Reuse::On, Asker::Walk), Err(TimewaitRefusal::NoStamp));
        assert_eq!(at(90, Reuse::Off, Asker::Walk), Err(TimewaitRefusal::ReuseOff));
        assert_eq!(at(99, Reuse::On, Asker::Walk), Err(TimewaitRefusal::TooYoung { age_s: 1 }));
        assert_eq!(at(98, Reuse::On, Asker::Walk), Ok(()));
        // The wall clock went back behind the stamp: the seconds are unsigned.
        assert_eq!(at(101, Reuse::On, Asker::Walk), Ok(()));
        assert_eq!(at(0, Reuse::On, Asker::Bound), Err(TimewaitRefusal::NoStamp));
        assert_eq!(at(100, Reuse::Off, Asker::Bound), Ok(()));
    }

    #[test]
    fn later_releases_ask_for_a_later_second_or_for_more_than_the_delay() {
        let at = |age, stamp, now_ms| {
            unique(&TimewaitSeen { age, now_ms, ..seen(stamp, Reuse::On, Asker::Walk) })
        };
        assert_eq!(at(Age::LaterSecond, 99, 0), Ok(()));
        let young = Err(TimewaitRefusal::TooYoung { age_s: 0 });
        assert_eq!(at(Age::LaterSecond, 100, 0), young);
        let early = Err(TimewaitRefusal::TooEarly { age_ms: 1_000 });
        assert_eq!(at(Age::OverDelay, 1, 100_000), early);
        assert_eq!(at(Age::OverDelay, 1, 100_001), Ok(()));
    }

    #[test]
    fn a_2_in_tcp_tw_reuse_is_for_connections_with_a_loopback_address_at_either_end() {
        let (own, loopback) = (Addr::new(10, 0, 0, 1), Addr::new(127, 9, 8, 7));
        let reuse = |rule: ReuseRule, tw_reuse, laddr, faddr| {
            let want = Tuple { laddr, faddr, ..Tuple::default() };
            let moment = Moment { now: 0, now_ms: 0, tw_reuse, delay_ms: 0 };
            rule.asking(Asker::Walk, &want, moment).reuse
        };
        for rule in [ReuseRule::LaterSecond, ReuseRule::OverDelayWhenClosed] {
            assert_eq!(reuse(rule, 2, own, own), Reuse::NotLoopback);
            for (laddr, faddr) in [(own, loopback), (loopback, own), (loopback, loopback)] {
                assert_eq!(reuse(rule, 2, laddr, faddr), Reuse::On);
                assert_eq!(reuse(rule, 0, laddr, faddr), Reuse::Off);
            }
            assert_eq!(reuse(rule, 1, own, own), Reuse::On);
        }
        assert_eq!(reuse(ReuseRule::OverOneSecond, 2, own, own), Reuse::On);
    }

    #[test]
    fn since_6_12_a_half_closed_one_is_left_alone_but_not_by_a_bound_socket() {
        let at = |asker| {
            let half = Substate::FinWait2;
            TimewaitSeen { substate: half, asks_substate: true, ..seen(90, Reuse::On, asker) }
        };
        assert_eq!(unique(&at(Asker::Walk)), Err(TimewaitRefusal::HalfClosed));
        assert_eq!(unique(&at(Asker::Bound)), Ok(()));
    }
}
