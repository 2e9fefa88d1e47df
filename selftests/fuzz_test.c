// SPDX-License-Identifier: GPL-2.0
/*
 * A fuzzer of the netlink interface. Messages are well-formed and then damaged attribute by
 * attribute, or random. Processes with and without the right to send them do so, while
 * dumps are under way, listeners come and go, tasks run in the cgroups, and cgroups are
 * removed. A message with a new effect (new code of the module on a kernel with KCOV, a
 * new error text on all kernels) is kept and damaged further.
 *
 * SCMOD_MESSAGES: how many (20000). SCMOD_SEED: which (1); a seed gives the same messages
 * each time, but concurrent processes may change their effect. The sender is in the
 * root cgroup, which can't be enforced, so that it can't lock itself out.
 *
 * vm: --param max_policies=24
 * cpus: parallel
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include <linux/kcov.h>

#include "kselftest_harness.h"
#include "fuzz_message.h"
#include "genl.h"
#include "lib.h"

/* ---- the cgroups, descriptors and ids that messages refer to */

static const struct {
	const char *name;
	int parent;
} tree[] = {
	{ "fuzz-0", -1 }, { "a", 0 }, { "b", 1 }, { "fuzz-1", -1 }, { "a", 3 },
	{ "fuzz-2", -1 }, { "fuzz-3", -1 },
};

#define CGROUPS	(sizeof(tree) / sizeof(tree[0]))

/*
 * Fixed descriptor numbers, so that a kept message stays meaningful when the file behind a
 * number is replaced. They are far above the numbers that open() returns.
 */
enum {
	FD_CGROUP = 200,
	FD_MOUNT = FD_CGROUP + CGROUPS,
	FD_ROOT,
	FD_V1,
	FD_PLAIN,
	FD_FILE,
	FD_INNER,
	FD_CLOSED,
	FD_REMOVED,
	FD_END = FD_REMOVED + 4,
};

/* Ids that policies had lately. */
#define IDS	32

static struct cg cg[CGROUPS];
static uint64_t ids[IDS];
static unsigned int ids_next;
static unsigned int removed_next;
static char dir[64];
static struct genl root_nl;

static void fd_put(int fd, int at)
{
	dup3(fd, at, O_CLOEXEC);
}

static int fd_open(const char *path, int flags, int at)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	fd_put(fd, at);
	close(fd);
	return 0;
}

static int cgroup_new(unsigned int i)
{
	int err = cg_make(&cg[i], tree[i].parent < 0 ? NULL : &cg[tree[i].parent], tree[i].name);

	if (!err)
		fd_put(cg[i].fd, FD_CGROUP + i);
	return err;
}

static bool is_under(unsigned int i, unsigned int top)
{
	int at = i;

	while (at >= 0 && at != (int)top)
		at = tree[at].parent;
	return at >= 0;
}

/* Remove a cgroup with those below it, and make new ones by the same names. */
static int cgroup_renew(unsigned int top)
{
	int err = 0;

	for (int i = CGROUPS - 1; i >= 0 && !err; i--) {
		if (!is_under(i, top))
			continue;
		fd_put(cg[i].fd, FD_REMOVED + removed_next++ % (FD_END - FD_REMOVED));
		err = cg_remove(&cg[i]);
	}
	for (unsigned int i = 0; i < CGROUPS && !err; i++)
		if (is_under(i, top))
			err = cgroup_new(i);
	return err;
}

