// SPDX-License-Identifier: GPL-2.0
/*
 * Whole programs. One client asks at a time, so that a request always takes the
 * same calls; a crowd would be answered in lots whose size is chance.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "bench.h"

/* Its timers tick as seldom as may be. */
static const struct program redis = {
	"exec redis-server --bind 127.0.0.1 --port 7601 --save '' --appendonly no --hz 1"
	" --dir " DIR " >/dev/null 2>&1 </dev/null",
	7601,
	"redis-benchmark -p 7601 -c 1 -n %u -t get >/dev/null 2>&1",
};

static const struct program nginx = {
	"exec nginx -p " DIR " -c " DIR "/nginx.conf >/dev/null 2>&1 </dev/null",
	7602,
	"ab -q -c 1 -n %u http://127.0.0.1:7602/ >/dev/null 2>&1",
};

#define FILES 100

static const struct program tar = {
	NULL, 0,
	"i=0; while [ $i -lt %u ]; do i=$((i + 1));"
	" tar --numeric-owner -cf " DIR "/tree.tar -C " DIR " tree || exit; done",
};

static const struct program shell = {
	NULL, 0,
	"i=0; while [ $i -lt %u ]; do i=$((i + 1));"
	" x=$(echo a | tr a b); /bin/true; (exit 0); done",
};

const struct workload program_workloads[] = {
	{ "redis", "GET", NULL, NULL, &redis, 50, 250, 1, 5, { SYS_read, -1 } },
	{ "nginx", "request", NULL, NULL, &nginx, 30, 130, 1, 5, { SYS_accept4, -1 } },
	{ "tar", "file", NULL, NULL, &tar, 1, 3, FILES, 5, { SYS_openat, -1 } },
	{ "shell", "round", NULL, NULL, &shell, 1, 6, 1, 5, { SYS_execve, -1 } },
};

const size_t nr_program_workloads = ARRAY_SIZE(program_workloads);

static const char nginx_conf[] =
	"daemon off;\n"
	"user root;\n"
	"worker_processes 1;\n"
	"pid nginx.pid;\n"
	"error_log error.log;\n"
	"events { worker_connections 64; }\n"
	"http {\n"
	"	access_log access.log;\n"
	"	client_body_temp_path body;\n"
	"	proxy_temp_path proxy;\n"
	"	fastcgi_temp_path fastcgi;\n"
	"	uwsgi_temp_path uwsgi;\n"
	"	scgi_temp_path scgi;\n"
	"	sendfile on;\n"
	"	server { listen 127.0.0.1:7602; root www; }\n"
	"}\n";

/*
 * Programs and libraries are taken into memory: the host, whose files the root is
 * made of, answers when it likes, and a server's timers go on meanwhile.
 */
static void programs_copy(void)
{
	must(sh("mkdir -p " DIR "/files && cd " DIR "/files &&"
		" for p in /bin/sh /bin/tar /usr/bin/tr /bin/true /usr/bin/redis-server"
		"  /usr/bin/redis-benchmark /usr/sbin/nginx /usr/bin/ab; do"
		"  echo $p; ldd $p | grep -o '/[^ ]*'; done | xargs readlink -f |"
		" { echo /etc/ld.so.cache; cat; } | sort -u >list &&"
		" while read -r p; do cp \"$p\" . && mount --bind \"${p##*/}\" \"$p\" || exit;"
		" done <list"), "no programs to measure; selftests/deps.sh bench");
	setenv("LC_ALL", "C", 1);
}

/* A tree of FILES files in ten directories, of 0 to some 6000 bytes. */
void programs_prepare(void)
{
	FILE *conf;

	programs_copy();
	conf = fopen(DIR "/nginx.conf", "we");
	if (!conf || fputs(nginx_conf, conf) < 0 || fclose(conf))
		die("no configuration");
	must(sh("mkdir -p " DIR "/www && echo 'a page' >" DIR "/www/index.html"), "no page");
	must(sh("i=0; while [ $i -lt %d ]; do mkdir -p " DIR "/tree/$((i %% 10)) &&"
		" head -c $((i * i * 5 %% 6001)) /dev/zero >" DIR "/tree/$((i %% 10))/$i || exit;"
		" i=$((i + 1)); done", FILES), "no tree");
}
