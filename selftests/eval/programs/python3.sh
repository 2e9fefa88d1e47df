# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(python3 --version)

setup() {
	pages
	mkdir "$site/below"
	echo text >"$site/below/file"
	command=(python3 -m http.server --bind 127.0.0.1 --directory "$site" 8080)
}
ready() { page; }
learn() { page && missing; }

listing() { get "$url/below/" 200 && grep -q file "$dir/got"; }
redirect() { get "$url/below" 301; }
unchanged() { get "$url/index.html" 304 -z 'Tue, 01 Jan 2036 00:00:00 GMT'; }
life() {
	op page page
	op large large
	op head get "$url/" 200 --head
	op 'directory listing' listing
	op redirect redirect
	op 'not modified' unchanged
	op 'refused method' get "$url/" 501 -X POST -d x
	op crowd crowd
	op 'client leaves' leave
	op 'keeps serving' page
	op stop ends INT
}
