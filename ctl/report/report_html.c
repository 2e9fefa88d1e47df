// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a report as one self-contained HTML page: the map of the calls, the exploits, and for
 * each call why it is allowed or refused. Untrusted text is escaped, so it is never markup.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "calls/selector.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "kernel/policy.h"
#include "report/report-text.h"
#include "report/report.h"
#include "report/report_values.h"

/* Number of cells in a row of the map. Two rows are one 64-bit word of the bitmap. */
#define ROW 32

/* For each state, a sign that does not depend on colour, and an explanation. */
static const struct {
	const char *mark;
	const char *title;
} looks[] = {
	[SURFACE_SEEN] = { "S", "seen: the program made the call" },
	[SURFACE_FILE] = { "P", "allowed by the profile's file" },
	[SURFACE_HAND] = { "H", "allowed by hand, or by an earlier profile" },
	[SURFACE_LIFELINE] = { "L", "lifeline: no process can end without it" },
	[SURFACE_FAMILY] = { "F", "inferred: an equivalent of a call that was seen" },
	[SURFACE_IMPORT] = { "I", "inferred: a program or library imports it" },
	[SURFACE_RUNTIME] = { "R", "inferred: the container runtime makes it" },
	[SURFACE_BASE] = { "B", "inferred: every program of that kind makes it" },
	[SURFACE_SOFT] = { "~", "soft: refused with ENOSYS, so callers fall back on another call" },
	[SURFACE_DENIED] = { "×", "denied: the call was tried, and refused" },
	[SURFACE_BLOCKED] = { "·", "blocked: refused" },
	[SURFACE_UNUSED] = { "", "unused number" },
};

static FILE *page;

/* ---- text that is not markup */

/*
 * The length in bytes of the character at @text; 0 if it is invalid or must not be shown on a
 * page.
 */
static size_t letter(const char *text)
{
	uint32_t value;
	size_t len = utf8_letter(text, &value);

	/* Refuse control characters and noncharacters. */
	if (value < 0x20 || (value >= 0x7f && value < 0xa0) || (value & 0xfffe) == 0xfffe)
		return 0;
	/* Refuse characters that change the direction of the text around them. */
	if ((value >= 0x202a && value <= 0x202e) || (value >= 0x2066 && value <= 0x2069))
		return 0;
	return len;
}

static void put_text(const char *text)
{
	while (*text) {
		size_t len = letter(text);

		if (!len)
			fputc('?', page);
		else if (*text == '&')
			fputs("&amp;", page);
		else if (*text == '<')
			fputs("&lt;", page);
		else if (*text == '>')
			fputs("&gt;", page);
		else if (*text == '"')
			fputs("&quot;", page);
		else if (*text == '\'')
			fputs("&#39;", page);
		else
			fwrite(text, 1, len, page);
		text += len ? len : 1;
	}
}

static void put(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints markup. Its arguments must be our own text or numbers, never untrusted text. */
static void put(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(page, fmt, args);
	va_end(args);
}

/* ---- the map */

static const char *call_name(unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);

	return name ? name : "without a name";
}

static void put_cell(const struct surface *surface, unsigned int abi, unsigned int nr)
{
	enum surface_state state = surface_state(surface, abi, nr);
	char *why = surface_why(surface, abi, nr);

	put("<td class=\"%s\"", surface_state_name(state));
	if (state == SURFACE_UNUSED) {
		put(" title=\"%u: ", nr);
		put_text(sysname(abi, nr) ? sysname(abi, nr) : "unused");
		put("\" aria-label=\"%u: unused\"></td>\n", nr);
		free(why);
		return;
	}
	put("><a href=\"#%s-%u\" title=\"", abi_name(abi), nr);
	put_text(call_name(abi, nr));
	put(" (%u): %s", nr, looks[state].title);
	if (*why) {
		put(" — ");
		put_text(why);
	}
	put("\" aria-label=\"");
	put_text(call_name(abi, nr));
	put(" (%u): %s\">%s</a></td>\n", nr, surface_state_name(state), looks[state].mark);
	free(why);
}

static bool row_unused(const struct surface *surface, unsigned int abi, unsigned int row)
{
	for (unsigned int nr = row; nr < row + ROW && nr < SCMOD_NR_BITS; nr++)
		if (surface_state(surface, abi, nr) != SURFACE_UNUSED)
			return false;
	return true;
}

