// SPDX-License-Identifier: GPL-2.0
/*
 * scmod run: runs a command under a policy of its own, from its first instruction on. What it does
 * with the policy are the verbs learn, complain, enforce and off, as a person would give them.
 */
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "kernel/job.h"
#include "kernel/nl.h"
#include "kernel/runs.h"
#include "kernel/start.h"
#include "verbs/each.h"
#include "verbs/options.h"
#include "verbs/refused.h"

/* As env, nice and timeout have it. */
#define EXIT_OWN	125
#define EXIT_NOT_RUN	126
#define EXIT_NOT_FOUND	127
#define EXIT_SIGNAL	128

/* ---- the policy */

/* Runs a verb on the cgroup with the options that it shares with this one. */
static int run_verb(const struct args *args, const struct verb *verb, const char *path,
		    const char *profile)
{
	const char *words[] = { path, NULL };
	struct args other = { .verb = verb, .verbs = args->verbs, .word = words, .count = 1 };

	other.value[OPT_PROFILE] = profile;
	other.value[OPT_ARGS] = profile ? args->value[OPT_ARGS] : NULL;
	other.value[OPT_CAP] = profile ? args->value[OPT_CAP] : NULL;
	return verb->run(&other);
}

static int set_policy(const struct args *args, const char *path)
{
	const char *profile = args->value[OPT_ENFORCE];
	int ret;

	/* Standard output is the command's. */
	out_mute();
	if (profile)
		ret = run_verb(args, &verb_enforce, path, profile);
	else if (args->value[OPT_COMPLAIN])
		ret = run_verb(args, &verb_complain, path, NULL);
	else
		ret = run_verb(args, &verb_learn, path, NULL);
	out_unmute();
	return ret;
}

static bool is_tracked(const char *path)
{
	struct policy_list list;
	bool found = false;

	if (scmod_list(0, false, &list))
		return true;
	for (size_t i = 0; i < list.count; i++)
		found |= !strcmp(list.policy[i].path, path);
	policy_list_release(&list);
	return found;
}

/* Sets mode off, so that the record is kept. @drop: the command was not started; forget it. */
static int end_policy(const struct args *args, const char *path, bool drop)
{
	int ret;

	out_mute();
	ret = run_verb(args, &verb_off, path, NULL);
	if (!ret && drop)
		ret = run_verb(args, &verb_forget, path, NULL);
	out_unmute();
	return ret;
}

/* ---- the name */

/* The program's name, in which what can't be in a run's name is replaced; to be freed. */
static char *usual_name(const char *program)
{
	const char *slash = strrchr(program, '/');
	char *name = mem_print("%.*s", RUN_NAME_MAX - 8, slash ? slash + 1 : program);

	for (char *c = name; *c; c++) {
		char letter[] = { *c, '\0' };

		if (!run_name_valid(letter) && (c == name || (*c != '-' && *c != '.')))
			*c = '_';
	}
	if (*name)
		return name;
	free(name);
	return mem_string("command");
}

static int make_cgroup(const struct args *args, struct run_cgroup *cgroup)
{
	const char *given = args->value[OPT_NAME];
	char *name = given ? mem_string(given) : usual_name(args->word[0]);
	int err = run_name_valid(name) ? run_cgroup_make(name, !given, cgroup) : -EINVAL;

	if (err == -EINVAL)
		fail(EXIT_USAGE, "run: --name '%s' can't be a name; give one of at most %d letters, digits, '_', '.' and '-', which begins with none of the last two",
		     name, RUN_NAME_MAX);
	else if (err == -EBUSY)
		fail(EXIT_FAILED, "run: a command of the name '%s' runs; give another --name",
		     name);
	else if (err)
		fail(EXIT_FAILED, "run: the cgroup '%s' can't be made: %s; run this as root, with cgroup2 mounted",
		     name, strerror(-err));
	free(name);
	return err;
}

/* ---- the report at the end */

static void print_refused(const struct policy *policy, unsigned int abi, unsigned int nr)
{
	const struct scmod_record *record = refused_record(policy, abi, nr);
	char *remedy = refused_remedy(policy, abi, nr);
	const char *name = sysname(abi, nr);

	out_object(json_item);
	out_string("abi", NULL, abi_name(abi));
	out_string_or_null("name", NULL, name);
	out_number("nr", NULL, nr);
	out_number("count", NULL, record ? record->count : 0);
	out_string("do", NULL, remedy);
	out_object_end();
	free(remedy);
}

