#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: host
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

t 'an unknown kernel is a usage error' says "unknown kernel '4.4'" "$vm" -k 4.4 -- true
t 'with status 2' exits 2 "$vm" -k 4.4 -- true
t 'no command is a usage error' exits 2 "$vm"
t 'an unknown option is a usage error' exits 2 "$vm" --nonsense -- true
t 'a module that does not load gives 98' exits 98 "$vm" "${kernel[@]}" --param hook=nonsense -- true
t 'a command that hangs is ended' env SCMOD_VM_TIMEOUT=25 bash -c \
	'"$@"; [ $? -eq 124 ]' x "$vm" "${kernel[@]}" --no-module -- sleep 1000

# Stops QEMU as soon as it is there; then the command is to run in another one.
hangs() {
	local pid qemu=''

	SCMOD_VM_BOOT=$((30 * ${SCMOD_TEST_SLOW:-1})) \
		"$vm" "${kernel[@]}" --no-module -- sh -c 'exit 43' 2>"$tmp/hang" &
	pid=$!
	until [ "$qemu" ] || ! kill -0 $pid; do
		qemu=$(pgrep -P "$(pgrep -P $pid -x timeout)" -x qemu-system-x86 2>/dev/null)
	done
	kill -STOP "$qemu"
	wait $pid
}
t 'a guest that hangs while it boots is started again' exits 43 hangs
t 'and that is told' grep -q 'did not boot' "$tmp/hang"
t 'a guest that never boots gives 97' env SCMOD_VM_BOOT=5 bash -c \
	'"$@"; [ $? -eq 97 ]' x "$vm" "${kernel[@]}" --no-module --append rdinit=/none \
	--append root=/dev/none --append rootwait -- true
tap_end
