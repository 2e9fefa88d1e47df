// SPDX-License-Identifier: GPL-2.0
/*
 * The floor: what the built-in one allows and refuses, with and without capabilities; what it
 * takes from what was inferred, and what it leaves; the capabilities of processes.
 *
 * vm: host
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "calls/caps.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "floor/floor.h"
#include "floor/held.h"
#include "kselftest_harness.h"
#include "read/reader.h"

#define PODMAN "/usr/share/containers/seccomp.json"

FIXTURE(floors)
{
	struct floor *floor;
	struct profile *profile;
};

FIXTURE_SETUP(floors)
{
	self->profile = profile_new();
	profile_add_origin(self->profile, &(struct profile_origin){ .path = "/x", .id = 1 });
}

FIXTURE_TEARDOWN(floors)
{
	floor_free(self->floor);
	profile_free(self->profile);
}

static uint64_t caps_of(const char *names)
{
	char bad[64];
	uint64_t caps = 0;

	return caps_parse(names, &caps, bad) ? caps : 0;
}

static bool refused(const struct floor *floor, const char *call)
{
	unsigned int abi;
	int nr = sysname_parse(call, &abi);
	char *why = nr < 0 ? NULL : floor_refusal(floor, abi, nr);
	bool is_refused = why;

	free(why);
	return is_refused;
}

static enum profile_state state_of(const struct profile *profile, const char *call)
{
	unsigned int abi;
	int nr = sysname_parse(call, &abi);

	return nr < 0 ? PROFILE_SILENT : profile_at(profile, abi, nr)->state;
}

static void allow(struct profile *profile, enum reason_kind kind, const char *call)
{
	unsigned int abi;
	int nr = sysname_parse(call, &abi);

	profile_allow(profile, abi, nr, kind, "because");
}

TEST_F(floors, none)
{
	ASSERT_EQ(EXIT_DONE, floor_read("test", "none", 0, &self->floor));
	EXPECT_EQ(NULL, self->floor);
	EXPECT_NE(EXIT_DONE, floor_read("test", "/no/such/file", 0, &self->floor));
	EXPECT_EQ(NULL, self->floor);
}

TEST_F(floors, default_refuses)
{
	static const char *const never[] = {
		"io_uring_setup", "kexec_load", "userfaultfd", "vmsplice", "i386:vm86", "add_key",
		"keyctl", "pivot_root", "swapon", "i386:uselib", NULL,
	};
	static const char *const always[] = {
		"read", "openat", "socket", "clone", "x32:read", "i386:socketcall", "ptrace",
		"personality", "futex", NULL,
	};

	ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, caps_of(FLOOR_CAPS), &self->floor));
	for (size_t i = 0; never[i]; i++) {
		EXPECT_TRUE(refused(self->floor, never[i])) {
			TH_LOG("%s passes", never[i]);
		}
	}
	for (size_t i = 0; always[i]; i++) {
		EXPECT_FALSE(refused(self->floor, always[i])) {
			TH_LOG("%s is refused", always[i]);
		}
	}
}

TEST_F(floors, capabilities_count)
{
	static const struct {
		const char *call;
		const char *cap;
	} needs[] = {
		{ "chroot", "CAP_SYS_CHROOT" }, { "mount", "CAP_SYS_ADMIN" },
		{ "unshare", "CAP_SYS_ADMIN" }, { "clone3", "CAP_SYS_ADMIN" },
		{ "open_by_handle_at", "CAP_DAC_READ_SEARCH" }, { "iopl", "CAP_SYS_RAWIO" },
		{ "i386:stime", "CAP_SYS_TIME" },
	};

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, 0, &self->floor));
		EXPECT_TRUE(refused(self->floor, needs[i].call)) {
			TH_LOG("%s passes without", needs[i].call);
		}
		floor_free(self->floor);
		ASSERT_EQ(EXIT_DONE, floor_read("test", "default", caps_of(needs[i].cap),
						&self->floor));
		EXPECT_FALSE(refused(self->floor, needs[i].call)) {
			TH_LOG("%s is refused with it", needs[i].call);
		}
		floor_free(self->floor);
		self->floor = NULL;
	}
}

TEST_F(floors, why)
{
	unsigned int abi;
	int nr = sysname_parse("mount", &abi);
	char *why;

	ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, 0, &self->floor));
	why = floor_refusal(self->floor, abi, nr);
	EXPECT_STREQ("Docker's default profile refuses it without CAP_SYS_ADMIN", why);
	free(why);
	nr = sysname_parse("open_by_handle_at", &abi);
	why = floor_refusal(self->floor, abi, nr);
	EXPECT_STREQ("Podman's default profile refuses it without CAP_DAC_READ_SEARCH", why);
	free(why);
}

/* The calls that pass; each that @installed refuses must not. */
static unsigned int count_passed(struct __test_metadata *_metadata, const struct floor *floor,
				 const struct profile *installed, unsigned int abi)
{
	unsigned int passed = 0;

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		char *why = sysname(abi, nr) ? floor_refusal(floor, abi, nr) : NULL;

		passed += sysname(abi, nr) && !why;
		if (sysname(abi, nr) && !profile_allows(installed, abi, nr)) {
			EXPECT_NE(NULL, why) {
				TH_LOG("%s passes", sysname(abi, nr));
			}
		}
		free(why);
	}
	return passed;
}

