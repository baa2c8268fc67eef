//! Why a prediction may not hold on another kernel, or on another machine.

/// A reason, announced beside a prediction. A kernel older than `since` keeps to the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    OddRange,
    SoonerReuse,
    SecondBoundary,
    Pace,
    FinWait2,
    Lifetime,
    Recycle,
    Shareable,
    Joined,
    BindAny,
    OwnPorts,
    Sysctl,
    Wrap,
    ServerInRange,
    SelfConnect,
    ServerAddress,
    Silent,
    Fault,
    Segment,
    Stamp,
    Clock,
    Range,
    Capability,
    MaxTimewait,
    Cut,
    Limits,
}

/// What the script says about a reason.
pub struct Words {
    /// Its name in the script.
    pub key: &'static str,
    /// First kernel that it's true of, and the last one.
    pub since: (u8, u8),
    pub until: (u8, u8),
    /// The sentence's end, after "because".
    pub en: &'static str,
    pub zh: &'static str,
}

/// True of every kernel and machine but the model's.
const ANY: (u8, u8) = (0, 0);
/// True of the newest kernel, too.
const NOW: (u8, u8) = (u8::MAX, u8::MAX);

const fn words(key: &'static str, since: (u8, u8), en: &'static str, zh: &'static str) -> Words {
    Words { key, since, until: NOW, en, zh }
}

impl Why {
    /// What the script says.
    pub const fn words(self) -> Words {
        match self {
            Why::OddRange => words(
                "odd_range",
                (4, 6),
                "since 4.6 each search leaves one port of an odd-sized range out",
                "自 4.6 起，每次查找都会漏掉奇数大小范围中的一个端口",
            ),
            Why::SoonerReuse => words(
                "sooner_reuse",
                (4, 19),
                "later kernels take a TIME_WAIT over sooner",
                "更新的内核会更早接管 TIME_WAIT",
            ),
            Why::SecondBoundary => Words {
                until: (6, 13),
                ..words(
                    "second_boundary",
                    (4, 19),
                    "these kernels take a TIME_WAIT over as soon as the clock shows another second",
                    "这些内核在时钟进入下一秒时即可接管 TIME_WAIT",
                )
            },
            Why::Pace => words(
                "pace",
                ANY,
                "real connections take time, and a TIME_WAIT may be taken over with age",
                "真实的连接需要时间，而 TIME_WAIT 到一定时间后可被接管",
            ),
            Why::FinWait2 => words(
                "finwait2",
                (4, 19),
                "6.12, and older kernels that took the change over, never take a FIN_WAIT2 over",
                "6.12（以及移植了该改动的旧内核）不再接管 FIN_WAIT2",
            ),
            Why::Lifetime => words(
                "lifetime",
                ANY,
                "2.6.32 ends what waits in steps of 7.5 s, later ones after 60 s sharp",
                "2.6.32 以 7.5 秒为步长结束等待中的连接，更新的内核则恰在 60 秒后",
            ),
            Why::Recycle => words(
                "recycle",
                (4, 12),
                "tcp_tw_recycle is gone since 4.12",
                "tcp_tw_recycle 自 4.12 起已被移除",
            ),
            Why::Shareable => words(
                "shareable",
                (4, 9),
                "6.18, and older kernels that took the change over, share a port again when the \
                 last socket that was bound to it has gone",
                "6.18（以及移植了该改动的旧内核）在最后一个绑定该端口的套接字离开后又允许共用",
            ),
            Why::Joined => words(
                "joined",
                (4, 9),
                "6.18, and older kernels that took the change over, don't share a port that a \
                 socket was bound to, even with SO_REUSEADDR",
                "6.18（以及移植了该改动的旧内核）不共用被绑定过的端口，即使有 SO_REUSEADDR",
            ),
            Why::BindAny => words(
                "bind_any",
                ANY,
                "later kernels let bind(…, 0) share a port between addresses, or with SO_REUSEADDR",
                "更新的内核允许 bind(…, 0) 在不同地址之间或凭 SO_REUSEADDR 共用端口",
            ),
            Why::OwnPorts => words(
                "own_ports",
                ANY,
                "this port lies among those that the kernel chooses by itself, with another secret",
                "这个端口处在内核自行选择的范围内，而各内核的密钥不同",
            ),
            Why::Sysctl => words(
                "sysctl",
                ANY,
                "later kernels check what is written more strictly",
                "更新的内核对写入的值检查得更严格",
            ),
            Why::Wrap => words(
                "wrap",
                ANY,
                "the search of the model passed 2^32; here it begins elsewhere",
                "模型的查找越过了 2^32，而这里的起点不同",
            ),
            Why::ServerInRange => words(
                "server_in_range",
                ANY,
                "the server lives on this machine too, and its port lies in the range",
                "服务器也在本机上，而它的端口处在该范围内",
            ),
            Why::SelfConnect => words(
                "self_connect",
                ANY,
                "nobody listens there: it works only if the port chosen is the destination's own",
                "那里无人监听：只有恰好选中目的端口自身时才会成功",
            ),
            Why::ServerAddress => words(
                "server_address",
                ANY,
                "the script's servers live on this machine, so their addresses are its own",
                "脚本的服务器就在本机上，因此它们的地址也是本机地址",
            ),
            Why::Silent => words(
                "silent",
                ANY,
                "the same host answers other connections, so it can't be silent here",
                "同一主机会回应其他连接，因此在这里无法保持沉默",
            ),
            Why::Fault => words(
                "fault",
                ANY,
                "a lack of memory can't be asked for here",
                "这里无法人为制造内存不足",
            ),
            Why::Segment => words(
                "segment",
                ANY,
                "an answer of the peer came, or was missing, that can't be had from a real one",
                "真实的对端无法给出（或扣下）那样的回应",
            ),
            Why::Stamp => words(
                "stamp",
                ANY,
                "a real peer's last segment carries a timestamp",
                "真实对端的最后一个报文段带有时间戳",
            ),
            Why::Clock => words(
                "clock",
                ANY,
                "the script doesn't step this machine's clock",
                "脚本不会拨动本机的时钟",
            ),
            Why::Range => words(
                "range",
                ANY,
                "no kernel takes a range that is upside down",
                "没有内核接受上下颠倒的范围",
            ),
            Why::Capability => {
                words("capability", ANY, "the script may bind to low ports", "脚本有权绑定低端口")
            }
            Why::MaxTimewait => words(
                "max_timewait",
                ANY,
                "later kernels count the TIME_WAITs up to tcp_max_tw_buckets a little otherwise",
                "更新的内核在接近 tcp_max_tw_buckets 时对 TIME_WAIT 的计数略有不同",
            ),
            Why::Cut => words(
                "cut",
                ANY,
                "the script opens no more than 40,000 sockets",
                "脚本最多打开 40,000 个套接字",
            ),
            Why::Limits => {
                words("limits", ANY, "the model itself refuses that call", "模型本身拒绝该调用")
            }
        }
    }
}
