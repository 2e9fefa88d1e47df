// SPDX-License-Identifier: GPL-2.0
/*
 * caller RESULT NR...: make these calls with all arguments -1, then exit_group.
 *
 * No C library, so no other call is made. Built for 64 and for 32 bits. Exit
 * status: 0 if each call returned RESULT (or RESULT is "any"), else 1.
 */
#include "bare.h"

#ifdef __x86_64__
static long call(long nr, long arg)
{
	register long r10 asm("r10") = arg;
	register long r8 asm("r8") = arg;
	register long r9 asm("r9") = arg;
	long ret;

	asm volatile("syscall" : "=a"(ret)
		     : "a"(nr), "D"(arg), "S"(arg), "d"(arg), "r"(r10), "r"(r8), "r"(r9)
		     : "rcx", "r11", "memory");
	return ret;
}
#else
static long call(long nr, long arg)
{
	long ret;

	asm volatile("int $0x80" : "=a"(ret)
		     : "a"(nr), "b"(arg), "c"(arg), "d"(arg), "S"(arg), "D"(arg) : "memory");
	return ret;
}
#endif

void run(long *stack)
{
	char **argv = (char **)(stack + 1);
	int any = argv[1][0] == 'a';
	long want = any ? 0 : number(argv[1]);
	int bad = 0;

	for (char **nr = argv + 2; *nr; nr++) {
		long ret = call(number(*nr), -1);

		if (!any && ret != want)
			bad = 1;
	}
	for (;;)
		call(EXIT_GROUP, bad);
}
