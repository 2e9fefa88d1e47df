// SPDX-License-Identifier: GPL-2.0
/*
 * Which values of arguments are inferred, and which never are. infer_test.c tests what is
 * inferred of calls.
 *
 * vm: host
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "calls/dangerous_value.h"
#include "calls/selector.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "infer/infer.h"
#include "infer/runtime.h"
#include "kselftest_harness.h"

#define X86_64 SCMOD_ABI_X86_64

FIXTURE(values)
{
	char file[PATH_MAX];
	struct profile *profile;
	struct imports *imports;
	struct functions *functions;
	struct infer infer;
};

FIXTURE_SETUP(values)
{
	static const struct infer_wish wish = { .families = "/dev/null" };
	int fd;

	snprintf(self->file, sizeof(self->file), "/tmp/scmod-infer.XXXXXX");
	fd = mkstemp(self->file);
	ASSERT_LE(0, fd);
	close(fd);
	self->profile = profile_new();
	ASSERT_EQ(EXIT_DONE, infer_read("test", &wish, &self->infer));
	ASSERT_EQ(EXIT_DONE, functions_read("test", "/dev/null", &self->functions));
	self->imports = imports_new(self->functions);
}

FIXTURE_TEARDOWN(values)
{
	unlink(self->file);
	profile_free(self->profile);
	imports_free(self->imports);
	functions_free(self->functions);
	infer_release(&self->infer);
}

/* ---- what is seen, and what is imported */

static void see_call(struct profile *profile, unsigned int abi, const char *call)
{
	const struct reason seen = { .kind = REASON_SEEN };
	int nr = sysname_number(abi, call);

	if (nr < 0)
		abort();
	profile_set(profile, abi, nr, PROFILE_ALLOW, 0);
	profile_add_reason(profile, abi, nr, &seen);
}

static struct scmod_value_rule parse(const char *text, unsigned int *selector)
{
	struct scmod_value_rule rule = { 0 };

	if (value_parse(text, selector, &rule))
		abort();
	return rule;
}

/* As a record has it: the call, and the value in a list. */
static void see(struct profile *profile, const char *text)
{
	const struct reason seen = { .kind = REASON_SEEN };
	unsigned int selector;
	struct scmod_value_rule rule = parse(text, &selector);

	see_call(profile, X86_64, selector_name(selector));
	values_list(&profile->values[selector]);
	if (!values_add(&profile->values[selector], selector, &rule, &seen))
		abort();
}

/* A program, or a library, that imports the function. */
static void import_from(struct imports *imports, const char *function, enum holder holder)
{
	struct image image = { .abi = X86_64 };

	image.names = (char *)function;
	image.len = strlen(function) + 1;
	imports->processes = 1;
	imports_add_image(imports, &image, "/the/file", holder);
}

static void import(struct imports *imports, const char *function)
{
	import_from(imports, function, HOLDER_PROGRAM);
}

static bool allows(const struct profile *profile, const char *text)
{
	unsigned int selector;
	struct scmod_value_rule rule = parse(text, &selector);
	int nr = selector_number(X86_64, selector);

	return profile_allows(profile, X86_64, nr) &&
	       values_allow(&profile->values[selector], &rule);
}

/* The reason of that kind for exactly these values, or "". */
static const char *why(const struct profile *profile, const char *text, enum reason_kind kind)
{
	unsigned int selector;
	struct scmod_value_rule rule = parse(text, &selector);
	const struct value_entry *entry = values_find(&profile->values[selector], &rule);

	for (size_t i = 0; entry && i < entry->nr_reasons; i++)
		if (entry->reason[i].kind == kind)
			return entry->reason[i].text;
	return "";
}

/* Why values of the call are never inferred, or "". */
static const char *never(const struct profile *profile, const char *call)
{
	const struct reason *reason = profile_reason(profile, X86_64,
						     sysname_number(X86_64, call), REASON_NEVER);

	return reason ? reason->text : "";
}

/* ---- families */

