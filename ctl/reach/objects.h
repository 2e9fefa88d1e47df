/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of an image's data that code refers to as a whole: variables and tables. */
#ifndef CTL_OBJECTS_H
#define CTL_OBJECTS_H

#include "reach/code.h"

/**
 * struct objects - the parts of the data
 * @start: where they begin, in order of addresses; each ends where the next one begins
 * @count: number of them
 */
struct objects {
	uint64_t *start;
	size_t count;
};

/* Finds the objects. Free @objects->start with free(). */
void objects_find(const struct binary *binary, const struct code *code, struct objects *objects);
/* The number of the object that holds the address, which is in data; or -1. */
int64_t objects_at(const struct objects *objects, uint64_t address);

/*
 * Calls @use for each word of data of a binary that is not movable that may be a pointer, because
 * it is an address in the binary: there, the loader sets none.
 */
void objects_words(const struct binary *binary,
		   void (*use)(uint64_t at, uint64_t word, void *data), void *data);

#endif /* CTL_OBJECTS_H */