/* The installed profile, read by the reader of profiles, allows each call that passes the floor. */
TEST_F(floors, installed)
{
	static const char *const sets[] = { "", FLOOR_CAPS, "ALL", "CAP_SYS_ADMIN,CAP_BPF" };

	if (access(PODMAN, R_OK))
		SKIP(return, "there is no " PODMAN);
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct reader_options options = { READER_ARGS_WIDEN, caps_of(sets[i]) };
		struct messages messages = { 0 };
		struct profile *installed;
		unsigned int passed = 0;

		ASSERT_EQ(EXIT_DONE, profile_read(PODMAN, &options, &messages, &installed));
		messages_release(&messages);
		ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, options.caps, &self->floor));
		for (unsigned int abi = 0; abi < NR_ABIS; abi++)
			passed += count_passed(_metadata, self->floor, installed, abi);
		EXPECT_GT(passed, 800);
		floor_free(self->floor);
		self->floor = NULL;
		profile_free(installed);
	}
}

TEST_F(floors, only_what_is_new_and_inferred)
{
	static const enum reason_kind inferred[] = {
		REASON_FAMILY, REASON_IMPORT, REASON_RUNTIME, REASON_BASE,
	};
	struct floor_before before;

	ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, 0, &self->floor));
	allow(self->profile, REASON_HAND, "mount");
	allow(self->profile, REASON_FAMILY, "umount2");
	floor_note(&before, self->profile);
	for (size_t i = 0; i < sizeof(inferred) / sizeof(inferred[0]); i++) {
		allow(self->profile, inferred[i], "unshare");
		allow(self->profile, inferred[i], "read");
		floor_hold(self->floor, self->profile, &before);
		EXPECT_EQ(PROFILE_SILENT, state_of(self->profile, "unshare"));
		EXPECT_EQ(PROFILE_ALLOW, state_of(self->profile, "read"));
		EXPECT_EQ(PROFILE_ALLOW, state_of(self->profile, "mount"));
		EXPECT_EQ(PROFILE_ALLOW, state_of(self->profile, "umount2"));
	}
	floor_forget(&before);
	EXPECT_NE(NULL, profile_reason(self->profile, SCMOD_ABI_X86_64,
				       sysname_number(SCMOD_ABI_X86_64, "unshare"), REASON_FLOOR));
}

