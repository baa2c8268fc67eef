//! What ends during a sleep is told moment by moment, on every release, however many end at once.

use std::collections::BTreeMap;

use error99_kernel::{
    Addr, Call, CloseHow, Config, Event, Kernel, Release, SocketName, TimewaitCause,
};
use error99_replay::steps::Listener;

const SERVER: Addr = Addr::new(10, 0, 0, 2);

/// A machine on which connections have been closed, some at once and some after a second.
fn closed(release: Release) -> Kernel {
    let mut kernel = Kernel::new(&Config::of(release)).expect("it boots");
    let mut name = 0;
    for at_once in [3, 1, 40, 1, 2, 150, 1, 7] {
        for _ in 0..at_once {
            let s = SocketName(name);
            name += 1;
            kernel.apply(&Call::Socket { s });
            kernel.apply(&Call::connect(s, SERVER, 80));
            kernel.apply(&Call::close(s, CloseHow::Active));
        }
        kernel.apply(&Call::Advance { ms: 1_700 });
    }
    kernel
}

/// How many mini-sockets and buckets end at each moment, by the kernel's own events.
fn heard(kernel: &mut Kernel, sleep: &Call) -> BTreeMap<u64, [u32; 2]> {
    let mut events: Vec<Event> = Vec::new();
    kernel.apply_traced(sleep, &mut events);
    let (mut ends, mut now) = (BTreeMap::<u64, [u32; 2]>::new(), 0);
    for event in events {
        match event {
            Event::TimewaitEnded { cause: TimewaitCause::Timer, t_ms, .. } => {
                now = t_ms;
                ends.entry(now).or_default()[0] += 1;
            }
            Event::BucketDestroyed { .. } => ends.entry(now).or_default()[1] += 1,
            _ => {}
        }
    }
    ends
}

/// The same, by what is told of the call.
fn told(kernel: &mut Kernel, sleep: &Call) -> BTreeMap<u64, [u32; 2]> {
    let mut listener = Listener::default();
    kernel.apply_traced(sleep, &mut listener);
    let (mut ends, mut now) = (BTreeMap::<u64, [u32; 2]>::new(), 0);
    for told in listener.told {
        let several = told.ended.map(|ended| [ended.count, ended.buckets]);
        let (moment, [minis, buckets]) = match told.event {
            Event::TimewaitEnded { t_ms, .. } => (t_ms, several.unwrap_or([1, 0])),
            Event::CalendarTick { t_ms, .. } | Event::FastTick { t_ms, .. } => {
                (t_ms, several.unwrap_or_default())
            }
            Event::BucketDestroyed { .. } => (now, [0, 1]),
            _ => continue,
        };
        now = moment;
        if minis + buckets > 0 {
            let sum = ends.entry(now).or_default();
            *sum = [sum[0] + minis, sum[1] + buckets];
        }
    }
    ends
}

#[test]
fn every_end_is_told_at_its_own_moment() {
    for release in Release::ALL {
        let mut kernel = closed(release);
        let sleep = Call::Advance { ms: 200_000 };
        let ends = heard(&mut kernel.clone(), &sleep);
        let all: u32 = ends.values().map(|[minis, _]| minis).sum();
        assert!(ends.len() > 1 && all == 205, "{release:?}: {ends:?}");
        assert_eq!(told(&mut kernel, &sleep), ends, "{release:?}");
    }
}
