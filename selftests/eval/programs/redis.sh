# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(redis-server --version)
user=redis

setup() {
	cat >"$dir/redis.conf" <<END
bind 127.0.0.1
port 6379
dir $dir
logfile $dir/redis.log
save 900 1
END
	command=(redis-server "$dir/redis.conf")
}
cli() { timeout 30 redis-cli "$@"; }
ready() { [ "$(cli ping)" = PONG ]; }
learn() { [ "$(cli set a 1)" = OK ] && [ "$(cli get a)" = 1 ] && [ "$(cli incr a)" = 2 ]; }

info() { [ "$(cli info "$1" | tr -d '\r' | sed -n "s/^$2://p")" = "$3" ]; }
save() { cli bgsave && wait_for 60 test -s "$dir/dump.rdb" && info persistence rdb_last_bgsave_status ok; }
append() {
	[ "$(cli config set appendonly yes)" = OK ] && wait_for 60 info persistence aof_rewrite_in_progress 0 &&
		info persistence aof_last_bgrewrite_status ok && [ "$(cli set b 2)" = OK ]
}
rewrite() { cli bgrewriteaof && sleep 1 && wait_for 60 info persistence aof_rewrite_in_progress 0 && info persistence aof_last_bgrewrite_status ok; }
grow() {
	head -c 8000000 /dev/zero | tr '\0' x | cli -x set big | grep -q OK &&
		cli append big tail && [ "$(cli strlen big)" -gt 8000000 ] &&
		cli eval 'for i = 1, 20000 do redis.call("rpush", "l" .. i % 100, i) end return 1' 0
}
purge() { [ "$(cli flushall async)" = OK ] && [ "$(cli dbsize)" = 0 ]; }
expire() { cli set e 1 px 50 && wait_for 20 absent; }
absent() { [ "$(cli exists e)" = 0 ]; }
rewrite_config() { [ "$(cli config rewrite)" = OK ]; }
lua() { [ "$(cli eval 'return redis.call("incr", "n")' 0)" = 1 ]; }
crowd_redis() { redis-benchmark -q -n 500 -c 30 -t set,get,lpush; }
crash_child() { cli bgsave && pkill -9 -P "$main"; wait_for 30 ready; }
life() {
	op 'set and get' learn
	op backup save
	op 'append only file' append
	op 'rewrite of that file' rewrite
	op 'buffer growth' grow
	op script lua
	op expiry expire
	op 'many clients' crowd_redis
	op 'crash of the saving child' crash_child
	op purge purge
	op 'config rewrite' rewrite_config
	op 'graceful stop' ends TERM
}
