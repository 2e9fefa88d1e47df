// SPDX-License-Identifier: GPL-2.0
/*
 * Profiles of any bytes are read, or refused with a reason. What was read is
 * written in every form, and in scmod's own without loss.
 */
#include "base/error.h"
#include "write/format.h"
#include "fuzz.h"
#include "read/reader.h"
#include "verbs/each.h"

static int read_back(const void *data, size_t size, enum reader_args args,
		     struct profile **profile)
{
	const struct reader_options options = { .args = args, .caps = 1 << 21 };
	struct messages messages = { 0 };
	int fd = file_of(data, size);
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ret = profile_read(path, &options, &messages, profile);
	must((ret == EXIT_DONE) == !messages_error(&messages));
	messages_release(&messages);
	close(fd);
	return ret;
}

static char *written(const struct profile *profile, const char *form, size_t *len)
{
	struct messages messages = { 0 };
	struct output out = { .profile = profile, .name = "a/b", .messages = &messages };
	char *text = NULL;

	out.to = open_memstream(&text, len);
	must(out.to && format_find(form));
	must(format_find(form)->write(&out) == EXIT_DONE);
	fclose(out.to);
	messages_release(&messages);
	return text;
}

static void check_calls(const struct profile *profile)
{
	must(profile->action >= -1 && profile->action <= SCMOD_ACTION_MAX);
	must(profile->err == -1 || (profile->err >= 1 && profile->err <= SCMOD_ERRNO_MAX));
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			const struct profile_call *call = profile_at(profile, abi, nr);

			must(call->state <= PROFILE_STATE_MAX);
			must(call->state == PROFILE_SILENT || call->nr_reasons);
			must(call->state == PROFILE_REFUSE || !call->err);
			for (size_t i = 0; i < call->nr_reasons; i++)
				must(call->reason[i].origin < profile->nr_origins ||
				     !profile->nr_origins);
		}
}

static void check_round_trip(const struct profile *profile)
{
	struct profile *again;
	char *first, *second;
	size_t a, b;

	first = written(profile, "json", &a);
	must(read_back(first, a, READER_ARGS_FAIL, &again) == EXIT_DONE);
	second = written(again, "json", &b);
	must(a == b && !memcmp(first, second, a));
	profile_free(again);
	free(first);
	free(second);
}

static void check_forms(const struct profile *profile)
{
	static const char *const forms[] = { "oci", "docker", "spo", "systemd", "list", "bpf" };
	size_t len;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		free(written(profile, forms[i], &len));
}

static void check_lint(const uint8_t *data, size_t size)
{
	int fd = file_of(data, size);
	char path[32];
	const char *words[] = { path, NULL };
	const struct args args = { .verb = &verb_lint, .word = words, .count = 1 };
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ret = verb_lint.run(&args);
	/* Nothing found, something found, or it is no file that lint can look at. */
	must(ret >= 0 && ret <= 2);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct profile *profile;
	int ret = read_back(data, size, size % 3, &profile);

	must(ret == EXIT_DONE || ret == EXIT_FAILED);
	must((ret == EXIT_DONE) == !!profile);
	check_lint(data, size);
	if (!profile)
		return 0;
	check_calls(profile);
	check_round_trip(profile);
	if (profile->covers[0] || profile->covers[1] || profile->covers[2])
		check_forms(profile);
	profile_free(profile);
	return 0;
}
