// SPDX-License-Identifier: GPL-2.0
/*
 * Which sockets receive events: only those that asked with LISTEN, and only as long as the
 * process that asked keeps the capability that was checked then. This holds also while
 * the module is loaded and unloaded. SCMOD_ROUNDS: how often the module is loaded
 * while threads of user nobody try to join the multicast group that it would get.
 *
 * CPUs take turns here: QEMU may run code that was patched away, and each load patches
 * functions that these threads run; see vm/run.
 *
 * vm: --no-module
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

#define ROUNDS		3
#define THREADS		8

static struct msg m;
static pthread_barrier_t both;

/* In memory that the test shares with the process of user nobody. */
struct storm {
	bool over;
	uint16_t family;
	uint32_t group;
	unsigned int joined;
	unsigned int heard;
	unsigned int answered;
};

/* ---- the numbers of generic netlink */

static void groups_of(const void *data, size_t len, bool *taken)
{
	const struct nlattr *groups = attr_find(data, len, CTRL_ATTR_MCAST_GROUPS);
	const unsigned char *at = groups ? attr_data(groups) : NULL;
	const unsigned char *end = groups ? at + attr_len(groups) : NULL;

	while (at < end) {
		const struct nlattr *one = (const struct nlattr *)at;
		uint32_t group = attr_u32(attr_find(attr_data(one), attr_len(one),
						    CTRL_ATTR_MCAST_GRP_ID));

		if (group < 256)
			taken[group] = true;
		at += NLA_ALIGN(one->nla_len);
	}
}

/*
 * The number that the next family's multicast group gets: the first that no family
 * has, but for those that are set aside (mc_group_start in net/netlink/genetlink.c).
 */
static uint32_t next_group(void)
{
	bool taken[256] = { [0] = true, [1] = true, [16] = true, [17] = true, [18] = true };
	struct answer a = { 0 };
	uint32_t group = 0;
	struct genl nl;

	if (genl_socket(&nl))
		return 0;
	for (uint16_t family = GENL_MIN_ID; family < GENL_MIN_ID + 128; family++) {
		msg_begin(&m, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
		msg_put(&m, CTRL_ATTR_FAMILY_ID, &family, sizeof(family));
		genl_ask(&nl, &m, &a);
		if (!a.err && a.len > GENL_HDRLEN)
			groups_of(a.data + GENL_HDRLEN, a.len - GENL_HDRLEN, taken);
		a.len = 0;
	}
	genl_close(&nl);
	answer_free(&a);
	while (taken[group])
		group++;
	return group;
}

/* ---- user nobody, who joins groups that are free */

static void count_heard(int fd, struct storm *storm)
{
	unsigned char data[RECV_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)data;

	while (recv(fd, data, sizeof(data), MSG_DONTWAIT) > 0) {
		if (nlh->nlmsg_type == storm->family)
			__atomic_fetch_add(&storm->heard, 1, __ATOMIC_RELAXED);
		else if (nlh->nlmsg_type == NLMSG_ERROR)
			__atomic_fetch_add(&storm->answered, 1, __ATOMIC_RELAXED);
	}
}

static int member(const struct genl *nl, uint32_t group, int how)
{
	return setsockopt(nl->fd, SOL_NETLINK, how, &group, sizeof(group));
}

/*
 * Joins and leaves the group as long as no family has its number. Then joining is refused,
 * so a socket that is a member by then stays one, and counts what it receives.
 */
static void *join_free_group(void *arg)
{
	struct storm *storm = arg;
	struct genl nl;

	if (genl_socket(&nl))
		return NULL;
	while (!__atomic_load_n(&storm->over, __ATOMIC_RELAXED)) {
		for (int i = 0; i < 100; i++) {
			if (member(&nl, storm->group, NETLINK_ADD_MEMBERSHIP))
				continue;
			__atomic_fetch_add(&storm->joined, 1, __ATOMIC_RELAXED);
			if (!member(&nl, storm->group, NETLINK_ADD_MEMBERSHIP))
				member(&nl, storm->group, NETLINK_DROP_MEMBERSHIP);
		}
		count_heard(nl.fd, storm);
	}
	count_heard(nl.fd, storm);
	return NULL;
}

static pid_t storm_start(struct storm *storm)
{
	pthread_t thread[THREADS];
	pid_t pid = fork();

	if (pid)
		return pid;
	/* With a nice value of 0 these threads would make loading take minutes. */
	if (become_nobody() || nice(5) != 5)
		_exit(1);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&thread[i], NULL, join_free_group, storm))
			_exit(2);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	_exit(0);
}

static int family_known(struct storm *storm)
{
	struct genl nl;
	int err = genl_socket(&nl);

	if (!err)
		err = genl_resolve(&nl, &m);
	storm->family = nl.family;
	genl_close(&nl);
	return err;
}

