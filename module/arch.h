/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User registers to (ABI, number), and how a call is refused.
 *
 * x86-64 only so far; another architecture is another branch of this file.
 */
#ifndef SCMOD_ARCH_H
#define SCMOD_ARCH_H

#include <linux/errno.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/thread_info.h>
#include <asm/unistd.h>

#include "bitmap.h"

#ifndef CONFIG_X86_64
#error "scmod supports x86-64 kernels only"
#endif

/* Bit 30 of the number selects x32 on the 64-bit entry. */
#define SCMOD_X32_BIT	0x40000000u

static_assert(NR_syscalls <= SCMOD_NR_BITS && IA32_NR_syscalls <= SCMOD_NR_BITS &&
	      X32_NR_syscalls <= SCMOD_NR_BITS,
	      "this kernel has more system calls than scmod has bits");

/**
 * struct scmod_call - one system call
 * @abi: &enum scmod_abi
 * @nr: its number, without the x32 bit; at or past SCMOD_NR_BITS it is none
 */
struct scmod_call {
	unsigned int abi;
	unsigned int nr;
};

/**
 * scmod_call_of() - the call that these registers ask for
 * @task: whose they are; current, or a task that is inside the call
 * @regs: its user registers
 *
 * The number is the low 32 bits, as the kernel's own entry reads it.
 */
static __always_inline struct scmod_call
scmod_call_of(struct task_struct *task, const struct pt_regs *regs)
{
	struct scmod_call call = { SCMOD_ABI_X86_64, (u32)regs->orig_ax };

	if (unlikely(task->thread_info.status & TS_COMPAT)) {
		call.abi = SCMOD_ABI_I386;
	} else if (unlikely(call.nr & SCMOD_X32_BIT) && (s32)call.nr >= 0) {
		call.abi = SCMOD_ABI_X32;
		call.nr &= ~SCMOD_X32_BIT;
	}
	return call;
}

/**
 * scmod_call_arg() - one of the first three arguments of a call
 * @regs: the user registers that it is made with
 * @abi: &enum scmod_abi
 * @n: which: 0 to 2
 *
 * An argument of an i386 call is 32 bits: the upper half of the register, which code of 64
 * bits may have set, is not part of it.
 */
static __always_inline unsigned long
scmod_call_arg(const struct pt_regs *regs, unsigned int abi, unsigned int n)
{
	static const u8 native[] = {
		offsetof(struct pt_regs, di), offsetof(struct pt_regs, si),
		offsetof(struct pt_regs, dx)
	};
	static const u8 i386[] = {
		offsetof(struct pt_regs, bx), offsetof(struct pt_regs, cx),
		offsetof(struct pt_regs, dx)
	};

	if (unlikely(abi == SCMOD_ABI_I386))
		return (u32)*(const unsigned long *)((const char *)regs + i386[n]);
	return *(const unsigned long *)((const char *)regs + native[n]);
}

/* Where the kernel's table of an ABI ends: this number and those above are no calls. */
static inline unsigned int scmod_call_end(unsigned int abi)
{
	switch (abi) {
	case SCMOD_ABI_I386:
		return IA32_NR_syscalls;
	case SCMOD_ABI_X32:
		return X32_NR_syscalls;
	default:
		return NR_syscalls;
	}
}

/**
 * scmod_call_native() - does the call go through the kernel's own table?
 * @task: as for scmod_call_of(), which says %SCMOD_ABI_X86_64 then
 * @nr: the low 32 bits of its number; with the x32 bit it is too large
 */
static __always_inline bool scmod_call_native(struct task_struct *task,
					      unsigned int nr)
{
	return nr < SCMOD_NR_BITS && !(task->thread_info.status & TS_COMPAT);
}

/**
 * scmod_call_pending() - are these the registers of a call that goes on?
 * @regs: user registers of a task in the kernel
 *
 * While a call is being made, ax holds the -ENOSYS that the entry code put there. After
 * one that a signal interrupted, ax holds an errno by which the kernel makes the call
 * again. With any other result the call is over. A child that has not run yet has its
 * parent's registers, but a result of 0. After an interrupt or a fault in user mode there
 * is no call number.
 */
static inline bool scmod_call_pending(const struct pt_regs *regs)
{
	if ((int)regs->orig_ax < 0)
		return false;
	switch ((int)regs->ax) {
	case -ENOSYS:
	case -ERESTARTSYS:
	case -ERESTARTNOINTR:
	case -ERESTARTNOHAND:
	case -ERESTART_RESTARTBLOCK:
		return true;
	}
	return false;
}

/**
 * scmod_call_refuse() - make the call do nothing and return -@err
 * @regs: user registers of current, before the number is read for dispatch
 * @err: errno, positive
 *
 * The entry code reads the number again after the hook; -1 is no call, and
 * then ax is what the program gets.
 */
static inline void scmod_call_refuse(struct pt_regs *regs, unsigned int err)
{
	regs->orig_ax = -1;
	regs->ax = -(long)err;
}

#endif /* SCMOD_ARCH_H */
