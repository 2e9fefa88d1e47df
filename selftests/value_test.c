// SPDX-License-Identifier: GPL-2.0
/*
 * Values of arguments: which are recorded, and which are refused.
 *
 * cpus: parallel
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "event.h"
#include "lib.h"
#include "value.h"

/* More values than that may find no room, if they are of one selector. */
#define SEEN_ROOM	42
#define DENIED_ROOM	62

static const unsigned int entries[] = { SCMOD_ABI_X86_64, SCMOD_ABI_I386, SCMOD_ABI_X32 };

static unsigned int rounds(unsigned int usual)
{
	const char *text = getenv("SCMOD_ROUNDS");

	return text ? strtoul(text, NULL, 0) : usual;
}

static unsigned int times(unsigned int usual)
{
	const char *text = getenv("SCMOD_TIMES");

	return text ? strtoul(text, NULL, 0) : usual;
}

FIXTURE(value)
{
	struct cg top, cg;
	struct value_link *link;
	struct values *values;
	struct uses *uses;
	/* Everything is allowed. */
	struct abi_sets abi[NR_ABIS];
};

FIXTURE_SETUP(value)
{
	self->link = calloc(1, sizeof(*self->link));
	self->values = calloc(1, sizeof(*self->values));
	self->uses = shared_new(sizeof(*self->uses));
	ASSERT_TRUE(self->link && self->values && self->uses);
	memset(self->abi, 0, sizeof(self->abi));
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			bitmap_add(&self->abi[abi].allowed, nr);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, value_link_open(self->link));
	ASSERT_EQ(0, cg_make(&self->top, NULL, "value-top"));
	ASSERT_EQ(0, cg_make(&self->cg, &self->top, "leaf"));
}

FIXTURE_TEARDOWN(value)
{
	EXPECT_EQ(0, drop_policy(self->top.id));
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	EXPECT_EQ(0, cg_remove(&self->top));
	value_link_close(self->link);
	munmap(self->uses, sizeof(*self->uses));
	free(self->values);
	free(self->link);
}

static void watch_all(struct __test_metadata *_metadata, FIXTURE_DATA(value) *self,
		      const struct cg *cg)
{
	struct msg *m = value_set(self->link, cg);

	for (unsigned int s = 0; s < SELECTORS; s++)
		value_put_watch(m, s, 1);
	ASSERT_EQ(0, value_send(self->link));
}

static void read_values(struct __test_metadata *_metadata, FIXTURE_DATA(value) *self,
			const struct cg *cg)
{
	ASSERT_EQ(0, values_get(self->link, cg->id, self->values));
}

/* What was learned is what was made: no value more, none less, by whom and how. */
static void expect_learned(struct __test_metadata *_metadata, FIXTURE_DATA(value) *self)
{
	const struct scmod_value_record *r;
	unsigned int distinct = 0;

	for (unsigned int i = 0; i < self->uses->count; i++) {
		const struct use *use = &self->uses->use[i];
		bool again = false;

		for (unsigned int j = 0; j < i && !again; j++)
			again = self->uses->use[j].selector == use->selector &&
				self->uses->use[j].value == use->value;
		distinct += !again;
		r = value_find(self->values, SCMOD_RECORD_SEEN, use->selector, use->value);
		EXPECT_NE(NULL, r) {
			TH_LOG("selector %u, ABI %u, value %llx: used, not seen", use->selector,
			       use->abi, (unsigned long long)use->value);
			continue;
		}
		EXPECT_EQ(1, r->count);
		EXPECT_LT(0, r->pid);
		EXPECT_STREQ("value_test", r->comm);
		EXPECT_TRUE(again || r->abi == use->abi);
	}
	EXPECT_EQ(distinct, self->values->count);
	for (unsigned int s = 0; s < SELECTORS; s++)
		EXPECT_FALSE(self->values->full[s]);
}

