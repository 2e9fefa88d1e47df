// SPDX-License-Identifier: GPL-2.0
/*
 * Which programs were executed while a policy learned, in a table of fixed size.
 *
 * A program is added where it is executed, with preemption off; its path comes later from a
 * worker, since making one may sleep. Nothing is ever taken out; the table dies with its
 * policy.
 */
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/kdev_t.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stat.h>
#include <linux/string.h>

#include "program.h"

static_assert(sizeof(struct scmod_programs) <= SCMOD_PROGRAMS_BYTES);
static_assert(SCMOD_PROGRAMS_PATHS < SCMOD_PROGRAM_NAMELESS);

/* Held while an entry is added to any table. */
static DEFINE_RAW_SPINLOCK(adding);

/* To be freed by kvfree(). */
struct scmod_programs *scmod_programs_new(void)
{
	struct scmod_programs *t = kvzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);

	if (t)
		t->end = 1;
	return t;
}

unsigned int scmod_programs_count(const struct scmod_programs *t)
{
	/* Pairs with the releases below: entries before it are whole. */
	return t ? smp_load_acquire(&t->used) : 0;
}

static u32 tag_of(const struct inode *inode)
{
	return hash_64(inode->i_ino ^ (u64)inode->i_generation << 32, 32) ^ inode->i_sb->s_dev;
}

static bool is_of(const struct scmod_program *program, const struct inode *inode)
{
	return program->ino == inode->i_ino && program->sdev == inode->i_sb->s_dev &&
	       program->generation == inode->i_generation;
}

static struct scmod_program *find(struct scmod_programs *t, const struct inode *inode)
{
	unsigned int i, used = scmod_programs_count(t);
	u32 tag = tag_of(inode);

	for (i = 0; i < used; i++)
		if (t->tag[i] == tag && is_of(&t->program[i], inode))
			return &t->program[i];
	return NULL;
}

static struct scmod_program *add(struct scmod_programs *t, const struct inode *inode,
				 struct task_struct *who)
{
	struct scmod_program *program = find(t, inode);

	if (program)
		return program;
	if (t->used == SCMOD_PROGRAMS_MAX)
		return NULL;
	program = &t->program[t->used];
	program->ino = inode->i_ino;
	program->sdev = inode->i_sb->s_dev;
	program->generation = inode->i_generation;
	t->tag[t->used] = tag_of(inode);
	program->pid = who->pid;
	program->time_ns = ktime_get_real_ns();
	/* The entry before its number; pairs with scmod_programs_count(). */
	smp_store_release(&t->used, t->used + 1);
	return program;
}

/**
 * scmod_programs_add() - a program is executed
 * @t: the table
 * @inode: of the program's file
 * @who: the task
 *
 * Context: any but NMI.
 *
 * Return: whether its path is not known yet.
 */
bool scmod_programs_add(struct scmod_programs *t, const struct inode *inode,
			struct task_struct *who)
{
	struct scmod_program *program = find(t, inode);
	unsigned long flags;

	if (!program) {
		raw_spin_lock_irqsave(&adding, flags);
		program = add(t, inode, who);
		raw_spin_unlock_irqrestore(&adding, flags);
	}
	if (!program) {
		atomic_add_unless(&t->lost, 1, -1);
		return false;
	}
	atomic_add_unless(&program->count, 1, -1);
	return READ_ONCE(program->path) == SCMOD_PROGRAM_UNNAMED;
}

/* Where the path stands from now on. */
static u16 keep(struct scmod_programs *t, const char *path)
{
	size_t len = strlen(path) + 1;
	u32 at = t->end;

	if (len > sizeof(t->paths) - at) {
		atomic_add_unless(&t->lost, 1, -1);
		return SCMOD_PROGRAM_NAMELESS;
	}
	memcpy(t->paths + at, path, len);
	t->end += len;
	return at;
}

/**
 * scmod_programs_name() - the path of a program that was executed
 * @t: the table; nothing is done if the program is not there, or has a path
 * @inode: of the program's file
 * @path: its path, as d_path() tells it
 * @stat: what stat() says of it
 */
void scmod_programs_name(struct scmod_programs *t, const struct inode *inode,
			 const char *path, const struct kstat *stat)
{
	struct scmod_program *program = find(t, inode);

	if (!program || program->path != SCMOD_PROGRAM_UNNAMED)
		return;
	program->stat_ino = stat->ino;
	program->stat_dev = new_encode_dev(stat->dev);
	WRITE_ONCE(program->path, keep(t, path));
}

/**
 * scmod_programs_restore() - a program that was executed before the policy was made
 * @t: the table; nothing is done if it is full, which is counted
 * @from: all but its path
 * @path: its path
 */
void scmod_programs_restore(struct scmod_programs *t, const struct scmod_program *from,
			    const char *path)
{
	struct scmod_program *program;
	unsigned long flags;

	raw_spin_lock_irqsave(&adding, flags);
	program = t->used < SCMOD_PROGRAMS_MAX ? &t->program[t->used] : NULL;
	if (program) {
		*program = *from;
		program->path = keep(t, path);
		/* The entry before its number; pairs with scmod_programs_count(). */
		smp_store_release(&t->used, t->used + 1);
	}
	raw_spin_unlock_irqrestore(&adding, flags);
	if (!program)
		atomic_add_unless(&t->lost, 1, -1);
}

/* The path of the entry at @i, or NULL if it is not known. */
const char *scmod_programs_path(const struct scmod_programs *t, unsigned int i)
{
	u16 at = t->program[i].path;

	return at == SCMOD_PROGRAM_UNNAMED || at == SCMOD_PROGRAM_NAMELESS ?
	       NULL : t->paths + at;
}
