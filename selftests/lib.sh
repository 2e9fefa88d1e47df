# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What scripts need that work with running programs.

# wait_for SECONDS COMMAND...: try until it succeeds. A slow kernel gets more.
wait_for() {
	local end=$((SECONDS + $1 * ${SCMOD_TEST_SLOW:-1}))
	shift

	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.2
	done
}

# inside CGROUP COMMAND...: run it there; only COMMAND's own program is in it.
inside() {
	local cgroup=$1
	shift

	(echo "$BASHPID" >"$cgroup/cgroup.procs" && exec "$@")
}
