#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm: --no-module
# cpus: turns
#
# Other users of a function that scmod hooks or relies on do not disable the hook, whether they
# come before or after scmod: livepatches, other modules' ftrace operations that redirect the
# function, BPF programs at entry and return, kprobes, return probes, the function tracer.
# Refused calls, and calls that a tracer puts in place of allowed ones, are not made; the
# others see what they see without scmod; and scmod can be unloaded. If both can't be used
# at a function, the second one is refused, with a reason.
#
# By hand: SCMOD_KO=DIRECTORY with another build of the module (RELEASE/scmod.ko),
# SCMOD_REDIRECT_TIMES calls each (1000 take four times as long), SCMOD_REDIRECT_TOOLS of
# those that watch functions.

# shellcheck disable=SC2317 # functions are called through t

set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

build=$(readlink -f "$here/../build")
ko=${SCMOD_KO:-$build}/$(uname -r)/scmod.ko
tests=$build/$(uname -r)/redirect
engine=${SCMOD_HOOK:-auto}
times=${SCMOD_REDIRECT_TIMES:-100}
cgroup=/sys/fs/cgroup/redirect
tracing=/sys/kernel/tracing
dir=$(mktemp -d) || exit
mkdir "$cgroup" || exit
cleanup() {
	{
		"${tool:-true}_off"
		lead_off
		scmod forget --all
		rmmod scmod
		rmdir "$cgroup"
	} >/dev/null 2>&1
	rm -rf "$dir"
}
trap cleanup EXIT

status() { scmod status --json | jq -r ".module.$1"; }
is() { [ "$1" = "$2" ] || { echo "'$1', not '$2'"; return 1; }; }
in_log() { dmesg | grep -q -- "$1"; }
logged() { wait_for 30 in_log "$1" || { dmesg | tail; return 1; }; }

# load: loads scmod, or prints the end of the log, which says why it was refused.
load() {
	dmesg -C
	insmod "$ko" "hook=$engine" || { dmesg | tail; return 1; }
	cat /sys/module/scmod/refcnt >"$dir/references"
}
# A task that has just ended may hold a reference to the module for a moment.
let_go() { [ "$(</sys/module/scmod/refcnt)" = "$(<"$dir/references")" ]; }
unload() {
	wait_for 10 let_go || { echo "$(</sys/module/scmod/refcnt) references, not $(<"$dir/references")"; return 1; }
	rmmod scmod
}
# holds [TIMES]: whether no refused call is made, neither rewritten by a tracer nor directly.
holds() {
	local tale times=${1:-$times}

	scmod enforce "$cgroup" --profile <(printf '%s\n' getppid exit_group) >/dev/null || return
	tale=$("$build/selftests/rewrite" "$cgroup" "$times")
	echo "${tale##* }" >"$dir/stops"
	scmod off "$cgroup" >/dev/null && scmod forget "$cgroup" >/dev/null || return
	is "${tale% *}" "$((2 * times)) 0"
}
# ---- redirections, of one function at a time

livepatch_settled() { [ "$(cat /sys/kernel/livepatch/redirect_livepatch/transition)" = 0 ]; }
lead_livepatch() {
	insmod "$tests/redirect_livepatch.ko" "func=$1" 2>&1 && wait_for 60 livepatch_settled
}
lead_ipmodify() { insmod "$tests/redirect.ko" "func=$1" way=ipmodify 2>&1; }
# Since Linux 6.14, register_kprobe() returns 0 even if it could not arm the probe.
lead_post() {
	insmod "$tests/redirect.ko" "func=$1" way=post 2>&1 || return
	grep -q " $1+" /sys/kernel/debug/kprobes/list || { rmmod redirect; return 1; }
}
lead_kprobe() { insmod "$tests/redirect.ko" "func=$1" way=kprobe 2>&1; }
livepatch_gone() {
	[ ! -e /sys/module/redirect_livepatch ] || rmmod redirect_livepatch
}
lead_off() {
	if [ -e /sys/kernel/livepatch/redirect_livepatch ]; then
		echo 0 >/sys/kernel/livepatch/redirect_livepatch/enabled
	fi
	wait_for 60 livepatch_gone || { echo 'the livepatch stays'; return 1; }
	[ ! -e /sys/module/redirect ] || rmmod redirect
}
# Functions that scmod itself redirects; the compiler may have given the second a suffix.
question=$(awk '{ print $3 }' /proc/kallsyms | grep -m 1 '^seccomp_do_user_notification')
redirects() { [ "$1" = ptrace_notify ] || [ "$1" = "$question" ] || [ "$1" = write_enabled_file_bool ]; }
told_of() { logged "scmod: a livepatch or another module redirects $1"; }

