//! The kernels to choose from: who ships them, and what their numbers don't say.

use error99_kernel::Release;

use super::texts;
use crate::lang::Lang;

texts! {
    kernel { en: "Kernel", zh: "内核" }
    open_every { en: "Every kernel at once", zh: "同时看所有内核" }
    compare { en: "Compare with another kernel", zh: "与另一个内核比较" }
    which_rules { en: "Which rules has my kernel?", zh: "我的内核用哪套规则？" }
    hz_note { en: "ticks a second", zh: "每秒节拍数" }

    systems_2_6_32 { en: "RHEL 6", zh: "RHEL 6" }
    about_2_6_32 {
        en: "As released in 2009. RHEL 6 adds changes of its own.",
        zh: "2009 年发布时的样子。RHEL 6 另有自己的改动。",
    }
    systems_3_10 { en: "kernel.org", zh: "kernel.org" }
    about_3_10 {
        en: "As kernel.org has it. CentOS and RHEL 7 bear this number, but walk like 4.2.",
        zh: "以 kernel.org 的版本为准。CentOS 与 RHEL 7 虽然也叫 3.10，查找端口的方式却与 4.2 相同。",
    }
    systems_4_19 { en: "RHEL 8, Debian 10", zh: "RHEL 8、Debian 10" }
    about_4_19 {
        en: "As in early 4.19. RHEL 8 is a 4.18 with changes of its own.",
        zh: "早期 4.19 的样子。RHEL 8 是带有自己改动的 4.18。",
    }
    by_reading {
        en: "Put together from rules that were read: no trace of the genuine code judges it.",
        zh: "由阅读源码得出的规则拼合而成，没有真实内核的记录可供验证。",
    }
    systems_rhel7 { en: "CentOS 7", zh: "CentOS 7" }
    about_rhel7 {
        en: "Its number is 3.10, but it walks like 4.2. As in 7.9.",
        zh: "版本号是 3.10，查找端口的方式却与 4.2 相同。以 7.9 为准。",
    }
    systems_4_19_late { en: "late Debian 10", zh: "后期的 Debian 10" }
    about_4_19_late {
        en: "As 4.19 ended: it walks like 5.15.",
        zh: "4.19 末期的样子：查找端口的方式与 5.15 相同。",
    }
    systems_5_4 { en: "Ubuntu 20.04", zh: "Ubuntu 20.04" }
    about_5_4 { en: "With all that its stable series took over.", zh: "包含稳定版陆续引入的全部改动。" }
    systems_5_10 { en: "Debian 11", zh: "Debian 11" }
    about_5_10 { en: "With all that its stable series took over.", zh: "包含稳定版陆续引入的全部改动。" }
    systems_6_6 { en: "long-term of 2023", zh: "2023 年的长期支持版" }
    about_6_6 { en: "With what came back to it up to 2024.", zh: "包含截至 2024 年移植回来的改动。" }
    systems_6_8 { en: "Ubuntu 24.04", zh: "Ubuntu 24.04" }
    about_6_8 { en: "As kernel.org has it; Ubuntu adds changes of its own.", zh: "以 kernel.org 的版本为准；Ubuntu 另有自己的改动。" }
    systems_5_15 { en: "Ubuntu 22.04", zh: "Ubuntu 22.04" }
    about_5_15 {
        en: "With the changes against tracking that stable 5.15 took over in 2022.",
        zh: "包含 5.15 稳定版在 2022 年引入的防跟踪改动。",
    }
    systems_6_1 { en: "Debian 12", zh: "Debian 12" }
    about_6_1 {
        en: "As in Debian 12, with `IP_LOCAL_PORT_RANGE` carried back from 6.3.",
        zh: "Debian 12 的版本，其中 `IP_LOCAL_PORT_RANGE` 由 6.3 移植而来。",
    }
    systems_6_12 { en: "Debian 13, RHEL 10", zh: "Debian 13、RHEL 10" }
    about_6_12 { en: "As in Debian 13.", zh: "Debian 13 的版本。" }
    systems_6_18 { en: "long-term", zh: "长期支持版" }
    about_6_18 { en: "The newest long-term release.", zh: "最新的长期支持版本。" }

    lacking { en: "Not in this kernel", zh: "这个内核没有的" }
    since(name, version) { en: "`{name}`: since {version}", zh: "`{name}`：{version} 起" }
    until(name, version) { en: "`{name}`: until {version}", zh: "`{name}`：到 {version} 为止" }

    again_under_way { en: "The same calls are compared …", zh: "正在比较同样的调用……" }
    again_same(now, before) {
        en: "The same calls were made again on {now}: all of them went as on {before}.",
        zh: "在 {now} 上重做了同样的调用：全部与 {before} 上的结果相同。",
    }
    again_first(now, call, before, was, is) {
        en: "The same calls were made again on {now}. Call **{call}** is the first that went otherwise: {was} on {before}, {is} here.",
        zh: "在 {now} 上重做了同样的调用。第 **{call}** 次调用最先不同：在 {before} 上 {was}，在这里 {is}。",
    }
}

/// A release and the systems that ship it.
pub fn line(lang: Lang, release: Release) -> String {
    format!("{} · {}", release.title(), systems(lang, release))
}

/// The systems that ship a release.
pub fn systems(lang: Lang, release: Release) -> &'static str {
    match release {
        Release::V2_6_32 => systems_2_6_32(lang),
        Release::V3_10 => systems_3_10(lang),
        Release::Rhel7 => systems_rhel7(lang),
        Release::V4_19 => systems_4_19(lang),
        Release::V4_19Late => systems_4_19_late(lang),
        Release::V5_4 => systems_5_4(lang),
        Release::V5_10 => systems_5_10(lang),
        Release::V5_15 => systems_5_15(lang),
        Release::V6_1 => systems_6_1(lang),
        Release::V6_6 => systems_6_6(lang),
        Release::V6_8 => systems_6_8(lang),
        Release::V6_12 => systems_6_12(lang),
        Release::V6_18 => systems_6_18(lang),
    }
}
