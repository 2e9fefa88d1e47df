/* SPDX-License-Identifier: GPL-2.0 */
/* Recognizes files that are not profiles the tool can read. */
#ifndef CTL_KIND_H
#define CTL_KIND_H

#include <stddef.h>

#include <json-c/json.h>

/**
 * struct kind - a kind of file that people give by mistake instead of a profile
 * @what: what the file is: "it is ..."
 * @todo: what to give instead
 */
struct kind {
	const char *what;
	const char *todo;
};

/* The functions below return NULL if the file is of no known kind. */

/* Recognizes the file by its first bytes: binary files, and text in other encodings. */
const struct kind *kind_of_bytes(const char *data, size_t len);
/* Recognizes a text that is neither JSON nor a list of names. */
const struct kind *kind_of_text(const char *text);
/* Recognizes JSON that is not a profile. */
const struct kind *kind_of_json(json_object *root);

#endif /* CTL_KIND_H */
