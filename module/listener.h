/* SPDX-License-Identifier: GPL-2.0 */
/* Who listens, and how events reach them. */
#ifndef SCMOD_LISTENER_H
#define SCMOD_LISTENER_H

#include <linux/types.h>

struct netlink_ext_ack;
struct sock;

int scmod_listener_init(void);
void scmod_listener_exit(void);
int scmod_listener_add(struct sock *sk, struct netlink_ext_ack *extack);
void scmod_listener_remove(struct sock *sk);

#endif /* SCMOD_LISTENER_H */
