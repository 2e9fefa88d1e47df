// SPDX-License-Identifier: GPL-2.0
/* The only table of verbs. */
#include <stddef.h>

#include "verbs/each.h"
#include "verbs/help.h"
#include "verbs/verbs.h"

const struct verb *const verbs[] = {
	&verb_learn,
	&verb_complain,
	&verb_enforce,
	&verb_allow,
	&verb_confirm,
	&verb_off,
	&verb_forget,
	&verb_run,
	&verb_save,
	&verb_restore,
	&verb_apply,
	&verb_list,
	&verb_status,
	&verb_denied,
	&verb_watch,
	&verb_explain,
	&verb_report,
	&verb_metrics,
	&verb_dump,
	&verb_merge,
	&verb_diff,
	&verb_lint,
	&verb_doctor,
	&verb_oci_hook,
	&verb_version,
	&verb_help,
	NULL,
};
