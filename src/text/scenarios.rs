//! The gallery at `/scenarios`.

use super::texts;
use crate::lang::Lang;

texts! {
    page_title { en: "Scenarios – error 99", zh: "场景 – error 99" }
    heading { en: "Prepared machines", zh: "准备好的机器" }
    description {
        en: "Machines on which connect() fails, or succeeds against expectation. Each opens in the lab.",
        zh: "在这些机器上，connect() 会失败，或者出乎意料地成功。每台都能在实验室打开。",
    }

    busy_client { en: "A busy client", zh: "繁忙的客户端" }
    busy_client_about {
        en: "497 short connections a second to one server. After less than a minute every one of 28,233 ports is refused: nearly all of them wait in TIME_WAIT.",
        zh: "每秒向同一台服务器建立 497 条短连接。不到一分钟，28,233 个端口全部被拒绝：几乎都在 TIME_WAIT 里等待。",
    }
    sixteen_ports { en: "Sixteen ports to learn with", zh: "十六个端口的教学机器" }
    sixteen_ports_about {
        en: "The same kernel with a range of 16 ports and a bind hash of 16 buckets: small enough to follow every step by hand.",
        zh: "同样的内核，范围里只有 16 个端口，bind 散列表只有 16 个桶：小到可以亲手跟踪每一步。",
    }
    owned_by_bind { en: "Every port owned by bind()", zh: "所有端口都由 bind() 占用" }
    owned_by_bind_about {
        en: "64 sockets are bound to the 64 ports of the range and do nothing at all. No connect() gets a port, to whatever destination.",
        zh: "64 个套接字绑定在范围内的 64 个端口上，什么也不做。无论目的地是谁，connect() 都得不到端口。",
    }
    live_connections { en: "28,233 live connections", zh: "28,233 条活动连接" }
    live_connections_about {
        en: "Every port of the default range has a live connection to the same server. tcp_tw_reuse can't help: nothing here is in TIME_WAIT.",
        zh: "默认范围的每个端口都与同一台服务器保持着活动连接。tcp_tw_reuse 无济于事：这里没有任何 TIME_WAIT。",
    }
    second_destination { en: "A full range that still connects", zh: "端口用尽，却仍能连接" }
    second_destination_about {
        en: "All 32 ports are in use towards one server, and connect() fails. Towards another server the very same ports are shared: a connection is four numbers, not one.",
        zh: "32 个端口全部用于连接同一台服务器，connect() 失败。但连接另一台服务器时，同样的端口可以共用：一条连接由四个数标识，而不是一个。",
    }
    healed_by_range { en: "A wider range heals", zh: "扩大范围后恢复" }
    healed_by_range_about {
        en: "32 ports, 32 live connections, error 99. The range is doubled, and the very same call takes one of the new ports.",
        zh: "32 个端口，32 条活动连接，错误 99。把范围扩大一倍，同一个调用便选中了一个新端口。",
    }
    healed_by_reuse { en: "tcp_tw_reuse heals", zh: "打开 tcp_tw_reuse 后恢复" }
    healed_by_reuse_about {
        en: "16 ports, all of them in TIME_WAIT to one server. With tcp_tw_reuse = 1 the very same call takes one over.",
        zh: "16 个端口上，到同一台服务器的连接全都处于 TIME_WAIT。设 tcp_tw_reuse = 1 后，同一个调用便接管了其中一个。",
    }
    bound_elsewhere { en: "Bound to another address", zh: "绑定在另一个地址上" }
    bound_elsewhere_about {
        en: "Four ports are bound to 10.0.0.7. A connect from 10.0.0.1 is refused all four: the walk asks who owns a port, never at which address.",
        zh: "四个端口绑定在 10.0.0.7 上。从 10.0.0.1 发起的 connect 仍被全部拒绝：查找只问端口归谁所有，从不问绑定在哪个地址。",
    }
    bound_takes { en: "A bound socket takes a TIME_WAIT at once", zh: "已绑定的套接字立即接管 TIME_WAIT" }
    bound_takes_about {
        en: "The socket brings its own port, so nothing is searched. Its 4-tuple is in TIME_WAIT since this very moment, tcp_tw_reuse is 0 – and it gets it: on this path only a timestamp is asked for.",
        zh: "套接字自带端口，无需查找。它的四元组刚刚进入 TIME_WAIT，tcp_tw_reuse 为 0，却仍能得到它：在这条路径上，内核只要求有时间戳。",
    }
    reuse_no_stamps { en: "Reuse without timestamps", zh: "没有时间戳就无法接管" }
    reuse_no_stamps_about {
        en: "tcp_tw_reuse is 1 and ten seconds have passed, yet every TIME_WAIT is refused: the connections never used timestamps.",
        zh: "tcp_tw_reuse 为 1，又过去了十秒，可每个 TIME_WAIT 都被拒绝：这些连接从未使用时间戳。",
    }
    one_second { en: "The one-second rule", zh: "一秒规则" }
    one_second_about {
        en: "One port, tcp_tw_reuse = 1. A connect at once is refused, one second later it is refused again, two seconds later it succeeds: the stamp must be more than one whole second old.",
        zh: "只有一个端口，tcp_tw_reuse = 1。立即连接被拒绝，一秒后仍被拒绝，两秒后成功：最后的时间戳距今必须超过一整秒。",
    }
    slipping { en: "The calendar that slips", zh: "会打滑的日历" }
    slipping_about {
        en: "20 short connections a second are enough to make TIME_WAIT last up to 112 s instead of 60: a slot with more than 100 entries costs the calendar an extra turn.",
        zh: "每秒 20 条短连接，就足以让 TIME_WAIT 从 60 秒延长到最多 112 秒：一个槽超过 100 条，日历就要多转动一次。",
    }
    bind_zero { en: "bind() to port 0 keeps its port to itself", zh: "bind() 到端口 0 会独占端口" }
    bind_zero_about {
        en: "Eight sockets ask bind() for any port and get the eight of the range. They haven't connected to anybody – and no automatic connect gets a port any more.",
        zh: "八个套接字向 bind() 要任意端口，得到范围内的八个。它们还没有连接任何服务器，而自动选择已经一个端口也得不到了。",
    }
    shared_reuse { en: "SO_REUSEADDR on a shared bucket", zh: "共用端口上的 SO_REUSEADDR" }
    shared_reuse_about {
        en: "A socket with SO_REUSEADDR binds to a port that connect() chose. Against expectation the port isn't shut: its bucket stays at fastreuse −1, and automatic choice goes on sharing it.",
        zh: "一个带 SO_REUSEADDR 的套接字绑定到 connect() 选出的端口。出人意料的是，端口并没有因此被独占：桶的 fastreuse 仍为 −1，自动选择继续共用它。",
    }
    wrap { en: "Error 99 with three ports free", zh: "还有三个端口空闲，却是错误 99" }
    wrap_about {
        en: "The walk's counter passes 2^32 on its way. From there on it visits four of the seven ports a second time and three never: error 99, while three ports are free.",
        zh: "查找的计数在途中越过 2^32。此后，七个端口中有四个被看了第二遍，另外三个从未看过：明明有三个端口空闲，却返回错误 99。",
    }
    recycle { en: "What tcp_tw_recycle does", zh: "tcp_tw_recycle 做了什么" }
    recycle_about {
        en: "With tcp_tw_recycle a TIME_WAIT lasts three and a half retransmission timeouts, here 0.7 s, instead of a minute. It heals this client – and breaks every client behind NAT of a server that has it.",
        zh: "打开 tcp_tw_recycle 后，TIME_WAIT 只持续重传超时的三倍半，这里是 0.7 秒，而不是一分钟。它治好了这个客户端，但服务器如果启用它，NAT 后面的客户端就都会出问题。",
    }
    finwait2 { en: "A connection closed by half", zh: "半关闭的连接" }
    finwait2_about {
        en: "The peer acknowledged our FIN and never sent its own. After 30 s the port is still refused; tcp_tw_reuse takes it over just as if it were a TIME_WAIT.",
        zh: "对端确认了我们的 FIN，却一直没有发送自己的 FIN。30 秒后端口仍被拒绝；tcp_tw_reuse 会像对待 TIME_WAIT 一样接管它。",
    }
    self_connect { en: "A socket that connects to itself", zh: "连接到自己的套接字" }
    self_connect_about {
        en: "Nobody listens on port 40,001. The walk happens to choose 40,001 as the local port too, both ends are the same socket – and connect() succeeds.",
        zh: "没有人在端口 40,001 上监听。查找恰好也选中 40,001 作为本地端口，两端成了同一个套接字，connect() 竟然成功了。",
    }
}

