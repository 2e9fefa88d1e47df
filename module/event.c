// SPDX-License-Identifier: GPL-2.0
/*
 * Events: what the hook saw for the first time, told later to who listens.
 *
 * Each CPU has a ring of fixed size. Its only producer is the code that runs on that CPU
 * with interrupts off, its only consumer is a work item. An event that finds the ring full
 * is dropped and counted. The hook can't start the work item itself, but can queue an
 * irq_work, which does.
 */
#include <linux/irq_work.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/ratelimit.h>
#include <linux/workqueue.h>

#include "escape.h"
#include "event.h"
#include "view.h"

/* Events a CPU can have waiting; a power of two. */
#define RING_EVENTS	128

struct call_event {
	u64 id;
	u32 mode;
	struct scmod_record record;
};

/**
 * struct ring - events of one CPU
 * @head: next to write; by the CPU itself, with preemption off
 * @tail: next to read; by the work item
 * @lost: events that found no room; written by the CPU, with preemption off
 * @lost_told: how many of these listeners have been told of; used by the work item
 * @events: the ring itself
 */
struct ring {
	unsigned int head;
	unsigned int tail;
	u64 lost;
	u64 lost_told;
	struct call_event events[RING_EVENTS];
};

static struct ring __percpu *rings;

/* Who passes events on, or NULL; see event.h. */
static const struct scmod_event_sink *sink;

/*
 * Events that could not be passed on for want of memory, and those that did not fit into
 * a listener's socket, counted once for each such listener.
 */
static atomic64_t untold;

static void drain_fn(struct work_struct *work);
static DECLARE_WORK(drain_work, drain_fn);

static void wake_fn(struct irq_work *work)
{
	schedule_work(&drain_work);
}

static DEFINE_IRQ_WORK(wake, wake_fn);

/**
 * scmod_event_call() - a call was seen or refused for the first time
 * @v: by which policy, in the view that decided
 * @call: which
 * @kind: &enum scmod_record_kind
 * @who: the task that made it
 *
 * Context: any; lock-free.
 */
void scmod_event_call(struct scmod_view *v, struct scmod_call call,
		      unsigned int kind, struct task_struct *who)
{
	struct ring *ring;
	struct call_event *e;
	unsigned long flags;

	/* Keep out the interrupt that records a running task's call: it adds events, too. */
	local_irq_save(flags);
	ring = this_cpu_ptr(rings);
	/* Pairs with the release in drain_fn(): a slot is reused after it was read. */
	if (ring->head - smp_load_acquire(&ring->tail) == RING_EVENTS) {
		ring->lost++;
		goto out;
	}
	e = &ring->events[ring->head % RING_EVENTS];
	e->id = v->policy->id;
	e->mode = v->rules.mode;
	e->record = (struct scmod_record) {
		.time_ns = ktime_get_real_ns(),
		.pid = task_pid_nr(who),
		.count = 1,
		.nr = call.nr,
		.abi = call.abi,
		.kind = kind,
	};
	memcpy(e->record.comm, who->comm, sizeof(e->record.comm));
	e->record.comm[sizeof(e->record.comm) - 1] = '\0';
	/* Pairs with the acquire in drain_fn(): the event is written before it is read. */
	smp_store_release(&ring->head, ring->head + 1);
out:
	local_irq_restore(flags);
	/*
	 * A call under a chain of a thousand policies makes a thousand events, and each
	 * irq_work is an interrupt. None is needed while the work is pending, since the
	 * kernel clears that state before it runs the work, with a barrier that pairs
	 * with this one: the work then sees the event.
	 */
	smp_mb();
	if (!work_pending(&drain_work))
		irq_work_queue(&wake);
}

/*
 * At most this many refused calls are logged in so many seconds. Those beyond are counted,
 * and one line at the end of that time gives the count.
 */
#define LOG_LINES	10
#define LOG_SECONDS	5

static DEFINE_RATELIMIT_STATE(log_rate, LOG_SECONDS * HZ, LOG_LINES);
static atomic_t unlogged;

static void unlogged_fn(struct work_struct *work)
{
	int more = atomic_xchg(&unlogged, 0);

	if (more)
		pr_notice("%d more calls were not allowed; the policies' records name them\n",
			  more);
}

static DECLARE_DELAYED_WORK(unlogged_work, unlogged_fn);

static void log_denied(u64 id, const struct scmod_record *r)
{
	char comm[SCMOD_ESCAPED_BYTES(sizeof(r->comm))];

	if (!__ratelimit(&log_rate)) {
		atomic_inc(&unlogged);
		/* Does nothing if it is scheduled already. */
		schedule_delayed_work(&unlogged_work, LOG_SECONDS * HZ);
		return;
	}
	scmod_escape(comm, sizeof(comm), r->comm);
	pr_notice("cgroup %llu: call %u (ABI %u) not allowed, made by \"%s\"[%u]\n",
		  id, r->nr, r->abi, comm, r->pid);
}

static void tell(const struct call_event *e)
{
	if (sink)
		atomic64_add(sink->call(e->id, e->mode, &e->record), &untold);
	if (e->record.kind == SCMOD_RECORD_DENIED)
		log_denied(e->id, &e->record);
}

/* Has the ring of a CPU dropped anything since the last time? */
static bool ring_dropped(struct ring *ring)
{
	u64 lost = READ_ONCE(ring->lost);
	bool more = lost != ring->lost_told;

	ring->lost_told = lost;
	return more;
}

static void drain_fn(struct work_struct *work)
{
	bool dropped = false;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct ring *ring = per_cpu_ptr(rings, cpu);

		/* Both pair with scmod_event_call(). */
		while (ring->tail != smp_load_acquire(&ring->head)) {
			tell(&ring->events[ring->tail % RING_EVENTS]);
			/* The event has been read. */
			smp_store_release(&ring->tail, ring->tail + 1);
		}
		dropped |= ring_dropped(ring);
	}
	if (dropped && sink)
		sink->lost();
}

/* When this returns, all events until now have been passed on. Sleeps. */
void scmod_event_drain(void)
{
	irq_work_sync(&wake);
	flush_work(&drain_work);
}

/* Something happened to a policy as a whole. Context: scmod_policy_lock. */
void scmod_event_policy(unsigned int event, struct scmod_policy *p)
{
	if (sink)
		atomic64_add(sink->policy(event, p, NULL), &untold);
}

/* The same for a cgroup that the policy is in force in. */
void scmod_event_place(unsigned int event, struct scmod_place *place)
{
	if (sink)
		atomic64_add(sink->policy(event, place->policy, place->cgrp), &untold);
}

u64 scmod_event_lost(void)
{
	unsigned int cpu;
	u64 lost = atomic64_read(&untold);

	for_each_possible_cpu(cpu)
		lost += READ_ONCE(per_cpu_ptr(rings, cpu)->lost);
	return lost;
}

/* Before the hook is attached, and after it is off (NULL). */
void scmod_event_pass_to(const struct scmod_event_sink *to)
{
	sink = to;
}

int scmod_event_init(void)
{
	/* Or the kernel would log by itself how many lines were left out. */
	ratelimit_set_flags(&log_rate, RATELIMIT_MSG_ON_RELEASE);
	rings = alloc_percpu(struct ring);
	return rings ? 0 : -ENOMEM;
}

/* The hook is off. */
void scmod_event_exit(void)
{
	irq_work_sync(&wake);
	cancel_work_sync(&drain_work);
	/* If lines were left out, log their count now. */
	flush_delayed_work(&unlogged_work);
	free_percpu(rings);
}
