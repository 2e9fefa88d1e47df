// SPDX-License-Identifier: GPL-2.0
/*
 * Conditions of an OCI profile's rules, which Docker and Podman know: a rule applies if all
 * of its includes and none of its excludes are met. Both evaluate conditions when the
 * container starts. So conditions are evaluated here with this machine, kernel and
 * capabilities, not with the newest kernel or the one for which the profile was written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "calls/caps.h"
#include "read/oci_parts.h"

/**
 * struct met - how much of a condition is met
 * @arches: how many of the condition's machines are this one: 0 or 1
 * @of_arches: how many machines the condition has
 * @caps: how many of the condition's capabilities the program has
 * @of_caps: how many capabilities the condition has
 * @kernel: the running kernel is as new as the condition requires
 * @of_kernel: the condition requires a kernel version
 */
struct met {
	size_t arches;
	size_t of_arches;
	size_t caps;
	size_t of_caps;
	bool kernel;
	bool of_kernel;
};

/* Parses a version such as "4.8". */
static bool parse_kernel(const char *text, unsigned long *version)
{
	unsigned long major, minor;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	major = strtoul(text, &end, 10);
	if (*end != '.' || end[1] < '0' || end[1] > '9')
		return false;
	minor = strtoul(end + 1, &end, 10);
	*version = major * 100000 + minor;
	return !*end && major < 1000 && minor < 100000;
}

static unsigned long running_kernel(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname name;

	if (uname(&name) || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return 0;
	return major * 100000UL + minor;
}

static bool is_our_arch(const struct oci *oci, const char *name)
{
	(void)oci;
	return !strcmp(name, OCI_GO_ARCH);
}

static bool is_held(const struct oci *oci, const char *name)
{
	int cap = caps_number(name);

	return cap >= 0 && oci->caps >> cap & 1;
}

/* Counts the strings at @key that are @wanted; stores the number of all strings in @of. */
static size_t count_matches(const struct oci *oci, struct reading *reading,
			    json_object *condition, const char *key,
			    bool (*wanted)(const struct oci *oci, const char *name), size_t *of)
{
	json_object *list = oci_member(reading, condition, key, json_type_array);
	size_t back = reading_enter(reading, key), matches = 0;

	*of = list ? json_object_array_length(list) : 0;
	for (size_t i = 0; i < *of; i++) {
		const char *name = json_text(json_object_array_get_idx(list, i));
		size_t at = reading_enter_at(reading, i);

		if (!name)
			reading_reject(reading, "write the name as a string", "a name is not a string");
		matches += name && wanted(oci, name);
		reading_leave(reading, at);
	}
	reading_leave(reading, back);
	return matches;
}

/*
 * Runtimes ignore an unknown condition, and then apply the rule where it is not meant to
 * apply.
 */
static void check_condition_keys(struct reading *reading, json_object *condition)
{
	static const char *const keys[] = { "arches", "caps", "minKernel", NULL };

	json_object_object_foreach(condition, key, value) {
		(void)value;
		if (!json_key_known(key, keys))
			reading_reject(reading, "write arches, caps or minKernel",
				       "there is no condition '%s'", key);
	}
}

static void read_kernel(struct reading *reading, json_object *condition, struct met *met)
{
	const char *text = json_text_of(condition, "minKernel");
	unsigned long version = 0;

	met->of_kernel = json_says_something(condition, "minKernel");
	if (met->of_kernel && (!text || !parse_kernel(text, &version)))
		reading_reject(reading, "write a version such as 4.8",
			       "minKernel '%s' is not a kernel version", text ? text : "");
	met->kernel = met->of_kernel && running_kernel() >= version;
}

static struct met read_condition(const struct oci *oci, struct oci_rule *rule,
				 struct reading *reading, const char *key)
{
	json_object *condition = oci_member(reading, rule->object, key, json_type_object);
	struct met met = { 0 };
	size_t back;

	if (!condition || !json_says_something(rule->object, key))
		return met;
	back = reading_enter(reading, key);
	check_condition_keys(reading, condition);
	met.arches = count_matches(oci, reading, condition, "arches", is_our_arch,
				   &met.of_arches);
	met.caps = count_matches(oci, reading, condition, "caps", is_held, &met.of_caps);
	read_kernel(reading, condition, &met);
	rule->min_kernel |= met.of_kernel;
	reading_leave(reading, back);
	return met;
}

void oci_read_conditions(struct oci *oci, struct oci_rule *rule, struct reading *reading)
{
	struct met in = read_condition(oci, rule, reading, "includes");
	struct met out = read_condition(oci, rule, reading, "excludes");
	bool included = !(in.of_arches && !in.arches) && in.caps == in.of_caps &&
			!(in.of_kernel && !in.kernel);

	rule->condition = json_says_something(rule->object, "includes") ||
			  json_says_something(rule->object, "excludes");
	rule->holds = included && !out.arches && !out.caps && !out.kernel;
	oci->conditions += rule->condition;
	oci->dropped += !rule->holds;
}
