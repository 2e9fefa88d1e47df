// SPDX-License-Identifier: GPL-2.0
/*
 * Values of arguments in the tool: their text, how rules stand to each other, and what a
 * profile says about them.
 *
 * vm: host
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "calls/dangerous_value.h"
#include "calls/selector.h"
#include "calls/sets.h"
#include "calls/sysname.h"
#include "calls/value_name.h"
#include "calls/value_rule.h"
#include "calls/value_text.h"
#include "kselftest_harness.h"
#include "profile/profile.h"
#include "random.h"

#define WHOLE UINT64_MAX
#define SOCKET(family, type, protocol) \
	((uint64_t)(family) << 48 | (uint64_t)(type) << 32 | (uint32_t)(protocol))

static struct scmod_value_rule rule_of(const char *text)
{
	struct scmod_value_rule rule;
	unsigned int selector;
	char *wrong = value_parse(text, &selector, &rule);

	if (wrong)
		fprintf(stderr, "%s: %s\n", text, wrong);
	free(wrong);
	return rule;
}

static struct value_set set_of(unsigned int selector, const char *const *texts)
{
	struct value_set set = { 0 };

	values_list(&set);
	for (; *texts; texts++) {
		struct scmod_value_rule rule = rule_of(*texts + (**texts == '!'));

		rule.err = **texts == '!' ? EINVAL : 0;
		values_append(&set, selector, &rule, NULL);
	}
	return set;
}

#define SET(selector, ...) set_of(SCMOD_SELECTOR_##selector, (const char *[]){ __VA_ARGS__, NULL })

/* Text, and whether the tool writes it in the same way. */
static const struct {
	const char *text;
	const char *written;
	struct scmod_value_rule rule;
} texts[] = {
	{ "socket(AF_INET,SOCK_STREAM,0)", NULL,
	  { 0xffffffffffffffff, SOCKET(2, 1, 0), SOCKET(2, 1, 0), 0, 0 } },
	{ "socket(AF_NETLINK,*,NETLINK_ROUTE)", NULL,
	  { 0xffff0000ffffffff, SOCKET(16, 0, 0), SOCKET(16, 0, 0), 0, 0 } },
	{ "socket(AF_LOCAL, *, *)", "socket(AF_UNIX)",
	  { 0xffff000000000000, SOCKET(1, 0, 0), SOCKET(1, 0, 0), 0, 0 } },
	{ "socket(*)", NULL, { 0, 0, 0, 0, 0 } },
	{ "socket(0..65535)", "socket(*)", { 0xffff000000000000, 0, 0xffff000000000000, 0, 0 } },
	{ "socket(AF_VSOCK..65535)", "socket(AF_VSOCK..0xffff)",
	  { 0xffff000000000000, SOCKET(40, 0, 0), SOCKET(65535, 0, 0), 0, 0 } },
	{ "socket(AF_INET,SOCK_STREAM,-1)", "socket(AF_INET,SOCK_STREAM,0xffffffff)",
	  { 0xffffffffffffffff, SOCKET(2, 1, -1), SOCKET(2, 1, -1), 0, 0 } },
	{ "clone(CLONE_NEWUSER|CLONE_NEWNS)", "clone(CLONE_NEWNS|CLONE_NEWUSER)",
	  { SCMOD_CLONE_MASK, 0x10020000, 0x10020000, 0, 0 } },
	{ "clone(0)", NULL, { SCMOD_CLONE_MASK, 0, 0, 0, 0 } },
	{ "ioctl(0x5401)", "ioctl(TCGETS)", { 0xffffffff, 0x5401, 0x5401, 0, 0 } },
	{ "ioctl(0xdeadbeef)", NULL, { 0xffffffff, 0xdeadbeef, 0xdeadbeef, 0, 0 } },
	{ "setsockopt(SOL_SOCKET,SO_REUSEADDR)", NULL,
	  { WHOLE, 0x100000002, 0x100000002, 0, 0 } },
	{ "setsockopt(IPPROTO_TCP,TCP_ULP)", "setsockopt(SOL_TCP,TCP_ULP)",
	  { WHOLE, 0x60000001f, 0x60000001f, 0, 0 } },
	{ "setsockopt(SOL_IP,64)", "setsockopt(SOL_IP,IPT_SO_SET_REPLACE)",
	  { WHOLE, 64, 64, 0, 0 } },
	{ "getsockopt(SOL_IP,64)", "getsockopt(SOL_IP,IPT_SO_GET_INFO)", { WHOLE, 64, 64, 0, 0 } },
	{ "personality(0xffffffff)", NULL, { 0xffffffff, 0xffffffff, 0xffffffff, 0, 0 } },
	{ "mmap(PROT_READ|PROT_WRITE)", NULL, { 7, 3, 3, 0, 0 } },
	{ "ptrace(PTRACE_ATTACH)", NULL, { WHOLE, 16, 16, 0, 0 } },
	{ "prctl(value&0xff=0x1..0x10)", NULL, { 0xff, 1, 16, 0, 0 } },
	{ "socket(AF_INET,1..3)", "socket(AF_INET,SOCK_STREAM..SOCK_RAW)",
	  { 0xffffffff00000000, SOCKET(2, 1, 0), SOCKET(2, 3, 0), 0, 0 } },
};

