/* SPDX-License-Identifier: GPL-2.0 */
/* The rules of a policy, as a SET message gives them. */
#ifndef SCMOD_RULES_H
#define SCMOD_RULES_H

#include <linux/scmod.h>
#include <net/netlink.h>

struct genl_info;
struct scmod_policy;
struct scmod_rules;

/* What a nest SCMOD_A_POLICY_ABI may hold. */
extern const struct nla_policy scmod_rules_abi_policy[SCMOD_A_ABI_MAX + 1];

struct scmod_rules *scmod_rules_nothing(void);
struct scmod_rules *scmod_rules_read(struct genl_info *info, const struct scmod_rules *old);
void scmod_rules_add_recorded(struct genl_info *info, struct scmod_policy *p);

#endif /* SCMOD_RULES_H */
