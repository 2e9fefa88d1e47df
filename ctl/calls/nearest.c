// SPDX-License-Identifier: GPL-2.0
/* Suggests the call that was probably meant by a misspelt name. */
#include <stdbool.h>
#include <string.h>

#include "calls/nearest.h"
#include "calls/sets.h"
#include "calls/sysname.h"

/* No call has a longer name than this. */
#define NAME_MAX_LEN 64

static unsigned int min(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static size_t difference(size_t a, size_t b)
{
	return a < b ? b - a : a - b;
}

/* How many letters must be changed, added or dropped to turn @a into @b; ignores case. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[NAME_MAX_LEN + 1];
	size_t len = strlen(b);

	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		unsigned int corner = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < len; j++) {
			char letter = a[i] >= 'A' && a[i] <= 'Z' ? a[i] - 'A' + 'a' : a[i];
			unsigned int above = row[j + 1];

			row[j + 1] = min(corner + (letter != b[j]), min(above, row[j]) + 1);
			corner = above;
		}
	}
	return row[len];
}

/* The length of @name without the digits at its end, and without the "at" before these. */
static size_t stem(const char *name)
{
	size_t len = strlen(name);

	while (len && strchr("0123456789", name[len - 1]))
		len--;
	if (len > 2 && !memcmp(name + len - 2, "at", 2))
		len -= 2;
	return len;
}

/*
 * Whether @name is what the kernel's developers would call a successor of @call: openat3 after
 * openat2, listxattrat after listxattr. Such a name is more likely a call that is newer than
 * this tool than a misspelt one.
 */
static bool succeeds(const char *name, const char *call)
{
	size_t len = stem(name);

	return strlen(name) >= strlen(call) && len && len == stem(call) &&
	       !memcmp(name, call, len);
}

const char *nearest_call(const char *name)
{
	/*
	 * Changing half the letters of a short name makes it another name, so allow fewer
	 * changes.
	 */
	unsigned int best = strlen(name) < 6 ? 2 : 3;
	const char *found = NULL;

	if (strlen(name) > NAME_MAX_LEN)
		return NULL;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			const char *call = sysname(abi, nr);

			if (!call || strlen(call) > NAME_MAX_LEN ||
			    difference(strlen(call), strlen(name)) >= best ||
			    distance(name, call) >= best)
				continue;
			best = distance(name, call);
			found = call;
		}
	return found && !succeeds(name, found) ? found : NULL;
}
