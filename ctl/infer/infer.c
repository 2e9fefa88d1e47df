// SPDX-License-Identifier: GPL-2.0
/*
 * Infers, from the calls that were seen, those that will be needed. What to infer is decided
 * by families.txt, by the imports of programs, and by measurements of container runtimes; this
 * file only applies them. Each added call gets a reason. Calls that must never be inferred are
 * left out, whatever a rule says.
 */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "calls/caps.h"
#include "calls/soft.h"
#include "calls/sysname.h"
#include "infer/infer.h"
#include "infer/runtime.h"

/* The names that --infer takes. */
static const char *const levels[] = {
	[INFER_NONE] = "none",
	[INFER_FAMILY] = "family",
	[INFER_LIKELY] = "likely",
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
		return fail(EXIT_USAGE, "%s: --infer '%s' is not a level; give none, family or likely",
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
		.floor_word = wish->floor,
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

int infer_load(struct infer *infer, bool imports)
{
	int ret = EXIT_DONE;

	if (!infer->floor)
		ret = floor_read(infer->verb, infer->floor_word, infer->caps, &infer->floor);
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

/* ---- one call */

/* A rule that applies, and the explanation for the calls that it adds. */
struct finding {
	const struct infer *infer;
	struct profile *profile;
	enum reason_kind kind;
	const char *why;
};

/* Whether the call was seen or is a lifeline, so that it needs no other evidence. */
static bool settled(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	return profile_reason(profile, abi, nr, REASON_SEEN) ||
	       profile_reason(profile, abi, nr, REASON_LIFELINE);
}

static void add_call(const struct finding *finding, unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);
	const struct rule *never = name ? families_never(finding->infer->families, name) : NULL;

	if (settled(finding->profile, abi, nr))
		return;
	/*
	 * The kernel has no code behind this number (it always returns ENOSYS), so allowing
	 * it gains nothing.
	 */
	if (name && sysname_hollow(abi, name))
		return;
	/*
	 * Callers of a soft call fall back to another member of the family when they get
	 * ENOSYS, so the family need not add it.
	 */
	if (finding->kind == REASON_FAMILY && name && soft_reason(name))
		return;
	if (never && !profile_allows(finding->profile, abi, nr))
		profile_say(finding->profile, abi, nr, REASON_NEVER, "%s: %s (evidence: %s)",
			    never->name, never->why, finding->why);
	else
		profile_allow(finding->profile, abi, nr, finding->kind, "%s", finding->why);
}

/* Adds the calls; a name that the ABI lacks is ignored. */
static void add_calls(const struct finding *finding, unsigned int abi, char *const *calls)
{
	for (; *calls; calls++) {
		int nr = sysname_number(abi, *calls);

		if (nr >= 0)
			add_call(finding, abi, nr);
	}
}

/* ---- the rules */

/*
 * Whether a call was seen, or is allowed by a file. What the policy merely allows does not
 * count: it may have been inferred earlier, and the allowed set would grow with each run.
 */
static bool is_evidence(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	return profile_allows(profile, abi, nr) &&
	       (profile_reason(profile, abi, nr, REASON_SEEN) ||
		profile_reason(profile, abi, nr, REASON_FILE));
}

/* The first of these calls for which there is evidence, or NULL. */
static const char *found_in(const struct profile *profile, unsigned int abi, char *const *calls)
{
	for (; *calls; calls++) {
		int nr = sysname_number(abi, *calls);

		if (nr >= 0 && is_evidence(profile, abi, nr))
			return *calls;
	}
	return NULL;
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

/*
 * The first of these calls that was seen, or else the first that an import stands for; or NULL.
 * Calls that families and bases have added do not count, so that the order of rules does not
 * matter, and the allowed set does not grow with each run.
 */
static const char *found_or_imported(const struct profile *profile, unsigned int abi,
				     const struct rule *rule)
{
	const char *seen = found_in(profile, abi, rule->from);

	for (char *const *call = rule->from; !seen && *call; call++) {
		int nr = sysname_number(abi, *call);

		if (nr >= 0 && profile_allows(profile, abi, nr) &&
		    profile_reason(profile, abi, nr, REASON_IMPORT) &&
		    follows_import(rule, *call))
			return *call;
	}
	return seen;
}

static void add_family(const struct infer *infer, struct profile *profile, unsigned int abi,
		       const struct rule *rule)
{
	const char *call = found_or_imported(profile, abi, rule);
	char why[1024];
	struct finding finding = {
		.infer = infer, .profile = profile, .kind = REASON_FAMILY, .why = why,
	};

	if (!call)
		return;
	snprintf(why, sizeof(why), "%s, with %s: %s", rule->name, call, rule->why);
	add_calls(&finding, abi, rule->to);
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
		.infer = infer, .profile = profile, .kind = REASON_BASE, .why = why,
	};

	if (!program || (rule->kind == RULE_START && !profile_partial(profile)))
		return;
	if (*program)
		snprintf(why, sizeof(why), "%s, for %s, which is %s: %s", rule->name, program,
			 strcmp(rule->language, "c") ? rule->language : "in C", rule->why);
	else
		snprintf(why, sizeof(why), "%s: %s", rule->name, rule->why);
	add_calls(&finding, abi, rule->to);
}

/* If a shell runs in the cgroup, it can't be known which programs it will start. */
static void add_userland(const struct infer *infer, struct profile *profile, unsigned int abi,
			 const struct rule *rule, const struct imports *imports)
{
	const char *shell = imports ? imports->program[abi][PROGRAM_SHELL] : NULL;
	char why[1024];
	struct finding finding = {
		.infer = infer, .profile = profile, .kind = REASON_BASE, .why = why,
	};

	if (infer->userland == USERLAND_NONE || (infer->userland != USERLAND_BASE && !shell))
		return;
	snprintf(why, sizeof(why), "%s, %s %s: %s", rule->name,
		 shell ? "run by" : "asked for by", shell ? shell : "--userland base", rule->why);
	add_calls(&finding, abi, rule->to);
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

/*
 * A library, or a program with many functions, imports much that it never calls in this
 * cgroup. Finds a rule of @kind that has the call, preferably one of whose calls any was
 * seen. Returns the rule, and in *@seen that call, or NULL.
 */
static const struct rule *rule_with(const struct infer *infer, const struct profile *profile,
				    unsigned int abi, enum rule_kind kind, const char *call,
				    const char **seen)
{
	const struct rule *found = NULL;

	*seen = NULL;
	for (size_t i = 0; call && !*seen && i < infer->families->count; i++) {
		const struct rule *rule = &infer->families->rule[i];

		if (rule->kind != kind || !rule_has(rule, call))
			continue;
		found = rule;
		*seen = found_in(profile, abi, rule->to);
	}
	return found;
}

/*
 * The rule that decides whether an import counts: what is done once before what is set up, and
 * that before topics; NULL if none names the call. *@seen: as rule_with() has it.
 */
static const struct rule *deciding(const struct infer *infer, const struct profile *profile,
				   unsigned int abi, const char *call, const char **seen)
{
	static const enum rule_kind kinds[] = { RULE_ONCE, RULE_SETUP, RULE_TOPIC };
	const struct rule *rule = NULL;

	for (size_t i = 0; !rule && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		rule = rule_with(infer, profile, abi, kinds[i], call, seen);
	return rule;
}

/* Whether an import is enough evidence for the call; if so, @why gets the explanation. */
static bool import_counts(const struct infer *infer, const struct profile *profile,
			  unsigned int abi, unsigned int nr, const struct evidence *evidence,
			  char *why, size_t size)
{
	const char *seen;
	const struct rule *rule = deciding(infer, profile, abi, sysname(abi, nr), &seen);
	bool sets_up = rule && (rule->kind == RULE_ONCE || rule->kind == RULE_SETUP);
	bool own = evidence->holder >= (sets_up ? HOLDER_PROGRAM : HOLDER_OWN) &&
		   !(rule && rule->kind == RULE_ONCE);

	/* The code of a Go program has its functions for system calls in it. */
	snprintf(why, size, "%s, %s %s%s%s%s%s", evidence->function,
		 strchr(evidence->function, '.') ? "in" : "imported by", evidence->file,
		 seen ? ", with " : "", seen ? seen : "", seen ? ": " : "", seen ? rule->why : "");
	return seen || own || (sets_up && profile_partial(profile));
}

static void add_imports(const struct infer *infer, struct profile *profile, unsigned int abi,
			const struct imports *imports)
{
	char why[1024];
	const struct finding finding = {
		.infer = infer, .profile = profile, .kind = REASON_IMPORT, .why = why,
	};
	unsigned int nr;

	bitmap_for_each(nr, &imports->likely[abi])
		if (import_counts(infer, profile, abi, nr, &imports->evidence[abi][nr], why,
				  sizeof(why)))
			add_call(&finding, abi, nr);
}

static void add_runtime(const struct infer *infer, struct profile *profile, unsigned int abi)
{
	unsigned int nr;

	for (nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(abi, nr);
		char why[1024];
		const struct finding finding = {
			.infer = infer, .profile = profile, .kind = REASON_RUNTIME, .why = why,
		};

		if (name && runtime_calls(infer->runtime, name, why, sizeof(why)))
			add_call(&finding, abi, nr);
	}
}

void infer_add(const struct infer *infer, struct profile *profile, const struct imports *imports)
{
	struct floor_before before;

	floor_note(&before, profile);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		bool used = profile_uses(profile, abi);

		if (infer->level >= INFER_LIKELY && imports)
			add_imports(infer, profile, abi, imports);
		if (infer->level >= INFER_FAMILY && used)
			add_rules(infer, profile, abi, imports);
		if (infer->runtime && abi == SCMOD_ABI_X86_64)
			add_runtime(infer, profile, abi);
	}
	if (infer->floor)
		floor_hold(infer->floor, profile, &before);
	floor_forget(&before);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		profile->covers[abi] |= profile_uses(profile, abi);
}

static bool of_record(const struct profile *profile)
{
	for (size_t i = 0; i < profile->nr_origins; i++)
		if (profile->origin[i].path)
			return true;
	return false;
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
