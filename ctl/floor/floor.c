// SPDX-License-Identifier: GPL-2.0
/* Reads a floor: the built-in profiles, or a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/entries.h"
#include "base/memory.h"
#include "calls/caps.h"
#include "calls/selector.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "floor/docker-text.h"
#include "floor/floor.h"
#include "floor/parts.h"
#include "floor/podman-text.h"
#include "read/reader.h"

void floor_free(struct floor *floor)
{
	if (!floor)
		return;
	for (size_t i = 0; i < floor->count; i++) {
		profile_free(floor->part[i].profile);
		free(floor->part[i].name);
	}
	free(floor);
}

static struct part *add_part(struct floor *floor, const char *name, uint64_t caps)
{
	struct part *part = &floor->part[floor->count++];

	part->name = mem_string(name);
	part->caps = caps;
	return part;
}

/* ---- the built-in parts */

/*
 * Parses "allow CAP !CAP". Stores the first capability that the condition needs and the program
 * lacks in *@lacks, or NULL. Returns false if the condition needs that the program lacks a
 * capability which it has.
 */
static bool read_condition(const struct part *part, char *head, const char **lacks)
{
	char *save, *word = strtok_r(head, ENTRY_BLANKS, &save);

	*lacks = NULL;
	while ((word = strtok_r(NULL, ENTRY_BLANKS, &save))) {
		bool without = *word == '!';
		int cap = caps_number(word + without);
		bool has = cap >= 0 && part->caps >> cap & 1;

		if (without && has)
			return false;
		if (!without && !has && !*lacks)
			*lacks = word;
	}
	return true;
}

/* The name is allowed; or, if the program @lacks a capability, it would be allowed with it. */
static void take_call(struct part *part, const char *name, const char *lacks)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = sysname_number(abi, name);

		if (nr < 0)
			continue;
		if (lacks)
			profile_say(part->profile, abi, nr, REASON_NEVER, "%s", lacks);
		else
			profile_allow(part->profile, abi, nr, REASON_FILE, "%s", part->name);
	}
}

/* "CALL(VALUE)": the call is allowed with this value, or refused with it. */
static int take_value(const struct place *place, struct part *part, const char *text, bool allow)
{
	const struct reason reason = { .kind = REASON_FILE, .text = part->name };
	struct scmod_value_rule rule;
	unsigned int selector;
	struct value_set *set;
	char *fault = value_parse(text, &selector, &rule);
	int ret = fault ? entry_reject(place, "'%s': %s", text, fault) : EXIT_DONE;

	free(fault);
	if (ret)
		return ret;
	set = &part->profile->values[selector];
	values_list(set);
	rule.err = allow ? 0 : EPERM;
	if (allow)
		values_append(set, selector, &rule, &reason);
	else
		values_add(set, selector, &rule, &reason);
	return EXIT_DONE;
}

static int take_word(const struct place *place, struct part *part, char *word, bool allow,
		     const char *lacks)
{
	int ret = EXIT_DONE;

	if (value_is_text(word) && !lacks)
		ret = take_value(place, part, word, allow);
	word[strcspn(word, "(")] = '\0';
	if (allow)
		take_call(part, word, lacks);
	return ret;
}

static int read_entry(const struct place *place, char *text, void *to)
{
	struct part *part = to;
	char *body = strchr(text, ':'), *save;
	bool allow = !strncmp(text, "allow", strlen("allow"));
	const char *lacks;
	int ret = EXIT_DONE;

	if (!body)
		return entry_reject(place, "there is no colon");
	*body++ = '\0';
	if (!read_condition(part, text, &lacks))
		return EXIT_DONE;
	for (char *word = strtok_r(body, ENTRY_BLANKS, &save); !ret && word;
	     word = strtok_r(NULL, ENTRY_BLANKS, &save))
		ret = take_word(place, part, word, allow, lacks);
	return ret;
}

static bool allows_some(const struct value_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (!set->entry[i].rule.err)
			return true;
	return false;
}

/* Where entries only refuse values, all others are allowed. */
static void allow_others(struct part *part)
{
	const struct reason reason = { .kind = REASON_FILE, .text = part->name };
	static const struct scmod_value_rule all;

	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		struct value_set *set = &part->profile->values[selector];

		if (set->listed && !allows_some(set))
			values_append(set, selector, &all, &reason);
	}
}

static int read_built_in(const char *verb, const char *name, const char *text, uint64_t caps,
			 struct floor *floor)
{
	struct part *part = add_part(floor, name, caps);
	const struct entries entries = {
		.option = "--floor", .text = text, .add = read_entry, .to = part,
	};
	int ret;

	part->profile = profile_new();
	profile_add_origin(part->profile, &(struct profile_origin){ .file = (char *)name });
	ret = entries_read_built_in(&entries, verb);
	allow_others(part);
	return ret;
}

/* ---- reading */

static int read_file(const char *verb, const char *path, uint64_t caps, struct floor *floor)
{
	struct reader_options options = { .args = READER_ARGS_NARROW, .caps = caps };
	struct part *part = add_part(floor, path, caps);
	struct messages messages = { 0 };
	int ret = profile_read(path, &options, &messages, &part->profile);

	if (ret)
		return messages_tell(&messages, "%s --floor %s", verb, path);
	/* What a floor can't express does not matter to the profile that is made. */
	messages_release(&messages);
	return EXIT_DONE;
}

int floor_read(const char *verb, const char *word, uint64_t caps, struct floor **floor)
{
	int ret;

	*floor = NULL;
	if (word && !strcmp(word, "none"))
		return EXIT_DONE;
	*floor = mem_alloc(sizeof(**floor));
	if (word && strcmp(word, "default")) {
		ret = read_file(verb, word, caps, *floor);
	} else {
		ret = read_built_in(verb, "Podman's default profile", podman_text, caps, *floor);
		if (!ret)
			ret = read_built_in(verb, "Docker's default profile", docker_text, caps,
					    *floor);
	}
	if (!ret)
		return EXIT_DONE;
	floor_free(*floor);
	*floor = NULL;
	return ret;
}
