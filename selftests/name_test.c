// SPDX-License-Identifier: GPL-2.0
/*
 * Policies that have a name are in force in every cgroup of that name, from its first
 * task's first instruction on, and go on when the cgroup is removed and made again.
 *
 * vm: --param max_cgroups=128
 * cpus: parallel
 */
#include <errno.h>
#include <pthread.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

#define MAX_CGROUPS	128
/* In place of the result of a probe. */
#define NOT_MADE	(-1000)

static struct msg m;

/* What is refused here, with CHOSEN: nothing but this call. */
#define REFUSED		SYS_getppid

static char top[64];

static const char *at(const char *name)
{
	static char path[4][4200];
	static unsigned int n;

	n = (n + 1) % 4;
	snprintf(path[n], sizeof(path[n]), "/sys/fs/cgroup%s%s", top, name);
	return path[n];
}

/* The name of a cgroup below the test's own. */
static const char *named(const char *name)
{
	return at(name) + strlen("/sys/fs/cgroup");
}

static int make(const char *name)
{
	return mkdir(at(name), 0755) ? -errno : 0;
}

/* The kernel may still be busy with a task that has ended. */
static int drop(const char *name)
{
	for (int i = 0; i < 2000; i++) {
		if (!rmdir(at(name)))
			return 0;
		if (errno != EBUSY)
			break;
		usleep(1000);
	}
	return -errno;
}

/* A child in that cgroup from its first instruction on: what its refused call returned. */
static long probe(const char *name)
{
	struct cg cg = { .fd = -1 };
	int status;
	pid_t pid;

	cg.fd = open(at(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cg.fd < 0)
		return NOT_MADE;
	pid = cg_fork(&cg);
	if (!pid)
		_exit(-raw_syscall(REFUSED, 0) == CHOSEN ? 1 : 2);
	close(cg.fd);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return NOT_MADE;
	return WEXITSTATUS(status) == 1 ? CHOSEN : 0;
}

/* A SET for a name: that mode, and everything allowed but REFUSED. */
static void set_begin(struct genl *g, uint32_t mode)
{
	unsigned char allowed[SCMOD_BITMAP_BYTES];
	size_t nest;

	memset(allowed, 0xff, sizeof(allowed));
	allowed[REFUSED / 8] &= ~(1 << REFUSED % 8);
	msg_begin(&m, g->family, 0, SCMOD_CMD_SET);
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, mode);
	msg_put_u32(&m, SCMOD_A_POLICY_ERRNO, CHOSEN);
	nest = msg_nest(&m, SCMOD_A_POLICY_ABI | NLA_F_NESTED);
	msg_put_u32(&m, SCMOD_A_ABI_ID, SCMOD_ABI_X86_64);
	msg_put(&m, SCMOD_A_ABI_ALLOWED, allowed, sizeof(allowed));
	msg_nest_end(&m, nest);
}

static int ask(struct genl *g, struct answer *a)
{
	genl_ask(g, &m, a);
	return a->err;
}

static int set_name(struct genl *g, const char *name, uint32_t mode)
{
	struct answer a = { 0 };
	int err;

	set_begin(g, mode);
	msg_put(&m, SCMOD_A_POLICY_NAME, name, strlen(name) + 1);
	err = ask(g, &a);
	answer_free(&a);
	return err;
}

static int set_path(struct genl *g, const char *path, uint32_t mode, bool follow)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct answer a = { 0 };
	int err;

	set_begin(g, mode);
	msg_put_u32(&m, SCMOD_A_POLICY_FD, fd);
	if (follow)
		msg_put(&m, SCMOD_A_POLICY_FOLLOW, NULL, 0);
	err = ask(g, &a);
	answer_free(&a);
	close(fd);
	return err;
}

static int forget_name(struct genl *g, const char *name)
{
	struct answer a = { 0 };
	int err;

	msg_begin(&m, g->family, 0, SCMOD_CMD_FORGET);
	msg_put(&m, SCMOD_A_POLICY_NAME, name, strlen(name) + 1);
	err = ask(g, &a);
	answer_free(&a);
	return err;
}

/* What the tests look at in a policy. */
struct state {
	int err;
	uint64_t id;
	uint32_t flags, mode, cgroups, came;
	char path[256];
};

