#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every verb of the tool: what it does, its exit codes, and that what goes wrong
# is one line on stderr. What it says without the module is in unloaded_test.sh.

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and other languages expand later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d) || exit
chmod 755 "$dir"
base=/sys/fs/cgroup/tool
cgroup=$base/work
mkdir "$base" "$cgroup" || exit
cleanup() {
	{
		for policy in "$base"/*; do scmod off "$policy"; done
		cgroup_kill "$base"
		wait
		umount "$dir/small"
		rmdir "$base"/*/ "$base"
		scmod forget --all
		rm -rf "$dir"
	} >/dev/null 2>&1
}
trap cleanup EXIT

# field FILTER [CGROUP]: of the status of a policy.
field() { scmod status "${2-$cgroup}" --json | jq -r ".policies[0] | $1"; }
has() { [ "$(field "$1" "${3-$cgroup}")" = "$2" ] || { echo "$1: $(field "$1" "${3-$cgroup}")"; return 1; }; }
names() { field "[.abis[0].$1[].name] | join(\" \")"; }
learned() {
	scmod learn "$cgroup" >/dev/null && inside "$cgroup" true &&
		inside "$cgroup" cat /proc/self/comm >/dev/null
}
anew() {
	scmod off "$cgroup" >/dev/null 2>&1
	scmod forget "$cgroup" >/dev/null 2>&1
	learned
}
same() { [ -s "$1" ] && cmp "$@"; }
# holds FILTER: is it true of the JSON on stdin? An empty input is not.
holds() { [ "$(jq "$1")" = true ]; }
unprivileged() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }

# ---- without a policy

t 'unknown verb: usage' fails 2 "'lern'" scmod lern
t 'an abbreviated verb is unknown' fails 2 "'stat'" scmod stat
t 'unknown option: usage' fails 2 "'--jso'" scmod status --jso
t 'option without its value: usage' fails 2 'lacks its value' scmod dump -o
t 'value for a flag: usage' fails 2 'takes no value' scmod status --json=1
t 'help of an unknown verb: usage' fails 2 "'nix'" scmod help nix
for verb in learn complain enforce off; do
	t "$verb without CGROUP: usage" fails 2 'CGROUP is missing' scmod "$verb"
	t "$verb with two: usage" fails 2 'one word too many' scmod "$verb" "$cgroup" "$cgroup"
done
t 'allow without CGROUP: usage' fails 2 'CGROUP is missing' scmod allow
t 'allow without CALL: usage' fails 2 'CALL or --denied' scmod allow "$cgroup"
t 'allow with CALL and --denied: usage' fails 2 'CALL or --denied' scmod allow "$cgroup" read --denied
t 'allow of an unknown call: usage' fails 2 "'nix'" scmod allow "$cgroup" nix
t 'forget without argument: usage' fails 2 'CGROUP or --all' scmod forget
t 'forget with both: usage' fails 2 'CGROUP or --all' scmod forget "$cgroup" --all
t 'unknown format: usage' fails 2 "'xml'" scmod dump --format xml
t 'unknown errno: usage' fails 2 "'ENIX'" scmod enforce "$cgroup" --errno ENIX
t 'errno 0: usage' fails 2 "'0'" scmod enforce "$cgroup" --errno 0
t 'unknown action: usage' fails 2 "'trap'" scmod enforce "$cgroup" --action trap
t 'unknown inference: usage' fails 2 "'all'" scmod learn "$cgroup" --infer all
for verb in learn complain enforce allow off forget status dump explain doctor version help; do
	t "help $verb" says "usage: scmod $verb" scmod help "$verb"
	t "$verb --help" says "usage: scmod $verb" scmod "$verb" --help
done
t 'help' says 'Exit codes' scmod --help
t 'version' says scmod scmod version

