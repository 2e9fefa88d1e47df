# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(smbd --version)

setup() {
	mkdir -p "$dir/share" "$dir/state" && chmod 777 "$dir/share" && echo one >"$dir/share/one" || return
	cat >"$dir/smb.conf" <<END
[global]
server role = standalone server
map to guest = Bad User
guest account = nobody
smb ports = 4450
interfaces = 127.0.0.1
bind interfaces only = yes
log file = $dir/log
private dir = $dir/state
lock directory = $dir/state
state directory = $dir/state
cache directory = $dir/state
pid directory = $dir/state
ncalrpc dir = $dir/state/ncalrpc
disable netbios = yes
load printers = no
[share]
path = $dir/share
guest ok = yes
read only = no
END
	chmod 755 "$dir"
	command=(smbd -F -s "$dir/smb.conf")
}
smb() { timeout 40 smbclient -N -p 4450 -s "$dir/smb.conf" //127.0.0.1/share -c "$1"; }
ready() { smb ls | grep -q one; }
learn() { smb "get one $dir/got" && grep -q one "$dir/got"; }

crowd_smb() {
	local i jobs=()

	for i in 1 2 3 4; do smb ls & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op get learn
	op put eval 'head -c 2000000 /dev/urandom >"$dir/f" && smb "put $dir/f f" && cmp "$dir/f" "$dir/share/f"'
	op directories smb 'mkdir d; cd d; ls; cd ..; rmdir d'
	op rename smb 'rename f g'
	op attributes smb 'setmode g +r; allinfo g; setmode g -r'
	op times smb 'utimes g -1 -1 -1 -1; ls g'
	op delete smb 'del g'
	op space smb du
	op 'no such file' eval 'smb "get none $dir/none" | grep -q NOT_FOUND'
	op 'many clients' crowd_smb
	op reload eval 'signal HUP && sleep 1 && ready'
	op 'graceful stop' ends TERM 143
}
