// SPDX-License-Identifier: GPL-2.0
/*
 * Profiles that the tool reads: which calls they allow, and that the tool reports an error,
 * with the place, for each rule that a policy can't express.
 *
 * vm: host
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/output.h"
#include "kselftest_harness.h"
#include "profile/profile.h"
#include "read/reader.h"
#include "calls/sysname.h"
#include "calls/value_text.h"

#define OCI_HEAD "{\"defaultAction\":\"SCMP_ACT_ERRNO\","
#define OCI(rules) OCI_HEAD "\"syscalls\":[" rules "]}"
#define ALLOW(names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"}"
#define WHY "{\"kind\":\"file\",\"text\":\"listed\"}"
#define READ "{\"name\":\"read\",\"state\":\"allow\",\"reasons\":[" WHY "]}"
#define OWN2(rest) "{\"format\":\"scmod-profile-3\",\"abis\":[]," rest "}"
#define CALLS(calls) "{\"format\":\"scmod-profile-3\",\"abis\":[{\"abi\":\"x86_64\"," \
	"\"calls\":[" calls "]}]}"
#define OWN(rest) "{\"format\":\"scmod-profile-1\"," rest "}"

FIXTURE(profile)
{
	char dir[PATH_MAX];
	char path[PATH_MAX + 16];
	struct profile *profile;
	struct reader_options options;
	char said[65536];
};

FIXTURE_SETUP(profile)
{
	snprintf(self->dir, sizeof(self->dir), "/tmp/scmod-profile.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->path, sizeof(self->path), "%s/profile", self->dir);
}

FIXTURE_TEARDOWN(profile)
{
	profile_free(self->profile);
	unlink(self->path);
	EXPECT_EQ(0, rmdir(self->dir));
}

/* Reads @path; @said gets what was printed on stderr. Returns the exit code. */
static int read_path(const char *path, const struct reader_options *options,
		     struct profile **profile, char *said, size_t size)
{
	struct messages messages = { 0 };
	FILE *capture = tmpfile();
	int saved = dup(STDERR_FILENO);
	size_t len;
	int ret;

	if (!capture || saved < 0)
		abort();
	profile_free(*profile);
	fflush(stderr);
	dup2(fileno(capture), STDERR_FILENO);
	ret = profile_read(path, options, &messages, profile);
	if (messages_tell(&messages, "enforce --profile %s", path) != ret)
		abort();
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(capture);
	len = fread(said, 1, size - 1, capture);
	said[len] = '\0';
	fclose(capture);
	return ret;
}

static void put(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		abort();
	close(fd);
}

static int read_bytes(FIXTURE_DATA(profile) *self, const void *data, size_t len)
{
	put(self->path, data, len);
	return read_path(self->path, &self->options, &self->profile, self->said,
			 sizeof(self->said));
}

static int read_text(FIXTURE_DATA(profile) *self, const char *text)
{
	return read_bytes(self, text, strlen(text));
}

/* "x86_64:read i386:open", in the order of ABIs and numbers; a static buffer. */
static const char *names_in(const struct profile *profile, enum profile_state state)
{
	static char text[65536];
	size_t len = 0;

	text[0] = '\0';
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap set = profile_calls(profile, abi, state);
		unsigned int nr;

		bitmap_for_each(nr, &set)
			len += snprintf(text + len, sizeof(text) - len, "%s%s:%s", len ? " " : "",
					abi_name(abi), sysname(abi, nr));
	}
	return text;
}

static size_t lines_in(const char *text)
{
	size_t lines = 0;

	while ((text = strchr(text, '\n'))) {
		lines++;
		text++;
	}
	return lines;
}

/* One line that names the verb, the file and @thing. */
static bool explains(FIXTURE_DATA(profile) *self, const char *thing)
{
	char begin[PATH_MAX + 64];

	snprintf(begin, sizeof(begin), "scmod: enforce --profile %s: ", self->path);
	return !strncmp(self->said, begin, strlen(begin)) && lines_in(self->said) == 1 &&
	       strstr(self->said + strlen(begin), thing);
}

static bool wrote_nothing_odd(const char *said)
{
	for (const unsigned char *c = (const unsigned char *)said; *c; c++)
		if ((*c < ' ' && *c != '\n') || *c == 0x7f)
			return false;
	return true;
}

/* ---- what is taken */

TEST_F(profile, oci_allows_by_name)
{
	ASSERT_EQ(EXIT_DONE, read_text(self, OCI(ALLOW("\"read\",\"openat\""))));
	EXPECT_STREQ("", self->said);
	EXPECT_STREQ("x86_64:read x86_64:openat", names_in(self->profile, PROFILE_ALLOW));
	EXPECT_STREQ("", names_in(self->profile, PROFILE_SOFT));
	EXPECT_STREQ("", names_in(self->profile, PROFILE_REFUSE));
	EXPECT_EQ(SCMOD_ACTION_ERRNO, self->profile->action);
	EXPECT_EQ(-1, self->profile->err);
}

TEST_F(profile, oci_by_action)
{
	static const char text[] = OCI(ALLOW("\"read\"") ","
		"{\"names\":[\"write\"],\"action\":\"SCMP_ACT_LOG\"},"
		"{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38},"
		"{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1},"
		"{\"names\":[\"umount2\"],\"action\":\"SCMP_ACT_ERRNO\"},"
		"{\"names\":[\"reboot\"],\"action\":\"SCMP_ACT_KILL\"},"
		"{\"names\":[\"swapon\"],\"action\":\"SCMP_ACT_KILL_PROCESS\"},"
		"{\"names\":[\"swapoff\"],\"action\":\"SCMP_ACT_KILL_THREAD\"}");

	ASSERT_EQ(EXIT_DONE, read_text(self, text));
	EXPECT_STREQ("x86_64:read x86_64:write", names_in(self->profile, PROFILE_ALLOW));
	EXPECT_STREQ("x86_64:clone3", names_in(self->profile, PROFILE_SOFT));
	EXPECT_STREQ("x86_64:mount x86_64:umount2 x86_64:swapon x86_64:swapoff x86_64:reboot",
		     names_in(self->profile, PROFILE_REFUSE));
}

