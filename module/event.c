// SPDX-License-Identifier: GPL-2.0
/*
 * Events: what the hook saw for the first time, told later to who listens.
 *
 * Each CPU has two rings of fixed size, one for refused calls that have priority and one
 * for all else. A ring's only producer is the code that runs on that CPU with interrupts
 * off, its only consumer is a work item. An event that finds its ring full is dropped and
 * counted. The hook can't start the work item itself, but can queue an irq_work, which does.
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

/**
 * struct ring - events of one CPU
 * @head: next to write; by the CPU itself, with interrupts off
 * @tail: next to read; by the work item
 * @events: the ring itself
 */
struct ring {
	unsigned int head;
	unsigned int tail;
	struct scmod_event events[];
};

/**
 * struct rings - one ring for each CPU
 * @size: events that it has room for; a power of two
 * @ring: the rings
 */
struct rings {
	unsigned int size;
	struct ring __percpu *ring;
};

/* Room for all refused calls of a policy that have priority, as scmod(8) chooses them. */
static struct rings first = { .size = 256 };
static struct rings usual = { .size = 128 };

/* Who passes events on, or NULL; see event.h. */
static const struct scmod_event_sink *sink;

/* Events dropped for want of room in a ring, and how many of them listeners were told of. */
static atomic64_t dropped;
static u64 dropped_told;

/*
 * Events that could not be passed on for want of memory, and those that did not fit into
 * a listener's socket, counted once for each such listener.
 */
static atomic64_t untold;

static void drain_fn(struct work_struct *work);
static DECLARE_WORK(drain_work, drain_fn);

/* Its tasks should not have to wait for a worker behind those that flood it with events. */
static void wake_fn(struct irq_work *work)
{
	queue_work(system_highpri_wq, &drain_work);
}

static DEFINE_IRQ_WORK(wake, wake_fn);

/* Policies of which something was not told; see struct scmod_untold. */
static LLIST_HEAD(untold_policies);

/*
 * Some of what happened in @p was not told, which has been counted: let the log say so.
 * Context: any, if drain_fn() runs afterwards, since that starts the work that logs it.
 */
static void remember(struct scmod_policy *p)
{
	/* A full barrier, which pairs with that in log_untold(). */
	if (!atomic_xchg(&p->untold.queued, 1))
		llist_add(&p->untold.node, &untold_policies);
}

/* Context: interrupts off. */
static void drop(const struct scmod_event *e)
{
	atomic64_inc(&dropped);
	atomic_inc(&e->policy->untold.events);
	if (e->denied)
		atomic_inc(&e->policy->untold.lines);
	remember(e->policy);
}

static void put_comm(char *comm, struct task_struct *who)
{
	memcpy(comm, who->comm, SCMOD_COMM_LEN);
	comm[SCMOD_COMM_LEN - 1] = '\0';
}

static void fill_call(struct scmod_event *e, struct scmod_call call, unsigned int kind,
		      struct task_struct *who)
{
	e->record = (struct scmod_record) {
		.time_ns = ktime_get_real_ns(),
		.pid = task_pid_nr(who),
		.count = 1,
		.nr = call.nr,
		.abi = call.abi,
		.kind = kind,
	};
	put_comm(e->record.comm, who);
}

static void fill_value(struct scmod_event *e, struct scmod_arg arg, unsigned int kind,
		       struct task_struct *who)
{
	e->value = (struct scmod_value_record) {
		.time_ns = ktime_get_real_ns(),
		.value = arg.value,
		.pid = task_pid_nr(who),
		.count = 1,
		.selector = scmod_tag_selector(arg.tag),
		.abi = scmod_tag_abi(arg.tag),
		.kind = kind,
	};
	put_comm(e->value.comm, who);
}

