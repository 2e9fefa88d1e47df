# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(squid -v | head -n 1)

setup() {
	pages && mkdir -p "$dir/cache"
	cat >"$dir/squid.conf" <<END
http_port 127.0.0.1:3128
http_access allow all
pid_filename $dir/squid.pid
access_log stdio:$dir/access.log
cache_log $dir/cache.log
cache_store_log none
cache_dir aufs $dir/cache 100 4 4
coredump_dir $dir
cache_effective_user proxy
visible_hostname one.test
shutdown_lifetime 2 seconds
logfile_rotate 2
netdb_filename none
pinger_enable off
END
	chown -R proxy "$dir" && squid -z -N -f "$dir/squid.conf" || return
	command=(squid --foreground -f "$dir/squid.conf")
}
via() { get "http://127.0.0.1:8088/$1" "${2:-200}" -x http://127.0.0.1:3128; }
ready() { [ "$(curl -s -o /dev/null -m 20 -w '%{http_code}' -x http://127.0.0.1:3128 http://127.0.0.1:1/)" = 503 ]; }
learn() { behind via index.html; }

tunnel() { curl -s -p -m 20 -x http://127.0.0.1:3128 http://127.0.0.1:8088/index.html | grep -q 'a page' || return 1; }
cached() { behind via large && behind via large && grep -q large "$dir/access.log"; }
crowd_squid() {
	local i jobs=()

	for i in $(seq 10); do curl -sf -m 30 -o /dev/null -x http://127.0.0.1:3128 http://127.0.0.1:8088/large & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op page behind via index.html
	op large behind via large
	op missing behind via none 404
	op cached cached
	op 'no server' ready
	op 'many clients' behind crowd_squid
	op manager eval 'curl -s -m 20 http://127.0.0.1:3128/squid-internal-mgr/info | grep -q -i squid'
	op 'log rotation' eval 'squid -k rotate -f "$dir/squid.conf" && sleep 3 && [ -e "$dir/access.log.0" ] && ready'
	op reload eval 'squid -k reconfigure -f "$dir/squid.conf" && sleep 3 && wait_for 30 ready'
	op 'graceful stop' eval 'squid -k shutdown -f "$dir/squid.conf" && wait_for 60 empty'
}
