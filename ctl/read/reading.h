/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the readers of the different forms; not for others. */
#ifndef CTL_READING_H
#define CTL_READING_H

#include "base/error.h"
#include "base/jsonfile.h"
#include "base/message.h"
#include "profile/profile.h"
#include "read/options.h"

struct oci;

/**
 * struct reading - state of reading a file
 * @path: path of the file
 * @options: the caller's settings
 * @messages: errors and notes about the file
 * @where: the current place, such as "syscalls[2].names[0]" or "line 7"
 * @suggestions: how many unknown names got a suggestion
 * @profile: what has been read so far
 */
struct reading {
	const char *path;
	const struct reader_options *options;
	struct messages *messages;
	char where[256];
	unsigned int suggestions;
	struct profile *profile;
};

/* Reports an error at the current place and what to do about it. Evaluates to EXIT_FAILED. */
#define reading_reject(reading, todo, fmt, ...)				\
	messages_fail((reading)->messages, EXIT_FAILED, (reading)->where, todo, fmt,	\
		      ##__VA_ARGS__)

#define reading_add(reading, kind, todo, fmt, ...)			\
	messages_add((reading)->messages, kind, (reading)->where, todo, fmt, ##__VA_ARGS__)

#define reading_note(reading, fmt, ...)					\
	reading_add(reading, MESSAGE_NOTE, NULL, fmt, ##__VA_ARGS__)

/* Enter a member or an element; return the place to give to reading_leave(). */
size_t reading_enter(struct reading *reading, const char *key);
size_t reading_enter_at(struct reading *reading, size_t index);
void reading_leave(struct reading *reading, size_t back);

/*
 * Calls @read with @data for each element of the array at @key of @object, until a call returns
 * something other than EXIT_DONE. Does nothing if there is no such key.
 */
int reading_each(struct reading *reading, json_object *object, const char *key,
		 int (*read)(struct reading *reading, json_object *element, void *data),
		 void *data);

/* Fails if @object is no object, or has a key that is not among @keys (ended by NULL). */
int reading_only_keys(struct reading *reading, json_object *object, const char *const *keys);

/* Read a value of @object, if it has that key; otherwise NULL, false, or what was there before. */
int reading_string(struct reading *reading, json_object *object, const char *key,
		   const char **text);
int reading_flag(struct reading *reading, json_object *object, const char *key, bool *flag);
int reading_action(struct reading *reading, json_object *object, int *action);
/* Reads an errno of @object, if it has one. */
int reading_errno(struct reading *reading, json_object *object, const char *key, int *err);

/* Reports that no call has that name, and suggests a similar one. Returns EXIT_FAILED. */
int reading_reject_name(struct reading *reading, const char *name);

/* These turn the contents of a file into a profile. */
int reading_oci(struct reading *reading, const struct oci *oci);
int reading_own(struct reading *reading, json_object *root);
int reading_list(struct reading *reading, char *text);

#endif /* CTL_READING_H */
