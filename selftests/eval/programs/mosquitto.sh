# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(mosquitto -h | head -n 1)
user=nobody

setup() {
	cat >"$dir/mosquitto.conf" <<END
listener 1883 127.0.0.1
allow_anonymous true
persistence true
persistence_location $dir/
log_dest file $dir/mosquitto.log
user nobody
END
	command=(mosquitto -c "$dir/mosquitto.conf")
}
tell() { mosquitto_pub -h 127.0.0.1 "$@"; }
hear() { timeout 30 mosquitto_sub -h 127.0.0.1 -C 1 "$@"; }
ready() { tell -t ready -m 1; }
# told TOPIC MESSAGE OPTION...: kept for who comes later, and heard.
told() { tell -r -t "$1" -m "$2" "${@:3}" && [ "$(hear -t "$1" "${@:3}")" = "$2" ]; }
learn() { told first 1; }

large() {
	head -c 2000000 /dev/zero | tr '\0' m >"$dir/large"
	tell -r -t large -f "$dir/large" && hear -t large | head -c 2000000 | cmp -s - "$dir/large"
}
live() {
	local got

	hear -t live >"$dir/live" &
	got=$!
	sleep 1
	tell -t live -m now && wait "$got" && grep -qx now "$dir/live"
}
# It ends without a word, and its will is told.
will() {
	local got dying

	hear -t will >"$dir/will" &
	got=$!
	mosquitto_sub -h 127.0.0.1 -t none --will-topic will --will-payload gone &
	dying=$!
	sleep 1
	kill -KILL "$dying"
	wait "$got" && grep -qx gone "$dir/will"
}
# A client's messages wait for it.
away() {
	timeout 3 mosquitto_sub -h 127.0.0.1 -i sleeper -c -q 1 -t wait
	tell -q 1 -t wait -m later && [ "$(hear -i sleeper -c -q 1 -t wait)" = later ]
}
saved() { signal USR1 && sleep 1 && [ -s "$dir/mosquitto.db" ]; }
rotated() { mv "$dir/mosquitto.log" "$dir/mosquitto.log.1" && signal HUP && sleep 1 && ready && [ -s "$dir/mosquitto.log" ]; }
tree() { signal USR2 && sleep 1 && ready; }
garbage() {
	exec 8<>/dev/tcp/127.0.0.1/1883 || return
	head -c 1000 /dev/urandom >&8
	exec 8>&-
	ready
}
many() {
	local i jobs=()

	for i in $(seq 20); do told "many/$i" "$i" & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op 'tell and hear' learn
	op 'exactly once' told twice 2 -q 2
	op 'newer protocol' told newer 5 -V mqttv5
	op live live
	op 'large message' large
	op will will
	op 'waiting messages' away
	op 'many clients' many
	op garbage garbage
	op 'saved to disk' saved
	op 'log rotation' rotated
	op tree tree
	op 'graceful stop' ends TERM
}
