// SPDX-License-Identifier: GPL-2.0
/*
 * Which calls are inferred, and which never are: the built-in rules are consistent, each
 * call that they add has a reason, and an administrator can change the rules.
 *
 * vm: host
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dangerous.h"
#include "base/error.h"
#include "infer/infer.h"
#include "kselftest_harness.h"
#include "infer/runtime.h"
#include "calls/soft.h"
#include "calls/sysname.h"

FIXTURE(infer)
{
	char file[PATH_MAX];
	struct profile *profile;
	struct imports *imports;
	struct infer infer;
};

FIXTURE_SETUP(infer)
{
	static const struct infer_wish wish = { .families = "/dev/null" };
	int fd;

	snprintf(self->file, sizeof(self->file), "/tmp/scmod-infer.XXXXXX");
	fd = mkstemp(self->file);
	ASSERT_LE(0, fd);
	close(fd);
	self->profile = profile_new();
	self->imports = imports_new(self->infer.functions);
	ASSERT_EQ(EXIT_DONE, infer_read("test", &wish, &self->infer));
}

FIXTURE_TEARDOWN(infer)
{
	unlink(self->file);
	profile_free(self->profile);
	imports_free(self->imports);
	infer_release(&self->infer);
}

static void see(struct profile *profile, const char *call)
{
	const struct reason seen = { .kind = REASON_SEEN };
	int nr = sysname_number(SCMOD_ABI_X86_64, call);

	if (nr < 0)
		abort();
	profile_set(profile, SCMOD_ABI_X86_64, nr, PROFILE_ALLOW, 0);
	profile_add_reason(profile, SCMOD_ABI_X86_64, nr, &seen);
}

/* As imports_add_file() does it. */
static void import_from(struct imports *imports, const char *call, enum holder holder)
{
	int nr = sysname_number(SCMOD_ABI_X86_64, call);
	struct evidence *evidence = &imports->evidence[SCMOD_ABI_X86_64][nr];

	bitmap_add(&imports->likely[SCMOD_ABI_X86_64], nr);
	evidence->function = strdup("function");
	evidence->file = strdup("/the/file");
	evidence->holder = holder;
	imports->processes = 1;
	imports->images = 1;
}

static void import(struct imports *imports, const char *call, bool by_program)
{
	import_from(imports, call, by_program ? HOLDER_PROGRAM : HOLDER_LIBRARY);
}

static bool allows(const struct profile *profile, const char *call)
{
	return profile_allows(profile, SCMOD_ABI_X86_64, sysname_number(SCMOD_ABI_X86_64, call));
}

static const struct reason *why(const struct profile *profile, const char *call,
				enum reason_kind kind)
{
	return profile_reason(profile, SCMOD_ABI_X86_64, sysname_number(SCMOD_ABI_X86_64, call),
			      kind);
}

static bool names(const struct reason *reason, const char *text)
{
	return reason && reason->text && strstr(reason->text, text);
}

/* ---- the rules that are built in */

/* Soft calls may be newer than the kernel headers of the build. */
static void expect_known(struct __test_metadata *_metadata, const char *name,
			 const struct item *items)
{
	for (; items && items->call; items++) {
		EXPECT_TRUE(sysname_known(items->call) || soft_reason(items->call)) {
			TH_LOG("%s: no call is named '%s'", name, items->call);
		}
	}
}

TEST_F(infer, rules_name_calls_that_are_known_and_say_why)
{
	const struct families *families = self->infer.families;

	EXPECT_GT(families->count, 50);
	for (size_t i = 0; i < families->count; i++) {
		const struct rule *rule = &families->rule[i];

		EXPECT_GT(strlen(rule->why), 5) {
			TH_LOG("%s does not say why", rule->name);
		}
		EXPECT_EQ(NULL, strpbrk(rule->why, "#\t")) {
			TH_LOG("%s: %s", rule->name, rule->why);
		}
		expect_known(_metadata, rule->name, rule->to);
		expect_known(_metadata, rule->name, rule->from);
	}
}

TEST_F(infer, no_rule_names_a_program)
{
	static const char *const programs[] = {
		"nginx", "apache", "httpd", "haproxy", "redis", "memcached", "postgres", "mariadb",
		"mysql", "python", "node", "lighttpd", "vsftpd", "caddy", "busybox", "ssh", "php",
	};
	const struct families *families = self->infer.families;

	for (size_t i = 0; i < families->count; i++) {
		for (size_t j = 0; j < sizeof(programs) / sizeof(programs[0]); j++) {
			EXPECT_EQ(NULL, strcasestr(families->rule[i].why, programs[j]));
			EXPECT_EQ(NULL, strcasestr(families->rule[i].name, programs[j]));
		}
	}
}

