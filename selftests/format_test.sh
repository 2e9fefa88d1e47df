#!/bin/bash
# vm: host
# SPDX-License-Identifier: GPL-2.0
#
# Profiles in all forms: each is stable, sorted and, where it can be read, read
# back; nothing is lost in scmod's own; merging, comparing and lint.

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
podman_default=/usr/share/containers/seccomp.json

same() { cmp "$1" "$2"; }
holds() { jq -e "$1" "$2" >/dev/null || { echo "not so: $1"; head -c 2000 "$2"; return 1; }; }
# dump FILE FORMAT [TO]: notes go to FILE.notes
dump() { scmod dump "$1" --format "$2" -o "${3:-/dev/stdout}" 2>"$tmp/notes"; }

# ---- a profile with all there is: two ABIs, two records, every state and kind

jq -n '{format: "scmod-profile-3", partial: true, action: "errno", errno: 13,
	origins: [
		{path: "/web \"1\"\n", id: 18446744073709551615, created: "2026-01-31T12:00:00.5Z",
			partial: true, tool: "0.9", kernel: "6.1.0-1-amd64"},
		{file: "other.json"}],
	abis: [
		{abi: "x86_64", calls: ([
			["read", 0, "allow"], ["write", 1, "allow"], ["open", 2, "allow"],
			["mmap", 9, "allow"], ["rt_sigreturn", 15, "allow"], ["clone", 56, "allow"],
			["execve", 59, "allow"], ["exit", 60, "allow"], ["mount", 165, "refuse"],
			["swapon", 167, "refuse"], ["reboot", 169, "refuse"],
			["restart_syscall", 219, "allow"], ["exit_group", 231, "allow"],
			["openat", 257, "allow"], ["statx", 332, "soft"], ["clone3", 435, "soft"]]
			| map({name: .[0], nr: .[1], state: .[2]}
				+ (if .[0] == "mount" then {errno: 22} elif .[0] == "swapon" then {action: "kill"} else {} end)
				+ {reasons: []}))},
		{abi: "i386", calls: ([["exit", 1, "allow"], ["read", 3, "allow"], ["write", 4, "allow"],
			["restart_syscall", 0, "allow"], ["sigreturn", 119, "allow"],
			["rt_sigreturn", 173, "allow"], ["exit_group", 252, "allow"],
			["socketcall", 102, "allow"]]
			| sort_by(.[1]) | map({name: .[0], nr: .[1], state: .[2], reasons: []}))}],
	values: [
		{call: "setns", any: true, reasons: [{kind: "full", origin: 1, text: "many"}]},
		{call: "prctl", rules: [
			{value: "prctl(PR_SET_NAME)", reasons: [
				{kind: "seen", origin: 0, comm: "x", pid: 3, first: "2026-01-31T12:00:00.7Z", count: 1}]}]},
		{call: "socketcall", rules: [
			{value: "socketcall(SYS_BIND)", errno: 33, reasons: [{kind: "file", origin: 1, text: "a"}]},
			{value: "socketcall(SYS_SOCKET..SYS_ACCEPT)", reasons: [{kind: "file", origin: 1, text: "b"}]}]}]}
	| .abis[].calls[] |= (.reasons = (
		if .name == "read" then [
			{kind: "seen", origin: 0, comm: "\u00e4 \"\\\u0001", pid: 4294967295, first: "2026-01-31T12:00:00.7Z", count: 1},
			{kind: "seen", origin: 1}]
		elif .name == "write" then [{kind: "import", origin: 0, text: "imported by /usr/sbin/nginx: fwrite"}]
		elif .name == "open" then [{kind: "family", origin: 0, text: "stands in for openat"}]
		elif .name == "mmap" then [{kind: "allowed-by-hand", origin: 0, text: "x"}, {kind: "base", origin: 0, text: "y"}]
		elif .state == "soft" then [{kind: "soft", origin: 0, text: "z"}]
		else [{kind: "file", origin: 1, text: "syscalls[0]"}] end))' >raw.json || exit

t 'our own form is read' dump raw.json json a.json
t 'and written again the same bytes' eval 'dump a.json json b.json && same a.json b.json'
t 'all that was in it is in it' eval '
	[ "$(jq -S "del(.abis[].calls[].reasons[] | select(.kind == \"lifeline\"))" a.json)" = "$(jq -S . raw.json)" ] ||
	diff <(jq -S . a.json) <(jq -S . raw.json)'
t 'the order of the file does not matter' eval '
	jq ".abis |= reverse | .abis[].calls |= reverse | .abis[].calls[].reasons |= reverse" a.json >r.json &&
	dump r.json json b.json && same a.json b.json'
mkdir other && cp r.json other/a.json
t 'a call without a name has its number' eval '
	jq ".abis[0].calls += [{nr: 500, state: \"allow\", reasons: [{kind: \"seen\"}]}]" a.json >n.json &&
	dump n.json json n1.json && dump n1.json json n2.json && same n1.json n2.json &&
	holds ".abis[0].calls[] | select(.nr == 500) | has(\"name\") | not" n1.json'
# Any program can make such a call while scmod learns.
nameless() {
	scmod dump n.json --format "$1" --infer none >nameless 2>notes || { cat notes; return 1; }
	scmod dump a.json --format "$1" --infer none >named 2>/dev/null &&
		same <(grep -av "n.json" nameless) <(grep -av "a.json" named) &&
		grep -q "left out: 1 call .*(x86_64 500).*refused" notes || { cat notes; return 1; }
}
for form in oci docker spo systemd; do
	t "$form: it is left out, with a warning" nameless $form
done
t 'a list names it by its number, and is read' eval '
	dump n.json list n.list && grep -qx 500 n.list && dump n.list list n2.list && grep -qx 500 n2.list'
t 'explain takes a number, and shows it' says "x86_64:500: allowed" scmod explain n.json 500
t 'also with its ABI' says "i386:read: allowed" scmod explain n.json i386:3
t 'but none that is no call' says "no system call is named '9999'" scmod explain n.json 9999
# Calls that are newer than the headers that the tool was built with have their names.
newest() {
	printf '%s\n' listns mseal rseq_slice_yield setxattrat uprobe >newest.list
	dump newest.list oci newest.oci || { cat notes; return 1; }
	for name in $(cat newest.list); do
		holds "any(.syscalls[].names[]; . == \"$name\")" newest.oci || return
	done
	says 471 scmod explain newest.list rseq_slice_yield --json
}
t 'the newest calls have names' newest
# What programs of today do without is answered as if the kernel did not have it.
newer() { awk '!/^#/ && $3 != "-" { split($2, v, "."); if (v[1] > 5 || v[1] == 5 && v[2] > 10) print $1 }' "$top/ctl/calls/syscalls.txt"; }
softened() {
	dump read.only "$1" newer.out || { cat notes; return 1; }
	[ -z "$(comm -23 <(sort <<<"$(newer; echo io_uring_setup)") \
		<(jq -r "$2" newer.out | sort))" ] || { jq . newer.out; return 1; }
}
echo read >read.only
t 'there are such calls' [ "$(newer | wc -l)" -gt 25 ]
for form in oci docker; do
	t "$form: what is newer than Linux 5.10 returns ENOSYS, and so does io_uring" softened $form \
		'.syscalls[] | select(.errnoRet == 38).names[]'
done
t 'json: the same, and why' softened json '.abis[0].calls[] | select(.state == "soft" and .reasons[0].kind == "soft").name'
t 'pfc: by their numbers, those to come as well' eval 'dump read.only pfc newer.pfc && for nr in 425 464 471 472 575; do
	grep -A1 "syscall == $nr)" newer.pfc | grep -q "ERRNO(38)" || { echo $nr; return 1; }; done'
t 'but not those that are allowed' eval 'printf "%s\n" read getxattrat 500 >newer.list && dump newer.list pfc newer.pfc && for nr in 464 500; do
	grep -A1 "syscall == $nr)" newer.pfc | grep -q "action ALLOW" || { echo $nr; return 1; }; done'
t 'a profile that says how it refuses is written as it is' eval '
	jq -n "{defaultAction: \"SCMP_ACT_ERRNO\", syscalls: [{names: [\"read\"], action: \"SCMP_ACT_ALLOW\"}]}" >plain.oci &&
	dump plain.oci oci plain2.oci && holds "[.syscalls[].errnoRet] == [null]" plain2.oci'
# A file says nothing of calls that came after all of those that it names: runc answers ENOSYS.
jq -n '{defaultAction: "SCMP_ACT_ERRNO", syscalls: [{names: ["read", "statx"], action: "SCMP_ACT_ALLOW"}]}' >old.oci
jq '.syscalls[0].names += ["faccessat2"]' old.oci >later.oci
jq '.defaultAction = "SCMP_ACT_KILL_PROCESS"' old.oci >kills.oci
t 'explain: newer than all calls that a file names' says 'x86_64:pidfd_getfd: refused with ENOSYS
    soft: it came with Linux 5.6, and the newest call that the file names with 4.11; runc' scmod explain old.oci pidfd_getfd
t 'of i386, too' says 'i386:pidfd_getfd: refused with ENOSYS' scmod explain old.oci i386:pidfd_getfd
t 'also if the file kills' says 'x86_64:fspick: refused with ENOSYS' scmod explain kills.oci fspick
t 'but not older than one of them' says 'x86_64:pidfd_getfd: refused
    the file does not name the call' scmod explain later.oci pidfd_getfd
t 'a release is compared by its numbers: 2.6.28 is before 4.11' says 'x86_64:accept4: refused
    the file does not name the call' scmod explain old.oci accept4
t 'a list without such a rule is as before' says 'x86_64:pidfd_getfd: refused
    the file does not name the call' scmod explain read.only pidfd_getfd
t 'explain: since when there is such a call' says 'it came with Linux 6.13' scmod explain read.only getxattrat
t 'explain: who does without io_uring' says 'libuv' scmod explain read.only io_uring_setup
t 'explain: a number that no kernel has' says 'x86_64:500: refused with ENOSYS' scmod explain read.only 500
t 'explain: an old call' says "x86_64:vhangup: refused
    the file does not name the call; it is not refused with ENOSYS" scmod explain read.only vhangup
# The errno of a call, if it has one of its own.
jq -n '{defaultAction: "SCMP_ACT_ERRNO", syscalls: [{names: ["read"], action: "SCMP_ACT_ALLOW"},
	{names: ["uname"], action: "SCMP_ACT_ERRNO", errnoRet: 9}, {names: ["acct"], action: "SCMP_ACT_ERRNO"},
	{names: ["chroot"], action: "SCMP_ACT_KILL_PROCESS"}]}' >own.oci
t 'explain names the errno of a call' says 'x86_64:uname: refused by name, with EBADF' scmod explain own.oci uname
t 'in JSON, too' eval 'scmod explain own.oci uname --json | jq -e ".calls[0] | .state == \"refuse\" and .errno == \"EBADF\""'
t 'explain: a call that ends the process' eval 'says "refused by name: it ends the process" scmod explain own.oci chroot &&
	scmod explain own.oci chroot --json | jq -e ".calls[0].action == \"kill\""'
t 'explain: a call that is refused as all others has none' eval 'scmod explain own.oci acct --json | jq -e ".calls[0] | has(\"errno\") or has(\"action\") | not"'
# Names that are none here, but somewhere.
# shellcheck disable=SC2034
foreign='"riscv_hwprobe","s390_sthyi","osf_wait4","arm_fadvise64_64","spu_run","clone2","openat3","listxattrat2","mseal2"'
t 'lint: names of other architectures and of kernels to come are no mistakes' eval '
	printf "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\",%s],\"action\":\"SCMP_ACT_ALLOW\"}]}" "$foreign" >foreign.oci
	! scmod lint foreign.oci | grep "no system call is named"'
