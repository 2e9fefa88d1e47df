# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(dnsmasq --version | head -n 1)

setup() {
	echo '192.0.2.1 one.test' >"$dir/hosts"
	cat >"$dir/dnsmasq.conf" <<END
port=5353
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
addn-hosts=$dir/hosts
local=/one.test/
server=/away.test/127.0.0.1#5399
server=/other.test/127.0.0.1#5354
txt-record=long.test,"$(printf '%0250d' 1)"
mx-host=one.test,mail.test,10
log-queries
log-facility=$dir/dnsmasq.log
pid-file=$dir/dnsmasq.pid
user=nobody
END
	chmod 777 "$dir"
	command=(dnsmasq -k -C "$dir/dnsmasq.conf")
}
ask() { dig +short +tries=1 +time=5 -p 5353 @127.0.0.1 "$@"; }
ready() { [ "$(ask one.test)" = 192.0.2.1 ]; }
learn() { ready; }

status_of() { dig +tries=1 +time=5 -p 5353 @127.0.0.1 "$@" | sed -n 's/.*status: \([A-Z]*\),.*/\1/p'; }
changed() {
	echo '192.0.2.2 two.test' >>"$dir/hosts"
	signal HUP && sleep 1 && [ "$(ask two.test)" = 192.0.2.2 ]
}
rotated() {
	mv "$dir/dnsmasq.log" "$dir/dnsmasq.log.1" && signal USR2 && sleep 1 && ready && [ -s "$dir/dnsmasq.log" ]
}
statistics() { signal USR1 && sleep 1 && grep -q 'cache size' "$dir"/dnsmasq.log*; }
# A second one, outside, answers what this one hands on.
handed_on() {
	local other

	dnsmasq -k -p 5354 --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts \
		--address=/other.test/192.0.2.9 --pid-file="$dir/other.pid" --user=nobody &
	other=$!
	sleep 1
	[ "$(ask a.other.test)" = 192.0.2.9 ] && [ "$(ask +tcp b.other.test)" = 192.0.2.9 ]
	set -- $?
	kill "$other"
	return "$1"
}
many() {
	local i jobs=()

	for i in $(seq 20); do ask "+$([ $((i % 2)) -eq 0 ] && echo tcp || echo notcp)" one.test >/dev/null & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op lookup ready
	op 'over TCP' eval '[ "$(ask +tcp one.test)" = 192.0.2.1 ]'
	op 'no such name' eval '[ "$(status_of none.one.test)" = NXDOMAIN ]'
	op reverse eval '[ "$(ask -x 192.0.2.1)" = one.test. ]'
	op 'long text' eval 'ask TXT long.test | grep -q 0001'
	op mail eval 'ask MX one.test | grep -q mail.test'
	op 'no upstream' eval '! ask away.test | grep -q "^[0-9]"'
	op upstream handed_on
	op 'many clients' many
	op 'hosts reloaded' changed
	op 'log rotation' rotated
	op statistics statistics
	op 'graceful stop' ends TERM
}
