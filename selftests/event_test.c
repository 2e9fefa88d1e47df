// SPDX-License-Identifier: GPL-2.0
/*
 * Which events listeners receive, and that a listener that does not read delays neither
 * other listeners nor changes of policies.
 */
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include <linux/sock_diag.h>

#include "kselftest_harness.h"
#include "event.h"
#include "genl.h"
#include "lib.h"
#include "value.h"
#include "calls/sysname.h"

/* How long to wait for an expected event, and for an event that must not come. */
#define COMES_MS	20000
#define COMES_NOT_MS	300

static struct msg m;

FIXTURE(listener)
{
	struct genl nl, ear;
	struct cg cg;
	struct event event;
};

FIXTURE_SETUP(listener)
{
	ASSERT_EQ(0, genl_socket(&self->nl));
	ASSERT_EQ(0, genl_resolve(&self->nl, &m));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "event-test"));
	/* Forgetting waits for pending events, so none of before can come later. */
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	ASSERT_EQ(0, drop_policy(self->cg.id));
	ASSERT_EQ(0, genl_socket(&self->ear));
	self->ear.family = self->nl.family;
	ASSERT_EQ(0, genl_listen(&self->ear, &m));
}

FIXTURE_TEARDOWN(listener)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
}

/* The next event is of that kind and about that cgroup. */
static void expect_event(struct __test_metadata *_metadata, FIXTURE_DATA(listener) *self,
			 uint32_t kind)
{
	ASSERT_EQ(0, event_next(&self->ear, &self->event, COMES_MS));
	EXPECT_EQ(kind, self->event.event);
	EXPECT_EQ(self->cg.id, self->event.id);
}

static void expect_no_event(struct __test_metadata *_metadata, FIXTURE_DATA(listener) *self)
{
	EXPECT_EQ(-ETIMEDOUT, event_next(&self->ear, &self->event, COMES_NOT_MS)) {
		TH_LOG("event %u, call %u", self->event.event, self->event.record.nr);
	}
}

TEST_F(listener, hears_that_a_policy_is_made_and_set)
{
	static const int mode[] = { SCMOD_MODE_LEARN, SCMOD_MODE_COMPLAIN, SCMOD_MODE_ENFORCE,
				    SCMOD_MODE_OFF };

	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(0, set_mode(&self->cg, mode[i]));
		expect_event(_metadata, self, SCMOD_EVENT_MODE);
		EXPECT_EQ(mode[i], (int)self->event.mode);
		EXPECT_STREQ("/event-test", self->event.path);
		EXPECT_EQ(0, self->event.records);
	}
	expect_no_event(_metadata, self);
}

TEST_F(listener, that_asks_twice_hears_each_event_once)
{
	ASSERT_EQ(0, genl_listen(&self->ear, &m));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	expect_event(_metadata, self, SCMOD_EVENT_MODE);
	expect_no_event(_metadata, self);
}

static int stop(struct genl *ear)
{
	struct answer a = { 0 };
	int err = genl_listen_say(ear, &m, true, &a);

	answer_free(&a);
	return err;
}

TEST_F(listener, that_asks_to_stop_hears_no_more)
{
	ASSERT_EQ(0, stop(&self->ear));
	ASSERT_EQ(0, stop(&self->ear));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	expect_no_event(_metadata, self);
	ASSERT_EQ(0, genl_listen(&self->ear, &m));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_COMPLAIN));
	expect_event(_metadata, self, SCMOD_EVENT_MODE);
	EXPECT_EQ(SCMOD_MODE_COMPLAIN, (int)self->event.mode);
}

