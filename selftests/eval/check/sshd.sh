# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(dpkg-query -Wf 'sshd ${Version}' openssh-server)

setup() {
	mkdir -p /run/sshd "$dir/home/.ssh" && ssh-keygen -q -t ed25519 -N '' -f "$dir/host" &&
		ssh-keygen -q -t ed25519 -N '' -f "$dir/key" &&
		install -m 600 "$dir/key.pub" "$dir/authorized" || return
	cat >"$dir/sshd_config" <<END
Port 2222
ListenAddress 127.0.0.1
HostKey $dir/host
AuthorizedKeysFile $dir/authorized
PidFile $dir/sshd.pid
StrictModes no
PermitRootLogin yes
UsePAM no
PasswordAuthentication no
Subsystem sftp /usr/lib/openssh/sftp-server
END
	printf 'Host *\nPort 2222\nIdentityFile %s\nStrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nLogLevel ERROR\n' "$dir/key" >"$dir/ssh_config"
	command=(/usr/sbin/sshd -D -e -f "$dir/sshd_config")
}
remote() { timeout 120 ssh -F "$dir/ssh_config" "$@"; }
ready() { [ "$(remote 127.0.0.1 echo yes)" = yes ]; }
learn() { ready; }

copied() { head -c 3000000 /dev/urandom >"$dir/a" && scp -q -F "$dir/ssh_config" "$dir/a" "127.0.0.1:$dir/b" && cmp "$dir/a" "$dir/b"; }
sftped() { printf 'mkdir %s/d\nput %s/key.pub %s/d/k\nrename %s/d/k %s/d/l\nls -l %s/d\nchmod 600 %s/d/l\nrm %s/d/l\nrmdir %s/d\n' "$dir" "$dir" "$dir" "$dir" "$dir" "$dir" "$dir" "$dir" "$dir" | timeout 120 sftp -F "$dir/ssh_config" -b - 127.0.0.1; }
forwarded() {
	local client status

	ssh -F "$dir/ssh_config" -N -L 8022:127.0.0.1:2222 127.0.0.1 & client=$!
	wait_for 120 busybox nc -w 1 127.0.0.1 8022 </dev/null
	[ "$(remote -p 8022 127.0.0.1 echo through)" = through ]
	status=$?
	kill "$client"
	return "$status"
}
crowd_ssh() {
	local i jobs=()

	for i in 1 2 3 4; do remote 127.0.0.1 true & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op command ready
	op status eval 'remote 127.0.0.1 exit 3; [ $? -eq 3 ]'
	op input eval '[ "$(seq 1000 | remote 127.0.0.1 wc -l)" = 1000 ]'
	op terminal eval 'remote -tt 127.0.0.1 tty </dev/null | grep -q /dev/pts'
	op 'a file' copied
	op sftp sftped
	op forwarding forwarded
	op 'wrong key' eval '! timeout 120 ssh -F /dev/null -p 2222 -i "$dir/host" -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null 127.0.0.1 true'
	op 'many clients' crowd_ssh
	op reload eval 'signal HUP && sleep 1 && wait_for 120 ready'
	op 'graceful stop' ends TERM
}
