#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: host
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
tap_end