/* Prints one line for a gap of unused rows; returns the row after the gap. */
static unsigned int put_gap(const struct surface *surface, unsigned int abi, unsigned int row)
{
	unsigned int end = row;

	while (row_unused(surface, abi, end))
		end += ROW;
	put("<tr><th scope=\"row\"></th><td class=\"gap\" colspan=\"%d\">%u to %u: unused numbers</td></tr>\n",
	    ROW, row, end - 1);
	return end;
}

static void put_map(const struct surface *surface, unsigned int abi)
{
	unsigned int last = surface_last(surface, abi);
	unsigned int row = 0;

	put("<div class=\"scroll\"><table class=\"map\" id=\"map-%s\" aria-label=\"map of the %s calls, by number\">\n",
	    abi_name(abi), abi_name(abi));
	while (row <= last) {
		if (row_unused(surface, abi, row)) {
			row = put_gap(surface, abi, row);
			continue;
		}
		put("<tr><th scope=\"row\">%u</th>\n", row);
		for (unsigned int nr = row; nr < row + ROW && nr <= last; nr++)
			put_cell(surface, abi, nr);
		put("</tr>\n");
		row += ROW;
	}
	put("</table></div>\n");
}

/* The width of each part is the number of calls in that state. */
static void put_bar(const struct surface_count *count)
{
	put("<div class=\"bar\" aria-hidden=\"true\">");
	for (int state = 0; state < SURFACE_UNUSED; state++)
		if (count->state[state])
			put("<div class=\"%s\" style=\"flex-grow:%u\"></div>",
			    surface_state_name(state), count->state[state]);
	put("</div>\n");
}

static void put_legend(const struct surface_count *count)
{
	put("<ul class=\"legend\">\n");
	for (int state = 0; state < SURFACE_UNUSED; state++)
		if (count->state[state])
			put("<li><i class=\"%s\" aria-hidden=\"true\">%s</i><b>%u</b> %s</li>\n",
			    surface_state_name(state), looks[state].mark, count->state[state],
			    looks[state].title);
	put("<li><i class=\"%s\" aria-hidden=\"true\"></i>%s</li>\n</ul>\n",
	    surface_state_name(SURFACE_UNUSED), looks[SURFACE_UNUSED].title);
}

/* ---- the figures */

static void put_percent(unsigned int all, unsigned int remain, const char *than)
{
	int percent = surface_percent(all, remain);

	put("<li><b>%d&nbsp;%%</b>%s than %s (%u)</li>\n", abs(percent),
	    percent < 0 ? "more" : "fewer", than, all);
}

static void put_figures(const struct surface *surface, unsigned int abi)
{
	struct surface_count count = surface_count(surface, abi);

	put("<ul class=\"figures\">\n");
	put("<li><b>%u <small>of %u</small></b>kernel calls remain allowed</li>\n", count.remain,
	    count.all);
	put_percent(count.all, count.remain, "the kernel has");
	if (surface->standard)
		put_percent(count.standard, count.remain, "the default profile allows");
	if (abi == SCMOD_ABI_X86_64) {
		put("<li><b>%u <small>of %zu</small></b>known exploits are blocked",
		    surface_blocked(surface, surface->profile), surface->exploits->count);
		if (surface->standard)
			put(" (%u by the default profile)",
			    surface_blocked(surface, surface->standard));
		put("</li>\n");
	}
	put("</ul>\n");
	put_bar(&count);
	put_legend(&count);
}

static void put_beyond(const struct surface *surface, unsigned int abi)
{
	bool any = false;

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		if (!surface_beyond(surface, abi, nr))
			continue;
		put(any ? ", " : "<p>Allowed by this profile, but not by the default one: <code>");
		put_text(call_name(abi, nr));
		any = true;
	}
	if (any)
		put("</code></p>\n");
}

static void put_abi(const struct surface *surface, unsigned int abi)
{
	if (abi == SCMOD_ABI_X86_64) {
		put_figures(surface, abi);
		put("<h2 id=\"map\">The kernel's calls, by number</h2>\n");
		put("<p class=\"dim\">Each square is a call. Point at it to see its name; click it to see why it is allowed or refused.</p>\n");
	} else {
		put("<h2>%s</h2>\n", abi_name(abi));
		put_figures(surface, abi);
	}
	put_map(surface, abi);
	put_beyond(surface, abi);
}

static void put_shut(const struct surface *surface)
{
	bool any = false;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		if (abi == SCMOD_ABI_X86_64 || surface_open(surface, abi))
			continue;
		put("%s%s", any ? " and " : "<p>Shut: no call is allowed through ", abi_name(abi));
		any = true;
	}
	if (any)
		put(", except what a process needs to end.</p>\n");
}

