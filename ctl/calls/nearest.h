/* SPDX-License-Identifier: GPL-2.0 */
/* What somebody may have meant who wrote a name that is none. */
#ifndef CTL_NEAREST_H
#define CTL_NEAREST_H

/* The call whose name is most like @name, or NULL if none is like it. */
const char *nearest_call(const char *name);

#endif /* CTL_NEAREST_H */
