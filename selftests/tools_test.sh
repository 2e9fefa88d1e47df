#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm: --no-module
#
# H12: the tools that people look at system calls with, beside scmod. Each is
# shown the same of a program that is learned, or that complains, as without the
# module, and the record is exactly what the program made. Tracers at the very
# function that is hooked see each call and take none from scmod, whoever came
# first and whoever leaves first.

# shellcheck disable=SC2317 # functions are called through t

set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

bin=$(readlink -f "$here/../build/selftests")
module=$(readlink -f "$here/../build")/$(uname -r)/scmod.ko
engine=${SCMOD_HOOK:-auto}
cgroup=/sys/fs/cgroup/tools
tracing=/sys/kernel/tracing
dir=$(mktemp -d) || exit
mkdir "$cgroup" || exit
cleanup() {
	{
		trace_off
		auditctl -D
		kill "$(pidof auditd)"
		scmod forget --all
		rmmod scmod
		rmdir "$cgroup"
	} >/dev/null 2>&1
	rm -rf "$dir"
}
trap cleanup EXIT

# getpid, getuid, getgid, getppid, ...; with the execve and the exit_group about
# them they are all that happens in the cgroup.
calls=(39 102 104 110 110 107 108 39)
work=("$bin/into" "$cgroup" "$bin/caller64" any "${calls[@]}")
made=$(printf '%s\n' 59 "${calls[@]}" 231)
set_made=$(sort -nu <<<"$made" | jq -sc .)
count_made=$(wc -l <<<"$made")

# What is not the same from run to run: process ids, addresses, times.
plain() { sed -E 's/0x[0-9a-f]+/0x/g; s/(process|pid) [0-9]+/\1 N/g'; }

under_strace() {
	strace -f -qq -o "$dir/strace" "${work[@]}" &&
		sed -n '/execve(.*caller64/,$p' "$dir/strace" | sed -E 's/^[0-9]+ +//' | plain |
		sed -E '/^getp?pid/s/= [0-9]+/= N/'
}

# Stops: the exec, a breakpoint, two calls on both sides, the end.
under_gdb() {
	gdb -nx -batch -iex 'set debuginfod enabled off' -ex 'set startup-with-shell off' \
		-ex 'catch exec' -ex run -ex 'break run' -ex 'catch syscall getppid' \
		-ex c -ex c -ex c -ex c -ex c -ex c --args "${work[@]}" >"$dir/gdb" 2>&1
	plain <"$dir/gdb" | grep -E '^(Catchpoint|Breakpoint|\[Inferior)'
}

under_perf() {
	perf record -q -e raw_syscalls:sys_enter,raw_syscalls:sys_exit -o "$dir/perf.data" \
		-- "${work[@]}" >"$dir/perf" 2>&1 || { cat "$dir/perf"; return 1; }
	perf script -i "$dir/perf.data" -F comm,event,trace 2>/dev/null | grep '^ *caller64 ' |
		sed -E 's/ +/ /g; s/(NR (39|110)) = [0-9]+/\1 = N/; s/NR ([0-9]+) \(.*/NR \1/'
}

under_perf_trace() {
	perf trace -o "$dir/perf" -- "${work[@]}" >/dev/null 2>&1 || { cat "$dir/perf"; return 1; }
	sed -nE 's/.*: caller64\/[0-9]+ (.*)/\1/p' "$dir/perf" |
		sed -E '/^getp?pid/s/= [0-9]+.*/= N/' | plain
}

under_bpftrace() {
	bpftrace -e '
		tracepoint:raw_syscalls:sys_enter /comm == "caller64"/ { @enter[args->id] = count(); }
		tracepoint:raw_syscalls:sys_exit /comm == "caller64"/ { @exit[args->id] = count(); }' \
		-c "${work[*]}" >"$dir/bpftrace" 2>&1 || { cat "$dir/bpftrace"; return 1; }
	grep '^@' "$dir/bpftrace" | sort
}

