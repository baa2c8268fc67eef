//! The kernel against a second, obvious model, with random calls.

mod cases;
mod obvious;

use std::collections::BTreeMap;

use cases::cases;
use error99_kernel::{
    Addr, Call, CloseHow, Config, Errno, Event, Kernel, Reply, SocketName, Sysctl, SysctlValue,
    TimewaitCause,
};
use obvious::Obvious;
use proptest::prelude::*;
use proptest::sample::select;

const LOW: u16 = 40_000;
const HIGH: u16 = 40_006;
const OWN: [Addr; 2] = [Addr::new(10, 0, 0, 1), Addr::new(10, 0, 0, 7)];
/// Calls per case: 10,000 cases are a million.
const CALLS: usize = 100;

#[derive(Clone, Debug)]
enum Step {
    Socket(u32),
    Reuse(u32, bool),
    Bind(u32, Addr, u16),
    Connect(u32, Addr, u16, bool),
    Listen(u32),
    Close(u32, bool, bool),
    Advance(u64),
    TwReuse(i32),
    Timestamps(i32),
    Range(u16, u16),
}

fn step() -> impl Strategy<Value = Step> {
    let s = || 0..9_u32;
    let addr = select(vec![Addr::ANY, OWN[0], OWN[1]]);
    let port = prop_oneof![2 => Just(0), 5 => LOW..=HIGH, 1 => Just(45_000)];
    let dst = select(vec![Addr::new(10, 0, 0, 2), Addr::new(10, 0, 0, 3)]);
    let ms = prop_oneof![select(vec![0_u64, 400, 1_000, 2_000, 7_500, 60_000]), 0..9_000_u64];
    prop_oneof![
        20 => s().prop_map(Step::Socket),
        5 => (s(), any::<bool>()).prop_map(|(s, on)| Step::Reuse(s, on)),
        10 => (s(), addr, port).prop_map(|(s, addr, port)| Step::Bind(s, addr, port)),
        30 => (s(), dst, select(vec![80, 81]), prop::bool::weighted(0.8))
            .prop_map(|(s, dst, dport, peer_ts)| Step::Connect(s, dst, dport, peer_ts)),
        3 => s().prop_map(Step::Listen),
        20 => (s(), prop::bool::weighted(0.8), any::<bool>())
            .prop_map(|(s, active, stamp_now)| Step::Close(s, active, stamp_now)),
        10 => ms.prop_map(Step::Advance),
        3 => (0..2).prop_map(Step::TwReuse),
        1 => (0..2).prop_map(Step::Timestamps),
        1 => (LOW..=LOW + 3, LOW + 3..=HIGH).prop_map(|(low, high)| Step::Range(low, high)),
    ]
}

/// Both models side by side.
struct Pair {
    kernel: Kernel,
    obvious: Obvious,
}

impl Pair {
    fn new(bhash_size: u32, hint: u32) -> Pair {
        let config = Config {
            bhash_size,
            ehash_size: 16,
            hint,
            local: OWN.to_vec(),
            default_src: OWN[0],
            sysctl: vec![(Sysctl::PortRange, SysctlValue::Two(LOW.into(), HIGH.into()))],
            ..Config::default()
        };
        let kernel = Kernel::new(&config).expect("a usual machine");
        let obvious = Obvious {
            low: LOW,
            high: HIGH,
            hint,
            now_s: config.start_sec.into(),
            tw_reuse: false,
            timestamps: true,
            own: OWN[0],
            sockets: BTreeMap::new(),
            holders: Vec::new(),
            fastreuse: BTreeMap::new(),
        };
        Pair { kernel, obvious }
    }