/* How often, if that is known; to be freed. */
static char *times(const struct scmod_record *record)
{
	if (!record)
		return mem_string("");
	return mem_print(record->count == 1 ? " %u time" : " %u times", record->count);
}

static void warn_refused(const char *name, const struct policy *policy, unsigned int abi,
			 unsigned int nr)
{
	const char *prefix = abi == SCMOD_ABI_X86_64 ? "" : abi_name(abi);
	char *call = sysname(abi, nr) ? mem_string(sysname(abi, nr)) : mem_print("%u", nr);
	char *often = times(refused_record(policy, abi, nr));
	char *remedy = refused_remedy(policy, abi, nr);

	warn("run %s: %s%s%s was %s%s; '%s' allows it", name, prefix, *prefix ? ":" : "", call,
	     policy_enforces(policy) ? "refused" : "not allowed", often, remedy);
	free(remedy);
	free(often);
	free(call);
}

static void each_refused(const char *name, const struct policy *policy, bool json)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		unsigned int nr;

		bitmap_for_each(nr, &policy->abi[abi].denied) {
			if (bitmap_has(&policy->abi[abi].allowed, nr))
				continue;
			if (json)
				print_refused(policy, abi, nr);
			else
				warn_refused(name, policy, abi, nr);
		}
	}
}

static void report_json(const struct run_cgroup *cgroup, const struct policy *policy, int status)
{
	out_start(stdout, true);
	out_object(NULL);
	out_string("name", NULL, cgroup->name);
	out_string("path", NULL, cgroup->path);
	out_number("id", NULL, policy->id);
	out_string("mode", NULL, policy_mode_name(policy->mode));
	out_number("status", NULL, WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) :
							  WEXITSTATUS(status));
	out_number("seen", NULL, policy_count_of(policy, seen));
	out_array("refused");
	each_refused(cgroup->name, policy, true);
	out_array_end();
	out_object_end();
	out_finish();
}

static void report_text(const struct run_cgroup *cgroup, const struct policy *policy)
{
	each_refused(cgroup->name, policy, false);
	note("run %s: %u calls were seen, %u denied; the record is run:%s, which 'scmod status', 'dump' and the other verbs take",
	     cgroup->name, policy_count_of(policy, seen), policy_count_of(policy, denied),
	     cgroup->name);
}

/* Reads the record while the policy has the mode in which it was made. */
static void report(const struct args *args, const struct run_cgroup *cgroup, int status)
{
	struct policy_list list;
	int err = scmod_list(0, true, &list);

	if (err) {
		scmod_fail("run", cgroup->name, err);
		return;
	}
	for (size_t i = 0; i < list.count; i++) {
		const struct policy *policy = &list.policy[i];

		if (strcmp(policy->path, cgroup->path) || policy_gone(policy))
			continue;
		if (args->json)
			report_json(cgroup, policy, status);
		else
			report_text(cgroup, policy);
	}
	policy_list_release(&list);
}

/* ---- the command */

static int not_started(const struct args *args, const struct start *start)
{
	bool mine = start->step == START_FIND || start->step == START_EXEC;

	fail(EXIT_FAILED, "run %s: %s: %s; %s", start->step == START_USER ? start->user :
	     args->word[0], start_failure(start->step), strerror(start->err),
	     mine ? "check the command, and whether the profile allows execve" :
		    "run 'scmod doctor' to find the cause");
	if (!mine)
		return EXIT_OWN;
	return start->err == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN;
}

/* Stores the command's status in @status. Returns an exit code if it was not started. */
static int run_command(const struct args *args, struct run_cgroup *cgroup, int *status)
{
	struct start start = {
		.argv = (const char *const *)args->word, .cgroup = cgroup->fd,
		.user = args->value[OPT_USER],
	};
	pid_t child = start_command(&start);

	run_cgroup_unlock(cgroup);
	if (child < 0)
		return not_started(args, &start);
	*status = job_wait(child);
	return EXIT_DONE;
}

