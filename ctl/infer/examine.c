// SPDX-License-Identifier: GPL-2.0
/*
 * Collects the imports of all programs that run in a cgroup. These may be hostile.
 *
 * Opening or reading a hostile file may block for ever (a lease, FUSE, NFS), and the file may
 * exploit an error in libelf. So a child does this work. First, with the rights of root, it
 * opens all files; then it gives up all rights, and reads them. The parent receives packets
 * from the child and checks them. It kills the child if no packet comes for too long, or at
 * the deadline, but never waits for the child to end: a child that is blocked in a file
 * system can't be killed until the file system answers.
 *
 * A file or process that made a child hang or die is skipped, and another child starts from
 * the beginning.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "infer/examine.h"
#include "infer/gather.h"
#include "infer/imports.h"
#include "infer/seal.h"
#include "infer/survey.h"
#include "infer/tale.h"

/*
 * A step without a packet for MOST_WAITS waits is taken for a file system that does not
 * answer. Waits are counted instead of time, because a whole virtual machine may stand still
 * for longer.
 */
#define WAIT_MS		50
#define MOST_WAITS	30
#define MOST_TRIES	16

/* ---- the child */

static void read_file(struct gather *gather, struct packet *packet, uint32_t file)
{
	enum image_result result;
	struct image image;

	progress_step(gather->progress, &gather->key[file], gather->path[file]);
	result = image_read(gather->fd[file], &image);
	packet_send_image(gather->to, packet, file, result, &image);
	if (image.go && gather->is_program[file])
		gather_note_gap(gather, CEILING_GO, gather->path[file]);
	image_release(&image);
}

/*
 * Read programs first: the loader among them must be known before the libraries that it
 * loaded.
 */
static void read_files(struct gather *gather, bool programs)
{
	struct packet *packet = mem_alloc(sizeof(*packet));

	for (uint32_t file = 0; file < gather->count; file++)
		if (gather->fd[file] >= 0 && gather->is_program[file] == programs)
			read_file(gather, packet, file);
	free(packet);
}

static void __attribute__((noreturn)) work(struct gather *gather)
{
	int *kept = mem_alloc((gather->nr_dirs + 1) * sizeof(*kept));

	kept[0] = gather->to;
	memcpy(kept + 1, gather->dirs, gather->nr_dirs * sizeof(*kept));
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	seal_files(kept, gather->nr_dirs + 1);
	gather->to = kept[0];
	gather->dirs = kept + 1;
	gather_files(gather);
	for (size_t i = 0; i < gather->nr_dirs; i++)
		close(gather->dirs[i]);
	survey_prepare();
	seal_process();
	read_files(gather, true);
	read_files(gather, false);
	packet_send_text(gather->to, PACKET_READ, PACKET_NO_FILE, 0, "");
	if (gather->reach)
		survey_files(gather);
	packet_send_text(gather->to, PACKET_END, PACKET_NO_FILE, 0, "");
	_exit(0);
}

/* ---- the parent */

/**
 * struct watch - the current child, and what former children left
 * @dirs: directories of the cgroups
 * @nr_dirs: how many there are
 * @executed: programs that were executed in them
 * @pid: the current child
 * @from: socket for packets from the child
 * @progress: the child's progress, in memory shared with it
 * @deadline: when the examination must be over, in ms of CLOCK_MONOTONIC
 * @skip: files and processes that made a child hang or die
 * @unread: the same for messages; both have @nr_skips entries
 */
struct watch {
	const int *dirs;
	size_t nr_dirs;
	const struct executed_list *executed;
	pid_t pid;
	int from;
	struct progress *progress;
	int64_t deadline;
	struct subject_key skip[MOST_TRIES];
	struct unread unread[MOST_TRIES];
	unsigned int nr_skips;
};

/* How a child ended. */
enum outcome {
	OUTCOME_DONE,
	OUTCOME_HANGS,
	OUTCOME_DIED,
	OUTCOME_LATE,
};

static bool start(struct watch *watch, bool reach)
{
	struct gather *gather = mem_alloc(sizeof(*gather));
	int64_t now = timestamp_monotonic();
	int ends[2];

	*gather = (struct gather){
		.dirs = watch->dirs, .nr_dirs = watch->nr_dirs, .executed = watch->executed,
		.progress = watch->progress,
		.skip = watch->skip, .nr_skips = watch->nr_skips, .reach = reach,
		.deadline = now + (watch->deadline - now) * 2 / 3,
	};
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
		free(gather);
		return false;
	}
	gather->to = ends[1];
	watch->from = ends[0];
	watch->pid = fork();
	if (!watch->pid)
		work(gather);
	close(ends[1]);
	free(gather);
	if (watch->pid > 0)
		return true;
	close(ends[0]);
	return false;
}

/*
 * Kills the child. Returns false if it has not ended after a moment, because a file system
 * blocks it.
 */
