// SPDX-License-Identifier: GPL-2.0
/* The rules for values of arguments, as a SET message gives them. */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "message.h"
#include "request.h"
#include "value_rules.h"
#include "values.h"

#define RULES	{ .type = NLA_BINARY,							\
		  .len = SCMOD_VALUE_RULES_MAX * sizeof(struct scmod_value_rule) }

/* See value_rules.h. */
const struct nla_policy scmod_value_rules_policy[SCMOD_A_SELECTOR_MAX + 1] = {
	[SCMOD_A_SELECTOR_ID] = NLA_POLICY_MAX(NLA_U32, SCMOD_SELECTOR_MAX),
	[SCMOD_A_SELECTOR_ANY] = { .type = NLA_FLAG },
	[SCMOD_A_SELECTOR_RULES] = RULES,
	[SCMOD_A_SELECTOR_ADD] = RULES,
	[SCMOD_A_SELECTOR_WATCH] = NLA_POLICY_MAX(NLA_U32, 1),
	[SCMOD_A_SELECTOR_SEEN] = { .type = NLA_BINARY,
				    .len = SCMOD_VALUE_RULES_MAX * sizeof(u64) },
	[SCMOD_A_SELECTOR_FULL] = SCMOD_ANSWERS_ONLY,
	[SCMOD_A_SELECTOR_LOST] = SCMOD_ANSWERS_ONLY,
};

/**
 * struct draft - rules that are being put together
 * @rules: the result, with room for as many words as there may be
 * @extack: what is wrong
 * @total: rules in @rules
 * @attrs: of the message, by selector; all NULL where it does not name the selector
 * @given: selectors that it names
 */
struct draft {
	struct scmod_rules *rules;
	struct netlink_ext_ack *extack;
	unsigned int total;
	struct nlattr *attrs[SCMOD_SELECTORS][SCMOD_A_SELECTOR_MAX + 1];
	u32 given;
};

static int check_whole(const struct nlattr *attr, unsigned int size,
		       struct netlink_ext_ack *extack)
{
	if (!attr || nla_len(attr) % size == 0)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "The length is not that of whole entries");
	return -EINVAL;
}

static struct scmod_value_rule rule_in(const struct nlattr *attr, unsigned int i)
{
	struct scmod_value_rule rule;

	/* Attributes are aligned to 4 bytes only. */
	memcpy(&rule, nla_data(attr) + i * sizeof(rule), sizeof(rule));
	return rule;
}

static unsigned int rules_in(const struct nlattr *attr)
{
	return nla_len(attr) / sizeof(struct scmod_value_rule);
}

static const char *wrong_with(const struct scmod_value_rule *rule)
{
	if (rule->pad)
		return "The padding of a value rule is not 0";
	if (rule->err > SCMOD_ERRNO_MAX)
		return "The errno of a value rule is too large";
	if (rule->first > rule->last || !scmod_value_rule_fits_some(rule))
		return "A value rule is for no value at all";
	return NULL;
}

static int check_rules(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	struct scmod_value_rule rule;
	const char *wrong;
	unsigned int i;
	int ret = check_whole(attr, sizeof(rule), extack);

	if (ret || !attr)
		return ret;
	for (i = 0; i < rules_in(attr); i++) {
		rule = rule_in(attr, i);
		wrong = wrong_with(&rule);
		if (!wrong)
			continue;
		if (extack) {
			extack->_msg = wrong;
			extack->bad_attr = attr;
		}
		return -EINVAL;
	}
	return 0;
}

static int check_attrs(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	int ret;

	if (!!attrs[SCMOD_A_SELECTOR_ANY] + !!attrs[SCMOD_A_SELECTOR_RULES] +
	    !!attrs[SCMOD_A_SELECTOR_ADD] > 1) {
		NL_SET_ERR_MSG(extack, "Give one of ANY, RULES and ADD");
		return -EINVAL;
	}
	ret = check_rules(attrs[SCMOD_A_SELECTOR_RULES], extack);
	if (!ret)
		ret = check_rules(attrs[SCMOD_A_SELECTOR_ADD], extack);
	if (!ret)
		ret = check_whole(attrs[SCMOD_A_SELECTOR_SEEN], sizeof(u64), extack);
	return ret;
}

/* One selector's nest. */
static int read_nest(struct draft *d, const struct nlattr *nest)
{
	struct nlattr *attrs[SCMOD_A_SELECTOR_MAX + 1];
	unsigned int selector;
	int ret;

	ret = nla_parse_nested(attrs, SCMOD_A_SELECTOR_MAX, nest, scmod_value_rules_policy,
			       d->extack);
	if (!ret)
		ret = scmod_request_check_once(nla_data(nest), nla_len(nest), 0, d->extack);
	if (ret)
		return ret;
	if (!attrs[SCMOD_A_SELECTOR_ID]) {
		NL_SET_ERR_MSG_ATTR(d->extack, nest, "This selector nest has no selector ID");
		return -EINVAL;
	}
	selector = nla_get_u32(attrs[SCMOD_A_SELECTOR_ID]);
	if (d->given & BIT(selector)) {
		NL_SET_ERR_MSG_ATTR(d->extack, nest, "The same selector is given twice");
		return -EINVAL;
	}
	d->given |= BIT(selector);
	memcpy(d->attrs[selector], attrs, sizeof(attrs));
	return check_attrs(attrs, d->extack);
}

static int read_nests(struct draft *d, struct genl_info *info)
{
	const struct nlattr *nest;
	int rem, ret;

	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(nest) != SCMOD_A_POLICY_SELECTOR)
			continue;
		ret = read_nest(d, nest);
		if (ret)
			return ret;
	}
	return 0;
}

