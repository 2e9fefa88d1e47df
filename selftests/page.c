// SPDX-License-Identifier: GPL-2.0
/*
 * The report of a policy that no kernel keeps, with calls in every state and with
 * names that would be markup: page html|json. For report_test.sh.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "kernel/record.h"
#include "report/report.h"
#include "calls/sysname.h"

#define EVIL "<b>\"'&\x1b\xff"

static struct scmod_record records[] = {
	{ .time_ns = 1700000000000000000, .pid = 7, .count = 1, .comm = EVIL },
	{ .time_ns = 1700000000000000000, .pid = 8, .count = 3, .nr = 165,
	  .kind = SCMOD_RECORD_DENIED, .comm = EVIL },
};

static struct policy policy = {
	.id = 9, .path = "/a <i>\xe2\x80\xae&amp;</i> \"x\"", .mode = SCMOD_MODE_LEARN, .err = 1,
	.flags = SCMOD_FLAG_PARTIAL, .records = records, .nr_records = 2,
};

/* Adds calls with a reason of each kind, beside those that are seen or always allowed. */
static void infer(struct profile *profile)
{
	static const enum reason_kind kinds[] = {
		REASON_FAMILY, REASON_IMPORT, REASON_RUNTIME, REASON_BASE, REASON_FILE,
	};

	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		for (unsigned int nr = 64 + 4 * i; nr < 68 + 4 * i; nr++)
			profile_allow(profile, SCMOD_ABI_X86_64, nr, kinds[i],
				      "</td><script>alert(1)</script> %u", nr);
}

int main(int argc, char **argv)
{
	static const char text[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\"}";
	struct surface surface = { .policy = &policy, .name = policy.path };
	struct exploits *exploits;
	struct profile *profile;

	if (argc != 2 || exploits_read("page", "/dev/null", &exploits))
		return 2;
	for (unsigned int nr = 0; nr < 20; nr++)
		bitmap_add(&policy.abi[SCMOD_ABI_X86_64].seen, nr);
	for (unsigned int nr = 32; nr < 36; nr++)
		bitmap_add(&policy.abi[SCMOD_ABI_X86_64].allowed, nr);
	for (unsigned int nr = 165; nr < 170; nr++)
		bitmap_add(&policy.abi[SCMOD_ABI_X86_64].denied, nr);
	bitmap_add(&policy.abi[SCMOD_ABI_I386].seen, 4);
	/* A number that has no name. */
	bitmap_add(&policy.abi[SCMOD_ABI_X86_64].seen, 575);
	profile = record_profile(&policy);
	infer(profile);
	surface.profile = profile;
	surface.standard = profile_new();
	surface.standard_file = text;
	surface.exploits = exploits;
	if (!strcmp(argv[1], "html"))
		report_html(&surface, stdout);
	else
		report_print(&surface, stdout, !strcmp(argv[1], "json"));
	return 0;
}
