//! What happens in a call beside the probes of its walk: a sentence for every event of the
//! kernel and for every reason in it. The walk's own lines are in [`super::step`].
//!
//! `**…**` sets figures off, `` `…` `` is the kernel's own spelling.

use super::texts;

texts! {
    // ── what the model doesn't do ───────────────────────────────
    no_such_socket(s) {
        en: "No socket `{s}` is open: **EBADF**, and nothing happens.",
        zh: "没有打开的套接字 `{s}`：返回 **EBADF**，什么也没有发生。",
    }
    name_in_use { en: "This model can't do that: a socket of that name is still open. Nothing changes.", zh: "本模型无法执行：同名的套接字仍然打开着。一切不变。" }
    reserved_name { en: "This model can't do that: that number names no socket. Nothing changes.", zh: "本模型无法执行：这个编号不能用作套接字。一切不变。" }
    too_many_sockets { en: "This model can't do that: it has no room for more sockets. Nothing changes.", zh: "本模型无法执行：容纳不下更多套接字。一切不变。" }
    clock_limit { en: "This model can't do that: its clock doesn't go that far. Nothing changes.", zh: "本模型无法执行：它的时钟走不到那么远。一切不变。" }
    wall_limit { en: "This model can't do that: its wall clock can't show that time. Nothing changes.", zh: "本模型无法执行：它的墙上时钟无法表示那个时间。一切不变。" }
    problem_empty_range { en: "This model can't do that: to search an upside-down range, Linux would divide by zero. Nothing changes.", zh: "本模型无法执行：在上下限颠倒的范围里搜索，Linux 会除以零。一切不变。" }
    range_from_zero { en: "This model can't do that: a port range begins at 1 or above. Nothing changes.", zh: "本模型无法执行：端口范围从 1 或更高开始。一切不变。" }
    syn_fails_with_success { en: "This model can't do that: EINPROGRESS is what connect() answers when its SYN went out. Nothing changes.", zh: "本模型无法执行：EINPROGRESS 正是 connect() 在 SYN 已发出时的返回值。一切不变。" }

    // ── connect, before a port is sought ────────────────────────
    is_connected {
        en: "connect() fails with **EISCONN**: this socket is connected, or was until its peer reset it.",
        zh: "connect() 返回 **EISCONN**：这个套接字已经连接，或者在被对端重置之前曾经连接。",
    }
    is_listening { en: "connect() fails with **EISCONN**: this socket listens.", zh: "connect() 返回 **EISCONN**：这个套接字正在监听。" }
    under_way {
        en: "connect() fails with **EALREADY**: an earlier connect of this socket still waits for its answer.",
        zh: "connect() 返回 **EALREADY**：这个套接字先前的 connect 还在等待应答。",
    }
    was_refused {
        en: "connect() reports how the earlier connect ended: **ECONNREFUSED**. It says so once; then the socket is as good as new.",
        zh: "connect() 报告先前那次 connect 的结果：**ECONNREFUSED**。只报告一次，此后套接字又可以重新使用。",
    }
    short_address {
        en: "connect() fails with **EINVAL**: the address is shorter than the 16 bytes of `sockaddr_in`.",
        zh: "connect() 返回 **EINVAL**：地址不足 `sockaddr_in` 的 16 字节。",
    }
    was_reset {
        en: "connect() reports what became of the earlier connection: **ECONNRESET**. It says so once; then the socket is as good as new.",
        zh: "connect() 报告先前那条连接的结果：**ECONNRESET**。只报告一次，此后套接字又可以重新使用。",
    }
    timed_out {
        en: "connect() reports how the earlier connect ended: **ETIMEDOUT**, nobody answered. It says so once; then the socket is as good as new.",
        zh: "connect() 报告先前那次 connect 的结果：**ETIMEDOUT**，没有应答。只报告一次，此后套接字又可以重新使用。",
    }
    connection_learnt {
        en: "connect() returns **0**: the connection it began earlier stands. It says so once; the next one gets EISCONN.",
        zh: "connect() 返回 **0**：先前发起的连接已经建立。只说一次，下一次就返回 EISCONN。",
    }
    long_address {
        en: "connect() fails with **EINVAL**: the address is longer than the 128 bytes that any address may have.",
        zh: "connect() 返回 **EINVAL**：地址超过了任何地址所能有的 128 字节。",
    }
    wrong_family { en: "connect() fails with **EAFNOSUPPORT**: the address isn't an IPv4 one.", zh: "connect() 返回 **EAFNOSUPPORT**：这不是 IPv4 地址。" }
    no_route(dst) {
        en: "connect() fails with **ENETUNREACH**: there is no route to {dst}. No port is even sought.",
        zh: "connect() 返回 **ENETUNREACH**：没有到 {dst} 的路由，根本不会去找端口。",
    }
    zero_network(dst) {
        en: "connect() fails with **EINVAL**: no packet can go to {dst}, an address of the network 0.0.0.0/8.",
        zh: "connect() 返回 **EINVAL**：{dst} 属于 0.0.0.0/8 网络，无法向它发送数据包。",
    }
    multicast(dst) {
        en: "connect() fails with **ENETUNREACH**: {dst} is a multicast address, and TCP has just one peer.",
        zh: "connect() 返回 **ENETUNREACH**：{dst} 是组播地址，而 TCP 连接只有一个对端。",
    }
    broadcast(dst) {
        en: "connect() fails with **ENETUNREACH**: {dst} is the broadcast address, and TCP has just one peer.",
        zh: "connect() 返回 **ENETUNREACH**：{dst} 是广播地址，而 TCP 连接只有一个对端。",
    }
    route_gives_source(dst, src) {
        en: "The route to {dst} leaves from **{src}**. The socket had no source address; now it has this one, and keeps it even if the connect fails.",
        zh: "到 {dst} 的路由从 **{src}** 出发。套接字原本没有源地址，现在得到了它，即使 connect 失败也会保留。",
    }
    route_lends_source(dst, src) {
        en: "The route to {dst} leaves from **{src}**. The socket had no source address; now it has this one, and gives it back if the connect fails.",
        zh: "到 {dst} 的路由从 **{src}** 出发。套接字原本没有源地址，现在得到了它；如果 connect 失败，就会交还。",
    }
    route_found(dst, src) {
        en: "There is a route to {dst}. The socket has a source address already, and keeps it: **{src}**.",
        zh: "到 {dst} 有路由。套接字已有源地址，保持不变：**{src}**。",
    }
    stamp_cleared(stamp) {
        en: "The socket still has a timestamp of another destination, from second {stamp}. It's cleared.",
        zh: "套接字还带着另一个目的地的时间戳（第 {stamp} 秒），现在清除。",
    }
    stamp_lent(stamp) {
        en: "`tcp_tw_recycle` is on, and the peer cache knows this destination: it lends its timestamp, from second {stamp}. The choice of a port doesn't depend on it.",
        zh: "`tcp_tw_recycle` 已打开，对端缓存里有这个目的地：借用其中的时间戳（第 {stamp} 秒）。端口的选择与它无关。",
    }

    // ── connect with a port of its own ──────────────────────────
    bound_starts(port, hash) {
        en: "This socket owns port **{port}** already, so nothing is searched. The hash of the destination, {hash}, is worked out all the same, and ignored.",
        zh: "这个套接字已经拥有端口 **{port}**，无需查找。目的地的散列 {hash} 照样会算出来，然后弃之不用。",
    }
    bound_starts_at_once(port) {
        en: "This socket owns port **{port}** already: nothing is searched, and no hash is worked out.",
        zh: "这个套接字已经拥有端口 **{port}**：无需查找，也不计算散列。",
    }
    bound_starts_forced(port, hash) {
        en: "This socket owns port **{port}** already, so nothing is searched. The hash, which is set to {hash} by hand, is ignored.",
        zh: "这个套接字已经拥有端口 **{port}**，无需查找。手工设为 {hash} 的散列弃之不用。",
    }
    bound_unused(port) {
        en: "Nobody has the 4-tuple that port **{port}** gives: the socket may connect. Nothing is searched, and `hint` stays.",
        zh: "没有人占用端口 **{port}** 构成的四元组：套接字可以连接。不经查找，`hint` 不变。",
    }
    bound_sole(port) {
        en: "Nobody has the 4-tuple that port **{port}** gives. The socket owns the port alone, but the short cut for that case compares the wrong list link and is never taken.",
        zh: "没有人占用端口 **{port}** 构成的四元组。套接字是该端口唯一的所有者；针对这种情况本有一条捷径，但它比较的是错误的链表指针，从不生效，所以照样检查。",
    }
    bound_alive(port) {
        en: "A live connection has the 4-tuple that port **{port}** gives: error 99, without any search.",
        zh: "一条活动连接已占用端口 **{port}** 构成的四元组：不经查找，直接返回错误 99。",
    }
    bound_no_stamp(port) {
        en: "The 4-tuple that port **{port}** gives is in TIME_WAIT and carries no timestamp: error 99, without any search.",
        zh: "端口 **{port}** 构成的四元组处于 TIME_WAIT，而且没有时间戳：不经查找，直接返回错误 99。",
    }
    bound_takes(port, stamp) {
        en: "The 4-tuple of port **{port}** is in TIME_WAIT with a timestamp, from second {stamp}. That's enough here: `tcp_tw_reuse` and the age aren't asked, it's taken over at once.",
        zh: "端口 **{port}** 的四元组处于 TIME_WAIT，带有时间戳（第 {stamp} 秒）。在这里这就够了：不看 `tcp_tw_reuse`，也不看时间戳的新旧，立即接管。",
    }

    // ── the end of a walk, and what follows it ──────────────────
    walk_found(port, steps, before, after) {
        en: "The walk ends at step {steps} with port **{port}**: `hint` goes from {before} to {after}.",
        zh: "查找在第 {steps} 步结束，选中端口 **{port}**：`hint` 由 {before} 变为 {after}。",
    }
    walk_exhausted(steps, hint) {
        en: "The loop ends after step {steps}, and no port was accepted: **EADDRNOTAVAIL**, error 99. `hint` stays {hint}.",
        zh: "循环在第 {steps} 步之后结束，没有一个端口可用：**EADDRNOTAVAIL**，即错误 99。`hint` 仍为 {hint}。",
    }
    walk_no_memory(steps, hint) {
        en: "Step {steps} gets no memory for a bind bucket: **EADDRNOTAVAIL** at once, though ports may be free. `hint` stays {hint}.",
        zh: "第 {steps} 步没有内存创建 bind 桶：立即返回 **EADDRNOTAVAIL**，尽管可能还有空闲端口。`hint` 仍为 {hint}。",
    }
    walk_no_memory_said(steps, hint) {
        en: "Step {steps} gets no memory for a bucket: **ENOMEM** at once, though ports may be free. `hint` stays {hint}.",
        zh: "第 {steps} 步没有内存创建桶：立即返回 **ENOMEM**，尽管可能还有空闲端口。`hint` 仍为 {hint}。",
    }
    walk_empty(hint) {
        en: "The range is upside down, so the loop makes no step: **EADDRNOTAVAIL** at once. `hint` stays {hint}.",
        zh: "范围上下限颠倒，循环一步也不走：立即返回 **EADDRNOTAVAIL**。`hint` 仍为 {hint}。",
    }
    inherits(stamp) {
        en: "The new connection inherits the timestamp of the one in TIME_WAIT, from second {stamp}, and numbers its bytes beyond all that the old one sent.",
        zh: "新连接继承 TIME_WAIT 中那条连接的时间戳（第 {stamp} 秒），序列号从旧连接用过的号码之后开始。",
    }
    syn_sent(from, to) { en: "The SYN goes out, from **{from}** to **{to}**.", zh: "SYN 发出，从 **{from}** 到 **{to}**。" }
    syn_failed(errno) {
        en: "connect() fails although the socket has a port: the SYN can't be sent, **{errno}**. A `hint` that has grown isn't set back.",
        zh: "套接字已有端口，connect() 仍然失败：SYN 无法发出，**{errno}**。已经增加的 `hint` 不会退回。",
    }
    established_with_stamps { en: "The connection stands, and both sides use timestamps.", zh: "连接建立，双方都使用时间戳。" }
    established_without { en: "The connection stands without timestamps: at least one side doesn't use them.", zh: "连接建立，但没有时间戳：至少有一方不使用。" }

    // ── a port for bind and listen ──────────────────────────────
    search_starts(start, low, high, random) {
        en: "Any port will do. The search starts at **{start}**, by the random number {random}, and goes once round from {low} to {high}.",
        zh: "任何端口都可以。根据随机数 {random}，搜索从 **{start}** 开始，在 {low} 到 {high} 之间走一圈。",
    }
    in_whole_range(low, high) { en: "the whole range, {low} to {high}", zh: "整个范围（{low} 到 {high}）" }
    in_lower_half(low, high) { en: "the lower half of the range, {low} to {high}", zh: "范围的下半部分（{low} 到 {high}）" }
    in_upper_half(low, high) { en: "the upper half of the range, {low} to {high}", zh: "范围的上半部分（{low} 到 {high}）" }
    search_passes_twice(place, start, random) {
        en: "Any port will do. The search goes through {place}: every second port from **{start}** on, by the random number {random}, and then those between.",
        zh: "任何端口都可以。在{place}里搜索：根据随机数 {random}，先从 **{start}** 起每隔一个看一个，再看中间那些。",
    }
    search_relaxed { en: "`ip_autobind_reuse` lets it ask the owners less strictly this time.", zh: "这一轮由 `ip_autobind_reuse` 放宽了对所有者的检查。" }
    search_opposed(port) { en: "Port **{port}** has a bucket, and one of its owners is in the way: the search goes on.", zh: "端口 **{port}** 已有桶，其中一个所有者挡路：继续搜索。" }
    search_opposed_by_any(port) { en: "Port **{port}** is taken by an owner on the any address: the search goes on.", zh: "端口 **{port}** 被绑定在任意地址上的所有者占用：继续搜索。" }
    search_unopposed(port) { en: "Port **{port}** has a bucket, but none of its owners is in the way: the search takes it.", zh: "端口 **{port}** 已有桶，但没有所有者挡路：搜索选中它。" }
    search_crowded(port) { en: "Port **{port}** may be shared, and there are more owners than ports: the search takes it at once.", zh: "端口 **{port}** 可以共用，而所有者比端口还多：搜索立即选中它。" }
    search_exhausted { en: "The search has been everywhere and found nothing.", zh: "搜索走遍各处，一无所获。" }
    search_passes(port, fastreuse, owners) {
        en: "Port **{port}** has a bucket, with `fastreuse` {fastreuse} and {owners} as its count of owners: the search goes on.",
        zh: "端口 **{port}** 已有桶，`fastreuse` 为 {fastreuse}，所有者计数为 {owners}：继续搜索。",
    }
    search_may_remember(port, owners) {
        en: "Port **{port}** has a bucket with `fastreuse` 1; its count of owners is {owners}. A socket with `SO_REUSEADDR` remembers the port with the fewest, any other goes on.",
        zh: "端口 **{port}** 已有桶，`fastreuse` 为 1，所有者计数为 {owners}。带 `SO_REUSEADDR` 的套接字会记住计数最少的端口，其他套接字则继续搜索。",
    }
    search_free(port) { en: "Port **{port}** has no bucket: the search ends here.", zh: "端口 **{port}** 没有桶：搜索到此结束。" }
    port_looked_up(port) { en: "Port **{port}** is looked up in the bind hash.", zh: "在 bind 散列表中查找端口 **{port}**。" }
    port_remembered(port, owners) {
        en: "The search comes back with port **{port}**, which others share; its count of owners is {owners}. Now these are asked.",
        zh: "搜索选定了别人也在用的端口 **{port}**，所有者计数为 {owners}。现在逐一检查这些所有者。",
    }
    has_automatic(owners) {
        en: "It has a bucket with `fastreuse` −1: connect() chose the port. Its count of owners is {owners}; everyone in the list will be asked.",
        zh: "它已有桶，`fastreuse` 为 −1：端口由 connect() 选出。所有者计数为 {owners}；将逐一检查列表中的所有者。",
    }
    has_exclusive(owners) {
        en: "It has a bucket with `fastreuse` 0: somebody bound or listened without sharing. Its count of owners is {owners}; everyone in the list will be asked.",
        zh: "它已有桶，`fastreuse` 为 0：有套接字绑定或监听它，而且不共用。所有者计数为 {owners}；将逐一检查列表中的所有者。",
    }
    has_reusable(owners) {
        en: "It has a bucket with `fastreuse` 1, and {owners} as its count of owners: all of them bound with `SO_REUSEADDR`, and one more of that kind may join.",
        zh: "它已有桶，`fastreuse` 为 1，所有者计数为 {owners}：它们绑定时都有 `SO_REUSEADDR`，再来一个同样的套接字也可以加入。",
    }
    has_flags(fastreuse, fastreuseport, owners) {
        en: "It has a bucket with `fastreuse` {fastreuse} and `fastreuseport` {fastreuseport}; its count of owners is {owners}.",
        zh: "它已有桶，`fastreuse` 为 {fastreuse}，`fastreuseport` 为 {fastreuseport}；所有者计数为 {owners}。",
    }
    not_asked_at_all { en: "The flags of the bucket are enough: none of its owners is asked.", zh: "桶的标志已经足够：不必检查任何所有者。" }
    conflict_with_any { en: "An owner on the any address is in the way.", zh: "一个绑定在任意地址上的所有者挡路。" }
    conflict_of_options {
        en: "Another owner is in the way: both may have the same address, and they don't both have `SO_REUSEADDR` without listening, or `SO_REUSEPORT`.",
        zh: "有一个所有者挡路：双方地址可能相同，而且并非都带 `SO_REUSEADDR` 且不监听，也并非都带 `SO_REUSEPORT`。",
    }
    no_conflict_of_options {
        en: "No other owner is in the way: each has another address, or shares by `SO_REUSEADDR` or `SO_REUSEPORT`.",
        zh: "没有所有者挡路：它们要么地址不同，要么通过 `SO_REUSEADDR` 或 `SO_REUSEPORT` 共用。",
    }
    conflict {
        en: "Another owner is in the way: both may have the same address, and `SO_REUSEADDR` is missing on one side, or the other one listens.",
        zh: "有一个所有者挡路：双方地址可能相同，而且有一方没有 `SO_REUSEADDR`，或者对方正在监听。",
    }
    no_conflict {
        en: "No other owner is in the way: each has another address, or `SO_REUSEADDR` as this one, without listening.",
        zh: "没有所有者挡路：它们要么地址不同，要么与自己一样带 `SO_REUSEADDR` 且不在监听。",
    }
    joined_shared(port, owners) {
        en: "The socket owns port **{port}** now; the count of owners was {owners}. `fastreuse` stays −1, so automatic choice may still share the port.",
        zh: "套接字现在拥有端口 **{port}**；此前的所有者计数为 {owners}。`fastreuse` 仍为 −1，自动选择还可以共用它。",
    }
    joined_flags(port, owners, fastreuse, fastreuseport) {
        en: "The socket owns port **{port}** now; the count of owners was {owners}. `fastreuse` is {fastreuse}, `fastreuseport` {fastreuseport}: one of them isn't −1, so automatic choice steps over the port.",
        zh: "套接字现在拥有端口 **{port}**；此前的所有者计数为 {owners}。`fastreuse` 为 {fastreuse}，`fastreuseport` 为 {fastreuseport}：并非都是 −1，所以自动选择会跳过它。",
    }
    joined(port, owners, fastreuse) {
        en: "The socket owns port **{port}** now; the count of owners was {owners}. `fastreuse` is {fastreuse}, so automatic choice steps over the port.",
        zh: "套接字现在拥有端口 **{port}**；此前的所有者计数为 {owners}。`fastreuse` 为 {fastreuse}，自动选择会跳过它。",
    }
    not_local(call, addr) {
        en: "{call} is refused with **EADDRNOTAVAIL**: {addr} isn't an address of this host. That, too, is error 99, and has nothing to do with ports.",
        zh: "{call} 被拒绝，返回 **EADDRNOTAVAIL**：{addr} 不是本机地址。这同样是错误 99，却与端口无关。",
    }
    privileged(call, port) {
        en: "{call} is refused with **EACCES**: port {port} is below 1,024, and the program may not bind to those.",
        zh: "{call} 被拒绝，返回 **EACCES**：端口 {port} 小于 1,024，而程序无权绑定这样的端口。",
    }
    below_start(call, port) {
        en: "{call} is refused with **EACCES**: port {port} is below `ip_unprivileged_port_start`, and the program may not bind to those.",
        zh: "{call} 被拒绝，返回 **EACCES**：端口 {port} 小于 `ip_unprivileged_port_start`，而程序无权绑定这样的端口。",
    }
    has_port(call) { en: "{call} is refused with **EINVAL**: the socket has a port already, or isn't closed.", zh: "{call} 被拒绝，返回 **EINVAL**：套接字已有端口，或者不处于 CLOSE 状态。" }
    port_in_use(call) { en: "{call} is refused with **EADDRINUSE**: another owner of the port is in the way.", zh: "{call} 被拒绝，返回 **EADDRINUSE**：该端口的另一个所有者挡路。" }
    no_port_left(call) {
        en: "{call} is refused with **EADDRINUSE**: every port of the range has a bucket, and none may be shared.",
        zh: "{call} 被拒绝，返回 **EADDRINUSE**：范围内每个端口都有桶，而且没有一个可以共用。",
    }
    all_opposed(call) {
        en: "{call} is refused with **EADDRINUSE**: on every port of the range an owner is in the way.",
        zh: "{call} 被拒绝，返回 **EADDRINUSE**：范围内每个端口上都有所有者挡路。",
    }
    no_bucket_memory(call) { en: "{call} is refused with **EADDRINUSE**: there is no memory for the bind bucket.", zh: "{call} 被拒绝，返回 **EADDRINUSE**：没有内存创建 bind 桶。" }
    cannot_search(call) { en: "{call} isn't carried out: in an upside-down range Linux would divide by zero.", zh: "{call} 未执行：在上下限颠倒的范围里，Linux 会除以零。" }
    cannot_listen { en: "listen() is refused with **EINVAL**: the socket is connected or on its way to it.", zh: "listen() 被拒绝，返回 **EINVAL**：套接字已经连接，或正在连接。" }
    already_listens { en: "The socket listens already: nothing is to be done.", zh: "套接字已经在监听：无事可做。" }

    // ── states, and the way out of a port ───────────────────────
    not_accepted { en: "Nothing is accepted: that socket doesn't listen. **EINVAL**.", zh: "没有接受任何连接：那个套接字没有在监听，返回 **EINVAL**。" }
    not_closed { en: "There is no established connection to close in that way: **EINVAL**, and nothing happens.", zh: "没有已建立的连接可以这样关闭：返回 **EINVAL**，什么也没有发生。" }
    segment_ignored { en: "The segment meets nothing that it could belong to, and changes nothing.", zh: "这个报文段不属于任何连接，什么也不改变。" }
    to_syn_sent(from) { en: "The socket goes from {from} to **SYN_SENT**, before its port is chosen or checked.", zh: "套接字由 {from} 进入 **SYN_SENT**，此时端口还没有选出或检查。" }
    to_established { en: "The handshake is complete: the socket is **ESTABLISHED**.", zh: "握手完成：套接字进入 **ESTABLISHED**。" }
    to_listen(from) { en: "The socket goes from {from} to **LISTEN** before its port is looked at: whoever listens shares its port with nobody.", zh: "在查看端口之前，套接字先由 {from} 进入 **LISTEN**：监听者不与任何人共用端口。" }
    to_fin_wait1(from) { en: "This side closes: its FIN goes out, and the socket goes from {from} to **FIN_WAIT1**.", zh: "本端关闭：发出 FIN，套接字由 {from} 进入 **FIN_WAIT1**。" }
    to_fin_wait2(from) { en: "The FIN is acknowledged: the socket goes from {from} to **FIN_WAIT2**, until the peer closes too.", zh: "FIN 得到确认：套接字由 {from} 进入 **FIN_WAIT2**，直到对端也关闭。" }
    to_time_wait(from) { en: "The peer's FIN is in, so both sides are closed: from {from} to **TIME_WAIT**.", zh: "对端的 FIN 到达，双方都已关闭：由 {from} 进入 **TIME_WAIT**。" }
    to_close_wait(from) { en: "The peer closes first: the socket goes from {from} to **CLOSE_WAIT**.", zh: "对端先关闭：套接字由 {from} 进入 **CLOSE_WAIT**。" }
    to_last_ack(from) { en: "This side closes as well: from {from} to **LAST_ACK**. TIME_WAIT is the peer's.", zh: "本端也随之关闭：由 {from} 进入 **LAST_ACK**。TIME_WAIT 留给对端。" }
    to_close(from) { en: "The socket goes from {from} to **CLOSE**.", zh: "套接字由 {from} 进入 **CLOSE**。" }
    port_released(port) { en: "The socket leaves port **{port}**: it's no longer one of its owners.", zh: "套接字放开端口 **{port}**：不再是它的所有者。" }
    port_kept(port) { en: "Port **{port}** stays with the socket, because the program itself had asked for it in `bind()`.", zh: "端口 **{port}** 仍归套接字所有，因为它是程序自己在 `bind()` 中指定的。" }
    bucket_created(port, bucket, fastreuse) {
        en: "A bind bucket for port **{port}** is made, with `fastreuse` {fastreuse}, at the front of chain {bucket}.",
        zh: "为端口 **{port}** 创建 bind 桶，`fastreuse` 为 {fastreuse}，放在 {bucket} 号链的最前面。",
    }
    bucket_destroyed(port, bucket) {
        en: "Nobody owns port **{port}** any more: its bucket leaves chain {bucket}, and the port is free.",
        zh: "端口 **{port}** 再没有所有者：它的桶离开 {bucket} 号链，端口空闲。",
    }
    lowered_automatic(port) {
        en: "`fastreuse` of port **{port}** falls from −1 to 0: automatic choice steps over the port from now on, until its bucket goes.",
        zh: "端口 **{port}** 的 `fastreuse` 由 −1 降为 0：从现在起自动选择会跳过它，直到它的桶消失。",
    }
    recovered(port) {
        en: "Of port **{port}** only owners are left that connect() made: its flags go back to −1, and automatic choice may share it again.",
        zh: "端口 **{port}** 只剩下由 connect() 产生的所有者：它的标志回到 −1，自动选择又可以共用它。",
    }
    lowered(port, from, to) {
        en: "`fastreuse` of port **{port}** falls from {from} to {to}: nobody joins it without a question any more.",
        zh: "端口 **{port}** 的 `fastreuse` 由 {from} 降为 {to}：此后谁要加入，都得先经过检查。",
    }

    // ── TIME_WAIT and its calendars ─────────────────────────────
    search_reserved(port) {
        en: "Port **{port}** is passed over: it is in `ip_local_reserved_ports`.",
        zh: "跳过端口 **{port}**：它在 `ip_local_reserved_ports` 之中。",
    }
    wheel_level(level) { en: "level {level} of the timer wheel", zh: "定时器轮的第 {level} 层" }
    slow_slot(slot) { en: "slot {slot}", zh: " {slot} 号槽" }
    fast_row(row) { en: "row {row} of the fast calendar", zh: "快速日历的第 {row} 行" }
    timewait_made(port, peer, state, slot, until, stamp) {
        en: "A mini-socket in **{state}** replaces the connection of port **{port}** to {peer}. It waits in {slot} until {until} on the clock; its timestamp is from second {stamp}.",
        zh: "一个处于 **{state}** 的 mini-socket 取代了端口 **{port}** 到 {peer} 的连接。它在{slot}中等待，直到时钟走到 {until}；带有时间戳（第 {stamp} 秒）。",
    }
    timewait_made_unstamped(port, peer, state, slot, until) {
        en: "A mini-socket in **{state}** replaces the connection of port **{port}** to {peer}. It waits in {slot} until {until} on the clock; without a timestamp, nobody can take it over.",
        zh: "一个处于 **{state}** 的 mini-socket 取代了端口 **{port}** 到 {peer} 的连接。它在{slot}中等待，直到时钟走到 {until}；没有时间戳，谁也无法接管它。",
    }
    timewait_restarted(port, peer, slot, until) {
        en: "The peer's FIN turns the mini-socket of port **{port}** to {peer} from FIN_WAIT2 into **TIME_WAIT**. Its time begins anew: in {slot}, until {until} on the clock.",
        zh: "对端的 FIN 使端口 **{port}** 到 {peer} 的 mini-socket 由 FIN_WAIT2 变为 **TIME_WAIT**。重新计时：在{slot}中等待，直到时钟走到 {until}。",
    }
    timewait_again(port, peer, slot, until) {
        en: "The segment starts the time of the mini-socket of port **{port}** to {peer} anew: in {slot}, until {until} on the clock.",
        zh: "这个报文段使端口 **{port}** 到 {peer} 的 mini-socket 重新计时：在{slot}中等待，直到时钟走到 {until}。",
    }
    timewait_cut(port, peer) {
        en: "The segment ends the mini-socket of port **{port}** to {peer} before its time.",
        zh: "这个报文段使端口 **{port}** 到 {peer} 的 mini-socket 提前结束。",
    }
    timewait_overflow(port, peer) {
        en: "`tcp_max_tw_buckets` is reached: the connection from port **{port}** to {peer} gets no TIME_WAIT and is closed at once.",
        zh: "已达到 `tcp_max_tw_buckets`：端口 **{port}** 到 {peer} 的连接不进入 TIME_WAIT，立即关闭。",
    }
    timewait_over(port, peer, time) { en: "At {time} the mini-socket of port **{port}** to {peer} ends: its time is over.", zh: "{time}时，端口 **{port}** 到 {peer} 的 mini-socket 到期结束。" }
    timewaits_over(time, count, ports, buckets) {
        en: "At {time} **{count}** mini-sockets end at once, as their timers share a slot of the wheel, {ports}, and {buckets} buckets with them.",
        zh: "{time}时，**{count}** 个 mini-socket 同时结束，因为它们的定时器在轮的同一个槽里，{ports}，{buckets} 个桶随之消失。",
    }
    timewait_taken(port, peer) { en: "The mini-socket of port **{port}** to {peer} ends: the new connection has its 4-tuple now.", zh: "端口 **{port}** 到 {peer} 的 mini-socket 结束：它的四元组现在归新连接所有。" }
    fin_wait2_waits(until) {
        en: "FIN_WAIT2 lasts more than 60 s here. What is above 60 s the full socket waits itself, until {until} on the clock, and keeps its port.",
        zh: "这里的 FIN_WAIT2 超过 60 秒。超出的部分由完整的套接字自己等待，直到时钟走到 {until}，期间保留端口。",
    }
    fin_wait2_goes_on(time) { en: "At {time} the waiting FIN_WAIT2 socket is looked at: a mini-socket waits on in its place.", zh: "{time}时，检查等待中的 FIN_WAIT2 套接字：由 mini-socket 接替它继续等待。" }
    fin_wait2_over(time) { en: "At {time} the waiting FIN_WAIT2 socket is looked at: no time is left for it, and it's freed.", zh: "{time}时，检查等待中的 FIN_WAIT2 套接字：已没有剩余时间，予以释放。" }
    from_to(first, last) { en: "in turn from port {first} to port {last}", zh: "依次从端口 {first} 到端口 {last}" }
    tick_empty(time, slot) { en: "At {time} the calendar ticks: nobody waits in slot {slot}.", zh: "{time}时，日历转动一次：{slot} 号槽是空的。" }
    tick_one(time, slot, next) { en: "At {time} the calendar ticks: the one mini-socket in slot {slot} ends, and the pointer moves to slot {next}.", zh: "{time}时，日历转动一次：{slot} 号槽中唯一的 mini-socket 结束，指针移到 {next} 号槽。" }
    tick_many(time, slot, count, ports, buckets, next) {
        en: "At {time} **{count}** mini-sockets in slot {slot} end, {ports}, and {buckets} buckets with them. The calendar's pointer moves to slot {next}.",
        zh: "{time}时，{slot} 号槽中的 **{count}** 个 mini-socket 结束，{ports}，{buckets} 个桶随之消失。日历的指针移到 {next} 号槽。",
    }
    tick_slips(time, slot, count, ports, buckets) {
        en: "At {time} **{count}** mini-sockets in slot {slot} end, {ports}, and {buckets} buckets with them. They are more than 100: the calendar's pointer stays, and all others wait 7.5 s longer.",
        zh: "{time}时，{slot} 号槽中的 **{count}** 个 mini-socket 结束，{ports}，{buckets} 个桶随之消失。超过 100 个，日历的指针不动：其余的都要多等 7.5 秒。",
    }
    tick_slips_less(time, slot, count, ports, buckets) {
        en: "At {time} **{count}** mini-sockets in slot {slot} end, {ports}, and {buckets} buckets with them. They are more than 100: the calendar's pointer stays, and all others wait 7.5 s longer, or 1 s if more than 201 ended.",
        zh: "{time}时，{slot} 号槽中的 **{count}** 个 mini-socket 结束，{ports}，{buckets} 个桶随之消失。超过 100 个，日历的指针不动：其余的都要多等 7.5 秒；若结束的超过 201 个，则只多等 1 秒。",
    }
    fast_tick_few(time, count) { en: "At {time} the fast calendar of `tcp_tw_recycle` ticks; mini-sockets that end: {count}.", zh: "{time}时，`tcp_tw_recycle` 的快速日历转动一次；结束的 mini-socket：{count} 个。" }
    fast_tick_many(time, count, ports, buckets) {
        en: "At {time} **{count}** mini-sockets of `tcp_tw_recycle`'s fast calendar end, {ports}, and {buckets} buckets with them.",
        zh: "{time}时，`tcp_tw_recycle` 的快速日历中 **{count}** 个 mini-socket 结束，{ports}，{buckets} 个桶随之消失。",
    }
    peer_written(addr, stamp) { en: "`tcp_tw_recycle` is on: the peer cache remembers the timestamp of {addr}, from second {stamp}.", zh: "`tcp_tw_recycle` 已打开：对端缓存记下 {addr} 的时间戳（第 {stamp} 秒）。" }
    peer_not_written(addr, stamp) { en: "`tcp_tw_recycle` is on, but the peer cache has a newer timestamp of {addr} than this one, from second {stamp}, and keeps it.", zh: "`tcp_tw_recycle` 已打开，但对端缓存中 {addr} 的时间戳比这一个（第 {stamp} 秒）更新，保持不变。" }

    // ── knobs and clocks ────────────────────────────────────────
    sysctl_written(name, value) { en: "`{name}` is now **{value}**. It counts from the next call on.", zh: "`{name}` 现在是 **{value}**，从下一次调用起生效。" }
    sysctl_half(name, value) { en: "The kernel takes the lowest port and silently drops the other number: `{name}` is now **{value}**.", zh: "内核接受了最低端口，却悄悄丢弃了另一个数：`{name}` 现在是 **{value}**。" }
    sysctl_out_of_range(name, value) { en: "The kernel refuses with **EINVAL**: ports go from 1 to 65,535. `{name}` stays **{value}**.", zh: "内核以 **EINVAL** 拒绝：端口号只能是 1 到 65,535。`{name}` 仍为 **{value}**。" }
    sysctl_upside_down(name, value) { en: "The kernel refuses with **EINVAL**: the lowest port would lie above the highest. `{name}` stays **{value}**.", zh: "内核以 **EINVAL** 拒绝：最低端口会高于最高端口。`{name}` 仍为 **{value}**。" }
    sysctl_out_of_bounds(name, value) { en: "The kernel refuses with **EINVAL**: `{name}` doesn't take such a number, and stays **{value}**.", zh: "内核以 **EINVAL** 拒绝：`{name}` 不接受这样的数，仍为 **{value}**。" }
    sysctl_malformed(name, value) { en: "The kernel refuses with **EINVAL**: `{name}` can't read that, and stays **{value}**.", zh: "内核以 **EINVAL** 拒绝：`{name}` 无法解析这样的内容，仍为 **{value}**。" }
    sysctl_privileged(name, value) { en: "The kernel refuses with **EINVAL**: the range may not begin below `ip_unprivileged_port_start`. `{name}` stays **{value}**.", zh: "内核以 **EINVAL** 拒绝：范围不能从低于 `ip_unprivileged_port_start` 的端口开始。`{name}` 仍为 **{value}**。" }
    sysctl_not_there(name) { en: "This kernel has no `{name}`: **ENOENT**.", zh: "这个内核没有 `{name}`：返回 **ENOENT**。" }
    wall_forward(from, to, count) { en: "The wall clock is set {count} s forward, from second {from} to {to}. Timers don't notice, but every timestamp looks older.", zh: "墙上时钟拨快 {count} 秒，由第 {from} 秒到第 {to} 秒。定时器毫无察觉，但所有时间戳都显得更旧。" }
    wall_back(from, to, count) { en: "The wall clock is set {count} s back, from second {from} to {to}. Timers don't notice; but the age of a timestamp has no sign, so one from the future looks very old.", zh: "墙上时钟拨慢 {count} 秒，由第 {from} 秒到第 {to} 秒。定时器毫无察觉，但时间戳的新旧按无符号数计算：来自未来的时间戳会显得极旧。" }
    rekeyed { en: "The kernel draws a new secret: every destination's start jumps, `hint` stays.", zh: "内核换了新的密钥：每个目的地的起点都会跳变，`hint` 不变。" }
    hash_set { en: "The hash that places a walk's start is set by hand, or given back to the kernel. `hint` stays.", zh: "决定查找起点的散列由手工设定，或交还给内核。`hint` 不变。" }
}
