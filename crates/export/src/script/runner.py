
# ── words ────────────────────────────────────────────────────────────────────

import ctypes
import errno
import fcntl
import json
import os
import platform
import re
import resource
import select
import socket
import struct
import sys
import time

LOCALE = next((os.environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(k)), "")
CHINESE = LOCALE.startswith("zh")


def t(english, chinese):
    return chinese if CHINESE else english


def version(text):
    numbers = re.findall(r"\d+", text)[:2]
    return tuple(int(number) for number in numbers + ["0", "0"])[:2]


KERNEL = version(platform.release())
# What later kernels do otherwise: since when, and what (also in distributions' older ones, which
# take changes back).
# 更新的内核有何不同：从哪个版本起，以及内容（发行版的旧内核也可能移植了这些改动）。
NOTES = [
    ((4, 2), "connect() prefers ports of one parity, bind(0) the other",
     "connect() 偏好一种奇偶性的端口，bind(0) 偏好另一种"),
    ((4, 6), "a range of an odd number of ports may leave one of them unused",
     "端口数为奇数的范围可能有一个端口用不上"),
    ((4, 6), "no memory for a bind bucket is ENOMEM, not error 99",
     "没有内存建立 bind 桶时返回 ENOMEM，而不是错误 99"),
    ((4, 12), "tcp_tw_recycle is gone", "tcp_tw_recycle 已被移除"),
    ((4, 18), "tcp_tw_reuse knows 2, for loopback alone, and has it by default",
     "tcp_tw_reuse 多了取值 2（仅限回环），且为默认值"),
    ((4, 19), "a TIME_WAIT may be taken over sooner than after 1 to 2 s; since 6.14 after 1 s to the ms",
     "TIME_WAIT 可在不到 1～2 秒时被接管；6.14 起精确为 1 秒（毫秒计）"),
    ((5, 12), "destinations no longer share one counter", "各目的地不再共用一个计数器"),
    ((5, 18), "the start of the search jumps every 10 s, and each step is random",
     "查找起点每 10 秒跳变一次，每步步长随机"),
    ((6, 12), "what waits in FIN_WAIT2 is never taken over", "处于 FIN_WAIT2 的连接不再被接管"),
    ((6, 18), "a port that bind() made exclusive is shared again when its last such user has gone",
     "被 bind() 独占过的端口，在最后一个这样的使用者离开后又可共用"),
]

# ── the namespace ────────────────────────────────────────────────────────────

SYSCTL = "/proc/sys/net/ipv4/"
LIBC = ctypes.CDLL(None, use_errno=True)


def write(name, value):
    """Writes a sysctl; answers 0 or the errno."""
    try:
        with open(SYSCTL + name, "w") as file:
            file.write(value + "\n")
        return 0
    except OSError as error:
        return error.errno


def read(name):
    with open(SYSCTL + name) as file:
        return " ".join(file.read().split())


def netlink(kind, body):
    """One request of rtnetlink, and its answer."""
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    request, ack, replace, create = 1, 4, 0x100, 0x400
    flags = request | ack | replace | create
    link.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body)
    answer = link.recv(65536)
    link.close()
    return -struct.unpack_from("=i", answer, 16)[0]


def attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data


def lo_up():
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    request = struct.pack("16sh22x", b"lo", 0)
    flags = struct.unpack_from("16sh", fcntl.ioctl(probe, 0x8913, request))[1]
    fcntl.ioctl(probe, 0x8914, struct.pack("16sh22x", b"lo", flags | 1))
    probe.close()


def add_address(addr):
    body = struct.pack("=BBBBI", socket.AF_INET, 32, 0, 0, socket.if_nametoindex("lo"))
    data = socket.inet_aton(addr)
    return netlink(20, body + attribute(2, data) + attribute(1, data))


def add_route(addr, source, table, scope, kind):
    body = struct.pack("=BBBBBBBBI", socket.AF_INET, 32, 0, 0, table, 3, scope, kind, 0)
    body += attribute(1, socket.inet_aton(addr)) + attribute(7, socket.inet_aton(source))
    return netlink(24, body + attribute(4, struct.pack("=I", socket.if_nametoindex("lo"))))


