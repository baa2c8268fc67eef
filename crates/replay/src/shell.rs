//! What a shell on the machine would print: `ss -tan`, `ss -s` and the sysctls under
//! `/proc/sys/net/ipv4`, each in its tool's own layout.

use error99_kernel::{Addr, Kernel, SocketState, Substate, Sysctl, Tuple};

use crate::table::order;

/// Backlog that our programs give to `listen()`: the default of `net.core.somaxconn`.
pub(crate) const BACKLOG: u32 = 128;

/// A line of `ss -tan`.
#[derive(Clone, Copy)]
struct Row {
    state: &'static str,
    send_queue: u32,
    local: (Addr, u16),
    /// `None` for a socket that listens.
    peer: Option<(Addr, u16)>,
}

/// The output of `ss -tan`: listening sockets first, then the established table slot by slot,
/// live sockets before mini-sockets, as `inet_diag` hands them over (`net/ipv4/inet_diag.c`).
/// Of more than `limit` sockets the first ones are printed; the second value says how many
/// were left out.
///
/// A socket that was only bound is in neither table: `ss` doesn't know it, though its port is
/// taken.
pub fn ss_tan(kernel: &Kernel, limit: usize) -> (String, usize) {
    let rows = rows(kernel);
    let shown = &rows[..rows.len().min(limit)];
    let wide = |of: fn(&Row) -> usize, least: usize| shown.iter().map(of).fold(least, usize::max);
    let local = wide(|row| row.local.0.to_string().len(), "Local Address".len());
    let peer =
        wide(|row| row.peer.map_or(1, |peer| peer.0.to_string().len()), "Peer Address".len());
    let line = |state: &str, queues: [&str; 2], here: [&str; 2], there: [&str; 2]| {
        let [received, sent] = queues;
        let (address, port) = (here[0], here[1]);
        let (to, at) = (there[0], there[1]);
        format!(
            "{state:<10} {received:<6} {sent:<6} {address:>local$}:{port:<5} {to:>peer$}:{at:<5}\n"
        )
    };
    let mut out =
        line("State", ["Recv-Q", "Send-Q"], ["Local Address", "Port"], ["Peer Address", "Port"]);
    for row in shown {
        let (address, port) = (row.local.0.to_string(), row.local.1.to_string());
        let (to, at) = match row.peer {
            Some((to, at)) => (to.to_string(), at.to_string()),
            None => (Addr::ANY.to_string(), "*".to_owned()),
        };
        let sent = row.send_queue.to_string();
        out += &line(row.state, ["0", &sent], [&address, &port], [&to, &at]);
    }
    (out, rows.len() - shown.len())
}

fn rows(kernel: &Kernel) -> Vec<Row> {
    let live = kernel.sockets().filter_map(|socket| {
        let tuple = socket.tuple();
        let row = |state, send_queue, peer| Row {
            state,
            send_queue,
            local: (tuple.laddr, tuple.lport),
            peer,
        };
        match socket.state {
            SocketState::Close => None,
            SocketState::Listen => {
                let key = (0, false, tuple.lport);
                Some((key, row("LISTEN", BACKLOG, None)))
            }
            state => {
                let key = (slot(kernel, &tuple), false, tuple.lport);
                Some((key, row(state_name(state), 0, Some((tuple.faddr, tuple.fport)))))
            }
        }
    });
    let waiting = kernel.timewaits().map(|mini| {
        let tuple = mini.tuple;
        let state = match mini.substate {
            Substate::TimeWait => "TIME-WAIT",
            Substate::FinWait2 => "FIN-WAIT-2",
        };
        let key = (slot(kernel, &tuple), true, tuple.lport);
        let peer = Some((tuple.faddr, tuple.fport));
        (key, Row { state, send_queue: 0, local: (tuple.laddr, tuple.lport), peer })
    });
    let (keys, rows): (Vec<_>, Vec<_>) = live
        .chain(waiting)
        .map(|((slot, waits, port), row)| {
            (u64::from(slot) << 32 | u64::from(waits) << 16 | u64::from(port), row)
        })
        .unzip();
    order(&keys).into_iter().map(|place| rows[place]).collect()
}

/// Slot of the established table, from 1: 0 stands for the listening sockets.
fn slot(kernel: &Kernel, tuple: &Tuple) -> u32 {
    kernel.established_slot(tuple).1 + 1
}

/// A state as `ss` spells it.
fn state_name(state: SocketState) -> &'static str {
    match state {
        SocketState::Established => "ESTAB",
        SocketState::SynSent => "SYN-SENT",
        SocketState::FinWait1 => "FIN-WAIT-1",
        SocketState::FinWait2 => "FIN-WAIT-2",
        SocketState::TimeWait => "TIME-WAIT",
        SocketState::Close => "UNCONN",
        SocketState::CloseWait => "CLOSE-WAIT",
        SocketState::LastAck => "LAST-ACK",
        SocketState::Listen => "LISTEN",
    }
}

/// The output of `ss -s`. As there, TCP counts sockets and TIME_WAITs together, and `closed`
/// is whatever isn't in use: TIME_WAITs and sockets without a connection.
pub fn ss_s(kernel: &Kernel) -> String {
    let count = |wanted: fn(SocketState) -> bool| {
        kernel.sockets().filter(|socket| wanted(socket.state)).count()
    };
    let all = kernel.sockets().count();
    let orphaned = kernel.sockets().filter(|socket| socket.name.is_none()).count();
    let in_use = count(|state| state != SocketState::Close);
    let estab = count(|state| matches!(state, SocketState::Established | SocketState::CloseWait));
    let waiting = kernel.tw_count() as usize;
    let row = |name: &str, of: usize| format!("{name}\t  {of:<9} {of:<9} {:<9}\n", 0);
    let mut out = format!("Total: {}\n", all - orphaned);
    out += &format!(
        "TCP:   {} (estab {estab}, closed {}, orphaned {orphaned}, timewait {waiting})\n\n",
        all + waiting,
        all + waiting - in_use,
    );
    out += "Transport Total     IP        IPv6\n";
    for (name, of) in [("RAW", 0), ("UDP", 0), ("TCP", in_use), ("INET", in_use), ("FRAG", 0)] {
        out += &row(name, of);
    }
    out
}

/// The sysctls of the model, each as `cat` prints its file.
pub fn proc_sys(kernel: &Kernel) -> String {
    let print = |sysctl: Sysctl| {
        let value = kernel.sysctl(sysctl).to_string().replace(' ', "\t");
        format!("$ cat /proc/sys/net/ipv4/{}\n{value}\n", sysctl.name())
    };
    Sysctl::ALL.map(print).concat()
}
