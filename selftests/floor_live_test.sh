#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The floor of a learned server: a rule infers what the default profile of containers
# refuses, and it is refused, unless a process of the cgroup has the capability for it;
# dump, enforce, explain and complain agree; what was seen stays, and is told.

# shellcheck disable=SC2317,SC2016 # functions and texts are for t and eval

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d) || exit
cgroup=/sys/fs/cgroup/floor
mkdir "$cgroup" && chmod 755 "$dir" || exit
cleanup() {
	cgroup_end "$cgroup"
	rm -rf "$dir"
}
trap cleanup EXIT

rule='family memory-policy: read => mbind  # a rule of this test'
echo "$rule" >"$dir/families"
# shellcheck disable=SC2034 # it is used in evals
with=(--families "$dir/families")
dump() { scmod dump "$cgroup" --format json "$@" 2>"$dir/notes" >"$dir/json"; }
state() { jq -r --arg call "$1" 'first(.abis[0].calls[] | select(.name == $call)).state // "none"' "$dir/json"; }
names() { jq -r '.abis[0].calls[] | select(.state == "allow").name' "$dir/json" | sort; }
allowed() { scmod status "$cgroup" --json | jq -e --arg call "$1" '.policies[0].abis[0].allowed | any(.name == $call)' >/dev/null; }
# server CAPS: python's, in the cgroup, with these capabilities only.
server() {
	inside "$cgroup" setpriv --bounding-set "$1" --inh-caps "$1" python3 -m http.server --directory "$dir" 8077 >/dev/null 2>&1 &
	wait_for 60 curl -sf http://127.0.0.1:8077/families
}
stop() {
	cgroup_kill "$cgroup"
	wait
}

t 'learning begins' scmod learn "$cgroup"
t 'a server without capabilities' server -all
t 'a rule infers mbind' eval 'dump "${with[@]}" --floor none && [ "$(state mbind)" = allow ]'
names >"$dir/without"
t 'which the floor refuses' eval 'dump "${with[@]}" && [ "$(state mbind)" = silent ]'
names >"$dir/held"
sed 's/^/# refused by the floor: /' <(comm -23 "$dir/without" "$dir/held")
t 'it adds nothing' [ -z "$(comm -13 "$dir/without" "$dir/held")" ]
t 'explain says why' says "refused by the floor: Docker's default profile refuses it without CAP_SYS_NICE" \
	scmod explain "$cgroup" mbind "${with[@]}"
t 'a capability that is given counts' eval 'dump "${with[@]}" --cap CAP_SYS_NICE && [ "$(state mbind)" = allow ]'
t 'enforce refuses it, too' eval 'scmod enforce "$cgroup" "${with[@]}" && ! allowed mbind && allowed read'
t 'and the server serves on' curl -sf -o "$dir/page" http://127.0.0.1:8077/families
stop
t 'without the floor it is allowed' eval 'scmod learn "$cgroup" && scmod enforce "$cgroup" "${with[@]}" --floor none && allowed mbind'
scmod off "$cgroup" >/dev/null && scmod forget "$cgroup" >/dev/null

t 'learning begins anew' scmod learn "$cgroup"
t 'a server with all capabilities' server +all
t 'the floor lets pass what they are for' eval 'dump "${with[@]}" && [ "$(state mbind)" = allow ]'
t 'with --cap, they do not count' eval 'dump "${with[@]}" --cap CAP_CHOWN && [ "$(state mbind)" = silent ]'
stop
t 'without processes, those of containers count' eval 'dump "${with[@]}" && [ "$(state mbind)" = silent ]'
inside "$cgroup" unshare --user true
t 'what was seen stays' eval 'dump && [ "$(state unshare)" = allow ]'
t 'and a note tells of it' grep -q 'allowed, because it was seen, although the default profile of containers refuses it: .*unshare' "$dir/notes"
t 'not without a floor' eval 'dump --floor none && ! grep -q "although the default profile" "$dir/notes"'

tap_end
