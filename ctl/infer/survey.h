/* SPDX-License-Identifier: GPL-2.0 */
/* Finds what the files that were gathered can reach, and tells the parent. */
#ifndef CTL_SURVEY_H
#define CTL_SURVEY_H

#include "infer/gather.h"

/* To be called before the process is sealed. */
void survey_prepare(void);
/* Sends packets with the calls that can be reached, and whether they are complete. */
void survey_files(struct gather *gather);

#endif /* CTL_SURVEY_H */
