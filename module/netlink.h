/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family: who may ask, and what each command does. */
#ifndef SCMOD_NETLINK_H
#define SCMOD_NETLINK_H

#include <linux/types.h>

struct netlink_ext_ack;
struct nlattr;
struct nlmsghdr;
struct scmod_policy;
struct sk_buff;

int scmod_netlink_init(void);
void scmod_netlink_open(void);
void scmod_netlink_close(void);
void scmod_netlink_exit(void);

/* For dump.c and listener.c. */
int scmod_netlink_may_ask(struct sk_buff *skb, struct netlink_ext_ack *extack);
int scmod_netlink_may_go_on(struct netlink_ext_ack *extack, bool changes);
int scmod_netlink_check(const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack);
struct scmod_policy *scmod_netlink_named(struct nlattr **attrs,
					 struct netlink_ext_ack *extack);
void *scmod_netlink_header(struct sk_buff *skb, u32 portid, u32 seq, int flags,
			   u8 cmd);

#endif /* SCMOD_NETLINK_H */
