//! The live pictures of the story: their controls and what they say.

use super::texts;

texts! {
    reset { en: "Start again", zh: "重新开始" }
    in_the_lab { en: "Open this in the lab", zh: "在实验室中打开" }
    destination { en: "Destination", zh: "目的地" }
    connect { en: "connect()", zh: "connect()" }

    // ── port states ─────────────────────────────────────────────
    is_timewait { en: "TIME_WAIT", zh: "TIME_WAIT" }
    alive { en: "live", zh: "活动连接" }
    is_live { en: "live, same destination", zh: "活动连接，同一目的地" }
    is_shared { en: "in use, other destination", zh: "使用中，其他目的地" }
    is_bind { en: "owned by bind()", zh: "属于 bind()" }
    is_free { en: "free", zh: "空闲" }

    // ── where-the-walk-starts ───────────────────────────────────
    home { en: "home", zh: "基点" }
    plus_hint(hint) { en: "+ hint {hint}", zh: "+ hint {hint}" }
    walk_image {
        en: "Sixteen ports in a row, each with its state and the probe that looks at it; the sentence below says the same.",
        zh: "一排十六个端口，各有状态和探测它的次序；下面的文字说的是同一件事。",
    }
    round_the_end { en: "after the highest port, the lowest", zh: "过了最高的端口，接着看最低的" }
    walk_took(port, probes) {
        en: "Your call got {port}, at probe {probes}. ",
        zh: "你的调用在第 {probes} 次探测得到 {port}。",
    }
    walk_took_none { en: "Your call failed with error 99. ", zh: "你的调用以错误 99 失败。" }
    walk_starts(to, home, hint, start) {
        en: "The next connect() to {to}: home is {home} and hint is {hint}, so the walk starts at {start}. ",
        zh: "下一次用 connect() 连接 {to}：基点是 {home}，hint 为 {hint}，所以从 {start} 开始查找。",
    }
    rounds(hint, rounds, ports, rest) {
        en: "{hint} ({rounds} × {ports} + {rest})",
        zh: "{hint}（{rounds} × {ports} + {rest}）",
    }
    walk_takes_first(port, hint) {
        en: "The first probe takes {port}, and hint becomes {hint}.",
        zh: "第一次探测就选中 {port}，hint 变为 {hint}。",
    }
    walk_takes(refused, probes, port, hint) {
        en: "Refused: {refused}. Probe {probes} takes {port}, and hint becomes {hint}.",
        zh: "拒绝 {refused} 个。第 {probes} 次探测选中 {port}，hint 变为 {hint}。",
    }
    walk_fails(probes) {
        en: "All {probes} ports are refused: error 99, and hint stays.",
        zh: "{probes} 个端口全部被拒绝：错误 99，hint 不变。",
    }

    // ── four-numbers ────────────────────────────────────────────
    four_caption(ports, low, high) {
        en: "Connections, newest first. The range has {ports} ports, {low} to {high}.",
        zh: "连接，新的在前。端口范围有 {ports} 个端口，{low} 到 {high}。",
    }
    source_address { en: "your address", zh: "你的地址" }
    local_port { en: "local port", zh: "本地端口" }
    destination_address { en: "server’s address", zh: "服务器地址" }
    destination_port { en: "server’s port", zh: "服务器端口" }
    given { en: "given", zh: "给定" }
    found { en: "found", zh: "找到" }
    earlier(count) { en: "earlier ones: {count}", zh: "更早的还有 {count} 条" }
    four_found(to, port) {
        en: "You gave {to}, the route gave your address. The kernel found local port {port}.",
        zh: "{to} 由你给出，你的地址由路由决定，本地端口 {port} 由内核找到。",
    }
    four_again {
        en: " Another connection has this port, too. Its destination differs, so the four numbers do.",
        zh: "另一条连接也用着这个端口。目的地不同，所以四个数不完全相同。",
    }
    four_none(ports, to) {
        en: "All {ports} ports already have a connection to {to}. One more would have the same four numbers as one of them: error 99.",
        zh: "{ports} 个端口都已有到 {to} 的连接。再来一条，四个数就会与其中一条相同：错误 99。",
    }

    // ── is-it-really-taken ──────────────────────────────────────
    taken_image {
        en: "Four ports, each with its state, the probe that looks at it, and the servers that its connections go to.",
        zh: "四个端口，各有状态、探测它的次序，以及它的连接通往哪些服务器。",
    }
    to_server(to) { en: "to {to}", zh: "到 {to}" }
    taken_ask(to) {
        en: "Has one of the four ports a connection to {to}? Press connect() to let the kernel look.",
        zh: "四个端口中，有没有哪个已经连着 {to}？按 connect()，让内核去看。",
    }
    taken_shares(probes, port, to) {
        en: "Probe {probes} meets {port}. It is in use, its entry says −1, and no connection has these four numbers: the port is shared, now with {to} as well.",
        zh: "第 {probes} 次探测遇到 {port}。它正在使用，但表项的值是 −1，而且没有哪条连接的四个数与此相同：端口被共用，现在也通往 {to}。",
    }
    taken_fails(probes, to) {
        en: "Probes: {probes}. Each port has a live connection to {to}, with exactly these four numbers: error 99.",
        zh: "探测 {probes} 次。每个端口都有一条到 {to} 的活动连接，四个数完全相同：错误 99。",
    }

    // ── the-bind-hash ───────────────────────────────────────────
    buckets { en: "Buckets", zh: "桶的数量" }
    holder { en: "Who holds the port", zh: "端口归谁所有" }
    who_holds(port) { en: "Who holds {port}", zh: "{port} 归谁所有" }
    by_connect { en: "connect()", zh: "connect()" }
    by_bind { en: "bind()", zh: "bind()" }
    by_bind_reuse { en: "bind(), reuse", zh: "bind()，复用" }
    hash_image(buckets) {
        en: "A table of {buckets} buckets. Below each, its chain: port and fastreuse of every entry, the newest first.",
        zh: "一张有 {buckets} 个桶的表。每个桶下面是它的链：各表项的端口和 fastreuse，新的在前。",
    }
    chosen_by_connect { en: "chosen by connect()", zh: "由 connect() 选出" }
    port_and_fastreuse { en: "In each entry: port and fastreuse", zh: "每个表项：端口和 fastreuse" }
    entry_of(port, mask, bucket, steps) {
        en: "{port} & {mask} = {bucket}: the port is entry {steps} on the chain of bucket {bucket}. ",
        zh: "{port} & {mask} = {bucket}：端口在 {bucket} 号桶的链上，是第 {steps} 个表项。",
    }
    minus_one {
        en: "fastreuse is −1: connect() chose it, so the walk asks one more question before it goes on.",
        zh: "fastreuse 是 −1：由 connect() 选出，所以查找还要再问一句。",
    }
    zero {
        en: "fastreuse is 0: bind() owns it. The walk goes on to the next port and asks nothing else.",
        zh: "fastreuse 是 0：属于 bind()。查找直接去看下一个端口，别的一概不问。",
    }
    one {
        en: "fastreuse is 1: bind() with SO_REUSEADDR owns it. Another bind() may share it; the walk goes on to the next port.",
        zh: "fastreuse 是 1：属于带 SO_REUSEADDR 的 bind()。别的 bind() 可以共用，查找却直接去看下一个端口。",
    }

    // ── down-to-the-choice ──────────────────────────────────────
    what_is_wrong { en: "What is wrong", zh: "哪里出错" }
    wrong_nothing { en: "nothing", zh: "没有错" }
    wrong_connected { en: "already connected", zh: "已经连上" }
    wrong_short { en: "address too short", zh: "地址太短" }
    wrong_family { en: "not IPv4", zh: "不是 IPv4" }
    wrong_route { en: "no route", zh: "没有路由" }
    wrong_multicast { en: "multicast", zh: "组播地址" }
    wrong_full { en: "range is full", zh: "端口范围已满" }
    asks_socket { en: "Is the socket free?", zh: "套接字空闲吗？" }
    asks_address { en: "Is this an IPv4 address, long enough?", zh: "是 IPv4 地址吗，够长吗？" }
    asks_route { en: "Is there a route, to a single host?", zh: "有路由吗，目的地是单独一台主机吗？" }
    asks_port { en: "Is there a local port?", zh: "有本地端口吗？" }
    asks_syn { en: "Send the SYN", zh: "发出 SYN" }
    passed { en: "passed", zh: "通过" }
    not_reached { en: "not reached", zh: "没有走到" }
    stops_early(function, errno, code) {
        en: "The call stops in {function}, with {errno}, {code}. No port was looked at, and nothing was sent.",
        zh: "调用停在 {function}，返回 {errno}，{code}。没有看过任何端口，什么也没有发出。",
    }
    stops_at_port(errno, code, probes) {
        en: "The call comes all the way down. Ports looked at: {probes}, usable: 0. That is {errno}, {code}, and nothing was sent.",
        zh: "调用一路走到底。看过 {probes} 个端口，能用的 0 个。于是返回 {errno}，{code}，什么也没有发出。",
    }
    goes_through(port) {
        en: "Every question is passed. The kernel chooses local port {port}, and the SYN goes out.",
        zh: "每一关都通过。内核选出本地端口 {port}，然后发出 SYN。",
    }

    // ── your-machine ────────────────────────────────────────────
    rate { en: "Connections a second", zh: "每秒连接数" }
    rate_to(to) { en: "To {to}, connections a second", zh: "到 {to}，每秒连接数" }
    per_second(rate) { en: "{rate}/s", zh: "{rate}/秒" }
    machine_caption(ports) {
        en: "Connections by destination; a full bar is the whole range of {ports} ports",
        zh: "按目的地统计的连接数；横条满格就是整个端口范围，{ports} 个端口",
    }
    count { en: "count", zh: "数量" }
    of_the_range { en: "of the range", zh: "占范围" }
    source_and_destination { en: "source -> destination", zh: "源 -> 目的地" }
    next_connect { en: "next connect()", zh: "下一次 connect()" }
    gets_port(port) { en: "port {port}", zh: "端口 {port}" }
    error_99 { en: "error 99", zh: "错误 99" }
    machine_goes_on(to, count, ports, total) {
        en: "{to} has {count} of its {ports} ports in use, all of them in TIME_WAIT. All three destinations still connect. That the host has {total} connections in all doesn’t matter: each destination counts by itself.",
        zh: "{to} 用掉了 {ports} 个端口中的 {count} 个，都处于 TIME_WAIT。三个目的地都还能连。整台主机共有 {total} 条连接，这个总数无关紧要：每个目的地各算各的。",
    }
    machine_fails(seconds, to, ports) {
        en: "After {seconds} s all {ports} ports are in use towards {to}: error 99, there alone. The other two still connect, on the same ports.",
        zh: "{seconds} 秒之后，{ports} 个端口都已用于 {to}：只有那里是错误 99。另外两个照样能连，用的还是同样的端口。",
    }
}