TEST_F(profile, oci_default_actions)
{
	static const struct {
		const char *text;
		int action;
		int err;
	} want[] = {
		{ "\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1", SCMOD_ACTION_ERRNO, 1 },
		{ "\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":4095", SCMOD_ACTION_ERRNO, 4095 },
		{ "\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":null", SCMOD_ACTION_ERRNO, -1 },
		{ "\"SCMP_ACT_KILL\"", SCMOD_ACTION_KILL, -1 },
		{ "\"SCMP_ACT_KILL_THREAD\"", SCMOD_ACTION_KILL, -1 },
		{ "\"SCMP_ACT_KILL_PROCESS\"", SCMOD_ACTION_KILL, -1 },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		char text[512];

		snprintf(text, sizeof(text), "{\"defaultAction\":%s,\"syscalls\":[%s]}",
			 want[i].text, ALLOW("\"read\""));
		ASSERT_EQ(EXIT_DONE, read_text(self, text)) {
			TH_LOG("%s: %s", text, self->said);
		}
		EXPECT_EQ(want[i].action, self->profile->action);
		EXPECT_EQ(want[i].err, self->profile->err);
	}
}

/* What a profile says and a policy does not is told. */
TEST_F(profile, oci_what_is_taken_otherwise_is_told)
{
	static const struct {
		const char *text;
		const char *thing;
	} want[] = {
		{ "{\"defaultAction\":\"SCMP_ACT_KILL\",\"syscalls\":[" ALLOW("\"read\"") "]}",
		  "SCMP_ACT_KILL ends only a thread; a policy ends the process instead" },
		{ OCI(ALLOW("\"read\"") ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_KILL_THREAD\"},"
		      "{\"names\":[\"swapon\"],\"action\":\"SCMP_ACT_KILL_THREAD\"}"),
		  "SCMP_ACT_KILL_THREAD ends only a thread; a policy ends the process instead" },
		{ OCI_HEAD "\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],\"syscalls\":["
		  ALLOW("\"read\"") "]}", "flags are left out" },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		ASSERT_EQ(EXIT_DONE, read_text(self, want[i].text)) {
			TH_LOG("%s: %s", want[i].text, self->said);
		}
		EXPECT_EQ(1, lines_in(self->said));
		EXPECT_NE(NULL, strstr(self->said, "note: "));
		EXPECT_NE(NULL, strstr(self->said, want[i].thing)) {
			TH_LOG("%s: %s", want[i].text, self->said);
		}
	}
}

TEST_F(profile, oci_names_mean_every_architecture_listed)
{
	ASSERT_EQ(EXIT_DONE, read_text(self, OCI_HEAD
		"\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\","
		"\"SCMP_ARCH_AARCH64\"],\"syscalls\":[" ALLOW("\"read\",\"socketcall\"") "]}"));
	EXPECT_STREQ("x86_64:read i386:read i386:socketcall x32:read",
		     names_in(self->profile, PROFILE_ALLOW));
	EXPECT_EQ(1, lines_in(self->said));
	EXPECT_NE(NULL, strstr(self->said, "about machines other than x86 is left out"));
}

/* Runtimes add the listed architectures to the native one, which is always covered. */
TEST_F(profile, oci_names_always_mean_x86_64_too)
{
	ASSERT_EQ(EXIT_DONE, read_text(self, OCI_HEAD
		"\"architectures\":[\"SCMP_ARCH_X86\"],\"syscalls\":["
		ALLOW("\"read\",\"socketcall\"") "]}"));
	EXPECT_STREQ("x86_64:read i386:read i386:socketcall",
		     names_in(self->profile, PROFILE_ALLOW));
	EXPECT_TRUE(self->profile->covers[SCMOD_ABI_X86_64]);
	EXPECT_FALSE(self->profile->covers[SCMOD_ABI_X32]);
	EXPECT_EQ(1, lines_in(self->said));
	EXPECT_NE(NULL, strstr(self->said, "note: "));
	EXPECT_NE(NULL, strstr(self->said, "SCMP_ARCH_X86_64 is not listed"));
}

/* Some runtimes write empty arrays or null for fields that are not set. */
TEST_F(profile, oci_empty_fields_say_nothing)
{
	static const char *const texts[] = {
		OCI_HEAD "\"architectures\":[],\"syscalls\":[" ALLOW("\"read\"") "]}",
		OCI_HEAD "\"architectures\":null,\"syscalls\":[" ALLOW("\"read\"") "]}",
		OCI_HEAD "\"archMap\":null,\"flags\":[],\"syscalls\":[" ALLOW("\"read\"") "]}",
		OCI_HEAD "\"archMap\":[],\"syscalls\":[" ALLOW("\"read\"") "]}",
		OCI("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[],"
		    "\"comment\":\"\",\"includes\":{},\"excludes\":{}}"),
		OCI("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":null,"
		    "\"includes\":null,\"excludes\":null,\"errnoRet\":null}"),
		OCI("{\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\"}"),
		OCI("{\"name\":\"read\",\"names\":null,\"action\":\"SCMP_ACT_ALLOW\"}"),
		OCI("{\"name\":\"read\",\"names\":[],\"action\":\"SCMP_ACT_ALLOW\"}"),
		OCI("{\"name\":\"\",\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}"),
		" \t\r\n" OCI(ALLOW("\"read\"")) "\n\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ASSERT_EQ(EXIT_DONE, read_text(self, texts[i])) {
			TH_LOG("%s: %s", texts[i], self->said);
		}
		EXPECT_STREQ("x86_64:read", names_in(self->profile, PROFILE_ALLOW));
	}
}

TEST_F(profile, oci_names_of_other_architectures_are_left_out_and_told)
{
	static const char text[] = OCI(ALLOW("\"read\",\"breakpoint\",\"spu_run\""));

	ASSERT_EQ(EXIT_DONE, read_text(self, text));
	EXPECT_STREQ("x86_64:read", names_in(self->profile, PROFILE_ALLOW));
	EXPECT_EQ(2, lines_in(self->said));
	EXPECT_NE(NULL, strstr(self->said, "note: "));
	EXPECT_NE(NULL, strstr(self->said, self->path));
	EXPECT_NE(NULL, strstr(self->said, "'breakpoint'"));
	EXPECT_NE(NULL, strstr(self->said, "'spu_run'"));
}

/* libseccomp allows socketcall and ipc for just these; a policy can't. */
TEST_F(profile, oci_calls_that_i386_makes_by_another_are_told)
{
	static const struct {
		const char *arch;
		const char *names;
		const char *thing;
	} want[] = {
		{ "SCMP_ARCH_X86", "\"read\",\"recv\"",
		  "32-bit programs can make 'recv' through socketcall, which runtimes allow" },
		{ "SCMP_ARCH_X86", "\"connect\",\"accept\"",
		  "can make 'connect' through socketcall" },
		{ "SCMP_ARCH_X86", "\"shmget\"", "can make 'shmget' through ipc" },
		{ "SCMP_ARCH_X86", "\"connect\",\"recv\",\"socketcall\"", NULL },
		{ "SCMP_ARCH_X86", "\"read\"", NULL },
		{ "SCMP_ARCH_X32", "\"connect\"", NULL },
		{ "SCMP_ARCH_X32", "\"recv\"", "'recv' is a call of other architectures only" },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		char text[512];

		snprintf(text, sizeof(text), OCI_HEAD
			 "\"architectures\":[\"SCMP_ARCH_X86_64\",\"%s\"],\"syscalls\":["
			 ALLOW("%s") "]}", want[i].arch, want[i].names);
		ASSERT_EQ(EXIT_DONE, read_text(self, text)) {
			TH_LOG("%s: %s", text, self->said);
		}
		EXPECT_EQ(want[i].thing ? 1 : 0, lines_in(self->said)) {
			TH_LOG("%s: %s", text, self->said);
		}
		EXPECT_TRUE(!want[i].thing || strstr(self->said, want[i].thing)) {
			TH_LOG("%s: %s", text, self->said);
		}
	}
	/* What is refused is by either way. */
	ASSERT_EQ(EXIT_DONE, read_text(self, OCI_HEAD
		"\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],\"syscalls\":["
		ALLOW("\"read\"") ",{\"names\":[\"connect\"],\"action\":\"SCMP_ACT_ERRNO\"}]}"));
	EXPECT_STREQ("", self->said);
}

TEST_F(profile, own_json_keeps_abis_apart)
{
	static const char text[] = OWN("\"path\":\"/x\",\"id\":7,\"partial\":true,\"action\":\"kill\",\"errno\":13,"
		"\"abis\":[{\"abi\":\"x86_64\",\"allow\":[\"read\"],\"soft\":[\"clone3\"]},"
		"{\"abi\":\"i386\",\"allow\":[\"socketcall\"],\"soft\":[]},"
		"{\"abi\":\"x32\",\"allow\":[\"write\"]}],\"added\":[]");

	ASSERT_EQ(EXIT_DONE, read_text(self, text));
	EXPECT_STREQ("", self->said);
	EXPECT_STREQ("x86_64:read i386:socketcall x32:write",
		     names_in(self->profile, PROFILE_ALLOW));
	EXPECT_STREQ("x86_64:clone3", names_in(self->profile, PROFILE_SOFT));
	EXPECT_STREQ("", names_in(self->profile, PROFILE_REFUSE));
	EXPECT_EQ(SCMOD_ACTION_KILL, self->profile->action);
	EXPECT_EQ(13, self->profile->err);
}

TEST_F(profile, own_json_may_say_less)
{
	ASSERT_EQ(EXIT_DONE, read_text(self, OWN("\"abis\":[]")));
	EXPECT_STREQ("", names_in(self->profile, PROFILE_ALLOW));
	EXPECT_EQ(-1, self->profile->action);
	EXPECT_EQ(-1, self->profile->err);
	ASSERT_EQ(EXIT_DONE, read_text(self, OWN("\"action\":\"errno\",\"abis\":[]")));
	EXPECT_EQ(SCMOD_ACTION_ERRNO, self->profile->action);
}

TEST_F(profile, list)
{
	ASSERT_EQ(EXIT_DONE, read_text(self, "# what it is\n\nread # added: why\r\n"
				       "\t i386:socketcall\nx32:write\n  #\nx86_64:close"));
	EXPECT_STREQ("", self->said);
	EXPECT_STREQ("x86_64:read x86_64:close i386:socketcall x32:write",
		     names_in(self->profile, PROFILE_ALLOW));
	EXPECT_EQ(-1, self->profile->action);
	EXPECT_EQ(-1, self->profile->err);
}

/* Every call there is, by each of the forms. */
TEST_F(profile, every_name_is_known_again)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		static char list[65536], json[32768];
		struct bitmap want = { 0 }, got;
		size_t l = 0, j = 0;

		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			const char *name = sysname(abi, nr);

			if (!name)
				continue;
			bitmap_add(&want, nr);
			l += snprintf(list + l, sizeof(list) - l, "%s:%s\n", abi_name(abi), name);
			j += snprintf(json + j, sizeof(json) - j, "%s\"%s\"", j ? "," : "", name);
		}
		ASSERT_LT(300, bitmap_count(&want));
		ASSERT_EQ(EXIT_DONE, read_text(self, list)) {
			TH_LOG("%s", self->said);
		}
		got = profile_calls(self->profile, abi, PROFILE_ALLOW);
		EXPECT_EQ(0, memcmp(&want, &got, sizeof(want)));
		snprintf(list, sizeof(list),
			 OCI_HEAD "\"architectures\":[\"%s\"],\"syscalls\":[" ALLOW("%s") "]}",
			 abi_oci_name(abi), json);
		ASSERT_EQ(EXIT_DONE, read_text(self, list)) {
			TH_LOG("%s", self->said);
		}
		got = profile_calls(self->profile, abi, PROFILE_ALLOW);
		EXPECT_EQ(0, memcmp(&want, &got, sizeof(want)));
	}
}

static int read_with(FIXTURE_DATA(profile) *self, const char *text, enum reader_args args,
		     uint64_t caps)
{
	self->options = (struct reader_options){ .args = args, .caps = caps };
	return read_text(self, text);
}