TEST_F(values, relatives_of_a_value_are_likely)
{
	static const char *const pairs[][2] = {
		{ "socket(AF_INET,SOCK_STREAM,IPPROTO_TCP)", "socket(AF_INET6,SOCK_STREAM,0)" },
		{ "socket(AF_INET6,SOCK_DGRAM,0)", "socket(AF_INET,SOCK_DGRAM,IPPROTO_UDP)" },
		{ "setsockopt(SOL_TCP,TCP_NODELAY)", "setsockopt(SOL_TCP,TCP_KEEPIDLE)" },
		{ "setsockopt(SOL_TCP,TCP_NODELAY)", "getsockopt(SOL_TCP,TCP_NODELAY)" },
		{ "setsockopt(SOL_SOCKET,SO_KEEPALIVE)", "setsockopt(SOL_TCP,TCP_KEEPCNT)" },
		{ "setsockopt(SOL_IP,IP_TOS)", "setsockopt(SOL_IPV6,IPV6_TCLASS)" },
		{ "ioctl(TCGETS)", "ioctl(TIOCGWINSZ)" }, { "ioctl(TIOCGWINSZ)", "ioctl(TCSETS)" },
		{ "ioctl(FIONBIO)", "ioctl(FIOCLEX)" }, { "ioctl(FIONBIO)", "ioctl(FIONREAD)" },
		{ "ioctl(TIOCGPTN)", "ioctl(TIOCSPTLCK)" },
		{ "prctl(PR_SET_NAME)", "prctl(PR_GET_NAME)" },
		{ "prctl(PR_SET_DUMPABLE)", "prctl(PR_GET_DUMPABLE)" },
		{ "prctl(PR_CAPBSET_DROP)", "prctl(PR_CAP_AMBIENT)" },
		{ "personality(PER_LINUX)", "personality(0xffffffff)" },
		{ "seccomp(SECCOMP_SET_MODE_FILTER)", "prctl(PR_SET_NO_NEW_PRIVS)" },
		{ "socketpair(AF_UNIX,SOCK_STREAM,0)", "socketpair(AF_UNIX,SOCK_DGRAM,0)" },
		{ "mmap(PROT_READ)", "mmap(PROT_READ|PROT_EXEC)" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct profile *profile = profile_new();

		see(profile, pairs[i][0]);
		infer_add(&self->infer, profile, NULL);
		EXPECT_TRUE(allows(profile, pairs[i][1])) {
			TH_LOG("%s: not %s", pairs[i][0], pairs[i][1]);
		}
		EXPECT_NE(NULL, strstr(why(profile, pairs[i][1], REASON_FAMILY), "with ")) {
			TH_LOG("%s: '%s'", pairs[i][1], why(profile, pairs[i][1], REASON_FAMILY));
		}
		profile_free(profile);
	}
}

TEST_F(values, what_was_seen_is_kept_and_no_stranger_is_added)
{
	see(self->profile, "socket(AF_UNIX,SOCK_STREAM,0)");
	see(self->profile, "ioctl(FIOCLEX)");
	see(self->profile, "prctl(PR_SET_NAME)");
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_TRUE(allows(self->profile, "socket(AF_UNIX,SOCK_STREAM,0)"));
	EXPECT_FALSE(allows(self->profile, "socket(AF_INET,SOCK_STREAM,0)"));
	EXPECT_FALSE(allows(self->profile, "socket(AF_UNIX)"));
	EXPECT_FALSE(allows(self->profile, "ioctl(TCSETS)"));
	EXPECT_FALSE(allows(self->profile, "prctl(PR_SET_MM)"));
	EXPECT_FALSE(allows(self->profile, "prctl(PR_SET_DUMPABLE)"));
}

TEST_F(values, the_same_again_adds_nothing)
{
	struct value_set first = { 0 };

	see(self->profile, "setsockopt(SOL_TCP,TCP_NODELAY)");
	see(self->profile, "ioctl(TCGETS)");
	import(self->imports, "ioctl");
	infer_add(&self->infer, self->profile, self->imports);
	values_copy(&first, &self->profile->values[SCMOD_SELECTOR_IOCTL], NULL);
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(values_same(&first, &self->profile->values[SCMOD_SELECTOR_IOCTL]));
	values_release(&first);
}

/* ---- calls whose values nothing tells */

TEST_F(values, a_call_that_is_added_is_not_added_with_any_values)
{
	static const char *const calls[] = {
		"socket", "setsockopt", "getsockopt", "ioctl", "prctl", "clone", "socketpair",
	};

	see_call(self->profile, X86_64, "accept4");
	see_call(self->profile, X86_64, "vfork");
	import(self->imports, "ioctl");
	import(self->imports, "prctl");
	import(self->imports, "socketpair");
	infer_add(&self->infer, self->profile, self->imports);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		int selector = selector_by_name(calls[i], strlen(calls[i]));

		EXPECT_TRUE(profile_allows(self->profile, X86_64,
					   sysname_number(X86_64, calls[i])));
		EXPECT_TRUE(self->profile->values[selector].listed) {
			TH_LOG("%s may be used with any value", calls[i]);
		}
		EXPECT_GT(self->profile->values[selector].count, 0);
	}
	EXPECT_TRUE(allows(self->profile, "socket(AF_INET,SOCK_STREAM,0)"));
	EXPECT_TRUE(allows(self->profile, "setsockopt(SOL_SOCKET,SO_REUSEADDR)"));
	EXPECT_TRUE(allows(self->profile, "ioctl(FIONBIO)"));
	EXPECT_TRUE(allows(self->profile, "prctl(PR_SET_NAME)"));
	EXPECT_TRUE(allows(self->profile, "clone(0)"));
	EXPECT_FALSE(allows(self->profile, "clone(CLONE_NEWUSER)"));
	EXPECT_NE(NULL, strstr(why(self->profile, "clone(0)", REASON_FAMILY), "usual"));
}

