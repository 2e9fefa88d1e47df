#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A person can judge a profile: each call in it has a reason, and each reason names its
# evidence. Soft calls get ENOSYS; programs with a current C library start threads all
# the same.

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and jq expand later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d) || exit
cgroup=/sys/fs/cgroup/explain
mkdir "$cgroup" || exit
cleanup() {
	cgroup_end "$cgroup"
	rm -rf "$dir"
}
trap cleanup EXIT

python=$(readlink -f "$(command -v python3)")
holds() { [ "$(jq "$1" "$dir/json")" = true ] || { jq -c "${2:-.}" "$dir/json" | head -c 2000; return 1; }; }
# of CALL FILTER: whether FILTER is true of the explanation of the call.
of() {
	[ "$(jq --arg call "$1" --arg python "$python" \
		".calls[] | select(.abi == \"x86_64\" and .name == \$call) | $2" "$dir/json")" = true ] ||
		{ jq -c --arg call "$1" '.calls[] | select(.name == $call)' "$dir/json"; return 1; }
}
explained() { scmod explain "$@" --json >"$dir/json" 2>"$dir/notes"; }
anew() {
	cgroup_kill "$cgroup"
	wait
	scmod off "$cgroup"
	scmod forget "$cgroup"
} >/dev/null 2>&1
# run COMMAND...: starts it in the cgroup, and returns when it has written to $dir/up.
run() {
	rm -f "$dir/up"
	inside "$cgroup" "$@" >"$dir/out" 2>&1 &
	wait_for 60 test -e "$dir/up"
}
script='import sys, time
open(sys.argv[1], "w").close()
time.sleep(1000)'

# ---- learned from the start

t 'learning begins' scmod learn "$cgroup"
t 'a program runs' run python3 -c "$script" "$dir/up"
t 'its record is explained' explained "$cgroup"
t 'each call that is allowed has a reason' \
	holds '[.calls[] | select(.state == "allow") | .reasons | length > 0] | length > 60 and all'
t 'and each reason its evidence' holds '[.calls[].reasons[] |
	if .kind == "seen" then (.comm | length > 0) and .pid > 0 and (.first | test("Z$"))
	else .text | length > 10 end] | all' '.calls[].reasons'
t 'a call that was made: by whom' of execve 'any(.reasons[]; .kind == "seen")'
t 'a stand-in: for what' of open 'any(.reasons[]; .kind == "family" and (.text | test("^open, with openat: ")))'
t 'an import: which function of which file' \
	of chmod 'any(.reasons[]; .kind == "import" and (.text | contains("chmod, imported by " + $python)))'
t 'a lifeline' of restart_syscall 'any(.reasons[]; .kind == "lifeline")'
t 'a soft call: why' of openat2 '.state == "soft" and (.reasons[0].text | length > 10)'
t 'refused to infer: why, and the evidence' of chroot '.state == "silent" and
	any(.reasons[]; .kind == "never" and (.text | test("^mounts: ") and contains($python)))'
t 'dangerous calls are allowed by no reason' holds '[.calls[] | select(.state == "allow") | .name] as $all |
	["mount", "umount2", "pivot_root", "chroot", "ptrace", "bpf", "unshare", "setns", "keyctl",
	"init_module", "io_uring_setup", "perf_event_open", "process_vm_writev"] - $all | length == 13'
t 'one call alone' says 'x86_64:ptrace: refused' scmod explain "$cgroup" ptrace
t 'and why nothing adds it' says 'no rule adds it' scmod explain "$cgroup" vhangup
t 'without the cgroup, if there is one only' says 'x86_64:execve: allowed' scmod explain execve
t 'of another ABI' says 'i386:open: refused' scmod explain "$cgroup" i386:open
t 'no such call: usage' exits 2 scmod explain "$cgroup" nix
allowed() { jq -S '[.abis[0].calls[] | select(.state == "allow") | .name]' "$@"; }
for level in none family likely; do
	t "dump --infer $level" scmod dump "$cgroup" --infer "$level" --format json -o "$dir/$level"
	t "$level: each call in it has a reason" [ "$(jq '[.abis[].calls[] | .reasons | length > 0] | all' "$dir/$level")" = true ]
