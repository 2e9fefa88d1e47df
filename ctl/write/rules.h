/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile as rules of names: what those formats can hold that know neither
 * numbers nor ABIs.
 */
#ifndef CTL_RULES_H
#define CTL_RULES_H

#include "calls/names.h"
#include "write/output.h"

/**
 * struct answer_rule - what becomes of some calls
 * @err: 0 lets them pass, an errno, or PROFILE_KILLS
 * @names: of the calls
 */
struct answer_rule {
	int err;
	struct names names;
};

/**
 * struct answer_rules - all of them
 * @fallback: as &answer_rule.err, of calls that no rule names
 * @rule: no name is in two of them; first the allowed ones, then by errno, then
 *	those that kill
 * @count: how many
 */
struct answer_rules {
	int fallback;
	struct answer_rule *rule;
	size_t count;
};

/*
 * A name that any ABI allows is allowed, and one that ABIs refuse differently is refused
 * as one of them does, of which there is a note with @form for where. Rules that do what
 * is done anyway are left out: libseccomp refuses them.
 */
struct answer_rules rules_make(const struct output *out, const char *form);
void rules_free(struct answer_rules *rules);

/* Add a note where runtimes and systemd will take it for more than it is for. */
void rules_note_native(const struct output *out);

/* What is done about &answer_rule.err, by libseccomp's name. */
const char *rule_action(int err);

/* The names of all calls that no rule has. */
struct names rules_rest(const struct answer_rules *rules, const struct profile *profile);

#endif /* CTL_RULES_H */
