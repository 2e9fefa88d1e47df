// SPDX-License-Identifier: GPL-2.0
/* scmod doctor: checks whether everything works, and says what to do about each failure. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "kernel/cgroup.h"
#include "kernel/installed.h"
#include "kernel/nl.h"
#include "kernel/selftest.h"
#include "verbs/each.h"
#include "verbs/options.h"

/* The exit code: that of the first check that failed. */
static int verdict;

static void print(const char *word, const char *name, bool ok, const char *found,
		  const char *remedy)
{
	out_object(json_item);
	out_string("check", NULL, name);
	out_bool("ok", NULL, ok);
	out_text("%-6s%-10s", word, name);
	out_string("found", " %s", found);
	out_string_or_null("remedy", "; %s", remedy);
	out_text("\n");
	out_object_end();
}

static void check(const char *name, bool ok, int code, const char *found, const char *remedy)
{
	print(ok ? "ok" : "FAIL", name, ok, found, ok ? NULL : remedy);
	if (!ok && !verdict)
		verdict = code;
}

/* If the module is not loaded, says how to load it, and what may be in the way. */
static void check_module(void)
{
	char version[64];

	if (!access("/sys/module/scmod", F_OK))
		check("module", true, EXIT_NO_MODULE, "loaded", NULL);
	else if (!installed_version(version, sizeof(version)))
		check("module", false, EXIT_NO_MODULE, "not installed for this kernel",
		      "install it (with DKMS: install the headers of this kernel, then run 'dkms autoinstall'), then run 'modprobe scmod' as root");
	else if (installed_needs_signature())
		check("module", false, EXIT_NO_MODULE, "not loaded",
		      "run 'modprobe scmod' as root. This kernel loads only modules with a signature that it trusts (Secure Boot): if modprobe says 'Key was rejected by service', run 'mokutil --import /var/lib/dkms/mok.pub', restart, and enroll the key; 'man scmod' explains it under LOADING THE MODULE");
	else
		check("module", false, EXIT_NO_MODULE, "not loaded", "run 'modprobe scmod' as root");
}

static void check_cgroup(const char *mount)
{
	check("cgroup2", mount, EXIT_FAILED, mount ? mount : "not mounted",
	      "run 'mount -t cgroup2 none /sys/fs/cgroup', or boot with systemd.unified_cgroup_hierarchy=1");
}

/* If the hook is not proved yet, proves it now, as the first command that needs it would do. */
static int check_proof(struct module_state *state)
{
	char text[512] = "the hook fires and refuses";
	int err;

	if (!*state->unproved) {
		check("proof", true, EXIT_FAILED, text, NULL);
		return 0;
	}
	err = scmod_prove();
	snprintf(text, sizeof(text), err ? "%s; %s" : "%s when the module was loaded; proved now%s",
		 state->unproved, err ? scmod_reason(err) : "");
	check("proof", !err, EXIT_FAILED, text, "remove the cause; until then no call is learned or refused");
	return err ? err : scmod_status(state);
}

/*
 * The engine, why it serves, and what it costs those whom no policy concerns: a seccomp
 * filter leads tasks to syscall_trace_enter(), too.
 */
static void check_engine(const struct module_state *state)
{
	bool others_pay = !strncmp(state->symbol, "syscall_trace_enter",
				   strlen("syscall_trace_enter"));
	char text[256];

	snprintf(text, sizeof(text), "%s: %s; tasks in no tracked cgroup pay nothing%s",
		 *state->engine ? state->engine : "none", state->why,
		 others_pay ? ", unless they have a seccomp filter" : "");
	check("engine", *state->engine, EXIT_FAILED, text,
	      "look for the module's messages in the kernel log");
}

