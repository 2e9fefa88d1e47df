// SPDX-License-Identifier: GPL-2.0
/* The dump of GET: all policies, with their records, as many messages as it takes. */
#include <net/genetlink.h>

#include "compat.h"
#include "dump.h"
#include "executed.h"
#include "message.h"
#include "policy.h"
#include "program.h"
#include "request.h"

#define FIRST_VALUE	((int)SCMOD_RECORDS_MAX)
#define FIRST_PROGRAM	(FIRST_VALUE + SCMOD_VALUES_MAX)

/**
 * struct dump - where a dump stands, in the netlink callback's own storage
 * @serial: of the last policy begun
 * @slot: next record of it, or, from FIRST_VALUE on, next value, or, from FIRST_PROGRAM on,
 *	next program; -1 if it is done
 * @id: only this policy; 0 for all
 * @records: send records too
 * @confirmed: of a policy whose change waits to be confirmed, send the rules that come back
 * @err: why there is no dump, found at its start
 * @why: the same in words. Some kernels have no room for words at the start of a
 *	dump, so its first round passes them on.
 */
struct dump {
	u64 serial;
	int slot;
	u64 id;
	bool records;
	bool confirmed;
	int err;
	const char *why;
};

static struct dump *dump_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct dump) > sizeof(cb->ctx));
	return (struct dump *)cb->ctx;
}

static int dump_check(struct netlink_callback *cb, struct dump *d,
		      struct netlink_ext_ack *extack)
{
	struct nlattr **attrs = scmod_genl_dump_attrs(cb);
	struct scmod_policy *p;
	int ret = scmod_request_check(cb->nlh, extack);

	if (ret)
		return ret;
	d->records = attrs[SCMOD_A_POLICY_WANT_RECORDS];
	d->confirmed = attrs[SCMOD_A_POLICY_WANT_CONFIRMED];
	if (!scmod_request_is_for_one(attrs))
		return 0;
	mutex_lock(&scmod_policy_lock);
	p = scmod_request_policy(attrs, extack);
	if (IS_ERR(p))
		ret = PTR_ERR(p);
	else
		d->id = p->id;
	mutex_unlock(&scmod_policy_lock);
	return ret;
}

int scmod_dump_start(struct netlink_callback *cb)
{
	struct netlink_ext_ack extack = {};
	struct dump *d = dump_of(cb);
	int ret;

	/*
	 * Here current is surely the task that asks; in later rounds it is the one that
	 * reads. A dump that has begun holds the module until it has been read, so a task
	 * that may not ask must fail here, even on kernels that have no room for words.
	 */
	ret = scmod_request_may_ask(cb->skb, cb->extack);
	if (ret)
		return ret;
	/* Not during load: the dump could still go on after loading has failed. */
	mutex_lock(&scmod_policy_lock);
	ret = scmod_request_may_go_on(&extack, false);
	mutex_unlock(&scmod_policy_lock);
	if (ret)
		return ret;
	d->slot = -1;
	/* Netlink takes 0 for "no number". */
	cb->seq = 1;
	d->err = dump_check(cb, d, &extack);
	if (d->records)
		scmod_executed_flush();
	d->why = extack._msg;
	/* A policy with a long path does not fit into netlink's smallest buffer. */
	cb->min_dump_alloc = scmod_message_most();
	return 0;
}

/* What comes after the message with the policy's state. Return: as for a slot, or an error. */
static int put_records(struct sk_buff *skb, struct scmod_policy *p, int slot)
{
	int ret = scmod_message_u64(skb, SCMOD_A_POLICY_ID, p->id);

	if (ret)
		return ret;
	if (slot < FIRST_VALUE)
		return scmod_message_records(skb, p, slot);
	if (slot < FIRST_PROGRAM) {
		ret = scmod_message_values(skb, p, slot - FIRST_VALUE);
		return ret < 0 ? ret : ret + FIRST_VALUE;
	}
	ret = scmod_message_programs(skb, p, slot - FIRST_PROGRAM);
	return ret < 0 ? ret : ret + FIRST_PROGRAM;
}

/* The slot to go on with where @slot is the next one; -1 if there is no more of the policy. */
static int go_on(struct scmod_policy *p, int slot)
{
	if (slot == FIRST_VALUE && !scmod_message_has_values(p))
		slot = FIRST_PROGRAM;
	return slot < FIRST_PROGRAM + (int)scmod_programs_count(p->programs) ? slot : -1;
}

static int dump_one(struct sk_buff *skb, struct netlink_callback *cb,
		    struct dump *d, struct scmod_policy *p)
{
	void *hdr = scmod_message_header(skb, NETLINK_CB(cb->skb).portid,
					 cb->nlh->nlmsg_seq, NLM_F_MULTI,
					 SCMOD_CMD_GET);
	int ret;

	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	if (d->slot < 0)
		ret = scmod_message_policy(skb, p, d->confirmed && p->before ?
					   p->before : p->rules);
	else
		ret = put_records(skb, p, d->slot);
	if (ret < 0) {
		genlmsg_cancel(skb, hdr);
		return ret;
	}
	genlmsg_end(skb, hdr);
	d->serial = p->serial;
	/* 0 after the message with the policy's state. */
	d->slot = d->records ? go_on(p, ret) : -1;
	return 0;
}

/*
 * The policy to go on with: the same again if some of its records are left. If that one
 * was forgotten in between, only a part of its records has been sent; the next message
 * says so by NLM_F_DUMP_INTR.
 */
static struct scmod_policy *dump_next(struct netlink_callback *cb, struct dump *d)
{
	struct scmod_policy *p;

	if (d->slot >= 0) {
		p = scmod_policy_after(d->serial - 1);
		if (p && p->serial == d->serial)
			return p;
		d->slot = -1;
		cb->seq++;
	}
	p = scmod_policy_after(d->serial);
	while (p && d->id && p->id != d->id)
		p = scmod_policy_after(p->serial);
	return p;
}

int scmod_dump_next(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *d = dump_of(cb);
	struct scmod_policy *p;
	int ret = 0;

	if (d->err) {
		if (cb->extack)
			cb->extack->_msg = d->why;
		return d->err;
	}
	mutex_lock(&scmod_policy_lock);
	while (!ret && (p = dump_next(cb, d)))
		ret = dump_one(skb, cb, d, p);
	/* The next round gets a buffer of this size. */
	cb->min_dump_alloc = scmod_message_most();
	mutex_unlock(&scmod_policy_lock);
	if (ret && !skb->len)
		return ret;
	return skb->len;
}
