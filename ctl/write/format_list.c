// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a list: one call on each line, with the reason if the tool added it, and then one
 * value of arguments on each line. For people, grep and diff.
 */
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "calls/names.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "profile/values_compare.h"
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

static void write_value(const struct output *out, unsigned int selector,
			const struct value_entry *entry)
{
	const struct reason *reason = entry->nr_reasons ? entry->reason : NULL;
	char *text = value_rule_text(selector, &entry->rule), *why = NULL;

	if (reason && reason->kind != REASON_SEEN && reason->kind != REASON_HAND &&
	    reason->kind != REASON_FILE)
		why = mem_string(reason->text);
	fprintf(out->to, "%s%s%s\n", text, why ? " # added: " : "", why ? printable(why) : "");
	free(why);
	free(text);
}

/*
 * A list has no errnos, and names only what is allowed. So values that rules refuse are taken
 * out of the others.
 */
static void write_cubes(const struct output *out, unsigned int selector)
{
	struct cubes cubes = values_cubes(&out->profile->values[selector], selector, 0);

	for (size_t i = 0; i < cubes.count; i++) {
		const struct cube *cube = &cubes.cube[i];
		struct value_entry entry = { .rule = {
			.mask = cube->mask, .first = cube->bits, .last = cube->bits } };

		write_value(out, selector, &entry);
	}
	cubes_release(&cubes);
	messages_add(out->messages, MESSAGE_NOTE, NULL, "use --format json to keep them",
		     "values of %s return errnos of their own, which a list can't hold",
		     selector_name(selector));
}

/* The values of a call whose name is in the list: each on a line. */
static void write_values(const struct output *out, unsigned int selector)
{
	const struct value_set *set = &out->profile->values[selector];
	bool refuses = false;

	if (!set->listed || !profile_selects(out->profile, selector))
		return;
	for (size_t i = 0; i < set->count; i++)
		refuses |= set->entry[i].rule.err;
	if (refuses)
		write_cubes(out, selector);
	for (size_t i = 0; !refuses && i < set->count; i++)
		write_value(out, selector, &set->entry[i]);
}

int format_write_list(const struct output *out)
{
	comment_write(out);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (out->profile->covers[abi])
			write_abi(out, abi);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		write_values(out, selector);
	return EXIT_DONE;
}
