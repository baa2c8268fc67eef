//! What each prepared machine was loaded with before its first call.

use super::texts;
use crate::lang::Lang;

texts! {
    busy_client {
        en: "A busy client: 28,127 connections to 10.0.0.2:80, 497 a second, for 57 s. Each is closed at once by the client; one in 22 stays open. 95 ports belong to bind().",
        zh: "一个繁忙的客户端：57 秒内以每秒 497 条的速率向 10.0.0.2:80 建立 28,127 条连接，都由客户端立即关闭，只有每 22 条中的 1 条保持打开。另有 95 个端口由 bind() 占用。",
    }
    sixteen_ports { en: "Nothing: the machine has just booted.", zh: "什么也没有：机器刚刚启动。" }
    owned_by_bind { en: "64 sockets, each bound to one port of the range.", zh: "64 个套接字，各绑定范围内的一个端口。" }
    live_connections {
        en: "28,233 connections to 10.0.0.2:80, all of them open.",
        zh: "到 10.0.0.2:80 的 28,233 条连接，全部保持打开。",
    }
    second_destination { en: "32 open connections to 10.0.0.2:80.", zh: "到 10.0.0.2:80 的 32 条打开的连接。" }
    healed_by_range {
        en: "32 open connections to 10.0.0.2:80.",
        zh: "到 10.0.0.2:80 的 32 条打开的连接。",
    }
    healed_by_reuse {
        en: "16 short connections to 10.0.0.2:80 in two seconds; one more second has passed.",
        zh: "两秒内到 10.0.0.2:80 的 16 条短连接，随后又过去一秒。",
    }
    bound_elsewhere {
        en: "4 sockets bound to 10.0.0.7, one on each port of the range.",
        zh: "4 个套接字绑定到 10.0.0.7，范围内每个端口一个。",
    }
    bound_takes {
        en: "A connection from port 40,001, bound with SO_REUSEADDR, was just closed.",
        zh: "一条从端口 40,001（带 SO_REUSEADDR 绑定）发起的连接刚刚关闭。",
    }
    reuse_no_stamps {
        en: "tcp_timestamps is 0. Four short connections, ten seconds ago.",
        zh: "tcp_timestamps 为 0。十秒前有四条短连接。",
    }
    one_second {
        en: "One short connection, just closed.",
        zh: "一条刚刚关闭的短连接。",
    }
    slipping {
        en: "4,000 short connections to 10.0.0.2:80, 20 a second, for 200 s.",
        zh: "200 秒内以每秒 20 条的速率向 10.0.0.2:80 建立 4,000 条短连接。",
    }
    bind_zero {
        en: "Nothing: the machine has just booted.",
        zh: "什么也没有：机器刚刚启动。",
    }
    shared_reuse {
        en: "A connection to 10.0.0.2:80 on the only port of the range, its socket with SO_REUSEADDR.",
        zh: "范围内唯一的端口上有一条到 10.0.0.2:80 的连接，其套接字带 SO_REUSEADDR。",
    }
    wrap {
        en: "Four connections, and a start just below 2^32.",
        zh: "四条连接，以及一个略小于 2^32 的起点。",
    }
    recycle {
        en: "Four short connections; tcp_tw_recycle is 1.",
        zh: "四条短连接；tcp_tw_recycle 为 1。",
    }
    finwait2 {
        en: "A connection closed by this side only, 30 s ago.",
        zh: "一条 30 秒前仅由本端关闭的连接。",
    }
    self_connect {
        en: "Nothing: the machine has just booted.",
        zh: "什么也没有：机器刚刚启动。",
    }
    held_of_one_parity {
        en: "14,115 connections to 10.0.0.2:80, all of them open.",
        zh: "到 10.0.0.2:80 的 14,115 条连接，全部保持打开。",
    }
    two_open {
        en: "Two open connections to 10.0.0.2:80.",
        zh: "到 10.0.0.2:80 的两条打开的连接。",
    }
    one_elsewhere {
        en: "One open connection to 10.0.0.3:80.",
        zh: "到 10.0.0.3:80 的一条打开的连接。",
    }
    no_connection_yet {
        en: "Nothing: no connection has been made yet.",
        zh: "什么也没有：还没有建立过连接。",
    }
    four_open {
        en: "Four open connections to 10.0.0.2:80, one on each port of the range.",
        zh: "到 10.0.0.2:80 的四条打开的连接，范围内每个端口一条。",
    }
    bound_on_first {
        en: "8 sockets bound to 10.0.0.1, one on each port of the range.",
        zh: "8 个套接字绑定到 10.0.0.1，范围内每个端口一个。",
    }
    both_closed {
        en: "Two short connections, two seconds ago: one to 127.0.0.1:80 and one to 10.0.0.2:80.",
        zh: "两秒前有两条短连接：一条到 127.0.0.1:80，另一条到 10.0.0.2:80。",
    }
    one_minute {
        en: "1,200 short connections to 10.0.0.2:80, 20 a second, for 60 s.",
        zh: "60 秒内以每秒 20 条的速率向 10.0.0.2:80 建立 1,200 条短连接。",
    }
    small_host {
        en: "tcp_max_tw_buckets is 16,384. As many short connections to 10.0.0.2:80, 1,000 a second.",
        zh: "tcp_max_tw_buckets 为 16,384。以每秒 1,000 条的速率向 10.0.0.2:80 建立了同样多的短连接。",
    }
}

/// What was loaded before call 1.
pub fn loaded(lang: Lang, key: &str) -> &'static str {
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
        "half-the-range" => held_of_one_parity(lang),
        "odd-range" => two_open(lang),
        "own-starts" => one_elsewhere(lang),
        "start-jumps" => no_connection_yet(lang),
        "port-window" => no_connection_yet(lang),
        "window-outside" => two_open(lang),
        "no-port" => four_open(lang),
        "bind-on-second-address" => bound_on_first(lang),
        "reuseaddr-shuts-a-port" => shared_reuse(lang),
        "reuse-on-loopback" => both_closed(lang),
        "reuse-delay" => one_second(lang),
        "ends-in-bursts" => one_minute(lang),
        "four-gigabytes" => small_host(lang),
        _ => "",
    }
}
