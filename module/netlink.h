/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family: its commands, and what each of them does. */
#ifndef SCMOD_NETLINK_H
#define SCMOD_NETLINK_H

int scmod_netlink_init(void);
void scmod_netlink_exit(void);

#endif /* SCMOD_NETLINK_H */
