#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: alone
#
# The VM runner keeps its word: streams, status, arguments, splats, options.

cd "$(dirname "$0")/.." || exit
. selftests/tap.sh
vm=selftests/vm/run
kernel=(-k "${SCMOD_KERNEL:-6.1}")

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# same FILE TEXT: does FILE hold TEXT and nothing else?
same() { [ "$(cat "$1"; echo .)" = "$2." ] || { cat "$1"; return 1; }; }

# One boot for all that a single command can tell.
# shellcheck disable=SC2016
"$vm" "${kernel[@]}" --param max_policies=5 --append scmod_test_word -- sh -c '
	printf "out without newline"; printf "err\n" >&2; [ "$1" = "a b\$x\"y'"'"'z
second line" ] || exit 1
	[ "$(pwd)" = "$2" ] || exit 2
	[ "$(id -u)" = 0 ] || exit 3
	mountpoint -q /sys/kernel/tracing && mountpoint -q /sys/kernel/debug || exit 4
	[ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] || exit 5
	grep -q scmod_test_word /proc/cmdline || exit 6
	[ "$(cat /sys/module/scmod/parameters/max_policies)" = 5 ] || exit 7
	command -v scmod >/dev/null || exit 8
	echo changed >README.md && [ "$(cat README.md)" = changed ] || exit 9
	[ -e /usr/bin/env ] && : </dev/null || exit 10
	sleep 1000 & exit 43' sh "a b\$x\"y'z
second line" "$PWD" >"$tmp/out" 2>"$tmp/err"
status=$?
t "exit status, arguments, directory, mounts, parameters" test "$status" -eq 43
t 'nothing but the output on stdout' same "$tmp/out" 'out without newline'
t 'stderr comes through' grep -qx err "$tmp/err"
t 'what is written in the guest stays there' exits 1 grep -qx changed README.md

t 'a signal gives 128 + its number' exits 143 "$vm" "${kernel[@]}" --no-module -- sh -c 'kill -TERM $$'
t 'no module without --no-module only' exits 1 "$vm" "${kernel[@]}" --no-module -- test -d /sys/module/scmod
big() { [ "$("$vm" "${kernel[@]}" --no-module -- head -c 3000000 /dev/zero | wc -c)" -eq 3000000 ]; }
t 'large output is complete' big

warn() {
	"$vm" "${kernel[@]}" --no-module -- sh -c \
		'echo "WARNING: CPU: 0 PID: 1 at made/up.c:1" >/dev/kmsg; exit 0' 2>"$tmp/warn"
}
t 'a WARNING gives 99, whatever the command returned' exits 99 warn
t 'and is shown' grep -q 'made/up.c' "$tmp/warn"
t 'a panic gives 99' exits 99 "$vm" "${kernel[@]}" --no-module -- sh -c 'echo c >/proc/sysrq-trigger'

# emulator PID: QEMU's process, of the vm/run that is PID; once it is there.
emulator() {
	local qemu=''

	until [ "$qemu" ] || ! kill -0 "$1"; do
		qemu=$(pgrep -P "$(pgrep -P "$1" -x timeout)" -x qemu-system-x86 2>/dev/null)
	done
	echo "$qemu"
}

# starved SECONDS: stops QEMU for so long, with a guest in it whose CPUs never rest and
# which takes 8 s without a step for a lockup. When QEMU goes on, the guest sees its clock
# leap; but a leap of more than 21 s is none to it, being above half the range of its clock
# (HPET). A CPU that was idle has its watchdog begin anew at the next sample (each 1.6 s
# here), so the guest is busy for some seconds before it is stopped.
starved() {
	local pid

	# shellcheck disable=SC2016
	"$vm" "${kernel[@]}" --no-module --cpus 2 --append watchdog_thresh=4 -- perl -e '
		my $start = time; my $child = fork; 1 while time < $start + 5;
		$| = 1; print "ready\n" if $child; 1 while time < $start + 30; exit 43' \
		>"$tmp/ready" 2>"$tmp/starved" &
	pid=$!
	until grep -q ready "$tmp/ready" || ! kill -0 $pid; do sleep 0.2; done
	kill -STOP "$(emulator $pid)" && sleep "$1" && kill -CONT "$(emulator $pid)"
	wait $pid
}
# reported SECONDS: as starved, but again if the guest took no notice, which happens.
reported() {
	local tries=4 status

	while :; do
		starved "$1"
		status=$?
		[ "$status" -eq 43 ] && [ $((--tries)) -gt 0 ] &&
			! grep -q 'BUG: soft lockup' "$tmp/starved" || return "$status"
	done
}
stalls() {
	"$vm" "${kernel[@]}" --no-module -- sh -c 'sleep 4
		echo "watchdog: BUG: soft lockup - CPU#0 stuck for 3s! [made-up:1]" >/dev/kmsg' \
		2>"$tmp/stall"
}

# told RAN HELD [PERIOD]: 200 s in the life of an emulator in which its virtual CPU ran
# for RAN thousandths of the time and was kept from running for HELD, looked at each
# PERIOD (1) seconds; at their end the guest says what is in $tmp/said. What of that is
# told to come of the host?
told() {
	awk -v ran="$1" -v held="$2" -v period="${3:-1}" 'BEGIN {
		for (s = 0; s <= 200; s += period)
			printf "%d 0 7:%.3f:%.3f\n", 1000 + s, s * ran / 1000, s * held / 1000
		printf "%d 5000 7:%.3f:%.3f\n", 1001 + s, s * ran / 1000 + 1, s * held / 1000
	}' >"$tmp/samples"
	selftests/vm/stalls tell "$tmp/samples" "$tmp/said" 250
}
# judged WHAT TEXT...: TEXT reports a stall of 100 to 150 s.
judged() {
	local what=$1
	shift

	printf '%s\r\n' "$@" >"$tmp/said"
	t "$what: told of an emulator that waited" says "$1" told 20 980
	t "$what: not of one that ran" exits_silent told 1000 0
	t "$what: not of one that shared" exits_silent told 300 700
	t "$what: not of one that slept" exits_silent told 5 5
}
exits_silent() { [ -z "$("$@")" ] || { "$@"; return 1; }; }
judged 'a soft lockup' '[  200.1] watchdog: BUG: soft lockup - CPU#1 stuck for 131s! [sh:12]'
judged 'an RCU stall' '[  200.1] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:' \
	'[  200.1] rcu: 	1-...!: (0 ticks this GP) idle=abc/1/0x4000 softirq=1/1 fqs=0' \
	'[  200.1] 	(detected by 0, t=30002 jiffies, g=1, q=2)'
