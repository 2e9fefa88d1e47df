/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random sets of calls that are known: processes and threads that fork, execute and end at
 * the same time, each of which makes exactly the calls that were drawn for it.
 */
#ifndef SELFTESTS_GENERATE_H
#define SELFTESTS_GENERATE_H

#include "calls/bitmap.h"
#include "lib.h"

struct work;

/* Room for @count processes, in memory that all share; NULL if there is none. */
struct work *generate_new(unsigned int count);
void generate_free(struct work *work, unsigned int count);

/* Draw, by rand(), what each shall do, and add the calls of all to @want. */
void generate_draw(struct work *work, unsigned int count, struct bitmap *want);

/* Start them in @cg, and wait for our own children; 0 or a negative errno value. */
int generate_run(struct work *work, unsigned int count, const struct cg *cg);

/* Wait until all tasks of the cgroup, grandchildren too, have ended. */
bool generate_ended(const struct cg *cg);

#endif /* SELFTESTS_GENERATE_H */
