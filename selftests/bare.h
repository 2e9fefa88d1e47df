/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The start of programs without a C library: _start, which calls run() with the stack as
 * the kernel made it (argc, argv, NULL, environment, NULL, auxiliary vector).
 */
#ifndef SELFTESTS_BARE_H
#define SELFTESTS_BARE_H

void __attribute__((noreturn, used)) run(long *stack);

#ifdef __x86_64__
#define EXIT_GROUP	231

asm(".globl _start\n"
	"_start: mov %rsp, %rdi\n"
	"and $-16, %rsp\n"
	"call run\n");
#else
#define EXIT_GROUP	252

asm(".globl _start\n"
	"_start: mov %esp, %eax\n"
	"and $-16, %esp\n"
	"sub $12, %esp\n"
	"push %eax\n"
	"call run\n");
#endif

static inline long number(const char *text)
{
	long value = 0;
	int minus = *text == '-';

	for (text += minus; *text; text++)
		value = value * 10 + *text - '0';
	return minus ? -value : value;
}

#endif /* SELFTESTS_BARE_H */