/* A program that imports ioctl itself may use other commands than those that were seen. */
TEST_F(values, an_import_of_the_call_adds_the_usual_values)
{
	see(self->profile, "ioctl(TCGETS)");
	see(self->profile, "socket(AF_INET,SOCK_STREAM,0)");
	import(self->imports, "ioctl");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "ioctl(FIONBIO)"));
	EXPECT_NE(NULL, strstr(why(self->profile, "ioctl(FIONBIO)", REASON_IMPORT), "/the/file"));
	/* It does not import socket(). */
	EXPECT_FALSE(allows(self->profile, "socket(AF_UNIX,SOCK_STREAM,0)"));
}

/* An old record, or a file, may say nothing about values: nothing is restricted then. */
TEST_F(values, what_is_allowed_with_any_value_stays_so)
{
	see_call(self->profile, X86_64, "ioctl");
	import(self->imports, "isatty");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_FALSE(self->profile->values[SCMOD_SELECTOR_IOCTL].listed);
	EXPECT_TRUE(allows(self->profile, "ioctl(FIONBIO)"));
}

/* Nobody looks at their values, unless asked to. */
TEST_F(values, frequent_calls_are_not_restricted_unless_they_were)
{
	see_call(self->profile, X86_64, "brk");
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_FALSE(self->profile->values[SCMOD_SELECTOR_MMAP].listed);
	see(self->profile, "mmap(PROT_READ)");
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_TRUE(allows(self->profile, "mmap(PROT_READ|PROT_WRITE)"));
	EXPECT_FALSE(allows(self->profile, "mmap(PROT_READ|PROT_WRITE|PROT_EXEC)"));
}

/* ---- functions */

