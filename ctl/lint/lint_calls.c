// SPDX-License-Identifier: GPL-2.0
/* What is wrong with the calls that a profile allows and refuses, whatever its form. */
#include <errno.h>
#include <string.h>

#include "base/errname.h"
#include "calls/lifeline.h"
#include "calls/soft.h"
#include "calls/sysname.h"
#include "lint/lint.h"

#define KEYS "reaches the kernel's key rings, which no namespace keeps apart"

/* Calls that give away the machine, or much of it, to who may make them. */
static const struct {
	const char *name;
	enum lint_severity severity;
	const char *why;
} dangerous[] = {
	{ "acct", LINT_WARNING, "writes to any file, for the whole machine" },
	{ "bpf", LINT_WARNING, "loads programs into the kernel" },
	{ "delete_module", LINT_WARNING, "unloads kernel modules" },
	{ "finit_module", LINT_WARNING, "loads code into the kernel" },
	{ "init_module", LINT_WARNING, "loads code into the kernel" },
	{ "ioperm", LINT_WARNING, "opens the machine's ports" },
	{ "iopl", LINT_WARNING, "opens the machine's ports" },
	{ "kcmp", LINT_WARNING, "tells of other processes' kernel objects" },
	{ "kexec_file_load", LINT_WARNING, "replaces the kernel" },
	{ "kexec_load", LINT_WARNING, "replaces the kernel" },
	{ "lookup_dcookie", LINT_WARNING, "tells paths outside of the mount namespace" },
	{ "open_by_handle_at", LINT_WARNING, "opens files outside of the mount namespace" },
	{ "perf_event_open", LINT_WARNING, "reaches much kernel code, and was often exploited" },
	{ "quotactl", LINT_WARNING, "sets quotas of the machine's file systems" },
	{ "settimeofday", LINT_WARNING, "sets the machine's clock" },
	{ "clock_settime", LINT_WARNING, "sets the machine's clock" },
	{ "swapoff", LINT_WARNING, "sets the machine's swap space" },
	{ "swapon", LINT_WARNING, "sets the machine's swap space" },
	{ "uselib", LINT_WARNING, "is old, unused, and was exploited" },
	{ "userfaultfd", LINT_WARNING, "makes kernel races easy to win" },
	{ "add_key", LINT_REMARK, KEYS },
	{ "keyctl", LINT_REMARK, KEYS },
	{ "request_key", LINT_REMARK, KEYS },
	{ "mount", LINT_REMARK, "changes what files a process sees" },
	{ "move_mount", LINT_REMARK, "changes what files a process sees" },
	{ "pivot_root", LINT_REMARK, "changes what files a process sees" },
	{ "reboot", LINT_REMARK, "ends the machine, or the container" },
	{ "setns", LINT_REMARK, "enters other namespaces" },
	{ "umount2", LINT_REMARK, "changes what files a process sees" },
	{ "unshare", LINT_REMARK, "makes user namespaces, where much kernel code can be reached" },
};

/* Calls that do the work of others, so that refusing those is in vain. */
static const struct {
	const char *name;
	const char *why;
} moot[] = {
	{ "pidfd_getfd", "takes open files from other processes" },
	{ "process_vm_writev", "writes into other processes, which may be allowed more" },
	{ "ptrace", "lets other processes, which may be allowed more, make any call" },
};

/* A call that is refused by name, and one that does the same. */
static const struct {
	const char *refused;
	const char *allowed;
} standin[] = {
	{ "chmod", "fchmodat" }, { "chown", "fchownat" }, { "clone", "clone3" },
	{ "clone3", "clone" }, { "execve", "execveat" }, { "fchmodat", "fchmodat2" },
	{ "finit_module", "init_module" }, { "init_module", "finit_module" },
	{ "kexec_file_load", "kexec_load" }, { "kexec_load", "kexec_file_load" },
	{ "mount", "fsmount" }, { "mount", "move_mount" }, { "open", "openat" },
	{ "openat", "openat2" }, { "rename", "renameat2" }, { "socket", "io_uring_setup" },
	{ "connect", "io_uring_setup" }, { "open", "io_uring_setup" },
	{ "openat", "io_uring_setup" }, { "unlink", "unlinkat" },
	{ "unshare", "clone3" },
};

static const struct verdict *verdict_of(const struct verdicts *verdicts, const char *name)
{
	static const struct verdict unknown = { .err = ENOSYS };
	int nr = sysname_number(SCMOD_ABI_X86_64, name);

	return nr < 0 ? &unknown : &verdicts->call[nr];
}

static bool allowed(const struct verdicts *verdicts, const char *name)
{
	return !verdict_of(verdicts, name)->err;
}

