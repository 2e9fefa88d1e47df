// SPDX-License-Identifier: GPL-2.0
/* Reads what a container runtime tells a hook on standard input. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/jsonfile.h"
#include "base/memory.h"
#include "verbs/oci_state.h"

/* The most of a state, and of a container's configuration, that is read. */
#define STATE_MAX	(1024 * 1024)
#define CONFIG_MAX	(16 * 1024 * 1024)

static const char how[] =
	"container runtimes run this as a hook, with a container's state on standard input";

/* "-" is standard input. Prints errors; NULL then. */
static json_object *read_json(const char *path, size_t max)
{
	const char *name = file_is_stream(path) ? "standard input" : path;
	struct messages messages = { 0 };
	char *text = file_read(path, max);
	json_object *object;

	if (!text) {
		fail(EXIT_FAILED, "oci-hook: %s: %s; %s", name, strerror(errno), how);
		return NULL;
	}
	object = json_whole(text, &messages);
	messages_tell(&messages, "oci-hook: %s", name);
	free(text);
	return object;
}

/* Ids are file names here, so what runtimes allow in ids is checked again. */
static bool is_id(const char *id)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";

	return id && *id && *id != '.' && strlen(id) < NAME_MAX - 16 && !id[strspn(id, letters)];
}

static json_object *member(json_object *object, const char *key)
{
	json_object *value = NULL;

	if (json_object_is_type(object, json_type_object))
		json_object_object_get_ex(object, key, &value);
	return value;
}

/* The container's configuration; NULL if it can't be read, which is reported. */
static json_object *read_config(struct oci_state *state)
{
	char *path;

	if (state->config || !state->bundle)
		return state->config;
	path = mem_print("%s/config.json", state->bundle);
	state->config = read_json(path, CONFIG_MAX);
	free(path);
	return state->config;
}

char *oci_state_caps(struct oci_state *state)
{
	json_object *all = member(member(read_config(state), "process"), "capabilities");
	json_object *bounding = member(all, "bounding");
	char *caps = mem_string("");

	if (!json_object_is_type(bounding, json_type_array))
		return caps;
	for (size_t i = 0; i < json_object_array_length(bounding); i++) {
		const char *cap = json_text(json_object_array_get_idx(bounding, i));
		char *more = mem_print("%s%s%s", caps, *caps ? "," : "", cap ? cap : "");

		free(caps);
		caps = more;
	}
	return caps;
}

static int read_members(struct oci_state *state)
{
	const char *status = json_text_of(state->state, "status");
	json_object *pid = member(state->state, "pid");

	state->id = json_text_of(state->state, "id");
	if (!is_id(state->id))
		return fail(EXIT_FAILED, "oci-hook: the state has no id of a container; %s", how);
	if (json_object_is_type(pid, json_type_int) && json_object_get_int64(pid) > 0 &&
	    json_object_get_int64(pid) <= INT_MAX)
		state->pid = json_object_get_int64(pid);
	state->stopped = status && !strcmp(status, "stopped");
	if (!state->stopped && !state->pid)
		return fail(EXIT_FAILED, "oci-hook %s: the state has neither a process id nor the status 'stopped'; use the hook at the stages prestart and poststop",
			    state->id);
	state->annotations = member(state->state, "annotations");
	state->bundle = json_text_of(state->state, "bundle");
	/* When a container has stopped, its configuration may be gone. */
	if (!json_object_is_type(state->annotations, json_type_object))
		state->annotations = member(read_config(state), "annotations");
	if (!json_object_is_type(state->annotations, json_type_object))
		return fail(EXIT_FAILED, "oci-hook %s: neither the state nor the container's config.json has annotations; use the hook for containers with annotations",
			    state->id);
	return EXIT_DONE;
}

int oci_state_read(struct oci_state *state)
{
	*state = (struct oci_state){ 0 };
	state->state = read_json("-", STATE_MAX);
	return state->state ? read_members(state) : EXIT_FAILED;
}

void oci_state_release(struct oci_state *state)
{
	json_object_put(state->state);
	json_object_put(state->config);
	*state = (struct oci_state){ 0 };
}