#define RULE(names, action, rest) "{\"names\":[" names "],\"action\":\"" action "\"" rest "}"
#define ARGS ",\"args\":[{\"index\":0,\"value\":8,\"op\":\"SCMP_CMP_EQ\"}]"

TEST_F(profile, rules_with_arguments_are_decided_as_told)
{
	static const char text[] = OCI(ALLOW("\"read\",\"dup\",\"ioctl\"") ","
		RULE("\"dup3\"", "SCMP_ACT_ALLOW", ARGS) ","
		RULE("\"ioctl\"", "SCMP_ACT_ALLOW", ARGS) ","
		RULE("\"dup\"", "SCMP_ACT_ERRNO", ARGS ",\"errnoRet\":22") ","
		RULE("\"mount\"", "SCMP_ACT_ERRNO", ARGS));

	ASSERT_EQ(EXIT_FAILED, read_text(self, text));
	EXPECT_TRUE(explains(self, "syscalls[1] ('dup3'), syscalls[2] ('ioctl'), "
			     "syscalls[3] ('dup'), syscalls[4] ('mount')"));
	EXPECT_NE(NULL, strstr(self->said, "--args widen"));
	EXPECT_NE(NULL, strstr(self->said, "--args narrow"));

	ASSERT_EQ(EXIT_DONE, read_with(self, text, READER_ARGS_WIDEN, 0));
	EXPECT_STREQ("x86_64:read x86_64:ioctl x86_64:dup x86_64:dup3",
		     names_in(self->profile, PROFILE_ALLOW));
	EXPECT_NE(NULL, strstr(self->said, "x86_64:dup3: syscalls[1]"));
	EXPECT_NE(NULL, strstr(self->said, "x86_64:dup: syscalls[3]"));
	EXPECT_EQ(NULL, strstr(self->said, ":ioctl:"));

	ASSERT_EQ(EXIT_DONE, read_with(self, text, READER_ARGS_NARROW, 0));
	EXPECT_STREQ("x86_64:read x86_64:ioctl", names_in(self->profile, PROFILE_ALLOW));
	EXPECT_STREQ("x86_64:dup x86_64:mount x86_64:dup3",
		     names_in(self->profile, PROFILE_REFUSE));
	EXPECT_EQ(22, profile_at(self->profile, SCMOD_ABI_X86_64, SYS_dup)->err);
	EXPECT_NE(NULL, strstr(self->said, "x86_64:dup3: syscalls[1]"));
}

/* What was lost is told with what is known of it. */
TEST_F(profile, what_lost_rules_were_for_is_told)
{
	static const char text[] = OCI(ALLOW("\"read\"") ","
		RULE("\"futex\"", "SCMP_ACT_ALLOW",
		     ",\"args\":[{\"index\":1,\"value\":12,\"op\":\"SCMP_CMP_NE\"}]") ","
		RULE("\"dup3\"", "SCMP_ACT_ALLOW", ARGS ",\"comment\":\"for CVE-2000-1\""));

	ASSERT_EQ(EXIT_DONE, read_with(self, text, READER_ARGS_WIDEN, 0));
	EXPECT_NE(NULL, strstr(self->said, "because of CVE-2014-3153"));
	EXPECT_NE(NULL, strstr(self->said, "its comment: \"for CVE-2000-1\""));
}

static int answer(FIXTURE_DATA(profile) *self, unsigned int selector, const char *text)
{
	unsigned int parsed;
	struct scmod_value_rule rule;
	char *wrong = value_parse(text, &parsed, &rule);

	if (wrong || parsed != selector)
		abort();
	return profile_value_answer(self->profile, SCMOD_ABI_X86_64, selector, rule.first);
}

#define ARG(index, op, value) "{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_" \
	#op "\"}"
#define ARGS_OF(args) ",\"args\":[" args "]"

/* Values of selectors are kept as they are, whatever --args says. */
TEST_F(profile, values_are_kept)
{
	static const char text[] = OCI(RULE("\"socket\"", "SCMP_ACT_ERRNO",
		     ARGS_OF(ARG(0, EQ, 16) "," ARG(2, EQ, 9)) ",\"errnoRet\":22") ","
		RULE("\"socket\"", "SCMP_ACT_ALLOW", ARGS_OF(ARG(0, NE, 40))) ","
		RULE("\"personality\"", "SCMP_ACT_ALLOW", ARGS_OF(ARG(0, EQ, 8))) ","
		RULE("\"personality\"", "SCMP_ACT_ALLOW", ARGS_OF(ARG(0, EQ, 4294967295))));

	ASSERT_EQ(EXIT_DONE, read_text(self, text)) TH_LOG("%s", self->said);
	EXPECT_STREQ("x86_64:socket x86_64:personality", names_in(self->profile, PROFILE_ALLOW));
	EXPECT_EQ(EINVAL, answer(self, SCMOD_SELECTOR_SOCKET, "socket(16,3,9)"));
	EXPECT_EQ(0, answer(self, SCMOD_SELECTOR_SOCKET, "socket(16,3,8)"));
	EXPECT_EQ(0, answer(self, SCMOD_SELECTOR_SOCKET, "socket(2,1,9)"));
	EXPECT_EQ(EPERM, answer(self, SCMOD_SELECTOR_SOCKET, "socket(40,1,0)"));
	EXPECT_EQ(0, answer(self, SCMOD_SELECTOR_PERSONALITY, "personality(8)"));
	EXPECT_EQ(0, answer(self, SCMOD_SELECTOR_PERSONALITY, "personality(0xffffffff)"));
	EXPECT_EQ(EPERM, answer(self, SCMOD_SELECTOR_PERSONALITY, "personality(0)"));
	EXPECT_EQ(EPERM, answer(self, SCMOD_SELECTOR_PERSONALITY, "personality(9)"));
}

/* Two comparisons of one argument are alternatives, as for crun and runc. */
TEST_F(profile, comparisons_of_one_argument_are_alternatives)
{
	static const char text[] = OCI(RULE("\"prctl\"", "SCMP_ACT_ALLOW",
		ARGS_OF(ARG(0, EQ, 4) "," ARG(0, EQ, 15))));

	ASSERT_EQ(EXIT_DONE, read_text(self, text));
	EXPECT_EQ(0, answer(self, SCMOD_SELECTOR_PRCTL, "prctl(4)"));
	EXPECT_EQ(0, answer(self, SCMOD_SELECTOR_PRCTL, "prctl(15)"));
	EXPECT_EQ(EPERM, answer(self, SCMOD_SELECTOR_PRCTL, "prctl(5)"));
}

/* The stricter reading: runtimes would ignore the second rule. */
TEST_F(profile, values_are_refused_although_the_call_is_allowed)
{
	static const char text[] = OCI(ALLOW("\"socket\"") ","
		RULE("\"socket\"", "SCMP_ACT_ERRNO", ARGS_OF(ARG(0, EQ, 38)) ",\"errnoRet\":97"));

	ASSERT_EQ(EXIT_DONE, read_text(self, text));
	EXPECT_NE(NULL, strstr(self->said, "runtimes ignore that"));
	EXPECT_EQ(97, answer(self, SCMOD_SELECTOR_SOCKET, "socket(38,5,0)"));
	EXPECT_EQ(0, answer(self, SCMOD_SELECTOR_SOCKET, "socket(2,1,0)"));
}

/* A rule that looks at more than values have: what they have is kept. */
TEST_F(profile, values_that_are_not_all_are_decided_as_told)
{
	static const char text[] = OCI(ALLOW("\"read\"") ","
		RULE("\"ioctl\"", "SCMP_ACT_ALLOW", ARGS_OF(ARG(0, EQ, 1) "," ARG(1, EQ, 21505))));

	ASSERT_EQ(EXIT_FAILED, read_text(self, text));
	EXPECT_TRUE(explains(self, "syscalls[1] ('ioctl')"));
	ASSERT_EQ(EXIT_DONE, read_with(self, text, READER_ARGS_WIDEN, 0));
	EXPECT_NE(NULL, strstr(self->said, "checks more than the values"));
	EXPECT_EQ(0, answer(self, SCMOD_SELECTOR_IOCTL, "ioctl(21505)"));
	EXPECT_EQ(EPERM, answer(self, SCMOD_SELECTOR_IOCTL, "ioctl(21506)"));
	ASSERT_EQ(EXIT_DONE, read_with(self, text, READER_ARGS_NARROW, 0));
	EXPECT_STREQ("x86_64:read", names_in(self->profile, PROFILE_ALLOW));
}

