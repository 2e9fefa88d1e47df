/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs seccomp filters (classic BPF) in user space, and makes them of OCI profiles as runtimes
 * do: by libseccomp, rule by rule. Nothing of the tool is used, since tests judge the tool by
 * what a filter answers.
 */
#ifndef SELFTESTS_CBPF_H
#define SELFTESTS_CBPF_H

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <json-c/json.h>

/* The most instructions that the kernel takes. */
#define CBPF_MAX BPF_MAXINSNS

struct cbpf {
	struct sock_filter code[CBPF_MAX];
	size_t count;
};

/* The answer of the filter: SECCOMP_RET_*, or 0 for a program that the kernel would not take. */
static uint32_t cbpf_run(const struct cbpf *program, const struct seccomp_data *data)
{
	uint32_t a = 0, word;

	for (size_t at = 0; at < program->count; at++) {
		const struct sock_filter *in = &program->code[at];

		switch (in->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (in->k > sizeof(*data) - sizeof(word))
				return 0;
			memcpy(&word, (const char *)data + in->k, sizeof(word));
			a = word;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= in->k;
			break;
		case BPF_JMP | BPF_JA:
			at += in->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			at += a == in->k ? in->jt : in->jf;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			at += a > in->k ? in->jt : in->jf;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			at += a >= in->k ? in->jt : in->jf;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			at += a & in->k ? in->jt : in->jf;
			break;
		case BPF_RET | BPF_K:
			return in->k;
		default:
			return 0;
		}
	}
	return 0;
}

/* Reads a program from a descriptor or a file; returns whether it is whole. */
static inline bool cbpf_read(struct cbpf *program, int fd)
{
	ssize_t len = pread(fd, program->code, sizeof(program->code), 0);

	program->count = len > 0 ? len / sizeof(program->code[0]) : 0;
	return len > 0 && !(len % sizeof(program->code[0]));
}

/* ---- what runtimes make of a profile */

static inline uint64_t cbpf_number(json_object *object, const char *key)
{
	return json_object_get_uint64(json_object_object_get(object, key));
}

static inline const char *cbpf_text(json_object *object, const char *key)
{
	const char *text = json_object_get_string(json_object_object_get(object, key));

	return text ? text : "";
}

static inline uint32_t cbpf_action(const char *name, uint64_t err)
{
	if (!strcmp(name, "SCMP_ACT_ALLOW"))
		return SCMP_ACT_ALLOW;
	if (!strcmp(name, "SCMP_ACT_ERRNO"))
		return SCMP_ACT_ERRNO(err ? err : 1);
	return SCMP_ACT_KILL_PROCESS;
}

static inline enum scmp_compare cbpf_compare(const char *name)
{
	static const char *const names[] = {
		[SCMP_CMP_NE] = "NE", [SCMP_CMP_LT] = "LT", [SCMP_CMP_LE] = "LE",
		[SCMP_CMP_EQ] = "EQ", [SCMP_CMP_GE] = "GE", [SCMP_CMP_GT] = "GT",
		[SCMP_CMP_MASKED_EQ] = "MASKED_EQ",
	};

	for (int op = SCMP_CMP_NE; op <= SCMP_CMP_MASKED_EQ; op++)
		if (!strcmp(name + strlen("SCMP_CMP_"), names[op]))
			return op;
	abort();
}

/* Whether the list at @key of a condition has one of the words; @none if there is no list. */
static inline bool cbpf_names(json_object *condition, const char *key, const char *word, bool none)
{
	json_object *list = json_object_object_get(condition, key);
	size_t count = json_object_is_type(list, json_type_array) ?
		       json_object_array_length(list) : 0;

	for (size_t i = 0; i < count; i++)
		if (!strcmp(json_object_get_string(json_object_array_get_idx(list, i)), word))
			return true;
	return !count && none;
}

/* Whether the rule applies on a machine of today to a program without capabilities. */
static inline bool cbpf_applies(json_object *rule)
{
	json_object *in = json_object_object_get(rule, "includes");
	json_object *out = json_object_object_get(rule, "excludes");

	/* No capability is held, so a list of them is met only if it is empty. */
	return cbpf_names(in, "arches", "amd64", true) && cbpf_names(in, "caps", "", true) &&
	       !cbpf_names(out, "arches", "amd64", false);
}

static inline int cbpf_add(scmp_filter_ctx filter, uint32_t action, int nr, json_object *args)
{
	size_t count = json_object_is_type(args, json_type_array) ?
		       json_object_array_length(args) : 0;
	struct scmp_arg_cmp compare[6];

	for (size_t i = 0; i < count && i < 6; i++) {
		json_object *arg = json_object_array_get_idx(args, i);

		compare[i] = (struct scmp_arg_cmp){
			.arg = cbpf_number(arg, "index"),
			.op = cbpf_compare(cbpf_text(arg, "op")),
			.datum_a = cbpf_number(arg, "value"),
			.datum_b = cbpf_number(arg, "valueTwo"),
		};
	}
	return seccomp_rule_add_array(filter, action, nr, count, compare);
}

/* Adds one rule as crun and runc do: a rule that does what the default does is left out. */
static inline int cbpf_rule(scmp_filter_ctx filter, json_object *rule, uint32_t standard)
{
	json_object *names = json_object_object_get(rule, "names");
	uint32_t action = cbpf_action(cbpf_text(rule, "action"), cbpf_number(rule, "errnoRet"));
	int ret = 0;

	if (action == standard || !cbpf_applies(rule))
		return 0;
	for (size_t i = 0; !ret && i < json_object_array_length(names); i++) {
		json_object *name = json_object_array_get_idx(names, i);
		int nr = seccomp_syscall_resolve_name(json_object_get_string(name));

		if (nr != __NR_SCMP_ERROR)
			ret = cbpf_add(filter, action, nr, json_object_object_get(rule, "args"));
	}
	return ret;
}

/*
 * Makes the filter of an OCI profile or of a Docker profile, for all ABIs of x86. Returns 0 or
 * libseccomp's error.
 */
static inline int cbpf_make(struct cbpf *program, json_object *profile)
{
	json_object *rules = json_object_object_get(profile, "syscalls");
	uint32_t standard = cbpf_action(cbpf_text(profile, "defaultAction"),
					cbpf_number(profile, "defaultErrnoRet"));
	scmp_filter_ctx filter = seccomp_init(standard);
	int fd = memfd_create("cbpf", MFD_CLOEXEC);
	int ret = seccomp_arch_add(filter, SCMP_ARCH_X86);

	if (!ret)
		ret = seccomp_arch_add(filter, SCMP_ARCH_X32);
	for (size_t i = 0; !ret && i < json_object_array_length(rules); i++)
		ret = cbpf_rule(filter, json_object_array_get_idx(rules, i), standard);
	if (!ret)
		ret = seccomp_export_bpf(filter, fd);
	if (!ret && !cbpf_read(program, fd))
		ret = -1;
	close(fd);
	seccomp_release(filter);
	return ret;
}

#endif /* SELFTESTS_CBPF_H */
