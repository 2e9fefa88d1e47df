/* SPDX-License-Identifier: GPL-2.0 */
/* What the readers of the several forms have in common. For them only. */
#ifndef CTL_READING_H
#define CTL_READING_H

#include "base/error.h"
#include "base/jsonfile.h"
#include "base/message.h"
#include "profile/profile.h"
#include "read/options.h"

struct oci;

/**
 * struct reading - a file being read
 * @path: of the file
 * @options: what the caller decided
 * @messages: what there is to say of the file
 * @where: the place being looked at, such as "syscalls[2].names[0]" or "line 7"
 * @suggestions: how many names were suggested for names that are none
 * @profile: what was read so far
 */
struct reading {
	const char *path;
	const struct reader_options *options;
	struct messages *messages;
	char where[256];
	unsigned int suggestions;
	struct profile *profile;
};

/* Say what is wrong there and what to do about it. EXIT_FAILED. */
#define reading_reject(reading, todo, fmt, ...)				\
	messages_fail((reading)->messages, EXIT_FAILED, (reading)->where, todo, fmt,	\
		      ##__VA_ARGS__)

#define reading_add(reading, kind, todo, fmt, ...)			\
	messages_add((reading)->messages, kind, (reading)->where, todo, fmt, ##__VA_ARGS__)

#define reading_note(reading, fmt, ...)					\
	reading_add(reading, MESSAGE_NOTE, NULL, fmt, ##__VA_ARGS__)

/* Go to a member, or to an element; returns what reading_leave() goes back to. */
size_t reading_enter(struct reading *reading, const char *key);
size_t reading_enter_at(struct reading *reading, size_t index);
void reading_leave(struct reading *reading, size_t back);

/*
 * Goes to each element of the array at @key of @object, if there is one, and calls
 * @read there with @data, until one returns other than EXIT_DONE.
 */
int reading_each(struct reading *reading, json_object *object, const char *key,
		 int (*read)(struct reading *reading, json_object *element, void *data),
		 void *data);

/* An errno of @object, if it has one. */
int reading_errno(struct reading *reading, json_object *object, const char *key, int *err);

/* Say that no call has that name, and which has one like it. EXIT_FAILED. */
int reading_reject_name(struct reading *reading, const char *name);

/* These make a profile of what they read. */
int reading_oci(struct reading *reading, const struct oci *oci);
int reading_own(struct reading *reading, json_object *root);
int reading_list(struct reading *reading, char *text);

#endif /* CTL_READING_H */
