// SPDX-License-Identifier: GPL-2.0
/*
 * What a program imports, and the calls that are likely from it: the table of functions is
 * consistent and has no dangerous calls, and a damaged ELF file yields no imports.
 * infer_test.c tests what is inferred from imports.
 *
 * vm: host
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/seccomp.h>

#include "dangerous.h"
#include "infer/examine.h"
#include "infer/functions.h"
#include "infer/imports.h"
#include "kselftest_harness.h"
#include "lib.h"
#include "random.h"
#include "calls/dangerous_value.h"
#include "calls/sysname.h"

static bool has(const struct bitmap *sets, unsigned int abi, const char *call)
{
	int nr = sysname_number(abi, call);

	return nr >= 0 && bitmap_has(&sets[abi], nr);
}

/* What is built in, without what this machine adds. */
static struct functions *table(void)
{
	static struct functions *functions;

	if (!functions && functions_read("test", "/dev/null", &functions))
		abort();
	return functions;
}

static bool likely_has(unsigned int abi, const char *function, const char *call)
{
	struct bitmap sets[NR_ABIS] = { 0 };

	functions_add(table(), &sets[abi], abi, function);
	return has(sets, abi, call);
}

static unsigned int count_of(const struct imports *imports)
{
	unsigned int count = 0;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		count += bitmap_count(&imports->likely[abi]);
	return count;
}

/* ---- the table */

static bool is_dangerous(const char *call)
{
	for (size_t i = 0; i < NR_DANGEROUS; i++)
		if (!strcmp(dangerous[i], call))
			return true;
	return false;
}

TEST(the_table_is_sorted)
{
	const struct function_list *list = &table()->functions;

	EXPECT_GT(list->count, 500);
	EXPECT_GT(table()->sets.count, 20);
	for (size_t i = 1; i < list->count; i++)
		EXPECT_LT(strcmp(list->function[i - 1].name, list->function[i].name), 0);
}

TEST(the_table_names_calls_that_are_known_and_not_dangerous)
{
	const struct function_list *lists[] = { &table()->functions, &table()->sets };

	for (size_t i = 0; i < 2 * lists[0]->count; i++) {
		const struct function_list *list = lists[i / lists[0]->count];
		const struct function *function = &list->function[i % lists[0]->count];

		if (i % lists[0]->count >= list->count)
			continue;
		EXPECT_NE(NULL, function->calls->call) {
			TH_LOG("%s: no call", function->name);
		}
		for (const struct item *item = function->calls; item->call; item++) {
			if (*item->call == '@')
				continue;
			EXPECT_TRUE(sysname_known(item->call)) {
				TH_LOG("%s: no call is named '%s'", function->name, item->call);
			}
			EXPECT_FALSE(is_dangerous(item->call)) {
				TH_LOG("%s: %s", function->name, item->call);
			}
			EXPECT_FALSE(item->has_values &&
				     dangerous_value(item->selector, &item->rule)) {
				TH_LOG("%s: dangerous values of %s", function->name, item->call);
			}
		}
	}
}

/* A line that adds no call on x86-64 is of no use. */
TEST(each_function_adds_a_call)
{
	const struct function_list *list = &table()->functions;

	for (size_t i = 0; i < list->count; i++) {
		struct bitmap set = { 0 };

		EXPECT_TRUE(functions_add(table(), &set, SCMOD_ABI_X86_64, list->function[i].name));
		EXPECT_GT(bitmap_count(&set), 0) {
			TH_LOG("%s", list->function[i].name);
		}
	}
}

