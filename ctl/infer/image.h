/* SPDX-License-Identifier: GPL-2.0 */
/* Reads one ELF file: what it imports, and what kind of file it is. */
#ifndef CTL_IMAGE_H
#define CTL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

/* The longest name of a function or library that is read, including its NUL. */
#define IMAGE_NAME 64
/* At most so many of the libraries that a file needs are read. Chromium needs 60. */
#define IMAGE_NEEDED 128

/**
 * enum image_result - the result of reading a file
 * @IMAGE_READ: it is an ELF file for one of the ABIs, and was read
 * @IMAGE_OTHER: it is no ELF file, or one for another machine
 * @IMAGE_UNSOUND: it is an ELF file, but its tables are not where its header says
 */
enum image_result {
	IMAGE_READ,
	IMAGE_OTHER,
	IMAGE_UNSOUND,
};

/**
 * struct image - what was read from the file
 * @abi: the ABI of its instructions
 * @interpreter: it names the dynamic loader that starts it (PT_INTERP)
 * @library: it has a name by which others link with it (DT_SONAME)
 * @loader: it is a shared object without a loader, and not a static PIE. Of the files from
 *	which a process can be started, only dynamic loaders are like that.
 * @go: it was made by the Go linker
 * @go_named: and the names of its functions could be read
 * @names: names of the functions that it imports, each followed by a NUL, without versions;
 *	and of the functions for system calls that its Go code has, as "unix.Fallocate".
 *	Names of IMAGE_NAME bytes or more are left out. Freed by image_release().
 * @len: size of @names in bytes
 * @needed: names of the libraries with which it is linked (DT_NEEDED), in the same form
 * @needed_len: size of @needed in bytes
 */
struct image {
	int abi;
	bool interpreter;
	bool library;
	bool loader;
	bool go;
	bool go_named;
	char *names;
	size_t len;
	char *needed;
	size_t needed_len;
};

/*
 * Reads @fd with read(). Mapping the file would be unsafe, because its owner may truncate it
 * at any time. @image is set to what is known, whatever the result is.
 */
enum image_result image_read(int fd, struct image *image);
void image_release(struct image *image);

#endif /* CTL_IMAGE_H */
