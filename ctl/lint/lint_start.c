// SPDX-License-Identifier: GPL-2.0
/*
 * Checks whether programs can start under a profile: which calls are refused that every
 * program of a kind makes before its main().
 *
 * Measured with strace -f, by ABI, of programs that do nothing, and of programs that start
 * one thread: glibc 2.36 of Debian 12, 2.41 of Debian 13 and 2.43 of Debian testing, musl 1.2.3
 * and Go 1.19 (without cgo) of Debian 12; those of i386 on Debian's 6.1. Each call was then
 * made to fail, by strace's inject: without arch_prctl (set_thread_area on i386), close, fstat,
 * mmap, mprotect, openat, pread64 and read no dynamic program of glibc gets to main(); without
 * the others it goes on with less: no robust mutexes, a stack of a guessed size, and so on.
 * What a program of musl needs depends on its libraries, too; this is what all of them need.
 * Left out are calls whose failure costs nothing (access and readlink), and soft calls (rseq,
 * getrandom, statx), of which lint_calls.c tells.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/sysname.h"
#include "lint/lint.h"

/* More calls than one program makes: the profile is meant for any program. */
#define GENERAL 200

/**
 * struct starter - a kind of program
 * @abi: its ABI
 * @name: what it is linked with, for messages
 * @calls: the calls of its start. "A|B" is either of two: versions differ.
 * @threads: what it calls beside these to start a thread; the C++ library makes one of them
 *	(futex) in any case
 */
struct starter {
	unsigned int abi;
	const char *name;
	const char *calls[16];
	const char *threads[8];
};

static const struct starter starters[] = {
	{ SCMOD_ABI_X86_64, "glibc", {
		"arch_prctl", "brk", "close", "fstat|newfstatat", "mmap", "mprotect", "munmap",
		"openat", "pread64", "prlimit64", "read", "set_robust_list", "set_tid_address",
	}, { "clone|clone3", "futex", "madvise", "rt_sigaction", "rt_sigprocmask" } },
	{ SCMOD_ABI_X86_64, "musl", {
		"arch_prctl", "brk", "mmap", "mprotect", "set_tid_address",
	}, { "clone", "futex", "munmap", "rt_sigprocmask" } },
	{ SCMOD_ABI_X86_64, "Go", {
		"arch_prctl", "clone", "close", "futex", "gettid", "madvise", "mmap", "openat",
		"read", "rt_sigaction", "rt_sigprocmask", "sched_getaffinity", "sigaltstack",
	}, { NULL } },
	{ SCMOD_ABI_I386, "glibc", {
		"brk", "close", "mmap2", "mprotect", "munmap", "openat", "prlimit64|ugetrlimit",
		"read", "set_robust_list", "set_thread_area", "set_tid_address",
	}, { "clone|clone3", "futex", "madvise", "rt_sigaction", "rt_sigprocmask" } },
	{ SCMOD_ABI_I386, "musl", {
		"brk", "mmap2", "mprotect", "set_thread_area", "set_tid_address",
	}, { "clone", "futex", "munmap", "rt_sigprocmask" } },
	{ SCMOD_ABI_I386, "Go", {
		"brk", "clone", "close", "futex", "gettid", "mmap2", "open|openat", "read",
		"rt_sigaction", "rt_sigprocmask", "sched_getaffinity", "set_thread_area",
		"sigaltstack",
	}, { NULL } },
};

/**
 * struct starts - what was found of the starts of one ABI's programs
 * @list: what they lack, or NULL
 * @some: programs of at least one kind can start
 * @first: the first call that is lacking
 */
struct starts {
	char *list;
	bool some;
	const struct verdict *first;
};

static const struct verdict *verdict_of(const struct verdicts *verdicts, unsigned int abi,
					const char *name, size_t len)
{
	char call[64];
	int nr;

	snprintf(call, sizeof(call), "%.*s", (int)len, name);
	nr = sysname_number(abi, call);
	return nr < 0 ? NULL : &verdicts->call[abi][nr];
}

/* A call that is allowed for some arguments counts: a start may well give just these. */
static bool passes(const struct verdict *verdict)
{
	return verdict && (!verdict->err || verdict->partly);
}

/* The verdict on the call if it is refused, and so is the other one of "A|B"; or NULL. */
static const struct verdict *refusal(const struct verdicts *verdicts, unsigned int abi,
				     const char *names)
{
	size_t len = strcspn(names, "|");
	const char *other = names[len] ? names + len + 1 : names;
	const struct verdict *verdict = verdict_of(verdicts, abi, names, len);

	if (passes(verdict) || passes(verdict_of(verdicts, abi, other, strlen(other))))
		return NULL;
	return verdict;
}

/* Adds "; glibc: a, b or c" to the list. Returns whether any call is lacking. */
static bool add_lacking(struct starts *starts, const struct verdicts *verdicts,
			const struct starter *starter, const char *with,
			const char *const *calls)
{
	bool any = false;

	for (; *calls; calls++) {
		const struct verdict *verdict = refusal(verdicts, starter->abi, *calls);
		int len = strcspn(*calls, "|");
		char *longer;

		if (!verdict)
			continue;
		longer = mem_print("%s%s%s%s%.*s%s%s", starts->list ? starts->list : "",
				   any ? ", " : starts->list ? "; " : "",
				   any ? "" : starter->name, any ? "" : with, len, *calls,
				   (*calls)[len] ? " or " : "",
				   (*calls)[len] ? *calls + len + 1 : "");
		free(starts->list);
		starts->list = longer;
		if (!starts->first)
			starts->first = verdict;
		any = true;
	}
	return any;
}

static void check_starter(struct starts *starts, const struct verdicts *verdicts,
			  const struct starter *starter)
{
	starts->some |= !add_lacking(starts, verdicts, starter, ": ", starter->calls);
	add_lacking(starts, verdicts, starter, " with threads: ", starter->threads);
}

static unsigned int count_allowed(const struct verdicts *verdicts, unsigned int abi)
{
	unsigned int count = 0;

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		count += sysname(abi, nr) && !verdicts->call[abi][nr].err;
	return count;
}

/*
 * A profile may be made for programs of one kind, which do without what those of another kind
 * need. So it is a mistake if no kind can start, or if the profile is meant for any program;
 * and 32-bit programs may be meant to be kept from starting.
 */
static enum message_kind severity(const struct verdicts *verdicts, unsigned int abi,
				  const struct starts *starts)
{
	if (abi != SCMOD_ABI_X86_64 && verdicts->covers[SCMOD_ABI_X86_64])
		return MESSAGE_REMARK;
	if (starts->some && count_allowed(verdicts, abi) <= GENERAL)
		return MESSAGE_REMARK;
	return MESSAGE_WARNING;
}

static void check_abi(struct lint *lint, const struct verdicts *verdicts, unsigned int abi)
{
	struct starts starts = { 0 };

	for (size_t i = 0; i < sizeof(starters) / sizeof(starters[0]); i++)
		if (starters[i].abi == abi)
			check_starter(&starts, verdicts, &starters[i]);
	if (starts.list)
		lint_add(lint, severity(verdicts, abi, &starts),
			 verdict_place(starts.first),
			 "allow what the programs need that are to run under the profile",
			 "%s programs make calls at their start that the profile refuses (%s)",
			 abi_name(abi), starts.list);
	free(starts.list);
}

void lint_start(struct lint *lint, const struct verdicts *verdicts)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (verdicts->covers[abi])
			check_abi(lint, verdicts, abi);
}