TEST(functions_give_their_calls)
{
	static const struct {
		unsigned int abi;
		const char *function;
		const char *call;
	} want[] = {
		{ SCMOD_ABI_X86_64, "malloc", "brk" },
		{ SCMOD_ABI_X86_64, "malloc", "munmap" },
		{ SCMOD_ABI_X86_64, "fork", "clone" },
		{ SCMOD_ABI_X86_64, "system", "execve" },
		{ SCMOD_ABI_X86_64, "waitpid", "wait4" },
		{ SCMOD_ABI_X86_64, "sigsuspend", "rt_sigsuspend" },
		{ SCMOD_ABI_X86_64, "sigaction", "rt_sigaction" },
		{ SCMOD_ABI_X86_64, "send", "sendto" },
		{ SCMOD_ABI_X86_64, "syslog", "sendto" },
		{ SCMOD_ABI_X86_64, "accept", "accept4" },
		{ SCMOD_ABI_X86_64, "epoll_wait", "epoll_wait" },
		{ SCMOD_ABI_X86_64, "epoll_wait", "epoll_pwait" },
		{ SCMOD_ABI_X86_64, "getrlimit64", "prlimit64" },
		/* Called like their system call. */
		{ SCMOD_ABI_X86_64, "sendmsg", "sendmsg" },
		{ SCMOD_ABI_X86_64, "kill", "kill" },
		{ SCMOD_ABI_X86_64, "epoll_ctl", "epoll_ctl" },
		/* Functions under other names: versioned, checked, unlocked or mangled. */
		{ SCMOD_ABI_X86_64, "open64", "openat" },
		{ SCMOD_ABI_X86_64, "fopen64", "openat" },
		{ SCMOD_ABI_X86_64, "pread64", "pread64" },
		{ SCMOD_ABI_X86_64, "__xstat64", "newfstatat" },
		{ SCMOD_ABI_X86_64, "__read_chk", "read" },
		{ SCMOD_ABI_X86_64, "__printf_chk", "write" },
		{ SCMOD_ABI_X86_64, "__fgets_unlocked_chk", "read" },
		{ SCMOD_ABI_X86_64, "__isoc99_fscanf", "read" },
		{ SCMOD_ABI_X86_64, "_IO_putc", "write" },
		{ SCMOD_ABI_X86_64, "_Znwm", "brk" },
		/* Rarely used functions that make the same calls as common ones. */
		{ SCMOD_ABI_X86_64, "ctime", "lseek" },
		{ SCMOD_ABI_X86_64, "gmtime_r", "lseek" },
		{ SCMOD_ABI_X86_64, "closefrom", "getdents64" },
		{ SCMOD_ABI_X86_64, "backtrace", "openat" },
		{ SCMOD_ABI_X86_64, "backtrace_symbols_fd", "writev" },
		{ SCMOD_ABI_X86_64, "pthread_exit", "openat" },
		{ SCMOD_ABI_X86_64, "setpgrp", "setpgid" },
		{ SCMOD_ABI_X86_64, "prlimit", "prlimit64" },
		{ SCMOD_ABI_X86_64, "ulimit", "prlimit64" },
		{ SCMOD_ABI_X86_64, "if_nameindex", "sendto" },
		{ SCMOD_ABI_X86_64, "__res_nsearch", "sendto" },
		{ SCMOD_ABI_X86_64, "getaddrinfo_a", "sendmmsg" },
		{ SCMOD_ABI_X86_64, "iconv_open", "openat" },
		{ SCMOD_ABI_X86_64, "newlocale", "openat" },
		{ SCMOD_ABI_X86_64, "pututxline", "lseek" },
		{ SCMOD_ABI_X86_64, "updwtmpx", "alarm" },
		{ SCMOD_ABI_X86_64, "getpwent_r", "lseek" },
		{ SCMOD_ABI_X86_64, "eaccess", "access" },
		{ SCMOD_ABI_X86_64, "canonicalize_file_name", "readlink" },
		{ SCMOD_ABI_X86_64, "scandirat", "getdents64" },
		{ SCMOD_ABI_X86_64, "posix_spawn_file_actions_addopen", "openat" },
		{ SCMOD_ABI_X86_64, "posix_spawn_file_actions_addchdir_np", "chdir" },
		{ SCMOD_ABI_X86_64, "posix_spawnattr_setpgroup", "setpgid" },
		{ SCMOD_ABI_X86_64, "sigpause", "rt_sigsuspend" },
		{ SCMOD_ABI_X86_64, "__sysv_signal", "rt_sigaction" },
		{ SCMOD_ABI_X86_64, "pthread_yield", "sched_yield" },
		/* As musl has it, where glibc makes another one. */
		{ SCMOD_ABI_X86_64, "alarm", "setitimer" },
		{ SCMOD_ABI_X86_64, "abort", "tkill" },
		{ SCMOD_ABI_X86_64, "raise", "tkill" },
		{ SCMOD_ABI_X86_64, "pthread_kill", "tkill" },
		{ SCMOD_ABI_X86_64, "pthread_cancel", "tkill" },
		/* Of open() and its like, built with _FORTIFY_SOURCE. */
		{ SCMOD_ABI_X86_64, "__open_2", "open" },
		{ SCMOD_ABI_X86_64, "__open64_2", "openat" },
		{ SCMOD_ABI_X86_64, "__openat_2", "openat" },
		{ SCMOD_ABI_X86_64, "__openat64_2", "openat" },
		{ SCMOD_ABI_X86_64, "__mq_open_2", "mq_open" },
		{ SCMOD_ABI_X86_64, "preadv64v2", "preadv2" },
		{ SCMOD_ABI_X86_64, "pwritev64v2", "pwritev2" },
		/* Seldom imported, and unlike any call by their names. */
		{ SCMOD_ABI_X86_64, "pthread_attr_setschedparam", "sched_get_priority_max" },
		{ SCMOD_ABI_X86_64, "pthread_attr_setschedparam", "sched_setscheduler" },
		{ SCMOD_ABI_X86_64, "pthread_mutexattr_setprioceiling", "sched_get_priority_min" },
		{ SCMOD_ABI_X86_64, "login_tty", "setsid" },
		{ SCMOD_ABI_X86_64, "login_tty", "ioctl" },
		{ SCMOD_ABI_X86_64, "lio_listio", "pwrite64" },
		{ SCMOD_ABI_X86_64, "lio_listio64", "pread64" },
		{ SCMOD_ABI_X86_64, "aio_cancel", "futex" },
		{ SCMOD_ABI_X86_64, "aio_suspend64", "futex" },
		{ SCMOD_ABI_X86_64, "lckpwdf", "alarm" },
		{ SCMOD_ABI_X86_64, "lckpwdf", "fcntl" },
		{ SCMOD_ABI_X86_64, "ulckpwdf", "close" },
		{ SCMOD_ABI_X86_64, "getutent_r", "pread64" },
		{ SCMOD_ABI_X86_64, "getutid_r", "lseek" },
		{ SCMOD_ABI_X86_64, "getutline_r", "alarm" },
		{ SCMOD_ABI_X86_64, "readdir64_r", "getdents64" },
		{ SCMOD_ABI_X86_64, "sched_getcpu", "getcpu" },
		{ SCMOD_ABI_X86_64, "gettext", "openat" },
		{ SCMOD_ABI_X86_64, "dcngettext", "mmap" },
		{ SCMOD_ABI_X86_64, "rcmd", "bind" },
		{ SCMOD_ABI_X86_64, "rcmd_af", "poll" },
		{ SCMOD_ABI_X86_64, "rresvport", "bind" },
		{ SCMOD_ABI_X86_64, "rresvport_af", "socket" },
		{ SCMOD_ABI_X86_64, "rexec", "connect" },
		{ SCMOD_ABI_X86_64, "fts64_open", "getdents64" },
		{ SCMOD_ABI_X86_64, "fts_children", "fchdir" },
		{ SCMOD_ABI_X86_64, "getdirentries64", "getdents64" },
		{ SCMOD_ABI_X86_64, "get_phys_pages", "sysinfo" },
		{ SCMOD_ABI_X86_64, "qsort", "sysinfo" },
		{ SCMOD_ABI_X86_64, "clock_getcpuclockid", "clock_getres" },
		{ SCMOD_ABI_X86_64, "getwd", "getcwd" },
		{ SCMOD_ABI_X86_64, "group_member", "getgroups" },
		{ SCMOD_ABI_X86_64, "getdomainname", "uname" },
		{ SCMOD_ABI_X86_64, "setsourcefilter", "setsockopt" },
		{ SCMOD_ABI_X86_64, "sigsetmask", "rt_sigprocmask" },
		{ SCMOD_ABI_X86_64, "setjmp", "rt_sigprocmask" },
		{ SCMOD_ABI_X86_64, "sigvec", "rt_sigaction" },
		{ SCMOD_ABI_X86_64, "getpt", "openat" },
		{ SCMOD_ABI_X86_64, "getpw", "openat" },
		{ SCMOD_ABI_X86_64, "logout", "ftruncate" },
		{ SCMOD_ABI_X86_64, "vwarnx", "write" },
		{ SCMOD_ABI_X86_64, "fgetpwent", "read" },
		/* A program that imports syscall() may make any call that has no function. */
		{ SCMOD_ABI_X86_64, "syscall", "gettid" },
		{ SCMOD_ABI_X86_64, "syscall", "futex" },
		{ SCMOD_ABI_X86_64, "syscall", "ioprio_set" },
		{ SCMOD_ABI_X86_64, "syscall", "rt_tgsigqueueinfo" },
		{ SCMOD_ABI_X86_64, "syscall", "getdents64" },
		{ SCMOD_ABI_X86_64, "syscall", "sched_getaffinity" },
		/* Each ABI by its own names. */
		{ SCMOD_ABI_I386, "socket", "socketcall" },
		{ SCMOD_ABI_I386, "mmap", "mmap2" },
		{ SCMOD_ABI_I386, "fcntl64", "fcntl64" },
		{ SCMOD_ABI_I386, "__nanosleep_time64", "clock_nanosleep_time64" },
		/* glibc's make statx, and this one if they get ENOSYS. */
		{ SCMOD_ABI_I386, "stat64", "fstatat64" },
		{ SCMOD_ABI_I386, "lstat64", "fstatat64" },
		{ SCMOD_ABI_I386, "fstat64", "fstatat64" },
		{ SCMOD_ABI_I386, "fstat64", "fstat64" },
		{ SCMOD_ABI_X32, "execv", "execve" },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		EXPECT_TRUE(likely_has(want[i].abi, want[i].function, want[i].call)) {
			TH_LOG("%s: %s: not %s", abi_name(want[i].abi), want[i].function,
			       want[i].call);
		}
	}
}

