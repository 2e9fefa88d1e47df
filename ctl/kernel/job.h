/* SPDX-License-Identifier: GPL-2.0 */
/* Stands in for a child towards a shell: signals, stopping and continuing. */
#ifndef CTL_JOB_H
#define CTL_JOB_H

#include <sys/types.h>

/*
 * From now on, signals that a person sends to this process are sent on to the child that job_wait()
 * waits for, or will wait for. Those of the terminal are ignored: the terminal sends them to the
 * child itself, which is in the same process group.
 */
void job_begin(void);

/*
 * Waits until the child has ended, and returns its status as waitpid() does. When the child stops,
 * this process stops, too, so that a shell notices; when it is continued, so is the child.
 */
int job_wait(pid_t child);

/* Ends this process by the signal that has ended the child, without a core dump. */
void job_die(int sig);

#endif /* CTL_JOB_H */