# exit_group is the last call, so that its entry says that all are there.
audited() {
	ausearch -k "$1" --raw 2>/dev/null | grep 'type=SYSCALL.*comm="caller64"' >"$dir/audit"
	grep -q 'syscall=231 ' "$dir/audit"
}
under_audit() {
	local key=$1

	auditctl -a always,exit -F arch=b64 -S getuid,getppid,exit_group -k "$key" >/dev/null || return
	"${work[@]}"
	wait_for 60 audited "$key"
	auditctl -D >/dev/null
	sed -E 's/.*(arch=[0-9a-f]+ syscall=[0-9]+)( success=[a-z]+)?( exit=[0-9]+)?.*/\1\2\3/;
		/syscall=110/s/exit=.*//' "$dir/audit"
}

recorded() {
	local seen

	seen=$(scmod status "$cgroup" --json |
		jq -c '[.policies[0].abis[].seen | map(.nr) | sort | select(length > 0)]')
	[ "$seen" = "[$set_made]" ] || { echo "recorded $seen, made $set_made"; return 1; }
}
missed_none() {
	local missed

	missed=$(scmod status --json | jq .module.nmissed)
	[ "$missed" = 0 ] || { echo "$missed missed"; return 1; }
}
# begin MODE: with nothing recorded yet. What complain reports is recorded here, too.
begin() {
	local learn=()

	[ "$1" != complain ] || learn=(--learn)
	scmod off "$cgroup" >/dev/null 2>&1
	scmod forget "$cgroup" >/dev/null 2>&1
	scmod "$1" "$cgroup" "${learn[@]}" >/dev/null
}
# Each tool in each state is one file; all must show more than some lines.
show() { "under_$1" "$2" >"$dir/$1.$2" && [ "$(wc -l <"$dir/$1.$2")" -ge "$3" ] || { cat "$dir/$1.$2"; return 1; }; }
as_without() {
	show "$1" "$2" 1 && diff "$dir/$1.without" "$dir/$1.$2" && recorded
}

# ---- tracers at the hooked function itself

kprobes='scmod_function scmod_same'
# What the lines of a tracer begin with.
lines_of() {
	case $1 in
	function) echo "$symbol" ;;
	kprobes) echo "$kprobes" ;;
	esac
}
trace_on() {
	local event

	echo >"$tracing/trace" && echo 1 >"$tracing/tracing_on" || return
	case $1 in
	function)
		echo "$symbol" >"$tracing/set_ftrace_filter" &&
			echo function >"$tracing/current_tracer" ;;
	kprobes)
		echo "p:scmod_function $symbol" >>"$tracing/kprobe_events" &&
			echo "p:scmod_same $place" >>"$tracing/kprobe_events" || return
		for event in $kprobes; do
			echo 1 >"$tracing/events/kprobes/$event/enable" || return
		done ;;
	esac
}
trace_off() {
	local event

	echo nop >"$tracing/current_tracer"
	echo >"$tracing/set_ftrace_filter"
	for event in $kprobes; do
		[ ! -e "$tracing/events/kprobes/$event" ] || {
			echo 0 >"$tracing/events/kprobes/$event/enable"
			echo "-:$event" >>"$tracing/kprobe_events"
		}
	done
}
# runs: the program, by a known pid.
runs() {
	echo >"$tracing/trace"
	"${work[@]}" &
	pid=$!
	wait "$pid"
}
# sees KIND COUNT: did each tracer see that many calls of the program?
sees() {
	local what lines

	for what in $(lines_of "$1"); do
		lines=$(grep -- "-$pid " "$tracing/trace" | grep -cF ": $what")
		[ "$lines" -eq "$2" ] || {
			echo "$what: $lines calls, not $2"
			tail "$tracing/trace"
			return 1
		}
	done
}
both() { runs && sees "$1" "$count_made" && recorded && missed_none; }
begin_alone() { insmod "$module" "hook=$engine" && begin learn; }
leave() { scmod off "$cgroup" >/dev/null && scmod forget --all >/dev/null && rmmod scmod; }
scmod_alone() { trace_off && begin learn && runs && recorded && missed_none && leave; }
tracer_alone() { leave && runs && sees "$1" 0 && trace_off; }
same_place() {
	local now

	now=$(scmod status --json | jq -r .module.symbol)
	[ "$now" = "$place" ] || { echo "at $now, alone at $place"; return 1; }
}

