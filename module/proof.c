// SPDX-License-Identifier: GPL-2.0
/*
 * Proof, at load, that a hook fires and that a call it refuses is not made.
 *
 * A probe can register and never fire, and a call can be refused too late. So
 * before a hook is trusted, a real process makes a real call under it: a
 * program of a few instructions, run from memory as a user mode helper, calls
 * getppid() and says by its exit status what it got. It has a seccomp filter that
 * answers what is no call, to see whether that comes in between.
 */
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/shmem_fs.h>
#include <linux/umh.h>

#include "arch.h"
#include "compat.h"
#include "proof.h"

/* What the refused getppid() returns; it never fails by itself. */
#define PROOF_ERRNO	ENOANO
/* What the filter has to say. */
#define FILTER_ERRNO	EXDEV

/* Exit status, as wait() packs it, of a program that got something else. */
#define NOT_REFUSED	BIT(8)
#define ANSWERED	BIT(9)

#define LOAD_ADDR	0x400000UL

/*
 *	mov	$PR_SET_NO_NEW_PRIVS, %edi
 *	mov	$1, %esi
 *	mov	$__NR_prctl, %eax
 *	syscall
 *	mov	$PR_SET_SECCOMP, %edi
 *	mov	$SECCOMP_MODE_FILTER, %esi
 *	mov	$fprog, %edx
 *	mov	$__NR_prctl, %eax
 *	syscall
 *	mov	$__NR_getppid, %eax
 *	syscall
 *	xor	%edi, %edi
 *	cmp	$-PROOF_ERRNO, %rax
 *	je	1f
 *	inc	%edi
 *	cmp	$-FILTER_ERRNO, %rax
 *	jne	1f
 *	inc	%edi
 * 1:	mov	$__NR_exit_group, %eax
 *	syscall
 *
 * The registers that are not set are 0, and prctl() wants them so.
 */
#define PROOF_CODE							\
	0xbf, PR_SET_NO_NEW_PRIVS, 0, 0, 0,				\
	0xbe, 1, 0, 0, 0,						\
	0xb8, __NR_prctl, 0, 0, 0,					\
	0x0f, 0x05,							\
	0xbf, PR_SET_SECCOMP, 0, 0, 0,					\
	0xbe, SECCOMP_MODE_FILTER, 0, 0, 0,				\
	0xba, FPROG_ADDR & 0xff, FPROG_ADDR >> 8 & 0xff,		\
	FPROG_ADDR >> 16, 0,						\
	0xb8, __NR_prctl, 0, 0, 0,					\
	0x0f, 0x05,							\
	0xb8, __NR_getppid, 0, 0, 0,					\
	0x0f, 0x05,							\
	0x31, 0xff,							\
	0x48, 0x83, 0xf8, (u8)-PROOF_ERRNO,				\
	0x74, 10,							\
	0xff, 0xc7,							\
	0x48, 0x83, 0xf8, (u8)-FILTER_ERRNO,				\
	0x75, 2,							\
	0xff, 0xc7,							\
	0xb8, __NR_exit_group, 0, 0, 0,					\
	0x0f, 0x05

static_assert(__NR_prctl < 256 && __NR_getppid < 256 && __NR_exit_group < 256 &&
	      PROOF_ERRNO < 128 && FILTER_ERRNO < 128);

struct program {
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr;
	/* struct sock_fprog */
	struct {
		u64 len;
		u64 filter;
	} fprog;
	struct sock_filter filter[4];
	u8 code[71];
};

#define ADDR_OF(member)	(LOAD_ADDR + offsetof(struct program, member))
#define FPROG_ADDR	ADDR_OF(fprog)

static const struct program program = {
	.ehdr = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = ADDR_OF(code),
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
	},
	.phdr = {
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_X,
		.p_vaddr = LOAD_ADDR,
		.p_paddr = LOAD_ADDR,
		.p_filesz = sizeof(program),
		.p_memsz = sizeof(program),
		.p_align = PAGE_SIZE,
	},
	.fprog = { .len = 4, .filter = ADDR_OF(filter) },
	.filter = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, -1, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | FILTER_ERRNO),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	},
	.code = { PROOF_CODE },
};

/* The process of the proof; compared with, never followed. */
static struct task_struct *prover;
static bool fired;

/**
 * scmod_proof_hook() - what the hook does while it is being proved
 * @regs: user registers of current
 *
 * Return: whether the call is refused.
 */
bool scmod_proof_hook(struct pt_regs *regs)
{
	if (current != READ_ONCE(prover) || regs->orig_ax != __NR_getppid)
		return false;
	WRITE_ONCE(fired, true);
	scmod_call_refuse(regs, PROOF_ERRNO);
	return true;
}

/* In the new process, before it becomes the program. */
static int become_prover(struct subprocess_info *info, struct cred *new)
{
	int fd = get_unused_fd_flags(0);

	if (fd < 0)
		return fd;
	fd_install(fd, get_file(info->data));
	if (fd)
		return -EMFILE;
	WRITE_ONCE(prover, current);
	scmod_mark_set(current);
	return 0;
}

static struct file *program_file(void)
{
	struct file *file = shmem_file_setup("scmod-proof", sizeof(program),
					     SCMOD_SHMEM_NO_FLAGS);
	loff_t pos = 0;
	ssize_t n;

	if (IS_ERR(file))
		return file;
	n = kernel_write(file, &program, sizeof(program), &pos);
	if (n != sizeof(program)) {
		fput(file);
		return ERR_PTR(n < 0 ? n : -EIO);
	}
	return file;
}

/**
 * scmod_proof_run() - make the call under the hook that is in place
 *
 * Sleeps. The hook must lead to scmod_proof_hook().
 *
 * Return: 0 if the hook fired and the call was not made; %SCMOD_PROOF_ANSWERED if
 * it was not made, but a seccomp filter was asked about it; -ENXIO if the hook did
 * not fire; -EPERM if it fired and the call was made all the same; another error if
 * the program could not be run.
 */
int scmod_proof_run(void)
{
	static char path[] = "/proc/self/fd/0";
	static char *argv[] = { "scmod-proof", NULL };
	static char *envp[] = { NULL };
	struct subprocess_info *info;
	struct file *file;
	int ret;

	file = program_file();
	if (IS_ERR(file))
		return PTR_ERR(file);
	WRITE_ONCE(fired, false);
	info = call_usermodehelper_setup(path, argv, envp, GFP_KERNEL,
					 become_prover, NULL, file);
	ret = info ? call_usermodehelper_exec(info, UMH_WAIT_PROC) : -ENOMEM;
	WRITE_ONCE(prover, NULL);
	fput(file);
	if (ret < 0)
		return ret;
	if (!READ_ONCE(fired))
		return -ENXIO;
	switch (ret) {
	case 0:
		return 0;
	case NOT_REFUSED:
		return -EPERM;
	case ANSWERED:
		return SCMOD_PROOF_ANSWERED;
	default:
		return -EIO;
	}
}
