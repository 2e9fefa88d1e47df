// SPDX-License-Identifier: GPL-2.0
/*
 * Which system calls a function of the C library makes, as far as its name does
 * not say it. Known from glibc and musl of these ABIs, with what older and newer
 * ones call instead where that has changed; the rest is in families.txt. A call that
 * an ABI lacks is passed over, so one line serves all ABIs.
 */
#include <stdlib.h>
#include <string.h>

#include "calls/sysname.h"
#include "infer/likely.h"

#define LEN(table) (sizeof(table) / sizeof((table)[0]))

#define ALLOCATE "brk mmap mmap2 mremap munmap mprotect madvise"
#define CLOCK "clock_gettime clock_gettime64 gettimeofday time"
#define CPUS \
	"open openat read close sched_getaffinity sysinfo getdents64 fstat " \
	"newfstatat"
#define DLOPEN \
	"open openat read pread64 mmap mmap2 mprotect munmap close fstat " \
	"fstat64 newfstatat getcwd readlink futex"
/* What is started is loaded; for where execve was seen, family loader says the same. */
#define EXEC \
	"execve brk mmap mmap2 munmap mprotect open openat read pread64 newfstatat fstat " \
	"fstat64 fstatat64 close access arch_prctl set_thread_area set_tid_address " \
	"set_robust_list prlimit64"
#define FOPEN \
	"open openat fcntl fcntl64 fstat fstat64 newfstatat lseek _llseek " \
	"close"
#define FUTEX "futex futex_time64"
#define READ_FILE \
	"open openat read close fstat fstat64 newfstatat fstatat64 " \
	"lseek _llseek"
#define INTERFACES "socket bind getsockname sendto recvmsg close getpid socketcall"
#define LOCALE "mmap mmap2 munmap readlink " READ_FILE
#define NSS \
	READ_FILE " " \
	"socket connect sendto recvmsg poll socketcall mmap mmap2 " \
	"munmap pread64 mprotect getdents64 futex"
#define OPENPTY "open openat ioctl close stat newfstatat"
#define RAISE "rt_sigprocmask rt_sigaction gettid getpid tgkill tkill"
#define READ "read readv fstat fstat64 newfstatat fstatat64 lseek _llseek write"
#define REALPATH "readlink readlinkat getcwd lstat newfstatat"
#define RESOLVE \
	CLOCK " " NSS " " \
	"sendmmsg sendmsg recvfrom recvmsg bind getsockname getpeername " \
	"setsockopt ioctl uname getpid access getrandom"
#define SPAWN \
	EXEC " " \
	"clone clone3 vfork pipe2 wait4 waitpid dup2 fcntl rt_sigprocmask " \
	"rt_sigaction exit_group"
#define STAT "stat stat64 lstat lstat64 fstat fstat64 newfstatat fstatat64"
#define ZONE READ_FILE " " CLOCK
#define SYSLOG \
	ZONE " " \
	"socket connect sendto send socketcall close getpid open openat write"
#define TELL "write writev ioctl fstat fstat64 newfstatat fstatat64 lseek _llseek"
#define THREAD \
	"clone clone3 mmap mmap2 mprotect munmap madvise set_robust_list rseq " \
	"rt_sigprocmask rt_sigaction futex sched_getaffinity prlimit64 exit"
#define UTMP \
	"open openat access fcntl fcntl64 lseek _llseek pread64 read write close dup2 alarm " \
	"rt_sigaction"
#define WALK \
	"open openat getdents64 fstat fstat64 newfstatat fstatat64 " \
	"lseek close"

