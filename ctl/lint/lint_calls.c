// SPDX-License-Identifier: GPL-2.0
/* Checks which calls a profile allows and refuses, whatever its form. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/errname.h"
#include "calls/asynchronous.h"
#include "calls/dangerous.h"
#include "calls/lifeline.h"
#include "calls/soft.h"
#include "calls/sysname.h"
#include "infer/runtime.h"
#include "lint/lint.h"

/*
 * A call, and another call that does the same: refusing the first is useless if the second is
 * allowed.
 */
static const struct {
	const char *refused;
	const char *allowed;
} standin[] = {
	{ "chmod", "fchmodat" }, { "chown", "fchownat" }, { "clone", "clone3" },
	{ "clone3", "clone" }, { "execve", "execveat" }, { "fchmodat", "fchmodat2" },
	{ "finit_module", "init_module" }, { "init_module", "finit_module" },
	{ "kexec_file_load", "kexec_load" }, { "kexec_load", "kexec_file_load" },
	{ "mount", "fsmount" }, { "mount", "move_mount" }, { "open", "openat" },
	{ "openat", "openat2" }, { "rename", "renameat2" }, { "unlink", "unlinkat" },
	{ "unshare", "clone3" },
};

void verdicts_free(struct verdicts *verdicts)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			free(verdicts->call[abi][nr].where);
	free(verdicts);
}

static const struct verdict *verdict_of(const struct verdicts *verdicts, const char *name)
{
	static const struct verdict unknown = { .err = ENOSYS };
	int nr = sysname_number(SCMOD_ABI_X86_64, name);

	return nr < 0 ? &unknown : &verdicts->call[SCMOD_ABI_X86_64][nr];
}

static bool allowed(const struct verdicts *verdicts, const char *name)
{
	return !verdict_of(verdicts, name)->err;
}

const char *verdict_place(const struct verdict *verdict)
{
	return verdict->where ? verdict->where : "defaultAction";
}

static const char *answer(int err)
{
	return err == PROFILE_KILLS ? "the end of the process" : errname(err);
}

static void check_lifelines(struct lint *lint, const struct verdicts *verdicts)
{
	struct bitmap set = lifeline_set(SCMOD_ABI_X86_64);
	unsigned int nr;

	bitmap_for_each(nr, &set) {
		const struct verdict *verdict = &verdicts->call[SCMOD_ABI_X86_64][nr];
		const char *name = sysname(SCMOD_ABI_X86_64, nr);

		if (verdict->err)
			lint_add(lint, MESSAGE_ERROR, verdict_place(verdict), "allow it",
				 "'%s' is not allowed: %s", name, lifeline_reason(name));
	}
	if (!allowed(verdicts, "execve") && !verdict_of(verdicts, "execve")->partly)
		lint_add(lint, MESSAGE_WARNING, verdict_place(verdict_of(verdicts, "execve")),
			 "allow it, unless the program itself loads the filter",
			 "'execve' is not allowed: container runtimes and systemd load the filter before they execute the program");
}

/*
 * Another errno than ENOSYS breaks few programs where only privileged ones make the call, or
 * where most callers take any error.
 */
static enum message_kind hard_severity(const char *name)
{
	static const char *const mild[] = {
		"cachestat", "fsopen", "io_uring_enter", "io_uring_register", "io_uring_setup",
		"listmount", "map_shadow_stack", "mount_setattr", "open_tree", "process_madvise",
		"statmount",
	};

	if (!strcmp(name, "clone3"))
		return MESSAGE_ERROR;
	for (size_t i = 0; i < sizeof(mild) / sizeof(mild[0]); i++)
		if (!strcmp(mild[i], name))
			return MESSAGE_REMARK;
	return MESSAGE_WARNING;
}

/* No program gets to these calls if io_uring_setup, which must come first, is refused. */
static bool is_unreached(const struct verdicts *verdicts, const char *name)
{
	return (!strcmp(name, "io_uring_enter") || !strcmp(name, "io_uring_register")) &&
	       !allowed(verdicts, "io_uring_setup");
}

/* What to do where a soft call is refused with another errno than ENOSYS. */
static const char *remedy_of(const char *name)
{
	return runtime_calls("any", RUNTIME_FILTER, name, NULL, 0) ?
	       "allow it, because container runtimes make it after they load the filter" :
	       "refuse it with ENOSYS (errnoRet 38), or allow it";
}

