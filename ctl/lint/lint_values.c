// SPDX-License-Identifier: GPL-2.0
/* Checks what a profile says about the values of arguments. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/dangerous_value.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "lint/lint.h"

/* ---- rules of OCI profiles */

static const struct argument *argument_at(const char *name, unsigned int index)
{
	int selector = selector_by_name(name, strlen(name));
	size_t count = 0;
	const struct argument *argument = selector < 0 ? NULL : arguments_of(selector, &count);

	for (size_t i = 0; i < count; i++)
		if (argument[i].index == index)
			return &argument[i];
	return NULL;
}

/*
 * Whether a program gets past the rule if it sets bits above the low 32: libseccomp compares
 * these, too, but the kernel does not read them. Tried with libseccomp 2.5.4: where a rule
 * refuses family 1, socket(0x100000001, ...) makes a socket of family 1.
 */
static bool is_evaded(const struct oci_rule *rule, const struct comparison *comparison)
{
	switch (comparison->op) {
	case SCMP_CMP_NE:
	case SCMP_CMP_GT:
	case SCMP_CMP_GE:
		return !rule->answer.err && comparison->value;
	case SCMP_CMP_EQ:
	case SCMP_CMP_LT:
	case SCMP_CMP_LE:
		return rule->answer.err;
	default:
		return false;
	}
}

static bool check_comparison(struct lint *lint, const struct oci_rule *rule, const char *name,
			     const struct comparison *comparison, const char *where)
{
	const struct argument *argument = argument_at(name, comparison->index);
	bool evaded = argument && argument->size == 32 && is_evaded(rule, comparison);

	if (evaded)
		lint_add(lint, MESSAGE_WARNING, where,
			 "compare with SCMP_CMP_MASKED_EQ and the mask 4294967295, as 'scmod dump' writes it",
			 "argument %u of '%s' is an int, of which the kernel reads 32 bits, but 64 are compared: a program gets past the rule with a number such as %#llx",
			 comparison->index, name,
			 0x100000000ULL | (unsigned long long)comparison->value);
	return evaded;
}

static void check_rule(struct lint *lint, const struct oci *oci, size_t index)
{
	const struct oci_rule *rule = &oci->rule[index];
	bool found = false;
	char where[64];

	snprintf(where, sizeof(where), "syscalls[%zu]", index);
	for (size_t i = 0; i < rule->nr_names; i++)
		for (size_t j = 0; rule->name[i] && !found && j < rule->nr_comparisons; j++)
			found = check_comparison(lint, rule, rule->name[i],
						 &rule->comparison[j], where);
}

/* A rule for all arguments overrides those that compare them, whatever their order. */
static void check_ignored(struct lint *lint, const struct oci *oci, unsigned int nr)
{
	const struct oci_call *call = &oci->call[SCMOD_ABI_X86_64][nr];
	char here[96], there[96];

	if (oci_there(call->allow) && oci_there(call->refuse_args))
		lint_add(lint, MESSAGE_WARNING,
			 oci_place(oci, call->refuse_args, here, sizeof(here)),
			 "remove the name there, and allow the other values by rules",
			 "'%s' is refused with some arguments, but libseccomp ignores that, because %s allows it with any",
			 oci_name(oci, call->allow),
			 oci_place(oci, call->allow, there, sizeof(there)));
}

void lint_oci_values(struct lint *lint, const struct oci *oci)
{
	for (size_t i = 0; i < oci->nr_rules; i++)
		if (oci->rule[i].holds && oci->rule[i].object)
			check_rule(lint, oci, i);
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		check_ignored(lint, oci, nr);
}

/* ---- profiles of any form */

static const struct verdict *allowed_call(const struct verdicts *verdicts, unsigned int abi,
					  const char *name)
{
	int nr = verdicts->covers[abi] ? sysname_number(abi, name) : -1;

	return nr >= 0 && !verdicts->call[abi][nr].err ? &verdicts->call[abi][nr] : NULL;
}

void lint_values(struct lint *lint, const struct verdicts *verdicts)
{
	const struct verdict *clone3 = allowed_call(verdicts, SCMOD_ABI_X86_64, "clone3");
	const struct verdict *socketcall = allowed_call(verdicts, SCMOD_ABI_I386, "socketcall");
	bool restricted = verdicts->restricted[SCMOD_SELECTOR_CLONE];

	if (clone3)
		lint_add(lint, restricted ? MESSAGE_WARNING : MESSAGE_REMARK,
			 verdict_place(clone3), "refuse it with ENOSYS",
			 "'clone3' is allowed whole: its flags are in memory, where no filter and no policy can check them, so it makes any namespace%s; glibc and musl fall back on clone if it returns ENOSYS",
			 restricted ? ", although those of clone are restricted" : "");
	if (socketcall && verdicts->restricted[SCMOD_SELECTOR_SOCKET])
		lint_add(lint, MESSAGE_REMARK, verdict_place(socketcall),
			 "refuse it with ENOSYS, unless 32-bit programs of old C libraries are to run",
			 "'socketcall' is allowed: 32-bit programs make sockets of any family by it, as its arguments are in memory, where no filter and no policy can check them; the rules of socket do not hold for these");
}

void lint_profile_values(struct lint *lint, const struct profile *profile)
{
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		const struct value_set *set = &profile->values[selector];

		for (size_t i = 0; profile_selects(profile, selector) && i < set->count; i++) {
			const struct scmod_value_rule *rule = &set->entry[i].rule;
			const char *why = rule->err ? NULL : dangerous_value(selector, rule);
			char *text = why ? value_rule_text(selector, rule) : NULL;

			if (why)
				lint_add(lint, MESSAGE_REMARK, text,
					 "refuse it unless the program needs it",
					 "the value is allowed: it %s", why);
			free(text);
		}
	}
}
