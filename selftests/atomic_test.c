// SPDX-License-Identifier: GPL-2.0
/*
 * A change of policy is atomic: while the policy of tasks that make calls in a loop alternates
 * between two profiles, each call is decided by exactly one of them. Policies of other
 * cgroups that are made and forgotten meanwhile change no decision. When several processes
 * add calls to one policy at the same time, no addition is lost.
 *
 * cpus: parallel
 */
#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib.h"

#define CHANGES		500
#define OTHERS		500
#define FORGOTTEN	32
#define REMOVED		200
#define ADDERS		4
#define ADDED		24
#define ERRNO_A		ENOANO
#define ERRNO_B		EBADSLT

/*
 * The calls, and what the profiles make of them:
 *	      getuid	getgid	geteuid	getegid
 *	A:    passes	ERRNO_A	ENOSYS	ERRNO_A
 *	B:    ERRNO_B	passes	ERRNO_B	ENOSYS
 * A mix of the two would give a result that is in neither line.
 */
static const struct {
	int nr;
	long a, b;
} calls[] = {
	{ SYS_getuid, 0, -ERRNO_B },
	{ SYS_getgid, -ERRNO_A, 0 },
	{ SYS_geteuid, -ENOSYS, -ERRNO_B },
	{ SYS_getegid, -ERRNO_A, -ENOSYS },
};

#define NR_CALLS (sizeof(calls) / sizeof(calls[0]))

/* Results of one task, which waits for @go before it begins. */
struct counts {
	volatile bool ready, go;
	volatile unsigned long a[NR_CALLS], b[NR_CALLS], neither;
	volatile long odd_call, odd_ret;
};

static void __attribute__((noreturn)) hammer(struct counts *counts)
{
	counts->ready = true;
	while (!counts->go)
		;
	for (;;) {
		for (unsigned int i = 0; i < NR_CALLS; i++) {
			long ret = raw_syscall(calls[i].nr, 0);

			if (ret == calls[i].a) {
				counts->a[i]++;
			} else if (ret == calls[i].b) {
				counts->b[i]++;
			} else {
				counts->odd_call = calls[i].nr;
				counts->odd_ret = ret;
				counts->neither++;
			}
		}
	}
}

static void *hammer_thread(void *counts)
{
	hammer(counts);
}

/* A process of two threads. */
static void __attribute__((noreturn)) hammer_twice(struct counts *counts)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, hammer_thread, &counts[1]))
		_exit(1);
	hammer(&counts[0]);
}

FIXTURE(atomic)
{
	struct cg top, cg, other;
	struct counts *counts;
	unsigned int tasks;
};

static int hammers_ready(struct counts *counts, unsigned int tasks, const struct cg *cg)
{
	for (unsigned int i = 0; i < tasks; i += 2) {
		pid_t pid = cg_fork(cg);

		if (!pid)
			hammer_twice(&counts[i]);
		if (pid < 0)
			return pid;
	}
	for (unsigned int i = 0; i < tasks; i++)
		while (!counts[i].ready)
			usleep(1000);
	return 0;
}

static void hammers_go(struct counts *counts, unsigned int tasks)
{
	for (unsigned int i = 0; i < tasks; i++)
		counts[i].go = true;
}

/* Whether the profiles are set on the tasks' own cgroup or on one above. */
FIXTURE_VARIANT(atomic)
{
	bool above;
	/* Whether it is the policy of the tasks' own cgroup that is made and forgotten. */
	bool own;
};

FIXTURE_VARIANT_ADD(atomic, own_cgroup) { .above = false };
FIXTURE_VARIANT_ADD(atomic, cgroup_above_a_learning_one) { .above = true };
FIXTURE_VARIANT_ADD(atomic, cgroup_above_one_that_comes_and_goes) { .above = true, .own = true };

FIXTURE_SETUP(atomic)
{
	self->tasks = 2 * sysconf(_SC_NPROCESSORS_ONLN);
	self->counts = shared_new(self->tasks * sizeof(*self->counts));
	ASSERT_NE(NULL, self->counts);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->top, NULL, "atomic"));
	ASSERT_EQ(0, cg_make(&self->cg, &self->top, "leaf"));
	ASSERT_EQ(0, cg_make(&self->other, NULL, "other"));
}

FIXTURE_TEARDOWN(atomic)
{
	EXPECT_EQ(0, drop_policy(self->top.id));
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	EXPECT_EQ(0, cg_remove(&self->top));
	EXPECT_EQ(0, cg_remove(&self->other));
}

