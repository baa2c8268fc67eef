//! The second half of the page "Which rules has my kernel?": what has changed, and how it is known.

use super::texts;

texts! {
    heading { en: "Since when, and how we know", zh: "始于何时，从何得知" }
    text {
        en: "Each change with the mainline release that brought it. Two numbers mean: between them, as not every release was read. “Back-ports” are kernels with a lower number that have the change all the same, and some that were looked at and haven't got it.",
        zh: "每项改动及引入它的主线版本。写成两个版本号的，表示在两者之间，因为并非每个版本都读过。“移植”列出版本号更低却已有该改动的内核，以及查过确实没有的内核。",
    }
    col_what { en: "What changed", zh: "改了什么" }
    col_since { en: "Mainline", zh: "主线版本" }
    col_read { en: "Read without it, with it", zh: "读到没有、有它的版本" }
    col_back { en: "Back-ports", zh: "移植" }
    col_where { en: "Where it was read", zh: "出处" }
    from_until(from, until) { en: "{from}, gone in {until}", zh: "{from}，{until} 起取消" }
    never { en: "never", zh: "从未进入主线" }
    not_in(trees) { en: "not: {trees}", zh: "没有：{trees}" }

    start_digest { en: "The start's hash is MD5, its key drawn once.", zh: "起点的散列改用 MD5，密钥只取一次。" }
    even_start { en: "The walk starts an even distance above the lowest port and tries every port from there.", zh: "查找从距最低端口偶数步处开始，由此逐个尝试。" }
    two_passes { en: "The walk passes twice: every second port, then the others.", zh: "查找分两轮：先隔一个看一个，再看其余的。" }
    no_memory { en: "No memory for a bucket is an error of its own, 12 and not 99.", zh: "bucket 分配不到内存时另报错误 12，不再是 99。" }
    resched { en: "The walk lets others run between two ports.", zh: "查找在两个端口之间让出处理器。" }
    siphash { en: "The start's hash is SipHash.", zh: "起点的散列改用 SipHash。" }
    hints { en: "A table of hints takes the place of the one.", zh: "一张 hint 表取代唯一的 hint。" }
    hardened { en: "65,536 hints, a hash of 64 bits that changes every 10 s, random steps.", zh: "65,536 个 hint、每 10 秒变化的 64 位散列、随机步长。" }
    source_back { en: "A connect that fails gives its source address back.", zh: "connect 失败后归还源地址。" }
    short_cut { en: "A short cut for sole owners is gone; it was never taken.", zh: "删除独占者的捷径；它从未被走过。" }
    window { en: "`IP_LOCAL_PORT_RANGE`: a range of the socket's own.", zh: "`IP_LOCAL_PORT_RANGE`：套接字自己的范围。" }
    window_one_pass { en: "A range of the socket's own is walked in one pass.", zh: "套接字自己的范围只走一轮。" }
    linear_syn { en: "The first four repetitions of a SYN come at equal distances.", zh: "SYN 的前四次重发间隔相等。" }
    look_first { en: "The walk looks at a port before it locks it. The result is the same.", zh: "查找先看端口再加锁，结果不变。" }
    dccp { en: "DCCP is gone, and with it its share of the ports.", zh: "删除 DCCP，它不再占用端口。" }

    recycled { en: "`TIMEWAITRECYCLED` counts take-overs only.", zh: "`TIMEWAITRECYCLED` 只统计接管。" }
    slack { en: "Timer slack: the calendar's ticks come up to 1/256 later.", zh: "定时器宽限：日历的节拍最多晚 1/256。" }
    same_chain { en: "TIME_WAITs stand in the same chain as live sockets.", zh: "TIME_WAIT 与活动套接字在同一条链上。" }
    own_timer { en: "A timer for each TIME_WAIT: no calendar that slips.", zh: "每个 TIME_WAIT 有自己的定时器，不再有会拖后的日历。" }
    hurry { en: "The calendar goes on after 1 s when a slot keeps the worker busy.", zh: "某一格过于繁忙时，日历 1 秒后继续。" }
    wheel { en: "Timers are coarse: a TIME_WAIT lasts longer than 60 s, by up to a granule.", zh: "定时器变粗：TIME_WAIT 超过 60 秒，最多多出一个刻度。" }
    no_recycle { en: "`tcp_tw_recycle` is gone.", zh: "删除 `tcp_tw_recycle`。" }
    keeps_reuseport { en: "A TIME_WAIT keeps `SO_REUSEPORT`; before, that bit was left to chance.", zh: "TIME_WAIT 保留 `SO_REUSEPORT`；此前这一位全凭运气。" }
    reuse_two { en: "`tcp_tw_reuse` 2: loopback only; the default.", zh: "`tcp_tw_reuse` 取 2：仅限回环，并成为默认。" }
    later_second { en: "A stamp need only be of an earlier second.", zh: "时间戳只要属于更早的一秒。" }
    linger { en: "`TCP_LINGER2` is limited to 120 s.", zh: "`TCP_LINGER2` 上限为 120 秒。" }
    unsigned_limit { en: "A negative `tcp_max_tw_buckets` is no limit.", zh: "`tcp_max_tw_buckets` 为负即无上限。" }
    not_pinned { en: "The timer of a TIME_WAIT isn't tied to a processor.", zh: "TIME_WAIT 的定时器不再绑定处理器。" }
    fin_wait2 { en: "FIN_WAIT2 is never taken over by automatic choice.", zh: "自动选择不再接管 FIN_WAIT2。" }
    reuse_delay { en: "The wait is counted in ms from the beginning of TIME_WAIT: `tcp_tw_reuse_delay`, 1,000.", zh: "等待改为从进入 TIME_WAIT 起按毫秒计：`tcp_tw_reuse_delay`，1,000。" }

    reserved { en: "`ip_local_reserved_ports`: the walk passes them over.", zh: "`ip_local_reserved_ports`：查找跳过它们。" }
    range_error { en: "A second port out of bounds is error 22; before, it was dropped.", zh: "第二个端口越界返回错误 22；此前直接丢弃。" }
    range_own { en: "Each network namespace has a range of its own.", zh: "每个网络命名空间有自己的端口范围。" }
    reserved_own { en: "Each network namespace has reserved ports of its own.", zh: "每个网络命名空间有自己的预留端口。" }
    default_range { en: "The default range ends at 60,999.", zh: "默认范围到 60,999 为止。" }
    no_port { en: "`IP_BIND_ADDRESS_NO_PORT`: bind leaves the port to connect.", zh: "`IP_BIND_ADDRESS_NO_PORT`：bind 把端口留给 connect 选。" }
    parity { en: "The log warns when both ends of the range are even, or both odd.", zh: "范围两端同奇或同偶时，日志给出警告。" }
    route_error { en: "A route that refuses gives its own error: 113, 13 or 22, no longer always 101.", zh: "被路由拒绝时返回各自的错误 113、13 或 22，不再一律是 101。" }
    tw_reuse_own { en: "Each network namespace has its `tcp_tw_reuse`.", zh: "每个网络命名空间有自己的 `tcp_tw_reuse`。" }
    offsets { en: "Timestamps have random offsets; `tcp_timestamps` 2 leaves them out.", zh: "时间戳带随机偏移；`tcp_timestamps` 取 2 则不带。" }
    limit_own { en: "Each network namespace counts and limits its TIME_WAITs.", zh: "每个网络命名空间自己统计并限制 TIME_WAIT。" }
    unprivileged { en: "`ip_unprivileged_port_start`: the range must not begin below it.", zh: "`ip_unprivileged_port_start`：范围不得从它之下开始。" }

    children { en: "Accepted connections count as owners of their port.", zh: "接受的连接计入端口的持有者。" }
    shares { en: "bind(…, 0) takes an occupied port where nothing conflicts.", zh: "没有冲突时，bind(…, 0) 也取已占用的端口。" }
    strict { en: "In that search two `SO_REUSEADDR` sockets on one address conflict.", zh: "在这种查找中，同一地址上的两个 `SO_REUSEADDR` 套接字相冲突。" }
    reuseport { en: "`SO_REUSEPORT`, and its flag beside fastreuse.", zh: "`SO_REUSEPORT`，以及 fastreuse 旁边它的标志。" }
    lower_half { en: "bind(…, 0) with `SO_REUSEADDR` searches the lower half first.", zh: "设 `SO_REUSEADDR` 的 bind(…, 0) 先找下半段。" }
    odd_first { en: "bind(…, 0) takes odd distances first, and so keeps out of connect's way.", zh: "bind(…, 0) 先取奇数距离，避开 connect。" }
    rewritten { en: "Both flags are written at every bind.", zh: "每次 bind 都重写两个标志。" }
    one_sided { en: "A remembered `SO_REUSEPORT` address no longer fits a caller on the any address.", zh: "记住的 `SO_REUSEPORT` 地址不再与任意地址的调用者相配。" }
    vrf { en: "A bucket belongs to a VRF.", zh: "bucket 归属于 VRF。" }
    autobind { en: "`ip_autobind_reuse`: bind(…, 0) that finds nothing looks again, less strictly.", zh: "`ip_autobind_reuse`：bind(…, 0) 找不到时放宽条件再找。" }
    child_bucket { en: "A child in a bucket of its own updates the flags.", zh: "子连接另有 bucket 时也更新标志。" }
    by_address { en: "A bucket for each address of a port.", zh: "端口的每个地址各有 bucket。" }
    first_as_later { en: "The first binder counts as a later one: alone with `SO_REUSEADDR` it leaves fastreuse 0.", zh: "第一个 bind 也当作后来者：单独设 `SO_REUSEADDR` 时 fastreuse 为 0。" }
    recovers { en: "When the last bind leaves, a port may be shared again.", zh: "最后一个 bind 离开后，端口又可共用。" }
}