TEST_F_TIMEOUT(value, learned_values_are_made_values, 120)
{
	unsigned int n = rounds(40);

	srand(getpid());
	for (unsigned int round = 0; round < n; round++) {
		self->uses->count = 0;
		for (unsigned int i = 0; i < 40; i++) {
			unsigned int abi = entries[rand() % 3], selector = rand() % SELECTORS;

			if (value_calls[selector][abi])
				uses_add(self->uses, abi, selector, value_random(abi, selector));
		}
		ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
		watch_all(_metadata, self, &self->cg);
		ASSERT_EQ(0, uses_run(&self->cg, self->uses));
		read_values(_metadata, self, &self->cg);
		expect_learned(_metadata, self);
		ASSERT_EQ(0, drop_policy(self->cg.id));
	}
}

TEST_F(value, each_selector_of_each_abi)
{
	static const uint64_t edges[] = { 0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, ~0ull };

	for (unsigned int s = 0; s < SELECTORS; s++) {
		ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
		watch_all(_metadata, self, &self->cg);
		self->uses->count = 0;
		for (unsigned int e = 0; e < sizeof(edges) / sizeof(*edges); e++)
			for (unsigned int a = 0; a < 3; a++) {
				uint64_t value = edges[e];

				if (!value_calls[s][a] || (s == SCMOD_SELECTOR_PTRACE && !value))
					continue;
				if (s == SCMOD_SELECTOR_CLONE)
					value &= SCMOD_CLONE_MASK;
				else if (s == SCMOD_SELECTOR_UNSHARE)
					value &= SCMOD_UNSHARE_MASK;
				else if (s == SCMOD_SELECTOR_IPC)
					value &= 0xffff;
				else if (s >= SCMOD_SELECTOR_MMAP)
					value &= SCMOD_PROT_MASK;
				else if (s <= SCMOD_SELECTOR_SOCKETPAIR)
					value &= ~(0xfff0ull << 32);
				else if (s != SCMOD_SELECTOR_SETSOCKOPT &&
					 s != SCMOD_SELECTOR_GETSOCKOPT &&
					 (s != SCMOD_SELECTOR_PTRACE || a == SCMOD_ABI_I386))
					value = (uint32_t)value;
				uses_add(self->uses, a, s, value);
			}
		ASSERT_EQ(0, uses_run(&self->cg, self->uses));
		read_values(_metadata, self, &self->cg);
		expect_learned(_metadata, self);
		ASSERT_EQ(0, drop_policy(self->cg.id));
	}
}

/* Families beyond 16 bits are one value, and SOCK_CLOEXEC and SOCK_NONBLOCK are none. */
TEST_F(value, of_sockets)
{
	struct use *use;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	self->uses->count = 0;
	use = uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_SOCKET, 0);
	use->arg[0] = 0x10002;
	use->arg[1] = SOCK_STREAM;
	use = uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_SOCKET, 0);
	use->arg[0] = -1;
	use->arg[1] = SOCK_STREAM;
	use = uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_SOCKET, 0);
	use->arg[0] = AF_UNIX;
	use->arg[1] = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
	ASSERT_EQ(0, uses_run(&self->cg, self->uses));
	EXPECT_EQ(-EAFNOSUPPORT, self->uses->use[0].ret);
	EXPECT_LE(0, self->uses->use[2].ret);
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(2, self->values->count);
	EXPECT_NE(NULL, value_find(self->values, SCMOD_RECORD_SEEN, SCMOD_SELECTOR_SOCKET,
				   socket_value(65535, SOCK_STREAM, 0)));
	EXPECT_NE(NULL, value_find(self->values, SCMOD_RECORD_SEEN, SCMOD_SELECTOR_SOCKET,
				   socket_value(AF_UNIX, SOCK_STREAM, 0)));
}

/* Rules of each kind for each selector, judged by a model. */
static int model(const struct scmod_value_rule *rules, unsigned int count, uint64_t value)
{
	for (unsigned int i = 0; i < count; i++)
		if ((value & rules[i].mask) >= rules[i].first &&
		    (value & rules[i].mask) <= rules[i].last)
			return rules[i].err;
	return CHOSEN;
}

static struct scmod_value_rule random_rule(unsigned int abi, unsigned int selector)
{
	struct scmod_value_rule rule = { .mask = ~0ull };

	rule.first = value_random(abi, selector);
	rule.last = rule.first;
	if (rand() % 3 == 0)
		rule.last = value_random(abi, selector);
	if (rand() % 3 == 0) {
		rule.mask = rand() % 2 ? random64() : 0xffffull << 48;
		rule.first &= rule.mask;
		rule.last &= rule.mask;
	}
	if (rule.first > rule.last) {
		uint64_t first = rule.last;

		rule.last = rule.first;
		rule.first = first;
	}
	/* No call gives these by itself. */
	rule.err = rand() % 3 ? 0 : EXDEV;
	return rule;
}

