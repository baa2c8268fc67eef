//! The gallery at `/scenarios`.

use super::texts;
use crate::lang::Lang;

texts! {
    page_title { en: "Scenarios – error 99", zh: "场景 – error 99" }
    heading { en: "Prepared machines", zh: "准备好的机器" }
    description {
        en: "Machines on which connect() fails, or succeeds against expectation. Each opens in the lab.",
        zh: "在这些机器上，connect() 会失败，或者出乎意料地成功。每一台都可以在实验室中打开。",
    }

    busy_client { en: "A busy client", zh: "繁忙的客户端" }
    busy_client_about {
        en: "497 short connections a second to one server. After less than a minute every one of 28,233 ports is refused: nearly all of them wait in TIME_WAIT.",
        zh: "每秒向同一台服务器发起 497 条短连接。不到一分钟，28,233 个端口全部被拒绝：几乎都停在 TIME_WAIT。",
    }
    busy_client_loaded {
        en: "A busy client: 28,127 connections to 10.0.0.2:80, 497 a second, for 57 s. Each is closed at once by the client; one in 22 stays open. 95 ports belong to bind().",
        zh: "一个繁忙的客户端：57 秒内以每秒 497 条的速度向 10.0.0.2:80 发起 28,127 条连接，每条立即由客户端关闭，每 22 条保留 1 条。另有 95 个端口由 bind() 占用。",
    }
    sixteen_ports { en: "Sixteen ports to learn with", zh: "十六个端口的教学机器" }
    sixteen_ports_about {
        en: "The same kernel with a range of 16 ports and a bind hash of 16 buckets: small enough to follow every step by hand.",
        zh: "同样的内核，端口范围只有 16 个，bind 散列表只有 16 个桶：小到可以亲手跟踪每一步。",
    }
    sixteen_ports_loaded { en: "Nothing: the machine has just booted.", zh: "什么也没有：机器刚刚启动。" }
    owned_by_bind { en: "Every port owned by bind()", zh: "所有端口都由 bind() 占用" }
    owned_by_bind_about {
        en: "64 sockets are bound to the 64 ports of the range and do nothing at all. No connect() gets a port, to whatever destination.",
        zh: "64 个套接字绑定在范围内的 64 个端口上，什么也不做。无论目的地是谁，connect() 都得不到端口。",
    }
    owned_by_bind_loaded { en: "64 sockets, each bound to one port of the range.", zh: "64 个套接字，各绑定范围内的一个端口。" }
    live_connections { en: "28,233 live connections", zh: "28,233 条活动连接" }
    live_connections_about {
        en: "Every port of the default range has a live connection to the same server. tcp_tw_reuse can't help: nothing here is in TIME_WAIT.",
        zh: "默认范围的每个端口都与同一台服务器保持着活动连接。tcp_tw_reuse 无济于事：这里没有任何 TIME_WAIT。",
    }
    live_connections_loaded {
        en: "28,233 connections to 10.0.0.2:80, all of them open.",
        zh: "到 10.0.0.2:80 的 28,233 条连接，全部保持打开。",
    }
    second_destination { en: "A full range that still connects", zh: "端口用尽，却仍能连接" }
    second_destination_about {
        en: "All 32 ports are in use towards one server, and connect() fails. Towards another server the very same ports are shared: a connection is four numbers, not one.",
        zh: "32 个端口全部用于连接同一台服务器，connect() 失败。但连接另一台服务器时，同样的端口可以共用：一条连接由四个数标识，而不是一个。",
    }
    second_destination_loaded { en: "32 open connections to 10.0.0.2:80.", zh: "到 10.0.0.2:80 的 32 条打开的连接。" }
}

/// Title of a prepared machine.
pub fn title(lang: Lang, key: &str) -> &'static str {
    match key {
        "busy-client" => busy_client(lang),
        "sixteen-ports" => sixteen_ports(lang),
        "ports-owned-by-bind" => owned_by_bind(lang),
        "live-connections" => live_connections(lang),
        "second-destination" => second_destination(lang),
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
        _ => "",
    }
}

/// What was loaded before call 1.
pub fn loaded(lang: Lang, key: &str) -> &'static str {
    match key {
        "busy-client" => busy_client_loaded(lang),
        "sixteen-ports" => sixteen_ports_loaded(lang),
        "ports-owned-by-bind" => owned_by_bind_loaded(lang),
        "live-connections" => live_connections_loaded(lang),
        "second-destination" => second_destination_loaded(lang),
        _ => "",
    }
}
