// SPDX-License-Identifier: GPL-2.0
/* Turns a profile into rules, which give names of calls an answer. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "calls/sysname.h"
#include "write/rules.h"

/* The names of the calls that get the answer @err in any covered ABI. */
static struct names names_answered(const struct profile *profile, int err)
{
	struct names names = { .count = 0 };

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap set = { 0 };

		for (unsigned int nr = 0; profile->covers[abi] && nr < SCMOD_NR_BITS; nr++)
			if (profile_answer(profile, abi, nr) == err)
				bitmap_add(&set, nr);
		names_add(&names, abi, &set);
	}
	names_sort(&names);
	return names;
}

static void add_rule(struct answer_rules *rules, const struct profile *profile, int err)
{
	struct names names = names_answered(profile, err);

	for (size_t i = 0; i < rules->count; i++)
		names_subtract(&names, &rules->rule[i].names);
	if (!names.count)
		return;
	rules->rule = mem_grow(rules->rule, rules->count + 1, sizeof(*rules->rule));
	rules->rule[rules->count++] = (struct answer_rule){ .err = err, .names = names };
}

/* Whether some ABI gives one of the rule's names another answer than the rule does. */
static bool is_inexact(const struct answer_rule *rule, const struct profile *profile)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (size_t i = 0; profile->covers[abi] && i < rule->names.count; i++) {
			int nr = sysname_number(abi, rule->names.name[i]);

			if (nr >= 0 && profile_answer(profile, abi, nr) != rule->err)
				return true;
		}
	return false;
}

/* ---- calls whose values are listed */

/* The names of the selector's call in the ABIs that the profile is for and that allow it. */
static struct names selector_names(const struct profile *profile, unsigned int selector)
{
	struct names names = { .count = 0 };

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap set = { 0 };
		int nr = selector_number(abi, selector);

		if (nr < 0 || !profile->covers[abi] || profile_answer(profile, abi, nr))
			continue;
		bitmap_add(&set, nr);
		names_add(&names, abi, &set);
	}
	names_sort(&names);
	return names;
}

bool rules_multiplexed(const struct profile *profile, const char *name)
{
	const char *by = sysname_multiplexer(SCMOD_ABI_I386, name);

	return by && profile->covers[SCMOD_ABI_I386] &&
	       profile_answer(profile, SCMOD_ABI_I386, sysname_number(SCMOD_ABI_I386, by));
}

int rules_multiplexer_errno(const struct profile *profile)
{
	return profile_fallback(profile) == ENOSYS ? EPERM : ENOSYS;
}

static struct answer_cubes cubes_of(const struct profile *profile, unsigned int selector)
{
	const struct value_set *set = &profile->values[selector];
	struct scmod_value_rule *rule = mem_grow(NULL, set->count + 1, sizeof(*rule));
	struct answer_cubes cubes;

	for (size_t i = 0; i < set->count; i++)
		rule[i] = set->entry[i].rule;
	cubes = answer_cubes_of(rule, set->count, selector_mask(selector));
	free(rule);
	return cubes;
}

/*
 * Of an argument of i386, libseccomp compares the low half, and would take a number that no
 * argument of i386 can be for another one.
 */
static bool is_beyond_i386(const struct profile *profile, const struct argument_tests *tests)
{
	for (size_t i = 0; profile->covers[SCMOD_ABI_I386] && i < tests->count; i++)
		if (tests->test[i].bits >> 32)
			return true;
	return false;
}

#define compare(a, b) (((a) > (b)) - ((a) < (b)))

/* Rules that refuse come first, and then by the numbers with which arguments are compared. */
static int compare_values(const void *left, const void *right)
{
	const struct answer_value *a = left, *b = right;
	int ret = compare(b->err, a->err);

	for (size_t i = 0; !ret && i < a->tests.count && i < b->tests.count; i++) {
		const struct argument_test *x = &a->tests.test[i], *y = &b->tests.test[i];

		ret = compare(x->index, y->index);
		if (!ret)
			ret = compare(x->bits, y->bits);
		if (!ret)
			ret = compare(x->mask, y->mask);
	}
	return ret ? ret : compare(a->tests.count, b->tests.count);
}

struct answer_value *rules_values(const struct profile *profile, unsigned int selector,
				  const char *name, int fallback, size_t *count)
{
	struct answer_cubes cubes = cubes_of(profile, selector);
	struct answer_value *values = NULL;

	*count = 0;
	for (size_t i = 0; i < cubes.count; i++) {
		size_t nr = 0;
		struct argument_tests *tests;

		if (cubes.cube[i].err == fallback)
			continue;
		tests = argument_tests_of(selector, cubes.cube[i].cube, &nr);
		values = mem_grow(values, *count + nr, sizeof(*values));
		for (size_t j = 0; j < nr; j++)
			if (!is_beyond_i386(profile, &tests[j]))
				values[(*count)++] = (struct answer_value){
					cubes.cube[i].err, name, tests[j] };
		free(tests);
	}
	free(cubes.cube);
	if (*count)
		qsort(values, *count, sizeof(*values), compare_values);
	return values;
}