TEST_F(infer, calls_stand_in_for_one_another)
{
	static const char *const pairs[][2] = {
		{ "openat", "open" }, { "open", "openat" }, { "newfstatat", "stat" },
		{ "statx", "newfstatat" }, { "fstat", "newfstatat" }, { "clone3", "clone" },
		{ "fork", "clone" }, { "clone", "vfork" }, { "poll", "ppoll" },
		{ "select", "pselect6" }, { "pselect6", "poll" }, { "epoll_pwait2", "epoll_wait" },
		{ "epoll_wait", "epoll_pwait" }, { "dup2", "dup3" }, { "pipe", "pipe2" },
		{ "accept", "accept4" }, { "accept4", "accept" }, { "rename", "renameat" },
		{ "read", "readv" }, { "preadv2", "preadv" }, { "mkdir", "mkdirat" },
		{ "unlink", "rmdir" }, { "execve", "pread64" }, { "chmod", "fchmod" },
		{ "chown", "fchownat" },
		{ "link", "linkat" }, { "faccessat2", "access" }, { "mknod", "mknodat" },
		{ "utimes", "utimensat" }, { "getdents", "getdents64" }, { "eventfd", "eventfd2" },
		{ "signalfd", "signalfd4" }, { "inotify_init1", "inotify_rm_watch" },
		{ "timerfd_create", "timerfd_settime" }, { "timer_create", "timer_delete" },
		{ "semop", "semtimedop" }, { "sendto", "sendmsg" }, { "recvmsg", "recvfrom" },
		{ "brk", "mremap" }, { "mmap", "madvise" }, { "wait4", "waitid" },
		{ "getrlimit", "prlimit64" }, { "chdir", "getcwd" }, { "futex_waitv", "futex" },
		{ "nanosleep", "clock_nanosleep" }, { "listen", "shutdown" }, { "clone", "wait4" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct profile *profile = profile_new();

		see(profile, pairs[i][0]);
		infer_add(&self->infer, profile, NULL);
		EXPECT_TRUE(allows(profile, pairs[i][1])) {
			TH_LOG("%s: not %s", pairs[i][0], pairs[i][1]);
		}
		profile_free(profile);
	}
}

/* Callers of a soft call use its stand-in when they get ENOSYS, so it need not be added. */
TEST_F(infer, what_callers_do_without_is_no_stand_in)
{
	static const char *const soft[] = {
		"openat2", "clone3", "statx", "faccessat2", "renameat2", "preadv2", "epoll_pwait2",
		"close_range", "execveat",
	};

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);

		if (name && !soft_reason(name) && !families_never(self->infer.families, name))
			see(self->profile, name);
	}
	infer_add(&self->infer, self->profile, NULL);
	for (size_t i = 0; i < sizeof(soft) / sizeof(soft[0]); i++) {
		EXPECT_NE(NULL, soft_reason(soft[i]));
		EXPECT_FALSE(allows(self->profile, soft[i])) {
			TH_LOG("%s", soft[i]);
		}
	}
}

TEST_F(infer, each_call_has_its_reason)
{
	const struct reason *reason;

	see(self->profile, "openat");
	see(self->profile, "clone");
	import(self->imports, "chmod", true);
	import(self->imports, "shmget", false);
	import(self->imports, "readlink", false);
	profile_add_lifelines(self->profile);
	self->infer.runtime = "any";
	infer_add(&self->infer, self->profile, self->imports);
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const struct profile_call *call = profile_at(self->profile, SCMOD_ABI_X86_64, nr);

		if (call->state != PROFILE_ALLOW)
			continue;
		EXPECT_GT(call->nr_reasons, 0);
		for (size_t i = 0; i < call->nr_reasons; i++)
			EXPECT_TRUE(call->reason[i].kind == REASON_SEEN ||
				    strlen(call->reason[i].text) > 10);
	}
	EXPECT_TRUE(names(why(self->profile, "open", REASON_FAMILY), "with openat"));
	EXPECT_TRUE(names(why(self->profile, "chmod", REASON_IMPORT),
			  "function, imported by /the/file"));
	/* A library's import counts if a call of the same topic was seen. */
	EXPECT_TRUE(names(why(self->profile, "readlink", REASON_IMPORT),
			  "with openat: works with files"));
	EXPECT_FALSE(allows(self->profile, "shmget"));
	reason = why(self->profile, "openat", REASON_FAMILY);
	EXPECT_EQ(NULL, reason);
}

TEST_F(infer, levels_add_more_and_more)
{
	static const enum infer_level levels[] = { INFER_NONE, INFER_FAMILY, INFER_LIKELY };
	unsigned int before = 0;

	import(self->imports, "chmod", true);
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		struct profile *profile = profile_new();
		struct bitmap set;

		see(profile, "openat");
		self->infer.level = levels[i];
		infer_add(&self->infer, profile, self->imports);
		set = profile_calls(profile, SCMOD_ABI_X86_64, PROFILE_ALLOW);
		EXPECT_GT(bitmap_count(&set), before);
		before = bitmap_count(&set);
		if (levels[i] == INFER_NONE)
			EXPECT_EQ(1, before);
		profile_free(profile);
	}
}

