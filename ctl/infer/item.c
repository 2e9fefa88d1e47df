// SPDX-License-Identifier: GPL-2.0
/* Parses the words of the data files of inference: calls, and values of their arguments. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/selector.h"
#include "calls/sysname.h"
#include "calls/value_rule.h"
#include "calls/value_text.h"
#include "infer/item.h"

static int check_name(const struct place *place, const char *name)
{
	if (!place->file || *name == '@' || sysname_known(name))
		return EXIT_DONE;
	return entry_reject(place, "no system call is named '%s'; correct or remove the name",
			    name);
}

/* Parses CALL(VALUE) or CALL(=). */
static int read_values(const struct place *place, const char *word, struct item *item)
{
	size_t len = strcspn(word, "(");
	unsigned int selector;
	char *wrong;
	int ret;

	item->has_values = true;
	item->selector = selector_by_name(word, len);
	if (item->selector >= 0 && !strcmp(word + len, "(=)")) {
		item->same = true;
		return EXIT_DONE;
	}
	wrong = value_parse(word, &selector, &item->rule);
	if (!wrong)
		return EXIT_DONE;
	ret = entry_reject(place, "'%s': %s", word, wrong);
	free(wrong);
	return ret;
}

int item_read(const struct place *place, const char *word, struct item *item)
{
	size_t len = strcspn(word, "(");
	int ret;

	*item = (struct item){ .selector = selector_by_name(word, len) };
	ret = value_is_text(word) ? read_values(place, word, item) : check_name(place, word);
	if (!ret) {
		item->call = mem_string(word);
		item->call[len] = '\0';
	}
	return ret;
}

static size_t count_of(const struct item *items)
{
	size_t count = 0;

	while (items && items[count].call)
		count++;
	return count;
}

void items_add(struct item **items, const struct item *item)
{
	size_t count = count_of(*items);

	*items = mem_grow(*items, count + 2, sizeof(**items));
	(*items)[count] = *item;
	(*items)[count].call = mem_string(item->call);
	(*items)[count + 1] = (struct item){ 0 };
}

int items_read(const struct place *place, char *text, struct item **items)
{
	char *save, *word;

	*items = mem_alloc(sizeof(**items));
	for (word = strtok_r(text, ENTRY_BLANKS, &save); word;
	     word = strtok_r(NULL, ENTRY_BLANKS, &save)) {
		struct item item;
		int ret = item_read(place, word, &item);

		if (ret)
			return ret;
		items_add(items, &item);
		free(item.call);
	}
	return EXIT_DONE;
}

struct item *items_copy(const struct item *items)
{
	struct item *copy = mem_alloc(sizeof(*copy));

	for (; items->call; items++)
		items_add(&copy, items);
	return copy;
}

void items_free(struct item *items)
{
	for (struct item *item = items; item && item->call; item++)
		free(item->call);
	free(items);
}

bool item_is(const struct item *a, const struct item *b)
{
	if (a->has_values != b->has_values || a->same != b->same || strcmp(a->call, b->call))
		return false;
	return !a->has_values || a->same || value_rule_same(&a->rule, &b->rule);
}
