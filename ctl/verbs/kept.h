/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keeps why a policy allows what was not seen. The module keeps only which calls are allowed;
 * so each verb that changes them writes the reasons to a file, and each verb that reads a
 * policy reads them back.
 *
 * The files are KEPT_DIR/ID-CREATED.json in scmod's own form, one for a policy, and go with the
 * policy, or at the next boot. Only root can write there. A call whose reason is not in the
 * file was allowed by hand. While a change waits to be confirmed, the file of what was confirmed
 * last is kept beside it, as ID-CREATED.before.json; if the module undoes the change, that file
 * is the one that is read.
 */
#ifndef CTL_KEPT_H
#define CTL_KEPT_H

#include "kernel/policy.h"
#include "profile/profile.h"

#define KEPT_DIR "/run/scmod"

/* As record_profile() and record_tried(), with the reasons that were kept. */
struct profile *kept_profile(const struct policy *policy);
struct profile *kept_tried(const struct policy *policy);

/*
 * Keeps the reasons of @profile, which the policy has been given; in place of those that were
 * kept before, or beside them. @verb and the policy's path are for a warning if that fails.
 */
void kept_replace(const char *verb, const struct policy *policy, struct profile *profile);
/* The same where the change waits to be confirmed; @old is the policy as it was before. */
void kept_try(const char *verb, const struct policy *old, const struct policy *policy,
	      struct profile *profile);
void kept_add(const char *verb, const struct policy *policy, const struct profile *profile);

/* Drops what was kept for a policy that was forgotten. */
void kept_drop(const struct policy *policy);

#endif /* CTL_KEPT_H */
