# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(lighttpd -v)

setup() {
	pages
	mkdir "$site/below" && echo text >"$site/below/file"
	printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\nfrom cgi\\n"\n' >"$site/hello.cgi"
	chmod 755 "$site/hello.cgi"
	touch "$dir/access.log" "$dir/error.log"
	chown www-data "$dir/access.log" "$dir/error.log"
	mkdir "$dir/tmp"
	chown www-data "$dir" "$dir/tmp"
	cat >"$dir/lighttpd.conf" <<END
server.modules = ("mod_accesslog", "mod_dirlisting", "mod_cgi", "mod_deflate", "mod_status")
server.bind = "127.0.0.1"
server.port = 8080
server.document-root = "$site"
server.username = "www-data"
server.groupname = "www-data"
server.errorlog = "$dir/error.log"
server.upload-dirs = ("$dir/tmp")
accesslog.filename = "$dir/access.log"
index-file.names = ("index.html")
dir-listing.activate = "enable"
cgi.assign = (".cgi" => "/bin/sh")
status.status-url = "/status"
END
	command=(lighttpd -D -f "$dir/lighttpd.conf")
}
ready() { page; }
learn() { page && large && missing; }

listing() { get "$url/below/" 200 && grep -q file "$dir/got"; }
cgi() { get "$url/hello.cgi" 200 && grep -q 'from cgi' "$dir/got"; }
upload() { get "$url/hello.cgi" 200 -X POST --data-binary "@$site/large" -H 'Expect:'; }
rotate() {
	mv "$dir/access.log" "$dir/access.old" && signal HUP &&
		wait_for 30 test -e "$dir/access.log" && page && page && sleep 5 && page
}
restart() { signal USR1 && sleep 2 && wait_for 60 page; }
life() {
	op page page
	op part part
	op 'directory listing' listing
	op compressed get "$url/" 200 -H 'Accept-Encoding: gzip'
	op cgi cgi
	op upload upload
	op status get "$url/status" 200
	op crowd crowd
	op 'client leaves' leave
	op 'log rotation' rotate
	op 'graceful restart' restart
	op 'graceful stop' ends INT
}
