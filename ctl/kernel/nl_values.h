/* SPDX-License-Identifier: GPL-2.0 */
/* Values of arguments in the messages to and from the module. Only nl.c uses this. */
#ifndef CTL_NL_VALUES_H
#define CTL_NL_VALUES_H

#include <netlink/netlink.h>

#include "kernel/selector_change.h"

/* Reads the nest of one selector into @policy. Returns 0 or a negative errno value. */
int nl_read_selector(struct policy *policy, struct nlattr *nest);
/* Adds the value records of a message. Returns 0 or a negative errno value. */
int nl_add_values(struct policy *policy, const struct nlattr *attr);
/* Puts the changes of all selectors into @msg. Returns 0 or a negative errno value. */
int nl_put_selectors(struct nl_msg *msg, const struct selector_change *changes);

#endif /* CTL_NL_VALUES_H */
