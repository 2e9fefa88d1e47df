// SPDX-License-Identifier: GPL-2.0
/*
 * Infers, from the calls that were seen, those that will be needed. What to infer is decided
 * by families.txt, by the imports of programs, and by measurements of container runtimes; this
 * file only finds those that apply; finding.c adds what they say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "calls/caps.h"
#include "calls/selector.h"
#include "calls/soft.h"
#include "calls/sysname.h"
#include "infer/finding.h"
#include "infer/infer.h"
#include "infer/runtime.h"
#include "infer/soft_values.h"

/* The names that --infer takes. */
static const char *const levels[] = {
	[INFER_NONE] = "none",
	[INFER_FAMILY] = "family",
	[INFER_LIKELY] = "likely",
	[INFER_REACHABLE] = "reachable",
};

static int read_level(const char *verb, const char *text, enum infer_level *level)
{
	*level = INFER_LIKELY;
	for (unsigned int i = 0; text && i < sizeof(levels) / sizeof(levels[0]); i++) {
		*level = i;
		if (!strcmp(levels[i], text))
			return EXIT_DONE;
	}
	if (text)
		return fail(EXIT_USAGE, "%s: --infer '%s' is not a level; give none, family, likely or reachable",
			    verb, text);
	return EXIT_DONE;
}

static int read_userland(const char *verb, const char *text, enum userland *userland)
{
	*userland = USERLAND_WITH_SHELL;
	if (text && !strcmp(text, "none"))
		*userland = USERLAND_NONE;
	else if (text && !strcmp(text, "base"))
		*userland = USERLAND_BASE;
	else if (text)
		return fail(EXIT_USAGE, "%s: --userland '%s' is not known; give none or base", verb,
			    text);
	return EXIT_DONE;
}

static int read_caps(const char *verb, const char *text, struct infer *infer)
{
	char bad[64];

	infer->caps_given = text;
	if (!caps_parse(text ? text : FLOOR_CAPS, &infer->caps, bad))
		return fail(EXIT_USAGE, "%s: --cap: no capability is named '%s'; give names such as CAP_SYS_ADMIN or sys_admin separated by commas, or ALL",
			    verb, bad);
	return EXIT_DONE;
}

bool infer_wished(const struct infer_wish *wish)
{
	return wish->level || wish->families || wish->runtime || wish->userland || wish->floor;
}

int infer_read(const char *verb, const struct infer_wish *wish, struct infer *infer)
{
	const char *runtime = wish->runtime ? wish->runtime : wish->usual_runtime;
	int ret;

	*infer = (struct infer){
		.verb = verb, .file = wish->families, .runtime_wished = wish->runtime,
		.floor_word = wish->floor, .live = wish->live,
	};
	ret = read_level(verb, wish->level, &infer->level);
	if (!ret)
		ret = read_userland(verb, wish->userland, &infer->userland);
	if (ret)
		return ret;
	ret = read_caps(verb, wish->caps, infer);
	if (ret)
		return ret;
	if (runtime && strcmp(runtime, "none"))
		infer->runtime = runtime;
	if (infer->runtime && !runtime_known(infer->runtime))
		return fail(EXIT_USAGE, "%s: --runtime '%s' is not known; give one of %s", verb,
			    runtime, runtime_names());
	/*
	 * If the command line names a file, report errors in it even if nothing will be
	 * inferred.
	 */
	return infer->file ? families_read(verb, infer->file, &infer->families) : EXIT_DONE;
}

int infer_load_floor(struct infer *infer)
{
	if (infer->floor)
		return EXIT_DONE;
	return floor_read(infer->verb, infer->floor_word, infer->caps, &infer->floor);
}

int infer_load(struct infer *infer, bool imports)
{
	int ret = infer_load_floor(infer);

	if (!ret && !infer->families && (infer->level > INFER_NONE || infer->runtime))
		ret = families_read(infer->verb, infer->file, &infer->families);
	if (!ret && imports && !infer->functions)
		ret = functions_read(infer->verb, NULL, &infer->functions);
	return ret;
}

void infer_release(struct infer *infer)
{
	families_free(infer->families);
	functions_free(infer->functions);
	floor_free(infer->floor);
	*infer = (struct infer){ 0 };
}

/* ---- the rules */

/* The first of these calls and values for which there is evidence, or NULL. To be freed. */
static char *found_in(const struct profile *profile, unsigned int abi, const struct item *items)
{
	char *found = NULL;

	for (; !found && items->call; items++) {
		int nr = sysname_number(abi, items->call);

		if (items->has_values)
			found = evidence_of_values(profile, abi, items, false);
		else if (nr >= 0 && is_evidence(profile, abi, nr))
			found = mem_string(items->call);
	}
	return found;
}

