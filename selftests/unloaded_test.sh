#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm: --no-module
#
# The tool without the module: exit code 3, one line, and what to do.

set -u
# shellcheck source=selftests/tap.sh
. "$(dirname "$0")/tap.sh"

cgroup=/sys/fs/cgroup/unloaded
mkdir "$cgroup" || exit
trap 'rmdir "$cgroup"' EXIT

# shellcheck disable=SC2317 # called through t
one_line() {
	local text

	text=$(exits 3 "$@" 2>&1 >/dev/null) || return
	[ "$(wc -l <<<"$text")" -eq 1 ] && says 'modprobe scmod' echo "$text"
}

for verb in learn complain enforce off forget status dump; do
	t "$verb: the module is not loaded" one_line scmod "$verb" "$cgroup"
done
t 'allow: the module is not loaded' one_line scmod allow "$cgroup" read
t 'status without argument' one_line scmod status
t 'no verb: what to do first' one_line scmod
t 'and what then' says 'scmod learn CGROUP' scmod
t 'forget --all' one_line scmod forget --all
t 'doctor says so, too' exits 3 scmod doctor
t 'and what to do' says 'modprobe scmod' scmod doctor
t 'in JSON, too' [ "$(scmod doctor --json | jq -c '[.ok, .checks[0].ok]')" = '[false,false]' ]
t 'version needs no module' exits 0 scmod version
t 'nor does help' exits 0 scmod help learn
t 'a wrong command line is told first' exits 2 scmod learn
tap_end
