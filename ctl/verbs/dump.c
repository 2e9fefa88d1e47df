// SPDX-License-Identifier: GPL-2.0
/* scmod dump: what was learned, or a profile's file, in the form that is wanted. */
#include "base/error.h"
#include "infer/infer.h"
#include "infer/runtime.h"
#include "verbs/cmd.h"
#include "verbs/source.h"
#include "write/writer.h"

static int dump(struct source *source, const struct format *format, const char *file)
{
	struct output out = { .profile = source->profile, .verb = "dump", .name = source->name };

	if (profile_empty(source->profile) && source->file)
		return fail(EXIT_FAILED, "dump %s: it allows nothing; give one that does",
			    source->name);
	if (profile_empty(source->profile))
		return fail(EXIT_FAILED, "dump %s: nothing was learned there; run its program while it learns",
			    source->name);
	profile_add_lifelines(source->profile);
	/* A form that can't say how calls are refused leaves that to us. */
	if (source->profile->action < 0 && source->profile->err < 0)
		profile_add_soft(source->profile);
	return writer_write(&out, format, file);
}

int cmd_dump(int argc, char **argv)
{
	const char *word = NULL, *file = NULL, *name = "oci", *args = NULL, *caps = NULL;
	struct reader_options options = { 0 };
	const struct format *format;
	struct infer_wish wish = { 0 };
	struct source source;
	struct infer infer;
	const struct opt opts[] = {
		{ "-o", .value = &file },
		{ "--format", .value = &name },
		{ "--infer", .value = &wish.level },
		{ "--families", .value = &wish.families },
		{ "--runtime", .value = &wish.runtime },
		{ "--args", .value = &args },
		{ "--cap", .value = &caps },
		{ 0 },
	};
	int words = args_parse("dump", argc, argv, opts, &word, 0, 1);
	int ret;

	if (words < 0)
		return -words;
	format = format_find(name);
	if (!format)
		return fail(EXIT_USAGE, "dump: --format '%s' is none of %s; give one of them",
			    name, format_names());
	if (runtime_takes(name))
		wish.usual_runtime = "any";
	ret = infer_read("dump", &wish, &infer);
	if (!ret)
		ret = reader_parse_options("dump", args, caps, &options);
	if (!ret)
		ret = source_open("dump", word, &options, &infer, &source);
	if (!ret) {
		ret = dump(&source, format, file);
		source_release(&source);
	}
	infer_release(&infer);
	return ret;
}
