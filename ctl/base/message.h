/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a part of the tool has to tell the person, as a value: it travels up to the verb,
 * which prints it or, as lint does, looks at it.
 */
#ifndef CTL_MESSAGE_H
#define CTL_MESSAGE_H

#include <stddef.h>

/**
 * enum message_kind - what sort of message it is
 * @MESSAGE_ERROR: what was asked for can't be done; the others are about how it was done
 * @MESSAGE_WARNING: the person will probably not want that
 * @MESSAGE_NOTE: worth knowing
 * @MESSAGE_REMARK: of interest only to who looks for mistakes; messages_tell() leaves it out
 */
enum message_kind {
	MESSAGE_ERROR,
	MESSAGE_WARNING,
	MESSAGE_NOTE,
	MESSAGE_REMARK,
};

/**
 * struct message - one message
 * @kind: what sort
 * @code: of an error: the exit code
 * @fmt: the literal that @text was made of; messages with the same one say the same of
 *	different things
 * @place: where in the file: "syscalls[2].names[0]", "line 7"; "" if it is about all of it
 * @text: what there is to say
 * @todo: what to do about it, or NULL
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
 * struct messages - in the order in which they were added; zeroed: none
 * @message: they
 * @count: how many
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
/* "PLACE: TEXT; TODO", without what is not there; to be freed. */
char *message_line(const struct message *message);

/*
 * Print them on stderr, each behind @head, such as "dump FILE", and forget them. If one is
 * an error, only the first error is printed. Returns its exit code, or EXIT_DONE.
 */
int messages_tell(struct messages *messages, const char *head, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* CTL_MESSAGE_H */
