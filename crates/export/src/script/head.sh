#!/bin/sh
# error 99 – the calls of a model of Linux 2.6.32, made on the kernel of this machine.
# error 99 —— 把 Linux 2.6.32 模型里的调用，在本机内核上再做一遍。
#
# It makes a network namespace of its own, sets the sysctls there, opens the sockets, and prints
# for each call what this kernel answered beside what the model predicts. Nothing outside that
# namespace is touched, and nothing is left behind.
# 脚本自建网络命名空间，在其中设置 sysctl、打开套接字，并逐个调用打印本机内核的回答与模型的预测。
# 命名空间之外什么都不动，结束后什么都不留下。
#
# Which port is chosen can't be predicted: it depends on a secret of each kernel. Predicted are
# success, errno, how many connects work until error 99, and which ports are in use by then.
# 选中哪个端口无法预测：它取决于各内核自己的密钥。预测的是成败、errno、出现错误 99 之前能成功多少次连接，
# 以及那时占用了哪些端口。
#
# Needs: Linux, unshare (util-linux), Python 3 and nothing else. As root, or where users may make
# namespaces. Options: --slow makes every pause, however long; without it, 5 s in all.
# 需要：Linux、unshare（util-linux）和 Python 3，别无其他。以 root 运行，或在允许用户建立命名空间的系统上运行。
# 选项：--slow 执行全部等待；没有它，等待总共最多 5 秒。
#
# Ends with 0 if nothing differed but what was announced, with 1 if something else did, with 2 if
# it can't run here.
# 退出码：除预先声明的以外没有不同为 0，有其他不同为 1，无法在此运行为 2。

fail() {
    echo "error 99: $1" >&2
    echo "error 99：$2" >&2
    exit 2
}

[ "$(uname -s)" = Linux ] || fail "this needs Linux" "需要 Linux"
command -v python3 >/dev/null || fail "python3 is missing" "缺少 python3"
command -v unshare >/dev/null || fail "unshare (util-linux) is missing" "缺少 unshare（util-linux）"
if unshare -n true 2>/dev/null; then
    own=-n
elif unshare -rn true 2>/dev/null; then
    own=-rn
else
    fail "no network namespace can be made here; try as root" "这里不能建立网络命名空间；请以 root 运行"
fi
PYTHONIOENCODING=utf-8
export PYTHONIOENCODING
exec unshare "$own" python3 - "$@" <<'END_OF_PROGRAM'
