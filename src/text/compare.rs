//! The page that holds two kernels side by side: its sentences, and what each kernel does.

use error99_kernel::Release;
use error99_kernel::rules::{
    AddressRule, ConflictRule, FlagRule, KnobRule, LimitRule, ListenerRule, NotedRule, OrderRule,
    ProgramRule, RecycledRule, ReuseRule, Rules, SearchRule, StampRule, StartRule, TimerRule,
};
use error99_replay::pair::Topic;

use super::number::thousands;
use super::texts;
use crate::lang::Lang;

texts! {
    page_title { en: "Two kernels side by side – error 99", zh: "两个内核并排比较 – error 99" }
    description {
        en: "One machine on two releases of Linux: the same calls, side by side, and what differs in how they choose a local port.",
        zh: "同一台机器运行两个版本的 Linux：同样的调用并排执行，看它们选择本地端口的方式有何不同。",
    }
    heading { en: "Two kernels side by side", zh: "两个内核并排比较" }
    without_script {
        en: "Without JavaScript this page stands still: it shows one call on two kernels.",
        zh: "没有 JavaScript 时，本页是静止的：只显示一次调用在两个内核上的结果。",
    }
    eyebrow { en: "One machine, two kernels", zh: "一台机器，两个内核" }
    call_at(number, call) { en: "call {number}: {call}", zh: "第 {number} 次调用：{call}" }

    // ── the sentence ────────────────────────────────────────────
    coming { en: "Both kernels are making the calls of this machine.", zh: "两个内核正在执行这台机器上的各次调用。" }
    nothing {
        en: "Nothing has been done yet. Connect, and see what each kernel makes of it.",
        zh: "还没有做任何事。发起连接，看看两个内核各自怎么做。",
    }
    fill_half { en: "Half of the range is in use.", zh: "端口范围已用掉一半。" }
    fill_full { en: "Every port of the range is in use.", zh: "范围内的端口已全部占用。" }
    fill_partly(used, all) { en: "{used} of {all} ports are in use.", zh: "{all} 个端口中有 {used} 个在使用。" }
    passed_even(one, few, other, many) {
        en: "For **{one}** that makes no difference: **{few}**. **{other}** first passes **every even port**: {many}.",
        zh: "对 **{one}** 没有影响：**{few}**。**{other}** 要先走完**所有偶数端口**：{many}。",
    }
    passed_odd(one, few, other, many) {
        en: "For **{one}** that makes no difference: **{few}**. **{other}** first passes **every odd port**: {many}.",
        zh: "对 **{one}** 没有影响：**{few}**。**{other}** 要先走完**所有奇数端口**：{many}。",
    }
    probes_differ(one, few, other, many) {
        en: "**{one}** has its port after **{few}**, **{other}** after **{many}**.",
        zh: "**{one}** 经过 **{few}**得到端口，**{other}** 经过 **{many}**。",
    }
    gives_up(one, few, other, many) {
        en: "Both give up, **{one}** after **{few}**, **{other}** after **{many}**.",
        zh: "两者都放弃了：**{one}** 在 **{few}**之后，**{other}** 在 **{many}**之后。",
    }
    results_differ(one, this, other, that) {
        en: "**{one}** answers **{this}**, **{other}** **{that}**.",
        zh: "**{one}** 的结果是 **{this}**，**{other}** 的结果是 **{that}**。",
    }
    ended_differ(one, this, other, that) {
        en: "In this time the number of TIME_WAITs that ended is **{this}** on **{one}** and **{that}** on **{other}**.",
        zh: "这段时间里结束的 TIME_WAIT：**{one}** 上有 **{this}** 个，**{other}** 上有 **{that}** 个。",
    }
    ports_differ(one, this, other, that) {
        en: "Both kernels do the same here, and only the port is another one: **{this}** on **{one}**, **{that}** on **{other}**.",
        zh: "两个内核在这里做法相同，只是端口不同：**{one}** 是 **{this}**，**{other}** 是 **{that}**。",
    }
    same_here { en: "Here both kernels do the same.", zh: "在这里两个内核做法相同。" }
    calls_differ { en: "The two stand at different calls of the same load.", zh: "两台机器停在同一负载的不同调用上。" }
    one_probe { en: "1 probe", zh: "1 次探测" }
    probes(count) { en: "{count} probes", zh: "{count} 次探测" }
    port(number) { en: "port {number}", zh: "端口 {number}" }
    success { en: "success", zh: "成功" }
    not_modelled { en: "not modelled", zh: "未模拟" }

    // ── a side ──────────────────────────────────────────────────
    left { en: "Left kernel", zh: "左侧内核" }
    right { en: "Right kernel", zh: "右侧内核" }
    which { en: "Kernel shown", zh: "显示的内核" }
    map_image(ports, used) { en: "{ports} ports, {used} of them in use", zh: "{ports} 个端口，其中 {used} 个在使用" }
    start(port) { en: "start **{port}**", zh: "起点 **{port}**" }
    taken(port) { en: "taken **{port}**", zh: "取得 **{port}**" }
    start_taken(port) { en: "start = taken **{port}**", zh: "起点 = 取得 **{port}**" }
    in_turn { en: "every port, in order", zh: "按顺序排列的全部端口" }
    halves { en: "even ports left, odd ones right", zh: "左边偶数端口，右边奇数端口" }
    why_first { en: "The first port that it looks at will do.", zh: "它查看的第一个端口就可用。" }
    why_after(refused, port) {
        en: "It passes {refused} ports; then port {port} will do.",
        zh: "它跳过 {refused} 个端口，然后端口 {port} 可用。",
    }
    why_passed_even(first, more, port) {
        en: "All {first} even ports are passed in vain. Of the odd ones it passes {more}, then port {port} will do.",
        zh: "{first} 个偶数端口全部白走一遍。奇数端口跳过 {more} 个，然后端口 {port} 可用。",
    }
    why_passed_odd(first, more, port) {
        en: "All {first} odd ports are passed in vain. Of the even ones it passes {more}, then port {port} will do.",
        zh: "{first} 个奇数端口全部白走一遍。偶数端口跳过 {more} 个，然后端口 {port} 可用。",
    }
    why_first_odd(first, port) {
        en: "All {first} even ports are passed in vain. The first odd one, port {port}, will do.",
        zh: "{first} 个偶数端口全部白走一遍。第一个奇数端口 {port} 就可用。",
    }
    why_first_even(first, port) {
        en: "All {first} odd ports are passed in vain. The first even one, port {port}, will do.",
        zh: "{first} 个奇数端口全部白走一遍。第一个偶数端口 {port} 就可用。",
    }
    why_none(refused) { en: "It passes {refused} ports, and none will do.", zh: "它走过 {refused} 个端口，没有一个可用。" }
    why_no_walk { en: "This call looks for no port.", zh: "这次调用不查找端口。" }
    open_in_lab(kernel) { en: "Open {kernel} in the lab", zh: "在实验室中打开 {kernel}" }

    // ── lanes and acts ──────────────────────────────────────────
    lanes { en: "Probes of this call", zh: "这次调用的探测次数" }
    no_probes { en: "no probes", zh: "没有探测" }
    acts { en: "Done to both", zh: "对两者执行" }
    step { en: "Step both", zh: "一起前进" }
    step_hint {
        en: "To the next call that goes otherwise; behind the last one, one more connect() on both.",
        zh: "前往下一次结果不同的调用；若后面没有，就在两者上再执行一次 connect()。",
    }
    back { en: "Step back", zh: "后退一步" }
    undo { en: "Undo", zh: "撤销" }
    connect { en: "connect()", zh: "connect()" }
    thousand { en: "+ 1,000 connections", zh: "+ 1,000 个连接" }
    wait_10 { en: "wait 10 s", zh: "等待 10 秒" }
    wait_60 { en: "wait 60 s", zh: "等待 60 秒" }
    close { en: "close() the newest", zh: "close() 最新的连接" }
    both { en: "Whatever you do is done to both.", zh: "你的每个操作都会在两者上执行。" }
    working(calls) { en: "At work: {calls} calls made", zh: "正在运行：已完成 {calls} 次调用" }
    stop { en: "Stop", zh: "停止" }
    refused {
        en: "That can't be done to this machine: its history is full, or a kernel can't boot so.",
        zh: "无法在这台机器上执行：操作记录已满，或内核无法这样启动。",
    }

    // ── links ───────────────────────────────────────────────────
    link_torn {
        en: "The link in the address can't be read: a part of it is missing or has changed. This is the usual pair instead.",
        zh: "地址中的链接无法读取：有一部分缺失或被改动。这里改为显示默认的一对内核。",
    }
    link_later {
        en: "The link in the address was made by a later version of this page. This is the usual pair instead.",
        zh: "地址中的链接由本页的更新版本生成。这里改为显示默认的一对内核。",
    }
    link_impossible {
        en: "The machine of the link in the address can't be booted on these kernels. This is the usual pair instead.",
        zh: "地址链接中的机器无法在这些内核上启动。这里改为显示默认的一对内核。",
    }
    link_release {
        en: "The address names a kernel that this page doesn't know; the usual one stands beside the machine.",
        zh: "地址里的内核本页不认识，旁边改用默认的内核。",
    }
    link_asks(calls, connects) {
        en: "This link asks for up to {calls} calls on each kernel, {connects} of them connects. That may take minutes or hours. Run it?",
        zh: "这个链接要求在每个内核上最多执行 {calls} 次调用，其中 {connects} 次是 connect。可能需要几分钟到几小时。要运行吗？",
    }

    // ── the table ───────────────────────────────────────────────
    table { en: "What differs", zh: "有哪些不同" }
    col_topic { en: "what differs", zh: "不同之处" }
    col_seen { en: "seen here?", zh: "在这里出现过吗？" }
    yes(what) { en: "yes: {what}", zh: "是：{what}" }
    not_yet(hint) { en: "not yet: {hint}", zh: "还没有：{hint}" }
    no_rows {
        en: "Nothing of what is modelled differs between these two.",
        zh: "在模拟的范围内，这两者没有任何不同。",
    }
    same_row { en: "the same in both", zh: "两者相同" }
    comma { en: ", ", zh: "、" }

    topic_order { en: "order of the walk", zh: "查找顺序" }
    topic_start { en: "start of the walk", zh: "查找起点" }
    topic_noted { en: "what a walk leaves behind", zh: "查找后留下的记录" }
    topic_reuse { en: "taking over a TIME_WAIT", zh: "接管 TIME_WAIT" }
    topic_timers { en: "end of a TIME_WAIT", zh: "TIME_WAIT 的结束" }
    topic_range { en: "range at boot", zh: "启动时的端口范围" }
    topic_reuse_at_boot { en: "tcp_tw_reuse at boot", zh: "启动时的 tcp_tw_reuse" }
    topic_search { en: "bind() to port 0", zh: "bind() 到端口 0" }
    topic_conflict { en: "who blocks a bind()", zh: "谁会阻挡 bind()" }
    topic_flags { en: "flags of a shared port", zh: "共享端口的标志" }
    topic_addresses { en: "buckets by address", zh: "按地址分的桶" }
    topic_options { en: "socket options", zh: "套接字选项" }
    topic_knobs { en: "how sysctls are read", zh: "sysctl 的读取方式" }
    topic_stamps { en: "clock of the stamps", zh: "时间戳所用的时钟" }
    topic_recycled { en: "TIMEWAITRECYCLED", zh: "TIMEWAITRECYCLED" }
    topic_limit { en: "a negative tcp_max_tw_buckets", zh: "负的 tcp_max_tw_buckets" }
    topic_timewait { en: "a RST for a TIME_WAIT", zh: "TIME_WAIT 收到 RST" }
    topic_program { en: "how a program learns the result", zh: "程序如何得知结果" }
    topic_syn { en: "repeating a SYN", zh: "SYN 的重发" }
    topic_listener { en: "which listener accepts", zh: "由哪个监听者接受" }
    topic_memory { en: "no memory for a bucket", zh: "没有内存分配桶" }
    topic_source { en: "source address after a failure", zh: "失败后的源地址" }
    topic_children { en: "accepted children as owners", zh: "被接受的子套接字是否计数" }

    order_every { en: "next port", zh: "下一个端口" }
    order_even_start { en: "next port, from an even place on", zh: "下一个端口，从偶数位置开始" }
    order_passes { en: "every second port, then the others", zh: "隔一个端口走一遍，再走其余的" }
    order_window { en: "every second port, then the others; with a range of its own, next port", zh: "隔一个端口走一遍，再走其余的；套接字自带范围时，逐个端口" }
    short_every { en: "every port in turn", zh: "逐个端口" }
    short_even_start { en: "in turn, from an even place on", zh: "从偶数位置起逐个" }
    short_passes { en: "every second port, then the rest", zh: "先隔一个走，再走其余" }
    start_half_md4 { en: "one hint for all + half MD4 of the destination", zh: "共用的 hint + 目的地的 half MD4" }
    start_digest { en: "one hint for all + MD5 of the destination", zh: "共用的 hint + 目的地的 MD5" }
    start_siphash { en: "one hint for all + SipHash of the destination", zh: "共用的 hint + 目的地的 SipHash" }
    start_table { en: "one of 65,536 hints + SipHash of the destination", zh: "65,536 个 hint 之一 + 目的地的 SipHash" }
    noted_steps { en: "its steps", zh: "走过的步数" }
    noted_even { en: "its steps and one more, made even", zh: "步数加一，再凑成偶数" }
    noted_pass { en: "how far its pass went, and one step more", zh: "这一遍走了多远，再加一步" }
    noted_chance { en: "how far its pass went, by chance up to seven steps at least, and one step more", zh: "这一遍走了多远（随机至少按若干步计，最多七步），再加一步" }
    reuse_second { en: "tcp_tw_reuse on, stamp older than 1 s of the wall clock", zh: "tcp_tw_reuse 打开，且时间戳按墙上时钟早于 1 秒" }
    reuse_later { en: "tcp_tw_reuse 1 (or 2 on loopback), stamp of an earlier second", zh: "tcp_tw_reuse 为 1（回环上也可为 2），且时间戳属于更早的一秒" }
    reuse_closed { en: "tcp_tw_reuse 1 (or 2 on loopback), stamp of an earlier second, never in FIN_WAIT2", zh: "tcp_tw_reuse 为 1（回环上也可为 2），时间戳属于更早的一秒，FIN_WAIT2 中绝不接管" }
    reuse_delay { en: "tcp_tw_reuse 1 (or 2 on loopback), after tcp_tw_reuse_delay, never in FIN_WAIT2", zh: "tcp_tw_reuse 为 1（回环上也可为 2），超过 tcp_tw_reuse_delay 之后，FIN_WAIT2 中绝不接管" }
    timers_calendar { en: "a calendar for all", zh: "共用的日历" }
    timers_slack { en: "a calendar for all, whose timers may be late", zh: "共用的日历，定时器可能稍晚" }
    timers_hurry { en: "a calendar for all, which hurries when it is busy", zh: "共用的日历，繁忙时会加快" }
    timers_wheel { en: "a timer for each, on a wheel: 60 s and more", zh: "各有定时器，挂在时间轮上：60 秒或更久" }
    search_fewest { en: "no bucket, or the fewest owners", zh: "没有桶的端口，或占用者最少的" }
    search_first { en: "the first whose owners aren’t in the way", zh: "第一个没有占用者阻挡的" }
    search_half { en: "the first whose owners aren’t in the way; with SO_REUSEADDR the lower half first", zh: "第一个没有占用者阻挡的；有 SO_REUSEADDR 时先查下半部分" }
    search_odd { en: "the first whose owners aren’t in the way, odd distances first; with SO_REUSEADDR the lower half first", zh: "第一个没有占用者阻挡的，先查奇数距离；有 SO_REUSEADDR 时先查下半部分" }
    conflict_address { en: "same address, unless both have SO_REUSEADDR", zh: "地址相同者，除非双方都设了 SO_REUSEADDR" }
    conflict_either { en: "same address, unless both have SO_REUSEADDR or both SO_REUSEPORT", zh: "地址相同者，除非双方都设了 SO_REUSEADDR 或都设了 SO_REUSEPORT" }
    conflict_named { en: "same address, unless both have SO_REUSEADDR, or, for a named port, both SO_REUSEPORT", zh: "地址相同者，除非双方都设了 SO_REUSEADDR；指定端口时，双方都设了 SO_REUSEPORT 也可" }
    conflict_apart { en: "same address, unless both have SO_REUSEADDR, or, for a named port, both SO_REUSEPORT; in a search, both options together block", zh: "地址相同者，除非双方都设了 SO_REUSEADDR；指定端口时，双方都设了 SO_REUSEPORT 也可；查找时两个选项同时设置会互相阻挡" }
    flags_lower { en: "fastreuse, only ever down", zh: "fastreuse，只降不升" }
    flags_lower_both { en: "two flags, only ever down", zh: "两个标志，只降不升" }
    flags_any { en: "written at every join; any address fits any caller", zh: "每次加入都重写；通配地址适合任何调用者" }
    flags_write { en: "written at every join", zh: "每次加入都重写" }
    flags_later { en: "written at every join, the first one too", zh: "每次加入都重写，第一个也不例外" }
    addresses_none { en: "none", zh: "没有" }
    addresses_buckets { en: "one for each address", zh: "每个地址一个" }
    addresses_recover { en: "one for each address, whose flags recover", zh: "每个地址一个，标志可以恢复" }
    options_none { en: "none of the newer ones", zh: "没有较新的选项" }
    knobs_free { en: "any number; a bad second port is dropped", zh: "任意数字；第二个端口无效时被丢弃" }
    knobs_range { en: "any number; a bad second port is an error", zh: "任意数字；第二个端口无效时报错" }
    knobs_checked { en: "tcp_tw_reuse from 0 to 2", zh: "tcp_tw_reuse 限 0 到 2" }
    knobs_bytes { en: "one byte for each switch", zh: "每个开关一个字节" }
    stamps_wall { en: "the wall clock", zh: "墙上时钟" }
    stamps_monotonic { en: "the clock since boot", zh: "启动以来的时钟" }
    recycled_checks { en: "counts every check of a walk", zh: "统计查找中的每次检查" }
    recycled_takes { en: "counts what was taken over", zh: "统计被接管的数量" }
    limit_signed { en: "allows none", zh: "一个也不允许" }
    limit_unsigned { en: "is no limit", zh: "等于没有限制" }
    timewait_restarts { en: "may start its time anew", zh: "可能重新计时" }
    timewait_leaves { en: "changes nothing", zh: "没有影响" }
    timewait_keeps(way) { en: "{way}; it keeps SO_REUSEPORT", zh: "{way}；保留 SO_REUSEPORT" }
    program_knows { en: "at once", zh: "立即得知" }
    program_asks { en: "by another connect()", zh: "再调用一次 connect()" }
    syn_doubling { en: "the distance doubles each time", zh: "间隔每次加倍" }
    syn_jiffies { en: "the distance doubles each time; measured in whole jiffies", zh: "间隔每次加倍；以整个 jiffy 计量" }
    syn_reset { en: "the distance doubles each time; a disconnect puts it back", zh: "间隔每次加倍；断开时复原" }
    syn_linear(count) { en: "{count} at the same distance first", zh: "先以相同间隔重发 {count} 次" }
    listener_definite { en: "one on a definite address first", zh: "先找绑定了具体地址的" }
    listener_newest { en: "the newest with SO_REUSEPORT", zh: "最新的、设了 SO_REUSEPORT 的" }
    memory_99 { en: "says error 99", zh: "报告错误 99" }
    memory_12 { en: "says that memory is missing", zh: "报告内存不足" }
    source_kept { en: "stays", zh: "保留" }
    source_back { en: "is given back", zh: "交还" }
    children_no { en: "aren’t counted", zh: "不计数" }
    children_yes { en: "are counted", zh: "计数" }

    hint_order { en: "connect with ports in use", zh: "在有端口占用时发起连接" }
    hint_connect { en: "connect", zh: "发起连接" }
    hint_timers { en: "close a connection, then wait a minute", zh: "关闭一个连接，再等一分钟" }
    hint_reuse { en: "in the lab, set tcp_tw_reuse, fill the range with TIME_WAITs, and connect", zh: "在实验室中设置 tcp_tw_reuse，用 TIME_WAIT 占满范围，再发起连接" }
    hint_boot { en: "this machine was given its own", zh: "这台机器已另行设置" }
    hint_bind { en: "in the lab, bind sockets", zh: "在实验室中绑定套接字" }
    hint_options { en: "in the lab, set the option", zh: "在实验室中设置该选项" }
    hint_knobs { en: "in the lab, write an odd value into a knob", zh: "在实验室中向参数写入异常值" }
    hint_wall { en: "a scenario that sets the clock", zh: "需要一个调整时钟的场景" }
    hint_limit { en: "in the lab, set tcp_max_tw_buckets below 0, then close", zh: "在实验室中把 tcp_max_tw_buckets 设为负数，再关闭连接" }
    hint_wire { en: "a scenario with segments that arrive so", zh: "需要包含相应报文的场景" }
    hint_listen { en: "in the lab, let sockets listen, and let clients come in", zh: "在实验室中让套接字监听，并接受客户端" }
    hint_memory { en: "a scenario without memory", zh: "需要一个内存不足的场景" }
    hint_fail { en: "fill the range until connect() fails", zh: "占满端口范围，直到 connect() 失败" }
    hint_program { en: "a scenario that asks twice", zh: "需要一个询问两次的场景" }

    seen_probes(one, other) { en: "{one} and {other} probes", zh: "{one} 次与 {other} 次探测" }
    seen_above(one, other) { en: "it began {one} and {other} ports above the lowest", zh: "起点高出最低端口 {one} 与 {other} 个" }
    seen_start(one, other) { en: "the same call began at {one} and {other}", zh: "同一次调用分别从 {one} 和 {other} 开始" }
    seen_grown(one, other) { en: "after as many steps, {one} and {other} were added", zh: "步数相同，分别加上 {one} 与 {other}" }
    seen_only(kernel) { en: "only on {kernel}", zh: "只在 {kernel} 上发生" }
    seen_ended(one, other) { en: "{one} and {other} ended in the same time", zh: "同一段时间内分别结束了 {one} 个与 {other} 个" }
    seen_range(one, other) { en: "{one} and {other} ports", zh: "{one} 个与 {other} 个端口" }
    seen_values(one, other) { en: "{one} and {other}", zh: "{one} 与 {other}" }
    seen_ports(one, other) { en: "ports {one} and {other}", zh: "端口 {one} 与 {other}" }
    seen_buckets(one, other) { en: "{one} and {other} for this port", zh: "这个端口分别有 {one} 个与 {other} 个" }
}