/* Sorted by function, in the order of strcmp(). */
static const struct entry {
	const char *function;
	const char *calls;
} likely[] = {
	{ "ZdaPv", "brk munmap madvise" },
	{ "ZdlPv", "brk munmap madvise" },
	{ "ZdlPvm", "brk munmap madvise" },
	{ "Znam", ALLOCATE },
	{ "Znwm", ALLOCATE },
	{ "_Exit", "exit_group" },
	{ "_Fork", "clone fork rt_sigprocmask set_robust_list" },
	{ "_exit", "exit_group" },
	{ "abort", RAISE },
	{ "accept", "accept accept4 socketcall" },
	{ "accept4", "accept4 socketcall" },
	{ "access", "access" },
	{ "aio_fsync", "fsync fdatasync " THREAD },
	{ "aio_read", "pread64 " THREAD },
	{ "aio_write", "pwrite64 " THREAD },
	{ "alarm", "alarm setitimer" },
	{ "aligned_alloc", ALLOCATE },
	{ "arc4random", "getrandom" },
	{ "arc4random_buf", "getrandom" },
	{ "arc4random_uniform", "getrandom" },
	{ "asprintf", ALLOCATE },
	{ "assert_fail", TELL " " RAISE },
	{ "backtrace", DLOPEN },
	{ "backtrace_symbols_fd", "write writev" },
	{ "bind", "bind socketcall" },
	{ "bindresvport", "bind getsockname getpid socketcall" },
	{ "bsd_signal", "rt_sigaction" },
	{ "calloc", ALLOCATE },
	{ "canonicalize_file_name", REALPATH },
	{ "catopen", "open openat read close mmap mmap2 fstat newfstatat" },
	{ "chk_fail", TELL " " RAISE },
	{ "chmod", "chmod" },
	{ "chown", "chown chown32" },
	{ "clock", "clock_gettime clock_gettime64" },
	{ "clock_getres", "clock_getres clock_getres_time64" },
	{ "clock_gettime", CLOCK },
	{ "clock_nanosleep", "clock_nanosleep clock_nanosleep_time64" },
	{ "clone", "clone clone3" },
	{ "closedir", "close" },
	{ "closefrom", "close_range " WALK },
	{ "closelog", "close" },
	{ "cnd_broadcast", FUTEX },
	{ "cnd_signal", FUTEX },
	{ "cnd_timedwait", FUTEX },
	{ "cnd_wait", FUTEX },
	{ "connect", "connect socketcall" },
	{ "creat", "creat open openat" },
	{ "ctime", ZONE },
	{ "ctime_r", ZONE },
	{ "cuserid", "geteuid " READ_FILE },
	{ "cxa_throw", ALLOCATE },
	{ "daemon", "clone clone3 setsid chdir open openat fstat newfstatat dup2 close" },
	{ "dl_iterate_phdr", FUTEX },
	{ "dlclose", "munmap " FUTEX },
	{ "dlmopen", DLOPEN },
	{ "dlopen", DLOPEN },
	{ "dprintf", "write" },
	{ "dup2", "dup2" },
	{ "eaccess", "access faccessat faccessat2 " STAT },
	{ "epoll_create", "epoll_create epoll_create1" },
	{ "epoll_wait", "epoll_wait epoll_pwait" },
	{ "err", TELL },
	{ "error", TELL },
	{ "errx", TELL },
	{ "euidaccess", "access faccessat faccessat2 " STAT },
	{ "eventfd", "eventfd eventfd2" },
	{ "eventfd_read", "read" },
	{ "eventfd_write", "write" },
	{ "execl", EXEC },
	{ "execle", EXEC },
	{ "execlp", EXEC },
	{ "execv", EXEC },
	{ "execve", EXEC },
	{ "execveat", "execveat " EXEC },
	{ "execvp", EXEC },
	{ "execvpe", EXEC },
	{ "exit", "exit_group" },
	{ "faccessat", "faccessat faccessat2" },
	{ "fchmodat", "fchmodat" },
	{ "fchown", "fchown fchown32" },
	{ "fclose", "close write lseek" },
	{ "fcntl", "fcntl fcntl64" },
	{ "fdopen", "fcntl fcntl64" },
	{ "fdopendir", "fcntl fcntl64 fstat fstat64 newfstatat" },
	{ "fexecve", "execveat " EXEC },
	{ "fflush", "write lseek _llseek" },
	{ "fgetc", READ },
	{ "fgets", READ },
	{ "fgetwc", READ },
	{ "fgetws", READ },
	{ "flockfile", FUTEX },
	{ "fopen", FOPEN },
	{ "fopencookie", ALLOCATE },
	{ "fork", "clone fork rt_sigprocmask set_robust_list" },
	{ "forkpty", "clone setsid dup2 " OPENPTY },
	{ "fortify_fail", TELL " " RAISE },
	{ "fpathconf", "fstatfs fstatfs64 fstat newfstatat" },
	{ "fprintf", TELL },
	{ "fputc", TELL },
	{ "fputs", TELL },
	{ "fputwc", TELL },
	{ "fputws", TELL },
	{ "fread", READ },
	{ "free", "brk munmap madvise" },
	{ "freeaddrinfo", "brk munmap" },
	{ "freopen", "dup3 " FOPEN },
	{ "fscanf", READ },
	{ "fseek", "lseek _llseek fstat fstat64 newfstatat read write" },
	{ "fseeko", "lseek _llseek fstat fstat64 newfstatat read write" },
	{ "fsetpos", "lseek _llseek write" },
	{ "fstat", STAT },
	{ "fstat64", STAT },
	{ "fstatat", STAT },
	{ "fstatat64", STAT },
	{ "fstatfs", "fstatfs fstatfs64" },
	{ "fstatvfs", "fstatfs fstatfs64" },
	{ "ftell", "lseek _llseek" },
	{ "ftello", "lseek _llseek" },
	{ "ftok", STAT },
	{ "ftruncate", "ftruncate ftruncate64" },
	{ "ftruncate64", "ftruncate ftruncate64" },
	{ "fts_open", WALK " " STAT },
	{ "fts_read", "fchdir " WALK " " STAT },
	{ "ftw", WALK " " STAT },
	{ "futimens", "utimensat utimensat_time64" },
	{ "futimes", "utimensat utimensat_time64" },
	{ "futimesat", "futimesat utimensat" },
	{ "fwprintf", TELL },
	{ "fwrite", TELL },
	{ "fwscanf", READ },
	{ "fxstat", STAT },
	{ "fxstatat", STAT },
	{ "get_current_dir_name", "getcwd " STAT },
	{ "get_nprocs", CPUS },
	{ "get_nprocs_conf", CPUS },
	{ "getaddrinfo", RESOLVE },
	{ "getaddrinfo_a", RESOLVE " " THREAD },
	{ "getc", READ },
	{ "getchar", READ },
	{ "getcontext", "rt_sigprocmask" },
	{ "getdelim", READ },
	{ "getdtablesize", "prlimit64" },
	{ "getegid", "getegid getegid32" },
	{ "getentropy", "getrandom" },
	{ "geteuid", "geteuid geteuid32" },
	{ "getgid", "getgid getgid32" },
	{ "getgrent", NSS },
	{ "getgrent_r", NSS },
	{ "getgrgid", NSS },
	{ "getgrgid_r", NSS },
	{ "getgrnam", NSS },
	{ "getgrnam_r", NSS },
	{ "getgrouplist", NSS },
	{ "getgroups", "getgroups getgroups32" },
	{ "gethostbyaddr", RESOLVE },
	{ "gethostbyaddr_r", RESOLVE },
	{ "gethostbyname", RESOLVE },
	{ "gethostbyname2", RESOLVE },
	{ "gethostbyname2_r", RESOLVE },
	{ "gethostbyname_r", RESOLVE },
	{ "gethostent", NSS },
	{ "gethostid", "uname " RESOLVE },
	{ "gethostname", "uname" },
	{ "getifaddrs", INTERFACES },
	{ "getline", READ },
	{ "getloadavg", "open openat read close" },
	{ "getlogin", READ_FILE " " NSS },
	{ "getlogin_r", READ_FILE " " NSS },
	{ "getmntent", READ },
	{ "getnameinfo", RESOLVE },
	{ "getnetbyaddr", NSS },
	{ "getnetbyname", NSS },
	{ "getopt", TELL },
	{ "getopt_long", TELL },
	{ "getpass", "ioctl " READ_FILE " " TELL },
	{ "getpeername", "getpeername socketcall" },
	{ "getprotobyname", NSS },
	{ "getprotobyname_r", NSS },
	{ "getprotobynumber", NSS },
	{ "getprotobynumber_r", NSS },
	{ "getprotoent", NSS },
	{ "getpwent", NSS },
	{ "getpwent_r", NSS },
	{ "getpwnam", NSS },
	{ "getpwnam_r", NSS },
	{ "getpwuid", NSS },
	{ "getpwuid_r", NSS },
	{ "getresgid", "getresgid getresgid32" },
	{ "getresuid", "getresuid getresuid32" },
	{ "getrlimit", "prlimit64" },
	{ "gets", READ },
	{ "getservbyname", NSS },
	{ "getservbyname_r", NSS },
	{ "getservbyport", NSS },
	{ "getservbyport_r", NSS },
	{ "getservent", NSS },
	{ "getsockname", "getsockname socketcall" },
	{ "getsockopt", "getsockopt socketcall" },
	{ "getspent", NSS },
	{ "getspnam", NSS },
	{ "getspnam_r", NSS },
	{ "gettimeofday", CLOCK },
	{ "getuid", "getuid getuid32" },
	{ "getutent", UTMP },
	{ "getutid", UTMP },
	{ "getutline", UTMP },
	{ "getutxent", UTMP },
	{ "getutxid", UTMP },
	{ "getutxline", UTMP },
	{ "getw", READ },
	{ "getwc", READ },
	{ "getwchar", READ },
	{ "glob", WALK " " STAT },
	{ "gmtime", ZONE },
	{ "gmtime_r", ZONE },
	{ "grantpt", "ioctl " STAT },
	{ "iconv_open", DLOPEN },
	{ "if_indextoname", "socket ioctl close socketcall" },
	{ "if_nameindex", INTERFACES },
	{ "if_nametoindex", "socket ioctl close socketcall" },
	{ "initgroups", "setgroups setgroups32 " NSS },
	{ "innetgr", NSS },
	{ "inotify_init", "inotify_init inotify_init1" },
	{ "isatty", "ioctl" },
	{ "killpg", "kill" },
	{ "lchown", "lchown lchown32" },
	{ "libc_start_main", "exit_group" },
	{ "link", "link" },
	{ "listen", "listen socketcall" },
	{ "localtime", ZONE },
	{ "localtime_r", ZONE },
	{ "lockf", "fcntl fcntl64" },
	{ "logwtmp", UTMP },
	{ "longjmp", "rt_sigprocmask" },
	{ "lseek", "lseek _llseek" },
	{ "lstat", STAT },
	{ "lstat64", STAT },
	{ "lutimes", "utimensat utimensat_time64" },
	{ "lxstat", STAT },
	{ "malloc", ALLOCATE },
	{ "malloc_trim", ALLOCATE },
	{ "memalign", ALLOCATE },
	{ "mkdir", "mkdir" },
	{ "mkdtemp", "mkdir mkdirat getrandom " CLOCK },
	{ "mkfifo", "mknod mknodat" },
	{ "mkfifoat", "mknodat" },
	{ "mknod", "mknod mknodat" },
	{ "mkostemp", "open openat getrandom " CLOCK },
	{ "mkostemps", "open openat getrandom " CLOCK },
	{ "mkstemp", "open openat getrandom " CLOCK },
	{ "mkstemps", "open openat getrandom " CLOCK },
	{ "mktemp", "lstat newfstatat getrandom " CLOCK },
	{ "mktime", ZONE },
	{ "mmap", "mmap mmap2" },
	{ "mq_close", "close" },
	{ "mq_getattr", "mq_getsetattr" },
	{ "mq_receive", "mq_timedreceive mq_timedreceive_time64" },
	{ "mq_send", "mq_timedsend mq_timedsend_time64" },
	{ "mq_setattr", "mq_getsetattr" },
	{ "msgctl", "msgctl ipc" },
	{ "msgget", "msgget ipc" },
	{ "msgrcv", "msgrcv ipc" },
	{ "msgsnd", "msgsnd ipc" },
	{ "mtx_lock", FUTEX },
	{ "mtx_unlock", FUTEX },
	{ "nanosleep", "nanosleep clock_nanosleep clock_nanosleep_time64" },
	{ "newlocale", LOCALE },
	{ "nftw", "chdir fchdir " WALK " " STAT },
	{ "nice", "getpriority setpriority" },
	{ "open", "open openat" },
	{ "opendir", WALK },
	{ "openlog", "socket connect close socketcall" },
	{ "openpty", OPENPTY },
	{ "overflow", TELL },
	{ "pathconf", "statfs statfs64 " STAT },
	{ "pause", "pause" },
	{ "pclose", "close wait4 waitpid" },
	{ "perror", "dup fcntl close " TELL },
	{ "pipe", "pipe pipe2" },
	{ "poll", "poll" },
	{ "popen", "pipe2 fcntl " SPAWN },
	{ "posix_fadvise", "fadvise64 fadvise64_64" },
	{ "posix_fallocate", "fallocate" },
	{ "posix_madvise", "madvise" },
	{ "posix_memalign", ALLOCATE },
	{ "posix_openpt", "open openat" },
	{ "posix_spawn", SPAWN },
	{ "posix_spawn_file_actions_addchdir_np", "chdir" },
	{ "posix_spawn_file_actions_addfchdir_np", "fchdir" },
	{ "posix_spawn_file_actions_addopen", "open openat dup2 close" },
	{ "posix_spawnattr_setpgroup", "setpgid" },
	{ "posix_spawnp", SPAWN },
	{ "ppoll", "ppoll ppoll_time64" },
	{ "pread", "pread64" },
	{ "preadv", "preadv" },
	{ "preadv64v2", "preadv2" },
	{ "printf", TELL },
	{ "prlimit", "prlimit64" },
	{ "pselect", "pselect6 pselect6_time64" },
	{ "psignal", TELL },
	{ "pthread_atfork", ALLOCATE },
	{ "pthread_barrier_wait", FUTEX },
	{ "pthread_cancel", RAISE " " DLOPEN },
	{ "pthread_cond_broadcast", FUTEX },
	{ "pthread_cond_destroy", FUTEX },
	{ "pthread_cond_signal", FUTEX },
	{ "pthread_cond_timedwait", FUTEX " " CLOCK },
	{ "pthread_cond_wait", FUTEX },
	{ "pthread_create", THREAD },
	{ "pthread_detach", FUTEX },
	{ "pthread_exit", "exit madvise munmap rt_sigprocmask " DLOPEN },
	{ "pthread_getaffinity_np", "sched_getaffinity" },
	{ "pthread_getattr_np", "sched_getaffinity prlimit64 " READ_FILE },
	{ "pthread_getname_np", "prctl open openat read close" },
	{ "pthread_getschedparam", "sched_getparam sched_getscheduler" },
	{ "pthread_join", "munmap " FUTEX },
	{ "pthread_kill", RAISE },
	{ "pthread_mutex_clocklock", FUTEX " " CLOCK },
	{ "pthread_mutex_lock", FUTEX },
	{ "pthread_mutex_timedlock", FUTEX " " CLOCK },
	{ "pthread_mutex_trylock", FUTEX },
	{ "pthread_mutex_unlock", FUTEX },
	{ "pthread_once", FUTEX },
	{ "pthread_rwlock_rdlock", FUTEX },
	{ "pthread_rwlock_timedrdlock", FUTEX },
	{ "pthread_rwlock_timedwrlock", FUTEX },
	{ "pthread_rwlock_unlock", FUTEX },
	{ "pthread_rwlock_wrlock", FUTEX },
	{ "pthread_setaffinity_np", "sched_setaffinity" },
	{ "pthread_setname_np", "prctl open openat write close" },
	{ "pthread_setschedparam", "sched_setscheduler" },
	{ "pthread_setschedprio", "sched_setparam" },
	{ "pthread_sigmask", "rt_sigprocmask" },
	{ "pthread_sigqueue", "rt_tgsigqueueinfo getpid" },
	{ "pthread_yield", "sched_yield" },
	{ "ptsname", "ioctl" },
	{ "ptsname_r", "ioctl" },
	{ "putc", TELL },
	{ "putchar", TELL },
	{ "puts", TELL },
	{ "pututline", UTMP },
	{ "pututxline", UTMP },
	{ "putw", TELL },
	{ "putwc", TELL },
	{ "putwchar", TELL },
	{ "pwrite", "pwrite64" },
	{ "pwritev", "pwritev" },
	{ "pwritev64v2", "pwritev2" },
	{ "quick_exit", "exit_group" },
	{ "raise", RAISE },
	{ "random", FUTEX },
	{ "readdir", "getdents64" },
	{ "readdir_r", "getdents64" },
	{ "readlink", "readlink" },
	{ "realloc", ALLOCATE },
	{ "reallocarray", ALLOCATE },
	{ "realpath", REALPATH },
	{ "recv", "recvfrom recv socketcall" },
	{ "recvfrom", "recvfrom socketcall" },
	{ "recvmmsg", "recvmmsg recvmmsg_time64 socketcall" },
	{ "recvmsg", "recvmsg socketcall" },
	{ "remove", "unlink rmdir" },
	{ "rename", "rename" },
	{ "renameat", "renameat" },
	{ "res_init", "uname " READ_FILE },
	{ "res_ninit", "uname " READ_FILE },
	{ "res_nquery", RESOLVE },
	{ "res_nquerydomain", RESOLVE },
	{ "res_nsearch", RESOLVE },
	{ "res_nsend", RESOLVE },
	{ "res_query", RESOLVE },
	{ "res_querydomain", RESOLVE },
	{ "res_search", RESOLVE },
	{ "res_send", RESOLVE },
	{ "rewind", "lseek _llseek write" },
	{ "rewinddir", "lseek _llseek" },
	{ "rmdir", "rmdir" },
	{ "scandir", WALK },
	{ "scandirat", WALK },
	{ "scanf", READ },
	{ "seekdir", "lseek _llseek" },
	{ "select", "select _newselect pselect6 pselect6_time64" },
	{ "sem_close", "munmap" },
	{ "sem_open", "open openat mmap mmap2 fstat newfstatat write link unlink close getrandom" },
	{ "sem_post", FUTEX },
	{ "sem_timedwait", FUTEX },
	{ "sem_unlink", "unlink" },
	{ "sem_wait", FUTEX },
	{ "semctl", "semctl ipc" },
	{ "semget", "semget ipc" },
	{ "semop", "semop semtimedop ipc" },
	{ "semtimedop", "semtimedop semtimedop_time64 ipc" },
	{ "send", "sendto send socketcall" },
	{ "sendfile", "sendfile sendfile64" },
	{ "sendmmsg", "sendmmsg socketcall" },
	{ "sendmsg", "sendmsg socketcall" },
	{ "sendto", "sendto socketcall" },
	{ "setcontext", "rt_sigprocmask" },
	{ "setegid", "setresgid setresgid32 " RAISE },
	{ "seteuid", "setresuid setresuid32 " RAISE },
	{ "setgid", "setgid setgid32 " RAISE },
	{ "setgroups", "setgroups setgroups32" },
	{ "setlocale", LOCALE },
	{ "setmntent", FOPEN },
	{ "setpgrp", "setpgid" },
	{ "setregid", "setregid setregid32" },
	{ "setresgid", "setresgid setresgid32" },
	{ "setresuid", "setresuid setresuid32" },
	{ "setreuid", "setreuid setreuid32" },
	{ "setrlimit", "prlimit64" },
	{ "setsockopt", "setsockopt socketcall" },
	{ "setuid", "setuid setuid32 " RAISE },
	{ "setutent", UTMP },
	{ "setutxent", UTMP },
	{ "shm_open", "open openat fstat fstatfs fcntl" },
	{ "shm_unlink", "unlink" },
	{ "shmat", "shmat ipc" },
	{ "shmctl", "shmctl ipc" },
	{ "shmdt", "shmdt ipc" },
	{ "shmget", "shmget ipc" },
	{ "shutdown", "shutdown socketcall" },
	{ "sigaction", "rt_sigaction" },
	{ "sigblock", "rt_sigprocmask" },
	{ "sighold", "rt_sigprocmask" },
	{ "sigignore", "rt_sigaction" },
	{ "siginterrupt", "rt_sigaction" },
	{ "siglongjmp", "rt_sigprocmask" },
	{ "signal", "rt_sigaction" },
	{ "signalfd", "signalfd signalfd4" },
	{ "sigpause", "rt_sigprocmask rt_sigsuspend" },
	{ "sigpending", "rt_sigpending" },
	{ "sigprocmask", "rt_sigprocmask" },
	{ "sigqueue", "rt_sigqueueinfo getpid getuid" },
	{ "sigrelse", "rt_sigprocmask" },
	{ "sigset", "rt_sigaction rt_sigprocmask" },
	{ "sigsetjmp", "rt_sigprocmask" },
	{ "sigsuspend", "rt_sigsuspend" },
	{ "sigtimedwait", "rt_sigtimedwait rt_sigtimedwait_time64" },
	{ "sigwait", "rt_sigtimedwait rt_sigtimedwait_time64" },
	{ "sigwaitinfo", "rt_sigtimedwait rt_sigtimedwait_time64" },
	{ "sleep", "nanosleep clock_nanosleep clock_nanosleep_time64" },
	{ "sockatmark", "ioctl" },
	{ "socket", "socket socketcall" },
	{ "socketpair", "socketpair socketcall" },
	{ "srandom", FUTEX },
	{ "sscanf", ALLOCATE },
	{ "ssignal", "rt_sigaction" },
	{ "stack_chk_fail", TELL " " RAISE },
	{ "stat", STAT },
	{ "stat64", STAT },
	{ "statfs", "statfs statfs64" },
	{ "statvfs", "statfs statfs64 " STAT },
	{ "statx", "statx newfstatat" },
	{ "strdup", ALLOCATE },
	{ "strftime", ZONE },
	{ "strndup", ALLOCATE },
	{ "swapcontext", "rt_sigprocmask" },
	{ "symlink", "symlink" },
	{ "sysconf", "prlimit64 " CPUS },
	{ "syslog", SYSLOG },
	{ "system", SPAWN },
	{ "sysv_signal", "rt_sigaction" },
	{ "tcdrain", "ioctl" },
	{ "tcflow", "ioctl" },
	{ "tcflush", "ioctl" },
	{ "tcgetattr", "ioctl" },
	{ "tcgetpgrp", "ioctl" },
	{ "tcgetsid", "ioctl" },
	{ "tcsendbreak", "ioctl" },
	{ "tcsetattr", "ioctl" },
	{ "tcsetpgrp", "ioctl" },
	{ "tempnam", STAT },
	{ "thrd_create", THREAD },
	{ "thrd_exit", "exit madvise munmap rt_sigprocmask " DLOPEN },
	{ "thrd_join", FUTEX },
	{ "thrd_sleep", "clock_nanosleep" },
	{ "thrd_yield", "sched_yield" },
	{ "time", CLOCK },
	{ "timegm", ZONE },
	{ "timer_create", "timer_create " THREAD },
	{ "timer_gettime", "timer_gettime timer_gettime64" },
	{ "timer_settime", "timer_settime timer_settime64" },
	{ "timerfd_gettime", "timerfd_gettime timerfd_gettime64" },
	{ "timerfd_settime", "timerfd_settime timerfd_settime64" },
	{ "timespec_get", CLOCK },
	{ "tls_get_addr", ALLOCATE },
	{ "tmpfile", "open openat unlink unlinkat getrandom fcntl" },
	{ "tmpnam", STAT },
	{ "truncate", "truncate truncate64" },
	{ "truncate64", "truncate truncate64" },
	{ "ttyname", "ioctl readlink " STAT },
	{ "ttyname_r", "ioctl readlink " STAT },
	{ "tzset", ZONE },
	{ "ualarm", "setitimer" },
	{ "uflow", READ },
	{ "ulimit", "prlimit64" },
	{ "underflow", READ },
	{ "unlink", "unlink" },
	{ "unlockpt", "ioctl" },
	{ "updwtmp", UTMP },
	{ "updwtmpx", UTMP },
	{ "usleep", "nanosleep clock_nanosleep clock_nanosleep_time64" },
	{ "utime", "utime utimensat utimensat_time64" },
	{ "utimensat", "utimensat utimensat_time64" },
	{ "utimes", "utimes utimensat utimensat_time64" },
	{ "vasprintf", ALLOCATE },
	{ "vdprintf", "write" },
	{ "vfprintf", TELL },
	{ "vfscanf", READ },
	{ "vfwprintf", TELL },
	{ "vprintf", TELL },
	{ "vsyslog", SYSLOG },
	{ "vwprintf", TELL },
	{ "wait", "wait4 waitpid" },
	{ "wait3", "wait4" },
	{ "waitpid", "wait4 waitpid" },
	{ "warn", TELL },
	{ "warnx", TELL },
	{ "wordexp", "pipe2 " SPAWN " " WALK },
	{ "wprintf", TELL },
	{ "xmknod", "mknod mknodat" },
	{ "xstat", STAT },
};

