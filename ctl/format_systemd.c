// SPDX-License-Identifier: GPL-2.0
/*
 * A drop-in for a unit of systemd. Its allow-list holds names, and names that are
 * answered with an errno of their own.
 */
#include <string.h>

#include "comment.h"
#include "errname.h"
#include "error.h"
#include "rules.h"

/* Where a line of names is broken. */
#define WIDTH 80

static const char *const arch_names[NR_ABIS] = {
	[SCMOD_ABI_X86_64] = "x86-64",
	[SCMOD_ABI_I386] = "x86",
	[SCMOD_ABI_X32] = "x32",
};

/* Lines of names; @suffix stands behind each name. */
static void write_names(FILE *to, const struct names *names, const char *suffix)
{
	size_t column = 0;

	for (size_t i = 0; i < names->count; i++) {
		size_t len = strlen(names->name[i]) + strlen(suffix) + 1;

		if (column && column + len > WIDTH) {
			fprintf(to, "\n");
			column = 0;
		}
		column += fprintf(to, "%s%s%s", column ? " " : "SystemCallFilter=",
				  names->name[i], suffix);
	}
	if (column)
		fprintf(to, "\n");
}

static void write_rule(FILE *to, const struct rule *rule)
{
	char suffix[64] = "";

	if (rule->err == PROFILE_KILLS)
		snprintf(suffix, sizeof(suffix), ":kill");
	else if (rule->err)
		snprintf(suffix, sizeof(suffix), ":%d", rule->err);
	if (rule->err > 0)
		fprintf(to, "# These return %s.\n", errname(rule->err));
	write_names(to, &rule->names, suffix);
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
	struct rules rules = rules_make(out, "a unit");

	comment_write(out);
	fprintf(out->to, "# Not carried: systemd itself also allows execve, exit, exit_group, getrlimit,\n"
			 "# rt_sigreturn, sigreturn and the calls that tell the time and sleep; calls that\n"
			 "# it does not know return ENOSYS.\n"
			 "[Service]\n"
			 "# What the unit said before does not hold any more.\n"
			 "SystemCallFilter=\n");
	for (size_t i = 0; i < rules.count; i++)
		write_rule(out->to, &rules.rule[i]);
	if (rules.fallback == PROFILE_KILLS)
		fprintf(out->to, "SystemCallErrorNumber=kill\n");
	else
		fprintf(out->to, "SystemCallErrorNumber=%d\n", rules.fallback);
	write_architectures(out);
	rules_free(&rules);
	return EXIT_DONE;
}