/* Without arch_prctl, for example, a started program has no TLS, and ends. */
TEST(who_starts_programs_lets_them_start)
{
	static const char *const functions[] = {
		"execl", "execve", "fexecve", "popen", "posix_spawn", "system", "wordexp",
	};
	static const char *const calls[] = {
		"execve", "brk", "mmap", "mprotect", "munmap", "open", "openat", "read", "pread64",
		"fstat", "newfstatat", "close", "access", "arch_prctl", "set_tid_address",
		"set_robust_list", "prlimit64",
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		for (size_t j = 0; j < sizeof(calls) / sizeof(calls[0]); j++) {
			EXPECT_TRUE(likely_has(SCMOD_ABI_X86_64, functions[i], calls[j])) {
				TH_LOG("%s: not %s", functions[i], calls[j]);
			}
		}
	}
	EXPECT_TRUE(likely_has(SCMOD_ABI_I386, "execve", "set_thread_area"));
}

TEST(other_functions_give_nothing)
{
	static const char *const functions[] = {
		"", "_", "__", "64", "_chk", "__64_chk", "strlen", "SSL_read", "main", "read ",
		"no_such_function", "socketcall", "syslog64x",
	};
	char longest[4096];

	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		struct bitmap set = { 0 };

		functions_add(table(), &set, SCMOD_ABI_X86_64, functions[i]);
		functions_add(table(), &set, SCMOD_ABI_X86_64, longest);
		EXPECT_EQ(0, bitmap_count(&set)) {
			TH_LOG("'%s'", functions[i]);
		}
	}
}

/* ---- files */

FIXTURE(imports)
{
	char dir[PATH_MAX];
	struct imports *imports;
};

FIXTURE_SETUP(imports)
{
	snprintf(self->dir, sizeof(self->dir), "/tmp/scmod-imports.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	self->imports = imports_new(table());
}

FIXTURE_TEARDOWN(imports)
{
	char command[PATH_MAX + 16];

	snprintf(command, sizeof(command), "rm -rf '%s'", self->dir);
	EXPECT_EQ(0, system(command));
	imports_free(self->imports);
}

static bool add_path(struct imports *imports, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool any = imports_add_file(imports, fd, path, true);

	if (fd >= 0)
		close(fd);
	return any;
}

static bool add_bytes(struct imports *imports, const void *data, size_t len)
{
	int fd = memfd_create("image", MFD_CLOEXEC);
	bool any;

	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		abort();
	any = imports_add_file(imports, fd, "image", true);
	close(fd);
	return any;
}

TEST_F(imports, of_this_test)
{
	ASSERT_TRUE(add_path(self->imports, "/proc/self/exe"));
	EXPECT_EQ(1, self->imports->images);
	/* fork(), waitpid(), kill() of the harness; memfd_create(), mkdir() here. */
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "clone"));
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "wait4"));
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "memfd_create"));
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "mkdir"));
	EXPECT_FALSE(has(self->imports->likely, SCMOD_ABI_X86_64, "shmget"));
	EXPECT_STREQ("/proc/self/exe",
		     self->imports->program[SCMOD_ABI_X86_64][PROGRAM_DYNAMIC]);
	EXPECT_EQ(0, bitmap_count(&self->imports->likely[SCMOD_ABI_I386]));
	EXPECT_EQ(0, bitmap_count(&self->imports->likely[SCMOD_ABI_X32]));
}

TEST_F(imports, of_a_shell)
{
	ASSERT_TRUE(add_path(self->imports, "/bin/sh"));
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "execve"));
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "pipe2"));
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "chdir"));
	EXPECT_FALSE(has(self->imports->likely, SCMOD_ABI_X86_64, "listen"));
	EXPECT_STREQ("/bin/sh", self->imports->program[SCMOD_ABI_X86_64][PROGRAM_SHELL]);
	EXPECT_STREQ("/bin/sh", self->imports->program[SCMOD_ABI_X86_64][PROGRAM_STARTER]);
}

/* A shell puts jobs in the foreground; env only starts programs, and cat does not even that. */
TEST_F(imports, of_what_is_no_shell)
{
	ASSERT_TRUE(add_path(self->imports, "/bin/cat"));
	EXPECT_EQ(NULL, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_STARTER]);
	ASSERT_TRUE(add_path(self->imports, "/usr/bin/env"));
	EXPECT_STREQ("/usr/bin/env", self->imports->program[SCMOD_ABI_X86_64][PROGRAM_STARTER]);
	EXPECT_EQ(NULL, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_SHELL]);
}

/* The evidence does not depend on the order of files; a program's counts before a library's. */
TEST_F(imports, the_evidence_is_a_function_and_a_file)
{
	int nr = sysname_number(SCMOD_ABI_X86_64, "wait4");
	struct imports *other = imports_new(table());
	const struct evidence *evidence = &self->imports->evidence[SCMOD_ABI_X86_64][nr];

	for (unsigned int i = 0; i < 2; i++) {
		struct imports *imports = i ? self->imports : other;
		int shell = open("/bin/sh", O_RDONLY | O_CLOEXEC);
		int test = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

		EXPECT_TRUE(imports_add_file(imports, i ? shell : test, i ? "b" : "a", !i));
		EXPECT_TRUE(imports_add_file(imports, i ? test : shell, i ? "a" : "b", i));
		close(shell);
		close(test);
	}
	EXPECT_STREQ("a", evidence->file);
	EXPECT_EQ(HOLDER_PROGRAM, evidence->holder);
	EXPECT_STREQ(evidence->file, other->evidence[SCMOD_ABI_X86_64][nr].file);
	EXPECT_STREQ(evidence->function, other->evidence[SCMOD_ABI_X86_64][nr].function);
	imports_free(other);
}

TEST_F(imports, of_a_32_bit_library)
{
	static const char path[] = "/usr/lib32/libnsl.so.1";

	if (access(path, R_OK))
		SKIP(return, "no 32-bit library is at %s", path);
	ASSERT_TRUE(add_path(self->imports, path));
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_I386, "socketcall"));
	EXPECT_EQ(0, bitmap_count(&self->imports->likely[SCMOD_ABI_X86_64]));
}

TEST_F(imports, of_a_static_program)
{
	EXPECT_FALSE(add_path(self->imports, BUILD "/selftests/caller64"));
	EXPECT_FALSE(add_path(self->imports, BUILD "/selftests/caller32"));
	EXPECT_EQ(0, self->imports->images);
	EXPECT_EQ(0, count_of(self->imports));
	EXPECT_STREQ(BUILD "/selftests/caller64",
		     self->imports->program[SCMOD_ABI_X86_64][PROGRAM_STATIC]);
	EXPECT_STREQ(BUILD "/selftests/caller32",
		     self->imports->program[SCMOD_ABI_I386][PROGRAM_STATIC]);
}

