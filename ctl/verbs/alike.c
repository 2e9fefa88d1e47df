// SPDX-License-Identifier: GPL-2.0
/* Adapts two profiles to each other's form before they are compared. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "calls/lifeline.h"
#include "calls/sysname.h"
#include "infer/runtime.h"
#include "verbs/alike.h"
#include "write/format.h"

#define WITH_RUNTIMES \
	", including the calls of container runtimes; '--runtime none' leaves those out"

static bool for_runtimes(const char *form)
{
	return form && runtime_takes(form);
}

/*
 * Lifelines that only @other allows, as "x86_64:exit, x86_64:exit_group"; NULL if there are
 * none.
 */
static char *lifelines_lacked(const struct profile *profile, const struct profile *other)
{
	char *list = NULL;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap set = lifeline_set(abi);
		unsigned int nr;

		bitmap_for_each(nr, &set) {
			if (!profile->covers[abi] || profile_allows(profile, abi, nr) ||
			    !profile_allows(other, abi, nr))
				continue;
			mem_list(&list, "%s:%s", abi_name(abi), sysname(abi, nr));
		}
	}
	return list;
}

static void note_lifelines(const struct source *source, const struct source *other)
{
	char *list = NULL;

	if (for_runtimes(source->profile->form))
		list = lifelines_lacked(source->profile, other->profile);
	if (list)
		note("diff %s: the profile does not allow %s, but 'scmod dump' and 'scmod enforce' always add these calls, so they are compared as allowed",
		     source->name, list);
	free(list);
}

void alike_lifelines(const struct source *a, const struct source *b)
{
	note_lifelines(a, b);
	note_lifelines(b, a);
	profile_add_lifelines(a->profile);
	profile_add_lifelines(b->profile);
}

/* Writes the profile in @form and reads it back; NULL if that fails. */
static struct profile *written_and_read(const struct source *source, const char *form)
{
	struct messages messages = { 0 };
	struct profile *profile = NULL;
	char *text = NULL;
	size_t len = 0;
	struct output out = {
		.to = open_memstream(&text, &len), .profile = source->profile,
		.name = source->name, .messages = &messages,
	};

	if (!out.to)
		return NULL;
	format_find(form)->write(&out);
	if (!fclose(out.to))
		profile_read_text(source->name, text, len, NULL, &messages, &profile);
	messages_release(&messages);
	free(text);
	return profile;
}

/*
 * Adds calls without a name, which most forms can't hold; otherwise they would not be compared.
 */
static void keep_numbers(struct profile *to, const struct profile *from)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			if (!sysname(abi, nr) && profile_allows(from, abi, nr))
				profile_set(to, abi, nr, PROFILE_ALLOW, 0);
}

static bool allow_the_same(const struct profile *a, const struct profile *b)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			if (profile_allows(a, abi, nr) != profile_allows(b, abi, nr))
				return false;
	return true;
}

/*
 * Adds to a record the runtimes' own calls that @other allows. Returns whether there are any.
 */
static bool add_runtimes(struct profile *profile, const struct profile *other,
			 struct infer *infer)
{
	struct profile_call before[SCMOD_NR_BITS];
	bool any = false;

	if (infer->runtime_wished)
		return false;
	infer->runtime = "any";
	memcpy(before, profile->abi[SCMOD_ABI_X86_64], sizeof(before));
	if (infer_add_file(infer, profile))
		return false;
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		if (before[nr].state == PROFILE_ALLOW ||
		    !profile_allows(profile, SCMOD_ABI_X86_64, nr))
			continue;
		if (profile_allows(other, SCMOD_ABI_X86_64, nr))
			any = true;
		else
			profile_set(profile, SCMOD_ABI_X86_64, nr, before[nr].state,
				    before[nr].err);
	}
	return any;
}

struct profile *alike_profile(const struct source *source, const struct profile *other,
			      struct infer *infer)
{
	struct profile *profile = source->profile, *alike;
	bool more;

	if (!for_runtimes(other->form) || for_runtimes(profile->form))
		return profile;
	more = add_runtimes(profile, other, infer);
	/* dump does the same for a form that does not say how calls are refused. */
	if (profile->action < 0 && profile->err < 0)
		profile_add_soft(profile);
	alike = written_and_read(source, other->form);
	if (!alike)
		return profile;
	profile_add_lifelines(alike);
	keep_numbers(alike, profile);
	if (more || !allow_the_same(alike, profile))
		note("diff %s: it is compared in the form in which 'scmod dump --format %s' writes it%s",
		     source->name, other->form, more ? WITH_RUNTIMES : "");
	/* A list does not say how calls are refused, so that must not count as a difference. */
	alike->action = profile->action;
	alike->err = profile->err;
	return alike;
}
