/* SPDX-License-Identifier: GPL-2.0 */
/* What the readers of the several forms have in common. For them only. */
#ifndef CTL_READING_H
#define CTL_READING_H

#include "base/error.h"
#include "base/jsonfile.h"
#include "read/reader.h"

/**
 * struct reading - a file being read
 * @what: goes before the path in messages
 * @path: of the file
 * @options: what the caller decided
 * @where: path of the JSON value being looked at, such as "syscalls[2].names[0]"
 * @profile: what was read so far
 */
struct reading {
	const char *what;
	const char *path;
	const struct reader_options *options;
	char where[256];
	struct profile *profile;
};

/* Say what is wrong, and where. EXIT_FAILED. */
#define reading_reject(reading, fmt, ...)				\
	fail(EXIT_FAILED, "%s %s: %s%s" fmt, (reading)->what,		\
	     (reading)->path, (reading)->where,				\
	     *(reading)->where ? ": " : "", ##__VA_ARGS__)

#define reading_note(reading, fmt, ...)					\
	note("%s %s: %s%s" fmt, (reading)->what, (reading)->path,	\
	     (reading)->where, *(reading)->where ? ": " : "", ##__VA_ARGS__)

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

int reading_oci(struct reading *reading, json_object *root);
int reading_own(struct reading *reading, json_object *root);
int reading_list(struct reading *reading, char *text);

#endif /* CTL_READING_H */
