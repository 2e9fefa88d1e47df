// SPDX-License-Identifier: GPL-2.0
/* Writes profiles and reports: shared by dump, merge and report. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "calls/sysname.h"
#include "profile/added.h"
#include "write/writer.h"

/*
 * Removes allowed calls that have no name, since the form holds names only, and warns about
 * them. Any program can make a call with such a number while scmod learns, even one that the
 * kernel does not have; that must not keep the rest of the profile from being written.
 */
static void drop_nameless(struct output *out, const char *form)
{
	char *list = NULL;
	unsigned int count = 0;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap allowed = profile_calls(out->profile, abi, PROFILE_ALLOW);
		unsigned int nr;

		bitmap_for_each(nr, &allowed) {
			if (sysname(abi, nr))
				continue;
			profile_drop(out->profile, abi, nr);
			mem_list(&list, "%s %u", abi_name(abi), nr);
			count++;
		}
	}
	if (count)
		messages_add(out->messages, MESSAGE_WARNING, NULL,
			     "if the program needs them, build scmod with newer kernel headers, or use '--format json', which holds numbers",
			     "left out: %u call%s for which scmod knows no name (%s), as --format %s holds names only; under the profile they are refused",
			     count, count == 1 ? "" : "s", list, form);
	free(list);
}

static void note_added(const struct output *out)
{
	char *text = added_text(out->profile, out->name);

	if (text)
		messages_add(out->messages, MESSAGE_NOTE, NULL, NULL, "%s", text);
	free(text);
}

static void tell(const struct output *out)
{
	if (profile_partial(out->profile))
		messages_add(out->messages, MESSAGE_WARNING, NULL, NULL, PROFILE_PARTIAL_WHY);
	profile_warn(out->profile, out->messages);
	note_added(out);
}

int writer_whole(struct messages *messages, const char *file,
		 int (*write)(FILE *to, void *data), void *data)
{
	char *text = NULL;
	size_t len = 0;
	int ret = EXIT_DONE, err;
	bool stream = !file || file_is_stream(file);
	FILE *to = open_memstream(&text, &len);

	err = !to;
	if (to) {
		ret = write(to, data);
		err = fclose(to);
	}
	if (!ret && !err && !stream)
		err = file_write(file, text, len);
	else if (!ret && !err)
		err = fwrite(text, 1, len, stdout) != len || fflush(stdout);
	if (err) {
		ret = messages_fail(messages, exit_code_of(errno), stream ? "stdout" : file,
				    "nothing was replaced", "%s", strerror(errno));
		/* The error has been reported; without this, flushed() would report it again. */
		clearerr(stdout);
	}
	free(text);
	return ret;
}

/* A profile to be written, and its form. */
struct job {
	struct output *out;
	const struct format *format;
};

static int write_job(FILE *to, void *data)
{
	struct job *job = data;

	job->out->to = to;
	return job->format->write(job->out);
}

int writer_write(struct output *out, const struct format *format, const char *file)
{
	if (!format->numbers)
		drop_nameless(out, format->name);
	if (format->binary && (!file || file_is_stream(file)) && isatty(STDOUT_FILENO))
		return messages_fail(out->messages, EXIT_USAGE, NULL, "write it to a file with -o FILE",
				     "the output of --format %s is binary, and standard output is a terminal",
				     format->name);
	tell(out);
	return writer_whole(out->messages, file, write_job, &(struct job){ out, format });
}
