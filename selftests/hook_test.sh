#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm: --no-module
# engine: kprobe
#
# The hook is proved, or the module refuses to load. When kprobes are switched off later,
# status and the log say so, and do not claim that calls are hooked.

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

ko=$here/../build/$(uname -r)/scmod.ko
enabled=/sys/kernel/debug/kprobes/enabled
cgroup=/sys/fs/cgroup/hook
dir=$(mktemp -d) || exit
mkdir "$cgroup" || exit
trap 'rmdir "$cgroup"; rm -rf "$dir"' EXIT

probe() { scmod status --json | jq -r .module.probe; }
is() { [ "$1" = "$2" ] || { echo "'$1', not '$2'"; return 1; }; }
probe_is() { is "$(probe)" "$1"; }
# The kernel makes a probe a jump again some time after it is armed.
probe_becomes() { wait_for 60 probe_is "$1" || probe_is "$1"; }
in_log() { dmesg | grep -q -- "$1"; }
# Wait until the kernel log has the text.
logged() { wait_for 60 in_log "$1" || { dmesg | tail; return 1; }; }

# No probe fires now, so no hook can be proved.
echo 0 >"$enabled"
t 'where no hook fires the module does not load' exits 1 insmod "$ko" hook=kprobe
t 'and tells what it tried' logged 'scmod: tried syscall_trace_enter'
t 'and what follows' logged 'scmod: no hook could be proved to fire and to refuse'
t 'no probe is left' exits 1 grep -qE 'scmod|syscall_trace_enter|trace_syscall_enter' \
	/sys/kernel/debug/kprobes/list
echo 1 >"$enabled"
t 'with probes on again it loads' insmod "$ko" hook=kprobe
t 'and says where it is hooked' logged 'scmod: hooked by kprobe at'

kind=$(probe)
t 'learning begins' scmod learn "$cgroup"
echo 0 >"$enabled"
t 'switched off: status says so' probe_is 'switched off'
t 'the log, too' logged "scmod: the kernel's probes have been switched off"
t 'doctor fails' exits 1 scmod doctor
t 'and tells the remedy' says kprobes/enabled scmod doctor
t 'nothing is promised' says 'switched off' scmod enforce "$cgroup" --profile <(echo getppid)
t 'the mode is what it was' is "$(scmod status "$cgroup" --json | jq -r '.policies[0].mode')" learn
echo 1 >"$enabled"
t 'on again: as before' probe_becomes "$kind"
t 'the log, too' logged "scmod: the kernel's probes are on again"
t 'doctor is content' scmod doctor

# The switch of ftrace concerns what watches tracers, whatever the hook is.
ftrace_off() { echo 0 >/proc/sys/kernel/ftrace_enabled; }
t 'ftrace can not be switched off' exits_saying 1 'busy' ftrace_off
t 'status is as before' probe_is "$kind"

# Others may trace the same function, and put an address of theirs on its stack.
tracing=/sys/kernel/tracing
traced() { strace -f -o "$dir/strace" "$here/../build/selftests/into" "$cgroup" /bin/true; }
t 'what a traced program makes is learned' traced
t 'and enforced' scmod enforce "$cgroup"
t 'a return probe on ptrace_notify is set' eval '
	echo "r1000:scmod_test ptrace_notify" >$tracing/kprobe_events &&
	echo 1 >$tracing/events/kprobes/scmod_test/enable'
t 'strace works' traced
t 'the return probe fired' grep -q scmod_test "$tracing/trace"
echo 0 >$tracing/events/kprobes/scmod_test/enable
echo >$tracing/kprobe_events
t 'strace works without it, too' traced

# What enforces is not switched off, by uid 0 with or without capabilities.
probes_off() { echo 0 >"$enabled"; }
t 'while it enforces, probes can not be switched off' exits_saying 1 'busy' probes_off
t 'the log says who wanted it' logged 'wanted to switch off the kernel.s probes'
t 'status is as before' probe_is "$kind"
# Tries it 1000 times, with or without capabilities, and returns whether one try succeeded.
attempts='for i in $(seq 1000); do { echo 0 >"$1"; } 2>/dev/null && exit 1; done; exit 0'
without_capabilities() { setpriv --bounding-set=-all --inh-caps=-all sh -c "$attempts" - "$enabled"; }
with_capabilities() { sh -c "$attempts" - "$enabled"; }
all_but_chroot() { awk '!/^#/ && $3 != "-" && $1 != "chroot" { print $1 }' "$here/../ctl/calls/syscalls.txt"; }
t 'one call is refused' scmod enforce "$cgroup" --profile <(all_but_chroot)
# Makes the call until the file $dir/end exists; prints how often it was not refused.
hammer() {
	local passed=0 made=0

	while [ ! -e "$dir/end" ]; do
		chroot / /bin/true 2>/dev/null && passed=$((passed + 1))
		made=$((made + 1))
	done
	echo "$passed of $made"
	echo "$passed" >"$dir/passed"
}
(echo "$BASHPID" >"$cgroup/cgroup.procs"; hammer) &
t 'nor by a thousand attempts' with_capabilities
t 'nor by a thousand without capabilities' without_capabilities
touch "$dir/end"
wait
t 'in which no refused call passed' is "$(cat "$dir/passed")" 0

scmod off "$cgroup" >/dev/null && scmod forget "$cgroup" >/dev/null
t 'with nothing enforced they can' probes_off
echo 1 >"$enabled"
t 'it unloads' rmmod scmod
t 'ftrace can be switched off now' ftrace_off
t 'with ftrace off it does not load' exits 1 insmod "$ko" hook=kprobe
t 'and says why' logged 'scmod: .*ftrace is switched off'
echo 1 >/proc/sys/kernel/ftrace_enabled
tap_end
