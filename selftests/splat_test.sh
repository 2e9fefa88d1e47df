#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: alone
# kernel: debug
#
# The debug kernel and vm/run notice what they are there to notice: each kind of
# fault is planted once, by a module that makes it.

# shellcheck disable=SC2317 # functions are called through t

cd "$(dirname "$0")/.." || exit
. selftests/tap.sh
. selftests/vm/image.sh

release=$(image_version debug) && image_make debug -C selftests KVER="$release" splat || exit
splat=$PWD/build/$release/splat/splat.ko
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT

# planted PLANT TEXT: with it, the run ends with 99, and TEXT is in what it says.
planted() {
	exits 99 selftests/vm/run -k debug --no-module -- insmod "$splat" "plant=$1" >"$tmp/out" 2>&1 ||
		{ tail -n 20 "$tmp/out"; return 1; }
	grep -qE -- "$2" "$tmp/out" || { echo "no '$2' in:"; head -n 60 "$tmp/out"; return 1; }
}

t 'nothing is seen where nothing is wrong' \
	selftests/vm/run -k debug --no-module -- sh -c "insmod $splat plant=none && rmmod splat"
t 'memory that has been freed' planted use-after-free 'KASAN: .*use-after-free in .*splat'
t "memory beyond a module's own" planted out-of-bounds 'KASAN: .*out-of-bounds in .*splat'
t 'sleeping with a spinlock held' planted sleep-in-atomic 'BUG: scheduling while atomic|sleeping function called'
t 'two locks in either order' planted inversion 'possible circular locking dependency'
t 'a lock that an interrupt takes, too' planted irq-lock 'inconsistent lock state'
t 'an RCU pointer without a reader' planted rcu 'suspicious RCU usage'
t 'a running timer is freed' planted timer 'ODEBUG: free active .*timer_list'
t 'an entry that is put on a list twice' planted list 'list_add double add'
t 'memory that nobody points to' planted leak 'unreferenced object .*size 512'

# Real stalls count, whether they use CPU time or none; those of a host that does not
# let the emulator run do not. The kernel speaks sooner than vm/run has it do.
impatient=(--append rcupdate.rcu_cpu_stall_timeout=20 --append watchdog_thresh=5
	--append sysctl.kernel.hung_task_timeout_secs=15)
stall() {
	exits 99 selftests/vm/run -k debug --no-module "${impatient[@]}" -- \
		sh -c 'insmod "$1" "plant=$2"; sleep 5' sh "$splat" "$1" >"$tmp/out" 2>&1 ||
		{ tail -n 20 "$tmp/out"; return 1; }
	! grep 'did not let the emulator run' "$tmp/out" || return
	grep -qE -- "$2" "$tmp/out" || { echo "no '$2' in:"; head -n 60 "$tmp/out"; return 1; }
}
t 'a CPU that spins' stall spin 'BUG: soft lockup|rcu.*stall'
t 'a CPU that spins with interrupts off' stall spin-irqs-off 'BUG: soft lockup|rcu.*stall'
t 'a CPU that halts with interrupts off' stall halt-irqs-off 'BUG: soft lockup|rcu.*stall'
t 'a reader of RCU that sleeps' stall sleep-in-rcu 'rcu.*stall|Voluntary context switch within RCU'
t 'a task that hangs' stall hung-task 'blocked for more than 15 seconds'

# starved COMMAND...: as it runs in the guest, QEMU is stopped for 18 s: the guest's clock
# does not follow if it is more than 21 s.
starved() {
	local pid qemu

	selftests/vm/run -k debug --no-module "${impatient[@]}" -- \
		sh -c 'echo ready; "$@"' sh "$@" >"$tmp/out" 2>&1 &
	pid=$!
	until grep -q ready "$tmp/out" || ! kill -0 $pid; do sleep 0.2; done
	qemu=$(pgrep -P "$(pgrep -P $pid -x timeout)" -x qemu-system-x86)
	kill -STOP "$qemu" && sleep 18 && kill -CONT "$qemu"
	wait $pid
}
# shellcheck disable=SC2016
busy='my $end = time + 40; 1 while time < $end; exit 43'
t 'an emulator that the host stops is no stall' exits 43 starved perl -e "$busy"
t 'and is told' says 'the host did not let the emulator run' cat "$tmp/out"
t 'a fault in such a guest is found all the same' exits 99 starved \
	sh -c 'perl -e "$1"; insmod "$2" plant=rcu' sh "$busy" "$splat"
tap_end