t 'dump tells those of other architectures from those that it does not know' eval 'scmod -v dump foreign.oci 2>notes >/dev/null
	for name in riscv_hwprobe s390_sthyi osf_wait4; do grep -q "$name.* is a call of other architectures only" notes || { cat notes; return 1; }; done
	grep -q "openat3.* is not a call that this tool knows" notes'
t 'each foreign name stands once, and none is a name here' [ -z "$(sed '/^#/d' "$top/ctl/calls/foreign.txt" | sort | uniq -d
	comm -12 <(sed '/^#/d' "$top/ctl/calls/foreign.txt" | sort) <(awk '!/^#/ { print $1 }' "$top/ctl/calls/syscalls.txt" | sort))" ]
added_names() {
	echo read >fewer.list && printf '%s\n' read "$@" >more.list || return
	scmod diff fewer.list more.list --json >d.json
	[ $? -eq 1 ] && [ "$(jq -r '.abis[0].only_b[].name' d.json | sort)" = "$(printf '%s\n' "$@" | sort)" ] || { cat d.json; return 1; }
}
mapfile -t newer < <(newer)
t 'diff sees each new name' added_names "${newer[@]}"
# numbers ABI COLUMN: the table says of no number what the headers say of another.
numbers() {
	[ -z "$(awk -v column="$2" 'FILENAME == ARGV[1] { number[$1] = $2; next }
		!/^#/ && $1 in number && $column != number[$1]' \
		<(sed -n 's/^#define __NR_\([a-z0-9_]*\) (*\(__X32_SYSCALL_BIT + \)*\([0-9]*\))*$/\1 \3/p' \
			"/usr/include/x86_64-linux-gnu/asm/unistd_$1.h") "$top/ctl/calls/syscalls.txt")" ]
}
t 'x86_64: the table of calls agrees with the headers' numbers 64 3
t 'i386: the same' numbers 32 4
t 'x32: the same' numbers x32 5
# What was written by hand, or before.
kept() {
	printf %s "$3" >hand.json && dump hand.json json h1.json && holds "$1 == $2" h1.json &&
		dump h1.json json h2.json && same h1.json h2.json
}
while IFS='|' read -r fact path value json; do
	t "$fact is kept, and read again" kept "$path" "$value" "$json"
done <<'END'
partial, without a path, of the former form|.origins[0].partial|true|{"format":"scmod-profile-1","partial":true,"abis":[{"abi":"x86_64","allow":["read"]}]}
what is said of an origin without a path|.origins[0].id|5|{"format":"scmod-profile-2","origins":[{"file":"x","id":5}],"abis":[{"abi":"x86_64","calls":[{"name":"read","state":"allow","reasons":[{"kind":"file"}]}]}]}
who made a call, though not when|.abis[0].calls[0].reasons[0]|{"kind":"seen","comm":"sh","pid":3,"count":0}|{"format":"scmod-profile-2","abis":[{"abi":"x86_64","calls":[{"name":"read","state":"allow","reasons":[{"kind":"seen","comm":"sh","pid":3}]}]}]}
END
t 'but bpf can' dump n.json bpf n.bpf

# ---- each form

for form in oci docker spo systemd bpf pfc list json; do
	t "$form is written" dump a.json $form 1.$form
	t "$form: again the same bytes" eval "dump a.json $form 2.$form && same 1.$form 2.$form"
	t "$form: the same of a file in another order" eval "dump other/a.json $form 2.$form; same 1.$form 2.$form"
done
t 'no other form is' exits_saying 2 'not a value of this option; give one of oci, docker' scmod dump a.json --format yaml

sorted() { jq -e '[.syscalls[].names | . == sort and . == unique] | all' "$1" >/dev/null; }
for form in oci docker; do
	t "$form: names are sorted, each once" sorted 1.$form
	t "$form: the default" holds '.defaultAction == "SCMP_ACT_ERRNO" and .defaultErrnoRet == 13' 1.$form
	t "$form: soft calls return ENOSYS" holds '.syscalls[] | select(.errnoRet == 38) | .action == "SCMP_ACT_ERRNO" and .names == ["clone3"]' 1.$form
	t "$form: others with errnos of their own" holds '.syscalls[] | select(.errnoRet == 22) | .names == ["mount"]' 1.$form
	t "$form: or that kill" holds '.syscalls[] | select(.action == "SCMP_ACT_KILL_PROCESS") | .names == ["swapon"]' 1.$form
	t "$form: no rule does what the default does" holds '[.syscalls[].names[]] | index("reboot") | not' 1.$form
	t "$form: says that ABIs are one" eval "dump a.json $form 2.$form; grep -q 'differs between the ABIs' notes"
	t "$form: read and written again the same bytes" eval "dump 1.$form $form 2.$form && same 1.$form 2.$form"
	t "$form: lint finds no error" eval "scmod lint --json 1.$form >l.json; holds '.errors == 0' l.json"
done
jq -n '{format: "scmod-profile-2", action: "errno", errno: 1, abis: [{abi: "x86_64", calls: [
	{name: "read", nr: 0, state: "allow", reasons: [{kind: "file"}]}, {name: "mount", nr: 165, state: "soft", reasons: [{kind: "file"}]}]},
	{abi: "i386", calls: [{name: "read", nr: 3, state: "allow", reasons: [{kind: "file"}]}, {name: "mount", nr: 21, state: "refuse", errno: 13, reasons: [{kind: "file"}]}]}]}' >differ.json
for form in oci docker spo systemd; do
	t "$form: says that ABIs differ in how they refuse" eval 'dump differ.json $form differ && grep -q "differs between the ABIs" notes'
	t "$form: and nothing where they do not" eval 'jq ".abis[0].calls[1] = {name: \"mount\", nr: 165, state: \"refuse\", errno: 13, reasons: [{kind: \"file\"}]}" differ.json >alike.json &&
		scmod dump alike.json --runtime none --format $form -o alike 2>notes && ! grep -q "differs between the ABIs" notes'
done
t 'oci has architectures' holds '.architectures == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"] and (has("archMap") | not)' 1.oci
t 'docker has archMap, and no architectures' holds '.archMap == [{architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86"]}] and (has("architectures") | not)' 1.docker

t 'spo is what the CRD wants' "$here/spo_check.py" 1.spo
yaml() { python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)' "$1"; }
yaml 1.spo >spo.json
t 'spo: allows the same names as oci' eval '
	[ "$(jq -c "[.spec.syscalls[] | select(.action == \"SCMP_ACT_ALLOW\").names[]]" spo.json)" = "$(jq -c "[.syscalls[] | select(.action == \"SCMP_ACT_ALLOW\").names[]]" 1.oci)" ]'
t 'spo: another errno than EPERM stands in a rule of all the rest' holds \
	'.spec.syscalls[] | select(.errnoRet == 13) | .names | index("reboot") and index("bpf")' spo.json
t 'spo: with EPERM there is no such rule' eval '
	jq ".errno = 1" a.json >e.json && dump e.json spo e.spo && "$here/spo_check.py" e.spo && ! grep -q "\"bpf\"" e.spo'
odd=('on' '1e3' 'Ä.json' '-a-' 'A B' '0x1f' "$(printf 'x%.0s' {1..80})" 'null' '~' 'a#b: c')
for name in "${odd[@]}"; do
	cp a.json "./$name"
	t "spo: the name of '$name' is a name" eval 'dump "./$name" spo o.spo && "$here/spo_check.py" o.spo'
done

mkdir -p units/u.service.d
printf '[Unit]\nDescription=u\n[Service]\nExecStart=/bin/true\nSystemCallFilter=~@mount\n' >units/u.service
verify() { cp "$1" units/u.service.d/scmod.conf && text=$(systemd-analyze verify ./units/u.service 2>&1); [ -z "$text" ] || { echo "$text"; return 1; }; }
t 'systemd takes the drop-in' verify 1.systemd
t 'systemd: an allow-list, after what was there' eval 'grep -qx "SystemCallFilter=" 1.systemd && grep -q "^SystemCallFilter=clone " 1.systemd'
t 'systemd: ENOSYS because of soft calls' grep -qx SystemCallErrorNumber=ENOSYS 1.systemd
t 'systemd: says what is not carried' eval 'grep -q "for the rest, the profile has EACCES" 1.systemd && grep -q "^#   mount" 1.systemd'
t 'systemd: the errno of the profile where none is soft' eval '
	jq "del(.abis[].calls[] | select(.state == \"soft\"))" a.json >h.json && dump h.json systemd h.systemd &&
	grep -qx SystemCallErrorNumber=EACCES h.systemd && verify h.systemd'
t 'systemd: kill' eval 'jq ".action = \"kill\"" a.json >k.json && dump k.json systemd k.systemd &&
	grep -qx SystemCallErrorNumber=kill k.systemd && grep -q "has ENOSYS for" k.systemd && verify k.systemd'
t 'systemd: says what systemd allows beside it' grep -q 'allows all of its set @default' 1.systemd
systemd-analyze syscall-filter @default >default.set
for call in execve exit mmap futex; do
	t "systemd: that it does, $call" eval 'grep -q "^# .*\b$call\b" 1.systemd && grep -qx " *$call" default.set'
done
t 'systemd: architectures' grep -qx 'SystemCallArchitectures=x86-64 x86' 1.systemd
t 'systemd: comments are one line each' eval '! grep -vE "^#|^\[Service\]$|^SystemCall[A-Za-z]*=" 1.systemd'

t 'bpf is whole instructions' eval '[ "$(stat -c %s 1.bpf)" -gt 100 ] && [ $(($(stat -c %s 1.bpf) % 8)) -eq 0 ]'
t 'pfc has both ABIs' eval 'grep -q "arch x86_64" 1.pfc && grep -q "arch x86 " 1.pfc'
t 'pfc: soft calls' eval 'grep -A2 "\"clone3\"" 1.pfc | grep -q "ERRNO(38)"'
t 'pfc keeps the ABIs apart' eval '[ "$(grep -c "\"open\"" 1.pfc)" -eq 1 ] && [ "$(grep -c "\"read\"" 1.pfc)" -eq 2 ]'
t 'list: one name on a line, why it was added' eval '
	grep -qx "i386:socketcall" 1.list && grep -qx "open # added: stands in for openat" 1.list'
t 'list: no soft call' eval '! grep -q statx 1.list'
t 'list: says that it is partial' grep -q '^# partial' 1.list
t 'list: a reason of two lines is one, and adds no call' eval '
	jq "(.abis[0].calls[] | select(.name == \"open\").reasons[0].text) = \"/tmp/a\nptrace\\u001b[2J\"" a.json >two.json &&
	dump two.json list two.list && grep -qxF "open # added: /tmp/a?ptrace?[2J" two.list && ! grep -qx "ptrace.*" two.list'
names() { scmod dump "$1" --format list 2>/dev/null | sed '/^#/d; s/ #.*//'; }
t 'list is read back' eval '[ "$(names 1.list)" = "$(names a.json)" ]'
t 'a list of names has soft calls in forms that can carry them' eval 'dump 1.list oci l.oci && holds ".syscalls[] | select(.errnoRet == 38).names | index(\"clone3\")" l.oci'
printf 'read\n' >$'x\u2028ptrace'
for form in list spo; do
	t "$form: a line that a name ends by another letter is one, too" eval '
		dump $'"'x\\u2028ptrace'"' $form u.$form && grep -q "of x???ptrace" u.$form && ! grep -q $'"'\\u2028'"' u.$form'
done
printf 'read\n' >read.list
for name in $'\xff\xc3' $'\uffff\ufffe'; do
	cp read.list "$name"
	t "spo: a name that YAML can not hold makes no YAML that is none: $(printf %q "$name")" eval 'dump "$name" spo u.spo && yaml u.spo >u.json && grep -q "^# system calls of ??" u.spo'
done
printf 'i386:read\n' >i386.list
for form in oci docker spo systemd; do
	t "$form: says that it is for x86_64, too" eval 'scmod dump i386.list --format $form 2>&1 >/dev/null |
		grep -q "not for x86_64 programs, but its names will be allowed for them, too"'
	t "$form: but not of what has both" eval '! scmod dump a.json --format $form 2>&1 >/dev/null | grep "no x86_64"'
done
# added FILE: which calls a runtime makes are in it, and for which.
added() { jq -c '[.abis[].calls[].reasons[] | select(.kind == "runtime").text | split(":")[0] | split(", ")[] | split(" ")[0]] | unique' "$1"; }
t 'a list gets no calls of a runtime' eval 'scmod dump read.list --format oci -o r.oci && holds "[.syscalls[].names[]] | index(\"capset\") | not" r.oci'
for runtime in any crun runc; do
	t "but those of $runtime if it is named" eval 'scmod dump read.list --format json --runtime $runtime -o r.json && case $runtime in
		any) [ "$(added r.json)" = "[\"crun\",\"runc\"]" ] ;; *) [ "$(added r.json)" = "[\"$runtime\"]" ] ;; esac'