TEST_F(values, functions_tell_the_values_that_they_use)
{
	static const char *const pairs[][2] = {
		{ "isatty", "ioctl(TCGETS)" }, { "tcsetattr", "ioctl(TCSETSF)" },
		{ "tcsetpgrp", "ioctl(TIOCSPGRP)" }, { "openpty", "ioctl(TIOCSPTLCK)" },
		{ "login_tty", "ioctl(TIOCSCTTY)" }, { "if_nametoindex", "ioctl(SIOCGIFINDEX)" },
		{ "if_nametoindex", "socket(AF_UNIX,SOCK_DGRAM,0)" },
		{ "getaddrinfo", "socket(AF_INET,SOCK_DGRAM,0)" },
		{ "getaddrinfo", "socket(AF_INET6,SOCK_DGRAM,0)" },
		{ "getaddrinfo", "socket(AF_UNIX,SOCK_STREAM,0)" },
		{ "getaddrinfo", "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)" },
		{ "getaddrinfo", "ioctl(FIONREAD)" },
		{ "getifaddrs", "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)" },
		{ "syslog", "socket(AF_UNIX,SOCK_DGRAM,0)" }, { "system", "clone(0)" },
		{ "pthread_create", "clone(0)" }, { "fork", "clone(0)" },
		{ "pthread_setname_np", "prctl(PR_SET_NAME)" },
		{ "__printf_chk", "ioctl(TCGETS)" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct profile *profile = profile_new();

		imports_clear(self->imports);
		see_call(profile, X86_64, "read");
		import(self->imports, pairs[i][0]);
		infer_add(&self->infer, profile, self->imports);
		EXPECT_TRUE(allows(profile, pairs[i][1])) {
			TH_LOG("%s: not %s", pairs[i][0], pairs[i][1]);
		}
		EXPECT_NE(NULL, strstr(why(profile, pairs[i][1], REASON_IMPORT), "/the/file"));
		profile_free(profile);
	}
}

/* A function that uses few values adds no others. */
TEST_F(values, functions_do_not_add_the_usual_values)
{
	see_call(self->profile, X86_64, "read");
	import(self->imports, "tcgetpgrp");
	import(self->imports, "pthread_setname_np");
	import(self->imports, "getifaddrs");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_FALSE(allows(self->profile, "ioctl(FIONBIO)"));
	EXPECT_FALSE(allows(self->profile, "prctl(PR_SET_DUMPABLE)"));
	EXPECT_FALSE(allows(self->profile, "socket(AF_INET,SOCK_STREAM,0)"));
}

/* What a library imports counts if something of its topic was seen. */
TEST_F(values, a_library_counts_by_its_topic)
{
	see_call(self->profile, X86_64, "read");
	import_from(self->imports, "getaddrinfo", HOLDER_LIBRARY);
	import_from(self->imports, "tcsetpgrp", HOLDER_LIBRARY);
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_FALSE(allows(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)"));
	/* ioctl belongs to files, but who takes the terminal is set up. */
	EXPECT_FALSE(allows(self->profile, "ioctl(TIOCSPGRP)"));
	see(self->profile, "socket(AF_INET,SOCK_STREAM,0)");
	see(self->profile, "ioctl(TIOCSCTTY)");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)"));
	EXPECT_TRUE(allows(self->profile, "ioctl(TIOCSPGRP)"));
}

/* ---- programs without imports */

TEST_F(values, go_and_static_programs)
{
	see_call(self->profile, X86_64, "read");
	imports_note_program(self->imports, X86_64, PROGRAM_GO, "/go");
	imports_note_program(self->imports, X86_64, PROGRAM_GO_UNNAMED, "/go");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "clone(0)"));
	EXPECT_TRUE(allows(self->profile, "prctl(PR_SET_VMA)"));
	EXPECT_FALSE(allows(self->profile, "prctl(PR_SET_NAME)"));
	EXPECT_TRUE(allows(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)"));
	EXPECT_TRUE(allows(self->profile, "setsockopt(SOL_IPV6,IPV6_V6ONLY)"));
	EXPECT_NE(NULL, strstr(why(self->profile, "prctl(PR_SET_VMA)", REASON_BASE), "/go"));

	imports_clear(self->imports);
	profile_free(self->profile);
	self->profile = profile_new();
	see_call(self->profile, X86_64, "read");
	see(self->profile, "ioctl(TCGETS)");
	imports_note_program(self->imports, X86_64, PROGRAM_STATIC, "/static");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "ioctl(TIOCGWINSZ)"));
	/* Other parts of the program than those that were seen may use these. */
	EXPECT_TRUE(allows(self->profile, "ioctl(FIONBIO)"));
}

/* Functions of Go that make a call with values of their callers. */
TEST_F(values, functions_of_go)
{
	struct image image = { .abi = X86_64, .go = true, .go_named = true };
	static char names[] = "syscall.Socket\0syscall.SetsockoptInt\0syscall.NetlinkRIB";

	image.names = names;
	image.len = sizeof(names);
	see_call(self->profile, X86_64, "read");
	imports_add_image(self->imports, &image, "/go", HOLDER_PROGRAM);
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "socket(AF_INET6,SOCK_STREAM,0)"));
	EXPECT_TRUE(allows(self->profile, "setsockopt(SOL_TCP,TCP_NODELAY)"));
	EXPECT_TRUE(allows(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)"));
}

