//! The sentence of the step: what the kernel does now, and why.
//!
//! `**…**` sets figures off, `` `…` `` is the kernel's own spelling.

use super::texts;

texts! {
    // ── the end of a load ───────────────────────────────────────
    load_whole(begun, time) {
        en: "The load is over: **{begun}** connections, in {time}.",
        zh: "负载已跑完：共发起 **{begun}** 条连接，历时 {time}。",
    }
    load_at_most(begun, time) {
        en: "The load is over: **{begun}** connections, in {time}; one load of this model makes no more.",
        zh: "负载已跑完：**{begun}** 条连接，历时 {time}；本模型的一次负载最多就是这么多。",
    }
    load_at_error(begun, asked, time) {
        en: "The load was to end at its first error: it ended after **{begun}** of {asked} connections, in {time}.",
        zh: "负载应在首次出错时结束：发起 {asked} 条连接中的 **{begun}** 条后结束，历时 {time}。",
    }
    load_stopped(begun, asked, time) {
        en: "The load was stopped after **{begun}** of {asked} connections, in {time}. Those that were open stay open.",
        zh: "负载已被停止：发起了 {asked} 条连接中的 **{begun}** 条，历时 {time}。仍打开的连接保持打开。",
    }
    load_limit(begun, asked, time) {
        en: "The load ended early, after **{begun}** of {asked} connections, in {time}.",
        zh: "负载提前结束：发起了 {asked} 条连接中的 **{begun}** 条，历时 {time}。",
    }
    load_none_failed { en: "All of them succeeded.", zh: "没有一条失败。" }
    load_failed(count, nth, time, error) {
        en: "**{count}** failed, the first of them number {nth}, after {time}, with {error}.",
        zh: "其中 **{count}** 条失败；最早失败的是第 {nth} 条，发生在开始后 {time}，返回{error}。",
    }

    // ── before and after a walk ─────────────────────────────────
    nothing_yet {
        en: "The machine has just booted. Connect, or change something, and watch what the kernel does.",
        zh: "机器刚刚启动。发起一次连接，或改动某项设置，看看内核会做什么。",
    }
    walk_starts(start, hint, hash) {
        en: "The walk begins at port **{start}**: the hash of source, destination and port gives {hash}, and `hint` adds {hint}.",
        zh: "查找从端口 **{start}** 开始：源地址、目的地址与目的端口的散列为 {hash}，再加上 `hint` 的 {hint}。",
    }
    walk_starts_forced(start, hint, hash) {
        en: "The walk begins at port **{start}**: the hash is set to {hash} by hand, and `hint` adds {hint}.",
        zh: "查找从端口 **{start}** 开始：散列由手工设为 {hash}，再加上 `hint` 的 {hint}。",
    }
    walk_starts_in_table(start, hint) {
        en: "The walk begins at port **{start}**: the hash of source, destination, port and the running ten seconds picks one of 65,536 hints, which adds {hint}.",
        zh: "查找从端口 **{start}** 开始：由源地址、目的地址、目的端口和当前这十秒算出的散列，在 65,536 个 hint 中选定一个，再加上它的 {hint}。",
    }
    walk_starts_in_table_forced(start, hint) {
        en: "The walk begins at port **{start}**: the hash, set by hand, picks one of 65,536 hints, which adds {hint}.",
        zh: "查找从端口 **{start}** 开始：手工设定的散列在 65,536 个 hint 中选定一个，再加上它的 {hint}。",
    }
    walk_upside_down(low, high) {
        en: "The range from {low} to {high} is upside down: there is no port that the walk could try.",
        zh: "从 {low} 到 {high}，上下限颠倒：没有端口可供查找。",
    }
    walk_loop(count, low, high) {
        en: "**{count}** ports lie between {low} and {high}. The loop will try each in turn, until one is accepted.",
        zh: "{low} 到 {high} 之间共有 **{count}** 个端口。循环会依次尝试，直到有一个可用。",
    }

    walk_one(port) {
        en: "The range has one port only, **{port}**.",
        zh: "范围内只有一个端口：**{port}**。",
    }
    walk_passes(count, low, high) {
        en: "**{count}** ports lie between {low} and {high}. The first pass tries every second one, the second pass those between, until one is accepted.",
        zh: "{low} 到 {high} 之间共有 **{count}** 个端口。第一趟每隔一个试一个，第二趟再试中间那些，直到有一个可用。",
    }
    walk_passes_odd(count, low, high) {
        en: "**{count}** ports lie between {low} and {high}, an odd number: this walk leaves one of them out. The first pass tries every second one, the second pass those between.",
        zh: "{low} 到 {high} 之间共有 **{count}** 个端口，是奇数：这次查找会漏掉其中一个。第一趟每隔一个试一个，第二趟再试中间那些。",
    }

    // ── one probe ───────────────────────────────────────────────
    port(i, port) {
        en: "Probe {i}: the next candidate is port **{port}**.",
        zh: "第 {i} 次探测：下一个候选端口是 **{port}**。",
    }
    head(port, bucket) {
        en: "Port {port} belongs in bucket **{bucket}** of the bind hash: its low bits say so, nothing else.",
        zh: "端口 {port} 归入 bind 散列表的 **{bucket}** 号桶：只由它的低位决定。",
    }
    search_found(port, bucket, scanned) {
        en: "The chain of bucket {bucket} is searched: entry {scanned} is port **{port}**.",
        zh: "沿 {bucket} 号桶的链查找：第 {scanned} 项就是端口 **{port}**。",
    }
    search_missed(port, bucket, scanned) {
        en: "The whole chain of bucket {bucket} is searched, entries: {scanned}. Port **{port}** isn't among them.",
        zh: "查遍 {bucket} 号桶的链，共 {scanned} 项：没有端口 **{port}**。",
    }
    no_bucket(port) {
        en: "Nobody uses port **{port}**: it has no bind bucket. The kernel takes it without a further question.",
        zh: "没有人使用端口 **{port}**：它没有 bind 桶。内核不再多问，直接选用。",
    }
    no_memory(port) {
        en: "Port **{port}** is free, but there is no memory for its bind bucket: the whole walk stops here, with the same error 99.",
        zh: "端口 **{port}** 空闲，但没有内存创建它的 bind 桶：整个查找就此停止，返回的同样是错误 99。",
    }
    no_memory_said(port) {
        en: "Port **{port}** is free, but there is no memory for a bucket: the whole walk stops here, with **ENOMEM**.",
        zh: "端口 **{port}** 空闲，但没有内存创建桶：整个查找就此停止，返回 **ENOMEM**。",
    }
    bind_joined(port) {
        en: "Port **{port}** is refused: connect() had chosen it, but then a `bind()` joined its bucket and set `fastreuseport`. Automatic choice passes it from then on, whatever the destination.",
        zh: "端口 **{port}** 被拒绝：它本由 connect() 选出，但后来有 `bind()` 加入它的桶，改动了 `fastreuseport`。从那以后，无论目的地是谁，自动选择都会跳过它。",
    }
    bind_owns(port, fastreuse) {
        en: "Port **{port}** is refused: it was taken with `bind()`, so `fastreuse` is {fastreuse}, and automatic choice never shares it, whatever the destination.",
        zh: "端口 **{port}** 被拒绝：它由 `bind()` 占用，`fastreuse` 为 {fastreuse}，无论目的地是谁，自动选择都不会共用它。",
    }
    in_timewait(port, ago) {
        en: "A connection from port **{port}** to this very server closed {ago} ago and is still in TIME_WAIT. May it be taken over?",
        zh: "端口 **{port}** 到这台服务器的上一条连接在 {ago}前关闭，仍处于 TIME_WAIT。能否接管它？",
    }
    not_in_timewait(port) {
        en: "No connection in TIME_WAIT has the 4-tuple that port **{port}** would give.",
        zh: "选用端口 **{port}** 所得的四元组，没有处于 TIME_WAIT 的连接在用。",
    }
    no_stamp(port, ago) {
        en: "Port **{port}** is refused: its last connection to this server closed {ago} ago and is in TIME_WAIT, and it never used timestamps, so it can't be taken over at all.",
        zh: "端口 **{port}** 被拒绝：它到这台服务器的上一条连接在 {ago}前关闭，处于 TIME_WAIT，而且没有使用时间戳，因此根本无法接管。",
    }
    has_stamp(port) {
        en: "The old connection of port **{port}** used timestamps: the first condition for a takeover holds.",
        zh: "端口 **{port}** 的旧连接使用了时间戳：接管的第一个条件成立。",
    }
    reuse_off(port, ago) {
        en: "Port **{port}** is refused: its last connection, to this very server, closed {ago} ago and is still in TIME_WAIT – and `tcp_tw_reuse` is 0.",
        zh: "端口 **{port}** 被拒绝：它到这台服务器的上一条连接在 {ago}前关闭，仍处于 TIME_WAIT，而 `tcp_tw_reuse` 为 0。",
    }
    reuse_loopback_only(port, ago) {
        en: "Port **{port}** is refused: its last connection, to this very server, closed {ago} ago and is still in TIME_WAIT – and `tcp_tw_reuse` is 2, which lets only connections of the loopback be taken over.",
        zh: "端口 **{port}** 被拒绝：它到这台服务器的上一条连接在 {ago}前关闭，仍处于 TIME_WAIT，而 `tcp_tw_reuse` 为 2，只允许接管环回连接。",
    }
    half_closed(port, ago) {
        en: "Port **{port}** is refused: its last connection, to this very server, closed {ago} ago and is in FIN_WAIT2, which this kernel never takes over.",
        zh: "端口 **{port}** 被拒绝：它到这台服务器的上一条连接在 {ago}前关闭，处于 FIN_WAIT2，这个内核从不接管这种连接。",
    }
    reserved(port) {
        en: "Port **{port}** is passed over: it is in `ip_local_reserved_ports`.",
        zh: "跳过端口 **{port}**：它在 `ip_local_reserved_ports` 之中。",
    }
    is_closed(port) {
        en: "The old connection of port **{port}** is in TIME_WAIT and not in FIN_WAIT2: the second condition holds.",
        zh: "端口 **{port}** 的旧连接处于 TIME_WAIT，而不是 FIN_WAIT2：第二个条件成立。",
    }
    reuse_on_here(port) {
        en: "`tcp_tw_reuse` allows it for this connection: port **{port}** may be taken over if it is old enough.",
        zh: "`tcp_tw_reuse` 对这条连接放行：只要足够旧，就可以接管端口 **{port}**。",
    }
    reuse_on(port) {
        en: "`tcp_tw_reuse` is on: port **{port}** may be taken over if its timestamp is old enough.",
        zh: "`tcp_tw_reuse` 已打开：只要时间戳足够旧，就可以接管端口 **{port}**。",
    }
    too_young(port, age) {
        en: "Port **{port}** is refused: its last timestamp is {age} s old, and the kernel wants more than 1 s.",
        zh: "端口 **{port}** 被拒绝：它最后的时间戳距今 {age} 秒，而内核要求超过 1 秒。",
    }
    same_second(port) {
        en: "Port **{port}** is refused: its last timestamp is of this very second, and the kernel wants one of an earlier second.",
        zh: "端口 **{port}** 被拒绝：它最后的时间戳就在这一秒，而内核要求更早的一秒。",
    }
    too_early(port, time, delay) {
        en: "Port **{port}** is refused: it has been in TIME_WAIT for {time}, and `tcp_tw_reuse_delay` wants more than {delay}.",
        zh: "端口 **{port}** 被拒绝：它进入 TIME_WAIT 才 {time}，而 `tcp_tw_reuse_delay` 要求超过 {delay}。",
    }
    old_enough_here(port) {
        en: "The old connection of port **{port}** is old enough for this kernel: the last condition holds.",
        zh: "对这个内核来说，端口 **{port}** 的旧连接已经足够旧：最后一个条件成立。",
    }
    take_over_here(port) {
        en: "Port **{port}** is taken over from TIME_WAIT: it carried a timestamp, `tcp_tw_reuse` allows it, and it is old enough.",
        zh: "从 TIME_WAIT 接管端口 **{port}**：它带有时间戳，`tcp_tw_reuse` 允许接管，而且已经足够旧。",
    }
    old_enough(port) {
        en: "The last timestamp of port **{port}** is more than 1 s old: the last condition holds.",
        zh: "端口 **{port}** 最后的时间戳距今已超过 1 秒：最后一个条件成立。",
    }
    take_over(port) {
        en: "Port **{port}** is taken over from TIME_WAIT: it carried a timestamp, `tcp_tw_reuse` is on, and the stamp is more than 1 s old.",
        zh: "从 TIME_WAIT 接管端口 **{port}**：它带有时间戳，`tcp_tw_reuse` 已打开，且时间戳距今超过 1 秒。",
    }
    alive(port) {
        en: "Port **{port}** is refused: a live connection from it to this very server exists, and two connections can't have the same four numbers.",
        zh: "端口 **{port}** 被拒绝：它与这台服务器之间有一条活动连接，而两条连接不能拥有相同的四个数。",
    }
    not_alive(port) {
        en: "No live connection has the 4-tuple that port **{port}** would give.",
        zh: "选用端口 **{port}** 所得的四元组，没有活动连接在用。",
    }
    share(port) {
        en: "Port **{port}** is in use, but towards somebody else: the 4-tuple is new, so the kernel shares the port.",
        zh: "端口 **{port}** 正在使用，但对端是别人：四元组是新的，所以内核共用这个端口。",
    }

    // ── the end of a connect ────────────────────────────────────
    took_new(port, i, by) {
        en: "connect() takes port **{port}**, free until now, at probe {i}. `hint` grows by {by}.",
        zh: "connect() 在第 {i} 次探测时选中此前空闲的端口 **{port}**。`hint` 增加 {by}。",
    }
    took_shared(port, i, by) {
        en: "connect() shares port **{port}** at probe {i}: others use it, but not for this 4-tuple. `hint` grows by {by}.",
        zh: "connect() 在第 {i} 次探测时共用端口 **{port}**：别的连接也在用它，但四元组不同。`hint` 增加 {by}。",
    }
    took_over(port, i, by) {
        en: "connect() takes port **{port}** over from TIME_WAIT at probe {i}. `hint` grows by {by}.",
        zh: "connect() 在第 {i} 次探测时从 TIME_WAIT 接管端口 **{port}**。`hint` 增加 {by}。",
    }
    all_refused(count) {
        en: "Every one of {count} ports was refused.",
        zh: "全部 {count} 个端口都被拒绝。",
    }
    one_refused(port) {
        en: "The only port of the range, {port}, was refused.",
        zh: "范围内唯一的端口 {port} 被拒绝。",
    }
    some_unvisited(visits, missed) {
        en: "{visits} visits, all refused – and {missed} ports were never looked at: the counter wrapped at 2^32.",
        zh: "探测 {visits} 次，全部被拒绝，还有 {missed} 个端口从未被查看：计数在 2^32 处回绕。",
    }

    one_left_out(visits) {
        en: "{visits} ports, all refused – and one was never looked at: the range has an odd number of ports.",
        zh: "{visits} 个端口全部被拒绝，还有一个从未被查看：范围内的端口数是奇数。",
    }

    // ── other calls ─────────────────────────────────────────────
    opened { en: "A program opens a TCP socket. It has no port yet.", zh: "程序打开一个 TCP 套接字，它还没有端口。" }
    bound(addr, port) {
        en: "bind() gives the socket {addr}, port **{port}**. Automatic choice now steps over this port.",
        zh: "bind() 把套接字绑定到 {addr} 的端口 **{port}**。此后自动选择会跳过这个端口。",
    }
    bound_shareable(addr, port) {
        en: "bind() gives the socket {addr}, port **{port}**. Automatic choice may still share this port: connect() had chosen it before.",
        zh: "bind() 把套接字绑定到 {addr} 的端口 **{port}**。自动选择仍可共用这个端口：它此前由 connect() 选出。",
    }
    listening(port) { en: "The socket listens on port **{port}**.", zh: "套接字在端口 **{port}** 上监听。" }
    closed_passive(port) {
        en: "The server closed first: the TIME_WAIT is the server's, and port **{port}** is free at once.",
        zh: "服务器先关闭：TIME_WAIT 留在服务器一侧，端口 **{port}** 立即空闲。",
    }
    closed_rst(port) {
        en: "The connection is reset: port **{port}** is free at once, and unsent data is lost.",
        zh: "连接被重置：端口 **{port}** 立即空闲，未发送的数据丢失。",
    }
    closed_plain { en: "The socket is closed.", zh: "套接字被关闭。" }
    advanced(time, ended) {
        en: "{time} pass; TIME_WAITs that end: {ended}.",
        zh: "时间过去 {time}，{ended} 个 TIME_WAIT 结束。",
    }
    other(call) { en: "{call} returns.", zh: "{call} 返回。" }
}
