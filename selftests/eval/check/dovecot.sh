# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version="dovecot $(dovecot --version)"

setup() {
	mkdir -p "$dir/mail/u" "$dir/run" && chown -R nobody "$dir/mail"
	cat >"$dir/dovecot.conf" <<END
protocols = imap
base_dir = $dir/run
state_dir = $dir/run
log_path = $dir/dovecot.log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:$dir/mail/%u
first_valid_uid = 1
default_internal_user = dovecot
default_login_user = dovenull
service imap-login {
  inet_listener imap {
    port = 1143
  }
  inet_listener imaps {
    port = 0
  }
}
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$dir/mail/%u
}
END
	chmod 755 "$dir"
	command=(dovecot -F -c "$dir/dovecot.conf")
}
imap() { curl -s -m 30 -u u:secret "imap://127.0.0.1:1143/$1" "${@:2}"; }
ready() { imap '' -X NOOP; }
letter() { printf 'Subject: one\r\n\r\nbody\r\n' >"$dir/letter"; }
learn() { letter && imap INBOX -T "$dir/letter" && imap 'INBOX;MAILINDEX=1' | grep -q body; }

search() { imap INBOX -X 'SEARCH TEXT body' | grep -q '[0-9]'; }
crowd_imap() {
	local i jobs=()

	for i in $(seq 8); do imap INBOX -X 'STATUS INBOX (MESSAGES)' >/dev/null & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
idle() {
	local client

	{ printf 'a login u secret\r\nb select INBOX\r\nc idle\r\n'; sleep 4; printf 'done\r\nd logout\r\n'; sleep 1; } |
		timeout 20 busybox nc 127.0.0.1 1143 >"$dir/idle" & client=$!
	sleep 2
	letter && imap INBOX -T "$dir/letter"
	wait "$client"
	grep -q EXISTS "$dir/idle"
}
life() {
	op 'append and read' learn
	op search search
	op folders eval 'imap "" -X "CREATE sub" && imap "" -X "LIST \"\" *" | grep -q sub'
	op copy eval 'imap INBOX -X "COPY 1 sub" && imap "sub;MAILINDEX=1" | grep -q body'
	op rename eval 'imap "" -X "RENAME sub sub2" && imap "" -X "DELETE sub2"'
	op flags eval 'imap INBOX -X "STORE 1 +FLAGS (\\Deleted)" && imap INBOX -X EXPUNGE; ready'
	op idle idle
	op 'wrong user' eval '! curl -s -m 20 -u "u:" imap://127.0.0.1:1143/ -X NOOP'
	op 'many clients' crowd_imap
	op 'log rotation' eval 'mv "$dir/dovecot.log" "$dir/old.log" && doveadm -c "$dir/dovecot.conf" log reopen && ready'
	op reload eval 'doveadm -c "$dir/dovecot.conf" reload && sleep 2 && wait_for 30 ready'
	op 'graceful stop' ends TERM
}