    /// Carries out a step in both; the two answers.
    fn step(&mut self, step: &Step) -> Option<(Reply, Result<(), Errno>)> {
        let mut events = Vec::new();
        let Pair { kernel, obvious } = self;
        let before = kernel.clone();
        let mut call = |call: Call| kernel.apply_traced(&call, &mut events);
        let answers = match *step {
            Step::Socket(s) if obvious.sockets.contains_key(&s) => return None,
            Step::Socket(s) => {
                obvious.socket(s);
                (call(Call::Socket { s: SocketName(s) }), Ok(()))
            }
            Step::Reuse(s, on) => {
                (call(Call::Reuse { s: SocketName(s), on }), obvious.reuse(s, on))
            }
            // The second model doesn't share ports for bind(…, 0).
            Step::Bind(s, _, 0) if obvious.sockets.get(&s).is_some_and(|own| own.reuse) => {
                return None;
            }
            Step::Bind(s, addr, port) => {
                let reply = call(Call::Bind { s: SocketName(s), addr, port });
                let random = events.iter().find_map(|event| match event {
                    Event::SearchStarted { random, .. } => Some(*random),
                    _ => None,
                });
                (reply, obvious.bind(s, addr, port, random))
            }
            Step::Connect(s, dst, dport, peer_ts) => {
                let reply = call(Call::Connect {
                    s: SocketName(s),
                    dst,
                    dport,
                    establish: true,
                    peer_ts,
                    family: 2,
                    addr_len: 16,
                });
                let offset = |source| before.port_offset(source, dst, dport) as u32;
                (reply, obvious.connect(s, dst, dport, peer_ts, offset))
            }
            Step::Listen(s) if obvious.holder(s).is_none() => return None,
            Step::Listen(s) => (call(Call::Listen { s: SocketName(s) }), obvious.listen(s)),
            Step::Close(s, active, stamp_now) => {
                let connected = obvious.sockets.get(&s).is_some_and(|own| own.connected);
                let how = match (active, connected) {
                    (true, _) => CloseHow::Active,
                    (false, true) => CloseHow::Passive,
                    (false, false) => CloseHow::Plain,
                };
                let reply = call(Call::Close { s: SocketName(s), how, stamp_now });
                (reply, obvious.close(s, active, stamp_now))
            }
            Step::Advance(ms) => (call(Call::Advance { ms }), Ok(())),
            Step::TwReuse(value) => {
                obvious.tw_reuse = value != 0;
                let value = SysctlValue::One(value);
                call(Call::Sysctl { sysctl: Sysctl::TwReuse, value });
                return None;
            }
            Step::Timestamps(value) => {
                obvious.timestamps = value != 0;
                let value = SysctlValue::One(value);
                call(Call::Sysctl { sysctl: Sysctl::Timestamps, value });
                return None;
            }
            Step::Range(low, high) => {
                (obvious.low, obvious.high) = (low, high);
                let value = SysctlValue::Two(low.into(), high.into());
                call(Call::Sysctl { sysctl: Sysctl::PortRange, value });
                return None;
            }
        };
        obvious.now_s = kernel.wall_second().into();
        for event in events {
            if let Event::TimewaitEnded { tuple, cause: TimewaitCause::Timer, .. } = event {
                obvious.timewait_ended(tuple.lport, tuple.laddr, (tuple.faddr, tuple.fport));
            }
        }
        Some(answers)
    }

    /// What both say of the machine: hint, sockets, and each port's bucket.
    fn differ(&self) -> Option<String> {
        let Pair { kernel, obvious } = self;
        if kernel.hint() != obvious.hint {
            return Some(format!("hint {} and {}", kernel.hint(), obvious.hint));
        }
        for s in obvious.sockets.keys() {
            let num = kernel.socket(SocketName(*s)).map(|socket| socket.num);
            let own = Some(obvious.holder(*s).map_or(0, |holder| holder.port));
            if num != own {
                return Some(format!("socket {s} has port {num:?} and {own:?}"));
            }
        }
        for port in (LOW..=HIGH).chain([45_000]) {
            let bucket = kernel
                .bucket(port)
                .map(|bucket| (bucket.fastreuse.value(), bucket.owners, bucket.timewait_owners));
            let held = obvious.fastreuse.get(&port).map(|fastreuse| {
                let at = || obvious.holders.iter().filter(|holder| holder.port == port);
                let timewaits = at().filter(|holder| holder.socket.is_none());
                (*fastreuse, at().count() as u32, timewaits.count() as u32)
            });
            if bucket != held {
                return Some(format!("port {port}: {bucket:?} and {held:?}"));
            }
        }
        None
    }
}

/// What the second model answers, as the first one says it.
fn expected(step: &Step, answer: Result<(), Errno>) -> i32 {
    match (step, answer) {
        (Step::Connect(..), Ok(())) => -Errno::EINPROGRESS.code(),
        (_, Ok(())) => 0,
        (_, Err(errno)) => -errno.code(),
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_kernel_and_the_obvious_model_agree(
        size in select(vec![1_u32, 4, 256]),
        hint in select(vec![0, 1_000, u32::MAX - 4, u32::MAX]),
        steps in prop::collection::vec(step(), CALLS),
    ) {
        let mut pair = Pair::new(size, hint);
        for (number, step) in steps.iter().enumerate() {
            if let Some((reply, answer)) = pair.step(step) {
                prop_assert_eq!(reply.ret, expected(step, answer), "{}: {:?}", number, step);
            }
            prop_assert_eq!(pair.differ(), None, "{}: {:?}", number, step);
        }
    }
}