/// The name of something in which releases differ.
pub fn topic(lang: Lang, topic: Topic) -> &'static str {
    match topic {
        Topic::Order => topic_order(lang),
        Topic::Start => topic_start(lang),
        Topic::Noted => topic_noted(lang),
        Topic::Reuse => topic_reuse(lang),
        Topic::Timers => topic_timers(lang),
        Topic::Range => topic_range(lang),
        Topic::ReuseAtBoot => topic_reuse_at_boot(lang),
        Topic::Search => topic_search(lang),
        Topic::Conflict => topic_conflict(lang),
        Topic::Flags => topic_flags(lang),
        Topic::Addresses => topic_addresses(lang),
        Topic::Options => topic_options(lang),
        Topic::Knobs => topic_knobs(lang),
        Topic::Stamps => topic_stamps(lang),
        Topic::Recycled => topic_recycled(lang),
        Topic::Limit => topic_limit(lang),
        Topic::Timewait => topic_timewait(lang),
        Topic::Program => topic_program(lang),
        Topic::Syn => topic_syn(lang),
        Topic::Listener => topic_listener(lang),
        Topic::Memory => topic_memory(lang),
        Topic::Source => topic_source(lang),
        Topic::Children => topic_children(lang),
    }
}

/// What to do so that a difference is seen.
pub fn hint(lang: Lang, topic: Topic) -> &'static str {
    match topic {
        Topic::Order => hint_order(lang),
        Topic::Start | Topic::Noted | Topic::Addresses | Topic::Recycled => hint_connect(lang),
        Topic::Timers => hint_timers(lang),
        Topic::Reuse => hint_reuse(lang),
        Topic::Range | Topic::ReuseAtBoot => hint_boot(lang),
        Topic::Search | Topic::Conflict | Topic::Flags => hint_bind(lang),
        Topic::Options => hint_options(lang),
        Topic::Knobs => hint_knobs(lang),
        Topic::Stamps => hint_wall(lang),
        Topic::Limit => hint_limit(lang),
        Topic::Timewait | Topic::Syn => hint_wire(lang),
        Topic::Program => hint_program(lang),
        Topic::Listener | Topic::Children => hint_listen(lang),
        Topic::Memory => hint_memory(lang),
        Topic::Source => hint_fail(lang),
    }
}