TEST_F_TIMEOUT(atomic, each_call_is_decided_by_one_profile, 300)
{
	const struct cg *where = variant->above ? &self->top : &self->cg;
	struct abi_sets a[NR_ABIS] = { 0 }, b[NR_ABIS] = { 0 };
	unsigned long by_a[NR_CALLS] = { 0 }, by_b[NR_CALLS] = { 0 }, all_a = 0, all_b = 0;

	bitmap_add(&a[0].allowed, SYS_getuid);
	bitmap_add(&a[0].soft, SYS_geteuid);
	bitmap_add(&b[0].allowed, SYS_getgid);
	bitmap_add(&b[0].soft, SYS_getegid);
	/* With @own the policy above is older than the one below, otherwise it is younger. */
	if (variant->own)
		ASSERT_EQ(0, set_mode(where, SCMOD_MODE_OFF));
	if (variant->above)
		ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, hammers_ready(self->counts, self->tasks, &self->cg));
	ASSERT_EQ(0, set_enforce(where, a, SCMOD_ACTION_ERRNO, ERRNO_A));
	hammers_go(self->counts, self->tasks);
	for (int i = 0; i < CHANGES; i++) {
		ASSERT_EQ(0, set_enforce(where, b, SCMOD_ACTION_ERRNO, ERRNO_B));
		ASSERT_EQ(0, set_enforce(where, a, SCMOD_ACTION_ERRNO, ERRNO_A));
	}
	ASSERT_EQ(0, cg_write(&self->cg, "cgroup.freeze", "1"));
	for (unsigned int i = 0; i < self->tasks; i++) {
		struct counts *counts = &self->counts[i];

		EXPECT_EQ(0, counts->neither) {
			TH_LOG("call %ld returned %ld", counts->odd_call, counts->odd_ret);
		}
		for (unsigned int j = 0; j < NR_CALLS; j++) {
			by_a[j] += counts->a[j];
			by_b[j] += counts->b[j];
		}
		EXPECT_LT(0, counts->a[0] + counts->b[0]);
	}
	for (unsigned int j = 0; j < NR_CALLS; j++) {
		EXPECT_LT(0, by_a[j]);
		EXPECT_LT(0, by_b[j]);
		all_a += by_a[j];
		all_b += by_b[j];
	}
	TH_LOG("%u changes, %u tasks: %lu calls by the one, %lu by the other", 2 * CHANGES,
	       self->tasks, all_a, all_b);
	ASSERT_EQ(0, cg_write(&self->cg, "cgroup.freeze", "0"));
}

/* Each change of these policies makes the hook look up again which policy applies. */
TEST_F_TIMEOUT(atomic, others_that_come_and_go_open_nothing, 300)
{
	const struct cg *where = variant->above ? &self->top : &self->cg;
	struct abi_sets a[NR_ABIS] = { 0 };
	unsigned long refused = 0;
	const struct cg *other = variant->own ? &self->cg : &self->other;

	bitmap_add(&a[0].allowed, SYS_getuid);
	bitmap_add(&a[0].soft, SYS_geteuid);
	ASSERT_EQ(0, hammers_ready(self->counts, self->tasks, &self->cg));
	ASSERT_EQ(0, set_enforce(where, a, SCMOD_ACTION_ERRNO, ERRNO_A));
	hammers_go(self->counts, self->tasks);
	for (int i = 0; i < OTHERS; i++) {
		ASSERT_EQ(0, set_mode(other, SCMOD_MODE_LEARN));
		ASSERT_EQ(0, drop_policy(other->id));
	}
	ASSERT_EQ(0, cg_write(&self->cg, "cgroup.freeze", "1"));
	for (unsigned int i = 0; i < self->tasks; i++) {
		const struct counts *counts = &self->counts[i];

		EXPECT_EQ(0, counts->neither) {
			TH_LOG("call %ld returned %ld", counts->odd_call, counts->odd_ret);
		}
		EXPECT_LT(0, counts->a[0]);
		EXPECT_EQ(0, counts->b[0]);
		EXPECT_EQ(0, counts->b[1]);
		refused += counts->a[1] + counts->a[2] + counts->a[3];
	}
	TH_LOG("%u times, %u tasks: %lu calls refused", OTHERS, self->tasks, refused);
	ASSERT_EQ(0, cg_write(&self->cg, "cgroup.freeze", "0"));
}

FIXTURE(change)
{
	struct cg cg;
};

FIXTURE_SETUP(change)
{
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "change"));
}

FIXTURE_TEARDOWN(change)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
}

/* Adds the calls of one adder, in all ABIs, with a new connection for each message. */
static int add_some(uint64_t id, unsigned int adder)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	scmod_close();
	change.id = id;
	for (unsigned int nr = adder; nr < ADDERS * ADDED; nr += ADDERS) {
		struct bitmap more[NR_ABIS] = { 0 };
		int err;

		for (unsigned int abi = 0; abi < NR_ABIS; abi++)
			bitmap_add(&more[abi], nr);
		change.more = more;
		err = scmod_connect();
		if (!err)
			err = scmod_set(&change, NULL);
		scmod_close();
		if (err)
			return err;
	}
	return 0;
}

