// SPDX-License-Identifier: GPL-2.0
/* Prints reasons, for 'scmod explain'. */
#include <inttypes.h>

#include "base/output.h"
#include "base/timestamp.h"
#include "verbs/explain_reason.h"

static const char *const lead[] = {
	[REASON_SEEN] = "seen",
	[REASON_HAND] = "allowed by the policy",
	[REASON_LIFELINE] = "lifeline",
	[REASON_FAMILY] = "family",
	[REASON_IMPORT] = "import",
	[REASON_RUNTIME] = "runtime",
	[REASON_BASE] = "base",
	[REASON_FILE] = "in the file",
	[REASON_SOFT] = "soft",
	[REASON_FULL] = "any value",
	[REASON_NEVER] = "never inferred",
	[REASON_FLOOR] = "refused by the floor",
	[REASON_UNREACHABLE] = "unreachable",
	[REASON_REACH] = "way",
};

static void print_seen(const struct reason *reason)
{
	if (!reason->first) {
		out_text(" (the record of who made it first was lost)");
		return;
	}
	out_string("comm", " by %s", *reason->comm ? reason->comm : "?");
	out_number("pid", "[%" PRIu64 "]", reason->pid);
	out_string("first", ", first %s", timestamp_text(reason->first));
}

void explain_reason(const struct reason *reason, const char *indent)
{
	out_object(json_item);
	out_string("kind", NULL, reason_kind_name(reason->kind));
	out_text("%s%s", indent, lead[reason->kind]);
	if (reason->kind == REASON_SEEN)
		print_seen(reason);
	if (reason->text)
		out_string("text", ": %s", reason->text);
	out_text("\n");
	out_object_end();
}

void explain_reasons(const struct reason *reason, size_t count, const char *indent)
{
	out_array("reasons");
	for (size_t i = 0; i < count; i++)
		explain_reason(&reason[i], indent);
	out_array_end();
}
