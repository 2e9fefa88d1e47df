// SPDX-License-Identifier: GPL-2.0
/* What a rule that compares arguments was for, if that is known: told where it is lost. */
#include <string.h>

#include "base/memory.h"
#include "read/oci_parts.h"

/*
 * Vulnerabilities for which profiles compare an argument that no selector has.
 * CVE-2014-3153: futex(FUTEX_CMP_REQUEUE_PI). CVE-2016-5195: madvise(MADV_DONTNEED) races with
 * writing to a private mapping. CVE-2025-38236: MSG_OOB on AF_UNIX sockets.
 */
static const struct {
	const char *call;
	unsigned int index;
	const char *cve;
} known[] = {
	{ "futex", 1, "CVE-2014-3153" },
	{ "futex_time64", 1, "CVE-2014-3153" },
	{ "madvise", 2, "CVE-2016-5195" },
	{ "sendto", 3, "CVE-2025-38236" },
	{ "recvfrom", 3, "CVE-2025-38236" },
	{ "sendmsg", 2, "CVE-2025-38236" },
	{ "recvmsg", 2, "CVE-2025-38236" },
	{ "sendmmsg", 3, "CVE-2025-38236" },
	{ "recvmmsg", 3, "CVE-2025-38236" },
};

static const char *cve_of(const struct oci_rule *rule, const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		for (size_t j = 0; !strcmp(known[i].call, name) && j < rule->nr_comparisons; j++)
			if (rule->comparison[j].index == known[i].index)
				return known[i].cve;
	return NULL;
}

char *oci_lost_for(const struct oci_rule *rule, const char *name)
{
	const char *comment = json_text_of(rule->object, "comment");
	const char *cve = cve_of(rule, name);

	if (comment && *comment)
		return mem_print("; its comment: \"%s\"", comment);
	return cve ? mem_print("; such rules are made because of %s", cve) : mem_string("");
}
