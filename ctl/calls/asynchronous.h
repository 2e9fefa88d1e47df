/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Asynchronous ways: calls that hand work to the kernel, which it then does without the system
 * calls that stand for that work. Whoever refuses those must refuse these, too.
 */
#ifndef CTL_ASYNCHRONOUS_H
#define CTL_ASYNCHRONOUS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct async_judge - what a profile or a policy does with calls
 * @allows: whether it allows the call
 * @refuses: whether it refuses the call in earnest, not with ENOSYS so that its callers fall
 *	back on another
 * @data: passed to both
 */
struct async_judge {
	bool (*allows)(const char *call, void *data);
	bool (*refuses)(const char *call, void *data);
	void *data;
};

/**
 * struct async_way - an asynchronous way that is open
 * @by: the call that is allowed
 * @unseen: whether it is io_uring, which does so much that it is never inferred
 * @makes: what is refused, but can be done by it: names separated by ", "; to be freed
 */
struct async_way {
	const char *by;
	bool unseen;
	char *makes;
};

/*
 * Stores in @way the first way from number *@at on that is open although calls are refused for
 * which it stands; advances *@at. Begin with 0. Returns false after the last one.
 */
bool async_next(const struct async_judge *judge, size_t *at, struct async_way *way);

#endif /* CTL_ASYNCHRONOUS_H */
