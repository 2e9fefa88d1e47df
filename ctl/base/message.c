// SPDX-License-Identifier: GPL-2.0
/* Messages for the person, as values. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/message.h"

/* Limits a message: its text may hold names from files, which can be megabytes long. */
#define TEXT_MAX 4096

static void add(struct messages *messages, struct message message, const char *place,
		const char *todo, va_list args)
{
	char text[TEXT_MAX];

	vsnprintf(text, sizeof(text), message.fmt, args);
	message.place = mem_string(place ? place : "");
	message.text = mem_string(text);
	message.todo = mem_string(todo);
	messages->message = mem_grow(messages->message, messages->count + 1,
				     sizeof(*messages->message));
	messages->message[messages->count++] = message;
}

void messages_add(struct messages *messages, enum message_kind kind, const char *place,
		  const char *todo, const char *fmt, ...)
{
	struct message message = { .kind = kind, .code = EXIT_FAILED, .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	add(messages, message, place, todo, args);
	va_end(args);
}

int messages_fail(struct messages *messages, int code, const char *place, const char *todo,
		  const char *fmt, ...)
{
	struct message message = { .kind = MESSAGE_ERROR, .code = code, .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	add(messages, message, place, todo, args);
	va_end(args);
	return code;
}

void messages_release(struct messages *messages)
{
	for (size_t i = 0; i < messages->count; i++) {
		free(messages->message[i].place);
		free(messages->message[i].text);
		free(messages->message[i].todo);
	}
	free(messages->message);
	*messages = (struct messages){ 0 };
}

const struct message *messages_error(const struct messages *messages)
{
	for (size_t i = 0; i < messages->count; i++)
		if (messages->message[i].kind == MESSAGE_ERROR)
			return &messages->message[i];
	return NULL;
}

char *message_line(const struct message *message)
{
	return mem_print("%s%s%s%s%s", message->place, *message->place ? ": " : "", message->text,
			 message->todo ? "; " : "", message->todo ? message->todo : "");
}

static void tell(const struct message *message, const char *head)
{
	char *line = message_line(message);

	if (message->kind == MESSAGE_ERROR)
		fail(message->code, "%s: %s", head, line);
	else if (message->kind == MESSAGE_WARNING)
		warn("%s: %s", head, line);
	else if (message->kind == MESSAGE_NOTE)
		note_kind(message->fmt, "%s: %s", head, line);
	free(line);
}

int messages_tell(struct messages *messages, const char *head, ...)
{
	const struct message *error = messages_error(messages);
	int code = error ? error->code : EXIT_DONE;
	char text[TEXT_MAX];
	va_list args;

	va_start(args, head);
	vsnprintf(text, sizeof(text), head, args);
	va_end(args);
	if (error)
		tell(error, text);
	for (size_t i = 0; !error && i < messages->count; i++)
		tell(&messages->message[i], text);
	messages_release(messages);
	return code;
}