/* Context: any; lock-free. */
static void add(struct rings *rings, const struct scmod_event *e)
{
	struct ring *ring;
	unsigned long flags;

	/* Keep out the interrupt that records a running task's call: it adds events, too. */
	local_irq_save(flags);
	ring = this_cpu_ptr(rings->ring);
	/* Pairs with the release in drain_ring(): a slot is reused after it was read. */
	if (ring->head - smp_load_acquire(&ring->tail) == rings->size) {
		drop(e);
	} else {
		ring->events[ring->head % rings->size] = *e;
		/* Pairs with the acquire in drain_ring(): the event is written before. */
		smp_store_release(&ring->head, ring->head + 1);
	}
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

/**
 * scmod_event_call() - a call was seen or refused for the first time
 * @v: by which policy, in the view that decided
 * @call: which
 * @kind: &enum scmod_record_kind
 * @who: the task that made it
 * @priority: the call is refused, and the rules say that it has priority
 *
 * Context: any; lock-free.
 */
void scmod_event_call(struct scmod_view *v, struct scmod_call call, unsigned int kind,
		      struct task_struct *who, bool priority)
{
	struct scmod_event e = {
		.policy = v->policy,
		.mode = v->rules->mode,
		.priority = priority,
		.denied = kind == SCMOD_RECORD_DENIED,
	};

	fill_call(&e, call, kind, who);
	add(priority ? &first : &usual, &e);
}

/**
 * scmod_event_value() - a value was seen or refused for the first time
 * @v: by which policy, in the view that decided
 * @arg: which; its tag is not 0
 * @kind: &enum scmod_record_kind
 * @who: the task that used it
 *
 * Context: any; lock-free. Calls that have priority are told before values.
 */
void scmod_event_value(struct scmod_view *v, struct scmod_arg arg, unsigned int kind,
		       struct task_struct *who)
{
	struct scmod_event e = {
		.policy = v->policy,
		.mode = v->rules->mode,
		.denied = kind == SCMOD_RECORD_DENIED,
		.is_value = true,
	};

	fill_value(&e, arg, kind, who);
	add(&usual, &e);
}

/*
 * At most this many refused calls are logged in so many seconds. Those beyond are counted,
 * and one line for each policy, at the end of that time, gives the count. Refused calls that
 * have priority are limited apart, so that others don't keep them out of the log: by as many
 * lines as one policy needs, whose log has one line for each call.
 */
#define LOG_SECONDS		5
#define LOG_LINES		10
#define LOG_PRIORITY_LINES	256
/* That many policies have a line of their own. */
#define LOG_UNTOLD_LINES	10

static DEFINE_RATELIMIT_STATE(usual_rate, LOG_SECONDS * HZ, LOG_LINES);
static DEFINE_RATELIMIT_STATE(priority_rate, LOG_SECONDS * HZ, LOG_PRIORITY_LINES);

/* Log what was not told of a policy, and take it off the list, to which it may be added anew. */
static void log_untold(struct scmod_policy *p, bool in_full, unsigned int *rest)
{
	struct scmod_untold *u = &p->untold;
	unsigned int lines, events;

	/* A full barrier: what remember() counts from now on puts the policy in the list. */
	atomic_xchg(&u->queued, 0);
	lines = atomic_read(&u->lines) - u->lines_told;
	events = atomic_read(&u->events) - u->events_told;
	u->lines_told += lines;
	u->events_told += events;
	if (!in_full)
		*rest += lines;
	else if (lines)
		pr_notice("%u more calls were not allowed in cgroup %llu, %u events lost; its record names the calls\n",
			  lines, p->id, events);
	else
		pr_notice("%u events of cgroup %llu were lost\n", events, p->id);
}

static void untold_fn(struct work_struct *work)
{
	struct llist_node *list = llist_del_all(&untold_policies);
	struct scmod_policy *p, *next;
	unsigned int count = 0, rest = 0;

	llist_for_each_entry_safe(p, next, list, untold.node)
		log_untold(p, count++ < LOG_UNTOLD_LINES, &rest);
	if (rest)
		pr_notice("%u more calls were not allowed in %u other cgroups; their records name them\n",
			  rest, count - LOG_UNTOLD_LINES);
}

static DECLARE_DELAYED_WORK(untold_work, untold_fn);

static void log_call(const struct scmod_event *e)
{
	const struct scmod_record *r = &e->record;
	char comm[SCMOD_ESCAPED_BYTES(sizeof(r->comm))];

	scmod_escape(comm, sizeof(comm), r->comm);
	pr_notice("cgroup %llu: call %u (ABI %u) not allowed, made by \"%s\"[%u]\n",
		  e->policy->id, r->nr, r->abi, comm, r->pid);
}

static void log_value(const struct scmod_event *e)
{
	const struct scmod_value_record *r = &e->value;
	char comm[SCMOD_ESCAPED_BYTES(sizeof(r->comm))];

	scmod_escape(comm, sizeof(comm), r->comm);
	pr_notice("cgroup %llu: value 0x%llx of selector %u (ABI %u) not allowed, used by \"%s\"[%u]\n",
		  e->policy->id, r->value, r->selector, r->abi, comm, r->pid);
}

static void log_denied(const struct scmod_event *e)
{
	if (!__ratelimit(e->priority ? &priority_rate : &usual_rate)) {
		atomic_inc(&e->policy->untold.lines);
		remember(e->policy);
		return;
	}
	if (e->is_value)
		log_value(e);
	else
		log_call(e);
}

/* An event was lost so many times on the way to those who listen. */
static void count_lost(struct scmod_policy *p, unsigned int times)
{
	atomic64_add(times, &untold);
	atomic_add(times, &p->untold.events);
}

static void tell(const struct scmod_event *e)
{
	unsigned int lost = sink ? sink->call(e) : 0;

	if (lost) {
		count_lost(e->policy, lost);
		remember(e->policy);
	}
	if (e->denied)
		log_denied(e);
}

/*
 * Tell what is in the ring now; of what is added meanwhile the next run of the work tells.
 * Return: whether there was something.
 */
static bool drain_ring(struct rings *rings, unsigned int cpu)
{
	struct ring *ring = per_cpu_ptr(rings->ring, cpu);
	/* Pairs with the release in add(). */
	unsigned int end = smp_load_acquire(&ring->head);
	bool some = ring->tail != end;

	while (ring->tail != end) {
		tell(&ring->events[ring->tail % rings->size]);
		/* Pairs with the acquire in add(): the event has been read. */
		smp_store_release(&ring->tail, ring->tail + 1);
	}
	return some;
}

static void drain_first(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		drain_ring(&first, cpu);
}

static void tell_dropped(void)
{
	u64 now = atomic64_read(&dropped);

	if (now != dropped_told && sink)
		sink->lost();
	dropped_told = now;
}

static void drain_fn(struct work_struct *work)
{
	unsigned int cpu;

	drain_first();
	for_each_possible_cpu(cpu)
		if (drain_ring(&usual, cpu))
			drain_first();
	tell_dropped();
	/* Does nothing if it is scheduled already. */
	if (!llist_empty(&untold_policies))
		schedule_delayed_work(&untold_work, LOG_SECONDS * HZ);
}

/*
 * When this returns, all events until now have been passed on, and no policy is remembered
 * that makes no more of them. Sleeps.
 */
void scmod_event_drain(void)
{
	irq_work_sync(&wake);
	flush_work(&drain_work);
	/* If something was left out, log that now. */
	flush_delayed_work(&untold_work);
}

/*
 * Something happened to a policy as a whole. If that is lost, the log does not tell of it: no
 * work may be started here, since policies still go after scmod_event_exit(). Context:
 * scmod_policy_lock.
 */
void scmod_event_policy(unsigned int event, struct scmod_policy *p)
{
	if (sink)
		count_lost(p, sink->policy(event, p, NULL));
}

/* The same for a cgroup that the policy is in force in. */
void scmod_event_place(unsigned int event, struct scmod_place *place)
{
	if (sink)
		count_lost(place->policy, sink->policy(event, place->policy, place->cgrp));
}

u64 scmod_event_lost(void)
{
	return atomic64_read(&untold) + atomic64_read(&dropped);
}

/* Before the hook is attached, and after it is off (NULL). */
void scmod_event_pass_to(const struct scmod_event_sink *to)
{
	sink = to;
}

static int rings_init(struct rings *rings)
{
	rings->ring = __alloc_percpu(struct_size(per_cpu_ptr(rings->ring, 0), events,
						 rings->size),
				     __alignof__(struct ring));
	return rings->ring ? 0 : -ENOMEM;
}

int scmod_event_init(void)
{
	int ret = rings_init(&first) ?: rings_init(&usual);

	/* Or the kernel would log by itself how many lines were left out. */
	ratelimit_set_flags(&usual_rate, RATELIMIT_MSG_ON_RELEASE);
	ratelimit_set_flags(&priority_rate, RATELIMIT_MSG_ON_RELEASE);
	if (ret)
		free_percpu(first.ring);
	return ret;
}

/* The hook is off. */
void scmod_event_exit(void)
{
	scmod_event_drain();
	free_percpu(usual.ring);
	free_percpu(first.ring);
}
