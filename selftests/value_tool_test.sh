#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Values of arguments, as a person has to do with them: a web server that is learned and enforced
# makes no socket of another family, no namespace and no terminal ioctl that it did not use. allow,
# denied, explain, status, dump and merge, save and restore. value_test tests the module.

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and other languages expand later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d) || exit
cgroup=/sys/fs/cgroup/values.service
mkdir "$cgroup" || exit
cleanup() {
	cgroup_end "$cgroup"
	rm -rf "$dir"
}
trap cleanup EXIT

# The server, with a page that makes a call: /NUMBER/ARGUMENT... answers with its errno.
cat >"$dir/server.py" <<'PYTHON'
import ctypes, http.server, socketserver, threading

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        words = [int(word, 0) for word in self.path.split("/") if word]
        text = "hello"
        if words:
            ctypes.set_errno(0)
            got = libc.syscall(*[ctypes.c_long(word) for word in words])
            # A child of clone() ends here.
            if words[0] == 56 and got == 0:
                libc.syscall(ctypes.c_long(231), ctypes.c_long(0))
            text = str(ctypes.get_errno()) if got < 0 else "0"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass

class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    pass

Server(("127.0.0.1", 8023), Handler).serve_forever()
PYTHON

get() { curl -s --max-time 60 "http://127.0.0.1:8023/${1-}"; }
serves() { [ "$(get)" = hello ]; }
# gets ERRNO CALL...: what the server is told. 1 is EPERM.
gets() {
	local want=$1 got
	shift

	got=$(get "$(IFS=/; echo "$*")")
	[ "$got" = "$want" ] || { echo "'$got', not '$want'"; return 1; }
}
refused() { gets 1 "$@"; }
# As a kernel without the family, or without the protocol, does: EAFNOSUPPORT, EPROTONOSUPPORT.
no_family() { gets 97 "$@"; }
no_protocol() { gets 93 "$@"; }
value() { scmod explain "$cgroup" "$1" --json 2>/dev/null | jq -e "$2" >/dev/null || { scmod explain "$cgroup" "$1"; return 1; }; }
status_has() { scmod status "$cgroup" --json | jq -e ".policies[0] | $1" >/dev/null || { scmod status "$cgroup"; return 1; }; }

# ---- learn

scmod learn "$cgroup" >/dev/null
(echo "$BASHPID" >"$cgroup/cgroup.procs" && exec python3 "$dir/server.py") &
t 'the server serves' wait_for 60 serves
t 'status: values were seen' says 'socket(AF_INET,SOCK_STREAM,0)' scmod status "$cgroup"
t 'in JSON, too' status_has '.values.seen[] | select(.value == "socket(AF_INET,SOCK_STREAM,0)" and .comm == "python3")'
t 'threads make no namespaces' status_has '[.values.seen[].value | select(startswith("clone("))] - ["clone(0)"] == []'

# ---- enforce

scmod enforce "$cgroup" --infer none >"$dir/out" 2>"$dir/err"
t 'enforce: the server still serves, with a new thread for each request' wait_for 60 serves
t 'the seen socket is allowed' gets 0 41 2 1 0
t 'AF_ALG is refused' no_family 41 38 5 0
t 'AF_VSOCK is refused' no_family 41 40 1 0
t 'AF_PACKET is refused' no_family 41 17 3 768
t 'AF_NETLINK is refused' no_family 41 16 3 16
t 'a raw socket is refused' refused 41 2 3 1
t 'MPTCP is refused' no_protocol 41 2 1 262
t 'clone of a user namespace is refused' refused 56 0x10000011 0 0 0 0
t 'clone3 returns ENOSYS' gets 38 435 0 0
t 'unshare is refused' refused 272 0x10000000
t 'TIOCSTI is refused' refused 16 0 0x5412 0
t 'TIOCSETD is refused' refused 16 0 0x5423 0
t 'it serves all the same' serves
t 'the kernel was told rules' status_has '.values.selectors[] | select(.call == "socket") | .any == false and (.rules | length) > 0'

# ---- explain, denied

t 'explain: a value that was seen' value 'socket(AF_INET,SOCK_STREAM,0)' '.state == "allow" and .reasons[0].kind == "seen"'
t 'explain: one that was not' value 'socket(AF_ALG,SOCK_SEQPACKET,0)' \
	'.state == "refuse" and .errno == "EAFNOSUPPORT" and .denied.count > 0 and (.never | contains("cryptography"))'
