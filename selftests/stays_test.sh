#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm: --no-module
#
# Policies are restored after the module was unloaded, as after a reboot: save, unload, load,
# restore. Files of a directory are applied; metrics show the state. saved_test tests errors.

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and other languages expand later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

ko=$here/../build/$(uname -r)/scmod.ko
dir=$(mktemp -d) || exit
base=/sys/fs/cgroup/stays
web=$base/web.service
mkdir "$base" || exit
load() { insmod "$ko" "hook=${SCMOD_HOOK:-auto}"; }
off_all() { scmod status --json | jq -r '.policies[].id' | while read -r id; do scmod off "$id"; done; }
forget_all() { { off_all; scmod forget --all; } >/dev/null 2>&1; }
# A reboot also loses the files that the tool keeps in /run.
reboot() { quietly off_all && rmmod scmod && rm -rf /run/scmod && load; }
cleanup() {
	{
		cgroup_kill "$base"
		wait
		find "$base" -depth -type d -exec rmdir {} +
		off_all
		rmmod scmod
		rm -rf "$dir" /var/lib/scmod /etc/scmod
	} >/dev/null 2>&1
}
trap cleanup EXIT
load || exit

# call CGROUP NUMBER: prints the errno of a call there. umount2(NULL) gets EFAULT unless refused.
call() { inside "$1" perl -e 'print syscall(shift, 0, 0) < 0 ? $!+0 : 0' "$2"; }
gets() { local got; got=$(call "$2" 166); [ "$got" = "$1" ] || { echo "'$got'"; return 1; }; }
field() { scmod status "$2" --json 2>/dev/null | jq -r ".policies[0] | $1"; }
has() { [ "$(field "$1" "$3")" = "$2" ] || { echo "$1: $(field "$1" "$3")"; return 1; }; }
# The policies with all they have but ids, in the order in which they were made. A name that only
# looks like a pattern is restored as an escaped pattern, which matches the same cgroup.
policies() {
	scmod status --json | jq -S '[.policies[] | select(.gone | not) | {path: (.path | gsub("\\\\\\["; "[")), mode, action, errno_nr, named,
		pattern: (.pattern and (.path | contains("odd") | not)),
		abis: [.abis[] | {abi, seen: [.seen[].nr], allowed: [.allowed[].nr], soft: [.soft[].nr],
			priority: [.priority[].nr], denied: [.denied[].nr]}],
		values: {selectors: .values.selectors, seen: [.values.seen[].value] | sort}}]'
}
unchanged() { diff "$1" <(policies); }
# The contents of a file without the time of saving and the reasons, whose ids and times differ.
contents() { jq -S 'del(.saved) | .policies |= map(del(.reasons))' "$1"; }
changes() { jq -r '[.policies[].change] | unique | join(" ")' "$1"; }

# ---- all kinds of policies

mkdir "$web" "$base/p-1" "$base/odd[1]" "$base/once" "$base/both"
{
	scmod learn "$web"
	call "$web" 39
	# A number without a name.
	call "$web" 500
	scmod enforce "$web" --errno EACCES
	scmod learn '/stays/p-*'
	call "$base/p-1" 39
	printf 'read\nwrite\ni386:open\n' >"$dir/list"
	scmod complain /stays/waits --absent --profile "$dir/list"
	scmod learn "$base/odd[1]"
	scmod learn "$base/once" --once
	call "$base/once" 102
	scmod enforce "$base/both" --profile "$dir/list" --action kill
	scmod off "$base/both"
} >/dev/null 2>&1
gets 13 "$web" >/dev/null
t 'the policies to be saved are as meant' [ "$(scmod status --json | jq -c '[.policies[].mode]')" = \
	'["enforce","learn","complain","learn","learn","off"]' ]
policies >"$dir/before"
why=$(scmod explain "$web" getpid)
scmod explain "$web" >"$dir/why"

t 'save' says '6 policies saved' scmod save "$dir/all.json"
t 'in JSON' [ "$(scmod save "$dir/all.json" --json | jq -c '[.file, .saved]')" = "[\"$dir/all.json\",6]" ]
t 'to standard output' eval 'scmod save - | jq -e ".format == \"scmod-policies-2\""'
t 'no id is in it' eval '! jq -e "[.policies[] | del(.reasons) | .. | .id? // empty] | length > 0" "$dir/all.json"'
t 'calls are in it by name, and by number if they have none' [ \
	"$(jq -c '[.policies[0].abis[0].seen[] | select(. == "getpid" or type == "number")]' "$dir/all.json")" = '["getpid",500]' ]
