/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family: what user space asks, and what it is told. */
#ifndef SCMOD_NETLINK_H
#define SCMOD_NETLINK_H

#include <linux/types.h>

struct scmod_policy;
struct scmod_record;

int scmod_netlink_init(void);
void scmod_netlink_open(void);
void scmod_netlink_close(void);
void scmod_netlink_exit(void);
int scmod_netlink_event_call(u64 id, u32 mode, const struct scmod_record *record);
int scmod_netlink_event_policy(unsigned int event, struct scmod_policy *p);

#endif /* SCMOD_NETLINK_H */