/* ---- a process that listens, and then loses what was checked */

/* A child that sends LISTEN on a socket it shares with the test, then acts on request. */
struct asker {
	int to[2];
	int from[2];
	pid_t pid;
};

FIXTURE(asker)
{
	struct asker asker;
	struct genl ear;
	struct cg cg;
	int mode;
};

FIXTURE_SETUP(asker)
{
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "hear-test"));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	ASSERT_EQ(0, genl_socket(&self->ear));
	ASSERT_EQ(0, genl_resolve(&self->ear, &m));
}

FIXTURE_TEARDOWN(asker)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	scmod_close();
	EXPECT_EQ(0, sh("rmmod scmod"));
}

/* Causes an event. Returns 1 if the socket received it, or a negative errno value. */
static int after_event(struct __test_metadata *_metadata, FIXTURE_DATA(asker) *self)
{
	static unsigned char data[RECV_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)data;

	self->mode = self->mode == SCMOD_MODE_LEARN ? SCMOD_MODE_COMPLAIN : SCMOD_MODE_LEARN;
	EXPECT_EQ(0, set_mode(&self->cg, self->mode));
	if (recv(self->ear.fd, data, sizeof(data), MSG_DONTWAIT) < 0)
		return -errno;
	return nlh->nlmsg_type == self->ear.family ? 1 : -EBADMSG;
}

static int done(const struct asker *asker)
{
	int err = -ECHILD;

	return read(asker->from[0], &err, sizeof(err)) == sizeof(err) ? err : -ECHILD;
}

static void tell_done(const struct asker *asker, int err)
{
	char byte;

	if (write(asker->from[1], &err, sizeof(err)) != sizeof(err) ||
	    read(asker->to[0], &byte, 1) != 1)
		_exit(1);
}

/* Returns the result of LISTEN. Each asker_go_on() then makes the child do @then, @back. */
static int asker_start(FIXTURE_DATA(asker) *self, int (*then)(void), int (*back)(void))
{
	struct asker *asker = &self->asker;

	if (pipe(asker->to) || pipe(asker->from))
		return -errno;
	asker->pid = fork();
	if (!asker->pid) {
		close(asker->to[1]);
		tell_done(asker, genl_listen(&self->ear, &m));
		tell_done(asker, then());
		tell_done(asker, back ? back() : 0);
		_exit(0);
	}
	close(asker->from[1]);
	return done(asker);
}

static int asker_go_on(const struct asker *asker)
{
	return write(asker->to[1], "", 1) == 1 ? done(asker) : -EPIPE;
}

static void asker_end(struct asker *asker)
{
	close(asker->to[1]);
	close(asker->from[0]);
	kill(asker->pid, SIGKILL);
	waitpid(asker->pid, NULL, 0);
}

static int stay(void)
{
	return 0;
}

static int end(void)
{
	_exit(0);
}

static int no_sys_admin(void)
{
	struct __user_cap_header_struct hdr = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &hdr, data))
		return -errno;
	data[0].effective &= ~(1U << CAP_SYS_ADMIN);
	return syscall(SYS_capset, &hdr, data) ? -errno : 0;
}

static void *thread_without(void *arg)
{
	*(int *)arg = no_sys_admin();
	pthread_barrier_wait(&both);
	pause();
	return NULL;
}

/* Each thread has its own capabilities, but threads share their sockets. */
static int one_thread_without(void)
{
	static int err;
	pthread_t thread;

	pthread_barrier_init(&both, NULL, 2);
	if (pthread_create(&thread, NULL, thread_without, &err))
		return -EAGAIN;
	pthread_barrier_wait(&both);
	return err;
}

static int other_user_namespace(void)
{
	return unshare(CLONE_NEWUSER) ? -errno : 0;
}

static int nobody_for_a_while(void)
{
	return seteuid(NOBODY) ? -errno : 0;
}

static int root_again(void)
{
	return seteuid(0) ? -errno : 0;
}

FIXTURE_VARIANT(asker)
{
	int (*then)(void);
	int (*back)(void);
	bool ends, hears;
};

FIXTURE_VARIANT_ADD(asker, stays) { .then = stay, .hears = true };
FIXTURE_VARIANT_ADD(asker, ends) { .then = end, .ends = true };
FIXTURE_VARIANT_ADD(asker, becomes_nobody) { .then = become_nobody };
FIXTURE_VARIANT_ADD(asker, drops_the_capability) { .then = no_sys_admin };
FIXTURE_VARIANT_ADD(asker, has_one_thread_that_drops_it) { .then = one_thread_without };
FIXTURE_VARIANT_ADD(asker, enters_a_user_namespace) { .then = other_user_namespace };
FIXTURE_VARIANT_ADD(asker, is_nobody_for_a_while) {
	.then = nobody_for_a_while, .back = root_again };

