// SPDX-License-Identifier: GPL-2.0
/* Attributes of a policy, as answers, dumps and events carry them. */
#include <net/genetlink.h>

#include "message.h"
#include "name.h"
#include "view.h"

static const struct genl_family *family;

/* Set the family that messages are made for. To be called before all else here. */
void scmod_message_family(const struct genl_family *of)
{
	family = of;
}

/* Begin a message; NULL if @skb has no room for it. */
void *scmod_message_header(struct sk_buff *skb, u32 portid, u32 seq, int flags,
			   u8 cmd)
{
	return genlmsg_put(skb, portid, seq, family, flags, cmd);
}

static int put_bitmap(struct sk_buff *skb, int attr,
		      const struct scmod_bitmap *map)
{
	return nla_put(skb, attr, sizeof(*map), map);
}

static int put_abi(struct sk_buff *skb, struct scmod_policy *p,
		   unsigned int abi)
{
	struct nlattr *nest = nla_nest_start(skb, SCMOD_A_POLICY_ABI);
	const struct scmod_rules *rules = p->rules;

	if (!nest || nla_put_u32(skb, SCMOD_A_ABI_ID, abi) ||
	    put_bitmap(skb, SCMOD_A_ABI_SEEN, &p->seen[abi]) ||
	    put_bitmap(skb, SCMOD_A_ABI_ALLOWED, &rules->allowed[abi]) ||
	    put_bitmap(skb, SCMOD_A_ABI_SOFT, &rules->soft[abi]) ||
	    put_bitmap(skb, SCMOD_A_ABI_DENIED, &p->denied[abi]) ||
	    put_bitmap(skb, SCMOD_A_ABI_PRIORITY, &rules->priority[abi]))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int scmod_message_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, SCMOD_A_POLICY_PAD);
}

static u32 flags_of(const struct scmod_policy *p)
{
	u32 flags = p->partial ? SCMOD_FLAG_PARTIAL : 0;

	if (scmod_policy_gone(p))
		flags |= SCMOD_FLAG_GONE;
	if (!p->name)
		return flags;
	flags |= SCMOD_FLAG_NAMED;
	if (p->name->pattern)
		flags |= SCMOD_FLAG_PATTERN;
	if (!scmod_policy_present(p))
		flags |= SCMOD_FLAG_WAITING;
	return flags;
}

int scmod_message_policy(struct sk_buff *skb, struct scmod_policy *p)
{
	const struct scmod_rules *rules = p->rules;
	unsigned int abi;

	if (scmod_message_u64(skb, SCMOD_A_POLICY_ID, p->id) ||
	    nla_put_string(skb, SCMOD_A_POLICY_PATH, p->path) ||
	    nla_put_u32(skb, SCMOD_A_POLICY_MODE, rules->mode) ||
	    nla_put_u32(skb, SCMOD_A_POLICY_ACTION, rules->action) ||
	    nla_put_u32(skb, SCMOD_A_POLICY_ERRNO, rules->err) ||
	    nla_put_u32(skb, SCMOD_A_POLICY_FLAGS, flags_of(p)) ||
	    nla_put_u32(skb, SCMOD_A_POLICY_CGROUPS, atomic_read(&p->present)) ||
	    nla_put_u32(skb, SCMOD_A_POLICY_CAME, READ_ONCE(p->came)) ||
	    nla_put_u32(skb, SCMOD_A_POLICY_RECORDS_LOST,
			atomic_read(&p->records.lost)) ||
	    nla_put_u32(skb, SCMOD_A_POLICY_EVENTS_LOST,
			atomic_read(&p->untold.events)) ||
	    nla_put_u32(skb, SCMOD_A_POLICY_UNLOGGED,
			atomic_read(&p->untold.lines)) ||
	    scmod_message_u64(skb, SCMOD_A_POLICY_CREATED, p->records.created))
		return -EMSGSIZE;
	for (abi = 0; abi < SCMOD_ABIS; abi++)
		if (put_abi(skb, p, abi))
			return -EMSGSIZE;
	return 0;
}

/* Records from place @from on; returns the place to go on with, or an error. */
int scmod_message_records(struct sk_buff *skb, struct scmod_policy *p,
			  unsigned int from)
{
	struct scmod_record *records;
	struct nlattr *attr;
	unsigned int n = 0;

	attr = nla_reserve(skb, SCMOD_A_POLICY_RECORDS,
			   SCMOD_RECORDS_PER_MSG * sizeof(*records));
	if (!attr)
		return -EMSGSIZE;
	/* Attributes are aligned to 4 bytes only, so records are copied, not written there. */
	records = nla_data(attr);
	while (from < SCMOD_RECORDS_MAX && n < SCMOD_RECORDS_PER_MSG) {
		struct scmod_record r;

		if (scmod_record_get(&p->records, from++, &r))
			memcpy(&records[n++], &r, sizeof(r));
	}
	attr->nla_len = nla_attr_size(n * sizeof(*records));
	skb_trim(skb, (unsigned char *)attr + nla_total_size(n * sizeof(*records)) - skb->data);
	return from;
}
