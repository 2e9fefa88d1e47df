// SPDX-License-Identifier: GPL-2.0
/*
 * What words on the command line name, where there is no module: how many they are is
 * of no matter, and what is wrong with one is said as it is.
 *
 * vm: host
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kernel/cgroup.h"
#include "base/error.h"
#include "kselftest_harness.h"
#include "kernel/nl.h"
#include "verbs/source.h"

#define FILES 64

static char said[8192];

static void take_message(const char *prefix, const char *text)
{
	snprintf(said, sizeof(said), "%s%s", prefix, text);
}

FIXTURE(source)
{
	char dir[64];
};

FIXTURE_SETUP(source)
{
	if (!access("/sys/module/scmod", F_OK))
		SKIP(return, "the module is loaded");
	snprintf(self->dir, sizeof(self->dir), "/tmp/scmod-source.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	message_hook(take_message);
}

FIXTURE_TEARDOWN(source)
{
	message_hook(NULL);
	scmod_close();
	rmdir(self->dir);
}

static int open_word(const char *word)
{
	struct source source;
	int ret = source_open("merge", word, NULL, NULL, &source);

	source_release(&source);
	return ret;
}

TEST_F(source, many_words_take_one_socket)
{
	const struct rlimit limit = { FILES, FILES };
	int i;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	for (i = 0; i < 2 * FILES; i++)
		ASSERT_EQ(EXIT_NO_MODULE, open_word(self->dir)) {
			TH_LOG("word %d: %s", i, said);
		}
}

TEST_F(source, what_is_no_file_is_told_with_the_reason)
{
	EXPECT_EQ(EXIT_FAILED, open_word("/no/such/file"));
	EXPECT_NE(NULL, strstr(said, "/no/such/file: No such file or directory")) {
		TH_LOG("%s", said);
	}
	EXPECT_EQ(EXIT_FAILED, open_word("/proc/self/exe/x"));
	EXPECT_NE(NULL, strstr(said, "/proc/self/exe/x: Not a directory")) {
		TH_LOG("%s", said);
	}
}

/* No name of a file that was written wrong. */
TEST_F(source, a_number_is_an_id_whatever_else_is_wrong)
{
	EXPECT_EQ(EXIT_NO_MODULE, open_word("17"));
	EXPECT_NE(NULL, strstr(said, "modprobe")) {
		TH_LOG("%s", said);
	}
}

/* Root could open them no more than others. */
TEST_F(source, a_path_that_can_not_be_is_not_for_want_of_rights)
{
	char path[PATH_MAX + 16] = "", link[PATH_MAX];
	uint64_t id;
	int fd;

	while (strlen(path) < PATH_MAX)
		strcat(path, "/sys/fs");
	EXPECT_EQ(CGROUP_ABSENT, cgroup_open(path, &fd, &id));
	snprintf(link, sizeof(link), "%s/loop", self->dir);
	ASSERT_EQ(0, symlink(link, link));
	EXPECT_EQ(CGROUP_ABSENT, cgroup_open(link, &fd, &id));
	unlink(link);
}

TEST_F(source, no_word_is_not_the_directory_we_are_in)
{
	if (!cgroup_mount() || chdir(cgroup_mount()))
		SKIP(return, "no cgroup2 mount");
	EXPECT_TRUE(cgroup_path_matches(".", "/"));
	EXPECT_FALSE(cgroup_path_matches("", "/"));
}

TEST_HARNESS_MAIN
