/* SPDX-License-Identifier: GPL-2.0 */
/* Who listens, and how events reach them. */
#ifndef SCMOD_LISTENER_H
#define SCMOD_LISTENER_H

#include <linux/types.h>

struct netlink_ext_ack;
struct scmod_policy;
struct scmod_record;
struct sock;

int scmod_listener_init(void);
void scmod_listener_exit(void);
int scmod_listener_add(struct sock *sk, struct netlink_ext_ack *extack);
void scmod_listener_remove(struct sock *sk);
unsigned int scmod_listener_call(u64 id, u32 mode,
				 const struct scmod_record *record);
unsigned int scmod_listener_policy(u32 event, struct scmod_policy *p);
void scmod_listener_lost(void);

#endif /* SCMOD_LISTENER_H */
