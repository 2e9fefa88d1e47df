/* SPDX-License-Identifier: GPL-2.0 */
/* Who defines a symbol that other images use. */
#ifndef CTL_EXPORTS_H
#define CTL_EXPORTS_H

#include "reach/member.h"

struct exports;

/* A table of what all members define; never NULL. Free with exports_free(). */
struct exports *exports_new(const struct graph *graph);
void exports_free(struct exports *exports);

/*
 * Calls @use for each definition of @name. Which of several is meant depends on the order of
 * libraries, on versions and on namespaces, so all of them count.
 */
void exports_find(const struct exports *exports, const char *name,
		  void (*use)(const struct member *member, const struct symbol *symbol,
			      void *data), void *data);

#endif /* CTL_EXPORTS_H */