/* What makes a Go program is a section, not what it is called. */
TEST_F(imports, of_a_go_program)
{
	char command[2 * PATH_MAX], path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/program", self->dir);
	snprintf(command, sizeof(command),
		 "objcopy --add-section .note.go.buildid=/etc/hostname %s %s",
		 BUILD "/selftests/caller64", path);
	ASSERT_EQ(0, system(command));
	EXPECT_FALSE(add_path(self->imports, path));
	EXPECT_STREQ(path, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_GO]);
	EXPECT_STREQ(path, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_GO_UNNAMED]);
	EXPECT_EQ(NULL, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_STATIC]);
}

/* ---- the functions that are in a Go program */

#define ARRAY(a) (sizeof(a) / sizeof((a)[0]))

static long memory_for(const char *path);

/* A table of functions as Go's linker makes it: a head of 8 bytes, numbers, and what follows. */
struct pclntab {
	uint32_t magic;
	uint8_t zero[2];
	uint8_t quantum;
	uint8_t pointer;
	uint64_t number[8];
	char text[1024];
};

static const char go_names[][48] = {
	"runtime.main", "golang.org/x/sys/unix.Fallocate", "syscall.openat",
	"vendor/golang.org/x/sys/unix.InotifyInit1", "main.chown", "unix.Mount",
	"golang.org/x/sys/unix.(*Timeval).Setns", "syscall.SetsockoptInt",
	"internal/syscall/unix.GetRandom", "github.com/a/unix.Setxattr", "syscall.Umask",
};

/* The same names in the form of that version. */
static struct pclntab make_table(uint32_t magic)
{
	struct pclntab table = { .magic = magic, .quantum = 1, .pointer = 8 };
	const uint32_t names = offsetof(struct pclntab, text);
	const uint32_t files = names + sizeof(go_names);

	memcpy(table.text, go_names, sizeof(go_names));
	switch (magic) {
	case 0xfffffffb:
		/* Of one function, which is 16 bytes and 8 of an end, and then the files. */
		table.number[0] = 1;
		memcpy(&table.number[4], &files, sizeof(files));
		break;
	case 0xfffffffa:
		table.number[2] = names;
		table.number[3] = files;
		break;
	default:
		table.number[3] = names;
		table.number[4] = files;
	}
	return table;
}

static void write_go_program(const char *dir, const void *table, size_t len)
{
	char command[4 * PATH_MAX], path[PATH_MAX + 16];
	int fd;

	snprintf(path, sizeof(path), "%s/table", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, table, len) != (ssize_t)len)
		abort();
	close(fd);
	snprintf(command, sizeof(command),
		 "objcopy --add-section .note.go.buildid=/etc/hostname --add-section .data.x=%s/table --set-section-alignment .data.x=32 %s %s/program",
		 dir, BUILD "/selftests/caller64", dir);
	if (system(command))
		abort();
}

/* The linker drops functions that the code can't reach, so the others may be called. */
TEST_F(imports, of_go_are_the_functions_that_it_has)
{
	static const uint32_t magics[] = { 0xfffffffb, 0xfffffffa, 0xfffffff0, 0xfffffff1 };
	static const char *const calls[] = {
		"fallocate", "openat", "inotify_init1", "setsockopt", "getrandom", "umask",
	};
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/program", self->dir);
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		struct imports *imports = imports_new(table());
		struct pclntab table = make_table(magics[i]);

		write_go_program(self->dir, &table, sizeof(table));
		EXPECT_TRUE(add_path(imports, path));
		for (size_t j = 0; j < sizeof(calls) / sizeof(calls[0]); j++) {
			EXPECT_TRUE(has(imports->likely, SCMOD_ABI_X86_64, calls[j])) {
				TH_LOG("%x: not %s", magics[i], calls[j]);
			}
		}
		/* Methods, and functions of other packages with these names, make no call. */
		EXPECT_FALSE(has(imports->likely, SCMOD_ABI_X86_64, "setns"));
		EXPECT_FALSE(has(imports->likely, SCMOD_ABI_X86_64, "mount"));
		EXPECT_FALSE(has(imports->likely, SCMOD_ABI_X86_64, "fchownat"));
		EXPECT_EQ(NULL, imports->program[SCMOD_ABI_X86_64][PROGRAM_GO_UNNAMED]);
		EXPECT_NE(NULL, imports->program[SCMOD_ABI_X86_64][PROGRAM_GO]);
		imports_free(imports);
	}
}

/* A table that is not what it claims to be gives nothing, and takes neither time nor memory. */
TEST_F(imports, of_go_whose_table_is_unsound)
{
	static const uint64_t wrong[] = { 0, 1, 8, 1 << 20, 1ULL << 31, 1ULL << 40, UINT64_MAX };
	static const uint32_t magics[] = { 0xfffffffb, 0xfffffffa, 0xfffffff1 };
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/program", self->dir);
	for (size_t i = 0; i < 3 * ARRAY(wrong); i++) {
		struct pclntab table = make_table(magics[i % 3]);

		for (size_t j = 0; j < 8; j++)
			table.number[j] = wrong[(i / 3 + j % 2) % ARRAY(wrong)];
		memset(table.text, 0, sizeof(table.text));
		write_go_program(self->dir, &table, sizeof(table));
		EXPECT_FALSE(add_path(self->imports, path));
		EXPECT_GE(64, memory_for(path));
	}
	EXPECT_EQ(0, count_of(self->imports));
	EXPECT_STREQ(path, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_GO_UNNAMED]);
}

/* A child that a hostile file has taken over may send many names; each costs a look-up. */
TEST_F(imports, of_many_names_take_little_time)
{
	struct image image = { .abi = SCMOD_ABI_X86_64, .go = true, .len = 1024 * 1024 };
	clock_t begun = clock();

	image.names = malloc(image.len);
	for (size_t i = 0; i < image.len; i++)
		image.names[i] = "a.b"[i % 4];
	image.names[image.len - 1] = '\0';
	EXPECT_FALSE(imports_add_image(self->imports, &image, "/a", HOLDER_PROGRAM));
	EXPECT_GT(1.0, (double)(clock() - begun) / CLOCKS_PER_SEC);
	free(image.names);
}

/* Of a real one, stripped of the names of its sections. */
TEST_F(imports, of_a_real_go_program)
{
	static const char path[] = "/usr/sbin/runc";
	char command[2 * PATH_MAX], copy[PATH_MAX + 16];

	if (access(path, R_OK))
		SKIP(return, "no Go program is at %s", path);
	ASSERT_TRUE(add_path(self->imports, path));
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "inotify_add_watch"));
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "setxattr"));
	EXPECT_FALSE(has(self->imports->likely, SCMOD_ABI_X86_64, "fallocate"));
	EXPECT_EQ(NULL, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_GO_UNNAMED]);
	snprintf(copy, sizeof(copy), "%s/copy", self->dir);
	snprintf(command, sizeof(command), "objcopy --rename-section .gopclntab=.x %s %s", path,
		 copy);
	ASSERT_EQ(0, system(command));
	ASSERT_TRUE(add_path(self->imports, copy));
	EXPECT_EQ(NULL, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_GO_UNNAMED]);
}

