// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a SeccompProfile of the Kubernetes security-profiles-operator, v1, in YAML. It has
 * no default errno: calls that no rule names return EPERM. For any other errno, a rule must
 * name all remaining calls.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "calls/sysname.h"
#include "write/comment.h"
#include "write/rules.h"

/* The longest DNS label, and so the longest name of a Kubernetes object. */
#define LABEL_MAX 63

static bool is_label_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Writes the last part of the cgroup's or file's path, turned into a DNS label. */
static void write_name(const struct output *out)
{
	const char *slash = strrchr(out->name, '/');
	const char *name = slash && slash[1] ? slash + 1 : out->name;
	char label[LABEL_MAX + 1];
	size_t len = 0;

	for (; *name && len < LABEL_MAX; name++) {
		char c = *name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name;

		if (is_label_letter(c))
			label[len++] = c;
		else if (len && label[len - 1] != '-')
			label[len++] = '-';
	}
	while (len && label[len - 1] == '-')
		len--;
	/* Quote the name: YAML would not read on, 1e3 or null as a string. */
	fprintf(out->to, "  name: \"%.*s\"\n", len ? (int)len : 5, len ? label : "scmod");
}

static void write_rule(FILE *to, const struct names *names, const char *action, int err)
{
	if (!names->count)
		return;
	fprintf(to, "  - action: %s\n", action);
	if (err > 0)
		fprintf(to, "    errnoRet: %d\n", err);
	fprintf(to, "    names:\n");
	for (size_t i = 0; i < names->count; i++)
		fprintf(to, "    - \"%s\"\n", names->name[i]);
}

/* SeccompProfile has the keys of the OCI specification. */
static void write_value(FILE *to, const struct answer_value *value)
{
	struct names name = { .name = { value->name }, .count = 1 };

	write_rule(to, &name, rule_action(value->err), value->err);
	if (value->tests.count)
		fprintf(to, "    args:\n");
	for (size_t i = 0; i < value->tests.count; i++) {
		const struct argument_test *test = &value->tests.test[i];
		bool all = test->mask == ~0ULL;

		fprintf(to, "    - index: %u\n      op: SCMP_CMP_%s\n", test->index,
			all ? "EQ" : "MASKED_EQ");
		fprintf(to, "      value: %" PRIu64 "\n", all ? test->bits : test->mask);
		if (!all)
			fprintf(to, "      valueTwo: %" PRIu64 "\n", test->bits);
	}
}

static void write_spec(const struct output *out, const struct answer_rules *rules)
{
	fprintf(out->to, "spec:\n  defaultAction: %s\n", rule_action(rules->fallback));
	fprintf(out->to, "  architectures:\n");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (out->profile->covers[abi])
			fprintf(out->to, "  - %s\n", abi_oci_name(abi));
	fprintf(out->to, "  syscalls:\n");
	for (size_t i = 0; i < rules->count; i++)
		write_rule(out->to, &rules->rule[i].names, rule_action(rules->rule[i].err),
			   rules->rule[i].err);
	for (size_t i = 0; i < rules->nr_values; i++)
		write_value(out->to, &rules->value[i]);
}

int format_write_spo(const struct output *out)
{
	struct answer_rules rules = rules_make(out, "a SeccompProfile");
	struct names rest = rules_rest(&rules, out->profile);

	rules_note_native(out);
	comment_write(out);
	fprintf(out->to, "apiVersion: security-profiles-operator.x-k8s.io/v1\n");
	fprintf(out->to, "kind: SeccompProfile\nmetadata:\n");
	write_name(out);
	write_spec(out, &rules);
	if (rules.fallback > 0 && rules.fallback != EPERM) {
		fprintf(out->to, "  # All other known calls. Calls of newer kernels return EPERM.\n");
		write_rule(out->to, &rest, rule_action(rules.fallback), rules.fallback);
		if (rules.nr_values)
			messages_add(out->messages, MESSAGE_NOTE, NULL, NULL,
				     "values that are not listed return EPERM, as a SeccompProfile has no other default errno");
	}
	rules_free(&rules);
	return EXIT_DONE;
}
