// SPDX-License-Identifier: GPL-2.0
/*
 * The seccomp programs that scmod is compared with, each in a file, as
 * 'scmod dump --format bpf' writes them.
 */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <json-c/json.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "bench.h"

/* In the calling process; more instructions than this the kernel refuses. */
const char *filter_load(const char *path)
{
	static struct sock_filter code[BPF_MAXINSNS];
	struct sock_fprog prog = { .filter = code };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, code, sizeof(code));

	close(fd);
	if (len <= 0)
		return "there is no filter, since nothing could be learned";
	prog.len = len / sizeof(*code);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		return "the kernel refuses the filter";
	return NULL;
}

/* Such as systemd's and container runtimes' lists have at least. */
#define LIST_LEAST 60

/* The calls of @calls, with others up to LIST_LEAST. */
static struct bitmap filled(const struct bitmap *calls)
{
	struct bitmap all = *calls;
	unsigned int nr = 0;

	while (bitmap_count(&all) < LIST_LEAST)
		bitmap_add(&all, nr++);
	return all;
}

/*
 * A list that looks at nothing but the number and the architecture, one number
 * after the other: newer kernels answer from their cache without running it.
 */
const char *filter_write_list(const char *path, const struct bitmap *calls)
{
	struct sock_filter code[5 + 2 * SCMOD_NR_BITS] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_filter *next = code + 4;
	struct bitmap all = filled(calls);
	FILE *to = fopen(path, "we");
	unsigned int nr;

	bitmap_for_each(nr, &all) {
		*next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1);
		*next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	*next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	if (!to || fwrite(code, sizeof(*code), next - code, to) != (size_t)(next - code) ||
	    fclose(to))
		return "the list can't be written";
	return NULL;
}

/* ---- podman's default profile, as podman and crun make a program of it */

#define PODMAN "/usr/share/containers/seccomp.json"

/* What a container has if nothing is said: containers.conf(5), default_capabilities. */
static const char *const caps[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
	"CAP_NET_BIND_SERVICE", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID",
	"CAP_SYS_CHROOT",
};

static const char *const arches[] = { "amd64" };

static const char *string_at(json_object *list, size_t i)
{
	return json_object_get_string(json_object_array_get_idx(list, i));
}

/* How many of @list are in @known. */
static size_t met(json_object *list, const char *const *known, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; list && i < json_object_array_length(list); i++)
		for (size_t j = 0; j < count; j++)
			found += !strcmp(known[j], string_at(list, i));
	return found;
}

static json_object *get(json_object *of, const char *key)
{
	json_object *value = NULL;

	json_object_object_get_ex(of, key, &value);
	return value;
}

/* As containers-common's setupSeccomp() takes includes and excludes. */
static bool applies(json_object *rule)
{
	json_object *in = get(rule, "includes"), *out = get(rule, "excludes");
	json_object *in_caps = get(in, "caps"), *in_arches = get(in, "arches");

	if (met(get(out, "caps"), caps, ARRAY_SIZE(caps)) ||
	    met(get(out, "arches"), arches, ARRAY_SIZE(arches)))
		return false;
	if (in_arches && !met(in_arches, arches, ARRAY_SIZE(arches)))
		return false;
	return !in_caps || met(in_caps, caps, ARRAY_SIZE(caps)) ==
			   json_object_array_length(in_caps);
}

static const struct {
	const char *name;
	enum scmp_compare op;
} ops[] = {
	{ "SCMP_CMP_NE", SCMP_CMP_NE }, { "SCMP_CMP_LT", SCMP_CMP_LT },
	{ "SCMP_CMP_LE", SCMP_CMP_LE }, { "SCMP_CMP_EQ", SCMP_CMP_EQ },
	{ "SCMP_CMP_GE", SCMP_CMP_GE }, { "SCMP_CMP_GT", SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
};

static struct scmp_arg_cmp argument(json_object *arg)
{
	struct scmp_arg_cmp cmp = {
		.arg = json_object_get_int(get(arg, "index")),
		.datum_a = json_object_get_uint64(get(arg, "value")),
		.datum_b = json_object_get_uint64(get(arg, "valueTwo")),
	};
	const char *op = json_object_get_string(get(arg, "op"));

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (!strcmp(op, ops[i].name))
			cmp.op = ops[i].op;
	return cmp;
}

static uint32_t action(const char *name, json_object *err)
{
	return strcmp(name, "SCMP_ACT_ALLOW") ?
	       SCMP_ACT_ERRNO(err ? json_object_get_int(err) : EPERM) : SCMP_ACT_ALLOW;
}

static int add_rule(scmp_filter_ctx filter, json_object *rule)
{
	uint32_t act = action(json_object_get_string(get(rule, "action")),
			      get(rule, "errnoRet"));
	json_object *names = get(rule, "names"), *args = get(rule, "args");
	size_t nr_args = args ? json_object_array_length(args) : 0;
	struct scmp_arg_cmp cmp[6];

	for (size_t i = 0; i < nr_args && i < ARRAY_SIZE(cmp); i++)
		cmp[i] = argument(json_object_array_get_idx(args, i));
	for (size_t i = 0; i < json_object_array_length(names); i++) {
		int nr = seccomp_syscall_resolve_name(string_at(names, i));
		int err = nr == __NR_SCMP_ERROR ? 0 :
			  seccomp_rule_add_array(filter, act, nr, nr_args, cmp);

		/* Calls of other architectures, and what is the default anyway. */
		if (err && err != -EDOM && err != -EACCES)
			return err;
	}
	return 0;
}

/* The order of rules is left to libseccomp, which is what crun does. */
static int add_rules(scmp_filter_ctx filter, json_object *rules)
{
	int err = seccomp_arch_add(filter, SCMP_ARCH_X86);

	if (!err)
		err = seccomp_arch_add(filter, SCMP_ARCH_X32);
	for (size_t i = 0; !err && i < json_object_array_length(rules); i++) {
		json_object *rule = json_object_array_get_idx(rules, i);

		if (applies(rule))
			err = add_rule(filter, rule);
	}
	return err;
}

const char *filter_write_podman(const char *path)
{
	json_object *profile = json_object_from_file(PODMAN);
	scmp_filter_ctx filter;
	int fd, err;

	if (!profile)
		return "no " PODMAN " (golang-github-containers-common)";
	filter = seccomp_init(action(json_object_get_string(get(profile, "defaultAction")),
				     get(profile, "defaultErrnoRet")));
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	err = filter && fd >= 0 ? add_rules(filter, get(profile, "syscalls")) : -ENOMEM;
	if (!err)
		err = seccomp_export_bpf(filter, fd);
	close(fd);
	seccomp_release(filter);
	json_object_put(profile);
	return err ? "libseccomp can't make a program of " PODMAN : NULL;
}