TEST_F(imports, of_what_is_no_elf_file)
{
	static const char *const texts[] = {
		"", "\177ELF", "\177ELF\2\1\1", "#!/bin/sh\n", "!<arch>\n", "!<arch>\nx",
	};

	EXPECT_FALSE(add_path(self->imports, "/dev/null"));
	EXPECT_FALSE(add_path(self->imports, "/etc/passwd"));
	EXPECT_FALSE(add_path(self->imports, "/tmp"));
	EXPECT_FALSE(add_path(self->imports, "/no/such/file"));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		EXPECT_FALSE(add_bytes(self->imports, texts[i], strlen(texts[i])));
	EXPECT_EQ(0, self->imports->images);
	EXPECT_EQ(0, count_of(self->imports));
}

/* A whole program, to be freed. */
static unsigned char *read_image(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	unsigned char *image;
	struct stat st;

	if (!file || fstat(fileno(file), &st))
		abort();
	*len = st.st_size;
	image = malloc(*len);
	if (!image || fread(image, 1, *len, file) != *len)
		abort();
	fclose(file);
	return image;
}

TEST_F(imports, of_a_truncated_program)
{
	size_t len;
	unsigned char *image = read_image("/bin/sh", &len);

	/* The dynamic section is near the end of the file; without it, no imports are found. */
	for (size_t cut = 0; cut < len / 2; cut += cut < 1024 ? 7 : len / 64) {
		EXPECT_FALSE(add_bytes(self->imports, image, cut)) {
			TH_LOG("%zu of %zu bytes", cut, len);
		}
	}
	EXPECT_EQ(0, count_of(self->imports));
	EXPECT_TRUE(add_bytes(self->imports, image, len));
	free(image);
}

/* The loader needs no section headers, so a program may have been stripped of them. */
TEST_F(imports, of_a_program_without_sections)
{
	struct imports *whole = imports_new(table());
	size_t len;
	unsigned char *image = read_image("/bin/sh", &len);
	Elf64_Ehdr *header = (Elf64_Ehdr *)image;

	ASSERT_TRUE(add_bytes(whole, image, len));
	memset(image + header->e_shoff, 0, header->e_shnum * sizeof(Elf64_Shdr));
	header->e_shoff = 0;
	header->e_shnum = 0;
	header->e_shstrndx = 0;
	EXPECT_TRUE(add_bytes(self->imports, image, len));
	EXPECT_EQ(0, memcmp(whole->likely, self->imports->likely, sizeof(whole->likely)));
	EXPECT_NE(NULL, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_DYNAMIC]);
	imports_free(whole);
	free(image);
}

/* Random changes in the headers, which say where all else is. The result may be any
 * set of calls, or none, but must never have a dangerous call.
 */
TEST_F(imports, of_a_damaged_program)
{
	size_t len;
	unsigned char *image = read_image("/bin/sh", &len);
	unsigned char *copy = malloc(len);
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
	size_t sections = header->e_shoff, size = header->e_shnum * sizeof(Elf64_Shdr);

	ASSERT_LE(sections + size, len);
	for (unsigned int round = 0; round < 2000; round++) {
		memcpy(copy, image, len);
		for (unsigned int i = 0; i < 1 + round % 4; i++) {
			size_t at = random_word() % (sizeof(*header) + size);

			if (at >= sizeof(*header))
				at += sections - sizeof(*header);
			copy[at] = random_word();
		}
		add_bytes(self->imports, copy, len);
	}
	for (size_t i = 0; i < NR_DANGEROUS; i++)
		for (unsigned int abi = 0; abi < NR_ABIS; abi++)
			EXPECT_FALSE(has(self->imports->likely, abi, dangerous[i]));
	free(copy);
	free(image);
}

/* Tables that are too large for memory. */
TEST_F(imports, of_a_program_that_claims_too_much)
{
	static const uint64_t sizes[] = { UINT64_MAX, 1ULL << 62, 1ULL << 40, 1ULL << 32, 1 << 30 };
	size_t len;
	unsigned char *image = read_image("/bin/sh", &len);
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
	Elf64_Shdr *section = (Elf64_Shdr *)(image + header->e_shoff);
	Elf64_Phdr *segment = (Elf64_Phdr *)(image + header->e_phoff);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (unsigned int j = 0; j < header->e_shnum; j++)
			section[j].sh_size = sizes[i];
		for (unsigned int j = 0; j < header->e_phnum; j++)
			segment[j].p_filesz = sizes[i];
		EXPECT_FALSE(add_bytes(self->imports, image, len));
	}
	EXPECT_EQ(0, count_of(self->imports));
	free(image);
}

/* ---- files that are made to take memory: they are sparse, and cost nobody a disk */

/* All that such a file has in it; the rest is a hole. */
struct crafted {
	Elf64_Ehdr header;
	Elf64_Shdr section[2];
	Elf64_Phdr segment[3];
	Elf64_Dyn dynamic[8];
	Elf64_Rela rela;
};

#define MIB (1024 * 1024UL)

/* A file with a table of this many symbols, and relocations that refer to the last ones. */
static struct crafted craft(uint64_t symbols)
{
	return (struct crafted){
		.header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
				     EV_CURRENT },
			.e_type = ET_DYN, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
			.e_phoff = offsetof(struct crafted, segment), .e_phnum = 3,
			.e_shoff = offsetof(struct crafted, section),
			.e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr),
			.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 2, .e_shstrndx = 1,
		},
		.section[1] = { .sh_type = SHT_STRTAB, .sh_offset = MIB, .sh_size = 4096 },
		.segment = {
			{ .p_type = PT_LOAD, .p_filesz = 1024 * MIB },
			{ .p_type = PT_DYNAMIC, .p_offset = offsetof(struct crafted, dynamic),
			  .p_filesz = 8 * sizeof(Elf64_Dyn) },
			{ .p_type = PT_INTERP },
		},
		.dynamic = {
			{ DT_SYMTAB, { MIB } }, { DT_STRTAB, { MIB } }, { DT_STRSZ, { 4096 } },
			{ DT_RELA, { offsetof(struct crafted, rela) } },
			{ DT_RELASZ, { sizeof(Elf64_Rela) } },
		},
		.rela = { .r_info = ELF64_R_INFO(symbols - 1, R_X86_64_GLOB_DAT) },
	};
}

/* How much memory a child process needs to read the file, in MiB. */
static long memory_for(const char *path)
{
	struct rusage before, after;
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct imports *imports = imports_new(table());

		getrusage(RUSAGE_SELF, &before);
		add_path(imports, path);
		getrusage(RUSAGE_SELF, &after);
		/* In 8 MiB, for there is one byte of it. */
		after.ru_maxrss = (after.ru_maxrss - before.ru_maxrss) / 1024 / 8;
		_exit(after.ru_maxrss < 255 ? after.ru_maxrss : 255);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status) * 8L;
}

