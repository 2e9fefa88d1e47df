# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# What the scripts in programs/ use. Each of them sets
#
#	version		of the program, as text
#	command		the words that start it in the foreground
#	user		who it runs as (root)
#
# and defines
#
#	setup		makes all it needs, below $dir; nothing is left from before
#	ready		whether it can be used; called again and again
#	learn		the short script that it is learned on
#	life		the longer one: op NAME COMMAND... for each operation
#
# $main is its first process, $site a directory with pages, $cgroup what it runs in.

# shellcheck source=selftests/nginx.sh
. "$(dirname "${BASH_SOURCE[0]}")/../nginx.sh"

user=root
url=http://127.0.0.1:8080

members() { cat "$cgroup/cgroup.procs" 2>/dev/null; }
alive() { [ -n "$(members)" ]; }
empty() { ! alive; }

# get URL STATUS [CURL-OPTION]...
get() {
	[ "$(curl -s -o "$dir/got" -m 20 -w '%{http_code}' "${@:3}" "$1")" = "$2" ]
}
page() { get "$url/" 200 && grep -q 'a page' "$dir/got"; }
# The whole file is received as it is.
large() { get "$url/large" 200 && cmp -s "$dir/got" "$site/large"; }
missing() { get "$url/none" 404; }
# says NAME PATTERN: the page of that name has a line that matches.
says() { get "$url/$1" 200 && grep -q "$2" "$dir/got"; }
part() { get "$url/large" 206 -r 0-9 && [ "$(wc -c <"$dir/got")" -eq 10 ]; }
# Ten requests at the same time, all of which are answered.
crowd() {
	local i jobs=()

	for i in 1 2 3 4 5 6 7 8 9 10; do
		curl -s -o "/dev/null" -m 30 -f "$url/large" &
		jobs+=($!)
	done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
# A client that closes the connection in the middle of the answer.
leave() { curl -s -m 30 "$url/large" | head -c 100 >/dev/null; page; }

pages() {
	site=$dir/site
	mkdir -p "$site" && echo 'a page' >"$site/index.html" &&
		head -c 3000000 /dev/urandom >"$site/large"
}

# behind COMMAND...: with a server of pages outside of the cgroup, at port 8088.
behind() {
	local server status

	busybox httpd -f -p 127.0.0.1:8088 -h "$site" &
	server=$!
	wait_for 10 curl -s -o /dev/null http://127.0.0.1:8088/
	"$@"
	status=$?
	kill "$server"
	# The next one needs the port.
	wait "$server" 2>/dev/null
	return "$status"
}

# signal NAME [PID]
signal() { kill -s "$1" "${2:-$main}"; }
children() { pgrep -P "$main"; }
# A child process is killed, and the program starts another one.
crash() {
	local child

	child=$(children | tail -n 1)
	[ -n "$child" ] && kill -s "${1:-SEGV}" "$child" && wait_for 30 gone "$child" &&
		wait_for 30 ready
}
gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }

# ends SIGNAL [STATUS]: on SIGNAL all processes of the program end, the first with STATUS.
ends() {
	local status

	kill -s "$1" "$main" && wait_for 60 empty || return
	wait "$job"
	status=$?
	[ "$status" -eq "${2:-0}" ] || { echo "exit status $status"; return 1; }
}

# op NAME COMMAND...: one operation; broken without a try if no process of the program runs.
op() {
	local name=$1
	shift

	ops+=("$name")
	if ! alive || ! "$@" >>"$log" 2>&1; then
		broken+=("$name")
		echo "# $program, $phase: $name is broken"
		[ "$phase" = nothing ] && tail -n 5 "$log" | sed 's/^/#   /'
	fi
}
