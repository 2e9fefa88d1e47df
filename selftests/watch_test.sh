#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What scmod watch and scmod denied show. event_test tests that the module sends each event.
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
base=/sys/fs/cgroup/system.slice
cgroup=$base/web.service
other=$base/other.service
watcher='' ended=''
mkdir -p "$cgroup" "$other" || exit
cleanup() {
	{
		[ -z "$watcher" ] || kill "$watcher"
		for each in "$base"/*.service; do cgroup_kill "$each"; done
		wait
		scmod status --json | jq -r '.policies[].id' | while read -r id; do scmod off "$id"; done
		scmod forget --all
		rmdir "$base"/*.service
		rm -rf "$dir"
	} >/dev/null 2>&1
}
trap cleanup EXIT

# call CGROUP NUMBER...: makes these calls in the cgroup, with all arguments 0. perl itself makes
# others at its start, getuid and the like among them.
call() {
	local where=$1
	shift

	inside "$where" perl -e 'syscall($_ + 0, 0, 0) for @ARGV' "$@" >/dev/null 2>&1 </dev/null
}
# watch_into FILE [WORD]...: starts watch, and returns when the first event shows that it listens.
# Do not call it through t: t runs commands in a subshell, and only the parent can wait.
watch_into() {
	local file=$1
	shift

	# bash starts background commands with SIGINT ignored, so perl resets it.
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' scmod watch "$@" >"$file" 2>"$dir/err" &
	watcher=$!
	wait_for 30 eval '{ scmod learn "$cgroup" --infer none; [ -s "$file" ]; }'
}
# unwatch [SIGNAL]: ends watch, and stores its exit status in $ended.
unwatch() {
	kill -s "${1:-INT}" "$watcher"
	wait "$watcher"
	ended=$?
	watcher=''
}
# tells FILE FILTER: whether FILTER is true of an object in FILE.
tells() { jq -se "any(.[]; $2)" "$1" >/dev/null || { cat "$1"; return 1; }; }

# ---- watch

scmod learn "$cgroup" --infer none >/dev/null 2>&1
scmod learn "$other" --infer none >/dev/null 2>&1
call "$cgroup" 39
watch_into "$dir/events" --json
t 'watch listens' [ -s "$dir/events" ]
call "$cgroup" 24
t 'a new call is shown' wait_for 20 tells "$dir/events" '.event == "new" and .name == "sched_yield" and .nr == 24 and
	.abi == "x86_64" and .comm == "perl" and .pid > 0 and .workload == "unit:web.service" and .path == "/system.slice/web.service"'
t 'one object on each line' eval 'while read -r line; do jq -e .event <<<"$line" || exit 1; done <"$dir/events" >"$dir/each"'
t 'a call that was seen before is not' eval '! tells "$dir/events" ".name == \"getpid\"" >/dev/null'
scmod enforce "$cgroup" >/dev/null 2>&1
t 'a new mode is shown' wait_for 20 tells "$dir/events" '.event == "mode" and .mode == "enforce"'
call "$cgroup" 166
t 'a refused call is shown' wait_for 20 tells "$dir/events" '.event == "refused" and .name == "umount2"'
scmod complain "$cgroup" >/dev/null 2>&1
call "$cgroup" 169
t 'a call that would be refused is shown' wait_for 20 tells "$dir/events" '.event == "reported" and .name == "reboot"'
call "$other" 111
t 'events of all policies are shown' wait_for 20 tells "$dir/events" '.name == "getpgrp" and .workload == "unit:other.service"'
rmdir "$other" && mkdir "$other"
t 'a cgroup that is removed and made again is shown' eval 'wait_for 20 tells "$dir/events" ".event == \"gone\"" && wait_for 20 tells "$dir/events" ".event == \"came\""'
unwatch
t 'when watch is interrupted, its exit status is 0' [ "$ended" = 0 ]
t 'and it has printed no error' [ ! -s "$dir/err" ]
watch_into "$dir/one" web
t 'watch of one name listens' [ -s "$dir/one" ]
call "$other" 186
call "$cgroup" 140
t 'in text, a line each' wait_for 20 grep -qE '^[0-9][0-9]:[0-9:.]+  (new|reported)  +getpriority +perl\[[0-9]+\]  unit:web.service$' "$dir/one"
t 'without the events of other policies' eval '! grep gettid "$dir/one"'
unwatch TERM
t 'SIGTERM ends it, too' [ "$ended" = 0 ]
t 'an unknown name' fails 1 'no cgroup, unit, container or pod' scmod watch qqqqqq
t 'watch ends when the reader of its output has gone' eval '
	(scmod watch --json; echo "$?" >"$dir/ended") | head -n 1 >/dev/null &
	wait_for 30 eval "{ scmod learn \"$cgroup\" --infer none; [ -s \"$dir/ended\" ]; }"'
t 'an unprivileged user may not watch' exits 4 setpriv --reuid 65534 --clear-groups "$(command -v scmod)" watch

# ---- many

scmod status --json | jq -r '.policies[].id' | while read -r id; do scmod off "$id" >/dev/null; done
scmod forget --all >/dev/null
# All calls but those that fork or end the program, wait, or read a frame that is not there.
calls() { for nr in {0..334} {424..450}; do case $nr in 15 | 5[6-9] | 60 | 231 | 435) ;; *) echo "$nr" ;; esac; done; }
many=()
for i in {1..30}; do
	many+=("$base/many-$i.service")
	mkdir "$base/many-$i.service"
done
scmod learn "${many[0]}" --infer none >/dev/null
call "${many[0]}" 39
scmod dump "${many[0]}" --format list --infer none -o "$dir/perl" 2>/dev/null
scmod forget "${many[0]}" >/dev/null
for each in "${many[@]}"; do scmod enforce "$each" --profile "$dir/perl" >/dev/null 2>&1; done
watch_into "$dir/many" --json
t 'watch listens again' [ -s "$dir/many" ]
for each in "${many[@]}"; do
	# shellcheck disable=SC2046
	call "$each" $(calls)
done
sleep 2
unwatch
t 'and ends' [ "$ended" = 0 ]
all=$(jq -s '[.[] | select(.event == "refused")] | length' "$dir/many")
lost=$(jq -s '[.[] | select(.event == "lost").count] | add // 0' "$dir/many")
echo "# $all events of refusals, $lost lost"
t 'a flood: each line is an object' eval 'jq -e .event <"$dir/many" >/dev/null && [ "$(wc -l <"$dir/many")" = "$(jq -s length "$dir/many")" ]'
denied=$(scmod status --json | jq '[.policies[].counts.denied] | add')
t 'each first refusal was shown, or counted as lost' [ $((all + lost)) -ge "$denied" ]
t 'it was a flood' [ "$denied" -ge 8000 ]
for each in "${many[@]}"; do
	scmod off "$each" >/dev/null
	scmod forget "$each" >/dev/null
	rmdir "$each"
done

# ---- denied

scmod forget --all >/dev/null
t 'denied, when no call was refused' says 'no call was refused' scmod denied
scmod learn "$cgroup" --infer none >/dev/null
call "$cgroup" 39
scmod enforce "$cgroup" --infer none >/dev/null 2>&1
call "$cgroup" 24 24 24 166
denied_has() { scmod denied "$@" --json | jq -e ".policies[0] | $filter" >/dev/null; }
filter='.workload == "unit:web.service" and .mode == "enforce" and (.calls | any(.name == "sched_yield" and .count == 3 and
	.comm == "perl" and .last == null and .per_second == 0 and .reason == "plain" and (.allowed | not) and
	.do == "scmod allow /system.slice/web.service sched_yield"))'
t 'denied shows how often, by whom, and the command that allows the call' denied_has web
t 'without a name, it shows all policies' denied_has
filter='.calls | any(.name == "umount2" and .reason == "never" and (.why | startswith("never inferred")))'
t 'of a call that is never inferred, it shows why not' denied_has web
t 'in text' eval 'scmod denied web >"$dir/text" && grep -qE "^  x86_64:sched_yield +3 times  first 20.*  earlier$" "$dir/text" &&
	grep -qE "^      first by perl\[[0-9]+\]$" "$dir/text" && grep -qx "      scmod allow /system.slice/web.service sched_yield" "$dir/text"'
t 'the text fits in 80 columns' [ "$(grep -v '^ \{6\}never' "$dir/text" | wc -L)" -le 80 ]
t 'the command that it shows works' eval '$(scmod denied web --json | jq -r ".policies[0].calls[] | select(.name == \"sched_yield\").do") &&
	scmod denied web | grep -A 2 sched_yield | grep -q "is allowed now"'
t 'no call is refused now, so status tells of no pace' eval 'wait_for 10 eval "scmod status web --json | jq -e \".policies[0].pace == null\""'
# Another program was refused the call first; the one that spins is to be named, within 10 s.
call "$cgroup" 111
cp /usr/bin/perl "$dir/spinner"
inside "$cgroup" "$dir/spinner" -e 'while () { syscall(111) }' >/dev/null 2>&1 &
paced() { scmod "$@" --json | jq -e '.policies[0].pace | .per_second >= 100 and .comm == "spinner" and .pid > 0 and .abi == "x86_64" and .name == "getpgrp" and .nr == 111' >/dev/null; }
t 'status tells how many calls are refused per second, and whose' wait_for 10 paced status web
t 'denied, too' wait_for 10 paced denied web
t 'status in text' says ' calls refused (or would have been) per second, the last of spinner[' scmod status web
t 'in the list, too' says ' per second)' scmod status
t 'denied in text' says 'SPINS    ' scmod denied web
wait_for 30 eval 'filter=".calls | any(.name == \"getpgrp\")"; denied_has web'
filter='.calls | any(.name == "getpgrp" and .per_second >= 100 and .last != null)'
t 'a program that makes a refused call in a loop is shown' denied_has web
t 'in text, too' says 'SPINS: ' scmod denied web
cgroup_kill "$cgroup"
wait
tap_end
