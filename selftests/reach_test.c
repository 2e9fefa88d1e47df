// SPDX-License-Identifier: GPL-2.0
/*
 * What the code of programs can reach: small programs of all kinds have exactly the calls that
 * their code leads to; what can't be known is said to be incomplete; broken files do no harm; and
 * what is out of reach is not inferred. The programs are parts of reach/program.c.
 *
 * vm: host
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls/sysname.h"
#include "infer/examine.h"
#include "infer/infer.h"
#include "kselftest_harness.h"
#include "lib.h"
#include "random.h"
#include "reach/ceiling.h"
#include "reach/decode.h"

#define MOST_FILES 8

FIXTURE(reach) {
	char dir[64];
	struct ceiling ceiling;
	struct ceiling_file file[MOST_FILES];
	size_t count;
};

FIXTURE_SETUP(reach)
{
	strcpy(self->dir, "/tmp/reach.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
}

FIXTURE_TEARDOWN(reach)
{
	ceiling_release(&self->ceiling);
	for (size_t i = 0; i < self->count; i++) {
		close(self->file[i].fd);
		free((char *)self->file[i].path);
	}
	sh("rm -rf %s", self->dir);
}

/* Compiles a part of program.c to the file @name. */
static int compile(const char *dir, const char *name, const char *flags)
{
	return sh("gcc -O2 -nostdlib -ffreestanding -fno-stack-protector -w %s " SELFTESTS
		  "/reach/program.c -o %s/%s -L%s 2>&1", flags, dir, name, dir);
}

#define STATIC	"-static -no-pie "
#define PIE	"-static-pie -fpie "

/* Limits as small as those of the tool, or smaller. */
static struct limits usual(void)
{
	return (struct limits){
		.bytes = 64 << 20, .instructions = 4 << 20, .entries = 1 << 20,
	};
}

static void add_file(struct ceiling_file *file, size_t *count, const char *dir,
		     const char *name, bool program)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		abort();
	file[(*count)++] = (struct ceiling_file){
		open(path, O_RDONLY | O_CLOEXEC), path, program,
	};
}

#define add(name, program) add_file(self->file, &self->count, self->dir, name, program)

/* What the files can reach, as names in order of numbers, each followed by a space. */
static const char *find(struct ceiling_file *file, size_t count, struct ceiling *ceiling)
{
	static char names[8192];
	struct limits limits = usual();
	size_t len = 0;
	unsigned int nr;

	ceiling_release(ceiling);
	ceiling_find(file, count, &limits, ceiling);
	*names = '\0';
	bitmap_for_each(nr, &ceiling->calls)
		len += snprintf(names + len, sizeof(names) - len, "%s ",
				sysname(SCMOD_ABI_X86_64, nr));
	return names;
}

#define found() find(self->file, self->count, &self->ceiling)

/* Kinds of files; the last two are made of a static program. */
FIXTURE_VARIANT(reach) {
	const char *flags;
	const char *after;
	bool loose;
};

FIXTURE_VARIANT_ADD(reach, fixed) { .flags = STATIC, .after = ":" };

FIXTURE_VARIANT_ADD(reach, movable) { .flags = PIE, .after = ":" };

FIXTURE_VARIANT_ADD(reach, stripped) { .flags = PIE "-fcf-protection -s ", .after = ":" };

FIXTURE_VARIANT_ADD(reach, without_frames) {
	.flags = STATIC "-fno-asynchronous-unwind-tables -Wl,--no-eh-frame-hdr -s ", .after = ":",
	/* Functions that nothing refers to can't be told from the ones before them. */
	.loose = true,
};

FIXTURE_VARIANT_ADD(reach, without_sections) {
	.flags = PIE "-s ",
	/* e_shoff, and e_shentsize to e_shstrndx. */
	.after = "f() { dd if=/dev/zero of=$1 bs=1 seek=$2 count=$3 conv=notrunc status=none; };"
		 "f %1$s 40 8 && f %1$s 58 6",
};

static int make(const char *dir, const char *name, const char *flags, const char *after,
		const char *part)
{
	char command[512], path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	snprintf(command, sizeof(command), "%s %s", flags, part);
	if (compile(dir, name, command))
		return -1;
	snprintf(command, sizeof(command), after, path);
	return sh("%s", command);
}