/* All of the greatest number of listeners hear; one more is refused until one is closed. */
TEST_F(listener, is_one_of_a_bounded_number)
{
	struct genl other[SCMOD_LISTENERS_MAX];
	struct answer a = { 0 };

	for (int i = 0; i < SCMOD_LISTENERS_MAX; i++) {
		ASSERT_EQ(0, genl_socket(&other[i]));
		other[i].family = self->nl.family;
		if (i < SCMOD_LISTENERS_MAX - 1)
			ASSERT_EQ(0, genl_listen(&other[i], &m));
	}
	EXPECT_EQ(-ENOSPC, genl_listen_say(&other[SCMOD_LISTENERS_MAX - 1], &m, false, &a));
	EXPECT_NE(NULL, strstr(a.text, "As many sockets"));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	for (int i = 0; i < SCMOD_LISTENERS_MAX - 1; i++)
		EXPECT_EQ(0, event_next(&other[i], &self->event, COMES_MS));
	genl_close(&other[0]);
	EXPECT_EQ(0, genl_listen(&other[SCMOD_LISTENERS_MAX - 1], &m));
	for (int i = 1; i < SCMOD_LISTENERS_MAX; i++)
		genl_close(&other[i]);
	answer_free(&a);
}

TEST_F(listener, hears_nothing_of_what_was_refused)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	change.fd = self->cg.fd;
	change.mode = SCMOD_MODE_MAX + 1;
	EXPECT_EQ(-ERANGE, scmod_set(&change, NULL));
	expect_no_event(_metadata, self);
}

static pid_t call_twice(struct __test_metadata *_metadata, const struct cg *cg, unsigned int nr)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	int status;
	pid_t pid;

	calls_add(calls, nr);
	calls_add(calls, nr);
	pid = calls_start(cg, calls);
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	calls_free(calls);
	return pid;
}

static void expect_record(struct __test_metadata *_metadata, const struct event *event,
			  unsigned int kind, unsigned int nr, pid_t pid)
{
	static const char zero[sizeof(event->record.pad)];
	const struct scmod_record *record = &event->record;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	ASSERT_EQ(1, event->records);
	EXPECT_EQ(nr, record->nr);
	EXPECT_EQ(SCMOD_ABI_X86_64, record->abi);
	EXPECT_EQ(kind, record->kind);
	EXPECT_EQ(1, record->count);
	EXPECT_EQ(pid, (pid_t)record->pid);
	EXPECT_STREQ("event_test", record->comm);
	EXPECT_EQ(0, memcmp(zero, record->pad, sizeof(zero)));
	EXPECT_GE(now.tv_sec + 1, (time_t)(record->time_ns / 1000000000));
	EXPECT_LE(now.tv_sec - 30, (time_t)(record->time_ns / 1000000000));
}

TEST_F(listener, hears_the_first_time_of_each_call)
{
	pid_t pid;

	/* Events are told in the order of each CPU, and a child stays on this one. */
	ASSERT_EQ(0, stay_on(0));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	expect_event(_metadata, self, SCMOD_EVENT_MODE);
	pid = call_twice(_metadata, &self->cg, SYS_getuid);
	expect_event(_metadata, self, SCMOD_EVENT_SEEN);
	expect_record(_metadata, &self->event, SCMOD_RECORD_SEEN, SYS_getuid, pid);
	expect_event(_metadata, self, SCMOD_EVENT_SEEN);
	expect_record(_metadata, &self->event, SCMOD_RECORD_SEEN, SYS_exit_group, pid);
	expect_no_event(_metadata, self);
	call_twice(_metadata, &self->cg, SYS_getuid);
	expect_no_event(_metadata, self);
}

