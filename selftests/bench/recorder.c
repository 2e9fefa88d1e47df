// SPDX-License-Identifier: GPL-2.0
/*
 * The smallest recorder that eBPF allows: at raw sys_enter, the id of the task's
 * cgroup is looked up in a hash; if it is there, one byte is written, which says
 * that the call was seen. Any real recorder does this and more.
 *
 * Loaded by bpf(2) itself, so that neither a compiler nor a library is needed.
 * All is there from Linux 4.18 on.
 */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "bench.h"

#define NUMBERS 512

static int map = -1, prog = -1, link_fd = -1;

#define INSN(c, d, s, o, i) { .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) }
#define R0 BPF_REG_0
#define R1 BPF_REG_1
#define R2 BPF_REG_2
#define R6 BPF_REG_6
#define FP BPF_REG_10

static long bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int make_map(uint64_t cgroup)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_HASH,
		.key_size = sizeof(cgroup),
		.value_size = NUMBERS,
		.max_entries = 1024,
	};
	static const char unseen[NUMBERS];
	int err;

	map = bpf(BPF_MAP_CREATE, &attr);
	if (map < 0)
		return -errno;
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (uintptr_t)&cgroup;
	attr.value = (uintptr_t)unseen;
	err = bpf(BPF_MAP_UPDATE_ELEM, &attr);
	return err < 0 ? -errno : 0;
}

static int load(void)
{
	const struct bpf_insn code[] = {
		/* r6 = the number: the tracepoint's second argument */
		INSN(BPF_LDX | BPF_MEM | BPF_DW, R6, R1, 8, 0),
		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_get_current_cgroup_id),
		/* r0 = lookup(map, &id) */
		INSN(BPF_STX | BPF_MEM | BPF_DW, FP, R0, -8, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, R2, FP, 0, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_K, R2, 0, 0, -8),
		INSN(BPF_LD | BPF_IMM | BPF_DW, R1, BPF_PSEUDO_MAP_FD, 0, map),
		INSN(0, 0, 0, 0, 0),
		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem),
		/* if (r0 && r6 < NUMBERS) r0[r6] = 1 */
		INSN(BPF_JMP | BPF_JEQ | BPF_K, R0, 0, 3, 0),
		INSN(BPF_JMP | BPF_JGE | BPF_K, R6, 0, 2, NUMBERS),
		INSN(BPF_ALU64 | BPF_ADD | BPF_X, R0, R6, 0, 0),
		INSN(BPF_ST | BPF_MEM | BPF_B, R0, 0, 0, 1),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, R0, 0, 0, 0),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
		.insns = (uintptr_t)code,
		.insn_cnt = ARRAY_SIZE(code),
		.license = (uintptr_t)"GPL",
	};

	prog = bpf(BPF_PROG_LOAD, &attr);
	return prog < 0 ? -errno : 0;
}

static int attach(void)
{
	union bpf_attr attr = {
		.raw_tracepoint.name = (uintptr_t)"sys_enter",
		.raw_tracepoint.prog_fd = prog,
	};

	link_fd = bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
	return link_fd < 0 ? -errno : 0;
}

/* Kernels before 5.11 count maps as locked memory. */
const char *recorder_begin(uint64_t cgroup)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_MEMLOCK, &all);
	if (make_map(cgroup))
		return "no BPF map";
	if (load())
		return "the verifier refuses the program";
	return attach() ? "no raw tracepoint" : NULL;
}

/* Tasks that were in the cgroup have ended, so at least their exit_group must be there. */
bool recorder_saw(uint64_t cgroup)
{
	char seen[NUMBERS];
	union bpf_attr attr = {
		.map_fd = map,
		.key = (uintptr_t)&cgroup,
		.value = (uintptr_t)seen,
	};

	return !bpf(BPF_MAP_LOOKUP_ELEM, &attr) && seen[SYS_exit_group] == 1;
}

void recorder_end(void)
{
	close(link_fd);
	close(prog);
	close(map);
}
