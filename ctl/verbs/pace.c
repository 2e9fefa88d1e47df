// SPDX-License-Identifier: GPL-2.0
/* How many calls a policy refuses per second, and whose was the last. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "verbs/pace.h"

#define COMM_MAX 64

/*
 * The command name that the thread has now; "?" if it has ended. The module keeps only its id: a
 * program that repeats a call is still there.
 */
static void read_comm(uint32_t pid, char comm[COMM_MAX])
{
	char *path = mem_print("/proc/%" PRIu32 "/comm", pid);
	char *text = file_read_regular(path, COMM_MAX - 1);

	snprintf(comm, COMM_MAX, "%s", text ? text : "?");
	comm[strcspn(comm, "\n")] = '\0';
	free(text);
	free(path);
}

static void print_call(uint32_t call)
{
	unsigned int abi = call >> 16, nr = call & 0xffff;
	char text[SYSNAME_TEXT_MAX];

	/* A newer module may know more ABIs. */
	if (abi >= NR_ABIS)
		return;
	out_string("abi", ": %s", abi_name(abi));
	out_string_or_null("name", NULL, sysname(abi, nr));
	out_text(":%s", sysname_text(abi, nr, text));
	out_number("nr", NULL, nr);
}

void pace_print(const struct policy *policy, const char *indent)
{
	char comm[COMM_MAX];

	if (!policy->pace) {
		out_null("pace", NULL);
		return;
	}
	read_comm(policy->pace_pid, comm);
	out_object("pace");
	out_text("%s", indent);
	out_number("per_second", policy->pace >= PACE_SPINS ?
		   "SPINS    %" PRIu64 " calls refused (or would have been) per second" :
		   "pace     %" PRIu64 " calls refused (or would have been) per second",
		   policy->pace);
	out_string("comm", ", the last of %s", comm);
	out_number("pid", "[%" PRIu64 "]", policy->pace_pid);
	print_call(policy->pace_call);
	out_text("\n");
	out_object_end();
}
