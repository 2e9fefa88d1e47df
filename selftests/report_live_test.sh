#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The report of a live cgroup: nginx, learned from its start, then enforced. What
# remains is what would be enforced, and then what is; what was tried and refused is
# told, with who tried it.

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and jq expand later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/nginx.sh
. "$here/nginx.sh"

dir=$(mktemp -d) || exit
cgroup=/sys/fs/cgroup/report
mkdir "$cgroup" && chmod 755 "$dir" && site_make "$dir" 8090 || exit
cleanup() {
	cgroup_end "$cgroup"
	rm -rf "$dir" /etc/scmod/exploits
}
trap cleanup EXIT

same() { diff <(echo "$1") <(echo "$2"); }
report() { scmod report "$@" --json >"$dir/json" 2>"$dir/notes"; }
holds() { [ "$(jq "$1" "$dir/json")" = true ] || { jq -c "${2:-del(.abis[].calls)}" "$dir/json" | head -c 2000; return 1; }; }
# in_state FILTER: the numbers of calls whose state it is true of.
in_state() { jq -r ".abis[0].calls[] | select(.state | $1).nr" "$dir/json" | sort -n; }
remaining() { in_state 'IN("soft", "denied", "blocked") | not'; }
# Of these numbers, those that the report counts: some are of names without code.
counted() { grep -xF -f <(jq '.abis[0].calls[].nr' "$dir/json") | sort -n; }
status_of() { scmod status "$cgroup" --json | jq -r ".policies[0].abis[0].$1[].nr" | counted; }
would() { scmod dump "$cgroup" --format json 2>/dev/null | jq -r '.abis[0].calls[] | select(.state == "allow").nr' | counted; }
page_is_right() { scmod report "$cgroup" --html -o "$dir/page" 2>/dev/null && report "$cgroup" && "$here/page_check.py" markup "$dir/page" "$dir/json"; }

site_command "$dir"
t 'learning begins' scmod learn "$cgroup"
# shellcheck disable=SC2154
inside "$cgroup" "${command[@]}" &
t 'nginx serves a page' wait_for 60 page_served http://127.0.0.1:8090
t 'and what is not there' answers http://127.0.0.1:8090/none 404
t 'a report while it learns' report "$cgroup"
t 'seen is what status has' same "$(status_of seen)" "$(in_state '. == "seen"')"
t 'what remains is what would be enforced' same "$(would)" "$(remaining)"
t 'some of it is inferred, each for a reason' holds '[.abis[0].calls[] | select(.state | IN("family", "import", "base")).why |
	length > 10] | length > 20 and all'
t 'it says that nothing is refused now' says 'learn; nothing is refused now' scmod report "$cgroup"
t 'its mode is in JSON' holds '.mode == "learn" and .name == "/report" and (.partial | not)'
t 'less than half of the kernel is left' holds '.abis[0].less_than_all > 50'
t 'and of what the default profile leaves' holds '.abis[0].less_than_default > 40'
t 'i386 and x32 are shut' holds '.shut == ["i386", "x32"] and (.abis | length) == 1'
t 'eBPF, keyrings, mounts and io_uring are out of reach' holds '.exploits.list | map(select(.id |
	IN("CVE-2021-3490", "CVE-2016-0728", "CVE-2022-0185", "CVE-2022-2602", "CVE-2013-2094")).blocked) | length == 5 and all'
t 'more exploits are blocked than by the default profile' holds '.exploits | .blocked > .blocked_by_default'
t 'seen only, if nothing is to be inferred' eval 'report "$cgroup" --infer none && same "$(status_of seen)" \
	"$(in_state ". == \"seen\"")" && holds ".abis[0].states | .family + .import + .base == 0"'
t 'the one policy needs no name' says '/report: learn' scmod report
t 'the page says the same' page_is_right

scmod report "$cgroup" 2>/dev/null | sed 's/^/# /'

t 'it is enforced' scmod enforce "$cgroup"
t 'somebody tries chroot' eval '! inside "$cgroup" chroot / true 2>/dev/null'
t 'the report of that' report "$cgroup"
t 'it says that this is enforced' says 'enforce; this is what the policy enforces' scmod report "$cgroup"
t 'what remains is what is allowed' same "$(status_of allowed)" "$(remaining)"
t 'inferred calls still tell why' holds '[.abis[0].calls[] | select(.state | IN("family", "import", "base"))] | length > 20'
t 'chroot was denied: to whom' holds '.abis[0].calls[] | select(.name == "chroot") |
	.state == "denied" and (.why | test("^1 times, first by chroot.[0-9]+., 20"))'
t 'denied is what status has' same "$(status_of denied)" "$(in_state '. == "denied"')"
t 'the page says the same, with that' page_is_right
t 'nginx serves on' page_served http://127.0.0.1:8090

# A profile that refuses what was seen.
scmod dump "$cgroup" --format list 2>/dev/null | sed '/^sendfile\b/d; /^socket\b/d' >"$dir/list"
t 'a profile without socket and sendfile is enforced' scmod enforce "$cgroup" --profile "$dir/list"
t 'the report of that, too' report "$cgroup"
t 'both were seen, and do not remain' holds '[.abis[0].calls[] | select(.name | IN("socket", "sendfile")).state] |
	length == 2 and all(IN("blocked", "denied"))'
t 'what remains is what is allowed now' same "$(status_of allowed)" "$(remaining)"
t 'exploits that need a socket are blocked' holds '.exploits.list[] | select(.id == "CVE-2024-1086") | .blocked and .without == [["socket(AF_NETLINK,*,NETLINK_NETFILTER)"]]'
t 'what is allowed by hand is told so' eval 'scmod allow "$cgroup" acct >/dev/null && report "$cgroup" &&
	holds ".abis[0].calls[] | select(.name == \"acct\").state == \"allowed-by-hand\""'

mkdir -p /etc/scmod && echo 'house-rule 2024 ours: acct  # https://example.org/acct' >/etc/scmod/exploits
t '/etc/scmod/exploits adds an entry' eval 'report "$cgroup" && holds ".exploits.list[] | select(.id == \"house-rule\") | .blocked | not"'
t '--exploits is read instead' eval 'report "$cgroup" --exploits /dev/null && holds "all(.exploits.list[]; .id != \"house-rule\")"'
echo 'house-rule 2024 ours: acct' >/etc/scmod/exploits
t 'a mistake in it is told, with its line' says '--exploits /etc/scmod/exploits: line 1: house-rule has no source' scmod report "$cgroup"
rm /etc/scmod/exploits

t 'a cgroup that is not tracked' says 'that cgroup is not tracked' scmod report /sys/fs/cgroup
scmod off "$cgroup" >/dev/null
# The default profile depends on the capabilities of the processes, which are gone then.
report "$cgroup" --infer none --floor none && cp "$dir/json" "$dir/alive"
cgroup_kill "$cgroup"
wait
rmdir "$cgroup"
t 'it outlives its cgroup' eval 'report /report --infer none --floor none && cmp "$dir/alive" "$dir/json"'

tap_end
