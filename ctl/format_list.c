// SPDX-License-Identifier: GPL-2.0
/* One call on a line, with why it is there: for people, grep and diff. */
#include <inttypes.h>

#include "error.h"
#include "format.h"
#include "names.h"
#include "sysname.h"

static void write_origin(FILE *to, const struct profile_origin *origin)
{
	char *path = origin->path ? origin->path : origin->file;

	fprintf(to, "# system calls of %s%s", origin->path ? "cgroup " : "", path ? path : "?");
	if (origin->path)
		fprintf(to, ", id %" PRIu64, origin->id);
	fprintf(to, "\n");
	if (origin->partial)
		fprintf(to, "# " POLICY_PARTIAL_WHY "\n");
}

/* Why the tool added it: what was seen needs no comment. */
static const char *why(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	const struct profile_call *call = profile_at(profile, abi, nr);

	return call->nr_reasons ? call->reason[0].text : NULL;
}

static void write_call(const struct output *out, const struct bitmap *added, unsigned int abi,
		       const char *name)
{
	unsigned int nr = sysname_number(abi, name);
	const char *reason = bitmap_has(added, nr) ? why(out->profile, abi, nr) : NULL;

	if (abi != SCMOD_ABI_X86_64)
		fprintf(out->to, "%s:", abi_name(abi));
	fprintf(out->to, "%s", name);
	if (reason)
		fprintf(out->to, " # added: %s", reason);
	fprintf(out->to, "\n");
}

int format_write_list(const struct output *out)
{
	const struct profile *profile = out->profile;

	for (size_t i = 0; i < profile->nr_origins; i++)
		write_origin(out->to, &profile->origin[i]);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap allowed = profile_calls(profile, abi, PROFILE_ALLOW);
		struct names names = names_of(abi, &allowed);
		struct bitmap added = profile_added(profile, abi);

		for (size_t i = 0; profile->covers[abi] && i < names.count; i++)
			write_call(out, &added, abi, names.name[i]);
	}
	return EXIT_DONE;
}
