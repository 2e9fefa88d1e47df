# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(mariadbd --version)
user=nobody

options() {
	printf '%s\n' --no-defaults --datadir="$1/data" --innodb-buffer-pool-size=16M \
		--innodb-log-file-size=8M
}
setup() {
	if [ ! -d "$work/initial" ]; then
		mkdir "$work/initial" && mkdir "$work/initial/data" || return
		mariadb-install-db --no-defaults --datadir="$work/initial/data" \
			--auth-root-authentication-method=normal --skip-test-db \
			--innodb-buffer-pool-size=16M --innodb-log-file-size=8M || return
	fi
	cp -a "$work/initial/data" "$dir/data" || return
	mapfile -t command < <(options "$dir")
	command=(mariadbd "${command[@]}" --socket="$dir/socket" --port=3307
		--bind-address=127.0.0.1 --pid-file="$dir/pid" --log-error="$dir/error.log"
		--general-log=1 --general-log-file="$dir/general.log" --log-bin="$dir/data/binlog"
		--tmpdir="$dir" --sort-buffer-size=64K)
}
sql() { timeout 120 mariadb --no-defaults -N -u root -S "$dir/socket" -e "$1" ${2:+"$2"}; }
ready() { sql 'select 1'; }
learn() {
	sql 'create database d' && sql "create table t (i int, s text); insert into t values (1, 'one')" d &&
		[ "$(sql 'select s from t where i = 1' d)" = one ]
}

table() {
	sql 'create database if not exists e' &&
		sql 'create table big (i int primary key, s varchar(64)) engine=innodb;
			insert into big select seq, md5(seq) from seq_1_to_20000;
			alter table big add index (s)' e
}
sorts() { [ "$(sql 'set tmp_memory_table_size=16384; select count(*) from (select distinct s, i from big order by s desc) x' e)" = 20000 ]; }
grow() { sql 'set global innodb_buffer_pool_size = 33554432' && sql "select length(repeat('x', 8000000))"; }
rotate() { mv "$dir/general.log" "$dir/general.old" && sql 'flush logs' && wait_for 20 test -e "$dir/general.log"; }
backup() { sql 'backup stage start; backup stage flush; backup stage block_ddl; backup stage block_commit; backup stage end'; }
rebuild() { sql 'alter table big engine=aria; optimize table big; alter table big engine=innodb' e; }
outfile() { sql "select * from big into outfile '$dir/out'; create table again like big; load data infile '$dir/out' into table again; drop table again" e; }
killed() {
	sql 'select sleep(60)' &
	sleep 2
	sql "kill $(sql "select id from information_schema.processlist where info like 'select sleep%' limit 1")" && ready
}
many() {
	local i jobs=()

	for i in $(seq 10); do sql 'select count(*) from big' e >/dev/null & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op 'table and index' table
	op 'sort on disk' sorts
	op 'buffer growth' grow
	op rebuild rebuild
	op 'out to a file and in' outfile
	op 'many clients' many
	op 'log rotation' rotate
	op 'purge of the binary log' sql 'flush binary logs; purge binary logs before now()'
	op backup backup
	op 'killed query' killed
	op 'tables flushed' sql 'flush tables; flush status; reset query cache'
	op 'database dropped' sql 'drop database e'
	op 'graceful stop' ends TERM
}
