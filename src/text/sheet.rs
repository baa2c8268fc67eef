//! The sheets that lie over the laboratory: keys, table of ports, shell, branches, every kernel.

use super::texts;

texts! {
    close_sheet { en: "Close this sheet", zh: "关闭此面板" }
    copy { en: "Copy", zh: "复制" }
    copied { en: "Copied", zh: "已复制" }
    selected { en: "Selected: Ctrl+C or ⌘C copies it", zh: "已选中，按 Ctrl+C 或 ⌘C 复制" }
    show_more(count) { en: "Show {count} more", zh: "再显示 {count} 项" }

    // ── what is loaded when it is asked for ─────────────────────
    part_comes { en: "Loading …", zh: "正在加载……" }
    part_missed {
        en: "This part of the page could not be loaded. It is asked for again when you open a sheet or a call fails.",
        zh: "页面的这一部分未能加载。再次打开面板，或下一次调用失败时，会重新加载。",
    }

    // ── every kernel ────────────────────────────────────────────
    every_kernel { en: "Every kernel at once", zh: "同时看所有内核" }
    every_lead {
        en: "The same host boots with each kernel. **This call**: the same calls up to the moment shown. The rest begins on a fresh machine with the knobs as they stand.",
        zh: "同一台主机分别用每个内核启动。**这次调用**：重做同样的调用，直到所示时刻。其余各列从一台全新的机器开始，只沿用当前的参数。",
    }
    every_call(call) { en: "This call is {call}.", zh: "这次调用是 {call}。" }
    every_no_call { en: "No port has been asked for yet.", zh: "还没有请求过端口。" }
    every_busy { en: "Being computed, one row after another; the highest rates come last and take longest.", zh: "正在逐行计算；最高速率最后得出，也最费时。" }
    every_done { en: "All rows are known.", zh: "各行均已得出。" }
    col_kernel { en: "Kernel", zh: "内核" }
    col_call { en: "This call", zh: "这次调用" }
    col_probes { en: "Probes", zh: "探测次数" }
    col_load(rate) { en: "The load, {rate}/s", zh: "每秒 {rate} 条的负载" }
    col_lives { en: "TIME_WAIT lasts", zh: "TIME_WAIT 时长" }
    col_rate { en: "Highest rate that holds for 300\u{a0}s", zh: "撑得住 300 秒的最高速率" }
    col_choose { en: "Choose", zh: "选择" }
    choose { en: "Choose", zh: "选用" }
    choose_kernel(kernel) { en: "Choose {kernel}", zh: "选用 {kernel}" }
    this_machine { en: "this machine", zh: "这台机器" }
    not_there { en: "–", zh: "–" }
    lives(first, last) { en: "{first} to {last}\u{a0}s", zh: "{first} 至 {last} 秒" }
    rate(rate) { en: "{rate}/s", zh: "每秒 {rate} 条" }
    rate_none { en: "under 1/s", zh: "每秒不到 1 条" }
    rate_or_more(rate) { en: "{rate}/s or more", zh: "每秒 {rate} 条或更多" }
    rate_between(holds, fails) {
        en: "{holds}/s holds, {fails}/s fails",
        zh: "每秒 {holds} 条撑得住，{fails} 条撑不住",
    }

    // ── keys ────────────────────────────────────────────────────
    keys { en: "Keys", zh: "快捷键" }
    keys_lead {
        en: "They act while the focus is in the lab, and nowhere else.",
        zh: "仅当焦点在实验室内时才起作用。",
    }
    keys_on { en: "Single keys act", zh: "启用单键操作" }
    key_play { en: "play or pause", zh: "播放或暂停" }
    key_step { en: "step back, step forward", zh: "后退一步，前进一步" }
    key_probe { en: "one port back, one port forward", zh: "后退一个端口，前进一个端口" }
    key_ends { en: "to the start, to the end of this call", zh: "到本次调用的开头，到结尾" }
    key_call { en: "call before, next call", zh: "上一次调用，下一次调用" }
    key_error { en: "error before, next error", zh: "上一个错误，下一个错误" }
    key_speed { en: "speed", zh: "速度" }
    key_help { en: "this list", zh: "显示此列表" }
    key_map {
        en: "on the page of ports: look at single ports; Enter runs until that port",
        zh: "在端口图上：逐个查看端口；按 Enter 运行到该端口",
    }

    // ── the page of ports as a table ────────────────────────────
    table { en: "Ports as a table", zh: "端口表" }
    read_as_table { en: "Read as a table", zh: "以表格阅读" }
    table_lead(dst) {
        en: "Runs of neighbouring ports in the same state, towards {dst}.",
        zh: "状态相同的相邻端口合为一行，目的地为 {dst}。",
    }
    col_from { en: "From", zh: "起" }
    col_to { en: "To", zh: "止" }
    col_count { en: "Ports", zh: "端口数" }
    col_state { en: "State", zh: "状态" }
    col_left { en: "Time left", zh: "剩余时间" }
    filter { en: "Show", zh: "显示" }
    every_state { en: "every state", zh: "全部状态" }
    left_between(first, last) { en: "{first} to {last}", zh: "{first}至{last}" }
    no_runs { en: "No port of the range is in this state.", zh: "范围内没有处于该状态的端口。" }
    run_until(port) { en: "Run until port {port}", zh: "运行到端口 {port}" }

    // ── the shell ───────────────────────────────────────────────
    shell { en: "Shell of this machine", zh: "这台机器的终端" }
    open_shell { en: "strace, ss, /proc", zh: "strace、ss、/proc" }
    shell_lead {
        en: "What the tools would print on this machine, at the moment shown.",
        zh: "在所示时刻，这些工具在这台机器上会打印的内容。",
    }
    which_tool { en: "Tool", zh: "工具" }
    nothing_traced { en: "The program has made no call yet.", zh: "程序还没有进行任何调用。" }
    left_out(count) {
        en: "{count} more sockets are left out here; Copy takes them all.",
        zh: "此处省略了另外 {count} 个套接字；复制时会全部包含。",
    }

    // ── branches ────────────────────────────────────────────────
    branches { en: "Branches", zh: "分支" }
    open_branches(count) { en: "{count} branches", zh: "{count} 个分支" }
    branches_lead {
        en: "Going back and doing something else keeps the old future. Return to it, or compare.",
        zh: "回到过去另作选择时，原来的未来会保留下来。可以返回，也可以比较。",
    }
    col_branch { en: "Branch", zh: "分支" }
    col_begins { en: "Begins with", zh: "起始操作" }
    col_act { en: "Look at", zh: "查看" }
    branches_listed(first, last, total) {
        en: "{first} to {last} of {total} branches.",
        zh: "共 {total} 个分支，这里是第 {first} 到第 {last} 个。",
    }
    branches_before { en: "Those before", zh: "前面的" }
    branches_after { en: "Those after", zh: "后面的" }
    branch_first { en: "the beginning", zh: "最初" }
    branch_shown { en: "shown", zh: "当前显示" }
    branch_show(name) { en: "Return to branch {name}", zh: "返回分支 {name}" }
    branch_compare(name) { en: "Compare with branch {name}", zh: "与分支 {name} 比较" }
    show { en: "Return", zh: "返回" }
    compare { en: "Compare", zh: "比较" }
    compare_title(a, b) { en: "Branch {a} beside branch {b}", zh: "分支 {a} 与分支 {b}" }
    in_common(count) { en: "The first {count} calls are the same.", zh: "前 {count} 次调用相同。" }
    row_first { en: "then first", zh: "随后第一步" }
    row_last { en: "last connect()", zh: "最后一次 connect()" }
    row_calls { en: "calls since", zh: "此后的调用数" }
    row_connects { en: "connects, of them error 99", zh: "连接次数，其中错误 99" }
    row_clock { en: "clock at the end", zh: "结束时的时钟" }
    row_ports { en: "ports at the end", zh: "结束时的端口" }
    connects(count, failed) { en: "{count}, {failed}", zh: "{count}，{failed}" }
    ports(timewait, live, free) {
        en: "{timewait} TIME_WAIT, {live} live, {free} free",
        zh: "TIME_WAIT {timewait}，活动 {live}，空闲 {free}",
    }
    nothing_more { en: "nothing more", zh: "没有更多调用" }
    comparing { en: "Both are being run…", zh: "正在运行两个分支……" }
    act_load(count, rate) { en: "{count} connections, {rate}/s", zh: "{count} 条连接，每秒 {rate} 条" }
    act_burst(count) { en: "connect() × {count}", zh: "connect() × {count}" }
    act_bind(count) { en: "bind() × {count}", zh: "bind() × {count}" }
}
