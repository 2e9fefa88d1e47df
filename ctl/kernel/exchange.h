/* SPDX-License-Identifier: GPL-2.0 */
/* One request to the module and its answer. Only nl.c uses this. */
#ifndef CTL_EXCHANGE_H
#define CTL_EXCHANGE_H

#include <stdbool.h>

#include <netlink/netlink.h>

/**
 * struct exchange - a request that is being answered
 * @done: the end of the answer, or the error that ends it, has arrived
 * @interrupted: what is dumped changed while it was dumped
 * @err: the first error: the kernel's or one of @message; 0 if none
 * @messages: how many arrived, without the one that ends the answer
 * @message: gets each of them, until it returns a negative errno value
 * @arg: for @message
 */
struct exchange {
	bool done;
	bool interrupted;
	int err;
	unsigned int messages;
	int (*message)(struct nlmsghdr *hdr, void *arg);
	void *arg;
};

/* Connect, anew if need be, and find the module; 0 or a negative errno value. */
int exchange_open(void);
void exchange_close(void);

/* A request to the module, with room for attributes; NULL if there is no memory. */
struct nl_msg *exchange_request(int cmd, int flags);
/* Sends @msg, which it frees, and waits for the end of the answer: 0 or @exchange->err. */
int exchange_run(struct nl_msg *msg, struct exchange *exchange);

/* What the kernel said in words of the last error; empty if nothing. */
struct exchange_words {
	char text[256];
};

/* Taken before another request, which overwrites them, and put back behind it. */
struct exchange_words exchange_words(void);
void exchange_set_words(struct exchange_words former);

/* The same, or the C library's words for @err. Holds until the next request. */
const char *exchange_reason(int err);

#endif /* CTL_EXCHANGE_H */