static long memory_for_crafted(const char *dir, const struct crafted *crafted, off_t size)
{
	char path[PATH_MAX + 16];
	int fd;

	snprintf(path, sizeof(path), "%s/crafted", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, crafted, sizeof(*crafted)) != sizeof(*crafted) ||
	    ftruncate(fd, size))
		abort();
	close(fd);
	return memory_for(path);
}

TEST_F(imports, tables_of_one_file_take_the_memory_of_one)
{
	struct crafted crafted = craft(64 * MIB / sizeof(Elf64_Sym));
	long memory = memory_for_crafted(self->dir, &crafted, 66 * MIB);

	/* At least 32 MiB shows that the file is read, and not skipped. */
	EXPECT_LE(32, memory);
	EXPECT_GE(160, memory);
}

TEST_F(imports, names_of_sections_take_little)
{
	struct crafted crafted = craft(1);

	crafted.section[1].sh_size = 512 * MIB;
	EXPECT_GE(64, memory_for_crafted(self->dir, &crafted, 514 * MIB));
}

/* Where the header has no room for a count, the first section has it. */
TEST_F(imports, counts_that_headers_have_no_room_for_take_nothing)
{
	struct crafted crafted = craft(1);

	crafted.header.e_shnum = 0;
	crafted.section[0].sh_size = 4000000;
	EXPECT_GE(64, memory_for_crafted(self->dir, &crafted, 256 * MIB));
	crafted = craft(1);
	crafted.header.e_phnum = PN_XNUM;
	crafted.section[0].sh_info = 9000000;
	EXPECT_GE(64, memory_for_crafted(self->dir, &crafted, 512 * MIB));
}

/* An ELF file with nothing in it but names of sections, packed. */
static void write_packed(const char *path, size_t size)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	Elf *elf = elf_version(EV_CURRENT) ? elf_begin(fd, ELF_C_WRITE, NULL) : NULL;
	Elf64_Ehdr *header = elf ? elf64_newehdr(elf) : NULL;
	Elf_Scn *section = header ? elf_newscn(elf) : NULL;
	Elf_Data *data = section ? elf_newdata(section) : NULL;

	if (!data)
		abort();
	*header = (Elf64_Ehdr){
		.e_ident = { [EI_DATA] = ELFDATA2LSB }, .e_type = ET_DYN,
		.e_machine = EM_X86_64, .e_version = EV_CURRENT, .e_shstrndx = 1,
	};
	data->d_buf = calloc(1, size);
	data->d_size = size;
	data->d_type = ELF_T_BYTE;
	data->d_align = 1;
	elf64_getshdr(section)->sh_type = SHT_STRTAB;
	if (elf_compress(section, ELFCOMPRESS_ZLIB, 0) != 1 || elf_update(elf, ELF_C_WRITE) < 0)
		abort();
	elf_end(elf);
	close(fd);
}

/* Packing takes the time, on a busy machine. */
TEST_F_TIMEOUT(imports, packed_names_are_not_unpacked, 300)
{
	char path[PATH_MAX + 16];
	struct stat st;
	int status;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/packed", self->dir);
	/* In a child, so that the memory for packing is not counted. */
	pid = fork();
	if (!pid) {
		write_packed(path, 512 * MIB);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, status);
	ASSERT_EQ(0, stat(path, &st));
	ASSERT_GT(MIB, st.st_size);
	EXPECT_GE(64, memory_for(path));
}

/* ---- processes: a directory that looks like a cgroup will do */