/* After an upgrade, the module that was loaded before it stays until the machine is restarted. */
static void check_version(const struct module_state *state)
{
	bool same = !strcmp(state->version, SCMOD_VERSION);
	char text[192], installed[64];

	installed_version(installed, sizeof(installed));
	snprintf(text, sizeof(text), "module %.40s, tool %.40s%s%.40s", state->version,
		 SCMOD_VERSION, *installed ? ", installed module " : "", installed);
	check("version", same, EXIT_FAILED, text,
	      strcmp(installed, SCMOD_VERSION) ?
	      "install both from the same source and load the module again" :
	      "restart the machine to load the module that is installed; until then, the loaded one goes on, and what it enforces stays enforced");
}

/*
 * Whether the tool knows all calls of the kernel. If it does not, everything works, but some calls
 * are numbers: so it is no failure. DKMS builds the module for a new kernel, but not the tool.
 */
static void check_calls(const struct module_state *state)
{
	unsigned int end = sysname_end(SCMOD_ABI_X86_64);
	char text[192];

	if (!state->calls)
		return;
	if (state->calls <= end) {
		snprintf(text, sizeof(text), "all of this kernel's have names (to %u)",
			 state->calls - 1);
		check("calls", true, EXIT_FAILED, text, NULL);
		return;
	}
	snprintf(text, sizeof(text),
		 "the tool is older than the kernel: it has no name for the calls %u to %u, which are written as numbers",
		 end, state->calls - 1);
	print("note", "calls", true, text, "install a newer scmod");
}

static void check_state(const struct module_state *state)
{
	char text[128];

	check_version(state);
	check_calls(state);
	check_engine(state);
	check("symbol", *state->symbol, EXIT_FAILED, *state->symbol ? state->symbol : "none",
	      "look for the module's messages in the kernel log");
	check("probe", strcmp(state->probe, "switched off") && !*state->unproved, EXIT_FAILED,
	      state->probe, *state->unproved ? "see the proof above" :
	      "write 1 to /sys/kernel/debug/kprobes/enabled, or look in /sys/kernel/debug/kprobes/list for another probe at ptrace_notify");
	snprintf(text, sizeof(text), "%" PRIu64, state->nmissed);
	check("nmissed", !state->nmissed, EXIT_FAILED, text,
	      "calls were missed: stop other tracers that probe the same function, then load the module again");
	snprintf(text, sizeof(text), "%u of %u, %u shut", state->cgroups, state->cgroups_max,
		 state->cgroups_shut);
	check("cgroups", !state->cgroups_shut, EXIT_FAILED, text,
	      "every call may be refused in shut cgroups: forget policies, or load the module with a higher max_cgroups");
}

static void check_live(const char *mount)
{
	char why[512] = "a call was learned, refused, and allowed again";
	bool ok = !selftest_run(mount, why, sizeof(why));

	check("selftest", ok, EXIT_FAILED, why, "fix the checks that failed above, then look in the kernel log");
}

static void check_all(void)
{
	const char *mount = cgroup_mount();
	struct module_state state;
	int err;

	check_module();
	check_cgroup(mount);
	err = scmod_find();
	check("family", !err, EXIT_NO_MODULE, err ? strerror(-err) : "reachable",
	      "load the module, and run this in the initial network namespace");
	if (err)
		return;
	err = scmod_status(&state);
	check("access", !err, exit_code_of(-err), err ? scmod_reason(err) : "permitted",
	      "run this as root in the initial user namespace");
	if (err)
		return;
	err = check_proof(&state);
	check_state(&state);
	if (mount && !err)
		check_live(mount);
}

static int run(const struct args *args)
{
	out_start(stdout, args->json);
	out_object(NULL);
	out_array("checks");
	check_all();
	out_array_end();
	out_bool("ok", NULL, !verdict);
	out_object_end();
	out_finish();
	return verdict;
}

const struct verb verb_doctor = {
	.name = "doctor", .group = GROUP_TOOL,
	.summary = "check that everything works, with a live test in a temporary cgroup",
	.example = "scmod doctor", .mute = true,
	.run = run,
};
