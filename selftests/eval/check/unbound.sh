# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(unbound -V | head -n 1)

setup() {
	cat >"$dir/unbound.conf" <<END
server:
	interface: 127.0.0.1
	port: 5453
	do-daemonize: no
	chroot: ""
	directory: "$dir"
	username: "unbound"
	pidfile: "$dir/unbound.pid"
	logfile: "$dir/unbound.log"
	use-syslog: no
	num-threads: 2
	do-not-query-localhost: no
	module-config: "iterator"
	local-zone: "one.test." static
	local-data: "one.test. A 192.0.2.1"
	local-data-ptr: "192.0.2.1 one.test"
remote-control:
	control-enable: yes
	control-interface: $dir/control
	control-use-cert: no
forward-zone:
	name: "away.example."
	forward-addr: 127.0.0.1@5399
forward-zone:
	name: "other.example."
	forward-addr: 127.0.0.1@5455
END
	chmod 777 "$dir"
	command=(unbound -d -c "$dir/unbound.conf")
}
ask() { dig +short +tries=1 +time=5 -p 5453 @127.0.0.1 "$@"; }
control() { unbound-control -c "$dir/unbound.conf" "$@"; }
ready() { [ "$(ask one.test)" = 192.0.2.1 ]; }
learn() { ready; }

handed_on() {
	local other

	dnsmasq -k -p 5455 --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts \
		--address=/other.example/192.0.2.9 --pid-file="$dir/other.pid" --user=nobody &
	other=$!
	sleep 1
	[ "$(ask a.other.example)" = 192.0.2.9 ] && [ "$(ask +tcp b.other.example)" = 192.0.2.9 ]
	set -- $?
	kill "$other"
	return "$1"
}
added() { control local_data two.test. A 192.0.2.2 && [ "$(ask two.test)" = 192.0.2.2 ]; }
dumped() { control dump_cache >"$dir/cache" && control load_cache <"$dir/cache"; }
rotated() { mv "$dir/unbound.log" "$dir/unbound.log.1" && control log_reopen && control verbosity 3 && ready && [ -e "$dir/unbound.log" ]; }
many() {
	local i jobs=()

	for i in $(seq 20); do ask "+$([ $((i % 2)) -eq 0 ] && echo tcp || echo notcp)" one.test >/dev/null & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op lookup ready
	op 'over TCP' eval '[ "$(ask +tcp one.test)" = 192.0.2.1 ]'
	op reverse eval '[ "$(ask -x 192.0.2.1)" = one.test. ]'
	op 'no upstream' eval '! ask away.example | grep -q "^[0-9]"'
	op upstream handed_on
	op 'data added' added
	op 'cache dumped' dumped
	op 'log rotation' rotated
	op 'many clients' many
	op reload eval 'control reload && wait_for 30 ready'
	op statistics eval 'control stats | grep -q total.num.queries'
	op 'graceful stop' ends TERM
}
