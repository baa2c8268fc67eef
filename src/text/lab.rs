//! The laboratory at `/lab`: its controls and headings. The sentences of the steps are in
//! [`super::step`], the verdict's in [`super::verdict`].

use super::texts;

texts! {
    page_title { en: "Lab – error 99", zh: "实验室 – error 99" }
    description {
        en: "A working model of connect() in Linux 2.6.32: change the machine, and see exactly what the kernel does then.",
        zh: "Linux 2.6.32 中 connect() 的可运行模型：改变机器的任何设置，看清内核随后的每一步。",
    }
    heading { en: "Laboratory: the local-port walk of connect()", zh: "实验室：connect() 的本地端口查找" }

    kernel(release) { en: "Linux {release}", zh: "Linux {release}" }
    // ── the machine ─────────────────────────────────────────────
    machine_and_programs { en: "Machine and programs", zh: "机器与程序" }
    machine { en: "Machine", zh: "机器" }
    to { en: "to", zh: "到" }
    lowest_port { en: "Lowest port", zh: "最低端口" }
    highest_port { en: "Highest port", zh: "最高端口" }
    range_presets { en: "Range presets", zh: "预设范围" }
    preset_usual { en: "default", zh: "默认" }
    preset_widest { en: "widest", zh: "最宽" }
    preset_16 { en: "16 ports", zh: "16 个端口" }
    ports(count) { en: "{count} ports", zh: "{count} 个端口" }
    one_port { en: "1 port", zh: "1 个端口" }
    bhash_size { en: "bhash size", zh: "bhash 大小" }
    bhash_note_chains(memory) { en: "as with {memory}", zh: "同 {memory} 机器" }
    bhash_note_small { en: "for learning", zh: "教学用" }
    clock { en: "clock", zh: "时钟" }
    seconds(count) { en: "{count} s", zh: "{count} 秒" }
    milliseconds(count) { en: "{count} ms", zh: "{count} 毫秒" }
    advance_by(time) { en: "Let {time} pass", zh: "让时间过去 {time}" }

    // ── the programs ────────────────────────────────────────────
    client { en: "Client", zh: "客户端" }
    from { en: "from", zh: "从" }
    destination_address { en: "Destination address", zh: "目的地址" }
    destination_port { en: "Destination port", zh: "目的端口" }
    connect { en: "Connect", zh: "连接" }
    connect_10 { en: "Connect × 10", zh: "连接 × 10" }
    until_error { en: "Until error", zh: "直到出错" }
    close { en: "Close", zh: "关闭" }
    close_all { en: "Close all", zh: "全部关闭" }
    closes_first { en: "Who closes first", zh: "谁先关闭" }
    closes_client { en: "client", zh: "客户端" }
    closes_server { en: "server", zh: "服务器" }
    closes_rst { en: "RST", zh: "RST" }
    home { en: "home", zh: "基点" }
    home_moves(time) { en: "moves in {time}", zh: "{time}后移动" }
    home_is {
        en: "where the hash alone would start walks to this destination",
        zh: "仅凭散列，到该目的地的查找会从这里开始",
    }
    home_port(port, time) { en: "home **{port}**, moves in {time}", zh: "基点 **{port}**，{time}后移动" }
    open_sockets(count) { en: "{count} open", zh: "已打开 {count} 个" }
    no_open_sockets { en: "none open", zh: "未打开套接字" }
    loaded_before { en: "Loaded before call 1", zh: "第 1 次调用之前已载入" }
    /// Stands in the place of what was loaded.
    no_such_scenario(key) {
        en: "There is no scenario “{key}”. This is the busy client.",
        zh: "没有名为“{key}”的场景，这里打开的是繁忙的客户端。",
    }
    /// What is wrong with a link, in the place of what was loaded.
    link_opens_usual(wrong) { en: "{wrong} This is the busy client.", zh: "{wrong}这里打开的是繁忙的客户端。" }
    /// The same when the lab shows something already.
    link_changes_nothing(wrong) { en: "{wrong} The lab stays as it was.", zh: "{wrong}实验室保持原样。" }
    link_torn {
        en: "The link is torn: characters of it are missing, or have changed.",
        zh: "链接不完整：有字符缺失或被改动。",
    }
    /// Asked before much work is done.
    link_asks(calls, connects) {
        en: "This link asks for up to {calls} calls, {connects} of them connect(). That may take long. Run it?",
        zh: "这个链接最多要求 {calls} 次调用，其中 connect() {connects} 次，可能需要较长时间。要运行吗？",
    }
    link_none {
        en: "What stands behind “#m=” is not a link of this page.",
        zh: "“#m=”之后的内容不是本页的链接。",
    }
    link_later(version, latest) {
        en: "The link was made by a later version of this page (its format is {version}; {latest} is the latest known here).",
        zh: "该链接由本页的更新版本生成（格式为 {version}，本页最高只支持 {latest}）。",
    }
    link_too_long(most) {
        en: "The link is longer than {most} characters; none that was made here is.",
        zh: "链接超过 {most} 个字符，本页不会生成这样长的链接。",
    }
    link_impossible {
        en: "The link asks for a machine or for acts beyond the limits of the model.",
        zh: "链接要求的机器或操作超出了模型的限制。",
    }
    link_release {
        en: "The link is of a machine with another release of Linux, whose rules this page doesn't have.",
        zh: "链接中的机器使用另一个 Linux 版本，本页没有该版本的规则。",
    }
    from_link { en: "What a link has brought.", zh: "链接带来的内容。" }
    another_scenario { en: "Another scenario", zh: "换一个场景" }
    reset { en: "Start over", zh: "重新开始" }

    more_knobs { en: "More knobs", zh: "更多设置" }
    ehash_size { en: "ehash size", zh: "ehash 大小" }
    source_address { en: "source address", zh: "源地址" }
    new_secret { en: "Draw a new secret", zh: "更换密钥" }
    sockets { en: "Sockets", zh: "套接字" }
    options { en: "options", zh: "选项" }
    socket_option(name, fd) { en: "{name}, fd {fd}", zh: "{name}，fd {fd}" }
    window_low { en: "Lowest port of this socket, 0 for none", zh: "该套接字的最低端口，0 表示不设" }
    window_high { en: "Highest port of this socket, 0 for none", zh: "该套接字的最高端口，0 表示不设" }
    window_reversed(low, high) {
        en: "{low} is above {high}: the kernel refuses the pair with EINVAL. The option stays as it was.",
        zh: "{low} 大于 {high}：内核以 EINVAL 拒绝这一对值，选项保持不变。",
    }
    list_refused(text) {
        en: "The kernel refuses “{text}” with EINVAL: write ports and ranges with commas between them, as in 8080,9000-9100. The list stays as it was.",
        zh: "内核以 EINVAL 拒绝“{text}”：请填写端口和范围，用逗号隔开，例如 8080,9000-9100。列表保持不变。",
    }
    open_socket { en: "Open a socket", zh: "打开套接字" }
    bind_address { en: "Address for bind", zh: "bind 的地址" }
    bind_port { en: "Port for bind", zh: "bind 的端口" }
    load_generator { en: "Load generator", zh: "负载发生器" }
    load_rate { en: "connections/s", zh: "每秒连接数" }
    load_hold { en: "held for, ms", zh: "保持毫秒数" }
    load_seconds { en: "for, seconds", zh: "持续秒数" }
    load_at_most(most, asked, time) {
        en: "One load makes {most} connections at most, not {asked}: it will end after {time}.",
        zh: "一次负载最多发起 {most} 条连接，而不是 {asked} 条：它会在 {time} 后结束。"
    }
    load_run { en: "Run the load", zh: "运行负载" }
    number_wanted(text, low, high) {
        en: "“{text}” won’t do: a whole number from {low} to {high}.",
        zh: "“{text}”不行：请填写 {low} 到 {high} 的整数。",
    }

    // ── what a field says ───────────────────────────────────────
    port_empty { en: "Write a port number, 1 to 65535.", zh: "请填写端口号，1 到 65535。" }
    port_not_number(text) {
        en: "“{text}” is not a number. Write a port, 1 to 65535.",
        zh: "“{text}”不是数字。请填写端口号，1 到 65535。",
    }
    port_out_of_range(text) {
        en: "{text} is no port: the kernel takes 1 to 65535.",
        zh: "{text} 不是端口号：内核只接受 1 到 65535。",
    }
    range_reversed(low, high) {
        en: "{low} is above {high}: the kernel refuses the pair with EINVAL. The range stays as it was.",
        zh: "{low} 大于 {high}：内核以 EINVAL 拒绝这一对值，范围保持不变。",
    }
    range_refused { en: "The kernel refuses these values with EINVAL. The range stays as it was.", zh: "内核以 EINVAL 拒绝这些值，范围保持不变。" }
    range_half_taken(low) {
        en: "The kernel took {low} and silently dropped the other number.",
        zh: "内核接受了 {low}，并悄悄丢弃了另一个数。",
    }
    address_bad(text) {
        en: "“{text}” is not an IPv4 address. Write four numbers from 0 to 255, as in 10.0.0.2.",
        zh: "“{text}”不是 IPv4 地址。请写四个 0 到 255 的数，例如 10.0.0.2。",
    }

    // ── legend and page of ports ────────────────────────────────
    port_map { en: "Port map", zh: "端口图" }
    map_image(count) { en: "{count} local ports, one cell each", zh: "{count} 个本地端口，每格一个" }
    map_keys {
        en: "Arrow keys look at single ports, Enter runs until this port.",
        zh: "方向键逐个查看端口，按 Enter 运行到该端口。",
    }
    run_until_here { en: "Run until here", zh: "运行到这里" }
    put_away { en: "Put away", zh: "收起" }
    port_states { en: "Port states", zh: "端口状态" }
    state_timewait { en: "TIME_WAIT", zh: "TIME_WAIT" }
    state_live { en: "live, same destination", zh: "活动连接，同一目的地" }
    state_shared { en: "in use, other destination", zh: "使用中，其他目的地" }
    state_bind_before { en: "owned by", zh: "属于" }
    state_free { en: "free", zh: "空闲" }
    halves { en: "even left, odd right", zh: "左偶右奇" }
    now_port(port) { en: "now **{port}**", zh: "当前 **{port}**" }
    took_port(port) { en: "taken: **{port}**", zh: "选中 **{port}**" }
    start_port(port) { en: "start **{port}**", zh: "起点 **{port}**" }
    hash_alone(port) { en: "hash alone would start at **{port}**", zh: "仅凭散列会从 **{port}** 开始" }
    same_bucket(bucket) { en: "same column, same bucket **{bucket}**", zh: "同一列，同一个桶 **{bucket}**" }
    wraps { en: "wraps from high to low", zh: "从高端绕回低端" }

    // ── tape ────────────────────────────────────────────────────
    port_walk { en: "Port walk", zh: "端口查找" }
    tape_first { en: "start, i = 1", zh: "起点，i = 1" }
    tape_last { en: "last", zh: "最后" }
    wrap { en: "wrap", zh: "回绕" }
    pass { en: "pass 2", zh: "第二趟" }
    pass_long { en: "the second pass begins, over the ports between", zh: "第二趟开始，查看中间那些端口" }
    wrap_long { en: "wrap-around from the highest port to the lowest", zh: "从最高端口绕回最低端口" }
    refused { en: "refused", zh: "被拒绝" }
    taken { en: "taken", zh: "选中" }
    to_go { en: "to go", zh: "未到" }
    not_reached { en: "not yet reached", zh: "尚未到达" }
    left(time) { en: "{time} left", zh: "剩 {time}" }
    word_live { en: "live", zh: "活动" }
    word_shared { en: "shared", zh: "可共用" }
    word_bind { en: "bind()", zh: "bind()" }
    word_free { en: "free", zh: "空闲" }
    idle_walk {
        en: "No connect is under way. The next one will walk this range.",
        zh: "当前没有 connect 在执行，下一次将查找这个范围。",
    }
    idle_no_walk { en: "This connect doesn't walk: no port is sought.", zh: "这次 connect 没有查找：不需要找端口。" }

    // ── bind hash ───────────────────────────────────────────────
    bind_hash { en: "Bind hash", zh: "bind 散列表" }
    chain_label { en: "Chain of the probed bucket, searched from the left", zh: "被探测的桶的链，从左向右查找" }
    search_chain(port) { en: "search its chain for {port}", zh: "在链上查找 {port}" }
    bucket_label(bucket, count) { en: "bucket {bucket}, chain of {count}", zh: "{bucket} 号桶，链长 {count}" }
    node_not(port) { en: "not {port}", zh: "不是 {port}" }
    node_found { en: "found", zh: "找到" }
    node_later { en: "not reached", zh: "未到达" }
    node_gap(count) { en: "{count} more", zh: "另有 {count} 项" }
    chain_empty { en: "nothing here: the port is free", zh: "这里什么也没有：端口空闲" }
    chain_missed(port) { en: "{port} is not among them: the port is free", zh: "其中没有 {port}：端口空闲" }
    owners { en: "owners", zh: "所有者" }

    // ── kernel code ─────────────────────────────────────────────
    kernel_code { en: "Kernel code", zh: "内核代码" }
    code_does { en: "What the kernel does", zh: "内核在做什么" }
    code_did { en: "What the kernel did", zh: "内核做了什么" }
    in_our_words { en: "in our words", zh: "用我们的话写成" }
    how_often { en: "how often each line said next", zh: "每一行判为 next 的次数" }
    times(count) { en: "{count} times", zh: "{count} 次" }
    once { en: "once", zh: "1 次" }
    code_free { en: "free", zh: "空闲" }
    code_bind { en: "bind() owns it", zh: "bind() 占用" }
    code_share { en: "share it", zh: "共用" }
    code_99 { en: "error 99", zh: "错误 99" }
    hint_as_before { en: "hint stays", zh: "hint 不变" }
    hint_stays(hint) { en: "hint stays {hint}", zh: "hint 仍为 {hint}" }
    code_no_event { en: "In this call the kernel has nothing to decide.", zh: "这次调用中内核没有什么要决定的。" }
    code_not_kernel { en: "None of the kernel's lines that are shown here has to do with this.", zh: "这里展示的内核代码都与此无关。" }
    live_values { en: "Live values", zh: "当前取值" }

    // ── 4-tuple check ───────────────────────────────────────────
    bhash_idle { en: "No port is searched for in the bind hash by this step.", zh: "这一步没有在 bind 散列表中查找端口。" }
    tuple_check { en: "4-tuple check", zh: "四元组检查" }
    tuple_taken { en: "Is this 4-tuple taken?", zh: "这个四元组被占用了吗？" }
    wanted { en: "wanted", zh: "想要" }
    found { en: "found", zh: "找到" }
    nothing_found { en: "nobody has it", zh: "无人占用" }
    same { en: "same", zh: "相同" }
    tuple_caption { en: "The 4-tuple wanted and the one found", zh: "想要的四元组与找到的四元组" }
    not_asked_bind { en: "Not asked: the port belongs to bind().", zh: "未检查：端口属于 bind()。" }
    not_asked_reserved { en: "Not asked: the port is reserved, and is passed over.", zh: "未检查：端口已预留，直接跳过。" }
    not_asked_free { en: "Not asked: nobody uses this port.", zh: "未检查：没有人使用这个端口。" }
    not_asked_yet { en: "Not asked yet.", zh: "尚未检查。" }
    check_idle { en: "Asked for every port that connect() chose before.", zh: "对每个曾由 connect() 选出的端口都会检查。" }
    is_timewait(ago, left) { en: "In TIME_WAIT: closed {ago} ago, {left} left", zh: "处于 TIME_WAIT：{ago}前关闭，还剩 {left}" }
    is_finwait2(ago, left) { en: "In FIN_WAIT2: closed {ago} ago, {left} left", zh: "处于 FIN_WAIT2：{ago}前关闭，还剩 {left}" }
    is_live(state) { en: "A live connection, {state}", zh: "活动连接，状态 {state}" }
    ask_stamp { en: "It carries a timestamp", zh: "它带有时间戳" }
    ask_stamp_yes { en: "the old connection used timestamps", zh: "旧连接用了时间戳" }
    ask_stamp_no { en: "timestamps were off, here or at the peer – the kernel stops asking here", zh: "本端或对端没有启用时间戳，内核到此为止" }
    ask_reuse { en: "`tcp_tw_reuse` is on", zh: "`tcp_tw_reuse` 已打开" }
    ask_reuse_yes(value) { en: "it is {value}", zh: "它的值是 {value}" }
    ask_reuse_no { en: "it is 0 – the kernel stops asking here", zh: "它的值是 0，内核到此为止" }
    ask_reuse_loopback { en: "it is 2, for loopback addresses only – the kernel stops asking here", zh: "它的值是 2，只用于环回地址，内核到此为止" }
    ask_closed { en: "It is in TIME_WAIT, not in FIN_WAIT2", zh: "它处于 TIME_WAIT，而不是 FIN_WAIT2" }
    ask_closed_yes { en: "both sides have closed", zh: "双方都已关闭" }
    ask_closed_no { en: "the peer hasn't closed – the kernel stops asking here", zh: "对端尚未关闭，内核到此为止" }
    ask_second { en: "The stamp is of an earlier second", zh: "时间戳属于更早的一秒" }
    ask_delay { en: "It has been there longer than `tcp_tw_reuse_delay`", zh: "停留时间超过 `tcp_tw_reuse_delay`" }
    ask_delay_is(time) { en: "for {time} so far", zh: "至今 {time}" }
    ask_delay_would_pass(time) { en: "not asked; {time} would pass", zh: "未检查；{time}本可通过" }
    ask_age { en: "The stamp is older than 1 s", zh: "时间戳距今超过 1 秒" }
    ask_age_is(age) { en: "it is {age} s old, in whole seconds of the clock", zh: "按时钟整秒计，距今 {age} 秒" }
    ask_not_asked { en: "not asked any more", zh: "不再检查" }
    ask_would_pass(age) { en: "not asked; {age} s would pass", zh: "未检查；{age} 秒本可通过" }
    ask_not_bound { en: "not asked of a socket with a port of its own", zh: "套接字自带端口，不作此检查" }
    accepted_bound(port) { en: "The socket keeps port {port}.", zh: "套接字保留端口 {port}。" }
    refused_bound { en: "Refused. No other port is tried.", zh: "拒绝。不会再试其他端口。" }
    refused_next(port) { en: "Refused. On to port {port}.", zh: "拒绝。转到端口 {port}。" }
    refused_last { en: "Refused. It was the last port.", zh: "拒绝。这是最后一个端口。" }
    accepted_take_over(port) { en: "Port {port} is taken over.", zh: "接管端口 {port}。" }
    accepted_share(port) { en: "Port {port} is shared.", zh: "共用端口 {port}。" }

    // ── transport and timeline ──────────────────────────────────
    this_step { en: "This step", zh: "当前步骤" }
    playback { en: "Playback", zh: "播放控制" }
    to_start { en: "To the start of this call", zh: "回到本次调用的开头" }
    step_back { en: "Step back", zh: "后退一步" }
    play { en: "Play", zh: "播放" }
    pause { en: "Pause", zh: "暂停" }
    step_forward { en: "Step forward", zh: "前进一步" }
    to_end { en: "To the end of this call", zh: "到本次调用的结尾" }
    speed { en: "Speed", zh: "速度" }
    speed_steps(count) { en: "{count} steps/s", zh: "{count} 步/秒" }
    speed_ports(count) { en: "{count} ports/s", zh: "{count} 端口/秒" }
    timeline { en: "Timeline", zh: "时间线" }
    call_number(number) { en: "Call {number}", zh: "第 {number} 次调用" }
    loaded_call { en: "Loaded", zh: "载入" }
    probe_of(i, count) { en: "probe {i} of {count}", zh: "探测 {i} / {count}" }
    probe_at_port(i, count, port) { en: "probe {i} of {count}, port {port}", zh: "探测 {i} / {count}，端口 {port}" }
    step_of(step, count) { en: "step {step} of {count} for this port", zh: "该端口的第 {step} 步，共 {count} 步" }
    step_of_call(step, count) { en: "step {step} of {count}", zh: "第 {step} 步，共 {count} 步" }
    step_before(step, count) { en: "step {step} of {count} before the first probe", zh: "首次探测之前的第 {step} 步，共 {count} 步" }
    step_after(step, count) { en: "step {step} of {count} after the last probe", zh: "最后一次探测之后的第 {step} 步，共 {count} 步" }
    as_before { en: "ports and clock as before the call", zh: "端口与时钟仍是调用之前的" }
    probes(count) { en: "{count} probes", zh: "{count} 次探测" }
    one_probe { en: "1 probe", zh: "1 次探测" }
    full_circle { en: "the walk has come full circle", zh: "已经绕了整整一圈" }
    position_in(call) { en: "Position in {call}", zh: "{call}中的位置" }
    jump_to_probe { en: "Jump to probe", zh: "跳到探测" }
    no_such_probe(count) { en: "This walk has the probes 1 to {count}.", zh: "这次查找的探测编号是 1 到 {count}。" }
    calls { en: "calls", zh: "调用" }
    next_error { en: "Next error", zh: "下一个错误" }
    calls_height { en: "height: probes, log", zh: "高度：探测次数（对数）" }
    call_mark(call, result, probes) { en: "{call}, {result}, {probes}", zh: "{call}，{result}，{probes}" }
    port_word(port) { en: "port {port}", zh: "端口 {port}" }
    error_word(errno) { en: "error {errno}", zh: "错误 {errno}" }
    limit_word { en: "a limit of the model", zh: "模型的限制" }

    // ── what the program sees ───────────────────────────────────
    program_sees { en: "What the program sees", zh: "程序看到的" }
    still_in_kernel { en: "not back yet – still in the kernel", zh: "尚未返回，还在内核中" }
    no_call_yet { en: "no call yet", zh: "还没有调用" }

    // ── long work ───────────────────────────────────────────────
    running(done, total) { en: "{done} of {total} connections", zh: "{done} / {total} 条连接" }
    running_calls(done) { en: "{done} calls", zh: "{done} 次调用" }
    running_name { en: "How far the run has come", zh: "运行进度" }
    running_begun(total) { en: "Running: at most {total} connections.", zh: "正在运行：最多 {total} 条连接。" }
    running_begun_calls { en: "Running.", zh: "正在运行。" }
    stop { en: "Stop", zh: "停止" }
    refused_acts(most) {
        en: "Nothing was done: this machine’s history has {most} acts, the most that the model keeps. “Start over” makes room.",
        zh: "未执行：这台机器的历史已有 {most} 个动作，达到模型的上限。点“重新开始”可腾出空间。"
    }
    refused_limits { en: "Nothing was done: that is beyond the limits of this model.", zh: "未执行：超出了本模型的限制。" }
    refused_boot { en: "Nothing was done: no machine boots with these values.", zh: "未执行：没有机器能用这些值启动。" }
}
