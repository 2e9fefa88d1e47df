#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Attach to an nginx that was there before: its master sits in rt_sigsuspend, its
# workers in epoll_wait, and neither call is entered again until something
# happens. Enforcing the record must neither kill nor wake nor hang them.
#
# What nginx calls only to shut down can't be in such a record. It is refused, and
# this says which calls those are; with them allowed it ends as ever. They are
# learned from a third nginx, which is told to end while it learns.

# shellcheck disable=SC2317 # functions are called through t

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/nginx.sh
. "$here/nginx.sh"

dir=$(mktemp -d) || exit
cleanup() {
	local name

	for name in ending driven idle; do
		scmod off "/sys/fs/cgroup/$name"
		scmod forget "/sys/fs/cgroup/$name"
		echo 1 >"/sys/fs/cgroup/$name/cgroup.kill"
		wait
		rmdir "/sys/fs/cgroup/$name"
	done >/dev/null 2>&1
	rm -rf "$dir"
}
trap cleanup EXIT

members() { tr '\n' ' ' <"$cgroup/cgroup.procs"; }
set_of() {
	scmod status "$cgroup" --json |
		jq -r --arg set "$1" '[.policies[].abis[][$set][].name] | sort | join(" ")'
}
sits_in() { grep -q "^$2 " "/proc/$1/syscall"; }
is_seen() { [[ " $(set_of seen) " == *" $1 "* ]]; }
not_denied() {
	local call

	for call; do
		[[ " $(set_of denied) " != *" $call "* ]] || { echo "$call was refused"; return 1; }
	done
}
same_members() { [ "$(members)" = "$before" ] || { echo "now: $(members); before: $before"; return 1; }; }
ticks() { for p in $before; do cat "/proc/$p/stat"; done | awk '{ n += $14 + $15 } END { print n }'; }
# Three seconds without a request: less than a tenth of one CPU.
at_rest() {
	local from

	from=$(ticks)
	sleep 3
	[ $(($(ticks) - from)) -lt 30 ] || { echo "$(($(ticks) - from)) ticks in 3 s"; return 1; }
}
# What it logs, or if it may not write, what it was refused.
told() {
	grep -q 'signal 3 (SIGQUIT) received' "$site/error.log" ||
		[[ " $(set_of denied) " == *" sendmsg "* ]]
}
ended() { [ -z "$(members)" ]; }
# end: SIGQUIT, and what became of the master, in status.
end() {
	kill -QUIT "$master"
	wait_for 20 ended || ps -o pid,stat,wchan:20,time,args -C nginx | sed 's/^/# /'
	echo 1 >"$cgroup/cgroup.kill"
	wait "$job" 2>/dev/null
	status=$?
}
workers_ended_well() {
	! grep 'exited on signal' "$site/error.log" || return
	[ "$(grep -c 'worker process .* exited with code 0' "$site/error.log")" -eq 2 ]
}

# begin NAME PORT: nginx at rest in its cgroup, then learning.
begin() {
	local worker

	cgroup=/sys/fs/cgroup/$1 site=$dir/$1 url=http://127.0.0.1:$2
	mkdir -p "$site" && chmod 755 "$dir" && site_make "$site" "$2" && mkdir "$cgroup" || exit
	site_command "$site"
	# shellcheck disable=SC2154
	inside "$cgroup" "${command[@]}" &
	job=$!
	wait_for 60 test -s "$site/nginx.pid" || exit
	master=$(cat "$site/nginx.pid")
	wait_for 60 sits_in "$master" 130
	for worker in $(pgrep -P "$master"); do wait_for 60 sits_in "$worker" 232; done
	before=$(members)
	t "$1: the master sits in rt_sigsuspend" sits_in "$master" 130
	t "$1: a master and two workers" [ "$(wc -w <<<"$before")" -eq 3 ]
	t "$1: learning begins" scmod learn "$cgroup"
	t "$1: it is called partial" says partial scmod dump "$cgroup" -o "$dir/partial"
}

requests() {
	local end=$((SECONDS + 10))

	while [ "$SECONDS" -lt "$end" ]; do
		page_served "$url" || return
		answers "$url/large" 200 || return
		answers "$url/none" 404 || return
		answers "$url/large" 206 -r 0-9 || return
	done
}

# finish NAME: enforce what is known now, and what must hold then.
finish() {
	local name=$1

	t "$name: rt_sigsuspend, in which the master sits, is in the record" is_seen rt_sigsuspend
	t "$name: epoll_wait, in which the workers sit, is in the record" is_seen epoll_wait
	t "$name: its own record is enforced" scmod enforce "$cgroup"
	t "$name: all three go on" same_members
	t "$name: and are at rest" at_rest
}

# quit NAME: SIGQUIT under the record alone, then with the calls of shutting down.
quit() {
	local name=$1

	kill -QUIT "$master"
	t "$name: SIGQUIT wakes the master" wait_for 20 told
	if wait_for 10 ended; then
		echo "# $name: the record was enough to shut down"
	else
		echo "# $name: refused when told to shut down: $(set_of denied)"
		t "$name: what they sat in is not refused" not_denied rt_sigsuspend epoll_wait
		t "$name: refused, none of them dies" same_members
		t "$name: nor spins" at_rest
		t "$name: what shutting down needs is allowed" scmod allow "$cgroup" "${shutdown[@]}"
		end
		t "$name: SIGQUIT ends the master within 20 s, status 0" [ "$status" -eq 0 ]
		t "$name: and the workers" workers_ended_well
		echo "# $name: refused in all: $(set_of denied)"
	fi
	t "$name: to the end, what they sat in was not refused" not_denied rt_sigsuspend epoll_wait
	t "$name: nothing is left in the cgroup" ended
}

begin ending 8080
end
t 'ending: SIGQUIT ends it while it learns' [ "$status" -eq 0 ]
t 'ending: its workers, too' workers_ended_well
scmod dump "$cgroup" --format list -o "$dir/shutdown" 2>/dev/null
mapfile -t shutdown < <(sed 's/ *#.*//; /^$/d' "$dir/shutdown")
echo "# ending takes: ${shutdown[*]}"

begin driven 8081
t 'driven: ten seconds of requests' requests
finish driven
t 'driven: pages are served' page_served "$url"
t 'driven: errors, too' answers "$url/none" 404
t 'driven: and parts' answers "$url/large" 206 -r 0-9
t 'driven: by the same workers' same_members
quit driven

begin idle 8082
sleep 3
finish idle
quit idle

tap_end
