// SPDX-License-Identifier: GPL-2.0
/* A profile that is given to a policy with --profile. */
#include <stdio.h>

#include "base/errname.h"
#include "base/error.h"
#include "calls/sysname.h"
#include "verbs/given.h"
#include "verbs/source.h"

const struct opt opt_profile = {
	.id = OPT_PROFILE, .name = "profile", .arg = "FILE", .kind = KIND_INPUT,
	.standard = "what was learned",
	.text = "Take the allowed calls from a file with a profile ('-' is standard input), instead of the record.",
};

static void note_call(const char *verb, const char *path, unsigned int abi, unsigned int nr,
		      int err)
{
	char text[SYSNAME_TEXT_MAX];
	const char *name = sysname_text(abi, nr, text);

	if (err == PROFILE_KILLS)
		note("%s --profile %s: in the profile, %s:%s ends the process, but a policy refuses all calls in the same way",
		     verb, path, abi_name(abi), name);
	else
		note("%s --profile %s: in the profile, %s:%s returns %s, but a policy refuses all calls in the same way",
		     verb, path, abi_name(abi), name, errname(err));
}

/* A profile may have several answers, but a policy has only one apart from ENOSYS. */
static void note_flattened(const char *verb, const struct profile *profile, const char *path)
{
	int fallback = profile_fallback(profile);

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			const struct profile_call *call = profile_at(profile, abi, nr);

			if (call->state == PROFILE_REFUSE && call->err && call->err != fallback)
				note_call(verb, path, abi, nr, call->err);
		}
}

int given_read(const char *verb, const char *path, const struct reader_options *options,
	       struct profile **profile)
{
	char what[64];
	int ret;

	snprintf(what, sizeof(what), "%s --profile", verb);
	ret = source_read_file(what, path, options, profile);
	if (!ret && profile_empty(*profile))
		ret = fail(EXIT_FAILED, "%s --profile %s: the profile allows nothing; give one that allows something",
			   verb, path);
	return ret;
}

int given_policy(const char *verb, const char *path, const struct reader_options *options,
		 struct profile **profile, struct scmod_change *change)
{
	int ret = given_read(verb, path, options, profile);

	if (ret)
		return ret;
	note_flattened(verb, *profile, path);
	profile_add_lifelines(*profile);
	profile_add_soft(*profile);
	change->action = (*profile)->action;
	change->err = profile_errno(*profile);
	return EXIT_DONE;
}