# lead_first WAY FUNCTION: redirects FUNCTION, and then loads scmod.
lead_first() {
	t "$1 of $2, there first" "lead_$1" "$2" || return
	if redirects "$2"; then
		dmesg -C
		t 'scmod refuses to load' exits 1 insmod "$ko" "hook=$engine"
		t 'and says why' logged "scmod: .* ${2%%.*}"
		t "the $1 goes" lead_off
		return
	fi
	t 'scmod loads' load
	t 'no call goes by' holds
	t "the $1 goes" lead_off
	t 'no call goes by now' holds 50
	t 'scmod unloads' unload
}
# lead_second WAY FUNCTION: loads scmod, and then redirects FUNCTION.
lead_second() {
	t "scmod is there, and comes a $1 of $2" load || return
	if redirects "$2" && [ "$1" != kprobe ]; then
		t "the $1 is refused" exits 1 "lead_$1" "$2"
	else
		t 'it comes' "lead_$1" "$2"
		case $2 in
		"$hooked")
			[ "$at_site" ] || t 'scmod tells' told_of "$2"
			[ "$at_site" ] || t 'status, too' is "$(status probe)" 'ftrace, entry redirected' ;;
		kernel_clone | cgroup_*) t 'scmod tells' told_of "$2" ;;
		esac
	fi
	t 'no call goes by' holds
	t "the $1 goes" lead_off
	t 'no call goes by now' holds 50
	t 'scmod unloads' unload
}

# ---- tools that trace functions, all functions at a time

# The functions that the function tracer, or BPF through BTF, can attach to.
traceable() { awk '{ print $1 }' "$tracing/available_filter_functions" | grep -xF "$all"; }
in_btf() {
	[ -e "$dir/btf" ] || bpftrace -l 'kfunc:vmlinux:*' 2>/dev/null | sed 's/.*://' >"$dir/btf"
	grep -xF "$all" "$dir/btf"
}

function_on() {
	traceable >"$tracing/set_ftrace_filter" && echo function >"$tracing/current_tracer" &&
		echo 1 >"$tracing/tracing_on"
}
function_off() {
	echo nop >"$tracing/current_tracer"
	echo >"$tracing/set_ftrace_filter"
}
# events LETTER: p for entries, r for returns.
events_on() {
	local f

	for f in $all; do
		echo "$1:scmod/${f//[.]/_} $f" >>"$tracing/kprobe_events" || return
	done
	echo 1 >"$tracing/events/scmod/enable"
}
events_off() {
	[ ! -e "$tracing/events/scmod" ] || echo 0 >"$tracing/events/scmod/enable"
	echo >"$tracing/kprobe_events"
}
kprobe_on() { events_on p; }
kprobe_off() { events_off; }
kretprobe_on() { events_on r; }
kretprobe_off() { events_off; }
perf_on() {
	local f

	for f in $all; do
		quietly perf probe -q "scmod:${f//[.]/_}=$f" || return
	done
	echo 1 >"$tracing/events/scmod/enable"
}
perf_off() { events_off; }
# bpf_on KIND: bpftrace has attached when it runs the command that it is given.
bpf_runs() { pgrep -f '^/bin/sleep 4711$' || ! kill -0 "$(<"$dir/pid")"; }
bpf_gone() { ! kill -0 "$(<"$dir/pid")" 2>/dev/null; }
bpf_on() {
	bpftrace -e "$(in_btf | sed "s/.*/$1:vmlinux:& { @[probe] = count(); }/")" \
		-c '/bin/sleep 4711' >"$dir/bpf" 2>&1 </dev/null &
	echo $! >"$dir/pid"
	wait_for 90 bpf_runs
	kill -0 "$(<"$dir/pid")" 2>/dev/null || { cat "$dir/bpf"; return 1; }
}
bpf_off() {
	pkill -f '^/bin/sleep 4711$'
	wait_for 60 bpf_gone
}
kfunc_on() { bpf_on kfunc; }
kfunc_off() { bpf_off; }
kretfunc_on() { bpf_on kretfunc; }
kretfunc_off() { bpf_off; }