static const char *place(const struct verdict *verdict)
{
	return verdict->where ? verdict->where : "defaultAction";
}

static const char *answer(int err)
{
	return err == PROFILE_KILLS ? "the end of the process" : errname(err);
}

static void check_lifelines(struct lint *lint, const struct verdicts *verdicts)
{
	struct bitmap set = lifeline_set(SCMOD_ABI_X86_64);
	unsigned int nr;

	bitmap_for_each(nr, &set) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);

		if (verdicts->call[nr].err)
			lint_add(lint, LINT_ERROR, place(&verdicts->call[nr]), "allow it",
				 "'%s' is not allowed: %s", name, lifeline_reason(name));
	}
	if (!allowed(verdicts, "execve") && !allowed(verdicts, "execveat"))
		lint_add(lint, LINT_WARNING, place(verdict_of(verdicts, "execve")),
			 "allow it, unless the filter is loaded by the program itself",
			 "'execve' is not allowed: container runtimes and systemd load the filter before they execute the program");
}

/* Those that only the privileged make are not missed by programs. */
static enum lint_severity hard_severity(const char *name)
{
	static const char *const privileged[] = {
		"fsopen", "listmount", "map_shadow_stack", "mount_setattr", "open_tree", "statmount",
	};

	if (!strcmp(name, "clone3"))
		return LINT_ERROR;
	for (size_t i = 0; i < sizeof(privileged) / sizeof(privileged[0]); i++)
		if (!strcmp(privileged[i], name))
			return LINT_REMARK;
	return LINT_WARNING;
}

static void check_soft(struct lint *lint, const struct verdicts *verdicts)
{
	struct bitmap set = soft_set(SCMOD_ABI_X86_64);
	unsigned int nr;

	bitmap_for_each(nr, &set) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);
		const struct verdict *verdict = &verdicts->call[nr];

		if (!verdict->err || verdict->err == ENOSYS)
			continue;
		lint_add(lint, hard_severity(name), place(verdict),
			 "refuse it with ENOSYS (errnoRet 38), or allow it",
			 "'%s' is refused with %s; with ENOSYS programs would do without: %s",
			 name, answer(verdict->err), soft_reason(name));
	}
}

static void check_dangerous(struct lint *lint, const struct verdicts *verdicts)
{
	for (size_t i = 0; i < sizeof(dangerous) / sizeof(dangerous[0]); i++)
		if (allowed(verdicts, dangerous[i].name))
			lint_add(lint, dangerous[i].severity,
				 place(verdict_of(verdicts, dangerous[i].name)),
				 "refuse it unless the program needs it",
				 "'%s' is allowed: it %s", dangerous[i].name, dangerous[i].why);
	for (size_t i = 0; i < sizeof(moot) / sizeof(moot[0]); i++)
		if (allowed(verdicts, moot[i].name))
			lint_add(lint, LINT_REMARK, place(verdict_of(verdicts, moot[i].name)),
				 "refuse it unless the program needs it",
				 "'%s' is allowed, which makes refusing others moot: it %s",
				 moot[i].name, moot[i].why);
}

static void check_io_uring(struct lint *lint, const struct verdicts *verdicts)
{
	static const char *const names[] = {
		"io_uring_setup", "io_uring_enter", "io_uring_register",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (allowed(verdicts, names[i]))
			lint_add(lint, LINT_WARNING, place(verdict_of(verdicts, names[i])),
				 "refuse it with ENOSYS",
				 "'%s' is allowed: io_uring does the work of other calls, which no filter sees",
				 names[i]);
}

static void check_standins(struct lint *lint, const struct verdicts *verdicts)
{
	for (size_t i = 0; i < sizeof(standin) / sizeof(standin[0]); i++) {
		const struct verdict *refused = verdict_of(verdicts, standin[i].refused);

		/* Without a rule of its own nobody meant to refuse just that one; and
		 * ENOSYS sends programs to the stand-in on purpose.
		 */
		if (!refused->where || !refused->err || refused->err == ENOSYS ||
		    !allowed(verdicts, standin[i].allowed))
			continue;
		lint_add(lint, LINT_WARNING, refused->where, "refuse both, or neither",
			 "'%s' is refused, but '%s' is allowed and does the same",
			 standin[i].refused, standin[i].allowed);
	}
}

void lint_calls(struct lint *lint, const struct verdicts *verdicts)
{
	check_lifelines(lint, verdicts);
	check_soft(lint, verdicts);
	check_io_uring(lint, verdicts);
	check_dangerous(lint, verdicts);
	check_standins(lint, verdicts);
}
