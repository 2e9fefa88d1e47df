#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Containers are learned and enforced from their first instruction, as their annotations say: by
# podman, with crun and runc, and by the runtimes alone, which take less time. The annotation of
# oci-seccomp-bpf-hook is understood as its own documentation and tests have it.
# SCMOD_TIMES: how many containers run at once, by podman (3) and by a runtime alone (8).
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
root=$dir/root made=$dir/made ran=$dir/ran
ko=$here/../build/$(uname -r)/scmod.ko
scmod=$(command -v scmod)
times=${SCMOD_TIMES:-3} boxes=${SCMOD_TIMES:-8}
podman=(podman --root "$dir/podman" --runroot "$dir/podman-run" --storage-driver vfs
	--cgroup-manager cgroupfs --events-backend none --hooks-dir "$dir/hooks")
mkdir -p "$root" "$dir/hooks" /sys/fs/cgroup/boxes && mount --bind / "$root" || exit
sed "s|@sbindir@/scmod|$scmod|" "$here/../ctl/oci/scmod.json.in" >"$dir/hooks/scmod.json" || exit

# What a system's log would get.
rm -f /dev/log
python3 -c 'import socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/dev/log")
out = open(sys.argv[1], "ab", 0)
while True: out.write(log.recv(65536) + b"\n")' "$dir/syslog" &
logger=$!

off_all() {
	{
		scmod status --json | jq -r '.policies[].id' | while read -r id; do scmod off "$id"; done
		scmod forget --all
	} >/dev/null 2>&1
}
cleanup() {
	{
		kill "$logger"
		"${podman[@]}" rm --all --force --time 0
		off_all
		umount "$root"
		rmdir /sys/fs/cgroup/boxes
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

# pod RUNTIME ANNOTATION... -- COMMAND...: by podman.
pod() {
	local runtime=$1 options=() err
	shift

	for (( ; ; )); do
		[ "$1" != -- ] || break
		options+=(--annotation "$1")
		shift
	done
	shift
	err=$(mktemp "$dir/err.XXXXXX")
	# Podman 4.3 may look for the socket of a container before it is there; nothing was started then.
	while "${podman[@]}" run --rm --runtime "$runtime" --network host --read-only --read-only-tmpfs=false \
		--volume "$dir:$dir:rw" "${options[@]}" --rootfs "$root" "$@" </dev/null 2>"$err"
		local status=$?
		[ "$status" != 0 ] && grep -q "failed to connect to container's attach socket" "$err"
	do :; done
	cat "$err"
	return "$status"
}

(cd "$dir" && runc spec) || exit
# box RUNTIME [ANNOTATION|seccomp=FILE]... -- COMMAND...: by the runtime alone, with the hook in
# the container's configuration.
box() {
	local runtime=$1 bundle annotations='{}' seccomp=null options=()
	shift

	bundle=$(mktemp -d "$dir/box.XXXXXX")
	while [ "$1" != -- ]; do
		case $1 in
		seccomp=*) seccomp=$(cat "${1#*=}") ;;
		*) annotations=$(jq -c --arg key "${1%%=*}" --arg value "${1#*=}" '.[$key] = $value' <<<"$annotations") ;;
		esac
		shift
	done
	shift
	jq --argjson annotations "$annotations" --argjson seccomp "$seccomp" --arg scmod "$scmod" \
		--arg root "$root" --arg dir "$dir" --arg name "${bundle##*.}" '
		.process.terminal = false | .process.args = $ARGS.positional | .root = { path: $root, readonly: true }
		| .mounts += [{ destination: $dir, source: $dir, type: "bind", options: ["rbind", "rw"] }]
		| .linux.cgroupsPath = "/boxes/" + $name | .linux.seccomp = $seccomp
		| .annotations = $annotations + { "run.oci.hooks.stderr": ($dir + "/stderr") }
		| .hooks = ({ path: $scmod, args: ["scmod", "oci-hook"], env: [] } | { prestart: [.], poststop: [.] })' \
		"$dir/config.json" --args -- "$@" >"$bundle/config.json" || return
	[ "$runtime" = runc ] || options=(--cgroup-manager="${manager:-cgroupfs}")
	"$runtime" "${options[@]}" run --bundle "$bundle" "box-${bundle##*.}" </dev/null
}
# refused BOX...: it does not get to make that directory.
refused() { ! quietly "$@" -- mkdir "$made" && [ ! -e "$made" ]; }
makes() { quietly "$@" -- mkdir "$made" && rmdir "$made"; }
# unstarted TEXT BOX...: the container is not started, and the log says why.
unstarted() {
	local text=$1
	shift

	! quietly "$@" -- touch "$ran" && [ ! -e "$ran" ] && logged "$text"
}