TEST_F(floors, seen_beyond)
{
	struct reason seen = { .kind = REASON_SEEN };
	char *list;

	ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, 0, &self->floor));
	EXPECT_EQ(NULL, floor_beyond(self->floor, self->profile, true));
	profile_set(self->profile, SCMOD_ABI_X86_64, sysname_number(SCMOD_ABI_X86_64, "bpf"),
		    PROFILE_ALLOW, 0);
	profile_add_reason(self->profile, SCMOD_ABI_X86_64,
			   sysname_number(SCMOD_ABI_X86_64, "bpf"), &seen);
	list = floor_beyond(self->floor, self->profile, true);
	EXPECT_STREQ("bpf", list);
	free(list);
}

static bool value_refused(const struct floor *floor, const char *text)
{
	struct scmod_value_rule rule;
	unsigned int selector;
	char *fault = value_parse(text, &selector, &rule), *why;

	if (fault)
		return !*text;
	why = floor_value_refusal(floor, selector, &rule);
	free(why);
	return why;
}

TEST_F(floors, values)
{
	static const char *const refused_values[] = {
		"socket(AF_ALG)", "socket(AF_ALG,SOCK_SEQPACKET,0)", "socket(AF_VSOCK,SOCK_STREAM)",
		"socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)", "clone(CLONE_NEWUSER)",
		"clone(CLONE_NEWNS|CLONE_NEWPID)", "personality(0x0040000)", NULL,
	};
	static const char *const allowed_values[] = {
		"socket(AF_INET,SOCK_STREAM)", "socket(AF_UNIX)", "clone(0)", "personality(0)",
		"socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)", "personality(0xffffffff)",
		"ioctl(TIOCSTI)", "prctl(PR_SET_NAME)", NULL,
	};

	ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, caps_of(FLOOR_CAPS), &self->floor));
	for (size_t i = 0; refused_values[i]; i++) {
		EXPECT_TRUE(value_refused(self->floor, refused_values[i])) {
			TH_LOG("%s passes", refused_values[i]);
		}
	}
	for (size_t i = 0; allowed_values[i]; i++) {
		EXPECT_FALSE(value_refused(self->floor, allowed_values[i])) {
			TH_LOG("%s is refused", allowed_values[i]);
		}
	}
	floor_free(self->floor);
	ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, caps_of("CAP_SYS_ADMIN,CAP_AUDIT_WRITE"),
					&self->floor));
	EXPECT_FALSE(value_refused(self->floor, "clone(CLONE_NEWUSER)"));
	EXPECT_FALSE(value_refused(self->floor, "socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)"));
	EXPECT_TRUE(value_refused(self->floor, "socket(AF_ALG)"));
}

static bool has_value(const struct profile *profile, const char *text)
{
	struct scmod_value_rule rule;
	unsigned int selector;
	char *fault = value_parse(text, &selector, &rule);

	free(fault);
	return !fault && values_allow(&profile->values[selector], &rule);
}

/* Whether a reason of that kind contains @text. */
static bool says(const struct profile *profile, const char *name, enum reason_kind kind,
		 const char *text)
{
	unsigned int abi;
	int nr = sysname_parse(name, &abi);
	const struct profile_call *call = profile_at(profile, abi, nr);

	for (size_t i = 0; i < call->nr_reasons; i++)
		if (call->reason[i].kind == kind && call->reason[i].text &&
		    strstr(call->reason[i].text, text))
			return true;
	return false;
}

static void add_value(struct profile *profile, enum reason_kind kind, const char *text)
{
	const struct reason reason = { .kind = kind, .text = (char *)"because" };
	struct scmod_value_rule rule;
	unsigned int selector;
	char *fault = value_parse(text, &selector, &rule);

	free(fault);
	values_list(&profile->values[selector]);
	values_add(&profile->values[selector], selector, &rule, &reason);
}

