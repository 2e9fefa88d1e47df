/* SPDX-License-Identifier: GPL-2.0 */
/* The dump of GET: all policies, with their records, as many messages as it takes. */
#ifndef SCMOD_DUMP_H
#define SCMOD_DUMP_H

struct netlink_callback;
struct sk_buff;

int scmod_dump_start(struct netlink_callback *cb);
int scmod_dump_next(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* SCMOD_DUMP_H */