t 'explain: a family' value 'socket(AF_UNIX)' '.value == "socket(AF_UNIX)"'
t 'explain of a call lists its values' says 'socket(AF_INET,SOCK_STREAM,0): allowed' scmod explain "$cgroup" socket
t 'explain: no such value' fails 2 "'AF_FOO' is no family of socket" scmod explain "$cgroup" 'socket(AF_FOO)'
t 'report: nobody allowed clone(0) by hand, which stands for clone3' eval '
	[ "$(scmod report "$cgroup" --json 2>/dev/null | jq "[.. | objects | select(.reason? == \"allowed-by-hand\")] | length")" = 0 ]'
t 'explain: clone3 is soft although it was seen' says 'refused with ENOSYS' scmod explain "$cgroup" clone3
t 'denied shows values, and how to allow them' says "scmod allow /values.service 'socket(AF_ALG,SOCK_SEQPACKET,0)'" scmod denied "$cgroup"
t 'and why they are left out' says "reaches the kernel's cryptography" scmod denied "$cgroup"

# ---- allow

get 41/1/5/0 >/dev/null
t 'allow --denied: dangerous values are left out' eval '
	scmod allow "$cgroup" --denied --dry-run --json 2>/dev/null >"$dir/allow" &&
	jq -e "[.left_out_values[].value] | contains([\"socket(AF_ALG,SOCK_SEQPACKET,0)\", \"socket(AF_VSOCK,SOCK_STREAM,0)\", \"socket(AF_INET,SOCK_RAW,IPPROTO_ICMP)\", \"clone(CLONE_NEWUSER)\"])" "$dir/allow"'
t 'others are not' eval 'jq -e "[.added_values[].value] | contains([\"socket(AF_UNIX,SOCK_SEQPACKET,0)\"])" "$dir/allow"'
t '--dry-run changes nothing' refused 41 1 5 0
quietly scmod allow "$cgroup" --denied
t 'allow --denied allows the others' gets 0 41 1 5 0
t 'and only those' no_family 41 38 5 0
t 'allow: a value' says 'added socket(AF_NETLINK,SOCK_RAW,NETLINK_GENERIC)' scmod allow "$cgroup" 'socket(AF_NETLINK,SOCK_RAW,NETLINK_GENERIC)'
t 'is allowed at once' gets 0 41 16 3 16
t 'and no other' no_family 41 16 3 0
t 'again: nothing to add' says '0 more allowed' scmod allow "$cgroup" 'socket(AF_NETLINK,SOCK_RAW,NETLINK_GENERIC)'
t 'allow: a family' quietly scmod allow "$cgroup" 'socket(AF_NETLINK)'
t 'with any protocol' gets 0 41 16 3 0
t 'explain: by hand' value 'socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)' '.state == "allow" and .reasons[0].kind == "allowed-by-hand"'
t 'allow: no such value' fails 2 "'AF_FOO' is no family of socket" scmod allow "$cgroup" 'socket(AF_FOO)'
t 'a value of a call that is not allowed' eval 'scmod allow "$cgroup" "unshare(0)" && gets 0 272 0 && refused 272 0x10000000'
t 'the next enforce keeps what was allowed by hand' eval '
	scmod enforce "$cgroup" --infer none >/dev/null 2>&1 && gets 0 41 16 3 0 && gets 0 272 0'
t 'and refuses what was refused' eval 'no_family 41 38 5 0 && refused 272 0x10000000 && refused 56 0x10000011 0 0 0 0'

# ---- files

scmod dump "$cgroup" --infer none --json >"$dir/a.json" 2>/dev/null
t 'dump has the values' eval 'jq -e ".values[] | select(.call == \"socket\") | .rules | map(.value) | contains([\"socket(AF_INET,SOCK_STREAM,0)\", \"socket(AF_NETLINK)\"])" "$dir/a.json"'
t 'dump of the file is the same' eval 'scmod dump "$dir/a.json" --json 2>/dev/null | cmp - "$dir/a.json"'
t 'merged with itself, too' eval 'scmod merge "$dir/a.json" "$dir/a.json" --format json 2>/dev/null | cmp - "$dir/a.json"'
t 'enforce --profile restricts the same' eval '
	scmod enforce "$cgroup" --profile "$dir/a.json" >/dev/null 2>&1 && serves && gets 0 41 16 3 0 && no_family 41 38 5 0'
jq 'del(.values) | .format = "scmod-profile-2"' "$dir/a.json" >"$dir/old.json"

# ---- save and restore

scmod save "$dir/saved.json" >/dev/null 2>&1
quietly scmod allow "$cgroup" socket
t 'allow of a call allows any value' eval 'gets 0 41 1 2 0 && gets 0 41 17 3 768'
t 'the next enforce keeps it' eval 'scmod enforce "$cgroup" --infer none >/dev/null 2>&1 && gets 0 41 17 3 768'
t 'restore is stricter again' eval 'scmod restore "$dir/saved.json" && no_family 41 40 1 0 && gets 0 41 16 3 0'
t 'twice: unchanged' says 'unchanged' scmod restore "$dir/saved.json"
jq '(.policies[].values[] | select(.call == "socket")).rules += [{value: "socket(AF_ALG)"}]' "$dir/saved.json" >"$dir/looser.json"
t 'restore of a looser file is refused' eval '! scmod restore "$dir/looser.json" 2>"$dir/err" && grep -q "refuses what the saved one would not" "$dir/err"'
t 'and changes nothing' no_family 41 38 5 0

# ---- an old profile, and clone3 by hand

t 'a profile without values allows any' eval '
	scmod enforce "$cgroup" --profile "$dir/old.json" >/dev/null 2>&1 && gets 0 41 17 3 768'
t 'clone3 by hand' eval 'scmod allow "$cgroup" clone3 && ! gets 38 435 0 0'
t 'it serves to the end' serves

# ---- protections of memory

scmod off "$cgroup" >/dev/null && scmod forget "$cgroup" >/dev/null
t 'mmap is not looked at' eval 'scmod learn "$cgroup" >/dev/null 2>&1; serves; status_has "[.values.seen[].value | select(startswith(\"mmap\"))] == []"'
t 'unless it is asked for' eval 'scmod learn "$cgroup" --watch-prot >/dev/null 2>&1; get 9/0/4096/3/34/-1/0 >/dev/null
	status_has ".values.seen[] | select(.value == \"mmap(PROT_READ|PROT_WRITE)\")"'

tap_end
