/* SPDX-License-Identifier: GPL-2.0 */
/* The part of 'scmod allow' that is about values of arguments. */
#ifndef CTL_ALLOW_VALUES_H
#define CTL_ALLOW_VALUES_H

#include "kernel/nl.h"
#include "profile/values.h"

/**
 * struct value_choice - which values to allow
 * @any: selectors whose call was named without values: any value is allowed
 * @more: rules to add; a set is a list even if it is empty
 * @given: selectors of which a value was named, so that the call is to be allowed, too
 * @left: number of refused values that are left out
 * @change: what is sent; made by value_choice_change()
 * @rules: the rules that @change points to
 */
struct value_choice {
	bool any[NR_SELECTORS];
	struct value_set more[NR_SELECTORS];
	bool given[NR_SELECTORS];
	unsigned int left;
	struct selector_change change[NR_SELECTORS];
	struct scmod_value_rule rules[NR_SELECTORS][SCMOD_VALUE_RULES_MAX];
};

/* Adds a value that a person named, as CALL(VALUE). Prints an error and returns an exit code. */
int value_choice_word(struct value_choice *choice, const char *text);
/* A person named the call: any value of it is to be allowed. */
void value_choice_call(struct value_choice *choice, unsigned int abi, unsigned int nr);
/* Adds the values that the policy refused, except those that must be named. */
void value_choice_denied(struct value_choice *choice, const struct policy *policy);
/* The calls of values that were named, to be allowed, too. */
void value_choice_calls(const struct value_choice *choice, struct bitmap *calls);

/*
 * Makes &value_choice.change. @calls (one bitmap per ABI) are allowed by the same change; those
 * of them that have values get those that were chosen, and no others. Returns the number of
 * values, and selectors of which any value is allowed, that are new.
 */
unsigned int value_choice_change(struct value_choice *choice, const struct policy *policy,
				 const struct bitmap *calls);
/* Prints what is added, and what is left out. */
void value_choice_print(const struct value_choice *choice, const struct policy *policy,
			bool denied, bool dry_run);
void value_choice_release(struct value_choice *choice);

#endif /* CTL_ALLOW_VALUES_H */
