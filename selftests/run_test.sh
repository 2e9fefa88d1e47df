#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# scmod run: which calls of a command are learned and refused, how the command ends, and that no
# cgroup is left. SCMOD_ROUNDS: the number of runs one after the other.
#
# vm: --mem 2048

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and other languages expand later

set -u
here=$(cd "$(dirname "$0")" && pwd) || exit
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d) || exit
chmod 755 "$dir"
# Where others than root may execute it, too.
caller=$dir/caller64
install -m 755 "$here/../build/selftests/caller64" "$caller" || exit
rounds=${SCMOD_ROUNDS:-30}
cleanup() {
	{
		scmod status --json | jq -r '.policies[].id' | while read -r id; do scmod off "$id"; done
		scmod forget --all
		rm -rf "$dir"
	} >/dev/null 2>&1
}
trap cleanup EXIT

run() { scmod run "$@" 2>"$dir/said" </dev/null; }
seen() { scmod status "$1" --json 2>/dev/null | jq -r '[.policies[0].abis[0].seen[].name] | join(" ")'; }
has() { local got; got=$(scmod status "$2" --json | jq -r ".policies[0] | $1"); [ "$got" = "$3" ] || { echo "'$got', not '$3'"; return 1; }; }
nothing_left() { [ ! -e /sys/fs/cgroup/scmod.run ] || { find /sys/fs/cgroup/scmod.run -type d; return 1; }; }
end() { scmod forget --all >/dev/null; }
outputs() { local want=$1 got; shift; got=$("$@" 2>"$dir/said" </dev/null); [ "$got" = "$want" ] || { echo "'$got', not '$want'"; cat "$dir/said"; return 1; }; }

# ---- what is learned

t 'a command is run' run --name bare -- "$caller" any 39
t 'the record has its execve and its own calls, and no other' [ "$(seen run:bare)" = 'getpid execve exit_group' ]
t 'its start was seen' has .partial run:bare false
t 'the policy is off, and waits' has '[.mode, .waiting] | map(tostring) | join(" ")' run:bare 'off true'
t 'run prints the name of the record' grep -qF 'run bare: 3 calls were seen, 0 denied; the record is run:bare' "$dir/said"
t 'no cgroup is left' nothing_left
t 'the name without run: names the record, too' has .path bare /scmod.run/bare
t 'status shows the name' says '/scmod.run/bare  run:bare' scmod status
t 'run again, its record goes on' eval 'run --name bare --learn -- "$caller" any 102 && [ "$(seen bare)" = "getpid execve getuid exit_group" ]'
t 'dump writes it' eval 'scmod dump run:bare --infer none --format list -o "$dir/bare" 2>/dev/null && grep -qx getuid "$dir/bare"'
t 'with --user, too, the first call is execve' eval 'run --name user --user nobody -- "$caller" any 39 && [ "$(seen user)" = "getpid execve exit_group" ]'
t 'without --name the run has the name of the program' eval 'run -- "$caller" any 39 && has .path run:caller64 /scmod.run/caller64'
t 'options behind -- are the command'\''s' outputs '--json' run -- echo --json
t 'without -- an option of the command is refused' fails 2 "no option is named '--port'" scmod run redis-server --port 7000
end

# ---- how it ends

