#!/bin/bash
# vm: host
# SPDX-License-Identifier: GPL-2.0
#
# Files with policies, as restore and apply read them, without the module: errors in a file are
# reported with their place, and systemd's units have no errors. stays_test tests that policies
# are restored.

# shellcheck disable=SC2317 # functions are called through t

set -u
top=$(cd "$(dirname "$0")/.." && pwd) || exit
# shellcheck source=selftests/tap.sh
. "$top/selftests/tap.sh"
# shellcheck source=selftests/lib.sh
. "$top/selftests/lib.sh"

PATH=$top/build:$PATH
dir=$(mktemp -d) || exit
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit

# policy JSON...: writes a file with these policies.
policy() {
	local IFS=,

	printf '{"format": "scmod-policies-1", "policies": [%s]}' "$*" >file.json
}
# rejects TEXT [JSON...]: whether the file (with these policies) is refused with an error of TEXT.
rejects() {
	local text=$1
	shift

	[ $# -eq 0 ] || policy "$@"
	fails 1 "$text" scmod restore file.json --dry-run && ! grep -q 'netlink' "$dir/all"
}
# accepts JSON...: whether a file with these policies has no error. Without the module, status 3.
accepts() {
	policy "$@"
	scmod restore file.json --dry-run 2>err
	case $? in
	0 | 3) return 0 ;;
	esac
	cat err
	return 1
}
x86() { printf '{"name": "/a", "mode": "enforce", "abis": [{"abi": "x86_64", %s}]}' "$1"; }
learn='{"name": "/a", "mode": "learn"}'

# ---- what is right

t 'a policy that learns' accepts "$learn"
t 'no policy at all' accepts
t 'two of them' accepts "$learn" '{"name": "/b*", "mode": "off"}'
t 'calls by name and by number' accepts "$(x86 '"allowed": ["read", 471]')"
t 'all that a policy may have' accepts '{"name": "/a", "once": false, "mode": "complain-learn", "action": "kill", "errno": "EACCES", "comment": "x", "abis": [{"abi": "i386", "allowed": ["open"], "soft": ["clone3"], "soft_without_name": true, "priority": ["mount"], "seen": ["open"], "denied": ["mount"]}]}'
t 'an errno as a number' accepts '{"name": "/a", "mode": "learn", "errno": 13}'
printf 'read\nwrite\ni386:open\n' >list
t 'a list as a profile' accepts '{"name": "/a", "mode": "enforce", "profile": "list"}'
echo '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}' >oci.json
t 'an OCI profile' accepts '{"name": "/a", "mode": "enforce", "profile": "oci.json"}'
t 'by its whole path' accepts "{\"name\": \"/a\", \"mode\": \"enforce\", \"profile\": \"$dir/oci.json\"}"
echo '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}]}' >args.json
t 'a profile that checks arguments, with args' accepts \
	'{"name": "/a", "mode": "enforce", "profile": "args.json", "args": "widen"}'
mkdir -p elsewhere
policy '{"name": "/a", "mode": "enforce", "profile": "oci.json"}'
mv file.json elsewhere
t 'a relative path is below the directory of the file' fails 1 'elsewhere/oci.json: No such file' scmod restore elsewhere/file.json
cp oci.json elsewhere
t 'and not below that of the caller' eval 'scmod restore elsewhere/file.json --dry-run; [ $? -ne 1 ]'

# ---- what is wrong, and where

