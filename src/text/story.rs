//! The story at `/`.

use super::texts;

texts! {
    title { en: "connect: Cannot assign requested address", zh: "connect: Cannot assign requested address" }
    page_title { en: "Cannot assign requested address – error 99", zh: "Cannot assign requested address：无法分配请求的地址 – error 99" }
    dek {
        en: "You requested no address. The kernel answered error 99 all the same. This is the search it made before it gave up.",
        zh: "你并没有请求任何地址，内核却返回了错误 99。下面就是它放弃之前所做的全部查找。",
    }
    kind { en: "An interactive explanation", zh: "交互式讲解" }
    kernel_version { en: "Linux 2.6.32", zh: "Linux 2.6.32" }
    hook_label { en: "A failing connect, and a knob that heals it", zh: "一次失败的 connect，以及让它成功的开关" }
    knob_hint { en: "Try it: flip this, the call runs again", zh: "试一试：拨动开关，调用会重新执行" }
    refused_all(looked, refused) {
        en: "{looked} ports looked at, {refused} refused.",
        zh: "查看了 {looked} 个端口，{refused} 个被拒绝。",
    }
    taken_over(port, probes, seconds) {
        en: "Local port {port}, at probe {probes}: in TIME_WAIT for {seconds} s, now taken over.",
        zh: "本地端口 {port}，第 {probes} 次探测：已在 TIME_WAIT 停留 {seconds} 秒，现被接管。",
    }
    live { en: "live", zh: "活动连接" }
    owned_by { en: "owned by", zh: "属于" }
    free { en: "free", zh: "空闲" }
    map_label(count, columns) {
        en: "All {count} local ports, one cell each, {columns} to a row",
        zh: "全部 {count} 个本地端口，每格一个，每行 {columns} 格",
    }
    first_refused(port) { en: "first probe: {port} is refused", zh: "第一次探测：{port} 被拒绝" }
    taken(port) { en: "{port} is taken over", zh: "{port} 被接管" }
    map_caption(address) { en: "every local port of {address}, in order", zh: "{address} 的全部本地端口，按顺序排列" }
    into_the_lab { en: "Open this machine in the lab", zh: "在实验室中打开这台机器" }
    lab_text {
        en: "Walk the range one port at a time, see which bucket and which connection refused each port, and change the machine until the very same call succeeds.",
        zh: "一个端口一个端口地走完整个范围，看清每个端口因哪个桶、哪条连接而被拒绝；然后改动机器，直到同一个调用成功。",
    }
    to_scenarios { en: "Other machines that fail, and some that surprise", zh: "其他会失败的机器，以及一些出人意料的机器" }
    minutes(count) { en: "{count} minutes", zh: "约 {count} 分钟" }
    chapters { en: "Chapters", zh: "章节" }
    chapter(number) { en: "Chapter {number}", zh: "第 {number} 章" }
    hurry_hint { en: "Error 99 in your log, and no time to read? What to look at, and what to type.", zh: "日志里出现了错误 99，没有时间细读？先看什么，再输入什么。" }
    copy { en: "Copy", zh: "复制" }
    copied { en: "Copied", zh: "已复制" }
    selected { en: "Selected: Ctrl+C or ⌘C copies it", zh: "已选中，按 Ctrl+C 或 ⌘C 复制" }
    predict { en: "Predict, then see", zh: "先猜，再看" }
    right { en: "this is what happens", zh: "结果正是如此" }
    wrong { en: "this is not what happens", zh: "结果并非如此" }
    about_title { en: "About – error 99", zh: "关于 – error 99" }
    about_description {
        en: "Where error 99 comes from: its sources, with thanks; what is modelled of Linux, and what isn't; its licence; how to report a mistake.",
        zh: "error 99 的来历：资料来源与致谢；模拟了 Linux 的哪些部分，哪些没有；许可证；如何报告错误。",
    }
}
