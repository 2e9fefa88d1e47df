// SPDX-License-Identifier: GPL-2.0
/*
 * Who listens, and how events reach them.
 *
 * Events have no multicast group, since the kernel does not keep others out of one. It
 * lets anybody join a group number that no family has yet, and does not check those
 * members when a family gets that number. It checks a process and joins its socket in two
 * steps, between which the family may change. Not all kernels can filter what is sent to a
 * group. So a process that wants events asks for them, by SCMOD_CMD_LISTEN, and is checked
 * then and again at each event.
 *
 * An event goes into the receive queue of the socket that asked, not to its port
 * id: netlink frees the port id of a socket that is closed before it tells anybody
 * (NETLINK_URELEASE), so that by then another process may have bound that number.
 * It also passes by nlmon, which shows netlink_unicast()'s messages to whoever has
 * CAP_NET_ADMIN and CAP_NET_RAW.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/notifier.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "event.h"
#include "listener.h"
#include "message.h"
#include "name.h"
#include "policy.h"

/**
 * struct listener - one socket that asked for events
 * @list: in listeners
 * @sk: the socket; a reference, so that the memory stays, whether or not the socket
 *	is closed
 * @process: thread group of the last who asked on it; a reference
 */
struct listener {
	struct list_head list;
	struct sock *sk;
	struct pid *process;
};

/*
 * Guards the list; held while an event is given to all listeners. Nests inside
 * scmod_policy_lock. Also taken by every task that closes a generic netlink socket.
 */
static DEFINE_MUTEX(listeners_lock);
static LIST_HEAD(listeners);
static unsigned int listeners_count;

/* Context: RCU. */
static bool has_sys_admin(struct task_struct *t)
{
	const struct cred *cred = __task_cred(t);

	return cred->user_ns == &init_user_ns &&
	       cap_raised(cred->cap_effective, CAP_SYS_ADMIN);
}

/*
 * Every thread of the process can read the socket, since threads share descriptors. So
 * each living thread needs the capability. A process whose threads have all ended may not
 * hear either, even if its parent has not waited for it yet.
 */
static bool may_hear(struct pid *process)
{
	struct task_struct *leader, *t;
	unsigned int may = 0, may_not = 0;

	rcu_read_lock();
	leader = pid_task(process, PIDTYPE_TGID);
	if (leader) {
		for_each_thread(leader, t) {
			if (READ_ONCE(t->flags) & PF_EXITING)
				continue;
			if (has_sys_admin(t))
				may++;
			else
				may_not++;
		}
	}
	rcu_read_unlock();
	return may && !may_not;
}

/* The next read from the socket fails with @err. */
static void socket_fail(struct sock *sk, int err)
{
	WRITE_ONCE(sk->sk_err, err);
	sk->sk_error_report(sk);
}

static void strike_off(struct listener *l)
{
	list_del(&l->list);
	listeners_count--;
	sock_put(l->sk);
	put_pid(l->process);
	kfree(l);
}

static struct listener *listener_find(struct sock *sk)
{
	struct listener *l;

	list_for_each_entry(l, &listeners, list)
		if (l->sk == sk)
			return l;
	return NULL;
}

static struct listener *listener_new(struct sock *sk,
				     struct netlink_ext_ack *extack)
{
	struct listener *l;

	if (listeners_count == SCMOD_LISTENERS_MAX) {
		NL_SET_ERR_MSG(extack, "As many sockets listen as may; close one that does");
		return ERR_PTR(-ENOSPC);
	}
	l = kzalloc(sizeof(*l), GFP_KERNEL);
	if (!l)
		return ERR_PTR(-ENOMEM);
	sock_hold(sk);
	l->sk = sk;
	list_add_tail(&l->list, &listeners);
	listeners_count++;
	return l;
}

/* What listening needs beyond CAP_SYS_ADMIN of current, which has been checked. */
static int may_listen(struct sock *sk, struct netlink_ext_ack *extack)
{
	/* The process that opened the socket may still be able to read it. */
	if (!file_ns_capable(sk->sk_socket->file, &init_user_ns, CAP_SYS_ADMIN)) {
		NL_SET_ERR_MSG(extack, "Who opened this socket had no CAP_SYS_ADMIN in the initial user namespace");
		return -EPERM;
	}
	/* Before 5.12 io_uring sends by kernel threads, so current may be such a thread. */
	if (current->flags & PF_KTHREAD) {
		NL_SET_ERR_MSG(extack, "Send this by the process itself, not by io_uring");
		return -EPERM;
	}
	if (!may_hear(task_tgid(current))) {
		NL_SET_ERR_MSG(extack, "Each thread of a process that listens needs CAP_SYS_ADMIN in the initial user namespace");
		return -EPERM;
	}
	return 0;
}