t 'the exit status is that of the command' exits 7 run -- sh -c 'exit 7'
t 'after a signal the shell sees status 128 + signal' eval 'run -- sh -c "kill -KILL \$\$"; [ $? = 137 ]'
t 'scmod ends itself by the same signal' perl -e 'system("scmod", "run", "-q", "--", "sh", "-c", "kill -TERM \$\$"); exit(($? & 127) != 15)'
t 'a command that does not exist' exits 127 run -- no-such-command
t 'the error is one line' eval 'grep -qF "scmod: run no-such-command: can'\''t be executed: No such file or directory" "$dir/said"'
: >"$dir/plain"
t 'one that is not executable' exits 126 run -- "$dir/plain"
t 'no cgroup is left of those' nothing_left
t 'and no record' eval '! scmod status run:no-such-command && ! scmod status run:plain'
t 'a user who does not exist' exits 125 run --user no-such-user -- true
t 'a name that is not valid' exits 125 run --name a/b -- true
t 'a profile that does not exist' exits 125 run --enforce "$dir/none" -- true
t 'no cgroup is left of these either' nothing_left
scmod run -q -- perl -e '$SIG{TERM} = sub { exit 9 }; $| = 1; print "ready\n"; sleep 100 while 1' >"$dir/out" 2>"$dir/said" &
pid=$!
wait_for 60 grep -q ready "$dir/out"
kill "$pid"
wait "$pid"
t 'SIGTERM is forwarded to the command' [ $? = 9 ]
t 'processes that the command leaves behind are killed' eval 'run -- sh -c "sleep 1000 & sleep 1000 & exit 3"; [ $? = 3 ] && ! pgrep -x sleep'
t 'and reported' grep -q '2 processes were left in the cgroup, and were ended' "$dir/said"
t 'no cgroup is left of it' nothing_left
t 'signals that were ignored still are' outputs ignored eval '(trap "" HUP; run -- perl -e "kill HUP => \$\$; print q(ignored)")'
t 'the command has the standard streams of the caller' outputs text eval 'echo text | scmod run -q -- cat'
t 'JSON follows the output of the command' eval 'scmod run --json -q --name one -- echo text >"$dir/out" && [ "$(head -n 1 "$dir/out")" = text ] &&
	sed 1d "$dir/out" | jq -se ".[0] | .name == \"one\" and .status == 0 and .seen > 5 and .refused == []"'
end

# ---- what the command can't do

t 'it is in its cgroup' outputs '0::/scmod.run/inside' run --name inside -- grep ^0 /proc/self/cgroup
t 'root can not write to its cgroup' eval '! run -- sh -c "echo 0 >/sys/fs/cgroup/cgroup.procs" && grep -q "Read-only" "$dir/said"'
t 'others still can' eval 'mkdir /sys/fs/cgroup/writable && rmdir /sys/fs/cgroup/writable'
t 'with --user, all user and group ids are those of the user' outputs "$(printf '%s\t' Uid: 65534 65534 65534; echo 65534; printf '%s\t' Gid: 65534 65534 65534; echo 65534)" \
	run --user nobody -- grep -E '^[UG]id' /proc/self/status
t 'with --user, there are no capabilities' outputs "$(for set in Inh Prm Eff Amb; do printf 'Cap%s:\t%s\n' $set 0000000000000000; done)" \
	run --user nobody -- grep -E '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status
t 'with --user, no_new_privs is set' outputs "$(printf 'NoNewPrivs:\t1')" run --user nobody -- grep NoNewPrivs /proc/self/status
t 'with --user, the environment has the name of the user' outputs nobody run --user nobody -- sh -c 'echo "$USER"'
printf '#!/bin/sh\necho ran\n' >"$dir/mine"
chmod 700 "$dir/mine"
t 'a program that the user may not execute is not executed' exits 126 run --user nobody -- "$dir/mine"
t 'the command inherits no descriptor of the cgroup' eval '! run -- ls -l /proc/self/fd | grep -F cgroup'
end

# ---- enforce and complain

printf '%s\n' execve getpid >"$dir/list"
t 'calls that the profile allows are made' run --enforce "$dir/list" --name held -- "$caller" any 39
t 'other calls are refused' exits 0 run --enforce "$dir/list" --name held -- "$caller" -1 102 102 104
t 'refused calls are named, with what allows them' eval '
	grep -qF "run held: getuid was refused 2 times; '\''scmod allow /scmod.run/held getuid'\'' allows it" "$dir/said" && grep -q "getgid was refused 1 time;" "$dir/said"'
t 'in JSON, too' eval 'scmod run --json -q --enforce "$dir/list" --name held -- "$caller" any 102 | jq -se "
	.[0] | .mode == \"enforce\" and any(.refused[]; .name == \"getuid\" and .do == \"scmod allow /scmod.run/held getuid\")"'
