// SPDX-License-Identifier: GPL-2.0
/* Writes profiles and reports: shared by dump, merge and report. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "calls/sysname.h"
#include "profile/added.h"
#include "write/writer.h"

/* Fails if an allowed call has no name: most forms hold names only. */
static int check_names(const struct output *out)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap allowed = profile_calls(out->profile, abi, PROFILE_ALLOW);
		unsigned int nr;

		bitmap_for_each(nr, &allowed)
			if (!sysname(abi, nr))
				return messages_fail(out->messages, EXIT_FAILED, NULL,
						     "build scmod with newer kernel headers, or use '--format json', which can hold numbers",
						     "%s call number %u is allowed, but scmod knows no name for it, and this form holds only names",
						     abi_name(abi), nr);
	}
	return EXIT_DONE;
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
	int ret = format->numbers ? EXIT_DONE : check_names(out);

	if (ret)
		return ret;
	if (format->binary && (!file || file_is_stream(file)) && isatty(STDOUT_FILENO))
		return messages_fail(out->messages, EXIT_USAGE, NULL, "write it to a file with -o FILE",
				     "the output of --format %s is binary, and standard output is a terminal",
				     format->name);
	tell(out);
	return writer_whole(out->messages, file, write_job, &(struct job){ out, format });
}
