#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""SCMOD_CMD_PROVE with provers of all kinds: prove.py KIND; prints what the module
says, and exits with 0 if it was content."""
import ctypes
import mmap
import os
import signal
import socket
import struct
import subprocess
import sys
import time

STATUS, GET, SET, PROVE = 1, 2, 3, 7
libc = ctypes.CDLL(None, use_errno=True)


def attr(kind, data):
    return struct.pack("HH", len(data) + 4, kind) + data + b"\0" * (-len(data) % 4)


class Family:
    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.sock.bind((0, 0))
        self.sock.setsockopt(270, 11, 1)
        self.sock.setsockopt(270, 10, 1)
        self.number = 16
        answer = self.ask(3, attr(2, b"scmod\0"), raw=True)
        at = 20
        while at < len(answer):
            size, kind = struct.unpack_from("HH", answer, at)
            if kind == 1:
                self.number = struct.unpack_from("H", answer, at + 4)[0]
            at += (size + 3) & ~3
        if self.number == 16:
            sys.exit("no family")

    def ask(self, cmd, attrs, raw=False):
        """The errno and the text of the answer, or its bytes."""
        body = struct.pack("BBH", cmd, 1, 0) + attrs
        self.sock.send(struct.pack("IHHII", 16 + len(body), self.number, 5, 1, 0) + body)
        data = b""
        while True:
            answer = self.sock.recv(65536)
            kind = struct.unpack_from("H", answer, 4)[0]
            # The acknowledgement is the last.
            if kind != 2:
                data = answer
                continue
            if raw:
                return data
            err = -struct.unpack_from("i", answer, 16)[0]
            # Behind the error and the header of the request, of which no more is sent.
            text = answer[40:].split(b"\0")[0] if err else b""
            return err, text.decode(errors="replace")


def seccomp():
    code = struct.pack("HBBI", 0x20, 0, 0, 0) + struct.pack("HBBI", 0x15, 0, 1, 0xffffffff) + \
        struct.pack("HBBI", 6, 0, 0, 0x50000 | 18) + struct.pack("HBBI", 6, 0, 0, 0x7fff0000)
    keep = ctypes.create_string_buffer(code)
    prog = struct.pack("HxxxxxxQ", 4, ctypes.addressof(keep))
    libc.prctl(38, 1, 0, 0, 0)
    libc.prctl(22, 2, ctypes.create_string_buffer(prog), 0, 0)


def loop(lie=False):
    # xor %edi,%edi; xor %esi,%esi; 1: inc %rsi; mov $110,%eax; syscall; mov %rax,%rdi; jmp 1b
    code = b"\x31\xff\x31\xf6\x48\xff\xc6\xb8\x6e\0\0\0\x0f\x05" + \
        (b"\x31\xff\x90" if lie else b"\x48\x89\xc7") + b"\xeb\xf1"
    mem = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    mem.write(code)
    ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(mem)))()


def child(what=loop, filtered=True):
    ready, tell = os.pipe()
    pid = os.fork()
    if not pid:
        libc.prctl(1, 9, 0, 0, 0)
        if filtered:
            seccomp()
        os.write(tell, b"r")
        what()
        os._exit(0)
    os.read(ready, 1)
    return pid


def prove(pid):
    return Family().ask(PROVE, attr(1, struct.pack("I", pid)))


def traced():
    pid = child()
    libc.ptrace(0x4206, pid, 0, 0)
    return prove(pid)


def stopped():
    pid = child()
    os.kill(pid, signal.SIGSTOP)
    return prove(pid)


def ended():
    pid = child(lambda: time.sleep(1))
    time.sleep(2)
    return prove(pid)


def killed():
    pid = child()
    os.kill(pid, signal.SIGSTOP)
    if not os.fork():
        time.sleep(1)
        os.kill(pid, signal.SIGKILL)
        os._exit(0)
    return prove(pid)


def stranger():
    return prove(1)


def namespace():
    libc.unshare(0x20000000)
    return prove(child())


def weak():
    pid = child()
    asker = os.fork()
    if not asker:
        os.setresuid(65534, 65534, 65534)
        err, text = prove(pid)
        print(text, flush=True)
        os._exit(err != 0)
    status = os.waitpid(asker, 0)[1]
    # Not by the death of its parent: one that has no rights any more may not end it.
    os.kill(pid, signal.SIGKILL)
    return status, ""


def crowd():
    pids = []
    for _ in range(8):
        pid = os.fork()
        if not pid:
            prover = child()
            err, text = prove(prover)
            os.kill(prover, signal.SIGKILL)
            print(text, flush=True)
            os._exit(err != 0)
        pids.append(pid)
    return sum(os.waitpid(pid, 0)[1] for pid in pids), ""


def unload():
    pid = os.fork()
    if not pid:
        prover = child()
        prove(prover)
        os.kill(prover, signal.SIGKILL)
        os._exit(0)
    time.sleep(0.3)
    err = subprocess.run(["rmmod", "scmod"], check=False).returncode
    os.waitpid(pid, 0)
    return err, "rmmod"


def set_policy():
    fd = os.open(sys.argv[2], os.O_RDONLY)
    return Family().ask(SET, attr(2, struct.pack("i", fd)) + attr(4, struct.pack("I", 1)))


KINDS = {
    "empty": lambda: Family().ask(PROVE, b""),
    "zero": lambda: prove(0),
    "good": lambda: prove(child()),
    "set": set_policy,
    "stranger": stranger,
    "nobody": lambda: prove(0x3fffff),
    "bare": lambda: prove(child(filtered=False)),
    "traced": traced,
    "stopped": stopped,
    "ended": ended,
    "killed": killed,
    "liar": lambda: prove(child(lambda: loop(True))),
    "weak": weak,
    "namespace": namespace,
    "crowd": crowd,
    "unload": unload,
}
error, words = KINDS[sys.argv[1]]()
print(error, words)
sys.exit(error != 0)