/* Any tool may be run by a shell, whatever the shell itself did with its terminal. */
TEST_F(values, tools_that_a_shell_runs)
{
	see(self->profile, "ioctl(TCGETS)");
	imports_note_program(self->imports, X86_64, PROGRAM_SHELL, "/bin/sh");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_TRUE(allows(self->profile, "ioctl(FICLONE)"));
	EXPECT_TRUE(allows(self->profile, "ioctl(TIOCSPGRP)"));
	EXPECT_TRUE(allows(self->profile, "socket(AF_INET,SOCK_DGRAM,0)"));
	EXPECT_FALSE(allows(self->profile, "ioctl(TIOCSTI)"));
}

/* ---- what is never inferred */

static const char *const dangerous_ones[] = {
	"clone(CLONE_NEWUSER)", "clone(CLONE_NEWNS|CLONE_NEWUSER)", "unshare(CLONE_NEWUSER)",
	"setns(CLONE_NEWNET)", "socket(AF_PACKET,SOCK_RAW,0)", "socket(AF_ALG,SOCK_SEQPACKET,0)",
	"socket(AF_VSOCK,SOCK_STREAM,0)", "socket(AF_NETLINK,SOCK_RAW,NETLINK_NETFILTER)",
	"socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)", "socket(AF_INET,SOCK_RAW,IPPROTO_ICMP)",
	"socket(AF_INET6,SOCK_RAW,IPPROTO_RAW)", "socket(AF_INET,SOCK_PACKET,3)",
	"socket(AF_BLUETOOTH,SOCK_RAW,0)", "ioctl(TIOCSTI)", "ioctl(TIOCLINUX)",
	"ioctl(TIOCSETD)", "ptrace(PTRACE_ATTACH)", "ptrace(PTRACE_SEIZE)",
	"ptrace(PTRACE_POKETEXT)", "bpf(BPF_PROG_LOAD)", "keyctl(KEYCTL_READ)",
	"setsockopt(SOL_TCP,TCP_ULP)", "prctl(PR_SET_MM)",
};

/* Neither families of whatever value, nor imports, runtimes and the tools of a userland. */
TEST_F(values, dangerous_values_are_never_inferred)
{
	const struct families *families = self->infer.families;

	self->infer.runtime = "any";
	for (size_t i = 0; i < families->count; i++)
		for (const struct item *item = families->rule[i].from; item && item->call; item++)
			if (item->has_values && !item->same &&
			    !dangerous_value(item->selector, &item->rule)) {
				char *text = value_rule_text(item->selector, &item->rule);

				see(self->profile, text);
				free(text);
			}
	for (size_t i = 0; i < self->functions->functions.count; i++)
		import(self->imports, self->functions->functions.function[i].name);
	imports_note_program(self->imports, X86_64, PROGRAM_SHELL, "/bin/sh");
	imports_note_program(self->imports, X86_64, PROGRAM_STATIC, "/static");
	imports_note_program(self->imports, X86_64, PROGRAM_GO_UNNAMED, "/go");
	imports_note_program(self->imports, X86_64, PROGRAM_GO, "/go");
	infer_add(&self->infer, self->profile, self->imports);
	for (size_t i = 0; i < sizeof(dangerous_ones) / sizeof(dangerous_ones[0]); i++) {
		unsigned int selector;
		struct scmod_value_rule rule = parse(dangerous_ones[i], &selector);

		EXPECT_NE(NULL, dangerous_value(selector, &rule)) {
			TH_LOG("%s is not dangerous", dangerous_ones[i]);
		}
		EXPECT_FALSE(allows(self->profile, dangerous_ones[i])) {
			TH_LOG("%s", dangerous_ones[i]);
		}
	}
}

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