static int world_make(void)
{
	char path[128];

	for (unsigned int i = 0; i < CGROUPS; i++)
		if (cgroup_new(i))
			return -1;
	strcpy(dir, "/tmp/fuzz.XXXXXX");
	if (!mkdtemp(dir) || fd_open(dir, O_RDONLY, FD_PLAIN) ||
	    mount("none", dir, "cgroup", 0, "none,name=fuzz-test") ||
	    fd_open(dir, O_RDONLY, FD_V1) || umount2(dir, MNT_DETACH) ||
	    mount("none", dir, "cgroup2", 0, NULL))
		return -1;
	snprintf(path, sizeof(path), "%s/fuzz-2", dir);
	if (fd_open(path, O_RDONLY, FD_MOUNT) || fd_open("/sys/fs/cgroup", O_RDONLY, FD_ROOT) ||
	    fd_open("/proc/self/status", O_RDONLY, FD_FILE) ||
	    fd_open("/sys/fs/cgroup/fuzz-1/cgroup.procs", O_RDONLY, FD_INNER))
		return -1;
	return 0;
}

static void world_end(void)
{
	for (int fd = FD_CGROUP; fd < FD_END; fd++)
		close(fd);
	umount(dir);
	rmdir(dir);
	for (int i = CGROUPS - 1; i >= 0; i--)
		cg_remove(&cg[i]);
}

static uint32_t some_fd(void)
{
	if (percent(75))
		return FD_CGROUP + below(CGROUPS);
	return percent(80) ? FD_MOUNT + below(FD_END - FD_MOUNT) : edge();
}

static uint16_t family(void)
{
	return root_nl.family;
}

static uint64_t some_id(void)
{
	if (percent(60))
		return ids[below(IDS)];
	return percent(60) ? cg[below(CGROUPS)].id : edge();
}

/* ---- which code was reached: KCOV, of the sender's own task */

#define KCOV_WORDS	(1 << 16)
#define MODULE_BYTES	(1 << 20)

static unsigned long *kcov;
static unsigned long module_at;
static unsigned char reached[MODULE_BYTES];
static unsigned int reached_count;

static unsigned long number_of(const char *command)
{
	FILE *p = popen(command, "r");
	unsigned long value = 0;

	if (p && fscanf(p, "%lx", &value) != 1)
		value = 0;
	if (p)
		pclose(p);
	return value;
}

