// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a drop-in for a systemd unit. It is an allow-list, although systemd takes an errno
 * for each call only in a deny-list: a deny-list would allow all calls that are newer than
 * the list.
 */
#include <errno.h>
#include <string.h>

#include "base/errname.h"
#include "base/error.h"
#include "write/comment.h"
#include "write/rules.h"
#include "write/systemd_values.h"

/* Lines of names are broken at this column. */
#define WIDTH 80

static const char *const arch_names[NR_ABIS] = {
	[SCMOD_ABI_X86_64] = "x86-64",
	[SCMOD_ABI_I386] = "x86",
	[SCMOD_ABI_X32] = "x32",
};

/* Writes lines of names, each beginning with @head. */
static void write_names(FILE *to, const struct names *names, const char *head)
{
	size_t column = 0;

	for (size_t i = 0; i < names->count; i++) {
		size_t len = strlen(names->name[i]) + 1;

		if (column && column + len > WIDTH) {
			fprintf(to, "\n");
			column = 0;
		}
		column += fprintf(to, "%s%s", column ? " " : head, names->name[i]);
	}
	if (column)
		fprintf(to, "\n");
}

static const char *answer(int err)
{
	return err == PROFILE_KILLS ? "end the process" : errname(err);
}

static const struct answer_rule *rule_with(const struct answer_rules *rules, int err)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rules->rule[i].err == err)
			return &rules->rule[i];
	return NULL;
}

/*
 * The names of all calls that are allowed, whatever their values: SystemCallFilter= knows
 * only names.
 */
static struct names allowed_names(const struct answer_rules *rules)
{
	const struct answer_rule *allowed = rule_with(rules, 0);
	struct names names = { .count = 0 };

	if (allowed)
		names = allowed->names;
	for (size_t i = 0; i < rules->nr_values; i++) {
		const char *name = rules->value[i].name;

		/* All rules of a name stand together. */
		if (!rules->value[i].err &&
		    (!names.count || strcmp(names.name[names.count - 1], name)))
			names.name[names.count++] = name;
	}
	names_sort(&names);
	return names;
}

/*
 * Chooses the errno of all calls that are not allowed: an allow-list has only one. If the
 * profile has soft calls, choose ENOSYS: a program that expects EPERM merely gets a different
 * error, but one that needs ENOSYS to fall back on another call would fail with EPERM.
 */
static int choose_errno(const struct answer_rules *rules)
{
	const struct answer_rule *soft = rule_with(rules, ENOSYS);

	return rules->fallback > 0 && soft ? soft->err : rules->fallback;
}

static void write_not_carried(FILE *to, const struct answer_rules *rules, int err)
{
	fprintf(to, "# Not carried: systemd also allows all of its set @default, whatever this file says\n"
		    "# ('systemd-analyze syscall-filter @default' lists it: execve, exit, mmap, futex\n"
		    "# and so on); calls that it does not know return ENOSYS.\n");
	if (err != rules->fallback)
		fprintf(to, "# An allow-list has one errno for all other calls. It is ENOSYS because of calls\n"
			    "# that programs do without if they get ENOSYS; for the rest, the profile has %s.\n",
			answer(rules->fallback));
	for (size_t i = 0; i < rules->count; i++) {
		if (!rules->rule[i].err || rules->rule[i].err == err)
			continue;
		fprintf(to, "# Not carried: the profile has %s for\n",
			answer(rules->rule[i].err));
		write_names(to, &rules->rule[i].names, "#   ");
	}
}

static void write_architectures(const struct output *out)
{
	const char *before = "SystemCallArchitectures=";

	fprintf(out->to, "SystemCallArchitectures=\n");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		if (!out->profile->covers[abi])
			continue;
		fprintf(out->to, "%s%s", before, arch_names[abi]);
		before = " ";
	}
	fprintf(out->to, "\n");
}

int format_write_systemd(const struct output *out)
{
	struct answer_rules rules = rules_make(out, "a unit");
	struct names allowed = allowed_names(&rules);
	int err = choose_errno(&rules);

	rules_note_native(out);
	comment_write(out);
	write_not_carried(out->to, &rules, err);
	fprintf(out->to, "[Service]\n"
			 "# An empty assignment removes all filters that the unit had before.\n"
			 "SystemCallFilter=\n");
	write_names(out->to, &allowed, "SystemCallFilter=");
	if (err == PROFILE_KILLS)
		fprintf(out->to, "SystemCallErrorNumber=kill\n");
	else if (errname_value(errname(err)))
		fprintf(out->to, "SystemCallErrorNumber=%s\n", errname(err));
	else
		fprintf(out->to, "SystemCallErrorNumber=%d\n", err);
	write_architectures(out);
	systemd_values_write(out);
	rules_free(&rules);
	return EXIT_DONE;
}
