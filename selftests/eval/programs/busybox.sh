# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(busybox 2>&1 | head -n 1)

setup() {
	pages
	mkdir -p "$site/cgi-bin"
	printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\nfrom cgi\\n"\n' >"$site/cgi-bin/hello"
	chmod 755 "$site/cgi-bin/hello"
	printf '/secret:user:pass\n' >"$dir/httpd.conf"
	mkdir "$site/secret" && echo text >"$site/secret/index.html"
	command=(busybox httpd -f -p 127.0.0.1:8080 -h "$site" -c "$dir/httpd.conf")
}
ready() { page; }
learn() { page && missing; }

reload() { printf '/secret:user:other\n' >"$dir/httpd.conf" && signal HUP && sleep 1 && get "$url/secret/" 200 -u user:other; }
life() {
	op page page
	op large large
	op part part
	op head get "$url/" 200 --head
	op 'refused without password' get "$url/secret/" 401
	op 'with password' get "$url/secret/" 200 -u user:pass
	op reload reload
	op crowd crowd
	op 'client leaves' leave
	op stop ends TERM 143
}