static int compare_entry(const void *key, const void *entry)
{
	return strcmp(key, ((const struct entry *)entry)->function);
}

static const struct entry *find(const char *function)
{
	return bsearch(function, likely, LEN(likely), sizeof(likely[0]), compare_entry);
}

/* Returns whether that ABI has such a call. */
static bool add_call(struct bitmap *set, unsigned int abi, const char *call)
{
	int nr = sysname_number(abi, call);

	if (nr >= 0)
		bitmap_add(set, nr);
	return nr >= 0;
}

static void add_calls(struct bitmap *set, unsigned int abi, const char *calls)
{
	char call[64];

	for (size_t len; *calls; calls += len + strspn(calls + len, " ")) {
		len = strcspn(calls, " ");
		if (len >= sizeof(call))
			continue;
		memcpy(call, calls, len);
		call[len] = '\0';
		add_call(set, abi, call);
	}
}

/* A function in the table, or one that is called like its system call. */
static bool add_function(struct bitmap *set, unsigned int abi, const char *function)
{
	const struct entry *entry = find(function);

	if (!entry)
		return add_call(set, abi, function);
	add_calls(set, abi, entry->calls);
	return true;
}

static void cut_end(char *name, const char *end)
{
	size_t len = strlen(name), cut = strlen(end);

	if (len > cut && !strcmp(name + len - cut, end))
		name[len - cut] = '\0';
}

static const char *cut_start(const char *name, const char *start)
{
	size_t cut = strlen(start);

	return strncmp(name, start, cut) ? name : name + cut;
}

/*
 * Many functions have several names: __read_chk, __open64_2, fopen64, __xstat64,
 * __isoc99_fscanf, __libc_start_main, __nanosleep_time64, _IO_putc, _Znwm.
 */
static const char *plain(char *name)
{
	const char *start = name;

	cut_end(name, "_chk");
	cut_end(name, "_2");
	cut_end(name, "_time64");
	cut_end(name, "64");
	cut_end(name, "_unlocked");
	start = cut_start(start, "_IO_");
	start += strspn(start, "_");
	start = cut_start(start, "isoc99_");
	start = cut_start(start, "isoc23_");
	return start;
}

bool likely_add(struct bitmap *set, unsigned int abi, const char *function)
{
	char name[64];

	if (strlen(function) >= sizeof(name))
		return false;
	memcpy(name, function, strlen(function) + 1);
	return add_function(set, abi, function) || add_function(set, abi, plain(name));
}

const char *likely_entry(size_t i, const char **calls)
{
	if (i >= LEN(likely))
		return NULL;
	*calls = likely[i].calls;
	return likely[i].function;
}
