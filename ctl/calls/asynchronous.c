// SPDX-License-Identifier: GPL-2.0
/* Asynchronous ways around calls that are refused. */
#include <stdlib.h>

#include "base/memory.h"
#include "calls/asynchronous.h"
#include "calls/multiplexer.h"

/* See IOCB_CMD_* in linux/aio_abi.h; io_submit() takes the flags of preadv2() and pwritev2(). */
static const char *const submitted[] = {
	"fdatasync", "fsync", "poll", "pread64", "preadv", "preadv2", "pwrite64", "pwritev",
	"pwritev2", "read", "readv", "write", "writev", NULL,
};

/*
 * @by: the calls that lead there. A ring of io_uring may be older than the policy or come from
 * outside, so io_uring_enter() is enough; and with a thread of the kernel that polls the ring,
 * io_uring_setup() is.
 * @makes: what is done; NULL: what io_uring does
 */
static const struct {
	const char *by[2];
	const char *const *makes;
} ways[] = {
	{ { "io_submit", "io_submit" }, submitted },
	{ { "io_uring_enter", "io_uring_setup" }, NULL },
};

static char *refused(const struct async_judge *judge, const char *const *calls)
{
	char *list = NULL;

	for (; *calls; calls++)
		if (judge->refuses(*calls, judge->data))
			mem_list(&list, "%s", *calls);
	return list;
}

bool async_next(const struct async_judge *judge, size_t *at, struct async_way *way)
{
	while (*at < sizeof(ways) / sizeof(ways[0])) {
		size_t i = (*at)++;
		const char *const *by = ways[i].by;
		const char *const *makes = ways[i].makes;

		way->by = judge->allows(by[0], judge->data) ? by[0] :
			  judge->allows(by[1], judge->data) ? by[1] : NULL;
		if (!way->by)
			continue;
		way->unseen = !makes;
		way->makes = refused(judge, makes ? makes : multiplexer_makes("io_uring_setup"));
		if (way->makes)
			return true;
	}
	return false;
}