static void state_read(struct state *s, const struct answer *a)
{
	const unsigned char *head = a->data + GENL_HDRLEN;
	size_t len = a->len - GENL_HDRLEN;
	const struct nlattr *path = attr_find(head, len, SCMOD_A_POLICY_PATH);

	s->id = attr_u64(attr_find(head, len, SCMOD_A_POLICY_ID));
	s->flags = attr_u32(attr_find(head, len, SCMOD_A_POLICY_FLAGS));
	s->mode = attr_u32(attr_find(head, len, SCMOD_A_POLICY_MODE));
	s->cgroups = attr_u32(attr_find(head, len, SCMOD_A_POLICY_CGROUPS));
	s->came = attr_u32(attr_find(head, len, SCMOD_A_POLICY_CAME));
	if (path && attr_len(path) <= sizeof(s->path))
		memcpy(s->path, attr_data(path), attr_len(path));
}

static struct state get_by(struct genl *g, uint16_t type, const void *data, size_t len)
{
	struct state s = { 0 };
	struct answer a = { 0 };

	msg_begin(&m, g->family, 0, SCMOD_CMD_GET);
	msg_put(&m, type, data, len);
	s.err = ask(g, &a);
	if (!s.err && a.messages == 1)
		state_read(&s, &a);
	answer_free(&a);
	return s;
}

static struct state get_name(struct genl *g, const char *name)
{
	return get_by(g, SCMOD_A_POLICY_NAME, name, strlen(name) + 1);
}

static struct state get_cgroup(struct genl *g, const char *path)
{
	struct stat st = { 0 };
	uint64_t id;

	stat(path, &st);
	id = st.st_ino;
	return get_by(g, SCMOD_A_POLICY_ID, &id, sizeof(id));
}

/* How often REFUSED was, by the policy of that name. */
static uint32_t times_denied(struct genl *g, const char *name)
{
	uint64_t id = get_name(g, name).id;
	const struct scmod_record *record;
	struct policy policy;
	uint32_t count;

	if (get_policy(id, &policy))
		return 0;
	record = policy_record(&policy, SCMOD_ABI_X86_64, REFUSED, SCMOD_RECORD_DENIED);
	count = record ? record->count : 0;
	policy_release(&policy);
	return count;
}

static uint32_t status_u32(struct genl *g, uint16_t type)
{
	struct answer a = { 0 };
	uint32_t value = ~0U;

	msg_begin(&m, g->family, 0, SCMOD_CMD_STATUS);
	if (!ask(g, &a) && a.messages == 1)
		value = attr_u32(attr_find(a.data + GENL_HDRLEN, a.len - GENL_HDRLEN, type));
	answer_free(&a);
	return value;
}

FIXTURE(name)
{
	struct genl g;
};

FIXTURE_SETUP(name)
{
	snprintf(top, sizeof(top), "/name-%d", getpid());
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, genl_socket(&self->g));
	ASSERT_EQ(0, genl_resolve(&self->g, &m));
	ASSERT_EQ(0, make(""));
}

FIXTURE_TEARDOWN(name)
{
	/* Whatever a test has left. */
	sh("find /sys/fs/cgroup%s -name cgroup.kill -exec sh -c 'echo 1 >$1 2>/dev/null' - {} \\; ; "
	   "sleep 0.2; find /sys/fs/cgroup%s -depth -type d -exec rmdir {} + 2>/dev/null",
	   top, top);
	sh("for n in $(scmod status --json | jq -r '.policies[].id'); do "
	   "scmod off $n; scmod forget $n; done >/dev/null 2>&1");
	genl_close(&self->g);
}

TEST_F(name, follows_its_cgroup)
{
	char name[128];
	struct state s;

	snprintf(name, sizeof(name), "%s", named("/x"));
	ASSERT_EQ(0, make("/x"));
	ASSERT_EQ(0, set_path(&self->g, at("/x"), SCMOD_MODE_ENFORCE, true));
	EXPECT_EQ(CHOSEN, probe("/x"));
	for (unsigned int i = 1; i <= 200; i++) {
		ASSERT_EQ(0, drop("/x"));
		if (i % 50 == 1) {
			s = get_name(&self->g, name);
			ASSERT_EQ(0, s.err);
			EXPECT_EQ(SCMOD_FLAG_NAMED | SCMOD_FLAG_WAITING, s.flags);
			EXPECT_EQ(SCMOD_MODE_ENFORCE, s.mode);
			EXPECT_EQ(0, s.cgroups);
		}
		ASSERT_EQ(0, make("/x"));
		ASSERT_EQ(CHOSEN, probe("/x")) TH_LOG("in round %u", i);
	}
	s = get_cgroup(&self->g, at("/x"));
	EXPECT_EQ(0, s.err);
	EXPECT_EQ(SCMOD_FLAG_NAMED, s.flags);
	EXPECT_EQ(1, s.cgroups);
	EXPECT_EQ(200, s.came);
	EXPECT_STREQ(name, s.path);
	EXPECT_EQ(201, times_denied(&self->g, name));
}

