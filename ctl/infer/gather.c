// SPDX-License-Identifier: GPL-2.0
/*
 * Opens the executable files that the processes of cgroups have mapped.
 *
 * The processes and their files may be hostile. A file is opened first as a path only
 * (O_PATH), which involves no file system; then, if it is a regular file, for reading
 * without waiting (O_NONBLOCK). FUSE and NFS may block even so; then the parent, which
 * watches this process, gives it up.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "infer/gather.h"
#include "infer/imports.h"
#include "kernel/members.h"

#define SLOTS		(4 * PACKET_FILES)
/* Containers in one cgroup seldom have more different roots; our own is one of them. */
#define ROOTS		32

/*
 * Hash table of files by what identifies them. An entry of 0 is free; otherwise it is the
 * file's number + 1.
 */
struct index {
	uint64_t hash[SLOTS];
	uint32_t file[SLOTS];
	unsigned int count;
};

/*
 * State of the walk through a cgroup: the files found, by their line in maps and by their
 * inode.
 */
struct walk {
	struct gather *gather;
	struct index mapped;
	struct index inodes;
	/* The current process. */
	struct packet process;
	size_t nr_files;
	uint64_t program;
	char name[48];
	/* hash_inode() of each file. */
	uint64_t inode[PACKET_FILES];
	/*
	 * For each file, the process that mapped it last, so that it is reported once per
	 * process.
	 */
	uint32_t met[PACKET_FILES];
	uint32_t nr_processes;
	bool full;
	/* The roots of these processes, to look for programs of processes that have ended. */
	int root[ROOTS];
	uint64_t root_inode[ROOTS];
	size_t nr_roots;
};

void progress_step(struct progress *progress, const struct subject_key *key, const char *path)
{
	progress->key = *key;
	snprintf(progress->path, sizeof(progress->path), "%s", path);
	progress->step++;
}

void gather_note_gap(struct gather *gather, enum ceiling_state gap, const char *at)
{
	if (gather->gap != CEILING_COMPLETE)
		return;
	gather->gap = gap;
	snprintf(gather->gap_at, sizeof(gather->gap_at), "%s", at);
}

static bool is_late(const struct walk *walk)
{
	return timestamp_monotonic() >= walk->gather->deadline;
}

static bool is_skipped(const struct gather *gather, const struct subject_key *key)
{
	for (unsigned int i = 0; i < gather->nr_skips; i++) {
		const struct subject_key *skip = &gather->skip[i];

		if (skip->pid == key->pid && skip->dev == key->dev && skip->ino == key->ino)
			return true;
	}
	return false;
}

/* ---- which files were met */

/* The hash is FNV-1a. */
static uint64_t hash_bytes(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *byte = data;

	while (len--)
		hash = (hash ^ *byte++) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t hash_file(uint64_t dev, uint64_t ino, const char *path)
{
	const uint64_t numbers[] = { dev, ino };

	return hash_bytes(hash_bytes(UINT64_C(0xcbf29ce484222325), numbers, sizeof(numbers)),
			  path, strlen(path));
}

/* The slot that holds this hash, or the free slot where it belongs. */
static uint32_t slot_of(const struct index *index, uint64_t hash)
{
	uint32_t slot = hash % SLOTS;

	while (index->file[slot] && index->hash[slot] != hash)
		slot = (slot + 1) % SLOTS;
	return slot;
}

/* At least half of the slots stay free, so that each search ends. */
static void index_add(struct index *index, uint64_t hash, uint32_t file)
{
	uint32_t slot = slot_of(index, hash);

	if (index->file[slot] || index->count >= SLOTS / 2)
		return;
	index->hash[slot] = hash;
	index->file[slot] = file + 1;
	index->count++;
}

static uint32_t index_find(const struct index *index, uint64_t hash)
{
	uint32_t file = index->file[slot_of(index, hash)];

	return file ? file - 1 : PACKET_NO_FILE;
}

/* ---- one file */

/*
 * Gets the file's type and inode from what the kernel has cached. Without AT_STATX_DONT_SYNC,
 * FUSE would ask its server.
 */
static bool look(int fd, struct statx *file)
{
	return !statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO, file);
}

