/* SPDX-License-Identifier: GPL-2.0 */
/* For which processes policies wait. */
#ifndef SCMOD_AWAITED_H
#define SCMOD_AWAITED_H

#include <linux/types.h>

struct scmod_await;
struct scmod_policy;
struct scmod_rules;

extern const struct scmod_await scmod_awaited_nothing;

bool scmod_awaited_any(void);
struct scmod_await scmod_awaited_change(struct scmod_policy *p, const struct scmod_await *await);
void scmod_awaited_end(struct scmod_policy *p);
unsigned int scmod_awaited_mode(const struct scmod_policy *p, const struct scmod_rules *rules);

#endif /* SCMOD_AWAITED_H */
