// SPDX-License-Identifier: GPL-2.0
/*
 * Memory runs out: each allocation that a command makes fails in turn. Afterwards the state
 * is either the one before or the one that was asked for, and the command works when it
 * is sent again.
 *
 * The kernel counts a task's allocations down from /proc/thread-self/fail-nth
 * and lets the last one fail; the number is 0 afterwards if an allocation failed.
 * SCMOD_ROUNDS: how many of the allocations that loading the module makes are
 * tried.
 *
 * vm: --no-module
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define NO_FAILSLAB	"this kernel has no failslab (CONFIG_FAULT_INJECTION)"
/* No command makes so many allocations; what is left tells how many it made. */
#define NEVER		1000000u
#define LOADS		40
#define ERRNO_A		ENOANO
#define ERRNO_B		EBADSLT

/* The state of the cgroup "top"; HALF is a mixture of two, which must never be seen. */
enum state { NONE, OFF, A, B, HALF };

static const char *const state_names[] = { "none", "off", "A", "B", "a half" };

static struct msg m;
static int fail_nth = -1;

static bool have_failslab(void)
{
	return !access(FAIL_NTH, W_OK) && !access("/sys/kernel/debug/failslab", F_OK);
}

/* Allocations that may sleep fail, too, and failures are not logged. */
static int prepare(void)
{
	fail_nth = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		return -errno;
	return sh("cd /sys/kernel/debug && for d in failslab fail_page_alloc fail_usercopy; do "
		  "[ ! -d $d ] || for f in verbose ignore-gfp-wait cache-filter min-order "
		  "probability; do [ ! -e $d/$f ] || echo 0 >$d/$f || exit 1; done; done");
}

static int write_number(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	return write(fail_nth, text, len) == len ? 0 : -errno;
}

/* The @nth allocation from now on fails. */
static void arm(unsigned int nth)
{
	write_number(nth);
}

/* No further allocation fails. Returns what is left of the number: 0 if one failed. */
static unsigned int disarm(void)
{
	char text[16] = "";
	ssize_t len = pread(fail_nth, text, sizeof(text) - 1, 0);

	write_number(0);
	return len > 0 ? strtoul(text, NULL, 10) : 0;
}

FIXTURE(fault)
{
	struct genl nl, ear;
	struct cg top, mid, leaf;
	struct abi_sets a[NR_ABIS], b[NR_ABIS];
	struct calls *calls;
	struct answer answer, reference;
};

FIXTURE_SETUP(fault)
{
	int bytes = 8 << 20;

	/* After SKIP() in a setup the harness runs the test all the same; so each test skips. */
	if (!have_failslab())
		return;
	ASSERT_EQ(0, prepare());
	/* A test that was interrupted may have left the module loaded. */
	sh("rmmod scmod 2>/dev/null");
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, genl_socket(&self->nl));
	ASSERT_EQ(0, genl_resolve(&self->nl, &m));
	ASSERT_EQ(0, genl_socket(&self->ear));
	self->ear.family = self->nl.family;
	ASSERT_EQ(0, setsockopt(self->ear.fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)));
	ASSERT_EQ(0, genl_listen(&self->ear, &m));
	ASSERT_EQ(0, cg_make(&self->top, NULL, "fault"));
	ASSERT_EQ(0, cg_make(&self->mid, &self->top, "mid"));
	ASSERT_EQ(0, cg_make(&self->leaf, &self->mid, "leaf"));
	ASSERT_EQ(0, set_mode(&self->mid, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, set_mode(&self->leaf, SCMOD_MODE_LEARN));
	for (int abi = 0; abi < NR_ABIS; abi++) {
		bitmap_add(&self->a[abi].allowed, SYS_getuid);
		bitmap_add(&self->a[abi].allowed, SYS_exit_group);
		bitmap_add(&self->b[abi].allowed, SYS_getgid);
		bitmap_add(&self->b[abi].allowed, SYS_exit_group);
	}
	self->calls = calls_new(ENTRY_SYSCALL);
	calls_add(self->calls, SYS_getuid);
	calls_add(self->calls, SYS_getgid);
}

