// SPDX-License-Identifier: GPL-2.0
/*
 * Reads where functions begin and end from .eh_frame, which compilers write for C as well, because
 * the ABI for x86-64 asks for it, and which stripping leaves alone. Its layout is in the Linux
 * Standard Base, "Exception Frames". A table that is not as expected gives no functions; those that
 * it does not tell are found by their calls.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reach/frames.h"

/* How a value is encoded (DW_EH_PE_*): its format, and what it is relative to. */
#define FORMAT		0x0f
#define FORMAT_ULEB	0x01
#define FORMAT_U4	0x03
#define FORMAT_U8	0x04
#define FORMAT_S4	0x0b
#define FORMAT_S8	0x0c
#define RELATIVE	0x70
#define RELATIVE_PC	0x10
#define RELATIVE_TABLE	0x30
#define INDIRECT	0x80
#define OMITTED		0xff

/* What is read next: @left bytes at @at, which is at @address in memory. */
struct cursor {
	const unsigned char *at;
	uint64_t address;
	size_t left;
	bool bad;
};

/* What a CIE, the common part of several functions, tells. */
struct common {
	uint64_t address;
	unsigned int encoding;
	bool signal;
	bool known;
};

static uint64_t take(struct cursor *cursor, size_t size)
{
	uint64_t value = 0;

	if (size > cursor->left) {
		cursor->bad = true;
		return 0;
	}
	memcpy(&value, cursor->at, size);
	cursor->at += size;
	cursor->address += size;
	cursor->left -= size;
	return value;
}

