#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container that was attached to while it ran is enforced, and takes an exec all the same: the
# runtime's own calls are allowed with --runtime, with no_new_privs and without.

# shellcheck disable=SC2317 # functions are called through t

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"
# shellcheck source=selftests/runtime.sh
. "$here/runtime.sh"

dir=$(mktemp -d) || exit
cgroup=/sys/fs/cgroup/exec
mkdir "$cgroup" "$dir/rootfs" && chmod 755 "$dir" && programs "$dir/rootfs" || exit
cleanup() {
	run delete --force web >/dev/null 2>&1
	cgroup_end "$cgroup"
	rm -rf "$dir"
}
trap cleanup EXIT

runtime=crun
run() {
	case $runtime in
	crun) crun --cgroup-manager=cgroupfs "$@" ;;
	*) "$runtime" "$@" ;;
	esac
}
starts() {
	bundle_config "$dir/spec" stay "$1" /exec/web >"$dir/config.json" &&
		quietly run run --detach --bundle "$dir" web
}
answers() { scmod enforce "$cgroup" "${@:2}" >/dev/null 2>&1 && quietly run exec web "/$1"; }
why() {
	scmod explain "$cgroup" --json 2>/dev/null | jq -e --arg name "$1" \
		'first(.calls[] | select(.abi == "x86_64" and .name == $name)) | .state == "allow" and any(.reasons[]; .kind == "runtime")' >/dev/null
}

for runtime in crun runc; do
	(cd "$dir" && rm -f config.json && "$runtime" spec && mv config.json spec)
	for way in new_privs no_new_privs; do
		t "$runtime, $way: a container runs" starts "$way"
		t 'it is attached to' quietly scmod learn "$cgroup"
		t 'without --runtime, it takes no exec' eval '! answers end >/dev/null 2>&1'
		t 'with --runtime, it takes one' answers end --runtime "$runtime"
		t 'also once more, under the policy as it is' quietly run exec web /end
		t 'and so it does with all versions of both' answers end --runtime any
		t 'the reason is the runtime' why close
		t 'also under kill' answers end --runtime any --action kill
		t 'what starts containers only is refused' eval '! scmod explain "$cgroup" mount 2>/dev/null | grep -q ": allowed"'
		scmod learn "$runtime:web" >/dev/null
		t 'without --runtime, a note says what does not work' says "commands can't be executed in this container" scmod enforce "$runtime:web"
		t 'and how it would' says "'--runtime $runtime' allows them" scmod enforce "$runtime:web"
		t 'with it, there is no note' says_not "commands can't be executed" scmod enforce "$runtime:web" --runtime "$runtime"
		scmod off "$runtime:web" >/dev/null && scmod forget "$runtime:web" >/dev/null
		run delete --force web >/dev/null 2>&1
		scmod off "$cgroup" >/dev/null
		scmod forget "$cgroup" >/dev/null
	done
done
t 'crun enters namespaces, which is never inferred unasked' eval '
	grep -q "^crun .*live_exec:.* setns(0)" "$here/../ctl/infer/runtimes.txt"'
tap_end
