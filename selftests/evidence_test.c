// SPDX-License-Identifier: GPL-2.0
/*
 * A flood of refused calls by tasks of many names does not keep it from being recorded who made
 * the calls that matter. SCMOD_FLOOD_SECONDS: how long the flood lasts (5).
 */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "kselftest_harness.h"
#include "calls/sysname.h"
#include "event.h"
#include "genl.h"
#include "infer/families.h"
#include "lib.h"

#define X32_BIT		0x40000000
#define FLOODERS	8
#define WHO		"nginx"

/* The calls that matter, because an attacker would go on with them. */
static const int grave[] = { SYS_mount, SYS_bpf, SYS_finit_module };

#define GRAVE		(sizeof(grave) / sizeof(grave[0]))

static struct msg m;

/* Within this time after the calls, listeners must have received the events. */
static long within_ms(void)
{
	const char *slow = getenv("SCMOD_TEST_SLOW");

	return 1000 * (slow ? atoi(slow) : 1);
}

static int flood_seconds(void)
{
	const char *seconds = getenv("SCMOD_FLOOD_SECONDS");

	return seconds ? atoi(seconds) : 5;
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static bool is_grave(unsigned int abi, unsigned int nr)
{
	for (size_t i = 0; i < GRAVE; i++)
		if (abi == SCMOD_ABI_X86_64 && (int)nr == grave[i])
			return true;
	return false;
}

FIXTURE(evidence)
{
	struct genl nl, ear;
	struct cg cg;
	struct abi_sets abi[NR_ABIS];
	struct bitmap priority[NR_ABIS];
};

FIXTURE_SETUP(evidence)
{
	struct families *families;

	ASSERT_EQ(0, genl_socket(&self->nl));
	ASSERT_EQ(0, genl_resolve(&self->nl, &m));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "evidence-test"));
	ASSERT_EQ(0, genl_socket(&self->ear));
	self->ear.family = self->nl.family;
	/* The set that the tool would send. */
	ASSERT_EQ(0, families_read("test", "/dev/null", &families));
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		self->priority[abi] = families_never_calls(families, abi);
	families_free(families);
	bitmap_add(&self->abi[0].allowed, SYS_exit_group);
	/* To change their names. */
	bitmap_add(&self->abi[0].allowed, SYS_prctl);
}

FIXTURE_TEARDOWN(evidence)
{
	cg_kill(&self->cg);
	while (waitpid(-1, NULL, 0) > 0)
		;
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	genl_close(&self->ear);
	genl_close(&self->nl);
}

static void begin(struct __test_metadata *_metadata, FIXTURE_DATA(evidence) *self)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	change.fd = self->cg.fd;
	change.mode = SCMOD_MODE_ENFORCE;
	change.err = EPERM;
	change.abi = self->abi;
	change.priority = self->priority;
	ASSERT_EQ(0, scmod_set(&change, NULL));
}

/* ---- junk */

/* Refused, all of them, and so without any effect. */
static void junk(unsigned int abi, unsigned int nr)
{
	if (abi == SCMOD_ABI_I386)
		raw_int80(nr, -1);
	else
		raw_syscall(abi == SCMOD_ABI_X32 ? nr | X32_BIT : nr, -1);
}

/* A name that nobody had before. */
static void rename_self(unsigned int who, unsigned int count)
{
	char name[SCMOD_COMM_LEN] = "j";

	/* printf() might make calls. */
	for (int i = 1; i < 9; i++, count /= 26)
		name[i] = 'a' + count % 26;
	name[9] = '0' + who;
	prctl(PR_SET_NAME, name);
}

/* One round of all numbers of all ABIs, but those of @spared; each under a name of its own. */
static void junk_round(unsigned int who, unsigned int round, const struct bitmap *spared)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			if (is_grave(abi, nr) || bitmap_has(&spared[abi], nr) ||
			    call_is_kernels_own(abi, nr) ||
			    (abi == SCMOD_ABI_X86_64 && (nr == SYS_exit_group || nr == SYS_prctl)))
				continue;
			rename_self(who, (round * NR_ABIS + abi) * SCMOD_NR_BITS + nr);
			junk(abi, nr);
		}
}