done
t 'in every form' eval 'scmod dump read.list --format list --runtime any | grep -q "^capset # added: .*after the filter is loaded"'
t 'and explain says so' says 'runtime: crun' scmod explain read.list capset --runtime crun
t 'and only then' says 'x86_64:capset: refused' scmod explain read.list capset
t 'and why: a file sees nothing' says 'the file does not name the call' scmod explain read.list capset
printf 'read\n' >$'\xff\u00e4\xc3'
t 'a name that is no UTF-8 makes no JSON that is none' eval 'scmod dump $'"'\\xff\\u00e4\\xc3'"' --format json -o u.json &&
	python3 -c "import json; assert json.load(open(\"u.json\"))[\"origins\"][0][\"file\"] == \"?\\u00e4?\"" &&
	dump u.json json u2.json && same u.json u2.json'
t 'conversion needs no module' eval '! scmod status && dump a.json oci x.oci'

# ---- -o

echo old >kept
t 'on failure the old file stays' eval '! scmod dump none.json -o kept 2>/dev/null && [ "$(cat kept)" = old ]'
touch theirs && chmod 600 theirs && chown 65534:65533 theirs 2>/dev/null
whose() { stat -c '%u %g %a' theirs; }
t 'a file that is replaced is whose it was' eval 'was=$(whose); dump a.json oci theirs && [ -s theirs ] && [ "$(whose)" = "$was" ]'
ln -s target link
t 'a link to nothing stays one' eval 'exits_saying 1 "No such file" scmod dump a.json -o link && [ -L link ]'
touch target
t 'what a link points to is replaced' eval 'dump a.json oci link && [ -L link ] && [ -s target ]'
mkdir -m 733 drop
as_nobody() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid 65534 --clear-groups "$@"; else "$@"; fi; }
t 'in a directory that can not be read, too' eval 'cp "$(command -v scmod)" a.json drop && chmod 755 drop/scmod "$tmp" && chmod 644 drop/a.json &&
	as_nobody drop/scmod dump drop/a.json -o drop/new && [ -s drop/new ]'
t 'what is said where stderr is closed is not in the file' eval '
	jq ".abis[1].calls += [{nr: 500, state: \"allow\", reasons: [{kind: \"seen\"}]}]" a.json >i.json &&
	scmod dump i.json --format bpf -o 1.bpf && scmod dump i.json --format bpf -o 2.bpf 2>&- && same 1.bpf 2.bpf'
scmod dump a.json --format list >a.list.out 2>/dev/null
t 'what is open as stdout is written to, not replaced' eval '
	{ echo before; scmod dump a.json --format list -o /dev/stdout 2>/dev/null; echo after; } >stream &&
	{ echo before; cat a.list.out; echo after; } | cmp - stream'
t 'and by any other name that it has' eval '
	for name in - /dev/fd/7 /proc/self/fd/7 /proc/thread-self/fd/7 ./fd7; do
		ln -sf /proc/self/fd/7 fd7
		{ echo before >&7; scmod dump a.json --format list -o $name 2>/dev/null; echo after >&7; } 7>stream >&7 &&
			{ echo before; cat a.list.out; echo after; } | cmp - stream || { echo $name; return 1; }
	done'
t 'what another process has open keeps what is in it' eval '
	echo before >stream; sleep 100 7>>stream & holder=$!
	scmod dump a.json --format list -o /proc/$holder/fd/7 2>/dev/null; status=$?
	kill $holder; wait $holder 2>/dev/null
	[ $status -eq 0 ] && { echo before; cat a.list.out; } | cmp - stream'
t 'a file of one who may not write its directory is overwritten' eval '
	mkdir -p shut && : >shut/file && chmod 755 shut && chmod 666 shut/file && chmod 755 "$tmp" &&
	as_nobody drop/scmod dump drop/a.json --format list -o shut/file && same shut/file a.list.out && [ "$(ls shut)" = file ]'
t 'a new file there is refused' eval '[ "$(id -u)" -ne 0 ] || exits_saying 4 "Permission denied" as_nobody drop/scmod dump drop/a.json -o shut/new'
t 'bpf is not for a terminal, named or not' says 'with -o FILE' script -qec 'scmod dump a.json --format bpf -o -' /dev/null
t 'bpf is not for a terminal' says 'with -o FILE' script -qec 'scmod dump a.json --format bpf' /dev/null

# ---- a dash is standard input

for verb in dump explain report lint; do
	t "$verb -" eval "[ \"\$(scmod $verb - <a.json 2>/dev/null | sed 's/^-: //')\" ] && exits 1 scmod $verb - </dev/null || [ $verb = lint ]"
done
t 'dump - is dump of the file' eval 'scmod dump - --format json <a.json 2>/dev/null | cmp - a.json'
t 'diff - FILE' eval 'scmod diff - a.json <a.json && scmod diff a.json - <a.json'
t 'merge - FILE' eval 'cat a.json | scmod merge - a.json -o - 2>/dev/null | cmp - a.json'
t 'standard input is read once' exits_saying 2 'can be read only once' scmod diff - - </dev/null
t 'a file of that name is ./-' eval 'cp a.json ./-; scmod diff ./- a.json </dev/null; status=$?; rm ./-; [ $status -eq 0 ]'

# ---- options without effect, capabilities, permissions

