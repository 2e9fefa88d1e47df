// SPDX-License-Identifier: GPL-2.0
/*
 * Writes the BPF program that the kernel runs, made by libseccomp: in binary form, as it is
 * loaded, or as text (PFC). The program keeps the ABIs apart.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "calls/sysname.h"
#include "write/rules.h"

static int failed(const struct output *out, const char *what, int err)
{
	return messages_fail(out->messages, EXIT_FAILED, NULL, "try another --format",
			     "libseccomp: %s: %s", what, strerror(-err));
}

static uint32_t action_of(int answer)
{
	if (answer == PROFILE_KILLS)
		return SCMP_ACT_KILL_PROCESS;
	return answer ? SCMP_ACT_ERRNO(answer) : SCMP_ACT_ALLOW;
}

static uint32_t default_action(const struct profile *profile)
{
	return action_of(profile_fallback(profile));
}

/*
 * libseccomp's rules take the number of the call on this machine's native ABI, whatever ABI
 * they are for.
 */
static int rule_number(unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);

	if (abi == SCMOD_ABI_X86_64)
		return nr;
	return name ? seccomp_syscall_resolve_name(name) : __NR_SCMP_ERROR;
}

/* @tests: comparisons of arguments; NULL for all arguments. */
static int add_call(const struct output *out, scmp_filter_ctx filter, unsigned int abi,
		    unsigned int nr, uint32_t action, const struct argument_tests *tests)
{
	struct scmp_arg_cmp compare[ARGUMENTS_MAX];
	size_t count = tests ? tests->count : 0;
	int number = rule_number(abi, nr), err;
	char text[SYSNAME_TEXT_MAX];

	for (size_t i = 0; i < count; i++)
		compare[i] = (struct scmp_arg_cmp){
			tests->test[i].index, SCMP_CMP_MASKED_EQ, tests->test[i].mask,
			tests->test[i].bits };
	err = number == __NR_SCMP_ERROR ? -EDOM :
	      seccomp_rule_add_array(filter, action, number, count, compare);

	/* libseccomp has no such number: the call is newer than its table. */
	if (err == -EDOM || err == -EFAULT) {
		if (action == SCMP_ACT_ALLOW)
			messages_add(out->messages, MESSAGE_NOTE, NULL, NULL,
				     "libseccomp does not know %s:%s; the call is left out, so the filter refuses it",
				     abi_name(abi), sysname_text(abi, nr, text));
		return EXIT_DONE;
	}
	return err ? failed(out, sysname_text(abi, nr, text), err) : EXIT_DONE;
}

/* Adds the rules of a call whose values are listed. */
static int add_values(const struct output *out, scmp_filter_ctx filter, unsigned int abi,
		      unsigned int nr)
{
	size_t count;
	struct answer_value *values = rules_values(out->profile, selector_of(abi, nr),
						   sysname(abi, nr),
						   profile_fallback(out->profile), &count);
	int ret = EXIT_DONE;

	for (size_t i = 0; !ret && i < count; i++)
		ret = add_call(out, filter, abi, nr, action_of(values[i].err),
			       &values[i].tests);
	free(values);
	return ret;
}

static bool has_values(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	int selector = selector_of(abi, nr);

	return selector >= 0 && profile->values[selector].listed &&
	       profile_allows(profile, abi, nr);
}

/* The rule must be there before those that it overrides: see rules_multiplexed(). */
static int refuse_multiplexer(const struct output *out, scmp_filter_ctx filter, unsigned int abi)
{
	for (unsigned int nr = 0; abi == SCMOD_ABI_I386 && nr < SCMOD_NR_BITS; nr++)
		if (has_values(out->profile, abi, nr) &&
		    rules_multiplexed(out->profile, sysname(abi, nr)))
			return add_call(out, filter, abi, sysname_number(abi, "socketcall"),
					SCMP_ACT_ERRNO(rules_multiplexer_errno(out->profile)),
					NULL);
	return EXIT_DONE;
}