static void put_pid(const char *dir, const char *below, pid_t pid)
{
	char path[2 * PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s", dir, below);
	if (mkdir(path, 0700) && errno != EEXIST)
		abort();
	snprintf(path, sizeof(path), "%s%s/cgroup.procs", dir, below);
	file = fopen(path, "we");
	if (!file)
		abort();
	fprintf(file, "0\n%d\n%d\n", pid, pid);
	fclose(file);
}

TEST_F(imports, of_processes_in_a_cgroup_and_below)
{
	struct imports *here = self->imports, *below = imports_new(table());
	int dir = open(self->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	ASSERT_LE(0, dir);
	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	examine_cgroups(here, &dir, 1, NULL);
	EXPECT_EQ(0, here->processes);
	EXPECT_EQ(0, count_of(here));
	EXPECT_FALSE(here->cut_short);
	put_pid(self->dir, "", getpid());
	examine_cgroups(here, &dir, 1, NULL);
	EXPECT_EQ(2, here->processes);
	/* The program, and libraries that need the C library; each of them once. */
	EXPECT_GT(here->images, 2);
	EXPECT_LT(here->images, 30);
	EXPECT_TRUE(has(here->likely, SCMOD_ABI_X86_64, "memfd_create"));
	EXPECT_NE(NULL, strstr(here->program[SCMOD_ABI_X86_64][PROGRAM_DYNAMIC], "imports_test"));
	ASSERT_EQ(0, unlinkat(dir, "cgroup.procs", 0));
	/* A cgroup whose name begins with a dot must be found, too. */
	put_pid(self->dir, "/.a", getppid());
	put_pid(self->dir, "/.a/b", getpid());
	examine_cgroups(below, &dir, 1, NULL);
	EXPECT_EQ(4, below->processes);
	EXPECT_EQ(here->images, below->images);
	EXPECT_EQ(0, memcmp(here->likely, below->likely, sizeof(here->likely)));
	imports_free(below);
	close(dir);
}

/* Looks at a process as if it were in @cgroup, and ends it. */
static void add_and_end(struct imports *imports, const char *cgroup, pid_t pid)
{
	int dir = open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	put_pid(cgroup, "", pid);
	examine_cgroups(imports, &dir, 1, NULL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(dir);
}

static void *pause_in_thread(void *arg)
{
	pause();
	return arg;
}

/* ---- programs whose code is in libraries */

/* Compiles a program or library whose data refer to these functions, as a text with commas. */
static void compile(const char *dir, const char *to, const char *functions, const char *body,
		    const char *options)
{
	char command[4 * PATH_MAX], source[PATH_MAX + 16];
	FILE *file;

	snprintf(source, sizeof(source), "%s/source.c", dir);
	file = fopen(source, "we");
	if (!file)
		abort();
	/* Declared as no header does it, so no header is needed. */
	fprintf(file, "#define F(name) extern void name(void);\n");
	for (const char *f = functions; *f; f += strcspn(f, ",") + !!f[strcspn(f, ",")])
		fprintf(file, "F(%.*s)\n", (int)strcspn(f, ","), f);
	fprintf(file, "void (*volatile const used[])(void) = { %s };\n%s\n", functions, body);
	fclose(file);
	snprintf(command, sizeof(command),
		 "mkdir -p \"$(dirname %s/%s)\" && gcc -w -fno-builtin -o %s/%s %s -Wl,--no-as-needed %s",
		 dir, to, dir, to, source, options);
	if (system(command))
		abort();
}

static const char launch[] =
	"extern void *dlopen(const char *, int);\n"
	"int main(int argc, char **argv)\n"
	"{ while (*++argv) if (!dlopen(*argv, 2)) return 1; for (;;) pause(); }";

/* Functions of a server, more than a launcher imports. */
#define SERVER "pause,open,read,write,socket,connect,bind,accept,sendto,recvfrom,fork,waitpid," \
	"kill,sigaction,dup2,pipe,fcntl,ioctl,chdir,stat,unlink,setsockopt,getaddrinfo,malloc"
/* Functions of a language's library, more than a library with a program's code imports. */
#define ENGINE SERVER ",mkdir,rmdir,rename,link,symlink,readlink,chmod,chown,utimes,truncate," \
	"getgroups,setgroups,setuid,setgid,getuid,getpid,getppid,setsid,getpgid,setpgid,nice," \
	"getpriority,setpriority,shmget,shmat,shmdt,shmctl,semget,semop,semctl,msgget,msgsnd," \
	"msgrcv,msgctl,alarm,setitimer,getitimer,times,umask,mkfifo,listen,shutdown,getpeername," \
	"select,poll,flock,fsync,fchdir,system,posix_spawn,statvfs,getrusage,nanosleep,chroot," \
	"getxattr,setxattr,listxattr,removexattr,inotify_init,inotify_add_watch,timerfd_create," \
	"sched_setaffinity,sched_yield,mlock,munlock,madvise,mremap,msync,getsid,syslog,popen"

static int holder_of(const struct imports *imports, const char *call)
{
	int nr = sysname_number(SCMOD_ABI_X86_64, call);

	return bitmap_has(&imports->likely[SCMOD_ABI_X86_64], nr) ?
	       (int)imports->evidence[SCMOD_ABI_X86_64][nr].holder : -1;
}

/* Functions of an interpreter that is one executable, so that scripts may call them. */
#define INTERPRETER ENGINE ",tcsetpgrp,execve,unshare,setns,mount,umount2,pipe2,dup3,accept4," \
	"epoll_create1,epoll_wait,epoll_ctl,eventfd,splice,sendfile,copy_file_range,mkdirat," \
	"unlinkat,renameat,linkat,symlinkat,readlinkat,fchmodat,fchownat,mknodat,utimensat," \
	"faccessat,preadv,pwritev,memfd_create,signalfd,setregid,setreuid,setresuid,setresgid," \
	"initgroups,getresuid,getresgid,sched_setscheduler,sched_getparam,sched_rr_get_interval," \
	"fchmod,fchown,lchown,ftruncate,fdatasync,sync,fallocate,wait3,waitid,getpgrp,sysinfo," \
	"mincore,munmap,mprotect,ppoll,pselect,recvmsg,sendmsg,clock_nanosleep,timer_create"

TEST_F(imports, of_an_interpreter_that_is_no_shell)
{
	char path[PATH_MAX + 16];

	compile(self->dir, "interpreter", INTERPRETER, "int main(void) { return 0; }", "");
	snprintf(path, sizeof(path), "%s/interpreter", self->dir);
	ASSERT_TRUE(add_path(self->imports, path));
	EXPECT_LT(160, count_of(self->imports));
	EXPECT_NE(NULL, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_STARTER]);
	EXPECT_EQ(NULL, self->imports->program[SCMOD_ABI_X86_64][PROGRAM_SHELL]);
	/* Not HOLDER_PROGRAM: calls for set-up count no more than those of a library. */
	EXPECT_EQ(HOLDER_OWN, holder_of(self->imports, "shmat"));
}

/*
 * Adds the imports of a program in a directory tree of its own, of a library elsewhere that it
 * is linked with, and of two that it loads with dlopen(): one from its tree, one from
 * elsewhere. @program, @needed: what the program and the linked library import.
 */
static void add_program_with_libraries(struct imports *imports, const char *dir,
				       const char *program, const char *needed)
{
	char path[PATH_MAX + 16], own[PATH_MAX + 16], other[PATH_MAX + 16];
	char options[2 * PATH_MAX];
	pid_t pid;

	compile(dir, "b/libneeded.so.1", needed, "",
		"-shared -fpic -Wl,-soname,libneeded.so.1");
	compile(dir, "a/lib/own.so", "inotify_init1", "", "-shared -fpic");
	compile(dir, "b/other.so", "timerfd_create", "", "-shared -fpic");
	snprintf(options, sizeof(options), "%s/b/libneeded.so.1 -Wl,-rpath,%s/b", dir, dir);
	compile(dir, "a/bin/program", program, launch, options);
	snprintf(path, sizeof(path), "%s/a/bin/program", dir);
	snprintf(own, sizeof(own), "%s/a/lib/own.so", dir);
	snprintf(other, sizeof(other), "%s/b/other.so", dir);
	pid = fork();
	if (!pid) {
		execl(path, path, own, other, NULL);
		_exit(1);
	}
	if (wait_blocked(pid, SYS_pause))
		abort();
	add_and_end(imports, dir, pid);
}

/* Like Java's launcher: the code is in the linked library and in those of its own tree. */
TEST_F_TIMEOUT(imports, of_a_launcher_are_those_of_its_libraries, 120)
{
	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	add_program_with_libraries(self->imports, self->dir, "pause", "sendfile,symlink");
	EXPECT_EQ(HOLDER_PROGRAM, holder_of(self->imports, "sendfile"));
	EXPECT_EQ(HOLDER_PROGRAM, holder_of(self->imports, "symlink"));
	EXPECT_EQ(HOLDER_PROGRAM, holder_of(self->imports, "inotify_init1"));
	EXPECT_EQ(HOLDER_LIBRARY, holder_of(self->imports, "timerfd_create"));
}

/* A server in an executable and a library: the library's code is the program's own. */
TEST_F_TIMEOUT(imports, of_a_program_are_those_of_what_it_needs, 120)
{
	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	add_program_with_libraries(self->imports, self->dir, SERVER, "clock_nanosleep,symlink");
	EXPECT_EQ(HOLDER_PROGRAM, holder_of(self->imports, "connect"));
	EXPECT_EQ(HOLDER_OWN, holder_of(self->imports, "clock_nanosleep"));
	EXPECT_EQ(HOLDER_OWN, holder_of(self->imports, "symlink"));
	EXPECT_EQ(HOLDER_OWN, holder_of(self->imports, "inotify_init1"));
	EXPECT_EQ(HOLDER_LIBRARY, holder_of(self->imports, "timerfd_create"));
}

/* A language's library is the program's own code in a launcher, but not in a server. */
TEST_F_TIMEOUT(imports, of_a_program_are_not_those_of_a_language, 120)
{
	struct imports *launcher = imports_new(table());

	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	add_program_with_libraries(self->imports, self->dir, SERVER, ENGINE);
	EXPECT_EQ(HOLDER_LIBRARY, holder_of(self->imports, "shmat"));
	EXPECT_EQ(HOLDER_LIBRARY, holder_of(self->imports, "symlink"));
	add_program_with_libraries(launcher, self->dir, "pause", ENGINE);
	EXPECT_LT(HOLDER_LIBRARY, holder_of(launcher, "shmat"));
	EXPECT_LT(HOLDER_LIBRARY, holder_of(launcher, "symlink"));
	imports_free(launcher);
}

/* The hook decides whether calls that a filter refuses are learned, so filters are reported. */
TEST_F(imports, of_a_process_with_a_seccomp_filter)
{
	int status;
	pid_t pid;

	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	pid = fork();
	if (!pid) {
		if (filter_call(SYS_getppid, SECCOMP_RET_ERRNO | EPERM, 0) < 0)
			_exit(1);
		raise(SIGSTOP);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	add_and_end(self->imports, self->dir, pid);
	EXPECT_EQ(2, self->imports->processes);
	EXPECT_EQ(2, self->imports->filtered);
}

/* If the first thread of a process has ended, /proc/PID shows no mapped files. */
TEST_F(imports, of_a_process_whose_first_thread_has_ended)
{
	char path[64], state[256] = "";
	pid_t pid;
	int fd;

	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	pid = fork();
	if (!pid) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, pause_in_thread, NULL))
			_exit(1);
		pthread_exit(NULL);
	}
	ASSERT_LT(0, pid);
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	while (!strstr(state, ") Z ")) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		ASSERT_LT(0, read(fd, state, sizeof(state) - 1));
		close(fd);
		usleep(1000);
	}
	add_and_end(self->imports, self->dir, pid);
	EXPECT_EQ(2, self->imports->processes);
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "memfd_create"));
}

