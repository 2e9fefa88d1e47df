#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# scmod enforce --confirm and scmod confirm, as a person uses them. confirm_test tests the module.

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and other languages expand later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d) || exit
cgroup=/sys/fs/cgroup/try.slice
mkdir -p "$cgroup" || exit
cleanup() {
	{
		cgroup_kill "$cgroup"
		scmod off "$cgroup"
		scmod forget --all
		rmdir "$cgroup"
		rm -rf "$dir"
	} >/dev/null 2>&1
}
trap cleanup EXIT

field() { scmod status "$cgroup" --json | jq -c ".policies[0]$1"; }
is() { [ "$(field "$1")" = "$2" ] || { field "$1"; return 1; }; }
allowed() { field '.abis[0].allowed'; }

scmod learn "$cgroup" --infer none >/dev/null 2>&1
inside "$cgroup" perl -e 'syscall(39)' </dev/null
scmod enforce "$cgroup" --infer none >/dev/null 2>&1
# shellcheck disable=SC2034 # read by eval
first=$(allowed)
scmod dump "$cgroup" --format json --infer none -o "$dir/first.json" 2>/dev/null
jq '.calls' "$dir/first.json" >"$dir/first.calls"

t 'a time that is none is an error' fails 2 'is not a time' scmod enforce "$cgroup" --confirm soon
t 'so is one that is too long' fails 2 '49 days' scmod enforce "$cgroup" --confirm 50d
t 'nothing waits' fails 1 'No change of this policy waits' scmod confirm "$cgroup"
t 'and status says so' is '.confirm_ms' null

echo '{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":13,"architectures":["SCMP_ARCH_X86_64"],
	"syscalls":[{"names":["read","write"],"action":"SCMP_ACT_ALLOW"}]}' >"$dir/narrow.json"
scmod enforce "$cgroup" --profile "$dir/narrow.json" --errno ENOANO --confirm 1h >"$dir/out" 2>"$dir/err"
t 'what is to be done is printed' grep -q "waits for 'scmod confirm /try.slice'; unless that comes within" "$dir/out"
t 'the change holds' is '.errno' '"ENOANO"'
t 'the seconds that are left are shown' eval 'scmod status "$cgroup" | grep -qE "^confirm  [0-9]+ s left"'
t 'in the list, too' eval 'scmod status | grep -qE "/try.slice .*\([0-9]+ s left to confirm\)"'
scmod save "$dir/saved.json" >"$dir/out" 2>"$dir/err"
t 'what held before is saved' eval '[ "$(jq -r ".policies[0].errno" "$dir/saved.json")" = EPERM ]'
t 'which is said' grep -q 'of 1 policies a change waits' "$dir/err"
t 'what is confirmed' eval 'scmod confirm "$cgroup" | grep -qx "/try.slice: confirmed, enforce"'
t 'holds' is '.errno' '"ENOANO"'
t 'and nothing is left to confirm' is '.confirm_ms' null
scmod restore "$dir/saved.json" --replace >/dev/null 2>&1
t 'the saved policy is restored' eval '[ "$(allowed)" = "$first" ]'

# The whole session is killed once the change holds.
setsid sh -c 'scmod enforce "$1" --profile "$2" --errno ENOANO --confirm 2s >/dev/null 2>&1
	kill -KILL 0' - "$cgroup" "$dir/narrow.json" || :
t 'without confirmation, what held before comes back' wait_for 60 is '.errno' '"EPERM"'
t 'all calls' eval '[ "$(allowed)" = "$first" ]'
t 'with the reasons' eval '
	scmod dump "$cgroup" --format json --infer none -o "$dir/again.json" 2>/dev/null
	jq .calls "$dir/again.json" | cmp - "$dir/first.calls"'
t 'and status says when' eval 'scmod status "$cgroup" | grep -qE "^undone   rolled back at 20"'
t 'in the list, too' eval 'scmod status | grep -q "/try.slice.*(rolled back)"'
t 'too late' fails 1 'has been rolled back' scmod confirm "$cgroup"

scmod watch --json >"$dir/events" 2>/dev/null &
watcher=$!
wait_for 30 eval '{ scmod complain "$cgroup" >/dev/null 2>&1; [ -s "$dir/events" ]; }'
t 'a new mode ends that' is '.rolled_back' null
scmod enforce "$cgroup" --confirm 1s >/dev/null 2>&1
t 'watch tells of it' wait_for 60 grep -q '"event": *"rolled back"' "$dir/events"
t 'complain is back' is '.mode' '"complain"'
scmod enforce "$cgroup" --confirm 1h >/dev/null 2>&1
scmod confirm "$cgroup" >/dev/null
t 'and of what is confirmed' wait_for 60 grep -q '"event": *"confirmed"' "$dir/events"
kill "$watcher"
wait "$watcher" 2>/dev/null

tap_end
