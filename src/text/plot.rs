//! The pictures of the story that are about load, time and remedies.

use super::texts;

texts! {
    // ── ports-over-time ─────────────────────────────────────────
    rate { en: "Connections a second", zh: "每秒连接数" }
    lowest_port { en: "Lowest port", zh: "最低端口" }
    highest_port { en: "Highest port", zh: "最高端口" }
    range_presets { en: "Ranges to choose from", zh: "可选范围" }
    number_empty(max) {
        en: "Type a whole number from 1 to {max}.",
        zh: "请填 1 到 {max} 之间的整数。",
    }
    number_wrong(text, max) {
        en: "“{text}” won’t do: type a whole number from 1 to {max}. The plot stays as it is.",
        zh: "“{text}”不行：请填 1 到 {max} 之间的整数。图保持不变。",
    }
    rate_too_fast(max) {
        en: "The picture ends at {max} a second: that fills even the widest range within 33 s.",
        zh: "本图最多每秒 {max} 条：这样的速率 33 秒内就能占满最宽的范围。",
    }
    range_half_taken(low, high) {
        en: "Of “{low} {high}” the kernel would take {low} and silently drop {high}: no port is above 65535.",
        zh: "写入“{low} {high}”时，内核只接受 {low}，却悄悄丢弃了 {high}：端口号最大为 65535。",
    }
    range_reversed(low, high) {
        en: "The kernel refuses this with EINVAL: {low} is above {high}.",
        zh: "内核以 EINVAL 拒绝：{low} 大于 {high}。",
    }
    first_error { en: "First error 99", zh: "首次错误 99" }
    after_seconds(seconds) { en: "after {seconds} s", zh: "{seconds} 秒后" }
    no_error { en: "none in 300 s", zh: "300 秒内没有" }
    carries { en: "Carries, by trial", zh: "模型跑出的上限" }
    a_second(rate) { en: "{rate} a second", zh: "每秒 {rate} 条" }
    a_second_or_more(rate) { en: "{rate} a second and more", zh: "每秒至少 {rate} 条" }
    not_even_one { en: "not even 1 a second", zh: "每秒 1 条都不行" }
    by_formula { en: "By the formula", zh: "公式算出的上限" }
    formula(ports, rate) { en: "{ports} ÷ 60 = {rate}", zh: "{ports} ÷ 60 = {rate}" }
    whole_range(ports) { en: "the whole range: {ports}", zh: "整个范围：{ports}" }
    seconds(seconds) { en: "{seconds} s", zh: "{seconds} 秒" }
    in_timewait { en: "ports in TIME_WAIT", zh: "处于 TIME_WAIT 的端口" }
    at_rate(rate) { en: "the same at {rate} a second", zh: "每秒 {rate} 条时" }
    failing { en: "error 99", zh: "错误 99" }
    load_fails(rate, refused, all) {
        en: "At {rate} a second every port is taken, and {refused} of {all} calls get error 99. TIME_WAITs end a slot of the calendar at a time, so the failures come in waves.",
        zh: "每秒 {rate} 条时，所有端口都被占用，{all} 次调用中有 {refused} 次得到错误 99。TIME_WAIT 按日历的槽成批结束，所以失败一阵一阵地出现。",
    }
    load_holds(rate, most, ports) {
        en: "At {rate} a second at most {most} of {ports} ports are taken at once: no call fails in five minutes.",
        zh: "每秒 {rate} 条时，同时被占用的端口最多 {most} 个（共 {ports} 个）：五分钟内没有一次失败。",
    }
    load_reuses(rate, ports) {
        en: "At {rate} a second all {ports} ports are in TIME_WAIT, and yet no call fails: each takes over a port whose last timestamp is more than a second old.",
        zh: "每秒 {rate} 条时，全部 {ports} 个端口都处于 TIME_WAIT，却没有一次失败：每次调用都接管一个最后的时间戳距今已超过 1 秒的端口。",
    }

    // ── the-whole-range ─────────────────────────────────────────
    probe { en: "Probe", zh: "第几次探测" }
    probe_of(i, probes, port) {
        en: "probe {i} of {probes}, port {port}",
        zh: "第 {i} 次探测（共 {probes} 次），端口 {port}",
    }
    to_the_end { en: "To the end", zh: "走到最后" }
    walk_image(probes) {
        en: "The walk from left to right, {probes} probes: nearly all ports in TIME_WAIT, some live, a few bound",
        zh: "从左到右的整个查找过程，共 {probes} 次探测：绝大多数端口处于 TIME_WAIT，少数是活动连接，极少数由 bind() 占用",
    }
    reasons { en: "Ports by reason of refusal", zh: "按拒绝原因统计的端口" }
    refused_timewait { en: "in TIME_WAIT to this server", zh: "到该服务器的 TIME_WAIT" }
    refused_live { en: "live connection to this server", zh: "到该服务器的活动连接" }
    refused_bind { en: "owned by bind()", zh: "由 bind() 占用" }
    not_looked_at { en: "not looked at yet", zh: "尚未查看" }
    because_timewait {
        en: "the same four numbers are in TIME_WAIT, and tcp_tw_reuse is 0",
        zh: "相同的四元组处于 TIME_WAIT，而 tcp_tw_reuse 为 0",
    }
    because_live {
        en: "a live connection has the same four numbers",
        zh: "有活动连接正在使用相同的四元组",
    }
    because_bind { en: "bind() has made its entry", zh: "它的表项由 bind() 建立" }
    one_refused(i, port, why) {
        en: "Probe {i} looks at port {port} and refuses it: {why}. On to the next port.",
        zh: "第 {i} 次探测看的是端口 {port}，予以拒绝：{why}。接着看下一个端口。",
    }
    all_refused(probes) {
        en: "All {probes} ports were looked at, and each was refused. No port is left: error 99.",
        zh: "{probes} 个端口全部看过，全部被拒绝。没有端口可用：错误 99。",
    }

    // ── calendar ────────────────────────────────────────────────
    load { en: "Connections that close", zh: "关闭的连接" }
    alone { en: "a lone one", zh: "仅此一条" }
    closes { en: "The connection closes", zh: "连接关闭的时刻" }
    closes_after(seconds) {
        en: "The connection closes {seconds} s after the hand’s last turn",
        zh: "指针上次前进 {seconds} 秒后，连接关闭",
    }
    slots { en: "The eight slots of the calendar, and how many TIME_WAITs each holds", zh: "日历的八个槽，以及各槽中 TIME_WAIT 的个数" }
    slot(slot) { en: "slot {slot}", zh: "槽 {slot}" }
    hand { en: "hand", zh: "指针" }
    this_one { en: "this one", zh: "这一条" }
    lasts(seconds) { en: "This TIME_WAIT lasts {seconds} s", zh: "这个 TIME_WAIT 持续 {seconds} 秒" }
    turn_moved { en: "the hand empties a slot and goes on", zh: "指针清空一个槽并前进" }
    turn_stayed { en: "it empties a slot and stays", zh: "清空一个槽，却停在原处" }
    calendar_alone(slot, lasts) {
        en: "It’s the only one, so the hand starts with it. It waits in slot {slot}, and the eighth turn of 7.5 s empties that: after {lasts} s.",
        zh: "只有这一条，所以指针随它启动。它在槽 {slot} 里等待；指针每 7.5 秒转动一次，第八次清空该槽：共 {lasts} 秒。",
    }
    calendar_fine(slot, hand, lasts) {
        en: "The hand stands at slot {hand}, and the connection goes seven slots ahead, into slot {slot}. The hand’s next turn is at most 7.5 s away, seven more follow, and it has lasted {lasts} s.",
        zh: "指针在槽 {hand}，连接被放到前面第七个槽，即槽 {slot}。距下一次转动至多 7.5 秒，之后还有七次，共持续 {lasts} 秒。",
    }
    calendar_slips(stayed, turns, lasts) {
        en: "Every slot has more than 100 entries. The hand empties it, but moves on only with the next turn: {stayed} of {turns} turns leave it where it is, and this one lasts {lasts} s.",
        zh: "每个槽都超过 100 条。指针清空槽之后，要到下一次转动才前进：{turns} 次转动中有 {stayed} 次没有前进，这一条因此持续 {lasts} 秒。",
    }
}