TEST_F(name, without_one_it_ends_with_its_cgroup)
{
	struct state s;

	ASSERT_EQ(0, make("/x"));
	ASSERT_EQ(0, set_path(&self->g, at("/x"), SCMOD_MODE_ENFORCE, false));
	s = get_cgroup(&self->g, at("/x"));
	EXPECT_EQ(0, s.flags);
	EXPECT_EQ(CHOSEN, probe("/x"));
	ASSERT_EQ(0, drop("/x"));
	s = get_by(&self->g, SCMOD_A_POLICY_ID, &s.id, sizeof(s.id));
	EXPECT_EQ(SCMOD_FLAG_GONE, s.flags);
	ASSERT_EQ(0, make("/x"));
	EXPECT_EQ(0, probe("/x"));
}

TEST_F(name, comes_before_its_cgroup)
{
	char name[128];

	snprintf(name, sizeof(name), "%s", named("/later"));
	ASSERT_EQ(0, set_name(&self->g, name, SCMOD_MODE_ENFORCE));
	EXPECT_EQ(SCMOD_FLAG_NAMED | SCMOD_FLAG_WAITING, get_name(&self->g, name).flags);
	EXPECT_LE(1ULL << 52, get_name(&self->g, name).id);
	EXPECT_EQ(-EBUSY, forget_name(&self->g, name));
	EXPECT_NE(0, sh("rmmod scmod 2>/dev/null"));
	ASSERT_EQ(0, make("/later"));
	EXPECT_EQ(CHOSEN, probe("/later"));
	EXPECT_EQ(1, get_cgroup(&self->g, at("/later")).came);
	/* The cgroup below has no policy of its own, but the one above refuses its calls. */
	ASSERT_EQ(0, make("/later/below"));
	EXPECT_EQ(CHOSEN, probe("/later/below"));
	EXPECT_EQ(1, get_name(&self->g, name).cgroups);
	EXPECT_EQ(0, set_name(&self->g, name, SCMOD_MODE_OFF));
	EXPECT_EQ(0, probe("/later"));
	EXPECT_EQ(0, forget_name(&self->g, name));
	EXPECT_EQ(-ENOENT, get_name(&self->g, name).err);
}

TEST_F(name, is_a_pattern)
{
	static const char *const yes[] = {
		"/a/x1.scope", "/a/x22.scope", "/a/x\\x2d.scope", "/a/x.scope",
	};
	static const char *const no[] = {
		"/a/y1.scope", "/a/x1.scope2", "/ab/x1.scope", "/a/x1",
	};
	char name[128];

	ASSERT_EQ(0, make("/a"));
	ASSERT_EQ(0, make("/ab"));
	/* Half of the cgroups exist before the policy is made. */
	for (unsigned int i = 0; i < 2; i++) {
		ASSERT_EQ(0, make(yes[i]));
		ASSERT_EQ(0, make(no[i]));
	}
	snprintf(name, sizeof(name), "%s", named("/[a-a]/x*.scope"));
	ASSERT_EQ(0, set_name(&self->g, name, SCMOD_MODE_ENFORCE));
	for (unsigned int i = 2; i < 4; i++) {
		ASSERT_EQ(0, make(yes[i]));
		ASSERT_EQ(0, make(no[i]));
	}
	for (unsigned int i = 0; i < 4; i++) {
		EXPECT_EQ(CHOSEN, probe(yes[i])) TH_LOG("%s", yes[i]);
		EXPECT_EQ(0, probe(no[i])) TH_LOG("%s", no[i]);
	}
	/* No character stands for a '/'. */
	ASSERT_EQ(0, make("/a/xx"));
	ASSERT_EQ(0, make("/a/xx/y.scope"));
	EXPECT_EQ(0, probe("/a/xx/y.scope"));
	EXPECT_EQ(SCMOD_FLAG_NAMED | SCMOD_FLAG_PATTERN, get_name(&self->g, name).flags);
	EXPECT_EQ(4, get_name(&self->g, name).cgroups);
	EXPECT_EQ(2, get_name(&self->g, name).came);
}