static void denied(struct __test_metadata *_metadata, FIXTURE_DATA(listener) *self, int mode)
{
	struct abi_sets abi[NR_ABIS] = { 0 };
	pid_t pid;

	bitmap_add(&abi[SCMOD_ABI_X86_64].allowed, SYS_exit_group);
	ASSERT_EQ(0, set_enforce(&self->cg, abi, SCMOD_ACTION_ERRNO, EPERM));
	expect_event(_metadata, self, SCMOD_EVENT_MODE);
	ASSERT_EQ(0, set_mode(&self->cg, mode));
	expect_event(_metadata, self, SCMOD_EVENT_MODE);
	pid = call_twice(_metadata, &self->cg, SYS_getuid);
	/* In mode complain the call is also made, so that an event SEEN comes as well. */
	for (int i = 0; i < (mode == SCMOD_MODE_COMPLAIN ? 3 : 1); i++) {
		ASSERT_EQ(0, event_next(&self->ear, &self->event, COMES_MS));
		EXPECT_EQ(self->cg.id, self->event.id);
		if (self->event.event == SCMOD_EVENT_DENIED)
			break;
	}
	EXPECT_EQ(SCMOD_EVENT_DENIED, self->event.event);
	expect_record(_metadata, &self->event, SCMOD_RECORD_DENIED, SYS_getuid, pid);
	EXPECT_EQ(mode, (int)self->event.mode);
	while (!event_next(&self->ear, &self->event, COMES_NOT_MS)) {
		EXPECT_NE(SCMOD_EVENT_DENIED, self->event.event);
	}
	/* Only the first refusal is told. */
	call_twice(_metadata, &self->cg, SYS_getuid);
	expect_no_event(_metadata, self);
}

TEST_F(listener, hears_the_first_refusal_of_each_call)
{
	denied(_metadata, self, SCMOD_MODE_ENFORCE);
}

TEST_F(listener, hears_what_would_have_been_refused)
{
	denied(_metadata, self, SCMOD_MODE_COMPLAIN);
}

TEST_F(listener, hears_that_a_cgroup_is_gone)
{
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	expect_event(_metadata, self, SCMOD_EVENT_MODE);
	ASSERT_EQ(0, cg_remove(&self->cg));
	expect_event(_metadata, self, SCMOD_EVENT_GONE);
	EXPECT_STREQ("/event-test", self->event.path);
	EXPECT_EQ(0, self->event.records);
	expect_no_event(_metadata, self);
}

static unsigned int memory_of(const struct genl *nl, int what)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t len = sizeof(info);

	getsockopt(nl->fd, SOL_SOCKET, SO_MEMINFO, info, &len);
	return info[what];
}

/* The kernel lets the last message exceed the buffer, but no further one. */
static bool is_bounded(const struct genl *nl)
{
	return memory_of(nl, SK_MEMINFO_RMEM_ALLOC) <= memory_of(nl, SK_MEMINFO_RCVBUF) + 32768;
}

static void buffer(struct __test_metadata *_metadata, const struct genl *nl, int bytes)
{
	ASSERT_EQ(0, setsockopt(nl->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)));
}

TEST_F_TIMEOUT(listener, that_never_reads_holds_up_nobody, 120)
{
	unsigned int told = 0, kept = 0, full;
	struct module_state before, after;
	struct timespec start, end;
	struct genl other;

	buffer(_metadata, &self->ear, 16384);
	ASSERT_EQ(0, genl_socket(&other));
	other.family = self->ear.family;
	ASSERT_EQ(0, genl_listen(&other, &m));
	ASSERT_EQ(0, scmod_status(&before));
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < 300; i++) {
		ASSERT_EQ(0, set_mode(&self->cg, i % 2 ? SCMOD_MODE_LEARN : SCMOD_MODE_OFF));
		while (!event_next(&other, &self->event, 0))
			told++;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	EXPECT_EQ(300, told);
	full = memory_of(&self->ear, SK_MEMINFO_RMEM_ALLOC);
	EXPECT_LT(0, full);
	EXPECT_TRUE(is_bounded(&self->ear));
	TH_LOG("300 changes in %ld s, %u bytes held", (long)(end.tv_sec - start.tv_sec), full);

	/* The listener gets ENOBUFS for the lost events, and new events once it has read. */
	EXPECT_EQ(-ENOBUFS, event_next(&self->ear, &self->event, 0));
	while (!event_next(&self->ear, &self->event, 0))
		kept++;
	ASSERT_EQ(0, scmod_status(&after));
	EXPECT_EQ(300, kept + after.events_lost - before.events_lost);
	TH_LOG("%u of 300 found room", kept);
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_COMPLAIN));
	expect_event(_metadata, self, SCMOD_EVENT_MODE);
	EXPECT_EQ(SCMOD_MODE_COMPLAIN, self->event.mode);
	genl_close(&other);
}