/// What a release does in `topic`.
pub fn way(lang: Lang, topic: Topic, release: Release) -> String {
    let rules = release.rules();
    match topic {
        Topic::Timewait => timewait(lang, rules),
        Topic::Range => {
            let (low, high) = rules.range_at_boot;
            format!("{}–{}", thousands(low), thousands(high))
        }
        Topic::ReuseAtBoot => rules.tw_reuse_at_boot.to_string(),
        Topic::Options => options(lang, rules),
        Topic::Syn if rules.syn.linear > 0 => syn_linear(lang, rules.syn.linear),
        _ => way_word(lang, topic, rules).to_owned(),
    }
}

/// In which order a release visits ports, for the line above its page.
pub fn order(lang: Lang, release: Release) -> &'static str {
    match release.rules().order {
        OrderRule::EveryPort => short_every(lang),
        OrderRule::EvenStart => short_even_start(lang),
        OrderRule::TwoPasses | OrderRule::TwoPassesUnlessWindow => short_passes(lang),
    }
}

fn way_word(lang: Lang, topic: Topic, rules: &Rules) -> &'static str {
    match topic {
        Topic::Order => match rules.order {
            OrderRule::EveryPort => order_every(lang),
            OrderRule::EvenStart => order_even_start(lang),
            OrderRule::TwoPasses => order_passes(lang),
            OrderRule::TwoPassesUnlessWindow => order_window(lang),
        },
        Topic::Start => match rules.start {
            StartRule::SharedHintHalfMd4 => start_half_md4(lang),
            StartRule::SharedHintMd5 => start_digest(lang),
            StartRule::SharedHintSipHash => start_siphash(lang),
            StartRule::TableOfHints => start_table(lang),
        },
        Topic::Noted => match rules.noted {
            NotedRule::Steps => noted_steps(lang),
            NotedRule::EvenSteps => noted_even(lang),
            NotedRule::PassAndStep => noted_pass(lang),
            NotedRule::ChanceAndStep => noted_chance(lang),
        },
        Topic::Reuse => match rules.reuse {
            ReuseRule::OverOneSecond => reuse_second(lang),
            ReuseRule::LaterSecond => reuse_later(lang),
            ReuseRule::LaterSecondWhenClosed => reuse_closed(lang),
            ReuseRule::OverDelayWhenClosed => reuse_delay(lang),
        },
        Topic::Timers => match rules.timers {
            TimerRule::Calendars => timers_calendar(lang),
            TimerRule::CalendarsWithSlack => timers_slack(lang),
            TimerRule::CalendarsThatHurry => timers_hurry(lang),
            TimerRule::Wheel => timers_wheel(lang),
        },
        Topic::Search => match rules.search {
            SearchRule::FewestOwners => search_fewest(lang),
            SearchRule::FirstWithoutConflict => search_first(lang),
            SearchRule::LowerHalfFirst => search_half(lang),
            SearchRule::OddFirst => search_odd(lang),
        },
        Topic::Conflict => match rules.conflict {
            ConflictRule::AddressOption => conflict_address(lang),
            ConflictRule::EitherOption => conflict_either(lang),
            ConflictRule::EitherWhereNamed => conflict_named(lang),
            ConflictRule::BothApart => conflict_apart(lang),
        },
        Topic::Flags => match rules.flags {
            FlagRule::Lower => flags_lower(lang),
            FlagRule::LowerBoth => flags_lower_both(lang),
            FlagRule::WriteFitsAnyCaller => flags_any(lang),
            FlagRule::Write => flags_write(lang),
            FlagRule::WriteAsLater => flags_later(lang),
        },
        Topic::Addresses => match rules.addresses {
            AddressRule::None => addresses_none(lang),
            AddressRule::Buckets => addresses_buckets(lang),
            AddressRule::BucketsThatRecover => addresses_recover(lang),
        },
        Topic::Knobs => match rules.knobs {
            KnobRule::Free => knobs_free(lang),
            KnobRule::FreeButRange => knobs_range(lang),
            KnobRule::Checked => knobs_checked(lang),
            KnobRule::Bytes => knobs_bytes(lang),
        },
        Topic::Stamps => match rules.stamps {
            StampRule::Wall => stamps_wall(lang),
            StampRule::Monotonic => stamps_monotonic(lang),
        },
        Topic::Recycled => match rules.recycled {
            RecycledRule::EveryCheck => recycled_checks(lang),
            RecycledRule::TakeOvers => recycled_takes(lang),
        },
        Topic::Limit => match rules.limit {
            LimitRule::Signed => limit_signed(lang),
            LimitRule::Unsigned => limit_unsigned(lang),
        },
        Topic::Program => match rules.program {
            ProgramRule::Knows => program_knows(lang),
            ProgramRule::Asks => program_asks(lang),
        },
        Topic::Syn if rules.syn.in_jiffies => syn_jiffies(lang),
        Topic::Syn if rules.syn.reset_by_disconnect => syn_reset(lang),
        Topic::Syn => syn_doubling(lang),
        Topic::Listener => match rules.listener {
            ListenerRule::DefiniteFirst => listener_definite(lang),
            ListenerRule::NewestReusePort => listener_newest(lang),
        },
        Topic::Memory if rules.says_no_memory => memory_12(lang),
        Topic::Memory => memory_99(lang),
        Topic::Source if rules.gives_source_back => source_back(lang),
        Topic::Source => source_kept(lang),
        Topic::Children if rules.counts_children => children_yes(lang),
        Topic::Children => children_no(lang),
        Topic::Range | Topic::ReuseAtBoot | Topic::Options | Topic::Timewait => "",
    }
}