/* Whatever a rule says; and the evidence is told. */
TEST_F(values, evidence_for_a_dangerous_value_is_told)
{
	for (size_t i = 0; i < sizeof(dangerous_ones) / sizeof(dangerous_ones[0]); i++) {
		struct profile *profile = profile_new();
		struct infer mine;
		char text[256];
		const char *call;
		unsigned int selector;

		parse(dangerous_ones[i], &selector);
		call = selector_name(selector);
		snprintf(text, sizeof(text), "family mine: read => %s  # it may\n",
			 dangerous_ones[i]);
		ASSERT_EQ(EXIT_DONE, read_rules(_metadata, self->file, text, &mine));
		see_call(profile, X86_64, "read");
		infer_add(&mine, profile, NULL);
		EXPECT_FALSE(allows(profile, dangerous_ones[i]));
		EXPECT_NE(NULL, strstr(never(profile, call), "it may")) {
			TH_LOG("%s: '%s'", dangerous_ones[i], never(profile, call));
		}
		infer_release(&mine);
		profile_free(profile);
	}
}

TEST_F(values, a_dangerous_value_that_was_seen_is_kept)
{
	see(self->profile, "socket(AF_PACKET,SOCK_RAW,0)");
	see(self->profile, "ioctl(TIOCSTI)");
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_TRUE(allows(self->profile, "socket(AF_PACKET,SOCK_RAW,0)"));
	EXPECT_TRUE(allows(self->profile, "ioctl(TIOCSTI)"));
	EXPECT_FALSE(allows(self->profile, "socket(AF_PACKET,SOCK_DGRAM,0)"));
}

/* Its flags are in memory, so that it is not looked at; C libraries fall back on clone. */
TEST_F(values, clone3_is_never_inferred)
{
	import(self->imports, "pthread_create");
	import(self->imports, "posix_spawn");
	see_call(self->profile, X86_64, "clone");
	infer_add(&self->infer, self->profile, self->imports);
	EXPECT_FALSE(profile_allows(self->profile, X86_64, sysname_number(X86_64, "clone3")));
}

TEST_F(values, clone_stands_in_for_clone3_without_namespaces)
{
	see_call(self->profile, X86_64, "clone3");
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_TRUE(allows(self->profile, "clone(0)"));
	EXPECT_FALSE(allows(self->profile, "clone(CLONE_NEWNS)"));
}

/* ---- a person's file */

TEST_F(values, a_file_changes_rules_about_values)
{
	struct infer mine;

	ASSERT_EQ(EXIT_DONE,
		  read_rules(_metadata, self->file,
			     "family thread-name: prctl(PR_SET_NAME) => prctl(PR_SET_TIMERSLACK)  # we do\n"
			     "usual ioctl: ioctl(FIONREAD)  # no more\n"
			     "never lingering: setsockopt(SOL_SOCKET,SO_LINGER)  # not here\n",
			     &mine));
	see(self->profile, "prctl(PR_SET_NAME)");
	import(self->imports, "ioctl");
	import(self->imports, "setsockopt");
	infer_add(&mine, self->profile, self->imports);
	EXPECT_NE(NULL, strstr(why(self->profile, "prctl(PR_SET_TIMERSLACK)", REASON_FAMILY),
			       "we do"));
	EXPECT_FALSE(allows(self->profile, "prctl(PR_GET_NAME)"));
	EXPECT_TRUE(allows(self->profile, "ioctl(FIONREAD)"));
	EXPECT_FALSE(allows(self->profile, "ioctl(FIONBIO)"));
	EXPECT_TRUE(allows(self->profile, "setsockopt(SOL_SOCKET,SO_KEEPALIVE)"));
	EXPECT_FALSE(allows(self->profile, "setsockopt(SOL_SOCKET,SO_LINGER)"));
	EXPECT_NE(NULL, strstr(never(self->profile, "setsockopt"), "not here"));
	infer_release(&mine);
}

TEST_F(values, a_wrong_value_is_an_error)
{
	static const char *const wrong[] = {
		"family x: socket(AF_NOTHING) # why\n", "family x: socket( # why\n",
		"family x: open(O_RDWR) # why\n", "family x: socket(AF_INET,1,2,3) # why\n",
		"family x: prctl() => prctl(PR_SET_NAME # why\n", "family x: nocall(1) # why\n",
		"family x: setsockopt(=) # why\n", "family x: setsockopt(=) => getsockopt # why\n",
		"family x: setsockopt => getsockopt(=) # why\n",
		"family x: setsockopt(=) => ioctl(=) # why\n", "usual x: ioctl(=) # why\n",
		"usual x: ioctl # why\n", "usual x: ioctl(FIONBIO)\n", "never x: ioctl(=) # why\n",
		"topic x: socket(AF_INET SOCK_RAW) # why\n", "usual x c: ioctl(FIONBIO) # why\n",
		"userland x: ioctl(0x1ffffffff) # why\n",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct infer mine;

		EXPECT_EQ(EXIT_FAILED, read_rules(_metadata, self->file, wrong[i], &mine)) {
			TH_LOG("%s", wrong[i]);
			infer_release(&mine);
		}
	}
}

