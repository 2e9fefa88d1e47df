// SPDX-License-Identifier: GPL-2.0
/*
 * Collects, for each call, the rules of an OCI profile that apply to it. All rules are
 * collected before anything is decided, so that a later rule does not silently replace an
 * earlier one.
 */
#include <stdio.h>

#include "base/memory.h"
#include "calls/sysname.h"
#include "read/oci_parts.h"

void oci_init_calls(struct oci *oci)
{
	static const struct oci_ref none = { OCI_NO_RULE, 0 };

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			oci->call[abi][nr] = (struct oci_call){ none, none, none, none, none };
}

const char *oci_name(const struct oci *oci, struct oci_ref ref)
{
	return oci->rule[ref.rule].name[ref.name];
}

const struct oci_answer *oci_answer_of(const struct oci *oci, struct oci_ref ref)
{
	return &oci->rule[ref.rule].answer;
}

const char *oci_place(const struct oci *oci, struct oci_ref ref, char *place, size_t size)
{
	if (oci->rule[ref.rule].single)
		snprintf(place, size, "syscalls[%d].name", ref.rule);
	else
		snprintf(place, size, "syscalls[%d].names[%d]", ref.rule, ref.name);
	return place;
}

static bool is_usual(const struct oci *oci, const struct oci_rule *rule)
{
	return rule->answer.action == oci->standard.action &&
	       rule->answer.err == oci->standard.err;
}

/*
 * The earlier rule that treats the call differently from @rule whatever its arguments; or
 * none.
 */
static struct oci_ref contradiction(const struct oci *oci, const struct oci_call *call,
				    const struct oci_rule *rule)
{
	static const struct oci_ref none = { OCI_NO_RULE, 0 };

	if (rule->args)
		return none;
	if (oci_there(call->refuse) &&
	    (!rule->answer.err || oci_answer_of(oci, call->refuse)->err != rule->answer.err))
		return call->refuse;
	return rule->answer.err ? call->allow : none;
}

/* The member of @call in which @rule is stored. */
static struct oci_ref *slot(struct oci_call *call, const struct oci_rule *rule)
{
	if (rule->args)
		return rule->answer.err ? &call->refuse_args : &call->allow_args;
	return rule->answer.err ? &call->refuse : &call->allow;
}

static void set_clash(struct oci_clash *clash, enum oci_clash_kind kind, struct oci_ref there)
{
	/* A name that exists in several ABIs is reported once. */
	if (oci_there(clash->there))
		return;
	clash->kind = kind;
	clash->there = there;
}

static void add_to_call(struct oci *oci, unsigned int abi, unsigned int nr,
			struct oci_clash *clash)
{
	const struct oci_rule *rule = &oci->rule[clash->here.rule];
	struct oci_call *call = &oci->call[abi][nr];
	struct oci_ref *kept, other;

	if (is_usual(oci, rule)) {
		if (oci_there(call->usual) && !oci_there(call->allow) && !oci_there(call->refuse))
			set_clash(clash, OCI_CLASH_SAME, call->usual);
		call->usual = clash->here;
		return;
	}
	other = contradiction(oci, call, rule);
	if (oci_there(other)) {
		set_clash(clash, rule->condition || oci->rule[other.rule].condition ?
			  OCI_CLASH_ORDER : OCI_CLASH_BOTH, other);
		return;
	}
	kept = slot(call, rule);
	if (oci_there(*kept) && !rule->args)
		set_clash(clash, OCI_CLASH_SAME, *kept);
	else
		*kept = clash->here;
}

static void add_name(struct oci *oci, struct oci_ref here)
{
	struct oci_clash clash = { .here = here, .there = { OCI_NO_RULE, 0 } };

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = oci->abi[abi] ? sysname_number(abi, oci_name(oci, here)) : -1;

		if (nr >= 0)
			add_to_call(oci, abi, nr, &clash);
	}
	if (!oci_there(clash.there))
		return;
	oci->clash = mem_grow(oci->clash, oci->nr_clashes + 1, sizeof(*oci->clash));
	oci->clash[oci->nr_clashes++] = clash;
}

static const char *said_of(const struct oci_answer *answer, bool other)
{
	if (!answer->err)
		return "allowed";
	return other ? "refused in another way" : "refused";
}

static void reject_clash(struct oci *oci, struct reading *reading, const struct oci_clash *clash)
{
	const struct oci_answer *here = oci_answer_of(oci, clash->here);
	const struct oci_answer *there = oci_answer_of(oci, clash->there);
	char place[64];
	size_t back = reading_enter(reading, oci->rule[clash->here.rule].single ? "name" : "names");

	if (!oci->rule[clash->here.rule].single)
		reading_enter_at(reading, clash->here.name);
	reading_reject(reading, "remove one of them",
		       "'%s' is both %s here and %s by %s: runtimes disagree about which of the two counts",
		       oci_name(oci, clash->here), said_of(here, false),
		       said_of(there, here->err),
		       oci_place(oci, clash->there, place, sizeof(place)));
	reading_leave(reading, back);
}

void oci_add_rule(struct oci *oci, size_t index, struct reading *reading)
{
	const struct oci_rule *rule = &oci->rule[index];
	size_t clashes = oci->nr_clashes;

	if (!rule->holds || rule->answer.action == OCI_UNKNOWN)
		return;
	for (size_t i = 0; i < rule->nr_names; i++)
		if (rule->name[i])
			add_name(oci, (struct oci_ref){ index, i });
	for (; clashes < oci->nr_clashes; clashes++)
		if (oci->clash[clashes].kind == OCI_CLASH_BOTH)
			reject_clash(oci, reading, &oci->clash[clashes]);
}