TEST(text_names_values)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct scmod_value_rule rule;
		unsigned int selector;
		char *wrong = value_parse(texts[i].text, &selector, &rule), *text;
		struct scmod_value_rule want = selector_normal(selector, texts[i].rule);

		ASSERT_EQ(NULL, wrong) TH_LOG("%s: %s", texts[i].text, wrong);
		EXPECT_TRUE(value_rule_same(&want, &rule))
			TH_LOG("%s: %llx %llx..%llx", texts[i].text, rule.mask, rule.first,
			       rule.last);
		text = value_rule_text(selector, &rule);
		EXPECT_STREQ(texts[i].written ?: texts[i].text, text);
		free(text);
	}
}

TEST(a_wrong_text_is_refused)
{
	static const char *const wrong[] = {
		"socket", "socket()", "socket(", "socket(AF_INET", "read(1)", "socket(AF_FOO)",
		"socket(AF_INET,SOCK_STREAM,0,0)", "socket(65536)", "clone(CLONE_VM)", "clone(1)",
		"socket(3..2)", "socket(AF_INET..AF_X25,SOCK_STREAM)", "prctl(value&0xff=0x1..0x100)",
		"prctl(value&0xff)", "prctl()x", "socket(TCP_NODELAY)", "mmap(8)", "prctl(1x)",
		"(1)", "prctl(|)", "setsockopt(SOL_TCP,SO_REUSEADDR)", "ioctl(0x100000000)",
		"socket(,)",
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct scmod_value_rule rule;
		unsigned int selector;
		char *why = value_parse(wrong[i], &selector, &rule);

		EXPECT_NE(NULL, why) TH_LOG("%s was taken", wrong[i]);
		free(why);
	}
}

static unsigned int random_below(unsigned int end)
{
	return random_word() % end;
}

static uint64_t random_part(void)
{
	switch (random_below(4)) {
	case 0:
		return random_below(48);
	case 1:
		return 0;
	default:
		return random_word();
	}
}

static uint64_t random_value(unsigned int selector)
{
	uint64_t part[SELECTOR_PARTS];

	for (unsigned int i = 0; i < SELECTOR_PARTS; i++)
		part[i] = random_part();
	return selector_join(selector, part);
}

/* A rule for random parts, or for any range under any mask. */
static struct scmod_value_rule random_rule(unsigned int selector)
{
	struct scmod_value_rule rule = { 0 };
	uint64_t a, b;

