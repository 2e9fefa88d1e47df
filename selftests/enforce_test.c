// SPDX-License-Identifier: GPL-2.0
/*
 * Mode enforce: which calls are refused, with what result, and that nothing else changes.
 *
 * cpus: parallel
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sched.h>

#include "kselftest_harness.h"
#include "lib.h"
#include "calls/sysname.h"

#define X32_BIT	0x40000000

FIXTURE(enforce)
{
	struct cg top, cg;
	/* Begins with nothing but exit_group allowed. */
	struct abi_sets abi[NR_ABIS];
};

FIXTURE_SETUP(enforce)
{
	memset(self->abi, 0, sizeof(self->abi));
	bitmap_add(&self->abi[SCMOD_ABI_X86_64].allowed, SYS_exit_group);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->top, NULL, "enforce-top"));
	ASSERT_EQ(0, cg_make(&self->cg, &self->top, "leaf"));
}

FIXTURE_TEARDOWN(enforce)
{
	EXPECT_EQ(0, drop_policy(self->top.id));
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	EXPECT_EQ(0, cg_remove(&self->top));
}

/* Every number but exit_group, refused: each is answered by scmod alone. */
static void refuse_table(struct __test_metadata *_metadata, const struct cg *cg,
			 struct abi_sets *abis, enum entry entry, unsigned int abi)
{
	struct calls *calls = calls_new(entry);
	unsigned int end = table_end(abi), soft = 0;
	struct bitmap made = { 0 };
	struct policy policy;

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		if (!sysname(abi, nr) || (abi == SCMOD_ABI_X86_64 && nr == SYS_exit_group) ||
		    call_is_kernels_own(abi, nr))
			continue;
		calls_add(calls, nr);
		bitmap_add(&made, nr);
		/* A tenth of them is soft. */
		if (nr % 10 == 3)
			bitmap_add(&abis[abi].soft, nr);
	}
	ASSERT_LE(300, calls->count);
	ASSERT_EQ(0, set_enforce(cg, abis, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(0, calls_run(cg, calls));
	for (unsigned int i = 0; i < calls->count; i++) {
		int want = bitmap_has(&abis[abi].soft, calls->nr[i]) ? ENOSYS : CHOSEN;

		soft += want == ENOSYS;
		/* The table's last ones may be calls that this kernel was built without. */
		if (calls->nr[i] >= end && calls->ret[i] == -ENOSYS)
			continue;
		EXPECT_EQ(-want, calls->ret[i]) {
			TH_LOG("call %u %s", calls->nr[i], sysname(abi, calls->nr[i]));
		}
	}
	ASSERT_EQ(0, get_policy(cg->id, &policy));
	EXPECT_STREQ("", set_text(abi, &made, &policy.abi[abi].denied));
	EXPECT_STREQ("", set_text(abi, &policy.abi[abi].denied, &made));
	EXPECT_EQ(0, policy.records_lost);
	TH_LOG("%u calls of %s refused, %u of them with ENOSYS", calls->count, abi_name(abi),
	       soft);
	policy_release(&policy);
	calls_free(calls);
}

TEST_F_TIMEOUT(enforce, every_x86_64_call_is_refused, 120)
{
	refuse_table(_metadata, &self->cg, self->abi, ENTRY_SYSCALL, SCMOD_ABI_X86_64);
}

TEST_F_TIMEOUT(enforce, every_i386_call_is_refused, 120)
{
	refuse_table(_metadata, &self->cg, self->abi, ENTRY_INT80, SCMOD_ABI_I386);
}

/*
 * Unused numbers share a limited number of records of who made them. For those that no longer
 * fit, the module counts how many they are.
 */
TEST_F_TIMEOUT(enforce, more_calls_than_are_recorded_are_counted_once_each, 120)
{
	static const enum entry entry[] = {
		[SCMOD_ABI_X86_64] = ENTRY_SYSCALL,
		[SCMOD_ABI_I386] = ENTRY_INT80,
		[SCMOD_ABI_X32] = ENTRY_SYSCALL,
	};
	unsigned int denied = 0;
	struct policy policy;

	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	for (int round = 0; round < 2; round++)
		for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
			struct calls *calls = calls_new(entry[abi]);

			for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
				if (!call_is_kernels_own(abi, nr) &&
				    (abi != SCMOD_ABI_X86_64 || nr != SYS_exit_group))
					calls_add(calls, abi == SCMOD_ABI_X32 ? nr | X32_BIT : nr);
			ASSERT_EQ(0, calls_run(&self->cg, calls));
			calls_free(calls);
		}
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		denied += bitmap_count(&policy.abi[abi].denied);
	TH_LOG("%u calls denied, of %zu is known who made them first", denied,
	       policy.nr_records);
	EXPECT_LE(3 * SCMOD_NR_BITS - 3, denied);
	EXPECT_GT(denied, policy.nr_records);
	EXPECT_EQ(denied - policy.nr_records, policy.records_lost);
	policy_release(&policy);
}

