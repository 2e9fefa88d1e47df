/* SPDX-License-Identifier: GPL-2.0 */
/* One ELF file: what it imports, and what kind of file it is. */
#ifndef CTL_IMAGE_H
#define CTL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

/* The longest name of a function that is looked at, with its NUL. */
#define IMAGE_NAME 64

/**
 * enum image_result - what came of reading a file
 * @IMAGE_READ: it is an ELF file of one of the ABIs, and was read
 * @IMAGE_OTHER: it is something else, or for another machine
 * @IMAGE_UNSOUND: it is an ELF file, but its tables can't be where it says they are
 */
enum image_result {
	IMAGE_READ,
	IMAGE_OTHER,
	IMAGE_UNSOUND,
};

/**
 * struct image - what was read
 * @abi: whose instructions it has
 * @interpreter: it names the dynamic loader that starts it (PT_INTERP)
 * @library: it has a name for others to link with (DT_SONAME)
 * @loader: it is a shared object that needs no loader and is no static PIE. Of the
 *	files that a process can be started from, only dynamic loaders are
 * @go: the Go linker made it
 * @names: the functions that it imports, each with its NUL, without a version; those
 *	longer than IMAGE_NAME are left out. Freed by image_release()
 * @len: bytes in @names
 */
struct image {
	int abi;
	bool interpreter;
	bool library;
	bool loader;
	bool go;
	char *names;
	size_t len;
};

/*
 * Reads @fd by read(), never by mapping it: the owner of the file may cut it short at
 * any time. @image is set to what is known, whatever the result.
 */
enum image_result image_read(int fd, struct image *image);
void image_release(struct image *image);

#endif /* CTL_IMAGE_H */