static void check_soft(struct lint *lint, const struct verdicts *verdicts)
{
	struct bitmap set = soft_set(SCMOD_ABI_X86_64);
	unsigned int nr;

	bitmap_for_each(nr, &set) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);
		const struct verdict *verdict = &verdicts->call[SCMOD_ABI_X86_64][nr];

		if (!verdict->err || verdict->err == ENOSYS || is_unreached(verdicts, name))
			continue;
		lint_add(lint, hard_severity(name), verdict_place(verdict),
			 remedy_of(name),
			 "'%s' is refused with %s; with ENOSYS, programs would work without it: %s",
			 name, answer(verdict->err), soft_reason(name));
	}
}

static void tell_dangerous(struct lint *lint, const char *where, const struct dangerous *call)
{
	switch (call->danger) {
	case DANGER_GREAT:
	case DANGER_SOME:
		lint_add(lint,
			 call->danger == DANGER_GREAT ? MESSAGE_WARNING : MESSAGE_REMARK, where,
			 "refuse it unless the program needs it",
			 "'%s' is allowed: it %s", call->name, call->why);
		break;
	case DANGER_MOOT:
		lint_add(lint, MESSAGE_REMARK, where, "refuse it unless the program needs it",
			 "'%s' is allowed, so refusing other calls is moot: it %s",
			 call->name, call->why);
		break;
	case DANGER_UNSEEN:
		lint_add(lint, MESSAGE_WARNING, where, "refuse it with ENOSYS",
			 "'%s' is allowed: it %s", call->name, call->why);
		break;
	case DANGER_QUIET:
		break;
	}
}

static void check_dangerous(struct lint *lint, const struct verdicts *verdicts)
{
	for (size_t i = 0; i < nr_dangerous_calls; i++) {
		const struct dangerous *call = &dangerous_calls[i];

		if (allowed(verdicts, call->name))
			tell_dangerous(lint, verdict_place(verdict_of(verdicts, call->name)), call);
	}
}

/*
 * Whether the author meant to refuse just this call: not if only the default action refuses
 * it; and ENOSYS is meant to send programs to the stand-in.
 */
static bool is_meant(const struct verdict *refused)
{
	return refused->where && refused->err && refused->err != ENOSYS;
}

static void tell_standin(struct lint *lint, const struct verdict *refused, const char *name,
			 const char *other)
{
	lint_add(lint, MESSAGE_WARNING, refused->where, "refuse both, or neither",
		 "'%s' is refused, but '%s' is allowed and does the same", name, other);
}

static void check_standins(struct lint *lint, const struct verdicts *verdicts)
{
	for (size_t i = 0; i < sizeof(standin) / sizeof(standin[0]); i++) {
		const struct verdict *refused = verdict_of(verdicts, standin[i].refused);

		if (is_meant(refused) && allowed(verdicts, standin[i].allowed))
			tell_standin(lint, refused, standin[i].refused, standin[i].allowed);
	}
}

/* What the functions below look at; @meant: whether a rule refuses one of the calls by name. */
struct refusals {
	const struct verdicts *verdicts;
	bool meant;
};

static bool async_allows(const char *call, void *data)
{
	const struct refusals *refusals = data;

	return allowed(refusals->verdicts, call);
}

static bool async_refuses(const char *call, void *data)
{
	struct refusals *refusals = data;
	const struct verdict *verdict = verdict_of(refusals->verdicts, call);

	if (!verdict->err || (verdict->err == ENOSYS && (soft_reason(call) || soft_newer(call))))
		return false;
	refusals->meant |= is_meant(verdict);
	return true;
}

/*
 * Programs with asynchronous I/O seldom make all calls for which it stands, so what no rule
 * names is only remarked; but what io_uring does, neither scmod nor a filter sees.
 */
static void check_asynchronous(struct lint *lint, const struct verdicts *verdicts)
{
	struct refusals refusals = { .verdicts = verdicts };
	const struct async_judge judge = { async_allows, async_refuses, &refusals };
	struct async_way way;

	for (size_t at = 0; async_next(&judge, &at, &way); refusals.meant = false) {
		lint_add(lint, way.unseen || refusals.meant ? MESSAGE_WARNING : MESSAGE_REMARK,
			 verdict_place(verdict_of(verdicts, way.by)), "refuse it, or allow these, too",
			 "'%s' is allowed, and can do what these calls do, which are refused: %s",
			 way.by, way.makes);
		free(way.makes);
	}
}

void lint_calls(struct lint *lint, const struct verdicts *verdicts)
{
	check_lifelines(lint, verdicts);
	check_soft(lint, verdicts);
	check_dangerous(lint, verdicts);
	check_standins(lint, verdicts);
	check_asynchronous(lint, verdicts);
}