/* As the machine, the kernel and the capabilities are. */
TEST_F(profile, conditions_are_decided)
{
	static const struct {
		const char *condition;
		uint64_t caps;
		bool holds;
	} want[] = {
		{ "\"includes\":{\"arches\":[\"s390x\",\"amd64\"]}", 0, true },
		{ "\"includes\":{\"arches\":[\"s390x\"]}", 0, false },
		{ "\"excludes\":{\"arches\":[\"s390x\",\"amd64\"]}", 0, false },
		{ "\"excludes\":{\"arches\":[\"s390x\"]}", 0, true },
		{ "\"includes\":{\"caps\":[\"CAP_KILL\"]}", 0, false },
		{ "\"includes\":{\"caps\":[\"CAP_KILL\"]}", 1 << 5, true },
		{ "\"includes\":{\"caps\":[\"CAP_KILL\",\"CAP_CHOWN\"]}", 1 << 5, false },
		{ "\"includes\":{\"caps\":[\"CAP_KILL\",\"CAP_CHOWN\"]}", 1 << 5 | 1, true },
		{ "\"excludes\":{\"caps\":[\"CAP_KILL\",\"CAP_CHOWN\"]}", 1 << 5, false },
		{ "\"excludes\":{\"caps\":[\"CAP_KILL\"]}", 0, true },
		{ "\"includes\":{\"minKernel\":\"3.10\"}", 0, true },
		{ "\"includes\":{\"minKernel\":\"99.0\"}", 0, false },
		{ "\"excludes\":{\"minKernel\":\"99.0\"}", 0, true },
		{ "\"excludes\":{\"minKernel\":\"3.10\"}", 0, false },
		{ "\"includes\":{\"arches\":[\"amd64\"]},\"excludes\":{\"caps\":[\"CAP_KILL\"]}",
		  1 << 5, false },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		char text[512];

		snprintf(text, sizeof(text), OCI(ALLOW("\"read\"") ","
			 RULE("\"mount\"", "SCMP_ACT_ALLOW", ",%s")), want[i].condition);
		ASSERT_EQ(EXIT_DONE, read_with(self, text, READER_ARGS_FAIL, want[i].caps)) {
			TH_LOG("%s: %s", text, self->said);
		}
		EXPECT_EQ(want[i].holds, profile_allows(self->profile, SCMOD_ABI_X86_64,
							SYS_mount)) {
			TH_LOG("%s", want[i].condition);
		}
		EXPECT_NE(NULL, strstr(self->said, "note: "));
		EXPECT_NE(NULL, strstr(self->said, "conditions"));
	}
}

TEST_F(profile, docker_lists_architectures_per_machine)
{
	static const char text[] = OCI_HEAD "\"archMap\":[{\"architecture\":\"SCMP_ARCH_AARCH64\","
		"\"subArchitectures\":[\"SCMP_ARCH_ARM\"]},{\"architecture\":\"SCMP_ARCH_X86_64\","
		"\"subArchitectures\":[\"SCMP_ARCH_X86\"]}],\"syscalls\":[" ALLOW("\"read\"") "]}";

	ASSERT_EQ(EXIT_DONE, read_text(self, text));
	EXPECT_STREQ("x86_64:read i386:read", names_in(self->profile, PROFILE_ALLOW));
	EXPECT_FALSE(self->profile->covers[SCMOD_ABI_X32]);
	EXPECT_EQ(1, lines_in(self->said));
	EXPECT_NE(NULL, strstr(self->said, "about machines other than x86 is left out"));
}

/* Profiles of other versions have names of their own. */
TEST_F(profile, names_that_may_be_of_newer_kernels_are_left_out_and_told)
{
	ASSERT_EQ(EXIT_DONE, read_text(self, OCI(ALLOW("\"read\",\"nocall\""))));
	EXPECT_STREQ("x86_64:read", names_in(self->profile, PROFILE_ALLOW));
	EXPECT_EQ(1, lines_in(self->said));
	EXPECT_NE(NULL, strstr(self->said, "note: "));
	EXPECT_NE(NULL, strstr(self->said, "syscalls[0].names[1]: 'nocall'"));
}

TEST_F(profile, answers_of_single_calls_are_kept)
{
	ASSERT_EQ(EXIT_DONE, read_text(self, OCI(ALLOW("\"read\"") ","
		RULE("\"mount\"", "SCMP_ACT_ERRNO", ",\"errnoRet\":13") ","
		RULE("\"swapon\"", "SCMP_ACT_KILL_PROCESS", "") ","
		RULE("\"acct\"", "SCMP_ACT_ERRNO", ""))));
	EXPECT_EQ(13, profile_at(self->profile, SCMOD_ABI_X86_64, SYS_mount)->err);
	EXPECT_EQ(PROFILE_KILLS, profile_at(self->profile, SCMOD_ABI_X86_64, SYS_swapon)->err);
	EXPECT_EQ(0, profile_at(self->profile, SCMOD_ABI_X86_64, SYS_acct)->err);
}

/* The OCI specification's errno, whatever is returned by default. */
TEST_F(profile, refused_without_an_errno_is_eperm)
{
	static const struct {
		const char *head;
		const char *rest;
		int answer;
	} want[] = {
		{ "\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38", "", EPERM },
		{ "\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":13", "", EPERM },
		{ "\"SCMP_ACT_ERRNO\"", "", EPERM },
		{ "\"SCMP_ACT_KILL\"", "", EPERM },
		{ "\"SCMP_ACT_KILL_PROCESS\"", "", EPERM },
		{ "\"SCMP_ACT_KILL_PROCESS\"", ",\"errno\":\"EACCES\"", EACCES },
		{ "\"SCMP_ACT_ERRNO\"", ",\"errno\":\"ENOSYS\"", ENOSYS },
		{ "\"SCMP_ACT_ERRNO\"", ",\"errno\":\"EINVAL\",\"errnoRet\":22", EINVAL },
		{ "\"SCMP_ACT_ERRNO\"", ",\"errno\":null,\"errnoRet\":22", EINVAL },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		char text[512];

		snprintf(text, sizeof(text), "{\"defaultAction\":%s,\"syscalls\":[%s,"
			 "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\"%s}]}",
			 want[i].head, ALLOW("\"read\""), want[i].rest);
		ASSERT_EQ(EXIT_DONE, read_text(self, text)) {
			TH_LOG("%s: %s", text, self->said);
		}
		EXPECT_EQ(want[i].answer,
			  profile_answer(self->profile, SCMOD_ABI_X86_64, SYS_mount)) {
			TH_LOG("%s", text);
		}
		EXPECT_EQ(strstr(want[i].head, "SCMP_ACT_KILL\"") ? 1 : 0, lines_in(self->said));
	}
}

TEST_F(profile, default_errno_by_name)
{
	static const struct {
		const char *text;
		int err;
	} want[] = {
		{ OCI_HEAD "\"defaultErrno\":\"ENOSYS\",\"syscalls\":[]}", ENOSYS },
		{ OCI_HEAD "\"defaultErrno\":\"ENOSYS\",\"defaultErrnoRet\":38}", ENOSYS },
		{ OCI_HEAD "\"defaultErrno\":\"EWOULDBLOCK\",\"defaultErrnoRet\":11}", EAGAIN },
		{ OCI_HEAD "\"defaultErrno\":\"EDEADLOCK\"}", EDEADLK },
		{ OCI_HEAD "\"defaultErrno\":\"EOPNOTSUPP\"}", EOPNOTSUPP },
		{ OCI_HEAD "\"defaultErrno\":\"ENOTSUP\"}", EOPNOTSUPP },
		{ OCI_HEAD "\"defaultErrno\":null,\"defaultErrnoRet\":38}", ENOSYS },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		ASSERT_EQ(EXIT_DONE, read_text(self, want[i].text)) {
			TH_LOG("%s: %s", want[i].text, self->said);
		}
		EXPECT_EQ(want[i].err, self->profile->err) {
			TH_LOG("%s", want[i].text);
		}
	}
}

/* Runtimes ignore a rule whose action is the default action. */
TEST_F(profile, rules_that_refuse_as_usual_leave_the_others_what_they_say)
{
	static const char *const heads[] = {
		"\"SCMP_ACT_ERRNO\"", "\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1",
		"\"SCMP_ACT_ERRNO\",\"defaultErrno\":\"EPERM\"",
	};
	static const char *const usual[] = {
		RULE("\"mount\"", "SCMP_ACT_ERRNO", ""),
		RULE("\"mount\"", "SCMP_ACT_ERRNO", ",\"errnoRet\":1"),
		RULE("\"mount\"", "SCMP_ACT_ERRNO", ",\"errno\":\"EPERM\""),
	};
	char text[512];

	for (size_t i = 0; i < 3 * 3 * 2; i++) {
		const char *rule = usual[i % 3], *allow = ALLOW("\"mount\"");
		bool first = i / 9;

		snprintf(text, sizeof(text), "{\"defaultAction\":%s,\"syscalls\":[%s,%s]}",
			 heads[i / 3 % 3], first ? rule : allow, first ? allow : rule);
		ASSERT_EQ(EXIT_DONE, read_text(self, text)) {
			TH_LOG("%s: %s", text, self->said);
		}
		EXPECT_STREQ("x86_64:mount", names_in(self->profile, PROFILE_ALLOW));
		EXPECT_EQ(1, lines_in(self->said));
		EXPECT_NE(NULL, strstr(self->said, "note: "));
		EXPECT_NE(NULL, strstr(self->said, "mount: syscalls["));
		/* Without other rules of the call, it is refused with the policy's errno. */
		snprintf(text, sizeof(text), "{\"defaultAction\":%s,\"syscalls\":[%s,%s]}",
			 heads[i / 3 % 3], rule, ALLOW("\"read\""));
		ASSERT_EQ(EXIT_DONE, read_text(self, text));
		EXPECT_STREQ("x86_64:mount", names_in(self->profile, PROFILE_REFUSE));
		EXPECT_EQ(0, profile_at(self->profile, SCMOD_ABI_X86_64, SYS_mount)->err);
		EXPECT_STREQ("", self->said);
	}
	/* A call that the profile answers with ENOSYS stays soft. */
	ASSERT_EQ(EXIT_DONE, read_text(self, OCI_HEAD "\"defaultErrnoRet\":38,\"syscalls\":["
		RULE("\"clone3\"", "SCMP_ACT_ERRNO", ",\"errnoRet\":38") "]}"));
	EXPECT_STREQ("x86_64:clone3", names_in(self->profile, PROFILE_SOFT));
	ASSERT_EQ(EXIT_DONE, read_text(self, "{\"defaultAction\":\"SCMP_ACT_KILL\",\"syscalls\":["
		RULE("\"mount\"", "SCMP_ACT_KILL_THREAD", "") "," ALLOW("\"mount\"") "]}"));
	EXPECT_STREQ("x86_64:mount", names_in(self->profile, PROFILE_ALLOW));
}

/* As in libseccomp, a rule for all arguments overrides those that check arguments. */
TEST_F(profile, refused_whatever_the_arguments_are)
{
	static const char *const texts[] = {
		OCI(RULE("\"personality\"", "SCMP_ACT_ERRNO", ",\"errnoRet\":5") ","
		    RULE("\"personality\"", "SCMP_ACT_ALLOW", ARGS)),
		OCI(RULE("\"personality\"", "SCMP_ACT_ALLOW", ARGS) ","
		    RULE("\"personality\"", "SCMP_ACT_ERRNO", ",\"errnoRet\":5")),
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (unsigned int args = READER_ARGS_WIDEN; args <= READER_ARGS_NARROW; args++) {
			ASSERT_EQ(EXIT_DONE, read_with(self, texts[i], args, 0));
			EXPECT_STREQ("", names_in(self->profile, PROFILE_ALLOW));
			EXPECT_STREQ("x86_64:personality",
				     names_in(self->profile, PROFILE_REFUSE));
			EXPECT_EQ(5, profile_at(self->profile, SCMOD_ABI_X86_64,
						SYS_personality)->err);
		}
	/* A rule that runtimes ignore overrides nothing. */
	ASSERT_EQ(EXIT_DONE, read_with(self, OCI(RULE("\"personality\"", "SCMP_ACT_ERRNO", "") ","
		RULE("\"personality\"", "SCMP_ACT_ALLOW", ARGS)), READER_ARGS_WIDEN, 0));
	EXPECT_STREQ("x86_64:personality", names_in(self->profile, PROFILE_ALLOW));
}

static bool is_soft(const struct abi_sets *sets, unsigned int abi, const char *name)
{
	return bitmap_has(&sets[abi].soft, sysname_number(abi, name));
}

/* Programs try calls of newer kernels, and fall back only if these return ENOSYS. */
TEST_F(profile, what_is_newer_than_programs_expect_is_soft)
{
	static const char *const newer[] = {
		"futex_wait", "getxattrat", "io_uring_setup", "listns", "lsm_list_modules",
		"memfd_secret", "process_mrelease", "rseq_slice_yield", "set_mempolicy_home_node",
	};
	struct abi_sets sets[NR_ABIS];

	ASSERT_EQ(EXIT_DONE, read_text(self, "read\nmseal\ni386:file_getattr\n"));
	profile_add_soft(self->profile);
	profile_sets(self->profile, sets);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++) {
			EXPECT_TRUE(is_soft(sets, abi, newer[i])) {
				TH_LOG("%s:%s", abi_name(abi), newer[i]);
			}
		}
	}
	EXPECT_FALSE(is_soft(sets, SCMOD_ABI_X86_64, "mseal"));
	EXPECT_TRUE(is_soft(sets, SCMOD_ABI_I386, "mseal"));
	EXPECT_FALSE(is_soft(sets, SCMOD_ABI_I386, "file_getattr"));
	/* Older calls are refused as the profile says. */
	EXPECT_FALSE(is_soft(sets, SCMOD_ABI_X86_64, "acct"));
	EXPECT_FALSE(is_soft(sets, SCMOD_ABI_X86_64, "fsconfig"));
}