/* ---- exploits */

static void put_alternatives(const struct step *step, const struct profile *profile, bool blocked)
{
	const char *or = "";

	for (size_t i = 0; i < step->count; i++) {
		if (exploit_call_open(step->call[i], profile) == blocked)
			continue;
		put("%s<code>", or);
		put_text(step->call[i]);
		put("</code>");
		or = " or ";
	}
}

/*
 * The steps that decide: if the exploit is blocked, those that are impossible; otherwise all
 * steps.
 */
static void put_steps(const struct surface *surface, const struct exploit *exploit, bool blocked)
{
	const char *and = "";

	for (size_t i = 0; i < exploit->count; i++) {
		if (exploit_step_open(&exploit->step[i], surface->profile) == blocked)
			continue;
		put("%s", and);
		put_alternatives(&exploit->step[i], surface->profile, blocked);
		and = ", ";
	}
}

static void put_verdict(bool blocked)
{
	put("<td><span class=\"mark %s\">%s</span></td>", blocked ? "stops" : "passes",
	    blocked ? "✓ blocked" : "✗ open");
}

static void put_exploit(const struct surface *surface, const struct exploit *exploit)
{
	bool blocked = exploit_blocked(exploit, surface->profile);

	put("<tr>");
	put_verdict(blocked);
	if (surface->standard)
		put("<td>%s</td>", exploit_blocked(exploit, surface->standard) ?
		    "✓ blocked" : "✗ open");
	put("<td><a rel=\"noreferrer\" href=\"");
	put_text(exploit->source);
	put("\">");
	put_text(exploit->id);
	put("</a></td><td>%u</td><td>", exploit->year);
	put_text(exploit->name);
	put("</td><td>");
	put_steps(surface, exploit, blocked);
	put("</td></tr>\n");
}

static void put_those(const struct surface *surface, bool blocked)
{
	const char *calls = blocked ? "it needs and can't make" : "it needs; all are allowed";
	unsigned int stopped = surface_blocked(surface, surface->profile);
	size_t count = blocked ? stopped : surface->exploits->count - stopped;

	if (!count)
		return;
	put("<table class=\"list\"><caption>%s: %zu</caption>\n",
	    blocked ? "Blocked" : "Not blocked by this profile", count);
	put("<tr><th scope=\"col\">here</th>%s<th scope=\"col\">exploit</th><th scope=\"col\">year</th><th scope=\"col\">name</th><th scope=\"col\">calls that %s</th></tr>\n",
	    surface->standard ? "<th scope=\"col\">default profile</th>" : "", calls);
	for (size_t i = 0; i < surface->exploits->count; i++)
		if (exploit_blocked(&surface->exploits->exploit[i], surface->profile) == blocked)
			put_exploit(surface, &surface->exploits->exploit[i]);
	put("</table>\n");
}

static void put_exploits(const struct surface *surface)
{
	put("<h2 id=\"exploits\">Known kernel exploits and container escapes</h2>\n");
	put("<p class=\"dim\">An exploit is blocked if a call that it needs is refused, or every value of an argument with which it needs the call.</p>\n");
	put_those(surface, false);
	put_those(surface, true);
}

/* ---- values of arguments, and what exceeds the floor */

static void put_value(const struct value_entry *entry, unsigned int selector)
{
	char *text = value_rule_text(selector, &entry->rule);

	put("<tr><td><code>");
	put_text(text);
	put("</code></td><td>%s</td><td>", entry->rule.err ? "refused" : "allowed");
	put_text(entry->nr_reasons ? reason_kind_name(entry->reason[0].kind) : "file");
	put("</td><td>");
	put_text(entry->nr_reasons && entry->reason[0].text ? entry->reason[0].text : "");
	put("</td></tr>\n");
	free(text);
}

static void put_selector(const struct surface *surface, unsigned int selector)
{
	const struct value_set *set = &surface->profile->values[selector];

	if (!set->listed) {
		put("<tr><td><code>%s</code></td><td>allowed</td><td></td><td>with any value</td></tr>\n",
		    selector_name(selector));
		return;
	}
	for (size_t i = 0; i < set->count; i++)
		put_value(&set->entry[i], selector);
}

static void put_beyond_one(const char *what, void *data)
{
	bool *any = data;

	put(*any ? ", <code>" : "<p>Allowed here, but refused by the floor: <code>");
	put_text(what);
	put("</code>");
	*any = true;
}

