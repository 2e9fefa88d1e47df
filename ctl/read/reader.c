// SPDX-License-Identifier: GPL-2.0
/*
 * Reads profiles. What a policy can't express is never silently dropped: it is an error that
 * names it, or a note that says how it was approximated.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "read/kind.h"
#include "read/oci.h"
#include "read/reader.h"
#include "read/reading.h"

static int reject_kind(struct reading *reading, const struct kind *kind)
{
	return reading_reject(reading, kind->todo, "%s", kind->what);
}

/* If @keep is not NULL, stores the collected contents there and makes no profile. */
static int read_oci(struct reading *reading, json_object *root, struct oci **keep)
{
	struct oci *oci = oci_collect(root, reading->options->caps, reading->messages);
	const struct message *error = messages_error(reading->messages);
	int ret = error ? error->code : EXIT_DONE;

	if (keep) {
		*keep = oci;
		return ret;
	}
	if (!ret)
		ret = reading_oci(reading, oci);
	oci_free(oci);
	return ret;
}

static int read_json(struct reading *reading, const char *text, struct oci **keep)
{
	json_object *root = json_whole(text, reading->messages);
	const struct kind *kind;
	int ret;

	if (!root) {
		/*
		 * Text such as "[Unit]" was taken for JSON because of its first character;
		 * say what it really is.
		 */
		kind = kind_of_text(text);
		if (kind)
			messages_release(reading->messages);
		return kind ? reject_kind(reading, kind) : EXIT_FAILED;
	}
	kind = kind_of_json(root);
	if (!kind && !json_says_something(root, "format"))
		return read_oci(reading, root, keep);
	ret = kind ? reject_kind(reading, kind) : reading_own(reading, root);
	json_object_put(root);
	return ret;
}

/*
 * If the file is of another kind, report only that, instead of an error for each of its
 * lines.
 */
static int read_list(struct reading *reading, char *text)
{
	const struct kind *kind = NULL;
	char *copy = strdup(text);
	int ret = reading_list(reading, text);

	if (ret && copy)
		kind = kind_of_text(copy);
	free(copy);
	if (!kind)
		return ret;
	messages_release(reading->messages);
	return reject_kind(reading, kind);
}

static int read_bytes(struct reading *reading, char *text, size_t len, struct oci **keep)
{
	const struct kind *kind = kind_of_bytes(text, len);
	char first = text[strspn(text, " \t\r\n")];

	if (kind)
		return reject_kind(reading, kind);
	if (!first)
		return reading_reject(reading, "give a profile that allows something", "the file is empty");
	if (first == '{' || first == '[')
		return read_json(reading, text, keep);
	return read_list(reading, text);
}

static int read_file(const char *path, char *text, size_t len,
		     const struct reader_options *options, struct messages *messages,
		     struct profile **profile, struct oci **keep)
{
	static const struct reader_options none;
	struct reading reading = {
		.path = path, .options = options ? options : &none, .messages = messages,
		.profile = profile_new(),
	};
	int ret = read_bytes(&reading, text, len, keep);

	*profile = reading.profile;
	if (ret || (keep && *keep)) {
		profile_free(reading.profile);
		*profile = NULL;
	}
	return ret;
}

int profile_read_text(const char *path, char *text, size_t len,
		      const struct reader_options *options, struct messages *messages,
		      struct profile **profile)
{
	return read_file(path, text, len, options, messages, profile, NULL);
}

int profile_read(const char *path, const struct reader_options *options,
		 struct messages *messages, struct profile **profile)
{
	size_t len;
	char *text = file_read_bytes(path, READER_MAX, &len);
	int ret;

	*profile = NULL;
	if (!text)
		return messages_fail(messages, exit_code_of(errno), NULL,
				     "give a profile that can be read", "%s", strerror(errno));
	ret = read_file(path, text, len, options, messages, profile, NULL);
	free(text);
	return ret;
}

int profile_inspect(const char *path, char *text, size_t len, struct messages *messages,
		    struct profile **profile, struct oci **oci)
{
	*oci = NULL;
	return read_file(path, text, len, NULL, messages, profile, oci);
}