/* The family of a call is added also if the only reason for the call is an import. */
TEST_F(infer, what_is_imported_brings_its_family)
{
	static const char *const pairs[][2] = {
		{ "connect", "getsockopt" }, { "connect", "shutdown" },
		{ "accept4", "getpeername" },
		{ "listen", "accept" }, { "accept4", "bind" },
		{ "fork", "kill" }, { "socketpair", "shutdown" },
		{ "socketpair", "recvmsg" }, { "tgkill", "rt_tgsigqueueinfo" },
		/* Callers of soft calls get ENOSYS, and make the equivalent. */
		{ "renameat2", "renameat" }, { "statx", "newfstatat" },
		{ "faccessat2", "faccessat" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct imports *imports = imports_new(self->infer.functions);
		struct profile *profile = profile_new();

		see(profile, "openat");
		import(imports, pairs[i][0], true);
		infer_add(&self->infer, profile, imports);
		EXPECT_TRUE(names(why(profile, pairs[i][1], REASON_FAMILY), pairs[i][0])) {
			TH_LOG("%s: not %s", pairs[i][0], pairs[i][1]);
		}
		profile_free(profile);
		imports_free(imports);
	}
}

/* The table of functions says which of several equivalent calls the C library makes. */
TEST_F(infer, what_is_imported_brings_no_equivalents)
{
	see(self->profile, "openat");
	import(self->imports, "mkdir", true);
	import(self->imports, "utimensat", true);
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "mkdir"));
	EXPECT_FALSE(allows(self->profile, "mkdirat"));
	EXPECT_FALSE(allows(self->profile, "futimesat"));
}

/* Inferred once more, with reasons that were kept, nothing is added. */
TEST_F(infer, families_of_imports_do_not_grow)
{
	struct bitmap first, second;

	see(self->profile, "openat");
	import(self->imports, "connect", true);
	import(self->imports, "fork", true);
	infer_add(&self->infer, self->profile, self->imports);
	first = profile_calls(self->profile, SCMOD_ABI_X86_64, PROFILE_ALLOW);
	infer_add(&self->infer, self->profile, self->imports);
	second = profile_calls(self->profile, SCMOD_ABI_X86_64, PROFILE_ALLOW);
	EXPECT_EQ(0, memcmp(&first, &second, sizeof(first)));
}

/* 'enforce' allows inferred calls; a later 'enforce' must not infer more from these. */
TEST_F(infer, what_was_inferred_is_no_evidence)
{
	struct profile *again = profile_new();
	struct bitmap first, second;
	unsigned int nr;

	see(self->profile, "openat");
	see(self->profile, "listen");
	infer_add(&self->infer, self->profile, self->imports);
	first = profile_calls(self->profile, SCMOD_ABI_X86_64, PROFILE_ALLOW);
	see(again, "openat");
	see(again, "listen");
	bitmap_for_each(nr, &first)
		if (!why(again, sysname(SCMOD_ABI_X86_64, nr), REASON_SEEN))
			profile_allow(again, SCMOD_ABI_X86_64, nr, REASON_HAND, "allowed before");
	infer_add(&self->infer, again, self->imports);
	second = profile_calls(again, SCMOD_ABI_X86_64, PROFILE_ALLOW);
	EXPECT_EQ(bitmap_count(&first), bitmap_count(&second));
	profile_free(again);
}

TEST_F(infer, nothing_is_inferred_from_nothing)
{
	struct bitmap set;

	infer_add(&self->infer, self->profile, NULL);
	set = profile_calls(self->profile, SCMOD_ABI_X86_64, PROFILE_ALLOW);
	EXPECT_EQ(0, bitmap_count(&set));
}

/*
 * Calls for set-up may come later: a reload is a second start, and a client may ask for something
 * new. So a program's import of them counts; a library's does not, since most are never used.
 */
TEST_F(infer, what_the_program_itself_sets_up_may_come_later)
{
	static const char *const later[] = {
		"setsid", "setpgid", "inotify_add_watch", "getxattr", "shmat", "io_submit",
		"setpriority", "mlock", "sched_setaffinity", "timerfd_create", "listen",
	};

	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		for (unsigned int own = 0; own < 2; own++) {
			struct imports *imports = imports_new(self->infer.functions);
			struct profile *profile = profile_new();

			import(imports, later[i], own);
			see(profile, "openat");
			infer_add(&self->infer, profile, imports);
			EXPECT_EQ(own, allows(profile, later[i])) {
				TH_LOG("%s", later[i]);
			}
			profile_free(profile);
			imports_free(imports);
		}
	}
}

/* A library makes its calls for set-up at the start; if that was not seen, they are inferred. */
TEST_F(infer, set_up_is_what_was_seen_unless_the_start_was_not)
{
	const struct profile_origin partial = { .path = "/a", .id = 1, .partial = true };

	import(self->imports, "setpriority", false);
	see(self->profile, "openat");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_FALSE(allows(self->profile, "setpriority"));
	see(self->profile, "ioprio_set");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(names(why(self->profile, "setpriority", REASON_IMPORT), "with ioprio_set"));

	profile_free(self->profile);
	self->profile = profile_new();
	profile_add_origin(self->profile, &partial);
	see(self->profile, "openat");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "setpriority"));
}

/* Imports of the program's own code need no topic; only the program's count for set-up. */
TEST_F(infer, what_a_program_needs_is_its_own)
{
	static const struct {
		enum holder holder;
		bool names;
		bool set_up;
	} want[] = {
		{ HOLDER_LIBRARY, false, false },
		{ HOLDER_OWN, true, false },
		{ HOLDER_PROGRAM, true, true },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct imports *imports = imports_new(self->infer.functions);
		struct profile *profile = profile_new();

		see(profile, "openat");
		import_from(imports, "mkdir", want[i].holder);
		import_from(imports, "inotify_init1", want[i].holder);
		import_from(imports, "setuid", want[i].holder);
		infer_add(&self->infer, profile, imports);
		EXPECT_EQ(want[i].names, allows(profile, "mkdir"));
		EXPECT_EQ(want[i].set_up, allows(profile, "inotify_init1"));
		EXPECT_FALSE(allows(profile, "setuid"));
		profile_free(profile);
		imports_free(imports);
	}
}