static uint64_t hash_inode(const struct statx *file)
{
	return hash_file(makedev(file->stx_dev_major, file->stx_dev_minor), file->stx_ino, "");
}

/*
 * Opens the file behind the O_PATH descriptor, so that it is the same file as the one that
 * was checked.
 */
static int open_for_reading(int path_fd)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", path_fd);
	return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static void tell_unread(const struct gather *gather, uint32_t file, int err, const char *path)
{
	packet_send_text(gather->to, PACKET_UNREAD, file,
			 err == EWOULDBLOCK ? UNREAD_LEASED : UNREAD_REFUSED, path);
}

/* Adds a file that was not found before. Returns its number. */
static uint32_t take_file(struct walk *walk, int path_fd, uint64_t inode,
			  const struct subject_key *key, const char *path)
{
	struct gather *gather = walk->gather;
	uint32_t file = gather->count;

	if (file == PACKET_FILES) {
		walk->full = true;
		return PACKET_NO_FILE;
	}
	packet_send_text(gather->to, PACKET_FILE, file, 0, path);
	gather->fd[file] = open_for_reading(path_fd);
	if (gather->fd[file] < 0)
		tell_unread(gather, file, errno, path);
	gather->key[file] = *key;
	gather->path[file] = mem_string(path);
	gather->count++;
	walk->inode[file] = inode;
	index_add(&walk->inodes, inode, file);
	return file;
}

/*
 * Finds the file by inode: one file may be mapped under several paths, such as inside and
 * outside a container.
 */
static uint32_t open_mapping(struct walk *walk, const char *mapping,
			     const struct subject_key *key, const char *path)
{
	int fd = open(mapping, O_PATH | O_CLOEXEC);
	uint32_t file = PACKET_NO_FILE;
	struct statx what;

	/* The mapping may be gone by now; and a program is always a regular file. */
	if (fd < 0)
		return PACKET_NO_FILE;
	if (look(fd, &what) && S_ISREG(what.stx_mode)) {
		uint64_t inode = hash_inode(&what);

		file = index_find(&walk->inodes, inode);
		if (file == PACKET_NO_FILE)
			file = take_file(walk, fd, inode, key, path);
	}
	close(fd);
	return file;
}

/* ---- one process */

/* A line of /proc/PID/maps; see proc(5). */
struct mapping {
	uint64_t start;
	uint64_t end;
	unsigned int major;
	unsigned int minor;
	uint64_t inode;
	char mode[5];
	char *path;
};

static bool read_mapping(char *line, struct mapping *mapping)
{
	int path = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*s %x:%x %" SCNu64 " %n", &mapping->start,
		   &mapping->end, mapping->mode, &mapping->major, &mapping->minor,
		   &mapping->inode, &path) != 6)
		return false;
	line[strcspn(line, "\n")] = '\0';
	mapping->path = printable(line + path);
	return true;
}

static void note_file(struct walk *walk, uint32_t file)
{
	if (walk->met[file] == walk->nr_processes)
		return;
	walk->met[file] = walk->nr_processes;
	walk->process.number[walk->nr_files++] = file;
	if (walk->inode[file] == walk->program) {
		walk->process.file = file;
		walk->gather->is_program[file] = true;
	}
}

/*
 * Opens the file through map_files: the mapping's path may lead to another file, or to none,
 * in our mount namespace.
 */
static void add_mapping(struct walk *walk, long pid, const struct mapping *mapping)
{
	const struct subject_key key = {
		.dev = makedev(mapping->major, mapping->minor), .ino = mapping->inode,
	};
	uint64_t hash = hash_file(key.dev, key.ino, mapping->path);
	uint32_t file = index_find(&walk->mapped, hash);
	char path[96];

	if (is_skipped(walk->gather, &key))
		return;
	if (file == PACKET_NO_FILE) {
		progress_step(walk->gather->progress, &key, mapping->path);
		snprintf(path, sizeof(path), "/proc/%ld/map_files/%" PRIx64 "-%" PRIx64, pid,
			 mapping->start, mapping->end);
		file = open_mapping(walk, path, &key, mapping->path);
	}
	if (file == PACKET_NO_FILE)
		return;
	index_add(&walk->mapped, hash, file);
	note_file(walk, file);
}

