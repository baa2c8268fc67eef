//! The marks of the timeline: what calls on a branch have returned, as far as it's worth a mark.
//!
//! A load may make more connects than there is room for. The first [`MARKED_EACH`] marks of a
//! branch are of every connect; behind them a load has two more at most, of its first connect and
//! of the first one that failed. Whether a call is marked depends on nothing but the calls before
//! it, so a branch has the same marks however it was reached.

use crate::frame::{Mark, Ret};

/// So many marks of a branch are of every connect.
pub(crate) const MARKED_EACH: usize = 1 << 17;

/// The marks of a branch, by their calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    list: Vec<Mark>,
    /// The last call marked that is a connect that failed.
    last_failed: Option<u32>,
}

impl Marks {
    /// All of them.
    pub(crate) fn list(&self) -> &[Mark] {
        &self.list
    }

    /// The mark of a call.
    pub(crate) fn of(&self, call: u32) -> Option<&Mark> {
        let at = self.list.binary_search_by_key(&call, |mark| mark.call).ok()?;
        Some(&self.list[at])
    }

    /// Adds the mark of the branch's next call. `load` is the first call of the load that it
    /// belongs to.
    pub(crate) fn add(&mut self, mark: Mark, load: Option<u32>) {
        let failed = failed(&mark);
        let since = |last: Option<u32>| last.is_none_or(|call| Some(call) < load);
        let first =
            since(self.list.last().map(|mark| mark.call)) || failed && since(self.last_failed);
        if load.is_some() && self.list.len() >= MARKED_EACH && !first {
            return;
        }
        self.last_failed = if failed { Some(mark.call) } else { self.last_failed };
        self.list.push(mark);
    }

    /// Forgets the calls from `call` on.
    pub(crate) fn cut(&mut self, call: u32) {
        self.list.truncate(self.list.partition_point(|mark| mark.call < call));
        self.last_failed = self.list.iter().rev().find(|mark| failed(mark)).map(|mark| mark.call);
    }
}

fn failed(mark: &Mark) -> bool {
    mark.connect && mark.ret != Ret::Ok
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ERROR_99;

    fn mark(call: u32, ret: Ret) -> Mark {
        Mark { call, number: 0, connect: true, ret, port: 0, probes: 1 }
    }

    /// Loads of ten connects each, of which those from the sixth on fail.
    fn loads(marks: &mut Marks, calls: std::ops::Range<u32>) {
        for call in calls {
            let ret = if call % 10 < 5 { Ret::Ok } else { ERROR_99 };
            marks.add(mark(call, ret), Some(call - call % 10));
        }
    }

    #[test]
    fn behind_the_first_ones_a_load_has_two_marks() {
        let mut marks = Marks::default();
        let full = MARKED_EACH as u32;
        loads(&mut marks, 0..full + 1_000);
        let behind: Vec<u32> =
            marks.list()[MARKED_EACH..].iter().map(|mark| mark.call).skip(1).take(4).collect();
        let next = full.next_multiple_of(10);
        assert_eq!(behind, [next, next + 5, next + 10, next + 15]);
        assert!(marks.list().len() <= MARKED_EACH + 202, "{}", marks.list().len());
    }

    #[test]
    fn marks_are_the_same_after_going_back() {
        let (mut straight, mut back) = (Marks::default(), Marks::default());
        let end = MARKED_EACH as u32 + 500;
        loads(&mut straight, 0..end);
        for at in [end, end - 3, end - 77, end - 505] {
            let begun = back.list().last().map_or(0, |mark| mark.call + 1);
            back.cut(begun - begun % 10);
            loads(&mut back, begun - begun % 10..at);
            back.cut(at - 100);
            loads(&mut back, at - 100..at);
            back.cut(at - 100);
        }
        loads(&mut back, end - 605..end);
        assert_eq!(back.list(), straight.list());
    }

    #[test]
    fn a_single_call_always_has_its_mark() {
        let mut marks = Marks::default();
        loads(&mut marks, 0..MARKED_EACH as u32 + 100);
        let call = MARKED_EACH as u32 + 100;
        marks.add(mark(call, Ret::Ok), None);
        assert_eq!(marks.of(call).map(|mark| mark.call), Some(call));
    }
}
