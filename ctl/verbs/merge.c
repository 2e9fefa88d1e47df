// SPDX-License-Identifier: GPL-2.0
/* scmod merge: one profile of several, such as those of several runs. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "infer/runtime.h"
#include "profile/union.h"
#include "verbs/cmd.h"
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

/* The form that all of them have, if it is one that the union fits in. */
static const char *common_form(const struct source *sources, int count)
{
	const char *form = sources[0].profile->form;

	/* A list has no room for how calls are refused. */
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
	struct output out = { .verb = "merge", .name = sources[0].name };
	bool (*named)[SCMOD_NR_BITS] = mem_alloc(NR_ABIS * sizeof(*named));
	struct profile *all = profile_new();
	int ret;

	for (int i = 0; i < count; i++)
		union_note_names(named, sources[i].profile);
	for (int i = 0; i < count; i++)
		union_add(all, sources[i].profile, named, "merge", sources[i].name);
	free(named);
	profile_add_lifelines(all);
	/* As with dump: lists can't say how calls are refused. */
	if (all->action < 0 && all->err < 0)
		profile_add_soft(all);
	out.profile = all;
	ret = writer_write(&out, format_find(name ? name : common_form(sources, count)), file);
	profile_free(all);
	return ret;
}

static int run(const char *const *words, int count, const struct reader_options *options,
	       struct infer *infer, const char *name, const char *file)
{
	struct source *sources;
	int ret;

	if (count < 2)
		return fail(EXIT_USAGE, "merge: two profiles or more are needed; see 'scmod help merge'");
	if (name && !format_find(name))
		return fail(EXIT_USAGE, "merge: --format '%s' is none of %s; give one of them",
			    name, format_names());
	sources = mem_alloc(count * sizeof(*sources));
	ret = read_all(words, count, options, infer, sources);
	if (!ret)
		ret = merge(sources, count, name, file);
	for (int i = 0; i < count; i++)
		source_release(&sources[i]);
	free(sources);
	return ret;
}

int cmd_merge(int argc, char **argv)
{
	const char *file = NULL, *name = NULL, *args = NULL, *caps = NULL;
	const char **words = mem_alloc((argc + 1) * sizeof(*words));
	struct reader_options options = { 0 };
	struct infer_wish wish = { 0 };
	struct infer infer = { 0 };
	const struct opt opts[] = {
		{ "-o", .value = &file },
		{ "--format", .value = &name },
		{ "--args", .value = &args },
		{ "--cap", .value = &caps },
		{ "--infer", .value = &wish.level },
		{ "--runtime", .value = &wish.runtime },
		{ 0 },
	};
	int count = args_parse("merge", argc, argv, opts, words, 0, argc);
	int ret = count < 0 ? -count : reader_parse_options("merge", args, caps, &options);

	/* Without --format none of them is a record, or no runtime takes the form. */
	if (name && runtime_takes(name))
		wish.usual_runtime = "any";
	if (!ret)
		ret = infer_read("merge", &wish, &infer);
	if (!ret)
		ret = run(words, count, &options, &infer, name, file);
	infer_release(&infer);
	free(words);
	return ret;
}
