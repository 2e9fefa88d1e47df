#!/bin/bash
# vm: host
# SPDX-License-Identifier: GPL-2.0
#
# The floor, from the command line: its data are those of the installed profile; what a
# record gets only by inference is refused if the floor refuses it, and explained; what
# was seen, and what a file says, stays.

# shellcheck disable=SC2317,SC2016 # functions and texts are for t and eval

set -u
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd) || exit
top=$(dirname "$here")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"

PATH=$top/build:$PATH
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit
default=/usr/share/containers/seccomp.json

same() { diff <(echo "$1") <(echo "$2"); }
# state CALL FILE: what the profile says about it.
state() { jq -r --arg call "$1" 'first(.abis[0].calls[] | select(.name == $call)).state // "none"' "$2"; }
reason() { jq -r --arg call "$1" '.abis[0].calls[] | select(.name == $call).reasons[] | .kind + " " + .text' "$2"; }
dump() { scmod dump "$@" --format json 2>notes; }

# ---- the data

heading() { sed -n '/^# Podman: /,/^# The form/p' "$top/ctl/floor/podman.txt" | sed '$d; s/^# //'; }
mapfile -t source < <(heading)
t 'the data name their source, and its version' [ "${#source[@]}" -eq 2 ]
installed=$(dpkg-query -W -f '${Version}' golang-github-containers-common 2>/dev/null)
if [ -e "$default" ] && [[ ${source[1]} == *" $installed "* ]]; then
	t "they are what is in $default" eval '
		"$top/ctl/floor/update-floor.py" "$default" "${source[@]}" | diff "$top/ctl/floor/podman.txt" -'
fi
printf '%s' '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW",
	"args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}]}' >odd.json
t 'the script fails where no entry can say what a rule does' eval '
	! "$top/ctl/floor/update-floor.py" odd.json x >out 2>err && [ ! -s out ] && grep -q "no entry says this" err'

# ---- a record: what the runtime adds was not seen

jq -n '{format: "scmod-profile-2", partial: false, action: "errno", errno: 1, origins: [{path: "/x", id: 7,
	created: "2026-01-31T12:00:00.0Z", partial: false, tool: "0.1.0", kernel: "6.1"}],
	abis: [{abi: "x86_64", calls: ("read write openat bpf" | split(" ") | map({name: ., state: "allow",
		reasons: [{kind: "seen", origin: 0, comm: "x", pid: 1, first: "2026-01-31T12:00:00.0Z", count: 1}]}))}]}' >record.json || exit
printf '%s\n' read write exit >floor.list
t 'the runtime needs capset' eval 'dump record.json --runtime crun --floor none >none && [ "$(state capset none)" = allow ]'
t 'which the floor of a file refuses' eval '
	dump record.json --runtime crun --floor floor.list >held && [ "$(state capset held)" = silent ]'
t 'for that reason, with the evidence' eval '[[ $(reason capset held) == "floor floor.list refuses it (evidence: "*"crun"* ]]'
t 'what was seen stays' eval '[ "$(state bpf held)" = allow ] && [ "$(state openat held)" = allow ]'
t 'what the floor allows is added' eval 'dump record.json --runtime runc --floor none >x && printf "%s\n" openat chdir >>floor.list &&
	dump record.json --runtime runc --floor floor.list >held && [ "$(state chdir held)" = allow ] && [ "$(state capset held)" = silent ]'
jq '.format = "scmod-profile-3" | .abis[0].calls += [{name: "prctl", state: "allow", reasons: .abis[0].calls[0].reasons}]
	| .values = [{call: "prctl", rules: [{value: "prctl(PR_SET_NAME)", reasons: .abis[0].calls[0].reasons}]}]' record.json >valued.json
jq -n '{defaultAction: "SCMP_ACT_ERRNO", syscalls: [
	{names: ["read", "write", "close", "execve", "capset"], action: "SCMP_ACT_ALLOW"},
	{names: ["prctl"], action: "SCMP_ACT_ALLOW", args: [{index: 0, value: 15, op: "SCMP_CMP_EQ"}]}]}' >valued.floor
values() { jq -r '.values[] | select(.call == "prctl").rules[].value' "$1" | sort | xargs; }
t 'the runtime needs values of prctl' eval 'dump valued.json --runtime crun --floor none >none && [[ $(values none) == *KEEPCAPS* ]]'
t 'which the floor of a file refuses' eval '
	dump valued.json --runtime crun --floor valued.floor >held && [ "$(values held)" = "prctl(PR_SET_NAME)" ]'
t 'explain of the call says so' says 'refused by the floor: prctl(PR_SET_KEEPCAPS): valued.floor refuses it (evidence: crun ' scmod explain held prctl
t 'explain of the value, too' says 'refused by the floor: prctl(PR_SET_KEEPCAPS): valued.floor refuses it (evidence: crun ' scmod explain held 'prctl(PR_SET_KEEPCAPS)'
t 'in JSON, too' eval 'scmod explain held "prctl(PR_SET_KEEPCAPS)" --json | jq -e ".state == \"silent\" and ([.reasons[].kind] | unique) == [\"floor\"]" >/dev/null'
t 'not of one without evidence' eval 'scmod explain held "prctl(PR_SET_MM)" --json | jq -e ".reasons == []" >/dev/null'
dump record.json --runtime crun --floor floor.list >held
t 'explain says so' says 'refused by the floor: floor.list refuses it' scmod explain held capset
t 'it is read and written again as it is' eval 'dump held >again && cmp held again'
t 'the default floor lets all pass that the runtimes need' eval '
	dump record.json --runtime any --floor none >none && dump record.json --runtime any >any && cmp none any'
t 'so does its name' eval 'dump record.json --runtime any --floor default >named && cmp any named'

# ---- a file stays as it is

t 'a file that exceeds it is converted as it is' eval '
	scmod dump <(printf "%s\n" mount bpf read) --format list 2>notes | grep -c "^mount\|^bpf" | grep -qx 2'

# ---- lint

t 'lint tells what exceeds it' eval 'scmod lint <(printf "%s\n" read exit bpf) --floor default --json >l;
	[ "$(jq -r ".findings[].what | select(test(\"the floor\"))" l)" = "bpf is allowed, and the floor refuses it" ]'
t 'and of a profile with rules' eval 'scmod lint <(echo "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [
	{\"names\": [\"socket\", \"mount\"], \"action\": \"SCMP_ACT_ALLOW\"}]}") --floor default --json >l;
	[ "$(jq -r ".findings[].what | select(test(\"the floor\"))" l | cut -d" " -f1 | sort | xargs)" = "mount socket(*)" ]'
t 'not unless it is asked' eval 'scmod lint <(printf "%s\n" read exit bpf) --json >l; ! grep -q "the floor" l'
t 'a floor that lint can not read' exits 2 scmod lint record.json --floor ./absent

# ---- mistakes

t 'a floor that is not there' exits_saying 1 'dump --floor ./absent' scmod dump record.json --runtime crun --floor ./absent
echo '{' >bad
t 'one that is no profile' exits 1 eval 'scmod dump record.json --runtime crun --floor bad'
t 'capabilities that do not exist' exits_saying 2 "no capability is named 'CAP_X'" scmod dump record.json --cap CAP_X

tap_end