static void add_values(struct answer_rules *rules, const struct profile *profile,
		       unsigned int selector, const char *name)
{
	size_t count;
	struct answer_value *values = rules_values(profile, selector, name, rules->fallback,
						   &count);

	rules->value = mem_grow(rules->value, rules->nr_values + count + 1,
				sizeof(*rules->value));
	for (size_t i = 0; i < count; i++)
		rules->value[rules->nr_values++] = values[i];
	free(values);
}

/* Takes the names of calls whose values are listed out of the rule, which allows them. */
static void move_values(struct answer_rules *rules, const struct profile *profile)
{
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		struct names names = { .count = 0 };

		if (profile->values[selector].listed)
			names = selector_names(profile, selector);
		for (size_t i = 0; i < names.count; i++)
			add_values(rules, profile, selector, names.name[i]);
		if (rules->count && !rules->rule[0].err)
			names_subtract(&rules->rule[0].names, &names);
	}
}

/*
 * Adds a rule for the multiplexer that the profile refuses, because rules of a call whose
 * values are listed would allow it.
 */
static void refuse_multiplexer(struct answer_rules *rules, const struct output *out)
{
	static const char socketcall[] = "socketcall";
	struct answer_rule rule = { .err = rules_multiplexer_errno(out->profile) };
	bool any = false;

	for (size_t i = 0; i < rules->nr_values; i++)
		any |= rules_multiplexed(out->profile, rules->value[i].name);
	for (size_t i = 0; i < rules->count; i++)
		for (size_t j = 0; j < rules->rule[i].names.count; j++)
			any &= !!strcmp(rules->rule[i].names.name[j], socketcall);
	if (!any)
		return;
	rule.names.name[rule.names.count++] = socketcall;
	rules->rule = mem_grow(rules->rule, rules->count + 1, sizeof(*rules->rule));
	rules->rule[rules->count++] = rule;
	messages_add(out->messages, MESSAGE_NOTE, NULL, "allow i386:socketcall if 32-bit programs of old C libraries need it; the values are then not checked for these",
		     "socketcall is refused by a rule of its own, because the values of what it makes can't be checked");
}

static void note_inexact(const struct output *out, const struct answer_rules *rules,
			 const char *form)
{
	for (size_t i = 0; i < rules->count; i++) {
		if (!is_inexact(&rules->rule[i], out->profile))
			continue;
		messages_add(out->messages, MESSAGE_NOTE, NULL, "use --format json or bpf to keep the ABIs apart",
			     "the profile differs between the ABIs, but %s %s in all of them", form,
			     rules->rule[i].err ? "refuses a name in the same way" : "allows a name");
		return;
	}
}

/* Marks in @used the errnos that any call gets. */
static void find_errnos(const struct profile *profile, bool *used)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			int err = profile_answer(profile, abi, nr);

			if (err > 0)
				used[err] = true;
		}
}

struct answer_rules rules_make(const struct output *out, const char *form)
{
	struct answer_rules rules = { .fallback = profile_fallback(out->profile) };
	bool used[SCMOD_ERRNO_MAX + 1] = { false };

	find_errnos(out->profile, used);
	add_rule(&rules, out->profile, 0);
	for (int err = 1; err <= SCMOD_ERRNO_MAX; err++)
		if (used[err] && err != rules.fallback)
			add_rule(&rules, out->profile, err);
	if (rules.fallback != PROFILE_KILLS)
		add_rule(&rules, out->profile, PROFILE_KILLS);
	move_values(&rules, out->profile);
	refuse_multiplexer(&rules, out);
	note_inexact(out, &rules, form);
	return rules;
}

void rules_free(struct answer_rules *rules)
{
	free(rules->rule);
	free(rules->value);
}

/* Runtimes and systemd always include the machine's own architecture, listed or not. */
void rules_note_native(const struct output *out)
{
	if (!out->profile->covers[SCMOD_ABI_X86_64])
		messages_add(out->messages, MESSAGE_NOTE, NULL, NULL,
			     "the profile is not for x86_64 programs, but its names will be allowed for them, too");
}

const char *rule_action(int err)
{
	if (err == PROFILE_KILLS)
		return "SCMP_ACT_KILL_PROCESS";
	return err ? "SCMP_ACT_ERRNO" : "SCMP_ACT_ALLOW";
}

struct names rules_rest(const struct answer_rules *rules, const struct profile *profile)
{
	struct names names = { .count = 0 };
	struct bitmap all = { 0 };

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		bitmap_add(&all, nr);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (profile->covers[abi])
			names_add(&names, abi, &all);
	names_sort(&names);
	for (size_t i = 0; i < rules->count; i++)
		names_subtract(&names, &rules->rule[i].names);
	for (size_t i = 0; i < rules->nr_values; i++) {
		struct names one = { .name = { rules->value[i].name }, .count = 1 };

		names_subtract(&names, &one);
	}
	return names;
}
