// SPDX-License-Identifier: GPL-2.0
/* Programs in a SET message: they were executed before the policy was made. */
#include <net/genetlink.h>

#include "policy.h"
#include "program.h"
#include "programs_given.h"
#include "request.h"

const struct nla_policy scmod_programs_given_policy[SCMOD_A_PROGRAM_MAX + 1] = {
	[SCMOD_A_PROGRAM_PATH] = { .type = NLA_NUL_STRING, .len = PATH_MAX - 1 },
	[SCMOD_A_PROGRAM_DEV] = { .type = NLA_U32 },
	[SCMOD_A_PROGRAM_INO] = { .type = NLA_U64 },
	[SCMOD_A_PROGRAM_TIME] = { .type = NLA_U64 },
	[SCMOD_A_PROGRAM_PID] = { .type = NLA_U32 },
	[SCMOD_A_PROGRAM_COUNT] = { .type = NLA_U32 },
};

static int parse(struct nlattr *attrs[SCMOD_A_PROGRAM_MAX + 1], const struct nlattr *nest,
		 struct netlink_ext_ack *extack)
{
	return nla_parse_nested(attrs, SCMOD_A_PROGRAM_MAX, nest, scmod_programs_given_policy,
				extack);
}

static int check(const struct nlattr *nest, struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[SCMOD_A_PROGRAM_MAX + 1];
	int ret = parse(attrs, nest, extack);

	if (!ret)
		ret = scmod_request_check_once(nla_data(nest), nla_len(nest), 0, extack);
	if (ret)
		return ret;
	if (attrs[SCMOD_A_PROGRAM_PATH] && attrs[SCMOD_A_PROGRAM_DEV] &&
	    attrs[SCMOD_A_PROGRAM_INO])
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, nest, "A program needs PATH, DEV and INO");
	return -EINVAL;
}

/**
 * scmod_programs_given_check() - are the programs in a SET message right?
 * @info: the message
 * @p: the policy, which has room for them afterwards
 */
int scmod_programs_given_check(struct genl_info *info, struct scmod_policy *p)
{
	const struct nlattr *nest;
	bool any = false;
	int rem, ret = 0;

	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(nest) != SCMOD_A_POLICY_PROGRAM)
			continue;
		ret = check(nest, info->extack);
		if (ret)
			return ret;
		any = true;
	}
	return any ? scmod_policy_want_programs(p) : 0;
}

static u32 u32_or_0(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static void add(struct scmod_policy *p, const struct nlattr *nest)
{
	struct nlattr *attrs[SCMOD_A_PROGRAM_MAX + 1];
	struct scmod_program program = {};

	if (parse(attrs, nest, NULL))
		return;
	program.stat_dev = nla_get_u32(attrs[SCMOD_A_PROGRAM_DEV]);
	program.stat_ino = nla_get_u64(attrs[SCMOD_A_PROGRAM_INO]);
	if (attrs[SCMOD_A_PROGRAM_TIME])
		program.time_ns = nla_get_u64(attrs[SCMOD_A_PROGRAM_TIME]);
	program.pid = u32_or_0(attrs[SCMOD_A_PROGRAM_PID]);
	atomic_set(&program.count, u32_or_0(attrs[SCMOD_A_PROGRAM_COUNT]));
	scmod_programs_restore(p->programs, &program, nla_data(attrs[SCMOD_A_PROGRAM_PATH]));
}

/**
 * scmod_programs_given_add() - add the programs in a SET message
 * @info: the message, which scmod_programs_given_check() has accepted
 * @p: the policy
 *
 * To be called when nothing can fail any more: a program can't be taken back.
 */
void scmod_programs_given_add(struct genl_info *info, struct scmod_policy *p)
{
	const struct nlattr *nest;
	int rem;

	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem)
		if (nla_type(nest) == SCMOD_A_POLICY_PROGRAM)
			add(p, nest);
}