FIXTURE_TEARDOWN(fault)
{
	if (!self->nl.family)
		return;
	write_number(0);
	EXPECT_EQ(0, drop_policy(self->top.id));
	EXPECT_EQ(0, drop_policy(self->mid.id));
	EXPECT_EQ(0, drop_policy(self->leaf.id));
	EXPECT_EQ(0, marks());
	EXPECT_EQ(0, cg_remove(&self->leaf));
	EXPECT_EQ(0, cg_remove(&self->mid));
	EXPECT_EQ(0, cg_remove(&self->top));
	close(self->nl.fd);
	close(self->ear.fd);
	scmod_close();
	EXPECT_EQ(0, sh("rmmod scmod"));
}

static bool holds(const struct policy *policy, const struct abi_sets *sets, uint32_t err)
{
	for (int abi = 0; abi < NR_ABIS; abi++)
		if (!set_equal(&policy->abi[abi].allowed, &sets[abi].allowed) ||
		    !set_equal(&policy->abi[abi].soft, &sets[abi].soft))
			return false;
	return policy->mode == SCMOD_MODE_ENFORCE && policy->err == err;
}

/* The state as the module reports it. */
static enum state state_told(FIXTURE_DATA(fault) *self)
{
	enum state state = HALF;
	struct policy policy;
	int err = get_policy(self->top.id, &policy);

	if (err)
		return err == -ENOENT ? NONE : HALF;
	if (policy.mode == SCMOD_MODE_OFF)
		state = OFF;
	else if (holds(&policy, self->a, ERRNO_A))
		state = A;
	else if (holds(&policy, self->b, ERRNO_B))
		state = B;
	policy_release(&policy);
	return state;
}

/* The state as a program in one of the cgroups finds it by making calls. */
static enum state state_felt(FIXTURE_DATA(fault) *self, const struct cg *cg)
{
	long uid, gid;

	if (calls_run(cg, self->calls))
		return HALF;
	uid = self->calls->ret[0];
	gid = self->calls->ret[1];
	if (!uid && !gid)
		return NONE;
	if (!uid && gid == -ERRNO_A)
		return A;
	if (uid == -ERRNO_B && !gid)
		return B;
	return HALF;
}

static enum state state_of(struct __test_metadata *_metadata, FIXTURE_DATA(fault) *self)
{
	enum state told = state_told(self);
	enum state feels = told == OFF ? NONE : told;

	EXPECT_NE(HALF, told);
	EXPECT_EQ(feels, state_felt(self, &self->top));
	EXPECT_EQ(feels, state_felt(self, &self->mid));
	EXPECT_EQ(feels, state_felt(self, &self->leaf));
	return told;
}

/* Whether an event of a change, or an error that events were lost, came since the last call. */
static bool heard(FIXTURE_DATA(fault) *self)
{
	unsigned char data[RECV_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	bool yes = false;

	for (;;) {
		ssize_t len = recv(self->ear.fd, data, sizeof(data), MSG_DONTWAIT);
		const size_t skip = NLMSG_HDRLEN + GENL_HDRLEN;

		if (len < 0 && errno != ENOBUFS)
			return yes;
		if (len < 0 ||
		    attr_u32(attr_find(data + skip, len - skip, SCMOD_A_POLICY_EVENT)) ==
		    SCMOD_EVENT_MODE)
			yes = true;
	}
}

static void put_sets(const struct abi_sets *sets)
{
	for (uint32_t abi = 0; abi < NR_ABIS; abi++) {
		size_t at = msg_nest(&m, SCMOD_A_POLICY_ABI | NLA_F_NESTED);

		msg_put_u32(&m, SCMOD_A_ABI_ID, abi);
		msg_put(&m, SCMOD_A_ABI_ALLOWED, &sets[abi].allowed, SCMOD_BITMAP_BYTES);
		msg_put(&m, SCMOD_A_ABI_SOFT, &sets[abi].soft, SCMOD_BITMAP_BYTES);
		msg_nest_end(&m, at);
	}
}

static void ask_for(FIXTURE_DATA(fault) *self, enum state wanted)
{
	msg_begin(&m, self->nl.family, 0, SCMOD_CMD_SET);
	msg_put_u32(&m, SCMOD_A_POLICY_FD, self->top.fd);
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, wanted == OFF ? SCMOD_MODE_OFF : SCMOD_MODE_ENFORCE);
	if (wanted == OFF)
		return;
	msg_put_u32(&m, SCMOD_A_POLICY_ERRNO, wanted == A ? ERRNO_A : ERRNO_B);
	put_sets(wanted == A ? self->a : self->b);
}

