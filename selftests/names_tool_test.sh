#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Policies that follow names, as the tool makes and shows them: restarts, patterns, policies that
# wait, and invalid names. name_test tests that no call passes while a cgroup is made.
#
# vm: --param max_cgroups=8

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and other languages expand later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d) || exit
base=/sys/fs/cgroup/names
cgroup=$base/web.service
mkdir "$base" "$cgroup" || exit
forget_all() {
	scmod status --json | jq -r '.policies[].id' | while read -r id; do scmod off "$id"; done
	scmod forget --all
}
cleanup() {
	{
		cgroup_kill "$base"
		wait
		forget_all
		find "$base" -depth -type d -exec rmdir {} +
		rm -rf "$dir"
	} >/dev/null 2>&1
}
trap cleanup EXIT

# field FILTER CGROUP: of the status of a policy.
field() { scmod status "$2" --json 2>/dev/null | jq -r ".policies[0] | $1"; }
has() { [ "$(field "$1" "$3")" = "$2" ] || { echo "$1: $(field "$1" "$3")"; return 1; }; }
seen() { [[ " $(field '[.abis[0].seen[].name] | join(" ")' "$2") " == *" $1 "* ]]; }
notes() { local text=$1; shift; "$@" 2>&1 >/dev/null | grep -F -- "$text" || { "$@"; return 1; }; }
policies() { scmod status --json | jq '.policies | length'; }
# call CGROUP NUMBER: prints the errno of a call there. umount2(NULL) gets EFAULT unless refused.
call() { inside "$1" perl -e 'print syscall(shift, 0, 0) < 0 ? $!+0 : 0' "$2"; }
refused() { local got; got=$(call "$1" 166); [ "$got" = 1 ] || { echo "'$got'"; return 1; }; }
allowed() { local got; got=$(call "$1" 166); [ "$got" = 14 ] || { echo "'$got'"; return 1; }; }
# It makes getpid.
learn_perl() { call "$1" 39 >/dev/null; }
# Its cgroup as when a service stops, and when it starts.
stop() { cgroup_kill "$1"; wait_for 20 rmdir "$1"; }
restart() { stop "$1" && mkdir "$1"; }
end() { forget_all >/dev/null 2>&1; [ "$(policies)" = 0 ]; }

# ---- a restart

t 'learn gives the policy the name of its cgroup' eval '
	scmod learn "$cgroup" --json | jq -e ".named and (.waiting | not) and .cgroups == 1"'
learn_perl "$cgroup"
id=$(field .id "$cgroup")
scmod dump "$cgroup" --format list -o "$dir/list" 2>/dev/null
t 'status: it follows its name' says 'follows  its name; cgroups of that name: 1 now, 0 made since' scmod status "$cgroup"
t 'in JSON, too' has '[.named, .pattern, .waiting, .gone, .cgroups, .came] | join(" ")' 'true false false false 1 0' "$cgroup"
t 'enforce keeps it' eval 'scmod enforce "$cgroup" --json 2>/dev/null | jq -e ".named"'
t 'and refuses' refused "$cgroup"
stop "$cgroup"
t 'when the cgroup is removed, the policy waits' has '[.waiting, .gone, .mode, .cgroups, .came] | join(" ")' \
	'true false enforce 0 0' "$cgroup"
t 'status says so' says 'waiting  no cgroup has that name now' scmod status "$cgroup"
t 'in the list, too' says '/names/web.service (waiting)' scmod status
t 'it is found by its path below the mount' has .id "$id" /names/web.service
t 'and by its id' has .waiting true "$id"
for verb in dump explain report; do
	t "$verb of a policy that waits" exits 0 scmod "$verb" "$cgroup"
done
t 'it enforces, so it is not forgotten' fails 1 "run 'scmod off' on it first" scmod forget "$cgroup"
mkdir "$cgroup"
t 'when it is made again, calls are refused there at once' refused "$cgroup"
t 'the policy is the same' has .id "$id" "$cgroup"
t 'its record goes on' eval 'seen getpid "$cgroup" && [ "$(field ".abis[0].denied[] | select(.name == \"umount2\").count" "$cgroup")" = 2 ]'
t 'and tells that the cgroup came' has '[.waiting, .cgroups, .came] | join(" ")' 'false 1 1' "$cgroup"
t 'the id of the new cgroup means it, too' has .id "$id" "$(stat -c %i "$cgroup")"
t 'a policy keeps its name: --once' fails 1 "run 'scmod forget' on it first, or leave --once out" scmod learn "$cgroup" --once
t 'changes nothing then' has .mode enforce "$cgroup"
for _ in 1 2 3; do restart "$cgroup"; done
t 'and after more restarts' eval 'refused "$cgroup" && has .came 4 "$cgroup"'
stop "$cgroup"
t 'allow of a policy that waits' says 'added x86_64:umount2' scmod allow "$cgroup" umount2
mkdir "$cgroup"
t 'holds when the cgroup is there again' allowed "$cgroup"
stop "$cgroup"
t 'enforce again, with another errno, while it waits' eval 'scmod enforce "$cgroup" --errno EACCES 2>&1 >"$dir/out" |
	grep -F "no cgroup has that name now; the policy waits" && grep -q EACCES "$dir/out"'
