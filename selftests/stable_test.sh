#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# scmod learn --until-stable: how long it waits, what it does after the wait, and what holds when
# the wait is interrupted.
#
# vm: --mem 2048

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and other languages expand later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d) || exit
cgroup=/sys/fs/cgroup/stable
mkdir "$cgroup" || exit
cleanup() { cgroup_end "$cgroup"; rm -rf "$dir"; }
trap cleanup EXIT

# works SECONDS: starts a program that makes a new call each second, then the same call for ever.
works() {
	inside "$cgroup" perl -e 'for ((102, 104, 107, 108, 110, 111, 112, 39)[0 .. $ARGV[0] - 1]) { syscall($_); sleep 1 }
		while () { syscall(39); sleep 1 }' "$1" >/dev/null 2>&1 &
}
works_not() { cgroup_kill "$cgroup"; wait; scmod off "$cgroup"; scmod forget "$cgroup"; } >/dev/null 2>&1
mode() { scmod status "$cgroup" --json | jq -r '.policies[0].mode'; }
learn() { scmod learn "$cgroup" --infer none "$@" >"$dir/out" 2>"$dir/said"; }
# takes LEAST MOST COMMAND...: passes if COMMAND succeeds within these numbers of seconds.
takes() {
	local least=$1 most=$2 from=$SECONDS
	shift 2

	"$@" || { cat "$dir/said"; return 1; }
	[ $((SECONDS - from)) -ge "$least" ] && [ $((SECONDS - from)) -le "$most" ] || { echo "$((SECONDS - from)) s"; cat "$dir/said"; return 1; }
}

works 6
t 'it waits until nothing is new' takes 8 60 learn --until-stable=5s --max 60s
t 'learning goes on then' [ "$(mode)" = learn ]
# getuid is the first call, and may be made before learning begins; these come 3 to 5 s later.
t 'what was made meanwhile is in the record' eval 'scmod status "$cgroup" --json | jq -e "[.policies[0].abis[0].seen[].name] | contains([\"getegid\", \"getppid\", \"getpgrp\"])"'
t 'progress is shown' grep -qE '^scmod: learn /stable: [0-9]+s: [0-9]+ calls seen, nothing new for [0-9]s of 5s; last: [a-z_0-9]+ by perl\[[0-9]+\]$' "$dir/said"
t 'without a terminal, in few lines' [ "$(grep -c 'calls seen' "$dir/said")" -le 6 ]
t 'on a terminal, in one line that is overwritten' eval '"$here/terminal" 25 80 "?nothing new for 2s of 3s" -- scmod learn "$cgroup" --infer none --until-stable=3s >"$dir/shown" &&
	[ "$(tr "\r" "\n" <"$dir/shown" | grep -c "calls seen")" -ge 3 ] && [ "$(grep -c "calls seen" "$dir/shown")" = 1 ]'
t '--quiet shows none' eval 'scmod learn "$cgroup" -q --infer none --until-stable=1s 2>"$dir/said" && [ ! -s "$dir/said" ]'
t '--then dump FILE writes it' eval 'learn "$dir/profile" --until-stable=1s --then dump && jq -e ".syscalls | length > 0" "$dir/profile"'
t '--then dump alone, to standard output' eval 'learn --until-stable=1s --then dump && sed "/^{/,\$!d" "$dir/out" | jq -e ".syscalls | length > 0"'
t '--then complain' eval 'learn --until-stable=1s --then complain && [ "$(mode)" = complain ]'
t '--then enforce' eval 'learn --until-stable=1s --then enforce && [ "$(mode)" = enforce ]'
works_not

works 1
t '--max ends the wait' eval 'takes 3 30 exits 1 learn --until-stable=1h --max 3s --then enforce'
t 'and prints that it was not stable' grep -q 'not stable in the time of --max; learning goes on' "$dir/said"
t '--then is not done' [ "$(mode)" = learn ]
for signal in INT TERM; do
	# bash starts background commands with SIGINT ignored, so perl resets it.
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' scmod learn "$cgroup" --infer none --until-stable=1h >/dev/null 2>"$dir/said" &
	pid=$!
	wait_for 30 grep -q 'calls seen' "$dir/said"
	kill -s "$signal" "$pid"
	wait "$pid"
	t "SIG$signal ends the wait" [ $? = 1 ]
	t 'learning goes on' eval '[ "$(mode)" = learn ] && grep -q "interrupted; learning goes on: run this again" "$dir/said"'
done
t 'nothing is lost when it is run again' eval '
	seen=$(scmod status "$cgroup" --json | jq ".policies[0].counts.seen") && learn --until-stable=1s &&
	[ "$(scmod status "$cgroup" --json | jq ".policies[0].counts.seen")" -ge "$seen" ]'
works_not
t 'a cgroup without calls is not stable' eval 'takes 3 30 exits 1 learn --until-stable=1s --max 3s'
rmdir "$cgroup"
t 'nor is a policy whose cgroup does not exist' eval 'takes 3 30 exits 1 learn --until-stable=1s --max 3s'
mkdir "$cgroup"
works 1
scmod learn "$cgroup" --infer none --until-stable=1h >/dev/null 2>"$dir/said" &
pid=$!
wait_for 30 grep -q 'calls seen' "$dir/said"
scmod off "$cgroup" >/dev/null
wait "$pid"
t 'a change of mode by another process ends the wait' [ $? = 1 ]
t 'and the new mode is reported' grep -q 'was set to mode off' "$dir/said"
t 'a time that is not valid' fails 2 "is not a time" scmod learn "$cgroup" --until-stable=5x
t '--max has no effect without --until-stable' fails 2 '--max has no effect without --until-stable' scmod learn "$cgroup" --max 5m
t 'nor has --then' fails 2 '--then has no effect without --until-stable' scmod learn "$cgroup" --then enforce
t 'nor has FILE without --then dump' fails 2 'one word too many' scmod learn "$cgroup" file --until-stable=1s

tap_end
