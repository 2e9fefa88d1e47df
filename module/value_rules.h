/* SPDX-License-Identifier: GPL-2.0 */
/* The rules for values of arguments, as a SET message gives them. */
#ifndef SCMOD_VALUE_RULES_H
#define SCMOD_VALUE_RULES_H

#include <linux/scmod.h>
#include <net/netlink.h>

#include "value.h"

struct genl_info;
struct scmod_values;

/* What a nest SCMOD_A_POLICY_SELECTOR may hold. */
extern const struct nla_policy scmod_value_rules_policy[SCMOD_A_SELECTOR_MAX + 1];

int scmod_value_rules_read(struct genl_info *info, const struct scmod_rules *old,
			   struct scmod_rules *rules);
void scmod_value_rules_restore(struct genl_info *info, struct scmod_values *values);

#endif /* SCMOD_VALUE_RULES_H */