/*
 * Whether an import of the call is enough for this family. It is for what follows from the call
 * (the rule has a =>). Equivalents are not needed, because the table of functions already names
 * the ones that the C library makes; but callers of a soft call fall back on an equivalent.
 */
static bool follows_import(const struct rule *rule, const char *call)
{
	return rule->follows || soft_reason(call);
}

/* The call or value, if an import stands for it and that is enough for the rule; or NULL. */
static char *imported(const struct profile *profile, unsigned int abi, const struct rule *rule,
		      const struct item *item)
{
	int nr = sysname_number(abi, item->call);

	if (nr < 0 || !profile_allows(profile, abi, nr) || !follows_import(rule, item->call))
		return NULL;
	if (item->has_values)
		return evidence_of_values(profile, abi, item, true);
	return profile_reason(profile, abi, nr, REASON_IMPORT) ? mem_string(item->call) : NULL;
}

/*
 * The first of these calls and values that was seen, or else the first that an import stands for;
 * or NULL. To be freed. What families and bases have added does not count, so that the order of
 * rules does not matter, and the allowed set does not grow with each run.
 */
static char *found_or_imported(const struct profile *profile, unsigned int abi,
			       const struct rule *rule)
{
	char *found = found_in(profile, abi, rule->from);

	for (const struct item *item = rule->from; !found && item->call; item++)
		found = imported(profile, abi, rule, item);
	return found;
}

static void add_family(const struct infer *infer, struct profile *profile, unsigned int abi,
		       const struct rule *rule)
{
	char *found = found_or_imported(profile, abi, rule);
	char why[1024];
	struct finding finding = {
		.families = infer->families, .profile = profile, .kind = REASON_FAMILY, .why = why,
		.reachable = infer->reachable,
	};

	if (!found)
		return;
	snprintf(why, sizeof(why), "%s, with %s: %s", rule->name, found, rule->why);
	finding_add_items(&finding, abi, rule->to);
	for (const struct item *item = rule->from; rule->follows && item->call; item++)
		if (item->same)
			finding_add_same(&finding, abi, item->selector, rule->to);
	free(found);
}

/*
 * The path of a program in that language; "" if the language is assumed or does not matter;
 * NULL if there is no such program. If no program could be examined, they are assumed to use
 * a C library.
 */
static const char *speaker(const struct imports *imports, unsigned int abi, const char *language)
{
	char *const *program = imports ? imports->program[abi] : NULL;
	bool unknown = !program || (!program[PROGRAM_DYNAMIC] && !program[PROGRAM_STATIC] &&
				    !program[PROGRAM_GO]);

	if (!strcmp(language, "any"))
		return "";
	if (!strcmp(language, "c"))
		return unknown ? "" : program[PROGRAM_DYNAMIC];
	if (unknown)
		return NULL;
	if (!strcmp(language, "go-unnamed"))
		return program[PROGRAM_GO_UNNAMED];
	return program[!strcmp(language, "go") ? PROGRAM_GO : PROGRAM_STATIC];
}

static void add_base(const struct infer *infer, struct profile *profile, unsigned int abi,
		     const struct rule *rule, const struct imports *imports)
{
	const char *program = speaker(imports, abi, rule->language);
	char why[1024];
	struct finding finding = {
		.families = infer->families, .profile = profile, .kind = REASON_BASE, .why = why,
		.reachable = infer->reachable,
	};

	if (!program || (rule->kind == RULE_START && !profile_partial(profile)))
		return;
	if (*program)
		snprintf(why, sizeof(why), "%s, for %s, which is %s: %s", rule->name, program,
			 strcmp(rule->language, "c") ? rule->language : "in C", rule->why);
	else
		snprintf(why, sizeof(why), "%s: %s", rule->name, rule->why);
	finding_add_items(&finding, abi, rule->to);
}

/* If a shell, or another starter, runs in the cgroup, it can't be known what it will start. */
static void add_userland(const struct infer *infer, struct profile *profile, unsigned int abi,
			 const struct rule *rule, const struct imports *imports)
{
	enum program_kind kind = !strcmp(rule->language, "shell") ? PROGRAM_SHELL :
								    PROGRAM_STARTER;
	const char *starter = imports ? imports->program[abi][kind] : NULL;
	char why[1024];
	struct finding finding = {
		.families = infer->families, .profile = profile, .kind = REASON_BASE, .why = why,
	};

	if (infer->userland == USERLAND_NONE || (infer->userland != USERLAND_BASE && !starter))
		return;
	snprintf(why, sizeof(why), "%s, %s %s: %s", rule->name,
		 starter ? "run by" : "asked for by", starter ? starter : "--userland base",
		 rule->why);
	finding_add_items(&finding, abi, rule->to);
}