TEST_F_TIMEOUT(enforce, every_i386_call_of_a_32_bit_program_is_refused, 120)
{
	static char text[SCMOD_NR_BITS][8], want[16];
	char *argv[SCMOD_NR_BITS + 3] = { "caller32", want };
	int exit_nr = sysname_number(SCMOD_ABI_I386, "exit_group");
	int end = table_end(SCMOD_ABI_I386);
	int argc = 2, status;
	pid_t pid;

	snprintf(want, sizeof(want), "%d", -CHOSEN);
	for (int nr = 0; nr < SCMOD_NR_BITS && nr < end; nr++) {
		if (!sysname(SCMOD_ABI_I386, nr) || nr == exit_nr)
			continue;
		snprintf(text[nr], sizeof(text[nr]), "%u", nr);
		argv[argc++] = text[nr];
	}
	ASSERT_LE(300, argc);
	bitmap_add(&self->abi[SCMOD_ABI_X86_64].allowed, SYS_execve);
	bitmap_add(&self->abi[SCMOD_ABI_I386].allowed, exit_nr);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	pid = cg_fork(&self->cg);
	if (!pid) {
		syscall(SYS_execve, BUILD "/selftests/caller32", argv, NULL);
		_exit(127);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

/* H2: a number that is allowed in one ABI opens nothing in another. */
TEST_F(enforce, abis_do_not_open_each_other)
{
	struct calls *calls = calls_new(ENTRY_INT80);

	/* getpid is 39 in the 64-bit table and 20 in the 32-bit one. */
	bitmap_add(&self->abi[SCMOD_ABI_X86_64].allowed, SYS_getpid);
	bitmap_add(&self->abi[SCMOD_ABI_X86_64].allowed, 20);
	bitmap_add(&self->abi[SCMOD_ABI_I386].allowed, SYS_getpid);
	calls_add(calls, 20);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_EQ(-CHOSEN, calls->ret[0]);
	calls->entry = ENTRY_SYSCALL;
	calls->nr[0] = SYS_getpid | X32_BIT;
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_EQ(-CHOSEN, calls->ret[0]);
	calls->nr[0] = SYS_getpid;
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_LT(0, calls->ret[0]);
}

/* Not in any table, so the kernel's own answer stands, whatever the policy. */
TEST_F(enforce, numbers_past_the_bitmap_get_the_kernels_enosys)
{
	static const long odd[] = { SCMOD_NR_BITS, 1000, 0x3fffffff, 0x80000000, -1, -2 };
	struct calls *calls = calls_new(ENTRY_SYSCALL);

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		calls_add(calls, odd[i]);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	for (unsigned int i = 0; i < calls->count; i++) {
		EXPECT_EQ(-ENOSYS, calls->ret[i]) {
			TH_LOG("number %x", calls->nr[i]);
		}
	}
}

/*
 * Past this kernel's own table, but not past the bitmap: a program that tries what
 * a newer kernel has must see that it is not there.
 */
TEST_F(enforce, numbers_past_the_kernels_table_get_its_enosys)
{
	static const int actions[] = { SCMOD_ACTION_ERRNO, SCMOD_ACTION_KILL };

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		ASSERT_EQ(0, set_enforce(&self->cg, self->abi, actions[i], CHOSEN));
		for (enum entry entry = ENTRY_SYSCALL; entry <= ENTRY_INT80; entry++) {
			struct calls *calls = calls_new(entry);

			calls_add(calls, SCMOD_NR_BITS - 1);
			if (entry == ENTRY_SYSCALL)
				calls_add(calls, SCMOD_NR_BITS - 1 + __X32_SYSCALL_BIT);
			EXPECT_EQ(0, calls_run(&self->cg, calls));
			for (unsigned int j = 0; j < calls->count; j++)
				EXPECT_EQ(-ENOSYS, calls->ret[j]);
			calls_free(calls);
		}
	}
}

/*
 * A process may change policies until it is confined itself. Its request that was waiting
 * for the lock meanwhile must not undo the confinement.
 */
TEST_F_TIMEOUT(enforce, who_asks_while_being_confined_undoes_nothing, 120)
{
	volatile long *asked = shared_new(sizeof(*asked));
	struct policy policy;
	pid_t pid;

	ASSERT_NE(NULL, (void *)asked);
	memset(self->abi, 0xff, sizeof(self->abi));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	pid = cg_fork(&self->cg);
	if (!pid) {
		scmod_close();
		if (scmod_connect())
			_exit(1);
		for (;;) {
			set_mode(&self->cg, SCMOD_MODE_OFF);
			++*asked;
		}
	}
	ASSERT_LT(0, pid);
	for (int i = 0; i < 50; i++) {
		long before;

		ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
		/* Wait until the request that was under way has been answered. */
		before = *asked;
		while (*asked < before + 3)
			usleep(1000);
		ASSERT_EQ(0, get_policy(self->cg.id, &policy));
		EXPECT_EQ(SCMOD_MODE_ENFORCE, policy.mode) {
			TH_LOG("round %d", i);
		}
		policy_release(&policy);
		ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* What a process found out about itself and the world; compared over runs. */
struct effects {
	long ret[64];
	unsigned int count;
	mode_t mask;
	pid_t pgid, sid;
	char cwd[PATH_MAX];
	struct utsname uts;
	int next_fd;
};

#define DIR_PATH	"/tmp/scmod-enforce"

/* Calls with arguments that work, each with an effect that can be looked up. */
static void try_effects(struct effects *e)
{
	static int fds[2];

#define TRY(...) (e->ret[e->count++] = syscall(__VA_ARGS__) < 0 ? -errno : 0)
	TRY(SYS_mkdir, DIR_PATH "/made", 0700);
	TRY(SYS_mkdirat, AT_FDCWD, DIR_PATH "/made-at", 0700);
	TRY(SYS_creat, DIR_PATH "/created", 0600);
	TRY(SYS_open, DIR_PATH "/opened", O_CREAT | O_WRONLY, 0600);
	TRY(SYS_openat, AT_FDCWD, DIR_PATH "/opened-at", O_CREAT | O_WRONLY, 0600);
	TRY(SYS_unlink, DIR_PATH "/victim");
	TRY(SYS_rename, DIR_PATH "/old", DIR_PATH "/new");
	TRY(SYS_link, DIR_PATH "/target", DIR_PATH "/link");
	TRY(SYS_symlink, DIR_PATH "/target", DIR_PATH "/symlink");
	TRY(SYS_chmod, DIR_PATH "/target", 0777);
	TRY(SYS_chown, DIR_PATH "/target", 1, 1);
	TRY(SYS_truncate, DIR_PATH "/target", 0);
	TRY(SYS_mknod, DIR_PATH "/fifo", S_IFIFO | 0600, 0);
	TRY(SYS_umask, 0123);
	TRY(SYS_chdir, "/");
	TRY(SYS_setsid);
	TRY(SYS_sethostname, "enforced", 8);
	TRY(SYS_dup, 0);
	TRY(SYS_pipe, fds);
	TRY(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
	TRY(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, fds);
	TRY(SYS_eventfd2, 0, 0);
	TRY(SYS_epoll_create1, 0);
	TRY(SYS_memfd_create, "x", 0);
	TRY(SYS_mount, "none", DIR_PATH "/mnt", "tmpfs", 0, 0);
	TRY(SYS_kill, getpid(), SIGKILL);
#undef TRY
}

static void look_up(struct effects *e)
{
	e->mask = umask(0);
	e->pgid = getpgid(0) == getpid();
	e->sid = getsid(0) == getpid();
	if (!getcwd(e->cwd, sizeof(e->cwd)))
		e->cwd[0] = '\0';
	uname(&e->uts);
	e->next_fd = dup(0);
}

TEST_F(enforce, refused_calls_have_no_effect)
{
	struct bitmap *allowed = &self->abi[SCMOD_ABI_X86_64].allowed;
	static const int looks[] = { SYS_umask, SYS_getpgid, SYS_getsid, SYS_getcwd, SYS_uname,
				     SYS_dup, SYS_getpid };
	struct effects *before = shared_new(2 * sizeof(*before));
	struct effects *after = before + 1;
	int go[2], status;
	char byte;
	pid_t pid;

	ASSERT_EQ(0, sh("rm -rf %s; mkdir -p %s/mnt; cd %s; touch victim old; echo text >target; "
			"chmod 600 target", DIR_PATH, DIR_PATH, DIR_PATH));
	ASSERT_EQ(0, pipe(go));
	pid = cg_fork(&self->cg);
	if (!pid) {
		chdir(DIR_PATH);
		umask(022);
		look_up(before);
		umask(022);
		close(before->next_fd);
		read(go[0], &byte, 1);
		try_effects(after);
		/* This one is allowed again by then. */
		while (syscall(SYS_read, go[0], &byte, 1) < 0)
			;
		look_up(after);
		_exit(0);
	}
	ASSERT_EQ(0, wait_blocked(pid, SYS_read));
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(1, write(go[1], "", 1));
	while (after->count < 26)
		usleep(1000);
	for (unsigned int i = 0; i < after->count; i++) {
		/* If umask or dup had been made, they would have returned another value. */
		EXPECT_EQ(-CHOSEN, after->ret[i]) {
			TH_LOG("call %u of the list", i);
		}
	}
	bitmap_add(allowed, SYS_read);
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		bitmap_add(allowed, looks[i]);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(1, write(go[1], "", 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(before->mask, after->mask);
	EXPECT_EQ(before->pgid, after->pgid);
	EXPECT_EQ(before->sid, after->sid);
	EXPECT_STREQ(before->cwd, after->cwd);
	EXPECT_STREQ(before->uts.nodename, after->uts.nodename);
	EXPECT_EQ(before->next_fd, after->next_fd);
	EXPECT_EQ(0, sh("cd %s && test \"$(ls | tr '\\n' ' ')\" = 'mnt old target victim ' && "
			"test \"$(cat target)\" = text && test $(stat -c %%a%%u target) = 6000 && "
			"! mountpoint -q mnt", DIR_PATH));
}

/* The same work gives the same results, whether or not it is enforced. */
TEST_F_TIMEOUT(enforce, allowed_calls_behave_as_before, 120)
{
	static const char work[] =
		"cd " DIR_PATH " && rm -rf w && mkdir w && cd w && seq 1000 >a && sort -r a | "
		"gzip | gunzip | cksum && ln -s a b && mv a c && ls -l --time-style=+ | cksum && "
		"(exit 7); echo $?; sh -c 'kill -TERM $$'; echo $?; cat missing 2>&1";
	struct policy policy;

	ASSERT_EQ(0, sh("mkdir -p %s", DIR_PATH));
	ASSERT_EQ(0, sh("%s >%s/out1; true", work, DIR_PATH));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, sh("echo 0 >%s/cgroup.procs; %s >%s/out2; true", self->cg.path, work,
			DIR_PATH));
	ASSERT_EQ(0, sh("scmod enforce %s", self->cg.path));
	ASSERT_EQ(0, sh("echo 0 >%s/cgroup.procs; %s >%s/out3; true", self->cg.path, work,
			DIR_PATH));
	EXPECT_EQ(0, sh("cd %s && cat out1 && cmp out1 out2 && cmp out1 out3", DIR_PATH));
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_STREQ("", set_text(0, &policy.abi[SCMOD_ABI_X86_64].denied, NULL));
	EXPECT_LT(20, policy_count_of(&policy, seen));
	policy_release(&policy);
}

/* A call passes only if every enforcing ancestor allows it. */
TEST_F(enforce, every_enforcing_ancestor_has_its_say)
{
	struct abi_sets inner[NR_ABIS];
	struct calls *calls = calls_new(ENTRY_SYSCALL);

	memcpy(inner, self->abi, sizeof(inner));
	bitmap_add(&self->abi[0].allowed, SYS_getuid);
	bitmap_add(&self->abi[0].allowed, SYS_getgid);
	bitmap_add(&inner[0].allowed, SYS_getuid);
	bitmap_add(&inner[0].allowed, SYS_geteuid);
	calls_add(calls, SYS_getuid);
	calls_add(calls, SYS_getgid);
	calls_add(calls, SYS_geteuid);
	calls_add(calls, SYS_getegid);
	ASSERT_EQ(0, set_enforce(&self->top, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(0, set_enforce(&self->cg, inner, SCMOD_ACTION_ERRNO, EXDEV));
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_EQ(0, calls->ret[0]);
	EXPECT_EQ(-EXDEV, calls->ret[1]);
	EXPECT_EQ(-CHOSEN, calls->ret[2]);
	EXPECT_EQ(-EXDEV, calls->ret[3]);
	/* Off inside: the one above still decides. */
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_EQ(0, calls->ret[1]);
	EXPECT_EQ(-CHOSEN, calls->ret[2]);
	/* And so when it is forgotten, and in a cgroup made later. */
	ASSERT_EQ(0, drop_policy(self->cg.id));
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_EQ(-CHOSEN, calls->ret[2]);
	struct cg late = { .fd = -1 };

	ASSERT_EQ(0, cg_make(&late, &self->cg, "late"));
	ASSERT_EQ(0, calls_run(&late, calls));
	EXPECT_EQ(-CHOSEN, calls->ret[2]);
	EXPECT_EQ(0, cg_remove(&late));
}

static void complain(struct __test_metadata *_metadata, FIXTURE_DATA(enforce) *self, int mode)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	const struct scmod_record *record;
	struct policy policy;

	change.fd = self->cg.fd;
	change.mode = mode;
	change.abi = self->abi;
	ASSERT_EQ(0, scmod_set(&change, NULL));
	for (int i = 0; i < 5; i++)
		calls_add(calls, SYS_getuid);
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_EQ(0, calls->ret[0]);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_EQ(mode == SCMOD_MODE_COMPLAIN_LEARN, bitmap_has(&policy.abi[0].seen, SYS_getuid));
	EXPECT_TRUE(bitmap_has(&policy.abi[0].denied, SYS_getuid));
	EXPECT_TRUE(bitmap_has(&policy.abi[0].seen, SYS_exit_group));
	EXPECT_FALSE(bitmap_has(&policy.abi[0].denied, SYS_exit_group));
	record = policy_record(&policy, 0, SYS_getuid, SCMOD_RECORD_DENIED);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(5, record->count);
	policy_release(&policy);
}

/* Reported calls are not learned; otherwise enforcing the record would allow them. */
TEST_F(enforce, complain_reports_and_lets_pass)
{
	complain(_metadata, self, SCMOD_MODE_COMPLAIN);
}

TEST_F(enforce, complain_learn_learns_what_it_reports)
{
	complain(_metadata, self, SCMOD_MODE_COMPLAIN_LEARN);
}

/* A learning policy above learns the calls that a complaining one below reports. */
TEST_F(enforce, what_one_reports_another_learns)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	struct cg inner = { .fd = -1 };
	struct policy policy;

	ASSERT_EQ(0, cg_make(&inner, &self->cg, "inner"));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	change.fd = inner.fd;
	change.mode = SCMOD_MODE_COMPLAIN;
	change.abi = self->abi;
	ASSERT_EQ(0, scmod_set(&change, NULL));
	calls_add(calls, SYS_getuid);
	ASSERT_EQ(0, calls_run(&inner, calls));
	ASSERT_EQ(0, get_policy(inner.id, &policy));
	EXPECT_FALSE(bitmap_has(&policy.abi[0].seen, SYS_getuid));
	policy_release(&policy);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_TRUE(bitmap_has(&policy.abi[0].seen, SYS_getuid));
	EXPECT_FALSE(bitmap_has(&policy.abi[0].denied, SYS_getuid));
	policy_release(&policy);
	/* Learning goes on where complaining was. */
	ASSERT_EQ(0, set_mode(&inner, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, calls_run(&inner, calls));
	ASSERT_EQ(0, get_policy(inner.id, &policy));
	EXPECT_TRUE(bitmap_has(&policy.abi[0].seen, SYS_getuid));
	policy_release(&policy);
	EXPECT_EQ(0, cg_remove(&inner));
}

TEST_F(enforce, refusals_are_counted_and_signed)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	const struct scmod_record *record;
	struct policy policy;

	for (int i = 0; i < 100; i++)
		calls_add(calls, SYS_getuid);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, 0));
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_EQ(-EPERM, calls->ret[99]);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	record = policy_record(&policy, 0, SYS_getuid, SCMOD_RECORD_DENIED);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(100, record->count);
	EXPECT_STREQ("enforce_test", record->comm);
	EXPECT_EQ(NULL, policy_record(&policy, 0, SYS_getuid, SCMOD_RECORD_SEEN));
	policy_release(&policy);
}

/* H15: one line in the kernel log for each call and policy, however often. */
TEST_F_TIMEOUT(enforce, the_log_is_not_flooded, 90)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);

	for (int i = 0; i < 1000; i++)
		calls_add(calls, i % 2 ? SYS_getuid : SYS_getgid);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, 0));
	/* printk allows 10 such lines in 5 s; earlier tests may have used them up. */
	sleep(6);
	for (int i = 0; i < 20; i++)
		ASSERT_EQ(0, calls_run(&self->cg, calls));
	usleep(200000);
	EXPECT_EQ(0, sh("test $(dmesg | grep -c 'scmod: cgroup %lu:') -le 2",
			(unsigned long)self->cg.id));
	EXPECT_EQ(0, sh("dmesg | grep -q 'scmod: cgroup %lu: call 10[24] '",
			(unsigned long)self->cg.id));
}

