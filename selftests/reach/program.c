// SPDX-License-Identifier: GPL-2.0
/*
 * Programs and libraries whose code makes calls that nothing else makes; nobody runs them.
 * reach_test.c compiles one part of this file at a time: -DPART_NAME, without a C library.
 */
#include <sys/syscall.h>

#define USED	__attribute__((used, noinline, noclone))
#define API	__attribute__((used, noinline, noclone, visibility("default")))

static inline __attribute__((always_inline)) long call(long nr)
{
	long ret;

	__asm__ volatile("syscall" : "=a"(ret) : "a"(nr) : "rcx", "r11", "memory");
	return ret;
}

#ifdef PART_DIRECT
/* One function is called, the other is not. */
USED long near(void) { return call(SYS_acct); }
USED long far(void) { return call(SYS_swapon); }
void _start(void) { near(); call(SYS_exit); for (;;); }
#endif

#ifdef PART_POINTER
/* What is in the table that is used counts; what is in the other one does not. */
static USED long near(void) { return call(SYS_acct); }
static USED long far(void) { return call(SYS_swapon); }
static USED long (*const volatile table[])(void) = { near, near };
static USED long (*const volatile other[])(void) = { far, far };
USED long idle(int i) { return other[i](); }
void _start(void) { for (int i = 0;; i++) table[i & 1](); }
#endif

#ifdef PART_TAKEN
/* The address is taken, and kept where nobody can see who calls it. */
static USED long near(void) { return call(SYS_acct); }
static USED long far(void) { return call(SYS_swapon); }
static long (*volatile hook)(void);
USED void idle(void) { hook = far; }
void _start(void) { hook = near; for (;;) hook(); }
#endif

#ifdef PART_NUMBER
/* As syscall() of a C library: the callers have the numbers. */
USED long by_number(long nr) { return call(nr); }
USED void idle(void) { by_number(SYS_swapon); }
USED long twice(long nr) { return by_number(nr) + by_number(SYS_sethostname); }
void _start(void) { for (;;) { by_number(SYS_acct); twice(SYS_reboot); } }
#endif

#ifdef PART_UNKNOWN
/* The number comes from outside. */
static volatile long number = SYS_acct;
#ifdef REACHED
void _start(void) { for (;;) call(number); }
#else
USED long idle(void) { return call(number); }
void _start(void) { for (;;) call(SYS_acct); }
#endif
#endif

#ifdef PART_CHOICE
/* One of two constants; and one out of a table of jumps. */
static volatile int which;
USED long choose(int i)
{
	switch (i) {
	case 1: return call(SYS_reboot);
	case 2: return call(SYS_sethostname);
	case 3: return call(SYS_setdomainname);
	case 4: return call(SYS_iopl);
	case 5: return call(SYS_ioperm);
	case 6: return call(SYS_init_module);
	}
	return 0;
}

void _start(void) { for (;;) { call(which ? SYS_acct : SYS_quotactl); choose(which); } }
#endif

#ifdef PART_FOREIGN
/* A call through the entry for 32-bit programs. */
void _start(void) { for (;;) __asm__ volatile("int $0x80" : : "a"(1) : "memory"); }
#endif

#ifdef PART_LIBRARY
API long wanted(void) { return call(SYS_acct); }
API long unwanted(void) { return call(SYS_swapon); }
API long by_name(void) { return call(SYS_reboot); }
API void *dlsym(void *handle, const char *name) { return handle ? handle : (void *)name; }
__attribute__((constructor)) static void begin(void) { call(SYS_sethostname); }
#endif

#ifdef PART_USER
long wanted(void);
void *dlsym(void *handle, const char *name);
#ifdef LOOKS_UP
void _start(void) { for (;;) ((long (*)(void))dlsym(0, "by_name"))(); }
#else
void _start(void) { for (;;) wanted(); }
#endif
#endif

#ifdef PART_STARTS
void _start(void) { for (;;) call(SYS_execve); }
#endif
