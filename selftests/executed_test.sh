#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Programs that were executed while a policy learned, however short they lived: they are named,
# counted, kept over save and restore, and what they import is evidence when they have ended.

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and other languages expand later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d) || exit
base=/sys/fs/cgroup/executed
cgroup=$base/job
mkdir "$base" "$cgroup" || exit
cleanup() {
	{
		cgroup_kill "$base"
		wait
		scmod off "$base"
		scmod off "$cgroup"
		scmod forget --all
		find "$base" -depth -type d -exec rmdir {} +
		rm -rf "$dir"
	} >/dev/null 2>&1
}
trap cleanup EXIT

# of CGROUP FILTER: of the list of what was executed.
of() { scmod status "$1" --json 2>/dev/null | jq -e ".policies[0] | $2" >/dev/null || { scmod status "$1"; return 1; }; }
# ran CGROUP PATH COUNT
ran() { of "$1" "[.executed[] | select(.path == \"$2\")] | length == 1 and .[0].count == $3"; }
ran_not() { of "$1" "[.executed[] | select(.path == \"$2\")] == []"; }
again() { scmod off "$cgroup" && scmod forget "$cgroup" && scmod learn "$cgroup"; }
# because CALL FILE: the import of the file is a reason for the call.
because() { says ", imported by $2" scmod explain "$cgroup" "$1"; }

# ---- who ran, and is gone

