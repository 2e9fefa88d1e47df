// SPDX-License-Identifier: GPL-2.0
/* Reads the part of scmod's own JSON that is about values. */
#include <stdlib.h>
#include <string.h>

#include "calls/sysname.h"
#include "calls/value_text.h"
#include "read/own_parts.h"
#include "read/own_values.h"

/* More rules than this are no profile, and take long to compare with each other. */
#define MOST 4096

struct reading_selector {
	unsigned int selector;
	struct value_set *set;
	struct scmod_value_rule rule;
	size_t reasons;
};

static int read_rule_reason(struct reading *reading, json_object *object, void *data)
{
	struct reading_selector *at = data;
	struct reason reason;
	int ret = own_reason(reading, object, at->reasons, &reason);

	if (ret)
		return ret;
	values_append(at->set, at->selector, &at->rule, &reason);
	at->reasons++;
	return EXIT_DONE;
}

static int read_any_reason(struct reading *reading, json_object *object, void *data)
{
	struct reading_selector *at = data;
	struct reason reason;
	int ret = own_reason(reading, object, at->set->nr_reasons, &reason);

	if (!ret)
		values_any(at->set, &reason);
	return ret;
}

static int read_text(struct reading *reading, json_object *object, struct reading_selector *at)
{
	const char *text = json_text_of(object, "value");
	unsigned int selector;
	char *wrong = value_parse(text ? text : "", &selector, &at->rule);
	int ret = EXIT_DONE, err = 0;

	if (wrong)
		ret = reading_reject(reading, "correct it", "value '%s': %s", text ? text : "",
				     wrong);
	else if (selector != at->selector)
		ret = reading_reject(reading, "move it", "the value '%s' is not one of %s", text,
				     selector_name(at->selector));
	free(wrong);
	if (!ret)
		ret = reading_errno(reading, object, "errno", &err);
	at->rule.err = err;
	return ret;
}

static int read_rule(struct reading *reading, json_object *object, void *data)
{
	static const char *const keys[] = { "value", "errno", "reasons", NULL };
	struct reading_selector *at = data;
	int ret = reading_only_keys(reading, object, keys);

	if (!ret)
		ret = read_text(reading, object, at);
	if (!ret && at->set->count == MOST)
		ret = reading_reject(reading, "write ranges", "there are more than %d rules", MOST);
	if (ret)
		return ret;
	at->reasons = 0;
	ret = reading_each(reading, object, "reasons", read_rule_reason, at);
	if (!ret && !at->reasons)
		ret = reading_reject(reading, "add one, such as {\"kind\": \"file\", \"text\": \"added by hand\"}",
				     "the value has no reasons");
	return ret;
}

static int read_call(struct reading *reading, json_object *object, struct reading_selector *at)
{
	const char *name = json_text_of(object, "call");
	int selector = name ? selector_by_name(name, strlen(name)) : -1;

	if (selector < 0)
		return reading_reject(reading, "correct it", "no values of '%s' are looked at",
				      name ? name : "");
	at->selector = selector;
	at->set = &reading->profile->values[selector];
	if (at->set->listed || at->set->nr_reasons)
		return reading_reject(reading, "remove one of them", "the call is there twice");
	return EXIT_DONE;
}

int own_values(struct reading *reading, json_object *object, void *unused)
{
	static const char *const keys[] = { "call", "any", "rules", "reasons", NULL };
	struct reading_selector at = { 0 };
	bool any = false;
	int ret = reading_only_keys(reading, object, keys);

	(void)unused;
	if (!ret)
		ret = read_call(reading, object, &at);
	if (!ret)
		ret = reading_flag(reading, object, "any", &any);
	if (!ret && any == json_object_object_get_ex(object, "rules", NULL))
		ret = reading_reject(reading, "write one of them", "either any value is allowed, or there are rules");
	if (ret)
		return ret;
	if (any)
		return reading_each(reading, object, "reasons", read_any_reason, &at);
	values_list(at.set);
	return reading_each(reading, object, "rules", read_rule, &at);
}

static bool by_person(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	return profile_reason(profile, abi, nr, REASON_HAND) ||
	       profile_reason(profile, abi, nr, REASON_FILE);
}

void own_soften_clone3(struct reading *reading)
{
	struct profile *profile = reading->profile;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = sysname_number(abi, "clone3"), clone = sysname_number(abi, "clone");

		if (nr < 0 || clone < 0 || !profile_allows(profile, abi, nr) ||
		    by_person(profile, abi, nr))
			continue;
		profile_set(profile, abi, nr, PROFILE_SOFT, 0);
		profile_say(profile, abi, nr, REASON_SOFT,
			    "its flags are in memory, where nobody can see whether it makes namespaces; the C libraries fall back on clone");
		profile_allow(profile, abi, clone, REASON_FAMILY,
			      "clone3, which is answered with ENOSYS: its callers fall back on this call");
		reading_note(reading, "%s:clone3 is answered with ENOSYS, although it was seen: nobody can see whether it makes namespaces; its callers fall back on clone",
			     abi_name(abi));
	}
}
