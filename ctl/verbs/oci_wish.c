// SPDX-License-Identifier: GPL-2.0
/* Reads what a container's annotations ask for. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/scmod.h>

#include "base/error.h"
#include "base/file.h"
#include "base/jsonfile.h"
#include "base/memory.h"
#include "kernel/runs.h"
#include "read/reader.h"
#include "verbs/oci_wish.h"
#include "verbs/options.h"
#include "write/format.h"

/* The annotation of oci-seccomp-bpf-hook. */
#define TRACE	"io.containers.trace-syscall"
#define OWN	"io.scmod."

static int wrong(const struct oci_state *state, const char *key, const char *value, const char *why)
{
	return fail(EXIT_USAGE, "oci-hook %s: annotation %s=%s: %s", state->id, key, value, why);
}

/* The path without blanks around it; to be freed. NULL if it is not absolute. */
static char *path_in(const char *text, size_t len)
{
	while (len && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	return len && *text == '/' ? mem_print("%.*s", (int)len, text) : NULL;
}

/* If two annotations ask for a mode, that is an error: which of them is meant is not known. */
static int set_mode(const struct oci_state *state, struct oci_wish *wish, const char *key,
		    const char *value, int mode)
{
	if (wish->mode != SCMOD_MODE_OFF)
		return wrong(state, key, value, "another annotation asks for a mode already; a container has one");
	wish->mode = mode;
	return EXIT_DONE;
}

/* ---- io.containers.trace-syscall */

static int read_part(const struct oci_state *state, struct oci_wish *wish, const char *value,
		     const char *part, size_t len)
{
	bool input = len >= 3 && !memcmp(part, "if:", 3);
	char **path = input ? &wish->base : &wish->file;

	if (!input && (len < 3 || memcmp(part, "of:", 3)))
		return wrong(state, TRACE, value, "each part must begin with 'if:' or 'of:'");
	free(*path);
	*path = path_in(part + 3, len - 3);
	return *path ? EXIT_DONE : wrong(state, TRACE, value, "paths must be absolute");
}

/* A profile that can't be read now is not there at the end, either. */
static int check_base(const struct oci_state *state, const char *path)
{
	struct messages messages = { 0 };
	char *text = file_read(path, READER_MAX);
	json_object *json;

	if (!text)
		return fail(EXIT_USAGE, "oci-hook %s: if:%s: %s; give a profile that exists",
			    state->id, path, strerror(errno));
	json = json_whole(text, &messages);
	if (json && !json_object_is_type(json, json_type_object))
		messages_fail(&messages, EXIT_USAGE, NULL, "give a profile", "not a JSON object");
	free(text);
	json_object_put(json);
	return messages_tell(&messages, "oci-hook %s: if:%s", state->id, path);
}

static int read_trace(const struct oci_state *state, struct oci_wish *wish, const char *key,
		      const char *value)
{
	const char *part = value;
	int ret = set_mode(state, wish, key, value, SCMOD_MODE_LEARN);

	for (unsigned int parts = 1; !ret; parts++) {
		size_t len = strcspn(part, ";");

		if (parts > 2)
			ret = wrong(state, key, value, "more than one semicolon");
		else
			ret = read_part(state, wish, value, part, len);
		if (!part[len])
			break;
		part += len + 1;
	}
	if (!ret && !wish->file)
		ret = wrong(state, key, value, "an output file (of:) is needed");
	if (!ret && wish->base)
		ret = check_base(state, wish->base);
	return ret;
}

/* ---- our own */

static int read_learn(const struct oci_state *state, struct oci_wish *wish, const char *key,
		      const char *value)
{
	int ret = set_mode(state, wish, key, value, SCMOD_MODE_LEARN);

	if (ret || !strcmp(value, "true"))
		return ret;
	wish->file = path_in(value, strlen(value));
	return wish->file ? EXIT_DONE :
	       wrong(state, key, value, "give the absolute path of the file to be written, or true");
}

/* The value is the path of a profile, or a name under which containers were learned. */
static int read_judge(const struct oci_state *state, struct oci_wish *wish, const char *key,
		      const char *value, int mode)
{
	int ret = set_mode(state, wish, key, value, mode);

	if (ret)
		return ret;
	wish->profile = path_in(value, strlen(value));
	if (!wish->profile && !run_name_valid(value))
		return wrong(state, key, value, "give the absolute path of a profile, or a name that io.scmod.name gave to a record");
	if (!wish->profile)
		wish->profile = mem_print(OCI_STORE_DIR "/%s.json", value);
	return EXIT_DONE;
}

static int read_complain(const struct oci_state *state, struct oci_wish *wish, const char *key,
			 const char *value)
{
	return read_judge(state, wish, key, value, SCMOD_MODE_COMPLAIN);
}

static int read_enforce(const struct oci_state *state, struct oci_wish *wish, const char *key,
			const char *value)
{
	return read_judge(state, wish, key, value, SCMOD_MODE_ENFORCE);
}

static int read_name(const struct oci_state *state, struct oci_wish *wish, const char *key,
		     const char *value)
{
	if (!run_name_valid(value))
		return wrong(state, key, value, "give a name of letters, digits, '_', '.' and '-', which begins with none of the last two");
	wish->name = mem_string(value);
	return EXIT_DONE;
}

static int read_format(const struct oci_state *state, struct oci_wish *wish, const char *key,
		       const char *value)
{
	const struct format *format = format_find(value);

	if (!format)
		return wrong(state, key, value, "not a form that 'scmod dump --format' knows");
	wish->format = format->name;
	return EXIT_DONE;
}

static int read_args(const struct oci_state *state, struct oci_wish *wish, const char *key,
		     const char *value)
{
	struct reader_options options;

	(void)key;
	(void)state;
	wish->args = value;
	return reader_parse_options("oci-hook", value, NULL, &options);
}

static int read_keep(const struct oci_state *state, struct oci_wish *wish, const char *key,
		     const char *value)
{
	wish->keep = !strcmp(value, "true");
	if (!wish->keep && strcmp(value, "false"))
		return wrong(state, key, value, "give true or false");
	return EXIT_DONE;
}

static const struct reader {
	const char *key;
	int (*read)(const struct oci_state *state, struct oci_wish *wish, const char *key,
		    const char *value);
} readers[] = {
	{ TRACE, read_trace },
	{ OWN "learn", read_learn },
	{ OWN "complain", read_complain },
	{ OWN "enforce", read_enforce },
	{ OWN "name", read_name },
	{ OWN "format", read_format },
	{ OWN "args", read_args },
	{ OWN "keep", read_keep },
};

static int read_one(const struct oci_state *state, struct oci_wish *wish, const char *key,
		    const char *value)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (strcmp(readers[i].key, key))
			continue;
		if (!value)
			return wrong(state, key, "?", "the value is no text");
		return readers[i].read(state, wish, key, value);
	}
	if (!strncmp(key, OWN, strlen(OWN)))
		return wrong(state, key, value ? value : "?", "no annotation of scmod has that name; scmod(8) lists them under CONTAINERS");
	return EXIT_DONE;
}

