/* SPDX-License-Identifier: GPL-2.0 */
/* Policies that begin when a process executes a program. */
#ifndef SCMOD_AWAIT_H
#define SCMOD_AWAIT_H

int scmod_await_init(void);
void scmod_await_exit(void);

#endif /* SCMOD_AWAIT_H */
