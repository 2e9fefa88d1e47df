#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the eval counts as wrongly denied: calls, and values of arguments, also of lives from
# before values were kept.
#
# vm: host

cd "$(dirname "$0")/.." || exit
. selftests/tap.sh

dir=$(mktemp -d) || exit
trap 'rm -rf "$dir"' EXIT

cat >"$dir/profile" <<'END'
{ "abis": [ { "abi": "i386", "calls": [ { "name": "read", "state": "allow" } ] },
	{ "abi": "x86_64", "calls": [ { "name": "socket", "state": "allow" },
		{ "name": "clone", "state": "allow" }, { "name": "ioctl", "state": "allow" },
		{ "name": "prctl", "state": "allow" }, { "name": "clone3", "state": "soft" } ] } ],
  "values": [ { "call": "socket", "rules": [ { "value": "socket(AF_UNIX)" },
		{ "value": "socket(AF_NETLINK,*,NETLINK_ROUTE)" },
		{ "value": "socket(AF_INET,SOCK_STREAM,0)", "errno": 1 } ] },
	{ "call": "ioctl", "any": true },
	{ "call": "clone", "rules": [ { "value": "clone(0)" } ] } ] }
END
jq 'del(.values)' "$dir/profile" >"$dir/old"
jq '(.values[] | select(.call == "clone").rules) = []' "$dir/profile" >"$dir/noclone"

# judged PROFILE LIFE FILTER WANT: the filter's result of the judgement.
judged() {
	local got

	echo "$2" >"$dir/life"
	got=$(selftests/eval/judge "$dir/$1" "$dir/life" | jq -c "$3") || return
	[ "$got" = "$4" ] || { echo "$got"; return 1; }
}

t 'calls that the profile refuses' judged profile '{ "calls": ["read", "socket"], "values": [] }' \
	.denied '["read"]'
t 'values that no rule has, or one refuses' judged profile '{ "calls": ["socket"], "values": [
	"socket(AF_UNIX,SOCK_STREAM,0)", "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)",
	"socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)", "socket(AF_INET,SOCK_STREAM,0)"] }' \
	.denied_values '["socket(AF_INET,SOCK_STREAM,0)","socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)"]'
t 'any value, where none is listed' judged profile '{ "calls": ["ioctl", "prctl"],
	"values": ["ioctl(FIONBIO)", "prctl(PR_SET_NAME)"] }' .denied_values '[]'
t 'no value of a call that is refused itself' judged profile '{ "calls": ["keyctl"],
	"values": ["keyctl(KEYCTL_READ)"] }' '.denied, .denied_values' $'["keyctl"]\n[]'
t 'clone3, where clone stands in for it' judged profile '{ "calls": ["clone3"],
	"values": ["ioctl(FIONBIO)"] }' '.denied + .denied_values' '[]'
t 'clone3, where clone is refused' judged noclone '{ "calls": ["clone3"],
	"values": ["ioctl(FIONBIO)"] }' .denied_values '["clone(0)"]'
t 'a life without values' judged profile '["read", "socket", "clone3"]' \
	'.denied, .denied_values' $'["read"]\n[]'
t 'a profile without values' judged old '{ "calls": ["socket"],
	"values": ["socket(AF_ALG,SOCK_SEQPACKET,0)"] }' '.denied_values, .values' $'[]\n0'
t 'the results so far as a table' selftests/eval/table selftests/eval/results.json
tap_end