TEST_F(name, that_is_a_path_stands_for_itself)
{
	ASSERT_EQ(0, make("/[ab]\\x2d*"));
	ASSERT_EQ(0, set_path(&self->g, at("/[ab]\\x2d*"), SCMOD_MODE_ENFORCE, true));
	EXPECT_EQ(SCMOD_FLAG_NAMED, get_cgroup(&self->g, at("/[ab]\\x2d*")).flags);
	ASSERT_EQ(0, make("/ax2dy"));
	EXPECT_EQ(0, probe("/ax2dy"));
	ASSERT_EQ(0, drop("/[ab]\\x2d*"));
	ASSERT_EQ(0, make("/[ab]\\x2d*"));
	EXPECT_EQ(CHOSEN, probe("/[ab]\\x2d*"));
}

TEST_F(name, that_fits_best_is_taken)
{
	char wide[128], path[128];

	snprintf(wide, sizeof(wide), "%s", named("/x*"));
	snprintf(path, sizeof(path), "%s", named("/x1"));
	ASSERT_EQ(0, make("/x1"));
	ASSERT_EQ(0, make("/x2"));
	ASSERT_EQ(0, set_name(&self->g, wide, SCMOD_MODE_ENFORCE));
	EXPECT_EQ(CHOSEN, probe("/x1"));
	/* A policy by path takes over from one by pattern, and gives back. */
	ASSERT_EQ(0, set_name(&self->g, path, SCMOD_MODE_LEARN));
	EXPECT_EQ(0, probe("/x1"));
	EXPECT_EQ(CHOSEN, probe("/x2"));
	ASSERT_EQ(0, drop("/x1"));
	ASSERT_EQ(0, make("/x1"));
	EXPECT_EQ(0, probe("/x1"));
	EXPECT_EQ(1, get_name(&self->g, wide).cgroups);
	ASSERT_EQ(0, forget_name(&self->g, path));
	EXPECT_EQ(CHOSEN, probe("/x1"));
	EXPECT_EQ(2, get_name(&self->g, wide).cgroups);
	/* The older of two patterns stays. */
	ASSERT_EQ(0, set_name(&self->g, named("/?1"), SCMOD_MODE_LEARN));
	EXPECT_EQ(CHOSEN, probe("/x1"));
	ASSERT_EQ(0, drop("/x1"));
	ASSERT_EQ(0, make("/x1"));
	EXPECT_EQ(CHOSEN, probe("/x1"));
	/* A cgroup with a policy of its own keeps it. */
	ASSERT_EQ(0, make("/own"));
	ASSERT_EQ(0, set_path(&self->g, at("/own"), SCMOD_MODE_ENFORCE, false));
	ASSERT_EQ(0, set_name(&self->g, named("/own"), SCMOD_MODE_LEARN));
	EXPECT_EQ(CHOSEN, probe("/own"));
	EXPECT_EQ(-EEXIST, set_path(&self->g, at("/own"), SCMOD_MODE_ENFORCE, true));
	ASSERT_EQ(0, drop("/own"));
	ASSERT_EQ(0, make("/own"));
	EXPECT_EQ(0, probe("/own"));
}