t 'that command works' eval 'scmod allow /scmod.run/held getuid && scmod dump run:held --format list -o "$dir/list2" 2>/dev/null && grep -q "^getuid " "$dir/list2"'
t 'under the dumped profile the call is made' run --enforce "$dir/list2" --name held -- "$caller" 0 102
t 'the module can be unloaded: nothing is enforced' [ "$(awk '$1 == "scmod" { print $3 }' /proc/modules)" = 0 ]
echo getpid >"$dir/none"
t 'a profile that refuses execve' exits 126 run --enforce "$dir/none" --name shut -- true
t 'says what to check' grep -q 'whether the profile allows execve' "$dir/said"
run --name tried -- "$caller" any 39
# sync() needs no arguments, and is not inferred of such a program.
t 'complain refuses nothing' exits 0 run --complain --name tried -- "$caller" 0 162
t 'and reports the calls that enforce would refuse' eval 'grep -q "run tried: sync was not allowed 1 time;" "$dir/said"'
t 'two modes are one too many' fails 2 'a run has one mode' scmod run --learn --complain -- true
t 'in an enforced cgroup, scmod run fails' eval '
	mkdir /sys/fs/cgroup/caged && { scmod learn /sys/fs/cgroup/caged && inside /sys/fs/cgroup/caged scmod run -- true; scmod enforce /sys/fs/cgroup/caged; } >/dev/null 2>&1
	! inside /sys/fs/cgroup/caged scmod run --name more -- true; ret=$?; scmod off /sys/fs/cgroup/caged; rmdir /sys/fs/cgroup/caged; [ "$ret" = 0 ] && nothing_left'
end

# ---- many

for _ in $(seq "$rounds"); do scmod run -q -- true || exit; done
t "$rounds runs leave no cgroup behind" nothing_left
t 'and one record' [ "$(scmod status --json | jq '.policies | length')" = 1 ]
all_eight() { [ "$(find /sys/fs/cgroup/scmod.run -mindepth 1 -type d | wc -l)" -eq 8 ]; }
many() {
	local pids=() ret=0

	for _ in {1..8}; do
		scmod run -q -- sh -c "until [ -e '$dir/go' ]; do sleep 0.1; done" &
		pids+=($!)
	done
	wait_for 60 all_eight || ret=1
	touch "$dir/go"
	for pid in "${pids[@]}"; do wait "$pid" || ret=1; done
	return "$ret"
}
t 'eight of one name at a time' many
t 'have a record each' eval '[ "$(scmod status --json | jq -r ".policies[].path" | grep -c "^/scmod.run/sh")" -eq 8 ]'
t 'and leave no cgroup behind' nothing_left
scmod run -q --name taken -- sleep 100 &
wait_for 30 grep -q . /sys/fs/cgroup/scmod.run/taken/cgroup.procs
t 'a name that is taken is not given again' exits 125 run --name taken -- true
kill $!
wait
end

# ---- on a terminal

terminal() { "$here/terminal" 30 100 "$@"; }
t 'the command has the terminal, and its size' terminal '?30 100' -- scmod run -q -- stty size
t 'the command gets a new size of the terminal' terminal '?ready' =40x120 '?size 40 120' '\x03' '?ended' -- scmod run -q -- sh -c '
	trap "stty size | sed s/^/size\ /" WINCH; trap "echo ended; exit 0" INT; echo ready; while :; do sleep 0.2; done'
t 'Ctrl-C ends the command as without scmod' exits 130 terminal '?ready' '\x03' -- scmod run -q -- sh -c 'echo ready; exec sleep 100'
# The shell starts no program: while it waits in vfork(), it can't be stopped.
t 'Ctrl-Z stops the command, and fg continues it' terminal '?$ ' 'scmod run -q -- sh -c "echo rea\\dy; read x; echo do\\ne"\n' '?ready' '\x1a' '?Stopped' \
	'jobs\n' '?Stopped' 'fg\n' '?read x' '\n' '?done' '?$ ' 'exit\n' -- env PS1='$ ' bash --norc -i
t 'a shell in it has job control' terminal '?out$ ' 'PS1=in\\$\\  scmod run -q -- bash --norc -i\n' '?in$ ' 'sh -c "echo g\\o; exec sleep 100"\n' '?go' '\x1a' '?Stopped' 'kill %1\n' \
	'?in$ ' 'suspend\n' '?Stopped' '?out$ ' 'fg\n' 'echo ba\\ck\n' '?back' 'exit\n' '?out$ ' 'exit\n' -- env PS1='out$ ' bash --norc -i
t 'no cgroup is left of these' nothing_left

tap_end
