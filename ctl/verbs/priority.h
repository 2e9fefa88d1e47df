/* SPDX-License-Identifier: GPL-2.0 */
/* Which refused calls the module is to tell of before others: those that are never inferred. */
#ifndef CTL_PRIORITY_H
#define CTL_PRIORITY_H

#include "infer/infer.h"

/*
 * Stores these calls in @calls (one bitmap per ABI), and returns @calls. If the rules have not
 * been read and can't be, takes the built-in ones: the policy must come into force.
 */
const struct bitmap *priority_calls(const struct infer *infer, struct bitmap *calls);

#endif /* CTL_PRIORITY_H */