TEST_F_TIMEOUT(change, what_several_add_at_once_is_all_there, 120)
{
	struct abi_sets sets[NR_ABIS] = { 0 };
	struct policy policy;
	pid_t pid[ADDERS];

	/* Calls that were allowed or soft before must stay so; call 1 is soft, and is added. */
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		bitmap_add(&sets[abi].allowed, ADDERS * ADDED);
		bitmap_add(&sets[abi].soft, ADDERS * ADDED + 1);
		bitmap_add(&sets[abi].soft, 1);
	}
	ASSERT_EQ(0, set_enforce(&self->cg, sets, SCMOD_ACTION_ERRNO, ERRNO_A));
	for (unsigned int i = 0; i < ADDERS; i++) {
		pid[i] = fork();
		if (!pid[i])
			_exit(add_some(self->cg.id, i) ? 1 : 0);
	}
	for (unsigned int i = 0; i < ADDERS; i++) {
		int status;

		ASSERT_EQ(pid[i], waitpid(pid[i], &status, 0));
		EXPECT_EQ(0, status);
	}
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_EQ(SCMOD_MODE_ENFORCE, policy.mode);
	EXPECT_EQ(ERRNO_A, policy.err);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		for (unsigned int nr = 0; nr <= ADDERS * ADDED; nr++) {
			EXPECT_TRUE(bitmap_has(&policy.abi[abi].allowed, nr)) {
				TH_LOG("ABI %u, call %u", abi, nr);
			}
		}
		EXPECT_EQ(ADDERS * ADDED + 1, bitmap_count(&policy.abi[abi].allowed));
		EXPECT_EQ(1, bitmap_count(&policy.abi[abi].soft));
		EXPECT_TRUE(bitmap_has(&policy.abi[abi].soft, ADDERS * ADDED + 1));
	}
	policy_release(&policy);
}

/* Many cgroups are removed at once, as when all containers end; one worker handles them. */
TEST_F_TIMEOUT(change, cgroups_that_enforce_are_removed_and_forgotten, 120)
{
	struct abi_sets abi[NR_ABIS] = { 0 };
	struct cg cg[FORGOTTEN];
	struct policy policy;

	for (int i = 0; i < FORGOTTEN; i++) {
		char name[32];

		snprintf(name, sizeof(name), "forgotten-%d", i);
		ASSERT_EQ(0, cg_make(&cg[i], &self->cg, name));
		ASSERT_EQ(0, set_enforce(&cg[i], abi, SCMOD_ACTION_ERRNO, ERRNO_A));
	}
	for (int i = 0; i < FORGOTTEN; i++)
		ASSERT_EQ(0, cg_remove(&cg[i]));
	for (int i = FORGOTTEN - 1; i >= 0; i--) {
		ASSERT_EQ(0, get_policy(cg[i].id, &policy));
		EXPECT_TRUE(policy_gone(&policy));
		policy_release(&policy);
		EXPECT_EQ(0, scmod_forget(cg[i].id)) {
			TH_LOG("cgroup %d", i);
		}
	}
}

/* The policy is gone, whether rmdir comes before, after, or while the policy is made. */
TEST_F_TIMEOUT(change, cgroup_that_is_removed_as_its_policy_is_made, 120)
{
	unsigned int made = 0;

	for (int i = 0; i < REMOVED; i++) {
		struct policy policy = { 0 };
		struct cg cg;
		pid_t pid;
		int err;

		ASSERT_EQ(0, cg_make(&cg, NULL, "removed"));
		pid = fork();
		if (!pid) {
			for (volatile int j = i % 40 * 500; j > 0; j--)
				;
			_exit(rmdir(cg.path) ? 1 : 0);
		}
		err = set_mode(&cg, SCMOD_MODE_LEARN);
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
		for (int j = 0; !err && j < 500; j++) {
			ASSERT_EQ(0, get_policy(cg.id, &policy));
			if (policy_gone(&policy))
				break;
			policy_release(&policy);
			usleep(10000);
		}
		if (!err) {
			EXPECT_TRUE(policy_gone(&policy));
			policy_release(&policy);
			EXPECT_EQ(0, scmod_forget(cg.id));
			made++;
		}
		EXPECT_EQ(0, cg_remove(&cg));
	}
	TH_LOG("%u policies made of %u", made, REMOVED);
	EXPECT_LT(0, made);
	EXPECT_GT(REMOVED, made);
}

TEST_HARNESS_MAIN