t 'complain while it waits' exits 0 scmod complain "$cgroup"
t 'learn while it waits' exits 0 scmod learn "$cgroup"
t 'off while it waits' exits 0 scmod off "$cgroup"
t 'a policy that is off waits, too' has '[.mode, .waiting] | join(" ")' 'off true' "$cgroup"
t 'forget while it waits' says forgotten scmod forget "$cgroup"
mkdir "$cgroup"
t 'forgotten is forgotten' fails 1 'not tracked' scmod status "$cgroup"

# ---- partial: a restart while it learns shows all that happens at the start

inside "$cgroup" sleep 1000 >/dev/null 2>&1 &
wait_for 20 grep -q . "$cgroup/cgroup.procs"
scmod learn "$cgroup" --infer none >/dev/null 2>&1
t 'learning of running tasks is partial' has .partial true "$cgroup"
stop "$cgroup"
wait
t 'it is while it waits' has .partial true "$cgroup"
mkdir "$cgroup"
t 'but not when the cgroup is made again' has .partial false "$cgroup"
end

# ---- once

t 'learn --once gives no name' eval 'scmod learn "$cgroup" --once --json | jq -e ".named | not"'
learn_perl "$cgroup"
t 'nor does enforce --once' eval 'scmod enforce "$cgroup" --once --json 2>/dev/null | jq -e ".named | not"'
t 'status tells of no name' says_not follows scmod status "$cgroup"
id=$(field .id "$cgroup")
restart "$cgroup"
t 'after a restart, it ends' allowed "$cgroup"
t 'what stays is its record' has '[.gone, .waiting] | join(" ")' 'true false' "$id"
t 'which can not be enforced' fails 1 gone scmod enforce "$id"
end
scmod learn "$cgroup" --once >/dev/null
t 'learn without --once names a policy that has no name' eval '
	scmod learn "$cgroup" --json | jq -e ".named and .already"'
end
scmod learn "$cgroup" --once >/dev/null
id=$(field .id "$cgroup")
t 'by its id, too' eval 'scmod learn "$id" --json | jq -e ".named"'
restart "$cgroup"
t 'from then on it follows' has .id "$id" "$cgroup"
end
t 'the root cgroup needs no name' eval 'scmod learn /sys/fs/cgroup >/dev/null && has .path / /sys/fs/cgroup'
end

# ---- waiting from the beginning

stop "$cgroup"
for verb in learn complain enforce; do
	t "$verb of a path that is not there" fails 1 'check the path, or give --absent' scmod "$verb" "$cgroup"
done
t 'no policy comes of it' [ "$(policies)" = 0 ]
t 'enforce --absent without a profile' fails 1 'nothing was learned' scmod enforce "$cgroup" --absent
t '--once and --absent' fails 2 "can't wait for one" scmod learn "$cgroup" --absent --once
for verb in learn complain; do
	t "$verb --absent" notes 'no cgroup has that name now; the policy waits until one is made' scmod "$verb" "$cgroup" --absent
	end
done
t 'enforce --absent --profile' eval 'scmod enforce /names/web.service --absent --profile "$dir/list" --json |
	jq -e ".waiting and .named and .path == \"/names/web.service\" and .allowed > 20"'
t 'status: it waits' has '[.waiting, .mode] | join(" ")' 'true enforce' "$cgroup"
t 'its id is a number past those of cgroups' eval '[ "$(field .id "$cgroup")" -ge 4503599627370496 ]'
mkdir "$cgroup"
t 'its first call is decided by it' refused "$cgroup"
t 'the cgroup came' has .came 1 "$cgroup"
t 'explain knows the profile after a restart' eval 'restart "$cgroup" && scmod explain "$cgroup" getpid --json 2>/dev/null |
	jq -e "any(.calls[0].reasons[]; .kind == \"file\")"'
