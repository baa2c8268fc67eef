//! The page "Which rules has my kernel?": the rules in plain words, each as short as a cell of the
//! table asks for.

use super::texts;

texts! {
    page_title { en: "Which rules has my kernel? – error 99", zh: "我的内核用哪套规则？– error 99" }
    dek {
        en: "Thirteen releases of Linux, from 2.6.32 to 6.18, and how each chooses a local port, ends a TIME_WAIT and shares a port: the same data that the model runs on.",
        zh: "从 2.6.32 到 6.18 共十三个版本的 Linux：各自如何选择本地端口、如何结束 TIME_WAIT、如何共用端口。这些数据正是模型运行所依据的。",
    }

    find { en: "Find yours", zh: "找到你的内核" }
    find_text {
        en: "Ask `uname -r`. The number alone doesn't say the rules, since distributions and stable series carry changes back; the system beside it says more. Rules that are **traced** are judged by traces of the genuine code; those that are **read** are as right as they were read.",
        zh: "先运行 `uname -r`。单凭版本号看不出规则，因为发行版和稳定版系列会把改动移植回来；旁边的系统名称更能说明问题。标为**有记录**的，由真实内核的记录验证；标为**读源码**的，只能保证读得仔细。",
    }
    col_system { en: "System", zh: "系统" }
    col_uname { en: "`uname -r` begins with", zh: "`uname -r` 开头" }
    col_release { en: "Its rules", zh: "它的规则" }
    col_about { en: "What its number doesn't say", zh: "版本号没有说明的" }
    near { en: "near", zh: "接近" }
    none { en: "not among these", zh: "不在其中" }

    about_rhel_6 {
        en: "It adds changes of its own; a late one was seen to walk like 4.2.",
        zh: "它另有自己的改动；有一个后期版本的查找方式与 4.2 相同。",
    }
    about_rhel_7 {
        en: "Not the rules of 3.10: it walks like 4.2, and keeps the calendar.",
        zh: "规则并不是 3.10 的：查找方式与 4.2 相同，日历则保留下来。",
    }
    about_rhel_8 {
        en: "8.1, 8.3 and 8.5 were read: their walk is that of early 4.19. In 8.1 a stamp must still be over 1 s old.",
        zh: "读过 8.1、8.3 和 8.5：查找方式与早期 4.19 相同。8.1 里时间戳仍须早于 1 秒以前。",
    }
    about_rhel_9 { en: "Not read: which changes it carries back isn't known here.", zh: "没有读过：它移植了哪些改动，这里不清楚。" }
    about_rhel_10 { en: "By its number; what was traced is Debian's 6.12.", zh: "依据版本号；有记录的是 Debian 的 6.12。" }
    about_debian_8 {
        en: "3.16 walks like 3.10 and has the calendar; range and reserved ports are each namespace's own.",
        zh: "3.16 的查找方式与 3.10 相同，也用日历；端口范围和预留端口由各命名空间自己持有。",
    }
    about_debian_9 {
        en: "4.9 walks in two passes and has a timer for each TIME_WAIT; its late updates weren't read.",
        zh: "4.9 分两轮查找，每个 TIME_WAIT 有自己的定时器；后期更新没有读过。",
    }
    about_debian_10 {
        en: "4.19.222 still walks as early 4.19 does, 4.19.297 like 5.15. The change came between them.",
        zh: "4.19.222 仍按早期 4.19 的方式查找，4.19.297 则与 5.15 相同，改动发生在两者之间。",
    }
    about_stable { en: "With what its stable series took over.", zh: "包含稳定版系列引入的改动。" }
    about_ubuntu_14 {
        en: "3.13 walks like 3.10; the range is each namespace's own.",
        zh: "3.13 的查找方式与 3.10 相同；端口范围由各命名空间自己持有。",
    }
    about_ubuntu_16 {
        en: "4.4 walks like RHEL 7, but has a timer for each TIME_WAIT, which is exact.",
        zh: "4.4 的查找方式与 RHEL 7 相同，但每个 TIME_WAIT 有自己的定时器，而且准时。",
    }
    about_ubuntu_18 {
        en: "Ubuntu's 4.15.18 was read: it has the table of hints and the flags of later kernels.",
        zh: "读过 Ubuntu 的 4.15.18：它已有后来内核的 hint 表和标志规则。",
    }
    about_ubuntu_22 { en: "5.15.16 hasn't got the table of 65,536 hints yet, 5.15.100 has.", zh: "5.15.16 还没有 65,536 项的 hint 表，5.15.100 已有。" }
    about_ubuntu_24 { en: "By its number; Ubuntu adds changes of its own, which weren't read.", zh: "依据版本号；Ubuntu 自己的改动没有读过。" }
    about_amazon_2 { en: "By its number: 5.10. Its 4.14 wasn't read.", zh: "依据版本号：5.10。它的 4.14 没有读过。" }
    about_amazon_2023 { en: "By its number; what was traced is Debian's.", zh: "依据版本号；有记录的是 Debian 的内核。" }
    about_mainline {
        en: "3.10.108, 6.6 and 6.18.33. Of other numbers, look up below since when each change is there.",
        zh: "3.10.108、6.6 和 6.18.33。其他版本号请在下文查各项改动始于何时。",
    }

    matrix { en: "The rules, release by release", zh: "逐版本的规则" }
    matrix_text {
        en: "A cell goes on as far as the rule does. Choose your kernel to see which cells are its own.",
        zh: "规则不变，格子就一直延续。选择你的内核，就能看出哪些格子属于它。",
    }
    my_kernel { en: "My kernel", zh: "我的内核" }
    all_kernels { en: "All", zh: "全部" }
    table_label { en: "Rules by release; scrolls sideways", zh: "各版本的规则，可横向滚动" }
    rule { en: "Rule", zh: "规则" }
    as_read { en: "read", zh: "读源码" }
    as_traced { en: "traced", zh: "有记录" }

    yes { en: "yes", zh: "有" }
    no { en: "no", zh: "无" }
    does { en: "yes", zh: "是" }
    does_not { en: "no", zh: "否" }
    nothing { en: "–", zh: "–" }

    group_walk { en: "The walk of connect()", zh: "connect() 的查找" }
    row_start { en: "Where it starts", zh: "起点" }
    start_half_md4 { en: "one hint for all, plus a half-MD4 hash of the destination, keyed anew every 300 s", zh: "全局一个 hint，加上目的地的 half-MD4 散列，每 300 秒换密钥" }
    start_digest { en: "one hint for all, plus an MD5 hash, keyed once", zh: "全局一个 hint，加上 MD5 散列，密钥只取一次" }
    start_siphash { en: "one hint for all, plus SipHash", zh: "全局一个 hint，加上 SipHash" }
    start_table { en: "one of 65,536 hints, plus SipHash; both chosen by destination and time, anew every 10 s", zh: "65,536 个 hint 之一，加上 SipHash；两者都由目的地与时间决定，每 10 秒更换" }
    row_order { en: "In which order", zh: "次序" }
    order_every { en: "every port in turn", zh: "逐个端口" }
    order_even { en: "every port in turn, from an even distance above the lowest", zh: "逐个端口，从距最低端口偶数步处开始" }
    order_passes { en: "two passes: every second port, then those between", zh: "两轮：先隔一个看一个，再看中间的" }
    order_window { en: "two passes; a range of the socket's own in one", zh: "两轮；套接字自己的范围只走一轮" }
    row_noted { en: "What it leaves in the hint", zh: "在 hint 里留下什么" }
    noted_steps { en: "its steps are added", zh: "加上步数" }
    noted_even { en: "its steps and one more, made even", zh: "加上步数再加一，取偶" }
    noted_pass { en: "how far its pass went, and 2", zh: "加上本轮走过的距离，再加 2" }
    noted_chance { en: "how far its pass went, and 2; but at least 2 to 16, by chance", zh: "加上本轮距离再加 2，但至少为随机的 2 到 16" }
    row_memory { en: "No memory for a port's bucket", zh: "端口的 bucket 分配不到内存" }
    memory_said { en: "error 12", zh: "错误 12" }
    memory_unsaid { en: "error 99", zh: "错误 99" }
    row_source { en: "A connect that fails gives its source address back", zh: "connect 失败后归还源地址" }
    row_syn { en: "An unanswered SYN is repeated", zh: "SYN 无回应时的重发" }
    syn_doubling { en: "each wait is twice the one before", zh: "每次等待加倍" }
    syn_linear(count) { en: "first {count} equal waits, then doubling", zh: "先等距 {count} 次，再加倍" }
    row_timeout { en: "A disconnect puts the retransmission timeout back", zh: "断开连接会复原重传超时" }

    group_timewait { en: "TIME_WAIT", zh: "TIME_WAIT" }
    row_timers { en: "What ends it", zh: "由什么结束" }
    timers_calendar { en: "one calendar for all; it slips when over 100 end at once", zh: "全局一本日历；一次结束超过 100 个就会拖后" }
    timers_slack { en: "the calendar, whose ticks come a little late; it slips as before", zh: "日历，节拍略晚；同样会拖后" }
    timers_hurry { en: "the calendar; when it is very busy, the next tick comes after 1 s", zh: "日历；非常繁忙时，下一拍在 1 秒后到来" }
    timers_wheel { en: "a timer for each, which fires late by up to a granule of the wheel", zh: "每个有自己的定时器，最多晚到时间轮的一个刻度" }
    row_lives_250 { en: "How long it lasts, at HZ 250", zh: "时长，HZ 250" }
    row_lives_1000 { en: "How long it lasts, at HZ 1000", zh: "时长，HZ 1000" }
    lives(first, last) { en: "{first}–{last} s", zh: "{first}–{last} 秒" }
    row_reuse { en: "When connect may take it over", zh: "connect 何时可接管" }
    reuse_second { en: "with `tcp_tw_reuse` on: over 1 s after its last stamp", zh: "开启 `tcp_tw_reuse`：最后的时间戳过去超过 1 秒" }
    reuse_later { en: "with 1, or 2 and loopback: in a later second than its last stamp", zh: "取 1，或取 2 且为回环：晚于最后时间戳所在的那一秒" }
    reuse_closed { en: "with 1, or 2 and loopback: in a later second than its last stamp; never in FIN_WAIT2", zh: "取 1，或取 2 且为回环：晚于最后时间戳所在的那一秒；FIN_WAIT2 除外" }
    reuse_delay { en: "with 1, or 2 and loopback: over `tcp_tw_reuse_delay` after it began; never in FIN_WAIT2", zh: "取 1，或取 2 且为回环：进入后超过 `tcp_tw_reuse_delay`；FIN_WAIT2 除外" }
    row_stamps { en: "Clock of the stamp", zh: "时间戳的时钟" }
    stamps_wall { en: "wall clock, which can be set", zh: "墙上时钟，可以被改" }
    stamps_monotonic { en: "time since boot", zh: "开机以来的时间" }
    row_limit { en: "A negative `tcp_max_tw_buckets`", zh: "`tcp_max_tw_buckets` 为负" }
    limit_signed { en: "allows none", zh: "一个也不许有" }
    limit_unsigned { en: "is no limit", zh: "没有上限" }
    row_rst { en: "A RST, with `tcp_rfc1337` on", zh: "`tcp_rfc1337` 开启时收到 RST" }
    rst_restarts { en: "starts its time anew", zh: "重新计时" }
    rst_ignored { en: "changes nothing", zh: "不起作用" }
    row_keeps { en: "It keeps `SO_REUSEPORT`", zh: "保留 `SO_REUSEPORT`" }
    row_recycled { en: "The counter `TIMEWAITRECYCLED` counts", zh: "计数器 `TIMEWAITRECYCLED` 统计" }
    recycled_checks { en: "checks of walks that succeed", zh: "成功的查找所做的检查" }
    recycled_taken { en: "take-overs", zh: "接管次数" }

    group_knobs { en: "Range, sysctls, options", zh: "范围、sysctl、套接字选项" }
    row_range { en: "`ip_local_port_range` at boot", zh: "`ip_local_port_range` 初值" }
    range(low, high, ports) { en: "{low}–{high}: {ports} ports", zh: "{low}–{high}，共 {ports} 个" }
    row_tw_reuse { en: "`tcp_tw_reuse` at boot", zh: "`tcp_tw_reuse` 初值" }
    row_writes { en: "What a sysctl takes", zh: "sysctl 接受什么" }
    writes_free { en: "any number; a bad second port is dropped", zh: "任何数；第二个端口有误就丢弃" }
    writes_range { en: "any number; a bad second port is error 22", zh: "任何数；第二个端口有误则返回错误 22" }
    writes_checked { en: "`tcp_tw_reuse`: 0, 1 or 2", zh: "`tcp_tw_reuse` 只能是 0、1、2" }
    writes_bytes { en: "`tcp_tw_reuse`: 0, 1 or 2; other switches: 0 to 255", zh: "`tcp_tw_reuse` 只能是 0、1、2；其他开关为 0 到 255" }
    sysctl_recycle { en: "`tcp_tw_recycle`", zh: "`tcp_tw_recycle`" }
    sysctl_reserved { en: "`ip_local_reserved_ports`", zh: "`ip_local_reserved_ports`" }
    sysctl_unprivileged { en: "`ip_unprivileged_port_start`", zh: "`ip_unprivileged_port_start`" }
    sysctl_autobind { en: "`ip_autobind_reuse`", zh: "`ip_autobind_reuse`" }
    sysctl_delay { en: "`tcp_tw_reuse_delay`", zh: "`tcp_tw_reuse_delay`" }
    option_reuseport { en: "`SO_REUSEPORT`", zh: "`SO_REUSEPORT`" }
    option_no_port { en: "`IP_BIND_ADDRESS_NO_PORT`", zh: "`IP_BIND_ADDRESS_NO_PORT`" }
    option_window { en: "`IP_LOCAL_PORT_RANGE`", zh: "`IP_LOCAL_PORT_RANGE`" }

    group_bind { en: "bind() and sharing", zh: "bind() 与共用" }
    row_search { en: "What bind(…, 0) takes", zh: "bind(…, 0) 取哪个端口" }
    search_fewest { en: "the first without a bucket, else the shareable one with the fewest owners", zh: "第一个没有 bucket 的；否则取可共用且持有者最少的" }
    search_first { en: "the first without a conflict", zh: "第一个没有冲突的" }
    search_half { en: "the first without a conflict; `SO_REUSEADDR`: lower half first", zh: "第一个没有冲突的；设 `SO_REUSEADDR` 则先找下半段" }
    search_odd { en: "odd distances first; `SO_REUSEADDR`: lower half first", zh: "先看奇数距离；设 `SO_REUSEADDR` 则先找下半段" }
    row_conflict { en: "When two on one address get along", zh: "同一地址上的两个何时相容" }
    conflict_address { en: "both `SO_REUSEADDR`, and nobody listens", zh: "都设 `SO_REUSEADDR` 且无人监听" }
    conflict_either { en: "both `SO_REUSEADDR`, and nobody listens; or both `SO_REUSEPORT`", zh: "都设 `SO_REUSEADDR` 且无人监听，或都设 `SO_REUSEPORT`" }
    conflict_named { en: "both `SO_REUSEADDR`, and nobody listens; where a port is named, also both `SO_REUSEPORT`", zh: "都设 `SO_REUSEADDR` 且无人监听；指名端口时，都设 `SO_REUSEPORT` 也可" }
    conflict_apart { en: "both `SO_REUSEADDR`, and nobody listens; where a port is named, also both `SO_REUSEPORT`; in a search never if both have both", zh: "都设 `SO_REUSEADDR` 且无人监听；指名端口时，都设 `SO_REUSEPORT` 也可；自动查找时，双方两个选项都设则不相容" }
    row_flags { en: "Flags of a port after a bind", zh: "bind 之后端口的标志" }
    flags_lower { en: "fastreuse only goes down", zh: "fastreuse 只降不升" }
    flags_lower_both { en: "fastreuse and fastreuseport only go down", zh: "fastreuse 与 fastreuseport 只降不升" }
    flags_write_any { en: "both are written at every bind; any address fits the one remembered", zh: "每次 bind 都重写两者；任意地址与记住的地址相配" }
    flags_write { en: "both are written at every bind", zh: "每次 bind 都重写两者" }
    flags_later { en: "written at every bind; the first counts as a later one", zh: "每次 bind 都重写；第一个也当作后来者" }
    row_addresses { en: "A bucket for each address of a port", zh: "端口的每个地址各有 bucket" }
    addresses_recover { en: "yes; free to share again after the last bind", zh: "有；最后一个 bind 离开后可再共用" }
    row_listener { en: "Which listener gets a connection", zh: "连接归哪个监听者" }
    listener_definite { en: "one on the definite address first", zh: "先给绑定确定地址的" }
    listener_newest { en: "the newest that fits, with `SO_REUSEPORT`", zh: "设 `SO_REUSEPORT` 时给最新的相符者" }
    row_children { en: "Accepted children count as owners", zh: "接受的子连接计入持有者" }
}
