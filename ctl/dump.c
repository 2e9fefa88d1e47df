// SPDX-License-Identifier: GPL-2.0
/* scmod dump: what was learned, as a profile. The same record, the same bytes. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "errname.h"
#include "error.h"
#include "file.h"
#include "output.h"
#include "plan.h"
#include "soft.h"
#include "sysname.h"
#include "target.h"

/* Names of calls, sorted, each once. The names belong to sysname.c. */
struct names {
	const char *name[NR_ABIS * SCMOD_NR_BITS];
	size_t count;
};

struct dump {
	const struct policy *policy;
	struct plan plan;
	bool abi[NR_ABIS];
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void names_sort(struct names *names)
{
	size_t kept = 0;

	qsort(names->name, names->count, sizeof(names->name[0]), by_name);
	for (size_t i = 0; i < names->count; i++)
		if (!kept || strcmp(names->name[kept - 1], names->name[i]))
			names->name[kept++] = names->name[i];
	names->count = kept;
}

static void names_add(struct names *names, unsigned int abi, const struct bitmap *set)
{
	unsigned int nr;

	bitmap_for_each(nr, set)
		names->name[names->count++] = sysname(abi, nr);
}

static bool names_have(const struct names *names, const char *name)
{
	return bsearch(&name, names->name, names->count, sizeof(names->name[0]), by_name);
}

static struct names names_of(unsigned int abi, const struct bitmap *set)
{
	struct names names = { .count = 0 };

	names_add(&names, abi, set);
	names_sort(&names);
	return names;
}

/* Those of all ABIs in the dump: OCI profiles have no names per architecture. */
static struct names names_allowed(const struct dump *dump)
{
	struct names names = { .count = 0 };

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (dump->abi[abi])
			names_add(&names, abi, &dump->plan.abi[abi].allowed);
	names_sort(&names);
	return names;
}

static struct names names_soft(const struct dump *dump, const struct names *allowed)
{
	struct names names = { .count = 0 };
	size_t kept = 0;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (dump->abi[abi])
			names_add(&names, abi, &dump->plan.abi[abi].soft);
	names_sort(&names);
	for (size_t i = 0; i < names.count; i++)
		if (!names_have(allowed, names.name[i]))
			names.name[kept++] = names.name[i];
	names.count = kept;
	return names;
}

static void write_names(const char *key, const struct names *names)
{
	out_array(key);
	for (size_t i = 0; i < names->count; i++)
		out_string(json_item, NULL, names->name[i]);
	out_array_end();
}

static void write_oci_soft(const struct names *soft)
{
	if (!soft->count)
		return;
	out_object(json_item);
	write_names("names", soft);
	out_string("action", NULL, "SCMP_ACT_ERRNO");
	out_number("errnoRet", NULL, ENOSYS);
	out_object_end();
}

static void write_oci(const struct dump *dump)
{
	bool kill = dump->policy->action == SCMOD_ACTION_KILL;
	struct names allowed = names_allowed(dump);
	struct names soft = names_soft(dump, &allowed);

	out_object(NULL);
	out_string("defaultAction", NULL, kill ? "SCMP_ACT_KILL_PROCESS" : "SCMP_ACT_ERRNO");
	if (!kill)
		out_number("defaultErrnoRet", NULL, dump->policy->err);
	out_array("architectures");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (dump->abi[abi])
			out_string(json_item, NULL, abi_oci_name(abi));
	out_array_end();
	out_array("syscalls");
	out_object(json_item);
	write_names("names", &allowed);
	out_string("action", NULL, "SCMP_ACT_ALLOW");
	out_object_end();
	/* libseccomp takes no rule that does what the default does. */
	if (kill || dump->policy->err != ENOSYS)
		write_oci_soft(&soft);
	out_array_end();
	out_object_end();
}

static void write_json_abi(const struct dump *dump, unsigned int abi)
{
	struct names allowed = names_of(abi, &dump->plan.abi[abi].allowed);
	struct names soft = names_of(abi, &dump->plan.abi[abi].soft);

	out_object(json_item);
	out_string("abi", NULL, abi_name(abi));
	write_names("allow", &allowed);
	write_names("soft", &soft);
	out_object_end();
}

static void write_json_added(const struct dump *dump, unsigned int abi)
{
	struct bitmap added = plan_added(&dump->plan, abi);
	unsigned int nr;

	bitmap_for_each(nr, &added) {
		out_object(json_item);
		out_string("abi", NULL, abi_name(abi));
		out_string("name", NULL, sysname(abi, nr));
		out_string("reason", NULL, plan_reason(&dump->plan, abi, nr));
		out_object_end();
	}
}

static void write_json(const struct dump *dump)
{
	out_object(NULL);
	out_string("format", NULL, "scmod-profile-1");
	out_string("path", NULL, dump->policy->path);
	out_number("id", NULL, dump->policy->id);
	out_bool("partial", NULL, policy_partial(dump->policy));
	out_string("action", NULL, policy_action_name(dump->policy->action));
	out_number("errno", NULL, dump->policy->err);
	out_array("abis");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (dump->abi[abi])
			write_json_abi(dump, abi);
	out_array_end();
	out_array("added");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (dump->abi[abi])
			write_json_added(dump, abi);
	out_array_end();
	out_object_end();
}

static void write_list_line(unsigned int abi, const char *name)
{
	if (abi != SCMOD_ABI_X86_64)
		out_text("%s:", abi_name(abi));
	out_text("%s", name);
}

static void write_list_abi(const struct dump *dump, unsigned int abi)
{
	struct names allowed = names_of(abi, &dump->plan.abi[abi].allowed);
	struct bitmap added = plan_added(&dump->plan, abi);

	for (size_t i = 0; i < allowed.count; i++) {
		unsigned int nr = sysname_number(abi, allowed.name[i]);

		write_list_line(abi, allowed.name[i]);
		if (bitmap_has(&added, nr))
			out_text(" # added: %s", plan_reason(&dump->plan, abi, nr));
		out_text("\n");
	}
}

static void write_list(const struct dump *dump)
{
	out_string(NULL, "# system calls of cgroup %s", dump->policy->path);
	out_number(NULL, ", id %" PRIu64 "\n", dump->policy->id);
	out_bool(NULL, "# " POLICY_PARTIAL_WHY "\n", policy_partial(dump->policy));
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (dump->abi[abi])
			write_list_abi(dump, abi);
}

static const struct format {
	const char *name;
	bool json;
	void (*write)(const struct dump *dump);
} formats[] = {
	{ "oci", true, write_oci },
	{ "list", false, write_list },
	{ "json", true, write_json },
};

static const struct format *format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

/* A profile names calls; a number without a name can't be in one. */
static int check_names(const struct dump *dump)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		unsigned int nr;