TEST_F(name, goes_with_policies_above_and_below)
{
	char inner[128];

	snprintf(inner, sizeof(inner), "%s", named("/up/in"));
	ASSERT_EQ(0, make("/up"));
	ASSERT_EQ(0, set_name(&self->g, inner, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, make("/up/in"));
	EXPECT_EQ(0, probe("/up/in"));
	ASSERT_EQ(0, set_path(&self->g, at("/up"), SCMOD_MODE_ENFORCE, true));
	EXPECT_EQ(CHOSEN, probe("/up/in"));
	ASSERT_EQ(0, drop("/up/in"));
	ASSERT_EQ(0, make("/up/in"));
	EXPECT_EQ(CHOSEN, probe("/up/in"));
	ASSERT_EQ(0, set_path(&self->g, at("/up"), SCMOD_MODE_OFF, false));
	EXPECT_EQ(0, probe("/up/in"));
	ASSERT_EQ(0, drop("/up/in"));
	ASSERT_EQ(0, drop("/up"));
	ASSERT_EQ(0, set_name(&self->g, named("/up"), SCMOD_MODE_ENFORCE));
	ASSERT_EQ(0, make("/up"));
	ASSERT_EQ(0, make("/up/in"));
	EXPECT_EQ(CHOSEN, probe("/up/in"));
	EXPECT_EQ(3, get_name(&self->g, inner).came);
}

TEST_F(name, is_refused_if_malformed)
{
	static const char *const bad[] = {
		"", "x", "/", "//", "/x/", "/x//y", "/./x", "/x/..", "/x/.", "x/y", "/x/../y",
	};
	char longest[SCMOD_PATH_MAX + 1];
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		EXPECT_EQ(-EINVAL, set_name(&self->g, bad[i], SCMOD_MODE_LEARN))
			TH_LOG("\"%s\"", bad[i]);
	memset(longest, 'x', sizeof(longest));
	longest[0] = '/';
	longest[257] = '\0';
	EXPECT_EQ(-EINVAL, set_name(&self->g, longest, SCMOD_MODE_LEARN));
	longest[256] = '\0';
	EXPECT_EQ(0, set_name(&self->g, longest, SCMOD_MODE_LEARN));
	for (i = 0; i < SCMOD_PATH_MAX; i++)
		longest[i] = i % 2 ? 'y' : '/';
	longest[SCMOD_PATH_MAX] = '\0';
	EXPECT_GT(0, set_name(&self->g, longest, SCMOD_MODE_LEARN));
	longest[SCMOD_PATH_MAX - 2] = 'y';
	longest[SCMOD_PATH_MAX - 1] = '\0';
	EXPECT_EQ(0, set_name(&self->g, longest, SCMOD_MODE_LEARN));
	EXPECT_EQ(0, forget_name(&self->g, longest));
	EXPECT_EQ(0, set_path(&self->g, "/sys/fs/cgroup", SCMOD_MODE_LEARN, true));
	EXPECT_EQ(0, get_cgroup(&self->g, "/sys/fs/cgroup").flags & SCMOD_FLAG_NAMED);
}

/* A partial record is complete once the cgroup is made anew: all its tasks are seen start. */
TEST_F(name, of_a_service_that_starts_again_is_not_partial)
{
	char name[128];
	struct cg cg;
	pid_t pid;

	snprintf(name, sizeof(name), "%s", named("/s"));
	ASSERT_EQ(0, make("/s"));
	cg.fd = open(at("/s"), O_RDONLY | O_DIRECTORY);
	snprintf(cg.path, sizeof(cg.path), "%s", at("/s"));
	pid = cg_fork(&cg);
	if (!pid)
		pause(), _exit(0);
	ASSERT_EQ(0, set_path(&self->g, at("/s"), SCMOD_MODE_LEARN, true));
	EXPECT_EQ(SCMOD_FLAG_NAMED | SCMOD_FLAG_PARTIAL, get_name(&self->g, name).flags);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(cg.fd);
	ASSERT_EQ(0, drop("/s"));
	EXPECT_EQ(SCMOD_FLAG_NAMED | SCMOD_FLAG_PARTIAL | SCMOD_FLAG_WAITING,
		  get_name(&self->g, name).flags);
	ASSERT_EQ(0, make("/s"));
	EXPECT_EQ(SCMOD_FLAG_NAMED, get_name(&self->g, name).flags);
}

/* 7 if a shell can read a file in that cgroup. */
static int reads_in(const char *name)
{
	return sh("exec 2>/dev/null; echo $$ >%s/cgroup.procs; read x </proc/version && exit 7",
		  at(name));
}

/* In cgroups beyond max_cgroups every call is refused, until there is room for them. */
TEST_F_TIMEOUT(name, shuts_what_has_no_room, 120)
{
	char name[128], dir[32];
	unsigned int i;

	snprintf(name, sizeof(name), "%s", named("/*"));
	ASSERT_EQ(0, set_name(&self->g, name, SCMOD_MODE_ENFORCE));
	EXPECT_EQ(MAX_CGROUPS, status_u32(&self->g, SCMOD_A_STATUS_CGROUPS_MAX));
	for (i = 0; i < MAX_CGROUPS + 4; i++) {
		snprintf(dir, sizeof(dir), "/%u", i);
		ASSERT_EQ(0, make(dir));
	}
	for (i = 0; i < MAX_CGROUPS; i++) {
		snprintf(dir, sizeof(dir), "/%u", i);
		ASSERT_EQ(CHOSEN, probe(dir)) TH_LOG("in the %uth", i);
	}
	EXPECT_EQ(MAX_CGROUPS, status_u32(&self->g, SCMOD_A_STATUS_CGROUPS));
	EXPECT_EQ(4, status_u32(&self->g, SCMOD_A_STATUS_CGROUPS_SHUT));
	/* EPERM for every call but exit: the probe finds that its call was not CHOSEN. */
	snprintf(dir, sizeof(dir), "/%u", MAX_CGROUPS);
	EXPECT_EQ(0, probe(dir));
	EXPECT_NE(7, reads_in(dir));
	for (i = 0; i < 4; i++) {
		snprintf(dir, sizeof(dir), "/%u", i);
		ASSERT_EQ(0, drop(dir));
	}
	for (i = 0; i < 100 && status_u32(&self->g, SCMOD_A_STATUS_CGROUPS_SHUT); i++)
		usleep(100000);
	EXPECT_EQ(0, status_u32(&self->g, SCMOD_A_STATUS_CGROUPS_SHUT));
	for (i = 4; i < MAX_CGROUPS + 4; i++) {
		snprintf(dir, sizeof(dir), "/%u", i);
		ASSERT_EQ(CHOSEN, probe(dir)) TH_LOG("in the %uth", i);
	}
}

/* A learning policy refuses nothing in cgroups without room; once it enforces, all calls. */
TEST_F_TIMEOUT(name, shuts_it_when_it_begins_to_enforce, 120)
{
	char name[128], dir[32];
	unsigned int i;

	snprintf(name, sizeof(name), "%s", named("/*"));
	ASSERT_EQ(0, set_name(&self->g, name, SCMOD_MODE_LEARN));
	for (i = 0; i < MAX_CGROUPS + 1; i++) {
		snprintf(dir, sizeof(dir), "/%u", i);
		ASSERT_EQ(0, make(dir));
	}
	EXPECT_EQ(1, status_u32(&self->g, SCMOD_A_STATUS_CGROUPS_SHUT));
	EXPECT_EQ(7, reads_in(dir));
	ASSERT_EQ(0, set_name(&self->g, name, SCMOD_MODE_ENFORCE));
	EXPECT_NE(7, reads_in(dir));
	EXPECT_EQ(1, status_u32(&self->g, SCMOD_A_STATUS_CGROUPS_SHUT));
}

#define MAKERS		8
#define MAKER_ROUNDS	60

/*
 * @passed: probes whose call passed. @made: rounds. @failed: those that had no probe.
 */
struct race {
	volatile unsigned int passed, made, failed;
};

static void maker(struct race *race, unsigned int n)
{
	char dir[32];

	snprintf(dir, sizeof(dir), "/r/m%u", n);
	for (unsigned int i = 0; i < MAKER_ROUNDS; i++) {
		long ret;

		if (make(dir)) {
			__sync_fetch_and_add(&race->failed, 1);
			continue;
		}
		ret = probe(dir);
		/* The policy of cgroup 3 is off now and then, so its calls may pass. */
		if (ret == 0 && n != 3)
			__sync_fetch_and_add(&race->passed, 1);
		__sync_fetch_and_add(ret == NOT_MADE ? &race->failed : &race->made, 1);
		if (drop(dir))
			__sync_fetch_and_add(&race->failed, 1);
	}
	_exit(0);
}

/* Processes make and remove cgroups while policies of these, above and beside them change. */
TEST_F_TIMEOUT(name, holds_while_policies_change, 120)
{
	struct race *race = shared_new(sizeof(*race));
	char wide[128], path[128];
	pid_t pid[MAKERS];
	unsigned int changes = 0;

	ASSERT_EQ(0, make("/r"));
	snprintf(wide, sizeof(wide), "%s", named("/r/m*"));
	snprintf(path, sizeof(path), "%s", named("/r/m3"));
	ASSERT_EQ(0, set_name(&self->g, wide, SCMOD_MODE_ENFORCE));
	for (unsigned int n = 0; n < MAKERS; n++) {
		pid[n] = fork();
		if (!pid[n])
			maker(race, n);
	}
	while (race->made + race->failed < MAKERS * MAKER_ROUNDS) {
		ASSERT_EQ(0, set_path(&self->g, at("/r"), changes % 2 ? SCMOD_MODE_LEARN :
				      SCMOD_MODE_OFF, false));
		ASSERT_EQ(0, set_name(&self->g, path, SCMOD_MODE_ENFORCE));
		ASSERT_EQ(0, set_name(&self->g, wide, SCMOD_MODE_ENFORCE));
		if (changes++ % 3 == 0) {
			ASSERT_EQ(0, set_name(&self->g, path, SCMOD_MODE_OFF));
			ASSERT_EQ(0, set_name(&self->g, path, SCMOD_MODE_ENFORCE));
		}
		usleep(1000);
		if (changes > 20000)
			break;
	}
	for (unsigned int n = 0; n < MAKERS; n++)
		waitpid(pid[n], NULL, 0);
	TH_LOG("%u rounds, %u changes", race->made, changes);
	EXPECT_EQ(0, race->failed);
	EXPECT_LT(0, race->made);
	EXPECT_EQ(0, status_u32(&self->g, SCMOD_A_STATUS_CGROUPS_SHUT));
	EXPECT_EQ(0, race->passed);
	EXPECT_EQ(0, get_name(&self->g, wide).cgroups);
	munmap((void *)race, sizeof(*race));
}

/* Does not use at(), whose buffer is static. */
static void *make_one(void *arg)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/fs/cgroup%s/t/%lu", top, (unsigned long)arg);
	return (void *)(long)mkdir(path, 0755);
}