static void refuse_round(struct __test_metadata *_metadata, FIXTURE_DATA(value) *self,
			 unsigned int selector)
{
	unsigned int abi = value_calls[selector][SCMOD_ABI_X86_64] ? entries[rand() % 2] :
			   SCMOD_ABI_I386;
	struct scmod_value_rule rules[8];
	unsigned int count = rand() % 9;
	struct msg *m;

	for (unsigned int i = 0; i < count; i++)
		rules[i] = random_rule(abi, selector);
	m = value_set(self->link, &self->cg);
	value_put_rules(m, selector, SCMOD_A_SELECTOR_RULES, rules, count);
	value_put_watch(m, (selector + 1) % SELECTORS, 1);
	ASSERT_EQ(0, value_send(self->link));
	self->uses->count = 0;
	for (unsigned int i = 0; i < 40; i++) {
		uint64_t value = value_random(abi, selector);

		/* Those on the edge of a rule are interesting. */
		if (i < 2 * count && selector != SCMOD_SELECTOR_PTRACE)
			value = i % 2 ? rules[i / 2].first : rules[i / 2].last;
		uses_add(self->uses, abi, selector, value);
	}
	ASSERT_EQ(0, uses_run(&self->cg, self->uses));
	for (unsigned int i = 0; i < self->uses->count; i++) {
		struct use *use = &self->uses->use[i];
		int want = model(rules, count, use->value);
		bool refused = use->ret == -CHOSEN || use->ret == -EXDEV;

		EXPECT_TRUE(want ? use->ret == -want : !refused) {
			TH_LOG("selector %u, ABI %u, value %llx: %ld in place of %d", selector,
			       abi, (unsigned long long)use->value, use->ret, want);
		}
	}
}

TEST_F_TIMEOUT(value, each_kind_of_rule, 300)
{
	unsigned int n = rounds(5);

	srand(getpid());
	for (unsigned int s = 0; s < SELECTORS; s++) {
		ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
		watch_all(_metadata, self, &self->cg);
		for (unsigned int round = 0; round < n; round++)
			refuse_round(_metadata, self, s);
		ASSERT_EQ(0, drop_policy(self->cg.id));
	}
}

static void enforce(struct __test_metadata *_metadata, FIXTURE_DATA(value) *self,
		    const struct cg *cg, unsigned int selector, uint64_t value)
{
	struct scmod_value_rule rule = rule_is(value, 0);

	ASSERT_EQ(0, set_enforce(cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(0, value_set_rules(self->link, cg, selector, &rule, 1));
}

TEST_F(value, refused_as_a_call_that_is_not_allowed)
{
	struct scmod_value_rule rule = rule_is(7, EXDEV);
	int status;

	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_KILL, CHOSEN));
	ASSERT_EQ(0, value_set_rules(self->link, &self->cg, SCMOD_SELECTOR_IOCTL, &rule, 1));
	/* A rule's errno, whatever the action. */
	EXPECT_EQ(-EXDEV, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				  SCMOD_SELECTOR_IOCTL, 7));
	self->uses->count = 0;
	uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_IOCTL, 8);
	status = uses_run(&self->cg, self->uses);
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	bitmap_add(&self->abi[SCMOD_ABI_X86_64].soft, SYS_ioctl);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_KILL, CHOSEN));
	EXPECT_EQ(-ENOSYS, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_IOCTL, 8));
}

/* A call that is refused whole leaves no record of its value. */
TEST_F(value, of_a_refused_call)
{
	struct policy policy;

	bitmap_drop(&self->abi[SCMOD_ABI_X86_64].allowed, SYS_ioctl);
	enforce(_metadata, self, &self->cg, SCMOD_SELECTOR_IOCTL, 1);
	EXPECT_EQ(-CHOSEN, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_IOCTL, 1));
	EXPECT_EQ(-CHOSEN, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_IOCTL, 2));
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(0, self->values->count);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_TRUE(bitmap_has(&policy.abi[SCMOD_ABI_X86_64].denied, SYS_ioctl));
	policy_release(&policy);
}

