// SPDX-License-Identifier: GPL-2.0
/*
 * attacker32 WAY ROUNDS RESULT NR...: a 32-bit program without a C library makes
 * these calls, so many times over, each with all arguments 0.
 *
 * WAY is an entry: int80, sysenter, syscall (the bare instructions; a CPU may not
 * have one of them in 32-bit programs), or vdso (what the kernel offers in
 * AT_SYSINFO). Exit status: 0 if each call returned RESULT, else 1; 2 if the
 * kernel offers nothing. It exits by int80.
 */
#include "bare.h"

#define AT_SYSINFO	32

static unsigned long vdso;

static long by_int80(long nr)
{
	long ret;

	asm volatile("int $0x80" : "=a"(ret)
		     : "a"(nr), "b"(0), "c"(0), "d"(0), "S"(0), "D"(0) : "memory");
	return ret;
}

/*
 * The kernel returns to a landing pad of its own, which restores what was pushed
 * here and returns to our caller.
 */
asm("bare_sysenter: push %ecx; push %edx; push %ebp; mov %esp, %ebp; sysenter; hlt\n"
	"bare_syscall: push %ecx; push %edx; push %ebp; mov %ecx, %ebp; syscall; hlt\n");

static long by_address(unsigned long address, long nr)
{
	long ret;

	asm volatile("call *%[address]" : "=a"(ret)
		     : "a"(nr), "b"(0), "c"(0), "d"(0), "S"(0), [address]"D"(address)
		     : "memory");
	return ret;
}

extern char bare_sysenter[], bare_syscall[];

static long call(char way, long nr)
{
	switch (way) {
	case 'b':
		return by_address((unsigned long)bare_sysenter, nr);
	case 'c':
		return by_address((unsigned long)bare_syscall, nr);
	case 'v':
		return by_address(vdso, nr);
	default:
		return by_int80(nr);
	}
}

static void __attribute__((noreturn)) leave(int status)
{
	for (;;)
		asm volatile("int $0x80" : : "a"(EXIT_GROUP), "b"(status));
}

/* "int80", "sysenter", "syscall", "vdso" */
static char way_of(const char *text)
{
	if (text[0] != 's')
		return text[0];
	return text[3] == 'e' ? 'b' : 'c';
}

void run(long *stack)
{
	char **argv = (char **)(stack + 1);
	long *aux = stack + 1 + stack[0] + 1;
	char way = way_of(argv[1]);
	long rounds = number(argv[2]);
	long want = number(argv[3]);
	int bad = 0;

	/* The auxiliary vector follows the environment, which follows the arguments. */
	while (*aux++)
		;
	for (; aux[0]; aux += 2)
		if (aux[0] == AT_SYSINFO)
			vdso = aux[1];
	if (way == 'v' && !vdso)
		leave(2);
	while (rounds-- > 0)
		for (char **nr = argv + 4; *nr; nr++)
			if (call(way, number(*nr)) != want)
				bad = 1;
	leave(bad);
}