/* The test holds the socket as well, as a process would to which it was passed. */
TEST_F_TIMEOUT(asker, hears_while_it_has_the_capability, 120)
{
	siginfo_t info;

	ASSERT_EQ(0, asker_start(self, variant->then, variant->back));
	EXPECT_EQ(1, after_event(_metadata, self));
	EXPECT_EQ(-EAGAIN, recv(self->ear.fd, NULL, 0, MSG_DONTWAIT) < 0 ? -errno : 0);
	EXPECT_EQ(variant->ends ? -ECHILD : 0, asker_go_on(&self->asker));
	/* The process has ended, but is a zombie, so that its pid is not used again. */
	if (variant->ends)
		ASSERT_EQ(0, waitid(P_PID, self->asker.pid, &info, WEXITED | WNOWAIT));
	EXPECT_EQ(variant->hears ? 1 : -EPERM, after_event(_metadata, self));
	EXPECT_EQ(variant->hears ? 1 : -EAGAIN, after_event(_metadata, self));
	/* The socket stays deaf even if the process has the capability again. */
	if (!variant->ends)
		EXPECT_EQ(0, asker_go_on(&self->asker));
	EXPECT_EQ(variant->hears ? 1 : -EAGAIN, after_event(_metadata, self));
	asker_end(&self->asker);
	EXPECT_EQ(variant->hears ? -EPERM : -EAGAIN, after_event(_metadata, self));
	/* It receives events again when a process with the capability sends LISTEN. */
	ASSERT_EQ(0, genl_listen(&self->ear, &m));
	EXPECT_EQ(1, after_event(_metadata, self));
	genl_close(&self->ear);
}

FIXTURE(socket)
{
	FIXTURE_DATA(asker) asker;
};

FIXTURE_SETUP(socket)
{
	asker_setup(_metadata, &self->asker, NULL);
}

FIXTURE_TEARDOWN(socket)
{
	asker_teardown(_metadata, &self->asker, NULL);
}

/* With sendto() the kernel does not check who opened the socket; the module has to. */
static int listen_with_address(struct genl *g)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct answer a = { 0 };
	int err;

	msg_begin(&m, g->family, 0, SCMOD_CMD_LISTEN);
	msg_header(&m)->nlmsg_seq = ++g->seq;
	if (sendto(g->fd, m.data, m.len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	genl_answer(g, &a);
	err = a.err;
	if (err && !strstr(a.text, "opened this socket"))
		err = -EBADMSG;
	answer_free(&a);
	return err;
}

TEST_F_TIMEOUT(socket, that_nobody_opened_is_refused, 60)
{
	uint16_t family = self->asker.ear.family;
	struct genl nobodys;

	EXPECT_EQ(0, listen_with_address(&self->asker.ear));
	ASSERT_EQ(0, seteuid(NOBODY));
	ASSERT_EQ(0, genl_socket(&nobodys));
	ASSERT_EQ(0, seteuid(0));
	nobodys.family = family;
	EXPECT_EQ(-EPERM, listen_with_address(&nobodys));
	EXPECT_EQ(-EPERM, genl_listen(&nobodys, &m));
	genl_close(&nobodys);
}

TEST_F_TIMEOUT(socket, is_told_that_the_module_goes, 60)
{
	struct genl *ear = &self->asker.ear;
	char byte;

	ASSERT_EQ(0, genl_listen(ear, &m));
	ASSERT_EQ(0, drop_policy(self->asker.cg.id));
	scmod_close();
	ASSERT_EQ(0, sh("rmmod scmod"));
	EXPECT_EQ(-1, recv(ear->fd, &byte, 1, MSG_DONTWAIT));
	EXPECT_EQ(ESHUTDOWN, errno);
	/* Events that were queued before can still be read. */
	while (recv(ear->fd, &byte, 1, MSG_DONTWAIT) >= 0)
		;
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
}

#define PORT		0x5c0d

static int bind_port(int fd)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_pid = PORT };

	return bind(fd, (struct sockaddr *)&at, sizeof(at)) ? -errno : 0;
}

/* User nobody binds to the port id as soon as it is free, and keeps it for a moment. */
static void __attribute__((noreturn)) take_port(struct storm *storm)
{
	if (become_nobody())
		_exit(1);
	while (!__atomic_load_n(&storm->over, __ATOMIC_RELAXED)) {
		int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

		if (!bind_port(fd)) {
			storm->joined++;
			for (int i = 0; i < 50; i++)
				count_heard(fd, storm);
		}
		close(fd);
	}
	_exit(0);
}