/*
 * Families depend on calls that were seen, not on calls that other rules added, so their
 * order does not matter.
 */
static void add_rules(const struct infer *infer, struct profile *profile, unsigned int abi,
		      const struct imports *imports)
{
	for (size_t i = 0; i < infer->families->count; i++) {
		const struct rule *rule = &infer->families->rule[i];

		if (rule->kind == RULE_FAMILY)
			add_family(infer, profile, abi, rule);
		else if (rule->kind == RULE_BASE || rule->kind == RULE_START)
			add_base(infer, profile, abi, rule, imports);
		else if (rule->kind == RULE_USERLAND)
			add_userland(infer, profile, abi, rule, imports);
	}
}

/* Whether the rule names the item: its values, or its call without values. */
static bool names_item(const struct rule *rule, const struct item *item, bool values)
{
	if (values)
		return item->has_values && rule_has_values(rule, item->selector, &item->rule);
	return rule_has(rule, item->call);
}

/* A rule that decides whether an import counts, and what was seen of it. */
struct clue {
	const struct rule *rule;
	char *seen;
};

/*
 * A library, or a program with many functions, imports much that it never calls in this
 * cgroup. Finds a rule of @kind that has the item, preferably one of which any was seen.
 */
static struct clue rule_with(const struct infer *infer, const struct profile *profile,
			     unsigned int abi, enum rule_kind kind, const struct item *item,
			     bool values)
{
	struct clue clue = { 0 };

	for (size_t i = 0; !clue.seen && i < infer->families->count; i++) {
		const struct rule *rule = &infer->families->rule[i];

		if (rule->kind != kind || !names_item(rule, item, values))
			continue;
		clue.rule = rule;
		clue.seen = found_in(profile, abi, rule->to);
	}
	return clue;
}

/*
 * The rule that decides whether an import counts: what is done once before what is set up, and
 * that before topics; none if none names the call. Rules that name its values come first.
 */
static struct clue deciding(const struct infer *infer, const struct profile *profile,
			    unsigned int abi, const struct item *item)
{
	static const enum rule_kind kinds[] = { RULE_ONCE, RULE_SETUP, RULE_TOPIC };
	const size_t count = sizeof(kinds) / sizeof(kinds[0]);
	struct clue clue = { 0 };

	for (size_t i = 0; !clue.rule && i < 2 * count; i++)
		clue = rule_with(infer, profile, abi, kinds[i % count], item, i < count);
	return clue;
}

/* Whether an import counts; if so, @why gets the explanation. */
static bool import_counts(const struct infer *infer, const struct profile *profile,
			  unsigned int abi, const struct item *item,
			  const struct evidence *evidence, char *why, size_t size)
{
	struct clue clue = deciding(infer, profile, abi, item);
	const struct rule *rule = clue.rule;
	const char *seen = clue.seen;
	bool sets_up = rule && (rule->kind == RULE_ONCE || rule->kind == RULE_SETUP);
	bool own = evidence->holder >= (sets_up ? HOLDER_PROGRAM : HOLDER_OWN) &&
		   !(rule && rule->kind == RULE_ONCE);
	bool counts = seen || own || (sets_up && profile_partial(profile));

	/* The code of a Go program has its functions for system calls in it. */
	snprintf(why, size, "%s, %s %s%s%s%s%s", evidence->function,
		 strchr(evidence->function, '.') ? "in" : "imported by", evidence->file,
		 seen ? ", with " : "", seen ? seen : "", seen ? ": " : "", seen ? rule->why : "");
	free(clue.seen);
	return counts;
}

static void add_imported_values(const struct finding *finding, unsigned int abi,
				const struct item *item)
{
	if (item->has_values)
		finding_add_values(finding, abi, item->selector, &item->rule);
	else
		finding_add_usual(finding, abi, item->selector);
}

static void add_imports(const struct infer *infer, struct profile *profile, unsigned int abi,
			const struct imports *imports)
{
	char why[1024];
	const struct finding finding = {
		.families = infer->families, .profile = profile, .kind = REASON_IMPORT, .why = why,
		.reachable = infer->reachable,
	};
	unsigned int nr;

	bitmap_for_each(nr, &imports->likely[abi]) {
		const struct item item = { .call = (char *)sysname(abi, nr), .selector = -1 };

		if (import_counts(infer, profile, abi, &item, &imports->evidence[abi][nr], why,
				  sizeof(why)))
			finding_add_call(&finding, abi, nr);
	}
	for (size_t i = 0; i < imports->nr_values[abi]; i++) {
		const struct value_evidence *value = &imports->values[abi][i];

		if (import_counts(infer, profile, abi, &value->item, &value->evidence, why,
				  sizeof(why)))
			add_imported_values(&finding, abi, &value->item);
	}
}

