// SPDX-License-Identifier: GPL-2.0
/* scmod allow: mend a policy, by name or from what it refused. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "kernel/target.h"
#include "verbs/cmd.h"

static int add_calls(struct bitmap *more, const char **calls, int count)
{
	for (int i = 0; i < count; i++) {
		unsigned int abi;
		int nr = sysname_parse(calls[i], &abi);

		if (nr < 0)
			return fail(EXIT_USAGE,
				    "allow: no system call is named '%s'; give a name such as openat or i386:open",
				    calls[i]);
		bitmap_add(&more[abi], nr);
	}
	return EXIT_DONE;
}

static void print_added(unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);

	if (name)
		printf("  added %s:%s\n", abi_name(abi), name);
	else
		printf("  added %s:%u\n", abi_name(abi), nr);
}

static void report(const char *name, const struct bitmap *added, unsigned int count)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		unsigned int nr;

		bitmap_for_each(nr, &added[abi])
			print_added(abi, nr);
	}
	out_start(stdout, false);
	out_string(NULL, "%s: ", name);
	out_text("%u more allowed\n", count);
}

static int allow(const struct target *target, struct bitmap *more)
{
	struct scmod_change change = target_change(target);
	unsigned int count = policy_leave_new(target->policy.abi, more);
	int err;

	if (count) {
		change.more = more;
		err = scmod_set(&change, NULL);
		if (err)
			return scmod_fail("allow", target->name, err);
	}
	report(target->name, more, count);
	return EXIT_DONE;
}

static int run(const char *cgroup, struct bitmap *more, bool denied)
{
	struct target target;
	int ret = scmod_open();

	if (!ret)
		ret = target_find("allow", cgroup, TARGET_LIVE, &target);
	if (ret)
		return ret;
	for (unsigned int abi = 0; denied && abi < NR_ABIS; abi++)
		bitmap_unite(&more[abi], &target.policy.abi[abi].denied);
	ret = allow(&target, more);
	target_release(&target);
	return ret;
}

int cmd_allow(int argc, char **argv)
{
	struct bitmap more[NR_ABIS] = { 0 };
	bool denied = false;
	const struct opt opts[] = { { "--denied", .flag = &denied }, { 0 } };
	const char **words = calloc(argc + 1, sizeof(*words));
	int count, ret;

	if (!words)
		return fail(EXIT_FAILED, "allow: out of memory; free some and try again");
	count = args_parse("allow", argc, argv, opts, words, 1, argc);
	if (count < 0)
		ret = -count;
	else if (denied == (count > 1))
		ret = fail(EXIT_USAGE, "allow: either CALL or --denied must be given; see 'scmod help allow'");
	else
		ret = add_calls(more, words + 1, count - 1);
	if (!ret)
		ret = run(words[0], more, denied);
	free(words);
	return ret;
}
