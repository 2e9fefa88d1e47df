// SPDX-License-Identifier: GPL-2.0
/*
 * scmod watch: prints new and refused calls, and what becomes of policies, as it happens: a line
 * each, so that a pipe gets each as soon as it is there.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "kernel/called.h"
#include "kernel/listen.h"
#include "kernel/target.h"
#include "verbs/each.h"

/**
 * struct watch - what is watched
 * @ids, @count: the policies; all if @count is 0
 * @known: the policies by id, to name them; read again when an id is not among them
 * @lost: events that the module had lost when it was asked last
 * @json: whether each event is an object
 */
struct watch {
	uint64_t *ids;
	size_t count;
	struct policy_list known;
	uint64_t lost;
	bool json;
};

static volatile sig_atomic_t ended;

static void on_signal(int sig)
{
	(void)sig;
	ended = 1;
}

static bool is_watched(const struct watch *watch, uint64_t id)
{
	for (size_t i = 0; i < watch->count; i++)
		if (watch->ids[i] == id)
			return true;
	return !watch->count;
}

static const char *known_path(const struct watch *watch, uint64_t id)
{
	for (size_t i = 0; i < watch->known.count; i++)
		if (watch->known.policy[i].id == id)
			return watch->known.policy[i].path;
	return NULL;
}

/* The policy's path; "?" if it has been forgotten since. */
static const char *path_of(struct watch *watch, uint64_t id)
{
	const char *path = known_path(watch, id);

	if (path)
		return path;
	policy_list_release(&watch->known);
	if (scmod_list(0, false, &watch->known))
		return "?";
	path = known_path(watch, id);
	return path ? path : "?";
}

/* ---- what is printed */

/* The text has the time of day only, to leave room on the line; a person knows the day. */
static void print_time(uint64_t ns)
{
	const char *text = timestamp_text(ns);

	out_string("time", NULL, text);
	out_string(NULL, "%.10s", strchr(text, 'T') + 1);
}

static const char *word_of(const struct event *event)
{
	switch (event->type) {
	case SCMOD_EVENT_MODE:
		return "mode";
	case SCMOD_EVENT_SEEN:
	case SCMOD_EVENT_VALUE_SEEN:
		return "new";
	case SCMOD_EVENT_DENIED:
	case SCMOD_EVENT_VALUE_DENIED:
		return event->mode == SCMOD_MODE_ENFORCE ? "refused" : "reported";
	case SCMOD_EVENT_GONE:
		return "gone";
	case SCMOD_EVENT_CAME:
		return "came";
	case SCMOD_EVENT_CONFIRMED:
		return "confirmed";
	case SCMOD_EVENT_ROLLED_BACK:
		return "rolled back";
	default:
		return "unknown";
	}
}

static void print_call(const struct scmod_record *record)
{
	const char *name = sysname(record->abi, record->nr);

	out_string("abi", record->abi == SCMOD_ABI_X86_64 ? NULL : "%s:", abi_name(record->abi));
	out_string_or_null("name", "%-20s", name);
	out_number("nr", name ? NULL : "%-20" PRIu64, record->nr);
	out_string("comm", "  %s", record_comm(record));
	out_number("pid", "[%" PRIu64 "]", record->pid);
}

static void print_value(const struct scmod_value_record *record)
{
	char *text = record->selector < NR_SELECTORS ?
		     value_text(record->selector, record->value) : mem_string("?");

	out_string("abi", record->abi == SCMOD_ABI_X86_64 || record->abi >= NR_ABIS ? NULL :
		   "%s:", abi_name(record->abi < NR_ABIS ? record->abi : 0));
	out_string("value", "%-20s", text);
	out_string("comm", "  %s", value_record_comm(record));
	out_number("pid", "[%" PRIu64 "]", record->pid);
	free(text);
}

static uint64_t time_of(const struct event *event)
{
	if (event->call)
		return event->record.time_ns;
	return event->has_value ? event->value.time_ns : timestamp_now();
}

