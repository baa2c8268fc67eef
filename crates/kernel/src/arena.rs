//! Flat storage: records by number, and doubly linked lists over such numbers.
//!
//! Everything in the kernel's tables lives here, so that cloning a kernel copies a few arrays.

use std::ops::{Index, IndexMut};

/// No record.
pub(crate) const NONE: u32 = u32::MAX;

/// Records that keep their number until they are removed; numbers are used again, the latest
/// first.
#[derive(Clone, Debug)]
pub(crate) struct Arena<T> {
    records: Vec<T>,
    occupied: Vec<bool>,
    free: Vec<u32>,
}

impl<T> Arena<T> {
    pub(crate) const fn new() -> Arena<T> {
        Arena { records: Vec::new(), occupied: Vec::new(), free: Vec::new() }
    }

    /// Stores a record and gives its number.
    pub(crate) fn insert(&mut self, record: T) -> u32 {
        match self.free.pop() {
            Some(id) => {
                self.records[id as usize] = record;
                self.occupied[id as usize] = true;
                id
            }
            None => {
                self.records.push(record);
                self.occupied.push(true);
                (self.records.len() - 1) as u32
            }
        }
    }

    /// Forgets a record.
    pub(crate) fn remove(&mut self, id: u32) {
        self.occupied[id as usize] = false;
        self.free.push(id);
    }

    /// Bytes that the records take, those that are free included.
    pub(crate) fn bytes(&self) -> usize {
        self.records.len() * (size_of::<T>() + size_of::<bool>())
            + self.free.len() * size_of::<u32>()
    }

    /// Records stored.
    pub(crate) fn len(&self) -> usize {
        self.records.len() - self.free.len()
    }

    /// All records with their numbers, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        let records = self.records.iter().zip(&self.occupied).enumerate();
        records.filter(|(_, (_, occupied))| **occupied).map(|(id, (record, _))| (id as u32, record))
    }
}

impl<T> Index<u32> for Arena<T> {
    type Output = T;

    #[inline(always)]
    fn index(&self, id: u32) -> &T {
        &self.records[id as usize]
    }
}

impl<T> IndexMut<u32> for Arena<T> {
    #[inline]
    fn index_mut(&mut self, id: u32) -> &mut T {
        &mut self.records[id as usize]
    }
}

#[derive(Clone, Copy, Debug)]
struct Link {
    prev: u32,
    next: u32,
}

/// Doubly linked lists that share one array of links; each list's head is kept by its owner.
/// As in Linux, a new entry goes to the front.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists(Vec<Link>);

impl Lists {
    /// Bytes that the links take.
    pub(crate) fn bytes(&self) -> usize {
        self.0.len() * size_of::<Link>()
    }

    /// Puts an entry that is on no list of these to the front of one.
    pub(crate) fn push_front(&mut self, head: &mut u32, id: u32) {
        let link = Link { prev: NONE, next: *head };
        match self.0.get_mut(id as usize) {
            Some(slot) => *slot = link,
            None => {
                self.0.resize(id as usize, Link { prev: NONE, next: NONE });
                self.0.push(link);
            }
        }
        if *head != NONE {
            self.0[*head as usize].prev = id;
        }
        *head = id;
    }

    /// Takes an entry off the list that it is on.
    pub(crate) fn remove(&mut self, head: &mut u32, id: u32) {
        let Link { prev, next } = self.0[id as usize];
        match prev {
            NONE => *head = next,
            _ => self.0[prev as usize].next = next,
        }
        if next != NONE {
            self.0[next as usize].prev = prev;
        }
    }

    /// The entry behind this one, or [`NONE`].
    #[inline]
    pub(crate) fn next(&self, id: u32) -> u32 {
        self.0[id as usize].next
    }

    /// A list from its head on.
    pub(crate) fn iter(&self, head: u32) -> impl Iterator<Item = u32> + '_ {
        let entry = |id: u32| (id != NONE).then_some(id);
        std::iter::successors(entry(head), move |id| entry(self.next(*id)))
    }
}
