/* SPDX-License-Identifier: GPL-2.0 */
/* The words of the data files of inference: calls, and values of their arguments. */
#ifndef CTL_ITEM_H
#define CTL_ITEM_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/scmod.h>

#include "base/entries.h"

/**
 * struct item - one word: CALL, CALL(VALUE), CALL(=), or @SET where sets are known
 * @call: the name of the call, or of the set with its '@'; NULL ends an array of items
 * @selector: the selector of the call, or -1
 * @has_values: the word names values: &rule, or @same
 * @same: CALL(=): the values that the other calls of the rule have
 * @rule: the values, if @has_values and not @same
 */
struct item {
	char *call;
	int selector;
	bool has_values;
	bool same;
	struct scmod_value_rule rule;
};

/*
 * Parses one word, and releases nothing. A name of a call that does not exist is an error in a
 * person's file only: the built-in data may name calls that an old libseccomp does not know.
 * Prints errors and returns an exit code.
 */
int item_read(const struct place *place, const char *word, struct item *item);
/* Adds a copy of @item at the end of the array; NULL is an empty array. */
void items_add(struct item **items, const struct item *item);
/* Parses "a b(c)"; changes @text. *@items is never NULL afterwards, and is to be freed. */
int items_read(const struct place *place, char *text, struct item **items);
struct item *items_copy(const struct item *items);
void items_free(struct item *items);

/* Whether both words are for the same values, or the same call without values. */
bool item_is(const struct item *a, const struct item *b);

#endif /* CTL_ITEM_H */
