/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A change of policies: new views for all that it concerns, built before the first of them
 * is published.
 *
 * All of it needs scmod_policy_lock held.
 */
#ifndef SCMOD_CHANGE_H
#define SCMOD_CHANGE_H

#include "view.h"

int scmod_change_build(struct scmod_policy *p, const struct scmod_rules *rules, gfp_t gfp);
void scmod_change_drop(void);
struct scmod_rules *scmod_change_publish(struct scmod_policy *p,
					 struct scmod_rules *rules);
void scmod_change_finish(void);
void scmod_change_end_places(struct list_head *places);
void scmod_change_adopt(void);

#endif /* SCMOD_CHANGE_H */
