/* SPDX-License-Identifier: GPL-2.0 */
/* Programs in a SET message: they were executed before the policy was made. */
#ifndef SCMOD_PROGRAMS_GIVEN_H
#define SCMOD_PROGRAMS_GIVEN_H

#include <linux/scmod.h>
#include <net/netlink.h>

struct genl_info;
struct scmod_policy;

extern const struct nla_policy scmod_programs_given_policy[SCMOD_A_PROGRAM_MAX + 1];

/* With scmod_policy_lock held. */
int scmod_programs_given_check(struct genl_info *info, struct scmod_policy *p);
void scmod_programs_given_add(struct genl_info *info, struct scmod_policy *p);

#endif /* SCMOD_PROGRAMS_GIVEN_H */
