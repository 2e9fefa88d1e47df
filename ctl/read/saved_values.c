// SPDX-License-Identifier: GPL-2.0
/* Reads the part of files with policies that is about values. */
#include <stdlib.h>
#include <string.h>

#include "calls/value_rule.h"
#include "calls/value_text.h"
#include "read/saved_values.h"

struct reading_saved {
	unsigned int selector;
	struct saved_selector *saved;
};

static int parse(struct reading *reading, const char *text, unsigned int selector,
		 struct scmod_value_rule *rule)
{
	unsigned int named;
	char *wrong = value_parse(text ? text : "", &named, rule);
	int ret = EXIT_DONE;

	if (wrong)
		ret = reading_reject(reading, "correct it", "value '%s': %s", text ? text : "",
				     wrong);
	else if (named != selector)
		ret = reading_reject(reading, "move it", "the value '%s' is not one of %s", text,
				     selector_name(selector));
	free(wrong);
	return ret;
}

static int read_rule(struct reading *reading, json_object *object, void *data)
{
	static const char *const keys[] = { "value", "errno", NULL };
	struct reading_saved *at = data;
	struct scmod_value_rule rule;
	int err = 0, ret = reading_only_keys(reading, object, keys);

	if (!ret)
		ret = parse(reading, json_text_of(object, "value"), at->selector, &rule);
	if (!ret)
		ret = reading_errno(reading, object, "errno", &err);
	if (!ret && at->saved->set.count == SCMOD_VALUE_RULES_MAX)
		ret = reading_reject(reading, "write ranges", "there are more than %d rules",
				     SCMOD_VALUE_RULES_MAX);
	if (ret)
		return ret;
	rule.err = err;
	values_append(&at->saved->set, at->selector, &rule, NULL);
	return EXIT_DONE;
}

static int read_seen(struct reading *reading, json_object *value, void *data)
{
	struct reading_saved *at = data;
	struct scmod_value_rule rule;
	int ret = parse(reading, json_text(value), at->selector, &rule);

	if (!ret && !value_rule_exact(&rule, selector_mask(at->selector)))
		ret = reading_reject(reading, "give all parts of it", "'%s' is not a single value",
				     json_text(value));
	if (!ret && at->saved->nr_seen == SCMOD_VALUE_RULES_MAX)
		ret = reading_reject(reading, "remove some of them", "there are more than %d values",
				     SCMOD_VALUE_RULES_MAX);
	if (!ret)
		at->saved->seen[at->saved->nr_seen++] = rule.first;
	return ret;
}

static int read_call(struct reading *reading, json_object *object, struct reading_saved *at)
{
	const char *name = json_text_of(object, "call");
	int selector = name ? selector_by_name(name, strlen(name)) : -1;
	bool watch = false;
	int ret;

	if (selector < 0)
		return reading_reject(reading, "correct it", "no values of '%s' are looked at",
				      name ? name : "");
	at->selector = selector;
	at->saved += selector;
	if (at->saved->set.listed || at->saved->nr_seen || at->saved->watch >= 0)
		return reading_reject(reading, "make one of them", "the call is there twice");
	ret = reading_flag(reading, object, "watch", &watch);
	if (json_object_object_get_ex(object, "watch", NULL))
		at->saved->watch = watch;
	return ret;
}

int saved_values(struct reading *reading, json_object *object, void *data)
{
	static const char *const keys[] = { "call", "rules", "watch", "seen", NULL };
	struct reading_saved at = { .saved = data };
	int ret = reading_only_keys(reading, object, keys);

	if (!ret)
		ret = read_call(reading, object, &at);
	if (!ret && json_object_object_get_ex(object, "rules", NULL))
		values_list(&at.saved->set);
	if (!ret)
		ret = reading_each(reading, object, "rules", read_rule, &at);
	return ret ? ret : reading_each(reading, object, "seen", read_seen, &at);
}