static void print_where(const char *path)
{
	const char *called = called_name(path);

	out_string("path", called ? NULL : "  %s", path);
	out_string_or_null("workload", "  %s", called);
}

static void print_event(struct watch *watch, const struct event *event)
{
	out_start(stdout, watch->json);
	out_object(NULL);
	print_time(time_of(event));
	out_string("event", "  %-8s  ", word_of(event));
	out_number("id", NULL, event->id);
	if (event->call)
		print_call(&event->record);
	else if (event->has_value)
		print_value(&event->value);
	else
		out_string("mode", "%-20s", policy_mode_name(event->mode));
	print_where(*event->path ? event->path : path_of(watch, event->id));
	out_text("\n");
	out_object_end();
	out_finish();
}

/* The module counts lost events for all listeners together. */
static void print_lost(struct watch *watch)
{
	struct module_state state;
	uint64_t count;

	if (scmod_status(&state))
		return;
	count = state.events_lost - watch->lost;
	watch->lost = state.events_lost;
	out_start(stdout, watch->json);
	out_object(NULL);
	print_time(timestamp_now());
	out_string("event", "  %-8s", "lost");
	out_number("count", "  %" PRIu64 " events; 'scmod status' shows their calls\n", count);
	out_object_end();
	out_finish();
}

/* ---- the loop */

/* Returns an exit code, or -1 to go on. */
static int take(struct watch *watch, const struct event *event, int got)
{
	if (got == 1 && is_watched(watch, event->id))
		print_event(watch, event);
	else if (got == -ENOBUFS)
		print_lost(watch);
	else if (got == -EPERM)
		return fail(EXIT_NOT_PERMITTED, "watch: this process may not listen any longer; run this as root");
	else if (got == -ESHUTDOWN)
		return fail(EXIT_NO_MODULE, "watch: the module was unloaded; run 'modprobe scmod' as root");
	else if (got < 0 && got != -EINTR)
		return fail(EXIT_FAILED, "watch: %s; run 'scmod doctor' to find the cause",
			    strerror(-got));
	/* If it fails, the reader has gone; flushed() reports it and sets the exit status. */
	return fflush(stdout) ? EXIT_FAILED : -1;
}

static int watch_events(struct watch *watch)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct event event;
	int ret = -1;

	/* Without SA_RESTART, so that the wait for an event ends. */
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	while (ret < 0 && !ended)
		ret = take(watch, &event, listen_next(&event, 1000));
	return ret < 0 ? EXIT_DONE : ret;
}

static int find_all(const struct args *args, struct watch *watch)
{
	watch->ids = mem_alloc((args->count + 1) * sizeof(*watch->ids));
	for (int i = 0; i < args->count; i++) {
		struct target target;
		int ret = target_find("watch", args->word[i], 0, &target);

		if (ret)
			return ret;
		watch->ids[watch->count++] = target.id;
		target_release(&target);
	}
	return EXIT_DONE;
}

static int begin(struct watch *watch)
{
	struct module_state state;
	int err = scmod_status(&state);

	if (!err)
		err = listen_open();
	if (err)
		return scmod_fail("watch", NULL, err);
	watch->lost = state.events_lost;
	return EXIT_DONE;
}

static int run(const struct args *args)
{
	struct watch watch = { .json = args->json };
	int ret = scmod_open();

	out_compact();
	if (!ret)
		ret = find_all(args, &watch);
	if (!ret)
		ret = begin(&watch);
	if (!ret)
		ret = watch_events(&watch);
	listen_close();
	policy_list_release(&watch.known);
	free(watch.ids);
	return ret;
}

const struct verb verb_watch = {
	.name = "watch", .group = GROUP_LOOK,
	.summary = "show new and refused calls as they come, until it is interrupted",
	.example = "scmod watch nginx podman:web",
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP, .optional = true, .many = true },
		{ 0 },
	},
	.run = run,
};
