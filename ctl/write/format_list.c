// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a list: one call on each line, with the reason if the tool added it. For people,
 * grep and diff.
 */
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "calls/names.h"
#include "calls/sysname.h"
#include "write/comment.h"
#include "write/output.h"

/*
 * The reason for which the tool added the call. Only called for added calls; seen ones need
 * no comment.
 */
static const char *why(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	const struct profile_call *call = profile_at(profile, abi, nr);

	return call->nr_reasons ? call->reason[0].text : NULL;
}

/* @name: NULL if it has none; then it is written as a number. */
static void write_call(const struct output *out, const struct bitmap *added, unsigned int abi,
		       unsigned int nr, const char *name)
{
	char *reason = mem_string(bitmap_has(added, nr) ? why(out->profile, abi, nr) : NULL);

	if (abi != SCMOD_ABI_X86_64)
		fprintf(out->to, "%s:", abi_name(abi));
	if (name)
		fprintf(out->to, "%s", name);
	else
		fprintf(out->to, "%u", nr);
	if (reason)
		fprintf(out->to, " # added: %s", printable(reason));
	fprintf(out->to, "\n");
	free(reason);
}

/* By name, and then those without a name by number. */
static void write_abi(const struct output *out, unsigned int abi)
{
	struct bitmap allowed = profile_calls(out->profile, abi, PROFILE_ALLOW);
	struct names names = names_of(abi, &allowed);
	struct bitmap added = profile_added(out->profile, abi);
	unsigned int nr;

	for (size_t i = 0; i < names.count; i++)
		write_call(out, &added, abi, sysname_number(abi, names.name[i]), names.name[i]);
	bitmap_for_each(nr, &allowed)
		if (!sysname(abi, nr))
			write_call(out, &added, abi, nr, NULL);
}

int format_write_list(const struct output *out)
{
	comment_write(out);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (out->profile->covers[abi])
			write_abi(out, abi);
	return EXIT_DONE;
}