fn timewait(lang: Lang, rules: &Rules) -> String {
    let way =
        if rules.timewait.rst_restarts { timewait_restarts(lang) } else { timewait_leaves(lang) };
    match rules.timewait.keeps_reuseport {
        true => timewait_keeps(lang, way),
        false => way.to_owned(),
    }
}

fn options(lang: Lang, rules: &Rules) -> String {
    let options = rules.options;
    let names = [
        (options.reuseport, "SO_REUSEPORT"),
        (options.no_port, "IP_BIND_ADDRESS_NO_PORT"),
        (options.window, "IP_LOCAL_PORT_RANGE"),
    ];
    let there: Vec<&str> =
        names.iter().filter(|(there, _)| *there).map(|(_, name)| *name).collect();
    if there.is_empty() { options_none(lang).to_owned() } else { there.join(comma(lang)) }
}

/// What was seen of a difference, from the figures of both machines.
pub fn seen(lang: Lang, topic: Topic, releases: [Release; 2], [one, other]: [i64; 2]) -> String {
    let (a, b) = (figure(one), figure(other));
    match topic {
        Topic::Order if releases.iter().any(|release| release.rules().order.has_passes()) => {
            seen_probes(lang, a, b)
        }
        Topic::Order => seen_above(lang, a, b),
        Topic::Start => seen_start(lang, a, b),
        Topic::Noted => seen_grown(lang, a, b),
        Topic::Timers => seen_ended(lang, a, b),
        Topic::Range => seen_range(lang, a, b),
        Topic::Search => seen_ports(lang, a, b),
        Topic::Addresses if one.min(other) >= 0 => seen_buckets(lang, a, b),
        Topic::ReuseAtBoot | Topic::Flags | Topic::Addresses | Topic::Recycled | Topic::Stamps => {
            seen_values(lang, a, b)
        }
        _ => seen_only(lang, releases[usize::from(other > one)].title()),
    }
}

fn figure(number: i64) -> String {
    let digits = thousands(number.unsigned_abs().min(u32::MAX.into()) as u32);
    if number < 0 { format!("−{digits}") } else { digits }
}

#[cfg(test)]
mod tests {
    use error99_replay::pair::differing;

    use super::*;

    #[test]
    fn what_differs_is_told_differently_and_what_is_alike_alike() {
        for lang in Lang::ALL {
            for one in Release::ALL {
                for other in Release::ALL {
                    let differ = differing([one, other]);
                    for at in Topic::ALL {
                        let [a, b] = [one, other].map(|release| way(lang, at, release));
                        assert!(!a.is_empty() && !b.is_empty(), "{at:?}");
                        assert_eq!(a != b, differ.contains(&at), "{at:?}: {a} | {b}");
                    }
                }
            }
        }
    }

    #[test]
    fn figures_have_their_sign() {
        assert_eq!([figure(-1), figure(14_117)], ["−1", "14,117"]);
    }
}