t 'no verb: status' eval '[ "$(scmod)" = "$(scmod status)" ]'
t 'an option before the verb is one behind it' eval '[ "$(scmod --json status)" = "$(scmod status --json)" ] && scmod -j status | holds ".module != null"'
t 'an option of one verb stands behind the verb' fails 2 "before a verb is named '-o'" scmod -o file dump
t 'less and more: usage' fails 2 '--quiet has no effect with --verbose' scmod status -qv
t 'rules of a profile without one: usage' fails 2 '--args has no effect without --profile' scmod enforce "$cgroup" --args widen
t 'capabilities without a profile: usage' fails 2 '--cap has no effect without --profile' scmod enforce "$cgroup" --cap kill
t 'inference with a profile: usage' fails 2 '--infer has no effect with --profile' scmod enforce "$cgroup" --infer none --profile x
t 'rules of a profile for a record: usage' fails 2 '--args has no effect on a record' scmod dump "$cgroup" --args widen
t 'standard input twice: usage' fails 2 "'-' is given 2 times" scmod merge - -
t 'status without a policy' says 'no cgroup is tracked' scmod status
t 'dump without a policy' fails 1 'no cgroup is tracked' scmod dump
mkdir "$dir/v1"
v1=''
if mount -t cgroup -o none,name=scmod-test cgroup "$dir/v1" 2>/dev/null; then v1=1; fi
for verb in learn complain enforce off forget status dump explain; do
	t "$verb of a path that is not there" fails 1 'neither a cgroup nor a record' scmod "$verb" "$base/none"
	t "$verb of a directory that is no cgroup" fails 1 'not a cgroup' scmod "$verb" "$dir"
	t "$verb of a file" fails 1 'not a cgroup' scmod "$verb" "$base/cgroup.procs"
	t "$verb of an unknown id" fails 1 'no policy has that id' scmod "$verb" 999999999
	[ -z "$v1" ] || t "$verb of a cgroup v1 directory" fails 1 'v1' scmod "$verb" "$dir/v1"
done
if [ "$v1" ]; then umount "$dir/v1"; else echo '# no cgroup v1 hierarchy can be mounted here'; fi
t 'allow of an untracked cgroup' fails 1 'not tracked' scmod allow "$cgroup" read
t 'off of an untracked cgroup' fails 1 'not tracked' scmod off "$cgroup"
t 'enforce without a record' fails 1 'nothing was learned' scmod enforce "$cgroup"

# ---- who may

for verb in learn complain enforce off forget status dump; do
	t "$verb by a plain user" fails 4 '' unprivileged scmod "$verb" "$cgroup"
done
t 'where the module does not answer, it is not said to be missing' \
	fails 3 'initial network namespace' unshare --net scmod status
t 'status by a plain user' fails 4 '' unprivileged scmod status
t 'allow by a plain user' fails 4 '' unprivileged scmod allow "$cgroup" read
t 'doctor by a plain user' exits 4 unprivileged scmod doctor

# ---- learn, status, dump

t 'learn' says ': learning, id' scmod learn "$cgroup"
t 'dump of an empty record' fails 1 'nothing was learned' scmod dump "$cgroup"
t 'learn again' says 'already learning' scmod learn "$cgroup"
learned
t 'status shows the mode' has .mode learn
t 'status: not partial' has .partial false
t 'status: its id is the inode of the directory' has .id "$(stat -c %i "$cgroup")"
t 'status: execve, with who' has \
	'.abis[0].seen[] | select(.name == "execve") | (.comm | length > 0) and .pid > 0 and (.first | test("Z$"))' true
t 'status --json holds the module' eval "scmod status --json | holds '.module |
	(.version and .engine and .symbol and .probe) and .nmissed >= 0 and .policies == 1 and
	.policies_max > 0 and .cgroups == 1 and .cgroups_max > 0 and .cgroups_shut == 0 and .events_lost >= 0'"
t 'status --json holds the policy' has \
	'[.path, .id, .mode, .action, .errno, .errno_nr, .gone, .named, .pattern, .waiting,
	.cgroups, .came, .partial, .created, .records_lost, .events_lost, .unlogged, .counts.seen, .counts.allowed, .counts.soft, .counts.denied] | index(null)' null
t 'status: calls that are never inferred have priority when they are refused' has \
	'[.abis[] | [.priority[].name] | contains(["mount", "bpf", "finit_module"])] | all' true
