# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(rsync --version | head -n 1)

setup() {
	mkdir -p "$dir/m/sub"
	cat >"$dir/rsyncd.conf" <<END
pid file = $dir/rsyncd.pid
log file = $dir/rsyncd.log
lock file = $dir/rsyncd.lock
uid = nobody
gid = nogroup
[m]
path = $dir/m
read only = no
use chroot = yes
max connections = 10
END
	echo one >"$dir/m/one" && chown -R nobody "$dir/m" && chmod 755 "$dir"
	command=(rsync --daemon --no-detach --address=127.0.0.1 --port=8730 --config="$dir/rsyncd.conf")
}
remote=rsync://127.0.0.1:8730/m
sync() { timeout 60 rsync "$@"; }
ready() { sync $remote/ | grep -q one; }
learn() { sync $remote/one "$dir/got" && grep -q one "$dir/got"; }

tree() { mkdir -p "$dir/t/a/b" && head -c 2000000 /dev/urandom >"$dir/t/a/f" && ln -s f "$dir/t/a/s" && ln "$dir/t/a/f" "$dir/t/a/h" && touch -d 2001-01-01 "$dir/t/a/b"; }
up() { tree && sync -aH "$dir/t/" $remote/t/ && cmp "$dir/t/a/f" "$dir/m/t/a/f"; }
delta() { echo more >>"$dir/t/a/f" && sync -aH --inplace "$dir/t/" $remote/t/ && cmp "$dir/t/a/f" "$dir/m/t/a/f"; }
crowd_rsync() {
	local i jobs=()

	for i in 1 2 3 4 5; do sync -a $remote/ "$dir/c$i" & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op list ready
	op down learn
	op up up
	op changes delta
	op deletion eval 'rm "$dir/t/a/h" && sync -a --delete "$dir/t/" $remote/t/ && [ ! -e "$dir/m/t/a/h" ]'
	op checksums sync -ac "$dir/t/" $remote/t/
	op backup eval 'echo x >"$dir/t/a/f" && sync -a --backup --suffix=.old "$dir/t/" $remote/t/ && [ -e "$dir/m/t/a/f.old" ]'
	op compressed sync -az $remote/ "$dir/z"
	op sparse sync -aS "$dir/t/" $remote/p/
	op 'many clients' crowd_rsync
	op 'graceful stop' ends TERM
}