static void clean(struct run_cgroup *cgroup)
{
	unsigned int left;
	int err = run_cgroup_remove(cgroup, &left);

	if (left)
		note("run %s: %u processes were left in the cgroup, and were ended", cgroup->name,
		     left);
	if (err)
		warn("run %s: %s can't be removed: %s; remove it with rmdir", cgroup->name,
		     cgroup->dir, strerror(-err));
}

/* Ends what is left first, so that it is still under the policy. */
static int run_in(const struct args *args, struct run_cgroup *cgroup, int *status)
{
	bool before = is_tracked(cgroup->path);
	int ret = set_policy(args, cgroup->dir);
	bool set = !ret;

	if (!ret)
		ret = run_command(args, cgroup, status);
	else
		ret = EXIT_OWN;
	clean(cgroup);
	if (set && !ret)
		report(args, cgroup, *status);
	if (set && end_policy(args, cgroup->path, ret && !before) && !ret)
		ret = EXIT_OWN;
	return ret;
}

static int run(const struct args *args)
{
	struct run_cgroup cgroup;
	int status = 0, ret;
	const char *user = args->value[OPT_USER];

	if (user && !getpwnam(user)) {
		fail(EXIT_USAGE, "run: no user is named '%s'; see 'getent passwd'", user);
		return EXIT_OWN;
	}
	if (scmod_open())
		return EXIT_OWN;
	job_begin();
	if (make_cgroup(args, &cgroup))
		return EXIT_OWN;
	ret = run_in(args, &cgroup, &status);
	run_cgroup_release(&cgroup);
	if (ret || !WIFSIGNALED(status))
		return ret ? ret : WEXITSTATUS(status);
	/* End by the same signal, so that a shell sees the same wait status as without scmod. */
	notes_end();
	if (flushed("run"))
		job_die(WTERMSIG(status));
	return EXIT_SIGNAL + WTERMSIG(status);
}

static const struct opt opt_learn = {
	.id = OPT_LEARN, .name = "learn",
	.text = "Record which calls the command makes. This is what is done if no other mode is given. If it was run by that name before, its record goes on.",
};

static const struct opt opt_complain = {
	.id = OPT_COMPLAIN, .name = "complain",
	.text = "Refuse nothing, and report the calls that are not in the record of an earlier run of that name, nor inferred from it.",
};

static const struct opt opt_enforce = {
	.id = OPT_ENFORCE, .name = "enforce", .arg = "FILE", .kind = KIND_INPUT,
	.text = "Refuse the calls that the file's profile does not allow. At the end, each call that was refused is named, with the command that allows it in the record.",
};

static const struct opt opt_name = {
	.id = OPT_NAME, .name = "name", .arg = "NAME", .standard = "the program's name",
	.text = "The name of the run, which is that of its cgroup and its record. If a program's name is taken by a command that runs, the next one gets '-2' behind it, and so on.",
};

static const struct opt opt_user = {
	.id = OPT_USER, .name = "user", .arg = "USER",
	.standard = "the caller",
	.text = "Run the command as this user, with the user's groups and home directory. It can't gain privileges then: 'sudo' and its like don't work in it.",
};

static const struct clash clashes[] = {
	{ OPT_LEARN, OPT_COMPLAIN, false, "a run has one mode" },
	{ OPT_LEARN, OPT_ENFORCE, false, "a run has one mode" },
	{ OPT_COMPLAIN, OPT_ENFORCE, false, "a run has one mode" },
	{ OPT_ARGS, OPT_ENFORCE, true, "it is about the profile of a file" },
	{ OPT_CAP, OPT_ENFORCE, true, "it is about the profile of a file" },
	{ 0 },
};

const struct verb verb_run = {
	.name = "run", .group = GROUP_CONTROL,
	.summary = "run a command in a cgroup of its own, and learn or enforce its calls",
	.example = "scmod run --user nobody -- ping -c 1 localhost",
	.words = (const struct word[]){
		{ .name = "COMMAND", .kind = KIND_TEXT, .many = true },
		{ 0 },
	},
	.opts = (const struct opt *const[]){
		&opt_learn, &opt_complain, &opt_enforce, &opt_name, &opt_user, &opt_args, &opt_cap,
		NULL,
	},
	.clashes = clashes,
	.run = run,
};