	for (unsigned int part = 0; part < selector_parts(selector); part++)
		if (random_below(3))
			rule.mask |= selector_part_mask(selector, part);
	if (!random_below(4))
		rule.mask &= random_word();
	a = random_value(selector) & rule.mask;
	b = random_below(2) ? a : random_value(selector) & rule.mask;
	rule.first = a < b ? a : b;
	rule.last = a < b ? b : a;
	return selector_normal(selector, rule);
}

TEST(any_rule_can_be_read_again)
{
	for (unsigned int i = 0; i < 20000; i++) {
		unsigned int selector = random_below(NR_SELECTORS), again;
		struct scmod_value_rule rule = random_rule(selector), read;
		char *text = value_rule_text(selector, &rule);
		char *wrong = value_parse(text, &again, &read);

		ASSERT_EQ(NULL, wrong) TH_LOG("%s: %s", text, wrong);
		ASSERT_EQ(selector, again);
		ASSERT_TRUE(value_rule_same(&rule, &read)) TH_LOG("%s", text);
		free(text);
	}
}

TEST(covering_and_meeting_agree_with_the_values)
{
	unsigned int covered = 0, apart = 0;

	for (unsigned int i = 0; i < 20000; i++) {
		unsigned int selector = random_below(NR_SELECTORS);
		struct scmod_value_rule a = random_rule(selector);
		struct scmod_value_rule b = random_rule(selector);
		bool covers = value_rule_covers(&a, &b), meets = value_rule_meets(&a, &b);

		covered += covers;
		apart += !meets;
		for (unsigned int k = 0; k < 40; k++) {
			uint64_t value = random_value(selector);

			if (k % 2)
				value = (value & ~b.mask) | (k % 4 == 1 ? b.first : b.last);
			if (!value_rule_has(&b, value))
				continue;
			if (covers)
				ASSERT_TRUE(value_rule_has(&a, value));
			if (!meets)
				ASSERT_FALSE(value_rule_has(&a, value));
		}
	}
	EXPECT_LT(1000, covered);
	EXPECT_LT(1000, apart);
}

TEST(selectors_are_found_by_their_calls)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
			int nr = selector_number(abi, selector);

			if (nr >= 0)
				EXPECT_EQ((int)selector, selector_of(abi, nr));
		}
	EXPECT_EQ(-1, selector_of(SCMOD_ABI_X86_64, sysname_number(SCMOD_ABI_X86_64, "read")));
	EXPECT_EQ(-1, selector_of(SCMOD_ABI_I386, sysname_number(SCMOD_ABI_I386, "mmap")));
	EXPECT_EQ(SCMOD_SELECTOR_MMAP,
		  selector_of(SCMOD_ABI_I386, sysname_number(SCMOD_ABI_I386, "mmap2")));
	EXPECT_EQ(-1, selector_number(SCMOD_ABI_X86_64, SCMOD_SELECTOR_SOCKETCALL));
}

TEST(the_first_rule_decides)
{
	struct value_set set = SET(SOCKET, "!socket(AF_NETLINK,*,NETLINK_AUDIT)",
				   "socket(AF_NETLINK)", "socket(AF_UNIX)");

	EXPECT_EQ(EINVAL, values_answer(&set, SOCKET(16, 3, 9)));
	EXPECT_EQ(0, values_answer(&set, SOCKET(16, 3, 0)));
	EXPECT_EQ(0, values_answer(&set, SOCKET(1, 1, 0)));
	EXPECT_EQ(VALUES_DEFAULT, values_answer(&set, SOCKET(2, 1, 0)));
	values_release(&set);
	EXPECT_EQ(0, values_answer(&set, SOCKET(2, 1, 0)));
}

