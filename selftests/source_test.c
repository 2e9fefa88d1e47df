// SPDX-License-Identifier: GPL-2.0
/*
 * Cgroups and files that are named on the command line, without the module: any number of
 * them may be given, and errors say exactly what is wrong.
 *
 * vm: host
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/cgroup.h"
#include "base/errname.h"
#include "base/error.h"
#include "base/file.h"
#include "kselftest_harness.h"
#include "kernel/nl.h"
#include "verbs/source.h"

#define FILES 64

static char said[8192];

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
}

FIXTURE_TEARDOWN(source)
{
	scmod_close();
	rmdir(self->dir);
}

/* @said gets what was printed on stderr. */
static int open_word(const char *word)
{
	int capture = memfd_create("said", MFD_CLOEXEC), saved = dup(STDERR_FILENO);
	struct source source;
	ssize_t len;
	int ret;

	if (capture < 0 || saved < 0)
		abort();
	dup2(capture, STDERR_FILENO);
	ret = source_open("merge", word, NULL, NULL, &source);
	source_release(&source);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	len = pread(capture, said, sizeof(said) - 1, 0);
	said[len < 0 ? 0 : len] = '\0';
	close(capture);
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

/* A number that can't be looked up is not reported as a file that does not exist. */
TEST_F(source, a_number_is_an_id_whatever_else_is_wrong)
{
	EXPECT_EQ(EXIT_NO_MODULE, open_word("17"));
	EXPECT_NE(NULL, strstr(said, "modprobe")) {
		TH_LOG("%s", said);
	}
}

/* Not even root could open these paths, so the error must not be a lack of rights. */
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

/* When source_open() fails, it has released all memory, as callers release nothing. */
TEST_F(source, a_failure_leaves_nothing_behind)
{
	char path[PATH_MAX];
	struct source source;
	size_t before = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/wrong", self->dir);
	file = fopen(path, "we");
	ASSERT_NE(NULL, file);
	fputs("no_such_call\n", file);
	fclose(file);
	for (unsigned int i = 0; i < 1000; i++) {
		ASSERT_EQ(EXIT_FAILED, source_open("dump", path, NULL, NULL, &source));
		if (i == 100)
			before = mallinfo2().uordblks;
	}
	EXPECT_GT(1000, mallinfo2().uordblks - before);
	unlink(path);
}

/* The tool has a table of its own, since not every C library has strerrorname_np(). */
TEST(errno_values_have_the_names_that_glibc_has)
{
	for (uint32_t err = 0; err <= SCMOD_ERRNO_MAX + 1; err++) {
		const char *name = err <= SCMOD_ERRNO_MAX ? strerrorname_np(err) : NULL;
		char other[32];

		snprintf(other, sizeof(other), "errno %u", err);
		EXPECT_STREQ(err && name ? name : other, errname(err));
		if (err && name) {
			EXPECT_EQ(err, errname_value(name));
		}
	}
	EXPECT_EQ(EAGAIN, errname_value("EWOULDBLOCK"));
	EXPECT_EQ(EOPNOTSUPP, errname_value("ENOTSUP"));
	EXPECT_EQ(0, errname_value("ENONSENSE"));
	EXPECT_NE(0, system("nm -D " BUILD "/scmod | grep strerrorname_np"));
}

/* A FIFO in place of a file that verbs read by themselves must not make them wait for ever. */
TEST_F(source, a_fifo_is_no_reason_to_wait)
{
	char path[PATH_MAX], *text;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/fifo", self->dir);
	ASSERT_EQ(0, mkfifo(path, 0600));
	EXPECT_EQ(NULL, file_read_regular(path, 4096));
	EXPECT_EQ(ENOTSUP, errno);
	/* A FIFO on the command line, such as a shell's <(command), is waited for. */
	pid = fork();
	if (!pid) {
		int fd;

		usleep(300000);
		fd = open(path, O_WRONLY);
		if (write(fd, "read\n", 5) != 5)
			_exit(1);
		usleep(300000);
		if (write(fd, "write\n", 6) != 6)
			_exit(1);
		_exit(0);
	}
	text = file_read(path, 4096);
	EXPECT_STREQ("read\nwrite\n", text);
	free(text);
	waitpid(pid, NULL, 0);
	unlink(path);
}

TEST_F(source, a_lease_is_no_reason_to_wait)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/leased", self->dir);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	ASSERT_LE(0, fd);
	signal(SIGIO, SIG_IGN);
	if (fcntl(fd, F_SETLEASE, F_WRLCK)) {
		close(fd);
		unlink(path);
		SKIP(return, "this file system has no leases");
	}
	EXPECT_EQ(NULL, file_read(path, 4096));
	EXPECT_EQ(EAGAIN, errno);
	close(fd);
	unlink(path);
}