/* Notes memory with machine code that is in no file; the kernel's own has a name in brackets. */
static void note_made(struct walk *walk, const struct mapping *mapping)
{
	if (*mapping->path != '[' || !strncmp(mapping->path, "[anon", 5) ||
	    !strcmp(mapping->path, "[heap]") || !strcmp(mapping->path, "[stack]"))
		gather_note_gap(walk->gather, CEILING_MADE, walk->name);
}

/* Opens a file of /proc/PID for reading; NULL on failure. */
static FILE *open_proc(long pid, const char *name)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	return fopen(path, "re");
}

/* Returns whether the process has any memory. */
static bool add_mappings(struct walk *walk, long pid)
{
	FILE *maps = open_proc(pid, "maps");
	bool any = false;
	char *line = NULL;
	size_t size = 0;

	if (!maps)
		return false;
	while (!is_late(walk) && getline(&line, &size, maps) > 0) {
		struct mapping mapping;

		if (!read_mapping(line, &mapping))
			continue;
		any = true;
		if (mapping.mode[2] != 'x')
			continue;
		if (mapping.inode)
			add_mapping(walk, pid, &mapping);
		else
			note_made(walk, &mapping);
	}
	free(line);
	fclose(maps);
	return any;
}

/* Reads the maps of any thread: the first thread may have ended already. */
static bool add_threads(struct walk *walk, long pid)
{
	struct dirent *entry;
	bool any = false;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%ld/task", pid);
	dir = opendir(path);
	while (dir && !any && !is_late(walk) && (entry = readdir(dir)))
		any = add_mappings(walk, atol(entry->d_name));
	if (dir)
		closedir(dir);
	return any;
}

/* See proc(5). SECCOMP_MODE_FILTER has the value 2. */
static bool has_filter(long pid)
{
	FILE *status = open_proc(pid, "status");
	char *line = NULL;
	size_t size = 0;
	int mode = 0;

	if (!status)
		return false;
	while (getline(&line, &size, status) > 0 && sscanf(line, "Seccomp: %d", &mode) != 1)
		;
	free(line);
	fclose(status);
	return mode == 2;
}

/* hash_inode() of the program from which the process was started; 0 if unknown. */
static uint64_t program_of(long pid)
{
	uint64_t hash = 0;
	struct statx what;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/exe", pid);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (look(fd, &what))
		hash = hash_inode(&what);
	close(fd);
	return hash;
}

static bool has_root(const struct walk *walk, uint64_t inode)
{
	for (size_t i = 0; i < walk->nr_roots; i++)
		if (walk->root_inode[i] == inode)
			return true;
	return false;
}

/* Keeps the root directory, unless it is known. */
static void add_root(struct walk *walk, const char *path)
{
	int fd = walk->nr_roots < ROOTS ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	struct statx what;

	if (fd < 0)
		return;
	if (!look(fd, &what) || has_root(walk, hash_inode(&what))) {
		close(fd);
		return;
	}
	walk->root_inode[walk->nr_roots] = hash_inode(&what);
	walk->root[walk->nr_roots++] = fd;
}

static void add_root_of(struct walk *walk, long pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%ld/root", pid);
	add_root(walk, path);
}