# ---- by podman

# What a runtime calls before it executes the container's program, and ls never does.
runtimes_own='mount umount2 pivot_root unshare setns sethostname mkdir'
learns() {
	local call

	wait_for 60 test -s "$1" || return
	for call in execve getdents64 openat exit_group; do
		has "$1" "$call" || { echo "no $call"; return 1; }
	done
	for call in $runtimes_own; do lacks "$1" "$call" || return; done
}
for runtime in crun runc; do
	t "podman, $runtime: a container with io.scmod.learn runs" quietly pod $runtime "io.scmod.learn=$dir/$runtime.json" -- ls /
	t "podman, $runtime: its profile has what it called, and not what the runtime did before" learns "$dir/$runtime.json"
done
t 'the policies are forgotten' forgotten
t 'runc has more of its own calls in the profile than crun' [ "$(names "$dir/runc.json" | wc -l)" -gt "$(names "$dir/crun.json" | wc -l)" ]
for ((i = 0; i <= times; i++)); do
	pod crun "io.containers.trace-syscall=of:$dir/once-$i.json" -- true >"$dir/out-$i" 2>&1 &
	pids[i]=$!
	# The first one is alone.
	[ "$i" -gt 0 ] || wait "${pids[0]}"
done
wait "${pids[@]}"
# equal PREFIX COUNT: the profiles 1 to COUNT are that of 0.
equal() {
	local i

	for ((i = 0; i <= $2; i++)); do
		wait_for 60 test -s "$dir/$1-$i.json" || { cat "$dir/out-$i"; return 1; }
		diff <(names "$dir/$1-0.json") <(names "$dir/$1-$i.json") || return
	done
}
t "$times short containers of podman at once: each profile is that of one alone" equal once "$times"
grep -vxE 'execve|pivot_root|mount' <(names "$dir/crun.json") >"$dir/ls.list"
t 'podman: what was not learned is refused' refused pod crun "io.scmod.enforce=$dir/ls.list"
t 'and logged' logged 'mkdir (83) was refused, 1 times, first by mkdir'

# ---- learn

for runtime in crun runc; do
	t "$runtime: a container alone is learned" quietly box $runtime "io.scmod.learn=$dir/box-$runtime.json" -- ls /
	t "$runtime: what it calls, and not what the runtime does before" learns "$dir/box-$runtime.json"
	t "$runtime: the profile is enough for the container" quietly box $runtime "seccomp=$dir/box-$runtime.json" -- ls /
	t "$runtime: and not for another one" refused box $runtime "seccomp=$dir/box-$runtime.json"
done

# A record of the cgroup from its beginning has all that the runtime called there, too.
scmod learn '/boxes/*' >/dev/null 2>&1
t 'a container in a learned cgroup runs' quietly box crun -- ls /
scmod dump '/boxes/*' --infer family --runtime crun -o "$dir/pattern.json" 2>/dev/null
t 'what was learned by the name of the cgroup has all of it' [ -z "$(comm -23 <(names "$dir/box-crun.json") <(names "$dir/pattern.json"))" ]
t 'and what the runtime called before' has "$dir/pattern.json" pivot_root
t 'where a policy is in force by its name, a container is not learned by its annotation' eval '
	quietly box crun "io.scmod.learn=$dir/not.json" -- ls / && [ ! -e "$dir/not.json" ] && logged "is in force in the container"'
t 'nor is one started that is to be enforced' unstarted 'so it must not start' box crun "io.scmod.enforce=$dir/ls.list"
off_all

for ((i = 0; i <= boxes; i++)); do
	box crun "io.scmod.learn=$dir/many-$i.json" -- true >"$dir/out-$i" 2>&1 &
	pids[i]=$!
	[ "$i" -gt 0 ] || wait "${pids[0]}"
done
wait "${pids[@]}"
t "$boxes short containers at once: each profile is that of one alone" equal many "$boxes"
t 'no policy is left of them' forgotten

# ---- the annotation of oci-seccomp-bpf-hook, as its tests use it

trace=io.containers.trace-syscall
t 'of: a profile is written, which can be used' eval '
	quietly box crun "$trace=of:$dir/of.json" -- ls / && quietly box crun "seccomp=$dir/of.json" -- ls /'
