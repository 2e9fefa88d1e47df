/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls that may never be inferred. They stand here again so that one lost from
 * ctl/infer/families.txt is missed.
 */
#ifndef SELFTESTS_DANGEROUS_H
#define SELFTESTS_DANGEROUS_H

static const char *const dangerous[] = {
	"mount", "umount2", "pivot_root", "chroot", "ptrace", "bpf", "kexec_load",
	"kexec_file_load", "init_module", "finit_module", "delete_module", "unshare", "setns",
	"keyctl", "add_key", "request_key", "perf_event_open", "userfaultfd", "io_uring_setup",
	"io_uring_enter", "io_uring_register", "process_vm_readv", "process_vm_writev",
	"open_by_handle_at", "reboot", "swapon", "swapoff", "acct", "iopl", "ioperm", "syslog",
	"quotactl", "mount_setattr", "fsopen", "fsconfig", "fsmount", "fspick", "move_mount",
	"open_tree", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname",
	"setdomainname", "personality",
};

#define NR_DANGEROUS (sizeof(dangerous) / sizeof(dangerous[0]))

#endif /* SELFTESTS_DANGEROUS_H */
