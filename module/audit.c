// SPDX-License-Identifier: GPL-2.0
/*
 * Refused calls in the kernel's audit log, in records of the type that the kernel has for calls
 * that a seccomp filter refuses, with the same fields, so that 'ausearch -m SECCOMP' finds them.
 *
 * Audit sleeps, and describes current only. So the task whose call was refused writes the record
 * itself, by task work, before the call returns.
 */
#include <linux/audit.h>
#include <linux/bitmap.h>
#include <linux/ratelimit.h>
#include <linux/seccomp.h>
#include <linux/string.h>
#include <linux/task_work.h>

#include "audit.h"
#include "taskwork.h"
#include "view.h"

/* The name of a policy is cut here; paths of containers' cgroups are shorter. */
#define NAME_BYTES	256

/**
 * struct entry - a record to be written
 * @work: the task work
 * @call: what was refused
 * @code: as the kernel's own records have it: what a seccomp filter would have returned
 * @priority: the rules say that the call has priority
 * @name: the policy's
 */
struct entry {
	struct callback_head work;
	struct scmod_call call;
	u32 code;
	bool priority;
	char name[NAME_BYTES];
};

/*
 * So many tasks can be between a refused call and its record. The record of a further one is
 * left out; the policy's own record has it all the same.
 */
#define ENTRIES	64

static struct entry entries[ENTRIES];
static DECLARE_BITMAP(entries_busy, ENTRIES);
static struct scmod_work_slots slots = { ENTRIES, entries_busy };

/*
 * At most this many records in so many seconds. Calls that have priority are limited apart, so
 * that others don't keep them out of the log.
 */
#define AUDIT_SECONDS	5
#define AUDIT_RECORDS	64

static DEFINE_RATELIMIT_STATE(usual_rate, AUDIT_SECONDS * HZ, AUDIT_RECORDS);
static DEFINE_RATELIMIT_STATE(priority_rate, AUDIT_SECONDS * HZ, AUDIT_RECORDS);

/* As audit writes text that somebody else chose: in hexadecimal digits if it has a blank, say. */
static void log_name(struct audit_buffer *ab, const char *name)
{
	const char *c = name;

	while (*c > ' ' && *c < 0x7f && *c != '"')
		c++;
	if (!*c) {
		audit_log_format(ab, " policy=\"%s\"", name);
		return;
	}
	audit_log_format(ab, " policy=");
	for (c = name; *c; c++)
		audit_log_format(ab, "%02X", (u8)*c);
}

static void log_entry(const struct entry *entry)
{
	struct audit_buffer *ab = audit_log_start(NULL, GFP_KERNEL, AUDIT_SECCOMP);
	unsigned int nr = entry->call.nr;
	bool compat = entry->call.abi != SCMOD_ABI_X86_64;
	unsigned int sig = entry->code == SECCOMP_RET_KILL_PROCESS ? SIGSYS : 0;

	if (!ab)
		return;
	if (entry->call.abi == SCMOD_ABI_X32)
		nr |= SCMOD_X32_BIT;
	/* Who: pid, auid, uid, comm, exe and the like. ausearch expects it before the rest. */
	audit_log_task_info(ab);
	audit_log_format(ab, " sig=%u arch=%x syscall=%u compat=%d ip=0x%lx code=0x%x", sig,
			 entry->call.abi == SCMOD_ABI_I386 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64,
			 nr, compat, instruction_pointer(current_pt_regs()), entry->code);
	log_name(ab, entry->name);
	audit_log_end(ab);
}

static void log_fn(struct callback_head *work)
{
	struct entry *entry = container_of(work, struct entry, work);

	if (__ratelimit(entry->priority ? &priority_rate : &usual_rate))
		log_entry(entry);
	scmod_work_slot_put(&slots, entry - entries);
}

static u32 code_of(const struct scmod_rules *rules)
{
	return rules->action == SCMOD_ACTION_KILL ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO;
}

/**
 * scmod_audit_refused() - a policy refuses a call of current for the first time
 * @v: by which policy, in the view that decided
 * @call: which
 *
 * Context: as scmod_decide(); lock-free. Does nothing while audit is off, nor if the
 * policy does not enforce: a call that is not refused may block, and the record would be late.
 */
void scmod_audit_refused(const struct scmod_view *v, struct scmod_call call)
{
	struct entry *entry;
	int slot;

	if (audit_enabled == AUDIT_OFF || v->rules->mode != SCMOD_MODE_ENFORCE ||
	    current->flags & PF_EXITING)
		return;
	slot = scmod_work_slot_get(&slots);
	if (slot < 0)
		return;
	entry = &entries[slot];
	entry->call = call;
	entry->code = code_of(v->rules);
	entry->priority = scmod_bitmap_has(&v->rules->priority[call.abi], call.nr);
	strscpy(entry->name, v->policy->path, sizeof(entry->name));
	init_task_work(&entry->work, log_fn);
	if (scmod_taskwork_add(&entry->work))
		scmod_work_slot_put(&slots, slot);
}

/* At load. */
void scmod_audit_init(void)
{
	/* Or the kernel would log how many records were left out. */
	ratelimit_set_flags(&usual_rate, RATELIMIT_MSG_ON_RELEASE);
	ratelimit_set_flags(&priority_rate, RATELIMIT_MSG_ON_RELEASE);
}

/* At unload, after the hook has been detached: wait until all records are written. */
void scmod_audit_drain(void)
{
	scmod_work_slots_drain(&slots);
}