t 'a file is taken as it is: dump --infer' exits_saying 2 '--infer has no effect on a file' scmod dump a.json --infer family
t 'explain --infer' exits_saying 2 '--infer has no effect on a file' scmod explain a.json --infer likely
t 'report --families' exits_saying 2 '--families has no effect on a file' scmod report a.json --families /dev/null
t 'merge --infer of files' exits_saying 2 '--infer has no effect on a file' scmod merge a.json a.json --infer likely
t 'diff --infer of files' exits_saying 2 '--infer has no effect on a file' scmod diff a.json a.json --infer family
t 'but nothing is inferred for a file' scmod diff a.json a.json --infer none
t 'one form, not two' exits_saying 2 '--json has no effect with --format' scmod dump a.json --json --format oci
t 'nor of a report' exits_saying 2 '--json has no effect with --html' scmod report a.json --json --html
t 'dump --json is that form' eval 'scmod dump a.json --json 2>/dev/null | cmp - a.json'
printf '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"},
	{"names":["chroot"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_CHROOT"]}}]}' >caps.oci
for caps in CAP_SYS_CHROOT SYS_CHROOT sys_chroot cap_sys_chroot ALL all CHOWN,sys_chroot; do
	t "--cap $caps" eval "scmod dump caps.oci --cap $caps --format list 2>/dev/null | grep -qx chroot"
done
t '--cap of another' eval '! scmod dump caps.oci --cap CHOWN --format list 2>/dev/null | grep -qx chroot'
t '--cap of none there is' exits_saying 2 "'CHROOT'" scmod dump caps.oci --cap CHROOT
if [ "$(id -u)" -eq 0 ]; then
	: >unreadable && chmod 600 unreadable
	for verb in dump lint 'diff drop/a.json' 'merge drop/a.json' explain report; do
		# shellcheck disable=SC2086
		t "$verb of a file that may not be read" exits_saying 4 'Permission denied' as_nobody drop/scmod $verb unreadable
	done
fi

# ---- notes and colour

if [ -e $podman_default ]; then
	t 'notes of one kind are one line' eval '[ "$(scmod dump $podman_default --args widen 2>&1 >/dev/null | wc -l)" -le 8 ]'
	t 'with how many there are' says 'left out (and 5 more of this kind; -v prints each)' scmod dump $podman_default --args widen
	t 'each of them with -v' eval '[ "$(scmod dump -v $podman_default --args widen 2>&1 >/dev/null | grep -c "other architectures only")" -eq 6 ]'
	t 'none with -q' eval '[ -z "$(scmod dump -q $podman_default --args widen 2>&1 >/dev/null)" ]'
fi
coloured() { script -qec "$1" /dev/null | grep -q $'\e\[3[123]m'; }
export TERM=xterm
printf 'read\n' >one.call
for command in 'explain a.json' 'diff a.json one.call' 'lint caps.oci'; do
	t "$command: colour at a terminal" coloured "scmod $command"
	t "$command: not with NO_COLOR" eval "! NO_COLOR=1 coloured 'scmod $command'"
	t "$command: not on a terminal that has none" eval "! TERM=dumb coloured 'scmod $command'"
	t "$command: not in JSON" eval "! coloured 'scmod $command --json'"
	t "$command: not in a pipe" eval "! scmod $command | grep -q \$'\\e'"
done

# ---- the default profile that podman uses

if [ -e $podman_default ]; then
	t 'podman: rules of values need no option' scmod dump $podman_default --format json -o p.fail
	for args in widen narrow; do
		t "podman: --args $args" scmod dump $podman_default --args $args --format json -o p.$args
		t "podman, $args: lossless" eval "dump p.$args json p2 && same p.$args p2"
		for form in oci docker spo systemd bpf pfc list; do
			t "podman, $args: $form" dump p.$args $form p.$args.$form
		done
	done
	t 'podman: widened and narrowed are the same, as all rules with arguments are of values' \
		eval 'same p.narrow p.widen && same p.fail p.widen'
	# asked FORM: the values of each rule, as the file says them.
	asked() {
		scmod dump $podman_default --format "$1" -o p.asked 2>/dev/null &&
			holds '[.syscalls[] | select(.names == ["personality"]) | .args[0].valueTwo] == [0, 8, 131072, 131080, 4294967295]' p.asked &&
			holds '[.syscalls[] | select(.names == ["socket"] and .errnoRet == 22) | .args | map(.valueTwo)] == [[16, 9]]' p.asked &&
			holds '[.syscalls[] | select(.names | index("personality", "socket") != null) | has("args")] | all' p.asked &&
			holds '[.syscalls[].args[]? | .op == "SCMP_CMP_MASKED_EQ" and .index < 3 and .value > 0] | all' p.asked
	}
	for form in oci docker; do
		t "podman, $form: rules of values are there" asked $form
		t "podman, $form: read again, they are the same" eval 'dump p.asked $form p.again && same p.asked p.again'
	done
	t 'podman, spo: the same' eval 'scmod dump $podman_default --format spo -o p.spo 2>/dev/null && "$here/spo_check.py" p.spo && yaml p.spo >p.yaml &&
		holds "[.spec.syscalls[] | select(.names == [\"personality\"]) | .args[0].valueTwo] == [0, 8, 131072, 131080, 4294967295]" p.yaml'
	t 'podman, pfc: the same' eval 'scmod dump $podman_default --format pfc -o p.pfc 2>/dev/null && grep -q "action ERRNO(22)" p.pfc'
	t 'podman: capabilities' eval '
		scmod dump $podman_default --args widen --cap CAP_SYS_ADMIN,CAP_SYS_CHROOT --format json -o p.cap 2>notes &&
		scmod diff p.widen p.cap --json >p.diff; [ "$(jq -c "[.abis[0].only_b[].name] | index(\"bpf\", \"chroot\") != null" p.diff | sort -u)" = true ] &&
		grep -q "CAP_SYS_CHROOT" notes'
	# A rule that the register's upper half gets past is one of Podman's.
	t 'podman: lint has remarks, and warns of rules that compare 64 bits of an int' eval 'scmod lint $podman_default --json >p.lint
		holds ".errors == 0 and .remarks > 0 and .warnings > 0 and ([.findings[] | select(.severity == \"warning\").what | contains(\"64 are compared\")] | all)" p.lint
		scmod dump $podman_default 2>/dev/null >p.own; scmod lint p.own --json >p.lint; holds ".errors == 0 and .warnings == 0" p.lint'
else
	t 'the default profile of podman is here' false
fi
# ---- values of arguments in forms that are no JSON

printf '%s\n' read execve 'socket(AF_INET,SOCK_STREAM,0)' 'socket(AF_UNIX)' 'clone(0)' 'personality(PER_LINUX)' 'ioctl(TCGETS)' >values.list
t 'list: values are read' eval 'scmod dump values.list --runtime none -o v.oci 2>/dev/null && holds "
	[.syscalls[] | select(.names == [\"socket\"]).args | map([.index, .value, .valueTwo])] | sort == [[[0, 4294967295, 1]], [[0, 4294967295, 2], [1, 15, 1], [2, 4294967295, 0]]]" v.oci'
t 'list: and written, after the names' eval 'dump values.list list v.list &&
	[ "$(grep "(" v.list)" = "$(printf "%s\n" "socket(AF_UNIX)" "socket(AF_INET,SOCK_STREAM,0)" "clone(0)" "personality(PER_LINUX)" "ioctl(TCGETS)")" ] || { cat v.list; false; }'
t 'list: again the same bytes' eval 'dump v.list list v2.list && [ "$(names v.list)" = "$(names v2.list)" ]'
t 'list: a value that is none is an error with its line' eval 'printf "read\nsocket(AF_NONE)\n" >bad.list && exits_saying 1 "no family of socket" scmod dump bad.list && exits_saying 1 "line 2: " scmod dump bad.list'
t 'the same values in a list and in an OCI profile are no difference' scmod diff values.list v.oci --runtime none
t 'diff: a value more' eval 'cp values.list more.values && echo "socket(AF_INET6)" >>more.values; says "socket, values allowed by the second only:" scmod diff values.list more.values;
	scmod diff values.list more.values --json >d.json; holds "[.values[] | .call, .only_b[].value] == [\"socket\", \"socket(AF_INET6)\"] and .same == false" d.json'
t 'diff: any value, and some' eval 'grep -v "socket(" values.list >any.values; echo socket >>any.values; scmod diff any.values values.list --json >d.json; holds "[.values[].only_a[].value] == [\"socket(*)\"]" d.json'
t 'systemd: what it has settings for' eval 'dump values.list systemd v.systemd && verify v.systemd && grep -qx "RestrictAddressFamilies=AF_UNIX AF_INET" v.systemd &&
	grep -qx RestrictNamespaces=yes v.systemd && grep -qx LockPersonality=yes v.systemd'
t 'systemd: what is not carried' eval 'grep -qx "# Not carried: types and protocols of sockets." v.systemd && grep -qx "# Not carried: the values of ioctl." v.systemd'
t 'systemd: the calls are allowed' eval 'for call in socket clone personality ioctl; do grep -q "^SystemCallFilter=.*\b$call\b" v.systemd || return; done'
t 'systemd: families that are refused, where others are allowed' eval 'jq -n "{defaultAction: \"SCMP_ACT_ERRNO\", syscalls: [{names: [\"read\"], action: \"SCMP_ACT_ALLOW\"},
	{names: [\"socket\"], action: \"SCMP_ACT_ALLOW\", args: [{index: 0, value: 40, op: \"SCMP_CMP_NE\"}]}]}" >ne.oci && dump ne.oci systemd ne.systemd && verify ne.systemd && grep -qx "RestrictAddressFamilies=~AF_VSOCK" ne.systemd'
t 'systemd: none of it where nothing is said about values' eval '! grep -E "^(Restrict|Lock|Memory)" 1.systemd'
t 'i386: socketcall is refused where values of socket are listed' eval 'printf "i386:read\ni386:socket\n" | cat values.list - >i386.values && dump i386.values oci v.oci && holds "[.syscalls[] | select(.names == [\"socketcall\"]) | .errnoRet] == [38]" v.oci &&
	dump i386.values bpf v.bpf'
t 'i386: not if it is allowed' eval 'echo i386:socketcall >>i386.values && dump i386.values oci v.oci && holds "[.syscalls[] | select(.errnoRet == 38).names[]] | index(\"socketcall\") | not" v.oci'

jq -n '{defaultAction: "SCMP_ACT_ERRNO", syscalls: [{names: ["read"], action: "SCMP_ACT_ALLOW"},
	{names: ["dup3"], action: "SCMP_ACT_ALLOW", args: [{index: 0, value: 1, op: "SCMP_CMP_EQ"}]}]}' >dup3.oci
t 'rules with other arguments are an error that names the way out' exits_saying 1 "give '--args widen' to allow" scmod dump dup3.oci
t 'widened and narrowed differ in these calls' eval '
	for args in widen narrow; do scmod dump dup3.oci --args $args --format json -o d.$args 2>/dev/null || return; done
	scmod diff d.narrow d.widen --json >d.diff; [ "$(jq -c "[.abis[0].only_b[].name]" d.diff)" = "[\"dup3\"]" ]'
t '--args has three values' exits_saying 2 'not a value of this option; give one of fail, widen, narrow' scmod dump a.json --args x
t '--cap takes capabilities' exits_saying 2 "'CAP_FOO'" scmod dump a.json --cap CAP_KILL,CAP_FOO

# ---- merge

t 'a profile merged with itself is itself' eval 'scmod merge a.json a.json -o m.json 2>/dev/null && same a.json m.json'
t 'three times, too' eval 'scmod merge a.json a.json a.json -o m.json 2>/dev/null && same a.json m.json'
for form in oci docker; do
	t "so it is in $form" eval "scmod merge 1.$form 1.$form -o m.$form 2>/dev/null && same 1.$form m.$form"
done
printf 'read\nsync\nstatx\n' >one.list
printf 'i386:sync\nread\nx32:read\n' >two.list
t 'merge is a union per ABI' eval 'scmod merge one.list two.list --format list -o m.list 2>/dev/null &&
	[ "$(grep -v added m.list | sed 1,2d | tr "\n" " ")" = "read statx sync i386:sync x32:read " ]'
t 'lists merged have soft calls, as one alone has' eval 'scmod merge one.list two.list --format oci -o m.oci 2>/dev/null &&
	holds ".syscalls[] | select(.errnoRet == 38).names | index(\"clone3\")" m.oci'
jq '.abis[0].calls += [{name: "ptrace", nr: 101, state: "silent", reasons: [{kind: "never", origin: 0, text: "x"}]}]' a.json >never.json
t 'merge keeps why a call was not inferred' eval 'dump never.json json silent.json && grep -q ptrace silent.json &&
	scmod merge silent.json silent.json -o m.json 2>/dev/null && same silent.json m.json'
t 'merge keeps the reasons and where they come from' eval 'scmod merge one.list two.list -o m.json 2>/dev/null &&
	holds "[.origins[].file] == [\"one.list\", \"two.list\"]" m.json &&
	holds ".abis[0].calls[] | select(.name == \"read\") | [.reasons[].origin] == [0, 1]" m.json &&
	holds ".abis[0].calls[] | select(.name == \"sync\") | [.reasons[].origin] == [0]" m.json'
t 'merge: what is allowed anywhere is allowed, without reasons to refuse it' eval 'scmod merge a.json one.list -o m.json 2>/dev/null &&
	holds ".abis[0].calls[] | select(.name == \"statx\") | .state == \"allow\" and [.reasons[].kind] == [\"file\"]" m.json'
t 'the other way round, too' eval 'scmod merge one.list a.json -o m2.json 2>/dev/null && scmod diff m.json m2.json'
t 'merge says whose refusal is lost' eval 'printf "mount\n" >mount.list && says "x86_64:mount is refused by one profile and allowed" scmod merge a.json mount.list -o m.json'
# oci_of ERRNO RULES: what allows read, refuses with ERRNO, and has those rules.
oci_of() { printf '{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":%s,"syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}%s]}' "$1" "${2:+,$2}"; }
rule() { printf '{"names":["%s"],"action":"SCMP_ACT_%s"%s}' "$1" "$2" "${3:+,\"errnoRet\":$3}"; }
oci_of 13 >eacces.oci
oci_of 38 >enosys.oci
oci_of 1 "$(rule clone3 ERRNO 1)" >hard.oci
oci_of 1 >plain.oci
oci_of 13 "$(rule swapon KILL_PROCESS),$(rule clone3 ERRNO 1),$(rule acct ERRNO 5)" >named.oci
sed 's/ERRNO","defaultErrnoRet":13/KILL_PROCESS"/' named.oci >kill.oci
jq 'del(.action)' a.json >errno.json
jq '.action = "kill" | del(.errno)' a.json >kill.json
for pair in 'errno.json kill.json' 'kill.json errno.json'; do
	t "merge: an errno alone is an errno: $pair" eval 'scmod merge $pair -o m.json 2>/dev/null && holds ".action == \"errno\" and .errno == 13" m.json'
done
# answers CALL FILE...: what they answer it with, merged.
answers() {
	scmod merge "${@:2}" --format oci 2>/dev/null | jq -r --arg call "$1" '
		([.syscalls[] | select(.names | index($call))][0] // {action: .defaultAction, errnoRet: .defaultErrnoRet}) |
		.action + if .errnoRet then " \(.errnoRet)" else "" end'
}
while read -r call a b answer; do
	for pair in "$a $b" "$b $a"; do
		# shellcheck disable=SC2086
		t "merge: $call, of $pair: $answer" eval '[ "$(answers $call $pair)" = "SCMP_ACT_$answer" ] || { answers $call $pair; false; }'
	done
done <<'END'
swapon eacces.oci named.oci ERRNO 13
swapon enosys.oci named.oci ERRNO 38
swapon eacces.oci kill.oci ERRNO 13
swapon named.oci kill.oci KILL_PROCESS
swapon one.list named.oci KILL_PROCESS
clone3 enosys.oci named.oci ERRNO 38
clone3 enosys.oci kill.oci ERRNO 38
clone3 named.oci kill.oci ERRNO 1
clone3 read.list kill.oci ERRNO 1
acct kill.oci enosys.oci ERRNO 38
acct named.oci kill.oci ERRNO 5
acct one.list named.oci ERRNO 5
read enosys.oci kill.oci ALLOW
END
# Without an errno it is EPERM, by the runtime specification.
printf '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}' >none.oci
for pair in 'none.oci eacces.oci EACCES 1' 'eacces.oci none.oci EPERM 13'; do
	# shellcheck disable=SC2086
	t "merge: without an errno it is EPERM, and the loss is told: $pair" eval 'set -- $pair
		scmod merge "$1" "$2" -o m.oci 2>notes && holds ".defaultErrnoRet == $4" m.oci && grep -q "default errno is $3" notes || { cat notes; false; }'
done
t 'merge: EPERM by its number is the same' eval 'scmod merge none.oci plain.oci -o m.oci 2>notes && holds ".defaultErrnoRet == 1" m.oci && ! grep "by default" notes'
t 'merge: the same in our own form' eval 'dump none.oci json n.json && scmod merge n.json eacces.oci --format json -o m.json 2>notes &&
	scmod dump m.json --format oci 2>/dev/null | jq -e ".defaultErrnoRet == 1"'
t 'merge: what is not named by one is a reason, too' eval 'scmod merge named.oci enosys.oci --format json -o m.json 2>/dev/null &&
	holds ".abis[0].calls[] | select(.name == \"clone3\") | .state == \"soft\" and
		[.reasons[] | [.origin, .text]] == [[1, \"refused by default: the profile does not name the call\"]]" m.json && dump m.json json m2.json && same m.json m2.json'
for pair in 'hard.oci plain.oci' 'plain.oci hard.oci'; do
	t "merge: refused by name by one, and alike by another: by name ($pair)" eval 'scmod merge $pair --format json -o m.json 2>/dev/null &&
		holds ".abis[0].calls[] | select(.name == \"clone3\").state == \"refuse\"" m.json'
done
for pair in 'eacces.oci named.oci' 'named.oci enosys.oci' 'kill.oci named.oci'; do
	t "merge of both of them with themselves is the same ($pair)" eval 'scmod merge $pair --format json -o m.json 2>/dev/null &&
		scmod merge m.json m.json -o m2.json 2>/dev/null && same m.json m2.json'
done
for files in 'eacces enosys named' 'eacces named enosys' 'named eacces enosys' 'kill eacces enosys' 'eacces enosys kill'; do
	# shellcheck disable=SC2086
	t "merge: the mildest of three, $files" eval 'set -- $files; [ "$(answers swapon "$1.oci" "$2.oci" "$3.oci")" = "SCMP_ACT_ERRNO 38" ] ||
		{ answers swapon "$1.oci" "$2.oci" "$3.oci"; false; }'
done
for form in oci docker spo bpf pfc; do
	t "merge of records: $form has the runtimes' own calls, as dump has" eval 'scmod merge a.json a.json --format $form -o m.$form 2>/dev/null && same 1.$form m.$form'
	t "merge --runtime none: $form has not" eval 'scmod merge a.json a.json --format $form --runtime none -o m.$form 2>/dev/null &&
		! cmp -s 1.$form m.$form && scmod dump a.json --format $form --runtime none -o n.$form 2>/dev/null && same n.$form m.$form'
done
t 'merge of lists adds none' eval 'scmod merge one.list two.list --format oci -o m.oci 2>/dev/null && holds "[.syscalls[].names[]] | index(\"capset\") | not" m.oci'
t 'but those of a runtime that is named' eval 'scmod merge one.list two.list --format json --runtime runc -o m.json 2>/dev/null && [ "$(added m.json)" = "[\"runc\"]" ]'
t 'merge: no such runtime' exits_saying 2 "--runtime 'podman' is not known" scmod merge one.list two.list --runtime podman
t 'merge needs two' exits_saying 2 'CGROUP|FILE is missing' scmod merge a.json
t 'merge of what is not there' exits_saying 1 none.json scmod merge a.json ./none.json
t 'merge leaves the old file on failure' eval '! scmod merge a.json ./none.json -o kept 2>/dev/null && [ "$(cat kept)" = old ]'

# ---- diff

t 'no difference: status 0, and nothing said' eval '[ -z "$(scmod diff a.json b.json)" ]'
t 'a difference: status 1' exits 1 scmod diff one.list two.list
t 'can not be compared: status 2' exits 2 scmod diff a.json ./none.json
# lost STATUS COMMAND...: where its output has no room, does it say so once, and exit so?
lost() {
	exits "$1" "${@:2}" >/dev/full 2>lost.said || { cat lost.said; return 1; }
	[ "$(grep -c 'stdout: No space left' lost.said)" -eq 1 ] || { cat lost.said; return 1; }
}
t 'a difference that can not be told: status 2' lost 2 scmod diff one.list two.list
t 'that there is none can not be told: status 2' lost 2 scmod diff a.json b.json --json
t 'findings that can not be told' lost 2 scmod lint one.list
t 'a profile that can not be written' lost 1 scmod dump a.json
t 'a text that can not be written' lost 1 scmod explain a.json
t 'diff needs two' exits_saying 2 'CGROUP|FILE is missing' scmod diff a.json
scmod diff one.list two.list --json >d.json
t 'diff: per ABI' holds '[.abis[] | [.abi, [.only_a[].name], [.only_b[].name]]] ==
	[["x86_64", ["sync", "statx"], []], ["i386", [], ["sync"]], ["x32", [], ["read"]]] and .same == false' d.json
scmod diff a.json e.json --json >d.json
t 'diff: how calls are refused by default' holds '.default == {a: "returns EACCES", b: "returns EPERM"} and .same == false and [.abis[].changed[]] == []' d.json
jq '(.abis[0].calls[] | select(.name == "mount")).errno = 5' a.json >x.json
scmod diff a.json x.json --json >d.json
t 'diff: how single calls are refused' holds '.abis[0].changed == [{name: "mount", a: "returns EINVAL", b: "returns EIO"}]' d.json
t 'diff in text' says 'x86_64, allowed by the first only:' scmod diff one.list two.list
t 'diff says why' says 'imported by' scmod diff a.json one.list
t 'oci and our own form of one ABI are the same' eval 'jq "del(.abis[1])" a.json >s.json; scmod dump s.json --format oci --runtime none -o s.oci; scmod diff s.json s.oci'

# What dump wrote of a thing is no other thing.
printf '%s\n' read i386:read >both.list
cp none.oci bare.oci
jq "del(.abis[1])" a.json >record.json
for form in oci docker json list; do
	for file in a.json record.json one.list i386.list both.list differ.json none.oci bare.oci named.oci kill.oci; do
		t "diff: $file and what dump wrote of it in $form" eval 'scmod dump "$file" --format $form -o dumped.$form 2>/dev/null && [ -z "$(scmod diff "$file" dumped.$form 2>said)" ] &&
			[ -z "$(scmod diff dumped.$form "$file" 2>said)" ] || { scmod diff "$file" dumped.$form; false; }'
	done
done
scmod dump record.json -o record.oci 2>/dev/null
t 'diff: says how a record is compared with a profile for runtimes' says 'including the calls of container runtimes' scmod diff record.json record.oci
t 'diff --runtime none: those are a difference' eval 'scmod diff record.json record.oci --runtime none --json >d.json; holds ".abis[0].only_b | map(.name) | index(\"capset\")" d.json'
t 'diff --runtime crun: what runc alone calls is one' eval 'scmod diff record.json record.oci --runtime crun --json >d.json; holds ".abis[0].only_b | map(.name) | index(\"epoll_ctl\") and (index(\"capset\") | not)" d.json'
t 'diff: no such runtime' exits_saying 2 "--runtime 'podman' is not known" scmod diff a.json b.json --runtime podman
t 'diff: a call more is still a difference' eval 'jq ".syscalls[0].names += [\"acct\"]" record.oci >more.oci; scmod diff record.json more.oci --json >d.json; holds "[.abis[0].only_b[].name] == [\"acct\"] and .abis[0].only_a == []" d.json'
t 'diff: one less, too, and why it was there' eval 'jq ".syscalls[0].names -= [\"write\"]" record.oci >less.oci; says "imported by" scmod diff record.json less.oci'
t 'diff: a number without a name is not lost' eval 'jq "del(.abis[1])" n1.json >number.json; scmod diff number.json record.oci --json >d.json; holds "[.abis[0].only_a[].name] == [\"500\"]" d.json'
t 'diff: a call that is always added, and is not there, is told' says 'the profile does not allow x86_64:rt_sigreturn' scmod diff bare.oci record.oci

# ---- files of other kinds, and JSON that means two things

# read_by FILE STATUS TEXT: does each verb that takes a file say that of it?
read_by() {
	local verb

	for verb in dump explain report 'merge good.oci' 'diff good.oci' 'report a.json --default' lint; do
		# shellcheck disable=SC2086
		says "$2" scmod $verb "$1" || { echo "by $verb"; return 1; }
		# shellcheck disable=SC2086
		[ "$(scmod $verb "$1" 2>&1 | grep -c "$2")" -eq 1 ] || { echo "not once by $verb"; return 1; }
	done
}
oci_of 1 >good.oci
kind() { t "what it is, is told by each verb: $2" read_by "$1" "$2"; }
printf '\357\273\277' | cat - good.oci >bom.oci && kind bom.oci 'byte order mark (BOM)'
iconv -t UTF-16 good.oci >utf16.oci && kind utf16.oci 'it is UTF-16'
gzip -c good.oci >good.oci.gz && kind good.oci.gz 'compressed by gzip'
xz -c good.oci >good.oci.xz 2>/dev/null && kind good.oci.xz 'compressed by xz'
kind /bin/true 'a program or a library (ELF)'
kind 1.bpf 'compiled seccomp filter (BPF)'
kind 1.pfc "text of a compiled filter (PFC)"
kind 1.spo 'SeccompProfile of the Kubernetes Security Profiles Operator'
kind 1.systemd 'it is a systemd unit'
printf 'a\0b' >nul && kind nul 'it holds a NUL'
jq '{ociVersion: "1.0.2", process: {args: ["sh"]}, linux: {seccomp: .}}' good.oci >config.json && kind config.json '.linux.seccomp'
jq -n '{ociVersion: "1.0.2", process: {args: ["sh"]}, linux: {}}' >config2.json && kind config2.json 'without .linux.seccomp'
jq '[{Id: "1", HostConfig: {SecurityOpt: ["seccomp=x"]}}]' -n >inspect.json && kind inspect.json "output of 'docker inspect'"
jq '{apiVersion: "v1", kind: "SeccompProfile", spec: .}' good.oci >spo.json && kind spo.json 'Kubernetes Security Profiles Operator'
jq -n '{apiVersion: "v1", kind: "Pod", spec: {}}' >pod.json && kind pod.json 'a Kubernetes object'
printf 'apiVersion: v1\nkind: Pod\nspec:\n  containers: []\n' >pod.yaml && kind pod.yaml 'a Kubernetes object'
printf -- '---\nseccomp:\n  default_action: allow\n' >other.yaml && kind other.yaml 'it looks like YAML'
printf '2\nallowlist\n[all]\nread\n' >lxc.conf && kind lxc.conf 'a policy of LXC'
printf 'seccomp.drop chmod,fchmod\n' >firejail.profile && kind firejail.profile 'a profile of Firejail'
printf '# x\nread: 1\nioctl: arg1 == 5\n' >minijail.policy && kind minijail.policy 'a policy of Minijail'
printf 'execve("/bin/true", ["true"], 0x7ffc) = 0\nbrk(NULL) = 0x55\n' >strace.out && kind strace.out 'output of strace'
printf '<!DOCTYPE html>\n<html></html>\n' >page.html && kind page.html 'a web page'
t 'a list that is in order is a list, whatever it looks like' eval 'printf "read\nseccomp\n# apiVersion: v1\n# [Unit]\n" >odd.list && names odd.list | grep -qx seccomp'
# Files of other projects, if a directory of such is named: each is told what it is.
corpus=${SCMOD_CORPUS:-}
if [ -d "$corpus" ]; then
	kind_of_corpus() {
		local file

		for file in "$corpus"/$1; do
			exits_saying 1 "$2" scmod dump "$file" || { echo "$file"; return 1; }
		done
	}
	t 'others: LXC' kind_of_corpus 'lxc/*' 'a policy of LXC'
	t 'others: systemd' kind_of_corpus 'systemd/*' 'a systemd unit'
	t 'others: SPO' kind_of_corpus 'spo/*' 'Security Profiles Operator'
	t 'others: Firecracker' kind_of_corpus 'foreign/firecracker*' 'seccompiler'
	t 'others: Firejail' kind_of_corpus 'foreign/firejail*' 'Firejail'
	t 'others: Minijail' kind_of_corpus 'foreign/crosvm*' 'Minijail'
	t 'others: nsjail' kind_of_corpus 'foreign/nsjail*' 'Kafel'
	t 'others: easyseccomp' kind_of_corpus 'foreign/easyseccomp*' 'easyseccomp'
	t 'others: YAML' kind_of_corpus 'foreign/*.yml' 'YAML'
	# carried FILE: does a dump allow each x86_64 call that a rule without a condition allows,
	# and does diff see no difference between the two?
	carried() {
		jq -e 'has("defaultAction") and (.defaultAction | test("ERRNO|KILL"))' "$1" >/dev/null || return 0
		scmod dump "$1" --args widen --cap ALL --runtime none -o carried.oci 2>/dev/null || return 0
		[ -z "$(comm -23 <(jq -r '.syscalls[]? | select(.action == "SCMP_ACT_ALLOW" and ((.includes // {}) == {}) and ((.excludes // {}) == {})) | (.names[]?, .name // empty)' "$1" |
			grep -xF -f <(awk '!/^#/ && $3 != "-" { print $1 }' "$top/ctl/calls/syscalls.txt") | sort -u) \
			<(jq -r '.syscalls[] | select(.action == "SCMP_ACT_ALLOW").names[]' carried.oci | sort))" ] || { echo "$1: a name is lost"; return 1; }
		scmod diff "$1" carried.oci --args widen --cap ALL || { echo "$1: diff"; return 1; }
	}
	t 'others: no name is lost' eval 'for file in "$corpus"/oci-docker/*; do carried "$file" || return; done'
	t 'others: no name is taken for a mistake' eval 'for file in "$corpus"/oci-docker/*; do
		! scmod lint "$file" | grep "no system call is named" || { echo "$file"; return 1; }; done'
	t 'others: programs start under the defaults of Docker and Podman' eval 'for file in "$corpus"/oci-docker/{moby-default,docker,podman,debian12}*; do
		! scmod lint "$file" | grep -E "calls at their start|execve. is not" || { echo "$file"; return 1; }; done'
else
	tap_n=$((tap_n + 1))
	echo "ok $tap_n profiles of others # SKIP SCMOD_CORPUS=DIR names no directory of them"
fi

while IFS='|' read -r name place text json; do
	printf '%b' "$json" >twice.json
	t "a key twice: $name" read_by twice.json "$place: "
	t "a key twice: $name: which" read_by twice.json "the key '$text' is there twice"
done <<'END'
the default|line 2, column 1|defaultAction|{"defaultAction":"SCMP_ACT_ERRNO",\n"defaultAction":"SCMP_ACT_ALLOW"}
all rules|line 1, column 49|syscalls|{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[],"syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}
in a rule|line 3, column 3|action|{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[\n{"names":["read"],"action":"SCMP_ACT_ERRNO",\n  "action":"SCMP_ACT_ALLOW"}]}
written otherwise|line 1, column 51|action|{"defaultAction":"SCMP_ACT_ERRNO","\\u0061ction":1,"action":2}
in scmod's own form|line 1, column 39|abis|{"format":"scmod-profile-2","abis":[],"abis":[{"abi":"x86_64","calls":[]}]}
END
t 'a key that is in two objects is no key twice' eval 'printf "%s" "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"write\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"arches\":[\"amd64\"]}}]}" >once.json && dump once.json oci o.oci'

# ---- lint

# planted NAME SEVERITY WHERE WHAT JSON: does lint find that, of that severity, there?
planted() {
	printf '%s' "$4" >planted.json
	scmod lint planted.json --json >found.json
	[ $? -eq 1 ] || [ "$1" = remark ] || { echo "exit status is not 1"; return 1; }
	jq -e --arg s "$1" --arg w "$2" --arg t "$3" \
		'.findings[] | select(.severity == $s and (.where | startswith($w)) and (.what | contains($t))) | .do | length > 0' \
		found.json >/dev/null || { cat found.json; return 1; }
}
# oci HEAD RULES: a profile that has the lifelines, execve and what any start calls.
always='{"names":["exit","exit_group","rt_sigreturn","restart_syscall","execve","read","arch_prctl","brk","clone","close","fstat","futex","gettid","madvise","mmap","mprotect","munmap","openat","pread64","prlimit64","rt_sigaction","rt_sigprocmask","sched_getaffinity","set_robust_list","set_tid_address","sigaltstack"],"action":"SCMP_ACT_ALLOW"}'
soft='{"names":["clone3","openat2","faccessat2","fchmodat2","statx","close_range","rseq","cachestat","copy_file_range","epoll_pwait2","execveat","fsopen","futex_waitv","getrandom","landlock_create_ruleset","membarrier","memfd_create","mount_setattr","open_tree","pidfd_open","pidfd_send_signal","preadv2","process_madvise","pwritev2","renameat2","map_shadow_stack","statmount","listmount","mseal"],"action":"SCMP_ACT_ERRNO","errnoRet":38}'
head='"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,"architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86","SCMP_ARCH_X32"]'
oci() { printf '{%s,"syscalls":[%s%s%s]}' "$1" "$always" "${3:-,$soft}" "${2:+,$2}"; }
allow() { printf '{"names":[%s],"action":"SCMP_ACT_ALLOW"%s}' "$1" "${2:-}"; }
oci "$head" '' >good.json
t 'lint: no complaint about a good profile' eval 'scmod lint good.json --json >l.json && holds ".errors + .warnings == 0" l.json'
while IFS='|' read -r name severity where what head_ rules soft_; do
	t "lint: $name" planted "$severity" "$where" "$what" "$(oci "${head_:-$head}" "$rules" ${soft_:+"$soft_"})"
done <<END
default allows|error|defaultAction|all calls that no rule names|"defaultAction":"SCMP_ACT_ALLOW"|
default ends one thread|warning|defaultAction|one thread only|"defaultAction":"SCMP_ACT_KILL"|
default ends one thread, by its other name|warning|defaultAction|one thread only|"defaultAction":"SCMP_ACT_KILL_THREAD"|
default action is none|error|defaultAction|no action is named|"defaultAction":"SCMP_ACT_EPERM"|
no default action|error||no defaultAction|"architectures":["SCMP_ARCH_X86_64"]|
an errno for an action that takes none|error|defaultErrnoRet|returns no errno|"defaultAction":"SCMP_ACT_KILL_PROCESS","defaultErrnoRet":1|
an errno that is none|error|defaultErrnoRet|not an errno|"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":"EPERM"|
an errno of 0, which is success|error|defaultErrnoRet|not an errno|"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":0|
a rule with an errno of 0|error|syscalls[2]|not an errno||{"names":["mount"],"action":"SCMP_ACT_ERRNO","errnoRet":0}
an errno's name that is none|error|defaultErrnoRet|defaultErrno 'ENOCALL' is not an errno|"defaultAction":"SCMP_ACT_ERRNO","defaultErrno":"ENOCALL"|
an errno's name that is a number|error|defaultErrnoRet|defaultErrno '38' is not an errno|"defaultAction":"SCMP_ACT_ERRNO","defaultErrno":"38"|
an errno and the name of another|error|defaultErrnoRet|defaultErrnoRet is 1 and defaultErrno is ENOSYS|"defaultAction":"SCMP_ACT_ERRNO","defaultErrno":"ENOSYS","defaultErrnoRet":1|
an errno's name for an action that takes none|error|defaultErrnoRet|defaultErrno is given, but|"defaultAction":"SCMP_ACT_KILL_PROCESS","defaultErrno":"EPERM"|
a rule with an errno's name that is none|error|syscalls[2]|errno 'eperm' is not an errno||{"names":["mount"],"action":"SCMP_ACT_ERRNO","errno":"eperm"}
a rule with an errno and the name of another|error|syscalls[2]|errnoRet is 22 and errno is EIO||{"names":["mount"],"action":"SCMP_ACT_ERRNO","errno":"EIO","errnoRet":22}
a name beside allow|error|syscalls[2]|errno is given, but||$(allow '"write"' ',"errno":"EPERM"')
a name that the default does anyway|warning|syscalls[2]|same as defaultAction||{"names":["mount"],"action":"SCMP_ACT_ERRNO","errno":"EPERM"}
a default by its name|warning|defaultAction|'openat2' is refused with EACCES|"defaultAction":"SCMP_ACT_ERRNO","defaultErrno":"EACCES"||,$(allow '"write"')
archMap and architectures|error|archMap|both archMap and architectures|$head,"archMap":[{"architecture":"SCMP_ARCH_X86_64"}]|
an architecture that is none|error|architectures[1]|'SCMP_ARCH_AMD64'|"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_AMD64"]|
sub-architectures are missing|remark|architectures|SCMP_ARCH_X86 (32-bit|"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"]|
x86_64 is not listed|remark|architectures|runtimes always apply the profile to x86_64, too|"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86"]|
a flag that is none|error|flags[0]|'TSYNC'|$head,"flags":["TSYNC"]|
a key that is none|warning||'syscall' is not a known key here|$head,"syscall":[]|
a key in capitals|error||some runtimes read 'Syscalls' as 'syscalls'|$head,"Syscalls":[]|
a rule's key in capitals|error|syscalls[2]|some runtimes read 'Args' as 'args'||$(allow '"write"' ',"Args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]')
a machine twice|error|archMap[1]|'SCMP_ARCH_X86_64' is there twice|"defaultAction":"SCMP_ACT_ERRNO","archMap":[{"architecture":"SCMP_ARCH_X86_64"},{"architecture":"SCMP_ARCH_X86_64"}]|
a rule that the upper half of an argument gets past|warning|syscalls[2]|64 are compared: a program gets past the rule with a number such as 0x100000028||$(allow '"socket"' ',"args":[{"index":0,"value":40,"op":"SCMP_CMP_NE"}]')
a rule of values that runtimes ignore|warning|syscalls[3].names[0]|'socket' is refused with some arguments, but libseccomp ignores that||$(allow '"socket"'),{"names":["socket"],"action":"SCMP_ACT_ERRNO","errnoRet":97,"args":[{"index":0,"value":4294967295,"valueTwo":38,"op":"SCMP_CMP_MASKED_EQ"}]}
clone3 as a whole|remark|syscalls[1].names[0]|'clone3' is allowed whole|||,$(allow '"clone3"')
socketcall where families are restricted|remark|syscalls[2].names[0]|sockets of any family by it||$(allow '"socketcall"'),$(allow '"socket"' ',"args":[{"index":0,"value":4294967295,"valueTwo":2,"op":"SCMP_CMP_MASKED_EQ"}]')
a misspelt name|warning|syscalls[2].names[1]|'opennat'||$(allow '"write","opennat"')
a name in capitals, which dump refuses, too|error|syscalls[2].names[0]|'WRITE'||$(allow '"WRITE"')
an unknown name|remark|syscalls[2].names[0]|'quux_frobnicate'||$(allow '"quux_frobnicate"')
no names|error|syscalls[2]|names no call||$(allow '')
a name that is no string|error|syscalls[2].names[0]|not a string||$(allow '7')
name and names|error|syscalls[2]|both name and names||{"name":"write","names":["write"],"action":"SCMP_ACT_ALLOW"}
no action|error|syscalls[2]|no action||{"names":["write"]}
allowed and refused|error|syscalls[2].names[0]|'read' is both refused here and allowed by syscalls[0].names[5]||{"names":["read"],"action":"SCMP_ACT_ERRNO","errnoRet":5}
twice with the same outcome|remark|syscalls[2].names[0]|same effect||$(allow '"read"')
a rule that does what the default does|warning|syscalls[2]|same as defaultAction||{"names":["mount"],"action":"SCMP_ACT_ERRNO","errnoRet":1}
errnoRet beside allow|error|syscalls[2]|errnoRet||$(allow '"write"' ',"errnoRet":1')
an argument beyond the sixth|error|syscalls[2].args[0]|six||$(allow '"write"' ',"args":[{"index":6,"value":1,"op":"SCMP_CMP_EQ"}]')
a value that is no number|error|syscalls[2].args[0]|value is not a number, or is negative||$(allow '"write"' ',"args":[{"index":1,"value":"1","op":"SCMP_CMP_EQ"}]')
a value below zero|error|syscalls[2].args[0]|value is not a number, or is negative||$(allow '"write"' ',"args":[{"index":1,"value":-1,"op":"SCMP_CMP_EQ"}]')
a second value that is no number|error|syscalls[2].args[0]|valueTwo is not a number, or is negative||$(allow '"write"' ',"args":[{"index":1,"value":1,"valueTwo":1.5,"op":"SCMP_CMP_MASKED_EQ"}]')
no value|warning|syscalls[2].args[0]|no value||$(allow '"write"' ',"args":[{"index":1,"op":"SCMP_CMP_EQ"}]')
a key of an argument that is none|warning|syscalls[2].args[0]|'vlaue' is not a known key here||$(allow '"write"' ',"args":[{"index":1,"value":1,"vlaue":1,"op":"SCMP_CMP_EQ"}]')
an operator that is none|error|syscalls[2].args[0]|'=='||$(allow '"write"' ',"args":[{"index":1,"value":1,"op":"=="}]')
a mask of nothing|warning|syscalls[2].args[0]|mask is 0||$(allow '"write"' ',"args":[{"index":1,"value":0,"op":"SCMP_CMP_MASKED_EQ"}]')
an argument compared twice|warning|syscalls[2].args[1]|compared twice||$(allow '"write"' ',"args":[{"index":1,"value":1,"op":"SCMP_CMP_EQ"},{"index":1,"value":2,"op":"SCMP_CMP_EQ"}]')
a kernel version that is none|error|syscalls[2].includes|not a kernel version||$(allow '"write"' ',"includes":{"minKernel":"4.8.0"}')
a capability that is none|warning|syscalls[2].includes.caps[0]|'SYS_ADMIN'||$(allow '"write"' ',"includes":{"caps":["SYS_ADMIN"]}')
a machine that is none|warning|syscalls[2].excludes.arches[0]|'x86_64'||$(allow '"write"' ',"excludes":{"arches":["x86_64"]}')
a condition that is none, which dump refuses, too|error|syscalls[2].includes|'cap'||$(allow '"write"' ',"includes":{"cap":["CAP_KILL"]}')
notify without an agent|error|syscalls[2]|listenerPath||{"names":["mount"],"action":"SCMP_ACT_NOTIFY"}
io_uring|warning|syscalls[2].names[0]|io_uring||$(allow '"io_uring_setup"')
a dangerous call|warning|syscalls[2].names[0]|'bpf' is allowed||$(allow '"bpf"')
another|warning|syscalls[2].names[1]|'finit_module' is allowed||$(allow '"write","finit_module"')
a call that makes others moot|remark|syscalls[2].names[0]|moot||$(allow '"ptrace"')
asynchronous I/O beside calls that no rule names|remark|syscalls[2].names[0]|'io_submit' is allowed, and can do what these calls do, which are refused: fdatasync, fsync, poll, preadv, pwrite64, pwritev, readv||$(allow '"io_submit","write"')
asynchronous I/O beside a call that is refused by name|warning|syscalls[2].names[0]|'io_submit' is allowed, and can do what these calls do, which are refused: pwrite64||$(allow '"io_submit","fdatasync","fsync","poll","pread64","preadv","pwritev","readv","write","writev"'),{"names":["pwrite64"],"action":"SCMP_ACT_ERRNO","errnoRet":5}
a ring that may be there already|warning|syscalls[2].names[0]|'io_uring_enter' is allowed, and can do what these calls do, which are refused: accept, accept4, bind, connect, ||$(allow '"io_uring_enter","openat"')
a ring|warning|syscalls[2].names[0]|'io_uring_setup' is allowed, and can do what these calls do, which are refused: accept, ||$(allow '"io_uring_setup"')
refused by one name, allowed by another|warning|syscalls[2].names[0]|'fchmodat2' is allowed||{"names":["fchmodat"],"action":"SCMP_ACT_ERRNO","errnoRet":5}|,$(allow '"fchmodat2"')
EPERM for clone3|error|defaultAction|'clone3' is refused with EPERM|||,$(allow '"write"')
EPERM for openat2|warning|defaultAction|'openat2' is refused with EPERM|||,$(allow '"write"')
END
for rule in '{"name":"","names":["write"],"action":"SCMP_ACT_ALLOW"}' '{"name":"write","names":[],"action":"SCMP_ACT_ALLOW"}' \
	"$(allow '"write"' ',"args":[{"index":1,"value":18446744073709551615,"valueTwo":0,"op":"SCMP_CMP_EQ"}]')"; do
	t "lint: no complaint about what Docker and Podman take: $rule" eval 'oci "$head" "$rule" >taken.json
		scmod lint taken.json --json >l.json; holds ".errors + .warnings == 0" l.json'
done
t 'lint: ENOSYS by its name is ENOSYS' eval '
	oci "$head" "" ",${soft/\"errnoRet\":38/\"errno\":\"ENOSYS\"}" >named.json; scmod lint named.json --json >l.json; holds ".errors + .warnings == 0" l.json'
# Runtimes pass over a rule that does what is done by default.
for rules in "$(rule write ERRNO 1),$(allow '"write"')" "$(allow '"write"'),$(rule write ERRNO)"; do
	t "lint: no contradiction, but a rule of no use: $rules" eval 'oci "$head" "$rules" >usual.json
		scmod lint usual.json --json >l.json; holds ".errors == 0 and ([.findings[] | select(.severity == \"warning\").what] == [\"the rule does the same as defaultAction\"])" l.json'
done
t 'lint: clone3 as a whole where clone is not' planted warning 'syscalls[1].names[0]' 'although those of clone are restricted' \
	"$(oci "$head" '' ",$(allow '"clone3"'),$(allow '"clone"' ',"args":[{"index":0,"value":2114060288,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]')" | sed 's/"clone",//')"
t 'lint: what is refused as by default alone is found where it is named' planted error 'syscalls[2].names[0]' "'clone3' is refused with EPERM" \
	"$(oci "$head" "$(rule clone3 ERRNO 1)" ",$(allow '"write"')")"
for call in exit exit_group rt_sigreturn restart_syscall; do
	t "lint: without $call" planted error defaultAction "'$call' is not allowed" \
		"$(oci "$head" '' | sed "s/\"$call\",//")"
done
around() { scmod lint "$1" --json | jq -r '.findings[].what | select(contains("can do what")) | ltrimstr("\u0027") | sub("\u0027 is allowed.*refused: "; ": ")'; }
# shellcheck disable=SC2034 # used in eval
ways=$(sed -n '/submitted\[\]/,/};/s/\("[a-z_0-9]*"\)/\n\1\n/gp' "$top/ctl/calls/asynchronous.c" | grep '"' | paste -sd,)
t 'lint: nothing is said of asynchronous I/O that does nothing else' eval '
	oci "$head" "$(allow "\"io_submit\",$ways")" >async.json && [ -z "$(around async.json)" ]'
t 'nor where such calls are refused, too' eval 'oci "$head" "$(allow "\"io_setup\",\"io_getevents\"")" >async.json && [ -z "$(around async.json)" ]'
t 'lint: a ring and asynchronous I/O are one finding each' eval '
	oci "$head" "$(allow "\"io_submit\",\"io_uring_setup\",\"io_uring_enter\",\"io_uring_register\"")" >async.json &&
	[ "$(around async.json | sed "s/:.*//")" = "$(printf "io_submit\nio_uring_enter")" ]'
t 'lint: ENOSYS that sends callers elsewhere is no refusal' eval '
	! around async.json | grep -E "openat2|statx|preadv2" && around async.json | grep -q "readv, "'
t 'lint: a list, too' eval 'printf "read\nwrite\nio_submit\n" >async.list; [ "$(around async.list)" = "io_submit: fdatasync, fsync, poll, pread64, preadv, pwrite64, pwritev, readv, writev" ]'
t 'lint: without execve' planted warning defaultAction "'execve' is not allowed" \
	"$(oci "$head" '' | sed 's/"execve",//')"
t 'lint: without execve, though execveat is allowed' planted warning defaultAction "'execve' is not allowed" \
	"$(oci "$head" "$(allow '"execveat"')" ",${soft/\"execveat\",/}" | sed 's/"execve",//')"
t 'lint: execve alone is refused, and named' planted warning 'syscalls[0].names[0]' "'execve' is not allowed" \
	"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[$(rule execve KILL)]}"

# starts JSON JQ: is that so of the one finding about what an x86_64 start calls?
starts() {
	printf '%s' "$1" >starts.json
	scmod lint starts.json --json >starts.lint
	jq -e "[.findings[] | select(.what | startswith(\"x86_64 programs make calls at their start\"))] | $2" starts.lint >/dev/null ||
		{ jq -r '.findings[].what' starts.lint; return 1; }
}
without() { oci "$head" '' | sed "$(printf 's/"%s",//;' "$@")"; }
t 'lint: a start that lacks nothing' starts "$(oci "$head" '')" '. == []'
for call in arch_prctl brk mmap mprotect set_tid_address; do
	t "lint: without $call no C program starts" starts "$(without $call sched_getaffinity)" \
		'length == 1 and .[0].severity == "warning" and (.[0].what | test("glibc: '$call'; musl: '$call'; Go: "))'
done
t 'lint: what glibc lacks, where programs of musl start' starts "$(without pread64 set_robust_list)" \
	'length == 1 and .[0].severity == "remark" and (.[0].what | contains("(glibc: pread64, set_robust_list)"))'
t 'lint: what a Go program lacks, where those in C start' starts "$(without sched_getaffinity)" \
	'length == 1 and .[0].severity == "remark" and (.[0].what | contains("(Go: sched_getaffinity)"))'
t 'lint: threads' starts "$(without futex rt_sigprocmask)" \
	'length == 1 and (.[0].what | contains("glibc with threads: futex, rt_sigprocmask; musl with threads: futex, rt_sigprocmask; Go: "))'
t 'lint: either of two calls will do' starts "$(oci "$head" '' | sed 's/"fstat"/"newfstatat"/')" '. == []'
t 'lint: none of them will not' starts "$(without fstat)" 'length == 1 and (.[0].what | contains("glibc: fstat or newfstatat"))'
for how in "$(rule mprotect ERRNO 38)" "$(rule mprotect KILL_PROCESS)"; do
	t "lint: refused otherwise is refused: $how" starts "$(printf '%s' "$(without mprotect)" | sed "s/\]}\$/,$how]}/")" \
		'length == 1 and .[0].where == "syscalls[2].names[0]" and (.[0].what | contains("mprotect"))'
done
t 'lint: allowed for some arguments is allowed' starts \
	"$(oci "$head" "$(allow '"prlimit64","arch_prctl"' ',"args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]')" | sed 's/"arch_prctl",//;s/"prlimit64",//')" '. == []'
# What container runtimes need under the filter, by version, as one finding.
jq -n '{defaultAction: "SCMP_ACT_ERRNO", syscalls: [{names: ["close", "execve", "write"], action: "SCMP_ACT_ALLOW"}]}' >needs.oci
needs() { scmod lint "$1" --json | jq -e '[.findings[] | select(.what | startswith("container runtimes make calls"))] | '"$2" >/dev/null; }
t 'lint: what runtimes need under the filter, in one finding' needs needs.oci 'length == 1 and
	(.[0].what | contains("crun 1.8.1: ") and contains("; runc 1.1.5+ds1: ") and contains("faccessat2")) and .[0].severity == "remark"'
t 'but not what they get' needs needs.oci '.[0].what | test("execve|write") | not'
jq ".syscalls[0].names += [\"$(sed -n '/^crun/{/live_/!s/.*: //p}' "$top/ctl/infer/runtimes.txt" | sed 's/([^)]*)//g' | xargs | sed 's/ /", "/g')\"]" needs.oci >crun.oci
t 'nor one that can start' needs crun.oci '.[0].what | test("crun") | not'
t 'what a runtime needs should be allowed, not refused with ENOSYS' eval 'scmod lint needs.oci --json | jq -e ".findings[] |
	select(.what | startswith(\"'"'"'faccessat2'"'"'\")).do | startswith(\"allow it, because container runtimes\")" >/dev/null'
t 'lint: 32-bit programs, where they are meant' planted warning defaultAction 'i386 programs make calls at their start that the profile refuses (glibc: close, mmap2' \
	"$(printf 'i386:%s\n' read brk execve exit exit_group rt_sigreturn sigreturn restart_syscall mprotect munmap openat ugetrlimit set_robust_list set_thread_area set_tid_address)"
t 'lint: a list for x86_64 only says nothing of them' eval 'scmod lint one.list >said 2>&1
	grep -q "is not allowed" said && ! grep -q "i386 programs make calls" said'
if [ -e $podman_default ]; then
	t 'lint: a profile for all programs that refuses some of them' starts \
		"$(jq -c '.syscalls[].names -= ["set_robust_list"]' $podman_default)" 'length == 1 and .[0].severity == "warning"'
	t 'lint: Podman has none of this' starts "$(cat $podman_default)" '. == []'
fi
t 'lint: io_uring is refused by EPERM: one remark' eval 'oci "$head" "" ",$(allow \"\\\"write\\\"\")" >uring.json
	scmod lint uring.json --json | jq -e "[.findings[] | select(.what | contains(\"io_uring\"))] | length == 1 and .[0].severity == \"remark\" and (.[0].what | contains(\"libuv\"))"'
t 'lint: nothing is allowed' planted error syscalls 'allows nothing' '{"defaultAction":"SCMP_ACT_ERRNO"}'
t 'lint: not JSON, with the place' planted error 'line 2, column' 'not JSON' "$(printf '{\n"a" 1}')"
t 'lint: empty' planted error '' empty ' '
t 'lint: another kind of JSON' planted error '' 'not a JSON object' '[1]'
t 'lint: syscalls is no array' planted error syscalls 'not an array' "{$head,\"syscalls\":{}}"
t 'lint: a list' planted error 'line 2' "'opne'" "$(printf 'read\nopne\n')"
t 'lint: a name that is there twice hides nothing' planted warning '' "'bpf' is allowed" "$(printf 'read\nread\nbpf\n')"
t 'and is found' holds '.findings[] | select(.severity == "remark" and .where == "line 2").what | contains("twice")' found.json
t 'lint: a list of two words' planted error 'line 1' 'more than one word' "$(printf 'read write\n')"
t 'lint: our own form' planted error 'abis[0].calls[0]' "'nocall'" \
	'{"format":"scmod-profile-2","abis":[{"abi":"x86_64","calls":[{"name":"nocall","state":"allow"}]}]}'
cp planted.json 'a: b; [0]: c.json'
t 'lint: the same, whatever the name of the file' eval 'scmod lint "a: b; [0]: c.json" --json | jq -S "del(.file)" >odd.json; jq -S "del(.file)" found.json | cmp - odd.json'
t 'lint: a message that is cut short in a name of semicolons' planted error 'abis[0].calls[0]' "no system call is named ';;;;" \
	"{\"format\":\"scmod-profile-2\",\"abis\":[{\"abi\":\"x86_64\",\"calls\":[{\"name\":\"$(printf ';%.0s' {1..9000})\",\"state\":\"allow\"}]}]}"
t 'lint: a list: what is meant, in text' says "x.list: line 1: error: no system call is named 'opentat'; write 'openat' if that is meant" eval 'echo opentat >x.list; scmod lint x.list'
t 'lint: a list: what is meant, in JSON' eval 'scmod lint x.list --json >l.json; holds ".findings[0] | .what == \"no system call is named '"'opentat'"'\" and .do == \"write '"'openat'"' if that is meant\"" l.json'
t 'dump says so, too' says "write 'openat' if that is meant" scmod dump x.list
# minKernel was compared with the kernel that runs now, by lint and by dump.
allowed_by_dump() { scmod dump min.json 2>/dev/null | jq -e --arg call "$1" '[.syscalls[] | select(.action == "SCMP_ACT_ALLOW").names[]] | index($call)' >/dev/null; }
allowed_by_lint() { scmod lint min.json --json | jq -e --arg call "'$1' is allowed" '.findings[] | select(.severity == "warning" and (.what | startswith($call)))' >/dev/null; }
while read -r call key version allowed; do
	oci "$head" "$(allow "\"$call\"" ",\"$key\":{\"minKernel\":\"$version\"}")" >min.json
	for by in dump lint; do
		t "$by: $call $key minKernel $version: allowed: $allowed" eval 'cp min.json "min-$call"; if [ $allowed = yes ]; then allowed_by_$by $call; else ! allowed_by_$by $call; fi'
	done
	t "lint: and says by which kernel: $call $key $version" says 'minKernel was compared with the kernel that runs now' scmod lint min.json
done <<'END'
bpf includes 99.0 no
bpf includes 4.8 yes
kexec_load excludes 99.0 yes
kexec_load excludes 4.8 no
END
# What dump refuses because it is wrong is an error of lint, in the same words.
while read -r rule; do
	printf '%s' "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[$rule]}" >wrong.json
	t "dump and lint say the same: $rule" eval 'text=$(scmod dump wrong.json 2>&1 >/dev/null); text=${text#scmod: dump wrong.json: }; [ -n "$text" ] &&
		scmod lint wrong.json | sed "s/: error: /: /" | grep -qxF "wrong.json: $text" || { echo "$text"; scmod lint wrong.json; false; }'
done <<'END'
{"names":["READ"],"action":"SCMP_ACT_ALLOW"}
{"names":["read"],"action":"SCMP_ACT_PASS"}
{"names":["read"],"action":"SCMP_ACT_ERRNO","errnoRet":0}
{"names":["read"],"action":"SCMP_ACT_ERRNO","errno":"EIO","errnoRet":1}
{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"cap":["CAP_KILL"]}}
{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"4"}}
{"names":["read"],"action":"SCMP_ACT_ALLOW"},{"names":["read"],"action":"SCMP_ACT_ERRNO","errnoRet":5}
{"names":["read"],"action":"SCMP_ACT_ALLOW","Args":[]}
{"names":[],"action":"SCMP_ACT_ALLOW"}
END
t 'lint suggests a name' eval 'printf "%s" "$(oci "$head" "$(allow "\"epol_wait\"")")" >s.json; says "write '"'epoll_wait'"'" scmod lint s.json'
t 'lint in text has place, severity and what to do' says \
	"x.lint: syscalls[0].names[0]: warning: no system call is named 'opennat'; write 'openat'" \
	eval 'printf %s "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"opennat\"],\"action\":\"SCMP_ACT_ALLOW\"}]}" >x.lint; scmod lint x.lint'
# A pipe can be read once.
lint_of() { scmod lint "$1" --json | jq -S 'del(.file)'; }
printf 'read\nread\nbpf\n' >twice.list
for file in planted.json good.json a.json twice.list; do
	lint_of "$file" >of.file
	t "lint of $file at /dev/stdin" eval 'lint_of /dev/stdin <"$file" | cmp - of.file'
	t "lint of $file through a pipe" eval 'cat "$file" | lint_of /dev/stdin | cmp - of.file'
	t "lint of $file by another program" eval 'lint_of <(cat "$file") | cmp - of.file'
	rm -f fifo && mkfifo fifo
	t "lint of $file from a FIFO" eval 'timeout 10 sh -c "cat <\"\$1\" >fifo" sh "$file" & timeout 10 scmod lint fifo --json | jq -S "del(.file)" | cmp - of.file; status=$?; wait; [ $status -eq 0 ]'
done
t 'lint of a file that is not there' exits_saying 2 'No such file' scmod lint ./none
t 'lint finds something: 1' exits 1 scmod lint planted.json
t 'lint finds nothing: 0' exits 0 scmod lint good.json
t 'lint can not look at it: 2' exits 2 scmod lint /proc/self/mem
t 'lint can not say what it found: 2' eval 'exits 2 scmod lint planted.json >/dev/full 2>/dev/null'
t 'lint --quiet tells by its status alone' eval '[ -z "$(scmod lint -q planted.json 2>&1)" ]; exits 1 scmod lint planted.json -q'
t 'diff --quiet, too' eval '[ -z "$(scmod diff -q good.json planted.json 2>/dev/null)" ]'
t 'lint needs a file' exits_saying 2 'FILE is missing' scmod lint
t 'lint changes nothing' eval 'cp a.json l.json; scmod lint l.json >/dev/null; same a.json l.json'

tap_end
