/* SPDX-License-Identifier: GPL-2.0 */
/* What is the same for all requests: who may ask, and which policy a message names. */
#ifndef SCMOD_REQUEST_H
#define SCMOD_REQUEST_H

#include <linux/types.h>

struct genl_info;
struct netlink_ext_ack;
struct nlattr;
struct nlmsghdr;
struct scmod_await;
struct scmod_policy;
struct scmod_rules;
struct sk_buff;

void scmod_request_open(bool open);
int scmod_request_may_ask(struct sk_buff *skb, struct netlink_ext_ack *extack);
int scmod_request_check(const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack);
int scmod_request_check_once(const struct nlattr *head, int len, u32 many,
			     struct netlink_ext_ack *extack);
/* Does the message say which policy it is for? */
bool scmod_request_is_for_one(struct nlattr **attrs);

/* The rest needs scmod_policy_lock held. */
int scmod_request_may_go_on(struct netlink_ext_ack *extack, bool changes);
struct scmod_policy *scmod_request_policy(struct nlattr **attrs,
					  struct netlink_ext_ack *extack);
struct scmod_policy *scmod_request_policy_to_set(struct genl_info *info);
int scmod_request_await(struct genl_info *info, struct scmod_policy *p,
			struct scmod_rules *rules, struct scmod_await *await);

#endif /* SCMOD_REQUEST_H */
