# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# TAP for tests in shell. Source it, then: t "what holds" COMMAND [ARG]..., and
# tap_end as the last line. A failed test's output is shown.

tap_n=0 tap_bad=0

# t DESCRIPTION COMMAND...: passes if COMMAND returns 0.
t() {
	local what=$1 text status
	shift

	tap_n=$((tap_n + 1))
	text=$("$@" 2>&1)
	status=$?
	if [ "$status" -eq 0 ]; then
		echo "ok $tap_n $what"
	else
		tap_bad=$((tap_bad + 1))
		echo "not ok $tap_n $what"
		echo "# exit status $status of: $*"
		[ -z "$text" ] || sed 's/^/#   /' <<<"$text"
	fi
	return "$status"
}

# exits STATUS COMMAND...: does COMMAND exit with STATUS?
exits() {
	local want=$1 status
	shift

	"$@"
	status=$?
	[ "$status" -eq "$want" ] || { echo "exit status $status, not $want"; return 1; }
}

# says TEXT COMMAND...: does the output of COMMAND contain TEXT?
says() {
	local want=$1 text
	shift

	text=$("$@" 2>&1)
	case $text in
	*"$want"*) return 0 ;;
	esac
	echo "no '$want' in: $text"
	return 1
}

# says_not TEXT COMMAND...: does COMMAND succeed without TEXT in its output?
says_not() {
	local unwanted=$1 text status
	shift

	text=$("$@" 2>&1)
	status=$?
	[ "$status" -eq 0 ] || { echo "exit status $status: $text"; return 1; }
	case $text in
	*"$unwanted"*) echo "'$unwanted' in: $text"; return 1 ;;
	esac
}

# exits_saying STATUS TEXT COMMAND...: both, one run for each.
exits_saying() {
	local status=$1 text=$2
	shift 2

	exits "$status" "$@" && says "$text" "$@"
}

# quietly COMMAND...: what it says goes to $dir/log, and is shown if it fails. What it
# leaves running does not hold the output of the test, for whose end t waits.
quietly() {
	# shellcheck disable=SC2154
	"$@" >"$dir/log" 2>&1 </dev/null || { cat "$dir/log"; return 1; }
}

tap_end() {
	echo "1..$tap_n"
	[ "$tap_bad" -eq 0 ]
	exit
}