static void complain(struct __test_metadata *_metadata, FIXTURE_DATA(value) *self, int mode)
{
	enforce(_metadata, self, &self->cg, SCMOD_SELECTOR_IOCTL, 1);
	ASSERT_EQ(0, set_mode(&self->cg, mode));
	self->uses->count = 0;
	for (unsigned int i = 0; i < 6; i++)
		uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_IOCTL, 1 + i % 2);
	ASSERT_EQ(0, uses_run(&self->cg, self->uses));
	for (unsigned int i = 0; i < 6; i++)
		EXPECT_EQ(-EBADF, self->uses->use[i].ret);
	read_values(_metadata, self, &self->cg);
	EXPECT_NE(NULL, value_find(self->values, SCMOD_RECORD_SEEN, SCMOD_SELECTOR_IOCTL, 1));
	EXPECT_EQ(NULL, value_find(self->values, SCMOD_RECORD_DENIED, SCMOD_SELECTOR_IOCTL, 1));
	EXPECT_NE(NULL, value_find(self->values, SCMOD_RECORD_DENIED, SCMOD_SELECTOR_IOCTL, 2));
	EXPECT_EQ(mode == SCMOD_MODE_COMPLAIN_LEARN,
		  !!value_find(self->values, SCMOD_RECORD_SEEN, SCMOD_SELECTOR_IOCTL, 2));
	EXPECT_EQ(3, value_find(self->values, SCMOD_RECORD_DENIED, SCMOD_SELECTOR_IOCTL,
				2)->count);
}

TEST_F(value, complain_reports_what_enforce_would_refuse)
{
	complain(_metadata, self, SCMOD_MODE_COMPLAIN);
}

TEST_F(value, complain_learn_records_both)
{
	complain(_metadata, self, SCMOD_MODE_COMPLAIN_LEARN);
}

/* The upper policy restricts, the lower one learns; and the other way around. */
TEST_F(value, of_ancestors)
{
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	EXPECT_EQ(-EINVAL, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_SOCKET, socket_value(AF_INET, 1, 0)));
	enforce(_metadata, self, &self->top, SCMOD_SELECTOR_SOCKET, socket_value(AF_UNIX, 1, 0));
	/* It was quiet before. */
	EXPECT_EQ(-CHOSEN, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_SOCKET, socket_value(AF_INET, 1, 0)));
	EXPECT_EQ(-EINVAL, use_one(&self->cg, self->uses, SCMOD_ABI_I386,
				   SCMOD_SELECTOR_SOCKET, socket_value(AF_UNIX, 1, 0)));
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(2, self->values->count);
	EXPECT_EQ(2, values_of(self->values, SCMOD_RECORD_SEEN, SCMOD_SELECTOR_SOCKET));
	read_values(_metadata, self, &self->top);
	EXPECT_EQ(1, self->values->count);
	EXPECT_EQ(1, values_of(self->values, SCMOD_RECORD_DENIED, SCMOD_SELECTOR_SOCKET));
	/* The innermost one that enforces decides how. */
	enforce(_metadata, self, &self->cg, SCMOD_SELECTOR_SOCKET, socket_value(AF_INET, 1, 0));
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, EXDEV));
	EXPECT_EQ(-EXDEV, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				  SCMOD_SELECTOR_SOCKET, socket_value(AF_UNIX, 1, 0)));
	EXPECT_EQ(-CHOSEN, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_SOCKET, socket_value(AF_INET, 1, 0)));
}

