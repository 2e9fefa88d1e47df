/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policies that follow a name: they take over the cgroups of that name, those that are
 * there and those that are made later.
 *
 * All of it needs scmod_policy_lock held.
 */
#ifndef SCMOD_FOLLOW_H
#define SCMOD_FOLLOW_H

#include "view.h"

struct netlink_ext_ack;

int scmod_follow_name(struct scmod_policy *p, bool pattern, struct netlink_ext_ack *extack);
void scmod_follow_unname(struct scmod_policy *p);
int scmod_follow_take_over(struct scmod_policy *p, struct netlink_ext_ack *extack);
void scmod_follow_begin(struct scmod_policy *p);
void scmod_follow_end(struct scmod_policy *p);
int scmod_follow_leave(struct scmod_policy *p, struct netlink_ext_ack *extack);
void scmod_follow_fill(void);

#endif /* SCMOD_FOLLOW_H */
