// SPDX-License-Identifier: GPL-2.0
/*
 * A change that waits to be confirmed: what held before comes back as a whole unless the
 * change is confirmed in time, whatever becomes of who made it.
 *
 * Times are compared in one direction only, so that a slow machine does no harm: what is
 * not confirmed stays at least as long as it was to wait, and comes back at some time.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "event.h"
#include "lib.h"

/* Milliseconds: short; and so long that it is not over before the test is. */
#define SOON	1000
#define NEVER	3600000
/* The test waits for what should come for so long, in steps of 10 ms. */
#define TRIES	3000

static struct msg m;

/* What is refused in the policy's first state, and what while the change waits. */
#define BEFORE	SYS_getppid
#define DURING	SYS_getuid

FIXTURE(confirm)
{
	struct cg cg;
};

FIXTURE_SETUP(confirm)
{
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "confirm"));
}

FIXTURE_TEARDOWN(confirm)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* All calls but one. */
static void all_but(struct abi_sets *sets, unsigned int nr)
{
	memset(sets, 0, NR_ABIS * sizeof(*sets));
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		memset(&sets[abi].allowed, 0xff, sizeof(sets[abi].allowed));
	bitmap_drop(&sets[SCMOD_ABI_X86_64].allowed, nr);
}

/* Enforce: refuse @nr with @err. */
static int enforce(const struct cg *cg, unsigned int nr, int err, uint32_t ms)
{
	struct abi_sets sets[NR_ABIS];
	struct scmod_change change = SCMOD_CHANGE_NONE;

	all_but(sets, nr);
	change.fd = cg->fd;
	change.mode = SCMOD_MODE_ENFORCE;
	change.err = err;
	change.abi = sets;
	change.confirm_ms = ms;
	return scmod_set(&change, NULL);
}

/* What a process in the cgroup gets for the call: its errno, 0 if it is let through. */
static int result(const struct cg *cg, unsigned int nr)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	int ret;

	calls_add(calls, nr);
	if (calls_run(cg, calls) < 0)
		return -1;
	ret = calls->ret[0] < 0 ? -calls->ret[0] : 0;
	calls_free(calls);
	return ret;
}

static uint32_t left(uint64_t id)
{
	struct policy policy;
	uint32_t ret = ~0U;

	if (!get_policy(id, &policy)) {
		ret = policy.confirm_ms;
		policy_release(&policy);
	}
	return ret;
}

/* Wait until nothing waits to be confirmed. */
static bool settled(uint64_t id)
{
	for (int i = 0; i < TRIES && left(id); i++)
		usleep(10000);
	return !left(id);
}

static bool rolled_back(uint64_t id)
{
	struct policy policy;
	bool ret;

	if (get_policy(id, &policy))
		return false;
	ret = policy.rolled_back;
	policy_release(&policy);
	return ret;
}

static bool same_rules(const struct policy *a, const struct policy *b, unsigned int selector)
{
	const struct policy_selector *x = &a->selector[selector], *y = &b->selector[selector];

	return x->listed == y->listed && x->watch == y->watch && x->nr_rules == y->nr_rules &&
	       !memcmp(x->rule, y->rule, x->nr_rules * sizeof(*x->rule));
}

static void expect_same(struct __test_metadata *_metadata, const struct policy *a,
			const struct policy *b)
{
	EXPECT_EQ(a->mode, b->mode);
	EXPECT_EQ(a->action, b->action);
	EXPECT_EQ(a->err, b->err);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		EXPECT_TRUE(set_equal(&a->abi[abi].allowed, &b->abi[abi].allowed));
		EXPECT_TRUE(set_equal(&a->abi[abi].soft, &b->abi[abi].soft));
		EXPECT_TRUE(set_equal(&a->abi[abi].priority, &b->abi[abi].priority));
	}
	for (unsigned int i = 0; i < NR_SELECTORS; i++)
		EXPECT_TRUE(same_rules(a, b, i));
}