/* More values than there is room for. */
TEST_F(value, a_full_table_widens_nothing)
{
	struct scmod_value_rule rules[VALUES_MAX];
	unsigned int count = 0;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	self->uses->count = 0;
	for (unsigned int i = 0; i < 2 * SEEN_ROOM; i++)
		uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_IOCTL, i);
	uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_CLONE, CLONE_NEWUSER);
	ASSERT_EQ(0, uses_run(&self->cg, self->uses));
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(SEEN_ROOM, values_of(self->values, SCMOD_RECORD_SEEN, SCMOD_SELECTOR_IOCTL));
	EXPECT_TRUE(self->values->full[SCMOD_SELECTOR_IOCTL]);
	EXPECT_FALSE(self->values->full[SCMOD_SELECTOR_CLONE]);
	EXPECT_NE(NULL, value_find(self->values, SCMOD_RECORD_SEEN, SCMOD_SELECTOR_CLONE,
				   CLONE_NEWUSER));
	for (unsigned int i = 0; i < self->values->count; i++)
		if (self->values->record[i].selector == SCMOD_SELECTOR_IOCTL)
			rules[count++] = rule_is(self->values->record[i].value, 0);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(0, value_set_rules(self->link, &self->cg, SCMOD_SELECTOR_IOCTL, rules, count));
	EXPECT_EQ(-EBADF, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				  SCMOD_SELECTOR_IOCTL, 0));
	EXPECT_EQ(-CHOSEN, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_IOCTL, 2 * SEEN_ROOM - 1));
}

/* Whatever else is refused, there is room for a value of each selector. */
TEST_F(value, a_flood_of_refused_values_hides_no_other)
{
	unsigned int lost = 0, kept;

	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	watch_all(_metadata, self, &self->cg);
	for (unsigned int s = 0; s < SELECTORS; s++)
		ASSERT_EQ(0, value_set_rules(self->link, &self->cg, s, NULL, 0));
	self->uses->count = 0;
	for (unsigned int i = 0; i < 200; i++)
		uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_IOCTL, i);
	for (unsigned int i = 0; i < 200; i++)
		uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_PRCTL, i);
	for (unsigned int s = 0; s < SELECTORS; s++)
		uses_add(self->uses, value_calls[s][0] ? SCMOD_ABI_X86_64 : SCMOD_ABI_I386, s, 2);
	uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_IOCTL, 0);
	ASSERT_EQ(0, uses_run(&self->cg, self->uses));
	read_values(_metadata, self, &self->cg);
	for (unsigned int s = 0; s < SELECTORS; s++) {
		EXPECT_LE(1, values_of(self->values, SCMOD_RECORD_DENIED, s)) {
			TH_LOG("selector %u", s);
		}
		lost += self->values->lost[s];
	}
	EXPECT_EQ(2, value_find(self->values, SCMOD_RECORD_DENIED, SCMOD_SELECTOR_IOCTL,
				0)->count);
	kept = values_of(self->values, SCMOD_RECORD_DENIED, SCMOD_SELECTOR_IOCTL) +
	       values_of(self->values, SCMOD_RECORD_DENIED, SCMOD_SELECTOR_PRCTL);
	EXPECT_EQ(400 - kept, lost);
	EXPECT_GE(DENIED_ROOM, self->values->count);
	/* What was refused takes no room from what is learned. */
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	self->uses->count = 0;
	for (unsigned int i = 0; i < SEEN_ROOM; i++)
		uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_KEYCTL, 1000 + i);
	ASSERT_EQ(0, uses_run(&self->cg, self->uses));
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(SEEN_ROOM, values_of(self->values, SCMOD_RECORD_SEEN, SCMOD_SELECTOR_KEYCTL));
	EXPECT_FALSE(self->values->full[SCMOD_SELECTOR_KEYCTL]);
}

/* Uses one value for ever, until a result is neither of the two. */
static int hammer(struct uses *uses)
{
	const struct use *use = &uses->use[0];
	long ret;

	for (;;) {
		ret = use_now(use);
		if (ret != -CHOSEN && ret != -EXDEV) {
			uses->use[1].ret = ret;
			return 1;
		}
		__atomic_add_fetch(&uses->done, 1, __ATOMIC_RELAXED);
	}
}

/*
 * Two sets of rules take turns, each of which refuses the value in another way, while
 * the upper policy learns by turns: there is no instant without rules.
 */