TEST_F(source, no_word_is_not_the_directory_we_are_in)
{
	if (!cgroup_mount() || chdir(cgroup_mount()))
		SKIP(return, "no cgroup2 mount");
	EXPECT_TRUE(cgroup_path_matches(".", "/"));
	EXPECT_FALSE(cgroup_path_matches("", "/"));
}

/* What a word is as the name of a policy, with the path of the usual mount or without. */
static const struct {
	const char *word;
	const char *name;
} names[] = {
	{ "/sys/fs/cgroup/web.slice/a-*.scope", "/web.slice/a-*.scope" },
	{ "/web.slice/a-*.scope", "/web.slice/a-*.scope" },
	{ "//web.slice/./a-*.scope/", "/web.slice/a-*.scope" },
	{ "/sys/fs/cgroup/a\\x2db.slice", "/a\\x2db.slice" },
	{ "/a\\\\x2db-?.slice", "/a\\\\x2db-?.slice" },
	{ "/a\\[b]-[!0-9].slice", "/a\\[b]-[!0-9].slice" },
	{ "/sys/fs/cgroups/a", "/sys/fs/cgroups/a" },
	{ "/..a/b..", "/..a/b.." },
	/* What is no name. */
	{ "", NULL },
	{ "/a/../b", NULL },
	{ "/a/..", NULL },
	{ "a/b", NULL },
	{ "*", NULL },
	{ "/a\\x2db-*.slice", NULL },
	{ "/a*\\", NULL },
};

TEST_F(source, names_of_policies_are_paths_below_the_mount)
{
	char name[SCMOD_PATH_MAX];
	const char *fault;
	size_t i;

	ASSERT_EQ(0, chdir(self->dir));
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		fault = cgroup_name(names[i].word, name, sizeof(name));
		EXPECT_EQ(!names[i].name, !!fault) {
			TH_LOG("%s: %s", names[i].word, fault ? fault : name);
		}
		if (!fault && names[i].name)
			EXPECT_STREQ(names[i].name, name);
	}
}

TEST_F(source, names_of_policies_fit_in_a_message)
{
	char word[2 * SCMOD_PATH_MAX] = "/";
	char name[SCMOD_PATH_MAX];

	for (size_t i = 1; i < sizeof(word) - 1; i++)
		word[i] = i % (NAME_MAX + 1) ? 'a' : '/';
	word[SCMOD_PATH_MAX - 1] = '\0';
	EXPECT_EQ(NULL, cgroup_name(word, name, sizeof(name)));
	EXPECT_STREQ(word, name);
	word[SCMOD_PATH_MAX - 1] = 'a';
	EXPECT_NE(NULL, strstr(cgroup_name(word, name, sizeof(name)), "name is too long"));
	memset(word + 1, 'a', NAME_MAX + 1);
	word[NAME_MAX + 2] = '\0';
	EXPECT_NE(NULL, strstr(cgroup_name(word, name, sizeof(name)), "part of the name"));
	word[NAME_MAX + 1] = '\0';
	EXPECT_EQ(NULL, cgroup_name(word, name, sizeof(name)));
}

TEST_F(source, a_name_is_compared_as_the_module_does)
{
	EXPECT_TRUE(cgroup_has_name("/a\\x2db.slice", "/a\\x2db.slice"));
	EXPECT_TRUE(cgroup_has_name("/a\\x2db-1.slice", "/a\\\\x2db-?.slice"));
	EXPECT_TRUE(cgroup_has_name("/m/libpod-1.scope", "/m/libpod-*.scope"));
	EXPECT_TRUE(cgroup_has_name("/m/.a", "/m/*"));
	EXPECT_TRUE(cgroup_has_name("/a[b]1", "/a\\[b]?"));
	EXPECT_FALSE(cgroup_has_name("/m/libpod-1/b.scope", "/m/libpod-*.scope"));
	EXPECT_FALSE(cgroup_has_name("/m/libpod-1.scope/b", "/m/libpod-*.scope"));
}

TEST_HARNESS_MAIN