static void put_values(const struct surface *surface)
{
	bool any = false;

	put("<h2>Values of arguments</h2>\n");
	if (surface->floor)
		floor_each_beyond(surface->floor, surface->profile, false, put_beyond_one, &any);
	put(any ? "</p>\n" : "");
	put("<table class=\"list\"><caption>What calls may be made with</caption>\n<tr><th scope=\"col\">value</th><th scope=\"col\">state</th><th scope=\"col\">reason</th><th scope=\"col\">why</th></tr>\n");
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		if (report_values_told(surface, selector))
			put_selector(surface, selector);
	put("</table>\n");
}

/* ---- each call, with its reason */

static void put_row(const struct surface *surface, unsigned int abi, unsigned int nr)
{
	enum surface_state state = surface_state(surface, abi, nr);
	char *why = surface_why(surface, abi, nr);

	put("<tr id=\"%s-%u\"><td><code>", abi_name(abi), nr);
	put_text(call_name(abi, nr));
	put("</code></td><td>%u</td><td>%s</td><td>", nr, surface_state_name(state));
	put_text(why);
	put("</td></tr>\n");
	free(why);
}

static bool in_group(enum surface_state state, enum surface_state group)
{
	return surface_remains(group) ? surface_remains(state) : state == group;
}

static void put_group(const struct surface *surface, unsigned int abi, enum surface_state group,
		      const char *title)
{
	bool any = false;

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		if (!in_group(surface_state(surface, abi, nr), group))
			continue;
		if (!any)
			put("<table class=\"list\"><caption>%s</caption>\n<tr><th scope=\"col\">call</th><th scope=\"col\">number</th><th scope=\"col\">state</th><th scope=\"col\">why</th></tr>\n",
			    title);
		put_row(surface, abi, nr);
		any = true;
	}
	if (any)
		put("</table>\n");
}

static void put_calls(const struct surface *surface, unsigned int abi)
{
	put("<h2>%s: every call, and why</h2>\n", abi_name(abi));
	put_group(surface, abi, SURFACE_DENIED, "Tried and refused");
	put_group(surface, abi, SURFACE_SEEN, "Allowed");
	put_group(surface, abi, SURFACE_SOFT, "Refused with ENOSYS");
	put_group(surface, abi, SURFACE_BLOCKED, "Blocked");
}

/* ---- the page */

static void put_head(const struct surface *surface)
{
	put("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	put("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
	put("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
	put("<meta name=\"generator\" content=\"scmod " SCMOD_VERSION "\">\n<title>");
	put_text(surface->name);
	put(": attack surface</title>\n<style>\n%s</style>\n</head>\n<body>\n", report_text);
	put("<a class=\"skip\" href=\"#exploits\">skip the map</a>\n<div>\n<h1>Attack surface of ");
	put_text(surface->name);
	if (surface->called) {
		put(" (");
		put_text(surface->called);
		put(")");
	}
	put("</h1>\n");
}

static void put_subject(const struct surface *surface)
{
	if (surface->policy)
		put("<p class=\"dim\">cgroup, mode %s: %s</p>\n",
		    policy_mode_name(surface->policy->mode), surface_mode(surface));
	else
		put("<p class=\"dim\">a file with a profile</p>\n");
	if (profile_partial(surface->profile))
		put("<p class=\"note\">" PROFILE_PARTIAL_WHY "</p>\n");
	if (profile_has_io_uring(surface->profile))
		put("<p class=\"note\">" PROFILE_IO_URING_WHY "</p>\n");
	if (!surface->standard) {
		put("<p class=\"note\">No default profile was found to compare with: ");
		put_text(surface->standard_file);
		put("</p>\n");
	}
	put("</div>\n");
}

static void put_foot(const struct surface *surface)
{
	put("<div class=\"foot\"><p>Made by scmod " SCMOD_VERSION ".");
	if (surface->standard) {
		put(" The default profile is ");
		put_text(surface->standard_file);
		put(", for a container with the capabilities that Podman gives by default.");
	}
	put("</p></div>\n</body>\n</html>\n");
}

void report_html(const struct surface *surface, FILE *to)
{
	page = to;
	put_head(surface);
	put_subject(surface);
	put_abi(surface, SCMOD_ABI_X86_64);
	put_shut(surface);
	for (unsigned int abi = SCMOD_ABI_X86_64 + 1; abi < NR_ABIS; abi++)
		if (surface_open(surface, abi))
			put_abi(surface, abi);
	put_exploits(surface);
	put_values(surface);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (abi == SCMOD_ABI_X86_64 || surface_open(surface, abi))
			put_calls(surface, abi);
	put_foot(surface);
}