static void __attribute__((noreturn)) make_events(const struct cg *cg, struct storm *storm)
{
	if (scmod_connect())
		_exit(1);
	for (unsigned int i = 0; !__atomic_load_n(&storm->over, __ATOMIC_RELAXED); i++)
		if (set_mode(cg, i % 2 ? SCMOD_MODE_COMPLAIN : SCMOD_MODE_LEARN))
			_exit(2);
	_exit(0);
}

static int listen_at_port(uint16_t family)
{
	struct genl g = { .family = family };
	int err;

	g.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	while (bind_port(g.fd))
		usleep(100);
	err = genl_listen(&g, &m);
	usleep(10000);
	genl_close(&g);
	return err;
}

/* A port id is free before the kernel notifies modules that its socket is closed. */
TEST_F_TIMEOUT(socket, that_gets_the_port_id_of_a_listener_hears_nothing, 300)
{
	struct storm *storm = shared_new(sizeof(*storm));
	pid_t taker, maker;
	int status;

	ASSERT_NE(NULL, storm);
	storm->family = self->asker.ear.family;
	taker = fork();
	if (!taker)
		take_port(storm);
	maker = fork();
	if (!maker)
		make_events(&self->asker.cg, storm);
	for (int i = 0; i < 300; i++)
		ASSERT_EQ(0, listen_at_port(storm->family));
	storm->over = true;
	ASSERT_EQ(taker, waitpid(taker, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_EQ(maker, waitpid(maker, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_LT(0, (int)storm->joined);
	EXPECT_EQ(0, storm->heard);
	TH_LOG("user nobody had the port id %u times, heard %u events", storm->joined,
	       storm->heard);
}

/* ---- loading, while many threads try to join the group */

FIXTURE(hear)
{
	struct storm *storm;
	struct cg cg;
	unsigned int rounds;
	struct answer answer;
};

FIXTURE_SETUP(hear)
{
	const char *rounds = getenv("SCMOD_ROUNDS");

	self->rounds = rounds ? atoi(rounds) : ROUNDS;
	self->storm = shared_new(sizeof(*self->storm));
	ASSERT_NE(NULL, self->storm);
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "hear-test"));
}

FIXTURE_TEARDOWN(hear)
{
	EXPECT_EQ(0, cg_remove(&self->cg));
	sh("rmmod scmod 2>/dev/null");
}

/* Causes events. Returns how many of them root received. */
static int something_happens(struct __test_metadata *_metadata, FIXTURE_DATA(hear) *self)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	struct storm root = { .family = self->storm->family };
	struct genl ear;

	ASSERT_EQ(0, genl_socket(&ear));
	ASSERT_EQ(0, genl_resolve(&ear, &m));
	ASSERT_EQ(0, genl_listen(&ear, &m));
	ASSERT_EQ(0, scmod_connect());
	for (int i = 0; i < 5; i++)
		ASSERT_EQ(0, set_mode(&self->cg, i % 2 ? SCMOD_MODE_COMPLAIN : SCMOD_MODE_LEARN));
	calls_add(calls, SYS_getuid);
	calls_add(calls, SYS_getpid);
	EXPECT_EQ(0, calls_run(&self->cg, calls));
	usleep(100000);
	count_heard(ear.fd, &root);
	genl_close(&ear);
	scmod_close();
	calls_free(calls);
	return root.heard;
}

/*
 * The kernel lets any user join a multicast group whose number is free, and does not check
 * the members when a family gets that number.
 */
TEST_F_TIMEOUT(hear, nobody_who_lies_in_wait_hears_anything, 3600)
{
	unsigned int root = 0;
	int status;
	pid_t pid;

	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, family_known(self->storm));
	ASSERT_EQ(0, sh("rmmod scmod"));
	self->storm->group = next_group();
	ASSERT_LT(0, (int)self->storm->group);
	pid = storm_start(self->storm);
	ASSERT_LT(0, pid);
	for (unsigned int i = 0; i < self->rounds; i++) {
		unsigned int before = self->storm->heard;

		ASSERT_EQ(0, sh(INSMOD));
		ASSERT_EQ(0, family_known(self->storm));
		root += something_happens(_metadata, self);
		ASSERT_EQ(0, sh("rmmod scmod"));
		EXPECT_EQ(before, self->storm->heard) {
			TH_LOG("load %u: user nobody heard %u messages", i,
			       self->storm->heard - before);
		}
	}
	self->storm->over = true;
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_LE(7 * self->rounds, root);
	EXPECT_LT(0, (int)self->storm->joined);
	EXPECT_EQ(0, self->storm->heard);
	TH_LOG("%u loads: root heard %u, user nobody %u in %u joins", self->rounds, root,
	       self->storm->heard, self->storm->joined);
}

TEST_HARNESS_MAIN
