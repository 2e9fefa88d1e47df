# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(named -v)

setup() {
	cat >"$dir/named.conf" <<END
options {
	directory "$dir";
	pid-file "$dir/named.pid";
	session-keyfile "$dir/session.key";
	listen-on port 5553 { 127.0.0.1; };
	listen-on-v6 { none; };
	dnssec-validation no;
	forwarders { 127.0.0.1 port 5555; };
	forward only;
	managed-keys-directory "$dir";
};
key "k" { algorithm hmac-sha256; secret "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"; };
controls { inet 127.0.0.1 port 5554 allow { 127.0.0.1; } keys { "k"; }; };
logging { channel f { file "$dir/named.log" versions 3 size 20k; severity info; };
	category default { f; }; category queries { f; }; };
zone "one.test" { type primary; file "$dir/one.zone"; allow-update { key "k"; }; allow-transfer { any; }; };
END
	cat >"$dir/one.zone" <<'END'
$TTL 60
@ IN SOA ns.one.test. root.one.test. 1 60 60 60 60
@ IN NS ns
ns IN A 127.0.0.1
@ IN A 192.0.2.1
END
	printf 'key "k" { algorithm hmac-sha256; secret "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"; };\noptions { default-key "k"; default-server 127.0.0.1; default-port 5554; };\n' >"$dir/rndc.conf"
	chmod 777 "$dir" && chmod 666 "$dir"/*
	command=(named -f -n 2 -u bind -c "$dir/named.conf")
}
ask() { dig +short +tries=1 +time=5 -p 5553 @127.0.0.1 "$@"; }
control() { rndc -c "$dir/rndc.conf" "$@"; }
ready() { [ "$(ask one.test)" = 192.0.2.1 ]; }
learn() { ready; }

updated() {
	printf 'server 127.0.0.1 5553\nkey hmac-sha256:k c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\nupdate add two.one.test 60 A 192.0.2.2\nsend\n' |
		nsupdate && [ "$(ask two.one.test)" = 192.0.2.2 ]
}
synced() { control sync -clean && grep -q 192.0.2.2 "$dir/one.zone"; }
handed_on() {
	local other

	dnsmasq -k -p 5555 --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts \
		--address=/other.test/192.0.2.9 --pid-file="$dir/other.pid" --user=nobody &
	other=$!
	sleep 1
	[ "$(ask a.other.test)" = 192.0.2.9 ]
	set -- $?
	kill "$other"
	return "$1"
}
many() {
	local i jobs=()

	for i in $(seq 20); do ask one.test >/dev/null & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op lookup ready
	op 'over TCP' eval '[ "$(ask +tcp one.test)" = 192.0.2.1 ]'
	op transfer eval 'ask AXFR one.test | grep -q 192.0.2.1'
	op upstream handed_on
	op 'dynamic update' updated
	op 'journal synced' synced
	op 'many clients' many
	op reload eval 'control reload && wait_for 30 ready'
	op 'cache dumped' eval 'control dumpdb -all && wait_for 20 test -s "$dir/named_dump.db"'
	op statistics eval 'control stats && wait_for 20 test -s "$dir/named.stats"'
	op 'graceful stop' eval 'control stop && wait_for 60 empty'
}
