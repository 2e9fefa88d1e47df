# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(proftpd --version 2>&1)

setup() {
	mkdir -p "$dir/ftp/in" && echo one >"$dir/ftp/one" && chmod 777 "$dir/ftp/in" && chmod 755 "$dir" "$dir/ftp" || return
	cat >"$dir/proftpd.conf" <<END
ServerName one.test
ServerType standalone
DefaultAddress 127.0.0.1
Port 2121
UseIPv6 off
User nobody
Group nogroup
PidFile $dir/proftpd.pid
ScoreboardFile $dir/score
DelayTable $dir/delay
SystemLog $dir/proftpd.log
TransferLog $dir/xfer.log
WtmpLog off
AllowOverwrite on
AllowStoreRestart on
RequireValidShell off
<Anonymous $dir/ftp>
  User ftp
  Group nogroup
  UserAlias anonymous ftp
  MaxClients 20
  RequireValidShell off
</Anonymous>
END
	id ftp >/dev/null 2>&1 || useradd -r -d "$dir/ftp" -s /usr/sbin/nologin ftp
	command=(proftpd --nodaemon --config "$dir/proftpd.conf")
}
ftp=ftp://127.0.0.1:2121
ready() { curl -s -m 20 $ftp/ | grep -q one; }
learn() { [ "$(curl -s -m 20 $ftp/one)" = one ]; }
upload() { curl -s -m 30 -T "$1" "$ftp/in/$2" "${@:3}"; }

crowd_ftp() {
	local i jobs=()

	for i in $(seq 8); do curl -s -m 30 -o /dev/null $ftp/one & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op list ready
	op get learn
	op put eval 'head -c 2000000 /dev/urandom >"$dir/f" && upload "$dir/f" f && cmp "$dir/f" "$dir/ftp/in/f"'
	op active eval '[ "$(curl -s -m 20 -P 127.0.0.1 $ftp/one)" = one ]'
	op append eval 'upload "$dir/f" f -a && [ "$(stat -c %s "$dir/ftp/in/f")" -eq 4000000 ]'
	op part eval '[ "$(curl -s -m 20 -r 0-1 $ftp/one)" = on ]'
	op directory curl -s -m 20 $ftp/ -Q 'MKD in/d' -Q 'RMD in/d'
	op rename curl -s -m 20 $ftp/ -Q 'RNFR in/f' -Q 'RNTO in/g'
	op mode curl -s -m 20 $ftp/ -Q 'SITE CHMOD 600 in/g'
	op time curl -s -m 20 $ftp/ -Q 'MDTM one' -Q 'MFMT 20010101000000 in/g'
	op delete curl -s -m 20 $ftp/ -Q 'DELE in/g'
	op 'many clients' crowd_ftp
	op reload eval 'signal HUP && sleep 2 && wait_for 20 ready'
	op 'graceful stop' ends TERM
}