/* A change of all that a policy says, so that nothing can come back by chance. */
static int set_all(const struct cg *cg, uint32_t ms, int mode, unsigned int variant)
{
	struct scmod_value_rule rules[2] = {
		{ .mask = ~0ULL, .first = variant, .last = variant },
		{ .mask = 0xff, .first = 1, .last = 7, .err = CHOSEN },
	};
	struct selector_change selectors[NR_SELECTORS] = { 0 };
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct bitmap priority[NR_ABIS] = { 0 };
	struct abi_sets sets[NR_ABIS];

	all_but(sets, variant ? DURING : BEFORE);
	bitmap_add(&sets[SCMOD_ABI_I386].soft, 20 + variant);
	bitmap_drop(&sets[SCMOD_ABI_I386].allowed, 20 + variant);
	bitmap_add(&priority[SCMOD_ABI_X86_64], 100 + variant);
	selectors[SCMOD_SELECTOR_SOCKET].rules = rules;
	selectors[SCMOD_SELECTOR_SOCKET].nr_rules = 1 + variant;
	change.fd = cg->fd;
	change.mode = mode;
	change.action = variant ? SCMOD_ACTION_KILL : SCMOD_ACTION_ERRNO;
	change.err = variant ? EACCES : CHOSEN;
	change.abi = sets;
	change.priority = priority;
	change.selector = selectors;
	change.confirm_ms = ms;
	return scmod_set(&change, NULL);
}

TEST_F(confirm, what_held_before_comes_back_as_a_whole)
{
	struct policy before, after;
	int64_t begun;

	ASSERT_EQ(0, set_all(&self->cg, 0, SCMOD_MODE_ENFORCE, 0));
	ASSERT_EQ(0, get_policy(self->cg.id, &before));
	EXPECT_EQ(0, before.confirm_ms);
	EXPECT_EQ(CHOSEN, result(&self->cg, BEFORE));
	begun = now_ms();
	ASSERT_EQ(0, set_all(&self->cg, SOON, SCMOD_MODE_ENFORCE, 1));
	ASSERT_TRUE(settled(self->cg.id));
	EXPECT_LE(SOON, now_ms() - begun);
	ASSERT_EQ(0, get_policy(self->cg.id, &after));
	EXPECT_NE(0, after.rolled_back);
	expect_same(_metadata, &before, &after);
	EXPECT_EQ(CHOSEN, result(&self->cg, BEFORE));
	EXPECT_EQ(0, result(&self->cg, DURING));
	policy_release(&before);
	policy_release(&after);
}

TEST_F(confirm, meanwhile_the_change_holds_and_what_is_left_is_told)
{
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, NEVER));
	EXPECT_EQ(CHOSEN, result(&self->cg, DURING));
	EXPECT_LT(0, left(self->cg.id));
	EXPECT_GE(NEVER, left(self->cg.id));
	EXPECT_FALSE(rolled_back(self->cg.id));
}

TEST_F(confirm, learning_goes_on)
{
	struct policy policy;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, SOON));
	ASSERT_TRUE(settled(self->cg.id));
	EXPECT_EQ(0, result(&self->cg, SYS_getegid));
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_EQ(SCMOD_MODE_LEARN, policy.mode);
	EXPECT_TRUE(bitmap_has(&policy.abi[SCMOD_ABI_X86_64].seen, SYS_getegid));
	policy_release(&policy);
}

TEST_F(confirm, whoever_made_the_change_may_be_killed)
{
	int status;
	pid_t pid;

	ASSERT_EQ(0, enforce(&self->cg, BEFORE, CHOSEN, 0));
	pid = fork();
	if (!pid) {
		scmod_close();
		if (scmod_find() || enforce(&self->cg, DURING, EACCES, SOON))
			_exit(1);
		raise(SIGKILL);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	EXPECT_TRUE(settled(self->cg.id));
	EXPECT_TRUE(rolled_back(self->cg.id));
	EXPECT_EQ(CHOSEN, result(&self->cg, BEFORE));
	EXPECT_EQ(0, result(&self->cg, DURING));
}

TEST_F(confirm, what_is_confirmed_holds)
{
	int err = -1;

	ASSERT_EQ(0, enforce(&self->cg, BEFORE, CHOSEN, 0));
	/* On a slow machine the first confirmation may come too late. */
	for (uint32_t ms = SOON; err && ms <= 16 * SOON; ms *= 2) {
		ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, ms));
		err = scmod_confirm(self->cg.id);
	}
	ASSERT_EQ(0, err);
	EXPECT_EQ(0, left(self->cg.id));
	usleep(1500 * SOON);
	EXPECT_EQ(CHOSEN, result(&self->cg, DURING));
	EXPECT_FALSE(rolled_back(self->cg.id));
	EXPECT_EQ(-EALREADY, scmod_confirm(self->cg.id));
	EXPECT_NE(NULL, strstr(scmod_reason(-EALREADY), "waits"));
}