/**
 * scmod_listener_add() - send events to a socket from now on
 * @sk: the socket by which current asks
 * @extack: where to say why not
 *
 * A socket may ask again: from then on the process that asked last is the one whose
 * capabilities are checked.
 *
 * Context: inside sendmsg(), which holds the socket's file.
 */
int scmod_listener_add(struct sock *sk, struct netlink_ext_ack *extack)
{
	int ret = may_listen(sk, extack);
	struct listener *l;

	if (ret)
		return ret;
	mutex_lock(&listeners_lock);
	l = listener_find(sk);
	if (!l)
		l = listener_new(sk, extack);
	if (IS_ERR(l)) {
		ret = PTR_ERR(l);
	} else {
		put_pid(l->process);
		l->process = get_pid(task_tgid(current));
	}
	mutex_unlock(&listeners_lock);
	return ret;
}

/* Send no more events to @sk, if any were sent. */
void scmod_listener_remove(struct sock *sk)
{
	struct listener *l;

	mutex_lock(&listeners_lock);
	l = listener_find(sk);
	if (l)
		strike_off(l);
	mutex_unlock(&listeners_lock);
}

/* Strike off those that may not hear any more; their sockets say EPERM. Lock held. */
static void strike_off_who_may_not(void)
{
	struct listener *l, *next;

	list_for_each_entry_safe(l, next, &listeners, list) {
		if (may_hear(l->process))
			continue;
		socket_fail(l->sk, EPERM);
		strike_off(l);
	}
}

/*
 * Has a socket room for an event? Half of its receive queue is for those that have priority,
 * so that calls that somebody makes in great number don't keep these out.
 */
static bool has_room(const struct sock *sk, bool priority)
{
	return priority || atomic_read(&sk->sk_rmem_alloc) <= READ_ONCE(sk->sk_rcvbuf) / 2;
}

/* Give an event to one socket. Return: whether it is lost, for want of room or memory. */
static bool give(struct sock *sk, struct sk_buff *skb, bool priority)
{
	struct sk_buff *copy = has_room(sk, priority) ? skb_clone(skb, GFP_KERNEL) : NULL;
	int ret = copy ? sock_queue_rcv_skb(sk, copy) : -ENOMEM;

	if (!ret)
		return false;
	kfree_skb(copy);
	/* The socket's own filter dropped it. */
	if (ret == -EPERM)
		return false;
	socket_fail(sk, ENOBUFS);
	return true;
}

/* Give an event to all who may hear it. Return: how many lost it. Frees @skb. */
static unsigned int give_all(struct sk_buff *skb, bool priority)
{
	unsigned int lost = 0;
	struct listener *l;

	mutex_lock(&listeners_lock);
	strike_off_who_may_not();
	list_for_each_entry(l, &listeners, list)
		lost += give(l->sk, skb, priority);
	mutex_unlock(&listeners_lock);
	kfree_skb(skb);
	return lost;
}

/* Tell all listeners, by ENOBUFS, that events were lost. */
static void lost(void)
{
	struct listener *l;

	mutex_lock(&listeners_lock);
	strike_off_who_may_not();
	list_for_each_entry(l, &listeners, list)
		socket_fail(l->sk, ENOBUFS);
	mutex_unlock(&listeners_lock);
}

/* A message with room for @bytes of attributes. */
static struct sk_buff *event_new(u32 event, u64 id, size_t bytes)
{
	struct sk_buff *skb;

	bytes += nla_total_size(sizeof(event)) + nla_total_size_64bit(sizeof(id));
	skb = genlmsg_new(bytes, GFP_KERNEL);
	if (!skb)
		return NULL;
	if (!scmod_message_header(skb, 0, 0, 0, SCMOD_CMD_EVENT) ||
	    nla_put_u32(skb, SCMOD_A_POLICY_EVENT, event) ||
	    scmod_message_u64(skb, SCMOD_A_POLICY_ID, id)) {
		nlmsg_free(skb);
		return NULL;
	}
	return skb;
}