/* KCOV takes the random base of the kernel off every address, a module's too. */
static void kcov_start(void)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	module_at = number_of("sed -n 's/^scmod .* \\(0x[0-9a-f]*\\).*/\\1/p' /proc/modules") -
		    (number_of("grep ' _text$' /proc/kallsyms") - 0xffffffff81000000);
	if (ioctl(fd, KCOV_INIT_TRACE, KCOV_WORDS))
		return;
	kcov = mmap(NULL, KCOV_WORDS * sizeof(*kcov), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (kcov == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		kcov = NULL;
}

static void kcov_reset(void)
{
	if (kcov)
		__atomic_store_n(&kcov[0], 0, __ATOMIC_RELAXED);
}

/* Was anything reached for the first time? */
static bool kcov_new(void)
{
	unsigned long count = kcov ? __atomic_load_n(&kcov[0], __ATOMIC_RELAXED) : 0;
	unsigned int before = reached_count;

	for (unsigned long i = 1; i <= count; i++) {
		unsigned long at = kcov[i] - module_at;

		if (at < MODULE_BYTES && !reached[at]) {
			reached[at] = 1;
			reached_count++;
		}
	}
	kcov_reset();
	return reached_count != before;
}

static void kcov_report(void)
{
	unsigned long all;

	if (!kcov) {
		printf("# no KCOV in this kernel: coverage is not known\n");
		return;
	}
	all = number_of("readelf -rW " BUILD "/$(uname -r)/scmod.ko | awk '"
			"/^Relocation/ { on = $3 !~ /init|exit/ }"
			"on && /__sanitizer_cov_trace_pc/ { n++ } END { printf \"%x\", n }'");
	printf("# coverage: %u of %lu instrumented places of the module, %lu %%\n",
	       reached_count, all, all ? reached_count * 100 / all : 0);
	if (getenv("SCMOD_COVERAGE"))
		for (unsigned long at = 0; at < MODULE_BYTES; at++)
			if (reached[at])
				printf("# reached 0x%lx\n", at);
}

/* ---- sending */

/* Counters, shared with the children that send. */
static struct {
	unsigned long sent, refused, done, silent, answers, faults, unprivileged;
} *count;

static unsigned char sink[1 << 16] __attribute__((aligned(NLMSG_ALIGNTO)));
static struct msg one, all;

/* Messages of one send, and what the socket takes of them. */
#define TOGETHER	32
#define TOGETHER_BYTES	(128 * 1024)

struct sent {
	struct shape shape[TOGETHER];
	bool plain[TOGETHER];
	bool answered[TOGETHER];
	unsigned int count;
	uint32_t seq;
	bool kept;
};

/* Whether the message reaches the module, because its headers are right. */
static bool is_plain(const struct shape *s, const struct msg *m)
{
	/* The damage may have changed the command, so take it from the message. */
	uint8_t cmd = m->len > NLMSG_HDRLEN ? m->data[NLMSG_HDRLEN] : 0;

	return s->type == root_nl.family && !s->lie && m->len >= NLMSG_HDRLEN + GENL_HDRLEN &&
	       cmd >= SCMOD_CMD_STATUS && cmd <= SCMOD_CMD_MAX && cmd != SCMOD_CMD_EVENT &&
	       s->flags & NLM_F_REQUEST;
}

static void __attribute__((format(printf, 1, 2))) fault(const char *fmt, ...)
{
	va_list args;

	if (__atomic_fetch_add(&count->faults, 1, __ATOMIC_RELAXED) > 20)
		return;
	printf("# fault at message %lu: ", count->sent);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n#  ");
	for (size_t i = 0; i < all.len && i < 400; i++)
		printf(" %02x", all.data[i]);
	printf("\n");
	fflush(stdout);
}

/* Whether the error comes from the kernel's core, so that it has no text of the module. */
static bool core_error(int err, const struct shape *s)
{
	switch (-err) {
	case EOPNOTSUPP:
	case ENOMEM:
		return true;
	case EBUSY:
		/* The socket's last dump isn't over. */
		return (s->flags & NLM_F_DUMP) == NLM_F_DUMP;
	default:
		return false;
	}
}

/* Whether this command was refused with this text for the first time. */
static bool outcome_new(const struct shape *s, int err, const char *text)
{
	static unsigned char seen[4096];
	uint32_t hash = 5381 + s->cmd * 31 + err * 7 + (s->flags & NLM_F_DUMP);

	while (*text)
		hash = hash * 33 + (unsigned char)*text++;
	hash %= sizeof(seen);
	if (seen[hash])
		return false;
	seen[hash] = 1;
	return true;
}

static void ack_read(struct sent *sent, const struct nlmsghdr *nlh)
{
	unsigned int i = nlh->nlmsg_seq - sent->seq;
	size_t skip = nlh->nlmsg_type == NLMSG_ERROR ? sizeof(struct nlmsgerr) : sizeof(int);
	struct answer a = { 0 };
	const struct shape *s;

	if (nlh->nlmsg_len < NLMSG_HDRLEN + skip)
		return;
	answer_end(&a, nlh, skip);
	if (i >= sent->count)
		return;
	s = &sent->shape[i];
	sent->answered[i] = true;
	__atomic_fetch_add(a.err ? &count->refused : &count->done, 1, __ATOMIC_RELAXED);
	if (a.err < 0 && sent->plain[i] && !a.text[0] && !core_error(a.err, s))
		fault("command %u was refused with %s and no word", s->cmd, strerror(-a.err));
	if (outcome_new(s, a.err, a.text))
		sent->kept = true;
}

static void data_read(const struct nlmsghdr *nlh)
{
	const unsigned char *data = NLMSG_DATA(nlh);
	const struct nlattr *id;

	__atomic_fetch_add(&count->answers, 1, __ATOMIC_RELAXED);
	if (nlh->nlmsg_type != root_nl.family || data[0] != SCMOD_CMD_SET)
		return;
	id = attr_find(data + GENL_HDRLEN, nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
		       SCMOD_A_POLICY_ID);
	if (id)
		ids[ids_next++ % IDS] = attr_u64(id);
}

static void datagram_read(struct sent *sent, const unsigned char *data, size_t len)
{
	while (len >= NLMSG_HDRLEN) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)data;
		size_t step = NLMSG_ALIGN(nlh->nlmsg_len);

		if (nlh->nlmsg_len < NLMSG_HDRLEN || nlh->nlmsg_len > len) {
			fault("an answer of %u bytes in %zu", nlh->nlmsg_len, len);
			return;
		}
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
			ack_read(sent, nlh);
		else
			data_read(nlh);
		if (step >= len)
			return;
		data += step;
		len -= step;
	}
}