t 'what was not traced is refused' refused box crun "seccomp=$dir/of.json"
t 'if:;of: the profile of the input is extended' makes box crun "$trace=if:$dir/of.json;of:$dir/both.json"
t 'it is enough for what was traced first, and for what was traced then' eval '
	quietly box crun "seccomp=$dir/both.json" -- ls / && makes box crun "seccomp=$dir/both.json"'
cat >"$dir/block.json" <<'END'
{ "defaultAction": "SCMP_ACT_ERRNO", "architectures": [ "SCMP_ARCH_ARM" ],
  "syscalls": [ { "names": [ "mkdir" ], "action": "SCMP_ACT_ERRNO", "args": [],
                  "comment": "", "includes": {}, "excludes": {} } ] }
END
t 'of:;if: in this order, too, with blanks' makes box crun "$trace=of:$dir/blocked.json;if: $dir/block.json "
t 'a call that the input blocks is still blocked in the output' lacks "$dir/blocked.json" mkdir
t 'so it is refused' refused box crun "seccomp=$dir/blocked.json"
t 'what was learned holds on its own architecture, too' [ "$(jq -c .architectures "$dir/blocked.json")" = '["SCMP_ARCH_ARM","SCMP_ARCH_X86_64"]' ]
t 'the rest of the input is as it was' [ "$(jq -c '.syscalls[0]' "$dir/blocked.json")" = "$(jq -c '.syscalls[0]' "$dir/block.json")" ]
t "Podman's own profile, which has an archMap, gets no other architectures" eval '
	quietly box crun "$trace=if:/usr/share/containers/seccomp.json;of:$dir/podman.json" -- ls / &&
	jq -e ".archMap and (has(\"architectures\") | not)" "$dir/podman.json"'

# hook STATE: as a runtime runs it.
hook() { (cd / && env -i "$scmod" oci-hook <<<"$1"); }
mkdir /sys/fs/cgroup/held
inside /sys/fs/cgroup/held sleep 1000 >/dev/null 2>&1 &
wait_for 20 grep -q . /sys/fs/cgroup/held/cgroup.procs
held=$(</sys/fs/cgroup/held/cgroup.procs)
# state STATUS PID KEY VALUE
state() {
	jq -nc --arg status "$1" --argjson pid "$2" --arg key "$3" --arg value "$4" '{ociVersion: "1.0.0",
		id: "held", status: $status, pid: $pid, bundle: "/", annotations: {($key): $value}}'
}
echo '{ "syscalls": [' >"$dir/broken.json"
for bad in "if:$dir/of.json;if:$dir/of.json;of:$dir/x.json" "if:$dir/of.json" "if:of.json;of:$dir/x.json" \
	"if:$dir/of.json;of:x.json" "of:" "$dir/x.json" "if:/nonexistent.json;of:$dir/x.json" "if:$dir/broken.json;of:$dir/x.json"; do
	t "malformed: $bad" eval '! quietly hook "$(state creating $held $trace "$bad")" && none_left'
done
t 'then the container is not started, and the log says why' unstarted 'more than one semicolon' box crun "$trace=if:/a;if:/b;of:/c"
t 'an annotation that only looks like ours is an error' unstarted 'io.scmod.enforc' box crun "io.scmod.enforc=$dir/of.json"
t 'two modes are an error' fails 2 'asks for a mode already' hook "$(state creating $held io.scmod.learn "$dir/x" | jq -c --arg file "$dir/of.json" '.annotations["io.scmod.enforce"] = $file')"

# ---- enforce

grep -vxE 'openat|open' "$dir/ls.list" >"$dir/no-open.list"
for runtime in crun runc; do
	t "$runtime: a container is enforced, though its profile lacks what the runtime calls" quietly box $runtime "io.scmod.enforce=$dir/ls.list" -- ls /
	t "$runtime: what is not in the profile is refused" refused box $runtime "io.scmod.enforce=$dir/ls.list"
	t "$runtime: from the first instruction: not even its libraries are opened" says 'error while loading shared libraries' box $runtime "io.scmod.enforce=$dir/no-open.list" -- ls /
done
t 'complain refuses nothing' makes box crun "io.scmod.complain=$dir/ls.list"
t 'and tells what enforce would refuse' logged 'mkdir (83) was not allowed, 1 times, first by mkdir'
t 'without its profile, a container that is to be enforced is not started' unstarted 'so it must not start' box crun "io.scmod.enforce=$dir/none.json"
jq '.syscalls += [{ names: ["getppid"], action: "SCMP_ACT_ALLOW", args: [{ index: 3, value: 1, op: "SCMP_CMP_EQ" }] }]' \
	"$dir/box-crun.json" >"$dir/args.json"
