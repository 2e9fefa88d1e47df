/* SPDX-License-Identifier: GPL-2.0 */
/* Which programs were executed while a policy learned, in a table of fixed size. */
#ifndef SCMOD_PROGRAM_H
#define SCMOD_PROGRAM_H

#include <linux/atomic.h>
#include <linux/types.h>

#include <linux/scmod.h>

struct inode;
struct kstat;
struct task_struct;

/* Of one policy that has learned. */
#define SCMOD_PROGRAMS_BYTES	16384
#define SCMOD_PROGRAMS_MAX	SCMOD_PROGRAMS_MOST

/**
 * struct scmod_program - a program that was executed
 * @ino: number of its inode,
 * @sdev: of the file system, and
 * @generation: of the inode: together they tell whether a program is here already. 0 in an
 *	entry that came from a policy that was saved
 * @pid: thread id of who executed it first
 * @time_ns: when, nanoseconds since the epoch
 * @stat_ino: number of the inode as stat() tells it, and
 * @stat_dev: of the file system, as user space has it; valid with @path
 * @count: how many times it was executed
 * @path: where its path begins in &scmod_programs.paths; SCMOD_PROGRAM_UNNAMED until it is
 *	known; written last
 */
struct scmod_program {
	u64 ino;
	u32 sdev;
	u32 generation;
	u32 pid;
	u64 time_ns;
	u64 stat_ino;
	u32 stat_dev;
	atomic_t count;
	u16 path;
};

/* In place of where a path begins: it is not known yet; there was no room for it. */
#define SCMOD_PROGRAM_UNNAMED	0
#define SCMOD_PROGRAM_NAMELESS	U16_MAX

#define SCMOD_PROGRAMS_PATHS							\
	(SCMOD_PROGRAMS_BYTES - 16 -						\
	 SCMOD_PROGRAMS_MAX * (sizeof(struct scmod_program) + sizeof(u32)))

/**
 * struct scmod_programs - the programs of one policy
 * @lost: executions of programs that found no room, and programs whose path found none
 * @used: entries of @program that are valid; added to under a lock, read without
 * @end: bytes of @paths that are in use; under scmod_policy_lock. The first is not used
 * @tag: for each entry, a hash of what tells it from others: a chain of policies is searched
 *	with preemption off, so it must not take long
 * @program: the entries, in the order of their first execution
 * @paths: strings
 */
struct scmod_programs {
	atomic_t lost;
	u32 used;
	u32 end;
	u32 tag[SCMOD_PROGRAMS_MAX];
	struct scmod_program program[SCMOD_PROGRAMS_MAX];
	char paths[SCMOD_PROGRAMS_PATHS];
};

struct scmod_programs *scmod_programs_new(void);
bool scmod_programs_add(struct scmod_programs *t, const struct inode *inode,
			struct task_struct *who);
unsigned int scmod_programs_count(const struct scmod_programs *t);

/* The rest needs scmod_policy_lock held. */
void scmod_programs_name(struct scmod_programs *t, const struct inode *inode,
			 const char *path, const struct kstat *stat);
void scmod_programs_restore(struct scmod_programs *t, const struct scmod_program *from,
			    const char *path);
const char *scmod_programs_path(const struct scmod_programs *t, unsigned int i);

#endif /* SCMOD_PROGRAM_H */
