/* SPDX-License-Identifier: GPL-2.0 */
/* Reads from a Go program which functions for system calls its code has. */
#ifndef CTL_GOLANG_H
#define CTL_GOLANG_H

#include <stdbool.h>

#include "infer/names.h"

/*
 * Adds the functions of the packages syscall and unix, as "syscall.Fallocate", that are in the
 * program @fd. The linker of Go leaves out functions that nothing reaches. Returns false if the
 * table of functions is not found, or is larger than any program's. Reads the file with pread(),
 * at most 256 MiB of it.
 */
bool golang_read(int fd, struct name_list *list);

#endif /* CTL_GOLANG_H */
