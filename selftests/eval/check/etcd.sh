# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(etcd --version | head -n 1)

setup() { command=(env ETCD_UNSUPPORTED_ARCH=amd64 etcd --data-dir "$dir/data" --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380 --snapshot-count 100); }
ctl() { ETCDCTL_API=3 timeout 30 etcdctl --endpoints=http://127.0.0.1:2379 "$@"; }
ready() { ctl endpoint health; }
learn() { ctl put a 1 && ctl get a | grep -q 1; }

many() { local i; for i in $(seq 40); do echo "put k$i v$i"; echo; done >"$dir/puts"; for i in $(seq 130); do curl -sf -m 10 -o /dev/null http://127.0.0.1:2379/v3/kv/put -d "{\"key\":\"$(printf 'k%s' "$i" | base64)\",\"value\":\"eA==\"}" || return; done; }
watched() {
	local watcher

	ctl watch w >"$dir/watched" & watcher=$!
	sleep 1
	ctl put w seen && wait_for 20 grep -q seen "$dir/watched"
	set -- $?
	kill "$watcher" 2>/dev/null
	return "$1"
}
leased() { local lease; lease=$(ctl lease grant 2 | awk '{ print $2 }') && ctl put --lease="$lease" l 1 && wait_for 30 expired; }
expired() { [ -z "$(ctl get l)" ]; }
compacted() { local rev; rev=$(ctl endpoint status -w json | jq -r '.[0].Status.header.revision') && ctl compact "$rev" && ctl defrag; }
life() {
	op 'put and get' learn
	op many many
	op watch watched
	op lease leased
	op snapshot ctl snapshot save "$dir/snap"
	op 'compact, defragment' compacted
	op delete ctl del --prefix k
	op members ctl member list
	op metrics get http://127.0.0.1:2379/metrics 200
	op 'graceful stop' ends TERM 143
}