t 'what was refused, too' [ "$(jq -c '.policies[0].abis[0].denied' "$dir/all.json")" = '["umount2"]' ]
t 'a name that looks like a pattern is escaped' [ "$(jq -r '.policies[3].name' "$dir/all.json")" = '/stays/odd\[1]' ]
t 'only who may read the record may read the file' eval '
	(umask 077 && scmod save "$dir/umask.json" >/dev/null) && [ "$(stat -c %a "$dir/umask.json")" = 600 ]'

# ---- unloaded, and loaded again

t 'the module is unloaded and loaded again' reboot
t 'nothing is left of the policies' [ "$(scmod status --json | jq '.policies | length')" = 0 ]
scmod restore "$dir/all.json" --dry-run --json >"$dir/out"
t 'restore --dry-run says what it would do' [ "$(changes "$dir/out")$(jq .dry_run "$dir/out")" = newtrue ]
t 'and does nothing' [ "$(scmod status --json | jq '.policies | length')" = 0 ]
t 'restore' scmod restore "$dir/all.json"
t 'all is as it was' unchanged "$dir/before"
t 'a policy that waited for its cgroup still waits' has .waiting true /stays/waits
t 'what was enforced refuses, by the same errno' gets 13 "$web"
t 'explain shows who made a call, as before' [ "$(scmod explain "$web" getpid)" = "$why" ]
t 'explain shows why each call is allowed, as before' diff "$dir/why" <(scmod explain "$web")
t 'status does not show who made a call, as the module does not know' eval '[ "$(field ".abis[0].seen[] | select(.name == \"getpid\").comm" "$web")" = null ]'
t 'saved again, it is the same' eval 'scmod save "$dir/again.json" >/dev/null &&
	diff <(contents "$dir/all.json") <(contents "$dir/again.json")'
policies >"$dir/before"
scmod restore "$dir/all.json" --json >"$dir/out"
t 'restored again, nothing changes' [ "$(changes "$dir/out")" = unchanged ]
t 'the policies are the same as before' unchanged "$dir/before"
t 'enforce goes on from what was learned before' eval '
	scmod enforce "/stays/p-*" --infer none >/dev/null 2>&1 && [ "$(call "$base/p-1" 39)" = 0 ] && gets 1 "$base/p-1"'

# ---- a cgroup that is made later

fails_to_run() { ! inside "$web" /bin/true; }
stop() { cgroup_kill "$1"; wait_for 20 rmdir "$1"; }
scmod save "$dir/all.json" >/dev/null
for cgroup in "$web" "$base"/p-1 "$base/odd[1]"; do stop "$cgroup"; done
stop "$base/once"
reboot
scmod restore "$dir/all.json" >"$dir/out" 2>&1
t 'without its cgroup a policy waits' has '[.mode, .waiting] | join(" ")' 'enforce true' "$web"
t 'restore says so' grep -qx '/stays/web.service: enforce, new, .*waiting' "$dir/out"
t 'one that ends with its cgroup has ended' grep -q '^/stays/once: learn, ended' "$dir/out"
mkdir "$web" "$base/p-2"
# Without execve in the allowed set, not one instruction of a program runs.
jq '.policies |= [.[0] | .abis |= map(.allowed -= ["execve"] | .soft -= ["execve"])]' "$dir/all.json" >"$dir/noexec.json"
t 'the cgroup is made: it refuses from the beginning' gets 13 "$web"
t 'a cgroup of the pattern, too' gets 1 "$base/p-2"
t 'status counts the new cgroup' has .came 1 "$web"
stop "$web"
reboot
scmod restore "$dir/noexec.json" >/dev/null
mkdir "$web"
t 'not even the first execve is made, if it is not allowed' fails_to_run
t 'the record shows that it was refused' has '[.abis[0].denied[].name] | index("execve") != null' true "$web"

# ---- what is there already

forget_all
{ scmod learn "$web"; call "$web" 39; scmod enforce "$web" --infer none; scmod save "$dir/web.json"; } >/dev/null 2>&1
scmod allow "$web" umount2 >/dev/null
t 'a looser policy is replaced by the saved one' eval 'scmod restore "$dir/web.json" >/dev/null && gets 1 "$web"'
scmod learn "$web" >/dev/null 2>&1
t 'a policy that does not enforce is enforced again' eval 'scmod restore "$dir/web.json" | grep -F "learn -> enforce, changed" && gets 1 "$web"'
scmod allow "$web" umount2 >/dev/null
scmod save "$dir/loose.json" >/dev/null
scmod restore "$dir/web.json" >/dev/null
policies >"$dir/before"
t 'a stricter policy is not replaced' fails 1 'refuses what the saved one would not, so it stays; give --replace' scmod restore "$dir/loose.json"
t 'and has not changed' unchanged "$dir/before"
t '--replace loosens it' eval 'scmod restore "$dir/loose.json" --replace >/dev/null && gets 14 "$web"'
t 'a policy that ended with its cgroup gets the name' eval '
	forget_all; scmod learn "$web" --once >/dev/null && scmod restore "$dir/web.json" >/dev/null && has .named true "$web" && gets 1 "$web"'

