# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for scripts that work with running programs.

# wait_for SECONDS COMMAND...: repeats COMMAND until it succeeds; SCMOD_TEST_SLOW times as long.
wait_for() {
	local end=$((SECONDS + $1 * ${SCMOD_TEST_SLOW:-1}))
	shift

	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.2
	done
}

# cgroup_kill CGROUP: kills all processes in it and below, and waits until they have ended. Older
# kernels have no cgroup.kill, and writing to it does not wait.
cgroup_kill() {
	local pids

	{ echo 1 >"$1/cgroup.kill"; } 2>/dev/null
	while pids=$(find "$1" -name cgroup.procs -exec cat {} + 2>/dev/null); [ "$pids" ]; do
		# shellcheck disable=SC2086
		kill -KILL $pids 2>/dev/null
		sleep 0.1
	done
}

# cgroup_end CGROUP: kills its processes, removes it, and forgets all policies.
cgroup_end() {
	{
		cgroup_kill "$1"
		wait
		scmod off "$1"
		scmod forget --all
		rmdir "$1"
	} >/dev/null 2>&1
}

# inside CGROUP COMMAND...: runs COMMAND there; the subshell moves itself, and then only executes.
inside() {
	local cgroup=$1
	shift

	(echo "$BASHPID" >"$cgroup/cgroup.procs" && exec "$@")
}

# fails STATUS TEXT COMMAND...: passes if the tool exits with STATUS, and prints one line on stderr
# with TEXT and advice. Notes may come before it. The whole of stderr is in $dir/all.
fails() {
	local want=$1 text=$2 status
	shift 2

	"$@" >/dev/null 2>"${dir:?}/all"
	status=$?
	grep -v '^scmod: note: ' "$dir/all" >"$dir/err"
	[ "$status" -eq "$want" ] || { echo "exit status $status, not $want"; cat "$dir/err"; return 1; }
	[ "$(wc -l <"$dir/err")" -eq 1 ] || { echo 'not one line:'; cat "$dir/err"; return 1; }
	grep -q '^scmod: ' "$dir/err" || { cat "$dir/err"; return 1; }
	grep -qF -- "$text" "$dir/err" || { echo "no '$text' in:"; cut -c -400 "$dir/err"; return 1; }
	grep -qE '; |--help|see ' "$dir/err" || { echo 'not what to do:'; cat "$dir/err"; return 1; }
}
