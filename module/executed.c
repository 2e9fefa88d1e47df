// SPDX-License-Identifier: GPL-2.0
/*
 * Has the policies that learn keep which programs are executed.
 *
 * The tracepoint adds the program to the policies' tables, so that none is lost however
 * short it lives; a worker makes its path afterwards, of the file that it holds open for
 * that long. The path is the one that leads there from the root of the mount namespace in
 * which the program was executed.
 */
#include <linux/binfmts.h>
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/workqueue.h>

#include "decide.h"
#include "executed.h"
#include "policy.h"
#include "program.h"
#include "tracepoint.h"

/* Files whose path is to be made. If there is no room, the next execution tries again. */
#define WAITING	256

static struct file *waiting[WAITING];

static void name_fn(struct work_struct *work);
static DECLARE_WORK(name_work, name_fn);

static void name_in_all(struct file *file, const char *path, const struct kstat *stat)
{
	struct scmod_policy *p;

	mutex_lock(&scmod_policy_lock);
	for (p = scmod_policy_after(0); p; p = scmod_policy_after(p->serial))
		if (p->programs)
			scmod_programs_name(p->programs, file_inode(file), path, stat);
	mutex_unlock(&scmod_policy_lock);
}

static void name(struct file *file)
{
	struct kstat stat = {
		.ino = file_inode(file)->i_ino, .dev = file_inode(file)->i_sb->s_dev,
	};
	char *room = kmalloc(PATH_MAX, GFP_KERNEL);
	char *path;

	if (!room)
		return;
	path = d_path(&file->f_path, room, PATH_MAX);
	if (!IS_ERR(path)) {
		/* No file system is asked: a server of FUSE may never answer. */
		vfs_getattr(&file->f_path, &stat, STATX_INO, AT_STATX_DONT_SYNC);
		name_in_all(file, path, &stat);
	}
	kfree(room);
}

static void name_fn(struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < WAITING; i++) {
		struct file *file = READ_ONCE(waiting[i]);

		if (!file)
			continue;
		name(file);
		WRITE_ONCE(waiting[i], NULL);
		fput(file);
	}
}

static void name_later(struct file *file)
{
	unsigned int i;

	get_file(file);
	for (i = 0; i < WAITING; i++)
		if (!cmpxchg(&waiting[i], NULL, file))
			break;
	if (i == WAITING)
		fput(file);
	schedule_work(&name_work);
}

static void on_exec(void *data, struct task_struct *p, pid_t old_pid,
		    struct linux_binprm *bprm)
{
	const struct inode *inode = file_inode(bprm->file);
	struct scmod_view *v;
	bool unnamed = false;

	rcu_read_lock();
	for (v = scmod_view_of(scmod_decide_cgroup()); v; v = v->up)
		if (scmod_mode_learns(v->rules->mode) && v->policy->programs)
			unnamed |= scmod_programs_add(v->policy->programs, inode, p);
	rcu_read_unlock();
	if (unnamed)
		name_later(bprm->file);
}

static struct scmod_tracepoint_use uses[] = {
	{ .name = "sched_process_exec", .probe = on_exec },
};

/**
 * scmod_executed_first() - the program with whose execution a policy has begun
 * @p: the policy; its table has nothing of this execution
 * @file: of the program, which current has executed
 *
 * Context: process; scmod_policy_lock is held.
 */
void scmod_executed_first(struct scmod_policy *p, struct file *file)
{
	bool unnamed;

	if (!scmod_mode_learns(p->rules->mode))
		return;
	preempt_disable();
	unnamed = scmod_programs_add(p->programs, file_inode(file), current);
	preempt_enable();
	if (unnamed)
		name_later(file);
}

void scmod_executed_flush(void)
{
	flush_work(&name_work);
}

int scmod_executed_init(void)
{
	return scmod_tracepoint_use(uses, ARRAY_SIZE(uses));
}

void scmod_executed_exit(void)
{
	scmod_tracepoint_unuse(uses, ARRAY_SIZE(uses));
	flush_work(&name_work);
}