static void start_flood(struct __test_metadata *_metadata, FIXTURE_DATA(evidence) *self)
{
	static const struct bitmap none[NR_ABIS];

	for (unsigned int who = 0; who < FLOODERS; who++) {
		pid_t pid = cg_fork(&self->cg);

		if (!pid)
			for (unsigned int round = 0;; round++)
				junk_round(who, round, none);
		ASSERT_LT(0, pid);
	}
}

static pid_t start_junk(const struct cg *cg, const struct bitmap *spared)
{
	pid_t pid = cg_fork(cg);

	if (!pid) {
		junk_round(0, 0, spared);
		for (;;)
			raw_syscall(SYS_exit_group, 0);
	}
	return pid;
}

static void junk_once(struct __test_metadata *_metadata, FIXTURE_DATA(evidence) *self,
		      const struct bitmap *spared)
{
	pid_t pid = start_junk(&self->cg, spared);

	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
}

/* ---- the calls that matter */

static void __attribute__((noreturn)) attack_and_exit(void)
{
	int let = 0;

	prctl(PR_SET_NAME, WHO);
	for (size_t i = 0; i < GRAVE; i++)
		let += raw_syscall(grave[i], -1) != -EPERM;
	for (;;)
		raw_syscall(SYS_exit_group, let);
}

static pid_t attack(struct __test_metadata *_metadata, FIXTURE_DATA(evidence) *self)
{
	pid_t pid = cg_fork(&self->cg);
	int status;

	if (!pid)
		attack_and_exit();
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	return pid;
}

static void expect_record(struct __test_metadata *_metadata, const struct scmod_record *record,
			  int nr, pid_t pid)
{
	ASSERT_NE(NULL, record) {
		TH_LOG("there is no record of who made call %d", nr);
	}
	EXPECT_STREQ(WHO, record->comm) {
		TH_LOG("call %d", nr);
	}
	EXPECT_EQ(pid, (pid_t)record->pid);
	EXPECT_EQ(1, record->count);
}

static void expect_records(struct __test_metadata *_metadata, FIXTURE_DATA(evidence) *self,
			   pid_t pid)
{
	struct policy policy;

	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	for (size_t i = 0; i < GRAVE; i++)
		expect_record(_metadata, policy_record(&policy, SCMOD_ABI_X86_64, grave[i],
						       SCMOD_RECORD_DENIED), grave[i], pid);
	policy_release(&policy);
}

/* Events come in any order if the task was moved to another CPU between its calls. */
static void expect_events(struct __test_metadata *_metadata, FIXTURE_DATA(evidence) *self,
			  pid_t pid, long by)
{
	struct bitmap told = { 0 };
	struct event event;

	while (bitmap_count(&told) < GRAVE) {
		long left = by - now_ms();
		int err = event_next(&self->ear, &event, left > 0 ? left : 0);

		ASSERT_NE(-ETIMEDOUT, err) {
			TH_LOG("%u of the events came in time", bitmap_count(&told));
		}
		if (err || event.event != SCMOD_EVENT_DENIED || (pid_t)event.record.pid != pid ||
		    !is_grave(event.record.abi, event.record.nr))
			continue;
		EXPECT_EQ(self->cg.id, event.id);
		EXPECT_STREQ(WHO, event.record.comm);
		bitmap_add(&told, event.record.nr);
	}
}

