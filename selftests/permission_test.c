// SPDX-License-Identifier: GPL-2.0
/*
 * Who may send requests to the module: the sender and the process that opened the socket
 * need CAP_SYS_ADMIN in the initial user namespace, and a task in an enforced cgroup may
 * change nothing.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/capability.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

#define CAPS(cap) (1ULL << (cap))

static struct msg m;

static int caps_set(uint64_t caps)
{
	struct __user_cap_header_struct hdr = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ .effective = caps, .permitted = caps },
		{ .effective = caps >> 32, .permitted = caps >> 32 },
	};

	return syscall(SYS_capset, &hdr, data);
}

static int nobody_with(uint64_t caps)
{
	if (prctl(PR_SET_KEEPCAPS, 1) || become_nobody())
		return -1;
	/* Being dumpable makes the files in /proc/self writable for this user again. */
	return caps_set(caps) || prctl(PR_SET_DUMPABLE, 1);
}

static int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t len = write(fd, text, strlen(text));

	close(fd);
	return len < 0;
}

static int root_in_new(int namespaces)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %d 1", (int)getuid());
	return unshare(CLONE_NEWUSER | namespaces) ||
	       file_write("/proc/self/setgroups", "deny") ||
	       file_write("/proc/self/uid_map", map);
}

static int nobody(void)
{
	return nobody_with(0);
}

static int net_admin(void)
{
	return nobody_with(CAPS(CAP_NET_ADMIN));
}

static int all_but_sys_admin(void)
{
	return caps_set(((CAPS(CAP_LAST_CAP) << 1) - 1) & ~CAPS(CAP_SYS_ADMIN));
}

static int sys_admin(void)
{
	return nobody_with(CAPS(CAP_SYS_ADMIN));
}

static int userns_root(void)
{
	return root_in_new(0);
}

static int userns_netns_root(void)
{
	return root_in_new(CLONE_NEWNET);
}

static int nobodys_userns_root(void)
{
	return nobody() || root_in_new(0);
}

static int nobodys_userns_netns_root(void)
{
	return nobody() || root_in_new(CLONE_NEWNET);
}

static int netns_root(void)
{
	return unshare(CLONE_NEWNET);
}

static int root(void)
{
	return 0;
}

/* The socket is opened as user nobody; then the process becomes root again. */
static int nobody_for_a_while(void)
{
	return seteuid(NOBODY);
}

enum command { STATUS, GET, DUMP, LISTEN, SET_ID, SET_FD, CONFIRM, FORGET, COMMANDS };

static const char *const command_names[] = {
	"STATUS", "GET", "GET dump", "LISTEN", "SET by ID", "SET by FD", "CONFIRM", "FORGET",
};

/* What a process got, in memory that it shares with the test. */
struct got {
	bool ready;
	int resolve;
	int err[COMMANDS];
	unsigned int messages[COMMANDS];
	char text[COMMANDS][256];
	unsigned int own;
};

FIXTURE(who)
{
	struct cg witness, fresh, guard, below;
	struct genl nl;
	struct got *got;
	struct answer before, after;
};

/*
 * @become: what the process turns into. The socket is opened after that, or, if
 * @opened_before, as root. @guard: mode of a policy above the process; @below:
 * it is in a cgroup below that. @read, @change: the errors to come, 0 if it may.
 * @text: of a refusal; NULL if it is the core's.
 */
FIXTURE_VARIANT(who)
{
	int (*become)(void);
	int (*back)(void);
	bool opened_before;
	int guard;
	bool below;
	int read, change;
	const char *text;
};

#define NO_CAP	"CAP_SYS_ADMIN"
#define REFUSED	.read = -EPERM, .change = -EPERM, .text = NO_CAP
#define UNKNOWN	.read = -ENOENT, .change = -ENOENT, .text = NULL

FIXTURE_VARIANT_ADD(who, nobody) { .become = nobody, REFUSED };
FIXTURE_VARIANT_ADD(who, net_admin_only) { .become = net_admin, REFUSED };
FIXTURE_VARIANT_ADD(who, all_but_sys_admin) {
	.become = all_but_sys_admin, REFUSED };
FIXTURE_VARIANT_ADD(who, userns_root) { .become = userns_root, REFUSED };
FIXTURE_VARIANT_ADD(who, nobodys_userns_root) {
	.become = nobodys_userns_root, REFUSED };
/* In another network namespace there is no such family, whoever asks. */
FIXTURE_VARIANT_ADD(who, netns_root) { .become = netns_root, UNKNOWN };
FIXTURE_VARIANT_ADD(who, userns_netns_root) { .become = userns_netns_root, UNKNOWN };
FIXTURE_VARIANT_ADD(who, nobodys_userns_netns_root) {
	.become = nobodys_userns_netns_root, UNKNOWN };
/* With a socket of the initial namespaces that root opened. */
FIXTURE_VARIANT_ADD(who, nobody_with_roots_socket) {
	.become = nobody, .opened_before = true, REFUSED };
FIXTURE_VARIANT_ADD(who, net_admin_with_roots_socket) {
	.become = net_admin, .opened_before = true, REFUSED };
