//! How long something takes, and how much memory it holds at most.

#![allow(unsafe_code)] // an allocator that counts can't be written otherwise

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
pub struct Counted;

fn grow(bytes: usize) {
    PEAK.fetch_max(HELD.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both may exist for a moment.
        grow(size);
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(at, layout, size) }
    }
}

/// What was measured of some work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// How long it took.
    pub time: Duration,
    /// Most bytes that it held at once.
    pub bytes: usize,
}

impl Cost {
    /// The larger of both.
    pub fn max(self, other: Cost) -> Cost {
        Cost { time: self.time.max(other.time), bytes: self.bytes.max(other.bytes) }
    }
}

/// Does some work, and measures it. Nothing else may run meanwhile.
pub fn measured<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    let began = Instant::now();
    let result = work();
    let time = began.elapsed();
    (result, Cost { time, bytes: PEAK.load(Relaxed).saturating_sub(before) })
}
