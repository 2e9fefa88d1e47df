/* SPDX-License-Identifier: GPL-2.0 */
/* Adds to a profile what a rule, an import or a runtime makes likely. */
#ifndef CTL_FINDING_H
#define CTL_FINDING_H

#include "infer/families.h"
#include "infer/item.h"
#include "infer/reachable.h"
#include "profile/profile.h"

/**
 * struct finding - a rule that applies, and the explanation for what it adds
 * @families: the rules, which decide what is never added, and which values are usual
 * @profile: what is added to
 * @kind: the kind of reason
 * @why: the evidence, in words
 * @reachable: calls that it lacks are not added, but by a runtime; may be NULL
 * @wished: the command line asks for just this, so that calls and values which are never inferred
 *	are added, too
 */
struct finding {
	const struct families *families;
	struct profile *profile;
	enum reason_kind kind;
	const char *why;
	const struct reachable *reachable;
	bool wished;
};

/*
 * Whether a call was seen, or is allowed by a file. What the policy merely allows does not
 * count: it may have been inferred earlier, and the allowed set would grow with each run.
 */
bool is_evidence(const struct profile *profile, unsigned int abi, unsigned int nr);
/*
 * The text of a value that was seen, or is allowed by a file, and that @item includes; NULL if
 * there is none. To be freed. With @imported, an import is evidence, too.
 */
char *evidence_of_values(const struct profile *profile, unsigned int abi,
			 const struct item *item, bool imported);

/*
 * Adds the call, or gives the reason why it is never added. Its values are not added: if none was
 * allowed so far, none is.
 */
void finding_add_call(const struct finding *finding, unsigned int abi, unsigned int nr);
/* The same for values; no effect if the call is not allowed in that ABI. */
void finding_add_values(const struct finding *finding, unsigned int abi,
			unsigned int selector, const struct scmod_value_rule *rule);
/* Adds the values with which the call is made usually, as the rules for that tell. */
void finding_add_usual(const struct finding *finding, unsigned int abi, unsigned int selector);
/*
 * Adds calls and their values. A call without values gets the usual ones, unless it was seen and
 * the finding is about its relatives. Names that the ABI lacks are ignored.
 */
void finding_add_items(const struct finding *finding, unsigned int abi,
		       const struct item *items);

/*
 * Adds to the calls that are CALL(=) in @to the values of @from for which there is evidence; their
 * parts are the same.
 */
void finding_add_same(const struct finding *finding, unsigned int abi, unsigned int from,
		      const struct item *to);

#endif /* CTL_FINDING_H */