static void add_process(struct walk *walk, long pid)
{
	const struct subject_key key = { .pid = pid };
	struct packet *process = &walk->process;

	if (is_skipped(walk->gather, &key))
		return;
	snprintf(walk->name, sizeof(walk->name), "the files of process %ld", pid);
	progress_step(walk->gather->progress, &key, walk->name);
	snprintf(walk->name, sizeof(walk->name), "process %ld", pid);
	walk->nr_processes++;
	walk->nr_files = 0;
	walk->program = program_of(pid);
	process->type = PACKET_PROCESS;
	process->file = PACKET_NO_FILE;
	if (!add_mappings(walk, pid) && !add_threads(walk, pid))
		return;
	add_root_of(walk, pid);
	process->value = has_filter(pid);
	packet_send(walk->gather->to, process, walk->nr_files * sizeof(process->number[0]));
}

/* ---- programs that were executed, and have ended */

/* Opens what @path leads to below @root, links included; see openat2(2). */
static int open_below(int root, const char *path)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	return syscall(SYS_openat2, root, path, &how, sizeof(how));
}

/* Whether the descriptor is of the file that was executed. */
static bool is_executed(int fd, const struct executed *program, uint64_t *inode)
{
	struct statx what;

	if (!look(fd, &what) || !S_ISREG(what.stx_mode))
		return false;
	*inode = hash_inode(&what);
	return what.stx_ino == program->ino &&
	       makedev(what.stx_dev_major, what.stx_dev_minor) == program->dev;
}

/* The descriptor of the program, found in one of the roots; -1 if it is not there. */
static int find_executed(const struct walk *walk, const struct executed *program, uint64_t *inode)
{
	for (size_t i = 0; i < walk->nr_roots; i++) {
		int fd = open_below(walk->root[i], program->path);

		if (fd >= 0 && is_executed(fd, program, inode))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

static void take_executed(struct walk *walk, const struct executed *program,
			  const struct subject_key *key)
{
	struct gather *gather = walk->gather;
	struct packet *packet = &walk->process;
	char *path = mem_string(program->path);
	uint64_t inode;
	int fd;

	progress_step(gather->progress, key, printable(path));
	fd = find_executed(walk, program, &inode);
	if (fd < 0) {
		packet_send_text(gather->to, PACKET_UNREAD, PACKET_NO_FILE, UNREAD_GONE, path);
	} else if (index_find(&walk->inodes, inode) == PACKET_NO_FILE) {
		packet->type = PACKET_EXECUTED;
		packet->value = 0;
		packet->file = take_file(walk, fd, inode, key, path);
		if (packet->file != PACKET_NO_FILE) {
			gather->is_program[packet->file] = true;
			packet_send(gather->to, packet, 0);
		}
	}
	if (fd >= 0)
		close(fd);
	free(path);
}

static void take_all_executed(struct walk *walk)
{
	const struct executed_list *executed = walk->gather->executed;

	add_root(walk, "/");
	for (size_t i = 0; executed && i < executed->count && !is_late(walk); i++) {
		const struct executed *program = &executed->program[i];
		const struct subject_key key = { .dev = program->dev, .ino = program->ino };

		if (program->path && !is_skipped(walk->gather, &key))
			take_executed(walk, program, &key);
	}
}

/* ---- the processes of a cgroup */

static void visit(long pid, void *data)
{
	add_process(data, pid);
}

static bool enough(void *data)
{
	return is_late(data);
}

/*
 * All files must stay open until they are read, because then the process can't open files any
 * more.
 */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

void gather_files(struct gather *gather)
{
	struct walk *walk = mem_alloc(sizeof(*walk));
	const struct members members = { .visit = visit, .enough = enough, .data = walk };

	walk->gather = gather;
	raise_file_limit();
	for (size_t i = 0; i < gather->nr_dirs; i++) {
		int fd = openat(gather->dirs[i], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd >= 0)
			members_visit(fd, &members);
	}
	take_all_executed(walk);
	for (size_t i = 0; i < walk->nr_roots; i++)
		close(walk->root[i]);
	if (walk->full)
		packet_send_text(gather->to, PACKET_UNREAD, PACKET_NO_FILE, UNREAD_MANY,
				 "the rest");
	if (is_late(walk))
		packet_send_text(gather->to, PACKET_CUT, PACKET_NO_FILE, 0, "");
	free(walk);
}