/* Whether @names are as expected; with @loose, also if "swapon" is one more. */
static bool is_as(const char *expected, const char *names, bool loose)
{
	char *copy = strdup(names), *more = loose ? strstr(copy, "swapon ") : NULL;
	bool same;

	if (more)
		memmove(more, more + strlen("swapon "), strlen(more + strlen("swapon ")) + 1);
	same = !strcmp(expected, copy);
	free(copy);
	return same;
}

TEST_F(reach, of_programs_of_all_kinds)
{
	static const char *const cases[][2] = {
		{ "-DPART_DIRECT", "exit acct " },
		{ "-DPART_POINTER", "acct " },
		{ "-DPART_TAKEN", "acct " },
		{ "-DPART_NUMBER", "acct reboot sethostname " },
		{ "-DPART_UNKNOWN", "acct " },
		{ "-DPART_CHOICE",
		  "acct reboot sethostname setdomainname iopl ioperm init_module quotactl " },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char name[16];

		snprintf(name, sizeof(name), "p%zu", i);
		ASSERT_EQ(0, make(self->dir, name, variant->flags, variant->after, cases[i][0]));
		self->count = 0;
		add(name, true);
		EXPECT_TRUE(is_as(cases[i][1], found(), variant->loose)) {
			TH_LOG("%s %s: %s", variant->flags, cases[i][0], found());
		}
		EXPECT_EQ(CEILING_COMPLETE, self->ceiling.state) {
			TH_LOG("%s: %s", cases[i][0], self->ceiling.what);
		}
		EXPECT_FALSE(self->ceiling.starts);
		free((char *)self->file[0].path);
		close(self->file[0].fd);
	}
	self->count = 0;
}

TEST_F(reach, incomplete_where_something_is_not_known)
{
	static const struct {
		const char *part;
		enum ceiling_state state;
	} cases[] = {
		{ "-DPART_UNKNOWN -DREACHED", CEILING_NUMBER },
		{ "-DPART_FOREIGN", CEILING_OTHER_ABI },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char name[16];

		snprintf(name, sizeof(name), "p%zu", i);
		ASSERT_EQ(0, make(self->dir, name, variant->flags, variant->after, cases[i].part));
		add(name, true);
		find(self->file + i, 1, &self->ceiling);
		EXPECT_EQ(cases[i].state, self->ceiling.state) {
			TH_LOG("%s: %s", cases[i].part, self->ceiling.what);
		}
		EXPECT_NE('\0', *self->ceiling.what);
	}
}

FIXTURE(linked) {
	char dir[64];
	struct ceiling ceiling;
	struct ceiling_file file[MOST_FILES];
	size_t count;
};

FIXTURE_SETUP(linked)
{
	strcpy(self->dir, "/tmp/reach.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, compile(self->dir, "libx.so", "-shared -fpic -fvisibility=hidden "
			     "-Wl,-soname,libx.so -DPART_LIBRARY"));
}

FIXTURE_TEARDOWN(linked)
{
	ceiling_release(&self->ceiling);
	for (size_t i = 0; i < self->count; i++) {
		close(self->file[i].fd);
		free((char *)self->file[i].path);
	}
	sh("rm -rf %s", self->dir);
}

/* By the PLT; by the PLT for control-flow enforcement; and without one. */
TEST_F(linked, calls_of_a_library_go_by_name)
{
	static const char *const flags[] = {
		"-pie -fpie", "-fcf-protection -Wl,-z,ibtplt -pie -fpie",
		"-fno-plt -pie -fpie", "-no-pie",
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		char command[256], name[16];

		snprintf(name, sizeof(name), "user%zu", i);
		ASSERT_GT(sizeof(command), (size_t)snprintf(command, sizeof(command),
							    "%s -DPART_USER -Wl,-z,now", flags[i]));
		/* The library comes behind the source, so that the linker uses it. */
		ASSERT_EQ(0, sh("gcc -O2 -nostdlib -ffreestanding -w %s " SELFTESTS
				"/reach/program.c %s/libx.so -o %s/%s 2>&1", command, self->dir,
				self->dir, name));
		add(name, true);
		add("libx.so", false);
		EXPECT_STREQ("acct sethostname ", find(self->file + 2 * i, 2, &self->ceiling));
		EXPECT_EQ(CEILING_COMPLETE, self->ceiling.state);
	}
	EXPECT_STREQ("user3:_start > libx.so:wanted", self->ceiling.way[SYS_acct]);
	find(self->file, 1, &self->ceiling);
	EXPECT_EQ(CEILING_MISSING, self->ceiling.state);
	EXPECT_STREQ("libx.so", self->ceiling.what);
}