/* The kernel log as a console gets it; dmesg and /dev/kmsg escape for themselves. */
static bool log_has(const char *text)
{
	static char log[1 << 20];
	int len = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, sizeof(log) - 1);

	if (len < 0)
		return false;
	log[len] = '\0';
	return strstr(log, text);
}

static bool log_gets(const char *text)
{
	for (int i = 0; i < 200; i++) {
		if (log_has(text))
			return true;
		usleep(100000);
	}
	return false;
}

/* A console obeys escape sequences, and a line break would begin a forged line. */
TEST_F_TIMEOUT(enforce, a_task_s_name_is_escaped_in_the_log, 90)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	char name[SCMOD_COMM_LEN];

	calls_add(calls, SYS_getuid);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, 0));
	sleep(6);
	ASSERT_EQ(0, prctl(PR_GET_NAME, name));
	ASSERT_EQ(0, prctl(PR_SET_NAME, "a\nb\x1b[2J\"\\\x7f\xe4z"));
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	ASSERT_EQ(0, prctl(PR_SET_NAME, name));
	EXPECT_TRUE(log_gets("made by \"a\\x0ab\\x1b[2J\\x22\\x5c\\x7f\\xe4z\"["));
}

/* The module logs itself how many lines the rate limit has suppressed. */
TEST_F_TIMEOUT(enforce, the_log_says_how_much_was_left_out, 90)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);

	for (int nr = 0; nr < 60; nr++)
		if (!call_is_special(SCMOD_ABI_X86_64, nr))
			calls_add(calls, nr);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, 0));
	EXPECT_EQ(0, sh("dmesg -C"));
	sleep(6);
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_TRUE(log_gets("scmod: ") && log_gets(" more calls were not allowed"));
	EXPECT_FALSE(log_has("callbacks suppressed"));
	EXPECT_EQ(0, sh("test $(dmesg | grep -c 'scmod: cgroup %lu:') -le 10",
			(unsigned long)self->cg.id));
	EXPECT_EQ(0, sh("test $(dmesg | grep -c 'scmod: [0-9]* more calls') -le 2"));
}