static void read_all(struct genl *g, struct sent *sent)
{
	for (;;) {
		ssize_t len = recv(g->fd, sink, sizeof(sink), MSG_DONTWAIT);

		if (len >= 0)
			datagram_read(sent, sink, len);
		else if (errno != ENOBUFS)
			return;
	}
}

/* Some messages in one go, in @all. */
static void compose(struct sent *sent, uint32_t seq, unsigned int most)
{
	unsigned int want = percent(50) ? 1 : 1 + below(most);

	memset(sent, 0, sizeof(*sent));
	sent->seq = seq;
	all.len = 0;
	/* Behind a lie about its length, the kernel may see other messages. */
	for (unsigned int i = 0; i < want && !(i && sent->shape[i - 1].lie); i++) {
		size_t at = NLMSG_ALIGN(all.len);

		next_shape(&sent->shape[i]);
		shape_bytes(&one, &sent->shape[i], seq + i);
		if (i && at + one.len > TOGETHER_BYTES)
			break;
		sent->plain[i] = is_plain(&sent->shape[i], &one);
		memset(all.data + all.len, 0, at - all.len);
		memcpy(all.data + at, one.data, one.len);
		all.len = at + one.len;
		sent->count++;
	}
	__atomic_fetch_add(&count->sent, sent->count, __ATOMIC_RELAXED);
}

static void keep(const struct shape *s)
{
	kept[kept_count < KEPT ? kept_count++ : below(KEPT)] = *s;
}

static void send_all(struct genl *g)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	bool named = percent(30);

	if (sendto(g->fd, all.data, all.len, 0, named ? (struct sockaddr *)&kernel : NULL,
		   named ? sizeof(kernel) : 0) < 0 && errno != ENOBUFS && errno != EMSGSIZE)
		fault("send: %s", strerror(errno));
}

static void ask(struct genl *g)
{
	static struct sent sent;

	compose(&sent, g->seq + 1, TOGETHER);
	g->seq += sent.count;
	kcov_reset();
	send_all(g);
	read_all(g, &sent);
	if (kcov_new())
		sent.kept = true;
	for (unsigned int i = 0; i < sent.count; i++) {
		if (sent.plain[i] && sent.shape[i].flags & NLM_F_ACK && !sent.answered[i])
			__atomic_fetch_add(&count->silent, 1, __ATOMIC_RELAXED);
		if (sent.kept)
			keep(&sent.shape[i]);
	}
}

/* ---- those who may not */

static int become_nobodys_root(void)
{
	return become_nobody() || unshare(CLONE_NEWUSER);
}

static int become_root_elsewhere(void)
{
	return unshare(CLONE_NEWUSER);
}

/*
 * Processes without the right to send messages, which send those that they are given, and
 * report the results. @before: root opened the socket, and passed it on.
 */
static struct stranger {
	const char *name;
	int (*become)(void);
	bool before;
	int fd;
	bool there;
} strangers[] = {
	{ .name = "nobody", .become = become_nobody },
	{ .name = "nobody with root's socket", .become = become_nobody, .before = true },
	{ .name = "root of nobody's user namespace", .become = become_nobodys_root },
	{ .name = "root of a user namespace", .become = become_root_elsewhere },
	{ .name = "root of a user namespace with root's socket", .become = become_root_elsewhere,
	  .before = true },
};

