// SPDX-License-Identifier: GPL-2.0
/*
 * Reads from a Go program which functions for system calls its code has.
 *
 * Each Go program has a table of its functions, pclntab, which the runtime needs, and which
 * stripping leaves alone. It is found by its first bytes, because its section need not have a
 * name, or be there at all. Its layout is in Go's src/debug/gosym/pclntab.go. The names of
 * functions that were inlined are in it, too. The file may be hostile: sizes are checked before
 * memory is allocated.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "infer/golang.h"

/* How much of a file is searched for the table, in bytes. Large Go programs have 120 MiB. */
#define MOST_SEARCHED	(256L * 1024 * 1024)
/* Limit of the names of all functions, in bytes. Podman has 3 MiB. */
#define MOST_NAMES	(32UL * 1024 * 1024)
/* Limit of the names that are taken, in bytes. runc, which has most, has 6 KiB. */
#define MOST_TAKEN	(64UL * 1024)
/* Limit of a name that is taken, in bytes with its NUL, as that of functions of C. */
#define MOST_NAME	64
#define CHUNK		(1024 * 1024)

/* The first bytes of the table, by the Go version that began with them. */
#define MAGIC_1_2	0xfffffffbu
#define MAGIC_1_16	0xfffffffau
#define MAGIC_1_18	0xfffffff0u
#define MAGIC_1_20	0xfffffff1u

/* The beginning of the table: 8 bytes, and then up to 8 numbers of the size of a pointer. */
#define HEAD_BYTES	8
#define HEAD_NUMBERS	8

/* Where the names are in the file. */
struct region {
	uint64_t offset;
	uint64_t size;
};

/* ---- finding the table */

static bool is_magic(uint32_t magic)
{
	return magic == MAGIC_1_2 || magic == MAGIC_1_16 || magic == MAGIC_1_18 ||
	       magic == MAGIC_1_20;
}

/* Whether a table begins here: the magic, two zeros, the size of an instruction and a pointer. */
static bool is_head(const unsigned char *head)
{
	uint32_t magic;

	memcpy(&magic, head, sizeof(magic));
	return is_magic(magic) && !head[4] && !head[5] && head[6] == 1 &&
	       (head[7] == 4 || head[7] == 8);
}

/* The first offset at or after @from, a multiple of 8, at which a table may begin; or -1. */
static off_t find_head(int fd, off_t from)
{
	unsigned char *chunk = mem_alloc(CHUNK);
	off_t found = -1;
	ssize_t len = 1;

	for (off_t at = from; found < 0 && len > 0 && at < MOST_SEARCHED; at += CHUNK) {
		len = pread(fd, chunk, CHUNK, at);
		for (ssize_t i = 0; found < 0 && i + HEAD_BYTES <= len; i += HEAD_BYTES)
			if (is_head(chunk + i))
				found = at + i;
	}
	free(chunk);
	return found;
}

/* ---- finding the names in it */

/* The numbers behind the first 8 bytes; those that the file lacks are 0. */
static void read_numbers(int fd, off_t head, size_t width, uint64_t *number)
{
	unsigned char bytes[HEAD_NUMBERS * sizeof(uint64_t)] = { 0 };

	if (pread(fd, bytes, HEAD_NUMBERS * width, head + HEAD_BYTES) <= 0)
		memset(bytes, 0, sizeof(bytes));
	for (size_t i = 0; i < HEAD_NUMBERS; i++) {
		number[i] = 0;
		memcpy(&number[i], bytes + i * width, width);
	}
}

/*
 * Up to Go 1.15, names are among the data of functions, which lie between an array with two
 * numbers for each function and the table of files.
 */
static struct region old_names(int fd, off_t head, size_t width, uint64_t functions)
{
	uint64_t at = HEAD_BYTES + width, end;
	uint32_t files = 0;

	if (functions > MOST_NAMES)
		return (struct region){ 0 };
	end = at + (2 * functions + 1) * width;
	if (pread(fd, &files, sizeof(files), head + end) != sizeof(files) || files < end)
		return (struct region){ 0 };
	return (struct region){ head + end, files - end };
}

static struct region find_names(int fd, off_t head)
{
	uint64_t number[HEAD_NUMBERS];
	unsigned char bytes[HEAD_BYTES];
	uint32_t magic;
	unsigned int at;

	if (pread(fd, bytes, sizeof(bytes), head) != sizeof(bytes))
		return (struct region){ 0 };
	memcpy(&magic, bytes, sizeof(magic));
	read_numbers(fd, head, bytes[7], number);
	if (magic == MAGIC_1_2)
		return old_names(fd, head, bytes[7], number[0]);
	/* Functions, files, from 1.18 on an address, names; then the units, which follow them. */
	at = magic == MAGIC_1_16 ? 2 : 3;
	if (number[at + 1] < number[at])
		return (struct region){ 0 };
	return (struct region){ head + number[at], number[at + 1] - number[at] };
}

/* ---- the names */

static bool ends_with(const char *text, size_t len, const char *end)
{
	size_t cut = strlen(end);

	return len >= cut && !memcmp(text + len - cut, end, cut) &&
	       (len == cut || text[len - cut - 1] == '/');
}

/* Takes "PATH/syscall.Name" and "PATH/sys/unix.Name", and no methods, closures or types. */
static void take_name(const char *name, size_t len, struct name_list *list)
{
	const char *dot = memrchr(name, '.', len);
	size_t package = dot ? (size_t)(dot - name) : 0, start = package;

	if (!ends_with(name, package, "syscall") && !ends_with(name, package, "sys/unix") &&
	    !ends_with(name, package, "syscall/unix"))
		return;
	for (size_t i = package + 1; i < len; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_')
			return;
	while (start && name[start - 1] != '/')
		start--;
	if (package + 1 < len && len - start < MOST_NAME && list->len < MOST_TAKEN)
		names_add(list, name + start, len - start);
}

static void take_names(const char *text, size_t size, struct name_list *list)
{
	for (size_t at = 0, len; at < size; at += len + 1) {
		len = strnlen(text + at, size - at);
		take_name(text + at, len, list);
	}
}

static bool read_names(int fd, const struct region *region, struct name_list *list)
{
	size_t before = list->len;
	char *text;
	ssize_t len;

	if (!region->size || region->size > MOST_NAMES || region->offset > INT64_MAX)
		return false;
	text = mem_alloc(region->size);
	len = pread(fd, text, region->size, region->offset);
	if (len > 0)
		take_names(text, len, list);
	free(text);
	return list->len > before;
}

/* A few bytes like those of a table may be anywhere, the more so in a hostile file. */
#define MOST_HEADS 4

bool golang_read(int fd, struct name_list *list)
{
	off_t head = -HEAD_BYTES;

	for (unsigned int i = 0; i < MOST_HEADS; i++) {
		struct region region;

		head = find_head(fd, head + HEAD_BYTES);
		if (head < 0)
			return false;
		region = find_names(fd, head);
		if (read_names(fd, &region, list))
			return true;
	}
	return false;
}
