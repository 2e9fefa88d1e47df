/* SPDX-License-Identifier: GPL-2.0 */
/* The prefix of every line in the kernel log; included ahead of all else. */
#ifndef SCMOD_LOG_H
#define SCMOD_LOG_H

#define pr_fmt(fmt) "scmod: " fmt

#endif /* SCMOD_LOG_H */
