# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(stunnel4 -version 2>&1 | grep -m 1 '^stunnel')

setup() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=one.test -keyout "$dir/key" -out "$dir/cert" || return
	cat >"$dir/stunnel.conf" <<END
foreground = yes
pid = $dir/stunnel.pid
output = $dir/stunnel.log
setuid = nobody
setgid = nogroup
[web]
accept = 127.0.0.1:8443
connect = 127.0.0.1:8088
cert = $dir/cert
key = $dir/key
[run]
accept = 127.0.0.1:8444
exec = /usr/bin/sort
execArgs = sort
cert = $dir/cert
key = $dir/key
END
	pages && chmod 777 "$dir" && touch "$dir/stunnel.log" && chmod 666 "$dir/stunnel.log" "$dir/key"
	command=(stunnel4 "$dir/stunnel.conf")
}
via() { get "https://127.0.0.1:8443/$1" "${2:-200}" -k; }
ready() { openssl s_client -connect 127.0.0.1:8443 </dev/null 2>/dev/null | grep -q one.test; }
learn() { behind via index.html; }

crowd_tls() {
	local i jobs=()

	for i in $(seq 10); do curl -skf -m 30 -o /dev/null https://127.0.0.1:8443/large & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op page behind via index.html
	op large behind via large
	op missing behind via none 404
	op 'no server' eval '! curl -sk -m 20 https://127.0.0.1:8443/'
	op 'a program' eval 'printf "b\na\n" | timeout 20 openssl s_client -quiet -connect 127.0.0.1:8444; ready'
	op 'no TLS' eval '! curl -s -m 10 http://127.0.0.1:8443/; ready'
	op 'many clients' behind crowd_tls
	op 'log rotation' eval 'mv "$dir/stunnel.log" "$dir/old.log" && signal USR1 && sleep 1 && ready && [ -e "$dir/stunnel.log" ]'
	op reload eval 'signal HUP && sleep 1 && wait_for 20 ready'
	op 'graceful stop' ends TERM
}