/* Live and reversible: one running process, refused and let go again. */
TEST_F(enforce, a_running_program_is_refused_and_let_go)
{
	struct bitmap *allowed = &self->abi[0].allowed;
	volatile long *last = shared_new(sizeof(*last));
	pid_t pid = cg_fork(&self->cg);

	if (!pid)
		for (;;)
			*last = raw_syscall(SYS_getppid, 0);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	usleep(100000);
	EXPECT_EQ(-CHOSEN, *last);
	bitmap_add(allowed, SYS_getppid);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	usleep(100000);
	EXPECT_EQ(getpid(), *last);
	bitmap_drop(allowed, SYS_getppid);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	usleep(100000);
	EXPECT_EQ(-CHOSEN, *last);
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	usleep(100000);
	EXPECT_EQ(getpid(), *last);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST_F(enforce, kill_ends_the_process_with_sigsys)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	int status;

	calls_add(calls, SYS_getuid);
	calls_add(calls, SYS_getgid);
	bitmap_add(&self->abi[0].allowed, SYS_getuid);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_KILL, 0));
	status = calls_run(&self->cg, calls);
	ASSERT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(SIGSYS, WTERMSIG(status));
	EXPECT_EQ(1, calls->done);
}

/* A handler or a blocked signal is no way out, and neither is being init. */
TEST_F(enforce, kill_can_not_be_caught_blocked_or_ignored)
{
	for (int how = 0; how < 5; how++) {
		struct clone_args args = {
			.flags = CLONE_INTO_CGROUP | (how == 4 ? CLONE_NEWPID : 0),
			.exit_signal = SIGCHLD,
			.cgroup = self->cg.fd,
		};
		int go[2], status;
		pid_t pid;

		ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_OFF));
		ASSERT_EQ(0, pipe(go));
		pid = syscall(SYS_clone3, &args, sizeof(args));
		if (!pid) {
			sigset_t all;
			char byte;

			sigfillset(&all);
			if (how == 1)
				sigprocmask(SIG_BLOCK, &all, NULL);
			if (how == 2)
				signal(SIGSYS, SIG_IGN);
			if (how == 3)
				signal(SIGSYS, (void (*)(int))_exit);
			read(go[0], &byte, 1);
			syscall(SYS_getgid);
			raw_syscall(SYS_exit_group, 0);
		}
		ASSERT_EQ(0, wait_blocked(pid, SYS_read));
		ASSERT_EQ(0, set_enforce(&self->top, self->abi, SCMOD_ACTION_KILL, 0));
		ASSERT_EQ(1, write(go[1], "", 1));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_TRUE(WIFSIGNALED(status)) {
			TH_LOG("way %d: status %x", how, status);
		}
		EXPECT_EQ(SIGSYS, WTERMSIG(status));
		close(go[0]);
		close(go[1]);
	}
}

