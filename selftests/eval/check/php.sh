# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(php-fpm8.2 -v | head -n 1)

setup() {
	mkdir -p "$dir/www"
	cat >"$dir/fpm.conf" <<END
[global]
pid = $dir/fpm.pid
error_log = $dir/fpm.log
daemonize = no
[www]
user = www-data
group = www-data
listen = 127.0.0.1:9000
pm = dynamic
pm.max_children = 6
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 3
pm.max_requests = 20
slowlog = $dir/slow.log
php_admin_value[session.save_path] = $dir/www
php_admin_value[sys_temp_dir] = $dir/www
END
	echo '<?php echo "hello"; ' >"$dir/www/hello.php"
	cat >"$dir/www/files.php" <<'END'
<?php $d = __DIR__ . '/d' . getmypid(); mkdir($d); file_put_contents("$d/a", str_repeat('x', 100), LOCK_EX);
rename("$d/a", "$d/b"); link("$d/b", "$d/c"); symlink('b', "$d/s"); chmod("$d/b", 0600); touch("$d/b", 1);
copy("$d/b", "$d/e"); $n = count(scandir($d)); foreach (glob("$d/*") as $f) unlink($f); rmdir($d); echo "files $n";
END
	echo '<?php session_start(); $_SESSION["n"] = 1; session_write_close(); echo "session ", strlen(session_id());' >"$dir/www/session.php"
	printf '%s\n' '<?php echo "run ", shell_exec("printf \"b\\na\\n\" | sort");' >"$dir/www/run.php"
	echo '<?php $t = tmpfile(); fwrite($t, "z"); fflush($t); flock($t, LOCK_EX); echo "temp ", fstat($t)["size"];' >"$dir/www/temp.php"
	echo '<?php $s = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0); fwrite($s[0], "q"); $r = [$s[1]]; $w = $e = null; stream_select($r, $w, $e, 1); echo "pair ", fread($s[1], 1);' >"$dir/www/pair.php"
	echo '<?php echo "name ", gethostbyname("localhost"), " ", php_uname("n"), " ", date("e"), " ", get_current_user();' >"$dir/www/name.php"
	echo '<?php usleep(10000); $a = range(1, 500000); gc_collect_cycles(); echo "memory ", count($a), " ", sys_getloadavg()[0] >= 0, " ", getrusage()["ru_utime.tv_sec"] >= 0;' >"$dir/www/memory.php"
	chown -R www-data "$dir/www"
	chmod 755 "$dir"
	command=(php-fpm8.2 -R -F -y "$dir/fpm.conf")
}
says() {
	SCRIPT_FILENAME=$dir/www/$1.php REQUEST_METHOD=GET timeout 30 cgi-fcgi -bind -connect 127.0.0.1:9000 | grep -q "$2"
}
ready() { says hello hello; }
learn() { ready; }

renewed() { local i; for i in $(seq 70); do says hello hello || return; done; }
crowd_php() {
	local i jobs=()

	for i in $(seq 12); do says memory memory & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op page ready
	op files says files 'files [4-9]'
	op session says session session
	op 'a program' says run a
	op 'temporary file' says temp 'temp 1'
	op 'socket pair' says pair 'pair q'
	op names says name 'name 127'
	op memory says memory 500000
	op 'many clients' crowd_php
	op 'children renewed' renewed
	op 'crash of a child' eval 'kill -SEGV "$(children | tail -n 1)" && wait_for 30 ready'
	op 'log rotation' eval 'mv "$dir/fpm.log" "$dir/fpm.log.1" && signal USR1 && sleep 1 && ready && [ -e "$dir/fpm.log" ]'
	op reload eval 'signal USR2 && sleep 2 && wait_for 30 ready'
	op 'graceful stop' ends QUIT
}
