// SPDX-License-Identifier: GPL-2.0
/* What is active while something is measured. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define TRACING "/sys/kernel/tracing"
#define DEPTH 32
#define ANCESTORS 8

/* Where the measured processes are; another one; and one below the other. */
static struct cg inside, other, deep[DEPTH];
static struct abi_sets allow_all[NR_ABIS];

void columns_prepare(void)
{
	memset(&allow_all[SCMOD_ABI_X86_64].allowed, 0xff, sizeof(struct bitmap));
	must(cg_make(&inside, NULL, "bench-inside"), "no cgroup");
	must(cg_make(&other, NULL, "bench-other"), "no cgroup");
	for (int i = 0; i < DEPTH; i++)
		must(cg_make(&deep[i], i ? &deep[i - 1] : NULL, "bench-deep"), "no cgroup");
}

/* ---- scmod */

static const char *refused(int err)
{
	return err ? scmod_reason(err) : NULL;
}

static const char *enforce(const struct cg *cg)
{
	return refused(set_enforce(cg, allow_all, SCMOD_ACTION_ERRNO, 0));
}

static const char *arm_untracked(const struct workload *w)
{
	return enforce(&other);
}

static const char *arm_learn(const struct workload *w)
{
	return refused(set_mode(&inside, SCMOD_MODE_LEARN));
}

static const char *arm_complain(const struct workload *w)
{
	const char *why = enforce(&inside);

	return why ? why : refused(set_mode(&inside, SCMOD_MODE_COMPLAIN));
}

static const char *arm_enforce(const struct workload *w)
{
	return enforce(&inside);
}

static const char *arm_denied(const struct workload *w)
{
	struct abi_sets most[NR_ABIS];

	if (w->program)
		return "a program whose calls are refused does not work";
	memcpy(most, allow_all, sizeof(most));
	for (int i = 0; w->calls[i] >= 0; i++)
		bitmap_drop(&most[SCMOD_ABI_X86_64].allowed, w->calls[i]);
	return refused(set_enforce(&inside, most, SCMOD_ACTION_ERRNO, 0));
}

static const char *arm_deep(const struct workload *w)
{
	return enforce(&deep[0]);
}

static const char *arm_ancestors(const struct workload *w)
{
	const char *why = NULL;

	for (int i = 0; !why && i < ANCESTORS; i++)
		why = enforce(&deep[i]);
	return why;
}

static void disarm(const struct workload *w)
{
	drop_policy(inside.id);
	drop_policy(other.id);
	for (int i = 0; i < DEPTH; i++)
		drop_policy(deep[i].id);
}

static const struct cg *where_deepest(void)
{
	return &deep[DEPTH - 1];
}

static const struct cg *where_eighth(void)
{
	return &deep[ANCESTORS - 1];
}

/* ---- seccomp */

static const char *filter_path(const struct workload *w, const char *kind)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), DIR "/%s.%s", w->name, kind);
	return path;
}

static const char *write_list(const void *arg)
{
	const struct workload *w = arg;
	struct policy policy;

	/* The socket that is there is the parent's. */
	must(scmod_connect(), "no module");
	must(get_policy(inside.id, &policy), "no record");
	return filter_write_list(filter_path(w, "list"), &policy.abi[SCMOD_ABI_X86_64].seen);
}

static void rehearsed(const struct workload *w)
{
	must(!!aside(write_list, w), "no list");
	must(sh("scmod dump %s --format bpf -o '%s' 2>" DIR "/dump.log", inside.path,
		filter_path(w, "dump")), "no dump");
	disarm(w);
}

const struct column warming = { .name = "warming" };
const struct column rehearsal = { .name = "rehearsal", .arm = arm_learn, .disarm = rehearsed };

static const char *self_list(const struct workload *w)
{
	return filter_load(filter_path(w, "list"));
}

static const char *self_dump(const struct workload *w)
{
	return filter_load(filter_path(w, "dump"));
}

#define PODMAN_FILTER DIR "/podman"

static const char *write_podman(const void *path)
{
	return filter_write_podman(path);
}

static const char *begin_podman(void)
{
	return aside(write_podman, PODMAN_FILTER);
}

static const char *self_podman(const struct workload *w)
{
	return filter_load(PODMAN_FILTER);
}

/* ---- others who look at system calls */

static const char *begin_recorder(void)
{
	return recorder_begin(inside.id);
}

static void end_recorder(void)
{
	if (!recorder_saw(inside.id))
		die("the recorder saw nothing");
	recorder_end();
}

static const char *begin_recorder_elsewhere(void)
{
	return recorder_begin(other.id);
}

static const char *begin_ftrace(void)
{
	if (sh("mkdir -p " TRACING "/instances/bench && cd " TRACING "/instances/bench &&"
	       " echo 1024 >buffer_size_kb && echo 1 >events/raw_syscalls/sys_enter/enable"))
		return "no raw_syscalls:sys_enter in " TRACING;
	return NULL;
}

static void end_ftrace(void)
{
	must(sh("cd " TRACING "/instances/bench && grep -q sys_enter trace"
		" && echo 0 >events/raw_syscalls/sys_enter/enable"), "ftrace saw nothing");
	must(sh("rmdir " TRACING "/instances/bench"), "ftrace stays");
}

/* The last line of a log, for who wants to know why there is no figure. */
static const char *last_words(const char *path)
{
	static char words[160];
	char line[160];
	FILE *log = fopen(path, "re");

	snprintf(words, sizeof(words), "it does not start");
	while (log && fgets(line, sizeof(line), log)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			snprintf(words, sizeof(words), "%s", line);
	}
	if (log)
		fclose(log);
	return words;
}

