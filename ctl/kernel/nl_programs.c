// SPDX-License-Identifier: GPL-2.0
/* Programs that were executed, in the messages to and from the module. */
#include <errno.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <linux/scmod.h>

#include "kernel/nl_programs.h"
#include "kernel/nl_read.h"

static const struct nla_policy types[SCMOD_A_PROGRAM_MAX + 1] = {
	/* NLA_STRING: libnl requires the terminating NUL. */
	[SCMOD_A_PROGRAM_PATH] = { .type = NLA_STRING },
	[SCMOD_A_PROGRAM_DEV] = { .type = NLA_U32 },
	[SCMOD_A_PROGRAM_INO] = { .type = NLA_U64 },
	[SCMOD_A_PROGRAM_TIME] = { .type = NLA_U64 },
	[SCMOD_A_PROGRAM_PID] = { .type = NLA_U32 },
	[SCMOD_A_PROGRAM_COUNT] = { .type = NLA_U32 },
};

int nl_add_program(struct executed_list *list, struct nlattr *nest)
{
	struct nlattr *tb[SCMOD_A_PROGRAM_MAX + 1];
	struct executed program;

	if (nla_parse_nested(tb, SCMOD_A_PROGRAM_MAX, nest, types))
		return -EBADMSG;
	program = (struct executed){
		.path = tb[SCMOD_A_PROGRAM_PATH] ? nla_get_string(tb[SCMOD_A_PROGRAM_PATH]) : NULL,
		.dev = u32_or_0(tb[SCMOD_A_PROGRAM_DEV]),
		.ino = u64_or_0(tb[SCMOD_A_PROGRAM_INO]),
		.first = u64_or_0(tb[SCMOD_A_PROGRAM_TIME]),
		.pid = u32_or_0(tb[SCMOD_A_PROGRAM_PID]),
		.count = u32_or_0(tb[SCMOD_A_PROGRAM_COUNT]),
	};
	executed_add(list, &program);
	return 0;
}

static int put_program(struct nl_msg *msg, const struct executed *program)
{
	struct nlattr *nest = nla_nest_start(msg, SCMOD_A_POLICY_PROGRAM | NLA_F_NESTED);

	if (!nest || nla_put_string(msg, SCMOD_A_PROGRAM_PATH, program->path) ||
	    nla_put_u32(msg, SCMOD_A_PROGRAM_DEV, program->dev) ||
	    nla_put_u64(msg, SCMOD_A_PROGRAM_INO, program->ino) ||
	    nla_put_u64(msg, SCMOD_A_PROGRAM_TIME, program->first) ||
	    nla_put_u32(msg, SCMOD_A_PROGRAM_PID, program->pid) ||
	    nla_put_u32(msg, SCMOD_A_PROGRAM_COUNT, program->count))
		return -ENOMEM;
	return nla_nest_end(msg, nest);
}

int nl_put_programs(struct nl_msg *msg, const struct executed_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->program[i].path && put_program(msg, &list->program[i]))
			return -ENOMEM;
	return 0;
}
