/* SPDX-License-Identifier: GPL-2.0 */
/* Sends one request to the module and receives its answer. Only nl.c uses this. */
#ifndef CTL_EXCHANGE_H
#define CTL_EXCHANGE_H

#include <stdbool.h>

#include <netlink/netlink.h>

/**
 * struct exchange - a request and the state of its answer
 * @done: the answer has ended, normally or with an error
 * @interrupted: the dumped policies changed during the dump
 * @err: the first error, from the kernel or from @message; 0 if there was none
 * @messages: number of messages received, without the one that ends the answer
 * @message: called for each message, until it returns a negative errno value
 * @arg: passed to @message
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

/* A new request to the module, with room for attributes; NULL if out of memory. */
struct nl_msg *exchange_request(int cmd, int flags);
/* Sends and frees @msg, then waits for the end of the answer. Returns 0 or @exchange->err. */
int exchange_run(struct nl_msg *msg, struct exchange *exchange);

/* The kernel's message about the last error; empty if there was none. */
struct exchange_words {
	char text[256];
};

/*
 * Another request overwrites these words. To keep them, read them before it and set them
 * again after it.
 */
struct exchange_words exchange_words(void);
void exchange_set_words(struct exchange_words former);

/* The same, or the C library's words for @err. Holds until the next request. */
const char *exchange_reason(int err);

#endif /* CTL_EXCHANGE_H */
