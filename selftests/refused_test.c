// SPDX-License-Identifier: GPL-2.0
/*
 * Which refused calls 'allow --denied' allows: neither those with which an attacker would go
 * on, nor those without a record of who made them.
 *
 * vm: host
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dangerous.h"
#include "base/error.h"
#include "calls/sysname.h"
#include "kselftest_harness.h"
#include "verbs/refused.h"

FIXTURE(refused)
{
	char file[PATH_MAX];
	char path[64];
	struct families *families;
	struct scmod_record record;
	struct policy policy;
};

FIXTURE_SETUP(refused)
{
	int fd;

	snprintf(self->file, sizeof(self->file), "/tmp/scmod-refused.XXXXXX");
	fd = mkstemp(self->file);
	ASSERT_LE(0, fd);
	close(fd);
	snprintf(self->path, sizeof(self->path), "/web");
	self->policy.path = self->path;
	self->policy.id = 4711;
	self->policy.records = &self->record;
	self->policy.nr_records = 1;
	ASSERT_EQ(EXIT_DONE, families_read("test", "/dev/null", &self->families));
}

FIXTURE_TEARDOWN(refused)
{
	unlink(self->file);
	families_free(self->families);
}

/* The module refused the call, and recorded who made it. */
static void refuse(FIXTURE_DATA(refused) *self, unsigned int abi, unsigned int nr)
{
	self->record = (struct scmod_record){
		.pid = 1234, .count = 3, .nr = nr, .abi = abi,
		.kind = SCMOD_RECORD_DENIED, .comm = "nginx",
	};
}

static enum refused kind(FIXTURE_DATA(refused) *self, unsigned int abi, unsigned int nr)
{
	return refused_kind(&self->policy, self->families, abi, nr);
}

/* @text is to be freed. */
static void check_text(struct __test_metadata *_metadata, char *text, const char *want)
{
	EXPECT_STREQ(want, text);
	free(text);
}

TEST_F(refused, what_somebody_made_may_be_allowed)
{
	int nr = sysname_number(SCMOD_ABI_X86_64, "sync");

	refuse(self, SCMOD_ABI_X86_64, nr);
	EXPECT_EQ(REFUSED_PLAIN, kind(self, SCMOD_ABI_X86_64, nr));
	EXPECT_EQ(&self->record, refused_record(&self->policy, SCMOD_ABI_X86_64, nr));
}

TEST_F(refused, dangerous_calls_must_be_named)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (size_t i = 0; i < NR_DANGEROUS; i++) {
			int nr = sysname_number(abi, dangerous[i]);
			char want[128];
			char *why;

			if (nr < 0)
				continue;
			refuse(self, abi, nr);
			ASSERT_EQ(REFUSED_NEVER, kind(self, abi, nr)) {
				TH_LOG("%s:%s", abi_name(abi), dangerous[i]);
			}
			why = refused_why(REFUSED_NEVER, self->families, abi, nr);
			EXPECT_LT(30, strlen(why)) {
				TH_LOG("%s", why);
			}
			free(why);
			snprintf(want, sizeof(want), "scmod allow /web %s%s%s",
				 abi ? abi_name(abi) : "", abi ? ":" : "", sysname(abi, nr));
			check_text(_metadata, refused_remedy(&self->policy, abi, nr), want);
		}
}

TEST_F(refused, what_nobody_is_known_to_have_made_must_be_named)
{
	int nr = sysname_number(SCMOD_ABI_X86_64, "sync");

	refuse(self, SCMOD_ABI_X86_64, nr);
	self->record.pid = 0;
	EXPECT_EQ(REFUSED_UNKNOWN, kind(self, SCMOD_ABI_X86_64, nr));
	/* Neither a record of the call being seen counts, nor one of another ABI's call. */
	refuse(self, SCMOD_ABI_X86_64, nr);
	self->record.kind = SCMOD_RECORD_SEEN;
	EXPECT_EQ(REFUSED_UNKNOWN, kind(self, SCMOD_ABI_X86_64, nr));
	refuse(self, SCMOD_ABI_I386, nr);
	EXPECT_EQ(REFUSED_UNKNOWN, kind(self, SCMOD_ABI_X86_64, nr));
	refuse(self, SCMOD_ABI_X86_64, nr);
	self->policy.nr_records = 0;
	EXPECT_EQ(REFUSED_UNKNOWN, kind(self, SCMOD_ABI_X86_64, nr));
	EXPECT_EQ(NULL, refused_record(&self->policy, SCMOD_ABI_X86_64, nr));
}

TEST_F(refused, a_number_without_a_name_must_be_given)
{
	refuse(self, SCMOD_ABI_X86_64, 1000);
	EXPECT_EQ(REFUSED_NAMELESS, kind(self, SCMOD_ABI_X86_64, 1000));
	check_text(_metadata, refused_remedy(&self->policy, SCMOD_ABI_X86_64, 1000),
		   "scmod allow /web 1000");
	check_text(_metadata, refused_remedy(&self->policy, SCMOD_ABI_I386, 1000),
		   "scmod allow /web i386:1000");
}

/* People paste the printed command into a shell, so the path must need no quotes. */
TEST_F(refused, a_path_that_a_shell_would_change_is_given_by_its_id)
{
	static const char *const odd[] = {
		"/a b", "/a;b", "/$(id)", "/a\\x2db", "/'", "/\"", "/~", "/*", "/\n", "/\x9b", "/a|b",
	};
	int nr = sysname_number(SCMOD_ABI_X86_64, "sync");

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		snprintf(self->path, sizeof(self->path), "%s", odd[i]);
		check_text(_metadata, refused_remedy(&self->policy, SCMOD_ABI_X86_64, nr),
			   "scmod allow 4711 sync");
	}
	snprintf(self->path, sizeof(self->path), "/system.slice/getty@tty1.service");
	check_text(_metadata, refused_remedy(&self->policy, SCMOD_ABI_X86_64, nr),
		   "scmod allow /system.slice/getty@tty1.service sync");
}

/* A call that the administrator's own 'never' rule has must be named, too. */
TEST_F(refused, a_file_of_rules_decides_what_is_never_taken)
{
	int nr = sysname_number(SCMOD_ABI_X86_64, "sync");
	FILE *file = fopen(self->file, "w");

	ASSERT_NE(NULL, file);
	fputs("never mine: sync # not here\n", file);
	fclose(file);
	families_free(self->families);
	ASSERT_EQ(EXIT_DONE, families_read("test", self->file, &self->families));
	refuse(self, SCMOD_ABI_X86_64, nr);
	EXPECT_EQ(REFUSED_NEVER, kind(self, SCMOD_ABI_X86_64, nr));
	check_text(_metadata, refused_why(REFUSED_NEVER, self->families, SCMOD_ABI_X86_64, nr),
		   "never inferred: mine: not here");
}

TEST_HARNESS_MAIN
