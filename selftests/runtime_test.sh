#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A profile learned from nginx in a container starts that container again, under
# crun and under runc, with exactly the dumped file as linux.seccomp, with
# no_new_privs and without: then the runtime loads the filter while it is privileged,
# and has much to do under it.
#
# Learned in two ways: from the container's creation, so that the runtime's own
# calls are in it; and between create and start, so that only those are which the
# runtime makes past the point where it waits for start.

# shellcheck disable=SC2317 # functions are called through t

set -u
here=$(dirname "$0")
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/nginx.sh
. "$here/nginx.sh"

dir=$(mktemp -d) || exit
site=$dir/site bundle=$dir/bundle
url=http://127.0.0.1:8080
cgroup=/sys/fs/cgroup/runtime
runtime='' child=''
mkdir "$site" && chmod 755 "$dir" && site_make "$site" 8080 && mkdir "$cgroup" || exit
cleanup() {
	{
		[ -z "$runtime" ] || run delete --force web
		umount "$bundle/rootfs"
		scmod off "$cgroup"
		scmod forget --all
		rmdir "$cgroup"
	} >/dev/null 2>&1
	# Not below a root that is still mounted there.
	mountpoint -q "$bundle/rootfs" || rm -rf "$dir"
}
trap cleanup EXIT

run() {
	case $runtime in
	crun) crun --cgroup-manager=cgroupfs "$@" ;;
	runc) runc "$@" ;;
	esac
}
stopped() { [ "$(run state web | jq -r .status)" = stopped ]; }
stops() {
	run kill web QUIT || return
	wait_for 60 stopped || { tail "$site/error.log"; return 1; }
}
serves() {
	wait_for 60 page_served "$url" || { tail -n 5 "$site/error.log" "$dir/log"; return 1; }
	answers "$url/large" 200 && answers "$url/none" 404 && answers "$url/" 200 --head
}
nobody_died() { ! grep 'exited on signal' "$site/error.log"; }
in_status() { grep -q "^$1:[[:space:]]*$2\$" "/proc/$(run state web | jq .pid)/status"; }
exactly() { cmp <(jq -S .linux.seccomp "$bundle/config.json") <(jq -S . "$1"); }
# bundle [PROFILE NO-NEW-PRIVS]
bundle() {
	[ ! -d "$bundle" ] || bundle_remove "$bundle" || return
	bundle_make "$runtime" "$bundle" "$site" "/runtime/$child" ${1:+"$1"} &&
		sed -i "s/\"noNewPrivileges\": [a-z]*/\"noNewPrivileges\": ${2:-true}/" \
			"$bundle/config.json"
}
remove() {
	run delete web || return
	: >"$site/error.log"
}

# learn WAY: into $dir/RUNTIME-WAY.json. The policy is of the cgroup above the
# container's, which the runtime makes and removes.
learn() {
	local way=$1 what="$runtime, learned from $1"

	child=learn-$runtime-$way
	t "$what: a bundle without a filter" bundle
	[ "$way" != creation ] || t "$what: learning begins" scmod learn "$cgroup"
	t "$what: create" quietly run create --bundle "$bundle" web
	[ "$way" != start ] || t "$what: learning begins" scmod learn "$cgroup"
	t "$what: start" quietly run start web
	t "$what: nginx serves" serves
	t "$what: and stops" stops
	t "$what: delete" remove
	t "$what: dump" scmod dump "$cgroup" -o "$dir/$runtime-$way.json"
	t "$what: dump as list" scmod dump "$cgroup" --format list --runtime any -o "$dir/$runtime-$way.list"
	t "$what: dump as json" scmod dump "$cgroup" --format json --runtime any -o "$dir/$runtime-$way.own"
	echo "# $what: $(jq '.syscalls[0].names | length' "$dir/$runtime-$way.json") calls"
	t "$what: forget" scmod forget "$cgroup"
}

# use PROFILE: in containers of the present runtime.
use() {
	use_with "$1" true 1
	use_with "$1" false 0
}
# use_with PROFILE NO-NEW-PRIVS NUMBER
use_with() {
	local profile=$dir/$1.json what="$runtime with the profile of $1, no_new_privs $3"

	child=use-$runtime-$1-$3
	t "$what: a bundle" bundle "$profile" "$2"
	t "$what: linux.seccomp is the dumped file" exactly "$profile"
	t "$what: is accepted" quietly run run --detach --bundle "$bundle" web
	t "$what: the filter is on" in_status Seccomp 2
	t "$what: no_new_privs" in_status NoNewPrivs "$3"
	t "$what: nginx serves" serves
	t "$what: and stops by itself" stops
	t "$what: without a worker that died" nobody_died
	t "$what: delete" remove
}

for runtime in crun runc; do
	learn creation
	learn start
	use "$runtime-creation"
	use "$runtime-start"
done
# Past its filter runc needs more than crun: what it was learned under serves both.
runtime=crun
use runc-creation
use runc-start
bundle_remove "$bundle"

# What dump writes, enforce takes back, and makes the same of it.
allowed() {
	scmod status "$cgroup" --json | jq -c '[.policies[].abis[] | {abi, allowed}]'
}
t 'enforce --profile takes the OCI form' scmod enforce "$cgroup" --profile "$dir/runc-start.json"
oci=$(allowed)
scmod off "$cgroup" >/dev/null && scmod forget "$cgroup" >/dev/null
for form in list own; do
	t "enforce --profile takes the $form form" \
		scmod enforce "$cgroup" --profile "$dir/runc-start.$form"
	t "the $form form allows the same" [ "$(allowed)" = "$oci" ]
	scmod off "$cgroup" >/dev/null && scmod forget "$cgroup" >/dev/null
done

tap_end
