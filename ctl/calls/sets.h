/* SPDX-License-Identifier: GPL-2.0 */
/* The sets of calls that a policy keeps for each ABI. */
#ifndef CTL_SETS_H
#define CTL_SETS_H

#include "calls/bitmap.h"

#define NR_ABIS (SCMOD_ABI_MAX + 1)

/* The sets of one ABI; see enum scmod_attr_abi. */
struct abi_sets {
	struct bitmap seen;
	struct bitmap allowed;
	struct bitmap soft;
	struct bitmap denied;
	struct bitmap priority;
};

#endif /* CTL_SETS_H */