/* What no program needs was loaded by dlopen(), and may be asked for anything. */
TEST_F(linked, all_that_a_plugin_exports_can_be_called)
{
	ASSERT_EQ(0, compile(self->dir, "program", PIE "-DPART_DIRECT"));
	add("program", true);
	add("libx.so", false);
	EXPECT_STREQ("exit acct swapon reboot sethostname ", found());
}

TEST_F(linked, a_name_that_is_looked_up_counts)
{
	ASSERT_EQ(0, sh("gcc -O2 -nostdlib -ffreestanding -w -pie -fpie -DPART_USER -DLOOKS_UP "
			SELFTESTS "/reach/program.c %s/libx.so -o %s/looks 2>&1", self->dir,
			self->dir));
	add("looks", true);
	add("libx.so", false);
	EXPECT_STREQ("reboot sethostname ", found());
}

TEST_F(linked, a_program_that_starts_others_is_noticed)
{
	ASSERT_EQ(0, compile(self->dir, "starts", STATIC "-DPART_STARTS"));
	add("starts", true);
	found();
	EXPECT_TRUE(self->ceiling.starts);
}

TEST_F(linked, other_files_are_told_apart)
{
	ASSERT_EQ(0, compile(self->dir, "small", STATIC "-DPART_DIRECT"));
	ASSERT_EQ(0, sh("head -c 200 %s/small >%s/cut; echo text >%s/text; cp %s/small %s/wide &&"
			"printf '\\001' | dd of=%s/wide bs=1 seek=4 conv=notrunc status=none",
			self->dir, self->dir, self->dir, self->dir, self->dir, self->dir));
	add("cut", true);
	add("text", false);
	add("wide", true);
	add("small", true);
	find(self->file, 1, &self->ceiling);
	EXPECT_EQ(CEILING_UNSOUND, self->ceiling.state);
	find(self->file + 1, 1, &self->ceiling);
	EXPECT_EQ(CEILING_FOREIGN, self->ceiling.state);
	find(self->file + 2, 1, &self->ceiling);
	EXPECT_EQ(CEILING_FOREIGN, self->ceiling.state);
	find(self->file + 3, 1, &self->ceiling);
	EXPECT_EQ(CEILING_COMPLETE, self->ceiling.state);
	find(self->file, 0, &self->ceiling);
	EXPECT_EQ(CEILING_NONE, self->ceiling.state);
}

TEST_F(linked, limits_hold)
{
	struct limits limits;

	add("libx.so", false);
	for (int i = 0; i < 3; i++) {
		limits = usual();
		*(i == 0 ? &limits.bytes : i == 1 ? &limits.instructions : &limits.entries) = 10;
		ceiling_release(&self->ceiling);
		ceiling_find(self->file, 1, &limits, &self->ceiling);
		EXPECT_EQ(CEILING_LARGE, self->ceiling.state);
	}
}

/* ---- files that are made to do harm */

static int analyze(const char *path)
{
	struct ceiling_file file = { open(path, O_RDONLY | O_CLOEXEC), path, true };
	struct limits limits = usual();
	struct ceiling ceiling;

	alarm(30);
	ceiling_find(&file, 1, &limits, &ceiling);
	ceiling_release(&ceiling);
	return 0;
}

static void mutate(unsigned char *bytes, size_t size)
{
	static const unsigned char odd[] = { 0, 1, 0x7f, 0x80, 0xff };
	unsigned int count = 1 + random_word() % 8;

	while (count--) {
		/* Tables at the beginning, or anything. */
		size_t at = random_word() % (random_word() & 1 ? 1024 : size);

		bytes[at] = random_word() & 1 ? odd[random_word() % sizeof(odd)] :
			    (unsigned char)random_word();
	}
}

static int write_file(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int ret = fd >= 0 && write(fd, bytes, size) == (ssize_t)size ? 0 : -1;

	close(fd);
	return ret;
}