static void *handler_again_and_again(void *unused)
{
	for (;;)
		signal(SIGSYS, (void (*)(int))_exit);
	return NULL;
}

/* Another thread puts a handler in place for as long as it can. */
TEST_F_TIMEOUT(enforce, kill_wins_over_a_thread_that_sets_handlers, 120)
{
	struct bitmap *allowed = &self->abi[0].allowed;

	memset(allowed, 0xff, sizeof(*allowed));
	bitmap_drop(allowed, SYS_getgid);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_KILL, 0));
	for (int round = 0; round < 50; round++) {
		int status;
		pid_t pid = cg_fork(&self->cg);

		if (!pid) {
			pthread_t thread;

			pthread_create(&thread, NULL, handler_again_and_again, NULL);
			usleep(1000);
			syscall(SYS_getgid);
			_exit(1);
		}
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_TRUE(WIFSIGNALED(status)) {
			TH_LOG("round %d: status %x", round, status);
		}
		ASSERT_EQ(SIGSYS, WTERMSIG(status));
	}
}

/* A call of any thread ends the whole process, and a shell says so. */
TEST_F(enforce, kill_of_a_thread_is_reported_by_a_shell)
{
	static const char perl[] =
		"exec perl -Mthreads -e 'my $s = q(scmod-vm);"
		"threads->create(sub { syscall($ARGV[0], $s, 8) })->join; sleep 0.1; exit 0'";

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, sh("(echo 0 >%s/cgroup.procs; %s %d)", self->cg.path, perl, SYS_getuid));
	ASSERT_EQ(0, sh("scmod enforce %s --action kill >/dev/null", self->cg.path));
	EXPECT_EQ(0, sh("(echo 0 >%s/cgroup.procs; %s %d)", self->cg.path, perl, SYS_getuid));
	EXPECT_EQ(128 + SIGSYS, sh("(echo 0 >%s/cgroup.procs; %s %d)", self->cg.path, perl,
				   SYS_sethostname));
	EXPECT_EQ(0, sh("test $(hostname) = scmod-vm"));
}

