#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cgroups by the names of what runs in them: containers of podman, crun and runc as these make
# them; a process; units and pods by cgroups that are called as systemd and kubelet call theirs.
# What reads these names is workload_test.c's, for all layouts.
#
# vm: --mem 3072

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and other languages expand later

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/lib.sh
. "$here/lib.sh"

dir=$(mktemp -d) || exit
mount=/sys/fs/cgroup
uid=0a1b2c3d-1111-2222-3333-444455556666
slice=$mount/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid//-/_}.slice
bundle=$dir/bundle
mkdir -p "$bundle/rootfs" "$slice" "$mount/system.slice/web.service" "$mount/system.slice/nginx.service" \
	"/var/log/pods/shop_cart-0_$uid" && mount --bind / "$bundle/rootfs" || exit
podman=(podman --storage-driver vfs --cgroup-manager cgroupfs --events-backend none)
cleanup() {
	{
		"${podman[@]}" rm --all --force --time 0
		crun delete --force one
		runc delete --force two
		scmod status --json | jq -r '.policies[].id' | while read -r id; do scmod off "$id"; done
		scmod forget --all
		umount "$bundle/rootfs"
		rmdir "$mount/system.slice"/*.service
		find "$mount/kubepods.slice" -depth -type d -exec rmdir {} +
		mountpoint -q "$bundle/rootfs" || rm -rf "$dir" "/var/log/pods/shop_cart-0_$uid"
	} >/dev/null 2>&1
}
trap cleanup EXIT

end() { scmod forget --all >/dev/null 2>&1; [ "$(scmod status --json | jq '.policies | length')" = 0 ]; }
# means WORD PATH: learn of that word makes the policy of that cgroup, whose path is known by it.
means() {
	local path

	path=$(scmod learn "$1" --infer none --json 2>"$dir/said" | jq -r .path)
	end
	[ "$path" = "$2" ] || { echo "'$path', not '$2'"; cat "$dir/said"; return 1; }
}
# spec RUNTIME PATH: a bundle that sleeps in that cgroup.
spec() {
	(cd "$bundle" && rm -f config.json && "$1" spec) && jq --arg path "$2" '.process.terminal = false
		| .process.args = ["sleep", "1000"] | .root.readonly = true
		| .linux.cgroupsPath = $path' "$bundle/config.json" >"$bundle/new" &&
		mv "$bundle/new" "$bundle/config.json"
}
sleeps() {
	local how=$1 name=$2
	shift 2

	quietly "${podman[@]}" "$how" "$@" --name "$name" --network host --read-only --read-only-tmpfs=false \
		--rootfs "$bundle/rootfs" sleep 1000
}
id_of() { "${podman[@]}" inspect --type container --format '{{.Id}}' "$1"; }

# ---- the runtimes

t 'crun starts a container' eval 'spec crun /made/one && quietly crun --cgroup-manager=cgroupfs run --detach --bundle "$bundle" one'
t 'crun:ID' means crun:one /made/one
t 'runc starts a container' eval 'spec runc /made/two && quietly runc run --detach --bundle "$bundle" two'
t 'runc:ID' means runc:two /made/two
t 'the id alone, where only one has it' means two /made/two
t 'podman starts a container' sleeps run web --detach
web=$(id_of web)
t 'podman:NAME' means podman:web "/libpod_parent/libpod-$web"
t 'podman:ID' means "podman:$web" "/libpod_parent/libpod-$web"
t 'podman:ID, its beginning' means "podman:${web:0:12}" "/libpod_parent/libpod-$web"
t 'its id is one of crun, too' means "crun:$web" "/libpod_parent/libpod-$web"
t 'podman makes a container that does not run' sleeps create idle
idle=$(id_of idle)
t 'a policy for it waits' eval 'scmod learn podman:idle --json 2>/dev/null | jq -e ".waiting"'
t 'by the path that its cgroup will have' [ "$(scmod status podman:idle --json | jq -r '.policies[0].path')" = "/libpod_parent/libpod-$idle" ]
t 'it starts' quietly "${podman[@]}" start idle
t 'and comes under the policy' eval 'scmod status idle --json | jq -e ".policies[0] | (.waiting | not) and .came == 1 and .counts.seen > 5"'
t 'status names it in full' says 'called   podman:idle' scmod status idle
t 'and in the list' says "/libpod_parent/libpod-$idle  podman:idle" scmod status
t 'so does report' says "/libpod_parent/libpod-$idle (podman:idle)" scmod report idle
t 'and explain' says "/libpod_parent/libpod-$idle (podman:idle)" scmod explain idle
t 'in JSON, too' eval '[ "$(scmod explain idle --json 2>/dev/null | jq -r .workload)" = podman:idle ]'
t 'dump says it in its messages' says "dump /libpod_parent/libpod-$idle (podman:idle): " scmod dump idle -o "$dir/idle.json"
t 'a file that is read again the same names no workload' eval '! grep podman "$dir/idle.json"'

# ---- list

line() { scmod list 2>/dev/null | grep -E -- "$1"; }
t 'list has what learns, its calls, and how long nothing was new' line "^podman:idle +learn +[0-9]+ +0 +[0-9]+[smh] +/libpod_parent/libpod-$idle\$"
t 'and what does not' line "^podman:web +- +- +- +/libpod_parent/libpod-$web\$"
t 'units' line '^unit:web.service .* /system.slice/web.service$'
t 'pods, by their names' line "^pod:shop/cart-0 "
t 'a container twice over is listed once' [ "$(scmod list | grep -c "$web")" = 1 ]
t 'slices are left out' eval '! line "^unit:system.slice"'
t 'list --json' eval 'scmod list --json | jq -e ".workloads | any(.workload == \"podman:idle\" and .mode == \"learn\" and
	.seen > 5 and .quiet_seconds >= 0 and .runs) and any(.kind == \"runc\" and .name == \"two\" and .mode == null)"'
end

# ---- units, pods, processes

t 'unit:NAME' means unit:nginx.service /system.slice/nginx.service
t 'unit:NAME without its type' means unit:nginx /system.slice/nginx.service
t 'NAME alone' means nginx /system.slice/nginx.service
t 'pod:UID' means "pod:$uid" "${slice#"$mount"}"
t 'pod:NAMESPACE/NAME' means pod:shop/cart-0 "${slice#"$mount"}"
t 'the name of a pod alone' means cart-0 "${slice#"$mount"}"
inside "$mount/system.slice/nginx.service" sleep 1000 >/dev/null 2>&1 &
wait_for 20 grep -q . "$mount/system.slice/nginx.service/cgroup.procs"
t 'pid:NUMBER' means "pid:$(head -n 1 "$mount/system.slice/nginx.service/cgroup.procs")" /system.slice/nginx.service
t 'a unit in a cgroup that a user owns is none' eval 'mkdir -p "$mount/system.slice/web.service/mine.service" &&
	fails 1 "there is no such unit" scmod learn unit:mine; rmdir "$mount/system.slice/web.service/mine.service"'

# ---- what is not clear

t 'a name that two have is not taken' fails 1 '2 have that name; give one of podman:web, unit:web.service' scmod learn web
t 'nothing is tracked then' end
t 'with its kind it is' means unit:web /system.slice/web.service
t 'a misspelt name' fails 1 'is one of these meant: unit:nginx.service' scmod learn ngnix
t 'a misspelt unit' fails 1 'there is no such unit; is one of these meant: unit:nginx.service' scmod learn unit:nginz
t 'a container that is none' fails 1 "there is no such container; 'scmod list' shows" scmod learn docker:qqqqqq
t 'a name like no other' fails 1 "no cgroup, unit, container or pod has that name, and no record has it; 'scmod list' shows" scmod status qqqqqq
t 'a process that is none' fails 1 'no process of that number' scmod learn pid:4000000
t 'what is no number' fails 2 'not the number of a process' scmod learn pid:x
t 'a name with a command in it runs none' eval '! scmod learn "podman:\$(touch $dir/ran); touch $dir/ran" 2>/dev/null && [ ! -e "$dir/ran" ]'
t 'a name that begins with a dash is no option' fails 1 'there is no such container' scmod learn podman:--help
t 'in a cgroup its directory has precedence' eval '(cd "$mount/made" && scmod learn one --json --infer none) | jq -e ".path == \"/made/one\"" && end'

cgroup_kill "$mount/system.slice/nginx.service"
wait
tap_end
