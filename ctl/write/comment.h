/* SPDX-License-Identifier: GPL-2.0 */
/* Writes the comment lines at the head of a profile that say where it comes from. */
#ifndef CTL_COMMENT_H
#define CTL_COMMENT_H

#include "write/output.h"

/* Each line begins with "# "; untrusted text is made printable. */
void comment_write(const struct output *out);

#endif /* CTL_COMMENT_H */
