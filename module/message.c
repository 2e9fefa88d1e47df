// SPDX-License-Identifier: GPL-2.0
/* Attributes of a policy, as answers, dumps and events carry them. */
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>

#include "message.h"
#include "name.h"
#include "program.h"
#include "view.h"

static const struct genl_family *family;

/* The most that scmod_message_bytes() ever said. */
static size_t most = SCMOD_MESSAGE_BYTES;

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

static int put_abi(struct sk_buff *skb, struct scmod_policy *p, const struct scmod_rules *rules,
		   unsigned int abi)
{
	struct nlattr *nest = nla_nest_start(skb, SCMOD_A_POLICY_ABI);

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

/**
 * scmod_message_bytes() - room for a policy with these rules and all else but its records
 * @rules: the rules
 *
 * Context: scmod_policy_lock, before the rules are published.
 */
size_t scmod_message_bytes(const struct scmod_rules *rules)
{
	size_t bytes = SCMOD_MESSAGE_BYTES;
	unsigned int selector;

	for (selector = 0; selector < SCMOD_SELECTORS; selector++)
		bytes += scmod_rules_count(rules, selector) * sizeof(struct scmod_value_rule);
	if (bytes > most)
		WRITE_ONCE(most, bytes);
	return bytes;
}

/* Room for any policy that is kept. */
size_t scmod_message_most(void)
{
	return READ_ONCE(most);
}

static int put_rules(struct sk_buff *skb, const struct scmod_rules *rules,
		     unsigned int selector)
{
	struct scmod_value_pos pos = scmod_rules_begin(rules, selector);
	struct scmod_value_rule rule;
	struct nlattr *attr;
	void *to;

	attr = nla_reserve(skb, SCMOD_A_SELECTOR_RULES,
			   scmod_rules_count(rules, selector) * sizeof(rule));
	if (!attr)
		return -EMSGSIZE;
	for (to = nla_data(attr); scmod_rules_next(rules, selector, &pos, &rule);
	     to += sizeof(rule))
		memcpy(to, &rule, sizeof(rule));
	return 0;
}

static bool selector_is_new(const struct scmod_policy *p, const struct scmod_rules *rules,
			    unsigned int selector)
{
	u32 bit = BIT(selector);

	return rules->any & bit && !((rules->watch ^ SCMOD_SELECTORS_WATCHED) & bit) &&
	       !scmod_values_full(&p->values, selector) &&
	       !scmod_values_lost(&p->values, selector);
}

static int put_selector(struct sk_buff *skb, struct scmod_policy *p,
			const struct scmod_rules *rules, unsigned int selector)
{
	struct nlattr *nest = nla_nest_start(skb, SCMOD_A_POLICY_SELECTOR);
	u32 lost = scmod_values_lost(&p->values, selector);
	bool any = rules->any & BIT(selector);

	if (!nest || nla_put_u32(skb, SCMOD_A_SELECTOR_ID, selector) ||
	    (any && nla_put_flag(skb, SCMOD_A_SELECTOR_ANY)) ||
	    (!any && put_rules(skb, rules, selector)) ||
	    nla_put_u32(skb, SCMOD_A_SELECTOR_WATCH, !!(rules->watch & BIT(selector))) ||
	    (scmod_values_full(&p->values, selector) &&
	     nla_put_flag(skb, SCMOD_A_SELECTOR_FULL)) ||
	    (lost && nla_put_u32(skb, SCMOD_A_SELECTOR_LOST, lost)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_selectors(struct sk_buff *skb, struct scmod_policy *p,
			 const struct scmod_rules *rules)
{
	unsigned int selector;

	for (selector = 0; selector < SCMOD_SELECTORS; selector++)
		if (!selector_is_new(p, rules, selector) &&
		    put_selector(skb, p, rules, selector))
			return -EMSGSIZE;
	return 0;
}

/* What is left of the time to confirm a change in, if one waits; and whether one came back. */
static int put_waiting(struct sk_buff *skb, const struct scmod_policy *p)
{
	s64 left = p->confirm_by - ktime_get_boottime_ns();

	if (p->before && nla_put_u32(skb, SCMOD_A_POLICY_CONFIRM,
				     max_t(s64, left / NSEC_PER_MSEC, 1)))
		return -EMSGSIZE;
	return p->rolled_back ?
	       scmod_message_u64(skb, SCMOD_A_POLICY_ROLLED_BACK, p->rolled_back) : 0;
}

static int put_pace(struct sk_buff *skb, struct scmod_policy *p)
{
	struct scmod_pace_state pace = scmod_pace_get(&p->pace);

	if (!pace.rate)
		return 0;
	return nla_put_u32(skb, SCMOD_A_POLICY_PACE, pace.rate) ||
	       nla_put_u32(skb, SCMOD_A_POLICY_PACE_PID, pace.pid) ||
	       nla_put_u32(skb, SCMOD_A_POLICY_PACE_CALL, pace.call.abi << 16 | pace.call.nr);
}

/* The mode, and which process it waits for, if it does. */
static int put_mode(struct sk_buff *skb, const struct scmod_policy *p,
		    const struct scmod_rules *rules)
{
	const struct scmod_await *await = &p->await;
	bool lives;

	if (!await->process)
		return nla_put_u32(skb, SCMOD_A_POLICY_MODE, rules->mode);
	rcu_read_lock();
	lives = pid_task(await->process, PIDTYPE_TGID);
	rcu_read_unlock();
	return nla_put_u32(skb, SCMOD_A_POLICY_MODE, await->mode) ?:
	       nla_put_u32(skb, SCMOD_A_POLICY_FROM_EXEC, lives ? pid_nr(await->process) : 0);
}

/* @rules: the policy's, or those that come back if its change is not confirmed */
int scmod_message_policy(struct sk_buff *skb, struct scmod_policy *p,
			 const struct scmod_rules *rules)
{
	unsigned int abi;

	if (scmod_message_u64(skb, SCMOD_A_POLICY_ID, p->id) ||
	    nla_put_string(skb, SCMOD_A_POLICY_PATH, p->path) ||
	    put_mode(skb, p, rules) ||
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
	    (p->programs && nla_put_u32(skb, SCMOD_A_POLICY_PROGRAMS_LOST,
					atomic_read(&p->programs->lost))) ||
	    scmod_message_u64(skb, SCMOD_A_POLICY_CREATED, p->records.created) ||
	    put_waiting(skb, p) || put_pace(skb, p))
		return -EMSGSIZE;
	for (abi = 0; abi < SCMOD_ABIS; abi++)
		if (put_abi(skb, p, rules, abi))
			return -EMSGSIZE;
	return put_selectors(skb, p, rules);
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

/* Has the policy a value that can be told? */
bool scmod_message_has_values(struct scmod_policy *p)
{
	struct scmod_value_record r;
	unsigned int i;

	for (i = 0; i < SCMOD_VALUES_MAX; i++)
		if (scmod_values_get(&p->values, &p->records, i, &r))
			return true;
	return false;
}

/* The same as scmod_message_records() for values. */
int scmod_message_values(struct sk_buff *skb, struct scmod_policy *p, unsigned int from)
{
	struct scmod_value_record r;
	struct nlattr *attr;
	unsigned int n = 0;
	void *to;

	attr = nla_reserve(skb, SCMOD_A_POLICY_VALUES, SCMOD_VALUES_PER_MSG * sizeof(r));
	if (!attr)
		return -EMSGSIZE;
	to = nla_data(attr);
	while (from < SCMOD_VALUES_MAX && n < SCMOD_VALUES_PER_MSG)
		if (scmod_values_get(&p->values, &p->records, from++, &r))
			memcpy(to + n++ * sizeof(r), &r, sizeof(r));
	attr->nla_len = nla_attr_size(n * sizeof(r));
	skb_trim(skb, (unsigned char *)attr + nla_total_size(n * sizeof(r)) - skb->data);
	return from;
}

static int put_program(struct sk_buff *skb, const struct scmod_programs *t, unsigned int i)
{
	const struct scmod_program *program = &t->program[i];
	struct nlattr *nest = nla_nest_start(skb, SCMOD_A_POLICY_PROGRAM);
	const char *path = scmod_programs_path(t, i);

	if (!nest)
		return -EMSGSIZE;
	if ((path && (nla_put_string(skb, SCMOD_A_PROGRAM_PATH, path) ||
		      nla_put_u32(skb, SCMOD_A_PROGRAM_DEV, program->stat_dev) ||
		      nla_put_u64_64bit(skb, SCMOD_A_PROGRAM_INO, program->stat_ino,
					SCMOD_A_PROGRAM_PAD))) ||
	    nla_put_u64_64bit(skb, SCMOD_A_PROGRAM_TIME, program->time_ns,
			      SCMOD_A_PROGRAM_PAD) ||
	    nla_put_u32(skb, SCMOD_A_PROGRAM_PID, program->pid) ||
	    nla_put_u32(skb, SCMOD_A_PROGRAM_COUNT, atomic_read(&program->count))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* The same as scmod_message_records() for programs: as many as there is room for. */
int scmod_message_programs(struct sk_buff *skb, struct scmod_policy *p, unsigned int from)
{
	unsigned int at, count = scmod_programs_count(p->programs);

	for (at = from; at < count && !put_program(skb, p->programs, at); at++)
		;
	return at > from ? at : -EMSGSIZE;
}