def add_server(addr, source):
    """Another host, which lives here too: it's reached from `source`, as in the model."""
    return add_route(addr, source, 255, 254, 2)


def add_silence(addr, source):
    """A host that never answers: what is sent there is lost."""
    return add_route(addr, source, 254, 253, 1)


LISTENERS = {}


def listen_at(addr, port):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((addr, port))
    server.listen(4096)
    server.setblocking(False)
    LISTENERS[addr, port] = server


# ── sockets ──────────────────────────────────────────────────────────────────

OPEN = {}  # by the scenario's name
PEER = {}  # the server's end of it
BOUND = set()  # names of those that were bound
USED = {}  # ports in use that connect chose: (source, destination, port) -> set of local ports
PLACE = {}  # name -> (key of USED, local port)


def wait(sock, events, ms=1000):
    poll = select.poll()
    poll.register(sock, events)
    return poll.poll(ms)


def attempt(call, *arguments):
    try:
        call(*arguments)
        return 0
    except OSError as error:
        return error.errno
    except OverflowError:
        return errno.EINVAL


def raw_connect(sock, family, addr, port, length):
    address = struct.pack("=H", family) + struct.pack("!H", port)
    address += socket.inet_aton(addr) + bytes(8)
    length = min(length, 16)
    return ctypes.get_errno() if LIBC.connect(sock.fileno(), address, length) else 0


def connect(name, dst, dport, establish, family=2, length=16):
    sock = OPEN.get(name)
    if sock is None:
        return errno.EBADF
    if family != 2 or length < 16:
        return raw_connect(sock, family, dst, dport, length)
    code = attempt(sock.connect, (dst, dport))
    if code not in (0, errno.EINPROGRESS):
        return code
    if establish:
        if not wait(sock, select.POLLOUT):
            return errno.ETIMEDOUT
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            return code
        if not PLAN["asks"]:
            attempt(sock.connect, (dst, dport))  # fetches the result: connected from now on
        if (dst, dport) in LISTENERS:
            meet(name, sock, LISTENERS[dst, dport])
    here = sock.getsockname()
    if name in BOUND:
        return 0
    key = (here[0], dst, dport)
    USED.setdefault(key, set()).add(here[1])
    PLACE[name] = (key, here[1])
    return 0


def meet(name, sock, listener):
    """Takes the server's end of a connection."""
    while wait(listener, select.POLLIN):
        peer, address = listener.accept()
        if address == sock.getsockname():
            PEER[name] = peer
            return
        peer.close()


def forget(name):
    """The connection is gone without a TIME_WAIT: its port is nobody's."""
    if name in PLACE:
        key, port = PLACE.pop(name)
        USED[key].discard(port)