TEST_F(linked, broken_files_do_no_harm)
{
	unsigned char original[65536], bytes[65536];
	char path[96];
	ssize_t size;
	int fd, status;

	snprintf(path, sizeof(path), "%s/libx.so", self->dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	size = read(fd, original, sizeof(original));
	close(fd);
	ASSERT_LT(1024, size);
	snprintf(path, sizeof(path), "%s/broken", self->dir);
	for (int i = 0; i < 400; i++) {
		pid_t child;

		memcpy(bytes, original, size);
		mutate(bytes, size);
		ASSERT_EQ(0, write_file(path, bytes, size));
		child = fork();
		if (!child)
			_exit(analyze(path));
		ASSERT_EQ(child, waitpid(child, &status, 0));
		ASSERT_EQ(0, status) {
			TH_LOG("mutation %d", i);
		}
	}
}

/* ---- the decoder */

/* Length of an instruction in a line of objdump, whose bytes go to @bytes; 0 if it has none. */
static size_t read_line(const char *line, unsigned char *bytes)
{
	const char *at = strchr(line, ':');
	unsigned int byte;
	size_t count = 0;
	int len;

	if (!at || *line != ' ' || strstr(line, "(bad)"))
		return 0;
	for (at++; count < 15 && sscanf(at, " %2x%n", &byte, &len) == 1 &&
	     (at[len] == ' ' || at[len] == '\t') && *at != '\0'; at += len) {
		bytes[count++] = byte;
		if (at[len] == ' ' && at[len + 1] == ' ')
			break;
		if (at[len] == '\t' || (at[len] == ' ' && at[len + 1] == '\t'))
			break;
	}
	return count;
}

TEST(decoder_ends_instructions_where_objdump_does)
{
	static const char *const files[] = {
		"$(ldconfig -p | sed -n 's|.*libc.so.6.*x86-64.*=> ||p' | head -n 1)", "/bin/bash",
	};
	unsigned long same = 0, other = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char command[256], line[512];
		unsigned char bytes[16];
		FILE *from;

		snprintf(command, sizeof(command), "objdump -d -w --section=.text %s", files[i]);
		from = popen(command, "re");
		ASSERT_NE(NULL, from);
		while (fgets(line, sizeof(line), from)) {
			size_t len = read_line(line, bytes);
			ZydisDecodedInstruction what;

			if (!len)
				continue;
			if (decode(bytes, len, &what) && what.length == len)
				same++;
			else if (other++ < 5)
				TH_LOG("%s", line);
		}
		EXPECT_EQ(0, pclose(from));
	}
	EXPECT_LT(300000, same);
	/* objdump writes some prefixes on lines of their own. */
	EXPECT_LT(other * 10000, same);
}

/* ---- what it is for */

static int put_pid(const char *dir, pid_t pid)
{
	return sh("echo %d >%s/cgroup.procs", pid, dir);
}