# ---- all or nothing

policies >"$dir/before"
scmod status --json | jq '[.policies[] | [.id, .created]]' >"$dir/ids"
sed 's/"getpid"/"getpit"/' "$dir/all.json" >"$dir/bad.json"
t 'a file changed by hand, with one error' fails 1 "policies[0].abis[0].allowed" scmod restore "$dir/bad.json"
t 'changes nothing' unchanged "$dir/before"
t 'half a file, too' eval 'head -c 20000 "$dir/all.json" >"$dir/half.json"; ! scmod restore "$dir/half.json" && unchanged "$dir/before"'
mkdir "$dir/small"
mount -t tmpfs -o size=8k none "$dir/small"
echo old >"$dir/small/all.json"
t 'no room for the file: save fails' fails 1 'No space left' scmod save "$dir/small/all.json"
t 'the file is what it was' [ "$(cat "$dir/small/all.json")" = old ]
t 'and nothing lies beside it' [ "$(ls "$dir/small")" = all.json ]
umount "$dir/small"
forget_all
# The module refuses to enforce the root cgroup, but sets the other policies.
jq '.policies |= [(.[0] | .name = "/"), .[1]]' "$dir/all.json" >"$dir/root.json"
t 'one policy that the module refuses is named' fails 1 "root.json: /: The root cgroup" scmod restore "$dir/root.json"
t 'that policy was not made, and the other one was' [ "$(scmod status --json | jq -c '[.policies[].path]')" = '["/stays/p-*"]' ]
forget_all

# ---- apply

mkdir "$dir/d"
scmod restore "$dir/web.json" >/dev/null
scmod dump "$web" --format oci 2>/dev/null | jq '.defaultErrnoRet = 13' >"$dir/d/web.oci"
forget_all
echo '{"format": "scmod-policies-1", "policies": [{"name": "/stays/web.service", "mode": "enforce", "profile": "web.oci"}]}' >"$dir/d/web.json"
echo '{"format": "scmod-policies-1", "policies": [{"name": "/stays/q-*", "mode": "learn"}, {"name": "/stays/c", "mode": "complain", "abis": [{"abi": "x86_64", "allowed": ["read"]}]}]}' >"$dir/d/more.json"
echo '{"format": "scmod-policies-1", "policies": [{"name": "/stays/x", "mode": "lern"}]}' >"$dir/d/bad.json"
t 'apply --dry-run says what it would do' eval 'scmod apply "$dir/d" --dry-run 2>/dev/null | grep -x "dry run: /stays/web.service: enforce, new, .* calls more allowed"'
t 'and does nothing' [ "$(scmod status --json | jq '.policies | length')" = 0 ]
t 'a file with an error is named' fails 1 "d/bad.json: policies[0]: no mode is named 'lern'" scmod apply "$dir/d"
t 'the others are applied' [ "$(scmod status --json | jq -c '[.policies[] | .path + " " + .mode]')" = \
	'["/stays/q-* learn","/stays/c complain","/stays/web.service enforce"]' ]
t 'what is enforced is what the profile says' gets 13 "$web"
t 'lifelines are allowed without being named' has '[.abis[0].allowed[].name] | index("exit_group") != null' true /stays/c
rm "$dir/d/bad.json"
policies >"$dir/before"
scmod status --json | jq '[.policies[] | [.id, .created]]' >"$dir/ids"
scmod apply "$dir/d" --json >"$dir/out"
t 'applied again, nothing changes' [ "$(changes "$dir/out")" = unchanged ]
t 'the policies and their ids are the same as before' eval 'unchanged "$dir/before" && diff "$dir/ids" <(scmod status --json | jq "[.policies[] | [.id, .created]]")'
scmod allow "$web" umount2 >/dev/null
t 'what was allowed by hand is in the dry run' eval 'scmod apply "$dir/d" --dry-run | grep -x "dry run: /stays/web.service: enforce, changed, 1 calls fewer allowed"'
t 'and applied, the file decides' eval 'scmod apply "$dir/d" >/dev/null && gets 13 "$web"'
sed -i 's/"enforce"/"learn"/' "$dir/d/web.json"
t 'a file that loosens, too' eval 'scmod apply "$dir/d" | grep -F "/stays/web.service: enforce -> learn, changed" && gets 14 "$web"'
t 'what no file names stays' eval 'rm "$dir/d/more.json"; scmod apply "$dir/d" >/dev/null && has .mode complain /stays/c'
t 'a file of save can be applied' eval 'forget_all; cp "$dir/web.json" "$dir/d"; rm "$dir/d/web.oci"; scmod apply "$dir/d" >/dev/null && gets 1 "$web"'