TEST_F_TIMEOUT(value, rules_change_at_one_instant, 60)
{
	unsigned int n = times(300), before;
	struct scmod_value_rule rule = rule_is(5, EXDEV);
	pid_t pids[2];

	enforce(_metadata, self, &self->cg, SCMOD_SELECTOR_IOCTL, 1);
	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	self->uses->count = 0;
	self->uses->done = 0;
	uses_add(self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_IOCTL, 5);
	for (unsigned int i = 0; i < 2; i++) {
		pids[i] = cg_fork(&self->cg);
		ASSERT_LE(0, pids[i]);
		if (!pids[i])
			_exit(hammer(self->uses));
	}
	for (unsigned int i = 0; i < n; i++) {
		ASSERT_EQ(0, value_set_rules(self->link, &self->cg, SCMOD_SELECTOR_IOCTL, &rule,
					     i % 2));
		if (i % 10 == 0)
			ASSERT_EQ(0, set_mode(&self->top, i % 20 ? SCMOD_MODE_LEARN :
					      SCMOD_MODE_OFF));
	}
	before = __atomic_load_n(&self->uses->done, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < 2; i++) {
		int status;

		EXPECT_EQ(0, waitpid(pids[i], &status, WNOHANG)) {
			TH_LOG("it got %ld", self->uses->use[1].ret);
		}
		kill(pids[i], SIGKILL);
		waitpid(pids[i], &status, 0);
	}
	EXPECT_LT(0, before);
	TH_LOG("%u calls, %u changes", before, n);
}

/* What a SET says was seen is there, without who and when, and is no event. */
TEST_F(value, restored_values)
{
	static const uint64_t seen[] = { 1, 5, ~0ull >> 1, 5 };
	const struct scmod_value_record *r;
	struct msg *m;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	for (unsigned int i = 0; i < 2; i++) {
		m = value_set(self->link, &self->cg);
		value_put_seen(m, SCMOD_SELECTOR_SETSOCKOPT, seen, 4);
		ASSERT_EQ(0, value_send(self->link));
	}
	EXPECT_EQ(-EBADF, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				  SCMOD_SELECTOR_SETSOCKOPT, 5));
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(3, self->values->count);
	for (unsigned int i = 0; i < 3; i++) {
		r = value_find(self->values, SCMOD_RECORD_SEEN, SCMOD_SELECTOR_SETSOCKOPT, seen[i]);
		ASSERT_NE(NULL, r);
		EXPECT_EQ(0, r->time_ns);
		EXPECT_EQ(0, r->pid);
		EXPECT_EQ(1, r->count);
		EXPECT_STREQ("", r->comm);
	}
}

TEST_F(value, rules_are_kept_as_given)
{
	struct scmod_value_rule rules[] = {
		rule_is(3, 0), rule_is(4, 0), rule_is(4, EXDEV), { 0xff, 1, 9, 0, 0 },
		rule_is(~0ull, 0), rule_is(1, 0),
	};
	struct scmod_value_rule more[] = { rule_is(1, 0), rule_is(2, EXDEV), rule_is(3, 0) };
	const struct scmod_value_rule want[] = {
		rules[5], more[1], rules[0], rules[1], rules[2], rules[3], rules[4],
	};
	struct msg *m;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	read_values(_metadata, self, &self->cg);
	EXPECT_FALSE(self->values->given[SCMOD_SELECTOR_BPF]);
	ASSERT_EQ(0, value_set_rules(self->link, &self->cg, SCMOD_SELECTOR_BPF, rules, 6));
	/* Others stay as they are. */
	ASSERT_EQ(0, value_set_rules(self->link, &self->cg, SCMOD_SELECTOR_SOCKET, NULL, 0));
	ASSERT_EQ(0, value_set_rules(self->link, &self->cg, SCMOD_SELECTOR_IPC, more, 3));
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(6, self->values->rule_count[SCMOD_SELECTOR_BPF]);
	EXPECT_EQ(0, memcmp(rules, self->values->rules[SCMOD_SELECTOR_BPF], sizeof(rules)));
	EXPECT_TRUE(self->values->given[SCMOD_SELECTOR_SOCKET]);
	EXPECT_FALSE(self->values->any[SCMOD_SELECTOR_SOCKET]);
	EXPECT_EQ(3, self->values->rule_count[SCMOD_SELECTOR_IPC]);
	m = value_set(self->link, &self->cg);
	value_put_rules(m, SCMOD_SELECTOR_BPF, SCMOD_A_SELECTOR_ADD, more, 3);
	/* No effect where any value may be used. */
	value_put_rules(m, SCMOD_SELECTOR_PRCTL, SCMOD_A_SELECTOR_ADD, more, 3);
	value_put_any(m, SCMOD_SELECTOR_IPC);
	ASSERT_EQ(0, value_send(self->link));
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(7, self->values->rule_count[SCMOD_SELECTOR_BPF]);
	EXPECT_EQ(0, memcmp(want, self->values->rules[SCMOD_SELECTOR_BPF], sizeof(want)));
	EXPECT_FALSE(self->values->given[SCMOD_SELECTOR_PRCTL]);
	EXPECT_FALSE(self->values->given[SCMOD_SELECTOR_IPC]);
}