/* Is @rule among the first @end rules of @attr? */
static bool has_rule(const struct nlattr *attr, unsigned int end,
		     const struct scmod_value_rule *rule)
{
	struct scmod_value_rule other;
	unsigned int i;

	for (i = 0; i < end; i++) {
		other = rule_in(attr, i);
		if (!memcmp(&other, rule, sizeof(other)))
			return true;
	}
	return false;
}

/* Where the rules of the selector that is being put together end, and its last run begins. */
struct tail {
	unsigned int end;
	unsigned int run;
	unsigned int count;
};

static int put_rule(struct draft *d, struct tail *tail, const struct scmod_value_rule *rule)
{
	if (d->total == SCMOD_VALUE_RULES_TOTAL || tail->count == SCMOD_VALUE_RULES_MAX) {
		NL_SET_ERR_MSG(d->extack, "More value rules than a selector or a policy may have");
		return -ENOSPC;
	}
	d->total++;
	tail->count++;
	tail->end = scmod_value_put(d->rules->words, &tail->run, tail->end, rule);
	return 0;
}

/* @once: each rule once, as the first of those that are the same */
static int put_given(struct draft *d, struct tail *tail, const struct nlattr *attr, bool once)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < rules_in(attr) && !ret; i++) {
		struct scmod_value_rule rule = rule_in(attr, i);

		if (!once || !has_rule(attr, i, &rule))
			ret = put_rule(d, tail, &rule);
	}
	return ret;
}

/* The rules that @old has, but those that are in @added. */
static int put_old(struct draft *d, struct tail *tail, const struct scmod_rules *old,
		   unsigned int selector, const struct nlattr *added)
{
	struct scmod_value_pos pos = scmod_rules_begin(old, selector);
	struct scmod_value_rule rule;
	int ret = 0;

	while (!ret && scmod_rules_next(old, selector, &pos, &rule))
		if (!added || !has_rule(added, rules_in(added), &rule))
			ret = put_rule(d, tail, &rule);
	return ret;
}

/* @old: NULL for a new policy */
static int put_selector(struct draft *d, struct tail *tail, const struct scmod_rules *old,
			unsigned int selector)
{
	struct nlattr **attrs = d->attrs[selector];
	u32 bit = BIT(selector);
	int ret = 0;

	if (attrs[SCMOD_A_SELECTOR_WATCH]) {
		d->rules->watch &= ~bit;
		if (nla_get_u32(attrs[SCMOD_A_SELECTOR_WATCH]))
			d->rules->watch |= bit;
	}
	if (attrs[SCMOD_A_SELECTOR_ANY])
		d->rules->any |= bit;
	if (attrs[SCMOD_A_SELECTOR_RULES]) {
		d->rules->any &= ~bit;
		return put_given(d, tail, attrs[SCMOD_A_SELECTOR_RULES], false);
	}
	if (d->rules->any & bit)
		return 0;
	if (attrs[SCMOD_A_SELECTOR_ADD])
		ret = put_given(d, tail, attrs[SCMOD_A_SELECTOR_ADD], true);
	if (!ret)
		ret = put_old(d, tail, old, selector, attrs[SCMOD_A_SELECTOR_ADD]);
	return ret;
}

static int put_selectors(struct draft *d, const struct scmod_rules *old)
{
	struct tail tail = {};
	unsigned int selector;
	int ret = 0;

	for (selector = 0; selector < SCMOD_SELECTORS && !ret; selector++) {
		tail.run = tail.end;
		tail.count = 0;
		ret = put_selector(d, &tail, old, selector);
		d->rules->at[selector + 1] = tail.end;
	}
	return ret;
}

/**
 * scmod_value_rules_read() - the rules for values that a SET message asks for
 * @info: the message, whose attributes have been validated
 * @old: the policy's rules until now; NULL if it is new
 * @rules: what @old has but for the words, or a new policy's rules; the message's are put
 *	on top of it. Has room for SCMOD_RUN_WORDS(SCMOD_VALUE_RULES_TOTAL) words. On error
 *	it may hold some of them
 */
int scmod_value_rules_read(struct genl_info *info, const struct scmod_rules *old,
			   struct scmod_rules *rules)
{
	struct draft *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int ret;

	if (!d)
		return -ENOMEM;
	d->rules = rules;
	d->extack = info->extack;
	ret = read_nests(d, info);
	if (!ret)
		ret = put_selectors(d, old);
	kfree(d);
	return ret;
}

static void restore(struct scmod_values *values, const struct nlattr *nest)
{
	struct nlattr *attrs[SCMOD_A_SELECTOR_MAX + 1];
	const struct nlattr *seen;
	unsigned int i;
	u64 value;

	if (nla_parse_nested(attrs, SCMOD_A_SELECTOR_MAX, nest, scmod_value_rules_policy, NULL))
		return;
	seen = attrs[SCMOD_A_SELECTOR_SEEN];
	for (i = 0; seen && i < nla_len(seen) / sizeof(value); i++) {
		memcpy(&value, nla_data(seen) + i * sizeof(value), sizeof(value));
		scmod_values_restore(values, nla_get_u32(attrs[SCMOD_A_SELECTOR_ID]), value);
	}
}

/**
 * scmod_value_rules_restore() - add the values that a SET message says were seen before
 * @info: the message, which scmod_value_rules_read() has accepted
 * @values: the policy's values
 *
 * To be called when nothing can fail any more: a value can't be taken back.
 */
void scmod_value_rules_restore(struct genl_info *info, struct scmod_values *values)
{
	const struct nlattr *nest;
	int rem;

	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem)
		if (nla_type(nest) == SCMOD_A_POLICY_SELECTOR)
			restore(values, nest);
}
