//! What the program of the sheet "Files" says: what is wrong with a file, why there is no script,
//! and the words of the picture. The sheet's own words are in [`super::notice`].

use super::texts;

texts! {
    // ── the state that is written ───────────────────────────────
    state_too_long {
        en: "This history is longer than the page can hand on. “Start over” makes it short again.",
        zh: "操作记录太长，本页无法传递。点“重新开始”之后即可再次导出。",
    }
    no_call {
        en: "No call has been made yet, so there is no trace. Step into one, or make one, first.",
        zh: "还没有进行任何调用，因此没有跟踪记录。请先单步进入一次调用，或发起一次调用。",
    }

    // ── the picture ─────────────────────────────────────────────
    picture_title(low, high, dst, release) {
        en: "Ports {low} to {high} towards {dst}, Linux {release}",
        zh: "端口 {low} 至 {high}，目的地 {dst}，Linux {release}",
    }
    picture_of(low, high, dst, states) {
        en: "A page of ports, one cell for each from {low} to {high}, towards {dst}: {states}.",
        zh: "端口图，从 {low} 到 {high} 每个端口一格，目的地 {dst}：{states}。",
    }
    timewait(count) { en: "{count} TIME_WAIT", zh: "TIME_WAIT {count}" }
    live(count) { en: "{count} live", zh: "活动 {count}" }
    shared(count) { en: "{count} shared", zh: "可共用 {count}" }
    bind(count) { en: "{count} bind()", zh: "bind() {count}" }
    free(count) { en: "{count} free", zh: "空闲 {count}" }
    under_way { en: "still in the kernel", zh: "仍在内核中" }

    // ── why there is no script ──────────────────────────────────
    script_steps(most) {
        en: "There is no script for this: a script does at most {most} acts, and this branch has more.",
        zh: "无法生成脚本：脚本最多执行 {most} 个操作，而这个分支更多。",
    }
    script_work {
        en: "There is no script for this: to predict what it does, the model would have to run for too long.",
        zh: "无法生成脚本：要预测结果，模型需要运行太久。",
    }
    script_servers(most) {
        en: "There is no script for this: it would need more than {most} destinations.",
        zh: "无法生成脚本：需要的目的地超过 {most} 个。",
    }
    script_source {
        en: "There is no script for this: the source address isn't one of this machine's own, and a real Linux wouldn't send from it.",
        zh: "无法生成脚本：源地址不是这台机器自己的地址，真实的 Linux 不会用它发送。",
    }
    script_machine {
        en: "There is no script for this: the machine can't be booted.",
        zh: "无法生成脚本：这台机器无法启动。",
    }

    // ── what is wrong with a file ───────────────────────────────
    left_out(keys) {
        en: "Opened. What means nothing here was left out of it: {keys}",
        zh: "已打开。文件中有些内容在这里没有意义，未采用：{keys}",
    }
    torn_link {
        en: "This link is damaged: a part of it is missing or has changed. Copy it once more.",
        zh: "这个链接已损坏：缺少一部分，或者有改动。请重新复制。",
    }
    nothing { en: "There is nothing to open yet.", zh: "还没有可以打开的内容。" }
    too_long(most) {
        en: "The file is longer than {most} bytes. No scenario is.",
        zh: "文件超过 {most} 字节，场景文件不会这么长。",
    }
    too_deep {
        en: "The file isn't a scenario: its values are nested too deeply.",
        zh: "这不是场景文件：嵌套层次过深。",
    }
    too_large {
        en: "The file isn't a scenario: one of its values has too many parts.",
        zh: "这不是场景文件：其中一个值的组成部分过多。",
    }
    syntax(line, column) {
        en: "The file isn't the JSON of a scenario: line {line}, column {column}.",
        zh: "这不是场景的 JSON：第 {line} 行，第 {column} 列有误。",
    }
    outside(place, wrong) { en: "In the file, {place} {wrong}.", zh: "文件中的 {place} {wrong}。" }
    in_act(number, wrong) { en: "Act {number} of the file {wrong}.", zh: "文件中的第 {number} 个操作{wrong}。" }
    in_act_at(number, place, wrong) {
        en: "In act {number} of the file, {place} {wrong}.",
        zh: "文件的第 {number} 个操作中，{place} {wrong}。",
    }
    too_many_acts(most) {
        en: "The file has more than {most} acts.",
        zh: "文件中的操作超过 {most} 个。",
    }
    act_place(number) {
        en: "Act {number} of the file follows one that doesn't stand before it.",
        zh: "文件中的第 {number} 个操作所跟随的操作不在它之前。",
    }
    act_limits(number) {
        en: "Act {number} of the file asks for more than the model does.",
        zh: "文件中的第 {number} 个操作超出了模型的限制。",
    }
    tip {
        en: "The branch that the file shows (tip) isn't one of its acts.",
        zh: "文件所指的分支（tip）不在它的操作之中。",
    }
    link_too_long(most) {
        en: "The file is right, but has too many different acts: as a link it would be longer than {most} characters, and the lab opens no more.",
        zh: "文件无误，但不同的操作太多：写成链接会超过 {most} 个字符，实验室无法打开。",
    }

    // ── what a place isn't ──────────────────────────────────────
    missing { en: "is missing", zh: "缺失" }
    unknown { en: "isn't known here", zh: "不是已知的字段" }
    object { en: "must be an object", zh: "必须是对象" }
    list { en: "must be a list", zh: "必须是列表" }
    text(most) { en: "must be a text of at most {most} bytes", zh: "必须是不超过 {most} 字节的文本" }
    number(least, most) {
        en: "must be a whole number from {least} to {most}",
        zh: "必须是 {least} 到 {most} 之间的整数",
    }
    address {
        en: "must be an address such as 10.0.0.2",
        zh: "必须是形如 10.0.0.2 的地址",
    }
    words(count) { en: "must be a list of {count} numbers", zh: "必须是由 {count} 个数字组成的列表" }
    addresses(most) { en: "must be a list of at most {most} addresses", zh: "必须是不超过 {most} 个地址的列表" }
    texts(most) { en: "must be a list of at most {most} texts", zh: "必须是不超过 {most} 个文本的列表" }
    entries(most) { en: "has more than {most} entries", zh: "的条目超过 {most} 个" }
    one_or_two { en: "must be one number or two", zh: "必须是一个或两个数字" }
    two_ports { en: "must be two ports", zh: "必须是两个端口" }
    close { en: "must be active, finwait2, passive, rst or plain", zh: "必须是 active、finwait2、passive、rst 或 plain" }
    sysctl { en: "isn't a sysctl of the model", zh: "不是模型中的 sysctl" }
    errno { en: "isn't an error number of the model", zh: "不是模型中的错误号" }
    call(op) { en: "names no call of the model: {op}", zh: "不是模型中的调用：{op}" }
    name_length(most) { en: "is a socket name of more than {most} bytes", zh: "作为套接字名称超过 {most} 字节" }
    names(most) { en: "is one socket name more than {most}", zh: "使套接字名称超过 {most} 个" }
    name { en: "must be a socket name such as s0", zh: "必须是形如 s0 的套接字名称" }
    kernel { en: "names no release of Linux that the model knows", zh: "不是模型已知的 Linux 版本" }
    release { en: "is of a release of Linux whose rules this page doesn't have", zh: "使用的 Linux 版本，其规则不在本页之中" }
    word64 {
        en: "must be a whole number from 0 to 18446744073709551615, or that as a text",
        zh: "必须是 0 到 18446744073709551615 之间的整数，或写成文本的这样一个数",
    }
    machine(wrong) { en: "can't be booted ({wrong})", zh: "无法启动（{wrong}）" }
}
