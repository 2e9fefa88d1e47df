// SPDX-License-Identifier: GPL-2.0
/* Finds what the files that were gathered can reach, in the sealed child, and tells the parent. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "infer/survey.h"

/* Limit of the files' contents that are read, in bytes. Chromium has 240 MiB. */
#define MOST_BYTES		(256UL * 1024 * 1024)
/*
 * Limit of the instructions that are decoded, 5 million in a second. PostgreSQL with its libraries
 * has 6 million, a server in Go 11 million, Chromium 60 million.
 */
#define MOST_INSTRUCTIONS	(16UL * 1024 * 1024)
/* Limit of the entries of all tables, with 32 bytes or less. PostgreSQL has 1.3 million. */
#define MOST_ENTRIES		(4UL * 1024 * 1024)

static int by_size(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/*
 * Once, when it sorts more than 1 KiB, qsort() of glibc asks the kernel how much memory there is,
 * which a sealed process may not.
 */
void survey_prepare(void)
{
	size_t numbers[512] = { 0 };

	qsort(numbers, sizeof(numbers) / sizeof(numbers[0]), sizeof(numbers[0]), by_size);
}

/* Shows the parent that the work goes on. */
static void tick(void *data)
{
	const struct gather *gather = data;

	gather->progress->step++;
}

static void send(const struct gather *gather, const struct ceiling *ceiling)
{
	unsigned int nr;

	bitmap_for_each(nr, &ceiling->calls)
		packet_send_text(gather->to, PACKET_WAY, PACKET_NO_FILE, nr, ceiling->way[nr]);
	packet_send_text(gather->to, PACKET_CEILING, ceiling->starts, ceiling->state,
			 ceiling->what);
}

void survey_files(struct gather *gather)
{
	struct ceiling_file *file = mem_alloc((gather->count + 1) * sizeof(*file));
	struct limits limits = {
		.bytes = MOST_BYTES, .instructions = MOST_INSTRUCTIONS, .entries = MOST_ENTRIES,
		.tick = tick, .data = gather,
	};
	struct ceiling ceiling = { .state = gather->gap };
	size_t count = 0;

	memcpy(ceiling.what, gather->gap_at, sizeof(ceiling.what));
	for (uint32_t i = 0; i < gather->count; i++)
		if (gather->fd[i] >= 0)
			file[count++] = (struct ceiling_file){
				gather->fd[i], gather->path[i], gather->is_program[i],
			};
	if (gather->gap == CEILING_COMPLETE)
		ceiling_find(file, count, &limits, &ceiling);
	send(gather, &ceiling);
	ceiling_release(&ceiling);
	free(file);
}