static const char *log_text(void)
{
	static char text[1 << 20];
	int len = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

/* The log's limits begin anew after five seconds. */
static void fresh_log(struct __test_metadata *_metadata)
{
	sleep(6);
	ASSERT_EQ(0, sh("dmesg -C"));
}

static bool log_gets(const char *line, long by)
{
	while (!strstr(log_text(), line)) {
		if (now_ms() > by)
			return false;
		usleep(20000);
	}
	return true;
}

static void expect_log(struct __test_metadata *_metadata, FIXTURE_DATA(evidence) *self,
		       pid_t pid, long by)
{
	for (size_t i = 0; i < GRAVE; i++) {
		char line[128];

		snprintf(line, sizeof(line),
			 "scmod: cgroup %lu: call %d (ABI 0) not allowed, made by \"" WHO "\"[%d]",
			 (unsigned long)self->cg.id, grave[i], pid);
		EXPECT_TRUE(log_gets(line, by)) {
			TH_LOG("not in the log: %s", line);
		}
	}
}

/* Each refused call has a line, or is counted as one that has none. */
static void expect_lines_are_counted(struct __test_metadata *_metadata,
				     FIXTURE_DATA(evidence) *self)
{
	struct policy policy;
	unsigned int lines = 0;
	char text[64];

	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	snprintf(text, sizeof(text), "scmod: cgroup %lu: call ", (unsigned long)self->cg.id);
	for (const char *at = log_text(); (at = strstr(at, text)); at++)
		lines++;
	TH_LOG("%u calls denied: %u lines, %u unlogged; %u events and %u records lost",
	       policy_count_of(&policy, denied), lines, policy.unlogged, policy.events_lost,
	       policy.records_lost);
	EXPECT_EQ(policy_count_of(&policy, denied), lines + policy.unlogged);
	EXPECT_LT(0, policy.unlogged);
	policy_release(&policy);
	snprintf(text, sizeof(text), " more calls were not allowed in cgroup %lu",
		 (unsigned long)self->cg.id);
	EXPECT_TRUE(log_gets(text, now_ms() + 20000));
}

static void expect_tool_shows(struct __test_metadata *_metadata, FIXTURE_DATA(evidence) *self)
{
	static const char *const by[] = {
		"status %s", "allow %s --denied --dry-run",
	};

	for (size_t i = 0; i < GRAVE; i++)
		for (size_t j = 0; j < sizeof(by) / sizeof(by[0]); j++) {
			char words[PATH_MAX + 64];

			snprintf(words, sizeof(words), by[j], self->cg.path);
			EXPECT_EQ(0, sh(BUILD "/scmod %s 2>/dev/null | grep '%s' | grep -q '" WHO "'",
					words, sysname(SCMOD_ABI_X86_64, grave[i]))) {
				TH_LOG("%s: %s", words, sysname(SCMOD_ABI_X86_64, grave[i]));
			}
		}
}

TEST_F_TIMEOUT(evidence, of_calls_amid_a_flood_is_told_within_a_second, 300)
{
	long slab, vmalloc, end;
	pid_t pid;

	fresh_log(_metadata);
	ASSERT_EQ(0, genl_listen(&self->ear, &m));
	begin(_metadata, self);
	start_flood(_metadata, self);
	sleep(1);
	slab = slab_kb();
	vmalloc = meminfo_kb("VmallocUsed");
	end = now_ms() + 1000 * flood_seconds();
	while (now_ms() < end) {
		struct event event;

		event_next(&self->ear, &event, 100);
	}
	pid = attack(_metadata, self);
	end = now_ms() + within_ms();
	expect_events(_metadata, self, pid, end);
	expect_log(_metadata, self, pid, end);
	expect_records(_metadata, self, pid);
	slab = slab_kb() - slab;
	vmalloc = meminfo_kb("VmallocUsed") - vmalloc;
	TH_LOG("slabs grew by %ld KiB, vmalloc by %ld KiB", slab, vmalloc);
	EXPECT_GT(2048, slab);
	EXPECT_GT(1024, vmalloc);
	expect_tool_shows(_metadata, self);
	expect_lines_are_counted(_metadata, self);
}

/* Just before these calls, all other calls are refused for the first time. */
TEST_F_TIMEOUT(evidence, of_calls_right_behind_a_flood_is_told_within_a_second, 90)
{
	static const struct bitmap none[NR_ABIS];
	struct event event;
	long end;
	pid_t pid;

	fresh_log(_metadata);
	begin(_metadata, self);
	ASSERT_EQ(0, genl_listen(&self->ear, &m));
	pid = start_junk(&self->cg, none);
	ASSERT_LT(0, pid);
	while (!waitpid(pid, NULL, WNOHANG))
		event_next(&self->ear, &event, 10);
	pid = attack(_metadata, self);
	end = now_ms() + within_ms();
	expect_events(_metadata, self, pid, end);
	expect_log(_metadata, self, pid, end);
	expect_records(_metadata, self, pid);
	expect_lines_are_counted(_metadata, self);
}

/* The listener reads only after both the junk and the calls that matter have been made. */
TEST_F_TIMEOUT(evidence, has_room_in_a_queue_that_junk_has_filled, 90)
{
	int bytes = 32768;

	ASSERT_EQ(0, setsockopt(self->ear.fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)));
	begin(_metadata, self);
	ASSERT_EQ(0, genl_listen(&self->ear, &m));
	junk_once(_metadata, self, self->priority);
	sleep(1);
	expect_events(_metadata, self, attack(_metadata, self), now_ms() + 10000);
}