/* A program that is running is examined in the sealed child. */
TEST_F(linked, of_a_process_in_a_cgroup)
{
	static const struct infer_wish wish = { .families = "/dev/null" };
	struct imports *imports;
	struct infer infer;
	char path[96];
	int dir;
	pid_t pid;

	ASSERT_EQ(0, compile(self->dir, "program", STATIC "-DPART_POINTER"));
	ASSERT_EQ(EXIT_DONE, infer_read("test", &wish, &infer));
	ASSERT_EQ(EXIT_DONE, functions_read("test", "/dev/null", &infer.functions));
	snprintf(path, sizeof(path), "%s/program", self->dir);
	pid = fork();
	if (!pid)
		_exit(execl(path, path, NULL));
	ASSERT_EQ(0, sh("for i in $(seq 100); do [ /proc/%d/exe -ef %s ] && exit; sleep 0.1; done;"
			"exit 1", pid, path));
	ASSERT_EQ(0, put_pid(self->dir, pid));
	dir = open(self->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	imports = imports_new(infer.functions);
	imports->reach = true;
	examine_cgroups(imports, &dir, 1, NULL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(dir);
	EXPECT_EQ(1, imports->processes);
	EXPECT_EQ(CEILING_COMPLETE, imports->ceiling.state) {
		TH_LOG("%d %s", imports->ceiling.state, imports->ceiling.what);
	}
	EXPECT_TRUE(bitmap_has(&imports->ceiling.calls, SYS_acct));
	EXPECT_EQ(1, bitmap_count(&imports->ceiling.calls));
	imports_free(imports);
	infer_release(&infer);
}

FIXTURE(within) {
	struct infer infer;
	struct imports *imports;
	struct profile *profile;
};

static void see(struct profile *profile, const char *call)
{
	static const struct reason seen = { .kind = REASON_SEEN };
	int nr = sysname_number(SCMOD_ABI_X86_64, call);

	profile_set(profile, SCMOD_ABI_X86_64, nr, PROFILE_ALLOW, 0);
	profile_add_reason(profile, SCMOD_ABI_X86_64, nr, &seen);
}

static void can_reach(struct imports *imports, const char *call)
{
	int nr = sysname_number(SCMOD_ABI_X86_64, call);

	bitmap_add(&imports->ceiling.calls, nr);
	free(imports->ceiling.way[nr]);
	imports->ceiling.way[nr] = strdup("a:main > b:f");
}

static bool is_allowed(const struct profile *profile, const char *call)
{
	return profile_allows(profile, SCMOD_ABI_X86_64, sysname_number(SCMOD_ABI_X86_64, call));
}

FIXTURE_SETUP(within)
{
	static const struct infer_wish wish = { .families = "/dev/null" };
	static const struct image image = {
		.abi = SCMOD_ABI_X86_64, .interpreter = true, .names = "chmod\0mkdir", .len = 12,
	};

	ASSERT_EQ(EXIT_DONE, infer_read("test", &wish, &self->infer));
	self->infer.level = INFER_REACHABLE;
	ASSERT_EQ(EXIT_DONE, infer_load(&self->infer, false));
	ASSERT_EQ(EXIT_DONE, functions_read("test", "/dev/null", &self->infer.functions));
	self->imports = imports_new(self->infer.functions);
	ASSERT_TRUE(imports_add_image(self->imports, &image, "/a", HOLDER_PROGRAM));
	imports_note_kinds(self->imports, &image, "/a", true);
	self->imports->ceiling.state = CEILING_COMPLETE;
	self->profile = profile_new();
	see(self->profile, "openat");
	can_reach(self->imports, "openat");
	can_reach(self->imports, "chmod");
}

FIXTURE_TEARDOWN(within)
{
	profile_free(self->profile);
	imports_free(self->imports);
	infer_release(&self->infer);
}

TEST_F(within, what_is_out_of_reach_is_not_inferred)
{
	const struct reason *reason;

	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(is_allowed(self->profile, "openat"));
	EXPECT_TRUE(is_allowed(self->profile, "chmod"));
	EXPECT_FALSE(is_allowed(self->profile, "mkdir"));
	EXPECT_FALSE(is_allowed(self->profile, "open"));
	reason = profile_reason(self->profile, SCMOD_ABI_X86_64, SYS_mkdir, REASON_UNREACHABLE);
	ASSERT_NE(NULL, reason);
	EXPECT_NE(NULL, strstr(reason->text, "mkdir, imported by /a"));
	EXPECT_EQ(NULL, profile_reason(self->profile, SCMOD_ABI_X86_64, SYS_chmod, REASON_REACH));
}

TEST_F(within, the_way_is_explained)
{
	const struct reason *reason;

	self->infer.ways = true;
	infer_add(&self->infer, self->profile, self->imports);
	reason = profile_reason(self->profile, SCMOD_ABI_X86_64, SYS_chmod, REASON_REACH);
	ASSERT_NE(NULL, reason);
	EXPECT_STREQ("a:main > b:f > chmod", reason->text);
}

TEST_F(within, nothing_is_left_out_without_certainty)
{
	self->imports->ceiling.state = CEILING_NUMBER;
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(is_allowed(self->profile, "mkdir"));
}

TEST_F(within, only_the_level_reachable_leaves_something_out)
{
	self->infer.level = INFER_LIKELY;
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(is_allowed(self->profile, "mkdir"));
}

/* A call that was seen shows that some of the code is missing; that of a runtime does not. */
TEST_F(within, a_call_that_was_seen_out_of_reach_gives_doubt)
{
	struct reachable reachable;

	see(self->profile, "restart_syscall");
	infer_reachable(&self->infer, self->profile, self->imports, &reachable);
	EXPECT_EQ(CEILING_COMPLETE, reachable.state);
	see(self->profile, "shmget");
	infer_reachable(&self->infer, self->profile, self->imports, &reachable);
	EXPECT_EQ(CEILING_SEEN, reachable.state);
	EXPECT_STREQ("shmget", reachable.what);
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(is_allowed(self->profile, "mkdir"));
}

TEST_F(within, programs_that_are_started_later_count)
{
	struct profile *profile = profile_new();

	self->imports->ceiling.starts = true;
	see(profile, "openat");
	infer_add(&self->infer, profile, self->imports);
	EXPECT_TRUE(is_allowed(profile, "mkdir"));
	self->infer.userland = USERLAND_NONE;
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_FALSE(is_allowed(self->profile, "mkdir"));
	profile_free(profile);
}

TEST_HARNESS_MAIN
