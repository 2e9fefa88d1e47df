/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile as rules, which give names of calls an answer: for formats that know neither
 * numbers nor ABIs.
 */
#ifndef CTL_RULES_H
#define CTL_RULES_H

#include "calls/names.h"
#include "write/output.h"

/**
 * struct answer_rule - the answer to some calls
 * @err: 0 if the calls are allowed, an errno, or PROFILE_KILLS
 * @names: the names of the calls
 */
struct answer_rule {
	int err;
	struct names names;
};

/**
 * struct answer_rules - a profile as rules
 * @fallback: answer to calls that no rule names, like &answer_rule.err
 * @rule: the rules: first the one that allows, then by errno, then the one that kills. No
 *	name is in two of them.
 * @count: number of rules
 */
struct answer_rules {
	int fallback;
	struct answer_rule *rule;
	size_t count;
};

/*
 * A name that is allowed in any ABI is allowed. A name that is refused differently by ABIs is
 * refused as in one of them; a note that names @form says so. A rule with the default answer
 * is left out, because libseccomp rejects such rules.
 */
struct answer_rules rules_make(const struct output *out, const char *form);
void rules_free(struct answer_rules *rules);

/*
 * Adds a note if runtimes and systemd will also apply the profile to x86_64, which it does
 * not cover.
 */
void rules_note_native(const struct output *out);

/* libseccomp's name for the action of &answer_rule.err. */
const char *rule_action(int err);

/* The names of all calls that are in no rule. */
struct names rules_rest(const struct answer_rules *rules, const struct profile *profile);

#endif /* CTL_RULES_H */
