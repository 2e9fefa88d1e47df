// SPDX-License-Identifier: GPL-2.0
/*
 * scmod report: shows how much of the kernel programs can reach, and which exploits are
 * blocked.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "infer/infer.h"
#include "report/report.h"
#include "verbs/each.h"
#include "verbs/options.h"
#include "verbs/source.h"
#include "write/writer.h"

/**
 * struct request - the options on the command line
 * @word: the cgroup or file; NULL for the only policy
 * @file: the file to write to, or NULL
 * @standard: the profile to compare with, or NULL for REPORT_DEFAULT
 * @exploits: a file of exploits, or NULL
 * @wish: what to infer
 * @json, @html: the form of the report
 */
struct request {
	const char *word;
	const char *file;
	const char *standard;
	const char *exploits;
	struct infer_wish wish;
	bool json;
	bool html;
};

/* The report to be written, and its form. */
struct job {
	const struct request *request;
	const struct surface *surface;
};

static int write_job(FILE *to, void *data)
{
	const struct job *job = data;

	if (job->request->html)
		report_html(job->surface, to);
	else
		report_print(job->surface, to, job->request->json);
	return EXIT_DONE;
}

/* ---- the profile to compare with */

static void warn_left_out(const struct messages *messages, const char *path)
{
	char *line = message_line(messages_error(messages));

	warn("report --default %s: %s; so the report has no comparison", path, line);
	free(line);
}

/*
 * Reads the default profile. If it was named on the command line, it must exist and be valid.
 * Its notes are not printed: what a default profile can't express does not matter here.
 */
static int read_standard(const char *file, const struct reader_options *options,
			 struct profile **standard)
{
	const char *path = file ? file : REPORT_DEFAULT;
	struct messages messages = { 0 };
	int ret;

	*standard = NULL;
	if (!file && access(path, F_OK) && errno == ENOENT)
		return EXIT_DONE;
	ret = profile_read(path, options, &messages, standard);
	if (ret && file)
		return messages_tell(&messages, "report --default %s", path);
	if (ret)
		warn_left_out(&messages, path);
	else
		profile_add_lifelines(*standard);
	messages_release(&messages);
	return EXIT_DONE;
}

/* ---- the command */

static int report_source(const struct request *request, struct source *source,
			 const struct profile *standard, const struct floor *floor,
			 const struct exploits *exploits)
{
	struct surface surface = {
		.name = source->name,
		.called = source->called,
		.profile = source->profile,
		.policy = source->list.policy,
		.standard = standard,
		.standard_file = request->standard ? request->standard : REPORT_DEFAULT,
		.floor = floor,
		.exploits = exploits,
	};
	struct messages messages = { 0 };

	if (source->file) {
		profile_add_lifelines(source->profile);
		profile_add_soft(source->profile);
	} else {
		surface_hold(source->profile, surface.policy);
	}
	profile_warn(source->profile, &messages);
	writer_whole(&messages, request->file, write_job, &(struct job){ request, &surface });
	return messages_tell(&messages, "report %s", source->label);
}

static int report(const struct request *request, struct infer *infer)
{
	struct reader_options options = { .args = READER_ARGS_WIDEN };
	struct exploits *exploits = NULL;
	struct profile *standard = NULL;
	struct source source;
	int ret = reader_parse_options("report", "widen", REPORT_CAPS, &options);

	if (!ret)
		ret = exploits_read("report", request->exploits, &exploits);
	if (!ret)
		ret = read_standard(request->standard, &options, &standard);
	if (!ret)
		ret = source_open("report", request->word, &options, infer, &source);
	if (!ret) {
		ret = infer_load_floor(infer);
		if (!ret)
			ret = report_source(request, &source, standard, infer->floor, exploits);
		source_release(&source);
	}
	profile_free(standard);
	exploits_free(exploits);
	return ret;
}

static int run(const struct args *args)
{
	const struct request asked = {
		.word = args->word[0],
		.file = args->value[OPT_OUTPUT],
		.standard = args->value[OPT_DEFAULT],
		.exploits = args->value[OPT_EXPLOITS],
		.wish = options_infer(args),
		.json = args->json,
		.html = args->value[OPT_HTML],
	};
	struct infer infer = { 0 };
	int ret = options_fit(args, 1);

	if (!ret)
		ret = infer_read("report", &asked.wish, &infer);
	if (!ret)
		ret = report(&asked, &infer);
	infer_release(&infer);
	return ret;
}

static const struct opt opt_html = {
	.id = OPT_HTML, .name = "html",
	.text = "Print one HTML page with a map of all calls. The page needs neither a network nor scripts.",
};

static const struct opt opt_default = {
	.id = OPT_DEFAULT, .name = "default", .arg = "FILE", .kind = KIND_INPUT,
	.standard = REPORT_DEFAULT ", if it exists",
	.text = "The profile to compare with. It is read for a container with Podman's default capabilities.",
};

static const struct opt opt_exploits = {
	.id = OPT_EXPLOITS, .name = "exploits", .arg = "FILE", .kind = KIND_INPUT,
	.standard = "/etc/scmod/exploits, if it exists",
	.text = "A file with exploits; they replace built-in ones of the same name, or are added.",
};

static const struct clash clashes[] = {
	{ OPT_JSON, OPT_HTML, false, "the report has only one form" },
	{ 0 },
};

const struct verb verb_report = {
	.name = "report", .group = GROUP_LOOK,
	.summary = "show how much of the kernel a profile leaves within reach, and which exploits it blocks",
	.example = "scmod report /sys/fs/cgroup/web --html -o web.html",
	.words = (const struct word[]){
		{ .name = "CGROUP|FILE", .kind = KIND_SOURCE, .optional = true },
		{ 0 },
	},
	.opts = (const struct opt *const[]){
		&opt_html, &opt_output, &opt_default, &opt_exploits, &opt_infer_record,
		&opt_families, &opt_userland, &opt_runtime, &opt_floor, NULL,
	},
	.clashes = clashes,
	.run = run,
};
