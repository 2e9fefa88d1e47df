# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(nginx -v 2>&1)

setup() {
	pages
	mkdir "$dir/cache"
	chown www-data "$dir/cache"
	site_config "$dir" "$site" 8080 \
		"proxy_cache_path $dir/cache keys_zone=zone:1m inactive=2s; gzip on;" \
		'location /proxy/ {
			proxy_pass http://127.0.0.1:8080/;
			proxy_cache zone;
			proxy_cache_valid 10s;
		}'
	site_command "$dir"
}
ready() { page; }
learn() { page && large && missing; }

reload() { signal HUP && wait_for 30 grep -q 'gracefully shutting down' "$dir/error.log" && wait_for 30 page; }
rotate() {
	mv "$dir/access.log" "$dir/access.old" && signal USR1 &&
		wait_for 30 test -e "$dir/access.log" && page && wait_for 30 test -s "$dir/access.log"
}
cached() { get "$url/proxy/large" 200 && cmp -s "$dir/got" "$site/large" && wait_for 20 in_cache; }
in_cache() { [ -n "$(find "$dir/cache" -type f)" ]; }
purged() { ! in_cache; }
life() {
	op page page
	op part part
	op 'cached by a proxy' cached
	op 'cache purge' wait_for 60 purged
	op 'log rotation' rotate
	op reload reload
	op 'page after reload' page
	op 'crash of a worker' crash
	op crowd crowd
	op 'client leaves' leave
	op 'graceful stop' ends QUIT
}
