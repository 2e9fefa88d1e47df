#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Containers are learned and enforced from their first instruction, as their annotations say: by
# podman, with crun and runc, as it starts them; and by the runtimes alone. The annotation of
# oci-seccomp-bpf-hook is understood as its own documentation and tests have it.
# SCMOD_TIMES: how many containers run at once (5).
#
# vm: --mem 3072

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016,SC2034 # eval and other languages expand and use it later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d /tmp/oci.XXXXXX) || exit
chmod 755 "$dir"
root=$dir/root bundle=$dir/bundle
ko=$here/../build/$(uname -r)/scmod.ko
scmod=$(command -v scmod)
times=${SCMOD_TIMES:-5}
podman=(podman --root "$dir/podman" --runroot "$dir/podman-run" --storage-driver vfs
	--cgroup-manager cgroupfs --events-backend none --hooks-dir "$dir/hooks")
mkdir -p "$root" "$bundle" "$dir/hooks" && mount --bind / "$root" || exit
sed "s|@sbindir@/scmod|$scmod|" "$here/../ctl/oci/scmod.json.in" >"$dir/hooks/scmod.json" || exit

# What a system's log would get.
rm -f /dev/log
python3 -c 'import socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/dev/log")
out = open(sys.argv[1], "ab", 0)
while True: out.write(log.recv(65536) + b"\n")' "$dir/syslog" &
logger=$!

off_all() { scmod status --json | jq -r '.policies[].id' | while read -r id; do scmod off "$id"; done; }
cleanup() {
	{
		kill "$logger"
		"${podman[@]}" rm --all --force --time 0
		crun delete --force direct
		runc delete --force direct
		off_all
		scmod forget --all
		umount "$root"
		rm -rf /var/lib/scmod/containers /dev/log
		mountpoint -q "$root" || rm -rf "$dir"
	} >/dev/null 2>&1
}
trap cleanup EXIT

logged() { wait_for 20 grep -qF -- "$1" "$dir/syslog" || { echo "no '$1' in:"; tail -n 5 "$dir/syslog"; return 1; }; }
none_left() { [ "$(scmod status --json | jq '.policies | length')" = 0 ] && [ -z "$(ls /run/scmod/oci 2>/dev/null)" ]; }
forgotten() { wait_for 20 none_left || { scmod status; ls /run/scmod/oci; return 1; }; }
# The names that a profile allows.
names() { jq -r '[.syscalls[] | select(.action == "SCMP_ACT_ALLOW") | .names[]] | sort | unique | .[]' "$1"; }
has() { names "$1" | grep -qx "$2"; }
lacks() { ! has "$1" "$2" || { echo "$1 has $2"; return 1; }; }

# pod RUNTIME OPTION... -- COMMAND...
pod() {
	local runtime=$1 options=()
	shift

	while [ "$1" != -- ]; do
		case $1 in
		io.*=*) options+=(--annotation "$1") ;;
		*) options+=("$1") ;;
		esac
		shift
	done
	shift
	"${podman[@]}" run --rm --runtime "$runtime" --network host --read-only --read-only-tmpfs=false \
		--volume "$dir:$dir:rw" "${options[@]}" --rootfs "$root" "$@" </dev/null
}

# ---- learn

# What a runtime calls before it executes the container's program, and ls never does.
runtimes_own='mount umount2 pivot_root unshare setns sethostname mkdir'
learns() {
	local runtime=$1 call

	for call in execve getdents64 openat exit_group; do
		has "$dir/$runtime.json" "$call" || { echo "no $call"; return 1; }
	done
	for call in $runtimes_own; do lacks "$dir/$runtime.json" "$call" || return; done
}
for runtime in crun runc; do
	t "$runtime: a container with io.scmod.learn runs" quietly pod $runtime "io.scmod.learn=$dir/$runtime.json" -- ls /
	t "$runtime: then the profile is there" wait_for 20 test -s "$dir/$runtime.json"
	t "$runtime: with what the program called, and without what only the runtime did" learns $runtime
	t "$runtime: the policy is forgotten" forgotten
	t "$runtime: the profile is enough for the container" quietly pod $runtime --security-opt "seccomp=$dir/$runtime.json" -- ls /
	t "$runtime: and not for another one" eval '! quietly pod '$runtime' --security-opt "seccomp=$dir/'$runtime'.json" -- mkdir "$dir/made" && [ ! -e "$dir/made" ]'
done
t 'runc has more of its own calls in the profile than crun' [ "$(names "$dir/runc.json" | wc -l)" -gt "$(names "$dir/crun.json" | wc -l)" ]

