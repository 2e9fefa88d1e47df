// SPDX-License-Identifier: GPL-2.0
/*
 * A write to /sys/kernel/debug/kprobes/enabled delays no other task, even if the buffer is in
 * userfaultfd memory, whose page fault lasts as long as the serving process likes.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib.h"

#define ENABLED		"/sys/kernel/debug/kprobes/enabled"
/* Far more than the kernel needs for anything here, in seconds. */
#define LATE		60
/* x86's, in bytes. */
#define PAGE		4096

/* A page whose fault blocks until the test serves it through the userfaultfd @fd. */
struct late {
	char *page;
	int fd;
};

FIXTURE(hold)
{
	struct cg cg;
	struct late late;
};

static int late_new(struct late *late)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range.len = PAGE,
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	late->page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	late->fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (late->page == MAP_FAILED || late->fd < 0)
		return -errno;
	range.range.start = (unsigned long)late->page;
	if (ioctl(late->fd, UFFDIO_API, &api) || ioctl(late->fd, UFFDIO_REGISTER, &range))
		return -errno;
	return 0;
}

static int late_serve(const struct late *late, char *from)
{
	struct uffdio_copy copy = {
		.dst = (unsigned long)late->page,
		.src = (unsigned long)from,
		.len = PAGE,
	};

	return ioctl(late->fd, UFFDIO_COPY, &copy) ? -errno : 0;
}

FIXTURE_SETUP(hold)
{
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "hold"));
	ASSERT_EQ(0, late_new(&self->late));
}

FIXTURE_TEARDOWN(hold)
{
	drop_policy(self->cg.id);
	cg_remove(&self->cg);
}

static char enabled(void)
{
	int fd = open(ENABLED, O_RDONLY | O_CLOEXEC);
	char now = '?';

	if (fd < 0 || read(fd, &now, 1) != 1)
		now = '?';
	close(fd);
	return now;
}

/* Runs in a thread: the copy of the page in a forked child would not block. */
static void *write_late(void *arg)
{
	struct late *late = arg;
	int fd = open(ENABLED, O_WRONLY | O_CLOEXEC);
	long ret = write(fd, late->page, 1);

	ret = ret < 0 ? -errno : ret;
	close(fd);
	return (void *)ret;
}

/* Waits for the page fault. */
static int wait_asked(const struct late *late)
{
	struct uffd_msg msg;

	if (read(late->fd, &msg, sizeof(msg)) != sizeof(msg))
		return -errno;
	return msg.event == UFFD_EVENT_PAGEFAULT ? 0 : -EINVAL;
}

TEST_F_TIMEOUT(hold, enforcement_begins_while_somebody_is_about_to_write, LATE)
{
	struct abi_sets none[SCMOD_ABI_MAX + 1] = { 0 };
	char off[PAGE] = "0";
	pthread_t thread;
	void *ret;

	ASSERT_EQ(0, pthread_create(&thread, NULL, write_late, &self->late));
	ASSERT_EQ(0, wait_asked(&self->late));
	ASSERT_EQ(0, set_enforce(&self->cg, none, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(0, late_serve(&self->late, off));
	ASSERT_EQ(0, pthread_join(thread, &ret));
	EXPECT_EQ(-EBUSY, (long)ret);
	EXPECT_EQ('1', enabled());
}

TEST_F_TIMEOUT(hold, where_nothing_is_enforced_it_is_written, LATE)
{
	char on[PAGE] = "1";
	pthread_t thread;
	void *ret;

	ASSERT_EQ(0, pthread_create(&thread, NULL, write_late, &self->late));
	ASSERT_EQ(0, wait_asked(&self->late));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, late_serve(&self->late, on));
	ASSERT_EQ(0, pthread_join(thread, &ret));
	EXPECT_EQ(1, (long)ret);
	EXPECT_EQ('1', enabled());
}

TEST_HARNESS_MAIN
