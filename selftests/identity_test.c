// SPDX-License-Identifier: GPL-2.0
/*
 * A policy is its cgroup's, and no other's: a cgroup v1 directory that has the same
 * id, which is its inode number, is neither the policy's cgroup when it is removed nor
 * when it is named.
 *
 * Ids of a hierarchy are counted up, by one for each directory and each file in it. In
 * a fresh named hierarchy they begin at 1, so it is known which ids its directories
 * will get, and v2 cgroups are made until one has such an id. Where both count in steps
 * that never meet, a controller's files that come and go shift the ids of v2. In a VM
 * where other tests have made thousands of cgroups, the ids of v2 are too far ahead.
 *
 * vm: --mem 2048
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

#define V1_BEFORE	"/run/scmod-v1-before"
#define V1_AFTER	"/run/scmod-v1-after"
/* The uid that a v1 directory is delegated to. */
#define USER		1000
/* More directories than are needed to come past an id. */
#define DIRS_MOST	4000
#define CGROUPS_MOST	64

static struct msg m;

static uint64_t inode(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_ino;
}

static int v1_mount(const char *at)
{
	char options[128];

	snprintf(options, sizeof(options), "none,name=%s", strrchr(at, '/') + 1);
	if (mkdir(at, 0755) && errno != EEXIST)
		return -errno;
	return mount("none", at, "cgroup", 0, options) ? -errno : 0;
}

static void v1_unmount(const char *at)
{
	sh("find %s -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null; umount %s 2>/dev/null; "
	   "rmdir %s 2>/dev/null", at, at, at);
}

/* The ids that the next directories in a hierarchy will get: @first, @first + @stride, ... */
struct ids {
	uint64_t first, stride;
};

static int v1_ids(const char *at, struct ids *ids)
{
	char path[2][128];

	for (int i = 0; i < 2; i++) {
		snprintf(path[i], sizeof(path[i]), "%s/probe-%d", at, i);
		if (mkdir(path[i], 0755))
			return -errno;
	}
	ids->stride = inode(path[1]) - inode(path[0]);
	ids->first = inode(path[1]) + ids->stride;
	return rmdir(path[0]) || rmdir(path[1]) ? -errno : 0;
}

static bool will_be(const struct ids *ids, uint64_t id)
{
	return id >= ids->first && (id - ids->first) % ids->stride == 0;
}

/* Make directories until one has the id @twin; removed but for that one. */
static int twin_make(const char *below, uint64_t twin, char *path, size_t size)
{
	for (int i = 0; i < DIRS_MOST; i++) {
		uint64_t id;

		snprintf(path, size, "%s/%d", below, i);
		if (mkdir(path, 0755))
			return -errno;
		id = inode(path);
		if (id == twin)
			return 0;
		if (rmdir(path))
			return -errno;
		if (id > twin)
			break;
	}
	return -ERANGE;
}

FIXTURE(identity)
{
	struct cg cg[CGROUPS_MOST];
	struct cg *twin;
	unsigned int count;
	struct abi_sets abi[NR_ABIS];
	struct calls *calls;
	char path[256];
};

/* Where the directories are made, and who has mounted it by then. */
FIXTURE_VARIANT(identity)
{
	const char *at;
	bool before;
};

FIXTURE_VARIANT_ADD(identity, mounted_before) { .at = V1_BEFORE, .before = true };
FIXTURE_VARIANT_ADD(identity, mounted_after) { .at = V1_AFTER, .before = false };

/*
 * Shift the ids of v2 by a number that is different each time: a few times as many as
 * some controller has files in one cgroup.
 */
static int v2_shift(void)
{
	static const char *const controllers[] = { "pids", "rdma", "io" };
	const char *controller;

	/* Every kernel that is tried has the first one. */
	do
		controller = controllers[random() % 3];
	while (sh("grep -qw %s /sys/fs/cgroup/cgroup.controllers", controller));
	return sh("cd /sys/fs/cgroup && mkdir -p identity-shift/below && "
		  "echo +%1$s >cgroup.subtree_control && cd identity-shift && "
		  "for i in $(seq %2$ld); do echo +%1$s >cgroup.subtree_control && "
		  "echo -%1$s >cgroup.subtree_control || exit; done",
		  controller, random() % 5);
}

