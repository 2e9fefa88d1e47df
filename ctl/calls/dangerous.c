// SPDX-License-Identifier: GPL-2.0
/*
 * The table of calls that give their caller control of the machine, or bring the caller nearer
 * to it. Inference never adds one of them; lint and report say which of them are allowed.
 */
#include <string.h>

#include "calls/dangerous.h"

const struct dangerous dangerous_calls[] = {
	{ "mount", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "umount", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "umount2", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "pivot_root", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "chroot", "mounts", DANGER_QUIET, NULL },
	{ "mount_setattr", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "move_mount", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "open_tree", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "fsopen", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "fsconfig", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "fsmount", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "fspick", "mounts", DANGER_SOME, "changes what files a process sees" },
	{ "unshare", "namespaces", DANGER_SOME,
	  "makes user namespaces, in which much more kernel code can be reached" },
	{ "setns", "namespaces", DANGER_SOME, "enters other namespaces" },
	{ "ptrace", "tracing", DANGER_MOOT,
	  "lets other processes, which may be allowed more, make any call" },
	{ "process_vm_readv", "tracing", DANGER_SOME, "reads the memory of other processes" },
	{ "process_vm_writev", "tracing", DANGER_MOOT,
	  "writes into other processes, which may be allowed more" },
	{ "process_madvise", "tracing", DANGER_QUIET, NULL },
	{ "process_mrelease", "tracing", DANGER_QUIET, NULL },
	{ "kcmp", "tracing", DANGER_GREAT, "tells about the kernel objects of other processes" },
	{ "pidfd_getfd", "tracing", DANGER_MOOT, "takes open files from other processes" },
	{ "lookup_dcookie", "tracing", DANGER_GREAT,
	  "tells paths outside of the mount namespace" },
	{ "bpf", "kernel-code", DANGER_GREAT, "loads programs into the kernel" },
	{ "init_module", "kernel-code", DANGER_GREAT, "loads code into the kernel" },
	{ "finit_module", "kernel-code", DANGER_GREAT, "loads code into the kernel" },
	{ "delete_module", "kernel-code", DANGER_GREAT, "unloads kernel modules" },
	{ "create_module", "kernel-code", DANGER_GREAT, "loads code into the kernel" },
	{ "query_module", "kernel-code", DANGER_QUIET, NULL },
	{ "get_kernel_syms", "kernel-code", DANGER_QUIET, NULL },
	{ "kexec_load", "kernel-code", DANGER_GREAT, "replaces the kernel" },
	{ "kexec_file_load", "kernel-code", DANGER_GREAT, "replaces the kernel" },
	{ "perf_event_open", "watching", DANGER_GREAT,
	  "reaches much kernel code, and was often exploited" },
	{ "fanotify_init", "watching", DANGER_SOME,
	  "watches and holds up what others do with files" },
	{ "fanotify_mark", "watching", DANGER_QUIET, NULL },
	{ "syslog", "watching", DANGER_QUIET, NULL },
	{ "userfaultfd", "memory-tricks", DANGER_GREAT, "makes kernel races easy to win" },
	{ "io_uring_setup", "memory-tricks", DANGER_UNSEEN,
	  "does the work of other calls, and no filter sees that work" },
	{ "io_uring_enter", "memory-tricks", DANGER_UNSEEN,
	  "does the work of other calls, and no filter sees that work" },
	{ "io_uring_register", "memory-tricks", DANGER_UNSEEN,
	  "does the work of other calls, and no filter sees that work" },
	{ "memfd_secret", "memory-tricks", DANGER_QUIET, NULL },
	{ "modify_ldt", "memory-tricks", DANGER_QUIET, NULL },
	{ "remap_file_pages", "memory-tricks", DANGER_QUIET, NULL },
	{ "move_pages", "memory-tricks", DANGER_QUIET, NULL },
	{ "migrate_pages", "memory-tricks", DANGER_QUIET, NULL },
	{ "add_key", "keys", DANGER_SOME,
	  "reaches the kernel's key rings, which no namespace keeps apart" },
	{ "request_key", "keys", DANGER_SOME,
	  "reaches the kernel's key rings, which no namespace keeps apart" },
	{ "keyctl", "keys", DANGER_SOME,
	  "reaches the kernel's key rings, which no namespace keeps apart" },
	{ "open_by_handle_at", "handles", DANGER_GREAT,
	  "opens files outside of the mount namespace" },
	{ "name_to_handle_at", "handles", DANGER_QUIET, NULL },
	{ "reboot", "machine", DANGER_SOME, "ends the machine, or the container" },
	{ "swapon", "machine", DANGER_GREAT, "sets the machine's swap space" },
	{ "swapoff", "machine", DANGER_GREAT, "sets the machine's swap space" },
	{ "acct", "machine", DANGER_GREAT, "writes to any file, for the whole machine" },
	{ "quotactl", "machine", DANGER_GREAT, "sets quotas of the machine's file systems" },
	{ "quotactl_fd", "machine", DANGER_GREAT, "sets quotas of the machine's file systems" },
	{ "vhangup", "machine", DANGER_QUIET, NULL },
	{ "iopl", "machine", DANGER_GREAT, "opens the machine's ports" },
	{ "ioperm", "machine", DANGER_GREAT, "opens the machine's ports" },
	{ "sethostname", "machine", DANGER_QUIET, NULL },
	{ "setdomainname", "machine", DANGER_QUIET, NULL },
	{ "settimeofday", "machine", DANGER_GREAT, "sets the machine's clock" },
	{ "stime", "machine", DANGER_GREAT, "sets the machine's clock" },
	{ "clock_settime", "machine", DANGER_GREAT, "sets the machine's clock" },
	{ "clock_settime64", "machine", DANGER_GREAT, "sets the machine's clock" },
	{ "adjtimex", "machine", DANGER_QUIET, NULL },
	{ "clock_adjtime", "machine", DANGER_QUIET, NULL },
	{ "clock_adjtime64", "machine", DANGER_QUIET, NULL },
	{ "vm86", "machine", DANGER_GREAT, "is old, unused, and was exploited" },
	{ "vm86old", "machine", DANGER_GREAT, "is old, unused, and was exploited" },
	{ "nfsservctl", "machine", DANGER_GREAT, "is old, unused, and was exploited" },
	{ "personality", "personality", DANGER_QUIET, NULL },
	{ "uselib", "personality", DANGER_GREAT, "is old, unused, and was exploited" },
	{ "_sysctl", "personality", DANGER_QUIET, NULL },
	{ "bdflush", "personality", DANGER_QUIET, NULL },
	{ "sysfs", "personality", DANGER_QUIET, NULL },
	{ "ustat", "personality", DANGER_QUIET, NULL },
};

const size_t nr_dangerous_calls = sizeof(dangerous_calls) / sizeof(dangerous_calls[0]);

static const struct {
	const char *name;
	const char *why;
} groups[] = {
	{ "mounts", "changes what is mounted where, which can lead out of a container" },
	{ "namespaces",
	  "enters and makes namespaces, in which code can be reached that else needs root" },
	{ "tracing", "reaches into other processes" },
	{ "kernel-code", "loads code into the kernel" },
	{ "watching", "watches the whole machine, and has had many vulnerabilities" },
	{ "memory-tricks", "has helped, or was itself the target of, many exploits of the kernel" },
	{ "keys", "is not separated by containers, and has had many vulnerabilities" },
	{ "handles", "opens files to which no path leads inside the container" },
	{ "machine", "changes the whole machine" },
	{ "personality", "is obsolete, and makes exploits easier" },
};

const char *dangerous_group_why(const char *group)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (!strcmp(groups[i].name, group))
			return groups[i].why;
	return "";
}
