// SPDX-License-Identifier: GPL-2.0
/* The rules of a policy, as a SET message gives them. */
#include <linux/errno.h>
#include <linux/mm.h>
#include <net/genetlink.h>

#include "request.h"
#include "rules.h"
#include "value_rules.h"
#include "view.h"

/* See rules.h. */
const struct nla_policy scmod_rules_abi_policy[SCMOD_A_ABI_MAX + 1] = {
	[SCMOD_A_ABI_ID] = NLA_POLICY_MAX(NLA_U32, SCMOD_ABI_MAX),
	[SCMOD_A_ABI_SEEN] = NLA_POLICY_EXACT_LEN(SCMOD_BITMAP_BYTES),
	[SCMOD_A_ABI_ALLOWED] = NLA_POLICY_EXACT_LEN(SCMOD_BITMAP_BYTES),
	[SCMOD_A_ABI_SOFT] = NLA_POLICY_EXACT_LEN(SCMOD_BITMAP_BYTES),
	[SCMOD_A_ABI_DENIED] = NLA_POLICY_EXACT_LEN(SCMOD_BITMAP_BYTES),
	[SCMOD_A_ABI_ADD] = NLA_POLICY_EXACT_LEN(SCMOD_BITMAP_BYTES),
	[SCMOD_A_ABI_PRIORITY] = NLA_POLICY_EXACT_LEN(SCMOD_BITMAP_BYTES),
};

static void add_allowed(const struct nlattr *attr, struct scmod_rules *rules,
			unsigned int abi)
{
	struct scmod_bitmap more;
	unsigned int i;

	nla_memcpy(&more, attr, sizeof(more));
	for (i = 0; i < SCMOD_BITMAP_WORDS; i++) {
		rules->allowed[abi].bits[i] |= more.bits[i];
		rules->soft[abi].bits[i] &= ~more.bits[i];
	}
}

static void read_bitmap(const struct nlattr *attr, struct scmod_bitmap *map)
{
	if (attr)
		nla_memcpy(map, attr, sizeof(*map));
}

/* Of one ABI. */
static int read_bitmaps(struct nlattr **attrs, struct scmod_rules *rules,
			unsigned int abi, struct netlink_ext_ack *extack)
{
	if (attrs[SCMOD_A_ABI_ADD]) {
		if (attrs[SCMOD_A_ABI_ALLOWED] || attrs[SCMOD_A_ABI_SOFT]) {
			NL_SET_ERR_MSG_ATTR(extack, attrs[SCMOD_A_ABI_ADD],
					    "ADD adds to what is there, ALLOWED and SOFT replace it; give either");
			return -EINVAL;
		}
		add_allowed(attrs[SCMOD_A_ABI_ADD], rules, abi);
	}
	read_bitmap(attrs[SCMOD_A_ABI_ALLOWED], &rules->allowed[abi]);
	read_bitmap(attrs[SCMOD_A_ABI_SOFT], &rules->soft[abi]);
	read_bitmap(attrs[SCMOD_A_ABI_PRIORITY], &rules->priority[abi]);
	return 0;
}

/* One ABI's nest into the new rules. */
static int read_abi(const struct nlattr *nest, struct scmod_rules *rules,
		    u32 *given, struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[SCMOD_A_ABI_MAX + 1];
	unsigned int abi;
	int ret;

	ret = nla_parse_nested(attrs, SCMOD_A_ABI_MAX, nest,
			       scmod_rules_abi_policy, extack);
	if (!ret)
		ret = scmod_request_check_once(nla_data(nest), nla_len(nest), 0, extack);
	if (ret)
		return ret;
	if (!attrs[SCMOD_A_ABI_ID]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "This ABI nest has no ABI ID");
		return -EINVAL;
	}
	abi = nla_get_u32(attrs[SCMOD_A_ABI_ID]);
	if (*given & BIT(abi)) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "The same ABI is given twice");
		return -EINVAL;
	}
	*given |= BIT(abi);
	return read_bitmaps(attrs, rules, abi, extack);
}

