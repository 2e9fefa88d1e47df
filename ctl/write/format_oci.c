// SPDX-License-Identifier: GPL-2.0
/*
 * Writes the seccomp object of the OCI runtime specification, and Docker's form of it. In
 * both, a name is allowed on every architecture that the profile lists.
 */
#include "base/error.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "write/rules.h"

static void write_head(const struct answer_rules *rules)
{
	out_string("defaultAction", NULL, rule_action(rules->fallback));
	if (rules->fallback > 0)
		out_number("defaultErrnoRet", NULL, rules->fallback);
}

static void write_answer(int err)
{
	out_string("action", NULL, rule_action(err));
	if (err > 0)
		out_number("errnoRet", NULL, err);
}

static void write_rule(const struct answer_rule *rule)
{
	if (!rule->names.count)
		return;
	out_object(json_item);
	out_array("names");
	for (size_t i = 0; i < rule->names.count; i++)
		out_string(json_item, NULL, rule->names.name[i]);
	out_array_end();
	write_answer(rule->err);
	out_object_end();
}

static void write_tests(const struct argument_tests *tests)
{
	if (!tests->count)
		return;
	out_array("args");
	for (size_t i = 0; i < tests->count; i++) {
		const struct argument_test *test = &tests->test[i];
		bool all = test->mask == ~0ULL;

		out_object(json_item);
		out_number("index", NULL, test->index);
		out_number("value", NULL, all ? test->bits : test->mask);
		if (!all)
			out_number("valueTwo", NULL, test->bits);
		out_string("op", NULL, all ? "SCMP_CMP_EQ" : "SCMP_CMP_MASKED_EQ");
		out_object_end();
	}
	out_array_end();
}

static void write_value(const struct answer_value *value)
{
	out_object(json_item);
	out_array("names");
	out_string(json_item, NULL, value->name);
	out_array_end();
	write_answer(value->err);
	write_tests(&value->tests);
	out_object_end();
}

static void write_rules(const struct answer_rules *rules)
{
	out_array("syscalls");
	for (size_t i = 0; i < rules->count; i++)
		write_rule(&rules->rule[i]);
	for (size_t i = 0; i < rules->nr_values; i++)
		write_value(&rules->value[i]);
	out_array_end();
}

static void write_architectures(const struct output *out)
{
	out_array("architectures");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (out->profile->covers[abi])
			out_string(json_item, NULL, abi_oci_name(abi));
	out_array_end();
}

/* Docker's form: all other ABIs are subArchitectures of x86_64. */
static void write_arch_map(const struct output *out)
{
	out_array("archMap");
	out_object(json_item);
	out_string("architecture", NULL, abi_oci_name(SCMOD_ABI_X86_64));
	out_array("subArchitectures");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (abi != SCMOD_ABI_X86_64 && out->profile->covers[abi])
			out_string(json_item, NULL, abi_oci_name(abi));
	out_array_end();
	out_object_end();
	out_array_end();
}

/* @write_where writes the architectures for which the rules are meant. */
static int write_profile(const struct output *out, const char *form,
			 void (*write_where)(const struct output *out))
{
	struct answer_rules rules = rules_make(out, form);

	rules_note_native(out);
	out_start(out->to, true);
	out_object(NULL);
	write_head(&rules);
	write_where(out);
	write_rules(&rules);
	out_object_end();
	out_finish();
	rules_free(&rules);
	return EXIT_DONE;
}

int format_write_oci(const struct output *out)
{
	return write_profile(out, "an OCI profile", write_architectures);
}

int format_write_docker(const struct output *out)
{
	return write_profile(out, "a Docker profile", write_arch_map);
}