truncate=$(readlink -f "$(command -v truncate)")
perl=$(readlink -f "$(command -v perl)")
quietly scmod learn "$cgroup"
inside "$cgroup" truncate --version >/dev/null
t 'a program that has ended is in the list' ran "$cgroup" "$truncate" 1
t 'with who, and when' of "$cgroup" '.executed[0] | .pid > 1 and (.first | startswith("20"))'
t 'status names it' says "ran      $truncate, 1 times" scmod status "$cgroup"
t 'nobody saw it truncate' of "$cgroup" '[.abis[].seen[].name] | index("ftruncate") | not'
t 'what it imports is a reason' because ftruncate "$truncate"
t 'in a dump, too' eval 'scmod dump "$cgroup" --format json 2>/dev/null >"$dir/a.json"; jq -e "
	[.abis[].calls[] | select(.name == \"ftruncate\" and .state == \"allow\")] | length == 1" "$dir/a.json"'
t 'which has the list' eval 'jq -e ".executed[0] | .path == \"'"$truncate"'\" and .count == 1" "$dir/a.json"'
t 'and is written as it was read' eval 'scmod dump "$dir/a.json" --format json 2>/dev/null | cmp - "$dir/a.json"'
t 'merged with itself, too' eval 'scmod merge "$dir/a.json" "$dir/a.json" --format json 2>/dev/null | cmp - "$dir/a.json"'
for i in 1 2 3; do inside "$cgroup" truncate --version >/dev/null; done
t 'it is counted' ran "$cgroup" "$truncate" 4
t 'a program outside is not in the list' eval '"$truncate" --help >/dev/null; ran "$cgroup" "$truncate" 4'
printf '#!%s\nexit 0;\n' "$perl" >"$dir/script"
chmod +x "$dir/script"
inside "$cgroup" "$dir/script"
t 'of a script, its interpreter is' ran "$cgroup" "$perl" 1
t 'and not the script' ran_not "$cgroup" "$dir/script"
cp "$truncate" "$dir/brief"
inside "$cgroup" "$dir/brief" --version >/dev/null
rm "$dir/brief"
t 'a program that was removed is in the list' ran "$cgroup" "$dir/brief" 1
t 'and it is said that it is not there' says "the imports of $dir/brief could not be read: it was executed while the policy learned" scmod dump "$cgroup"
cp "$perl" "$dir/brief"
t 'another file of that name is not taken for it' says "the imports of $dir/brief could not be read" scmod dump "$cgroup"
rm "$dir/brief"
inside "$cgroup" "$perl" -e '
	use strict;
	my $name = "x";
	my $fd = syscall(319, $name, 0);
	open(my $to, ">&=", $fd) or die;
	open(my $from, "<", $ARGV[0]) or die;
	binmode $_ for $to, $from;
	local $/;
	syswrite($to, readline($from)) or die;
	exec { "/proc/self/fd/$fd" } "x", "--version" or die' "$truncate" >/dev/null
t 'a program in memory only is in the list' of "$cgroup" '[.executed[].path] | any(startswith("/memfd:x"))'

# ---- modes, and policies above

quietly again
quietly scmod learn "$base"
inside "$cgroup" truncate --version >/dev/null
t 'the policy above has it, too' eval 'ran "$base" "$truncate" 1 && ran "$cgroup" "$truncate" 1'
quietly scmod complain "$cgroup" --learn
inside "$cgroup" truncate --version >/dev/null
t 'complain --learn records' ran "$cgroup" "$truncate" 2
quietly scmod off "$base"
quietly scmod complain "$cgroup"
inside "$cgroup" truncate --version >/dev/null
t 'complain does not: what it reports is not learned' ran "$cgroup" "$truncate" 2
quietly scmod enforce "$cgroup"
inside "$cgroup" truncate --version >/dev/null
t 'enforce does not' ran "$cgroup" "$truncate" 2
t 'nor does off' ran "$base" "$truncate" 2
quietly scmod forget "$base"
quietly scmod off "$cgroup"

# ---- other roots

quietly again
mkdir "$dir/here"
inside "$cgroup" unshare --mount sh -c '
	mount -t tmpfs none "$1" && cp "$2" "$1/tool" && "$1/tool" --version >"$1/said" &&
	mount -t tmpfs none /mnt && exec sleep 600' _ "$dir/here" "$truncate" &
t 'a program of another mount namespace is in the list' wait_for 20 ran "$cgroup" "$dir/here/tool" 1
wait_for 20 of "$cgroup" '[.executed[].path] | any(endswith("/sleep"))'
t 'and is found there' because ftruncate "$dir/here/tool"
cgroup_kill "$cgroup"
wait
t 'not any more when that is gone' says "the imports of $dir/here/tool could not be read" scmod dump "$cgroup"

# ---- save and restore

quietly again
inside "$cgroup" truncate --version >/dev/null
scmod save "$dir/saved.json" >/dev/null 2>&1
quietly scmod off "$cgroup"
quietly scmod forget "$cgroup"
quietly scmod restore "$dir/saved.json"
t 'restore brings it back' ran "$cgroup" "$truncate" 1
t 'as evidence, too' because ftruncate "$truncate"
t 'restored twice, it is there once' eval 'quietly scmod restore "$dir/saved.json"; ran "$cgroup" "$truncate" 1'
inside "$cgroup" truncate --version >/dev/null
t 'and goes on being counted' of "$cgroup" "[.executed[] | select(.path == \"$truncate\") | .count] | add == 2"

# ---- bounds

quietly again
# Hard links are one file; so these are copies, of a program that is small.
mkdir "$dir/many"
for ((i = 0; i < 160; i++)); do cp /bin/true "$dir/many/$i"; done
inside "$cgroup" sh -c 'for program in "$1"/*; do "$program"; done' _ "$dir/many"
t '128 programs are kept' of "$cgroup" '.executed | length == 128'
# The shell itself is one of them.
t 'the others are counted' of "$cgroup" '.executed_lost == 33'
t 'status tells' says '33 executions of programs for which there was no room' scmod status "$cgroup"
t 'all that are kept have a path' of "$cgroup" '[.executed[] | select(.path == null)] == []'
quietly again
long=$(printf '%0200d' 0)
for ((i = 0; i < 100; i++)); do mv "$dir/many/$i" "$dir/many/$long$i"; done
inside "$cgroup" sh -c 'for program in "$1"/0*; do "$program"; done' _ "$dir/many"
t 'where the paths find no room, the programs are kept' of "$cgroup" '.executed | length == 101'
t 'and it is counted' of "$cgroup" '(.executed_lost > 0) and .executed_lost == ([.executed[] | select(.path == null)] | length)'
t 'status says so' says 'a program whose path found no room' scmod status "$cgroup"
quietly again
inside "$cgroup" "$perl" -e 'for (1..100) { system "/bin/true" and die }'
t '100 executions are 100' ran "$cgroup" "$(readlink -f /bin/true)" 100

# ---- many at once

quietly again
inside "$cgroup" "$perl" -e '
	for (1..8) {
		next if fork;
		for my $file (glob "$ARGV[0]/10*") { system $file and die }
		for (1..20) { system "/bin/true" and die }
		exit;
	}
	1 while wait > 0' "$dir/many"
t 'of 8 processes at once none is lost' ran "$cgroup" "$(readlink -f /bin/true)" 160
t 'and no program is there twice' of "$cgroup" '[.executed[].path] | length == (unique | length)'

tap_end
