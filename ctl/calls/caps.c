// SPDX-License-Identifier: GPL-2.0
/* Names of capabilities, in the order of <linux/capability.h>. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "calls/caps.h"

static const char *const names[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID",
	"CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
	"CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
	"CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
	"CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ",
	"CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
};

int caps_number(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

/*
 * Accepts the forms that people write and that docker and podman take: CHOWN, cap_chown,
 * CAP_CHOWN.
 */
static int number_of_word(const char *word)
{
	if (!strncasecmp(word, "CAP_", 4))
		word += 4;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcasecmp(names[i] + 4, word))
			return i;
	return -1;
}

const char *caps_name(int number)
{
	return number < (int)(sizeof(names) / sizeof(names[0])) ? names[number] : NULL;
}

static uint64_t caps_all(void)
{
	return (UINT64_C(1) << sizeof(names) / sizeof(names[0])) - 1;
}

bool caps_parse(const char *list, uint64_t *caps, char *bad)
{
	*caps = 0;
	while (*list) {
		size_t len = strcspn(list, ",");
		int cap;

		snprintf(bad, 64, "%.*s", (int)len, list);
		cap = number_of_word(bad);
		if (cap >= 0)
			*caps |= UINT64_C(1) << cap;
		else if (!strcasecmp(bad, "ALL") || !strcasecmp(bad, "CAP_ALL"))
			*caps = caps_all();
		else
			return false;
		list += len + (list[len] == ',');
	}
	return true;
}
