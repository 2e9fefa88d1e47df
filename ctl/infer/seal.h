/* SPDX-License-Identifier: GPL-2.0 */
/* Seals a process, so that it can only read files that are open already, and send packets. */
#ifndef CTL_SEAL_H
#define CTL_SEAL_H

/*
 * Closes all files but @kept, stdin, stdout and stderr included. Each @kept[i] gets a new
 * number, which is stored there. Ends the process on failure.
 */
void seal_files(int *kept, unsigned int count);

/*
 * Takes from this process all capabilities and the right to gain any; the right to open files
 * and to start processes; and all system calls but those for reading and sending. Limits its
 * memory and time. Ends the process on failure.
 */
void seal_process(void);

#endif /* CTL_SEAL_H */
