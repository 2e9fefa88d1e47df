// SPDX-License-Identifier: GPL-2.0
/* scmod allow: allows more calls in a policy, by name or those that it refused. */
#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "kernel/target.h"
#include "verbs/each.h"
#include "verbs/options.h"

static bool json;

static int add_calls(struct bitmap *more, const char **calls, int count)
{
	for (int i = 0; i < count; i++) {
		unsigned int abi;
		int nr = sysname_parse(calls[i], &abi);

		if (nr < 0)
			return fail(EXIT_USAGE,
				    "allow: no system call is named '%s'; give a name such as openat or i386:open, or a number",
				    calls[i]);
		bitmap_add(&more[abi], nr);
	}
	return EXIT_DONE;
}

static void print_added(unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);

	out_object(json_item);
	out_string("abi", "  added %s:", abi_name(abi));
	if (name)
		out_string("name", "%s\n", name);
	else
		out_null("name", NULL);
	out_number("nr", name ? NULL : "%" PRIu64 "\n", nr);
	out_object_end();
}

static void report(const char *name, const struct bitmap *added, unsigned int count)
{
	out_start(stdout, json);
	out_object(NULL);
	out_array("added");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		unsigned int nr;

		bitmap_for_each(nr, &added[abi])
			print_added(abi, nr);
	}
	out_array_end();
	out_string("path", "%s: ", name);
	out_number("count", "%" PRIu64 " more allowed\n", count);
	out_object_end();
	out_finish();
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

static int allow_in(const char *cgroup, struct bitmap *more, bool denied)
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

static int run(const struct args *args)
{
	struct bitmap more[NR_ABIS] = { 0 };
	int ret = add_calls(more, args->word + 1, args->count - 1);

	json = args->json;
	return ret ? ret : allow_in(args->word[0], more, args->value[OPT_DENIED]);
}

static const struct opt opt_denied = {
	.id = OPT_DENIED, .name = "denied",
	.text = "Allow all calls that were refused so far, or would have been refused in mode complain. Look at these calls first: 'status' shows who made them.",
};

const struct verb verb_allow = {
	.name = "allow", .group = GROUP_CONTROL,
	.summary = "allow more calls, or all that were refused so far",
	.example = "scmod allow /sys/fs/cgroup/web openat i386:open", .mute = true,
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP },
		{ .name = "CALL", .kind = KIND_CALL, .many = true, .instead = &opt_denied },
		{ 0 },
	},
	.run = run,
};
