//! Machines of the model print their listings; read and rebuilt, they are what they were.

use std::net::{IpAddr, Ipv4Addr};

use error99_diagnose::{End, TcpState, diagnose_on, parse, rebuild};
use error99_kernel::{
    Addr, Call, CloseHow, Config, Kernel, PortState, Release, SocketName, SocketState, Substate,
    Sysctl, SysctlValue,
};

type Line = (End, End, TcpState, Option<u64>);

fn end(addr: Addr, port: u16) -> End {
    End { ip: IpAddr::V4(Ipv4Addr::from_bits(addr.0)), port }
}

fn lines(kernel: &Kernel) -> Vec<Line> {
    let live = kernel.sockets().filter_map(|socket| {
        let tuple = socket.tuple();
        let state = match socket.state {
            SocketState::Close => return None,
            state => TcpState::ALL[state as usize],
        };
        Some((end(tuple.laddr, tuple.lport), end(tuple.faddr, tuple.fport), state, None))
    });
    let waiting = kernel.timewaits().map(|mini| {
        let state = match mini.substate {
            Substate::TimeWait => TcpState::TimeWait,
            Substate::FinWait2 => TcpState::FinWait2,
        };
        let tuple = mini.tuple;
        let left = mini.ends_ms.saturating_sub(kernel.now_ms());
        (end(tuple.laddr, tuple.lport), end(tuple.faddr, tuple.fport), state, Some(left))
    });
    live.chain(waiting).collect()
}

/// As `ss -tano` prints it.
fn ss(lines: &[Line]) -> String {
    let names = [
        "",
        "ESTAB",
        "SYN-SENT",
        "SYN-RECV",
        "FIN-WAIT-1",
        "FIN-WAIT-2",
        "TIME-WAIT",
        "UNCONN",
        "CLOSE-WAIT",
        "LAST-ACK",
        "LISTEN",
    ];
    let mut out = "State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n".to_owned();
    for (local, peer, state, left) in lines {
        let timer = match left {
            Some(left) if *left >= 60_000 => {
                format!("timer:(timewait,{}min{}sec,0)", left / 60_000, left % 60_000 / 1_000)
            }
            Some(left) if *left >= 1_000 => format!("timer:(timewait,{}sec,0)", left / 1_000),
            Some(left) => format!("timer:(timewait,{left:03}ms,0)"),
            None => String::new(),
        };
        out += &format!("{:<10} 0 0 {local} {peer} {timer}\n", names[*state as usize]);
    }
    out
}

fn netstat(lines: &[Line]) -> String {
    let mut out = "Proto Recv-Q Send-Q Local Address Foreign Address State\r\n".to_owned();
    for (local, peer, state, _) in lines {
        out += &format!("tcp        0      0 {local:<23} {peer:<23} {}\r\n", state.name());
    }
    out
}

fn proc(lines: &[Line]) -> String {
    let hex = |end: &End| match end.ip {
        IpAddr::V4(ip) => format!("{:08X}:{:04X}", ip.to_bits().swap_bytes(), end.port),
        IpAddr::V6(_) => unreachable!("the model has none"),
    };
    let mut out = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n".to_owned();
    for (at, (local, peer, state, left)) in lines.iter().enumerate() {
        let (timer, when) = left.map_or((0, 0), |left| (3, left / 10));
        out += &format!(
            "{at:4}: {} {} {:02X} 00000000:00000000 {timer:02X}:{when:08X} 00000000 0 0 0 3\n",
            hex(local),
            hex(peer),
            *state as u8
        );
    }
    out
}

const TO: [(Addr, u16); 3] =
    [(Addr::new(10, 0, 0, 2), 80), (Addr::new(10, 0, 0, 2), 81), (Addr::new(10, 0, 0, 3), 80)];

/// The same host with small tables, which change no answer.
fn small(config: Config) -> Config {
    Config { ehash_size: 64, bhash_size: 64, perturb_seed: 0, ..config }
}