t 'a profile with conditions that a policy cannot keep needs io.scmod.args' eval '
	! quietly box crun "io.scmod.enforce=$dir/args.json" -- ls / &&
	quietly box crun "io.scmod.enforce=$dir/args.json" io.scmod.args=widen -- ls /'
t "Podman's own profile can be enforced" quietly box crun io.scmod.enforce=/usr/share/containers/seccomp.json -- ls /
t 'nothing is left of those' forgotten

# ---- names

t 'a record gets a name' quietly box crun io.scmod.name=tools -- ls /
t 'another run adds to it' makes box crun io.scmod.name=tools
t 'the record is in a file' grep -q '"mkdir"' /var/lib/scmod/containers/tools.json
t 'by its name it is enforced' eval 'makes box crun io.scmod.enforce=tools && quietly box crun io.scmod.enforce=tools -- ls /'
t 'and refuses what is not in it' eval '! quietly box crun io.scmod.enforce=tools -- mkfifo "$made" && [ ! -e "$made" ]'
t 'a name without a record starts no container' unstarted 'nobody.json' box crun io.scmod.enforce=nobody
socket() { echo "import socket; socket.socket(socket.$1)"; }
t 'values of arguments are learned with it' quietly box crun io.scmod.name=sockets -- python3 -c "$(socket AF_UNIX)"
t 'and are in the file' grep -qF 'socket(AF_UNIX' /var/lib/scmod/containers/sockets.json
t 'those values are allowed' quietly box crun io.scmod.enforce=sockets -- python3 -c "$(socket AF_UNIX)"
t 'others are refused' says 'Address family not supported' box crun io.scmod.enforce=sockets -- python3 -c "$(socket AF_INET)"
t 'and logged' logged 'socket(AF_INET'
t 'io.scmod.keep keeps the policy' eval 'quietly box crun io.scmod.learn=true io.scmod.keep=true -- ls / &&
	scmod status --json | jq -e ".policies[0] | .gone and .counts.seen > 10 and (.partial | not)"'
off_all

# ---- what goes wrong

t 'a file that cannot be written does not stop the container' eval 'quietly box crun "io.scmod.learn=/proc/none/x.json" -- touch "$ran" && rm "$ran"'
t 'the log says so' logged '/proc/none/x.json'
t 'its policy is forgotten all the same' forgotten
manager=disabled
t 'a container without a cgroup of its own is not learned' eval 'quietly box crun "io.scmod.learn=$dir/x.json" -- ls / && logged "no cgroup of its own"'
t 'and not started, if it is to be enforced' unstarted 'so it must not start' box crun "io.scmod.enforce=$dir/ls.list"
manager=cgroupfs
t 'on standard error, too, a message says what is wrong' eval '! quietly box crun "io.scmod.enforce=/none.json" -- ls / && grep -q "oci-hook --profile /none.json: No such file" "$dir/stderr"'
t 'until its process executes a program, a container is not learned' eval 'hook "$(state creating $held io.scmod.learn "$dir/held.json")" && says "begins   when process $held executes a program" scmod status /held'
t 'scmod status --json has the process' eval '[ "$(scmod status /held --json | jq ".policies[0].from_exec")" = $held ]'
t 'if it never does, that is an error' fails 1 'never executed' hook "$(state stopped 0 io.scmod.learn "$dir/held.json")"
t 'and the policy is forgotten' forgotten
t 'a container that was not there at its start' fails 1 'no policy was made when the container started' hook "$(state stopped 0 io.scmod.learn "$dir/held.json")"
t 'what is no state' fails 1 'standard input' hook 'nothing'
t 'a state without an id' fails 1 'no id' hook '{"pid": 1, "status": "creating"}'
t 'an id with a path in it' fails 1 'no id' hook '{"id": "../x", "pid": 1, "status": "creating", "annotations": {"io.scmod.keep": "true"}}'
t 'annotations that ask for nothing do nothing' hook '{"id": "x", "pid": 1, "status": "creating", "annotations": {"io.podman.x": "y"}}'

# ---- without the module

rmmod scmod
t 'without the module a container is started, and not learned' eval 'quietly box crun "io.scmod.learn=$dir/x.json" -- ls / && logged "module is not loaded"'
t 'one that is to be enforced is not started' unstarted 'so it must not start' box crun "io.scmod.enforce=$dir/ls.list"
insmod "$ko" "hook=${SCMOD_HOOK:-auto}"

kill "$held"
cgroup_kill /sys/fs/cgroup/held
rmdir /sys/fs/cgroup/held
tap_end
