// SPDX-License-Identifier: GPL-2.0
/* The rules of a policy, as a SET message gives them. */
#include <net/genetlink.h>

#include "bitmap.h"
#include "request.h"
#include "rules.h"

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
		ret = scmod_request_check_once(nla_data(nest), nla_len(nest), -1, extack);
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

/**
 * scmod_rules_read() - the rules that a SET message asks for
 * @info: the message, whose attributes have been validated
 * @rules: what holds until now; the message's are put on top of it. On error it may
 *	hold some of them
 */
int scmod_rules_read(struct genl_info *info, struct scmod_rules *rules)
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
 * scmod_rules_add_recorded() - add the calls that a SET message says were recorded before
 * @info: the message, which scmod_rules_read() has accepted
 * @seen: what the policy has seen, per ABI
 * @denied: what it has refused, likewise
 *
 * To be called when nothing can fail any more: a bit can't be taken back.
 */
void scmod_rules_add_recorded(struct genl_info *info, struct scmod_bitmap *seen,
			      struct scmod_bitmap *denied)
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
		add_recorded(attrs[SCMOD_A_ABI_SEEN], &seen[abi]);
		add_recorded(attrs[SCMOD_A_ABI_DENIED], &denied[abi]);
	}
}