#define STRANGERS	(sizeof(strangers) / sizeof(strangers[0]))

struct heard {
	unsigned int data;
	int listen;
};

static void stranger_try(struct genl *g, size_t len, struct heard *heard)
{
	heard->data = 0;
	send(g->fd, all.data, len, 0);
	for (;;) {
		ssize_t got = recv(g->fd, sink, sizeof(sink), MSG_DONTWAIT);
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)sink;

		if (got < 0 && errno != ENOBUFS)
			break;
		for (; got >= NLMSG_HDRLEN && nlh->nlmsg_len >= NLMSG_HDRLEN;
		     got -= NLMSG_ALIGN(nlh->nlmsg_len), nlh = (const void *)((const char *)nlh +
					NLMSG_ALIGN(nlh->nlmsg_len)))
			heard->data += nlh->nlmsg_type == g->family;
	}
	heard->listen = genl_listen(g, &one);
}

static void __attribute__((noreturn)) stranger_run(struct stranger *s, int fd)
{
	struct genl g;
	struct heard heard = { 0 };
	ssize_t len;

	if ((s->before && genl_socket(&g)) || s->become() || (!s->before && genl_socket(&g)))
		_exit(1);
	g.family = root_nl.family;
	/* The first report, before any message, says that the process is ready. */
	do {
		if (send(fd, &heard, sizeof(heard), 0) < 0)
			break;
		len = recv(fd, all.data, sizeof(all.data), 0);
		if (len > 0)
			stranger_try(&g, len, &heard);
	} while (len > 0);
	_exit(0);
}

static void strangers_start(void)
{
	for (unsigned int i = 0; i < STRANGERS; i++) {
		struct stranger *s = &strangers[i];
		struct heard heard;
		int fds[2];

		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
			continue;
		if (!fork()) {
			close(fds[0]);
			stranger_run(s, fds[1]);
		}
		close(fds[1]);
		s->fd = fds[0];
		s->there = recv(s->fd, &heard, sizeof(heard), 0) == sizeof(heard);
		if (!s->there)
			printf("# %s: this kernel has none\n", s->name);
	}
}

static void strangers_end(void)
{
	for (unsigned int i = 0; i < STRANGERS; i++)
		close(strangers[i].fd);
}

/*
 * A hash of the state that only commands change, not tasks or removals of cgroups. @undone: set
 * to another number whenever the module has undone a change that nobody confirmed.
 */
static uint64_t digest(uint64_t *undone)
{
	struct policy_list list;
	uint64_t hash = 5381;

	*undone = 0;
	if (scmod_list(0, false, &list))
		return 0;
	for (size_t i = 0; i < list.count; i++) {
		const struct policy *p = &list.policy[i];
		const uint64_t fields[] = { p->id, p->created, p->mode, p->action, p->err };

		*undone += p->rolled_back;
		for (size_t j = 0; j < sizeof(fields) / sizeof(fields[0]); j++)
			hash = hash * 1099511628211ULL ^ fields[j];
		for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
			const struct abi_sets *sets = &p->abi[abi];

			for (size_t j = 0; j < sizeof(sets->allowed); j++)
				hash = hash * 1099511628211ULL ^
				       ((const uint8_t *)&sets->allowed)[j] ^
				       ((const uint8_t *)&sets->soft)[j] << 8 ^
				       ((const uint8_t *)&sets->priority)[j] << 16;
		}
	}
	policy_list_release(&list);
	return hash;
}

static void ask_as_stranger(void)
{
	static struct sent sent;
	struct stranger *s = &strangers[below(STRANGERS)];
	uint64_t undone, undone_since;
	uint64_t before = digest(&undone);

	for (int i = 0; i < 8 && s->there; i++) {
		struct heard heard = { 0 };

		compose(&sent, 1 + i * TOGETHER, TOGETHER);
		if (all.len > 32768)
			continue;
		count->unprivileged += sent.count;
		if (send(s->fd, all.data, all.len, 0) < 0 ||
		    recv(s->fd, &heard, sizeof(heard), 0) != sizeof(heard))
			fault("%s is gone", s->name);
		if (heard.data)
			fault("%s was told something", s->name);
		if (heard.listen != -EPERM)
			fault("%s may listen: %d", s->name, heard.listen);
	}
	if (before != digest(&undone_since) && undone == undone_since)
		fault("%s changed something", s->name);
}