/* ---- hostile processes: see hostile_test.c, too */

static double seconds_since(const struct timespec *begun)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - begun->tv_sec + (now.tv_nsec - begun->tv_nsec) / 1e9;
}

static unsigned int count_unread(const struct imports *imports, enum unread_reason reason)
{
	unsigned int count = 0;

	for (size_t i = 0; i < imports->nr_unread; i++)
		count += imports->unread[i].reason == reason;
	return count;
}

/* A child that has mapped @count files, each made by @make, until it is killed. */
static pid_t start_with(const char *dir, unsigned int count,
			void (*make)(int fd, unsigned int number))
{
	int pipe[2];
	pid_t pid;
	char ready;

	if (pipe2(pipe, O_CLOEXEC))
		abort();
	pid = fork();
	if (!pid) {
		for (unsigned int i = 0; i < count; i++) {
			char path[PATH_MAX + 16];
			int fd;

			snprintf(path, sizeof(path), "%s/hostile%u", dir, i);
			fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
			make(fd, i);
			if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) ==
			    MAP_FAILED)
				_exit(1);
		}
		if (write(pipe[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(pipe[1]);
	if (read(pipe[0], &ready, 1) != 1)
		abort();
	close(pipe[0]);
	return pid;
}

static void make_large(int fd, unsigned int number)
{
	struct crafted crafted = craft(64 * MIB / sizeof(Elf64_Sym));

	if (write(fd, &crafted, sizeof(crafted)) != sizeof(crafted) || ftruncate(fd, 1024 * MIB))
		_exit(1);
}

/*
 * A process that does not want to be enforced may map sparse files that take long to read:
 * reading ends at the deadline, and the files that were not read are reported.
 */
TEST_F(imports, what_takes_too_long_is_cut_short)
{
	struct timespec begun;
	pid_t pid;

	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	pid = start_with(self->dir, 100, make_large);
	self->imports->milliseconds = 1000;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	add_and_end(self->imports, self->dir, pid);
	EXPECT_TRUE(self->imports->cut_short);
	EXPECT_LT(0, count_unread(self->imports, UNREAD_LEFT));
	EXPECT_GT(4, seconds_since(&begun));
}

static void make_leased(int fd, unsigned int number)
{
	/* Breaking the lease sends SIGIO, which would end this process. */
	signal(SIGIO, SIG_IGN);
	if (write(fd, "x", 1) != 1 || fcntl(fd, F_SETLEASE, F_WRLCK))
		_exit(1);
}

/* A blocking open() of such a file waits for the lease holder, up to 45 s. */
TEST_F(imports, leases_delay_nothing)
{
	struct timespec begun;
	pid_t pid;

	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	pid = start_with(self->dir, 40, make_leased);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	add_and_end(self->imports, self->dir, pid);
	EXPECT_GT(6, seconds_since(&begun));
	EXPECT_EQ(40, count_unread(self->imports, UNREAD_LEASED));
	EXPECT_FALSE(self->imports->cut_short);
	/* The program itself was read all the same. */
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "memfd_create"));
}

static void make_unsound(int fd, unsigned int number)
{
	struct crafted crafted = craft(64 * MIB / sizeof(Elf64_Sym));

	/* The table of symbols is behind the end of the file. */
	if (write(fd, &crafted, sizeof(crafted)) != sizeof(crafted))
		_exit(1);
}

TEST_F(imports, unsound_files_are_told_of)
{
	pid_t pid;

	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	pid = start_with(self->dir, 3, make_unsound);
	add_and_end(self->imports, self->dir, pid);
	EXPECT_EQ(3, count_unread(self->imports, UNREAD_UNSOUND));
	EXPECT_EQ(3, self->imports->nr_unread);
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "memfd_create"));
}

/* In this case /proc/PID/exe is the loader, not the program. */
TEST_F(imports, of_a_program_that_its_loader_was_asked_to_start)
{
	static const char loader[] = "/lib64/ld-linux-x86-64.so.2";
	char *const *program = self->imports->program[SCMOD_ABI_X86_64];
	pid_t pid;

	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	pid = fork();
	if (!pid) {
		execl(loader, loader, "/bin/sleep", "1000", NULL);
		_exit(1);
	}
	/* When it sleeps, all of its files are mapped. */
	ASSERT_EQ(0, wait_blocked(pid, SYS_clock_nanosleep));
	add_and_end(self->imports, self->dir, pid);
	EXPECT_EQ(NULL, program[PROGRAM_STATIC]);
	ASSERT_NE(NULL, program[PROGRAM_DYNAMIC]);
	EXPECT_NE(NULL, strstr(program[PROGRAM_DYNAMIC], "sleep"));
	EXPECT_TRUE(has(self->imports->likely, SCMOD_ABI_X86_64, "clock_nanosleep"));
}

/* The child that reads hostile files must not inherit our descriptors. */
TEST_F(imports, the_reader_holds_nothing_of_ours)
{
	int pipe[2], dir;
	char byte;
	pid_t pid;

	if (access("/proc/1/map_files", X_OK))
		SKIP(return, "/proc/PID/map_files can't be read here");
	ASSERT_EQ(0, pipe2(pipe, 0));
	pid = start_with(self->dir, 100, make_large);
	put_pid(self->dir, "", pid);
	dir = open(self->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	self->imports->milliseconds = 300;
	examine_cgroups(self->imports, &dir, 1, NULL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(dir);
	close(pipe[1]);
	EXPECT_EQ(0, read(pipe[0], &byte, 1));
	EXPECT_EQ(0, self->imports->stuck);
	close(pipe[0]);
}

TEST_HARNESS_MAIN