/* A program that did not change its user at its start will not later, despite the import. */
TEST_F(infer, who_a_program_is_it_decides_once)
{
	const struct profile_origin partial = { .path = "/a", .id = 1, .partial = true };

	import(self->imports, "setuid", true);
	see(self->profile, "openat");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_FALSE(allows(self->profile, "setuid"));
	see(self->profile, "setgroups");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "setuid"));

	profile_free(self->profile);
	self->profile = profile_new();
	profile_add_origin(self->profile, &partial);
	see(self->profile, "openat");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "setuid"));
}

/*
 * getaddrinfo() makes sendmmsg with glibc, and bind with musl, and fails if one of them
 * is refused. It is called whenever a name comes up, not from the start.
 */
TEST_F(infer, names_are_looked_up_at_any_time)
{
	struct profile *other = profile_new();

	import(self->imports, "sendmmsg", true);
	import(self->imports, "bind", true);
	see(self->profile, "openat");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "sendmmsg"));
	EXPECT_TRUE(allows(self->profile, "bind"));
	EXPECT_FALSE(allows(self->profile, "listen"));
	imports_free(self->imports);

	/* By a library, where sockets are in use. */
	self->imports = imports_new(self->infer.functions);
	import(self->imports, "sendmmsg", false);
	import(self->imports, "bind", false);
	see(other, "openat");
	infer_add(&self->infer, other, self->imports);
	EXPECT_FALSE(allows(other, "sendmmsg"));
	EXPECT_FALSE(allows(other, "bind"));
	see(other, "connect");
	infer_add(&self->infer, other, self->imports);
	EXPECT_TRUE(names(why(other, "sendmmsg", REASON_IMPORT), "with connect"));
	EXPECT_TRUE(names(why(other, "bind", REASON_IMPORT), "with connect"));
	profile_free(other);
}

/* A library's import counts only with a seen call of its topic, so each of these has a topic. */
TEST_F(infer, what_libraries_import_is_in_a_topic)
{
	static const char *const pairs[][2] = {
		{ "umask", "mkdir" }, { "umask", "chmod" }, { "alarm", "nanosleep" },
		{ "setitimer", "clock_nanosleep" }, { "sendfile", "sendto" },
		{ "sendfile", "write" }, { "pwritev", "write" }, { "preadv", "read" },
		{ "syncfs", "fsync" }, { "rt_sigqueueinfo", "kill" }, { "getcpu", "futex" },
		{ "readahead", "pread64" }, { "clock_getres", "sysinfo" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		for (unsigned int used = 0; used < 2; used++) {
			struct imports *imports = imports_new(self->infer.functions);
			struct profile *profile = profile_new();

			import(imports, pairs[i][0], false);
			see(profile, used ? pairs[i][1] : "epoll_wait");
			infer_add(&self->infer, profile, imports);
			EXPECT_EQ(used, !!why(profile, pairs[i][0], REASON_IMPORT)) {
				TH_LOG("%s, with %s", pairs[i][0], pairs[i][1]);
			}
			profile_free(profile);
			imports_free(imports);
		}
	}
}

/* Whether the rule decides about the imports of libraries of C programs. */
static bool is_of_libraries(const struct rule *rule)
{
	if (rule->kind == RULE_BASE)
		return !strcmp(rule->language, "any") || !strcmp(rule->language, "c");
	return rule->kind == RULE_TOPIC || rule->kind == RULE_SETUP ||
	       rule->kind == RULE_ONCE || rule->kind == RULE_NEVER;
}

/*
 * Each call in the table of functions is in a topic or another rule for libraries, except those
 * that a library's import must not add.
 */
TEST_F(infer, each_call_of_functions_is_in_a_topic)
{
	static const char *const none[] = {
		"execve", "execveat", "exit", "exit_group", "arch_prctl", "set_thread_area",
		"set_tid_address",
	};
	struct bitmap all = { 0 };
	struct functions *functions;
	unsigned int nr;

	ASSERT_EQ(EXIT_DONE, functions_read("test", "/dev/null", &functions));
	for (size_t i = 0; i < functions->functions.count; i++)
		functions_add(functions, &all, SCMOD_ABI_X86_64,
			      functions->functions.function[i].name);
	bitmap_for_each(nr, &all) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);
		bool found = soft_reason(name);

		for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
			found |= !strcmp(name, none[i]);
		for (size_t i = 0; i < self->infer.families->count; i++) {
			const struct rule *rule = &self->infer.families->rule[i];

			found |= is_of_libraries(rule) && rule_has(rule, name);
		}
		EXPECT_TRUE(found) {
			TH_LOG("%s is in no topic", name);
		}
	}
	functions_free(functions);
}

/* ---- what is never inferred */

TEST_F(infer, dangerous_calls_are_never_inferred_and_it_says_so)
{
	self->infer.runtime = "any";
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);

		if (name && !families_never(self->infer.families, name))
			see(self->profile, name);
	}
	for (size_t i = 0; i < NR_DANGEROUS; i++)
		import(self->imports, dangerous[i], true);
	infer_add(&self->infer, self->profile, self->imports);
	for (size_t i = 0; i < NR_DANGEROUS; i++) {
		EXPECT_NE(NULL, families_never(self->infer.families, dangerous[i]));
		EXPECT_FALSE(allows(self->profile, dangerous[i])) {
			TH_LOG("%s", dangerous[i]);
		}
		EXPECT_TRUE(names(why(self->profile, dangerous[i], REASON_NEVER), "/the/file"));
	}
}