judged 'one that a CPU finds itself' '[  200.1] rcu: INFO: rcu_sched self-detected stall on CPU' \
	'[  200.1] 	(t=30000 jiffies g=5 q=6)'
judged 'an expedited one' \
	'[  200.1] rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 1-... } 30001 jiffies s: 5'
judged 'a hung task' '[  200.1] INFO: task sh:12 blocked for more than 120 seconds.'
t 'a time in which nobody looked counts as one of waiting' says 'INFO: task' told 1000 1000 40
echo '[  200.1] watchdog: BUG: soft lockup - CPU#1 stuck for 300s! [sh:12]' >"$tmp/said"
t 'a stall that began before anybody looked is none of the host' exits_silent told 0 1000
echo '[  200.1] WARNING: CPU: 0 PID: 1 at made/up.c:1' >"$tmp/said"
t 'and no other complaint is' exits_silent told 0 1000

t 'a stall because the host did not let the emulator run does not count' exits 43 reported 16
t 'and is told as what it is' says 'the host did not let the emulator run' cat "$tmp/starved"
t 'with what the kernel said' says 'BUG: soft lockup' cat "$tmp/starved"
t 'any other stall gives 99' exits 99 stalls
t 'and is shown' grep -q 'made-up' "$tmp/stall"

t 'an unknown kernel is a usage error' says "unknown kernel '4.4'" "$vm" -k 4.4 -- true
t 'with status 2' exits 2 "$vm" -k 4.4 -- true
t 'no command is a usage error' exits 2 "$vm"
t 'an unknown option is a usage error' exits 2 "$vm" --nonsense -- true
t 'a module that does not load gives 98' exits 98 "$vm" "${kernel[@]}" --param hook=nonsense -- true
t 'a command that hangs is ended' env SCMOD_VM_TIMEOUT=25 bash -c \
	'"$@"; [ $? -eq 124 ]' x "$vm" "${kernel[@]}" --no-module -- sleep 1000

# Stops QEMU as soon as it is there; then the command is to run in another one.
hangs() {
	local pid

	SCMOD_VM_BOOT=$((30 * ${SCMOD_TEST_SLOW:-1})) \
		"$vm" "${kernel[@]}" --no-module -- sh -c 'exit 43' 2>"$tmp/hang" &
	pid=$!
	kill -STOP "$(emulator $pid)"
	wait $pid
}
t 'a guest that hangs while it boots is started again' exits 43 hangs
t 'and that is told' grep -q 'did not boot' "$tmp/hang"
t 'a guest that never boots gives 97' env SCMOD_VM_BOOT=5 bash -c \
	'"$@"; [ $? -eq 97 ]' x "$vm" "${kernel[@]}" --no-module --append rdinit=/none \
	--append root=/dev/none --append rootwait -- true
tap_end
