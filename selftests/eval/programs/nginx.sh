# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(nginx -v 2>&1)

setup() {
	pages
	command=(nginx -p "$dir" -c "$dir/nginx.conf")
	mkdir "$dir/cache"
	chown www-data "$dir/cache"
	cat >"$dir/nginx.conf" <<END
user www-data;
daemon off;
worker_processes 2;
pid $dir/nginx.pid;
error_log $dir/error.log notice;
events { worker_connections 64; }
http {
	access_log $dir/access.log;
	client_body_temp_path $dir/body;
	proxy_temp_path $dir/proxy;
	fastcgi_temp_path $dir/fastcgi;
	uwsgi_temp_path $dir/uwsgi;
	scgi_temp_path $dir/scgi;
	proxy_cache_path $dir/cache keys_zone=zone:1m inactive=2s;
	sendfile on;
	gzip on;
	server {
		listen 127.0.0.1:8080;
		root $site;
		location /proxy/ {
			proxy_pass http://127.0.0.1:8080/;
			proxy_cache zone;
			proxy_cache_valid 10s;
		}
	}
}
END
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