/* ---- dumps that take their time, and listeners */

#define SLOW	8

static struct genl slow[SLOW];

static void slow_begin(struct genl *g)
{
	int bytes = 2048 << below(8);
	struct shape s;

	if (genl_socket(g)) {
		fault("no socket: %s", strerror(errno));
		return;
	}
	g->family = root_nl.family;
	if (percent(50))
		setsockopt(g->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (percent(30)) {
		genl_listen(g, &one);
		return;
	}
	make_good(&s);
	s.cmd = SCMOD_CMD_GET;
	s.flags |= NLM_F_DUMP;
	s.count = 0;
	if (percent(70))
		attr_add(&s)->leaf.type = SCMOD_A_POLICY_WANT_RECORDS;
	shape_bytes(&all, &s, 1);
	count->sent++;
	send_all(g);
}

static void slow_step(void)
{
	struct genl *g = &slow[below(SLOW)];
	static struct sent sent;

	if (g->fd <= 0) {
		slow_begin(g);
		return;
	}
	switch (below(8)) {
	case 0:
	case 1:
		genl_close(g);
		break;
	case 2:
		msg_begin(&one, g->family, 0, SCMOD_CMD_LISTEN);
		msg_put(&one, SCMOD_A_LISTEN_STOP, NULL, 0);
		send(g->fd, one.data, one.len, MSG_DONTWAIT);
		break;
	case 3:
		/* Something else while its dump is under way. */
		compose(&sent, 100, 1);
		send_all(g);
		break;
	case 4:
		msg_begin(&one, g->family, 0, SCMOD_CMD_LISTEN);
		send(g->fd, one.data, one.len, MSG_DONTWAIT);
		break;
	default:
		recv(g->fd, sink, 1 + below(sizeof(sink)), MSG_DONTWAIT);
	}
}

static void slow_end(void)
{
	for (int i = 0; i < SLOW; i++)
		if (slow[i].fd > 0)
			genl_close(&slow[i]);
}

/* ---- life in the cgroups */

static int spawner;

/* Makes calls, any of which may be refused or kill the task; ends in each case. */
static void __attribute__((noreturn)) live(void)
{
	static const struct timespec while_ms = { .tv_nsec = 1000000 };
	int forks = 0;

	for (int i = 0; i < 2000; i++) {
		raw_syscall(below(100) < 95 ? SYS_getppid : (long)below(700), -1);
		raw_int80(20, 0);
		if (i % 16 == 0 && forks++ < 12 && !raw_syscall(SYS_fork, 0))
			break;
		if (i % 16 == 8)
			syscall(SYS_wait4, -1, NULL, WNOHANG, NULL);
		syscall(SYS_nanosleep, &while_ms, NULL);
	}
	for (;;)
		raw_syscall(SYS_exit_group, 0);
}

/*
 * Starts tasks in the cgroups whose paths it reads. It is a process of its own, so that the
 * tasks do not inherit the sender's sockets and keep them open.
 */
static void __attribute__((noreturn)) spawn_all(int fd)
{
	struct sched_param param = { 0 };
	struct cg at;
	ssize_t len;

	signal(SIGCHLD, SIG_IGN);
	/* Tasks whose exit_group is refused spin; they must not slow down the sender. */
	sched_setscheduler(0, SCHED_IDLE, &param);
	while ((len = recv(fd, at.path, sizeof(at.path) - 1, 0)) > 0) {
		at.path[len] = '\0';
		at.fd = open(at.path, O_RDONLY | O_CLOEXEC);
		below(2);
		if (!cg_fork(&at))
			live();
		close(at.fd);
	}
	_exit(0);
}

static int spawner_start(void)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
		return -1;
	if (!fork()) {
		close(fds[0]);
		spawn_all(fds[1]);
	}
	close(fds[1]);
	spawner = fds[0];
	return 0;
}

