// SPDX-License-Identifier: GPL-2.0
/*
 * What the rules of an OCI profile that compare arguments say about the values of selectors.
 */
#include <errno.h>
#include <string.h>

#include "base/memory.h"
#include "calls/sysname.h"
#include "profile/profile.h"
#include "read/oci_parts.h"

/* A call has at most this many arguments. */
#define ARGS 6

static const char *const operators[] = {
	[SCMP_CMP_NE] = "SCMP_CMP_NE",
	[SCMP_CMP_LT] = "SCMP_CMP_LT",
	[SCMP_CMP_LE] = "SCMP_CMP_LE",
	[SCMP_CMP_EQ] = "SCMP_CMP_EQ",
	[SCMP_CMP_GE] = "SCMP_CMP_GE",
	[SCMP_CMP_GT] = "SCMP_CMP_GT",
	[SCMP_CMP_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
};

static bool read_number(json_object *object, const char *key, uint64_t *number)
{
	json_object *value = json_object_object_get(object, key);

	*number = json_object_get_uint64(value);
	return !value || (json_object_is_type(value, json_type_int) &&
			  (json_object_get_int64(value) >= 0 || *number > INT64_MAX));
}

static bool read_comparison(json_object *object, struct comparison *comparison)
{
	const char *name = json_text_of(object, "op");
	uint64_t index;

	if (!json_object_is_type(object, json_type_object) || !name ||
	    !json_object_object_get(object, "index") || !read_number(object, "index", &index) ||
	    index >= ARGS || !read_number(object, "value", &comparison->value) ||
	    !read_number(object, "valueTwo", &comparison->second))
		return false;
	comparison->index = index;
	for (int op = SCMP_CMP_NE; op <= SCMP_CMP_MASKED_EQ; op++) {
		comparison->op = op;
		if (!strcmp(name, operators[op]))
			return true;
	}
	return false;
}

void oci_read_args(struct oci_rule *rule)
{
	json_object *list = json_object_object_get(rule->object, "args");
	size_t count = json_object_is_type(list, json_type_array) ?
		       json_object_array_length(list) : 0;

	rule->args = json_says_something(rule->object, "args");
	rule->bad_arg = -1;
	rule->comparison = mem_grow(NULL, count + 1, sizeof(*rule->comparison));
	for (size_t i = 0; i < count && rule->bad_arg < 0; i++) {
		struct comparison *next = &rule->comparison[rule->nr_comparisons];

		if (!read_comparison(json_object_array_get_idx(list, i), next))
			rule->bad_arg = i;
		else if (next->op != SCMP_CMP_MASKED_EQ || next->value)
			rule->nr_comparisons++;
	}
}

/* Whether two comparisons look at the same argument: libseccomp takes only one in a rule. */
static bool has_alternatives(const struct oci_rule *rule)
{
	unsigned int seen = 0;

	for (size_t i = 0; i < rule->nr_comparisons; i++) {
		if (seen & 1 << rule->comparison[i].index)
			return true;
		seen |= 1 << rule->comparison[i].index;
	}
	return false;
}

/*
 * Adds what the rule says about values of the selector; @keep: also if that is not all it says.
 * Returns whether it is all.
 */
static bool add_values(struct value_rules *rules, unsigned int selector,
		       const struct oci_rule *rule, int err, bool keep)
{
	size_t each = has_alternatives(rule) ? 1 : rule->nr_comparisons;
	bool whole = true;

	for (size_t at = 0; at < rule->nr_comparisons || !at; at += each ? each : 1) {
		size_t before = rules->count;

		if (value_rules_add(rules, selector, &rule->comparison[at], each, err))
			continue;
		whole = false;
		if (!keep)
			rules->count = before;
	}
	return whole;
}

/* mmap of i386 is another call; mmap2 is the one that has the selector. */
static bool is_name_of(unsigned int selector, const char *name)
{
	return name && (!strcmp(name, selector_name(selector)) ||
			(selector == SCMOD_SELECTOR_MMAP && !strcmp(name, "mmap2")));
}

static bool names_call(const struct oci_rule *rule, unsigned int selector)
{
	for (size_t i = 0; i < rule->nr_names; i++)
		if (is_name_of(selector, rule->name[i]))
			return true;
	return false;
}

/* Whether the rule does what the default action does; runtimes skip such a rule. */
static bool is_usual(const struct oci *oci, const struct oci_rule *rule)
{
	return rule->answer.action == oci->standard.action &&
	       rule->answer.err == oci->standard.err;
}

/* The errno of a value that the rule refuses: a value can't end the process by itself. */
static int value_err(const struct oci_rule *rule)
{
	return rule->answer.err == PROFILE_KILLS ? EPERM : rule->answer.err;
}

static void append(struct oci_values *values, const struct value_rules *rules, int from)
{
	for (size_t i = 0; i < rules->count; i++) {
		if (values->count == SCMOD_VALUE_RULES_MAX) {
			values->dropped = true;
			return;
		}
		values->value = mem_grow(values->value, values->count + 1,
					 sizeof(*values->value));
		values->value[values->count++] = (struct oci_value){ rules->rule[i], from };
	}
}

/*
 * Appends the rules that refuse, or those that allow. A value for which there are both is
 * refused. libseccomp does the same with the profiles of Docker and Podman; in other cases its
 * choice depends on the numbers that are compared.
 */
static void append_all(struct oci_values *values, const struct oci *oci, unsigned int selector,
		       bool refusals, enum reader_args args)
{
	for (size_t i = 0; i < oci->nr_rules; i++) {
		const struct oci_rule *rule = &oci->rule[i];
		bool widen = args == READER_ARGS_WIDEN;
		struct value_rules rules = { 0 };

		if (!rule->holds || !names_call(rule, selector) ||
		    !rule->answer.err == refusals || (refusals && is_usual(oci, rule)))
			continue;
		if (!add_values(&rules, selector, rule, value_err(rule),
				widen != refusals) &&
		    values->lost == OCI_NO_RULE)
			values->lost = i;
		append(values, &rules, i);
		values->listed |= rule->args;
		free(rules.rule);
	}
}

struct oci_values oci_values_of(const struct oci *oci, unsigned int selector,
				enum reader_args args)
{
	struct oci_values values = { .lost = OCI_NO_RULE };
	bool any = false;

	append_all(&values, oci, selector, true, args);
	append_all(&values, oci, selector, false, args);
	/* A rule that allows all values, with none before it that refuses some. */
	for (size_t i = 0; i < values.count && !values.value[i].rule.err; i++)
		any |= !values.value[i].rule.mask;
	values.listed &= !any;
	return values;
}

static bool is_ours(const struct oci *oci, const char *name)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (oci->abi[abi] && sysname_number(abi, name) >= 0)
			return true;
	return false;
}

static bool fits(const struct oci_rule *rule, const char *name)
{
	struct value_rules rules = { 0 };
	bool whole;

	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		if (!is_name_of(selector, name))
			continue;
		whole = add_values(&rules, selector, rule, value_err(rule), true);
		free(rules.rule);
		return whole;
	}
	return false;
}

bool oci_rule_beyond(const struct oci *oci, const struct oci_rule *rule)
{
	for (size_t i = 0; rule->args && i < rule->nr_names; i++)
		if (rule->name[i] && is_ours(oci, rule->name[i]) && !fits(rule, rule->name[i]))
			return true;
	return false;
}