/* Nor does a client that sends requests without reading the answers delay others. */
TEST_F_TIMEOUT(listener, that_reads_no_answer_holds_up_nobody, 120)
{
	struct module_state state;

	buffer(_metadata, &self->nl, 16384);
	for (int i = 0; i < 3000; i++) {
		msg_begin(&m, self->nl.family, 0, SCMOD_CMD_STATUS);
		ASSERT_EQ((ssize_t)m.len, send(self->nl.fd, m.data, m.len, 0));
	}
	EXPECT_TRUE(is_bounded(&self->nl));
	EXPECT_EQ(0, scmod_status(&state));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	expect_event(_metadata, self, SCMOD_EVENT_MODE);
}

/* Adds once each call of the table that returns, and returns without blocking. */
static void add_table(struct calls *calls)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		if (sysname(SCMOD_ABI_X86_64, nr) && !call_is_special(SCMOD_ABI_X86_64, nr))
			calls_add(calls, nr);
}

/*
 * Causes a flood of events, and checks that events received plus events lost are all. A
 * worker on the same CPU sends them; a real-time process keeps it from running, so that
 * the queue fills. Returns how many were lost.
 */
static unsigned int flood(struct __test_metadata *_metadata, FIXTURE_DATA(listener) *self,
			  struct calls *calls)
{
	struct sched_param fifo = { .sched_priority = 1 }, normal = { 0 };
	static struct value_link link;
	static struct values values;
	struct module_state before, after;
	unsigned int told = 0, lost, seen;
	struct policy policy;
	bool is_told = false;
	int err;

	EXPECT_EQ(0, scmod_status(&before));
	EXPECT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	expect_event(_metadata, self, SCMOD_EVENT_MODE);
	EXPECT_EQ(0, sched_setscheduler(0, SCHED_FIFO, &fifo));
	EXPECT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_EQ(0, sched_setscheduler(0, SCHED_OTHER, &normal));
	EXPECT_EQ(calls->count, calls->done);
	while ((err = event_next(&self->ear, &self->event, COMES_NOT_MS)) != -ETIMEDOUT) {
		told += !err && (self->event.event == SCMOD_EVENT_SEEN ||
				 self->event.event == SCMOD_EVENT_VALUE_SEEN);
		is_told |= err == -ENOBUFS;
	}
	EXPECT_EQ(0, scmod_status(&after));
	EXPECT_EQ(0, get_policy(self->cg.id, &policy));
	seen = policy_count_of(&policy, seen);
	lost = after.events_lost - before.events_lost;
	EXPECT_EQ(calls->count + 1, seen);
	EXPECT_EQ(0, value_link_open(&link));
	EXPECT_EQ(0, values_get(&link, self->cg.id, &values));
	value_link_close(&link);
	EXPECT_EQ(seen + values.count, told + lost);
	EXPECT_EQ(lost > 0, is_told);
	/* Records do not go through the queue, so none of them is lost. */
	EXPECT_EQ(seen, policy.nr_records);
	TH_LOG("%u seen, %u told, %u lost", seen, told, lost);
	policy_release(&policy);
	EXPECT_EQ(0, drop_policy(self->cg.id));
	while (!event_next(&self->ear, &self->event, COMES_NOT_MS))
		;
	return lost;
}

/*
 * Events that a full queue drops are counted. On a slow machine, RT throttling may let the
 * worker run in between, so that no event is lost; then the flood is repeated.
 */
TEST_F_TIMEOUT(listener, is_told_how_many_events_were_lost, 120)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	unsigned int lost = 0;

	buffer(_metadata, &self->ear, 8 << 20);
	add_table(calls);
	for (int round = 0; !lost && round < 10; round++)
		lost = flood(_metadata, self, calls);
	EXPECT_LT(0, lost);
	calls_free(calls);
}

TEST_HARNESS_MAIN