static bool stop(struct watch *watch)
{
	const struct timespec moment = { .tv_nsec = 5000000 };
	bool ended = false;

	kill(watch->pid, SIGKILL);
	for (unsigned int i = 0; i < 40 && !ended; i++) {
		if (i)
			nanosleep(&moment, NULL);
		ended = waitpid(watch->pid, NULL, WNOHANG) == watch->pid;
	}
	close(watch->from);
	return ended;
}

/* Waits for a packet; false if the child hangs or the deadline has passed. */
static bool wait_packet(const struct watch *watch, enum outcome *outcome)
{
	struct pollfd from = { .fd = watch->from, .events = POLLIN };
	uint32_t step = watch->progress->step;

	for (unsigned int waits = 1; timestamp_monotonic() < watch->deadline; waits++) {
		if (poll(&from, 1, WAIT_MS) > 0)
			return true;
		if (watch->progress->step != step)
			waits = 0;
		step = watch->progress->step;
		if (waits >= MOST_WAITS) {
			*outcome = OUTCOME_HANGS;
			return false;
		}
	}
	*outcome = OUTCOME_LATE;
	return false;
}

static enum outcome listen_to(struct watch *watch, struct tale *tale)
{
	struct packet *packet = mem_alloc(sizeof(*packet));
	enum outcome outcome = OUTCOME_DIED;

	while (wait_packet(watch, &outcome)) {
		ssize_t len = recv(watch->from, packet, sizeof(*packet), MSG_DONTWAIT);

		outcome = OUTCOME_DIED;
		if (len < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (len < (ssize_t)PACKET_HEAD || !tale_take(tale, packet, len - PACKET_HEAD))
			break;
		if (packet->type == PACKET_READ)
			watch->deadline = timestamp_monotonic() + REACH_MILLISECONDS;
		if (tale_has_ended(tale)) {
			outcome = OUTCOME_DONE;
			break;
		}
	}
	free(packet);
	return outcome;
}

/* Makes the next child skip the file or process at which this one was. */
static void skip_subject(struct watch *watch, enum outcome outcome)
{
	char path[sizeof(watch->progress->path)];

	memcpy(path, watch->progress->path, sizeof(path));
	path[sizeof(path) - 1] = '\0';
	watch->skip[watch->nr_skips] = watch->progress->key;
	watch->unread[watch->nr_skips++] = (struct unread){
		mem_string(printable(path)),
		outcome == OUTCOME_HANGS ? UNREAD_SILENT : UNREAD_FATAL,
	};
}

/* Runs one child; returns how it ended. What it reported is in @imports. */
static enum outcome try(struct watch *watch, struct imports *imports)
{
	enum outcome outcome;
	struct tale *tale;

	memset(watch->progress, 0, sizeof(*watch->progress));
	if (!start(watch, imports->reach))
		return OUTCOME_LATE;
	tale = tale_new(imports);
	outcome = listen_to(watch, tale);
	/* The imports are known; what can be reached is left out. */
	if (outcome != OUTCOME_DONE && tale_has_read(tale)) {
		imports->ceiling.state = outcome == OUTCOME_DIED ? CEILING_DIED : CEILING_LATE;
		outcome = OUTCOME_DONE;
	}
	tale_finish(tale, outcome == OUTCOME_LATE);
	imports->stuck += !stop(watch);
	tale_free(tale);
	return outcome;
}

static void try_all(struct watch *watch, struct imports *imports)
{
	enum outcome outcome;
	unsigned int stuck;

	for (;;) {
		stuck = imports->stuck;
		imports_clear(imports);
		imports->stuck = stuck;
		outcome = try(watch, imports);
		if (outcome == OUTCOME_DONE || outcome == OUTCOME_LATE)
			break;
		skip_subject(watch, outcome);
		if (watch->nr_skips == MOST_TRIES || timestamp_monotonic() >= watch->deadline) {
			outcome = OUTCOME_LATE;
			break;
		}
	}
	imports->cut_short |= outcome == OUTCOME_LATE;
	if (imports->cut_short || imports->nr_unread || watch->nr_skips)
		imports->ceiling.state = CEILING_UNREAD;
}

void examine_cgroups(struct imports *imports, const int *dirs, size_t nr_dirs,
		     const struct executed_list *executed)
{
	struct watch watch = {
		.dirs = dirs, .nr_dirs = nr_dirs, .executed = executed,
		.deadline = timestamp_monotonic() + imports->milliseconds,
	};

	watch.progress = mmap(NULL, sizeof(*watch.progress), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (watch.progress == MAP_FAILED) {
		imports->cut_short = true;
		return;
	}
	try_all(&watch, imports);
	for (unsigned int i = 0; i < watch.nr_skips; i++) {
		imports_note_unread(imports, watch.unread[i].reason, watch.unread[i].path);
		free(watch.unread[i].path);
	}
	munmap(watch.progress, sizeof(*watch.progress));
}