/// A host on which something went on for a while. Its range is even: of an odd one, which port a walk
/// never gets to depends on where it starts, and that no listing says.
fn host(release: Release, chance: &mut fastrand::Rng, binds: bool) -> (Kernel, i32) {
    let reuse = chance.i32(0..=1);
    let range = (Sysctl::PortRange, SysctlValue::Two(40_000, 40_001 + 2 * chance.i32(1..6)));
    let sysctl = vec![range, (Sysctl::TwReuse, SysctlValue::One(reuse))];
    let mut kernel =
        Kernel::new(&small(Config { sysctl, ..Config::of(release) })).expect("it boots");
    for s in (0..chance.u32(1..40)).map(SocketName) {
        kernel.apply(&Call::Socket { s });
        if binds && chance.u8(..4) == 0 {
            let (addr, port) = (Addr::new(10, 0, 0, 1), 50_000 + s.0 as u16);
            kernel.apply(&Call::Bind { s, addr, port });
            if chance.bool() {
                kernel.apply(&Call::Listen { s });
                continue;
            }
        }
        let (dst, dport) = TO[chance.usize(..3)];
        let mut connect = Call::connect(s, dst, dport);
        if let Call::Connect { establish, .. } = &mut connect {
            *establish = chance.u8(..6) > 0;
        }
        kernel.apply(&connect);
        let how = [CloseHow::Active, CloseHow::Active, CloseHow::FinWait2, CloseHow::Passive];
        if chance.bool() {
            kernel.apply(&Call::close(s, how[chance.usize(..4)]));
        }
        kernel.apply(&Call::Advance { ms: chance.u64(..300) });
    }
    kernel.apply(&Call::Advance { ms: 9_000 });
    (kernel, reuse)
}

#[test]
fn what_a_machine_prints_is_read_as_it_is() {
    let mut chance = fastrand::Rng::with_seed(99);
    for release in Release::ALL {
        for _ in 0..30 {
            let (kernel, _) = host(release, &mut chance, true);
            let lines = lines(&kernel);
            for (text, timers) in
                [(ss(&lines), true), (netstat(&lines), false), (proc(&lines), true)]
            {
                let observed = parse(&text);
                assert_eq!(observed.receipt.strangers, 0, "{text}");
                assert_eq!(observed.rows.len(), lines.len(), "{text}");
                for (row, (local, peer, state, left)) in observed.rows.iter().zip(&lines) {
                    assert_eq!((row.local, row.peer, row.state), (*local, *peer, *state), "{text}");
                    let read = row.left_ms.map(|left| u64::from(left) / 1_000);
                    assert!(!timers || read == left.map(|left| left / 1_000), "{text}");
                }
            }
        }
    }
}

/// What a connect would make of each port, without times.
fn survey(kernel: &Kernel, (to, dport): (Addr, u16)) -> Vec<String> {
    let (low, high) = kernel.port_range();
    let source = kernel.route(to).expect("there is a route").source;
    let word = |state| match state {
        PortState::Timewait { refusal, .. } => format!("{refusal:?}"),
        // Whether a port has a bucket is no listing's to say.
        PortState::Free | PortState::LiveOther => "free".to_owned(),
        state => format!("{state:?}"),
    };
    kernel.survey(low, high, source, to, dport).map(word).collect()
}

#[test]
fn a_rebuilt_machine_answers_as_the_one_that_was_pasted() {
    let mut chance = fastrand::Rng::with_seed(9_900);
    for release in Release::ALL {
        for _ in 0..12 {
            let (mut kernel, reuse) = host(release, &mut chance, false);
            let (low, high) = kernel.port_range();
            let text = format!(
                "net.ipv4.ip_local_port_range = {low}\t{high}\nnet.ipv4.tcp_tw_reuse = {reuse}\n{}",
                ss(&lines(&kernel))
            );
            let observed = parse(&text);
            let diagnosis = diagnose_on(&observed, Some(release));
            let mut rebuilt = rebuild(&observed, &diagnosis);
            rebuilt.config = small(rebuilt.config);
            let mut rebuilt = rebuilt.boot().expect("it boots");
            for (at, to) in TO.into_iter().enumerate() {
                assert_eq!(survey(&rebuilt, to), survey(&kernel, to), "{release:?}\n{text}");
                let s = SocketName(1_000_000 + at as u32);
                for kernel in [&mut kernel, &mut rebuilt] {
                    kernel.apply(&Call::Socket { s });
                }
            }
            for (at, (to, dport)) in TO.into_iter().enumerate() {
                let connect = Call::connect(SocketName(1_000_000 + at as u32), to, dport);
                // Each destination is asked on machines that the others haven't changed.
                let answer = kernel.clone().apply(&connect).errno();
                assert_eq!(rebuilt.clone().apply(&connect).errno(), answer, "{release:?}\n{text}");
            }
        }
    }
}