static void spawn(unsigned int i)
{
	cg_kill(&cg[i]);
	send(spawner, cg[i].path, strlen(cg[i].path), 0);
}

/* Some task moves, its whole process with it. */
static void move_one(void)
{
	int fd = openat(cg[below(CGROUPS)].fd, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	char text[64] = "";
	ssize_t len = read(fd, text, sizeof(text) - 1);

	close(fd);
	if (len > 0)
		cg_move(&cg[below(CGROUPS)], atoi(text));
}

/* ---- at the same time */

#define RACERS		2
#define RACE_STEPS	60

/* Several processes of root send at the same time. Only faults count, not the results. */
static void race(void)
{
	pid_t pid[RACERS];

	fflush(NULL);
	for (int i = 0; i < RACERS; i++) {
		pid[i] = fork();
		if (pid[i])
			continue;
		for (int j = 0; j <= i; j++)
			state += 0x9e3779b97f4a7c15ULL * (below(1000) + 1);
		kcov = NULL;
		genl_socket(&root_nl);
		genl_resolve(&root_nl, &one);
		for (int j = 0; j < RACE_STEPS; j++)
			percent(85) ? ask(&root_nl) : slow_step();
		fflush(stdout);
		_exit(0);
	}
	below(2);
	for (int i = 0; i < RACERS; i++) {
		int status = -1;

		waitpid(pid[i], &status, 0);
		if (status)
			fault("a sender ended with %#x", status);
	}
}

/* ---- does all still work? */

static void forget_all(struct __test_metadata *_metadata)
{
	struct module_state now = { .policies = 1 };
	struct policy_list list;

	/* A policy may remain until the module's worker has handled a removed cgroup. */
	for (int i = 0; i < 500 && now.policies; i++) {
		ASSERT_EQ(0, scmod_list(0, false, &list));
		for (size_t j = 0; j < list.count; j++)
			drop_policy(list.policy[j].id);
		policy_list_release(&list);
		ASSERT_EQ(0, scmod_status(&now));
		if (now.policies)
			usleep(10000);
	}
	EXPECT_EQ(0, now.policies);
}

static void check_control(struct __test_metadata *_metadata)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	struct module_state now;
	struct policy policy;
	struct cg here;

	ASSERT_EQ(0, scmod_status(&now));
	EXPECT_LE(now.policies, now.policies_max);
	forget_all(_metadata);
	ASSERT_EQ(0, cg_make(&here, NULL, "fuzz-check"));
	ASSERT_EQ(0, set_mode(&here, SCMOD_MODE_LEARN)) {
		TH_LOG("%s", scmod_reason(-ENODATA));
	}
	calls_add(calls, SYS_getuid);
	EXPECT_EQ(0, calls_run(&here, calls));
	calls_free(calls);
	ASSERT_EQ(0, get_policy(here.id, &policy));
	EXPECT_EQ(SCMOD_MODE_LEARN, (int)policy.mode);
	EXPECT_TRUE(bitmap_has(&policy.abi[0].seen, SYS_getuid));
	EXPECT_NE(NULL, policy_record(&policy, 0, SYS_getuid, SCMOD_RECORD_SEEN));
	policy_release(&policy);
	EXPECT_EQ(0, sh("scmod status >/dev/null"));
	ASSERT_EQ(0, drop_policy(here.id));
	EXPECT_EQ(-ENOENT, get_policy(here.id, &policy));
	EXPECT_EQ(0, cg_remove(&here));
	ASSERT_EQ(0, scmod_status(&now));
	EXPECT_EQ(0, now.policies);
}