static void back_to(struct __test_metadata *_metadata, FIXTURE_DATA(fault) *self, enum state state)
{
	if (state == NONE) {
		ASSERT_EQ(0, drop_policy(self->top.id));
	} else if (state == OFF) {
		ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_OFF));
	} else {
		ASSERT_EQ(0, set_enforce(&self->top, self->a, SCMOD_ACTION_ERRNO, ERRNO_A));
	}
	heard(self);
}

/* The message @m, which leads @from one state @to another, with every failure. */
static void each_failure(struct __test_metadata *_metadata, FIXTURE_DATA(fault) *self,
			 enum state from, enum state to)
{
	unsigned int nth, left = 0, refused = 0, done = 0;

	back_to(_metadata, self, from);
	for (nth = 1; !left; nth++) {
		struct answer *answer = &self->answer;
		enum state state;

		arm(nth);
		genl_ask(&self->nl, &m, answer);
		left = disarm();
		state = state_of(_metadata, self);
		EXPECT_TRUE(state == from || state == to) {
			TH_LOG("failure %u: %d, then %s holds", nth, answer->err,
			       state_names[state]);
		}
		if (!answer->err) {
			EXPECT_EQ(to, state);
		} else if (answer->err < 0) {
			EXPECT_EQ(from, state) {
				TH_LOG("failure %u: %d %s, but it was done", nth, answer->err,
				       answer->text);
			}
		}
		EXPECT_FALSE(left && answer->err);
		refused += state == from;
		done += state == to;
		if (state == to && to != NONE) {
			EXPECT_TRUE(heard(self)) {
				TH_LOG("failure %u: an event was lost without ENOBUFS", nth);
			}
		}
		if (state != from && !left)
			back_to(_metadata, self, from);
	}
	TH_LOG("%u places: %u refused, %u done", nth - 2, refused, done - 1);
	EXPECT_LT(0, refused);
}

TEST_F_TIMEOUT(fault, while_a_policy_is_made, 600)
{
	if (!have_failslab())
		SKIP(return, NO_FAILSLAB);
	ask_for(self, A);
	each_failure(_metadata, self, NONE, A);
}

TEST_F_TIMEOUT(fault, while_a_policy_is_changed, 600)
{
	if (!have_failslab())
		SKIP(return, NO_FAILSLAB);
	ask_for(self, B);
	each_failure(_metadata, self, A, B);
}

TEST_F_TIMEOUT(fault, while_a_policy_is_switched_off, 600)
{
	if (!have_failslab())
		SKIP(return, NO_FAILSLAB);
	ask_for(self, OFF);
	each_failure(_metadata, self, A, OFF);
}

TEST_F_TIMEOUT(fault, while_a_policy_is_forgotten, 600)
{
	if (!have_failslab())
		SKIP(return, NO_FAILSLAB);
	msg_begin(&m, self->nl.family, 0, SCMOD_CMD_FORGET);
	msg_put_u64(&m, SCMOD_A_POLICY_ID, self->top.id);
	each_failure(_metadata, self, OFF, NONE);
}

/* A request that reads: each failure leads to a whole answer or none, and changes nothing. */
static void each_failure_asking(struct __test_metadata *_metadata, FIXTURE_DATA(fault) *self)
{
	unsigned int nth, left = 0, answered = 0;

	genl_ask(&self->nl, &m, &self->reference);
	ASSERT_EQ(0, self->reference.err);
	for (nth = 1; !left; nth++) {
		struct genl nl = self->nl;

		/* On one socket, a dump that broke off would make the next one fail with EBUSY. */
		ASSERT_EQ(0, genl_socket(&nl));
		nl.family = self->nl.family;
		msg_header(&m)->nlmsg_type = nl.family;
		arm(nth);
		genl_ask(&nl, &m, &self->answer);
		left = disarm();
		if (!self->answer.err || left) {
			answered++;
			EXPECT_EQ(0, self->answer.err);
			EXPECT_TRUE(answer_equal(&self->reference, &self->answer)) {
				TH_LOG("failure %u: another answer", nth);
			}
		}
		close(nl.fd);
	}
	TH_LOG("%u places: %u answered", nth - 2, answered - 1);
	EXPECT_LT(1, nth - 1 - answered);
}