# A record of the cgroup from its beginning has all that the runtime called there, too.
scmod learn '/libpod_parent/libpod-*' >/dev/null 2>&1
t 'a container in a learned cgroup runs' quietly pod crun -- ls /
scmod dump '/libpod_parent/libpod-*' --infer family --runtime crun -o "$dir/pattern.json" 2>/dev/null
t 'what was learned by the name of the cgroup has all of it' [ -z "$(comm -23 <(names "$dir/crun.json") <(names "$dir/pattern.json"))" ]
t 'and what the runtime called before' has "$dir/pattern.json" pivot_root
t 'where a policy is in force by its name, a container is not learned by its annotation' eval '
	quietly pod crun "io.scmod.learn=$dir/not.json" -- ls / && [ ! -e "$dir/not.json" ] && logged "is in force in the container"'
t 'nor is one started that is to be enforced' eval '! quietly pod crun "io.scmod.enforce=$dir/crun.json" -- ls /'
{ off_all; scmod forget --all; } >/dev/null 2>&1

# ---- several at once

for ((i = 0; i < times; i++)); do
	pod crun "io.scmod.learn=$dir/once-$i.json" -- true >"$dir/out-$i" 2>&1 &
	pids[i]=$!
done
wait "${pids[@]}"
pod crun "io.scmod.learn=$dir/alone.json" -- true >/dev/null 2>&1
equal() {
	local i

	[ -s "$dir/alone.json" ] || return
	for ((i = 0; i < times; i++)); do
		wait_for 20 test -s "$dir/once-$i.json" || { cat "$dir/out-$i"; return 1; }
		diff <(names "$dir/alone.json") <(names "$dir/once-$i.json") || return
	done
}
t "$times short containers at once: each profile is that of one alone" equal
t 'no policy is left of them' forgotten

# ---- the annotation of oci-seccomp-bpf-hook, as its tests use it

trace=io.containers.trace-syscall
t 'of: a profile is written' eval 'quietly pod crun "$trace=of:$dir/of.json" -- ls / && wait_for 20 test -s "$dir/of.json"'
t 'it can be used' quietly pod crun --security-opt "seccomp=$dir/of.json" -- ls /
t 'what was not traced is refused' eval '! quietly pod crun --security-opt "seccomp=$dir/of.json" -- mkdir "$dir/made"'
t 'if:;of: the profile of the input is extended' eval '
	quietly pod crun "$trace=if:$dir/of.json;of:$dir/both.json" -- mkdir "$dir/made" && wait_for 20 test -s "$dir/both.json"'
t 'it is enough for what was traced first' quietly pod crun --security-opt "seccomp=$dir/both.json" -- ls /
t 'and for what was traced then' quietly pod crun --security-opt "seccomp=$dir/both.json" -- rmdir "$dir/made" || rmdir "$dir/made"
rm -rf "$dir/made"
t 'mkdir too' eval 'quietly pod crun --security-opt "seccomp=$dir/both.json" -- mkdir "$dir/made"; rmdir "$dir/made"'
cat >"$dir/block.json" <<'END'
{ "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [ { "names": [ "mkdir" ], "action": "SCMP_ACT_ERRNO", "args": [],
                  "comment": "", "includes": {}, "excludes": {} } ] }
END
t 'of:;if: in this order, too' eval '
	quietly pod crun "$trace=of:$dir/blocked.json;if: $dir/block.json " -- mkdir "$dir/made" && wait_for 20 test -s "$dir/blocked.json"; rmdir "$dir/made"'
t 'a call that the input blocks is still blocked in the output' lacks "$dir/blocked.json" mkdir
t 'so it is refused' eval '! quietly pod crun --security-opt "seccomp=$dir/blocked.json" -- mkdir "$dir/made" && [ ! -e "$dir/made" ]'
t 'the rest of the input is as it was' eval '[ "$(jq -c ".syscalls[0]" "$dir/blocked.json")" = "$(jq -c ".syscalls[0]" "$dir/block.json")" ]'
echo '{ "syscalls": [' >"$dir/broken.json"
for bad in "if:$dir/of.json;if:$dir/of.json;of:$dir/x.json" "if:$dir/of.json" "if:of.json;of:$dir/x.json" \
	"if:$dir/of.json;of:x.json" "of:" "$dir/x.json" "if:/nonexistent.json;of:$dir/x.json" "if:$dir/broken.json;of:$dir/x.json"; do
	t "malformed, so the container is not started: $bad" eval '! quietly pod crun "$trace=$bad" -- touch "$dir/ran" && [ ! -e "$dir/ran" ]'