/* What infer_tell_refused() prints, in @text. */
static void told(const char *file, const struct profile *profile, const struct imports *imports,
		 char *text, size_t size)
{
	int out = dup(STDERR_FILENO), to = open(file, O_RDWR | O_TRUNC | O_CLOEXEC);
	ssize_t len;

	if (out < 0 || to < 0 || dup2(to, STDERR_FILENO) < 0)
		abort();
	infer_tell_refused("enforce", "/a", profile, imports);
	dup2(out, STDERR_FILENO);
	close(out);
	len = pread(to, text, size - 1, 0);
	text[len > 0 ? len : 0] = '\0';
	close(to);
}

/* Features that will not work when enforced, such as a slow log by ptrace, are reported. */
TEST_F(infer, what_is_refused_by_design_is_told)
{
	static const char *const more[] = {
		"mount", "umount2", "unshare", "setns", "bpf", "keyctl", "reboot", "swapon", "iopl",
	};
	char text[4096];

	see(self->profile, "openat");
	see(self->profile, "chroot");
	import(self->imports, "chroot", true);
	import(self->imports, "mkdir", true);
	import(self->imports, "setns", false);
	infer_add(&self->infer, self->profile, self->imports);
	told(self->file, self->profile, self->imports, text, sizeof(text));
	EXPECT_STREQ("", text);

	import(self->imports, "ptrace", true);
	infer_add(&self->infer, self->profile, self->imports);
	told(self->file, self->profile, self->imports, text, sizeof(text));
	EXPECT_NE(NULL, strstr(text, "enforce /a"));
	EXPECT_NE(NULL, strstr(text, "ptrace (/the/file)"));
	EXPECT_NE(NULL, strstr(text, "scmod allow"));
	EXPECT_EQ(NULL, strstr(text, "setns"));
	EXPECT_EQ(NULL, strstr(text, "chroot"));
	EXPECT_EQ(NULL, strstr(text, "more"));

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		import(self->imports, more[i], true);
	infer_add(&self->infer, self->profile, self->imports);
	told(self->file, self->profile, self->imports, text, sizeof(text));
	EXPECT_NE(NULL, strstr(text, "and 2 more"));
}

TEST_F(infer, what_was_seen_stays_whatever_it_is)
{
	see(self->profile, "mount");
	import(self->imports, "mount", true);
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "mount"));
	EXPECT_FALSE(allows(self->profile, "umount2"));
	EXPECT_EQ(NULL, why(self->profile, "mount", REASON_NEVER));
}

/* ---- programs without imports */

TEST_F(infer, languages_have_bases_of_their_own)
{
	struct imports *imports = self->imports;
	struct profile *go = profile_new();

	see(go, "openat");
	imports->processes = 1;
	imports->program[SCMOD_ABI_X86_64][PROGRAM_GO] = strdup("/a/server");
	infer_add(&self->infer, go, imports);
	EXPECT_TRUE(names(why(go, "epoll_ctl", REASON_BASE), "/a/server"));
	EXPECT_TRUE(allows(go, "mincore"));
	/* A Go program gets the base; only without a function table it gets all of Go's library. */
	EXPECT_FALSE(allows(go, "copy_file_range"));
	imports->program[SCMOD_ABI_X86_64][PROGRAM_GO_UNNAMED] = strdup("/a/server");
	infer_add(&self->infer, go, imports);
	EXPECT_TRUE(allows(go, "copy_file_range"));
	free(imports->program[SCMOD_ABI_X86_64][PROGRAM_GO_UNNAMED]);
	imports->program[SCMOD_ABI_X86_64][PROGRAM_GO_UNNAMED] = NULL;
	profile_free(go);

	free(imports->program[SCMOD_ABI_X86_64][PROGRAM_GO]);
	imports->program[SCMOD_ABI_X86_64][PROGRAM_GO] = NULL;
	imports->program[SCMOD_ABI_X86_64][PROGRAM_STATIC] = strdup("/a/tool");
	see(self->profile, "openat");
	infer_add(&self->infer, self->profile, imports);
	EXPECT_TRUE(names(why(self->profile, "poll", REASON_BASE), "/a/tool"));
	EXPECT_FALSE(allows(self->profile, "mincore"));
}

/*
 * Learning began while the program ran, so the calls of its start, such as execve and arch_prctl,
 * were not seen. They are added, so that it can be started again in its cgroup.
 */