FIXTURE_VARIANT_ADD(who, userns_root_with_roots_socket) {
	.become = userns_root, .opened_before = true, REFUSED };
FIXTURE_VARIANT_ADD(who, userns_netns_root_with_roots_socket) {
	.become = userns_netns_root, .opened_before = true, REFUSED };
FIXTURE_VARIANT_ADD(who, root_with_nobodys_socket) {
	.become = nobody_for_a_while, .back = root, REFUSED };
FIXTURE_VARIANT_ADD(who, root_under_enforcement) {
	.become = root, .guard = SCMOD_MODE_ENFORCE, .change = -EPERM, .text = "enforcing" };
FIXTURE_VARIANT_ADD(who, root_below_enforcement) {
	.become = root, .guard = SCMOD_MODE_ENFORCE, .below = true, .change = -EPERM,
	.text = "enforcing" };
FIXTURE_VARIANT_ADD(who, root_under_enforcement_with_roots_socket) {
	.become = root, .opened_before = true, .guard = SCMOD_MODE_ENFORCE, .change = -EPERM,
	.text = "enforcing" };
FIXTURE_VARIANT_ADD(who, userns_root_under_enforcement) {
	.become = userns_root, .guard = SCMOD_MODE_ENFORCE, REFUSED };
/* Senders with the right must succeed, or the refusals above would prove nothing. */
FIXTURE_VARIANT_ADD(who, root) { .become = root };
FIXTURE_VARIANT_ADD(who, sys_admin_only) { .become = sys_admin };
FIXTURE_VARIANT_ADD(who, root_under_complaint) {
	.become = root, .guard = SCMOD_MODE_COMPLAIN };
FIXTURE_VARIANT_ADD(who, root_under_learning) { .become = root, .guard = SCMOD_MODE_LEARN };

static int dump_one(struct genl *nl, uint64_t id, struct answer *a)
{
	msg_begin(&m, nl->family, NLM_F_DUMP, SCMOD_CMD_GET);
	msg_put_u64(&m, SCMOD_A_POLICY_ID, id);
	msg_put(&m, SCMOD_A_POLICY_WANT_RECORDS, NULL, 0);
	genl_ask(nl, &m, a);
	return a->err;
}

FIXTURE_SETUP(who)
{
	struct abi_sets all[NR_ABIS];

	ASSERT_EQ(0, genl_socket(&self->nl));
	ASSERT_EQ(0, genl_resolve(&self->nl, &m));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->witness, NULL, "permission-witness"));
	ASSERT_EQ(0, cg_make(&self->fresh, NULL, "permission-fresh"));
	ASSERT_EQ(0, cg_make(&self->guard, NULL, "permission-guard"));
	ASSERT_EQ(0, cg_make(&self->below, &self->guard, "below"));
	ASSERT_EQ(0, set_mode(&self->witness, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, dump_one(&self->nl, self->witness.id, &self->before));
	if (variant->guard == SCMOD_MODE_ENFORCE) {
		memset(all, 0xff, sizeof(all));
		ASSERT_EQ(0, set_enforce(&self->guard, all, SCMOD_ACTION_ERRNO, EPERM));
	} else if (variant->guard) {
		ASSERT_EQ(0, set_mode(&self->guard, variant->guard));
	}
	self->got = shared_new(sizeof(*self->got));
	ASSERT_NE(NULL, self->got);
}

FIXTURE_TEARDOWN(who)
{
	EXPECT_EQ(0, drop_policy(self->witness.id));
	EXPECT_EQ(0, drop_policy(self->fresh.id));
	EXPECT_EQ(0, drop_policy(self->guard.id));
	EXPECT_EQ(0, cg_remove(&self->witness));
	EXPECT_EQ(0, cg_remove(&self->fresh));
	EXPECT_EQ(0, cg_remove(&self->below));
	EXPECT_EQ(0, cg_remove(&self->guard));
}

static void command_build(enum command command, const struct genl *nl, uint64_t id, int fd)
{
	static const uint8_t cmd[] = {
		SCMOD_CMD_STATUS, SCMOD_CMD_GET, SCMOD_CMD_GET, SCMOD_CMD_LISTEN,
		SCMOD_CMD_SET, SCMOD_CMD_SET, SCMOD_CMD_CONFIRM, SCMOD_CMD_FORGET,
	};

	msg_begin(&m, nl->family, command == DUMP ? NLM_F_DUMP : 0, cmd[command]);
	if (command == GET || command == SET_ID || command == CONFIRM || command == FORGET)
		msg_put_u64(&m, SCMOD_A_POLICY_ID, id);
	if (command == SET_FD)
		msg_put_u32(&m, SCMOD_A_POLICY_FD, fd);
	if (command == SET_ID || command == SET_FD)
		msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_OFF);
}

/*
 * Try each mode, to confirm, and to forget, on the policy that the process itself is under.
 * Returns how many were refused.
 */