def abort(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def close(name, how):
    sock, peer = OPEN.pop(name, None), PEER.pop(name, None)
    if sock is None:
        return
    if how == "finwait2":
        sock.close()
        if peer is not None:
            PEER[name] = peer
            wait(peer, select.POLLIN)
            time.sleep(0.05)
        return
    if how == "passive" and peer is not None:
        peer.close()
        wait(sock, select.POLLIN)
        peer = None
    if how in ("passive", "rst", "plain"):
        forget(name)
    abort(sock) if how == "rst" else sock.close()
    if peer is not None:
        if how == "active":
            wait(peer, select.POLLIN)
        peer.close()


# ── comparing ────────────────────────────────────────────────────────────────

PLAN = json.loads(DATA)
SLOW = "--slow" in sys.argv[1:]
PAUSE_S = 5.0
COUNTS = {"agreed": 0, "differed": 0, "announced": 0}
DOUBTS = []  # reasons that hold from here on
PAUSED = [0.0]
BEGAN = time.monotonic()
LONG_S = 50.0  # connections that wait begin to end


def reasons(keys):
    """The sentences of those reasons that hold on this kernel."""
    known = [PLAN["why"][key] for key in keys]
    return [t(why["en"], why["zh"]) for why in known if any(tuple(a) <= KERNEL < tuple(b) for a, b in why["kernels"])]


def doubt(sentence):
    if sentence not in DOUBTS:
        DOUBTS.append(sentence)


def word(code):
    return "ok" if code == 0 else "%d %s" % (code, errno.errorcode.get(code, "?"))


def line(number, what, rest):
    print("%4s  %-38s %s" % (number, what, rest), flush=True)


def judge(number, what, got, want, agree, step):
    """Prints a call, and counts it."""
    if time.monotonic() - BEGAN - PAUSED[0] > LONG_S:
        doubt(t("the script has taken almost as long as a TIME_WAIT lasts",
                "脚本的运行时间已接近一个 TIME_WAIT 的时长"))
    why = DOUBTS + reasons(step.get("may", []))
    if agree:
        COUNTS["agreed"] += 1
        verdict = t("agrees", "一致")
    elif why:
        COUNTS["announced"] += 1
        verdict = t("announced to differ, because ", "预先声明会不同，因为") + why[0]
        doubt(t("an earlier call went another way, as announced", "先前某个调用按声明走了另一条路"))
    else:
        COUNTS["differed"] += 1
        verdict = t("DIFFERS", "不同！")
    got, want = t("got: ", "得到：") + got, t("model: ", "模型：") + want
    line(number, what, "%s  %s  %s" % (got, want, verdict))
    for sentence in reasons(step.get("from_here", [])):
        doubt(sentence)


def skip(number, what, step):
    line(number, what, t("not done here", "此处不做"))
    for sentence in reasons(step.get("from_here", [])):
        doubt(sentence)


def ports(runs):
    return set(port for first, last in runs for port in range(first, last + 1))


def spelled(numbers):
    runs = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = ["%d" % a if a == b else "%d-%d" % (a, b) for a, b in runs[:4]]
    return ", ".join(shown) + (", …" if len(runs) > 4 else "")


def held(want):
    """The ports in use towards a destination, and whether they are those of the model."""
    if "ports" not in want:
        return True, ""
    have = USED.get((want["source"], want["dst"], want["dport"]), set())
    return have == ports(want["ports"]), t(" (in use: %s)", "（占用：%s）") % spelled(have)


# ── the calls ────────────────────────────────────────────────────────────────


def pause(number, what, ms):
    if not SLOW and PAUSED[0] + ms / 1000 > PAUSE_S:
        line(number, what, t("skipped: more than 5 s of pauses; --slow makes them",
                             "跳过：等待总计超过 5 秒；--slow 会执行"))
        doubt(t("a pause was skipped", "跳过了一次等待"))
        return
    PAUSED[0] += ms / 1000
    line(number, what, t("waits", "等待"))
    time.sleep(ms / 1000)


def scattered(n):
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        n = ((n ^ (n >> shift)) * factor) & 0xFFFFFFFF
    return n ^ (n >> 16)


def load(number, step):
    """Many connections of one client, in the order in which the model makes its calls."""
    rate, hold = step.get("per_second", 0), step.get("hold_ms")
    real_time = SLOW or PAUSED[0] + step["ms"] / 1000 <= PAUSE_S
    PAUSED[0] += step["ms"] / 1000 if real_time else 0
    results, began = [], time.monotonic()
    state = {"calls": 0, "now": 0, "closed": 0}

    def may_call():
        state["calls"] += 1
        return state["calls"] <= step["calls"]

    def keeps(n):
        every = step.get("keep_every", 0)
        return every and scattered(n) % every == 0

    def begins(n):
        return n * 1000 // rate if rate else 0

    def go_to(ms):
        if ms <= state["now"]:
            return True
        if not may_call():
            return False
        state["now"] = ms
        if real_time:
            time.sleep(max(0.0, began + ms / 1000 - time.monotonic()))
        return True

    def close_due(until):
        while True:
            n = state["closed"]
            while n < len(results) and keeps(n):
                n += 1
            state["closed"] = n
            if hold is None or n >= len(results):
                return True
            due = begins(n) + hold
            if until is not None and due > until:
                return True
            if not go_to(due) or not may_call():
                return False
            close(name_of(n), "plain" if results[n] else step.get("close", "active"))
            state["closed"] = n + 1

    def name_of(n):
        return "s%d" % (step.get("first_socket", 0) + n)

    for n in range(step["connections"]):
        if n and step.get("stop_at_error") and results[-1]:
            break
        if n and not (close_due(begins(n)) and go_to(begins(n))):
            break
        if not may_call():
            break
        opened = open_socket(name_of(n))
        if opened:
            sentence = t("this machine opens no more sockets: %s", "本机打不开更多套接字：%s")
            doubt(sentence % word(opened))
            break
        if not may_call():
            break
        also = step.get("also") if n % 2 else None
        dst, dport = also or (step["dst"], step["dport"])
        results.append(connect(name_of(n), dst, dport, True))
    else:
        close_due(None)
    if "cut_from" in step:
        what = t("cut from %d to %d connections", "从 %d 次连接削减为 %d 次")
        line(number, what % (step["cut_from"], step["connections"]),
             t("the script opens at most 40,000 sockets, and the prediction is for these",
               "脚本最多打开 40,000 个套接字，预测也以此为准"))
    want = step["want"]
    ok, failed = results.count(0), {}
    for code in results:
        if code:
            failed[str(code)] = failed.get(str(code), 0) + 1
    same_ports, shown = held(want)
    agree = ok == want["ok"] and failed == want["failed"] and same_ports
    what = t("%d connects to %s:%d", "%d 次连接 %s:%d")
    judge(number, what % (step["connections"], step["dst"], step["dport"]),
          tally(ok, failed) + shown, tally(want["ok"], want["failed"]), agree, step)


def tally(ok, failed):
    parts = ["%d ok" % ok] + ["%d × %s" % (count, word(int(code))) for code, count in sorted(failed.items())]
    return ", ".join(parts)


def open_socket(name):
    BOUND.discard(name)
    try:
        OPEN[name] = socket.socket()
    except OSError as error:
        return error.errno
    OPEN[name].setblocking(False)
    return 0


def bind_each(number, step):
    name, ok, failed = step.get("first_socket", 0), 0, {}
    for first, last in step["ports"]:
        for port in range(first, last + 1):
            s = "s%d" % name
            code = open_socket(s) or attempt(OPEN[s].bind, (step["addr"], port))
            ok += code == 0
            if code:
                failed[str(code)] = failed.get(str(code), 0) + 1
            name += 1
    want = step["want"]
    what = t("%d sockets bound to %s", "%d 个套接字绑定到 %s")
    agree = ok == want["ok"] and failed == want["failed"]
    judge(number, what % (name - step.get("first_socket", 0), step["addr"]),
          tally(ok, failed), tally(want["ok"], want["failed"]), agree, step)


SHOWN = ("op", "s", "addr", "port", "dst", "dport", "how", "ms", "name", "value")


def one(number, step):
    """A single call."""
    op, name = step["op"], step.get("s")
    what = " ".join(str(step[key]) for key in SHOWN if key in step)
    if step.get("skip"):
        return skip(number, what, step)
    sock = OPEN.get(name)
    if op == "advance":
        return pause(number, what, step["ms"])
    if op == "load":
        return load(number, step)
    if op == "bind_each":
        return bind_each(number, step)
    code, extra, shown = 0, "", ""
    same_ports = True
    if op == "socket":
        code = open_socket(name)
    elif op == "sysctl":
        code = write(step["name"], step["value"])
    elif op == "connect":
        plain = not step.get("peer_ts", 1) and read("tcp_timestamps") != "0"
        before = read("tcp_timestamps")
        if plain:
            write("tcp_timestamps", "0")
        code = connect(name, step["dst"], step["dport"], step.get("establish", 1),
                       step.get("family", 2), step.get("addr_len", 16))
        if plain:
            write("tcp_timestamps", before)
        if code == 0:
            extra = t(" port %d", " 端口 %d") % sock.getsockname()[1]
        same_ports, shown = held(step["want"])
    elif op == "accept":
        code = accept(step)
    elif op == "tw_fin":
        if name in PEER:
            PEER.pop(name).close()
    elif sock is None:
        code = errno.EBADF
    elif op == "reuse":
        code = attempt(sock.setsockopt, socket.SOL_SOCKET, socket.SO_REUSEADDR, step["on"])
    elif op == "reuseport":
        code = attempt(sock.setsockopt, socket.SOL_SOCKET, 15, step["on"])
    elif op == "no_port":
        code = attempt(sock.setsockopt, socket.SOL_IP, 24, step["on"])
    elif op == "port_range":
        code = attempt(sock.setsockopt, socket.SOL_IP, 51, struct.pack("=I", step["high"] << 16 | step["low"]))
    elif op == "bind":
        code = attempt(sock.bind, (step["addr"], step["port"]))
        chosen = code == 0 and sock.getsockname()[1]
        BOUND.update([name] if chosen else [])
        if chosen and step["port"] == 0:
            extra = t(" port %d", " 端口 %d") % sock.getsockname()[1]
    elif op == "listen":
        code = attempt(sock.listen, 128)
    elif op == "disconnect":
        forget(name)
        code = raw_connect(sock, socket.AF_UNSPEC, "0.0.0.0", 0, 16)
        if name in PEER:
            PEER.pop(name).close()
    elif op == "segment":
        if name in PEER:
            PEER[name].send(b"x")
            wait(sock, select.POLLIN)
            attempt(sock.recv, 16)
    elif op == "rst":
        if name in PEER:
            abort(PEER.pop(name))
            wait(sock, select.POLLIN)
            forget(name)
    elif op == "close":
        close(name, step["how"])
    want = step["want"]
    predicted = word(want["errno"])
    if "port" in want and want["errno"] == 0:
        predicted += t(" port %d", " 端口 %d") % want["port"]
    judge(number, what, word(code) + extra + shown, predicted, code == want["errno"] and same_ports, step)


def accept(step):
    listener = OPEN.get(step["l"])
    if listener is None:
        return errno.EINVAL
    client = socket.socket()
    client.setblocking(False)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    code = attempt(client.bind, (step["peer"], step["peer_port"]))
    code = code or attempt(client.connect, (step["laddr"], listener.getsockname()[1]))
    if code not in (0, errno.EINPROGRESS):
        return code
    if not wait(listener, select.POLLIN):
        return errno.EINVAL
    OPEN[step["s"]], _ = listener.accept()
    OPEN[step["s"]].setblocking(False)
    PEER[step["s"]] = client
    return 0


def stop(english, chinese):
    print("error 99: " + t(english, chinese), file=sys.stderr)
    sys.exit(2)


def files():
    """As many files as this machine allows; each connection is two here."""
    need = 2 * PLAN["sockets"] + 256
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in ((need, max(need, hard)), (min(need, hard), hard)):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, limit)
            return
        except (ValueError, OSError):
            continue


