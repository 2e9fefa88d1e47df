// SPDX-License-Identifier: GPL-2.0
/* Values of arguments in the messages to and from the module. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "kernel/nl_read.h"
#include "kernel/nl_values.h"

static const struct nla_policy selector_types[SCMOD_A_SELECTOR_MAX + 1] = {
	[SCMOD_A_SELECTOR_ID] = { .type = NLA_U32 },
	[SCMOD_A_SELECTOR_WATCH] = { .type = NLA_U32 },
	[SCMOD_A_SELECTOR_LOST] = { .type = NLA_U32 },
};

/*
 * Rules that are malformed, or too many, are an error: without them it would look as if no value,
 * or any, were allowed.
 */
static int read_rules(struct policy_selector *selector, const struct nlattr *attr)
{
	size_t count = nla_len(attr) / sizeof(*selector->rule);

	if (nla_len(attr) % sizeof(*selector->rule) || count > SCMOD_VALUE_RULES_MAX)
		return -EBADMSG;
	/* The same selector twice: the last one counts. */
	free(selector->rule);
	selector->rule = calloc(count + 1, sizeof(*selector->rule));
	if (!selector->rule)
		return -ENOMEM;
	memcpy(selector->rule, nla_data(attr), count * sizeof(*selector->rule));
	selector->nr_rules = count;
	selector->listed = true;
	return 0;
}

int nl_read_selector(struct policy *policy, struct nlattr *nest)
{
	struct nlattr *tb[SCMOD_A_SELECTOR_MAX + 1];
	struct policy_selector *selector;
	uint32_t id;

	if (nla_parse_nested(tb, SCMOD_A_SELECTOR_MAX, nest, selector_types) ||
	    !tb[SCMOD_A_SELECTOR_ID])
		return -EBADMSG;
	id = nla_get_u32(tb[SCMOD_A_SELECTOR_ID]);
	/* A newer module may know more selectors; skip those. */
	if (id >= NR_SELECTORS)
		return 0;
	selector = &policy->selector[id];
	if (tb[SCMOD_A_SELECTOR_WATCH])
		selector->watch = nla_get_u32(tb[SCMOD_A_SELECTOR_WATCH]) ? WATCH_ON : WATCH_OFF;
	selector->lost = u32_or_0(tb[SCMOD_A_SELECTOR_LOST]);
	selector->full = tb[SCMOD_A_SELECTOR_FULL];
	return tb[SCMOD_A_SELECTOR_RULES] ?
	       read_rules(selector, tb[SCMOD_A_SELECTOR_RULES]) : 0;
}

int nl_add_values(struct policy *policy, const struct nlattr *attr)
{
	size_t more = nla_len(attr) / sizeof(*policy->values);
	struct scmod_value_record *grown;

	if (nla_len(attr) % sizeof(*policy->values))
		return -EBADMSG;
	if (!more)
		return 0;
	grown = realloc(policy->values, (policy->nr_values + more) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	memcpy(grown + policy->nr_values, nla_data(attr), more * sizeof(*grown));
	policy->values = grown;
	policy->nr_values += more;
	return 0;
}

static bool changes_nothing(const struct selector_change *change)
{
	return !change->any && !change->rules && !change->nr_add && !change->nr_seen &&
	       change->watch == WATCH_SAME;
}

static int put_selector(struct nl_msg *msg, unsigned int id, const struct selector_change *change)
{
	struct nlattr *nest = nla_nest_start(msg, SCMOD_A_POLICY_SELECTOR | NLA_F_NESTED);
	int err = nest ? nla_put_u32(msg, SCMOD_A_SELECTOR_ID, id) : -ENOMEM;

	if (!err && change->any)
		err = nla_put_flag(msg, SCMOD_A_SELECTOR_ANY);
	if (!err && change->rules)
		err = nla_put(msg, SCMOD_A_SELECTOR_RULES,
			      change->nr_rules * sizeof(*change->rules), change->rules);
	if (!err && change->nr_add)
		err = nla_put(msg, SCMOD_A_SELECTOR_ADD, change->nr_add * sizeof(*change->add),
			      change->add);
	if (!err && change->watch != WATCH_SAME)
		err = nla_put_u32(msg, SCMOD_A_SELECTOR_WATCH, change->watch == WATCH_ON);
	if (!err && change->nr_seen)
		err = nla_put(msg, SCMOD_A_SELECTOR_SEEN,
			      change->nr_seen * sizeof(*change->seen), change->seen);
	return err ? -ENOMEM : nla_nest_end(msg, nest);
}

int nl_put_selectors(struct nl_msg *msg, const struct selector_change *changes)
{
	for (unsigned int id = 0; id < NR_SELECTORS; id++)
		if (!changes_nothing(&changes[id]) && put_selector(msg, id, &changes[id]))
			return -ENOMEM;
	return 0;
}