t 'status --json holds every ABI' has '[.abis[].abi] | sort | join(" ")' 'i386 x32 x86_64'
t 'status without argument lists the only one, too' eval '[ "$(scmod status | grep -c " seen ")" -eq 1 ] && says_not "x86_64 seen" scmod status'
t 'status of one shows it in full' says 'x86_64 seen' scmod status "$cgroup"
t 'doctor' says 'ok    selftest' scmod doctor
t 'doctor knows all calls of this kernel' says 'ok    calls' scmod doctor
t 'of which status tells how many there are' eval "[ \"\$(scmod status --json | jq .module.calls)\" -gt 440 ]"
t 'doctor --json' eval "scmod doctor --json | holds '.ok and ([.checks[] |
	(.check | length > 0) and .ok == true and .found != null and has(\"remedy\")] | all)'"

for form in oci list json; do
	scmod dump "$cgroup" --format "$form" >"$dir/$form.1" 2>"$dir/notes"
	scmod dump --format="$form" >"$dir/$form.2" 2>/dev/null
	t "two dumps are the same bytes, one without argument: $form" same "$dir/$form.1" "$dir/$form.2"
	for call in exit exit_group rt_sigreturn restart_syscall; do
		t "$call is in it: $form" grep -qw "$call" "$dir/$form.1"
	done
done
t 'the OCI form is JSON' eval 'holds ".defaultErrnoRet == 1" <"$dir/oci.1"'
t 'a note says how many were added' grep -qE 'added [0-9]+ calls .*[0-9]+ lifeline.*scmod explain /tool/work' "$dir/notes"
t 'the list says it, too' grep -q '^rt_sigreturn # added: .' "$dir/list.1"
reason() { holds ".abis[] | select(.abi == \"x86_64\").calls[] | select(.name == \"$1\") | .state == \"allow\" and any(.reasons[]; .kind == \"$2\" and $3)"; }
t 'the JSON form, too' eval 'reason rt_sigreturn lifeline ".text != \"\"" <"$dir/json.1"'
t 'and by whom and when a call was made' \
	eval 'reason execve seen ".comm != \"\" and .pid > 0 and (.first | test(\"Z$\"))" <"$dir/json.1"'

# ---- dump -o

echo old >"$dir/kept"
mkdir "$dir/small"
mount -t tmpfs -o size=8k small "$dir/small"
echo old >"$dir/small/kept"
head -c 4096 /dev/zero >"$dir/small/fill"
t 'dump -o to a full file system' fails 1 'No space left' scmod dump "$cgroup" -o "$dir/small/kept"
t 'keeps the old file' [ "$(cat "$dir/small/kept")" = old ]
t 'and leaves nothing behind' [ "$(echo "$dir"/small/*)" = "$dir/small/fill $dir/small/kept" ]
mount -o remount,ro "$dir/small"
t 'dump -o to a read-only one' fails 1 'Read-only file system' scmod dump "$cgroup" -o "$dir/small/kept"
t 'keeps the old file, too' [ "$(cat "$dir/small/kept")" = old ]
umount "$dir/small"
t 'dump -o to no directory' fails 1 'No such file' scmod dump "$cgroup" -o "$dir/none/file"
t 'dump -o to a full device' fails 1 'No space left' scmod dump "$cgroup" -o /dev/full
t 'dump to a full device' exits 1 sh -c 'scmod dump "$1" >/dev/full' sh "$cgroup"
ln "$dir/kept" "$dir/second"
ln -s kept "$dir/link"
t 'dump -o through a link' exits 0 scmod dump "$cgroup" -o "$dir/link"
t 'which stays one' [ -L "$dir/link" ]
t 'replaces the file' same "$dir/kept" "$dir/oci.1"
t 'and does not write into the old one' [ "$(cat "$dir/second")" = old ]
t 'dump -o to a pipe' eval 'scmod dump "$cgroup" -o /dev/stdout 2>/dev/null | cmp - "$dir/oci.1"'
# A mount point can't be replaced: rename() says EBUSY.
echo old >"$dir/mounted"
mount --bind "$dir/kept" "$dir/mounted"
t 'dump -o to a mount point' exits 0 scmod dump "$cgroup" -o "$dir/mounted" --format list
t 'writes there' same "$dir/mounted" "$dir/list.1"
umount "$dir/mounted"

# ---- JSON, less and more

json_verbs() {
	scmod learn "$cgroup" --json | holds '.path == "/tool/work" and .mode == "learn" and .already' &&
		scmod -j allow "$cgroup" sync i386:open | holds '.count == 2 and .added[0].name == "sync"' &&
		scmod complain --json "$cgroup" 2>/dev/null | holds '.mode == "complain" and .allowed > 0' &&
		scmod --json enforce "$cgroup" 2>/dev/null | holds '.mode == "enforce" and .errno == "EPERM" and .soft > 0' &&
		scmod off "$cgroup" --json | holds '.mode == "off"' &&
		scmod dump "$cgroup" --json 2>/dev/null | holds '.format == "scmod-profile-3"' &&
		scmod version --json | holds '.version != ""' &&
		scmod forget "$cgroup" --json | holds '.forgotten | length == 1' &&
		scmod forget --json --all | holds '.forgotten == []'
}
t 'each verb that says something says it in JSON' json_verbs
learned
quiet() { local text; text=$("$@" 2>&1) || return; [ -z "$text" ] || { echo "$text"; return 1; }; }
for verb in 'allow read' complain enforce off learn; do
	read -r verb call <<<"$verb"
	t "$verb --quiet prints nothing" quiet scmod "$verb" "$cgroup" ${call:+"$call"} --quiet
done
t 'status --quiet prints what was asked for' says work scmod -q status

podman=/usr/share/containers/seccomp.json
few() { local text; text=$("$@" 2>&1) || return; [ "$(wc -l <<<"$text")" -le 16 ] || { echo "$text"; return 1; }; }
t "enforce --profile of Podman's default: notes of one kind are one line" \
	few scmod enforce "$cgroup" --profile "$podman" --args widen
t 'with a count' says 'more of this kind; -v prints each' scmod enforce "$cgroup" --profile "$podman" --args widen
t '--verbose prints each' eval '[ "$(scmod enforce "$cgroup" --profile "$podman" --args widen -v 2>&1 | wc -l)" -gt 100 ]'
t 'a profile from standard input' eval 'scmod enforce "$cgroup" --profile - --args widen <"$podman"'
scmod off "$cgroup" >/dev/null
scmod forget "$cgroup" >/dev/null
learned

# ---- enforce, allow, off, forget

t 'complain' exits 0 scmod complain "$cgroup"
# A call that its program reports if it fails.
flush() { inside "$cgroup" sync "$dir" 2>/dev/null; }
t 'lets what is not learned pass' flush
t 'and says what enforce would refuse' eval '[[ " $(names denied) " == *" fsync "* ]]'
t 'but does not learn it' eval '[[ " $(names seen) " != *" fsync "* ]]'
t 'nor is it in a dump' eval '! scmod dump "$cgroup" 2>/dev/null | grep -qw fsync'
allowed=$(names allowed)
t 'enforce enforces what it tried' exits 0 scmod enforce "$cgroup"
t 'exactly' [ "$allowed" = "$(names allowed)" ]
t 'and refuses what was reported' eval '! flush'
t 'complain again' exits 0 scmod complain "$cgroup"
t 'complain --learn' says complain-learn scmod complain "$cgroup" --learn
t 'learns what it reports' eval 'flush && [[ " $(names seen) " == *" fsync "* ]]'
t 'and enforce allows that' eval 'scmod enforce "$cgroup" && flush'
anew
t 'complain where nothing was learned' eval 'scmod forget "$cgroup" && scmod complain "$cgroup"'
t 'reports all, and learns nothing' eval 'flush &&
	[[ " $(names denied) " == *" fsync "* ]] && [ -z "$(names seen)" ]'
t 'enforce has nothing to go by then' fails 1 'nothing was learned' scmod enforce "$cgroup"
t 'and changes nothing' has .mode complain
learned
scmod dump "$cgroup" --format list 2>/dev/null | grep -vx fsync >"$dir/tried"
scmod forget "$cgroup" >/dev/null
t 'complain --profile' exits 0 scmod complain "$cgroup" --profile "$dir/tried"
t 'refuses nothing' flush
t 'reports what the profile does not allow' eval '[[ " $(names denied) " == *" fsync "* ]]'
t 'and enforce afterwards is that profile' eval 'scmod enforce "$cgroup" >/dev/null &&
	! flush && inside "$cgroup" true'
scmod forget "$cgroup" >/dev/null 2>&1 || { scmod off "$cgroup"; scmod forget "$cgroup"; } >/dev/null
t 'learn --profile: it is where learning starts from' eval '
	scmod learn "$cgroup" --profile "$dir/tried" && flush &&
	scmod enforce "$cgroup" --infer none && flush && inside "$cgroup" true'
scmod off "$cgroup" >/dev/null
t 'a profile that allows nothing is an error' fails 1 'allows nothing' \
	scmod learn "$cgroup" --profile <(echo '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[]}')
t 'complain --args without a profile has no effect' fails 2 'only a profile' \
	scmod complain "$cgroup" --args widen
t 'complain --profile --infer' fails 2 'used unchanged' \
	scmod complain "$cgroup" --profile "$dir/tried" --infer none
anew
t 'learn again drops nothing' exits 0 scmod learn "$cgroup"
t 'what was seen before is kept' eval '[[ " $(names seen) " == *" execve "* ]]'
anew
t 'forget drops the record' eval '[[ " $(names seen) " != *" fsync "* ]]'
t 'enforce says how many it added' says "'scmod explain /tool/work' explains each of them" scmod enforce "$cgroup"
t 'enforce: the mode' has .mode enforce
t 'enforce: what was learned goes on' inside "$cgroup" cat /proc/self/comm
# Which calls a program makes is its own affair; a helper makes just one.
call() { inside "$cgroup" perl -e 'my $r = syscall(shift, 0, 0, 0); print $r < 0 ? $!+0 : 0' "$@" 2>/dev/null; }
learned_perl() { anew && call 39 >/dev/null; }
learned_perl
scmod enforce "$cgroup" >/dev/null 2>&1
t 'a call not learned returns EPERM' [ "$(call 166)" = 1 ]
t 'who made it is known' has '.abis[0].denied[] | select(.name == "umount2") | .comm' perl
t 'how often, too' has '.abis[0].denied[] | select(.name == "umount2") | .count' 1
t 'a soft one returns ENOSYS' [ "$(call 435)" = 38 ]
for nr in 425 448 464 471 472 575; do
	t "so does what is newer than programs expect, also to come: $nr" [ "$(call $nr)" = 38 ]
done
t 'status tells of those with a name only' eval 'names soft >soft && grep -qw getxattrat soft && grep -qw io_uring_setup soft &&
	scmod status "$cgroup" --json | jq -e "[.policies[0].abis[].soft[].name] | index(null) | not"'
t 'enforce --errno' says EACCES scmod enforce "$cgroup" --errno EACCES
t 'gives another errno' [ "$(call 166)" = 13 ]
t 'which stays when enforced again' eval 'scmod enforce "$cgroup" >/dev/null 2>&1; [ "$(call 166)" = 13 ]'
t 'enforce --errno as a number' exits 0 scmod enforce "$cgroup" --errno 5
t 'gives that' [ "$(call 166)" = 5 ]
t 'forget while it enforces' fails 1 'enforc' scmod forget "$cgroup"
t 'allow CALL' says 'added x86_64:sync' scmod allow "$cgroup" sync
t 'allows it at once' [ "$(call 162)" = 0 ]
t 'and nothing else' [ "$(call 166)" = 5 ]
t 'allow again adds nothing' says '0 more allowed' scmod allow "$cgroup" sync
t 'allow for another ABI' says 'added i386:open' scmod allow "$cgroup" i386:open
at_once() {
	local calls=(pivot_root swapon swapoff sethostname setdomainname quotactl vhangup modify_ldt) call
	local pids=()

	for call in "${calls[@]}"; do
		scmod allow "$cgroup" "$call" >/dev/null &
		pids+=($!)
	done
	wait "${pids[@]}"
	for call in "${calls[@]}"; do
		[[ " $(names allowed) " == *" $call "* ]] || { echo "$call is not allowed"; return 1; }
	done
}
t 'what several allow at once is all allowed' at_once
t 'a dump counts what was allowed by hand' says "allowed-by-hand" scmod dump "$cgroup"
t 'a dump names what was allowed by hand' says 'not seen, but the policy allows it' scmod explain "$cgroup" sync
t 'what is not done is not said to be' eval '
	scmod off "$cgroup" >/dev/null && scmod learn "$cgroup" >/dev/null &&
	inside "$cgroup" scmod allow "$cgroup" read && scmod enforce "$cgroup" --errno 5 >/dev/null 2>&1 &&
	text=$(inside "$cgroup" scmod allow "$cgroup" acct 2>/dev/null); [ $? -eq 4 ] && [ -z "$text" ]'
t 'off' says '/tool/work: off, its record is kept' scmod off "$cgroup"
t 'refuses nothing' [ "$(call 166)" != 5 ]
t 'and keeps the record' eval '[[ " $(names denied) " == *" umount2 "* ]]'

# One program, refused and mended while it runs.
anew
mkfifo "$dir/in" "$dir/made"
perl -e 'use POSIX (); $| = 1; open(my $in, "+<", $ARGV[0]); open(my $out, "+>", $ARGV[1]);
	while (sysread($in, my $line, 2)) { my $r = syscall(162 + ord($line) - 48, 0, 0, 0, 0, 0); my $e = $r < 0 ? $!+0 : 0;
	syswrite($out, "$e\n"); }' "$dir/in" "$dir/made" &
broken=$!
exec 8<>"$dir/in" 9<>"$dir/made"
ask() { local answer; echo "${1-0}" >&8; read -r -t 20 answer <&9; echo "$answer"; }
t 'a program works before it is in the cgroup' [ "$(ask)" = 0 ]
echo "$broken" >"$cgroup/cgroup.procs"
scmod enforce "$cgroup" >/dev/null 2>&1
scmod allow "$cgroup" read write >/dev/null
t 'and is broken by enforcing' [ "$(ask)" = 1 ]
# An attacker can do this, too, under any name: it must not open mount.
t 'a dangerous call is refused, too' [ "$(ask 3)" = 1 ]
denied() { scmod allow "$cgroup" --denied "$@" 2>"$dir/warned"; }
who="denied [0-9]+ times?, first at [-0-9T:.]+Z by perl\\[$broken\\]"
shown() { denied "${@:2}" | grep -E -- "$1" || { denied "${@:2}"; return 1; }; }
t 'allow --denied --dry-run: what, and by whose doing' shown "^  would add x86_64:sync, $who\$" --dry-run
t 'what it leaves out, by whose doing, why, and how to allow it' shown \
	"^  left out x86_64:mount, $who: never inferred: mounts: .*; 'scmod allow /tool/work mount' allows it\$" --dry-run
t 'that is a warning' grep -q '^scmod: warning: .*: left out 1 of the calls and values that were denied, .*; allow by name' "$dir/warned"
t 'all that in JSON' eval 'denied --dry-run --json | holds ".dry_run and .count == 1 and .path == \"/tool/work\" and
	(.added + .left_out | length == 2 and all(.[]; .abi == \"x86_64\" and .comm == \"perl\" and .pid == $broken and
	.count > 0 and (.first | test(\"Z\$\")))) and .added[0].name == \"sync\" and (.left_out[0] | .name == \"mount\" and
	.nr == 165 and .reason == \"never\" and (.why | length > 30) and .do == \"scmod allow /tool/work mount\")"'
t 'nothing was changed by that' [ "$(ask)" = 1 ]
t 'allow CALL --dry-run changes nothing either' eval 'says "would add x86_64:sync, denied" scmod allow "$cgroup" sync --dry-run && [ "$(ask)" = 1 ]'
t 'allow --denied' shown "^  added x86_64:sync, $who\$"
t 'mends it live' [ "$(ask)" = 0 ]
t 'but leaves out what is dangerous' [ "$(ask 3)" = 1 ]
t 'again: nothing is left to allow, which is no failure' says '0 more allowed' denied
t 'with --quiet it warns' eval '[ -z "$(denied -q)" ] && grep -q "left out 1 of the calls" "$dir/warned"'
t 'its words allow the call' eval '$(denied --json | jq -r ".left_out[0].do") | grep "added x86_64:mount, denied"'
t 'at once' [ "$(ask 3)" != 1 ]
t 'then there is nothing to warn of' eval 'denied --json | holds ".left_out == [] and .added == [] and .dry_run == false" && [ ! -s "$dir/warned" ]'
t 'without it having been restarted' kill -0 "$broken"
kill -9 "$broken"
wait "$broken" 2>/dev/null
exec 8>&- 9>&-

learned_perl
t 'enforce --action kill' says SIGSYS scmod enforce "$cgroup" --action kill
inside "$cgroup" perl -e 'syscall(166, 0, 0)' 2>/dev/null
t 'ends the process with SIGSYS' [ $? -eq $((128 + 31)) ]
t 'a dump of it kills, too' eval 'scmod dump "$cgroup" 2>/dev/null | holds ".defaultAction == \"SCMP_ACT_KILL_PROCESS\""'
t 'enforce --action errno' exits 0 scmod enforce "$cgroup" --action errno
t 'goes back' [ "$(call 166)" = 1 ]
scmod off "$cgroup" >/dev/null

# ---- attached to what runs

# The cgroup holds one process then, and it is no longer this shell.
runs() { grep -q sleep "/proc/$(cat "$cgroup/cgroup.procs")/comm"; }
run() { inside "$cgroup" "$@" & running=$!; wait_for 20 runs; }
stop() { cgroup_kill "$cgroup"; wait "$running" 2>/dev/null; }
anew

# H11
scmod learn "$cgroup" >/dev/null
t 'no word of io_uring where nobody uses it' says_not 'io_uring does work' scmod dump "$cgroup"
call 425 >/dev/null
t 'dump warns of io_uring' says 'io_uring does work without making system calls' scmod dump "$cgroup"
# perl, which made that call, imports accept(): what ran would be inferred.
t 'enforce, too' says 'io_uring does work without making system calls' scmod enforce "$cgroup" --infer none
t 'and what it can do that is not allowed' says 'x86_64:io_uring_setup is allowed, and can do what these calls do, which are not allowed: accept, ' scmod enforce "$cgroup" --infer none
scmod allow "$cgroup" io_uring_enter >/dev/null
t 'which a ring that is there already can, too' says 'warning: enforce /tool/work: x86_64:io_uring_enter is allowed, and can do' scmod enforce "$cgroup"
anew
t 'no word of asynchronous I/O where nobody uses it' says_not 'can do what' scmod enforce "$cgroup"
scmod allow "$cgroup" io_submit >/dev/null
t 'what asynchronous I/O can do that is not allowed' eval 'scmod enforce "$cgroup" --infer none 2>&1 |
	grep "note: enforce /tool/work: x86_64:io_submit is allowed, and can do what these calls do, which are not allowed: .*pwrite64, pwritev"'
anew

# A way out that a task inside holds, or owns.
outer=${cgroup%/*}/cgroup.procs
held() { scmod enforce "$cgroup" --infer none 2>&1 | grep "warning: .*process $(cat "$cgroup/cgroup.procs") can leave the cgroup: its descriptor 9 can write to $outer"; }
holding() { scmod off "$cgroup" >/dev/null; run bash -c "exec 9$1; exec sleep 1000"; }
scmod learn "$cgroup" >/dev/null
holding ">$outer"
t 'a descriptor that can move it out' held
stop
holding ">$outer; for i in {100..199}; do eval \"exec \$i>$outer\"; done"
t 'of a hundred the first are named, and the others counted' eval 'scmod enforce "$cgroup" --infer none >"$dir/out" 2>&1
	[ "$(grep -c "can leave the cgroup: its descriptor" "$dir/out")" -eq 16 ] && grep "warning: .*85 more descriptors" "$dir/out"'
stop
scmod off "$cgroup" >/dev/null
mkdir "$cgroup/.below"
(echo "$BASHPID" >"$cgroup/.below/cgroup.procs" && exec sleep 1000 9>"$outer") &
wait_for 10 grep -q . "$cgroup/.below/cgroup.procs"
wait_for 10 eval "[ \"\$(cat /proc/$!/comm)\" = sleep ]"
t 'one in a cgroup below, whatever its name' says 'can leave the cgroup: its descriptor 9' scmod enforce "$cgroup" --infer none
kill -9 $!
wait_for 10 rmdir "$cgroup/.below"
holding "<$outer"
t 'not one that can only read' exits 1 held
stop
holding ">$cgroup/cgroup.threads"
t 'nor one of its own cgroup' says_not 'can leave' scmod enforce "$cgroup" --infer none
stop
scmod off "$cgroup" >/dev/null
run setpriv --reuid 4711 --clear-groups sleep 1000
t 'no word of a user who owns nothing' says_not 'can leave' scmod enforce "$cgroup" --infer none
chown 4711 "$outer"
t 'a user who owns the file above' says "run as uid 4711, which owns $outer, and so can leave the cgroup" scmod enforce "$cgroup" --infer none
chown 0 "$outer"
stop
anew

run sleep 1000
t 'learn again with tasks, from the start' eval '! scmod learn "$cgroup" | grep likely'
t 'allows nothing' [ -z "$(names allowed)" ]
scmod allow "$cgroup" sync >/dev/null
scmod off "$cgroup" >/dev/null
t 'learn of running tasks --infer none' exits 0 scmod learn "$cgroup" --infer none
t 'allows nothing more' [ "$(names allowed)" = sync ]
t 'learn of running tasks' says 'allowed as likely' scmod learn "$cgroup"
t 'allows what their programs import' eval '[[ " $(names allowed) " == *" tgkill "* ]]'
t 'keeps what was allowed' eval '[[ " $(names allowed) " == *" sync "* ]]'
t 'and has not seen it' eval '[[ " $(names seen) " != *" tgkill "* ]]'
t 'the record in JSON says why' eval 'scmod dump "$cgroup" --format json 2>/dev/null |
	reason tgkill import "(.text | test(\"imported by\"))"'
stop
scmod off "$cgroup" >/dev/null
scmod forget "$cgroup" >/dev/null
cp "$(command -v busybox)" "$dir/sleep"
run "$dir/sleep" 1000
t 'learn of a static program says that it can read nothing' \
	says 'no imports of its programs could be read' scmod learn "$cgroup"
t 'and allows nothing' [ -z "$(names allowed)" ]
t 'by its path below the mount, too' says 'no imports of its programs' scmod learn /tool/work
stop
scmod off "$cgroup" >/dev/null

# ---- several, gone, forgotten

mkdir "$base/second"
scmod learn "$base/second" --once >/dev/null
inside "$base/second" sync
t 'dump without argument of two' fails 2 '2 cgroups are tracked' scmod dump
t 'status without argument of two: a line each' [ "$(scmod status | grep -c ' seen ')" -eq 2 ]
id=$(field .id "$base/second")
for form in oci list json; do scmod dump "$base/second" --format $form >"$dir/$form.before" 2>/dev/null; done
rmdir "$base/second"
t 'a removed cgroup: the policy says so' has .gone true "$base/second"
for form in oci list json; do
	scmod dump "$base/second" --format $form >"$dir/$form.path" 2>/dev/null
	scmod dump "$id" --format $form >"$dir/$form.id" 2>/dev/null
	scmod dump "/tool/second" --format $form >"$dir/$form.short" 2>/dev/null
	t "dumps the same bytes by its old path: $form" same "$dir/$form.before" "$dir/$form.path"
	t "by its id: $form" same "$dir/$form.before" "$dir/$form.id"
	t "and by its path below the mount: $form" same "$dir/$form.before" "$dir/$form.short"
done
t 'enforce of it' fails 1 'gone' scmod enforce "$base/second"
t 'learn of it' fails 1 'gone' scmod learn "$base/second"
mkdir "$base/second"
t 'its name used again: learn is of the new one' says ': learning' scmod learn "$base/second" --once
t 'which has an id of its own' [ "$(field .id "$base/second")" != "$id" ]
t 'and an empty record' has .counts.seen 0 "$base/second"
t 'the old record is there by its id' eval 'scmod dump $id 2>/dev/null | cmp - "$dir/oci.before"'
t 'forget by id' says forgotten scmod forget "$id"
t 'forgets that one only' has .gone false "$base/second"
t 'and it is gone' fails 1 'no policy has that id' scmod dump "$id"
rmdir "$base/second"
t 'forget --all' exits 0 scmod forget --all
t 'forgets all' says 'no cgroup is tracked' scmod status

# ---- a name that would drive the terminal

# plain COMMAND...: does it work, and print UTF-8 without control characters but tabs?
plain() {
	"$@" >"$dir/plain" 2>&1 || { cat -v "$dir/plain"; return 1; }
	perl -0777 -ne 'exit !(utf8::decode($_) && !/[\x00-\x08\x0b-\x1f\x7f-\x9f]/)' "$dir/plain" ||
		{ cat -v "$dir/plain"; return 1; }
}
# U+009B begins an escape sequence, and so does its byte alone on a terminal that is not set to UTF-8.
odd=$base/$'\e]0;x\a\x7f\xc2\x80\xc2\x9b31m\x9b32m\x9c'
mkdir "$odd"
odd_call() { inside "$odd" perl -e '$0 = "\e\x7f\xc2\x9b1m\x9b2m"; syscall(shift, 0, 0, 0)' "$@"; }
t 'learn prints no control characters' plain scmod learn "$odd"
inside "$odd" true
odd_call 162
for verb in complain status enforce; do
	t "nor does $verb" plain scmod "$verb" "$odd"
done
odd_call 166
for form in '' --json; do
	for verb in status explain report; do
		# shellcheck disable=SC2086
		t "nor does $verb $form, of who made a call" plain scmod $verb "$odd" $form
	done
done
t 'nor does report --html' plain scmod report "$odd" --html
for form in oci spo systemd list json; do
	t "nor does dump --format $form" plain scmod dump "$odd" --format "$form"
done
t 'though who made them has such a name' eval 'scmod status "$odd" --json | holds ".policies[0] |
	(.path | contains(\"\u009b31m?32m?\")) and ([.abis[0] | .seen[], .denied[] | select(.comm == \"\u001b\u007f\u009b1m?2m\").name] |
	contains([\"sync\"]) and contains([\"umount2\"]))"'
t 'nor does allow' plain scmod allow "$odd" acct
t 'nor does allow --denied' plain scmod allow "$odd" --denied
t 'whose words name such a cgroup by its id' eval 'scmod allow "$odd" --denied --dry-run --json 2>/dev/null |
	holds ".left_out[] | select(.name == \"umount2\").do == \"scmod allow $(stat -c %i "$odd") umount2\""'
for verb in off forget; do
	t "nor does $verb" plain scmod "$verb" "$odd"
done
rmdir "$odd"

# ---- numbers without a name

scmod learn "$cgroup" >/dev/null
inside "$cgroup" perl -e 'syscall(500)'
t 'a number without a name is shown' has '.abis[0].seen[] | select(.nr == 500) | .name' null
t 'in text, too, by its number' eval "scmod status '$cgroup' | grep -qE '^  500  +500 '"
t 'left out of a dump, with a warning' says '(x86_64 500), as --format oci holds names only; under the profile they are refused' \
	scmod dump "$cgroup"
printf '{"format": "scmod-profile-2", "abis": [{"abi": "x86_64", "calls": [
	{"nr": 500, "state": "refuse", "errno": 22, "reasons": [{"kind": "file"}]},
	{"name": "read", "state": "allow", "reasons": [{"kind": "file"}]}]}]}' >"$dir/number"
t 'one that a profile refuses in its own way is told' says 'x86_64:500 returns EINVAL' \
	scmod enforce "$cgroup" --profile "$dir/number"
scmod off "$cgroup" >/dev/null

tap_end
