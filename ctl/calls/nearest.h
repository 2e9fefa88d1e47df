/* SPDX-License-Identifier: GPL-2.0 */
/* Suggests the call that was probably meant by a misspelt name. */
#ifndef CTL_NEAREST_H
#define CTL_NEAREST_H

/* The call whose name is most like @name, or NULL if no name is similar. */
const char *nearest_call(const char *name);

#endif /* CTL_NEAREST_H */