done
t 'the log says why' logged 'more than one semicolon'
t 'an annotation that only looks like ours is an error' eval '! quietly pod crun "io.scmod.enforc=$dir/of.json" -- touch "$dir/ran" && [ ! -e "$dir/ran" ] && logged "io.scmod.enforc"'
t 'two modes are an error' eval '! quietly pod crun "io.scmod.enforce=$dir/of.json" "io.scmod.learn=$dir/x.json" -- touch "$dir/ran" && [ ! -e "$dir/ran" ]'

# ---- enforce

names "$dir/of.json" | grep -vxE 'execve|pivot_root|mount' >"$dir/ls.list"
for runtime in crun runc; do
	t "$runtime: a container is enforced, though its profile lacks what the runtime calls" quietly pod $runtime "io.scmod.enforce=$dir/ls.list" -- ls /
	t "$runtime: what is not in the profile is refused" eval '! quietly pod '$runtime' "io.scmod.enforce=$dir/ls.list" -- mkdir "$dir/made" && [ ! -e "$dir/made" ]'
	t "$runtime: and logged" logged 'mkdir (83) was refused, 1 times, first by mkdir'
	grep -vxE 'openat|open' "$dir/ls.list" >"$dir/no-open.list"
	t "$runtime: from the first instruction: not even its libraries are opened" says 'error while loading shared libraries' pod $runtime "io.scmod.enforce=$dir/no-open.list" -- ls /
	t "$runtime: the policies are forgotten" forgotten
done
t 'complain refuses nothing' eval 'quietly pod crun "io.scmod.complain=$dir/ls.list" -- mkdir "$dir/made"; rmdir "$dir/made"'
t 'and tells what enforce would refuse' logged 'mkdir (83) was not allowed, 1 times, first by mkdir'
t 'without its profile, a container that is to be enforced is not started' eval '
	! quietly pod crun "io.scmod.enforce=$dir/none.json" -- touch "$dir/ran" && [ ! -e "$dir/ran" ] && logged "so it must not start"'
t 'a profile that checks arguments needs io.scmod.args' eval '
	! quietly pod crun io.scmod.enforce=/usr/share/containers/seccomp.json -- ls / && quietly pod crun io.scmod.enforce=/usr/share/containers/seccomp.json io.scmod.args=widen -- ls /'
t 'nothing is left of those either' forgotten

# ---- names

t 'a record gets a name' quietly pod crun io.scmod.name=tools -- ls /
t 'another run adds to it' eval 'quietly pod crun io.scmod.name=tools -- mkdir "$dir/made"; rmdir "$dir/made"'
t 'the record is in a file' wait_for 20 grep -q '"mkdir"' /var/lib/scmod/containers/tools.json
t 'by its name it is enforced' eval 'quietly pod crun io.scmod.enforce=tools -- mkdir "$dir/made" && quietly pod crun io.scmod.enforce=tools -- ls /; rmdir "$dir/made"'
t 'and refuses what is not in it' eval '! quietly pod crun io.scmod.enforce=tools -- chroot / true'
t 'a name without a record starts no container' eval '! quietly pod crun io.scmod.enforce=nobody -- ls /'
t 'values of arguments are learned with it' quietly pod crun io.scmod.name=sockets -- python3 -c 'import socket; socket.socket(socket.AF_UNIX)'
t 'and are in the file' wait_for 20 grep -qF 'socket(AF_UNIX' /var/lib/scmod/containers/sockets.json
t 'those values are allowed' quietly pod crun io.scmod.enforce=sockets -- python3 -c 'import socket; socket.socket(socket.AF_UNIX)'
t 'others are refused' says 'Operation not permitted' pod crun io.scmod.enforce=sockets -- python3 -c 'import socket; socket.socket(socket.AF_INET)'
t 'and logged' logged 'socket(AF_INET'
t 'io.scmod.keep keeps the policy' eval 'quietly pod crun io.scmod.learn=true io.scmod.keep=true -- ls / && wait_for 20 eval "scmod status --json | jq -e \".policies[0] | .gone and .counts.seen > 10 and (.partial | not)\""'
scmod forget --all >/dev/null

# ---- what goes wrong

