// SPDX-License-Identifier: GPL-2.0
/* Policies as files hold them. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/sysname.h"
#include "profile/saved.h"

struct saved *saved_add(struct saved_file *file)
{
	struct saved *saved;

	file->policy = mem_grow(file->policy, file->count + 1, sizeof(*file->policy));
	saved = &file->policy[file->count++];
	*saved = (struct saved){ .action = -1, .err = -1 };
	return saved;
}

struct saved_selector *saved_selectors(void)
{
	struct saved_selector *selector = mem_alloc(NR_SELECTORS * sizeof(*selector));

	for (unsigned int i = 0; i < NR_SELECTORS; i++)
		selector[i].watch = -1;
	return selector;
}

void saved_selectors_free(struct saved_selector *selector)
{
	for (unsigned int i = 0; selector && i < NR_SELECTORS; i++)
		values_release(&selector[i].set);
	free(selector);
}

const struct saved *saved_find(const struct saved_file *file, const struct saved *like)
{
	for (size_t i = 0; i < file->count; i++) {
		const struct saved *saved = &file->policy[i];

		if (saved->once == like->once && !strcmp(saved->name, like->name))
			return saved;
	}
	return NULL;
}

void saved_release(struct saved_file *file)
{
	for (size_t i = 0; i < file->count; i++) {
		free(file->policy[i].name);
		profile_free(file->policy[i].reasons);
		saved_selectors_free(file->policy[i].selector);
	}
	free(file->policy);
	free(file->boot);
	*file = (struct saved_file){ 0 };
}

/* The numbers without a name that are not allowed. */
static struct bitmap nameless(const struct abi_sets *sets, unsigned int abi)
{
	struct bitmap set = { 0 };

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		if (!sysname(abi, nr) && !bitmap_has(&sets->allowed, nr))
			bitmap_add(&set, nr);
	return set;
}

bool saved_soft_nameless(const struct abi_sets *sets, unsigned int abi)
{
	struct bitmap set = nameless(sets, abi);

	bitmap_subtract(&set, &sets->soft);
	return !bitmap_count(&set);
}

void saved_add_soft_nameless(struct abi_sets *sets, unsigned int abi)
{
	struct bitmap set = nameless(sets, abi);

	bitmap_unite(&sets->soft, &set);
}
