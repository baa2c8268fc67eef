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
    first_kernel { en: "On Linux 2.6.32", zh: "Linux 2.6.32" }
    later_kernels { en: "On later kernels", zh: "更新的内核" }

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

    half { en: "One probe each, then fourteen thousand", zh: "先是一次探测，然后是一万四千次" }
    half_about {
        en: "14,115 connections to one server hold ports of one parity, and the next connect takes the last of these at its first probe. The one after that looks at 14,116 ports in vain, and so does every further one: since 4.6 one parity comes before the other.",
        zh: "到同一台服务器的 14,115 条连接占着奇偶相同的端口，下一个 connect 第一次探测就拿到其中最后一个。再下一个要先白看 14,116 个端口，此后的每一个也都如此：从 4.6 起，查完一种奇偶的端口，才轮到另一种。",
    }
    odd_range { en: "An odd range loses a port", zh: "端口数为奇数的范围会漏掉一个端口" }
    odd_range_about {
        en: "Two connections on three ports, and connect() fails while the third is free. Since 4.6 a walk goes over an even number of ports: an odd range always has one left over, and of three ports it's always the same one.",
        zh: "三个端口上有两条连接，第三个空闲，connect() 却失败。从 4.6 起，一次查找只经过偶数个端口：端口数为奇数的范围总会剩下一个；如果只有三个端口，剩下的永远是同一个。",
    }
    own_starts { en: "Two destinations that no longer move each other", zh: "互不影响的两个目的地" }
    own_starts_about {
        en: "One connect to 10.0.0.3, a thousand to 10.0.0.2, then 10.0.0.3 again: its walk starts just two ports further, as if nothing had happened. What was one hint for everybody is now a table, in which each destination has a place; on 4.19 the start would have moved by 2,000 ports.",
        zh: "先向 10.0.0.3 连接一次，再向 10.0.0.2 连接一千次，然后又是 10.0.0.3：它的起点只前进了两个端口，仿佛什么也没有发生。过去大家共用一个 hint，如今是一张表，每个目的地在表中各有位置；若在 4.19 上，起点会移动 2,000 个端口。",
    }
    start_jumps { en: "The start that jumps every ten seconds", zh: "每十秒跳变一次的起点" }
    start_jumps_about {
        en: "Four connects within 0.6 s start close to each other, at most 16 ports apart. The fifth comes 0.22 s later and starts thousands of ports away: time, cut into periods of ten seconds, goes into the hash that the start is made of, and a new period has begun.",
        zh: "0.6 秒内有四次 connect，相邻的起点最多相差 16 个端口。0.22 秒后的第五次却从几千个端口之外开始：计算起点的散列把时间也算了进去，每十秒为一段，而此时正好进入了新的一段。",
    }
    port_window { en: "A window of four ports", zh: "四个端口的窗口" }
    port_window_about {
        en: "IP_LOCAL_PORT_RANGE keeps each of these sockets to four of the sixteen ports. Four connects use them up, the fifth is refused while twelve ports are free. A socket without the option takes one of those.",
        zh: "IP_LOCAL_PORT_RANGE 把这些套接字限制在十六个端口中的四个之内。四次 connect 把它们用完，第五次被拒绝，尽管还有十二个端口空闲。不设这个选项的套接字就能拿到其中一个。",
    }
    window_outside { en: "A window outside the range that matters all the same", zh: "落在范围之外却仍起作用的窗口" }
    window_outside_about {
        en: "Two connections on three ports, and an odd range has lost the third. Then the socket gets a window at port 50,000, far outside the range. Its bounds mean nothing there, but a walk with a window visits every port, and so it finds the lost one.",
        zh: "三个端口上有两条连接，范围的端口数为奇数，第三个被漏掉了。随后套接字得到一个位于端口 50,000 的窗口，远在范围之外。窗口的上下限在那里毫无意义，但带窗口的查找会看遍每个端口，于是找到了漏掉的那一个。",
    }
    no_port { en: "Bound to an address, without a port yet", zh: "先绑定地址，端口以后再选" }
    no_port_about {
        en: "All four ports are in use towards one server. bind() to an address and port 0 fails, since it wants a port to itself. With IP_BIND_ADDRESS_NO_PORT the same call only notes the address, and connect() to another server then shares a port.",
        zh: "四个端口都已用于连接同一台服务器。bind() 到某个地址和端口 0 会失败，因为它要独占一个端口。设置 IP_BIND_ADDRESS_NO_PORT 后，同样的调用只记下地址，随后向另一台服务器 connect() 时便可共用端口。",
    }
    second_address { en: "A second address has ports of its own to give", zh: "第二个地址另有端口可分" }
    second_address_about {
        en: "All eight ports are bound at 10.0.0.1, and bind() to port 0 fails there. At 10.0.0.7 the same call gets one of the same eight ports. On 2.6.32 it fails at either address.",
        zh: "八个端口都已绑定在 10.0.0.1 上，在那里 bind() 到端口 0 会失败。换成 10.0.0.7，同样的调用便能得到这八个端口中的一个。而在 2.6.32 上，两个地址都会失败。",
    }
    shuts { en: "SO_REUSEADDR shuts a shared port until it's closed", zh: "SO_REUSEADDR 让共用的端口不再共用" }
    shuts_about {
        en: "A socket with SO_REUSEADDR binds to a port that connect() chose, and automatic choice can't share it any more: error 99. Once that socket is closed, 6.18 shares the port again. From 3.10 to 6.12 it stays shut as long as any connection holds it.",
        zh: "一个带 SO_REUSEADDR 的套接字绑定到 connect() 选出的端口，此后自动选择便不能再共用它：错误 99。这个套接字关闭后，6.18 会重新共用该端口；而从 3.10 到 6.12，只要还有连接占着它，它就一直不能共用。",
    }
    on_loopback { en: "tcp_tw_reuse heals loopback, and not the LAN", zh: "tcp_tw_reuse 只对环回连接有效，对局域网无效" }
    on_loopback_about {
        en: "tcp_tw_reuse is 2, its default since 4.18, and the only port has two TIME_WAITs, both two seconds old. Towards 10.0.0.2 connect() fails. Towards 127.0.0.1 it takes the TIME_WAIT over.",
        zh: "tcp_tw_reuse 为 2，这是 4.18 以来的默认值；唯一的端口上有两个 TIME_WAIT，都已过去两秒。向 10.0.0.2 的 connect() 失败，向 127.0.0.1 的则接管了 TIME_WAIT。",
    }
    reuse_delay { en: "Reuse after 1,001 milliseconds", zh: "1,001 毫秒之后才能接管" }
    reuse_delay_about {
        en: "One port, tcp_tw_reuse = 1. A connect at once is refused, and after exactly 1,000 ms it's refused again; one millisecond later it takes the TIME_WAIT over. Since 6.14 tcp_tw_reuse_delay says how long this takes. Before, the clock's next second was enough.",
        zh: "只有一个端口，tcp_tw_reuse = 1。立即连接被拒绝，恰好 1,000 毫秒后仍被拒绝，再过一毫秒便接管了 TIME_WAIT。从 6.14 起，要等多久由 tcp_tw_reuse_delay 决定；在此之前，只要时钟进入下一秒就够了。",
    }
    in_bursts { en: "TIME_WAITs that end in bursts", zh: "成批结束的 TIME_WAIT" }
    in_bursts_about {
        en: "20 short connections a second, for a minute. Their TIME_WAITs don't end one by one but some 40 at once, every 2.048 s: the timer wheel rounds up, so that each lasts between 60 and 62.05 s.",
        zh: "一分钟里每秒 20 条短连接。它们的 TIME_WAIT 并不逐个结束，而是每 2.048 秒一次结束约 40 个：定时器轮会向上取整，因此每个持续 60 到 62.05 秒。",
    }
    four_gigabytes { en: "Four gigabytes, and never a full range", zh: "4 GB 内存，范围永远用不完" }
    four_gigabytes_about {
        en: "With 4 GB of memory a host keeps 16,384 TIME_WAITs at most: its default of tcp_max_tw_buckets. They are all there now, so what is closed from here on leaves nothing behind, and 11,848 ports stay free. With 8 GB the 28,233rd connection of a minute is refused.",
        zh: "内存为 4 GB 的主机最多保留 16,384 个 TIME_WAIT，这是它 tcp_max_tw_buckets 的默认值。现在名额已满，此后关闭的连接什么也不会留下，始终有 11,848 个端口空闲。如果内存是 8 GB，一分钟里的第 28,233 条连接就会被拒绝。",
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
        "half-the-range" => half(lang),
        "odd-range" => odd_range(lang),
        "own-starts" => own_starts(lang),
        "start-jumps" => start_jumps(lang),
        "port-window" => port_window(lang),
        "window-outside" => window_outside(lang),
        "no-port" => no_port(lang),
        "bind-on-second-address" => second_address(lang),
        "reuseaddr-shuts-a-port" => shuts(lang),
        "reuse-on-loopback" => on_loopback(lang),
        "reuse-delay" => reuse_delay(lang),
        "ends-in-bursts" => in_bursts(lang),
        "four-gigabytes" => four_gigabytes(lang),
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
        "half-the-range" => half_about(lang),
        "odd-range" => odd_range_about(lang),
        "own-starts" => own_starts_about(lang),
        "start-jumps" => start_jumps_about(lang),
        "port-window" => port_window_about(lang),
        "window-outside" => window_outside_about(lang),
        "no-port" => no_port_about(lang),
        "bind-on-second-address" => second_address_about(lang),
        "reuseaddr-shuts-a-port" => shuts_about(lang),
        "reuse-on-loopback" => on_loopback_about(lang),
        "reuse-delay" => reuse_delay_about(lang),
        "ends-in-bursts" => in_bursts_about(lang),
        "four-gigabytes" => four_gigabytes_about(lang),
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