TEST_F(profile, numbers_that_no_kernel_has_are_soft)
{
	static const char text[] = CALLS("{\"nr\":480,\"state\":\"allow\",\"reasons\":[" WHY "]},"
		"{\"nr\":490,\"state\":\"refuse\",\"errno\":5,\"reasons\":[" WHY "]}");
	struct abi_sets sets[NR_ABIS];

	ASSERT_EQ(EXIT_DONE, read_text(self, text));
	profile_sets(self->profile, sets);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			bool named = abi == SCMOD_ABI_X86_64 && (nr == 480 || nr == 490);

			EXPECT_EQ(!sysname(abi, nr) && !named,
				  bitmap_has(&sets[abi].soft, nr)) {
				TH_LOG("%s:%u", abi_name(abi), nr);
			}
		}
	}
}

/* No call is in a profile without a reason, whatever it was read from. */
TEST_F(profile, every_call_has_a_reason)
{
	static const char *const texts[] = {
		OCI(ALLOW("\"read\"") "," RULE("\"clone3\"", "SCMP_ACT_ERRNO", ",\"errnoRet\":38") ","
		    RULE("\"mount\"", "SCMP_ACT_ERRNO", "") ","
		    RULE("\"socket\"", "SCMP_ACT_ALLOW", ARGS)),
		OWN("\"abis\":[{\"abi\":\"x86_64\",\"allow\":[\"read\"],\"soft\":[\"clone3\"]}]"),
		CALLS(READ),
		"read\ni386:open\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ASSERT_EQ(EXIT_DONE, read_with(self, texts[i], READER_ARGS_WIDEN, 0));
		profile_add_lifelines(self->profile);
		profile_add_soft(self->profile);
		for (unsigned int abi = 0; abi < NR_ABIS; abi++)
			for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
				const struct profile_call *call =
					profile_at(self->profile, abi, nr);

				EXPECT_TRUE(call->state == PROFILE_SILENT || call->nr_reasons);
			}
	}
}

/* ---- what is refused */