/* The error names the file, the line and the word. */
TEST_F(values, an_error_names_its_line)
{
	char text[1024] = "";
	struct infer mine;
	int out = dup(STDERR_FILENO), to = memfd_create("err", MFD_CLOEXEC), ret;

	dup2(to, STDERR_FILENO);
	ret = read_rules(_metadata, self->file,
			 "# mine\n\nfamily x: read =>\n\tprctl(PR_SET_NAEM) # why\n", &mine);
	dup2(out, STDERR_FILENO);
	close(out);
	EXPECT_EQ(EXIT_FAILED, ret);
	EXPECT_LT(0, pread(to, text, sizeof(text) - 1, 0));
	close(to);
	EXPECT_NE(NULL, strstr(text, self->file));
	EXPECT_NE(NULL, strstr(text, "line 3"));
	EXPECT_NE(NULL, strstr(text, "PR_SET_NAEM")) {
		TH_LOG("%s", text);
	}
}

static int read_functions(struct __test_metadata *_metadata, const char *file, const char *text,
			  struct functions **functions)
{
	FILE *to = fopen(file, "we");

	ASSERT_NE(NULL, to);
	fputs(text, to);
	fclose(to);
	return functions_read("test", file, functions);
}

TEST_F(values, a_file_changes_what_functions_use)
{
	static const char *const wrong[] = {
		"function x: ioctl(NOTHING)\n", "function x: ioctl(=)\n", "function x: read(1)\n",
		"set x: socket(AF_INET\n", "go X: socket(=)\n",
	};
	struct functions *mine;
	struct imports *imports;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		EXPECT_EQ(EXIT_FAILED,
			  read_functions(_metadata, self->file, wrong[i], &mine)) {
			TH_LOG("%s", wrong[i]);
		}
	}
	ASSERT_EQ(EXIT_DONE, read_functions(_metadata, self->file,
					    "set mine: prctl(PR_SET_NAME)\n"
					    "function isatty: @mine ioctl(FIOCLEX)\n", &mine));
	imports = imports_new(mine);
	see_call(self->profile, X86_64, "read");
	import(imports, "isatty");
	infer_add(&self->infer, self->profile, imports);
	EXPECT_TRUE(allows(self->profile, "prctl(PR_SET_NAME)"));
	EXPECT_TRUE(allows(self->profile, "ioctl(FIOCLEX)"));
	EXPECT_FALSE(allows(self->profile, "ioctl(TCGETS)"));
	imports_free(imports);
	functions_free(mine);
}

/* ---- runtimes */

TEST_F(values, runtimes_bring_their_own_values)
{
	struct item *values = runtime_values("crun", RUNTIME_FILTER, "prctl");

	EXPECT_NE(NULL, values->call);
	items_free(values);
	see_call(self->profile, X86_64, "read");
	self->infer.level = INFER_NONE;
	self->infer.runtime = "any";
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_TRUE(allows(self->profile, "prctl(PR_CAPBSET_DROP)"));
	EXPECT_NE(NULL, strstr(why(self->profile, "prctl(PR_CAPBSET_DROP)", REASON_RUNTIME),
			       "after the filter"));
	EXPECT_FALSE(allows(self->profile, "prctl(PR_SET_DUMPABLE)"));
}

/* ---- soft values */

/* As record_profile() does. */
static void from_record(struct profile *profile)
{
	const struct profile_origin origin = { .path = (char *)"/sys/fs/cgroup/x" };

	profile_add_origin(profile, &origin);
}

static int answer(const struct profile *profile, const char *text)
{
	unsigned int selector;
	struct scmod_value_rule rule = parse(text, &selector);

	return profile_value_answer(profile, X86_64, selector, rule.first);
}

