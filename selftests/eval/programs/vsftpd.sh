# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(vsftpd -v 0>&1 2>&1)
ftp=ftp://127.0.0.1:2121

setup() {
	pages
	mkdir -p "$site/upload" /var/run/vsftpd/empty
	id ftp-eval >/dev/null 2>&1 || useradd -r -d / -s /usr/sbin/nologin ftp-eval
	chown ftp-eval "$site/upload"
	cat >"$dir/vsftpd.conf" <<END
listen=YES
background=NO
listen_address=127.0.0.1
listen_port=2121
anonymous_enable=YES
anon_root=$site
local_enable=NO
write_enable=YES
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_umask=022
xferlog_enable=YES
vsftpd_log_file=$dir/vsftpd.log
secure_chroot_dir=/var/run/vsftpd/empty
ftp_username=ftp-eval
pasv_min_port=30000
pasv_max_port=30100
END
	command=(vsftpd "$dir/vsftpd.conf")
}
fetch() { curl -s -S -m 30 "$@"; }
ready() { [ "$(fetch "$ftp/index.html")" = 'a page' ]; }
learn() { ready && fetch "$ftp/" | grep -q index.html; }

whole() { fetch "$ftp/large" | cmp - "$site/large"; }
upload() { fetch -T "$site/large" "$ftp/upload/new" && cmp "$site/large" "$site/upload/new"; }
resume() { [ "$(fetch -r 100-199 "$ftp/large" | wc -c)" -eq 100 ]; }
renamed() { fetch -o /dev/null -Q 'RNFR upload/new' -Q 'RNTO upload/newer' "$ftp/" && [ -e "$site/upload/newer" ]; }
deleted() { fetch -o /dev/null -Q 'DELE upload/newer' "$ftp/" && [ ! -e "$site/upload/newer" ]; }
directory() { fetch -o /dev/null -Q 'MKD upload/sub' "$ftp/" && [ -d "$site/upload/sub" ] && fetch -o /dev/null -Q 'RMD upload/sub' "$ftp/" && [ ! -e "$site/upload/sub" ]; }
modified() { fetch -I "$ftp/large" | grep -q Last-Modified; }
turned_away() { ! fetch -u root:wrong "$ftp/"; }
active() { fetch -P 127.0.0.1 "$ftp/" | grep -q index.html; }
many() {
	local i jobs=()

	for i in $(seq 8); do fetch "$ftp/large" >/dev/null & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
reload() { signal HUP && sleep 1 && ready; }
life() {
	op list learn
	op download whole
	op upload upload
	op 'part of a file' resume
	op rename renamed
	op delete deleted
	op directory directory
	op 'time of a file' modified
	op 'refused login' turned_away
	op 'active mode' active
	op 'many clients' many
	op reload reload
	op stop ends TERM 143
}