static const struct bad {
	const char *text;
	const char *thing;
} bad[] = {
	/* Not JSON, or not only. */
	{ "{", "not JSON" },
	{ "{\"defaultAction\":", "not JSON" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[", "not JSON" },
	{ "{defaultAction}", "not JSON" },
	{ "{'defaultAction':'SCMP_ACT_ERRNO'}", "not JSON" },
	{ OCI(ALLOW("\"read\",")), "not JSON" },
	{ OCI(ALLOW("\"read\"")) " more", "not JSON" },
	{ OCI(ALLOW("\"read\"")) OCI(ALLOW("\"write\"")), "not JSON" },
	{ OCI(ALLOW("\"re\xff\xfe\"")), "not JSON" },
	{ OCI(ALLOW("\"re\nad\"")), "'re?ad'" },
	{ OCI(ALLOW("NaN")), "name" },
	{ "{/* x */}", "not JSON" },
	{ "[]", "defaultAction" },
	{ "[1,2]", "defaultAction" },
	{ "{}", "defaultAction" },
	{ "<seccomp/>", "<seccomp/>" },
	{ "null", "null" },
	{ "\"read\"", "\"read\"" },
	{ "17.5", "17.5" },
	/* The root. */
	{ "{\"defaultAction\":1}", "defaultAction" },
	{ "{\"defaultAction\":null}", "defaultAction" },
	{ "{\"defaultAction\":[\"SCMP_ACT_ERRNO\"]}", "defaultAction" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\\u0000X\"}", "defaultAction" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}", "SCMP_ACT_ALLOW" },
	{ "{\"defaultAction\":\"SCMP_ACT_LOG\"}", "SCMP_ACT_LOG" },
	{ "{\"defaultAction\":\"SCMP_ACT_TRAP\"}", "SCMP_ACT_TRAP" },
	{ "{\"defaultAction\":\"SCMP_ACT_TRACE\"}", "SCMP_ACT_TRACE" },
	{ "{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}", "SCMP_ACT_NOTIFY" },
	{ "{\"defaultAction\":\"\"}", "defaultAction" },
	{ OCI_HEAD "\"defaultErrnoRet\":0}", "defaultErrnoRet" },
	{ OCI_HEAD "\"defaultErrnoRet\":-1}", "defaultErrnoRet" },
	{ OCI_HEAD "\"defaultErrnoRet\":4096}", "defaultErrnoRet" },
	{ OCI_HEAD "\"defaultErrnoRet\":4294967297}", "defaultErrnoRet" },
	{ OCI_HEAD "\"defaultErrnoRet\":99999999999999999999}", "defaultErrnoRet" },
	{ OCI_HEAD "\"defaultErrnoRet\":1.0}", "defaultErrnoRet" },
	{ OCI_HEAD "\"defaultErrnoRet\":\"EPERM\"}", "defaultErrnoRet" },
	{ OCI_HEAD "\"defaultErrnoRet\":\"1\"}", "defaultErrnoRet" },
	{ OCI_HEAD "\"defaultErrnoRet\":true}", "defaultErrnoRet" },
	{ OCI_HEAD "\"defaultErrnoRet\":[1]}", "defaultErrnoRet" },
	{ OCI_HEAD "\"defaultErrno\":\"ENOCALL\"}", "defaultErrno 'ENOCALL'" },
	{ OCI_HEAD "\"defaultErrno\":\"\"}", "defaultErrno ''" },
	{ OCI_HEAD "\"defaultErrno\":\"38\"}", "defaultErrno '38'" },
	{ OCI_HEAD "\"defaultErrno\":38}", "defaultErrno" },
	{ OCI_HEAD "\"defaultErrno\":\"ENOSYS\",\"defaultErrnoRet\":1}",
	  "defaultErrnoRet is 1 and defaultErrno is ENOSYS" },
	{ OCI_HEAD "\"archMap\":[{\"architecture\":1}]}", "archMap[0]" },
	{ OCI_HEAD "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":1}]}",
	  "archMap[0].subArchitectures" },
	{ OCI_HEAD "\"archMap\":[{\"architecture\":\"SCMP_ARCH_AARCH64\"}]}",
	  "other architectures" },
	{ OCI_HEAD "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\"}],"
	  "\"architectures\":[\"SCMP_ARCH_X86_64\"]}", "both" },
	{ OCI_HEAD "\"archMap\":\"x\"}", "archMap" },
	/* Docker and Podman take the first. */
	{ OCI_HEAD "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\"},"
	  "{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[\"SCMP_ARCH_X32\"]}]}",
	  "archMap[1]: 'SCMP_ARCH_X86_64' is there twice" },
	/* What is written in Go takes keys in any case; what is not passes over them. */
	{ OCI_HEAD "\"Architectures\":[\"SCMP_ARCH_X86\"],\"syscalls\":[" ALLOW("\"read\"")
	  "]}", "'Architectures'" },
	{ OCI("{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"Args\":[{\"index\":0,"
	      "\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]}"),
	  "syscalls[0]: some runtimes read 'Args' as 'args', others ignore it" },
	{ OCI("{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"INCLUDES\":{\"caps\":"
	      "[\"CAP_SYS_ADMIN\"]}}"), "'INCLUDES'" },
	{ OCI_HEAD "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\",\"SubArchitectures\":"
	  "[\"SCMP_ARCH_X32\"]}]}", "archMap[0]: some runtimes read 'SubArchitectures'" },
	{ OCI_HEAD "\"listenerPath\":\"/run/x\"}", "listenerPath" },
	{ OCI_HEAD "\"architectures\":\"SCMP_ARCH_X86_64\"}", "architectures" },
	{ OCI_HEAD "\"architectures\":{\"SCMP_ARCH_X86_64\":1}}", "architectures" },
	{ OCI_HEAD "\"architectures\":true}", "architectures" },
	{ OCI_HEAD "\"architectures\":[\"SCMP_ARCH_AARCH64\"]}", "other architectures" },
	{ OCI_HEAD "\"architectures\":[\"x86_64\"]}", "'x86_64'" },
	{ OCI_HEAD "\"architectures\":[\"SCMP_ARCH_X86_64\",64]}", "architecture" },
	{ OCI_HEAD "\"architectures\":[null]}", "architecture" },
	{ OCI_HEAD "\"syscalls\":\"read\"}", "syscalls" },
	{ OCI_HEAD "\"syscalls\":{\"names\":[\"read\"]}}", "syscalls" },
	{ OCI_HEAD "\"syscalls\":1}", "syscalls" },
	{ OCI_HEAD "\"syscalls\":false}", "syscalls" },
	/* Its rules. */
	{ OCI("null"), "rule" },
	{ OCI("1"), "rule" },
	{ OCI("\"read\""), "rule" },
	{ OCI("[\"read\"]"), "rule" },
	{ OCI("{}"), "rule" },
	{ OCI("{\"action\":\"SCMP_ACT_ALLOW\"}"), "rule" },
	{ OCI("{\"names\":[],\"action\":\"SCMP_ACT_ALLOW\"}"), "rule" },
	{ OCI("{\"names\":\"read\",\"action\":\"SCMP_ACT_ALLOW\"}"), "rule" },
	{ OCI("{\"names\":{\"read\":1},\"action\":\"SCMP_ACT_ALLOW\"}"), "rule" },
	{ OCI("{\"name\":1,\"action\":\"SCMP_ACT_ALLOW\"}"), "syscalls[0].name" },
	{ OCI("{\"name\":\"read\",\"names\":[\"write\"],\"action\":\"SCMP_ACT_ALLOW\"}"),
	  "'read'" },
	{ OCI("{\"name\":\"read\",\"names\":3,\"action\":\"SCMP_ACT_ALLOW\"}"), "'read'" },
	{ OCI(ALLOW("1")), "name" },
	{ OCI(ALLOW("null")), "name" },
	{ OCI(ALLOW("\"read\",null")), "name" },
	{ OCI(ALLOW("\"read\",[\"write\"]")), "name" },
	{ OCI(ALLOW("{\"a\":1}")), "name" },
	{ OCI(ALLOW("\"read\",\"no-call\"")),
	  "syscalls[0].names[1]: no system call is named 'no-call'" },
	{ OCI(ALLOW("\"\"")), "''" },
	{ OCI(ALLOW("\"READ\"")), "'READ'" },
	{ OCI(ALLOW("\"read \"")), "'read '" },
	{ OCI(ALLOW("\"0\"")), "'0'" },
	{ OCI(ALLOW("\"i386:open\"")), "'i386:open'" },
	{ OCI(ALLOW("\"read\\u0000write\"")), "name" },
	{ OCI("{\"names\":[\"read\"]}"), "'read'" },
	{ OCI("{\"names\":[\"read\"],\"action\":1}"), "'read'" },
	{ OCI("{\"names\":[\"read\"],\"action\":null}"), "'read'" },
	{ OCI("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_TRAP\"}"), "SCMP_ACT_TRAP" },
	{ OCI("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_TRACE\"}"), "SCMP_ACT_TRACE" },
	{ OCI("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_NOTIFY\"}"), "SCMP_ACT_NOTIFY" },
	{ OCI("{\"names\":[\"read\"],\"action\":\"allow\"}"), "'read'" },
	{ OCI("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":0}"), "errnoRet" },
	{ OCI("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":\"ENOSYS\"}"),
	  "errnoRet" },
	{ OCI("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"errno\":\"ENOCALL\"}"),
	  "errno 'ENOCALL'" },
	{ OCI("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"errno\":\"EIO\","
	      "\"errnoRet\":1}"), "errnoRet is 1 and errno is EIO" },
	{ OCI("{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	      "\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]}"), "'clone'" },
	{ OCI("{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{}]}"), "arguments" },
	{ OCI("{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":\"x\"}"),
	  "syscalls[0].args: 'args' is not an array" },
	{ OCI("{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":"
	      "\"CAP_SYS_ADMIN\"}}"), "syscalls[0].includes.caps" },
	{ OCI("{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"arches\":"
	      "[1]}}"), "syscalls[0].excludes.arches[0]" },
	{ OCI("{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":"
	      "\"4\"}}"), "minKernel '4'" },
	{ OCI("{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":"
	      "4.8}}"), "minKernel" },
	{ OCI("{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"cap\":[]}}"),
	  "there is no condition 'cap'" },
	{ OCI("{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":1}"), "includes" },
	{ OCI(ALLOW("\"read\"") ",{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\","
	      "\"errnoRet\":5}"),
	  "'read' is both" },
	{ OCI_HEAD "\"defaultErrnoRet\":38,\"syscalls\":[" ALLOW("\"read\"")
	  ",{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\"}]}", "'read' is both" },
	/* Not the same: one ends the process, the other a thread. */
	{ "{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",\"syscalls\":[" ALLOW("\"read\"")
	  ",{\"names\":[\"read\"],\"action\":\"SCMP_ACT_KILL\"}]}", "'read' is both" },
	{ OCI("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_KILL\"}," ALLOW("\"read\"")),
	  "'read' is both" },
	{ OCI(ALLOW("\"clone3\"") ",{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\","
	      "\"errnoRet\":38}"),
	  "'clone3' is both" },
	/* Our own form. */
	{ "{\"format\":\"scmod-profile-4\",\"abis\":[]}", "scmod-profile-4" },
	{ "{\"format\":\"\",\"abis\":[]}", "format" },
	{ "{\"format\":1,\"abis\":[]}", "format" },
	{ "{\"format\":{\"a\":1},\"abis\":[]}", "format" },
	{ "{\"format\":\"scmod-profile-1\"}", "abis" },
	{ OWN("\"abis\":{}"), "abis" },
	{ OWN("\"abis\":\"x86_64\""), "abis" },
	{ OWN("\"abis\":[null]"), "ABI" },
	{ OWN("\"abis\":[\"x86_64\"]"), "ABI" },
	{ OWN("\"abis\":[{}]"), "ABI" },
	{ OWN("\"abis\":[{\"abi\":0}]"), "ABI" },
	{ OWN("\"abis\":[{\"abi\":\"arm\"}]"), "'arm'" },
	{ OWN("\"abis\":[{\"abi\":\"x86\"}]"), "'x86'" },
	{ OWN("\"abis\":[{\"abi\":\"x86_64\",\"allow\":\"read\"}]"), "abis[0].allow" },
	{ OWN("\"abis\":[{\"abi\":\"x86_64\",\"allow\":{\"read\":1}}]"), "abis[0].allow" },
	{ OWN("\"abis\":[{\"abi\":\"x86_64\",\"soft\":1}]"), "abis[0].soft" },
	{ OWN("\"abis\":[{\"abi\":\"x86_64\",\"allow\":[1]}]"), "name" },
	{ OWN("\"abis\":[{\"abi\":\"x86_64\",\"allow\":[\"nocall\"]}]"), "'nocall'" },
	{ OWN("\"abis\":[{\"abi\":\"x86_64\",\"allow\":[\"read\"],\"soft\":[\"read\"]}]"),
	  "'read' is both" },
	{ OWN("\"errno\":0,\"abis\":[]"), "errno" },
	{ OWN("\"errno\":4096,\"abis\":[]"), "errno" },
	{ OWN("\"errno\":\"EPERM\",\"abis\":[]"), "errno" },
	{ OWN("\"action\":\"maim\",\"abis\":[]"), "'maim'" },
	{ OWN("\"action\":1,\"abis\":[]"), "action" },
	{ OWN2("\"more\":1"), "'more'" },
	{ OWN2("\"partial\":1"), "partial" },
	{ OWN2("\"partial\":true"), "partial" },
	{ OWN2("\"origins\":{}"), "origins" },
	{ OWN2("\"origins\":[{\"path\":1}]"), "origins[0]: path" },
	{ OWN2("\"origins\":[{\"path\":\"/a\",\"id\":-1}]"), "origins[0]: id" },
	{ OWN2("\"origins\":[{\"path\":\"/a\"},{\"path\":\"/a\"}]"), "origins[1]" },
	{ OWN2("\"origins\":[{\"path\":\"/a\",\"created\":\"2026-02-30T00:00:00.0Z\"}]"),
	  "created" },
	{ CALLS("{}"), "abis[0].calls[0]" },
	{ CALLS("{\"name\":\"nocall\",\"state\":\"allow\"}"), "'nocall'" },
	{ CALLS("{\"name\":\"read\",\"nr\":1,\"state\":\"allow\"}"), "number" },
	{ CALLS("{\"name\":\"nocall\",\"nr\":101,\"state\":\"allow\",\"reasons\":[" WHY "]}"),
	  "'nocall' is not the name of number 101, which is 'ptrace'" },
	{ CALLS("{\"nr\":576,\"state\":\"allow\"}"), "nr" },
	{ CALLS("{\"nr\":1.5,\"state\":\"allow\"}"), "nr" },
	{ CALLS("{\"name\":\"read\",\"state\":\"pass\"}"), "'pass'" },
	{ CALLS("{\"name\":\"read\",\"state\":\"allow\"}"), "no reasons" },
	{ CALLS("{\"name\":\"read\",\"state\":\"allow\",\"errno\":1,\"reasons\":[" WHY "]}"),
	  "only a call with the state refuse" },
	{ CALLS("{\"name\":\"read\",\"state\":\"refuse\",\"action\":\"errno\",\"reasons\":["
		WHY "]}"), "which errno" },
	{ CALLS("{\"name\":\"read\",\"state\":\"refuse\",\"action\":\"kill\",\"errno\":5,"
		"\"reasons\":[" WHY "]}"), "both the action kill and an errno" },
	{ CALLS(READ "," READ), "twice" },
	{ CALLS("{\"name\":\"read\",\"state\":\"allow\",\"reasons\":[{}]}"), "reasons[0]" },
	{ CALLS("{\"name\":\"read\",\"state\":\"allow\",\"reasons\":[{\"kind\":\"whim\"}]}"),
	  "'whim'" },
	{ CALLS("{\"name\":\"read\",\"state\":\"allow\",\"reasons\":[{\"kind\":\"file\","
		"\"origin\":1}]}"), "origin" },
	{ CALLS("{\"name\":\"read\",\"state\":\"allow\",\"reasons\":[{\"kind\":\"seen\","
		"\"comm\":\"abcdefghijklmnopq\"}]}"), "comm" },
	{ CALLS("{\"name\":\"read\",\"state\":\"allow\",\"reasons\":[{\"kind\":\"seen\","
		"\"first\":17}]}"), "first" },
	/* Lists. */
	{ "nocall\n", "'nocall'" },
	{ "read\nclose\nnocall # added\n", "'nocall'" },
	{ "read write\n", "'read'" },
	{ "read,write\n", "'read,write'" },
	{ "arm:read\n", "'arm:read'" },
	{ "i386:\n", "'i386:'" },
	{ ":read\n", "':read'" },
	{ "x86_64:i386:read\n", "'x86_64:i386:read'" },
	{ "i386:io_pgetevents_time32\n", "'i386:io_pgetevents_time32'" },
	{ "x86_64:socketcall\n", "'x86_64:socketcall'" },
	{ "9999\n", "'9999'" },
	{ "-1\n", "'-1'" },
	{ "breakpoint\n", "'breakpoint'" },
	{ "\357\273\277read\n", "byte order mark" },
	/* Nothing at all. */
	{ "", "empty" },
	{ "\n \t\r\n", "empty" },
};

TEST_F(profile, what_a_policy_cant_express_is_an_error_that_names_it)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_EQ(EXIT_FAILED, read_text(self, bad[i].text)) {
			TH_LOG("taken: %s", bad[i].text);
		}
		EXPECT_TRUE(explains(self, bad[i].thing)) {
			TH_LOG("%s: does not say '%s': %s", bad[i].text, bad[i].thing, self->said);
		}
		EXPECT_TRUE(wrote_nothing_odd(self->said)) {
			TH_LOG("%s", bad[i].text);
		}
	}
}