end
t '--absent of a cgroup that is there' eval 'scmod learn "$cgroup" --absent --json | jq -e "(.waiting | not) and .cgroups == 1"'
t 'by its path below the mount, too' eval 'end && scmod learn /names/web.service --json | jq -e ".named"'
end

# ---- patterns

pattern="$base/libpod-*.scope"
for name in a b own; do mkdir "$base/libpod-$name.scope"; done
scmod learn "$base/libpod-own.scope" --once >/dev/null
inside "$base/libpod-own.scope" sync
t 'learn of a pattern' says 'in 2 cgroups now' scmod learn "$pattern"
id=$(field .id "$pattern")
t 'status tells that it is one' has '[.pattern, .named, .waiting, .cgroups, .path] | map(tostring) | join(" ")' \
	'true true false 2 /names/libpod-*.scope' "$pattern"
t 'in text' says 'pattern  /names/libpod-*.scope' scmod status "$pattern"
t 'with how many in the list' says '/names/libpod-*.scope (2 cgroups)' scmod status
learn_perl "$base/libpod-a.scope"
t 'it learns in the first' seen getpid "$pattern"
learn_perl "$base/libpod-b.scope"
t 'where another has a policy of its own, it does not' eval '! seen sync "$pattern" && seen sync "$base/libpod-own.scope"'
for word in /names/libpod-*.scope "$id" "$base/libpod-b.scope"; do
	t "it is found by $word" has .id "$id" "$word"
done
t 'the path of a cgroup means it, with a note' notes "this is about the policy '/names/libpod-*.scope', which is in force in 2 cgroups" scmod status "$base/libpod-a.scope"
t 'a relative pattern means it' eval '(cd "$base" && scmod status "libpod-*.scope" --json) | jq -e ".policies[0].id == $id"'
t 'enforce of a pattern' exits 0 scmod enforce "$pattern"
t 'refuses in both' eval 'refused "$base/libpod-a.scope" && refused "$base/libpod-b.scope"'
t 'but not in that with its own' allowed "$base/libpod-own.scope"
mkdir "$base/libpod-new.scope"
t 'and in a new one' refused "$base/libpod-new.scope"
t 'no other' eval 'mkdir "$base/other.scope" && allowed "$base/other.scope"'
t 'nor in one further down' eval 'mkdir "$base/other.scope/libpod-c.scope" && allowed "$base/other.scope/libpod-c.scope"'
t 'there are three, and one came' has '[.cgroups, .came] | join(" ")' '3 1' "$pattern"
stop "$base/libpod-new.scope"
t 'one left' has '[.cgroups, .waiting] | join(" ")' '2 false' "$pattern"
t 'learn in one of them makes it a policy of its own' notes 'this makes one of its own for the cgroup' scmod learn "$base/libpod-b.scope"
t 'with its own name' has '[.path, .named, .pattern] | map(tostring) | join(" ")' '/names/libpod-b.scope true false' "$base/libpod-b.scope"
t 'there nothing is refused now' allowed "$base/libpod-b.scope"
t 'in the other it is' refused "$base/libpod-a.scope"
t 'the pattern has one less' has .cgroups 1 "$pattern"
restart "$base/libpod-b.scope"
t 'that is so after a restart' eval 'allowed "$base/libpod-b.scope" && has .path /names/libpod-b.scope "$base/libpod-b.scope"'
t 'a pattern is not --once' fails 1 '--once has no effect' scmod learn "$pattern" --once
t 'nor is a new one' fails 2 '--once has no effect' scmod learn "$base/x-*" --once
t 'a path through a link means the cgroup, too' eval 'ln -s "$base/libpod-a.scope" "$dir/link" && has .id "$id" "$dir/link"'
t 'doctor leaves a pattern alone that stands for its cgroup' eval '
	scmod learn "/*" >/dev/null 2>&1 && scmod doctor && has "[.mode, .path] | join(\" \")" "learn /*" "/*" && scmod forget "/*"'
t 'off of a pattern' exits 0 scmod off "$pattern"
t 'refuses nothing any more' allowed "$base/libpod-a.scope"
t 'forget of a pattern' says forgotten scmod forget "$pattern"
t 'leaves the others' [ "$(policies)" = 2 ]
end
for name in a b; do inside "$base/libpod-$name.scope" sleep 1000 >/dev/null 2>&1 & done
for name in a b; do wait_for 20 grep -q . "$base/libpod-$name.scope/cgroup.procs"; done
t 'the imports of programs in all its cgroups count' says 'allowed as likely' scmod learn "$pattern"
t 'and their reasons are kept' eval '[ "$(scmod dump "$pattern" --format json 2>/dev/null |
	jq "[.abis[].calls[].reasons[] | select(.kind == \"import\")] | length > 5")" = true ]'