done
t 'each allows more than the one before' [ \
	"$(jq -n --slurpfile a <(allowed "$dir/none") --slurpfile b <(allowed "$dir/family") \
		--slurpfile c <(allowed "$dir/likely") \
		'$a[0] - $b[0] == [] and $b[0] - $c[0] == [] and ($b[0] - $a[0] | length > 10) and
		($c[0] - $b[0] | length > 5)')" = true ]
t 'the default is likely' cmp "$dir/likely" <(scmod dump "$cgroup" --format json 2>/dev/null)
t 'what is enforced is that' eval 'scmod enforce "$cgroup" >"$dir/enforced" && [ \
	"$(scmod status "$cgroup" --json | jq "[.policies[0].abis[0].allowed[].name] | length")" = \
	"$(allowed "$dir/likely" | jq length)" ]'
t 'a file is explained, too' says 'x86_64:chroot: refused' scmod explain "$dir/likely" chroot
t 'with the reasons that are in it' says 'never inferred: mounts: ' scmod explain "$dir/likely" chroot
t 'a second time, it is no more' eval 'scmod enforce "$cgroup" >/dev/null && [ \
	"$(scmod status "$cgroup" --json | jq "[.policies[0].abis[0].allowed[].name] | length")" = \
	"$(allowed "$dir/likely" | jq length)" ]'
anew

# ---- reasons last

# Of each call that is allowed, its reasons without times and numbers.
why() {
	scmod dump "${1:-$cgroup}" --infer none --format json 2>/dev/null |
		jq -S '[.abis[].calls[] | select(.state == "allow") | {(.name): [.reasons[] | {kind, text}]}] | add'
}
by_hand() { why | jq -c '[to_entries[] | select(any(.value[]; .kind == "allowed-by-hand")).key]'; }
verb() { scmod "$1" "$cgroup" "${@:2}" >/dev/null 2>&1; }
t 'learning begins for what is inferred' verb learn
t 'its program runs' run python3 -c "$script" "$dir/up"
t 'it is enforced' verb enforce
why >"$dir/why"
t 'what was inferred is not called allowed by hand' eval '[ "$(by_hand)" = "[]" ] && grep -q import "$dir/why"'
cgroup_kill "$cgroup"
for args in 'enforce --action kill --infer none' 'complain --infer none' off 'learn --infer none'; do
	t "the reasons are the same after $args, when its program is gone" \
		eval "verb $args && cmp '$dir/why' <(why)"
done
t 'nor after another enforce' eval 'verb enforce && [ "$(by_hand)" = "[]" ]'
t 'what is allowed by hand is told so, and no other' eval 'verb allow acct && [ "$(by_hand)" = "[\"acct\"]" ]'
t 'also when it is enforced again' eval 'verb enforce --infer none && [ "$(by_hand)" = "[\"acct\"]" ]'
why >"$dir/why"
id=$(scmod status "$cgroup" --json | jq '.policies[0].id')
rmdir "$cgroup"
t 'the record of a policy that waits for its cgroup has its reasons' cmp "$dir/why" <(why "$id")
mkdir "$cgroup"
t 'and so it has when the cgroup is there again' cmp "$dir/why" <(why)
rmdir "$cgroup"
t 'they are forgotten with it' eval 'scmod off "$id" && scmod forget "$id" && ! compgen -G "/run/scmod/$id-*"'
mkdir "$cgroup"
t 'learning begins for a profile' verb learn
inside "$cgroup" true
printf '%s\n' read write acct execve >"$dir/some.list"
t 'a profile is a reason' eval 'verb enforce --profile "$dir/some.list" &&
	why | jq -e ".acct | any(.kind == \"file\" and (.text | length > 0))"'
t 'also after complain' eval 'verb complain --infer none && [ "$(by_hand)" = "[]" ]'
t 'and after learn --profile' eval 'scmod forget "$cgroup" && verb learn --profile "$dir/some.list" &&
	why | jq -e ".acct | any(.kind == \"file\" and (.text | length > 0))"'
# Reasons are neither stored in nor read from a directory that other users can write to.
chmod 777 /run/scmod
t 'a folder that others can write to is not believed' eval 'by_hand | grep -w acct'
t 'nor written to, and it says so' says 'could not be kept in /run/scmod' \
	scmod enforce "$cgroup" --profile "$dir/some.list"
chmod 700 /run/scmod
anew

# ---- without programs to ask

t 'learning begins again' scmod learn "$cgroup"
inside "$cgroup" true
t 'nobody is there to be asked for imports, and it says so' \
	says 'no program runs in the cgroup now' scmod explain "$cgroup"
anew
t 'learning begins once more' scmod learn "$cgroup"
cp "$(command -v busybox)" "$dir/busybox"
t 'a static program runs' run "$dir/busybox" sh -c "echo >'$dir/up'; while :; do sleep 1; done"
t 'it shows no imports, and it says so' says "$dir/busybox is linked statically" scmod explain "$cgroup"
t 'its base is explained' says "base: libc, for $dir/busybox" scmod explain "$cgroup" mremap
anew
t 'a program runs that nobody watched' run python3 -c "$script" "$dir/up"
t 'learning begins with it' scmod learn "$cgroup"
t 'the record is called partial' says partial scmod explain "$cgroup"
t 'in JSON, too' eval 'explained "$cgroup" && holds .partial'
t 'what its start may have been is likely' says 'import' scmod explain "$cgroup" setgroups
anew

# ---- while a profile is made, its program does not stand still

# A call that it never made before, every so often; see unistd_64.h for which.
busy='import ctypes, sys, time
libc = ctypes.CDLL(None)
open(sys.argv[1], "w").close()
for nr in (140, 142, 143, 145, 146, 147, 148, 252, 27, 26, 73, 77, 81, 93, 118, 120, 121, 124,
           125, 187, 191, 192, 194, 195, 203, 204, 206, 207, 222, 223, 224, 225, 226, 236, 237,
           240, 241, 242, 243, 250, 251, 253, 254, 255, 258, 259, 260, 261, 265, 266):
    libc.syscall(nr, -1, -1, -1, -1, -1, -1)
    time.sleep(0.04)
time.sleep(1000)'
# The calls that were seen and are not allowed.
left_out() {
	scmod status "$cgroup" --json | jq -r \
		'.policies[0].abis[0] | ([.seen[].nr] - [.allowed[].nr] | map(tostring) | join(" "))'
}
for verb in enforce complain; do
	t "$verb: learning begins for a busy program" scmod learn "$cgroup"
	t "$verb: it runs" run python3 -c "$busy" "$dir/up"
	t "$verb is asked for meanwhile" scmod "$verb" "$cgroup"
	text=$(left_out)
	t "$verb: what was seen until then is allowed" [ -z "$text" ] || echo "# not allowed: $text"
	anew
done

# ---- what callers do without

threads='import threading, time
seen = []
jobs = [threading.Thread(target=lambda: seen.append(1)) for _ in range(4)]
for job in jobs: job.start()
for job in jobs: job.join()
print("threads", len(seen))'
errors='import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for nr in 435, 437, 153:
    ctypes.set_errno(0)
    print(nr, libc.syscall(nr, 0, 0, 0, 0), ctypes.get_errno())'
t 'learning begins for threads' scmod learn "$cgroup"
inside "$cgroup" python3 -c "$threads" >"$dir/out"
inside "$cgroup" python3 -c 'import ctypes' >>"$dir/out"
t 'a program starts threads by clone3' eval 'scmod status "$cgroup" --json |
	jq -e ".policies[0].abis[0].seen | any(.name == \"clone3\")"'
scmod dump "$cgroup" --format list 2>/dev/null | sed '/^clone3\b/d; /^openat2\b/d' >"$dir/list"
scmod off "$cgroup" >/dev/null && scmod forget "$cgroup" >/dev/null
t 'a profile without clone3 and openat2 is enforced' scmod enforce "$cgroup" --profile "$dir/list"
inside "$cgroup" python3 -c "$threads" >"$dir/out" 2>&1
t 'threads start under it' grep -qx 'threads 4' "$dir/out"
t 'clone3 was refused' eval 'scmod status "$cgroup" --json |
	jq -e ".policies[0].abis[0].denied | any(.name == \"clone3\")"'
inside "$cgroup" python3 -c "$errors" >"$dir/out" 2>&1
t 'clone3 returns ENOSYS' grep -qx '435 -1 38' "$dir/out"
t 'openat2 returns ENOSYS' grep -qx '437 -1 38' "$dir/out"
t 'vhangup, which nobody does without, EPERM' grep -qx '153 -1 1' "$dir/out"
t 'its refusals are explained' eval 'explained "$cgroup" && of clone3 ".state == \"soft\" and .denied.count > 0"'
anew

# ---- what is enforced is not what was learned

t 'learning begins for what is refused later' scmod learn "$cgroup"
inside "$cgroup" python3 -c "import ctypes, os; os.sync(); ctypes.CDLL(None).syscall(439, -1, 0, 0, 0)"
scmod dump "$cgroup" --format list 2>/dev/null | sed '/^faccessat2\b/d; /^sync\b/d' >"$dir/list"
jq -Rn '{defaultAction: "SCMP_ACT_ERRNO", syscalls: [
	{names: [inputs | select(startswith("#") | not) | split(" ")[0] | select(test("[:(]") | not)], action: "SCMP_ACT_ALLOW"},
	{names: ["openat2"], action: "SCMP_ACT_ERRNO", errnoRet: 13}]}' "$dir/list" >"$dir/hard"