/* Cut anywhere, a profile is no shorter profile, but an error. */
TEST_F(profile, no_prefix_of_a_json_profile_is_one)
{
	static const char *const whole[] = {
		OCI_HEAD "\"defaultErrnoRet\":38,\"architectures\":[\"SCMP_ARCH_X86_64\"],"
			 "\"syscalls\":[" ALLOW("\"read\",\"write\"") "]}",
		OWN("\"action\":\"kill\",\"errno\":13,\"abis\":[{\"abi\":\"x86_64\",\"allow\":"
		    "[\"read\"],\"soft\":[\"clone3\"]}]"),
	};

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		for (size_t len = 1; len < strlen(whole[i]); len++) {
			ASSERT_EQ(EXIT_FAILED, read_bytes(self, whole[i], len)) {
				TH_LOG("%.*s", (int)len, whole[i]);
			}
			ASSERT_TRUE(explains(self, "not JSON"));
		}
		ASSERT_EQ(EXIT_DONE, read_text(self, whole[i]));
	}
}

/* Any byte in any place: read or refused, with one line, and no crash. */
TEST_F(profile, damaged_profiles_are_read_or_refused)
{
	static const char whole[] =
		OCI_HEAD "\"architectures\":[\"SCMP_ARCH_X86\"],\"syscalls\":["
		ALLOW("\"read\"") "]}";
	static const char bytes[] = "\0\x01\x1b\"{}[],:0\\\xff";

	for (size_t at = 0; at < sizeof(whole) - 1; at++) {
		for (size_t i = 0; i < sizeof(bytes) - 1; i++) {
			char text[sizeof(whole)];
			int ret;

			memcpy(text, whole, sizeof(text));
			text[at] = bytes[i];
			ret = read_bytes(self, text, sizeof(text) - 1);
			ASSERT_TRUE(ret == EXIT_DONE || ret == EXIT_FAILED);
			ASSERT_TRUE(ret == EXIT_DONE || explains(self, ""));
			ASSERT_TRUE(wrote_nothing_odd(self->said));
		}
	}
}

TEST_F(profile, what_could_drive_a_terminal_is_not_printed)
{
	static const char *const texts[] = {
		"\x1b[2Jread\n",
		"re\007ad\n",
		"\x7f\n",
		OCI(ALLOW("\"\\u001b[2J\\n\\rread\"")),
		OCI("{\"names\":[\"read\"],\"action\":\"\\u001b]0;x\\u0007\"}"),
		"{\"defaultAction\":\"\\u001b[31m\\nscmod: done\"}",
		OWN("\"abis\":[{\"abi\":\"\\u001b[2J\"}]"),
		OCI_HEAD "\"architectures\":[\"\\u001b[2J\"]}",
		"{\"format\":\"\\u001b[2J\"}",
		OWN("\"action\":\"\\u001b[2J\",\"abis\":[]"),
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		EXPECT_EQ(EXIT_FAILED, read_text(self, texts[i]));
		EXPECT_TRUE(explains(self, "?")) {
			TH_LOG("text %zu: %s", i, self->said);
		}
		EXPECT_TRUE(wrote_nothing_odd(self->said)) {
			TH_LOG("text %zu", i);
		}
	}
}

