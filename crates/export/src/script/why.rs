//! Why a prediction may not hold on another kernel, or on another machine.

use error99_kernel::Release;

/// A reason, announced beside a prediction. It is true of some kernels, which depend on the model's
/// release ([`Words::kernels`]).
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
    Options,
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

/// A kernel by its first two numbers.
pub type Version = (u8, u8);

/// What the script says about a reason.
pub struct Words {
    /// Its name in the script.
    pub key: &'static str,
    /// Which kernels it's true of.
    truth: Truth,
    /// The sentence's end, after "because".
    pub en: &'static str,
    pub zh: &'static str,
}

/// Which kernels a reason is true of.
enum Truth {
    /// Every one, the model's own release too: what no model can know.
    Any,
    /// Those on the other side of a change than the model: each came with the second version, and
    /// to some kernels as early as the first.
    Beyond(&'static [(Version, Version)]),
    /// Those, and from the first of them on the model's own, too: what its rules leave to chance.
    AnySince(Version),
    /// Those from the first version on and before the second, whatever the model.
    Within(Version, Version),
}

use Truth::{Any, AnySince, Beyond, Within};

/// Beyond the newest kernel.
const NEVER: Version = (u8::MAX, 0);

/// The first two numbers that a kernel of a release says of itself.
pub fn version(release: Release) -> Version {
    let name = if release == Release::Rhel7 { Release::V3_10.name() } else { release.name() };
    let mut numbers = name.split(['.', '-']).map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

impl Words {
    /// The kernels that it's true of where the model is of that release: each pair from a version
    /// on and before another one.
    pub fn kernels(&self, model: Release) -> Vec<[Version; 2]> {
        let model = version(model);
        let (from, until) = match self.truth {
            Any => return vec![[(0, 0), NEVER]],
            Within(from, until) => return vec![[from, until]],
            AnySince(from) if model >= from => return vec![[(0, 0), NEVER]],
            AnySince(from) => ((0, 0), from),
            Beyond(changes) => alike(model, changes),
        };
        let outside = [[(0, 0), from], [until, NEVER]];
        outside.into_iter().filter(|[from, until]| from < until).collect()
    }
}

/// The kernels that are like the model's, by such changes.
fn alike(model: Version, changes: &[(Version, Version)]) -> (Version, Version) {
    let (mut from, mut until) = ((0, 0), NEVER);
    for &(early, settled) in changes {
        if model >= settled {
            from = from.max(settled);
        } else if model < early {
            until = until.min(early);
        } else {
            // Others of that time have it, or haven't.
            (from, until) = (model, (model.0, model.1 + 1));
        }
    }
    (from, until)
}

const fn words(key: &'static str, truth: Truth, en: &'static str, zh: &'static str) -> Words {
    Words { key, truth, en, zh }
}

impl Why {
    /// What the script says.
    pub const fn words(self) -> Words {
        match self {
            Why::OddRange => words(
                "odd_range",
                AnySince((4, 6)),
                "since 4.6 each search leaves one port of an odd-sized range out, and a secret says which",
                "自 4.6 起，每次查找都会漏掉奇数大小范围中的一个端口，漏掉哪个由密钥决定",
            ),
            Why::SoonerReuse => words(
                "sooner_reuse",
                Beyond(&[((4, 19), (4, 19)), ((6, 14), (6, 14))]),
                "kernels before 4.19, up to 6.13 and since 6.14 each take a TIME_WAIT over at another age",
                "4.19 之前、6.13 及以前、6.14 起的内核，各自在不同的时长后接管 TIME_WAIT",
            ),
            Why::SecondBoundary => words(
                "second_boundary",
                Within((4, 19), (6, 14)),
                "these kernels take a TIME_WAIT over as soon as the clock shows another second",
                "这些内核在时钟进入下一秒时即可接管 TIME_WAIT",
            ),
            Why::Pace => words(
                "pace",
                Any,
                "real connections take time, and a TIME_WAIT may be taken over with age",
                "真实的连接需要时间，而 TIME_WAIT 到一定时间后可被接管",
            ),
            Why::FinWait2 => words(
                "finwait2",
                Beyond(&[((4, 19), (6, 12))]),
                "6.12, and older kernels that took the change over, never take a FIN_WAIT2 over",
                "6.12（以及移植了该改动的旧内核）不再接管 FIN_WAIT2",
            ),
            Why::Lifetime => words(
                "lifetime",
                Any,
                "2.6.32 ends what waits in steps of 7.5 s, later ones after 60 s sharp",
                "2.6.32 以 7.5 秒为步长结束等待中的连接，更新的内核则恰在 60 秒后",
            ),
            Why::Recycle => words(
                "recycle",
                Beyond(&[((4, 12), (4, 12))]),
                "tcp_tw_recycle is gone since 4.12",
                "tcp_tw_recycle 自 4.12 起已被移除",
            ),
            Why::Shareable => words(
                "shareable",
                Beyond(&[((4, 9), (6, 18))]),
                "6.18, and older kernels that took the change over, share a port again when the \
                 last socket that was bound to it has gone",
                "6.18（以及移植了该改动的旧内核）在最后一个绑定该端口的套接字离开后又允许共用",
            ),
            Why::Joined => words(
                "joined",
                Beyond(&[((4, 9), (6, 18))]),
                "6.18, and older kernels that took the change over, don't share a port that a \
                 socket was bound to, even with SO_REUSEADDR",
                "6.18（以及移植了该改动的旧内核）不共用被绑定过的端口，即使有 SO_REUSEADDR",
            ),
            Why::BindAny => words(
                "bind_any",
                Any,
                "bind(…, 0) begins to look at a random port, and since 3.3 may share the one it takes",
                "bind(…, 0) 从随机的端口开始查找，3.3 起还可能共用找到的端口",
            ),
            Why::OwnPorts => words(
                "own_ports",
                Any,
                "this port lies among those that the kernel chooses by itself, with another secret",
                "这个端口处在内核自行选择的范围内，而各内核的密钥不同",
            ),
            Why::Sysctl => words(
                "sysctl",
                Beyond(&[((2, 7), (3, 10)), ((4, 10), (4, 19)), ((5, 12), (5, 15))]),
                "later kernels check what is written more strictly",
                "更新的内核对写入的值检查得更严格",
            ),
            Why::Options => words(
                "options",
                Beyond(&[((3, 9), (3, 9)), ((3, 10), (4, 2)), ((6, 1), (6, 3))]),
                "not every kernel has this option",
                "并非每个内核都有这个选项",
            ),
            Why::Wrap => words(
                "wrap",
                Any,
                "the search of the model passed 2^32; here it begins elsewhere",
                "模型的查找越过了 2^32，而这里的起点不同",
            ),
            Why::ServerInRange => words(
                "server_in_range",
                Any,
                "the server lives on this machine too, and its port lies in the range",
                "服务器也在本机上，而它的端口处在该范围内",
            ),
            Why::SelfConnect => words(
                "self_connect",
                Any,
                "nobody listens there: it works only if the port chosen is the destination's own",
                "那里无人监听：只有恰好选中目的端口自身时才会成功",
            ),
            Why::ServerAddress => words(
                "server_address",
                Any,
                "the script's servers live on this machine, so their addresses are its own",
                "脚本的服务器就在本机上，因此它们的地址也是本机地址",
            ),
            Why::Silent => words(
                "silent",
                Any,
                "the same host answers other connections, so it can't be silent here",
                "同一主机会回应其他连接，因此在这里无法保持沉默",
            ),
            Why::Fault => words(
                "fault",
                Any,
                "a lack of memory can't be asked for here",
                "这里无法人为制造内存不足",
            ),
            Why::Segment => words(
                "segment",
                Any,
                "an answer of the peer came, or was missing, that can't be had from a real one",
                "真实的对端无法给出（或扣下）那样的回应",
            ),
            Why::Stamp => words(
                "stamp",
                Any,
                "a real peer's last segment carries a timestamp",
                "真实对端的最后一个报文段带有时间戳",
            ),
            Why::Clock => words(
                "clock",
                Any,
                "the script doesn't step this machine's clock",
                "脚本不会拨动本机的时钟",
            ),
            Why::Range => words(
                "range",
                Any,
                "no kernel takes a range that is upside down",
                "没有内核接受上下颠倒的范围",
            ),
            Why::Capability => {
                words("capability", Any, "the script may bind to low ports", "脚本有权绑定低端口")
            }
            Why::MaxTimewait => words(
                "max_timewait",
                Beyond(&[((2, 7), (4, 19)), ((5, 16), (6, 1))]),
                "later kernels count the TIME_WAITs up to tcp_max_tw_buckets a little otherwise",
                "更新的内核在接近 tcp_max_tw_buckets 时对 TIME_WAIT 的计数略有不同",
            ),
            Why::Cut => words(
                "cut",
                Any,
                "the script opens no more than 40,000 sockets",
                "脚本最多打开 40,000 个套接字",
            ),
            Why::Limits => {
                words("limits", Any, "the model itself refuses that call", "模型本身拒绝该调用")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use error99_kernel::Sysctl;

    use super::*;

    /// Every reason that a change of the kernel gives, or that its rules leave to chance.
    const RULES: [Why; 10] = [
        Why::OddRange,
        Why::SoonerReuse,
        Why::SecondBoundary,
        Why::FinWait2,
        Why::Recycle,
        Why::Shareable,
        Why::Joined,
        Why::Sysctl,
        Why::Options,
        Why::MaxTimewait,
    ];

    fn holds(why: Why, model: Release, kernel: Version) -> bool {
        why.words().kernels(model).iter().any(|[from, until]| (from..until).contains(&&kernel))
    }

    #[test]
    fn a_release_announces_of_itself_only_what_its_rules_leave_to_chance() {
        for release in Release::ALL {
            let known = |why: &Why| holds(*why, release, version(release));
            let announced: Vec<Why> = RULES.into_iter().filter(known).collect();
            let (odd, second) = (Why::OddRange, Why::SecondBoundary);
            let expected: &[Why] = match release {
                Release::V2_6_32 | Release::V3_10 | Release::Rhel7 => &[],
                Release::V6_18 => &[odd],
                _ => &[odd, second],
            };
            assert_eq!(announced, expected, "{release:?}");
        }
    }

    #[test]
    fn what_two_kernels_do_otherwise_is_announced_by_the_model_of_either() {
        let pairs = [
            (Why::OddRange, Release::V3_10, Release::V4_19),
            (Why::SoonerReuse, Release::V6_12, Release::V6_18),
            (Why::FinWait2, Release::V5_15, Release::V6_12),
            (Why::Recycle, Release::V3_10, Release::V4_19),
            (Why::Shareable, Release::V6_12, Release::V6_18),
            (Why::Joined, Release::V6_12, Release::V6_18),
            (Why::Sysctl, Release::V2_6_32, Release::V6_18),
            (Why::Options, Release::V3_10, Release::V4_19),
            (Why::MaxTimewait, Release::V5_15, Release::V6_1),
        ];
        for (why, older, newer) in pairs {
            assert!(holds(why, older, version(newer)), "{why:?} {older:?}");
            assert!(holds(why, newer, version(older)), "{why:?} {newer:?}");
        }
    }

    #[test]
    fn what_the_rules_of_two_releases_say_otherwise_is_announced() {
        let options = |release: Release| {
            (release.has_reuseport(), release.has_no_port(), release.has_window())
        };
        let recycles = |release: Release| release.sysctls().any(|known| known == Sysctl::TwRecycle);
        for model in Release::ALL {
            // A script knows a kernel by its numbers, and RHEL 7 bears those of 3.10.
            let told = |kernel: &Release| *kernel == model || version(*kernel) != version(model);
            for kernel in Release::ALL.into_iter().filter(told) {
                let said = |why| holds(why, model, version(kernel));
                assert!(said(Why::Options) || options(model) == options(kernel));
                assert_eq!(said(Why::Recycle), recycles(model) != recycles(kernel), "{model:?}");
            }
        }
    }

    #[test]
    fn what_no_model_can_know_is_announced_on_every_kernel() {
        for release in Release::ALL {
            for why in [Why::Pace, Why::OwnPorts, Why::BindAny, Why::Clock, Why::Cut] {
                assert_eq!(why.words().kernels(release), [[(0, 0), NEVER]], "{why:?}");
            }
        }
    }

    #[test]
    fn while_a_change_comes_to_some_kernels_a_model_speaks_for_its_own_release_alone() {
        let like = alike((6, 1), &[((4, 9), (6, 18))]);
        assert_eq!(like, ((6, 1), (6, 2)));
        assert_eq!(alike((2, 6), &[((4, 9), (6, 18))]), ((0, 0), (4, 9)));
        assert_eq!(alike((6, 18), &[((4, 9), (6, 18))]), ((6, 18), NEVER));
    }
}
