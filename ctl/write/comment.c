// SPDX-License-Identifier: GPL-2.0
/* Writes the comment lines at the head of a profile that say where it comes from. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "write/comment.h"

static void write_origin(FILE *to, const struct profile_origin *origin)
{
	char *name = mem_string(origin->path ? origin->path : origin->file ? origin->file : "?");

	/* YAML must be UTF-8 in comments, too. */
	utf8_mend(name);
	fprintf(to, "# system calls of %s%s", origin->path ? "cgroup " : "", printable(name));
	if (origin->path)
		fprintf(to, ", id %" PRIu64, origin->id);
	if (origin->created)
		fprintf(to, ", since %s", timestamp_text(origin->created));
	fprintf(to, "\n");
	if (origin->partial)
		fprintf(to, "# " PROFILE_PARTIAL_WHY "\n");
	free(name);
}

void comment_write(const struct output *out)
{
	for (size_t i = 0; i < out->profile->nr_origins; i++)
		write_origin(out->to, &out->profile->origin[i]);
}