/* @skb: NULL if there was no memory for it; @ret: not 0 if it had no room for all. */
static unsigned int event_send(struct sk_buff *skb, int ret, bool priority)
{
	if (skb && !ret) {
		struct nlmsghdr *nlh = nlmsg_hdr(skb);

		nlmsg_end(skb, nlh);
		return give_all(skb, priority);
	}
	nlmsg_free(skb);
	lost();
	return 1;
}

/* What the event of a call carries beside what all events do. */
static int put_call(struct sk_buff *skb, const struct scmod_event *e)
{
	u32 lost = atomic_read(&e->policy->untold.events);

	if ((e->denied && nla_put_u32(skb, SCMOD_A_POLICY_MODE, e->mode)) ||
	    (lost && nla_put_u32(skb, SCMOD_A_POLICY_EVENTS_LOST, lost)))
		return -EMSGSIZE;
	if (e->is_value)
		return nla_put(skb, SCMOD_A_POLICY_VALUES, sizeof(e->value), &e->value);
	return nla_put(skb, SCMOD_A_POLICY_RECORDS, sizeof(e->record), &e->record);
}

/* See &struct scmod_event_sink. */
static unsigned int tell_call(const struct scmod_event *e)
{
	/* By @is_value and @denied. */
	static const u32 events[2][2] = {
		{ SCMOD_EVENT_SEEN, SCMOD_EVENT_DENIED },
		{ SCMOD_EVENT_VALUE_SEEN, SCMOD_EVENT_VALUE_DENIED },
	};
	struct sk_buff *skb;

	if (list_empty(&listeners))
		return 0;
	skb = event_new(events[e->is_value][e->denied], e->policy->id,
			2 * nla_total_size(sizeof(u32)) + nla_total_size(sizeof(e->value)));
	return event_send(skb, skb ? put_call(skb, e) : 0, e->priority);
}

static unsigned int tell_path(u32 event, struct scmod_policy *p, const char *path)
{
	u32 mode = p->rules->mode;
	struct sk_buff *skb;
	int ret = 0;

	skb = event_new(event, p->id, nla_total_size(strlen(path) + 1) +
				      nla_total_size(sizeof(mode)));
	if (skb)
		ret = nla_put_string(skb, SCMOD_A_POLICY_PATH, path) ?:
		      nla_put_u32(skb, SCMOD_A_POLICY_MODE, mode);
	return event_send(skb, ret, true);
}

/* See &struct scmod_event_sink. */
static unsigned int tell_policy(u32 event, struct scmod_policy *p, struct cgroup *cgrp)
{
	char *path = NULL;
	unsigned int times;

	if (list_empty(&listeners))
		return 0;
	if (cgrp)
		path = scmod_name_path(cgrp);
	if (IS_ERR(path))
		return event_send(NULL, 0, true);
	times = tell_path(event, p, path ?: p->path);
	kfree(path);
	return times;
}

static const struct scmod_event_sink sink = {
	.call = tell_call,
	.policy = tell_policy,
	.lost = lost,
};

/*
 * A socket of generic netlink has been closed. The notification names it by its port id,
 * which may be another socket's by now, so look for listeners' sockets that are marked
 * dead (sock_orphan()).
 */
static int on_netlink(struct notifier_block *nb, unsigned long state, void *data)
{
	const struct netlink_notify *notify = data;
	struct listener *l, *next;

	if (state != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC ||
	    list_empty(&listeners))
		return NOTIFY_DONE;
	mutex_lock(&listeners_lock);
	list_for_each_entry_safe(l, next, &listeners, list)
		if (sock_flag(l->sk, SOCK_DEAD))
			strike_off(l);
	mutex_unlock(&listeners_lock);
	return NOTIFY_DONE;
}

static struct notifier_block netlink_notifier = { .notifier_call = on_netlink };

int scmod_listener_init(void)
{
	int ret = netlink_register_notifier(&netlink_notifier);

	if (!ret)
		scmod_event_pass_to(&sink);
	return ret;
}

/* The last: no event is sent any more, and nobody can ask to listen. */
void scmod_listener_exit(void)
{
	struct listener *l, *next;

	scmod_event_pass_to(NULL);
	netlink_unregister_notifier(&netlink_notifier);
	mutex_lock(&listeners_lock);
	list_for_each_entry_safe(l, next, &listeners, list) {
		socket_fail(l->sk, ESHUTDOWN);
		strike_off(l);
	}
	mutex_unlock(&listeners_lock);
}
