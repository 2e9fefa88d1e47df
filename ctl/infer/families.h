/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules of inference: those of families.txt, and those with which a person replaced them.
 */
#ifndef CTL_FAMILIES_H
#define CTL_FAMILIES_H

#include <stdbool.h>
#include <stddef.h>

#include "calls/bitmap.h"
#include "infer/item.h"

/* Read, if it exists, when no other file is given. */
#define FAMILIES_FILE "/etc/scmod/families"

/**
 * enum rule_kind - what a rule means
 * @RULE_FAMILY: a program that makes one of &rule.from may make each of &rule.to
 * @RULE_TOPIC: a library's imports of &rule.to count if any of these calls was seen
 * @RULE_SETUP: a library's imports of &rule.to count if any was seen, or if the program's
 *	start was not seen
 * @RULE_ONCE: the same for the program's own imports, too
 * @RULE_BASE: every program of &rule.language may make each of &rule.to
 * @RULE_START: every program of &rule.language may make each of &rule.to when it starts, which
 *	matters if no start was seen
 * @RULE_USERLAND: tools that programs of the cgroup start may make each of &rule.to
 * @RULE_USUAL: a call that is added, but whose values nothing tells, may be made with &rule.to
 * @RULE_NEVER: no rule adds any of &rule.to
 */
enum rule_kind {
	RULE_FAMILY,
	RULE_TOPIC,
	RULE_SETUP,
	RULE_ONCE,
	RULE_BASE,
	RULE_START,
	RULE_USERLAND,
	RULE_USUAL,
	RULE_NEVER,
};

/**
 * struct rule - one rule
 * @kind: what it means
 * @name: its name; a person's file replaces the rule by this name
 * @language: with @RULE_BASE and @RULE_START: "any", "c", "static", "go" or
 *	"go-unnamed"; with @RULE_USERLAND: "shell" or "starter", whose programs it is; else NULL
 * @from: with @RULE_FAMILY: calls and values; else NULL
 * @follows: with @RULE_FAMILY: &rule.to follow from &rule.from (the rule has a =>); otherwise
 *	all are equivalents
 * @to: calls and values
 * @why: explanation for people
 * @line: line in a person's file; 0 if the rule is built in
 */
struct rule {
	enum rule_kind kind;
	char *name;
	char *language;
	struct item *from;
	bool follows;
	struct item *to;
	char *why;
	unsigned int line;
};

struct families {
	struct rule *rule;
	size_t count;
};

/*
 * Reads the built-in rules, and then @file (NULL: FAMILIES_FILE), whose rules replace
 * built-in ones. Prints errors and returns an exit code. Release with families_free().
 */
int families_read(const char *verb, const char *file, struct families **families);
void families_free(struct families *families);

/* Whether @call, with whatever values, is in &rule.to. */
bool rule_has(const struct rule *rule, const char *call);
/* Whether &rule.to names these values, or values that include them. */
bool rule_has_values(const struct rule *rule, unsigned int selector,
		     const struct scmod_value_rule *values);
/* The rule that forbids other rules to add that call, or NULL. */
const struct rule *families_never(const struct families *families, const char *call);
/* The rule that forbids other rules to add some of these values of an allowed call, or NULL. */
const struct rule *families_never_values(const struct families *families, unsigned int selector,
					 const struct scmod_value_rule *values);
/* The calls of an ABI of which there is such a rule. */
struct bitmap families_never_calls(const struct families *families, unsigned int abi);

#endif /* CTL_FAMILIES_H */