TEST_F_TIMEOUT(fault, while_status_is_asked_for, 300)
{
	if (!have_failslab())
		SKIP(return, NO_FAILSLAB);
	msg_begin(&m, self->nl.family, 0, SCMOD_CMD_STATUS);
	each_failure_asking(_metadata, self);
}

TEST_F_TIMEOUT(fault, while_a_policy_is_asked_for, 300)
{
	if (!have_failslab())
		SKIP(return, NO_FAILSLAB);
	back_to(_metadata, self, A);
	msg_begin(&m, self->nl.family, 0, SCMOD_CMD_GET);
	msg_put_u64(&m, SCMOD_A_POLICY_ID, self->top.id);
	each_failure_asking(_metadata, self);
	EXPECT_EQ(A, state_of(_metadata, self));
}

TEST_F_TIMEOUT(fault, while_all_policies_are_dumped, 300)
{
	if (!have_failslab())
		SKIP(return, NO_FAILSLAB);
	back_to(_metadata, self, A);
	/* Something to be dumped. */
	EXPECT_EQ(A, state_of(_metadata, self));
	msg_begin(&m, self->nl.family, NLM_F_DUMP, SCMOD_CMD_GET);
	msg_put(&m, SCMOD_A_POLICY_WANT_RECORDS, NULL, 0);
	each_failure_asking(_metadata, self);
}

/*
 * It can't be known in advance which worker will run, so fail-nth is of no use here. Make the
 * next @times allocations of any worker fail instead.
 */
static int workers_fail(unsigned int times)
{
	return sh("cd /sys/kernel/debug/failslab && echo %u >times && echo Y >task-filter && "
		  "echo %d >probability; "
		  "for p in /proc/[0-9]*; do [ -e $p/exe ] && [ -n \"$(cat $p/cmdline)\" ] || "
		  "echo %d >$p/make-it-fail; done 2>/dev/null; true",
		  times, times ? 100 : 0, times != 0);
}

static int times_left(void)
{
	FILE *f = fopen("/sys/kernel/debug/failslab/times", "r");
	int times = -1;

	if (f && fscanf(f, "%d", &times) != 1)
		times = -1;
	if (f)
		fclose(f);
	return times;
}

/* The worker that removes a gone cgroup's policy from the tree tries until memory suffices. */
TEST_F_TIMEOUT(fault, in_the_worker_that_sees_to_a_removed_cgroup, 300)
{
	struct policy policy;
	bool gone = false;
	int left;

	if (!have_failslab())
		SKIP(return, NO_FAILSLAB);
	back_to(_metadata, self, A);
	ASSERT_EQ(A, state_of(_metadata, self));
	ASSERT_EQ(0, workers_fail(30));
	ASSERT_EQ(0, cg_remove(&self->leaf));
	for (int i = 0; i < 1000 && !gone; i++) {
		usleep(10000);
		ASSERT_EQ(0, get_policy(self->leaf.id, &policy));
		gone = policy_gone(&policy);
		policy_release(&policy);
	}
	left = times_left();
	TH_LOG("%d of 30 failures are left", left);
	EXPECT_LE(0, left);
	EXPECT_LT(left, 30);
	ASSERT_EQ(0, workers_fail(0));
	EXPECT_TRUE(gone);
	EXPECT_EQ(A, state_told(self));
	EXPECT_EQ(A, state_felt(self, &self->mid));
}

