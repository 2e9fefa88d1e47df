/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile as rules, which give names of calls an answer: for formats that know neither
 * numbers nor ABIs.
 */
#ifndef CTL_RULES_H
#define CTL_RULES_H

#include "calls/argument.h"
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
 * struct answer_value - the answer to a call with some values of its arguments
 * @err: like &answer_rule.err
 * @name: the name of the call
 * @tests: comparisons of its arguments, which are all true for these values
 */
struct answer_value {
	int err;
	const char *name;
	struct argument_tests tests;
};

/**
 * struct answer_rules - a profile as rules
 * @fallback: answer to calls that no rule names, like &answer_rule.err
 * @rule: the rules: first the one that allows, then by errno, then the one that kills. No
 *	name is in two of them.
 * @count: number of rules
 * @value: rules of calls whose values are listed, which are in none of @rule. They come after
 *	@rule, and no two that are for the same arguments have different answers, so their order
 *	makes no difference.
 * @nr_values: number of these rules
 */
struct answer_rules {
	int fallback;
	struct answer_rule *rule;
	size_t count;
	struct answer_value *value;
	size_t nr_values;
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

/*
 * The rules of a selector whose values are listed: those with another answer than @fallback.
 * @name: the name of its call. To be freed.
 */
struct answer_value *rules_values(const struct profile *profile, unsigned int selector,
				  const char *name, int fallback, size_t *count);
/*
 * Whether i386 can make the call through a multiplexer that the profile refuses. libseccomp
 * then adds a rule for the multiplexer to each rule of the call, as if the values of its
 * arguments stood in those of the multiplexer.
 */
bool rules_multiplexed(const struct profile *profile, const char *name);
/* The errno of that multiplexer: any but that of the default action, which can't have a rule. */
int rules_multiplexer_errno(const struct profile *profile);

/* The names of all calls that are in no rule. */
struct names rules_rest(const struct answer_rules *rules, const struct profile *profile);

#endif /* CTL_RULES_H */
