# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
version=$("$bin/postgres" --version)
user=postgres

as() { setpriv --reuid postgres --regid postgres --init-groups env HOME=/tmp "$@"; }
setup() {
	if [ ! -d "$work/initial" ]; then
		mkdir "$work/initial" && chown postgres "$work/initial" &&
			as "$bin/initdb" -D "$work/initial/data" -A trust --no-sync --locale=C || return
	fi
	cp -a "$work/initial/data" "$dir/data" && chown -R postgres "$dir" || return
	cat >>"$dir/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir'
shared_buffers = 16MB
work_mem = 128kB
logging_collector = on
log_directory = 'log'
log_filename = 'server.%H%M%S.log'
fsync = on
max_parallel_workers_per_gather = 2
END
	command=("$bin/postgres" -D "$dir/data")
}
sql() { timeout 120 psql -X -q -t -A -v ON_ERROR_STOP=1 -h "$dir" -U postgres -d postgres -c "$1"; }
ready() { sql 'select 1'; }
learn() {
	sql 'create table t (i int, s text)' && sql "insert into t values (1, 'one')" &&
		[ "$(sql 'select s from t where i = 1')" = one ]
}

table() { sql 'create table big as select g as i, md5(g::text) as s from generate_series(1, 60000) g' && sql 'create index on big (s)'; }
sorts() { [ "$(sql 'select count(*) from (select * from big order by s desc) x')" = 60000 ] && sql 'select i from big order by s' >/dev/null; }
grow() { sql "select length(string_agg(s, ',')) from big" && sql "select length(repeat('x', 200000000))"; }
parallel() { sql 'set min_parallel_table_scan_size = 0; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; select count(distinct s) from big where i > 5' && sql "set min_parallel_table_scan_size = 0; set parallel_setup_cost = 0; select avg(i) from big"; }
reload() { [ "$(sql 'select pg_reload_conf()')" = t ] && sleep 1 && ready; }
rotate() { sql 'select pg_rotate_logfile()' && sleep 2 && [ "$(find "$dir/data/log" -type f | wc -l)" -ge 2 ]; }
dump() { timeout 120 pg_dump -h "$dir" -U postgres postgres >"$work/dumped" && grep -q 'CREATE TABLE public.big' "$work/dumped"; }
backup() { rm -rf "$work/backup"; timeout 200 "$bin/pg_basebackup" -h "$dir" -U postgres -D "$work/backup" -c fast && [ -e "$work/backup/PG_VERSION" ]; }
crash_backend() {
	sql 'select pg_sleep(60)' &
	sleep 2
	kill -9 "$(sql "select pid from pg_stat_activity where query like 'select pg_sleep%' limit 1")"
	wait_for 60 ready && [ "$(sql 'select count(*) from big')" = 60000 ]
}
files() { sql "copy big to '$dir/data/copied'" && sql "create table again (like big); copy again from '$dir/data/copied'" && sql 'drop table again'; }
space() { sql "create database other" && sql 'drop database other' && sql 'create table u (i int)' && sql 'truncate u'; }
life() {
	op 'table and index' table
	op 'sort on disk' sorts
	op 'buffer growth' grow
	op 'parallel query' parallel
	op vacuum sql 'vacuum full analyze big'
	op checkpoint sql checkpoint
	op 'copy to a file' files
	op 'database made and dropped' space
	op reload reload
	op 'log rotation' rotate
	op dump dump
	op 'base backup' backup
	op 'crash of a backend' crash_backend
	op 'graceful stop' ends INT
}
