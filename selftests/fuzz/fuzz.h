/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzz targets share. */
#ifndef SELFTESTS_FUZZ_FUZZ_H
#define SELFTESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is promised and not kept: libFuzzer keeps the input. */
#define must(promise) do {						\
	if (!(promise)) {						\
		fprintf(stderr, "broken promise: %s\n", #promise);	\
		abort();						\
	}								\
} while (0)

/* A file with these bytes that is at its beginning. */
static inline int file_of(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size && !lseek(fd, 0, SEEK_SET));
	return fd;
}

#endif /* SELFTESTS_FUZZ_FUZZ_H */
