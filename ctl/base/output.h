/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One print path for text and JSON. A value is printed by one call that has
 * both its JSON key and its text format; either may be NULL: not in that form.
 * Inside an array a value or object has json_item for a key.
 */
#ifndef CTL_OUTPUT_H
#define CTL_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* For arrays' elements: printed, without a key. */
extern const char json_item[];

void out_start(FILE *to, bool json);
/* Whether all of it could be written shows when the stream is flushed or closed. */
void out_finish(void);

/* From now on nothing is printed to standard output. */
void out_mute(void);

/**
 * enum colour - of text on a terminal, where NO_COLOR is not set; else there is none
 * @COLOUR_NONE: what every coloured text ends with
 */
enum colour {
	COLOUR_NONE,
	COLOUR_RED,
	COLOUR_GREEN,
	COLOUR_YELLOW,
};

void out_colour(enum colour colour);

void out_object(const char *key);
void out_object_end(void);
void out_array(const char *key);
void out_array_end(void);

void out_string(const char *key, const char *fmt, const char *value);
void out_number(const char *key, const char *fmt, uint64_t value);
void out_signed(const char *key, const char *fmt, int value);
/* @text is printed if it is true. */
void out_bool(const char *key, const char *text, bool value);
void out_null(const char *key, const char *text);
/* Only in text. */
void out_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* CTL_OUTPUT_H */
