//! What every page has: the top bar, the footer, the page that isn't there.

use super::texts;
use crate::lang::Lang;
use crate::links::Page;

texts! {
    brand { en: "error 99", zh: "error 99" }
    kernel { en: "Linux 2.6.32", zh: "Linux 2.6.32" }
    kernels { en: "Linux 2.6.32 to 6.18", zh: "Linux 2.6.32 至 6.18" }
    skip_to_content { en: "Skip to the content", zh: "跳到正文" }
    main_navigation { en: "Main", zh: "主导航" }
    story { en: "Story", zh: "讲解" }
    compare { en: "Compare", zh: "比较" }
    lab { en: "Lab", zh: "实验室" }
    about_page { en: "About", zh: "关于" }
    scenarios { en: "Scenarios", zh: "场景" }
    rules { en: "Which rules has my kernel?", zh: "我的内核用哪套规则？" }
    language { en: "Language", zh: "语言" }
    dark_theme { en: "Dark theme", zh: "深色主题" }
    present { en: "Present", zh: "投影" }
    menu { en: "Menu", zh: "菜单" }
    about {
        en: "error 99 is a working model of how Linux, from 2.6.32 to 6.18, chooses a local port in connect(). It runs in your browser; nothing you do here leaves it.",
        zh: "error 99 是一个可以运行的模型：从 2.6.32 到 6.18，Linux 在 connect() 中如何选择本地端口。它完全在你的浏览器里运行，你的操作不会离开浏览器。",
    }
    licence { en: "Free software under the MIT or the Apache 2.0 licence.", zh: "自由软件，采用 MIT 或 Apache 2.0 许可证。" }
    sources { en: "Sources, thanks, and what is modelled", zh: "资料来源、致谢与模型范围" }
    needs_script {
        en: "The text of this page is all here; its machine needs JavaScript and WebAssembly.",
        zh: "本页文字已完整显示；其中的模拟机器需要 JavaScript 和 WebAssembly。",
    }
    new_version { en: "A new version of this site is here.", zh: "本站有新版本。" }
    reload { en: "Reload", zh: "重新加载" }
    later { en: "Later", zh: "稍后" }
    file_needs_script { en: "This file needs JavaScript and WebAssembly.", zh: "这个文件需要 JavaScript 和 WebAssembly。" }
    not_found_title { en: "There is no such page", zh: "没有这个页面" }
    not_found_text {
        en: "The address may be mistyped, or the page may have moved. These pages exist:",
        zh: "地址可能有误，或者页面已经移动。现有的页面：",
    }
}

/// The name of a page in the navigation.
pub fn page_name(page: Page, lang: Lang) -> &'static str {
    match page {
        Page::Story => story(lang),
        Page::Compare => compare(lang),
        Page::Lab => lab(lang),
        Page::Scenarios => scenarios(lang),
        Page::Rules => rules(lang),
        Page::About => about_page(lang),
        Page::Embed(_) => brand(lang),
    }
}