static uint64_t variable(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 0) : otherwise;
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int expedited(const char *value)
{
	return sh("echo %s >/sys/kernel/rcu_expedited", value);
}

FIXTURE(fuzz)
{
	unsigned long messages;
	uint64_t seed;
};

FIXTURE_SETUP(fuzz)
{
	int room = 8 << 20;

	self->messages = variable("SCMOD_MESSAGES", 20000);
	self->seed = variable("SCMOD_SEED", 1);
	state = self->seed * 0x9e3779b97f4a7c15ULL | 1;
	count = shared_new(sizeof(*count));
	ASSERT_NE(NULL, count);
	/* Each change waits for an RCU grace period; make grace periods short. */
	expedited("1");
	ASSERT_EQ(0, spawner_start());
	ASSERT_EQ(0, world_make());
	ASSERT_EQ(0, genl_socket(&root_nl));
	ASSERT_EQ(0, genl_resolve(&root_nl, &one));
	/* Room for the answers to all that is sent together. */
	ASSERT_EQ(0, setsockopt(root_nl.fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)));
	ASSERT_EQ(0, scmod_connect());
	strangers_start();
	kcov_start();
}

FIXTURE_TEARDOWN(fuzz)
{
	expedited("0");
}

static void step(struct __test_metadata *_metadata)
{
	uint32_t kind = below(1000);

	if (kind < 800)
		ask(&root_nl);
	else if (kind < 850)
		ask_as_stranger();
	else if (kind < 950)
		slow_step();
	else if (kind < 970)
		spawn(below(CGROUPS));
	else if (kind < 985)
		move_one();
	else if (kind < 990)
		race();
	else
		ASSERT_EQ(0, cgroup_renew(below(CGROUPS)));
	kcov_new();
}

static void steps(struct __test_metadata *_metadata, unsigned long until)
{
	unsigned long check = until / 4;
	unsigned long next = count->sent + check;

	while (count->sent < until) {
		step(_metadata);
		if (count->sent < next)
			continue;
		check_control(_metadata);
		next = count->sent + check;
	}
	slow_end();
	check_control(_metadata);
}

TEST_F_TIMEOUT(fuzz, whatever_is_sent_the_module_stays_sound, 24 * 3600)
{
	long bound = 256 + (long)self->messages / 128;
	double began = seconds();
	long warm, end;

	printf("# SCMOD_SEED=%llu SCMOD_MESSAGES=%lu\n", (unsigned long long)self->seed,
	       self->messages);
	steps(_metadata, self->messages / 4);
	warm = slab_kb();
	steps(_metadata, self->messages);
	end = slab_kb();
	printf("# %lu messages in %.0f s, %.0f a second: %lu refused, %lu done, %lu data; %lu by strangers\n",
	       count->sent, seconds() - began, count->sent / (seconds() - began),
	       count->refused, count->done, count->answers, count->unprivileged);
	printf("# %u kept, %lu without an answer\n", kept_count, count->silent);
	printf("# KiB of unreclaimable slab after a quarter and at the end: %ld %ld\n", warm, end);
	/* Caches of the kernel grow once; a leak goes on. So measure over more messages. */
	if (end - warm >= bound && !kmemleak_watches()) {
		warm = end;
		steps(_metadata, count->sent + self->messages);
		end = slab_kb();
		printf("# KiB of it after as many messages again: %ld\n", end);
	}
	kcov_report();
	EXPECT_EQ(0, count->faults);
	EXPECT_EQ(0, count->silent);
	/*
	 * The bound is below a leak of one object in every few messages. Kernels with
	 * kmemleak keep freed memory, but find leaks themselves.
	 */
	if (!kmemleak_watches())
		EXPECT_LT(end - warm, bound);
	scmod_close();
	genl_close(&root_nl);
	strangers_end();
	close(spawner);
	world_end();
	EXPECT_EQ(0, sh("rmmod scmod"));
	EXPECT_EQ(0, marks());
}

TEST_HARNESS_MAIN
