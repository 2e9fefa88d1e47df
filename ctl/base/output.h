/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prints text and JSON by the same calls. Each call has a JSON key and a text format; if one of
 * them is NULL, nothing is printed in that form. Inside an array the key is json_item.
 */
#ifndef CTL_OUTPUT_H
#define CTL_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* The key of an element of an array: the element is printed without a key. */
extern const char json_item[];

void out_start(FILE *to, bool json);
/* Write errors show only when the stream is flushed or closed. */
void out_finish(void);

/* From now on each JSON document is one line. */
void out_compact(void);

/* From now on nothing is printed to standard output; and again what is printed. */
void out_mute(void);
void out_unmute(void);

/**
 * enum colour - colour of text on a terminal. Not used if NO_COLOR is set.
 * @COLOUR_NONE: ends a coloured text
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
/* Prints @text if @value is true. */
void out_bool(const char *key, const char *text, bool value);
void out_null(const char *key, const char *text);
/* out_string(), or out_null() without a text if @value is NULL. */
void out_string_or_null(const char *key, const char *fmt, const char *value);
/* Prints in text form only. */
void out_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* CTL_OUTPUT_H */
