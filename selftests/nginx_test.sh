#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Learn an nginx that runs already: its master is blocked in rt_sigsuspend, its workers in
# epoll_wait, and they do not enter these calls again until something happens. Enforcing
# the record must neither kill, wake nor hang them.
#
# Calls that nginx makes only to shut down were not seen. They are inferred from the imports of
# nginx and its libraries, so that nginx ends normally without calls added by hand. With
# --infer none, the record has only the calls that were seen.

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

	for name in bare driven idle; do
		scmod off "/sys/fs/cgroup/$name"
		scmod forget "/sys/fs/cgroup/$name"
		cgroup_kill "/sys/fs/cgroup/$name"
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
# none_of SET CALL...: is none of these in that set?
none_of() {
	local set call

	set=$(set_of "$1")
	[ -n "$set" ] || { echo "$1 is empty"; return 1; }
	for call in "${@:2}"; do
		[[ " $set " != *" $call "* ]] || { echo "$call is $1"; return 1; }
	done
}
# all_of SET CALL...: is each?
all_of() {
	local set call

	set=$(set_of "$1")
	for call in "${@:2}"; do
		[[ " $set " == *" $call "* ]] || { echo "$call is not $1"; return 1; }
	done
}
counts() { scmod status "$cgroup" --json | jq -r ".policies[0].counts | \"$1: \(.seen) seen, \(.allowed) allowed, \(.denied) denied\""; }
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
ended() { [ -z "$(members)" ]; }
# end COMMAND...: what tells it to end, and what became of the master, in status.
end() {
	"$@"
	wait_for 20 ended || ps -o pid,stat,wchan:20,time,args -C nginx | sed 's/^/# /'
	cgroup_kill "$cgroup"
	wait "$job" 2>/dev/null
	status=$?
}
workers_ended_well() {
	! grep 'exited on signal' "$site/error.log" || return
	[ "$(grep -c 'worker process .* exited with code 0' "$site/error.log")" -eq 2 ]
}

# begin NAME PORT OPTION...: nginx at rest in its cgroup, then learning.
begin() {
	local worker
	# shellcheck disable=SC2034 # it is used in an eval
	learn=("${@:3}")

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
	t "$1: learning begins" eval 'scmod learn "$cgroup" "${learn[@]}" >"$dir/learn"'
	sed 's/^/# /' "$dir/learn"
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

# Calls that must never be inferred.
dangerous=(ptrace mount umount2 bpf unshare setns keyctl add_key init_module finit_module
	delete_module kexec_load io_uring_setup process_vm_writev perf_event_open reboot syslog)
# What nginx shuts down with, and did not call before that.
shutdown=(sendmsg recvmsg kill munmap unlink wait4 epoll_ctl close write exit_group)

# quit NAME COMMAND...: COMMAND tells it to end, under its record alone.
quit() {
	local name=$1
	shift

	t "$name: nothing dangerous is allowed" none_of allowed "${dangerous[@]}"
	t "$name: what shutting down needs is" all_of allowed "${shutdown[@]}"
	counts "# $name, enforced"
	end "$@"
	t "$name: told to, the master ends within 20 s, status 0" [ "$status" -eq 0 ]
	t "$name: and the workers" workers_ended_well
	t "$name: to the end, what they sat in was not refused" not_denied rt_sigsuspend epoll_wait
	t "$name: nor what shutting down needs" not_denied "${shutdown[@]}"
	t "$name: nothing is left in the cgroup" ended
	counts "# $name, ended"
	echo "# $name: refused in all: $(set_of denied)"
}

# As an administrator does it, from outside of the cgroup.
nginx_quit() { "${command[@]}" -s quit 2>/dev/null; }

begin bare 8080 --infer none
t 'bare: what was seen is all there is' [ -z "$(set_of allowed)" ]
t 'bare: and is no more than they sit in' [ "$(set_of seen)" = 'epoll_wait rt_sigsuspend' ]
t 'bare: the tool says nothing of likely calls' eval '! grep -q likely "$dir/learn"'
t 'bare: learning goes on, with what is likely' says 'allowed as likely' scmod learn "$cgroup"
t 'bare: which is allowed now' all_of allowed "${shutdown[@]}"
t 'bare: and not called seen' none_of seen "${shutdown[@]}"
end kill -QUIT "$master"
t 'bare: SIGQUIT ends it while it learns' [ "$status" -eq 0 ]
t 'bare: its workers, too' workers_ended_well
scmod dump "$cgroup" -o "$dir/alive" 2>/dev/null
rmdir "$cgroup"
scmod dump "$cgroup" -o "$dir/gone" 2>/dev/null
t 'bare: the dump stays the same when the cgroup is gone' eval 'test -s "$dir/gone" && cmp "$dir/alive" "$dir/gone"'
t 'bare: and it is explained' says 'import: chmod, imported by /usr/sbin/nginx' scmod explain "$cgroup" chmod

begin driven 8081
t 'driven: the tool says what it allows' grep -q 'the programs were already running: .* allowed as likely' "$dir/learn"
t 'driven: ten seconds of requests' requests
finish driven
t 'driven: pages are served' page_served "$url"
t 'driven: errors, too' answers "$url/none" 404
t 'driven: and parts' answers "$url/large" 206 -r 0-9
t 'driven: by the same workers' same_members
quit driven nginx_quit

begin idle 8082
sleep 3
finish idle
quit idle kill -QUIT "$master"

tap_end
