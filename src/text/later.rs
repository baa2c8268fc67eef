//! The pictures of the story that are about later kernels. Written into the page only.

use super::texts;

texts! {
    // ── since: the order ────────────────────────────────────────
    walk_turns {
        en: "One walk that finds nothing: when it looks at each port",
        zh: "一次什么也没找到的查找：每个端口第几个被看到",
    }
    odd_turns {
        en: "The same walk, one port less: an odd number",
        zh: "同样的查找，少一个端口：端口数为奇数",
    }
    handed_turns {
        en: "Sixteen connects to one server: which of them gets each port",
        zh: "向同一台服务器连接十六次：每个端口归第几次",
    }
    turns_image(what, ports) { en: "{what}. In order: {ports}", zh: "{what}。依次为：{ports}" }
    turns_never(ports) { en: "; never: {ports}", zh: "；始终不看：{ports}" }
    first_pass { en: "first pass", zh: "第一轮" }
    second_pass { en: "second pass", zh: "第二轮" }
    never { en: "never looked at", zh: "始终不看" }
    port_after_port {
        en: "One pass, port after port. The next walk goes on behind the port that was found.",
        zh: "只走一轮，一个端口接一个端口。下一次查找从上次找到的端口之后继续。",
    }
    every_second_handed_out {
        en: "One pass, port after port, from an even place in the range. The next walk begins at an even place too, so every second port is handed out first.",
        zh: "只走一轮，一个端口接一个端口，起点总在范围内的偶数位置。下一次查找也从偶数位置开始，所以先分配出去的是隔一个取一个的端口。",
    }
    two_passes {
        en: "Two passes: every second port, then those between. With an odd number of ports, each walk leaves one out. The next walk begins two ports further.",
        zh: "分两轮：先隔一个看一个，再看中间的。端口数为奇数时，每次查找都漏掉一个。下一次查找的起点往后两个端口。",
    }
    two_passes_at_random {
        en: "Two passes: every second port, then those between. With an odd number of ports, each walk leaves one out. The next walk begins 2 to 16 ports further, at random, so the order can’t be foreseen.",
        zh: "分两轮：先隔一个看一个，再看中间的。端口数为奇数时，每次查找都漏掉一个。下一次查找的起点随机往后 2 到 16 个端口，顺序因此无法预料。",
    }
    way_costs(first, second, failing) {
        en: "While the default range fills, a connect makes {first} in its first half and {second} in its second; the call that fails makes {failing}.",
        zh: "默认范围逐渐用满时，一次 connect 在前一半探测 {first}，在后一半探测 {second}；失败的那次探测 {failing} 次。",
    }
    way_said(manner, costs) { en: "{manner} {costs}", zh: "{manner}{costs}" }
    one_probe { en: "1 probe", zh: "1 次" }
    probes(probes) { en: "{probes} probes", zh: "{probes} 次" }
    probes_between(least, most) { en: "{least} to {most} probes", zh: "{least} 到 {most} 次" }

    // ── since: the cost ─────────────────────────────────────────
    modelled { en: "Probes of a connect, by the model", zh: "一次 connect 的探测次数（模型）" }
    measured { en: "Time of a connect on 6.18, measured", zh: "在 6.18 上一次 connect 的耗时（实测）" }
    modelled_image {
        en: "Probes of a connect while the default range fills, for each kernel: one or two all the way on 2.6.32, 3.10 and RHEL 7; some fourteen thousand from half of the range on since 4.19",
        zh: "默认范围逐渐用满时，各内核一次 connect 的探测次数：2.6.32、3.10 和 RHEL 7 始终只有一两次，4.19 起，用到一半之后约一万四千次",
    }
    on_6_18 { en: "On 6.18, the port is chosen", zh: "在 6.18 上，端口的选择方式" }
    cost_note {
        en: "Both clients keep all their connections, to one server, until a call fails. Each step is the median of a twentieth of the range.",
        zh: "两边的客户端都只连一台服务器，连接一直不关，直到有一次失败。每一级是范围二十分之一内的中位数。",
    }

    // ── ports-over-time ─────────────────────────────────────────
    live_kernel { en: "any rate, any range", zh: "速率和范围随意填" }
    from_to(first, last) { en: "{first} to {last}", zh: "{first} 到 {last}" }
    hz(hz) { en: "HZ {hz}", zh: "HZ {hz}" }
    kernel_note(grep) {
        en: "These kernels were run when this page was made, on their default range, at four rates. HZ is how often a kernel’s clock ticks in a second; distributions choose it ({grep} tells). RHEL 7 is put together from its sources, as 7.9 has them.",
        zh: "这些内核的结果是制作本页时算好的：默认端口范围，四种速率。HZ 是内核时钟每秒的节拍数，由发行版选定（用 {grep} 查看）。RHEL 7 根据 7.9 的源码拼合而成。",
    }
    lasts(rate) { en: "A TIME_WAIT lasts, at {rate} a second", zh: "TIME_WAIT 持续（每秒 {rate} 条时）" }
    lasts_between(least, most) { en: "{least} to {most} s", zh: "{least} 到 {most} 秒" }
    fails_on_kernel(rate, refused, all, every) {
        en: "At {rate} a second every port is taken, and {refused} of {all} calls get error 99. Many TIME_WAITs end together, every {every} s, so the failures come in waves.",
        zh: "每秒 {rate} 条时，所有端口都被占用，{all} 次调用中有 {refused} 次得到错误 99。TIME_WAIT 每 {every} 秒成批结束，所以失败一阵一阵地出现。",
    }
}
