// SPDX-License-Identifier: GPL-2.0
/*
 * scmod oci-hook: what container runtimes run when a container starts, and when it has stopped.
 * They show a hook's messages to nobody if it succeeds, so these also go to the system's log.
 */
#include <syslog.h>

#include <linux/scmod.h>

#include "base/error.h"
#include "verbs/each.h"
#include "verbs/oci_policy.h"

static void to_log(const char *line)
{
	syslog(LOG_NOTICE, "%s", line);
}

/* The container is started all the same, unless it is to be enforced. */
static int not_started(const struct oci_state *state, const struct oci_wish *wish, int ret)
{
	if (!ret)
		return EXIT_DONE;
	if (wish->mode == SCMOD_MODE_ENFORCE)
		return fail(ret, "oci-hook %s: the container can't be enforced, so it must not start",
			    state->id);
	warn("oci-hook %s: the container starts, but %s", state->id,
	     wish->mode == SCMOD_MODE_LEARN ? "is not learned" : "no call is reported");
	return EXIT_DONE;
}

static int hook(struct oci_state *state)
{
	struct oci_wish wish;
	int ret = oci_wish_read(state, &wish);

	if (!ret && wish.mode != SCMOD_MODE_OFF && state->stopped)
		ret = oci_policy_stop(state, &wish);
	else if (!ret && wish.mode != SCMOD_MODE_OFF)
		ret = not_started(state, &wish, oci_policy_start(state, &wish));
	oci_wish_release(&wish);
	return ret;
}

static int run(const struct args *args)
{
	struct oci_state state;
	int ret;

	(void)args;
	openlog("scmod-oci-hook", LOG_PID, LOG_DAEMON);
	messages_also(to_log);
	ret = oci_state_read(&state);
	if (!ret)
		ret = hook(&state);
	oci_state_release(&state);
	return ret;
}

const struct verb verb_oci_hook = {
	.name = "oci-hook", .group = GROUP_TOOL,
	.summary = "learn or enforce a container from its first instruction, as its annotations say",
	.example = "scmod oci-hook <state.json", .mute = true,
	.run = run,
};
