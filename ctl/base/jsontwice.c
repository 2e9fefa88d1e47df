// SPDX-License-Identifier: GPL-2.0
/*
 * Finds a key that is twice in one object of a JSON text. json-c has accepted the text already,
 * so it is enough to tell strings and brackets from the rest.
 */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/jsontwice.h"
#include "base/memory.h"

/**
 * struct key - a key of an object whose end has not been reached
 * @name: the key, with all escapes decoded
 * @at: its position, in bytes from the start of the text
 */
struct key {
	char *name;
	size_t at;
};

/**
 * struct scan - state of the search
 * @text: the whole text
 * @key: keys of all objects that have not ended; those of the innermost object come last
 * @nr_keys: number of keys
 * @base: for each level of nesting, how many keys belong to the levels outside it
 * @object: for each level of nesting, whether it is an object; otherwise it is an array
 * @depth: number of levels
 * @twice: the result; @twice->name is NULL as long as no repeated key was found
 */
struct scan {
	const char *text;
	struct key *key;
	size_t nr_keys;
	size_t *base;
	bool *object;
	size_t depth;
	struct json_twice *twice;
};

/*
 * Position after the string that begins at @at. json-c accepts single quotes around keys,
 * too.
 */
static size_t string_end(const char *text, size_t at)
{
	char quote = text[at++];

	while (text[at] && text[at] != quote)
		at += text[at] == '\\' && text[at + 1] ? 2 : 1;
	return text[at] ? at + 1 : at;
}

/* The key as json-c decodes it: "\u0061" is "a", and a NUL ends it. */
static char *key_name(const char *text, size_t at, size_t end)
{
	char *copy = mem_print("%.*s", (int)(end - at - 2), text + at + 1);
	json_object *value;

	if (!strchr(copy, '\\'))
		return copy;
	free(copy);
	copy = mem_print("\"%.*s\"", (int)(end - at - 2), text + at + 1);
	value = json_tokener_parse(copy);
	if (json_object_is_type(value, json_type_string)) {
		free(copy);
		copy = mem_string(json_object_get_string(value));
	}
	json_object_put(value);
	return copy;
}

static void enter(struct scan *scan, bool object)
{
	scan->base = mem_grow(scan->base, scan->depth + 1, sizeof(*scan->base));
	scan->object = mem_grow(scan->object, scan->depth + 1, sizeof(*scan->object));
	scan->base[scan->depth] = scan->nr_keys;
	scan->object[scan->depth++] = object;
}

static void add_key(struct scan *scan, size_t at, size_t end)
{
	scan->key = mem_grow(scan->key, scan->nr_keys + 1, sizeof(*scan->key));
	scan->key[scan->nr_keys++] = (struct key){ key_name(scan->text, at, end), at };
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int ret = strcmp(x->name, y->name);

	return ret ? ret : (x->at > y->at) - (x->at < y->at);
}

static void found(struct scan *scan, const struct key *first, const struct key *second)
{
	if (scan->twice->name && scan->twice->second <= second->at)
		return;
	free(scan->twice->name);
	*scan->twice = (struct json_twice){ mem_string(first->name), first->at, second->at };
}

/* Ends the innermost level. All its keys are known now, so look for a repeated one. */
static void leave(struct scan *scan)
{
	struct key *key;
	size_t count;

	if (!scan->depth)
		return;
	scan->depth--;
	key = scan->key + scan->base[scan->depth];
	count = scan->nr_keys - scan->base[scan->depth];
	if (count)
		qsort(key, count, sizeof(*key), compare_keys);
	for (size_t i = 1; i < count; i++)
		if (!strcmp(key[i - 1].name, key[i].name))
			found(scan, &key[i - 1], &key[i]);
	for (size_t i = 0; i < count; i++)
		free(key[i].name);
	scan->nr_keys -= count;
}

/* A string in an object is a key if a colon follows it. */
static size_t pass_string(struct scan *scan, size_t at)
{
	size_t end = string_end(scan->text, at);

	if (scan->depth && scan->object[scan->depth - 1] &&
	    scan->text[end + strspn(scan->text + end, " \t\r\n\v\f")] == ':')
		add_key(scan, at, end);
	return end;
}

bool json_twice(const char *text, struct json_twice *twice)
{
	struct scan scan = { .text = text, .twice = twice };

	*twice = (struct json_twice){ 0 };
	for (size_t at = 0; text[at]; ) {
		if (text[at] == '"' || text[at] == '\'') {
			at = pass_string(&scan, at);
			continue;
		}
		if (text[at] == '{' || text[at] == '[')
			enter(&scan, text[at] == '{');
		else if (text[at] == '}' || text[at] == ']')
			leave(&scan);
		at++;
	}
	while (scan.depth)
		leave(&scan);
	free(scan.key);
	free(scan.base);
	free(scan.object);
	return twice->name;
}
