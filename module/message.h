/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes of a policy, as answers, dumps and events carry them. */
#ifndef SCMOD_MESSAGE_H
#define SCMOD_MESSAGE_H

#include <linux/scmod.h>
#include <linux/types.h>

struct scmod_policy;
struct sk_buff;

/* Room for a policy with all it has but its records; a message is one buffer. */
#define SCMOD_MESSAGE_BYTES	(SCMOD_PATH_MAX + 4096)

int scmod_message_u64(struct sk_buff *skb, int attr, u64 value);
int scmod_message_policy(struct sk_buff *skb, struct scmod_policy *p);
int scmod_message_records(struct sk_buff *skb, struct scmod_policy *p,
			  unsigned int from);

#endif /* SCMOD_MESSAGE_H */
