/* SPDX-License-Identifier: GPL-2.0 */
/* What a file is that is no profile which this tool reads. */
#ifndef CTL_KIND_H
#define CTL_KIND_H

#include <stddef.h>

#include <json-c/json.h>

/**
 * struct kind - a sort of file that people give in the place of a profile
 * @what: it is: "it is ..."
 * @todo: what to give instead
 */
struct kind {
	const char *what;
	const char *todo;
};

/* Each is NULL if it is none of the known ones. */

/* By its first bytes: what is no text, or no text that is read. */
const struct kind *kind_of_bytes(const char *data, size_t len);
/* Of a text that is neither JSON nor a list of names. */
const struct kind *kind_of_text(const char *text);
/* Of JSON that is no profile. */
const struct kind *kind_of_json(json_object *root);

#endif /* CTL_KIND_H */
