/* SPDX-License-Identifier: GPL-2.0 */
/* The hook and all that stands with it: in place, or not proved yet. */
#ifndef SCMOD_ATTACH_H
#define SCMOD_ATTACH_H

#include <linux/types.h>

struct netlink_ext_ack;

int scmod_attach_init(void);
void scmod_attach_exit(void);

/* These need scmod_policy_lock held. */
int scmod_attach_prove(pid_t nr, struct netlink_ext_ack *extack);
const char *scmod_attach_unproved(void);
const char *scmod_attach_probe(void);
int scmod_attach_check_proved(struct netlink_ext_ack *extack);
int scmod_attach_check_armed(struct netlink_ext_ack *extack);

#endif /* SCMOD_ATTACH_H */
