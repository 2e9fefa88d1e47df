# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(memcached --version)
user=nobody

setup() { command=(memcached -l 127.0.0.1 -p 11211 -m 16 -t 2); }
# ask LINE...: the answer, without carriage returns.
ask() {
	local line

	exec 8<>/dev/tcp/127.0.0.1/11211 || return
	printf '%s\r\n' "$@" quit >&8
	timeout 30 cat <&8 | tr -d '\r'
	exec 8>&-
}
ready() { ask version | grep -q VERSION; }
put() { ask 'set a 0 0 1' 1 | grep -q STORED; }
learn() { put && ask 'get a' | grep -qx 1; }

fill() {
	local value i

	value=$(head -c 60000 /dev/zero | tr '\0' x)
	exec 8<>/dev/tcp/127.0.0.1/11211 || return
	for i in $(seq 600); do printf 'set k%d 0 0 60000 noreply\r\n%s\r\n' "$i" "$value" >&8; done
	printf 'stats\r\nquit\r\n' >&8
	timeout 60 cat <&8 | tr -d '\r' >"$dir/stats"
	exec 8>&-
	awk '$2 == "evictions" { n = $3 } END { exit !(n > 0) }' "$dir/stats"
}
large_value() {
	local value

	value=$(head -c 900000 /dev/zero | tr '\0' y)
	ask 'set big 0 0 900000' "$value" | grep -q STORED && ask 'get big' | grep -q yyy
}
many() {
	local i jobs=()

	for i in $(seq 20); do ask 'get a' >/dev/null & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op 'set and get' learn
	op 'buffer growth and eviction' fill
	op 'large value' large_value
	op 'slab statistics' eval 'ask "stats slabs" | grep -q total_malloced'
	op crawler eval 'ask "lru_crawler metadump all" | grep -q key='
	op 'many clients' many
	op purge eval 'ask flush_all | grep -q OK'
	op verbosity eval 'ask "verbosity 1" | grep -q OK'
	op 'still there' ready
	op 'graceful stop' ends USR1
}