static bool has_soft(const struct profile *profile)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			if (profile_at(profile, abi, nr)->state == PROFILE_SOFT)
				return true;
	return false;
}

/*
 * If the profile answers newer calls with ENOSYS, those that are still to come get the same
 * answer, as they do from a policy. libseccomp takes their numbers for x86_64 only.
 */
static int add_calls(const struct output *out, scmp_filter_ctx filter, unsigned int abi)
{
	uint32_t fallback = default_action(out->profile);
	bool soft = has_soft(out->profile);
	int ret = refuse_multiplexer(out, filter, abi);

	for (unsigned int nr = 0; !ret && nr < SCMOD_NR_BITS; nr++) {
		int answer = profile_answer(out->profile, abi, nr);
		uint32_t action;

		if (soft && profile_unknown(out->profile, abi, nr))
			answer = ENOSYS;
		action = action_of(answer);
		if (has_values(out->profile, abi, nr))
			ret = add_values(out, filter, abi, nr);
		else if (action != fallback)
			ret = add_call(out, filter, abi, nr, action, NULL);
	}
	return ret;
}

/* Attributes of each ABI's part; libseccomp merges only filters with equal attributes. */
static int set_attributes(const struct output *out, scmp_filter_ctx filter)
{
	int err = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, default_action(out->profile));

	if (!err)
		err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return err ? failed(out, "attributes", err) : EXIT_DONE;
}

/* Makes a filter for that ABI alone; NULL on failure. */
static scmp_filter_ctx make_part(const struct output *out, unsigned int abi)
{
	scmp_filter_ctx filter = seccomp_init(default_action(out->profile));
	int err = filter ? 0 : -ENOMEM;

	if (!err)
		err = seccomp_arch_remove(filter, SCMP_ARCH_NATIVE);
	if (!err)
		err = seccomp_arch_add(filter, abi_token(abi));
	if (err)
		failed(out, abi_name(abi), err);
	if (err || set_attributes(out, filter) || add_calls(out, filter, abi)) {
		seccomp_release(filter);
		return NULL;
	}
	return filter;
}

/* Makes one filter for all ABIs that the profile covers; NULL on failure. */
static scmp_filter_ctx make(const struct output *out)
{
	scmp_filter_ctx all = NULL;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		scmp_filter_ctx part;
		int err;

		if (!out->profile->covers[abi])
			continue;
		part = make_part(out, abi);
		err = all && part ? seccomp_merge(all, part) : 0;
		if (err)
			failed(out, "merging", err);
		if (err)
			seccomp_release(part);
		if (!part || err) {
			seccomp_release(all);
			return NULL;
		}
		if (!all)
			all = part;
	}
	return all;
}

/*
 * libseccomp writes only to a descriptor, and a stream in memory has none, so use a memory
 * file.
 */
static int export(const struct output *out, int (*write_to)(const scmp_filter_ctx, int))
{
	int fd = memfd_create("scmod", MFD_CLOEXEC);
	scmp_filter_ctx filter = fd < 0 ? NULL : make(out);
	char buffer[4096];
	ssize_t len = 0;
	int err;

	if (fd < 0)
		return failed(out, "memory file", -errno);
	if (!filter) {
		close(fd);
		return EXIT_FAILED;
	}
	err = write_to(filter, fd);
	for (off_t at = 0; !err && (len = pread(fd, buffer, sizeof(buffer), at)) > 0; at += len)
		fwrite(buffer, 1, len, out->to);
	seccomp_release(filter);
	close(fd);
	if (!err && len < 0)
		err = -EIO;
	return err ? failed(out, "writing", err) : EXIT_DONE;
}

int format_write_bpf(const struct output *out)
{
	return export(out, seccomp_export_bpf);
}

int format_write_pfc(const struct output *out)
{
	return export(out, seccomp_export_pfc);
}
