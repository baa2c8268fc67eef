//! What a page says when something doesn't go as it should, and what it offers to take along: the
//! address of a state, files, lines for somebody else's page.

use super::texts;

texts! {
    dismiss { en: "Close this notice", zh: "关闭此提示" }
    failed {
        en: "The machine of this page has stopped. Its text is all here, and nothing that you did has left the browser. What it said:",
        zh: "本页的模拟机器已停止运行。文字内容都还在，你的操作也没有离开浏览器。它给出的信息：",
    }
    missing {
        en: "A part of this page has not arrived as it should, so not everything works. Its text is all here. What is missing:",
        zh: "本页有一部分未能正确送达，因此有些功能无法使用。文字内容都还在。缺少的部分：",
    }
    without_script {
        en: "Without JavaScript the laboratory stands still: it shows the call that fails at its last step. The story can be read whole, and its first knob works.",
        zh: "没有 JavaScript 时，实验室是静止的：它显示失败的那次调用的最后一步。讲解部分可以完整阅读，其中第一个旋钮也能用。",
    }
    no_style {
        en: "This part of error 99 could not be loaded: the page around it has cut it off from its own files.",
        zh: "error 99 的这一部分未能加载：外面的页面切断了它与自身文件的联系。",
    }
    by_itself { en: "Open it by itself", zh: "单独打开" }
    retry { en: "Try again", zh: "重试" }
    restore { en: "The last state, as a link", zh: "最后状态的链接" }
    afresh { en: "Start afresh", zh: "重新开始" }
    run_it { en: "Run it", zh: "运行" }
    leave_it { en: "Don’t run it", zh: "不运行" }
    left_off { en: "You have been here before.", zh: "你之前来过这里。" }
    go_on { en: "Go on where you were", zh: "从上次的地方继续" }

    // ── for somebody else's page ────────────────────────────────
    embed { en: "Embed", zh: "嵌入" }
    embed_lead {
        en: "For your own page. The last line is a script that fits the height: one for the whole page, and it can be left out.",
        zh: "供你自己的网页使用。最后一行用来调整高度，可以省略；一页只需一次。",
    }
    embed_lines { en: "Lines of HTML", zh: "HTML 代码" }
    take { en: "Copy", zh: "复制" }
    taken { en: "Copied", zh: "已复制" }
    selected { en: "Selected: Ctrl+C or ⌘C copies it", zh: "已选中，按 Ctrl+C 或 ⌘C 复制" }
    read_on { en: "Read the whole story", zh: "阅读完整讲解" }

    // ── sharing ─────────────────────────────────────────────────
    share { en: "Share", zh: "分享" }
    copied { en: "Copied: the address, with all that you did", zh: "已复制：包含全部操作的地址" }
    copy_refused {
        en: "The browser doesn't let this page copy. The link is selected: Ctrl+C or ⌘C copies it.",
        zh: "浏览器不允许本页复制。链接已选中，按 Ctrl+C 或 ⌘C 复制。",
    }
    too_long {
        en: "This history is too long for a link. What you do can be shared again after “Start over”.",
        zh: "操作记录太长，无法写成链接。点“重新开始”之后即可再次分享。",
    }

    // ── export and import ───────────────────────────────────────
    export { en: "Export", zh: "导出" }
    export_import { en: "Export and import", zh: "导出与导入" }
    close_sheet { en: "Close this sheet", zh: "关闭此面板" }
    save { en: "Save", zh: "保存" }
    scenario { en: "Scenario", zh: "场景" }
    scenario_hint {
        en: "The machine and everything done to it, with all branches, as JSON. It can be opened again below.",
        zh: "这台机器以及对它的全部操作（包括所有分支），JSON 格式。可在下方重新打开。",
    }
    trace { en: "Trace of this call", zh: "本次调用的跟踪记录" }
    trace_hint {
        en: "Every probe of the call shown, as JSON lines in the format of the model's test vectors.",
        zh: "所示调用的每一次探测，JSON Lines 格式，与模型的测试向量一致。",
    }
    picture { en: "Page of ports", zh: "端口图" }
    picture_hint {
        en: "The ports at the moment shown, as a picture for slides and posts.",
        zh: "所示时刻的全部端口，存成图片，可放进幻灯片或文章。",
    }
    script { en: "Script for a real Linux", zh: "在真实 Linux 上运行的脚本" }
    script_hint {
        en: "Does the same in a network namespace of its own and prints what your kernel answers beside what the model predicts, with what later kernels do otherwise. Needs Python 3, and unshare or root.",
        zh: "在独立的网络命名空间里执行同样的操作，把你的内核的结果与模型的预测并列打印，并说明较新的内核有何不同。需要 Python 3，以及 unshare 或 root 权限。",
    }
    saved { en: "Saved:", zh: "已保存：" }
    clipboard_refused {
        en: "The browser doesn't let this page copy. The text is selected above: Ctrl+C or ⌘C copies it.",
        zh: "浏览器不允许本页复制。文本已在上方选中，按 Ctrl+C 或 ⌘C 复制。",
    }
    still_at_work {
        en: "The machine is still at work. Try again when it stands, or stop it.",
        zh: "机器仍在运行。请等它停下后再试，或将其停止。",
    }
    no_export {
        en: "The part of this page that makes files could not be loaded or has failed. Loading the page again may help. It said:",
        zh: "本页中负责生成文件的部分未能加载，或已出错。重新加载页面也许能解决。它给出的信息：",
    }
    making { en: "At work, calls made:", zh: "正在处理，已完成的调用：" }
    import { en: "Open a scenario", zh: "打开场景" }
    import_hint {
        en: "A file from here, or the scenario of a test vector; it can also be dropped onto the page. “Back” in the browser returns to what is there now.",
        zh: "从这里导出的文件，或测试向量中的场景；也可以把文件拖放到页面上。用浏览器的“后退”可以回到当前状态。",
    }
    choose_file { en: "Choose a file…", zh: "选择文件……" }
    paste_here { en: "or paste its text, or a link, here", zh: "或在此粘贴其文本，或粘贴链接" }
    open_it { en: "Open", zh: "打开" }
    stop_it { en: "Stop", zh: "停止" }
}
