# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(caddy version)

setup() {
	pages
	mkdir "$site/below" && echo text >"$site/below/file"
	write_config 2
	command=(env HOME="$dir" XDG_DATA_HOME="$dir" XDG_CONFIG_HOME="$dir"
		caddy run --config "$dir/Caddyfile" --adapter caddyfile)
}
write_config() {
	cat >"$dir/Caddyfile" <<END
{
	admin 127.0.0.1:2019
	auto_https off
}
http://127.0.0.1:8080 {
	root * $site
	encode gzip
	file_server browse
	reverse_proxy /proxy/* 127.0.0.1:8080 {
		rewrite /index.html
	}
	log {
		output file $dir/access.log {
			roll_size 1MiB
			roll_keep $1
		}
	}
}
END
}
ready() { page; }
learn() { page && missing; }

listing() { get "$url/below/" 200 && grep -q file "$dir/got"; }
reload() {
	write_config 3 && caddy adapt --config "$dir/Caddyfile" --adapter caddyfile >"$dir/json" 2>/dev/null &&
		get http://127.0.0.1:2019/load 200 -X POST -H 'Content-Type: application/json' -d "@$dir/json" &&
		wait_for 30 page
}
rotate() {
	curl -s -o /dev/null -m 100 -H "X-Long: $(head -c 9000 /dev/zero | tr '\0' x)" \
		"$url/?[1-250]" && wait_for 30 rolled
}
rolled() { [ "$(find "$dir" -name 'access*' | wc -l)" -ge 2 ]; }
life() {
	op page page
	op large large
	op part part
	op compressed get "$url/" 200 -H 'Accept-Encoding: gzip'
	op 'directory listing' listing
	op proxy get "$url/proxy/x" 200
	op configuration get http://127.0.0.1:2019/config/ 200
	op reload reload
	op crowd crowd
	op 'client leaves' leave
	op 'log rotation' rotate
	op 'graceful stop' ends TERM
}