TEST_F(floors, values_that_are_inferred)
{
	struct floor_before before;
	char *list;

	ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, caps_of(FLOOR_CAPS), &self->floor));
	allow(self->profile, REASON_SEEN, "socket");
	add_value(self->profile, REASON_SEEN, "socket(AF_VSOCK,SOCK_STREAM,0)");
	floor_note(&before, self->profile);
	add_value(self->profile, REASON_FAMILY, "socket(AF_ALG,SOCK_SEQPACKET,0)");
	add_value(self->profile, REASON_FAMILY, "socket(AF_INET,SOCK_STREAM,0)");
	allow(self->profile, REASON_IMPORT, "clone");
	floor_hold(self->floor, self->profile, &before);
	floor_forget(&before);
	EXPECT_TRUE(has_value(self->profile, "socket(AF_VSOCK,SOCK_STREAM,0)"));
	EXPECT_TRUE(has_value(self->profile, "socket(AF_INET,SOCK_STREAM,0)"));
	EXPECT_FALSE(has_value(self->profile, "socket(AF_ALG,SOCK_SEQPACKET,0)"));
	EXPECT_TRUE(says(self->profile, "socket", REASON_FLOOR, "socket(AF_ALG,SOCK_SEQPACKET,0): "
			 "Docker's default profile refuses it (evidence: because)"));
	EXPECT_FALSE(says(self->profile, "socket", REASON_FLOOR, "AF_INET"));
	/* Nothing was said about the values of clone, which is allowed. */
	EXPECT_TRUE(has_value(self->profile, "clone(0)"));
	EXPECT_FALSE(has_value(self->profile, "clone(CLONE_NEWUSER)"));
	list = floor_beyond(self->floor, self->profile, true);
	EXPECT_STREQ("socket(AF_VSOCK,SOCK_STREAM,0)", list);
	free(list);
}

TEST_F(floors, any_value_is_beyond)
{
	char *list;

	ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, caps_of(FLOOR_CAPS), &self->floor));
	allow(self->profile, REASON_FILE, "socket");
	allow(self->profile, REASON_FILE, "ioctl");
	list = floor_beyond(self->floor, self->profile, false);
	EXPECT_STREQ("socket(*)", list);
	free(list);
}

/* socket is inferred, and nothing is said: what either part refuses stays refused. */
TEST_F(floors, sockets_of_both_parts)
{
	struct floor_before before;

	ASSERT_EQ(EXIT_DONE, floor_read("test", NULL, caps_of(FLOOR_CAPS), &self->floor));
	floor_note(&before, self->profile);
	allow(self->profile, REASON_IMPORT, "socket");
	floor_hold(self->floor, self->profile, &before);
	floor_forget(&before);
	EXPECT_TRUE(has_value(self->profile, "socket(AF_INET)"));
	EXPECT_FALSE(has_value(self->profile, "socket(AF_ALG)"));
	EXPECT_FALSE(has_value(self->profile, "socket(AF_VSOCK)"));
	EXPECT_FALSE(has_value(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_AUDIT)"));
	EXPECT_TRUE(has_value(self->profile, "socket(AF_NETLINK,SOCK_RAW,NETLINK_ROUTE)"));
}

TEST(held)
{
	static const char status[] = "Name:\tx\nCapInh:\tffff\nCapPrm:\t0000000000000003\n"
		"CapEff:\t0000000000000001\nCapBnd:\t0000000000000ff8\nCapAmb:\tffff\n";
	struct held held = { 0 };

	EXPECT_EQ(0x77, held_caps(&held, 0x77));
	held_add(&held, status);
	/* What the process has; and of the usual, what it may get. */
	EXPECT_EQ(0x3 | (0x77 & 0xff8), held_caps(&held, 0x77));
	held_add(&held, "Name:\ty\nCapPrm:\t0000000000200000\n");
	EXPECT_EQ(0x200003 | (0x77 & 0xff8), held_caps(&held, 0x77));
}

TEST_HARNESS_MAIN