/* What a kernel answers that was built without the family, or without the protocol. */
static const struct {
	const char *text;
	int err;
} sockets[] = {
	{ "socket(AF_UNIX,SOCK_STREAM,0)", 0 },
	{ "socket(AF_INET,SOCK_STREAM,IPPROTO_TCP)", 0 },
	{ "socket(AF_INET6,SOCK_STREAM,0)", 0 },
	{ "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)", 0 },
	{ "socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)", EPROTONOSUPPORT },
	{ "socket(AF_NETLINK,SOCK_DGRAM,NETLINK_GENERIC)", EPROTONOSUPPORT },
	{ "socket(AF_NETLINK,SOCK_RAW,31)", EPROTONOSUPPORT },
	{ "socket(AF_INET,SOCK_STREAM,IPPROTO_MPTCP)", EPROTONOSUPPORT },
	{ "socket(AF_INET6,SOCK_SEQPACKET,IPPROTO_SCTP)", EPROTONOSUPPORT },
	{ "socket(AF_ALG,SOCK_SEQPACKET,0)", EAFNOSUPPORT },
	{ "socket(AF_VSOCK,SOCK_STREAM,0)", EAFNOSUPPORT },
	{ "socket(AF_BLUETOOTH,SOCK_RAW,1)", EAFNOSUPPORT },
	{ "socket(0,SOCK_RAW,1)", EAFNOSUPPORT }, { "socket(63,SOCK_RAW,1)", EAFNOSUPPORT },
	{ "socket(AF_INET,SOCK_RAW,IPPROTO_ICMP)", EPERM },
	{ "socket(AF_INET6,SOCK_RAW,IPPROTO_ICMPV6)", EPERM },
};

#define NR_SOCKETS (sizeof(sockets) / sizeof(sockets[0]))

TEST_F(values, sockets_of_other_kinds_are_refused_as_if_the_kernel_had_none)
{
	from_record(self->profile);
	see(self->profile, "socket(AF_UNIX,SOCK_STREAM,0)");
	see(self->profile, "socket(AF_INET,SOCK_STREAM,0)");
	see(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)");
	infer_add(&self->infer, self->profile, NULL);
	for (size_t i = 0; i < NR_SOCKETS; i++) {
		EXPECT_EQ(sockets[i].err, answer(self->profile, sockets[i].text)) {
			TH_LOG("%s", sockets[i].text);
		}
	}
	EXPECT_EQ(EAFNOSUPPORT, profile_value_answer(self->profile, X86_64, SCMOD_SELECTOR_SOCKET,
						     17ULL << 48 | 3ULL << 32));
	EXPECT_NE(NULL, strstr(why(self->profile, "socket(17..63)", REASON_SOFT), "family"));
}

/* The rules came back from a policy, and more was seen meanwhile. */
TEST_F(values, what_was_refused_so_is_allowed_when_it_is_seen)
{
	struct value_set *set = &self->profile->values[SCMOD_SELECTOR_SOCKET];
	size_t rules;

	from_record(self->profile);
	see(self->profile, "socket(AF_UNIX,SOCK_STREAM,0)");
	see(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)");
	infer_add(&self->infer, self->profile, NULL);
	rules = set->count;
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_EQ(rules, set->count);
	see(self->profile, "socket(AF_ALG,SOCK_SEQPACKET,0)");
	see(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)");
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_EQ(0, answer(self->profile, "socket(AF_ALG,SOCK_SEQPACKET,0)"));
	EXPECT_EQ(0, answer(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)"));
	EXPECT_EQ(EPROTONOSUPPORT,
		  answer(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_GENERIC)"));
	EXPECT_EQ(EAFNOSUPPORT, answer(self->profile, "socket(AF_VSOCK,SOCK_STREAM,0)"));
}

/* A file says itself how it refuses. */
TEST_F(values, of_a_file_nothing_is_refused_otherwise)
{
	see(self->profile, "socket(AF_UNIX,SOCK_STREAM,0)");
	infer_add(&self->infer, self->profile, NULL);
	EXPECT_EQ(EPERM, answer(self->profile, "socket(AF_ALG,SOCK_SEQPACKET,0)"));
}

TEST_HARNESS_MAIN
