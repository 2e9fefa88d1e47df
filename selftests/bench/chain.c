// SPDX-License-Identifier: GPL-2.0
/*
 * chain COUNT: become oneself so often, COUNT having five digits. Without a C
 * library, so that nothing is measured but the execve.
 */
static long call(long nr, long a, long b, long c)
{
	long ret;

	asm volatile("syscall" : "=a"(ret) : "a"(nr), "D"(a), "S"(b), "d"(c)
		     : "rcx", "r11", "memory");
	return ret;
}

asm(".globl _start\n"
	"_start: mov %rsp, %rdi\n"
	"and $-16, %rsp\n"
	"call run\n");

static int take_one(char *digits)
{
	int at = 4;

	while (at >= 0 && digits[at] == '0')
		digits[at--] = '9';
	if (at < 0)
		return 0;
	digits[at]--;
	return 1;
}

void __attribute__((noreturn, used)) run(long *stack)
{
	char **argv = (char **)(stack + 1);

	/* execve, exit_group */
	if (stack[0] == 2 && take_one(argv[1]))
		call(59, (long)argv[0], (long)argv, 0);
	for (;;)
		call(231, 0, 0, 0);
}
