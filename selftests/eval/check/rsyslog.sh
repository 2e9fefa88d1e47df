# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(rsyslogd -v | head -n 1)

setup() {
	mkdir -p "$dir/work"
	cat >"$dir/rsyslog.conf" <<END
global(workDirectory="$dir/work")
module(load="imuxsock" SysSock.Use="off")
module(load="imtcp")
module(load="imudp")
module(load="imfile")
module(load="omprog")
input(type="imuxsock" Socket="$dir/sock")
input(type="imtcp" port="5514" address="127.0.0.1")
input(type="imudp" port="5514" address="127.0.0.1")
input(type="imfile" file="$dir/watched" tag="watched:")
template(name="each" type="string" string="$dir/by/%programname%.log")
if \$programname == 'piped' then { action(type="omprog" binary="$dir/pipe" template="RSYSLOG_FileFormat") stop }
if \$programname == 'queued' then { action(type="omfwd" target="127.0.0.1" port="5599" protocol="tcp" queue.type="linkedlist" queue.filename="q" queue.saveonshutdown="on" action.resumeRetryCount="-1") stop }
action(type="omfile" dynaFile="each" createDirs="on")
END
	printf '#!/bin/sh\ncat >%s/piped\n' "$dir" >"$dir/pipe" && chmod 755 "$dir/pipe" || return
	: >"$dir/watched"
	command=(rsyslogd -n -f "$dir/rsyslog.conf" -i "$dir/rsyslogd.pid")
}
say() { logger --socket "$dir/sock" -t "$1" "$2"; }
heard() { grep -qs "$2" "$dir/by/$1.log"; }
ready() { [ -S "$dir/sock" ] && say first hello && sleep 0.2 && heard first hello; }
learn() { say one two && wait_for 20 heard one two; }

many() { local i; for i in $(seq 500); do echo "m $i"; done | logger --socket "$dir/sock" -t many && wait_for 30 heard many 'm 500'; }
life() {
	op 'by socket' learn
	op 'by TCP' eval 'logger -T -n 127.0.0.1 -P 5514 -t tcp hello && wait_for 20 heard tcp hello'
	op 'by UDP' eval 'logger -d -n 127.0.0.1 -P 5514 -t udp hello && wait_for 20 heard udp hello'
	op 'a watched file' eval 'echo seen >>"$dir/watched" && wait_for 30 heard watched seen'
	op many many
	op 'to a program' eval 'say piped x && wait_for 20 grep -qs x "$dir/piped"'
	op 'to nobody' say queued x
	op 'log rotation' eval 'mv "$dir/by/one.log" "$dir/by/old.log" && signal HUP && sleep 1 && learn'
	op 'a file that is rotated' eval 'mv "$dir/watched" "$dir/watched.1" && echo again >"$dir/watched" && wait_for 30 heard watched again'
	op 'graceful stop' ends TERM
}