# With a kprobe, also where hook=auto would take the tracepoint: others at that are what
# comes below.
wanted=$engine
[ "$engine" = tracepoint ] || engine=kprobe
t 'the module loads' insmod "$module" "hook=$engine"
place=$(scmod status --json | jq -r .module.symbol)
symbol=${place%+*}
echo "# hooked at $place"
t 'and unloads' rmmod scmod
kinds=(function kprobes)
[ "$engine" = kprobe ] || kinds=()
for kind in "${kinds[@]}"; do
	for last in tracer scmod; do
		t "$kind, there first" trace_on "$kind"
		t 'scmod comes' begin_alone
		t 'and hooks the same place as alone' same_place
		t 'both see every call' both "$kind"
		t "$last stays" "${last}_alone" "$kind"

		t "$kind: scmod there first" begin_alone
		t 'the tracer comes' trace_on "$kind"
		t 'both see every call' both "$kind"
		t "$last stays" "${last}_alone" "$kind"
	done
done
t 'no probe is left' sh -c '! grep . /sys/kernel/debug/kprobes/list'
engine=$wanted

# ---- tools that look at all calls

# compare TOOL:LINES...: without the module, then in each state.
compare() {
	local tool state

	for tool; do
		t "${tool%:*} shows a program without scmod" show "${tool%:*}" without "${tool#*:}"
	done
	t 'the module loads' insmod "$module" "hook=$engine"
	for state in learn complain; do
		for tool; do
			begin "$state"
			t "${tool%:*} shows the same in mode $state, and the record is what was made" \
				as_without "${tool%:*}" "$state"
		done
	done
	t 'no call was missed' missed_none
	t 'the module unloads' leave
}
auditd_on() { auditctl -s | grep -q "^pid $(pidof auditd)\$" && auditctl -e 1; }
auditd_starts() {
	auditd -s nochange >/dev/null 2>&1 || return
	wait_for 60 auditd_on || { auditctl -s; return 1; }
}

compare strace:10 gdb:7 perf:18 perf_trace:9 bpftrace:12
# Once it was on, audit has every new task pass the hooked function: so, last.
t 'auditd runs' auditd_starts
compare audit:4

# ---- refused calls in the audit log

# refuse NUMBER: a program in the cgroup makes the call, which is refused.
refuse() { "$bin/into" "$cgroup" "$bin/caller64" any "$1"; }
# found NUMBER OPTION...: the records that ausearch finds, which are written a moment later.
found() {
	local nr=$1
	shift

	ausearch -m SECCOMP "$@" --raw 2>/dev/null </dev/null | grep "syscall=$nr " >"$dir/seccomp"
}
record() { grep -E "$1" "$dir/seccomp" || { cat "$dir/seccomp"; return 1; }; }
once() { [ "$(wc -l <"$dir/seccomp")" = 1 ] || { cat "$dir/seccomp"; return 1; }; }
who='^type=SECCOMP .* pid=[0-9]+ auid=[0-9]+ uid=0 gid=0 .* ses=[0-9]+ comm="caller64" exe="[^"]*/caller64".*'

insmod "$module" "hook=$engine"
begin learn
refuse 39
scmod enforce "$cgroup" >/dev/null 2>&1
for _ in 1 2; do refuse 161; done
t 'ausearch finds a refused call, as it does those of a seccomp filter' wait_for 60 found 161
t 'by program, command and call, too' found 161 -x "$bin/caller64" -c caller64 -sc chroot
t 'with who made it, ABI, and policy' record "$who sig=0 arch=c000003e syscall=161 compat=0 ip=0x[0-9a-f]+ code=0x50000 policy=\"/tools\"([^ -~]|\$)"
t 'the first time only' once
scmod enforce "$cgroup" --action kill >/dev/null 2>&1
refuse 165 >/dev/null 2>&1
t 'a call that is killed for, too' eval 'wait_for 60 found 165 && record "$who sig=31 .* code=0x80000000 "'
begin complain
refuse 161
t 'a call that is not refused is not there' eval '! wait_for 2 eval "found 161 && ! once"'
t 'the module unloads' leave
tap_end