/* A real-time process keeps the worker that sends events from running. */
TEST_F_TIMEOUT(evidence, passes_events_that_are_waiting, 90)
{
	struct sched_param fifo = { .sched_priority = 1 };
	pid_t pid;

	begin(_metadata, self);
	ASSERT_EQ(0, genl_listen(&self->ear, &m));
	ASSERT_EQ(0, sched_setscheduler(0, SCHED_FIFO, &fifo));
	pid = cg_fork(&self->cg);
	if (!pid) {
		junk_round(0, 0, self->priority);
		attack_and_exit();
	}
	waitpid(pid, NULL, 0);
	fifo.sched_priority = 0;
	ASSERT_EQ(0, sched_setscheduler(0, SCHED_OTHER, &fifo));
	expect_events(_metadata, self, pid, now_ms() + 10000);
	expect_records(_metadata, self, pid);
}

/* After all numbers were refused, each call that this kernel has has a record of who made it. */
TEST_F_TIMEOUT(evidence, has_room_for_every_call, 90)
{
	static const struct bitmap none[NR_ABIS];
	struct bitmap unknown[NR_ABIS] = { 0 };
	unsigned int end[NR_ABIS], calls = 0;
	struct policy policy;

	end[SCMOD_ABI_X86_64] = table_end(SCMOD_ABI_X86_64);
	end[SCMOD_ABI_I386] = table_end(SCMOD_ABI_I386);
	begin(_metadata, self);
	junk_once(_metadata, self, none);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			if (!sysname(abi, nr) || !bitmap_has(&policy.abi[abi].denied, nr))
				continue;
			if (abi == SCMOD_ABI_X32 ? nr < 512 && nr >= end[SCMOD_ABI_X86_64] :
						   nr >= end[abi])
				continue;
			calls++;
			if (!policy_record(&policy, abi, nr, SCMOD_RECORD_DENIED))
				bitmap_add(&unknown[abi], nr);
		}
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		EXPECT_STREQ("", set_text(abi, &unknown[abi], NULL));
	TH_LOG("%u calls, %zu records, %u lost", calls, policy.nr_records, policy.records_lost);
	EXPECT_LE(1000, calls);
	policy_release(&policy);
}

/* The record of each call that matters has the name of its task, though all names differ. */
TEST_F_TIMEOUT(evidence, has_room_for_the_name_of_each_that_matters, 90)
{
	static const struct bitmap none[NR_ABIS];
	const struct scmod_record *record;
	struct policy policy;
	unsigned int nr;

	begin(_metadata, self);
	junk_once(_metadata, self, none);
	expect_records(_metadata, self, attack(_metadata, self));
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	bitmap_for_each(nr, &self->priority[SCMOD_ABI_X86_64]) {
		record = policy_record(&policy, SCMOD_ABI_X86_64, nr, SCMOD_RECORD_DENIED);
		ASSERT_NE(NULL, record);
		EXPECT_STRNE("", record->comm) {
			TH_LOG("call %u", nr);
		}
	}
	/* The module's interface promises room for 80 calls of priority. */
	EXPECT_GE(80, bitmap_count(&self->priority[SCMOD_ABI_X86_64]));
	policy_release(&policy);
}

