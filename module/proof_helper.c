// SPDX-License-Identifier: GPL-2.0
/*
 * The prover at load: a program of a few instructions, run from memory as a usermode
 * helper. It calls getppid() and says by its exit status what it got.
 *
 * There are many reasons for which such a program does not run: there is no /proc to
 * execute it from, a security module kills or refuses it, or the kernel runs one program of
 * its own in place of every helper. None of them says anything about the hook, so each of
 * them has to be told from a call that was made although the hook refused it.
 */
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/seccomp.h>
#include <linux/shmem_fs.h>
#include <linux/umh.h>

#include "arch.h"
#include "compat.h"
#include "proof.h"

/*
 * The exit status of the program. These values are unlikely for any other program, since
 * the kernel may run another program in its place.
 */
#define EXIT_REFUSED	0x6a
#define EXIT_MADE	(EXIT_REFUSED + 1)
#define EXIT_ANSWERED	(EXIT_REFUSED + 2)

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
 *	mov	$EXIT_REFUSED, %edi
 *	cmp	$-SCMOD_PROOF_ERRNO, %rax
 *	je	1f
 *	inc	%edi
 *	cmp	$-SCMOD_PROOF_FILTER_ERRNO, %rax
 *	jne	1f
 *	inc	%edi
 * 1:	mov	$__NR_exit_group, %eax
 *	syscall
 *
 * All registers are 0 when a program begins, which prctl() requires of its other arguments.
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
	0xbf, EXIT_REFUSED, 0, 0, 0,					\
	0x48, 0x83, 0xf8, (u8)-SCMOD_PROOF_ERRNO,			\
	0x74, 10,							\
	0xff, 0xc7,							\
	0x48, 0x83, 0xf8, (u8)-SCMOD_PROOF_FILTER_ERRNO,			\
	0x75, 2,							\
	0xff, 0xc7,							\
	0xb8, __NR_exit_group, 0, 0, 0,					\
	0x0f, 0x05

static_assert(__NR_prctl < 256 && __NR_getppid < 256 && __NR_exit_group < 256 &&
	      SCMOD_PROOF_ERRNO < 128 && SCMOD_PROOF_FILTER_ERRNO < 128);

struct program {
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr;
	/* struct sock_fprog */
	struct {
		u64 len;
		u64 filter;
	} fprog;
	struct sock_filter filter[4];
	u8 code[74];
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
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | SCMOD_PROOF_FILTER_ERRNO),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	},
	.code = { PROOF_CODE },
};

/*
 * The process that became the program, with a reference; NULL if none did. Written by that
 * process, read after it has ended.
 */
static struct task_struct *helper;
static bool fired;

static bool refuse(const struct pt_regs *regs)
{
	WRITE_ONCE(fired, true);
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
	helper = get_task_struct(current);
	scmod_mark_set(current);
	scmod_proof_task(current);
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

static int tell_blocked(void)
{
	return scmod_proof_failed("The usermode helper was blocked or killed, as LKRG does where its umh_validate is not 0");
}

/*
 * The program did not run: why? @started: the process that was to become the program
 * reached become_prover(). @ret: what call_usermodehelper_exec() returned.
 */
static int not_run(bool started, int ret)
{
	pr_notice("the usermode helper did not run: error %d\n", ret);
	if (!ret)
		return scmod_proof_failed("This kernel runs no usermode helpers");
	/* That is so while the machine is being suspended or shut down. */
	if (ret == -EBUSY)
		return scmod_proof_failed("The kernel starts no usermode helper now");
	/* LKRG damages the process so that become_prover() fails (seen: EMFILE). */
	if (!started)
		return tell_blocked();
	if (ret == -ENOENT)
		return scmod_proof_failed("The usermode helper could not be executed: no /proc is mounted where the kernel looks for it");
	return scmod_proof_failed("The kernel, or a security module, refused to execute the usermode helper");
}

/* @status: of the process that was to become the program, as wait() packs it. */
static int outcome(bool started, int status)
{
	if (status & 0x7f)
		return tell_blocked();
	switch (started ? status >> 8 : -1) {
	case EXIT_MADE:
		return fired ? -EPERM : -ENXIO;
	case EXIT_REFUSED:
		if (fired)
			return 0;
		break;
	case EXIT_ANSWERED:
		if (fired)
			return SCMOD_PROOF_ANSWERED;
		break;
	}
	pr_notice("the usermode helper ended with status %d\n", status >> 8);
	return scmod_proof_failed("Another program ran in place of the usermode helper");
}

/* Returns what call_usermodehelper_exec() does, and whether a process was begun. */
static int execute(struct file *file, bool *started)
{
	static char path[] = "/proc/self/fd/0";
	static char *argv[] = { "scmod-proof", NULL };
	static char *envp[] = { NULL };
	struct subprocess_info *info;
	int ret;

	info = call_usermodehelper_setup(path, argv, envp, GFP_KERNEL,
					 become_prover, NULL, file);
	ret = info ? call_usermodehelper_exec(info, UMH_WAIT_PROC) : -ENOMEM;
	*started = helper;
	scmod_proof_task(NULL);
	if (helper)
		put_task_struct(helper);
	helper = NULL;
	return ret;
}

static int run(void)
{
	struct file *file;
	bool started;
	int ret;

	/* The kernel would run its own program, with the file and the mark meant for this. */
	if (IS_ENABLED(CONFIG_STATIC_USERMODEHELPER))
		return scmod_proof_failed("This kernel runs a program of its own in place of every usermode helper (CONFIG_STATIC_USERMODEHELPER)");
	file = program_file();
	if (file == ERR_PTR(-ENOMEM))
		return -ENOMEM;
	if (IS_ERR(file))
		return scmod_proof_failed("There is no room in memory for the usermode helper's program");
	WRITE_ONCE(fired, false);
	ret = execute(file, &started);
	fput(file);
	if (ret == -ENOMEM)
		return ret;
	/* Where a kernel runs no helpers, kernel/umh.c starts nothing and returns 0. */
	if (ret > 0 || (!ret && started))
		return outcome(started, ret);
	return not_run(started, ret);
}

static const struct scmod_prover prover = {
	.run = run,
	.refuse = refuse,
};

/* At load. */
void scmod_proof_by_helper(void)
{
	scmod_proof_begin(&prover);
}