TEST(a_rule_that_is_added_decides_before_those_that_refuse)
{
	struct value_set set = SET(SOCKET, "!socket(AF_NETLINK,*,NETLINK_AUDIT)",
				   "socket(AF_NETLINK)");
	struct scmod_value_rule rule = rule_of("socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)");

	EXPECT_FALSE(values_allow(&set, &rule));
	EXPECT_TRUE(values_add(&set, SCMOD_SELECTOR_SOCKET, &rule, NULL));
	EXPECT_TRUE(values_allow(&set, &rule));
	EXPECT_EQ(0, values_answer(&set, SOCKET(16, 3, 9)));
	EXPECT_EQ(EINVAL, values_answer(&set, SOCKET(16, 2, 9)));
	EXPECT_EQ(3, set.count);
	values_add(&set, SCMOD_SELECTOR_SOCKET, &rule, NULL);
	EXPECT_EQ(3, set.count);
	values_release(&set);
}

TEST(rules_that_allow_are_sorted_and_sent_once)
{
	struct value_set a = SET(SOCKET, "socket(AF_UNIX,SOCK_STREAM,0)", "socket(AF_UNIX)",
				 "socket(AF_INET)");
	struct value_set b = SET(SOCKET, "socket(AF_INET)", "socket(AF_UNIX)",
				 "socket(AF_UNIX)", "socket(AF_UNIX,SOCK_STREAM,0)");
	struct scmod_value_rule rules[SCMOD_VALUE_RULES_MAX];

	EXPECT_TRUE(values_same(&a, &b));
	EXPECT_EQ(2, values_rules(&a, rules));
	values_release(&a);
	values_release(&b);
}

static int refused_by(const struct value_set *a, const struct value_set *b, uint64_t value)
{
	return values_answer(a, value) && values_answer(b, value);
}

TEST(the_union_allows_what_either_allows)
{
	struct value_set podman = SET(SOCKET, "!socket(AF_NETLINK,*,NETLINK_AUDIT)",
				      "socket(AF_UNIX..AF_IPX)", "socket(AF_NETLINK)");
	struct value_set docker = SET(SOCKET, "socket(AF_INET)", "!socket(AF_VSOCK)",
				      "!socket(AF_ALG)", "socket(*)");
	struct value_set seen = SET(SOCKET, "socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)",
				    "socket(AF_ALG,SOCK_SEQPACKET,0)");
	const struct value_set *sets[] = { &podman, &docker, &seen };

	for (unsigned int i = 0; i < 9; i++) {
		const struct value_set *a = sets[i % 3], *b = sets[i / 3];
		struct value_set both = { 0 };

		values_copy(&both, a, NULL);
		EXPECT_TRUE(values_same(&both, a));
		values_unite(&both, b, NULL);
		for (unsigned int family = 0; family < 48; family++)
			for (unsigned int type = 1; type < 6; type++)
				for (unsigned int protocol = 0; protocol < 12; protocol++) {
					uint64_t value = SOCKET(family, type, protocol);

					EXPECT_EQ(refused_by(a, b, value),
						  !!values_answer(&both, value))
						TH_LOG("%u: %u %u %u", i, family, type, protocol);
				}
		values_release(&both);
	}
	values_release(&podman);
	values_release(&docker);
	values_release(&seen);
}

TEST(any_value_stays_any)
{
	struct value_set set = { 0 }, list = SET(PRCTL, "prctl(PR_SET_NAME)");
	struct scmod_value_rule rule = rule_of("prctl(PR_SET_DUMPABLE)");

	EXPECT_FALSE(values_add(&set, SCMOD_SELECTOR_PRCTL, &rule, NULL));
	EXPECT_EQ(0, values_answer(&set, 99));
	values_unite(&list, &set, NULL);
	EXPECT_FALSE(list.listed);
	EXPECT_EQ(0, values_answer(&list, 99));
	values_release(&list);
}