echo '{"format": "scmod-policies-1", "policies": [' >file.json
t 'half a file' rejects 'line 2, column 1: not JSON: unexpected end of data'
: >file.json
t 'an empty file' rejects 'not JSON'
echo '{"format": "scmod-policies-3", "policies": []}' >file.json
t 'a version to come' rejects "no format of policies is named 'scmod-policies-3'; write scmod-policies-2, or use a newer scmod"
echo '{"policies": []}' >file.json
t 'no version' rejects 'no format of policies'
echo '{"format": "scmod-policies-1"}' >file.json
t 'no policies' rejects 'the array policies is missing'
echo '{"format": "scmod-policies-1", "policies": {}}' >file.json
t 'policies that are no array' rejects 'the array policies is missing'
cp oci.json file.json
t 'a profile' rejects "'defaultAction' is not a known key here"
t 'a policy that is a number' rejects 'policies[0]: the value is not an object' 7
t 'a key that is misspelt' rejects "policies[1]: 'mod' is not a known key here" "$learn" '{"name": "/b", "mod": "learn"}'
t 'a key twice' rejects "the key 'mode' is there twice" '{"name": "/b", "mode": "learn", "mode": "off"}'
t 'no name' rejects "policies[0]: name '' does not begin with '/'" '{"mode": "learn"}'
t 'a name that is no path' rejects "name 'a' does not begin with '/'" '{"name": "a", "mode": "learn"}'
t 'a name with ..' rejects "name '/a/../b': a name has no '..' in it" '{"name": "/a/../b", "mode": "learn"}'
t 'the same name twice' rejects "policies[1]: the policy '/a' is there twice" "$learn" "$learn"
t 'no mode' rejects "no mode is named ''" '{"name": "/a"}'
t 'a mode that is none' rejects "policies[0]: no mode is named 'enforec'" '{"name": "/a", "mode": "enforec"}'
t 'an action that is none' rejects "action 'trap' is neither errno nor kill" '{"name": "/a", "mode": "learn", "action": "trap"}'
t 'an errno that is none' rejects "errno 'EFOO' is not an errno" '{"name": "/a", "mode": "learn", "errno": "EFOO"}'
t 'an errno out of range' rejects 'errno is not an errno' '{"name": "/a", "mode": "learn", "errno": 4096}'
t 'enforce without calls' rejects 'the mode is enforce, but it is not said which calls are allowed' '{"name": "/a", "mode": "enforce"}'
t 'enforce of no call' rejects 'the mode is enforce, and no call is allowed' "$(x86 '"allowed": [], "soft": []')"
t 'a call that is none' rejects "policies[0].abis[0].allowed[1]: no system call is named 'raed'" "$(x86 '"allowed": ["write", "raed"]')"
t 'a number out of range' rejects 'policies[0].abis[0].seen[0]: 576 is not a number from 0 to 575' "$(x86 '"allowed": ["read"], "seen": [576]')"
t 'a number below 0' rejects '-1 is not a number from 0' "$(x86 '"allowed": [-1]')"
t 'a number too large for 64 bits' rejects 'is not a number from 0' "$(x86 '"allowed": [18446744073709551616]')"
t 'a call that is an object' rejects 'neither a string nor a number' "$(x86 '"allowed": [{}]')"
t 'calls that are no array' rejects 'abis[0].allowed: the value is not an array' "$(x86 '"allowed": "read"')"
t 'a call that is allowed and soft' rejects "'read' (0) is both in allowed and in soft" "$(x86 '"allowed": ["read"], "soft": ["read"]')"
t 'soft alone' rejects 'soft has no effect without allowed' "$(x86 '"soft": ["read"]')"
t 'an ABI that is none' rejects "policies[0].abis[0]: no ABI is named 'arm'" '{"name": "/a", "mode": "learn", "abis": [{"abi": "arm"}]}'
t 'an ABI twice' rejects 'policies[0].abis[1]: the ABI i386 is there twice' '{"name": "/a", "mode": "learn", "abis": [{"abi": "i386"}, {"abi": "i386"}]}'
t 'a profile and calls' rejects 'has both a profile and allowed calls' '{"name": "/a", "mode": "enforce", "profile": "list", "abis": [{"abi": "i386", "allowed": ["open"]}]}'
t 'a profile that is not there' rejects 'policies[0]: ./nowhere: No such file' '{"name": "/a", "mode": "enforce", "profile": "nowhere"}'
echo raed >bad
t 'a profile with an error' rejects "policies[0]: ./bad: line 1: no system call is named 'raed'" '{"name": "/a", "mode": "enforce", "profile": "bad"}'
t 'a profile that looks at arguments' rejects './args.json' '{"name": "/a", "mode": "enforce", "profile": "args.json"}'
t 'args that are none' rejects "args 'all' is none of its values" '{"name": "/a", "mode": "enforce", "profile": "args.json", "args": "all"}'
t 'args without a profile' rejects 'have no effect without profile' '{"name": "/a", "mode": "learn", "args": "widen"}'
t 'a capability that is none' rejects "no capability is named 'foo'" '{"name": "/a", "mode": "enforce", "profile": "list", "cap": "foo"}'
t 'reasons that are no profile' rejects "policies[0].reasons: no format is named ''" '{"name": "/a", "mode": "enforce", "abis": [{"abi": "i386", "allowed": ["open"], "soft": []}], "reasons": {}}'
values() { echo "{\"name\": \"/a\", \"mode\": \"learn\", \"values\": [$1]}"; }
t 'values of a call that has none' rejects "policies[0].values[0]: no values of 'read' are looked at" "$(values '{"call": "read"}')"
t 'a value that is none' rejects "policies[0].values[0].rules[0]: value 'socket(AF_FOO)': 'AF_FOO' is no family of socket" "$(values '{"call": "socket", "rules": [{"value": "socket(AF_FOO)"}]}')"
t 'a value of another call' rejects 'is not one of socket' "$(values '{"call": "socket", "rules": [{"value": "clone(0)"}]}')"
t 'a value that was seen, with parts left out' rejects 'is not a single value' "$(values '{"call": "socket", "seen": ["socket(AF_UNIX)"]}')"
t 'values of a call twice' rejects 'policies[0].values[1]: the call is there twice' "$(values '{"call": "socket", "rules": []}, {"call": "socket", "rules": []}')"
t 'a file that is not there' fails 1 'No such file' scmod restore nowhere.json
t 'a directory' fails 1 'Is a directory' scmod restore elsewhere
head -c 300M /dev/zero | tr '\0' ' ' >file.json
t 'a file that is too large' rejects 'File too large'
rm file.json

