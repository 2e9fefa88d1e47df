/* SPDX-License-Identifier: GPL-2.0 */
/* Turns the record that the module keeps into a profile. */
#ifndef CTL_RECORD_H
#define CTL_RECORD_H

#include "kernel/policy.h"
#include "profile/profile.h"

/*
 * The profile holds the seen and allowed calls, lifelines and soft calls. Who made a call is
 * in it only if @policy has its records. To be freed with profile_free().
 */
struct profile *record_profile(const struct policy *policy);
/* The same without the calls that were seen but are not allowed: what complain tries. */
struct profile *record_tried(const struct policy *policy);

#endif /* CTL_RECORD_H */