static uint64_t take_uleb(struct cursor *cursor)
{
	uint64_t value = 0, byte;
	unsigned int shift = 0;

	do {
		byte = take(cursor, 1);
		if (shift < 64)
			value |= (byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80 && !cursor->bad);
	return value;
}

/* @table: the address to which values may be relative. */
static uint64_t take_encoded(struct cursor *cursor, unsigned int encoding, uint64_t table)
{
	uint64_t base = 0, value = 0;

	if ((encoding & RELATIVE) == RELATIVE_PC)
		base = cursor->address;
	else if ((encoding & RELATIVE) == RELATIVE_TABLE)
		base = table;
	switch (encoding & FORMAT) {
	case 0:
	case FORMAT_U8:
	case FORMAT_S8:
		value = take(cursor, 8);
		break;
	case FORMAT_U4:
		value = take(cursor, 4);
		break;
	case FORMAT_S4:
		value = (int64_t)(int32_t)take(cursor, 4);
		break;
	case FORMAT_ULEB:
		value = take_uleb(cursor);
		break;
	default:
		cursor->bad = true;
	}
	return base + value;
}

/* The entry at @address, behind its length; empty if it is not in the file. */
static struct cursor entry_at(const struct binary *binary, uint64_t address)
{
	const void *head = binary_at(binary, address, 4);
	struct cursor entry = { .bad = true };
	uint32_t len;

	if (!head)
		return entry;
	memcpy(&len, head, sizeof(len));
	entry.at = binary_at(binary, address + 4, len);
	if (!entry.at || len < 4 || len == UINT32_MAX)
		return entry;
	return (struct cursor){ .at = entry.at, .address = address + 4, .left = len };
}

static void note_handler(struct frames *frames, uint64_t handler)
{
	for (unsigned int i = 0; i < frames->nr_handlers; i++)
		if (frames->handler[i] == handler)
			return;
	if (frames->nr_handlers < FRAMES_HANDLERS)
		frames->handler[frames->nr_handlers++] = handler;
}

/* Reads what the letters of the augmentation string say. */
static void read_letters(struct cursor *entry, const char *letter, struct frames *frames,
			 struct common *common)
{
	for (; *letter && !entry->bad; letter++) {
		unsigned int encoding;

		if (*letter == 'R') {
			common->encoding = take(entry, 1);
		} else if (*letter == 'L') {
			take(entry, 1);
		} else if (*letter == 'P') {
			encoding = take(entry, 1);
			note_handler(frames, take_encoded(entry, encoding & ~INDIRECT, 0));
		} else if (*letter == 'S') {
			common->signal = true;
		} else if (*letter != 'B') {
			entry->bad = true;
		}
	}
}

static void read_common(const struct binary *binary, uint64_t address, struct frames *frames,
			struct common *common)
{
	struct cursor entry = entry_at(binary, address);
	const char *letters;

	*common = (struct common){ .address = address };
	take(&entry, 4);
	take(&entry, 1);
	if (entry.bad || !memchr(entry.at, 0, entry.left))
		return;
	letters = (const char *)entry.at;
	take(&entry, strlen(letters) + 1);
	for (int i = 0; i < 3; i++)
		take_uleb(&entry);
	if (*letters == 'z') {
		take_uleb(&entry);
		read_letters(&entry, letters + 1, frames, common);
	}
	common->known = !entry.bad;
}

/* Adds the function that the entry describes. */
static void read_function(const struct binary *binary, uint64_t address, struct frames *frames,
			  struct common *common)
{
	struct cursor entry = entry_at(binary, address);
	uint64_t parent = entry.address, start, size;
	const struct span *code;

	parent -= (uint32_t)take(&entry, 4);
	if (entry.bad)
		return;
	if (!common->known || common->address != parent)
		read_common(binary, parent, frames, common);
	start = take_encoded(&entry, common->encoding, 0);
	size = take_encoded(&entry, common->encoding & FORMAT, 0);
	/* That of a signal's return begins one byte early, so that the unwinder finds it. */
	start += common->signal;
	size -= common->signal;
	code = binary_code(binary, start);
	if (entry.bad || !common->known || !code || !size || size > code->end - start)
		return;
	frames->span[frames->count++] = (struct span){ start, start + size };
}

/* The table of all functions: its number of entries, with @table at the first; 0 for none. */
static size_t open_table(const struct binary *binary, struct cursor *table)
{
	const unsigned char *head = binary->frames ? binary_at(binary, binary->frames, 4) : NULL;
	struct cursor cursor = { .at = head, .address = binary->frames };
	uint64_t count;

	if (!head || head[0] != 1 || head[3] != (RELATIVE_TABLE | FORMAT_S4) ||
	    head[2] == OMITTED)
		return 0;
	cursor.at = binary_at(binary, binary->frames, 20);
	if (!cursor.at)
		return 0;
	cursor.left = 20;
	take(&cursor, 4);
	take_encoded(&cursor, head[1], binary->frames);
	count = take_encoded(&cursor, head[2], binary->frames);
	table->address = cursor.address;
	table->left = count * 8;
	table->at = count <= UINT32_MAX ? binary_at(binary, table->address, table->left) : NULL;
	return table->at && !cursor.bad ? count : 0;
}

static int by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* A function that begins inside of another one is a part of that. */
static void sort(struct frames *frames)
{
	size_t count = 0;

	qsort(frames->span, frames->count, sizeof(*frames->span), by_start);
	for (size_t i = 0; i < frames->count; i++) {
		struct span *last = count ? &frames->span[count - 1] : NULL;

		if (!last || frames->span[i].start >= last->end)
			frames->span[count++] = frames->span[i];
		else if (frames->span[i].end > last->end)
			last->end = frames->span[i].end;
	}
	frames->count = count;
}

void frames_read(const struct binary *binary, struct frames *frames)
{
	struct common common = { 0 };
	struct cursor table = { 0 };
	size_t count = open_table(binary, &table);

	*frames = (struct frames){ 0 };
	frames->span = mem_alloc((count + 1) * sizeof(*frames->span));
	for (size_t i = 0; i < count; i++) {
		take(&table, 4);
		read_function(binary, binary->frames + (int64_t)(int32_t)take(&table, 4), frames,
			      &common);
	}
	sort(frames);
}