/* Characters that end a line, change its direction or control a terminal are replaced. */
TEST(printable_is_one_line_of_letters)
{
	static const char *const texts[][2] = {
		{ "a\nb\x1b[2J\x7f", "a?b?[2J?" },
		{ "a\xc2\x85z", "a??z" },
		{ "\xc2\x80\xc2\x9f", "????" },
		{ "\xe2\x80\xa8z", "???z" },
		{ "a\xe2\x80\xa9", "a???" },
		{ "\xe2\x80\xaa\xe2\x80\xae", "??????" },
		{ "\xe2\x81\xa6z\xe2\x81\xa9", "???z???" },
		/* Their neighbours are letters. */
		{ "\xc2\xa0\xc3\x84", "\xc2\xa0\xc3\x84" },
		{ "\xe2\x80\xa7\xe2\x80\xaf", "\xe2\x80\xa7\xe2\x80\xaf" },
		{ "\xe2\x81\xa5\xe2\x81\xaa", "\xe2\x81\xa5\xe2\x81\xaa" },
		/* Bytes that are no letter. A terminal without UTF-8 obeys 0x80 to 0x9f. */
		{ "\x80z\x9bm\x9f", "?z?m?" },
		{ "\xc2", "?" },
		{ "\xe2\x80", "??" },
		{ "\xc2\x9b\x9b\xc2\xff", "?????" },
		{ "\xc0\x9b", "??" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char text[32];

		snprintf(text, sizeof(text), "%s", texts[i][0]);
		EXPECT_STREQ(texts[i][1], printable(text)) {
			TH_LOG("text %zu", i);
		}
	}
}

/* json-c leaves DEL, U+0080 to U+009F and what turns text round as they are. */
TEST(json_escapes_what_drives_a_terminal)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	ASSERT_NE(NULL, to);
	out_start(to, true);
	out_object(NULL);
	out_string("comm", NULL, "\x1b\n\x7f\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0\xff\x9b\"z");
	out_string("path", NULL, "\xe2\x80\xa8\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xaf");
	out_object_end();
	fclose(to);
	EXPECT_NE(NULL, strstr(text, "\"\\u001b\\n\\u007f\\u0080\\u009b\\u009f\xc2\xa0??\\\"z\"")) {
		TH_LOG("%s", text);
	}
	EXPECT_NE(NULL, strstr(text, "\"\\u2028\\u202e\\u2066\xe2\x80\xaf\"")) {
		TH_LOG("%s", text);
	}
	free(text);
}

/* The same names as text for people. */
TEST(text_holds_nothing_that_drives_a_terminal)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	ASSERT_NE(NULL, to);
	out_start(to, false);
	out_string("comm", "<%s>", "\x1b\n\x7f\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0\x9b\xc3\x9b\"z");
	fclose(to);
	EXPECT_STREQ("<?????????\xc2\xa0?\xc3\x9b\"z>", text);
	free(text);
}

/* @count times @open, then nothing. */
static char *nested(const char *head, char open, size_t count)
{
	size_t len = strlen(head);
	char *text = malloc(len + count + 1);

	memcpy(text, head, len);
	memset(text + len, open, count);
	text[len + count] = '\0';
	return text;
}

TEST_F(profile, deep_nesting_is_an_error)
{
	static const char *const heads[] = { "", "{\"syscalls\":", OCI_HEAD "\"syscalls\":" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		char *text = nested(heads[i], '[', 1000000);

		EXPECT_EQ(EXIT_FAILED, read_text(self, text));
		EXPECT_TRUE(explains(self, "nesting")) {
			TH_LOG("%s", self->said);
		}
		free(text);
	}
}

TEST_F(profile, size_is_bounded)
{
	static const char head[] = OCI_HEAD "\"syscalls\":[{\"names\":[\"";
	size_t most = 4 * 1024 * 1024;
	char *text = malloc(most + 1);

	memset(text, '\n', most + 1);
	memcpy(text, "read", 4);
	EXPECT_EQ(EXIT_DONE, read_bytes(self, text, most));
	EXPECT_STREQ("x86_64:read", names_in(self->profile, PROFILE_ALLOW));
	EXPECT_EQ(EXIT_FAILED, read_bytes(self, text, most + 1));
	EXPECT_TRUE(explains(self, strerror(EFBIG)));
	/* A name that long, in either form. */
	memset(text, 'a', most);
	EXPECT_EQ(EXIT_FAILED, read_bytes(self, text, most));
	EXPECT_TRUE(explains(self, "aaaa"));
	memcpy(text, head, strlen(head));
	memcpy(text + most - 6, "\"]}]}", 5);
	EXPECT_EQ(EXIT_FAILED, read_bytes(self, text, most - 1));
	EXPECT_TRUE(explains(self, "aaaa"));
	free(text);
}

/* Each of these is compared with all before it; without a bound, that would take hours. */
TEST_F(profile, origins_and_reasons_are_bounded)
{
	static const struct {
		const char *head;
		const char *element;
		const char *tail;
		const char *thing;
	} want[] = {
		{ "{\"format\":\"scmod-profile-3\",\"abis\":[],\"origins\":[", "{\"file\":\"%u\"}",
		  "]}", "origins[10000]: the profile has more than 10000 origins" },
		{ "{\"format\":\"scmod-profile-3\",\"abis\":[{\"abi\":\"x86_64\",\"calls\":["
		  "{\"name\":\"read\",\"state\":\"allow\",\"reasons\":[",
		  "{\"kind\":\"file\",\"text\":\"%u\"}", "]}]}]}",
		  "abis[0].calls[0].reasons[10000]: there are more than 10000 reasons" },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		for (unsigned int count = 10000; count <= 10001; count++) {
			size_t size;
			char *text;
			FILE *to = open_memstream(&text, &size);

			fputs(want[i].head, to);
			for (unsigned int j = 0; j < count; j++) {
				fputs(j ? "," : "", to);
				fprintf(to, want[i].element, j);
			}
			fputs(want[i].tail, to);
			fclose(to);
			EXPECT_EQ(count == 10000 ? EXIT_DONE : EXIT_FAILED,
				  read_bytes(self, text, size));
			EXPECT_TRUE(count == 10000 || explains(self, want[i].thing)) {
				TH_LOG("%s", self->said);
			}
			free(text);
		}
	}
}

TEST_F(profile, endless_file)
{
	EXPECT_EQ(EXIT_FAILED, read_path("/dev/zero", NULL, &self->profile, self->said,
					 sizeof(self->said)));
	EXPECT_NE(NULL, strstr(self->said, "--profile /dev/zero: "));
}

TEST_F(profile, files_that_cant_be_read)
{
	EXPECT_EQ(EXIT_FAILED, read_path(self->path, &self->options, &self->profile, self->said,
					 sizeof(self->said)));
	EXPECT_TRUE(explains(self, strerror(ENOENT)));
	ASSERT_EQ(0, mkdir(self->path, 0700));
	EXPECT_EQ(EXIT_FAILED, read_path(self->path, &self->options, &self->profile, self->said,
					 sizeof(self->said)));
	EXPECT_TRUE(explains(self, strerror(EISDIR)));
	ASSERT_EQ(0, rmdir(self->path));
	ASSERT_EQ(0, symlink("profile", self->path));
	EXPECT_EQ(EXIT_FAILED, read_path(self->path, &self->options, &self->profile, self->said,
					 sizeof(self->said)));
	EXPECT_TRUE(explains(self, strerror(ELOOP)));
}

/* ---- names on the command line and in lists */

TEST(call_names_an_abi_or_means_x86_64)
{
	static const struct {
		const char *text;
		int nr;
		unsigned int abi;
	} want[] = {
		{ "read", SYS_read, SCMOD_ABI_X86_64 },
		{ "x86_64:read", SYS_read, SCMOD_ABI_X86_64 },
		{ "i386:read", 3, SCMOD_ABI_I386 },
		{ "i386:socketcall", 102, SCMOD_ABI_I386 },
		{ "x32:read", 0, SCMOD_ABI_X32 },
		/* A call that has another number in x32. */
		{ "x32:execve", 520, SCMOD_ABI_X32 },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		unsigned int abi = NR_ABIS;

		EXPECT_EQ(want[i].nr, sysname_parse(want[i].text, &abi)) {
			TH_LOG("%s", want[i].text);
		}
		EXPECT_EQ(want[i].abi, abi);
	}
}

TEST(call_that_is_none)
{
	static const char *const texts[] = {
		"", ":", "read:", ":read", "x86_64:", "x86_64", "i386:i386:read", "X86_64:read",
		"x86:read", "x86_64 :read", "socketcall", "x32:socketcall", "9999", "-1", "read\n",
		"99999999999999999999", "_llseek",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		unsigned int abi;

		EXPECT_GT(0, sysname_parse(texts[i], &abi)) {
			TH_LOG("'%s'", texts[i]);
		}
	}
}

TEST_HARNESS_MAIN