/* More cgroups at once than the module keeps memory allocated for. */
TEST_F_TIMEOUT(name, holds_in_a_hundred_that_are_made_at_once, 120)
{
	pthread_t thread[100];
	char dir[32];

	ASSERT_EQ(0, make("/t"));
	ASSERT_EQ(0, set_name(&self->g, named("/t/*"), SCMOD_MODE_ENFORCE));
	for (unsigned long i = 0; i < 100; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, make_one, (void *)i));
	for (unsigned long i = 0; i < 100; i++)
		pthread_join(thread[i], NULL);
	for (unsigned long i = 0; i < 100; i++) {
		snprintf(dir, sizeof(dir), "/t/%lu", i);
		EXPECT_EQ(CHOSEN, probe(dir)) TH_LOG("in %s", dir);
	}
	EXPECT_EQ(0, status_u32(&self->g, SCMOD_A_STATUS_CGROUPS_SHUT));
}

/* An event of that type, with this path; whatever came before is skipped. */
static bool heard(struct genl *g, uint32_t type, const char *path)
{
	unsigned char data[RECV_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));

	for (int tries = 0; tries < 100; tries++) {
		ssize_t len = recv(g->fd, data, sizeof(data), MSG_DONTWAIT);
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)data;
		const unsigned char *head = (const unsigned char *)NLMSG_DATA(nlh) + GENL_HDRLEN;
		size_t rest = len - NLMSG_HDRLEN - GENL_HDRLEN;
		const struct nlattr *attr;

		if (len < 0) {
			usleep(50000);
			continue;
		}
		attr = attr_find(head, rest, SCMOD_A_POLICY_PATH);
		if (attr_u32(attr_find(head, rest, SCMOD_A_POLICY_EVENT)) == type && attr &&
		    !strcmp(attr_data(attr), path))
			return true;
	}
	return false;
}

TEST_F(name, tells_of_its_cgroups)
{
	struct answer a = { 0 };
	struct genl g;

	ASSERT_EQ(0, genl_socket(&g));
	ASSERT_EQ(0, genl_resolve(&g, &m));
	ASSERT_EQ(0, genl_listen_say(&g, &m, false, &a));
	ASSERT_EQ(0, set_name(&self->g, named("/e*"), SCMOD_MODE_ENFORCE));
	ASSERT_EQ(0, make("/e1"));
	ASSERT_EQ(0, make("/e2"));
	ASSERT_EQ(0, drop("/e1"));
	EXPECT_TRUE(heard(&g, SCMOD_EVENT_CAME, named("/e1")));
	EXPECT_TRUE(heard(&g, SCMOD_EVENT_CAME, named("/e2")));
	EXPECT_TRUE(heard(&g, SCMOD_EVENT_GONE, named("/e1")));
	answer_free(&a);
	genl_close(&g);
}

TEST_HARNESS_MAIN