static unsigned int ask_own(struct genl *nl, uint64_t own)
{
	struct answer a = { 0 };
	unsigned int refused = 0;

	for (int mode = 0; mode <= SCMOD_MODE_MAX; mode++) {
		msg_begin(&m, nl->family, 0, SCMOD_CMD_SET);
		msg_put_u64(&m, SCMOD_A_POLICY_ID, own);
		msg_put_u32(&m, SCMOD_A_POLICY_MODE, mode);
		genl_ask(nl, &m, &a);
		refused += a.err == -EPERM && a.text[0];
	}
	msg_begin(&m, nl->family, 0, SCMOD_CMD_CONFIRM);
	msg_put_u64(&m, SCMOD_A_POLICY_ID, own);
	genl_ask(nl, &m, &a);
	refused += a.err == -EPERM && a.text[0];
	msg_begin(&m, nl->family, 0, SCMOD_CMD_FORGET);
	msg_put_u64(&m, SCMOD_A_POLICY_ID, own);
	genl_ask(nl, &m, &a);
	return refused + (a.err == -EPERM && a.text[0]);
}

/* The process that asks. */
static void ask_all(FIXTURE_DATA(who) *self, const FIXTURE_VARIANT(who) *variant)
{
	struct got *got = self->got;
	struct genl nl = self->nl;
	struct answer a = { 0 };

	if (variant->become())
		_exit(1);
	if (!variant->opened_before && genl_socket(&nl))
		_exit(2);
	if (variant->back && (seteuid(0) || variant->back()))
		_exit(3);
	got->resolve = genl_resolve(&nl, &m);
	/* A refused sender could guess the family's number, so use the right one. */
	nl.family = self->nl.family;
	for (int i = 0; i < COMMANDS; i++) {
		command_build(i, &nl, self->witness.id, self->fresh.fd);
		genl_ask(&nl, &m, &a);
		got->err[i] = a.err;
		got->messages[i] = a.messages;
		strcpy(got->text[i], a.text);
	}
	if (variant->guard == SCMOD_MODE_ENFORCE)
		got->own = ask_own(&nl, self->guard.id);
	got->ready = true;
	_exit(0);
}

static pid_t start(FIXTURE_DATA(who) *self, const FIXTURE_VARIANT(who) *variant)
{
	pid_t pid;

	if (variant->guard)
		pid = cg_fork(variant->below ? &self->below : &self->guard);
	else
		pid = fork();
	if (!pid)
		ask_all(self, variant);
	return pid;
}

/* Every sender can resolve the family, except in network namespaces without it. */
static void check_answers(struct __test_metadata *_metadata, const struct got *got,
			  const FIXTURE_VARIANT(who) *variant)
{
	EXPECT_EQ(variant->read == -ENOENT ? -ENOENT : 0, got->resolve);
	EXPECT_EQ(variant->guard == SCMOD_MODE_ENFORCE ? SCMOD_MODE_MAX + 3 : 0, (int)got->own);
	for (int i = 0; i < COMMANDS; i++) {
		int want = i < SET_ID ? variant->read : variant->change;

		/* Who may confirm is told that nothing waits for that. */
		if (i == CONFIRM && !want) {
			EXPECT_EQ(-EALREADY, got->err[i]);
			continue;
		}

		EXPECT_EQ(want, got->err[i]) {
			TH_LOG("%s: '%s'", command_names[i], got->text[i]);
		}
		if (want) {
			EXPECT_EQ(0, got->messages[i]);
		}
		/* Older kernels drop the error text if a dump is refused at its start. */
		if (i == DUMP && want && !got->text[i][0])
			continue;
		EXPECT_EQ(!want || !variant->text, !got->text[i][0]) {
			TH_LOG("%s: '%s'", command_names[i], got->text[i]);
		}
		if (want && variant->text) {
			EXPECT_NE(NULL, strstr(got->text[i], variant->text)) {
				TH_LOG("%s: '%s'", command_names[i], got->text[i]);
			}
		}
	}
}

static void check_unchanged(struct __test_metadata *_metadata, FIXTURE_DATA(who) *self,
			    const FIXTURE_VARIANT(who) *variant)
{
	struct policy policy;

	EXPECT_EQ(0, dump_one(&self->nl, self->witness.id, &self->after));
	EXPECT_TRUE(answer_equal(&self->before, &self->after));
	EXPECT_EQ(-ENOENT, get_policy(self->fresh.id, &policy));
	if (!variant->guard)
		return;
	ASSERT_EQ(0, get_policy(self->guard.id, &policy));
	EXPECT_EQ(variant->guard, (int)policy.mode);
	policy_release(&policy);
}

TEST_F(who, may_ask_and_change_what_they_may_and_no_more)
{
	struct policy policy;
	int status;
	pid_t pid;

	pid = start(self, variant);
	ASSERT_LT(0, pid);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, status);
	ASSERT_TRUE(self->got->ready);
	check_answers(_metadata, self->got, variant);
	if (variant->change) {
		check_unchanged(_metadata, self, variant);
		return;
	}
	EXPECT_EQ(-ENOENT, get_policy(self->witness.id, &policy));
	EXPECT_EQ(0, get_policy(self->fresh.id, &policy));
	policy_release(&policy);
}

TEST_HARNESS_MAIN