/* As many rules as there may be, in one answer. */
TEST_F(value, most_rules)
{
	struct scmod_value_rule rules[SCMOD_VALUE_RULES_MAX];

	for (unsigned int i = 0; i < SCMOD_VALUE_RULES_MAX; i++)
		rules[i] = (struct scmod_value_rule){ ~0ull - 1, 2 * i, 2 * i, i % 3, 0 };
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	ASSERT_EQ(0, value_set_rules(self->link, &self->cg, SCMOD_SELECTOR_BPF, rules, 256));
	ASSERT_EQ(0, value_set_rules(self->link, &self->cg, SCMOD_SELECTOR_IOCTL, rules, 256));
	EXPECT_FALSE(self->link->answer.truncated);
	EXPECT_EQ(-ENOSPC, value_set_rules(self->link, &self->cg, SCMOD_SELECTOR_PRCTL, rules, 1));
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(0, memcmp(rules, self->values->rules[SCMOD_SELECTOR_BPF], sizeof(rules)));
	EXPECT_EQ(0, memcmp(rules, self->values->rules[SCMOD_SELECTOR_IOCTL], sizeof(rules)));
	EXPECT_FALSE(self->values->given[SCMOD_SELECTOR_PRCTL]);
}

/* Calls that are frequent are looked at only where that is asked for. */
TEST_F(value, watched_or_not)
{
	const uint64_t rwx = 7, rw = 3;
	struct msg *m;

	enforce(_metadata, self, &self->cg, SCMOD_SELECTOR_MPROTECT, rw);
	EXPECT_EQ(-EINVAL, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_MPROTECT, rwx));
	m = value_set(self->link, &self->cg);
	value_put_watch(m, SCMOD_SELECTOR_MPROTECT, 1);
	ASSERT_EQ(0, value_send(self->link));
	EXPECT_EQ(-CHOSEN, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_MPROTECT, rwx));
	EXPECT_EQ(-EINVAL, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_MPROTECT, rw));
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(1, self->values->count);
	EXPECT_EQ(1, self->values->watch[SCMOD_SELECTOR_MPROTECT]);
	m = value_set(self->link, &self->cg);
	value_put_watch(m, SCMOD_SELECTOR_MPROTECT, 0);
	ASSERT_EQ(0, value_send(self->link));
	EXPECT_EQ(-EINVAL, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_MPROTECT, rwx));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	EXPECT_EQ(-EINVAL, use_one(&self->cg, self->uses, SCMOD_ABI_X86_64,
				   SCMOD_SELECTOR_MPROTECT, rw));
	read_values(_metadata, self, &self->cg);
	EXPECT_EQ(1, self->values->count);
}

static void expect_event(struct __test_metadata *_metadata, struct genl *ear, unsigned int type,
			 const struct cg *cg, uint64_t value)
{
	struct event e;

	do {
		ASSERT_EQ(0, event_next(ear, &e, 5000));
	} while (e.event != type);
	EXPECT_EQ(cg->id, e.id);
	EXPECT_EQ(1, e.values);
	EXPECT_EQ(value, e.value.value);
	EXPECT_EQ(SCMOD_SELECTOR_IOCTL, e.value.selector);
	EXPECT_EQ(type == SCMOD_EVENT_VALUE_DENIED, e.value.kind);
	EXPECT_EQ(type == SCMOD_EVENT_VALUE_DENIED ? SCMOD_MODE_ENFORCE : ~0u, e.mode);
	EXPECT_STREQ("value_test", e.value.comm);
}