cgroup_kill "$base"
wait
end
t 'learn of a pattern that no cgroup has' notes 'no cgroup has that name now; the policy waits' scmod learn "$base/none-?.scope"
t 'is one that waits' has '[.waiting, .pattern] | join(" ")' 'true true' "$base/none-?.scope"
mkdir "$base/none-1.scope"
t 'until one is made' has '[.waiting, .cgroups] | map(tostring) | join(" ")' 'false 1' "$base/none-?.scope"
end

# ---- odd names

odd="$base/a\\x2db[1].slice"
mkdir "$odd"
t 'a path that exists is no pattern' eval 'scmod learn "$odd" --json | jq -e ".path == \"/names/a\\\\x2db[1].slice\""'
t 'and has no characters that stand for others' has '.pattern' false "$odd"
learn_perl "$odd"
scmod enforce "$odd" >/dev/null 2>&1
mkdir "$base/a\\x2db1.slice"
t 'another cgroup is not under it' allowed "$base/a\\x2db1.slice"
stop "$odd"
t 'it is found by its name when it waits' has .waiting true '/names/a\x2db[1].slice'
mkdir "$odd"
t 'and refuses when its cgroup is there again' refused "$odd"
end
t 'a backslash in a name that waits' eval 'scmod learn "$base/c\\x2dd.slice" --absent >/dev/null 2>&1 &&
	mkdir "$base/c\\x2dd.slice" && has .came 1 "$base/c\\x2dd.slice"'
t 'a backslash in a pattern' fails 2 "write '\\\\' for a '\\'" scmod learn "$base/c\\x2d*.slice"
t 'where it is written so' eval 'end && scmod learn "$base/c\\\\x2d*.slice" --json | jq -e ".cgroups == 1"'
end
odd=$base/$'\e]0;x\a*[\xc2\x9b31m\xff'
t 'names do not drive the terminal' eval '
	for verb in learn status complain off forget; do scmod "$verb" "$odd" 2>&1 || exit 1; done >"$dir/plain"
	! LC_ALL=C grep -P "[\\x00-\\x08\\x0b-\\x1f\\x7f]|\\xc2[\\x80-\\x9f]" "$dir/plain"'
long=$(printf '/%0250d' {1..16})
t 'a name that is too long' fails 2 'too long' scmod learn "/$(printf '/%0250d' {1..17})" --absent
t 'a path that is too long for a pattern' fails 2 'too long' scmod learn "$long$long*"
t 'a part that no directory can have' fails 2 'a part of the name is too long' \
	scmod learn "/$(printf %0300d 1)" --absent
t 'a name with ..' fails 2 "no '..'" scmod learn "$base/x/../y*"
t 'a relative name elsewhere' fails 2 'not below the cgroup2 mount' eval '(cd / && scmod learn "x*")'
t 'no policy came of these' [ "$(policies)" = 0 ]

# ---- room

t 'status counts cgroups' eval 'scmod learn "$cgroup" >/dev/null && scmod status --json |
	jq -e ".module | .cgroups == 1 and .cgroups_max == 8 and .cgroups_shut == 0"'
t 'in text' says ', in 1 of 8 cgroups' scmod status
end
shut_is() { [ "$(scmod status --json 2>/dev/null | jq .module.cgroups_shut)" = "$1" ]; }
for i in {1..9}; do mkdir "$base/full-$i"; done
t 'a pattern that more cgroups have than there is room for' fails 1 max_cgroups scmod learn "$base/full-*"
t 'is no policy then' [ "$(policies)" = 0 ]
rmdir "$base/full-9"
scmod learn "$base/full-*" >/dev/null
t 'where there is room for all, nothing is shut' shut_is 0
mkdir "$base/full-9"
t 'one that is made then is shut' shut_is 1
t 'status warns of it' says 'warning: status: 1 cgroups that have the name of a policy are shut' scmod status
t 'even when it shall be quiet' says 'warning: status: 1 cgroups' scmod status --quiet
t 'doctor, too' exits 1 scmod doctor
rmdir "$base/full-1"
t 'until there is room' wait_for 20 shut_is 0
end

tap_end
