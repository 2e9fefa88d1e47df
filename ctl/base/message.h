/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages for the person, as values: the function that notices something adds a message, and
 * the verb prints it. lint looks at the messages instead.
 */
#ifndef CTL_MESSAGE_H
#define CTL_MESSAGE_H

#include <stddef.h>

/**
 * enum message_kind - severity of a message
 * @MESSAGE_ERROR: what was asked for can't be done. The other kinds tell how it was done.
 * @MESSAGE_WARNING: the result is probably not what the person wants
 * @MESSAGE_NOTE: worth knowing
 * @MESSAGE_REMARK: only of interest when looking for mistakes in a profile; messages_tell()
 *	omits it
 */
enum message_kind {
	MESSAGE_ERROR,
	MESSAGE_WARNING,
	MESSAGE_NOTE,
	MESSAGE_REMARK,
};

/**
 * struct message - one message
 * @kind: its severity
 * @code: exit code, for an error
 * @fmt: the literal from which @text was made. Messages with the same literal say the same
 *	about different things.
 * @place: where in the file: "syscalls[2].names[0]", "line 7"; "" if it concerns the whole
 *	file
 * @text: the message itself
 * @todo: what the person can do about it, or NULL
 */
struct message {
	enum message_kind kind;
	int code;
	const char *fmt;
	char *place;
	char *text;
	char *todo;
};

/**
 * struct messages - a list of messages, in the order in which they were added; empty when
 * zeroed
 * @message: the messages
 * @count: number of messages
 */
struct messages {
	struct message *message;
	size_t count;
};

/* @place and @todo are copied, and may be NULL. */
void messages_add(struct messages *messages, enum message_kind kind, const char *place,
		  const char *todo, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Adds an error; returns @code. */
int messages_fail(struct messages *messages, int code, const char *place, const char *todo,
		  const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void messages_release(struct messages *messages);

/* The first error, or NULL. */
const struct message *messages_error(const struct messages *messages);
/* "PLACE: TEXT; REMEDY", where an empty part is omitted; to be freed. */
char *message_line(const struct message *message);

/*
 * Prints the messages on stderr, each after @head (such as "dump FILE"), and releases them. If
 * there is an error, only the first error is printed. Returns its exit code, or EXIT_DONE.
 */
int messages_tell(struct messages *messages, const char *head, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* CTL_MESSAGE_H */