/// Title of a prepared machine.
pub fn title(lang: Lang, key: &str) -> &'static str {
    match key {
        "busy-client" => busy_client(lang),
        "sixteen-ports" => sixteen_ports(lang),
        "ports-owned-by-bind" => owned_by_bind(lang),
        "live-connections" => live_connections(lang),
        "second-destination" => second_destination(lang),
        "healed-by-range" => healed_by_range(lang),
        "healed-by-reuse" => healed_by_reuse(lang),
        "bound-to-another-address" => bound_elsewhere(lang),
        "bound-socket-takes-timewait" => bound_takes(lang),
        "reuse-without-timestamps" => reuse_no_stamps(lang),
        "one-second-rule" => one_second(lang),
        "slipping-calendar" => slipping(lang),
        "bind-port-zero" => bind_zero(lang),
        "shared-with-reuseaddr" => shared_reuse(lang),
        "wrap-at-2-32" => wrap(lang),
        "tw-recycle" => recycle(lang),
        "finwait2" => finwait2(lang),
        "self-connect" => self_connect(lang),
        _ => "",
    }
}

/// A sentence or two: what fails on this machine, or what surprises.
pub fn about(lang: Lang, key: &str) -> &'static str {
    match key {
        "busy-client" => busy_client_about(lang),
        "sixteen-ports" => sixteen_ports_about(lang),
        "ports-owned-by-bind" => owned_by_bind_about(lang),
        "live-connections" => live_connections_about(lang),
        "second-destination" => second_destination_about(lang),
        "healed-by-range" => healed_by_range_about(lang),
        "healed-by-reuse" => healed_by_reuse_about(lang),
        "bound-to-another-address" => bound_elsewhere_about(lang),
        "bound-socket-takes-timewait" => bound_takes_about(lang),
        "reuse-without-timestamps" => reuse_no_stamps_about(lang),
        "one-second-rule" => one_second_about(lang),
        "slipping-calendar" => slipping_about(lang),
        "bind-port-zero" => bind_zero_about(lang),
        "shared-with-reuseaddr" => shared_reuse_about(lang),
        "wrap-at-2-32" => wrap_about(lang),
        "tw-recycle" => recycle_about(lang),
        "finwait2" => finwait2_about(lang),
        "self-connect" => self_connect_about(lang),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::loaded::loaded;

    #[test]
    fn every_prepared_machine_has_its_words_in_both_languages() {
        for prepared in error99_replay::catalogue::ALL {
            for lang in Lang::ALL {
                for text in [
                    title(lang, prepared.key),
                    about(lang, prepared.key),
                    loaded(lang, prepared.key),
                ] {
                    assert!(!text.is_empty(), "{}", prepared.key);
                }
            }
        }
    }
}
