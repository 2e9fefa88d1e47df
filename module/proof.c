// SPDX-License-Identifier: GPL-2.0
/*
 * Proof, at load, that a hook fires and that a call it refuses is not made.
 *
 * A probe can register and never fire, and a call can be refused too late. So
 * before a hook is trusted, a real process makes a real call under it: a
 * program of a few instructions, run from memory as a user mode helper, calls
 * getppid() and says by its exit status what it got.
 */
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/umh.h>

#include "arch.h"
#include "compat.h"
#include "proof.h"

/* What the refused getppid() returns; it never fails by itself. */
#define PROOF_ERRNO	ENOANO

/* Exit status, as wait() packs it, of a program that was not refused. */
#define NOT_REFUSED	BIT(8)

#define LOAD_ADDR	0x400000UL

/*
 *	mov	$__NR_getppid, %eax
 *	syscall
 *	xor	%edi, %edi
 *	cmp	$-PROOF_ERRNO, %rax
 *	setne	%dil
 *	mov	$__NR_exit_group, %eax
 *	syscall
 */
#define PROOF_CODE							\
	0xb8, __NR_getppid, 0, 0, 0,					\
	0x0f, 0x05,							\
	0x31, 0xff,							\
	0x48, 0x83, 0xf8, (u8)-PROOF_ERRNO,				\
	0x40, 0x0f, 0x95, 0xc7,						\
	0xb8, __NR_exit_group, 0, 0, 0,					\
	0x0f, 0x05

static_assert(__NR_getppid < 256 && __NR_exit_group < 256 &&
	      PROOF_ERRNO < 128);

static const struct {
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr;
	u8 code[24];
} program = {
	.ehdr = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = LOAD_ADDR + sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
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
	.code = { PROOF_CODE },
};

/* The process of the proof; compared with, never followed. */
static struct task_struct *prover;
static bool fired;

/**
 * scmod_proof_hook() - what the hook does while it is being proved
 * @regs: user registers of current
 */
void scmod_proof_hook(struct pt_regs *regs)
{
	if (current != READ_ONCE(prover) || regs->orig_ax != __NR_getppid)
		return;
	WRITE_ONCE(fired, true);
	scmod_call_refuse(regs, PROOF_ERRNO);
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
 * Return: 0 if the hook fired and the call was not made; -ENXIO if it did not
 * fire; -EPERM if it fired and the call was made all the same; another error if
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
	return ret == 0 ? 0 : ret == NOT_REFUSED ? -EPERM : -EIO;
}