TEST_F(infer, what_was_attached_to_can_start_again)
{
	static const struct {
		enum program_kind kind;
		const char *calls[8];
	} want[] = {
		{ PROGRAM_DYNAMIC, { "execve", "arch_prctl", "set_tid_address", "prlimit64",
				     "kill", "pread64", "access", NULL } },
		{ PROGRAM_STATIC, { "execve", "arch_prctl", "set_tid_address", "readlink", "chdir",
				    "prctl", NULL } },
		{ PROGRAM_GO, { "execve", "arch_prctl", "sched_getaffinity", "sigaltstack",
				"prlimit64", "kill", NULL } },
	};
	const struct profile_origin origins[] = {
		{ .path = "/a", .id = 1 }, { .path = "/a", .id = 1, .partial = true },
	};

	for (size_t i = 0; i < 2 * sizeof(want) / sizeof(want[0]); i++) {
		struct imports *imports = imports_new(self->infer.functions);
		struct profile *profile = profile_new();
		bool partial = i % 2;

		profile_add_origin(profile, &origins[partial]);
		see(profile, "epoll_wait");
		imports->processes = 1;
		imports->program[SCMOD_ABI_X86_64][want[i / 2].kind] = strdup("/a/program");
		infer_add(&self->infer, profile, imports);
		for (const char *const *call = want[i / 2].calls; partial && *call; call++) {
			EXPECT_TRUE(allows(profile, *call)) {
				TH_LOG("%d: not %s", want[i / 2].kind, *call);
			}
		}
		EXPECT_EQ(partial, allows(profile, "execve"));
		profile_free(profile);
		imports_free(imports);
	}
}

/* Level 'family' reads no imports, but adds the calls of a start to a partial record. */
TEST_F(infer, a_start_needs_no_imports)
{
	const struct profile_origin partial = { .path = "/a", .id = 1, .partial = true };

	profile_add_origin(self->profile, &partial);
	see(self->profile, "epoll_wait");
	see(self->profile, "clone");
	self->infer.level = INFER_FAMILY;
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_TRUE(allows(self->profile, "execve"));
	EXPECT_TRUE(names(why(self->profile, "arch_prctl", REASON_BASE), "loader"));
	EXPECT_TRUE(allows(self->profile, "vfork"));
}

/* A shell or cron service may run any of the usual tools: cp, find, sort, tar. */
TEST_F(infer, what_a_shell_runs_is_a_userland)
{
	static const char *const tools[] = {
		"utimensat", "unlinkat", "flock", "getpriority", "linkat", "fchownat", "ftruncate",
		"getxattr", "timer_settime", "fsetxattr", "creat", "mknod", "sched_setaffinity",
	};
	static const char *const filters[] = { "fadvise64", "sigaltstack" };
	static const char *const others[] = { "setuid", "mount", "unshare", "splice", "ptrace" };
	static const struct {
		enum userland userland;
		int kind;
		bool want;
		bool filters;
	} cases[] = {
		{ USERLAND_WITH_SHELL, PROGRAM_SHELL, true, true },
		{ USERLAND_WITH_SHELL, PROGRAM_STARTER, false, true },
		{ USERLAND_WITH_SHELL, PROGRAM_DYNAMIC, false, false },
		{ USERLAND_NONE, PROGRAM_SHELL, false, false },
		{ USERLAND_NONE, PROGRAM_STARTER, false, false },
		{ USERLAND_BASE, PROGRAM_STARTER, true, true },
		{ USERLAND_BASE, PROGRAM_DYNAMIC, true, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct imports *imports = imports_new(self->infer.functions);
		struct profile *profile = profile_new();

		see(profile, "wait4");
		imports->processes = 1;
		imports->program[SCMOD_ABI_X86_64][cases[i].kind] = strdup("/a/shell");
		/* A shell is a starter, too. */
		if (cases[i].kind == PROGRAM_SHELL)
			imports->program[SCMOD_ABI_X86_64][PROGRAM_STARTER] = strdup("/a/shell");
		self->infer.userland = cases[i].userland;
		infer_add(&self->infer, profile, imports);
		for (size_t j = 0; j < sizeof(tools) / sizeof(tools[0]); j++) {
			EXPECT_EQ(cases[i].want, allows(profile, tools[j])) {
				TH_LOG("case %zu: %s", i, tools[j]);
			}
		}
		for (size_t j = 0; j < sizeof(filters) / sizeof(filters[0]); j++) {
			EXPECT_EQ(cases[i].filters, allows(profile, filters[j])) {
				TH_LOG("case %zu: %s", i, filters[j]);
			}
		}
		for (size_t j = 0; j < sizeof(others) / sizeof(others[0]); j++) {
			EXPECT_FALSE(allows(profile, others[j])) {
				TH_LOG("case %zu: %s", i, others[j]);
			}
		}
		profile_free(profile);
		imports_free(imports);
	}
}

/* Whichever C library it is: musl's abort() makes tkill. */
TEST_F(infer, what_is_in_c_can_end_by_abort)
{
	static const char *const calls[] = { "rt_sigprocmask", "rt_sigaction", "tgkill", "tkill" };

	see(self->profile, "openat");
	self->imports->processes = 1;
	self->imports->program[SCMOD_ABI_X86_64][PROGRAM_DYNAMIC] = strdup("/a/program");
	infer_add(&self->infer, self->profile, self->imports);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		EXPECT_TRUE(allows(self->profile, calls[i])) {
			TH_LOG("%s", calls[i]);
		}
	}
}

/* ---- a person's own rules */

static int read_rules(struct __test_metadata *_metadata, const char *file, const char *text,
		      struct infer *infer)
{
	const struct infer_wish wish = { .families = file };
	FILE *to = fopen(file, "we");

	ASSERT_NE(NULL, to);
	fputs(text, to);
	fclose(to);
	return infer_read("test", &wish, infer);
}