/* An event is lost if there is no memory for it; the listener gets ENOBUFS then. */
TEST_F_TIMEOUT(fault, in_the_worker_that_tells_events, 300)
{
	struct pollfd ear = { .fd = self->ear.fd, .events = POLLIN };
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	unsigned int told = 0;
	struct policy policy;
	bool lost = false;

	if (!have_failslab())
		SKIP(return, NO_FAILSLAB);
	calls_add(calls, SYS_getppid);
	calls_add(calls, SYS_getpgrp);
	heard(self);
	ASSERT_EQ(0, workers_fail(1000));
	EXPECT_EQ(0, calls_run(&self->leaf, calls));
	/* Three calls, seen in each of two cgroups. */
	while (!lost && told < 6 && poll(&ear, 1, 5000) == 1) {
		char data[RECV_BYTES];
		ssize_t len = recv(ear.fd, data, sizeof(data), MSG_DONTWAIT);

		lost = len < 0 && errno == ENOBUFS;
		told += len > 0;
	}
	ASSERT_EQ(0, workers_fail(0));
	EXPECT_TRUE(lost) {
		TH_LOG("%u of 6 events came, and no ENOBUFS for the others", told);
	}
	ASSERT_EQ(0, get_policy(self->leaf.id, &policy));
	EXPECT_TRUE(bitmap_has(&policy.abi[0].seen, SYS_getppid));
	EXPECT_TRUE(bitmap_has(&policy.abi[0].seen, SYS_getpgrp));
	policy_release(&policy);
	calls_free(calls);
}

/* Load the module, with the @nth allocation failing; 0 or a negative errno. */
static int load(unsigned int nth, const char *param, unsigned int *left)
{
	int fd = open("/run/scmod.ko", O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	arm(nth);
	ret = syscall(SYS_finit_module, fd, param, 0) ? -errno : 0;
	*left = disarm();
	close(fd);
	return ret;
}

static void expect_nothing_left(struct __test_metadata *_metadata, unsigned int nth)
{
	EXPECT_EQ(0, sh("! grep -q '^scmod ' /proc/modules")) {
		TH_LOG("failure %u", nth);
	}
	EXPECT_EQ(0, sh("! grep . /sys/kernel/debug/kprobes/list")) {
		TH_LOG("failure %u", nth);
	}
	EXPECT_NE(0, scmod_connect()) {
		TH_LOG("failure %u", nth);
	}
	scmod_close();
}

static unsigned int loads_wanted(void)
{
	const char *rounds = getenv("SCMOD_ROUNDS");

	return rounds ? strtoul(rounds, NULL, 10) : LOADS;
}

FIXTURE(loading)
{
};

FIXTURE_SETUP(loading)
{
	if (have_failslab())
		ASSERT_EQ(0, prepare());
}

FIXTURE_TEARDOWN(loading)
{
	if (fail_nth >= 0)
		write_number(0);
}

/*
 * Most allocations are made by the module loader before the module's init function runs. A
 * load with a wrong parameter, which init refuses, shows how many they are. Of these,
 * fewer are tried.
 */
TEST_F_TIMEOUT(loading, fails_and_leaves_nothing, 1200)
{
	unsigned int all, own, left, step, failed = 0, loaded = 0;

	if (!have_failslab())
		SKIP(return, NO_FAILSLAB);
	ASSERT_EQ(0, sh("cp " BUILD "/$(uname -r)/scmod.ko /run/scmod.ko"));
	ASSERT_EQ(-EINVAL, load(NEVER, "hook=nonsense", &left));
	own = NEVER - left;
	ASSERT_EQ(0, load(NEVER, "", &left));
	all = NEVER - left;
	ASSERT_EQ(0, sh("rmmod scmod"));
	expect_nothing_left(_metadata, 0);
	ASSERT_LT(own, all);
	step = (all - own) / loads_wanted() + 1;
	for (unsigned int nth = 1; nth <= all; nth += nth < own ? own / 20 + 1 : step) {
		int ret = load(nth, "", &left);

		if (!ret) {
			/* The failure was tolerated, so the module must work. */
			loaded++;
			EXPECT_EQ(0, scmod_connect());
			scmod_close();
			EXPECT_EQ(0, sh("rmmod scmod"));
		} else {
			failed++;
		}
		expect_nothing_left(_metadata, nth);
	}
	EXPECT_EQ(0, marks());
	TH_LOG("%u places, %u of them the loader's: %u loads failed, %u did without", all, own,
	       failed, loaded);
	EXPECT_LT(0, failed);
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	scmod_close();
	ASSERT_EQ(0, sh("rmmod scmod"));
}

TEST_HARNESS_MAIN
