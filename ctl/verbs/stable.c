// SPDX-License-Identifier: GPL-2.0
/*
 * Waits until a policy that learns has seen no new call for some time. Nothing is kept here but how
 * long that has been: the record is the module's, so whoever interrupts the wait loses nothing.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "calls/sysname.h"
#include "kernel/nl.h"
#include "verbs/each.h"
#include "verbs/options.h"
#include "verbs/span.h"
#include "verbs/stable.h"

#define STABLE_STANDARD	"2m"
#define MAX_STANDARD	"1h"

/* How often the record is looked at. */
#define LOOK_MS		500
/* Where no terminal is, a line is printed at most so often. */
#define LINE_MS		10000

/**
 * struct stable - a wait; times in milliseconds of CLOCK_MONOTONIC
 * @path: the policy's, for messages
 * @window, @max: how long nothing must be new, and how long that is waited for
 * @began: when the wait began
 * @changed: when a call was new last, or the policy had no cgroup
 * @seen: how many calls were seen
 * @last: "openat by nginx[12]": the call that was new last; or NULL
 * @printed: when a line was printed last
 * @said: the number of calls in it
 */
struct stable {
	const char *path;
	int64_t window;
	int64_t max;
	int64_t began;
	int64_t changed;
	unsigned int seen;
	char *last;
	int64_t printed;
	unsigned int said;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

/* ---- one look */

static char *describe(const struct scmod_record *record)
{
	char text[SYSNAME_TEXT_MAX];

	return mem_print("%s by %s[%" PRIu32 "]", sysname_text(record->abi, record->nr, text),
			 record_comm(record), record->pid);
}

static char *newest(const struct policy *policy)
{
	const struct scmod_record *found = policy_newest(policy, SCMOD_RECORD_SEEN);

	return found ? describe(found) : NULL;
}

/* Without a cgroup of the policy's name no call can be new, so that time does not count. */
static void take(struct stable *stable, const struct policy *policy)
{
	unsigned int seen = policy_count_of(policy, seen);

	if (seen != stable->seen || policy_waiting(policy))
		stable->changed = timestamp_monotonic();
	stable->seen = seen;
	free(stable->last);
	stable->last = newest(policy);
}

static int look(struct stable *stable, uint64_t id)
{
	struct policy_list list;
	int err = scmod_list(id, true, &list);
	int ret = EXIT_DONE;

	if (err)
		return scmod_fail("learn", stable->path, err);
	if (list.policy[0].mode != SCMOD_MODE_LEARN)
		ret = fail(EXIT_FAILED, "learn %s: the policy was set to mode %s while this waited; run this again to go on",
			   stable->path, policy_mode_name(list.policy[0].mode));
	else
		take(stable, &list.policy[0]);
	policy_list_release(&list);
	return ret;
}

/* ---- the line of progress */

static char *progress(const struct stable *stable, int64_t now)
{
	char *time = mem_string(span_text((now - stable->began) / 1000));
	char *quiet = mem_string(span_text((now - stable->changed) / 1000));
	const char *last = stable->last ? stable->last : "";
	char *line = mem_print("learn %s: %s: %u calls seen, nothing new for %s of %s%s%s",
			       stable->path, time, stable->seen, quiet,
			       span_text(stable->window / 1000), *last ? "; last: " : "", last);

	free(quiet);
	free(time);
	return printable(line);
}

/* Without a terminal, print a line only if a call is new, and at most every LINE_MS. */
static bool is_too_much(const struct stable *stable, int64_t now)
{
	return stable->printed &&
	       (stable->said == stable->seen || now - stable->printed < LINE_MS);
}

/* On a terminal, each line overwrites the one before. */
static void show(struct stable *stable, const struct args *args, bool last)
{
	bool terminal = isatty(STDERR_FILENO);
	int64_t now = timestamp_monotonic();
	char *line;

	if (args->value[OPT_QUIET] || (!terminal && !last && is_too_much(stable, now)))
		return;
	line = progress(stable, now);
	if (terminal)
		fprintf(stderr, "\r\033[K%s%s", line, last ? "\n" : "");
	else
		fprintf(stderr, "scmod: %s\n", line);
	free(line);
	stable->printed = now;
	stable->said = stable->seen;
}

/* ---- the wait */

static bool is_stable(const struct stable *stable)
{
	return stable->seen && timestamp_monotonic() - stable->changed >= stable->window;
}

static int gave_up(const struct stable *stable, const char *why)
{
	return fail(EXIT_FAILED, "learn %s: %s; learning goes on: run this again to go on waiting, or 'scmod off' to end it",
		    stable->path, why);
}

static int wait_for(struct stable *stable, const struct args *args, uint64_t id)
{
	struct sigaction action = { .sa_handler = on_signal };
	int ret;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	for (ret = look(stable, id); !ret && !is_stable(stable); ret = look(stable, id)) {
		if (interrupted || timestamp_monotonic() - stable->began >= stable->max)
			break;
		show(stable, args, false);
		usleep(LOOK_MS * 1000);
	}
	if (!ret)
		show(stable, args, true);
	if (ret || is_stable(stable))
		return ret;
	return gave_up(stable, interrupted ? "interrupted" : "not stable in the time of --max");
}

/* ---- what follows */

static int do_then(const struct args *args, const char *path)
{
	const char *then = args->value[OPT_THEN];
	const char *words[] = { path, NULL };
	struct args other = { .verbs = args->verbs, .word = words, .count = 1, .json = args->json };

	if (!then)
		return EXIT_DONE;
	other.value[OPT_FAMILIES] = args->value[OPT_FAMILIES];
	if (!strcmp(then, "dump")) {
		other.value[OPT_OUTPUT] = args->word[1];
		other.json = false;
	}
	other.verb = !strcmp(then, "dump") ? &verb_dump :
		     !strcmp(then, "enforce") ? &verb_enforce : &verb_complain;
	return other.verb->run(&other);
}

static int read_span(const char *name, const char *text, const char *standard, int64_t *ms)
{
	uint64_t seconds;

	if (!text || !*text)
		text = standard;
	if (!span_value(text, &seconds))
		return fail(EXIT_USAGE, "learn: --%s '%s' is not a time; give a number and s, m, h or d, such as %s",
			    name, text, standard);
	*ms = seconds * 1000;
	return EXIT_DONE;
}

static int read_spans(const struct args *args, struct stable *stable)
{
	int ret = read_span("until-stable", args->value[OPT_UNTIL_STABLE], STABLE_STANDARD,
			    &stable->window);

	return ret ? ret : read_span("max", args->value[OPT_MAX], MAX_STANDARD, &stable->max);
}

int stable_check(const struct args *args)
{
	const char *then = args->value[OPT_THEN];
	struct stable stable;

	if (args->word[1] && (!then || strcmp(then, "dump")))
		return fail(EXIT_USAGE, "learn: '%s' is one word too many: a FILE is written by --then dump only; see 'scmod help learn'",
			    args->word[1]);
	return read_spans(args, &stable);
}

int stable_wait(const struct args *args, uint64_t id, const char *path)
{
	struct stable stable = { .path = path, .began = timestamp_monotonic() };
	int ret;

	if (!args->value[OPT_UNTIL_STABLE])
		return EXIT_DONE;
	stable.changed = stable.began;
	ret = read_spans(args, &stable);
	fflush(stdout);
	if (!ret)
		ret = wait_for(&stable, args, id);
	free(stable.last);
	return ret ? ret : do_then(args, path);
}

const struct opt opt_until_stable = {
	.id = OPT_UNTIL_STABLE, .name = "until-stable", .arg = "TIME", .maybe = true,
	.standard = STABLE_STANDARD,
	.text = "Wait until no call was made for the first time for so long, and show how far that has come. The programs must do meanwhile what they do later. If the wait is interrupted, learning goes on.",
};

const struct opt opt_max = {
	.id = OPT_MAX, .name = "max", .arg = "TIME", .standard = MAX_STANDARD,
	.text = "Wait no longer than this; then the exit status is 1, and learning goes on.",
};

const struct opt opt_then = {
	.id = OPT_THEN, .name = "then", .values = "complain|enforce|dump",
	.standard = "to go on learning",
	.text = "What to do when the wait is over: run the verb of that name. 'dump' writes to FILE, or to standard output if there is none.",
};