# How many stops a tracer of kind $1 has counted so far.
counted() {
	case $1 in
	function) grep -c ': ptrace_notify <-' "$tracing/trace" ;;
	kprobe | kretprobe | perf) awk '$1 ~ /ptrace_notify/ { print $2 }' "$tracing/kprobe_profile" ;;
	*) awk -F': ' '/ptrace_notify/ { print $2 }' "$dir/bpf" ;;
	esac
}
# Each stop once; the module's own questions are few.
once() {
	local n stops

	n=$(counted "$1") stops=$(<"$dir/stops")
	[ "$n" -ge "$stops" ] && [ "$n" -le $((stops + 20)) ] || { echo "counted $n stops of $stops"; return 1; }
}
# Before Linux 6.0, BPF programs can't attach to a function that is redirected.
bpf_shares() { ! [[ $(uname -r) == 5.* ]]; }
refused_bpf() { [[ $1 == k*func ]] && ! bpf_shares; }

watch_first() {
	echo >"$tracing/trace"
	t "$1 everywhere, there first" "$1_on" || return
	if refused_bpf "$1"; then
		dmesg -C
		t 'scmod refuses to load' exits 1 insmod "$ko" "hook=$engine"
		t 'and says why' logged 'scmod: .* BPF program .* ptrace_notify'
		t "$1 goes" "$1_off"
		return
	fi
	t 'scmod loads' load
	t 'no call goes by' holds
	[[ $1 == k*func ]] || t 'every stop is counted once' once "$1"
	t "$1 goes" "$1_off"
	[[ $1 != k*func ]] || t 'every stop was counted once' once "$1"
	t 'no call goes by now' holds 50
	t 'scmod unloads' unload
}
watch_second() {
	echo >"$tracing/trace"
	t "scmod is there, and comes $1 everywhere" load || return
	if refused_bpf "$1"; then
		t "$1 is refused" exits 1 "$1_on"
		t 'no call goes by' holds
		t 'scmod unloads' unload
		return
	fi
	t 'it comes' "$1_on"
	t 'no call goes by' holds
	[[ $1 == k*func ]] || t 'every stop is counted once' once "$1"
	t 'scmod unloads' unload
	t "$1 goes" "$1_off"
	[[ $1 != k*func ]] || t 'every stop was counted once' once "$1"
}

# ---- both, before and after

t 'scmod loads' load
place=$(status symbol)
hooked=${place%+*}
at_site=''
case $place in *+0x0) at_site=yes ;; esac
# With the engine "tracepoint", the function in which the tracepoint is.
[ "$(status engine)" = kprobe ] || hooked=$(awk '{ print $3 }' /proc/kallsyms |
	grep -m 1 -xE 'syscall_trace_enter(\.constprop\.0|\.isra\.0)?|trace_syscall_enter')
t 'no call goes by' holds
t 'scmod unloads' unload
all=$(printf '%s\n' "$hooked" ptrace_notify "$question" write_enabled_file_bool tracepoint_probe_register tracepoint_probe_unregister \
	task_work_add kernel_clone cgroup_attach_task cgroup_mkdir cgroup_rmdir)
echo "# at $place; BTF knows: $(in_btf | tr '\n' ' ')"

tools='function kprobe kretprobe perf'
if [ "$(in_btf)" ]; then
	tools="$tools kfunc kretfunc"
else
	echo '# bpftrace can place no kfunc here: no BTF'
fi
for tool in ${SCMOD_REDIRECT_TOOLS-$tools}; do
	watch_first "$tool"
	watch_second "$tool"
done
tool=true
# A livepatch redirects a function by an ftrace operation. So where the kernel has livepatches,
# the test's own operation is tried only at functions that scmod redirects or hooks.
lead() {
	lead_first "$1" "$2"
	lead_second "$1" "$2"
}
livepatches=yes
[ -e "$tests/redirect_livepatch.ko" ] || {
	echo '# this kernel has no livepatches'
	livepatches=''
}
for f in $all; do
	[ ! "$livepatches" ] || lead livepatch "$f"
	if ! [ "$livepatches" ] || redirects "$f" || [ "$f" = "$hooked" ]; then lead ipmodify "$f"; fi
done
lead post ptrace_notify

# A kprobe that redirects without IPMODIFY is not refused, but only noticed. The ftrace operation
# that was registered last wins; all kprobes share one, registered with the first of them.
lead_first kprobe ptrace_notify
t 'kprobes are there first' kprobe_on
t 'scmod is there, and comes a kprobe that leads ptrace_notify elsewhere' load
t 'it comes' lead_kprobe ptrace_notify
t 'nothing is promised' exits 1 scmod enforce "$cgroup" --profile <(echo getppid)
t 'status says so' is "$(status probe)" 'switched off'
t 'it goes' lead_off
t 'no call goes by now' holds 50
t 'scmod unloads' unload
t 'the kprobes go' kprobe_off
t 'no probe is left' sh -c '! grep . /sys/kernel/debug/kprobes/list'
t 'no function is led elsewhere' sh -c "! grep . $tracing/enabled_functions"
tap_end