TEST_F(infer, a_file_changes_rules_by_name)
{
	struct infer mine;

	ASSERT_EQ(EXIT_DONE, read_rules(_metadata, self->file,
					"# mine\n"
					"family open: openat => flock  # we lock\n"
					"\n"
					"family mine: openat\n"
					"\t=> sync   # we are careful\n"
					"never files: chown  # not here\n"
					"never keys:\n", &mine));
	EXPECT_EQ(NULL, families_never(mine.families, "keyctl"));
	EXPECT_NE(NULL, families_never(mine.families, "mount"));
	see(self->profile, "openat");
	see(self->profile, "chmod");
	import(self->imports, "chown", true);
	infer_add(&mine, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "flock"));
	EXPECT_TRUE(names(why(self->profile, "sync", REASON_FAMILY), "we are careful"));
	EXPECT_FALSE(allows(self->profile, "open"));
	EXPECT_FALSE(allows(self->profile, "chown"));
	EXPECT_TRUE(names(why(self->profile, "chown", REASON_NEVER), "not here"));
	infer_release(&mine);
}

TEST_F(infer, a_wrong_rule_is_an_error)
{
	static const char *const wrong[] = {
		"nonsense\n", "family\n", "family: open # a\n", "family x open # no colon\n",
		"family x: nocall # why\n", "family x: open openat\n", "family x y: open # why\n",
		"base x: open # why\n", "base x cobol: open # why\n", "base x c y: open # why\n",
		"never x: open => openat # why\n", "rule x: open # why\n", "\topen\n",
		"family x: open => nocall # why\n", ": open # why\n",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct infer mine;

		EXPECT_EQ(EXIT_FAILED, read_rules(_metadata, self->file, wrong[i], &mine)) {
			TH_LOG("%s", wrong[i]);
		}
	}
}

/* A line in an administrator's file that can't be used is an error, not ignored. */
TEST_F(infer, no_line_is_lost)
{
	static const char *const wrong[] = {
		/* A rule below a comment is no part of the comment, */
		"# mine\n family x: nocall # why\n", "# mine\n\tfamily x: nocall\n\t# why\n",
		"\t# mine\n\tfamily x: nocall # why\n",
		/* nor is a call a part of why. */
		"family x: open # why\n\tclose\n", "family x: open\n\t# why\n\tclose\n",
		/* Of two with one name, one would be lost; */
		"family x: open # a\nfamily x: close # b\n",
		/* and a name that is written wrong takes nothing away. */
		"never kees:\n", "family opne:\n",
	};
	struct infer mine;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		EXPECT_EQ(EXIT_FAILED, read_rules(_metadata, self->file, wrong[i], &mine)) {
			TH_LOG("%s", wrong[i]);
		}
	}
	ASSERT_EQ(EXIT_DONE, read_rules(_metadata, self->file,
					"# mine\n\tfamily x: openat => sync\n"
					"\t\t# because,\n\t\t# and so\n", &mine));
	see(self->profile, "openat");
	infer_add(&mine, self->profile, self->imports);
	EXPECT_TRUE(names(why(self->profile, "sync", REASON_FAMILY), "because"));
	EXPECT_TRUE(names(why(self->profile, "sync", REASON_FAMILY), "and so"));
	infer_release(&mine);
}

/* With level 'none' the rules are not read, so errors in them do not matter. */
TEST_F(infer, rules_are_read_only_where_something_is_inferred)
{
	static const struct infer_wish nothing = { 0 };
	struct infer mine;

	ASSERT_EQ(EXIT_DONE, infer_read("test", &nothing, &mine));
	EXPECT_EQ(NULL, mine.families);
	EXPECT_EQ(EXIT_DONE, infer_add_file(&mine, self->profile));
	EXPECT_EQ(NULL, mine.families);
	EXPECT_EQ(EXIT_DONE, infer_load(&mine, true));
	EXPECT_NE(NULL, mine.families);
	EXPECT_NE(NULL, mine.functions);
	infer_release(&mine);
}

/* ---- functions */

static int read_functions(struct __test_metadata *_metadata, const char *file, const char *text,
			  struct functions **functions)
{
	FILE *to = fopen(file, "we");

	ASSERT_NE(NULL, to);
	fputs(text, to);
	fclose(to);
	return functions_read("test", file, functions);
}

static bool calls(struct functions *functions, const char *function, const char *call)
{
	struct bitmap set = { 0 };

	functions_add(functions, &set, SCMOD_ABI_X86_64, function);
	return bitmap_has(&set, sysname_number(SCMOD_ABI_X86_64, call));
}

