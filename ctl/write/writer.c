// SPDX-License-Identifier: GPL-2.0
/* What was asked for on its way out: what dump, merge and report have in common. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "calls/sysname.h"
#include "profile/added.h"
#include "write/writer.h"

/* A profile names calls; a number without a name can't be in one. */
static int check_names(const struct output *out)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap allowed = profile_calls(out->profile, abi, PROFILE_ALLOW);
		unsigned int nr;

		bitmap_for_each(nr, &allowed)
			if (!sysname(abi, nr))
				return fail(EXIT_FAILED,
					    "%s %s: %s call number %u was made but has no name, and a profile holds names; build scmod with headers that know it, or learn without the program that makes it; '--format json' holds numbers, too",
					    out->verb, out->name, abi_name(abi), nr);
	}
	return EXIT_DONE;
}

static void note_added(const struct output *out)
{
	char *text = added_text(out->profile, out->name);

	if (text)
		note("%s %s: %s", out->verb, out->name, text);
	free(text);
}

static void tell(const struct output *out)
{
	if (profile_partial(out->profile))
		warn("%s %s: " PROFILE_PARTIAL_WHY, out->verb, out->name);
	profile_warn(out->profile, out->verb, out->name);
	note_added(out);
}

int writer_whole(const char *verb, const char *file, int (*write)(FILE *to, void *data),
		 void *data)
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
		ret = fail(exit_code_of(errno), "%s: %s: %s; nothing was replaced", verb,
			   stream ? "stdout" : file, strerror(errno));
		/* The error has been reported; without this, flushed() would report it again. */
		clearerr(stdout);
	}
	free(text);
	return ret;
}

/* What is written, and in which form. */
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
		return fail(EXIT_USAGE, "%s: --format %s is no text for a terminal; give -o FILE",
			    out->verb, format->name);
	tell(out);
	return writer_whole(out->verb, file, write_job, &(struct job){ out, format });
}
