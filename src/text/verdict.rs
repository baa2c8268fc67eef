//! The verdict of a failed connect, and the Fix lab.

use super::texts;

texts! {
    verdict { en: "Verdict", zh: "结论" }
    error_99 { en: "error 99", zh: "错误 99" }
    why_timewait_reuse_off {
        en: "in TIME_WAIT to this destination; `tcp_tw_reuse` is 0",
        zh: "到该目的地的连接处于 TIME_WAIT；`tcp_tw_reuse` 为 0",
    }
    why_timewait_no_stamp {
        en: "in TIME_WAIT to this destination, without a timestamp",
        zh: "到该目的地的连接处于 TIME_WAIT，且没有时间戳",
    }
    why_timewait_too_young {
        en: "in TIME_WAIT to this destination, with a stamp not older than 1 s",
        zh: "到该目的地的连接处于 TIME_WAIT；时间戳距今不超过 1 秒",
    }
    why_timewait_loopback_only {
        en: "in TIME_WAIT to this destination; `tcp_tw_reuse` is 2, for loopback addresses only",
        zh: "到该目的地的连接处于 TIME_WAIT；`tcp_tw_reuse` 为 2，只用于环回地址",
    }
    why_half_closed {
        en: "in FIN_WAIT2 to this destination, which is never taken over",
        zh: "到该目的地的连接处于 FIN_WAIT2，不会被接管",
    }
    why_timewait_too_early {
        en: "in TIME_WAIT to this destination, for no longer than `tcp_tw_reuse_delay`",
        zh: "到该目的地的连接处于 TIME_WAIT，时长未超过 `tcp_tw_reuse_delay`",
    }
    why_reserved { en: "in `ip_local_reserved_ports`", zh: "在 `ip_local_reserved_ports` 之中" }
    why_live { en: "live connection to this same destination", zh: "与同一目的地之间有活动连接" }
    why_bind { en: "owned by `bind()`", zh: "由 `bind()` 占用" }
    reasons_image { en: "Reasons for refusal", zh: "拒绝原因" }

    fix_lab { en: "Fix lab", zh: "修复实验" }
    fix_lead {
        en: "the whole act – socket(), options, bind(), connect() – again on a copy of this machine, with one thing changed",
        zh: "在这台机器的副本上只改一处，从 socket()、选项、bind() 到 connect() 全部重做一遍",
    }
    col_change { en: "Change", zh: "改动" }
    col_outcome { en: "This call then gets", zh: "这次调用的结果" }
    col_hold(rate) { en: "At {rate}/s", zh: "每秒 {rate} 条时" }
    holds { en: "holds for 300\u{a0}s", zh: "300 秒内撑得住" }
    holds_from_start { en: "holds, if so from the start", zh: "若从一开始就这样，则撑得住" }
    fails_after(time) { en: "fails again after {time}", zh: "{time}后再次失败" }
    fails_from_start(time) { en: "fails after {time} all the same", zh: "{time}后照样失败" }
    fails_from_fresh(time) { en: "fails after {time}", zh: "{time}后失败" }
    fails_at_once { en: "fails at once", zh: "立即失败" }
    this_call { en: "this call", zh: "这次调用" }
    half_of_the_next { en: "half of the next ones", zh: "之后的一半" }
    fine_so_far(time) { en: "fine for {time}; then the model ends", zh: "前 {time}没有问题，之后超出模型的限度" }
    from_start_means {
        en: "“From the start”: a machine that boots with the change; everything that was done before is done again, then the load goes on.",
        zh: "“从一开始”是指：机器启动时就有这一改动，此前做过的事全部重做一遍，然后负载继续。",
    }
    one_tried_in_vain { en: "Also tried: 1 that doesn't help", zh: "还试过 1 种，没有用" }
    tried_in_vain(count) { en: "Also tried: {count} that don't help", zh: "还试过 {count} 种，都没有用" }
    one_in_the_way(why) { en: "1 port: {why}.", zh: "1 个端口：{why}。" }
    in_the_way(ports, why) { en: "{ports} ports: {why}.", zh: "{ports} 个端口：{why}。" }
    in_its_way(why) { en: "The port that it's bound to: {why}.", zh: "所绑定的端口：{why}。" }
    why_owner { en: "an owner that doesn't share it", zh: "已有所有者，且不能共用" }
    col_cost { en: "Cost and precondition", zh: "代价与前提" }
    col_try { en: "Try", zh: "试用" }
    try_it { en: "Try it", zh: "试一试" }
    copy { en: "Copy the command", zh: "复制命令" }
    copied { en: "Copied", zh: "已复制" }
    selected { en: "Selected: Ctrl+C or ⌘C copies it", zh: "已选中，按 Ctrl+C 或 ⌘C 复制" }
    gets_port(port) { en: "port {port}", zh: "端口 {port}" }
    at_probe(probe) { en: "at probe {probe}", zh: "第 {probe} 次探测" }
    still_99 { en: "still error 99", zh: "仍是错误 99" }
    bind_fails(errno) { en: "bind(): {errno}", zh: "bind()：{errno}" }
    bound { en: "that it's bound to", zh: "即所绑定的" }

    no_bind { en: "Leave out the bind()", zh: "去掉 bind()" }
    no_bind_do { en: "connect() then chooses the port", zh: "由 connect() 选择端口" }
    no_bind_cost {
        en: "Without bind() a port is looked for that is free towards this destination, not free altogether. The source address and port are then the kernel's choice.",
        zh: "不用 bind() 时，只需要一个对该目的地空闲的端口，而不必完全无人使用。源地址和端口由内核决定。",
    }
    bind_any { en: "Bind to port 0", zh: "改为绑定端口 0" }
    bind_any_do(addr) { en: "bind() to {addr}, port 0", zh: "bind() 到 {addr} 的端口 0" }
    bind_any_cost {
        en: "Any port will do, but bind() doesn't know where the connection will go: it wants one that nobody has, or one that all its owners share.",
        zh: "任何端口都行，但 bind() 不知道连接将去往哪里：它要么找一个无人使用的端口，要么找一个所有者都愿意共用的。",
    }
    reuse_addr { en: "Set SO_REUSEADDR", zh: "设置 SO_REUSEADDR" }
    reuse_addr_do { en: "setsockopt() before bind()", zh: "在 bind() 之前 setsockopt()" }
    reuse_addr_cost {
        en: "Helps only where all others on the port have it as well, and none of them listens.",
        zh: "只有该端口上的其他套接字也都设置了它，并且都不在监听时，才有用。",
    }

    tw_reuse { en: "Take over TIME_WAIT", zh: "接管 TIME_WAIT" }
    tw_reuse_cost {
        en: "Needs timestamps at both ends of the old connection, and a last stamp more than 1 s old. Outgoing connections only.",
        zh: "要求旧连接的两端都用了时间戳，且最后的时间戳距今超过 1 秒。只对主动发起的连接有效。",
    }
    widen { en: "Widen the range", zh: "扩大端口范围" }
    widen_cost {
        en: "Clients may now get ports that your own listeners want; only since 2.6.35 can ports be set aside (ip_local_reserved_ports).",
        zh: "自己的服务监听的端口若落在新范围内，也可能被选走；从 2.6.35 起才可预留端口（ip_local_reserved_ports）。",
    }
    widest { en: "Widen it to the most", zh: "扩到最大" }
    widest_cost {
        en: "Any port from 1024 on may be chosen, those of your own servers too.",
        zh: "从 1024 起的所有端口都可能被选走，包括自己的服务监听的端口。",
    }
    other_address { en: "Second destination address", zh: "第二个目的地址" }
    other_address_do(dst) { en: "connect to {dst} as well", zh: "同时连接 {dst}" }
    other_address_cost {
        en: "A new 4-tuple: even a port in TIME_WAIT can be shared. The server needs the address.",
        zh: "四元组是新的：连处于 TIME_WAIT 的端口也能共用。服务器需要多一个地址。",
    }
    other_port { en: "Second destination port", zh: "第二个目的端口" }
    other_port_do(port) { en: "connect to port {port} as well", zh: "同时连接端口 {port}" }
    other_port_cost {
        en: "A new 4-tuple as well. The server has to listen there too.",
        zh: "同样是新的四元组。服务器也要在该端口监听。",
    }
    other_source { en: "Second source address", zh: "第二个源地址" }
    other_source_do(addr) { en: "bind() to {addr}", zh: "bind() 到 {addr}" }
    other_source_cost {
        en: "bind(…, 0) wants a port that nobody has, and makes it exclusive: on 2.6.32 the second address only splits the range.",
        zh: "bind(…, 0) 需要一个无人使用的端口，并将其独占：在 2.6.32 上，第二个地址只是瓜分同一个端口范围。",
    }
    no_port { en: "Let connect() choose the port", zh: "让 connect() 选择端口" }
    no_port_do(addr) {
        en: "IP_BIND_ADDRESS_NO_PORT, bind() to {addr}, port 0",
        zh: "IP_BIND_ADDRESS_NO_PORT，bind() 到 {addr}，端口 0",
    }
    no_port_cost {
        en: "The source address is the program's choice, the port is looked for at connect(), when the destination is known. A change in the program; since Linux 4.2.",
        zh: "源地址由程序选择，端口留到 connect() 时再找，那时目的地已知。需要改程序；Linux 4.2 起可用。",
    }
    share { en: "Share a port", zh: "共用端口" }
    share_do(addr) {
        en: "SO_REUSEADDR, bind() to {addr}, port 0",
        zh: "SO_REUSEADDR，bind() 到 {addr}，端口 0",
    }
    share_cost {
        en: "bind() takes a port that others with SO_REUSEADDR have, without knowing the destination: connect() may still find the 4-tuple in use.",
        zh: "bind() 会选用其他设置了 SO_REUSEADDR 的套接字的端口，但此时不知道目的地：connect() 仍可能发现四元组已被占用。",
    }
    window { en: "A range of its own", zh: "自己的端口范围" }
    window_do(low, high) {
        en: "IP_LOCAL_PORT_RANGE, {low} to {high}",
        zh: "IP_LOCAL_PORT_RANGE，{low} 到 {high}",
    }
    window_cost {
        en: "A socket's own range lies within that of the machine, so it adds no ports; since 6.8 the walk then meets every one of them. Since Linux 6.3.",
        zh: "套接字自己的范围在机器的范围之内，因此不增加端口；6.8 起此时的查找会经过其中每一个端口。Linux 6.3 起可用。",
    }
    unreserve { en: "Give reserved ports back", zh: "归还保留端口" }
    unreserve_cost {
        en: "Whatever they were reserved for may then find its port taken.",
        zh: "原本为之保留端口的程序，之后可能发现端口已被占用。",
    }
    reuse_sooner { en: "Reuse sooner", zh: "更早接管" }
    reuse_sooner_cost {
        en: "A TIME_WAIT with a timestamp is taken over after a millisecond instead of a second. Both ends need timestamps that are that fine.",
        zh: "带时间戳的 TIME_WAIT 过 1 毫秒就可接管，而不是 1 秒。两端的时间戳都要有这样的精度。",
    }
    timestamps_and_reuse { en: "Timestamps and reuse", zh: "时间戳加接管" }
    timestamps_and_reuse_cost {
        en: "Only connections made with timestamps leave a TIME_WAIT that can be taken over; the old ones stay for their full time.",
        zh: "只有带时间戳建立的连接，其 TIME_WAIT 才能被接管；旧的仍要等到期满。",
    }
    server_closes { en: "Let the server close first", zh: "让服务器先关闭" }
    server_closes_do { en: "a matter of the protocol between you two", zh: "取决于双方的协议" }
    server_closes_cost {
        en: "The TIME_WAITs then pile up at the server, where they do no harm: its port is one and the same.",
        zh: "TIME_WAIT 会堆积在服务器一侧，但没有害处：它的端口始终是同一个。",
    }
    keep_alive { en: "Keep connections open", zh: "改用长连接" }
    keep_alive_do(requests) { en: "{requests} requests over each connection", zh: "每条连接承载 {requests} 个请求" }
    keep_alive_cost {
        en: "The cleanest cure: fewer connections. Needs a client with a pool, and a server that allows it.",
        zh: "最干净的办法：减少连接数。客户端要有连接池，服务器也要允许长连接。",
    }
    tw_recycle { en: "Recycle TIME_WAIT", zh: "回收 TIME_WAIT" }
    tw_recycle_cost {
        en: "Harmful: a server with it drops SYNs from clients behind NAT, because their timestamps don't agree. Gone since Linux 4.12.",
        zh: "有害：启用它的服务器会丢弃 NAT 后面的客户端发来的 SYN，因为它们的时间戳互不一致。Linux 4.12 起已删除。",
    }
    fewer_timewaits { en: "Fewer TIME_WAITs", zh: "调低 TIME_WAIT 上限" }
    fewer_timewaits_cost {
        en: "Harmful: above the limit connections end without TIME_WAIT, and a late segment may meet the next connection.",
        zh: "有害：超过上限后连接不经过 TIME_WAIT 就结束，迟到的报文段可能闯入下一条连接。",
    }
    wait { en: "Wait", zh: "等待" }
    wait_cost {
        en: "By then a TIME_WAIT that was in the way has ended; under the same load the range fills again.",
        zh: "届时挡路的 TIME_WAIT 已经结束；负载不变，端口还会再次用完。",
    }
    wait_never { en: "Nothing that is in the way ends by itself.", zh: "挡路的东西不会自行结束。" }
    timestamps { en: "Timestamps on", zh: "打开时间戳" }
    timestamps_cost {
        en: "A precondition of `tcp_tw_reuse`, for connections made from now on; alone it frees nothing.",
        zh: "它是 `tcp_tw_reuse` 的前提，只对此后建立的连接有效；单独打开不会释放任何端口。",
    }
    fin_timeout { en: "Shorter FIN timeout", zh: "缩短 FIN 超时" }
    fin_timeout_cost {
        en: "Often advised. It shortens FIN_WAIT2; TIME_WAIT stays as long as it is.",
        zh: "常见的建议。它只缩短 FIN_WAIT2，TIME_WAIT 的长度不变。",
    }
    also {
        en: "Without a sysctl: keep connections open and use them again, or let the server close first. Raising `ulimit` changes nothing here: no file descriptor is missing.",
        zh: "无需 sysctl 的办法：改用长连接，反复使用，或者让服务器先关闭。提高 `ulimit` 毫无作用：这里缺的不是文件描述符。",
    }
}
