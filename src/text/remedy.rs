//! The pictures of the story that need no program: remedies with what each does and costs, and
//! what a connect costs on a later kernel. Written into the page only.

use super::texts;

texts! {
    fixes { en: "What can be done, tried on the failing machine", zh: "可行的办法，在出错的机器上逐一试过" }
    harmful { en: "What is often done, tried on the same machine", zh: "常见的做法，在同一台机器上逐一试过" }
    price { en: "Price:", zh: "代价：" }
    gets_port(port, probe) { en: "port {port}, probe {probe}", zh: "端口 {port}，第 {probe} 次探测" }
    holds_from_start { en: "holds, if so from the start", zh: "若从一开始就这样，则撑得住" }
    fails_after(seconds) { en: "fails again after {seconds} s", zh: "{seconds} 秒后再次失败" }
    fails_all_the_same(seconds) { en: "fails after {seconds} s all the same", zh: "{seconds} 秒后照样失败" }
    harm { en: "Harm", zh: "危害" }
    recycle_harm { en: "drops clients behind NAT", zh: "丢弃 NAT 后面的客户端" }
    linger_harm { en: "loses data", zh: "丢失数据" }
    fewer_timewaits_harm { en: "lets late segments in", zh: "放进迟到的报文段" }
    no_use { en: "none, and no use", zh: "无害，也无用" }

    reuse {
        en: "The walk takes over a port in TIME_WAIT whose last stamp is more than a second old. It starts among the oldest, so it finds one at once, and goes on finding them.",
        zh: "查找会接管一个处于 TIME_WAIT、且最后的时间戳距今已超过 1 秒的端口。它从最旧的一带开始找，所以马上就能找到，此后也一直找得到。",
    }
    wider {
        en: "There are free ports again, for every destination. But this load needs more of them than even this range has.",
        zh: "每个目的地又都有了空闲端口。但这样的负载需要的端口更多，连这个范围也不够。",
    }
    widest {
        en: "There are enough ports for this load, even while a TIME_WAIT lasts up to 112.5 s.",
        zh: "即使每个 TIME_WAIT 长达 112.5 秒，这些端口对这个负载也够用。",
    }
    other_address_do { en: "connect to 10.0.0.3 as well", zh: "同时连接 10.0.0.3" }
    other_address {
        en: "To 10.0.0.3 every port is new, even those in TIME_WAIT to 10.0.0.2: the same ports are shared. But every other call still goes to 10.0.0.2, which stays full until its TIME_WAITs end.",
        zh: "对 10.0.0.3 来说每个端口都是新的：即使到 10.0.0.2 还处于 TIME_WAIT，同样的端口也能共用。但仍有一半调用去 10.0.0.2，在到它的 TIME_WAIT 结束之前，依旧没有端口。",
    }
    other_address_price {
        en: "The server needs a second address, and your client has to know it.",
        zh: "服务器需要第二个地址，客户端也要知道它。",
    }
    other_port_do { en: "connect to port 81 as well", zh: "同时连接端口 81" }
    other_port {
        en: "Another port of the same server is another destination, with the whole range for itself. But every other call still goes to port 80, which stays full until its TIME_WAITs end.",
        zh: "同一服务器的另一个端口就是另一个目的地，独享整个范围。但仍有一半调用去端口 80，在到它的 TIME_WAIT 结束之前，依旧没有端口。",
    }
    other_port_price {
        en: "The server has to listen there, too.",
        zh: "服务器也要在该端口监听。",
    }
    other_source_do { en: "`bind()` to 10.0.0.7 and port 0, then `connect()`", zh: "先 `bind()` 到 10.0.0.7 的端口 0，再 `connect()`" }
    other_source {
        en: "For port 0 `bind()` wants a port without any entry in the bind hash. There is none left, so it fails with 98, EADDRINUSE, before `connect()` is tried.",
        zh: "端口为 0 时，`bind()` 要找一个在 bind 散列表里没有表项的端口。这样的端口已经没有了，所以还没到 `connect()`，它就以 98（EADDRINUSE）失败。",
    }
    other_source_price {
        en: "On 2.6.32 ports chosen so are exclusive: two addresses only split the range.",
        zh: "在 2.6.32 上这样选出的端口是独占的：两个地址只是瓜分同一个范围。",
    }
    wait {
        en: "The next slot of the calendar ends, and a few thousand ports come back together. Under the same load they are gone a few seconds later.",
        zh: "日历的下一个槽到期，几千个端口一起空出来。负载不变，几秒钟后又用完了。",
    }
    wait_price { en: "Time, and it cures nothing.", zh: "花费时间，而且治标不治本。" }
    keep_alive_do { en: "send ten requests over each connection", zh: "每条连接承载十个请求" }
    keep_alive {
        en: "It is too late for this call. But with a tenth of the connections the range is never full.",
        zh: "对这次调用来说太晚了。但连接数只有十分之一，范围就永远不会用完。",
    }
    keep_alive_price {
        en: "A client with a pool, and a server that keeps connections open. It is the cleanest cure.",
        zh: "客户端要有连接池，服务器也要允许长连接。这是最干净的办法。",
    }
    server_closes_do { en: "agree that the server closes first", zh: "约定由服务器先关闭" }
    server_closes {
        en: "It is too late for this call. But from then on the TIME_WAITs stay at the server, and a port here is free as soon as its connection has closed.",
        zh: "对这次调用来说太晚了。但此后 TIME_WAIT 留在服务器一侧，连接一关闭，这里的端口就空出来。",
    }
    server_closes_price {
        en: "It depends on the protocol. At the server the TIME_WAITs cost memory, but no port: they all use its one listening port.",
        zh: "取决于协议。TIME_WAIT 在服务器一侧占内存，但不占端口：它的端口始终是同一个。",
    }

    recycle {
        en: "Too late for this call: it shortens TIME_WAITs only when they begin. From the start, each lasts less than a second here, and the range never fills.",
        zh: "对这次调用来说太晚了：它只在 TIME_WAIT 开始时缩短它。若从一开始就打开，这里的每个 TIME_WAIT 都不到一秒，范围永远不会用完。",
    }
    recycle_price {
        en: "Your host drops SYNs from clients behind one NAT, whose timestamps don’t agree. Some customers can’t connect, now and then. Gone since Linux 4.12.",
        zh: "同一个 NAT 后面的客户端，时间戳互不一致，本机会丢弃它们的 SYN：部分用户时不时连不上。Linux 4.12 起已删除。",
    }
    linger_do { en: "`setsockopt(SO_LINGER)` with 0 seconds, then `close()`", zh: "`setsockopt(SO_LINGER)`，时间设为 0 秒，再 `close()`" }
    linger {
        en: "Too late for this call. From the start, each connection ends with a RST instead of a FIN, leaves no TIME_WAIT, and its port is free at once.",
        zh: "对这次调用来说太晚了。若从一开始就这样，每条连接以 RST 而不是 FIN 结束，不留下 TIME_WAIT，端口马上空出来。",
    }
    linger_price {
        en: "Data on its way may be lost, in both directions, and the server sees an error instead of an end.",
        zh: "双向在途的数据都可能丢失，服务器看到的是错误，而不是正常结束。",
    }
    fewer_timewaits {
        en: "Too late for this call. From the start, no more than 4,096 TIME_WAITs are kept: whatever closes above that ends without one.",
        zh: "对这次调用来说太晚了。若从一开始就这样，最多保留 4,096 个 TIME_WAIT：超出这个数，连接关闭后就不经过 TIME_WAIT。",
    }
    fewer_timewaits_price {
        en: "Those connections aren’t protected: a late segment of the old one may reach the new one. The kernel’s log fills with “time wait bucket table overflow”.",
        zh: "这些连接失去保护：旧连接迟到的报文段可能闯入新连接。内核日志会充满“time wait bucket table overflow”。",
    }
    fin_timeout {
        en: "Nothing: it is about FIN_WAIT2, the state before TIME_WAIT. This machine has no connection in it, and TIME_WAIT keeps its length.",
        zh: "毫无变化：它管的是 FIN_WAIT2，即 TIME_WAIT 之前的状态。这台机器上没有这样的连接，TIME_WAIT 的长度不变。",
    }
    fin_timeout_price {
        en: "Half-closed connections are given up earlier than their peers may like.",
        zh: "半关闭的连接会被提前放弃，对端未必愿意。",
    }
    ulimit_do { en: "raise `ulimit -n`, the number of open files", zh: "提高 `ulimit -n`，即可打开的文件数" }
    ulimit {
        en: "Nothing: connect() needs no new file descriptor. Too few of them would be another error, 24, EMFILE.",
        zh: "毫无变化：走到 99 的路上，内核根本不看文件描述符。描述符不够是另一个错误：24（EMFILE）。",
    }
    ulimit_price { en: "Only your time.", zh: "没有，只是白费时间。" }

    ways { en: "How the port is chosen", zh: "端口的选择方式" }
    by_default { en: "by default", zh: "内核的默认选择" }
    by_option { en: "with IP_LOCAL_PORT_RANGE", zh: "使用 IP_LOCAL_PORT_RANGE" }
    since_image {
        en: "Time of one connect(): 13 µs in the first half of the range, 700 µs and more in the second; with IP_LOCAL_PORT_RANGE it stays as in the first half",
        zh: "单次 connect() 的耗时：范围的前一半为 13 µs，后一半为 700 µs 以上；使用 IP_LOCAL_PORT_RANGE 时始终与前一半相同",
    }
    how_full { en: "share of the range that this destination has in use", zh: "该目的地已用掉的范围比例" }
    failing_call { en: "a call that fails", zh: "失败的调用" }
    since_default(first, fails) {
        en: "{first} µs until half of the range is in use, then 700 µs and more: the walk passes all even or all odd ports before it comes to the others. A call that fails passes them all, and takes about {fails} ms. Each line is a run.",
        zh: "用到一半之前为 {first} µs，之后为 700 µs 以上：查找要先走完所有偶数或所有奇数端口，才轮到其余的。失败的调用要走完全部端口，约 {fails} 毫秒。每条线是一次运行。",
    }
    since_option(least, most) {
        en: "{least} to {most} µs from the first port to the last: with the socket option, the walk goes through its range in one pass (since 6.8), and finds a free port near where it starts.",
        zh: "从第一个端口到最后一个都是 {least} 到 {most} µs：使用该套接字选项时（自 6.8 起），查找一遍走完整个范围，在起点附近就能找到空闲端口。",
    }
}
