#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm: --no-module
#
# If the kernel runs no usermode helper, the module loads, but hooks nothing and says why.
# The first command of the tool that needs the hook then proves it.

# shellcheck disable=SC2317 # functions are called through t

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

build=$here/../build
ko=$build/$(uname -r)/scmod.ko
umh=$build/$(uname -r)/umh/umh.ko
enabled=/sys/kernel/debug/kprobes/enabled
ftrace=/proc/sys/kernel/ftrace_enabled
cgroup=/sys/fs/cgroup/prove
mkdir "$cgroup" || exit
dir=$(mktemp -d) || exit
trap 'rmdir "$cgroup"; rm -rf "$dir"' EXIT

load() { insmod "$ko" "hook=${SCMOD_HOOK:-auto}"; }
unload() { rmmod scmod; }
status() { scmod status --json | jq -r ".module.$1"; }
is() { [ "$1" = "$2" ] || { echo "'$1', not '$2'"; return 1; }; }
in_log() { dmesg | grep -q -- "$1" || { dmesg | tail; return 1; }; }
unproved() {
	is "$(status engine)" none && is "$(status probe)" unproved &&
		says "$1" status unproved && says "$1" scmod status
}
proved() { is "$(status unproved)" null && [ "$(status engine)" != none ]; }
# While the hook is not proved, the module has no probe in the kernel.
no_probe() { ! grep -E '\[scmod\]|syscall_trace_enter|trace_syscall_enter|ptrace_notify' /sys/kernel/debug/kprobes/list; }
refuses() { ! inside "$cgroup" chroot / true; }
enforces() {
	scmod enforce "$cgroup" --profile <(printf '%s\n' execve brk mmap) && refuses &&
		scmod off "$cgroup" && scmod forget "$cgroup"
}
learns() {
	scmod learn "$cgroup" && inside "$cgroup" chroot / true &&
		says '"chroot"' scmod dump "$cgroup" && scmod off "$cgroup" &&
		scmod forget "$cgroup"
}
prover() { python3 "$here/prove.py" "$@"; }

# blocked WHAT WHY: the module loads unproved, for WHY, and is proved by a command.
blocked() {
	t "$1: it loads" load
	t "$1: status says why" unproved "$2"
	t "$1: the log, too" in_log "loaded, but not proved.*$2"
	t "$1: nothing is probed" no_probe
	t "$1: doctor proves it and tells" says "$2" scmod doctor
	t "$1: it is proved" proved
	t "$1: and enforces" enforces
	t "$1: it unloads" unload
	load
	t "$1: learning proves it, too" learns
	t "$1: it unloads again" unload
}

t 'where a helper runs it is proved at load' eval 'load && proved && unload'

insmod "$umh" kill=1
blocked 'a helper that is killed' 'blocked or killed'
rmmod umh

insmod "$umh" path=/bin/true
blocked 'another program in its place' 'Another program ran'
rmmod umh
# Its exit status is that of a helper whose call was not refused.
insmod "$umh" path=/bin/false
blocked 'another one that fails' 'Another program ran'
rmmod umh
insmod "$umh" path=/nowhere
t 'a program that is not there: it loads' load
t 'and status says so' unproved 'could not be executed'
unload
rmmod umh
insmod "$umh" path=
blocked 'no program at all' 'runs no usermode helpers'
rmmod umh

# A helper sees the mounts of PID 1. Unmounting /proc also removes the mounts below it.
no_proc() { nsenter -t 1 -m umount -l /proc; }
with_proc() { nsenter -t 1 -m mount -t proc proc /proc; }
same_namespace() { [ "$(readlink /proc/1/ns/mnt)" = "$(readlink /proc/self/ns/mnt)" ]; }
t 'this test sees what PID 1 sees' same_namespace
umount -l /proc
t 'without /proc it loads' load
t 'and refuses what needs the hook, or proves it' scmod learn "$cgroup"
mount -t proc proc /proc
t 'with /proc again: it is proved' proved
t 'the log says that there was no /proc' in_log 'no /proc is mounted'
scmod off "$cgroup" >/dev/null && scmod forget "$cgroup" >/dev/null
t 'it unloads' unload

# The helper needs no capability. They can't be given back: these are the last loads.
for set in bset inheritable; do echo '0 0' >/proc/sys/kernel/usermodehelper/$set; done
t 'with empty sets of capabilities it is proved at load' eval 'load && proved && enforces && unload'

# From here on the module is not proved, and the netlink command PROVE is tested.
insmod "$umh" kill=1
load
t 'SET is refused and says what to do' says 'PROVE it first' prover set "$cgroup"
t 'PROVE has to name a process' says 'by PID' prover empty
t 'and not process 0' exits 1 prover zero
t 'a process that is no child is refused' says 'not a child' prover stranger
t 'one that is not there, too' says 'no process' prover nobody
t 'one without a filter' says 'no seccomp filter' prover bare
t 'one that is traced' says 'is traced' prover traced
t 'one that has stopped ends the proof' says 'has stopped' prover stopped
t 'one that has ended' says 'ended' prover ended
t 'one that is killed on its way' says 'ended' prover killed
t 'one whose calls are made all the same' exits 1 prover liar
t 'a caller without CAP_SYS_ADMIN' says 'CAP_SYS_ADMIN' prover weak
t 'nothing is probed after all that' no_probe
t 'and it is still unproved' is "$(status engine)" none

if [ "${SCMOD_HOOK:-auto}" != tracepoint ]; then
	unload
	SCMOD_HOOK=kprobe load
	echo 0 >"$enabled"
	t 'with kprobes switched off that is the reason' says 'kprobes are switched off' \
		prover good
	t 'status, too' unproved 'kprobes are switched off'
	echo 1 >"$enabled"
	unload
	load
fi
# The hook may work without ftrace, but watching tracers does not; then all is undone.
echo 0 >"$ftrace"
t 'with ftrace switched off that is the reason' says 'ftrace is switched off' prover good
t 'nothing is left' no_probe
echo 1 >"$ftrace"
t 'a prover in a pid namespace of its own' prover namespace
t 'proves it' proved
t 'proved once, any child will do' prover good
t 'and it enforces' enforces
t 'it unloads' unload

load
t 'eight at once' prover crowd
t 'prove it' proved
t 'and it unloads' unload
# LKRG, where somebody has built it there, before scmod and after it.
lkrg=$build/$(uname -r)/lkrg/lkrg.ko
if [ -e "$lkrg" ]; then
	rmmod umh
	insmod "$lkrg" umh_validate=1 kint_enforce=1
	blocked 'LKRG' 'blocked or killed'
	rmmod lkrg
	load
	insmod "$lkrg" umh_validate=1 kint_enforce=1
	t 'LKRG loaded later: it enforces' enforces
	unload
	rmmod lkrg
	insmod "$umh" kill=1
else
	tap_n=$((tap_n + 1))
	echo "ok $tap_n LKRG # SKIP no $lkrg: Debian has no package; build it from its source"
fi

load
t 'it unloads while it is being proved' prover unload
t 'it is gone' exits 1 test -d /sys/module/scmod
tap_end