/* Which of them have no effect with the mode. */
static int check(const struct oci_state *state, struct oci_wish *wish)
{
	if (wish->mode == SCMOD_MODE_OFF && wish->name)
		wish->mode = SCMOD_MODE_LEARN;
	if (wish->name && wish->mode != SCMOD_MODE_LEARN)
		return wrong(state, OWN "name", wish->name, "it names what is learned, and this container is not to be learned");
	if (wish->mode == SCMOD_MODE_LEARN && !wish->file && !wish->name)
		wish->keep = true;
	if (!wish->format)
		wish->format = "oci";
	if (wish->base && strcmp(wish->format, "oci"))
		return wrong(state, OWN "format", wish->format, "a profile that begins with another one (if:) has that one's form");
	return EXIT_DONE;
}

int oci_wish_read(const struct oci_state *state, struct oci_wish *wish)
{
	int ret = EXIT_DONE;

	*wish = (struct oci_wish){ .mode = SCMOD_MODE_OFF };
	json_object_object_foreach(state->annotations, key, value) {
		if (!ret)
			ret = read_one(state, wish, key, json_text(value));
	}
	return ret ? ret : check(state, wish);
}

void oci_wish_release(struct oci_wish *wish)
{
	free(wish->file);
	free(wish->base);
	free(wish->name);
	free(wish->profile);
	*wish = (struct oci_wish){ 0 };
}
