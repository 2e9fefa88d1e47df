/* SPDX-License-Identifier: GPL-2.0 */
/* Reads an ELF file for x86-64 into memory. */
#ifndef CTL_LOAD_H
#define CTL_LOAD_H

#include "reach/binary.h"

/**
 * enum binary_result - the result of reading a file
 * @BINARY_READ: it was read
 * @BINARY_FOREIGN: it is no ELF file for x86-64; that of another ABI, or no ELF file
 * @BINARY_UNSOUND: its tables are not where its header says
 * @BINARY_LARGE: it is larger than what may still be read
 */
enum binary_result {
	BINARY_READ,
	BINARY_FOREIGN,
	BINARY_UNSOUND,
	BINARY_LARGE,
};

/*
 * Reads @fd with pread(), at most *@room bytes, and takes what was read from *@room. @binary is to
 * be released whatever the result is.
 */
enum binary_result binary_read(int fd, struct binary *binary, size_t *room);
void binary_release(struct binary *binary);

#endif /* CTL_LOAD_H */
