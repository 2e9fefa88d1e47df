/* SPDX-License-Identifier: GPL-2.0 */
/* From the record that the module keeps to a profile. */
#ifndef CTL_RECORD_H
#define CTL_RECORD_H

#include "kernel/policy.h"
#include "profile/profile.h"

/*
 * What was seen and allowed there, and what is always added; to be freed with
 * profile_free(). Who made a call is in it if @policy has its records.
 */
struct profile *record_profile(const struct policy *policy);

#endif /* CTL_RECORD_H */
