// SPDX-License-Identifier: GPL-2.0
/* scmod merge: makes one profile from several, such as those of several runs. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "infer/runtime.h"
#include "profile/union.h"
#include "verbs/each.h"
#include "verbs/options.h"
#include "verbs/source.h"
#include "write/writer.h"

static int read_all(const char *const *words, int count, const struct reader_options *options,
		    struct infer *infer, struct source *sources)
{
	for (int i = 0; i < count; i++) {
		int ret = source_open("merge", words[i], options, infer, &sources[i]);

		if (ret)
			return ret;
	}
	return EXIT_DONE;
}

/* The form that all profiles share, if the union fits into it; otherwise json. */
static const char *common_form(const struct source *sources, int count)
{
	const char *form = sources[0].profile->form;

	/* A list can't say how calls are refused. */
	if (!form || !strcmp(form, "list"))
		return "json";
	for (int i = 0; i < count; i++) {
		const char *other = sources[i].profile->form;

		if (!other || strcmp(form, other))
			return "json";
	}
	return form;
}

static int merge(const struct source *sources, int count, const char *name, const char *file)
{
	struct messages messages = { 0 };
	struct output out = { .name = sources[0].name, .messages = &messages };
	bool (*named)[SCMOD_NR_BITS] = mem_alloc(NR_ABIS * sizeof(*named));
	struct profile *all = profile_new();
	int ret;

	for (int i = 0; i < count; i++)
		union_note_names(named, sources[i].profile);
	for (int i = 0; i < count; i++) {
		union_add(all, sources[i].profile, named, &messages);
		messages_tell(&messages, "merge %s", sources[i].name);
	}
	free(named);
	profile_add_lifelines(all);
	/* As dump does: the form does not say how calls are refused, so add the soft calls. */
	if (all->action < 0 && all->err < 0)
		profile_add_soft(all);
	out.profile = all;
	writer_write(&out, format_find(name ? name : common_form(sources, count)), file);
	ret = messages_tell(&messages, "merge %s", sources[0].name);
	profile_free(all);
	return ret;
}

static int read_and_merge(const struct args *args, const struct reader_options *options,
			  struct infer *infer, const char *form)
{
	struct source *sources = mem_alloc(args->count * sizeof(*sources));
	int ret = read_all(args->word, args->count, options, infer, sources);

	if (!ret)
		ret = merge(sources, args->count, form, args->value[OPT_OUTPUT]);
	for (int i = 0; i < args->count; i++)
		source_release(&sources[i]);
	free(sources);
	return ret;
}

static int run(const struct args *args)
{
	const char *form = args->json ? "json" : args->value[OPT_FORMAT];
	struct infer_wish wish = options_infer(args);
	struct reader_options options = { 0 };
	struct infer infer = { 0 };
	int ret = options_fit(args, args->count);

	/*
	 * Without --format, either none of them is a record, or the output is not a form for
	 * runtimes.
	 */
	if (form && runtime_takes(form))
		wish.usual_runtime = "any";
	if (!ret)
		ret = options_reader(args, &options);
	if (!ret)
		ret = infer_read("merge", &wish, &infer);
	if (!ret)
		ret = read_and_merge(args, &options, &infer, form);
	infer_release(&infer);
	return ret;
}

const struct verb verb_merge = {
	.name = "merge", .group = GROUP_PROFILES,
	.summary = "make one profile from several",
	.example = "scmod merge monday.json tuesday.json -o web.json",
	.words = (const struct word[]){
		{ .name = "CGROUP|FILE", .kind = KIND_SOURCE },
		{ .name = "CGROUP|FILE", .kind = KIND_SOURCE, .many = true },
		{ 0 },
	},
	.opts = opts_write,
	.clashes = clashes_write,
	.json = &opt_json_form,
	.run = run,
};
