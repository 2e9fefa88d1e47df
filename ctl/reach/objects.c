// SPDX-License-Identifier: GPL-2.0
/*
 * The parts of an image's data that code refers to as a whole.
 *
 * Stripped files do not tell where variables begin. A variable begins wherever code takes an
 * address of data, a pointer points to, or a symbol is. If code takes the address of an element in
 * the middle of a table, the table is split there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reach/objects.h"

struct search {
	const struct binary *binary;
	struct objects *objects;
};

static void add(struct search *search, uint64_t start)
{
	struct objects *objects = search->objects;
	size_t count = objects->count;

	if (binary_code(search->binary, start))
		return;
	if (!(count & (count - 1)))
		objects->start = mem_grow(objects->start, count ? 2 * count : 1,
					  sizeof(*objects->start));
	objects->start[objects->count++] = start;
}

static void add_word(uint64_t at, uint64_t word, void *data)
{
	(void)at;
	add(data, word);
}

void objects_words(const struct binary *binary,
		   void (*use)(uint64_t at, uint64_t word, void *data), void *data)
{
	for (size_t i = 0; !binary->movable && i < binary->nr_segments; i++) {
		const struct segment *segment = &binary->segment[i];

		for (uint64_t at = -segment->address & 7; at + 8 <= segment->size; at += 8) {
			uint64_t word;

			memcpy(&word, segment->bytes + at, sizeof(word));
			if (binary_at(binary, word, 1) &&
			    !binary_code(binary, segment->address + at))
				use(segment->address + at, word, data);
		}
	}
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void sort(struct objects *objects)
{
	size_t count = 0;

	if (objects->count)
		qsort(objects->start, objects->count, sizeof(*objects->start), by_number);
	for (size_t i = 0; i < objects->count; i++)
		if (!count || objects->start[count - 1] != objects->start[i])
			objects->start[count++] = objects->start[i];
	objects->count = count;
}

void objects_find(const struct binary *binary, const struct code *code, struct objects *objects)
{
	struct search search = { binary, objects };

	*objects = (struct objects){ 0 };
	for (size_t i = 0; i < binary->nr_segments; i++)
		add(&search, binary->segment[i].address);
	for (size_t i = 0; i < binary->nr_symbols; i++)
		if (binary->symbol[i].defined)
			add(&search, binary->symbol[i].value);
	for (size_t i = 0; i < binary->nr_pointers; i++)
		if (!binary->pointer[i].name)
			add(&search, binary->pointer[i].value);
	for (size_t i = 0; i < code->nr_events; i++)
		if (code->event[i].kind == EVENT_TAKE)
			add(&search, code->event[i].target);
	objects_words(binary, add_word, &search);
	sort(objects);
}

int64_t objects_at(const struct objects *objects, uint64_t address)
{
	size_t low = 0, high = objects->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (objects->start[middle] <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return (int64_t)low - 1;
}
