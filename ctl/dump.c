// SPDX-License-Identifier: GPL-2.0
/* scmod dump: what was learned, as a profile. The same record, the same bytes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "error.h"
#include "file.h"
#include "format.h"
#include "record.h"
#include "sysname.h"
#include "target.h"

/* A profile names calls; a number without a name can't be in one. */
static int check_names(const struct output *out)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap allowed = profile_calls(out->profile, abi, PROFILE_ALLOW);
		unsigned int nr;

		bitmap_for_each(nr, &allowed)
			if (!sysname(abi, nr))
				return fail(EXIT_FAILED,
					    "%s %s: %s call number %u was made but has no name, and a profile holds names; build scmod with headers that know it, or learn without the program that makes it; '--format json' holds numbers, too",
					    out->verb, out->name, abi_name(abi), nr);
	}
	return EXIT_DONE;
}

static void note_added(const struct output *out)
{
	const struct profile *profile = out->profile;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap added = profile_added(profile, abi);
		unsigned int nr;

		if (!profile->covers[abi])
			continue;
		bitmap_for_each(nr, &added)
			note("%s %s: added %s:%s: %s", out->verb, out->name, abi_name(abi),
			     sysname(abi, nr) ? sysname(abi, nr) : "?",
			     profile_at(profile, abi, nr)->reason[0].text);
	}
}

static void tell(const struct output *out)
{
	if (profile_partial(out->profile))
		warn("%s %s: " POLICY_PARTIAL_WHY, out->verb, out->name);
	profile_warn(out->profile, out->verb, out->name);
	note_added(out);
}

static int write_out(struct output *out, const struct format *format, const char *file)
{
	char *text = NULL;
	size_t len = 0;
	int ret = EXIT_DONE, err;

	out->to = open_memstream(&text, &len);
	err = !out->to;
	if (out->to) {
		ret = format->write(out);
		err = fclose(out->to);
	}
	if (!ret && !err && file)
		err = file_write(file, text, len);
	else if (!ret && !err)
		err = fwrite(text, 1, len, stdout) != len || fflush(stdout);
	if (err)
		ret = fail(EXIT_FAILED, "%s: %s: %s; nothing was replaced", out->verb,
			   file ? file : "stdout", strerror(errno));
	free(text);
	return ret;
}

static int dump_profile(struct output *out, const struct format *format, const char *file)
{
	int ret;

	if (profile_empty(out->profile))
		return fail(EXIT_FAILED, "dump %s: nothing was learned there; run its program while it learns",
			    out->name);
	ret = format->numbers ? EXIT_DONE : check_names(out);
	if (ret)
		return ret;
	tell(out);
	return write_out(out, format, file);
}

/* With who made each call, which the list of all policies lacks. */
static int dump_policy(const struct target *target, const struct format *format,
		       const char *file)
{
	struct policy_list list;
	struct profile *profile;
	struct output out = { .verb = "dump" };
	int ret = scmod_list(target->id, true, &list);

	if (ret)
		return scmod_fail("dump", target->name, ret);
	profile = record_profile(&list.policy[0]);
	out.profile = profile;
	out.name = list.policy[0].path;
	ret = dump_profile(&out, format, file);
	profile_free(profile);
	policy_list_release(&list);
	return ret;
}

int cmd_dump(int argc, char **argv)
{
	const char *cgroup = NULL, *file = NULL, *name = "oci";
	const struct format *format;
	struct target target;
	const struct opt opts[] = {
		{ "-o", .value = &file },
		{ "--format", .value = &name },
		{ 0 },
	};
	int words = args_parse("dump", argc, argv, opts, &cgroup, 0, 1);
	int ret;

	if (words < 0)
		return -words;
	format = format_find(name);
	if (!format)
		return fail(EXIT_USAGE, "dump: --format '%s' is none of %s; give one of them",
			    name, format_names());
	ret = scmod_open();
	if (!ret)
		ret = target_find("dump", cgroup, 0, &target);
	if (ret)
		return ret;
	ret = dump_policy(&target, format, file);
	target_release(&target);
	return ret;
}
