/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes of a policy, as answers, dumps and events carry them. */
#ifndef SCMOD_MESSAGE_H
#define SCMOD_MESSAGE_H

#include <linux/scmod.h>
#include <linux/types.h>

struct genl_family;
struct scmod_policy;
struct scmod_rules;
struct sk_buff;

/*
 * Room for a policy with all it has but its records and its rules for values; a message is
 * one buffer.
 */
#define SCMOD_MESSAGE_BYTES	(SCMOD_PATH_MAX + 4096)

/* In a struct nla_policy. */
#define SCMOD_ANSWERS_ONLY						\
	{ .type = NLA_REJECT, .reject_message = "This attribute is in answers only" }

void scmod_message_family(const struct genl_family *of);
void *scmod_message_header(struct sk_buff *skb, u32 portid, u32 seq, int flags,
			   u8 cmd);
int scmod_message_u64(struct sk_buff *skb, int attr, u64 value);
size_t scmod_message_bytes(const struct scmod_rules *rules);
size_t scmod_message_most(void);
int scmod_message_policy(struct sk_buff *skb, struct scmod_policy *p,
			 const struct scmod_rules *rules);
int scmod_message_records(struct sk_buff *skb, struct scmod_policy *p,
			  unsigned int from);
bool scmod_message_has_values(struct scmod_policy *p);
int scmod_message_values(struct sk_buff *skb, struct scmod_policy *p,
			 unsigned int from);
int scmod_message_programs(struct sk_buff *skb, struct scmod_policy *p,
			   unsigned int from);

#endif /* SCMOD_MESSAGE_H */