TEST_F(enforce, soft_calls_get_enosys_under_kill_too)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);

	calls_add(calls, SYS_clone3);
	bitmap_add(&self->abi[0].soft, SYS_clone3);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_KILL, 0));
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	EXPECT_EQ(-ENOSYS, calls->ret[0]);
}

/* clone3 refused as soft: glibc starts threads by clone. */
TEST_F(enforce, threads_start_without_clone3)
{
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, sh("echo 0 >%s/cgroup.procs; exec perl -Mthreads -e '"
			"threads->create(sub { 42 })->join == 42 or exit 1; syscall(56, -1, 0)'",
			self->cg.path));
	ASSERT_EQ(0, sh("scmod dump %s --format list 2>/dev/null | grep -v '^clone3' "
			">/tmp/scmod-noclone3 && grep -q '^clone$' /tmp/scmod-noclone3",
			self->cg.path));
	ASSERT_EQ(0, sh("scmod enforce %s --profile /tmp/scmod-noclone3", self->cg.path));
	EXPECT_EQ(0, sh("echo 0 >%s/cgroup.procs; exec perl -Mthreads -e '"
			"threads->create(sub { 42 })->join == 42 or exit 1'", self->cg.path));
	EXPECT_EQ(0, sh("scmod status %s | grep -q clone3", self->cg.path));
}

