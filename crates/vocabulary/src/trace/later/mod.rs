//! Lines of later releases than 2.6.32: what a call echoes and answers, and the parts that stand in
//! files of their own.

mod dump;
mod load;
mod search;
mod socket;
mod timers;
mod walk;

use error99_kernel::{Call, Config, Fastreuse, Fastreuseport, Kernel, Release, SocketName, Sysctl};

pub(super) use self::load::load_line;
use super::{Line, Told};
use crate::call::op_name;
use crate::{Json, NameStyle};

/// The first line of every trace: what the machine is.
pub(super) fn boot_line(config: &Config) -> Json {
    Json::object([
        ("n", 0.into()),
        ("op", "boot".into()),
        ("start_jiffies", (config.start_jiffies as i64).into()),
        ("hz", config.hz.into()),
    ])
}

impl Told<'_> {
    pub(super) fn later_line(&self, number: usize, names: &dyn NameStyle) -> Json {
        let mut line = Line(Vec::new());
        line.put("n", number as i64);
        line.put("op", op_name(self.call));
        self.put_later_call(&mut line, names);
        if let Some(problem) = self.reply.problem {
            line.put("problem", problem.message());
        }
        self.put_draws(&mut line);
        self.put_scheduled(&mut line);
        self.put_gone(&mut line);
        line.put("st", state(self.kernel));
        Json::Object(line.0)
    }

    /// What the call echoes, answers and shows.
    fn put_later_call(&self, line: &mut Line, names: &dyn NameStyle) {
        let name = |s: &SocketName| names.write(*s);
        let ret = self.reply.ret;
        match self.call {
            Call::Socket { s } => {
                line.put("s", name(s));
                line.put("ret", ret);
            }
            Call::Reuse { s, on } | Call::ReusePort { s, on } | Call::NoPort { s, on } => {
                line.put("s", name(s));
                line.put("on", u8::from(*on));
                line.put("ret", ret);
            }
            Call::Window { s, low, high } => {
                line.put("s", name(s));
                line.put("low", *low);
                line.put("high", *high);
                line.put("ret", ret);
            }
            Call::Bind { s, addr, port } => {
                line.put("s", name(s));
                line.put("addr", addr.to_string());
                line.put("port", *port);
                line.put("ret", ret);
                line.put("gp", self.search_steps());
                self.put_sock(line, *s);
            }
            Call::Listen { s } => {
                line.put("s", name(s));
                line.put("ret", ret);
                line.put("gp", self.search_steps());
                self.put_sock(line, *s);
            }
            Call::Connect { s, dst, dport, .. } => {
                line.put("s", name(s));
                line.put("dst", dst.to_string());
                line.put("dport", *dport);
                line.put("ret", ret);
                line.put("err", if ret == -115 { 0 } else { ret });
                self.put_path(line);
                self.put_sock(line, *s);
            }
            Call::Est { s, .. }
            | Call::Segment { s }
            | Call::Rst { s }
            | Call::Disconnect { s } => {
                line.put("s", name(s));
                line.put("ret", ret);
                self.put_sock(line, *s);
            }
            Call::Accept { l, s, peer, peer_port, laddr, .. } => {
                line.put("l", name(l));
                line.put("s", name(s));
                line.put("peer", peer.to_string());
                line.put("peer_port", *peer_port);
                line.put("laddr", laddr.to_string());
                line.put("ret", ret);
                self.put_accepted(line, *s);
            }
            Call::AcceptWaiting { l, s } => {
                line.put("l", name(l));
                line.put("s", name(s));
                line.put("ret", ret);
                self.put_accepted(line, *s);
            }
            Call::Close { s, how, .. } => {
                line.put("s", name(s));
                line.put("how", how.name());
                line.put("ret", ret);
                let port = self.before.filter(|_| ret == 0).map_or(0, |socket| socket.sport);
                line.put("port", port);
                if port != 0 {
                    line.put("tb", self.bucket_now(port));
                }
            }
            Call::TwFin { tuple } | Call::TwSegment { tuple, .. } => {
                line.put("laddr", tuple.laddr.to_string());
                line.put("lport", tuple.lport);
                line.put("faddr", tuple.faddr.to_string());
                line.put("fport", tuple.fport);
                line.put("ret", ret);
            }
            Call::Advance { ms } => line.put("ms", i64::try_from(*ms).unwrap_or(i64::MAX)),
            Call::Wall { sec } => line.put("sec", *sec),
            Call::Sysctl { sysctl, value } => {
                self.put_sysctl(line, *sysctl, &value.to_string());
            }
            Call::SysctlText { sysctl, text } => self.put_sysctl(line, *sysctl, text),
            Call::ForceRange { low, high } => {
                line.put("low", *low);
                line.put("high", *high);
            }
            Call::Offset { v } => line.put("v", v.map_or("none".to_owned(), |v| v.to_string())),
            Call::Rekey { .. } => {}
            Call::Cap { v } => line.put("v", u8::from(*v)),
            Call::FailTb { v } | Call::FailTb2 { v } | Call::FailSyn { v } => line.put("v", *v),
            Call::FailTcpConnect { v } => line.put("v", v.map_or(0, |errno| -errno.code())),
            Call::Dump => line.put("buckets", self.dump_buckets()),
        }
    }

    fn put_sysctl(&self, line: &mut Line, sysctl: Sysctl, text: &str) {
        line.put("name", sysctl.name());
        line.put("write", text.trim());
        line.put("ret", self.reply.ret);
        line.put("now", self.kernel.sysctl_text(sysctl));
    }

    fn put_accepted(&self, line: &mut Line, s: SocketName) {
        match self.reply.ret {
            0 => self.put_sock(line, s),
            _ => line.put("sock", Json::Null),
        }
    }
}

/// A bucket's two flags, or `null`.
fn flags_json(flags: Option<(Fastreuse, Fastreuseport)>) -> Json {
    flags.map_or(Json::Null, |(fastreuse, fastreuseport)| {
        Json::List(vec![fastreuse.value().into(), fastreuseport.value().into()])
    })
}

/// Whether it is 3.10, or bears its number: buckets count their owners, and remember no address.
fn counts_owners(release: Release) -> bool {
    release <= Release::Rhel7
}

/// Whether buckets of port and address are shown; those of 6.1 aren't.
fn has_addresses(release: Release) -> bool {
    release > Release::V6_1
}

fn has_table(release: Release) -> bool {
    release > Release::V4_19
}

fn state(kernel: &Kernel) -> Json {
    Json::object([
        ("t_ms", (kernel.now_ms() as i64).into()),
        ("j", (kernel.ticks(kernel.now_ms()) as i64).into()),
        ("sec", kernel.stamp_second().into()),
        ("tw", kernel.tw_count().into()),
        ("recycled", kernel.recycled().into()),
        ("overflow", kernel.overflows().into()),
    ])
}