/* An enforced cgroup whose id some directory of the hierarchy will have. */
static void enforce_twin(struct __test_metadata *_metadata, FIXTURE_DATA(identity) *self,
			 const struct ids *ids)
{
	struct bitmap refused = { 0 };
	char name[32];

	while (!self->twin && self->count < CGROUPS_MOST) {
		struct cg *cg = &self->cg[self->count];

		snprintf(name, sizeof(name), "identity-%u", self->count);
		ASSERT_EQ(0, cg_make(cg, NULL, name));
		self->count++;
		/* Require more than 3 ids ahead, as other directories may take the next ones. */
		if (will_be(ids, cg->id) && cg->id > ids->first + 3 * ids->stride)
			self->twin = cg;
		ASSERT_EQ(0, v2_shift());
	}
	ASSERT_NE(NULL, self->twin) {
		TH_LOG("no cgroup of %u has an id that a directory will have", self->count);
	}
	for (int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			bitmap_add(&self->abi[abi].allowed, nr);
	bitmap_add(&refused, SYS_getpgrp);
	bitmap_subtract(&self->abi[0].allowed, &refused);
	ASSERT_EQ(0, set_enforce(self->twin, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
}

FIXTURE_SETUP(identity)
{
	struct ids ids;

	v1_unmount(V1_BEFORE);
	v1_unmount(V1_AFTER);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, v1_mount(variant->at));
	ASSERT_EQ(0, v1_ids(variant->at, &ids));
	/* A hierarchy that is mounted anew begins anew. */
	if (!variant->before)
		ASSERT_EQ(0, sh("umount %s", variant->at));
	enforce_twin(_metadata, self, &ids);
	if (!variant->before)
		ASSERT_EQ(0, v1_mount(variant->at));
	self->calls = calls_new(ENTRY_SYSCALL);
	calls_add(self->calls, SYS_getpgrp);
}

FIXTURE_TEARDOWN(identity)
{
	for (unsigned int i = 0; i < self->count; i++)
		EXPECT_EQ(0, cg_remove(&self->cg[i]));
	if (self->twin)
		EXPECT_EQ(0, drop_policy(self->twin->id));
	sh("rmdir /sys/fs/cgroup/identity-shift/below /sys/fs/cgroup/identity-shift");
	v1_unmount(variant->at);
}

static void expect_enforced(struct __test_metadata *_metadata, FIXTURE_DATA(identity) *self)
{
	struct policy policy;

	/* Wait for the work item that handles removed cgroups. */
	usleep(300000);
	EXPECT_EQ(0, calls_run(self->twin, self->calls));
	EXPECT_EQ(-CHOSEN, self->calls->ret[0]);
	ASSERT_EQ(0, get_policy(self->twin->id, &policy));
	EXPECT_FALSE(policy_gone(&policy));
	EXPECT_EQ(SCMOD_MODE_ENFORCE, policy.mode);
	policy_release(&policy);
	/* A policy that enforces holds a reference to the module. */
	EXPECT_EQ(0, sh("test $(cat /sys/module/scmod/refcnt) -ge 1"));
	/* It can be changed, as any policy of a cgroup that lives. */
	EXPECT_EQ(0, set_enforce(self->twin, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
}

TEST_F_TIMEOUT(identity, a_v1_directory_of_the_same_id_is_removed, 120)
{
	ASSERT_EQ(0, twin_make(variant->at, self->twin->id, self->path, sizeof(self->path)));
	ASSERT_EQ(self->twin->id, inode(self->path));
	expect_enforced(_metadata, self);
	ASSERT_EQ(0, rmdir(self->path));
	expect_enforced(_metadata, self);
}

/*
 * The confined task, as an unprivileged user, makes and removes directories below one that
 * was delegated to it. Returns how often the refused call was made.
 */
static int break_out(const char *below, uint64_t twin)
{
	char path[300];
	int made = 0;

	if (setresgid(USER, USER, USER) || setresuid(USER, USER, USER))
		return -1;
	for (int i = 0; i < DIRS_MOST; i++) {
		uint64_t id;

		snprintf(path, sizeof(path), "%s/%d", below, i);
		if (mkdir(path, 0755))
			return -2;
		id = inode(path);
		if (rmdir(path))
			return -3;
		/* Time for the work item that would remove the policy. */
		if (id == twin)
			usleep(300000);
		made += raw_syscall(SYS_getpgrp, 0) != -CHOSEN;
		if (id > twin)
			return made;
	}
	return -4;
}

TEST_F_TIMEOUT(identity, a_confined_task_removes_one, 120)
{
	int status = -1;
	pid_t pid;

	snprintf(self->path, sizeof(self->path), "%s/delegated", variant->at);
	/* Takes one of the ids, and the files in it as many as any other. */
	ASSERT_EQ(0, mkdir(self->path, 0755));
	ASSERT_EQ(0, chown(self->path, USER, USER));
	pid = cg_fork(self->twin);
	if (!pid)
		_exit(break_out(self->path, self->twin->id));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status) {
		TH_LOG("made %d times, or could not try", (signed char)WEXITSTATUS(status));
	}
	expect_enforced(_metadata, self);
}

/* Neither a descriptor of the v1 directory nor its path must stand for the v2 cgroup. */
TEST_F_TIMEOUT(identity, a_v1_directory_names_no_policy, 120)
{
	static struct answer answer;
	struct genl nl;
	int fd;

	ASSERT_EQ(0, twin_make(variant->at, self->twin->id, self->path, sizeof(self->path)));
	fd = open(self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LT(0, fd);
	ASSERT_EQ(0, genl_socket(&nl));
	ASSERT_EQ(0, genl_resolve(&nl, &m));
	for (int cmd = SCMOD_CMD_GET; cmd <= SCMOD_CMD_FORGET; cmd++) {
		msg_begin(&m, nl.family, 0, cmd);
		msg_put_u32(&m, SCMOD_A_POLICY_FD, fd);
		genl_ask(&nl, &m, &answer);
		EXPECT_EQ(-EBADF, answer.err) {
			TH_LOG("command %d: %d", cmd, answer.err);
		}
	}
	genl_close(&nl);
	close(fd);
	EXPECT_NE(0, sh("scmod off %s 2>/dev/null", self->path));
	EXPECT_NE(0, sh("scmod status %s >/dev/null 2>&1", self->path));
	expect_enforced(_metadata, self);
}

/*
 * Of two hierarchies that are mounted one below the other, as on hybrid hosts, a v1
 * directory may have the path that a v2 cgroup has below its own mount.
 */
TEST_F_TIMEOUT(identity, a_v1_directory_of_the_same_path_names_no_policy, 120)
{
	const char *name = strrchr(self->twin->path, '/');

	snprintf(self->path, sizeof(self->path), "%s%s", variant->at, name);
	ASSERT_EQ(0, mkdir(self->path, 0755));
	EXPECT_NE(0, sh("unshare -m sh -c 'mount --bind %s /sys/fs/cgroup && "
			"scmod off /sys/fs/cgroup%s' 2>/dev/null", variant->at, name));
	expect_enforced(_metadata, self);
}

TEST_HARNESS_MAIN
