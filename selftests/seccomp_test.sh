#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm: --no-module
#
# The kernel's own test of seccomp, with and without scmod: each of its tests
# ends the same in a cgroup that is learned, that complains, and that may make
# exactly the calls that were learned, as it does without the module. What clone3
# asks for is in memory, so it returns ENOSYS, even if learned, until a person
# allows it; the tests of user notification are the ones that insist on it.
#
# Without the module it runs more than once: a test of it whose result differs
# from one of these runs to the other is flaky by itself, may have any of these
# results later, and is named.

# shellcheck disable=SC2317 # functions are called through t

set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"

build=$here/../build
program=$(readlink -f "$build/selftests/seccomp_bpf")
runs=${SCMOD_ROUNDS:-2}
cgroup=/sys/fs/cgroup/seccomp
dir=$(mktemp -d) || exit
mkdir "$cgroup" || exit
cleanup() {
	{
		scmod off "$cgroup"
		scmod forget --all
		rmdir "$cgroup"
	} >/dev/null 2>&1
	rm -rf "$dir"
}
trap cleanup EXIT
# Some of its tests end with a signal that dumps core.
ulimit -c 0

# results COMMAND...: run the selftest by it; a line for each test, sorted.
results() {
	(cd "$dir" && timeout "${SCMOD_TEST_TIMEOUT:-600}" "$@" "$program") >"$dir/out" 2>&1 </dev/null
	echo "status $?"
	grep '# SKIP' "$dir/out" | sed -E 's/^ok [0-9]+ (# )?/skip /'
	grep -v '# SKIP' "$dir/out" | sed -nE 's/^(not ok|ok) [0-9]+ (# )?/\1 /p' | sort
}
inside() {
	# shellcheck disable=SC2016
	results sh -c 'echo 0 >"$0/cgroup.procs" && exec "$1"' "$cgroup"
}
# same FILE [BUT]: is there nothing in it that was in no run without the module,
# and is no test missing? Lines that match BUT are left out.
same() {
	local odd but=${2:-^$}

	odd=$(grep -Ev "$but" "$1" | sort | comm -13 "$dir/without" -)
	[ -z "$odd" ] && cmp -s <(names "$dir/without") <(names "$1") && return
	echo "$odd"
	diff <(names "$dir/without") <(names "$1")
	grep -B 12 '^not ok' "$dir/out" | head -n 100
	return 1
}
names() { sed -nE 's/^(not ok|ok|skip) //p' "$1" | sort -u; }
many() { [ "$(names "$dir/without" | wc -l)" -ge 60 ]; }
load() { insmod "$build/$(uname -r)/scmod.ko" "hook=${SCMOD_HOOK:-auto}"; }

for ((i = 0; i < runs; i++)); do
	results >"$dir/run.$i"
done
sort -u "$dir"/run.* >"$dir/without"
echo "# without the module: $(cut -d ' ' -f 1 "$dir/run.0" | sort | uniq -c | tr -s ' \n' ' ')"
names "$dir/without" | while read -r name; do
	[ "$(grep -cxE "(ok|not ok|skip) $name" "$dir/without")" -eq 1 ] ||
		echo "# flaky without scmod: $name"
done
grep -E '^(not ok|skip)' "$dir/without" | sed 's/^/# without scmod: /'
t 'the kernel runs its tests' many
t 'the module loads' load

scmod learn "$cgroup" >/dev/null || exit
for ((i = 0; i < runs; i++)); do
	inside >"$dir/learn"
	t "learned, run $((i + 1)): each test ends as without the module" same "$dir/learn"
done
scmod complain "$cgroup" >/dev/null || exit
inside >"$dir/complain"
t 'complaining: each test ends as without the module' same "$dir/complain"
scmod enforce "$cgroup" >/dev/null || exit
inside >"$dir/enforce"
# The two that call clone3 with no other call to fall back on fail, and so does the
# program.
clone3='^status|^not ok global\.user_notification_filter_empty(_threaded)?$'
t 'under what was learned: each test that does without clone3 ends as without the module' \
	same "$dir/enforce" "$clone3"
scmod allow "$cgroup" clone3 >/dev/null || exit
inside >"$dir/allowed"
t 'clone3 is allowed by hand: each test ends as without the module' same "$dir/allowed"
tap_end
