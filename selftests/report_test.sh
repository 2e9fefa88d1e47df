#!/bin/bash
# vm: host
# SPDX-License-Identifier: GPL-2.0
#
# The attack surface report: its numbers are those of the kernel's own tables and of
# the profiles, counted here by other means; the exploits are sound data; the page is
# well made, and a browser draws each call in the colour of its state.

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
tables=$("$here/kernel-source.sh")/arch/x86/entry/syscalls

same() { diff <(echo "$1") <(echo "$2"); }
holds() { jq -e "$1" "$2" >/dev/null || { echo "not so: $1"; jq -c "${3:-del(.abis[].calls)}" "$2" | head -c 2000; return 1; }; }
report() { scmod report "$@" 2>notes; }

# ---- profiles: Podman's, and what a web server has with all sorts of reasons

reasons='[{kind: $kind, origin: 0, text: "because <b>of</b> \"it\" & so"}]'
jq -n --arg seen 'read write close fstat mmap mprotect munmap brk ioctl pread64 writev socket connect accept4 sendfile recvfrom bind listen setsockopt clone execve exit_group openat newfstatat epoll_wait epoll_ctl futex statx' \
	--arg family 'open stat unlink unlinkat' --arg imported 'chmod chown kill' \
	--arg base 'mremap madvise' --arg runtime 'capset' --arg hand 'sync' "
	def calls(\$names; \$kind): \$names | split(\" \") | map({name: ., state: \"allow\", reasons: $reasons});
	{format: \"scmod-profile-2\", partial: false, action: \"errno\", errno: 1, origins: [{file: \"x\"}],
	abis: [{abi: \"x86_64\", calls: (calls(\$seen; \"seen\") + calls(\$family; \"family\")
		+ calls(\$imported; \"import\") + calls(\$base; \"base\") + calls(\$runtime; \"runtime\")
		+ calls(\$hand; \"allowed-by-hand\")
		+ [{name: \"mount\", state: \"refuse\", errno: 22, reasons: [{kind: \"file\", origin: 0, text: \"x\"}]}])}]}
	| .abis[].calls[] |= if .reasons[0].kind == \"seen\" then .reasons = [{kind: \"seen\", origin: 0,
		comm: \"ngi<x>\", pid: 12, first: \"2026-01-31T12:00:00.5Z\", count: 1}] else . end" >web.json || exit

t 'a report of a profile' eval 'report web.json --json >web'
t 'a report of the default profile itself' eval 'report "$default" --json >default'

# ---- the kernel's calls: its own tables, of the calls that have code

# numbers TABLE ABI...: of these kinds of entries, those with code, sorted.
numbers() {
	awk -v abis=" ${*:2} " '!/^#/ && NF >= 4 && $4 != "sys_ni_syscall" && index(abis, " " $2 " ") { print $1 }' "$tables/$1" | sort -n
}
# counted ABI LAST: what the report has, up to that number.
counted() {
	jq --arg abi "$1" --argjson last "$2" '.abis[] | select(.abi == $abi).calls[].nr | select(. <= $last)' default | sort -n
}
last() { tail -n 1 <<<"$1"; }
# Those that the tool knows by name, but that came after the table: uretprobe, uprobe and on.
older() { grep -vxF -f <(echo 335; echo 336; seq 451 511); }
x86_64=$(numbers syscall_64.tbl common 64)
t 'x86_64: its calls are those of the table that have code' eval '
	same "$x86_64" "$(counted x86_64 "$(last "$x86_64")" | older)"'
# bdflush went after 5.10.
i386=$( (numbers syscall_32.tbl i386; echo 134) | sort -n)
t 'i386: the same' same "$i386" "$(counted i386 "$(last "$i386")")"
# shellcheck disable=SC2034 # it is used in an eval
x32=$(numbers syscall_64.tbl common x32)
t 'x32: the same, but for what came after the table' eval '
	same "$x32" "$(counted x32 "$(last "$x32")" | older)"'
t 'there are more than 340' [ "$(wc -l <<<"$x86_64")" -gt 340 ]

# ---- what remains: rules read by jq; the first rule holds that looks at no arguments

# What Podman gives to containers: CAP_CHOWN and so on.
caps() { sed -n '/^default_capabilities = \[/,/^\]/s/^ *"\(.*\)",\?$/CAP_\1/p' /usr/share/containers/containers.conf | sort; }
t 'the capabilities are those that containers have' same "$(caps)" "$(sed -n '/^#define REPORT_CAPS/,/[^\\]$/p' "$top/ctl/report/report.h" | grep -o 'CAP_[A-Z_]*[",]' | tr -d '",' | sort)"
jq -r --arg caps "$(caps)" '($caps | split("\n")) as $caps |
	[.syscalls[] | select((.includes.caps // []) - $caps == [] and
		((.excludes.caps // []) - $caps == (.excludes.caps // [])) and
		((.includes.arches // ["amd64"]) | length == 0 or index("amd64")) and
		((.excludes.arches // []) | index("amd64") | not))] as $rules |
	[$rules[].names[]] | unique | map(. as $name |
		[$rules[] | select(.names | index($name))] |
		select(any(.[]; (.args // []) != [] and .action == "SCMP_ACT_ALLOW") or
			(map(select((.args // []) == [])) | first.action == "SCMP_ACT_ALLOW")) | $name)[]' \
	"$default" | sort >allowed
# In the table: "number abi name function".
names() {
	awk -v abis=" ${*:2} " '!/^#/ && NF >= 4 && $4 != "sys_ni_syscall" && index(abis, " " $2 " ") { print $3 }' "$tables/$1" | sort
}
remaining() {
	jq -r --arg abi "$1" --argjson last "$2" '.abis[] | select(.abi == $abi).calls[] | select(.nr <= $last and
		(.state | IN("soft", "denied", "blocked") | not)).name' "$3" | sort
}
t 'the default profile: what it allows, by its rules' same "$(comm -12 allowed <(names syscall_64.tbl common 64))" \
	"$(remaining x86_64 450 default)"
t 'that is more than 250 calls' [ "$(remaining x86_64 450 default | wc -l)" -gt 250 ]
t 'bpf and open_by_handle_at need a capability that containers lack' eval '
	! remaining x86_64 999 default | grep -xE "bpf|open_by_handle_at"'
t 'chroot needs one that they have' eval 'remaining x86_64 999 default | grep -qx chroot'
t 'socket is in it, though only for some arguments' eval 'remaining x86_64 999 default | grep -qx socket'
t 'a file that allows a lifeline is the reason for it' holds '.abis[0].states.file == .abis[0].remain' default
t 'against itself it leaves all' holds '.abis[0] | .remain == .default and .less_than_default == 0 and .beyond_default == []' default
t 'i386 and x32 are open, and have numbers of their own' holds '
	[.abis[].abi] == ["x86_64", "i386", "x32"] and .shut == [] and .abis[1].remain > 300' default

jq '{defaultAction: "SCMP_ACT_ERRNO", syscalls: [{names: ["read"], action: "SCMP_ACT_ALLOW"},
	{names: ["write"], action: "SCMP_ACT_ALLOW", includes: {caps: ["CAP_SYS_CHROOT"]}},
	{names: ["open"], action: "SCMP_ACT_ALLOW", excludes: {caps: ["CAP_SYS_CHROOT"]}},
	{names: ["close"], action: "SCMP_ACT_ALLOW", includes: {caps: ["CAP_SYS_ADMIN"]}}]}' -n >conditional.json
t 'a profile is read with them, too' eval 'report conditional.json --json >c && same "read write" \
	"$(remaining x86_64 999 c | grep -xE "read|write|open|close" | xargs)"'
t 'and the profile to compare with' eval 'report web.json --default conditional.json --json >c && holds ".abis[0] |
	.default == 6 and (.beyond_default | index(\"open\") and index(\"close\") and (index(\"write\") | not))" c'
t 'a runtime is added if it is named' eval 'report conditional.json --runtime crun --json >c && holds ".abis[0].states.runtime > 3" c'
t 'and only then' eval 'report conditional.json --json >c && holds ".abis[0].states.runtime == 0" c'
jq -r '.abis[0].calls[] | select(.state == "allow").name' web.json | sort >web.names
printf '%s\n' exit rt_sigreturn restart_syscall >>web.names
t 'a profile: what it allows, and the lifelines' same "$(sort web.names)" "$(remaining x86_64 999 web)"
t 'its number' holds ".abis[0].remain == $(wc -l <web.names)" web
t 'by reason' holds '.abis[0].states | [.seen, .family, .import, .base, .runtime, ."allowed-by-hand", .lifeline, .file] ==
	[28, 4, 3, 2, 1, 1, 3, 0]' web
t 'all states together are all calls' holds '[.abis[] | .all == ([.states[]] | add) and .all == (.calls | length)] | all' default
t 'what the rest is' holds '.abis[0] | .remain + .states.soft + .states.denied + .states.blocked == .all' web
percent() { awk -v all="$1" -v less="$2" 'BEGIN { printf "%.0f\n", (all - less) * 100 / all }'; }
t 'percent of all' [ "$(jq .abis[0].less_than_all web)" -eq \
	"$(percent "$(jq .abis[0].all web)" "$(wc -l <web.names)")" ]
t 'percent of the default profile' [ "$(jq .abis[0].less_than_default web)" -eq \
	"$(percent "$(jq .abis[0].remain default)" "$(wc -l <web.names)")" ]
rounded() {
	local n=0

	for call in read write open close stat fstat lstat poll; do
		echo "$call" >>few
		n=$((n + 1))
		report few --json >some
		[ "$(jq .abis[0].less_than_all some)" -eq "$(percent "$(jq .abis[0].all some)" \
			"$(jq .abis[0].remain some)")" ] || { echo "with $n calls"; return 1; }
	done
}
t 'percent are rounded' rounded
t 'the same in text' says "x86_64: $(wc -l <web.names) of the kernel's $(jq .abis[0].all web) calls remain, $(jq .abis[0].less_than_all web) % fewer than all" report web.json
t 'ABIs that are shut are told so' says 'i386, x32: shut' report web.json
t 'and have no numbers' holds '.shut == ["i386", "x32"] and (.abis | length) == 1' web
jq '.abis[0].calls |= map(.name) | .abis[0].calls' web.json | jq '{defaultAction: "SCMP_ACT_ERRNO",
	architectures: ["SCMP_ARCH_X86_64"], syscalls: [{names: ., action: "SCMP_ACT_ALLOW"}]}' >small.json
t 'more than the default profile is told as more' says '% more than the default' report "$default" --default small.json
t 'and which' holds '.abis[0].beyond_default | index("ptrace") and (index("read") | not)' <(report "$default" --default small.json --json)
t 'in JSON below zero' holds '.abis[0].less_than_default < 0' <(report "$default" --default small.json --json)
t 'why each call is so' holds '[.abis[0].calls[] | select(.state == "family").why] | unique | length == 1 and (.[0] | contains("<b>"))' web
t 'who made it' holds '.abis[0].calls[] | select(.name == "read").why | test("^first by ngi<x>.12., 2026")' web
t 'refused by name, and how' holds '.abis[0].calls[] | select(.name == "mount") | .state == "blocked" and (.why | contains("EINVAL"))' web

# ---- exploits

# Other eyes on the data: id, year, name, calls, source, with tabs between.
sed -e '/^#/d' "$top/ctl/report/exploits.txt" | awk '/^[^\t ]/ { if (l) print l; l = $0; next } { sub(/^[\t ]+/, " "); l = l $0 } END { print l }' |
	sed -n -E 's/^([^ :]+) ([0-9]+) ([^:]+): *([^#]*[^# ]) *# *([^ ]+)$/\1\t\2\t\3\t\4\t\5/p' >entries
t 'every line of the data is an entry' [ "$(wc -l <entries)" -eq "$(grep -c '^[^#[:space:]]' "$top/ctl/report/exploits.txt")" ]
t 'there are at least 35' [ "$(wc -l <entries)" -ge 35 ]
t 'the report has each' same "$(cut -f1 entries | sort)" "$(jq -r '.exploits.list[].id' web | sort)"
t 'each once' [ -z "$(cut -f1 entries | sort | uniq -d)" ]
t 'and how many' holds ".exploits.known == $(wc -l <entries)" web
t 'each has a source' [ -z "$(cut -f5 entries | grep -vE '^https?://[^ ]+/[^ ]*$')" ]
t 'and the report has it' same "$(cut -f5 entries | sort)" "$(jq -r '.exploits.list[].source' web | sort)"
cut -f4 entries | sed 's/([^)]*)//g' | tr ' |' '\n\n' | sed 's/^.*://' | sort -u >needed
t 'each call is one of the kernel' [ -z "$(comm -23 needed <(cat <(names syscall_64.tbl common 64 x32) <(names syscall_32.tbl i386) | sort -u))" ]
t 'a year is not before that of the CVE' [ -z "$(sed -n -E 's/^CVE-([0-9]+)-[0-9]+\t([0-9]+)\t.*/\1 \2/p' entries | awk '$2 < $1')" ]
t 'Dirty COW is there' grep -qP '^CVE-2016-5195\t2016\tDirty COW\t' entries
t 'CVE-2022-0185 is there' grep -qP '^CVE-2022-0185\t' entries
# By jq, from what remains: a step of which no call is allowed blocks it. The web server's
# profile says nothing about values; what they change is tested by exploits_test.
by_jq='[.abis[] | .abi as $abi | .calls[] | select(.state | IN("soft", "denied", "blocked") | not) |
		.name, ($abi + ":" + .name)] as $open | .exploits.list |
	def shut: sub("\\(.*"; "") | IN($open[]) | not;
	map(.blocked == any(.calls[]; all(.[]; shut)) and
		.without == [.calls[] | select(all(.[]; shut))])'
t 'blocked is what lacks a step' holds "$by_jq | length > 35 and all" web
t 'the same under the default profile' holds "$by_jq | all" default
t 'some are blocked, others are not' holds '.exploits | .blocked > 20 and .blocked < .known' web
t 'how many the default profile blocks' [ "$(jq .exploits.blocked_by_default web)" -eq "$(jq .exploits.blocked default)" ]
# ---- values of arguments, and the floor

jq -n '{defaultAction: "SCMP_ACT_ERRNO", syscalls: [{names: ["read", "ioctl", "bpf"], action: "SCMP_ACT_ALLOW"},
	{names: ["socket"], action: "SCMP_ACT_ALLOW", args: [{index: 0, value: 2, op: "SCMP_CMP_EQ"}]},
	{names: ["clone"], action: "SCMP_ACT_ALLOW", args: [{index: 0, value: 2114060288, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ"}]}]}' >values.json
t 'a profile with values of arguments' report values.json --json
report values.json --json >values
value_of='def value($call): .values[] | select(.call == $call);'
t 'its values are told' holds "$value_of"' value("socket") | .any == false and .allowed == 1 and .list[0].value == "socket(AF_INET)" and
	.list[0].errno == null and .reasons.file == 1' values
t 'where nothing is said, any may be used' holds "$value_of"' value("ioctl") | .any and .allowed == 0 and .list == []' values
t 'none of a call that is refused' holds '.values | map(.call) == ["socket", "clone", "ioctl", "bpf"]' values
t 'the text has them' says 'socket       1 allowed (1 file): socket(AF_INET)' scmod report values.json
t 'an exploit is blocked by the value' holds '.exploits.list | map(select(.id | IN("CVE-2026-31431", "CVE-2024-1086")) | .blocked) == [true, true]' values
t 'and not by another' holds '.exploits.list[] | select(.id == "CVE-2017-2636") | .blocked | not' values
t 'what exceeds the floor is told' holds '.beyond_floor | index("bpf") and (index("read") | not) and (index("socket(AF_INET)") | not)' values
t 'in text, too' says 'beyond the floor: bpf' scmod report values.json
t 'nothing does without one' eval 'report values.json --floor none --json >none && holds ".beyond_floor == []" none'
t 'nor is the file beyond itself' eval 'report values.json --floor values.json --json >own && holds ".beyond_floor == []" own'
t 'the page has them' eval 'report values.json --html >values.html && grep -q "<code>socket(AF_INET)</code></td><td>allowed</td><td>file" values.html &&
	grep -q "refused by the floor: <code>bpf</code>" values.html'

t 'a profile without madvise stops Dirty COW' eval '
	says "Dirty COW                         without madvise" report <(grep -v "^madvise" web.names)'
t 'with it, it does not, and says what that needs' says 'Dirty COW                         needs mmap madvise write' report <(cat web.names)

# judge CALLS [ABI:CALL...]: does a profile of these block an exploit that needs CALLS?
judge() {
	echo "x 2020 an exploit: $1  # https://example.org/x" >judged
	printf '%s\n' exit "${@:2}" >list
	report list --exploits judged --json | jq '.exploits.list[] | select(.id == "x").blocked'
}
while IFS='|' read -r blocked calls allowed; do
	# shellcheck disable=SC2086
	t "needs $calls, allowed ${allowed:-none}: $blocked" [ "$(judge "${calls//,/|}" $allowed)" = "$blocked" ]
done <<'END'
true|bpf|
false|bpf|bpf
true|bpf mount|bpf
true|bpf mount|mount
false|bpf mount|mount bpf
false|bpf,mount|mount
true|bpf,mount|read
true|bpf,mount keyctl|mount
false|bpf|i386:bpf
false|bpf|x32:bpf
true|i386:bpf|bpf
false|i386:bpf,x32:bpf|x32:bpf
true|x32:bpf|i386:bpf
false|socket setsockopt|i386:socketcall
false|i386:setsockopt|i386:socketcall
true|x32:setsockopt|i386:socketcall
false|msgsnd|i386:ipc
true|msgsnd|i386:socketcall
false|madvise splice socket setsockopt write|io_uring_setup
true|keyctl|io_uring_setup
true|i386:madvise|io_uring_setup
false|i386:madvise|i386:io_uring_setup
END

sed -n '/"io_uring_setup", {/,/} },/s/"/\n/gp' "$top/ctl/calls/multiplexer.c" | grep -E '^[a-z_0-9]+$' | sort -u >made
t 'what io_uring makes are calls' [ -z "$(comm -23 made <(names syscall_64.tbl common 64))" ]
t 'so is what asynchronous I/O makes' eval '
	sed -n "/submitted\[\]/,/};/s/\"/\n/gp" "$top/ctl/calls/asynchronous.c" | grep -E "^[a-z_0-9]+$" | sort -u >submitted &&
	[ "$(wc -l <submitted)" -eq 13 ] && [ -z "$(comm -23 submitted <(names syscall_64.tbl common 64))" ]'
t 'and they are many' [ "$(wc -l <made)" -gt 50 ]
t 'an entry replaces one of the same id' eval '
	echo "CVE-2016-5195 2017 mine: getpid # https://example.org" >mine &&
	report web.json --exploits mine --json >m && holds ".exploits.known == $(wc -l <entries) and
	(.exploits.list[] | select(.id == \"CVE-2016-5195\") | .name == \"mine\" and .year == 2017)" m'
t 'one without calls takes it away' eval '
	echo "CVE-2016-5195:" >mine && report web.json --exploits mine --json >m &&
	holds ".exploits.known == $(($(wc -l <entries) - 1)) and all(.exploits.list[]; .id != \"CVE-2016-5195\")" m'
t 'a line may go on, and # begins comments' eval '
	printf "# mine\n\nmine 2020 a b c: getpid\n\tgetppid|gettid\n\t# https://example.org/#part\n" >mine &&
	report web.json --exploits mine --json >m && holds ".exploits.list[] | select(.id == \"mine\") |
	.name == \"a b c\" and .calls == [[\"getpid\"], [\"getppid\", \"gettid\"]] and .source == \"https://example.org/#part\"" m'
while IFS='|' read -r line text; do
	printf '# first\nfine 2020 fine: read # https://example.org\n%b\n' "$line" >wrong
	t "refused: $line" exits_saying 1 "report --exploits wrong: line 3: $text" scmod report web.json --exploits wrong
done <<'END'
mine 2020 name: nocall # https://example.org|no system call is named 'nocall'
mine 2020 name: read\0174nocall # https://example.org|no system call is named 'nocall'
mine 2020 name: read\0174 # https://example.org|no system call is named ''
mine 2020 name: i386:openat3 # https://example.org|no system call is named 'i386:openat3'
mine 2020 name: i386:mmap2 arm:read # https://example.org|no system call is named 'arm:read'
mine 2020 name: read|mine has no source
mine 2020 name: read # somewhere|mine has no source
mine 2020 name: read # javascript:alert(1)|mine has no source
mine 2020 name: read # https://example.org two|mine has no source
mine name: read # https://example.org|'name' is not a year
mine 20x name: read # https://example.org|'20x' is not a year
mine 1066 name: read # https://example.org|'1066' is not a year
mine 2020: read # https://example.org|mine has no name
: read # https://example.org|the entry has no id
mine 2020 name read|there is no colon
END
t 'a file of exploits that is not there' exits_saying 1 'No such file' scmod report web.json --exploits ./absent
printf 'a\0b' >binary
t 'one that is no text' exits_saying 1 'that can be read' scmod report web.json --exploits binary

# ---- the profile to compare with

bare() { bwrap --dev-bind / / --tmpfs /usr/share/containers "$@"; }
if bare true 2>/dev/null; then
	t 'without the default profile there is no comparison' eval 'bare scmod report web.json --json >none &&
		holds ".default_file == null and .abis[0].default == null and .abis[0].less_than_default == null and
			.abis[0].beyond_default == [] and .exploits.blocked_by_default == null and
			.exploits.list[0].blocked_by_default == null" none'
	t 'the rest stays' eval 'same "$(jq -c ".abis[0].states" web)" "$(jq -c ".abis[0].states" none)"'
	t 'and the report says so' says "no default profile was found at $default to compare with" bare scmod report web.json
	t 'the page, too' says "No default profile was found to compare with: $default" bare scmod report web.json --html
	t 'a wrong one is told, and left out' eval 'says "so the report has no comparison" bare \
		sh -c "echo x y >$default; scmod report web.json --json"'
else
	tap_n=$((tap_n + 1))
	echo "ok $tap_n # SKIP bubblewrap can't hide the default profile here"
fi
t 'another one' eval 'report web.json --default small.json --json >other && holds ".default_file == \"small.json\" and .abis[0].default < 60" other'
t 'another one that is not there' exits_saying 1 'report --default ./absent: No such file' scmod report web.json --default ./absent
echo nocall >nocall
t 'another one that is wrong' exits_saying 1 "report --default nocall: line 1: no system call is named" scmod report web.json --default nocall

# ---- the form of it

for form in '' --json --html; do
	t "${form:-text}: the same bytes again" eval 'report web.json $form >1; report web.json $form >2; cmp 1 2 && test -s 1'
	t "${form:-text}: to a file" eval 'report web.json $form -o file && cmp 1 file'
	t "${form:-text}: the order of the profile does not matter" eval 'jq ".abis[].calls |= reverse" web.json >turned &&
		mkdir -p turned.d && mv turned turned.d/web.json && (cd turned.d && report web.json $form) >2 && cmp 1 2'
	t "${form:-text}: a full disk is an error" exits_saying 1 'nothing was replaced' eval "scmod report web.json $form >/dev/full"
	t "${form:-text}: a place that can't be written" exits_saying 1 './no/where: No such file' scmod report web.json $form -o ./no/where
done
t 'on failure the file stays as it was' eval 'echo old >kept; ! scmod report absent.json -o kept 2>/dev/null &&
	! scmod report web.json --exploits absent -o kept 2>/dev/null && [ "$(cat kept)" = old ]'
t 'two forms at once: usage' exits_saying 2 'drop one of them' scmod report web.json --json --html
t 'a file that is not there' exits_saying 1 'No such file' scmod report ./absent
t 'a file that is no profile' exits_saying 1 'no system call is named' scmod report nocall
t 'io_uring is warned of' says 'io_uring does work without making system calls' scmod report <(echo io_uring_setup)
t 'and in the page' eval 'report <(echo io_uring_setup) --html | grep -q "io_uring does work without"'

# ---- the page

check=$here/page_check.py
page=$top/build/selftests/page
hostile='<img src=x>&"'\''.json'
cp web.json "$hostile"
pages() { report "$1" --html >"$2.html" && report "$1" --json >"$2.json"; }
for name in web "$default" "$hostile"; do
	t "the page of $name says what the JSON says" eval 'pages "${name/#web/web.json}" page && "$check" markup page.html page.json'
	t "the page of $name is clean" eval '[ -z "$(xmllint --html --noout page.html 2>&1)" ]'
done
"$page" html >all.html && "$page" json >all.json || exit
t 'every state is on a page that is made up' holds '[.abis[0].states[]] | length == 11 and all(. > 0)' all.json
t 'that says what the JSON says' "$check" markup all.html all.json
t 'and is clean' eval '[ -z "$(xmllint --html --noout all.html 2>&1)" ]'
# planted SED: the check of the markup finds it.
planted() { sed "$1" all.html >bad.html; ! cmp -s all.html bad.html && ! "$check" markup bad.html all.json >/dev/null; }
t 'the check finds a cell of another state' planted '0,/td class="seen"/s//td class="soft"/'
t 'and one without a name' planted '0,/ aria-label="read (0)[^"]*"/s///'
t 'and a script' planted 's|</body>|<script>1</script></body>|'
t 'and a picture from elsewhere' planted 's|</body>|<img src="x.png"></body>|'
t 'and a tag that is not closed' planted '0,/<\/td>/s///'
t 'and a wrong count' planted '0,/<b>21<\/b>/s//<b>22<\/b>/'

# browser OPTION...: in a window in which all of the map is to be seen.
browser() {
	rm -rf user-data
	timeout 300 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync \
		--user-data-dir="$tmp/user-data" --force-device-scale-factor=1 --hide-scrollbars \
		--window-size=1200,1000 "$@" 2>browser.log || { tail -n 5 browser.log; return 1; }
}
measured() { "$check" measure "$1.html" measured.html && browser --dump-dom "file://$tmp/measured.html" >"$1.dom"; }
# drawn PAGE SCHEME OPTION...: is it drawn as it should be? Where its cells are was
# measured, or is as on the page that it is a copy of.
drawn() {
	local dom=all

	[ ! -e "$1.dom" ] || dom=$1
	browser --screenshot="$tmp/$1.png" "${@:3}" "file://$tmp/$1.html" &&
		"$check" picture all.json "$dom.dom" "$1.png" "$2"
}
t 'a browser lays it out' measured all
t 'and draws each call in the colour of its state' drawn all light
t 'in a dark room, too' drawn all dark --force-dark-mode
# finds TEXT COMMAND...: does COMMAND fail, with that?
finds() {
	local want=$1 text
	shift

	text=$("$@" 2>&1) && { echo 'nothing was found'; return 1; }
	grep -qE "$want" <<<"$text" || { echo "$text"; return 1; }
}
# spoiled NAME SED: a page whose look is not right.
spoiled() { sed "$2" all.html >"$1.html"; ! cmp -s all.html "$1.html"; }
spoiled colour 's/--seen: #0b4f9c/--seen: #c4321f/'
t 'a wrong colour is found' finds 'seen is .*, not blue' drawn colour light
spoiled alike 's/--soft: #f2cc3d/--soft: #e3e6ea/'
t 'two colours that are alike are found' finds 'look alike' drawn alike light
spoiled broken 's/^\.map td { width: 27px;/.map td { display: block; width: 27px;/'
t 'a broken layout is found' eval 'measured broken && finds "row|column|window" drawn broken light'
spoiled unmarked 's/>S<\/a>/><\/a>/g'
t 'missing marks are found' finds 'seen: no mark' drawn unmarked light

tap_end
