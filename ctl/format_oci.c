// SPDX-License-Identifier: GPL-2.0
/*
 * The seccomp object of the OCI runtime specification. It allows a name in every
 * architecture that it lists.
 */
#include <errno.h>

#include "error.h"
#include "format.h"
#include "names.h"
#include "output.h"
#include "sysname.h"

/* Those of all ABIs in the profile: there are no names per architecture. */
static struct names names_in_state(const struct profile *profile, enum profile_state state)
{
	struct names names = { .count = 0 };

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap set = profile_calls(profile, abi, state);

		if (profile->covers[abi])
			names_add(&names, abi, &set);
	}
	names_sort(&names);
	return names;
}

static void write_rule(const struct names *names, const char *action, int err)
{
	if (!names->count)
		return;
	out_object(json_item);
	out_array("names");
	for (size_t i = 0; i < names->count; i++)
		out_string(json_item, NULL, names->name[i]);
	out_array_end();
	out_string("action", NULL, action);
	if (err)
		out_number("errnoRet", NULL, err);
	out_object_end();
}

static void note_union(const struct output *out, const struct names *allowed)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		for (size_t i = 0; out->profile->covers[abi] && i < allowed->count; i++) {
			int nr = sysname_number(abi, allowed->name[i]);

			if (nr < 0 || profile_allows(out->profile, abi, nr))
				continue;
			note("%s %s: the ABIs differ, but an OCI profile allows a name in all of them; 'scmod dump --format json' keeps them apart",
			     out->verb, out->name);
			return;
		}
	}
}

int format_write_oci(const struct output *out)
{
	const struct profile *profile = out->profile;
	bool kill = profile->action == SCMOD_ACTION_KILL;
	struct names allowed = names_in_state(profile, PROFILE_ALLOW);
	struct names soft = names_in_state(profile, PROFILE_SOFT);

	names_subtract(&soft, &allowed);
	out_start(out->to, true);
	out_object(NULL);
	out_string("defaultAction", NULL, kill ? "SCMP_ACT_KILL_PROCESS" : "SCMP_ACT_ERRNO");
	if (!kill)
		out_number("defaultErrnoRet", NULL, profile->err < 0 ? EPERM : profile->err);
	out_array("architectures");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (profile->covers[abi])
			out_string(json_item, NULL, abi_oci_name(abi));
	out_array_end();
	out_array("syscalls");
	write_rule(&allowed, "SCMP_ACT_ALLOW", 0);
	/* libseccomp takes no rule that does what the default does. */
	if (kill || profile->err != ENOSYS)
		write_rule(&soft, "SCMP_ACT_ERRNO", ENOSYS);
	out_array_end();
	out_object_end();
	out_finish();
	note_union(out, &allowed);
	return EXIT_DONE;
}
