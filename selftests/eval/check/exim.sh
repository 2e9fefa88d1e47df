# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(exim4 -bV | head -n 1)

setup() {
	mkdir -p "$dir/spool" "$dir/mail" "$dir/log"
	cat >"$dir/exim.conf" <<END
primary_hostname = one.test
domainlist local_domains = one.test
spool_directory = $dir/spool
log_file_path = $dir/log/%slog
daemon_smtp_ports = 2525
local_interfaces = 127.0.0.1
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
never_users =
tls_advertise_hosts =
pid_file_path = $dir/exim.pid
begin acl
acl_rcpt:
  accept domains = +local_domains
  deny message = no relay
acl_data:
  accept
begin routers
piped:
  driver = accept
  local_parts = pipe
  transport = piped
local:
  driver = accept
  transport = files
begin transports
files:
  driver = appendfile
  file = $dir/mail/all
  delivery_date_add
  user = Debian-exim
  group = Debian-exim
piped:
  driver = pipe
  command = /bin/sh -c 'sort > $dir/mail/sorted'
  user = Debian-exim
  group = Debian-exim
begin retry
* * F,1h,1m
END
	chown -R Debian-exim:Debian-exim "$dir" && chown root "$dir/exim.conf" && chmod 755 "$dir" &&
		chmod 644 "$dir/exim.conf" || return
	command=(exim4 -bdf -q30s -C "$dir/exim.conf")
}
# mail TO FILE
mail() { curl -s -m 30 smtp://127.0.0.1:2525 --mail-from a@one.test --mail-rcpt "$1" --upload-file "$2"; }
ready() { curl -s -m 10 smtp://127.0.0.1:2525 -X HELP; }
letter() { printf 'Subject: %s\n\n%s\n' "$1" "$1" >"$dir/letter.$1"; echo "$dir/letter.$1"; }
arrived() { grep -qs "$2" "$dir/mail/$1"; }
learn() { mail b@one.test "$(letter first)" && wait_for 30 arrived all first; }

large() { { printf 'Subject: large\n\n'; head -c 1000000 /dev/urandom | base64; } >"$dir/large" && mail c@one.test "$dir/large" && wait_for 60 arrived all "Subject: large"; }
crowd_exim() {
	local i jobs=()

	for i in $(seq 10); do mail d@one.test "$(letter "crowd$i")" & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
	wait_for 60 eval '[ "$(grep -c "^Subject: crowd" "$dir/mail/all")" -eq 10 ]'
}
life() {
	op letter learn
	op large large
	op pipe eval 'mail pipe@one.test "$(letter piped)" && wait_for 30 arrived sorted piped'
	op 'no relay' eval '! mail x@two.test "$(letter away)"'
	op 'many clients' crowd_exim
	op 'log rotation' eval 'mv "$dir/log/mainlog" "$dir/log/old" && mail b@one.test "$(letter rotated)" && wait_for 30 arrived all rotated && [ -s "$dir/log/mainlog" ]'
	op 'a queue run' eval 'sleep 31; ready'
	op reload eval 'signal HUP && sleep 2 && wait_for 30 ready'
	op 'graceful stop' ends TERM
}