TEST_F(confirm, too_late_is_an_error)
{
	ASSERT_EQ(0, enforce(&self->cg, BEFORE, CHOSEN, 0));
	ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, 1));
	ASSERT_TRUE(settled(self->cg.id));
	EXPECT_EQ(-EALREADY, scmod_confirm(self->cg.id));
	EXPECT_NE(NULL, strstr(scmod_reason(-EALREADY), "rolled back"));
	/* A new mode is a new decision. */
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	EXPECT_FALSE(rolled_back(self->cg.id));
}

TEST_F(confirm, a_mode_that_is_set_meanwhile_holds_for_good)
{
	static const int modes[] = {
		SCMOD_MODE_OFF, SCMOD_MODE_LEARN, SCMOD_MODE_COMPLAIN, SCMOD_MODE_ENFORCE,
	};

	for (unsigned int i = 0; i < 4; i++) {
		struct policy policy;

		ASSERT_EQ(0, enforce(&self->cg, BEFORE, CHOSEN, 0));
		ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, NEVER));
		ASSERT_EQ(0, set_mode(&self->cg, modes[i]));
		EXPECT_EQ(0, left(self->cg.id));
		EXPECT_EQ(-EALREADY, scmod_confirm(self->cg.id));
		ASSERT_EQ(0, get_policy(self->cg.id, &policy));
		EXPECT_EQ(modes[i], (int)policy.mode);
		EXPECT_FALSE(bitmap_has(&policy.abi[SCMOD_ABI_X86_64].allowed, DURING));
		policy_release(&policy);
	}
}

/* What is allowed in addition while a change waits goes with the change. */
TEST_F(confirm, without_a_mode_it_goes_on_waiting)
{
	struct bitmap more[NR_ABIS] = { 0 };
	struct scmod_change change = SCMOD_CHANGE_NONE;

	ASSERT_EQ(0, enforce(&self->cg, BEFORE, CHOSEN, 0));
	ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, 3 * SOON));
	bitmap_add(&more[SCMOD_ABI_X86_64], BEFORE);
	change.id = self->cg.id;
	change.more = more;
	ASSERT_EQ(0, scmod_set(&change, NULL));
	ASSERT_TRUE(settled(self->cg.id));
	EXPECT_TRUE(rolled_back(self->cg.id));
	EXPECT_EQ(CHOSEN, result(&self->cg, BEFORE));
}

TEST_F(confirm, again_it_waits_anew_for_what_was_confirmed_last)
{
	int64_t begun;

	ASSERT_EQ(0, enforce(&self->cg, BEFORE, CHOSEN, 0));
	ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, NEVER));
	begun = now_ms();
	ASSERT_EQ(0, enforce(&self->cg, SYS_getgid, CHOSEN, SOON));
	EXPECT_GE(SOON, left(self->cg.id));
	ASSERT_TRUE(settled(self->cg.id));
	EXPECT_LE(SOON, now_ms() - begun);
	EXPECT_EQ(CHOSEN, result(&self->cg, BEFORE));
	EXPECT_EQ(0, result(&self->cg, DURING));
	EXPECT_EQ(0, result(&self->cg, SYS_getgid));
}

TEST_F(confirm, a_policy_that_was_made_is_off_afterwards)
{
	struct bitmap none = { 0 };
	struct policy policy;

	ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, SOON));
	EXPECT_EQ(CHOSEN, result(&self->cg, DURING));
	ASSERT_TRUE(settled(self->cg.id));
	EXPECT_EQ(0, result(&self->cg, DURING));
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_EQ(SCMOD_MODE_OFF, policy.mode);
	EXPECT_EQ(EPERM, policy.err);
	EXPECT_TRUE(set_equal(&none, &policy.abi[SCMOD_ABI_X86_64].allowed));
	/* What was refused is told all the same. */
	EXPECT_NE(NULL, policy_record(&policy, SCMOD_ABI_X86_64, DURING, SCMOD_RECORD_DENIED));
	policy_release(&policy);
}

TEST_F(confirm, only_what_enforces_waits)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	ASSERT_EQ(0, enforce(&self->cg, BEFORE, CHOSEN, 0));
	change.id = self->cg.id;
	change.confirm_ms = NEVER;
	for (int mode = 0; mode <= SCMOD_MODE_MAX; mode++) {
		change.mode = mode;
		EXPECT_EQ(mode == SCMOD_MODE_ENFORCE ? 0 : -EINVAL, scmod_set(&change, NULL));
	}
	EXPECT_EQ(-EBUSY, scmod_forget(self->cg.id));
	EXPECT_LT(0, left(self->cg.id));
	EXPECT_NE(0, sh("rmmod scmod 2>/dev/null"));
}

