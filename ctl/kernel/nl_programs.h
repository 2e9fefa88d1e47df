/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that were executed, in the messages to and from the module. Only nl.c uses this. */
#ifndef CTL_NL_PROGRAMS_H
#define CTL_NL_PROGRAMS_H

#include <netlink/netlink.h>

#include "profile/executed.h"

/* Adds the program of a nest. Returns 0 or a negative errno value. */
int nl_add_program(struct executed_list *list, struct nlattr *nest);
/* Puts the programs that have a path into @msg. Returns 0 or a negative errno value. */
int nl_put_programs(struct nl_msg *msg, const struct executed_list *list);

#endif /* CTL_NL_PROGRAMS_H */