		bitmap_for_each(nr, &dump->plan.abi[abi].allowed)
			if (!sysname(abi, nr))
				return fail(EXIT_FAILED,
					    "dump %s: %s call number %u was made but has no name, and a profile holds names; build scmod with headers that know it, or learn without the program that makes it",
					    dump->policy->path, abi_name(abi), nr);
	}
	return EXIT_DONE;
}

static void note_added(const struct dump *dump)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap added = plan_added(&dump->plan, abi);
		unsigned int nr;

		if (!dump->abi[abi])
			continue;
		bitmap_for_each(nr, &added)
			note("dump %s: added %s:%s: %s", dump->policy->path, abi_name(abi),
			     sysname(abi, nr), plan_reason(&dump->plan, abi, nr));
	}
}

/* An OCI profile allows a name in every architecture it lists. */
static void note_union(const struct dump *dump)
{
	struct names all = names_allowed(dump);

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		for (size_t i = 0; dump->abi[abi] && i < all.count; i++) {
			int nr = sysname_number(abi, all.name[i]);

			if (nr < 0 || bitmap_has(&dump->plan.abi[abi].allowed, nr))
				continue;
			note("dump %s: the ABIs differ, but an OCI profile allows a name in all of them; 'scmod dump --format json' keeps them apart",
			     dump->policy->path);
			return;
		}
	}
}

static void tell(const struct dump *dump, const struct format *format)
{
	if (policy_partial(dump->policy))
		warn("dump %s: " POLICY_PARTIAL_WHY, dump->policy->path);
	plan_warn(&dump->plan, "dump", dump->policy->path);
	note_added(dump);
	if (format->write == write_oci)
		note_union(dump);
}

static int write_out(const struct dump *dump, const struct format *format, const char *file)
{
	char *text = NULL;
	size_t len = 0;
	FILE *memory = open_memstream(&text, &len);
	int err = !memory;

	if (memory) {
		out_start(memory, format->json);
		format->write(dump);
		err = out_finish();
		err |= fclose(memory);
	}
	if (!err && file)
		err = file_write(file, text, len);
	else if (!err)
		err = fwrite(text, 1, len, stdout) != len || fflush(stdout);
	if (err)
		fail(EXIT_FAILED, "dump: %s: %s; nothing was replaced", file ? file : "stdout",
		     strerror(errno));
	free(text);
	return err ? EXIT_FAILED : EXIT_DONE;
}

static int dump_policy(const struct policy *policy, const struct format *format,
		       const char *file)
{
	struct dump dump = { .policy = policy, .plan = plan_of_policy(policy) };
	int ret;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		dump.abi[abi] = abi == SCMOD_ABI_X86_64 || plan_uses(&dump.plan, abi);
	if (plan_empty(&dump.plan))
		return fail(EXIT_FAILED, "dump %s: nothing was learned there; run its program while it learns",
			    policy->path);
	ret = check_names(&dump);
	if (ret)
		return ret;
	tell(&dump, format);
	return write_out(&dump, format, file);
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
		return fail(EXIT_USAGE, "dump: --format '%s' is none of oci, list, json; give one of them",
			    name);
	ret = scmod_open();
	if (!ret)
		ret = target_find("dump", cgroup, 0, &target);
	if (ret)
		return ret;
	ret = dump_policy(&target.policy, format, file);
	target_release(&target);
	return ret;
}