TEST_F(value, events)
{
	struct genl ear = self->link->genl;
	struct event e;

	ASSERT_EQ(0, genl_socket(&ear));
	ear.family = self->link->genl.family;
	ASSERT_EQ(0, genl_listen(&ear, &self->link->msg));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	for (unsigned int i = 0; i < 3; i++)
		use_one(&self->cg, self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_IOCTL, 0x5401);
	expect_event(_metadata, &ear, SCMOD_EVENT_VALUE_SEEN, &self->cg, 0x5401);
	enforce(_metadata, self, &self->cg, SCMOD_SELECTOR_IOCTL, 1);
	for (unsigned int i = 0; i < 3; i++)
		use_one(&self->cg, self->uses, SCMOD_ABI_X86_64, SCMOD_SELECTOR_IOCTL, 0x5412);
	expect_event(_metadata, &ear, SCMOD_EVENT_VALUE_DENIED, &self->cg, 0x5412);
	while (!event_next(&ear, &e, 200))
		EXPECT_TRUE(e.event != SCMOD_EVENT_VALUE_SEEN &&
			    e.event != SCMOD_EVENT_VALUE_DENIED);
	genl_close(&ear);
}

/* Learning begins while the call is being made: its value is recorded, too. */
TEST_F(value, of_a_call_that_is_being_made)
{
	pid_t pid = cg_fork(&self->cg);

	ASSERT_LE(0, pid);
	if (!pid) {
		/* Waits until its child executes a program, or ends. */
		if (!syscall(SYS_clone, CLONE_VFORK | CLONE_NEWUTS | SIGCHLD, 0, 0, 0, 0))
			for (;;)
				pause();
		_exit(0);
	}
	ASSERT_EQ(0, wait_blocked(pid, SYS_clone));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	read_values(_metadata, self, &self->cg);
	EXPECT_NE(NULL, value_find(self->values, SCMOD_RECORD_SEEN, SCMOD_SELECTOR_CLONE,
				   CLONE_NEWUTS));
	cg_kill(&self->cg);
	waitpid(pid, NULL, 0);
}

/* Asks for its personality for ever, and counts the times that it got another answer. */
static void ask_for_ever(struct uses *uses)
{
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	for (;;) {
		long ret = raw_syscall(SYS_personality, 0xffffffff);

		if (ret != 0)
			uses->use[0].ret = ret;
		if (ret == -CHOSEN)
			uses->count++;
		uses->done++;
	}
}

#define OTHER	0x0100000

/* Let it go on to the next stop at a call's entry or end. */
static int next_stop(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SYSCALL, pid, 0, 0) || waitpid(pid, &status, 0) != pid ||
	    !WIFSTOPPED(status) || WSTOPSIG(status) != (SIGTRAP | 0x80))
		return -ECHILD;
	return 0;
}

static int rewrite_argument(pid_t pid, unsigned long value)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, 0, &regs))
		return -errno;
	if (regs.orig_rax != SYS_personality)
		return -EBADMSG;
	regs.rdi = value;
	return ptrace(PTRACE_SETREGS, pid, 0, &regs) ? -errno : 0;
}

/* A tracer writes another argument into the call, at its entry. The number stays. */
TEST_F_TIMEOUT(value, tracer_rewrites_the_argument, 60)
{
	unsigned int n = times(500), passed = 0;
	struct user_regs_struct regs;
	pid_t pid;
	int status;

	enforce(_metadata, self, &self->cg, SCMOD_SELECTOR_PERSONALITY, 0xffffffff);
	self->uses->count = 0;
	pid = cg_fork(&self->cg);
	ASSERT_LE(0, pid);
	if (!pid)
		ask_for_ever(self->uses);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD));
	for (unsigned int i = 0; i < 2; i++)
		ASSERT_EQ(0, next_stop(pid));
	for (unsigned int i = 0; i < n; i++) {
		ASSERT_EQ(0, next_stop(pid));
		/* Now and then the one that is allowed. */
		ASSERT_EQ(0, rewrite_argument(pid, i % 8 ? OTHER : 0xffffffff));
		ASSERT_EQ(0, next_stop(pid));
		ASSERT_EQ(0, ptrace(PTRACE_GETREGS, pid, 0, &regs));
		if (i % 8)
			passed += (long)regs.rax != -CHOSEN;
		else
			EXPECT_EQ(0, (long)regs.rax);
	}
	EXPECT_EQ(0, passed);
	TH_LOG("%u of %u passed", passed, n - (n + 7) / 8);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

TEST_HARNESS_MAIN
