#!/bin/bash
# vm: --mem 3072
# SPDX-License-Identifier: GPL-2.0
#
# Real consumers accept the profiles that dump writes: nginx and redis, learned once each, work
# as before under their profile in each format, in crun, runc, podman, bubblewrap and a
# systemd unit.

# shellcheck disable=SC2317,SC2034,SC2016 # functions and texts are for t and eval

set -u
here=$(cd "$(dirname "$0")" && pwd) || exit
# shellcheck source=selftests/tap.sh
. "$here/tap.sh"
# shellcheck source=selftests/nginx.sh
. "$here/nginx.sh"

dir=$(mktemp -d /tmp/consumer.XXXXXX) || exit
chmod 755 "$dir"
cgroup=/sys/fs/cgroup/consumers
mkdir "$cgroup" "$dir/units" || exit
podman=(podman --root "$dir/podman" --runroot "$dir/podman-run" --storage-driver vfs
	--cgroup-manager cgroupfs --events-backend none)
booted=''

# ---- the two programs

prepare() {
	program=$1 site=$dir/$1
	mkdir "$site" || return
	case $program in
	nginx)
		site_make "$site" 8080
		command=(/usr/sbin/nginx -p "$site" -c "$site/nginx.conf")
		;;
	redis-server)
		command=(/usr/bin/redis-server --bind 127.0.0.1 --port 6390 --dir "$site"
			--save '' --logfile "$site/log" --daemonize no)
		;;
	esac
}
pid() { pgrep -o -x "$program"; }
gone() { ! pid >/dev/null; }
redis() { redis-cli -p 6390 "$@" 2>&1; }
saved() { [ -s "$site/dump.rdb" ]; }
up() {
	case $program in
	nginx) page_served http://127.0.0.1:8080 ;;
	redis-server) [ "$(redis PING)" = PONG ] ;;
	esac
}
works() {
	wait_for 90 up || { tail -n 5 "$site"/*log "$dir/log"; return 1; }
	case $program in
	nginx)
		answers http://127.0.0.1:8080/large 200 && answers http://127.0.0.1:8080/none 404
		;;
	redis-server)
		rm -f "$site/dump.rdb"
		redis DEL n && [ "$(redis SET key value)" = OK ] && [ "$(redis GET key)" = value ] &&
			redis EVAL 'return redis.call("INCR", "n")' 0 | grep -q 1 &&
			redis BGSAVE && wait_for 60 saved
		;;
	esac
}
filtered() { grep '^Seccomp:' "/proc/$(pid)/status"; grep -q '^Seccomp:[[:space:]]*2' "/proc/$(pid)/status"; }
ends() {
	case $program in
	nginx) kill -QUIT "$(pid)" ;;
	redis-server) redis SHUTDOWN NOSAVE ;;
	esac
	wait_for 60 gone || { tail -n 5 "$site"/*log; return 1; }
}
clean() {
	gone || pkill -9 -x "$program"
	case $program in
	nginx)
		! grep 'exited on signal' "$site/error.log" || return
		: >"$site/error.log"
		;;
	esac
}

# ---- the consumers

run() {
	local runtime=$1
	shift

	case $runtime in
	crun) crun --cgroup-manager=cgroupfs "$@" ;;
	runc) runc "$@" ;;
	esac
}

# The arguments as a JSON array.
words() { printf '%s\n' "$@" | jq -R . | jq -s .; }

# start_oci RUNTIME FILTER: the words of FILTER edit the bundle's config.
start_oci() {
	local runtime=$1 filter=${2:-.} bundle=$dir/bundle
	shift 2

	bundle_make "$runtime" "$bundle" "$site" "/consumers/$runtime" || return
	jq "$@" --argjson words "$(words "${command[@]}")" ".process.args = \$words | $filter" \
		"$bundle/config.json" >"$bundle/config.new" &&
		mv "$bundle/config.new" "$bundle/config.json" || return
	quietly run "$runtime" run --detach --bundle "$bundle" web
}
stop_oci() { quietly run "$1" delete --force web; bundle_remove "$dir/bundle"; }

# start_podman OPTION...
start_podman() {
	mkdir -p "$dir/rootfs" && mount --bind / "$dir/rootfs" || return
	quietly "${podman[@]}" run --detach --name web --network host --read-only \
		--read-only-tmpfs=false --volume "$site:$site:rw" "$@" \
		--rootfs "$dir/rootfs" "${command[@]}"
}
start_podman_annotated() {
	start_podman --runtime crun --security-opt seccomp=unconfined \
		--annotation "run.oci.seccomp_bpf_data=$(cat "$dir/bpf.base64")"
}
stop_podman() { quietly "${podman[@]}" rm --force --time 5 web; umount "$dir/rootfs"; }

# start_bwrap FILE [CGROUP]
start_bwrap() {
	local file=$1 place=${2:-}

	(
		[ -z "$place" ] || echo "$BASHPID" >"$place/cgroup.procs"
		exec bwrap --bind / / --dev-bind /dev /dev --proc /proc --seccomp 10 10<"$file" \
			"${command[@]}"
	) >"$dir/log" 2>&1 </dev/null &
}

# used NAME START... : the program starts in that consumer, is filtered, works, ends.
used() {
	local name="$program: $1"
	shift

	t "$name: it starts" "$@" || return
	t "$name: it works" works || { clean; return; }
	t "$name: the filter is on" filtered
	t "$name: it ends" ends
	t "$name: nothing in it died" clean
}

# ---- one record of each program, then each form

# Calls that a consumer itself makes after it has loaded the filter are learned, too.
learn() {
	local runtime

	t "$program: learning begins" scmod learn "$cgroup"
	for runtime in crun runc; do
		t "$program: it starts in $runtime" start_oci "$runtime" .
		t "$program: works" works
		t "$program: ends" ends
		t "$program: is removed" stop_oci "$runtime"
	done
	mkdir "$cgroup/bwrap"
	printf '\006\000\000\000\000\000\377\177' >"$dir/allow.bpf"
	t "$program: it starts in bubblewrap" start_bwrap "$dir/allow.bpf" "$cgroup/bwrap"
	t "$program: works" works
	t "$program: ends" ends
	wait_for 20 rmdir "$cgroup/bwrap"
	for form in oci docker spo systemd bpf pfc list json; do
		t "$program: dump as $form" quietly scmod dump "$cgroup" --format $form -o "$dir/$program.$form"
	done
	echo "# $program: $(jq '.syscalls[0].names | length' "$dir/$program.oci") calls"
	scmod off "$cgroup" >/dev/null
	t "$program: what was dumped as json is dumped again the same" \
		eval 'scmod dump "$dir/$program.json" --format json 2>/dev/null | cmp - "$dir/$program.json"'
	t "$program: every call has a reason" eval 'jq -e "[.abis[].calls[] | .reasons | length > 0] | all" "$dir/$program.json" >/dev/null'
	for form in oci docker spo systemd bpf pfc list; do
		t "$program: $form of the json is $form of the record" \
			eval 'cp "$dir/$program.json" "$dir/consumers"; (cd "$dir" && scmod dump ./consumers --format $form 2>/dev/null) | cmp - "$dir/$program.$form"'
	done
	t "$program: no difference between the record and its dump" scmod diff "$cgroup" "$dir/$program.json"
	t "$program: merged with its dump it is the same" \
		eval 'scmod merge "$cgroup" "$dir/$program.json" 2>/dev/null | cmp - "$dir/$program.json"'
	t "$program: SPO takes it" "$here/spo_check.py" "$dir/$program.spo"
	t "$program: lint finds no error" eval 'scmod lint "$dir/$program.oci" --json | jq -e ".errors == 0" >/dev/null'
	scmod forget "$cgroup" >/dev/null
}

use() {
	local runtime

	for runtime in crun runc; do
		used "oci in $runtime" start_oci "$runtime" '.linux.seccomp = $profile[0]' \
			--slurpfile profile "$dir/$program.oci"
		stop_oci "$runtime" >/dev/null
	done
	base64 -w0 "$dir/$program.bpf" >"$dir/bpf.base64"
	used "bpf in crun's annotation" start_oci crun 'del(.linux.seccomp) |
		.annotations["run.oci.seccomp_bpf_data"] = $bpf' --rawfile bpf "$dir/bpf.base64"
	stop_oci crun >/dev/null
	used "docker in podman with crun" start_podman --runtime crun \
		--security-opt "seccomp=$dir/$program.docker"
	stop_podman >/dev/null
	used "oci in podman with runc" start_podman --runtime runc \
		--security-opt "seccomp=$dir/$program.oci"
	stop_podman >/dev/null
	used "bpf in podman's annotation" start_podman_annotated
	stop_podman >/dev/null
	used 'bpf in bubblewrap' start_bwrap "$dir/$program.bpf"
}

# ---- systemd, as process 1 of a pid namespace

unit() {
	mkdir -p "$dir/units/$program.service.d"
	cat >"$dir/units/$program.service" <<-END
		[Unit]
		DefaultDependencies=no
		[Service]
		ExecStart=${command[*]}
		StandardOutput=append:$dir/log
		StandardError=append:$dir/log
	END
	cp "$dir/$program.systemd" "$dir/units/$program.service.d/scmod.conf"
}
boot() {
	local names=$*

	printf '[Unit]\nDescription=programs\nWants=%s\n' "$names" >"$dir/units/programs.target"
	cat >"$dir/boot" <<-END
		mount -t proc proc /proc && mount -t tmpfs tmpfs /run || exit
		mkdir -p /run/systemd/system && cp -r "$dir"/units/* /run/systemd/system/ || exit
		exec env -i container=scmod PATH="$PATH" /lib/systemd/systemd --system \\
			--unit=programs.target --log-target=console
	END
	unshare --pid --fork --kill-child --mount --cgroup --propagation private \
		sh "$dir/boot" >"$dir/log" 2>&1 </dev/null &
	booted=$!
}
cleanup() {
	{
		[ -z "$booted" ] || kill -9 "$booted"
		pkill -9 -x nginx
		pkill -9 -x redis-server
		run crun delete --force web
		run runc delete --force web
		umount "$dir/bundle/rootfs" "$dir/rootfs"
		scmod off "$cgroup"
		scmod forget --all
		rmdir "$cgroup"
	} >/dev/null 2>&1
	# Not below a root that is still mounted there.
	mountpoint -q "$dir/bundle/rootfs" || mountpoint -q "$dir/rootfs" || rm -rf "$dir"
}
trap cleanup EXIT

for each in nginx redis-server; do
	prepare $each || exit
	learn
	use
	# An empty word does not survive in a unit's line.
	[ $each = nginx ] || command=(/usr/bin/redis-server --bind 127.0.0.1 --port 6390
		--dir "$site" --save '""' --logfile "$site/log" --daemonize no)
	unit
done
boot nginx.service redis-server.service
for each in nginx redis-server; do
	program=$each site=$dir/$each
	used 'in a unit of systemd' true
done

tap_end