TEST_F(infer, a_file_changes_functions_and_sets_by_name)
{
	struct functions *mine;

	ASSERT_EQ(EXIT_DONE, read_functions(_metadata, self->file,
					    "# mine\n"
					    "set clock: sync  # a change for all that use it\n"
					    "set more: @clock\n\tflock\n"
					    "function malloc my_alloc: @more getpid\n"
					    "function free:\n"
					    "go Chmod: flock\n"
					    "go My*: @more\n", &mine));
	EXPECT_TRUE(calls(mine, "malloc", "sync"));
	EXPECT_TRUE(calls(mine, "malloc", "getpid"));
	EXPECT_FALSE(calls(mine, "malloc", "brk"));
	EXPECT_TRUE(calls(mine, "__my_alloc_chk", "flock"));
	EXPECT_TRUE(calls(mine, "calloc", "brk"));
	EXPECT_FALSE(calls(mine, "free", "brk"));
	/* gettimeofday() is @clock, and localtime() has it by way of @zone. */
	EXPECT_TRUE(calls(mine, "gettimeofday", "sync"));
	EXPECT_FALSE(calls(mine, "gettimeofday", "gettimeofday"));
	EXPECT_TRUE(calls(mine, "localtime", "sync"));
	/* Of Go, by the name of the call, by an entry, or by the beginning of one. */
	EXPECT_TRUE(calls(mine, "unix.InotifyInit1", "inotify_init1"));
	EXPECT_TRUE(calls(mine, "syscall.fsync", "fsync"));
	EXPECT_TRUE(calls(mine, "unix.Chmod", "flock"));
	EXPECT_FALSE(calls(mine, "unix.Chmod", "fchmodat"));
	EXPECT_TRUE(calls(mine, "unix.MyOwn", "flock"));
	EXPECT_FALSE(calls(mine, "unix.NotMine", "flock"));
	functions_free(mine);
}

TEST_F(infer, a_wrong_function_is_an_error)
{
	static const char *const wrong[] = {
		"nonsense\n", "function\n", "function: open\n", "function x open\n",
		"function x: nocall\n", "function x: @noset\n", "set: open\n", "set x y: open\n",
		"call x: open\n", ": open\n", "function x: @\n", "set x: @x\n",
		"set clock: @resolve\n", "function x: open\nfunction y x: close\n",
		"set x: open\nset x: close\n", "# a\n\tfunction x: nocall\n",
		"function x: open # why\n\tclose\n",
		"function a_name_that_no_function_of_a_c_library_has_as_it_is_much_too_long: open\n",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct functions *mine;

		EXPECT_EQ(EXIT_FAILED, read_functions(_metadata, self->file, wrong[i], &mine)) {
			TH_LOG("%s", wrong[i]);
		}
		EXPECT_EQ(NULL, mine);
	}
}

TEST_F(infer, what_it_is_asked_for_must_be_known)
{
	static const struct infer_wish wrong[] = {
		{ .level = "all" }, { .level = "" }, { .userland = "all" }, { .userland = "" },
		{ .runtime = "nix" }, { .runtime = "" },
	};
	const struct infer_wish absent = { .families = "/no/such/file" };
	struct infer mine;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		EXPECT_EQ(EXIT_USAGE, infer_read("test", &wrong[i], &mine));
	EXPECT_EQ(EXIT_FAILED, infer_read("test", &absent, &mine));
}

/* ---- runtimes */

TEST_F(infer, runtimes_bring_their_own_calls)
{
	char text[1024];

	EXPECT_TRUE(runtime_known("crun"));
	EXPECT_TRUE(runtime_known("runc"));
	EXPECT_TRUE(runtime_known("any"));
	EXPECT_FALSE(runtime_known("cru"));
	EXPECT_TRUE(runtime_calls("crun", RUNTIME_FILTER, "execve", text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, "crun 1."));
	EXPECT_TRUE(runtime_calls("runc", RUNTIME_FILTER, "execve", text, sizeof(text)));
	EXPECT_FALSE(runtime_calls("any", RUNTIME_FILTER, "execv", text, sizeof(text)));
	see(self->profile, "read");
	self->infer.level = INFER_NONE;
	self->infer.runtime = "any";
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_TRUE(names(why(self->profile, "execve", REASON_RUNTIME), "after the filter"));
}

static bool runtime_may(struct profile *profile, const char *call)
{
	return profile_allows(profile, SCMOD_ABI_X86_64, sysname_number(SCMOD_ABI_X86_64, call));
}

/* A policy sees more of a runtime than a filter does; the start only if one was learned. */
TEST_F(infer, policies_let_runtimes_execute_and_start)
{
	self->infer.level = INFER_NONE;
	self->infer.runtime = "any";
	self->infer.runtime_wished = true;
	see(self->profile, "read");
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_FALSE(runtime_may(self->profile, "setns"));
	EXPECT_FALSE(runtime_may(self->profile, "sigaltstack"));
	EXPECT_TRUE(runtime_may(self->profile, "close_range"));
	self->infer.live = true;
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_TRUE(runtime_may(self->profile, "setns"));
	EXPECT_TRUE(runtime_may(self->profile, "sigaltstack"));
	EXPECT_FALSE(runtime_may(self->profile, "mount"));
	EXPECT_TRUE(names(why(self->profile, "setns", REASON_RUNTIME), "crun 1."));
	EXPECT_TRUE(names(why(self->profile, "setns", REASON_RUNTIME), "in the cgroup"));
	see(self->profile, "pivot_root");
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_TRUE(runtime_may(self->profile, "mount"));
	EXPECT_FALSE(runtime_may(self->profile, "bpf"));
}

/* By default, what is never inferred is not inferred because of a runtime. */
TEST_F(infer, nobody_gets_setns_unasked)
{
	self->infer.level = INFER_NONE;
	self->infer.runtime = "any";
	self->infer.live = true;
	see(self->profile, "pivot_root");
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_FALSE(runtime_may(self->profile, "setns"));
	EXPECT_FALSE(runtime_may(self->profile, "mount"));
	EXPECT_TRUE(runtime_may(self->profile, "sigaltstack"));
}

TEST_HARNESS_MAIN