static void add_runtime_call(const struct finding *finding, const char *runtime,
			     enum runtime_scope scope, unsigned int abi, unsigned int nr)
{
	struct item *values = runtime_values(runtime, scope, sysname(abi, nr));
	int selector = selector_of(abi, nr);

	finding_add_call(finding, abi, nr);
	finding_add_items(finding, abi, values);
	if (selector >= 0 && !values->call)
		finding_add_usual(finding, abi, selector);
	items_free(values);
}

/*
 * A record with pivot_root is of a container that was started under the policy. So it is to start
 * again, maybe under another version of the runtime.
 */
static enum runtime_scope runtime_scope(const struct infer *infer, const struct profile *profile)
{
	int nr = sysname_number(SCMOD_ABI_X86_64, "pivot_root");

	if (!infer->live)
		return RUNTIME_FILTER;
	return profile_reason(profile, SCMOD_ABI_X86_64, nr, REASON_SEEN) ? RUNTIME_START :
									     RUNTIME_EXEC;
}

/* Whether the command line asks that a runtime can work under a policy. No floor prevents that. */
static bool wishes_runtime(const struct infer *infer)
{
	return infer->runtime && infer->live && infer->runtime_wished;
}

static void add_runtime(const struct infer *infer, struct profile *profile)
{
	enum runtime_scope scope = runtime_scope(infer, profile);
	unsigned int nr;

	for (nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);
		char why[1024];
		const struct finding finding = {
			.families = infer->families, .profile = profile, .kind = REASON_RUNTIME,
			.why = why, .wished = wishes_runtime(infer),
		};

		if (name && runtime_calls(infer->runtime, scope, name, why, sizeof(why)))
			add_runtime_call(&finding, infer->runtime, scope, SCMOD_ABI_X86_64, nr);
	}
}

static void add_all(const struct infer *infer, struct profile *profile,
		    const struct imports *imports)
{
	struct floor_before before;

	floor_note(&before, profile);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		bool used = profile_uses(profile, abi);

		if (infer->level >= INFER_LIKELY && imports)
			add_imports(infer, profile, abi, imports);
		if (infer->level >= INFER_FAMILY && used)
			add_rules(infer, profile, abi, imports);
	}
	if (infer->runtime && !wishes_runtime(infer))
		add_runtime(infer, profile);
	if (infer->floor)
		floor_hold(infer->floor, profile, &before);
	floor_forget(&before);
	if (wishes_runtime(infer))
		add_runtime(infer, profile);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		profile->covers[abi] |= profile_uses(profile, abi);
}

void infer_reachable(const struct infer *infer, const struct profile *profile,
		     const struct imports *imports, struct reachable *reachable)
{
	reachable_find(reachable, profile, infer->level >= INFER_REACHABLE ? imports : NULL,
		       infer->families, infer->userland != USERLAND_NONE);
}

static bool of_record(const struct profile *profile)
{
	for (size_t i = 0; i < profile->nr_origins; i++)
		if (profile->origin[i].path)
			return true;
	return false;
}

void infer_add(const struct infer *infer, struct profile *profile, const struct imports *imports)
{
	struct reachable reachable;
	struct infer within = *infer;

	infer_reachable(infer, profile, imports, &reachable);
	within.reachable = &reachable;
	add_all(&within, profile, imports);
	/* What a file says is all that it says. */
	if (of_record(profile))
		soft_values_add(profile);
	if (infer->ways)
		reachable_say_ways(&reachable, profile);
}

int infer_add_file(struct infer *infer, struct profile *profile)
{
	struct infer runtime;
	int ret;

	if (!infer->runtime || profile_empty(profile))
		return EXIT_DONE;
	if (!infer->runtime_wished && !of_record(profile))
		return EXIT_DONE;
	ret = infer_load(infer, false);
	if (ret)
		return ret;
	/* Add the lifelines first: they need no other reason. */
	profile_add_lifelines(profile);
	runtime = (struct infer){
		.level = INFER_NONE, .families = infer->families, .runtime = infer->runtime,
		.floor = infer->floor,
	};
	infer_add(&runtime, profile, NULL);
	return EXIT_DONE;
}