t 'a file that cannot be written does not stop the container' eval 'quietly pod crun "io.scmod.learn=/proc/none/x.json" -- touch "$dir/ran" && rm "$dir/ran"'
t 'the log says so' logged '/proc/none/x.json'
t 'its policy is forgotten all the same' forgotten
t 'a container without a cgroup of its own is not learned' eval 'quietly pod crun --cgroups=disabled "io.scmod.learn=$dir/x.json" -- ls / && logged "no cgroup of its own"'
t 'and not started, if it is to be enforced' eval '! quietly pod crun --cgroups=disabled "io.scmod.enforce=$dir/ls.list" -- touch "$dir/ran" && [ ! -e "$dir/ran" ]'

# ---- a runtime alone

# direct RUNTIME ANNOTATION COMMAND: with the hook in the bundle's configuration.
direct() {
	local runtime=$1 key=${2%%=*} value=${2#*=} options=()
	shift 2

	mkdir -p "$bundle/rootfs" && { mountpoint -q "$bundle/rootfs" || mount --bind / "$bundle/rootfs"; } || return
	(cd "$bundle" && rm -f config.json && "$runtime" spec) && jq --arg key "$key" --arg value "$value" --arg scmod "$scmod" --arg err "$dir/stderr" '
		.process.terminal = false | .process.args = $ARGS.positional | .root.readonly = true
		| .linux.cgroupsPath = "/direct/x" | .annotations = { ($key): $value, "run.oci.hooks.stderr": $err }
		| .hooks = ({ path: $scmod, args: ["scmod", "oci-hook"], env: [] } | { prestart: [.], poststop: [.] })' \
		"$bundle/config.json" --args "$@" >"$bundle/new" && mv "$bundle/new" "$bundle/config.json" || return
	[ "$runtime" = runc ] || options=(--cgroup-manager=cgroupfs)
	: >"$dir/stderr"
	"$runtime" "${options[@]}" run --bundle "$bundle" direct </dev/null
}
for runtime in crun runc; do
	t "$runtime alone: learn" eval 'quietly direct '$runtime' "io.scmod.learn=$dir/direct.json" ls / && wait_for 20 test -s "$dir/direct.json"'
	t "$runtime alone: enforce" says 'Operation not permitted' direct $runtime "io.scmod.enforce=$dir/ls.list" mkdir /tmp/x
	rm -f "$dir/direct.json"
done
t 'on standard error, too, a message says what is wrong' eval '! quietly direct crun "io.scmod.enforce=/none.json" ls / && says "oci-hook --profile /none.json: No such file" cat "$dir/stderr"'
umount "$bundle/rootfs"
t 'nothing is left' forgotten

# hook STATE: as a runtime runs it.
hook() { (cd / && env -i "$scmod" oci-hook <<<"$1"); }
mkdir /sys/fs/cgroup/held
inside /sys/fs/cgroup/held sleep 1000 >/dev/null 2>&1 &
held=$!
wait_for 20 grep -q . /sys/fs/cgroup/held/cgroup.procs
state() { jq -nc --arg status "$1" --argjson pid "$2" --arg file "$dir/held.json" '{ociVersion: "1.0.0", id: "held", status: $status, pid: $pid, bundle: "/", annotations: {"io.scmod.learn": $file}}'; }
t 'until its process executes a program, a container is not learned' eval 'hook "$(state creating $held)" 2>/dev/null && says "begins   when process $held executes a program" scmod status /held'
t 'scmod status --json has the process' eval '[ "$(scmod status /held --json | jq ".policies[0].from_exec")" = $held ]'
t 'if it never does, that is an error' fails 1 'never executed' hook "$(state stopped 0)"
t 'and the policy is forgotten' forgotten
t 'a container that was not there at its start' fails 1 'no policy was made when the container started' hook "$(state stopped 0)"
t 'what is no state' fails 1 'standard input' hook 'nothing'
t 'a state without an id' fails 1 'no id' hook '{"pid": 1, "status": "creating"}'
t 'an id with a path in it' fails 1 'no id' hook '{"id": "../x", "pid": 1, "status": "creating", "annotations": {"io.scmod.keep": "true"}}'
t 'annotations that ask for nothing do nothing' hook '{"id": "x", "pid": 1, "status": "creating", "annotations": {"io.podman.x": "y"}}'

# ---- without the module

rmmod scmod
t 'without the module a container is started, and not learned' eval 'quietly pod crun "io.scmod.learn=$dir/x.json" -- ls / && logged "module is not loaded"'
t 'one that is to be enforced is not started' eval '! quietly pod crun "io.scmod.enforce=$dir/ls.list" -- touch "$dir/ran" && [ ! -e "$dir/ran" ]'
insmod "$ko" "hook=${SCMOD_HOOK:-auto}"

kill "$held"
cgroup_kill /sys/fs/cgroup/held
rmdir /sys/fs/cgroup/held
tap_end