TEST(a_profile_answers_for_values)
{
	struct profile *profile = profile_new();
	struct scmod_value_rule rule = rule_of("prctl(PR_SET_NAME)");
	unsigned int nr = sysname_number(SCMOD_ABI_X86_64, "prctl");

	profile->err = EACCES;
	profile_set(profile, SCMOD_ABI_X86_64, nr, PROFILE_ALLOW, 0);
	EXPECT_TRUE(profile_selects(profile, SCMOD_SELECTOR_PRCTL));
	EXPECT_FALSE(profile_selects(profile, SCMOD_SELECTOR_IOCTL));
	EXPECT_EQ(0, profile_value_answer(profile, 0, SCMOD_SELECTOR_PRCTL, 22));
	values_list(&profile->values[SCMOD_SELECTOR_PRCTL]);
	EXPECT_TRUE(profile_add_value(profile, SCMOD_SELECTOR_PRCTL, &rule, REASON_BASE, "why"));
	EXPECT_EQ(0, profile_value_answer(profile, 0, SCMOD_SELECTOR_PRCTL, 15));
	EXPECT_EQ(EACCES, profile_value_answer(profile, 0, SCMOD_SELECTOR_PRCTL, 22));
	EXPECT_EQ(EACCES, profile_value_answer(profile, SCMOD_ABI_I386, SCMOD_SELECTOR_PRCTL, 15));
	profile_free(profile);
}

static const struct {
	const char *text;
	bool dangerous;
} dangers[] = {
	{ "socket(AF_INET,SOCK_STREAM,0)", false }, { "socket(AF_INET6,SOCK_DGRAM,17)", false },
	{ "socket(AF_UNIX)", false }, { "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)", false },
	{ "socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)", true }, { "socket(AF_NETLINK)", true },
	{ "socket(AF_PACKET,SOCK_RAW,768)", true }, { "socket(AF_ALG,SOCK_SEQPACKET,0)", true },
	{ "socket(AF_VSOCK,SOCK_STREAM,0)", true }, { "socket(AF_INET,SOCK_RAW,1)", true },
	{ "socket(AF_INET6,SOCK_RAW,58)", true }, { "socket(AF_INET)", true },
	{ "socket(AF_KEY,SOCK_RAW,2)", true }, { "socket(AF_XDP,SOCK_RAW,0)", true },
	{ "socket(*)", true }, { "socketpair(AF_UNIX,SOCK_STREAM,0)", false },
	{ "clone(0)", false }, { "clone(CLONE_NEWUSER)", true }, { "unshare(0)", false },
	{ "unshare(CLONE_NEWTIME)", true }, { "setns(0)", true }, { "ioctl(TCGETS)", false },
	{ "ioctl(TIOCSTI)", true }, { "ioctl(TIOCLINUX)", true }, { "ioctl(TIOCSETD)", true },
	{ "ptrace(PTRACE_TRACEME)", false }, { "ptrace(PTRACE_ATTACH)", true },
	{ "ptrace(PTRACE_SEIZE)", true }, { "ptrace(PTRACE_POKEDATA)", true },
	{ "bpf(BPF_MAP_CREATE)", true }, { "keyctl(0)", true }, { "prctl(PR_SET_NAME)", false },
	{ "personality(PER_LINUX)", false }, { "personality(0xffffffff)", false },
	{ "personality(READ_IMPLIES_EXEC)", true }, { "setsockopt(SOL_TCP,TCP_NODELAY)", false },
	{ "setsockopt(SOL_TCP,TCP_ULP)", true }, { "mmap(PROT_READ|PROT_EXEC)", false },
	{ "mprotect(PROT_READ|PROT_WRITE|PROT_EXEC)", true },
};

TEST(dangerous_values_are_known)
{
	for (size_t i = 0; i < ARRAY_SIZE(dangers); i++) {
		struct scmod_value_rule rule = rule_of(dangers[i].text);
		unsigned int selector = selector_by_name(dangers[i].text,
							 strcspn(dangers[i].text, "("));

		EXPECT_EQ(dangers[i].dangerous, !!dangerous_value(selector, &rule))
			TH_LOG("%s", dangers[i].text);
	}
}

TEST_HARNESS_MAIN