t 'while it learns, both are allowed, for enforce would' eval 'explained "$cgroup" &&
	of sync ".state == \"allow\" and (has(\"why\") | not)" && of faccessat2 ".state == \"allow\""'
t 'a profile without them is enforced' scmod enforce "$cgroup" --profile "$dir/list"
t 'they are refused there' eval 'explained "$cgroup" && of sync ".state == \"silent\"" && of faccessat2 ".state == \"soft\""'
for call in sync faccessat2; do
	t "which is told: $call" of $call '(.why | contains("does not allow the call") and contains("scmod enforce"))'
	t 'with what speaks for it' of $call 'any(.reasons[]; .kind == "seen" and .comm == "python3")'
done
t 'in text, too' says 'x86_64:sync: refused
    the enforced policy does not allow the call' scmod explain "$cgroup" sync
t 'and of ENOSYS' says 'x86_64:faccessat2: refused with ENOSYS
    the enforced policy does not allow the call' scmod explain "$cgroup" faccessat2
t 'what it allows is allowed' eval 'of execve ".state == \"allow\" and (has(\"why\") | not)"'
t 'one is allowed by hand' scmod allow "$cgroup" sync
t 'and told as such' eval 'explained "$cgroup" && of sync ".state == \"allow\" and (has(\"why\") | not)"'
t 'a profile that refuses a soft call by name is enforced' scmod enforce "$cgroup" --profile "$dir/hard"
t 'that call returns no ENOSYS, and it says so' eval 'explained "$cgroup" &&
	of openat2 ".state == \"silent\" and (.why | contains(\"does not refuse the call with ENOSYS\"))"'
t 'as enforce would have it, it does' eval 'scmod complain "$cgroup" >/dev/null && explained "$cgroup" &&
	of openat2 ".state == \"soft\" and (has(\"why\") | not)"'

tap_end