#define BPFTRACE_LOG DIR "/bpftrace.log"

static pid_t bpftrace;

/* It is attached once it waits for events. */
static const char *begin_bpftrace(void)
{
	bpftrace = fork();
	if (!bpftrace) {
		if (!freopen(BPFTRACE_LOG, "w", stdout) || !freopen(BPFTRACE_LOG, "a", stderr))
			_exit(1);
		execlp("bpftrace", "bpftrace", "-e",
		       "tracepoint:raw_syscalls:sys_enter { @[cgroup, args->id] = count(); }",
		       NULL);
		_exit(1);
	}
	while (wait_blocked(bpftrace, SYS_epoll_wait))
		if (waitpid(bpftrace, NULL, WNOHANG) == bpftrace)
			return last_words(BPFTRACE_LOG);
	return NULL;
}

static void end_bpftrace(void)
{
	kill(bpftrace, SIGINT);
	waitpid(bpftrace, NULL, 0);
	must(sh("grep -q '^@\\[%llu, 231\\]' " BPFTRACE_LOG, (unsigned long long)inside.id),
	     "bpftrace saw nothing");
}

static bool traced(void)
{
	char line[128];
	int tracer = 0;
	FILE *status = fopen("/proc/self/status", "re");

	while (status && fgets(line, sizeof(line), status))
		sscanf(line, "TracerPid: %d", &tracer);
	if (status)
		fclose(status);
	return tracer;
}

static const char *self_strace(const struct workload *w)
{
	int tries = 100000;

	sh("strace -f -c -qq -o /dev/null -p %d >" DIR "/strace.log 2>&1 &", (int)getpid());
	while (!traced() && tries--)
		usleep(10000);
	return traced() ? NULL : last_words(DIR "/strace.log");
}

/* Nobody takes the records; there is room for those of more than one run. */
static const char *begin_audit(void)
{
	if (sh("auditctl -D >" DIR "/audit.log 2>&1 && auditctl -e 1 -b 4096 -f 0"
	       " --backlog_wait_time 0 >>" DIR "/audit.log 2>&1"))
		return last_words(DIR "/audit.log");
	return NULL;
}

/* One rule for all of them. */
static const char *rule(const int *calls)
{
	char list[CALLS_MAX * 8] = "";

	for (size_t len = 0; *calls >= 0; calls++)
		len += snprintf(list + len, sizeof(list) - len, " -S %d", *calls);
	if (sh("auditctl -a always,exit -F arch=b64%s >" DIR "/audit.log 2>&1", list))
		return last_words(DIR "/audit.log");
	return NULL;
}

static const char *arm_audit_other(const struct workload *w)
{
	const int swapoff[] = { SYS_swapoff, -1 };

	return rule(swapoff);
}

static const char *arm_audit(const struct workload *w)
{
	return rule(w->calls);
}

static void disarm_audit(const struct workload *w)
{
	sh("auditctl -D >/dev/null 2>&1");
}

const struct column columns[] = {
	{ .name = "none", .phase = PHASE_FIRST },
	{ "untracked", PHASE_LOADED, .arm = arm_untracked, .disarm = disarm },
	{ "tracked-learn", PHASE_LOADED, .arm = arm_learn, .disarm = disarm },
	{ "tracked-complain", PHASE_LOADED, .arm = arm_complain, .disarm = disarm },
	{ "tracked-enforce", PHASE_LOADED, .arm = arm_enforce, .disarm = disarm },
	{ "denied", PHASE_LOADED, .arm = arm_denied, .disarm = disarm },
	{ "tracked-enforce, depth 32", PHASE_LOADED, true, .arm = arm_deep, .disarm = disarm,
	  .where = where_deepest },
	{ "tracked-enforce, eight tracked ancestors", PHASE_LOADED, true, .arm = arm_ancestors,
	  .disarm = disarm, .where = where_eighth },
	{ "tracked-enforce, " CROWD_TEXT, PHASE_CROWD, true, .arm = arm_enforce,
	  .disarm = disarm },
	{ "seccomp allow-list", PHASE_BARE, .self = self_list },
	{ "seccomp allow-list, untracked", PHASE_LOADED, .arm = arm_untracked, .self = self_list,
	  .disarm = disarm },
	{ "seccomp podman default", PHASE_BARE, .begin = begin_podman, .self = self_podman },
	{ "seccomp scmod dump", PHASE_BARE, .self = self_dump },
	{ "eBPF recorder, not recorded", PHASE_BARE, .begin = begin_recorder_elsewhere,
	  .end = recorder_end },
	{ "eBPF recorder", PHASE_BARE, .begin = begin_recorder, .end = end_recorder },
	{ "ftrace", PHASE_BARE, .begin = begin_ftrace, .end = end_ftrace },
	{ "bpftrace", PHASE_BARE, .begin = begin_bpftrace, .end = end_bpftrace },
	{ "strace -c", PHASE_BARE, .self = self_strace },
	{ "audit, a rule for another call", PHASE_LAST, .begin = begin_audit,
	  .arm = arm_audit_other, .disarm = disarm_audit },
	{ "audit, a rule for the call", PHASE_LAST, .begin = begin_audit, .arm = arm_audit,
	  .disarm = disarm_audit },
};

const size_t nr_columns = ARRAY_SIZE(columns);

const struct cg *column_where(const struct column *column)
{
	return column->where ? column->where() : &inside;
}