/* All but the rules for values. */
static int read_calls(struct genl_info *info, struct scmod_rules *rules)
{
	struct nlattr **attrs = info->attrs;
	const struct nlattr *nest;
	u32 given = 0;
	int rem, ret;

	if (attrs[SCMOD_A_POLICY_MODE])
		rules->mode = nla_get_u32(attrs[SCMOD_A_POLICY_MODE]);
	if (attrs[SCMOD_A_POLICY_ACTION])
		rules->action = nla_get_u32(attrs[SCMOD_A_POLICY_ACTION]);
	if (attrs[SCMOD_A_POLICY_ERRNO])
		rules->err = nla_get_u32(attrs[SCMOD_A_POLICY_ERRNO]);
	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(nest) != SCMOD_A_POLICY_ABI)
			continue;
		ret = read_abi(nest, rules, &given, info->extack);
		if (ret)
			return ret;
	}
	return 0;
}

static size_t bytes(unsigned int words)
{
	return sizeof(struct scmod_rules) + words * sizeof(u64);
}

/* @rules, with room for no more words than they have. */
static struct scmod_rules *cut_out(const struct scmod_rules *rules)
{
	size_t size = bytes(rules->at[SCMOD_SELECTORS]);
	struct scmod_rules *ret = kvmalloc(size, GFP_KERNEL_ACCOUNT);

	return ret ? memcpy(ret, rules, size) : ERR_PTR(-ENOMEM);
}

/* What a new policy says, by which it does nothing. */
static void set_nothing(struct scmod_rules *rules)
{
	rules->err = EPERM;
	rules->any = SCMOD_SELECTORS_ALL;
	rules->watch = SCMOD_SELECTORS_WATCHED;
}

/* The same as rules of their own, to be freed by kvfree(); NULL if memory is short. */
struct scmod_rules *scmod_rules_nothing(void)
{
	struct scmod_rules *rules = kvzalloc(bytes(0), GFP_KERNEL_ACCOUNT);

	if (rules)
		set_nothing(rules);
	return rules;
}

/**
 * scmod_rules_read() - the rules that a SET message asks for
 * @info: the message, whose attributes have been validated
 * @old: what holds until now, on top of which the message's are put; NULL for a new policy
 *
 * Return: the rules, to be freed by kvfree(), or an error.
 */
struct scmod_rules *scmod_rules_read(struct genl_info *info, const struct scmod_rules *old)
{
	struct scmod_rules *draft, *ret;
	int err;

	draft = kvzalloc(bytes(SCMOD_RUN_WORDS(SCMOD_VALUE_RULES_TOTAL)), GFP_KERNEL);
	if (!draft)
		return ERR_PTR(-ENOMEM);
	if (old)
		memcpy(draft, old, sizeof(*draft));
	else
		set_nothing(draft);
	err = read_calls(info, draft);
	if (!err)
		err = scmod_value_rules_read(info, old, draft);
	ret = err ? ERR_PTR(err) : cut_out(draft);
	kvfree(draft);
	return ret;
}

/* The hook sets bits of @map at the same time. */
static void add_recorded(const struct nlattr *attr, struct scmod_bitmap *map)
{
	struct scmod_bitmap more;
	unsigned int nr;

	if (!attr)
		return;
	nla_memcpy(&more, attr, sizeof(more));
	for_each_set_bit(nr, more.bits, SCMOD_NR_BITS)
		set_bit(nr, map->bits);
}

/**
 * scmod_rules_add_recorded() - add what a SET message says was recorded before
 * @info: the message, which scmod_rules_read() has accepted
 * @p: the policy
 *
 * To be called when nothing can fail any more: a bit can't be taken back.
 */
void scmod_rules_add_recorded(struct genl_info *info, struct scmod_policy *p)
{
	struct nlattr *attrs[SCMOD_A_ABI_MAX + 1];
	const struct nlattr *nest;
	unsigned int abi;
	int rem;

	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(nest) != SCMOD_A_POLICY_ABI ||
		    nla_parse_nested(attrs, SCMOD_A_ABI_MAX, nest,
				     scmod_rules_abi_policy, NULL))
			continue;
		abi = nla_get_u32(attrs[SCMOD_A_ABI_ID]);
		add_recorded(attrs[SCMOD_A_ABI_SEEN], &p->seen[abi]);
		add_recorded(attrs[SCMOD_A_ABI_DENIED], &p->denied[abi]);
	}
	scmod_value_rules_restore(info, &p->values);
}
