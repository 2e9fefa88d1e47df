// SPDX-License-Identifier: GPL-2.0
/* Turns a profile into rules, which give names of calls an answer. */
#include <stdlib.h>

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
	note_inexact(out, &rules, form);
	return rules;
}

void rules_free(struct answer_rules *rules)
{
	free(rules->rule);
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
	return names;
}