/* If the root cgroup were enforced, no task would be left that may change policies. */
TEST_F(enforce, the_root_cgroup_is_refused)
{
	struct cg root = { .path = "/sys/fs/cgroup" };
	struct policy policy;

	memset(&self->abi[0].allowed, 0xff, sizeof(struct bitmap));
	root.fd = open(root.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, root.fd);
	EXPECT_EQ(-EINVAL, set_enforce(&root, self->abi, SCMOD_ACTION_ERRNO, 0));
	EXPECT_NE(NULL, strstr(scmod_reason(-EINVAL), "root cgroup"));
	EXPECT_EQ(-ENOENT, get_policy(1, &policy));
	ASSERT_EQ(0, set_mode(&root, SCMOD_MODE_LEARN));
	EXPECT_EQ(-EINVAL, set_enforce(&root, self->abi, SCMOD_ACTION_ERRNO, 0));
	ASSERT_EQ(0, get_policy(1, &policy));
	EXPECT_EQ(SCMOD_MODE_LEARN, policy.mode);
	EXPECT_LT(0, policy_count_of(&policy, seen));
	policy_release(&policy);
	EXPECT_EQ(0, drop_policy(1));
}

/* H8: the module can't be unloaded while it protects. */
TEST_F(enforce, rmmod_is_refused_while_something_is_enforced)
{
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, 0));
	EXPECT_NE(0, sh("rmmod scmod 2>/dev/null"));
	EXPECT_EQ(0, sh("test -d /sys/module/scmod"));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_COMPLAIN));
	EXPECT_EQ(0, sh("test $(cat /sys/module/scmod/refcnt) -eq 0"));
}

/* The policy of a cgroup that is gone must not keep the module from being unloaded. */
TEST_F(enforce, a_removed_cgroup_lets_the_module_go)
{
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, 0));
	ASSERT_EQ(0, cg_remove(&self->cg));
	EXPECT_EQ(0, sh("for i in $(seq 100); do test $(cat /sys/module/scmod/refcnt) -eq 0 && "
			"exit 0; sleep 0.1; done; exit 1"));
}

TEST_HARNESS_MAIN
