/* SPDX-License-Identifier: GPL-2.0 */
/* Values that are used for the first time while a record is being enforced. */
#ifndef CTL_LATE_VALUES_H
#define CTL_LATE_VALUES_H

#include "kernel/policy.h"
#include "profile/profile.h"

/**
 * struct late_values - what came of them
 * @allowed: number of values that are allowed now, too
 * @refused: number of values that are not, because of @err
 * @err: negative errno value
 */
struct late_values {
	unsigned int allowed;
	unsigned int refused;
	int err;
};

/*
 * Allows the values that the policy has seen, and that @profile, which is in force already, does
 * not allow: they were used after the record was read, and before the change.
 */
struct late_values late_values(const struct policy *now, const struct profile *profile);
/* Tells the person about them. */
void late_values_tell(const char *verb, const struct policy *now, const struct late_values *late);

#endif /* CTL_LATE_VALUES_H */
