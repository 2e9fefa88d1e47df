/* SPDX-License-Identifier: GPL-2.0 */
/* The verbs; each is defined in the file of its name, and apply in apply_dir.c. */
#ifndef CTL_EACH_H
#define CTL_EACH_H

#include "verbs/verb.h"

extern const struct verb verb_learn;
extern const struct verb verb_complain;
extern const struct verb verb_enforce;
extern const struct verb verb_allow;
extern const struct verb verb_confirm;
extern const struct verb verb_off;
extern const struct verb verb_forget;
extern const struct verb verb_run;
extern const struct verb verb_save;
extern const struct verb verb_restore;
extern const struct verb verb_apply;
extern const struct verb verb_list;
extern const struct verb verb_status;
extern const struct verb verb_denied;
extern const struct verb verb_watch;
extern const struct verb verb_explain;
extern const struct verb verb_report;
extern const struct verb verb_metrics;
extern const struct verb verb_dump;
extern const struct verb verb_merge;
extern const struct verb verb_diff;
extern const struct verb verb_lint;
extern const struct verb verb_doctor;
extern const struct verb verb_oci_hook;
extern const struct verb verb_version;

#endif /* CTL_EACH_H */