# ---- the units run this

unit() { sed -n "s|^$1=/usr/local/sbin/||p" "$here/../build/systemd/$2"; }
forget_all
t 'before anything was saved, restore succeeds' eval 'rm -rf /var/lib/scmod; says "nothing was saved" '"$(unit ExecStart scmod.service)"
t 'apply succeeds without the directory' eval 'rm -rf /etc/scmod; says "nothing is to be applied" '"$(unit ExecStart scmod-apply.service)"
mkdir -p /etc/scmod/policies.d
cp "$dir/web.json" /etc/scmod/policies.d
scmod learn '/stays/p-*' >/dev/null
eval "$(unit ExecStart scmod-apply.service)" >/dev/null
t 'the command of the unit at shutdown' eval "$(unit ExecStop scmod.service)"
t 'what is saved is for root alone' [ "$(stat -c %a /var/lib/scmod)" = 700 ]
reboot
t 'the commands of the units at boot' eval "$(unit ExecStart scmod.service) && $(unit ExecStart scmod-apply.service)"
t 'all is there again' [ "$(scmod status --json | jq -c '[.policies[] | .path + " " + .mode]')" = \
	'["/stays/p-* learn","/stays/web.service enforce"]' ]

# ---- metrics

mkdir "$base/quoted\"x"
scmod learn "$base/quoted\"x" >/dev/null
gets 1 "$web" >/dev/null
t 'metrics are what Prometheus reads' eval 'scmod metrics >"$dir/m" && promtool check metrics <"$dir/m"'
# metric NAME-WITH-LABELS VALUE
metric() { grep -qxF -- "$1 $2" "$dir/m" || { grep -F -- "${1%%\{*}" "$dir/m"; return 1; }; }
t 'the module is up' metric scmod_up 1
t 'policies by mode' eval 'metric "scmod_policies{mode=\"enforce\"}" 1 && metric "scmod_policies{mode=\"learn\"}" 2'
t 'names are escaped' metric 'scmod_policy_mode{policy="/stays/quoted\"x",kind="name",mode="learn"}' 1
t 'a pattern has kind="pattern"' metric 'scmod_policy_cgroups{policy="/stays/p-*",kind="pattern"}' "$(find "$base" -name 'p-*' | wc -l)"
t 'calls that were refused' metric 'scmod_policy_calls_refused{policy="/stays/web.service",kind="name"}' "$(field '[.abis[].denied[]] | length' "$web")"
t 'how often they were refused' metric 'scmod_policy_refusals_total{policy="/stays/web.service",kind="name"}' "$(field '[.abis[].denied[].count // 0] | add' "$web")"
t 'calls that were seen' metric 'scmod_policy_calls_seen{policy="/stays/web.service",kind="name"}' "$(field '[.abis[].seen[]] | length' "$web")"
call "$base/p-2" 110 >/dev/null
scmod metrics >"$dir/m"
recent() {
	local at

	at=$(sed -n 's/^scmod_policy_last_new_call_timestamp_seconds{policy="\/stays\/p-\*".*} \([0-9]*\).*/\1/p' "$dir/m")
	echo "'$at'"
	[ "$at" -gt $(($(date +%s) - 100)) ] && [ "$at" -le $(($(date +%s) + 1)) ]
}
t 'when the last new call was seen' recent
t 'nothing was missed' metric scmod_missed_total 0
while read -r name; do
	t "the man page has $name" grep -q "^\\.It Ql .*\\b$name\\b" "$here/../ctl/doc/scmod.8.in"
done < <(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$dir/m")
t 'a file is replaced' eval 'echo old >"$dir/x.prom" && scmod metrics --output "$dir/x.prom" && grep -qx "scmod_up 1" "$dir/x.prom"'
forget_all
rmmod scmod
t 'without the module, metrics say so' eval 'scmod metrics >"$dir/m" && metric scmod_up 0 && promtool check metrics <"$dir/m"'
t 'the others fail' eval 'exits 3 scmod save "$dir/all.json" && exits 3 scmod restore "$dir/web.json" && exits 3 scmod apply "$dir/d"'
t 'save keeps the file then' jq -e '.policies | length == 6' "$dir/all.json"
load
tap_end
