# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(haproxy -v | head -n 1)

# The backend is no part of what is evaluated.
setup() {
	pages
	command=(haproxy -W -f "$dir/haproxy.cfg")
	cat >"$dir/haproxy.cfg" <<END
global
	user haproxy
	group haproxy
	stats socket $dir/socket mode 600 level admin expose-fd listeners
	nbthread 2
defaults
	mode http
	timeout connect 10s
	timeout client 30s
	timeout server 30s
frontend web
	bind 127.0.0.1:8080
	stats enable
	stats uri /stats
	compression algo gzip
	compression type text/html
	default_backend pages
backend pages
	balance roundrobin
	server one 127.0.0.1:8090 check inter 500 fall 1 rise 1
END
	backend
}
backend_ends() {
	local pid

	pid=$(cat "$work/backend" 2>/dev/null) || return 0
	kill "$pid" 2>/dev/null
	wait_for 20 gone "$pid"
}
backend() {
	backend_ends
	busybox httpd -f -p 127.0.0.1:8090 -h "$site" &
	echo $! >"$work/backend"
}
ready() { page; }
learn() { page && large && missing; }

ask() {
	python3 - "$dir/socket" "$1" <<-END
		import socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.settimeout(20)
		s.connect(sys.argv[1])
		s.sendall((sys.argv[2] + "\n").encode())
		while True:
		    data = s.recv(65536)
		    if not data:
		        break
		    sys.stdout.write(data.decode())
	END
}
down() { backend_ends && wait_for 30 get "$url/" 503; }
up() { backend && wait_for 30 page; }
reload() { local old; old=$(children | sort | tail -n 1); signal USR2 && wait_for 60 gone "$old" && wait_for 30 page; }
rotate() { ask 'show info' | grep -q Version && ask 'clear counters all' >/dev/null && page; }
maintenance() { ask 'disable server pages/one' && get "$url/" 503 && ask 'enable server pages/one' && wait_for 30 page; }
life() {
	op page page
	op large large
	op statistics get "$url/stats" 200
	op compressed get "$url/" 200 -H 'Accept-Encoding: gzip'
	op 'admin socket' rotate
	op maintenance maintenance
	op 'backend goes down' down
	op 'backend comes back' up
	op crowd crowd
	op 'client leaves' leave
	op reload reload
	op 'page after reload' page
	op 'graceful stop' ends USR1
	backend_ends
}
