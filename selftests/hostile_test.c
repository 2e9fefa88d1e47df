// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that try to prevent that their cgroup is enforced: they map files that take for
 * ever to open or to read. Enforcement must begin within 10 s all the same, and the
 * tool must say which files it could not read.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/fuse.h>

#include "kselftest_harness.h"
#include "lib.h"

#define MOST_SECONDS	10
/* Of a whole test, on a slow machine. */
#define PATIENCE	120
#define LEASES		200
#define GIB		(1024L * 1024 * 1024)

FIXTURE(hostile)
{
	struct cg cg;
	char dir[64];
	char output[65536];
	double seconds;
	int status;
	pid_t pid;
};

FIXTURE_SETUP(hostile)
{
	snprintf(self->dir, sizeof(self->dir), "/tmp/scmod-hostile.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "hostile"));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
}

FIXTURE_TEARDOWN(hostile)
{
	char command[128];

	set_mode(&self->cg, SCMOD_MODE_OFF);
	/* The mode is off by now, so that no call is refused that ends the processes. */
	EXPECT_EQ(0, cg_remove(&self->cg));
	EXPECT_EQ(0, drop_policy(self->cg.id));
	snprintf(command, sizeof(command), "rm -rf %s", self->dir);
	EXPECT_EQ(0, system(command));
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* Runs the tool with a time limit, so that the test fails instead of hanging. */
static void run_enforce(FIXTURE_DATA(hostile) *self)
{
	char command[2 * PATH_MAX];
	double begun = now();
	size_t len = 0, got;
	FILE *from;

	snprintf(command, sizeof(command), "timeout -s KILL 30 ${SCMOD_TOOL:-%s} enforce %s 2>&1",
		 BUILD "/scmod", self->cg.path);
	from = popen(command, "re");
	if (!from)
		abort();
	while ((got = fread(self->output + len, 1, sizeof(self->output) - 1 - len, from)))
		len += got;
	self->output[len] = '\0';
	self->status = pclose(from);
	self->seconds = now() - begun;
	fprintf(stderr, "# %.1f s\n", self->seconds);
}

/* It is in force, in time. */
static void check_in_force(struct __test_metadata *_metadata, FIXTURE_DATA(hostile) *self)
{
	struct policy policy = { 0 };

	run_enforce(self);
	EXPECT_EQ(0, self->status);
	EXPECT_GT(MOST_SECONDS, self->seconds);
	EXPECT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_EQ(SCMOD_MODE_ENFORCE, policy.mode);
	policy_release(&policy);
}

/* The policy is in force, and the output has @told (NULL: it has no "could not"). */
static void check_enforced(struct __test_metadata *_metadata, FIXTURE_DATA(hostile) *self,
			   const char *told)
{
	check_in_force(_metadata, self);
	EXPECT_TRUE(!told || strstr(self->output, told)) {
		TH_LOG("not told: %s\n%s", told, self->output);
	}
	EXPECT_TRUE(told || !strstr(self->output, "could not")) {
		TH_LOG("%s", self->output);
	}
}

/* Starts a process in the cgroup that does @act, and then waits to be killed. */
static pid_t start(FIXTURE_DATA(hostile) *self, void (*act)(const char *dir))
{
	char ready;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		abort();
	pid = cg_fork(&self->cg);
	if (!pid) {
		act(self->dir);
		if (write(ends[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	if (read(ends[0], &ready, 1) != 1)
		abort();
	close(ends[0]);
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Maps a file as programs are. */
static void map(int fd)
{
	if (fd < 0 || mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		_exit(1);
}

static int make_file(const char *dir, const char *name, unsigned int number)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s%u", dir, name, number);
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0700);
}

static void do_nothing(const char *dir)
{
}

TEST_F_TIMEOUT(hostile, an_honest_program_is_read, PATIENCE)
{
	self->pid = start(self, do_nothing);
	check_enforced(_metadata, self, NULL);
	EXPECT_EQ(NULL, strstr(self->output, "static"));
	stop(self->pid);
}

/* ---- leases */

static void hold_leases(const char *dir)
{
	/* Whoever opens such a file sends it SIGIO. */
	signal(SIGIO, SIG_IGN);
	for (unsigned int i = 0; i < LEASES; i++) {
		int fd = make_file(dir, "leased", i);

		if (write(fd, "x", 1) != 1 || fcntl(fd, F_SETLEASE, F_WRLCK))
			_exit(1);
		map(fd);
	}
}

TEST_F_TIMEOUT(hostile, leases, PATIENCE)
{
	self->pid = start(self, hold_leases);
	check_enforced(_metadata, self, "could not be read: a process holds a lease on it");
	stop(self->pid);
}

/* ---- a sparse program of 1 GiB: tables of symbols and of relocations, of zeros */

static void map_sparse(const char *dir)
{
	const struct {
		Elf64_Ehdr header;
		Elf64_Phdr segment[3];
		Elf64_Dyn dynamic[8];
	} sparse = {
		.header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
				     EV_CURRENT },
			.e_type = ET_DYN, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
			.e_phoff = sizeof(Elf64_Ehdr), .e_phnum = 3,
			.e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr),
		},
		.segment = {
			{ .p_type = PT_LOAD, .p_filesz = GIB },
			{ .p_type = PT_DYNAMIC, .p_filesz = 8 * sizeof(Elf64_Dyn),
			  .p_offset = sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Phdr) },
			{ .p_type = PT_INTERP },
		},
		.dynamic = {
			{ DT_SYMTAB, { GIB / 4 } }, { DT_STRTAB, { GIB / 2 } },
			{ DT_STRSZ, { GIB / 32 } }, { DT_RELA, { 65536 } },
			{ DT_RELASZ, { GIB / 32 } },
		},
	};

	for (unsigned int i = 0; i < 40; i++) {
		int fd = make_file(dir, "sparse", i);

		if (write(fd, &sparse, sizeof(sparse)) != sizeof(sparse) || ftruncate(fd, GIB))
			_exit(1);
		map(fd);
	}
}

TEST_F_TIMEOUT(hostile, sparse_programs_of_a_gibibyte, PATIENCE)
{
	self->pid = start(self, map_sparse);
	/* A fast machine can read them all, so that nothing is told. */
	check_in_force(_metadata, self);
	stop(self->pid);
}

/* ---- what is no regular file */

static void map_device(const char *dir)
{
	char path[PATH_MAX];

	map(open("/dev/zero", O_RDONLY | O_CLOEXEC));
	/* A device of its own, and a FIFO where a cgroup's list would be looked for. */
	snprintf(path, sizeof(path), "%s/device", dir);
	if (mknod(path, S_IFCHR | 0600, makedev(1, 5)))
		_exit(1);
	map(open(path, O_RDONLY | O_CLOEXEC));
}

TEST_F_TIMEOUT(hostile, devices, PATIENCE)
{
	self->pid = start(self, map_device);
	check_enforced(_metadata, self, NULL);
	stop(self->pid);
}

/* ---- a file system whose server does not answer */

/* The FUSE opcode @silent_at is answered @answer_first times, and then never. */
struct server {
	int fd;
	uint32_t silent_at;
	unsigned int answer_first;
};

static void answer(const struct server *server, uint64_t unique, int err, const void *data,
		   size_t len)
{
	char buffer[1024];
	const struct fuse_out_header header = {
		.len = sizeof(header) + (err ? 0 : len), .error = -err, .unique = unique,
	};

	memcpy(buffer, &header, sizeof(header));
	memcpy(buffer + sizeof(header), data, err ? 0 : len);
	if (write(server->fd, buffer, header.len) != (ssize_t)header.len && errno != ENOENT)
		_exit(1);
}

/* The root is a directory; all else in it is one file. */
static struct fuse_attr attributes(uint64_t node)
{
	return (struct fuse_attr){
		.ino = node, .nlink = 1, .blksize = 4096, .size = node == FUSE_ROOT_ID ? 0 : 4096,
		.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0755,
	};
}

static void serve_one(const struct server *server, const struct fuse_in_header *in)
{
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096, .max_readahead = 4096,
	};
	const struct fuse_entry_out entry = {
		.nodeid = 2, .attr = attributes(2), .entry_valid = 1000, .attr_valid = 1000,
	};
	const struct fuse_attr_out attr = { .attr = attributes(in->nodeid) };
	const struct fuse_open_out opened = { .fh = 1 };

	switch (in->opcode) {
	case FUSE_INIT:
		return answer(server, in->unique, 0, &init, sizeof(init));
	case FUSE_LOOKUP:
		return answer(server, in->unique, 0, &entry, sizeof(entry));
	case FUSE_GETATTR:
		return answer(server, in->unique, 0, &attr, sizeof(attr));
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		return answer(server, in->unique, 0, &opened, sizeof(opened));
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return;
	default:
		return answer(server, in->unique, ENOSYS, NULL, 0);
	}
}

/* Takes requests without end; those of @silent_at but the first ones are kept. */
static void serve(struct server *server)
{
	static char buffer[65536];

	for (;;) {
		const struct fuse_in_header *in = (const struct fuse_in_header *)buffer;
		ssize_t len = read(server->fd, buffer, sizeof(buffer));

		if (len < 0 && (errno == EINTR || errno == ENOENT))
			continue;
		if (len < (ssize_t)sizeof(*in))
			_exit(0);
		if (in->opcode == server->silent_at) {
			if (!server->answer_first)
				continue;
			server->answer_first--;
		}
		serve_one(server, in);
	}
}

/* Mounts it at @dir. Returns its server, or -1 where there is no FUSE. */
static pid_t start_server(const char *dir, uint32_t silent_at, unsigned int answer_first)
{
	struct server server = { .silent_at = silent_at, .answer_first = answer_first };
	char options[128];
	pid_t pid;

	if (system("modprobe fuse 2>/dev/null"))
		fprintf(stderr, "# no module fuse; it may be built in\n");
	server.fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (server.fd < 0)
		return -1;
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", server.fd);
	if (mount("hostile", dir, "fuse", MS_NODEV | MS_NOSUID, options))
		return -1;
	pid = fork();
	if (!pid)
		serve(&server);
	close(server.fd);
	return pid;
}

static void map_fuse(const char *dir)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/program", dir);
	map(open(path, O_RDONLY | O_CLOEXEC));
}

static void check_fuse(struct __test_metadata *_metadata, FIXTURE_DATA(hostile) *self,
		       uint32_t silent_at, unsigned int answer_first)
{
	pid_t server = start_server(self->dir, silent_at, answer_first);

	if (server < 0)
		SKIP(return, "this kernel has no FUSE");
	self->pid = start(self, map_fuse);
	check_enforced(_metadata, self, "did not answer in time");
	EXPECT_NE(NULL, strstr(self->output, "program could not be read"));
	/* The other files were read. */
	EXPECT_EQ(NULL, strstr(self->output, "could not all be read"));
	/* When the server is gone, processes that wait for its answers go on. */
	stop(server);
	stop(self->pid);
	EXPECT_EQ(0, umount2(self->dir, MNT_DETACH));
}

/* The first open is answered: it is the one with which the program maps the file. */
TEST_F_TIMEOUT(hostile, a_file_system_that_never_answers_an_open, PATIENCE)
{
	check_fuse(_metadata, self, FUSE_OPEN, 1);
}

TEST_F_TIMEOUT(hostile, a_file_system_that_never_answers_a_read, PATIENCE)
{
	check_fuse(_metadata, self, FUSE_READ, 0);
}

TEST_HARNESS_MAIN
