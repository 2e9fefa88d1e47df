// SPDX-License-Identifier: GPL-2.0
/* Finds things in the contents of an ELF file by their address in memory. */
#include <string.h>

#include "reach/binary.h"

const void *binary_at(const struct binary *binary, uint64_t address, size_t size)
{
	for (size_t i = 0; i < binary->nr_segments; i++) {
		const struct segment *segment = &binary->segment[i];
		uint64_t into = address - segment->address;

		if (address >= segment->address && into <= segment->size &&
		    size <= segment->size - into)
			return segment->bytes + into;
	}
	return NULL;
}

const char *binary_text(const struct binary *binary, uint64_t address)
{
	for (size_t i = 0; i < binary->nr_segments; i++) {
		const struct segment *segment = &binary->segment[i];
		uint64_t into = address - segment->address;

		if (address >= segment->address && into < segment->size &&
		    memchr(segment->bytes + into, 0, segment->size - into))
			return (const char *)segment->bytes + into;
	}
	return NULL;
}

const struct span *binary_code(const struct binary *binary, uint64_t address)
{
	for (size_t i = 0; i < binary->nr_codes; i++)
		if (address >= binary->code[i].start && address < binary->code[i].end)
			return &binary->code[i];
	return NULL;
}

const struct pointer *binary_pointer(const struct binary *binary, uint64_t address)
{
	size_t low = 0, high = binary->nr_pointers;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (binary->pointer[middle].at < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < binary->nr_pointers && binary->pointer[low].at == address ?
	       &binary->pointer[low] : NULL;
}
