// SPDX-License-Identifier: GPL-2.0
/* scmod dump: writes a record, or a profile from a file, in the requested form. */
#include "base/error.h"
#include "infer/infer.h"
#include "infer/runtime.h"
#include "verbs/each.h"
#include "verbs/options.h"
#include "verbs/source.h"
#include "write/writer.h"

static int dump(struct source *source, const struct format *format, const char *file)
{
	struct messages messages = { 0 };
	struct output out = {
		.profile = source->profile, .name = source->name, .messages = &messages,
	};

	if (profile_empty(source->profile) && source->file)
		return fail(EXIT_FAILED, "dump %s: the profile allows nothing; give one that allows something",
			    source->label);
	if (profile_empty(source->profile))
		return fail(EXIT_FAILED, "dump %s: nothing was learned in this cgroup; run its program while it learns",
			    source->label);
	profile_add_lifelines(source->profile);
	/* The form does not say how calls are refused, so add the soft calls. */
	if (source->profile->action < 0 && source->profile->err < 0)
		profile_add_soft(source->profile);
	writer_write(&out, format, file);
	return messages_tell(&messages, "dump %s", source->label);
}

static int read_and_dump(const struct args *args, const struct reader_options *options,
			 struct infer *infer, const char *form)
{
	struct source source;
	int ret = source_open("dump", args->word[0], options, infer, &source);

	if (ret)
		return ret;
	ret = dump(&source, format_find(form), args->value[OPT_OUTPUT]);
	source_release(&source);
	return ret;
}

static int run(const struct args *args)
{
	const char *form = args->json ? "json" : args->value[OPT_FORMAT];
	struct infer_wish wish = options_infer(args);
	struct reader_options options = { 0 };
	struct infer infer = { 0 };
	int ret = options_fit(args, 1);

	if (!form)
		form = "oci";
	if (runtime_takes(form))
		wish.usual_runtime = "any";
	if (!ret)
		ret = infer_read("dump", &wish, &infer);
	if (!ret)
		ret = options_reader(args, &options);
	if (!ret)
		ret = read_and_dump(args, &options, &infer, form);
	infer_release(&infer);
	return ret;
}

const struct verb verb_dump = {
	.name = "dump", .group = GROUP_PROFILES,
	.summary = "write what was learned, or a profile's file, as a seccomp profile",
	.example = "scmod dump /sys/fs/cgroup/web --format docker -o web.json",
	.words = (const struct word[]){
		{ .name = "CGROUP|FILE", .kind = KIND_SOURCE, .optional = true },
		{ 0 },
	},
	.opts = opts_write,
	.clashes = clashes_write,
	.json = &opt_json_form,
	.run = run,
};