TEST_F(confirm, what_comes_back_can_be_asked_for)
{
	struct policy before;
	struct policy_list list;
	bool found = false;

	ASSERT_EQ(0, set_all(&self->cg, 0, SCMOD_MODE_COMPLAIN, 0));
	ASSERT_EQ(0, get_policy(self->cg.id, &before));
	ASSERT_EQ(0, set_all(&self->cg, NEVER, SCMOD_MODE_ENFORCE, 1));
	ASSERT_EQ(0, scmod_list_confirmed(&list));
	for (size_t i = 0; i < list.count; i++) {
		if (list.policy[i].id != self->cg.id)
			continue;
		found = true;
		expect_same(_metadata, &before, &list.policy[i]);
	}
	EXPECT_TRUE(found);
	policy_list_release(&list);
	policy_release(&before);
}

/* The record of a removed cgroup waits for nothing, and keeps no module. */
TEST_F(confirm, nothing_waits_in_a_cgroup_that_is_removed)
{
	struct policy policy;
	bool gone = false;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, SOON));
	ASSERT_EQ(0, cg_remove(&self->cg));
	for (int i = 0; i < TRIES && !gone; i++) {
		usleep(10000);
		ASSERT_EQ(0, get_policy(self->cg.id, &policy));
		gone = policy_gone(&policy) && !policy.confirm_ms;
		policy_release(&policy);
	}
	EXPECT_TRUE(gone);
	usleep(1500 * SOON);
	EXPECT_FALSE(rolled_back(self->cg.id));
	EXPECT_EQ(0, scmod_forget(self->cg.id));
}

#define MANY	40

TEST_F(confirm, it_comes_back_in_all_cgroups_of_a_pattern)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct abi_sets sets[NR_ABIS];
	struct cg cg[MANY];
	struct policy made;
	char name[16];

	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		ASSERT_EQ(0, cg_make(&cg[i], &self->cg, name));
	}
	all_but(sets, BEFORE);
	change.name = "/confirm/many-*";
	change.mode = SCMOD_MODE_ENFORCE;
	change.err = CHOSEN;
	change.abi = sets;
	ASSERT_EQ(0, scmod_set(&change, &made));
	all_but(sets, DURING);
	change.confirm_ms = SOON;
	ASSERT_EQ(0, scmod_set(&change, NULL));
	ASSERT_TRUE(settled(made.id));
	for (int i = 0; i < MANY; i++) {
		EXPECT_EQ(CHOSEN, result(&cg[i], BEFORE));
		EXPECT_EQ(0, result(&cg[i], DURING));
	}
	/* A new policy would stay in the way of the pattern. */
	change.name = "/confirm/many-7";
	EXPECT_EQ(-EEXIST, scmod_set(&change, NULL));
	change.name = "/confirm/many-none";
	EXPECT_EQ(-EEXIST, scmod_set(&change, NULL));
	EXPECT_EQ(CHOSEN, result(&cg[7], BEFORE));
	for (int i = 0; i < MANY; i++)
		EXPECT_EQ(0, cg_remove(&cg[i]));
	EXPECT_EQ(0, drop_policy(made.id));
	policy_release(&made);
}

/* The event of this type about the policy; others are passed over. */
static bool heard(struct genl *ear, uint64_t id, uint32_t type, struct event *event)
{
	while (!event_next(ear, event, 20000))
		if (event->id == id && event->event == type)
			return true;
	return false;
}

TEST_F(confirm, events_tell_of_it)
{
	struct answer a = { 0 };
	struct event event;
	struct genl ear;

	ASSERT_EQ(0, genl_socket(&ear));
	ASSERT_EQ(0, genl_resolve(&ear, &m));
	ASSERT_EQ(0, genl_listen_say(&ear, &m, false, &a));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, SOON));
	ASSERT_TRUE(heard(&ear, self->cg.id, SCMOD_EVENT_ROLLED_BACK, &event));
	EXPECT_EQ(SCMOD_MODE_LEARN, event.mode);
	EXPECT_STREQ("/confirm", event.path);
	ASSERT_EQ(0, enforce(&self->cg, DURING, CHOSEN, NEVER));
	ASSERT_EQ(0, scmod_confirm(self->cg.id));
	ASSERT_TRUE(heard(&ear, self->cg.id, SCMOD_EVENT_CONFIRMED, &event));
	EXPECT_EQ(SCMOD_MODE_ENFORCE, event.mode);
	EXPECT_EQ(0, sh("dmesg | grep -q 'cgroup %llu: not confirmed in time'",
			(unsigned long long)self->cg.id));
	answer_free(&a);
	genl_close(&ear);
}

TEST_HARNESS_MAIN
