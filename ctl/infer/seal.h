/* SPDX-License-Identifier: GPL-2.0 */
/* A process that can do nothing any more but read what it has open, and tell. */
#ifndef CTL_SEAL_H
#define CTL_SEAL_H

/* Closes all files but @kept, the streams too. Returns the number @kept[i] has now in
 * @kept[i]. Ends the process on failure.
 */
void seal_files(int *kept, unsigned int count);

/*
 * Takes away from this process all capabilities, the right to gain any, new files and
 * processes, all system calls but those for reading and sending, and memory and time
 * without end. Ends the process on failure.
 */
void seal_process(void);

#endif /* CTL_SEAL_H */