# ---- a directory

mkdir d
t 'an empty directory is no error' eval 'scmod apply d 2>err; [ $? -ne 1 ]'
t 'one that is not there is' fails 1 'give a directory with files that end in .json' scmod apply nowhere
echo nonsense | tee d/notes.txt d/.hidden.json d/x.json~ >d/json
t 'other files are not read' eval 'scmod apply d 2>err; [ $? -ne 1 ] && ! grep -q "apply d/" err'
policy "$learn"; cp file.json d/1.json; cp file.json d/2.json
t 'a policy in two files' eval 'scmod apply d --dry-run 2>&1 | grep -F "apply d/2.json: /a: the policy is in d/1.json, too"'
policy '{"name": "/b", "mode": "learn", "once": true}'; cp file.json d/2.json
t 'a policy that ends with its cgroup' eval 'scmod apply d --dry-run 2>&1 | grep -F "apply d/2.json: /b: a policy that ends with its cgroup"'

# ---- the units

root=$dir/root
quietly make -s -C "$top" install-ctl DESTDIR="$root" PREFIX=/usr
unit=$root/usr/lib/systemd/system
t 'make install puts the units below the prefix' [ -f "$unit/scmod.service" ] && [ -f "$unit/scmod-apply.service" ]
t 'they name the tool where it is' grep -qx 'ExecStart=/usr/sbin/scmod restore' "$unit/scmod.service"
# The tool is not installed on this machine.
sed -i "s|=/usr/sbin|=$root/usr/sbin|" "$unit"/*
faultless() {
	local text

	text=$(systemd-analyze verify --man=no "$unit"/*.service 2>&1)
	[ -z "$text" ] || { echo "$text"; return 1; }
}
t 'systemd-analyze has nothing to say about them' faultless
# in_file KEY VALUE UNIT
in_unit() { sed -n "s/^$1=//p" "$unit/$3" | tr ' ' '\n' | grep -qx -- "$2"; }
for name in scmod.service scmod-apply.service; do
	t "$name is before the services that it protects" in_unit Before sysinit.target "$name"
	t "$name is in no slice that a policy is for" in_unit Slice -.slice "$name"
done
t 'what is saved is the last that was' in_unit Conflicts shutdown.target scmod.service
# The units above were built for another prefix.
quietly make -s -C "$top" ctl
tap_end