def prepare():
    lo_up()
    write("ip_unprivileged_port_start", "0")
    for name, value, needed in PLAN["sysctl"]:
        code = write(name, value)
        if code and needed:
            stop("%s can't be written here: %s" % (name, word(code)),
                 "此处无法写入 %s：%s" % (name, word(code)))
        if code:
            doubt(t("%s can't be set here", "此处无法设置 %s") % name)
    failures = [add_address(addr) for addr in PLAN["local"]]
    failures += [add_server(addr, PLAN["source"]) for addr in PLAN["servers"]]
    failures += [add_silence(addr, PLAN["source"]) for addr in PLAN["silent"]]
    if any(failures):
        doubt(t("an address could not be set up here", "有地址无法在此设置"))
    for addr, port in PLAN["listen"]:
        code = attempt(listen_at, addr, port)
        if code:
            sentence = t("no server could be opened at %s:%d", "无法在 %s:%d 打开服务器")
            doubt(sentence % (addr, port))


def main():
    print(t("This machine runs Linux %s; the model is Linux %s.",
            "本机运行 Linux %s；模型是 Linux %s。") % (platform.release(), PLAN["release"]))
    for since, english, chinese in NOTES:
        if KERNEL >= since > tuple(PLAN["version"]):
            sentence = t("since %d.%d: %s", "自 %d.%d 起：%s")
            print("  " + sentence % (since[0], since[1], t(english, chinese)))
    files()
    prepare()
    for sentence in reasons(PLAN["from_start"]):
        doubt(sentence)
    for number, step in enumerate(PLAN["steps"], 1):
        one(number, step)
    print(t("%(agreed)d agreed, %(differed)d differed, %(announced)d announced to differ",
            "%(agreed)d 个一致，%(differed)d 个不同，%(announced)d 个按声明不同") % COUNTS)
    sys.exit(1 if COUNTS["differed"] else 0)


main()