static void make(struct __test_metadata *_metadata, const struct cg *cg, unsigned int nr,
		 unsigned int times)
{
	pid_t pid = cg_fork(cg);

	ASSERT_LE(0, pid);
	if (!pid) {
		while (times--)
			raw_syscall(nr, -1);
		for (;;)
			raw_syscall(SYS_exit_group, 0);
	}
	EXPECT_EQ(pid, waitpid(pid, NULL, 0));
}

/* A call that was seen, and is not allowed any more. */
TEST_F(evidence, of_a_refusal_does_not_replace_who_was_seen)
{
	const struct scmod_record *seen, *denied;
	struct policy policy;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	make(_metadata, &self->cg, SYS_getuid, 1);
	/* Times are kept to a tenth of a second. */
	usleep(200000);
	begin(_metadata, self);
	make(_metadata, &self->cg, SYS_getuid, 3);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	seen = policy_record(&policy, SCMOD_ABI_X86_64, SYS_getuid, SCMOD_RECORD_SEEN);
	denied = policy_record(&policy, SCMOD_ABI_X86_64, SYS_getuid, SCMOD_RECORD_DENIED);
	ASSERT_NE(NULL, seen);
	ASSERT_NE(NULL, denied);
	EXPECT_EQ(1, seen->count);
	EXPECT_EQ(3, denied->count);
	EXPECT_NE(seen->pid, denied->pid);
	EXPECT_LT(seen->time_ns, denied->time_ns);
	EXPECT_STREQ("evidence_test", seen->comm);
	EXPECT_STREQ("evidence_test", denied->comm);
	EXPECT_EQ(0, policy.records_lost);
	policy_release(&policy);
}

/* In mode complain-learn, a call that is seen and denied has both records, of one task. */
TEST_F(evidence, of_what_is_reported_and_learned_at_once)
{
	struct policy policy;
	unsigned int nr, both = 0;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_COMPLAIN_LEARN));
	for (unsigned int i = SYS_getuid; i <= SYS_getegid; i++)
		make(_metadata, &self->cg, i, 2);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	bitmap_for_each(nr, &policy.abi[0].seen) {
		const struct scmod_record *seen, *denied;

		seen = policy_record(&policy, SCMOD_ABI_X86_64, nr, SCMOD_RECORD_SEEN);
		denied = policy_record(&policy, SCMOD_ABI_X86_64, nr, SCMOD_RECORD_DENIED);
		ASSERT_NE(NULL, seen);
		ASSERT_NE(NULL, denied);
		EXPECT_EQ(seen->pid, denied->pid);
		EXPECT_STREQ("evidence_test", seen->comm);
		EXPECT_STREQ("evidence_test", denied->comm);
		both++;
	}
	EXPECT_LE(7, both);
	policy_release(&policy);
}

TEST_F_TIMEOUT(evidence, counts_each_refusal, 90)
{
	const unsigned int times = 200000;
	const struct scmod_record *record;
	struct policy policy;

	begin(_metadata, self);
	make(_metadata, &self->cg, SYS_getuid, times);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	record = policy_record(&policy, SCMOD_ABI_X86_64, SYS_getuid, SCMOD_RECORD_DENIED);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(times, record->count);
	policy_release(&policy);
}

TEST_F(evidence, is_asked_for_by_a_set_of_its_own)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct policy policy;

	begin(_metadata, self);
	change.fd = self->cg.fd;
	change.priority = self->priority;
	self->priority[SCMOD_ABI_I386] = (struct bitmap){ 0 };
	ASSERT_EQ(0, scmod_set(&change, NULL));
	/* A SET with the priority set changes nothing else, and one without it keeps that set. */
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		EXPECT_TRUE(set_equal(&self->priority[abi], &policy.abi[abi].priority));
		EXPECT_TRUE(set_equal(&self->abi[abi].allowed, &policy.abi[abi].allowed));
		EXPECT_TRUE(set_equal(&self->abi[abi].soft, &policy.abi[abi].soft));
	}
	policy_release(&policy);
}

TEST_HARNESS_MAIN
