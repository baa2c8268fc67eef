//! What a connect asks about a mini-socket that has the 4-tuple it wants, and the answers.
//!
//! Models `tcp_twsk_unique` (`net/ipv4/tcp_ipv4.c`). The rule that a walk goes by and the list
//! that a page shows are made of the same answers.

use crate::rules::ReuseRule;
use crate::verdict::{Substate, TimewaitRefusal};

/// A mini-socket with the wanted 4-tuple, as the check saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimewaitSeen {
    /// Wall-clock second of its last timestamped segment; 0 for none.
    pub stamp: u32,
    /// Wall-clock second now.
    pub now: u32,
    /// TIME_WAIT or FIN_WAIT2; no rule looks at it.
    pub substate: Substate,
    /// `tcp_tw_reuse` isn't 0.
    pub reuse_on: bool,
    /// Who asks.
    pub asker: Asker,
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
    /// Is `tcp_tw_reuse` on?
    Reuse,
    /// Is the stamp more than one whole second old?
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
    reuse_on: bool,
    asker: Asker,
}

impl ReuseRule {
    /// The questions at that wall-clock second, with that `tcp_tw_reuse`.
    pub(crate) const fn asking(self, asker: Asker, now: u32, tw_reuse: i32) -> Asking {
        match self {
            ReuseRule::OverOneSecond => Asking { now, reuse_on: tw_reuse != 0, asker },
        }
    }
}

impl Asking {
    /// They meet a mini-socket.
    #[inline(always)]
    pub(crate) const fn about(self, stamp: u32, substate: Substate) -> TimewaitSeen {
        let Asking { now, reuse_on, asker } = self;
        TimewaitSeen { stamp, now, substate, reuse_on, asker }
    }
}

impl TimewaitSeen {
    /// Seconds since the stamp, as the kernel subtracts: unsigned, so huge after a step back.
    pub const fn age_s(&self) -> u64 {
        (self.now as u64).wrapping_sub(self.stamp as u64)
    }

    /// The questions, in the kernel's order.
    const fn order() -> [Question; 3] {
        [Question::Stamp, Question::Reuse, Question::Age]
    }

    /// What the kernel would find.
    #[inline(always)]
    const fn truth(&self, question: Question) -> bool {
        match question {
            Question::Stamp => self.stamp != 0,
            Question::Reuse => self.reuse_on,
            Question::Age => self.age_s() > 1,
        }
    }

    /// Whether the asker puts a question at all.
    #[inline(always)]
    const fn is_put(&self, question: Question) -> bool {
        matches!((self.asker, question), (Asker::Walk, _) | (Asker::Bound, Question::Stamp))
    }

    /// Why it says no to a question.
    #[inline(always)]
    const fn refusal(&self, question: Question) -> TimewaitRefusal {
        match question {
            Question::Stamp => TimewaitRefusal::NoStamp,
            Question::Reuse => TimewaitRefusal::ReuseOff,
            Question::Age => TimewaitRefusal::TooYoung { age_s: self.age_s() as u32 },
        }
    }

    /// Whether the mini-socket gives its 4-tuple up (`tcp_twsk_unique`). The substate is never
    /// asked.
    ///
    /// # Errors
    /// The first question whose answer is no.
    #[inline(always)]
    pub(crate) fn unique(&self) -> Result<(), TimewaitRefusal> {
        for question in TimewaitSeen::order() {
            if self.is_put(question) && !self.truth(question) {
                return Err(self.refusal(question));
            }
        }
        Ok(())
    }

    /// Every question with its answer, in the kernel's order; also those that weren't asked.
    pub fn questions(&self) -> impl Iterator<Item = Asked> + use<> {
        let seen = *self;
        let mut settled = false;
        TimewaitSeen::order().into_iter().map(move |question| {
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

    /// Mini-sockets of every kind, asked by both.
    fn every_kind() -> impl Iterator<Item = TimewaitSeen> {
        let stamps = [0, 1, 97, 98, 99, 100, 101, u32::MAX];
        stamps.into_iter().flat_map(|stamp| {
            [(false, Asker::Walk), (true, Asker::Walk), (false, Asker::Bound), (true, Asker::Bound)]
                .map(|(reuse_on, asker)| {
                    let substate = Substate::TimeWait;
                    TimewaitSeen { stamp, now: 100, substate, reuse_on, asker }
                })
        })
    }

    #[test]
    fn the_rule_is_the_first_no_of_the_questions_that_are_asked() {
        for seen in every_kind() {
            let no = seen.questions().find(|asked| asked.answer == Answer::No);
            let refusal = seen.unique().err();
            assert_eq!(no.map(|asked| seen.refusal(asked.question)), refusal, "{seen:?}");
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
        let at = |stamp, reuse_on, asker| {
            TimewaitSeen { stamp, now: 100, substate: Substate::FinWait2, reuse_on, asker }.unique()
        };
        assert_eq!(at(0, true, Asker::Walk), Err(TimewaitRefusal::NoStamp));
        assert_eq!(at(90, false, Asker::Walk), Err(TimewaitRefusal::ReuseOff));
        assert_eq!(at(99, true, Asker::Walk), Err(TimewaitRefusal::TooYoung { age_s: 1 }));
        assert_eq!(at(98, true, Asker::Walk), Ok(()));
        // The wall clock went back behind the stamp: the seconds are unsigned.
        assert_eq!(at(101, true, Asker::Walk), Ok(()));
        assert_eq!(at(0, true, Asker::Bound), Err(TimewaitRefusal::NoStamp));
        assert_eq!(at(100, false, Asker::Bound), Ok(()));
    }
}
