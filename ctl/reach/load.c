// SPDX-License-Identifier: GPL-2.0
/*
 * Reads one ELF file for x86-64 into memory: its segments, and where its code is.
 *
 * The file may be hostile. Everything is read by its address in memory, as the loader does it, and
 * each address is checked. Sections are used for two things only: to tell code from data that
 * lies in the same segment, and for the names of static symbols.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "reach/linkage.h"
#include "reach/load.h"

/* Limits of the header tables, in entries. LLVM's libraries have 13 segments and 40 sections. */
#define MOST_SEGMENTS	64
#define MOST_SECTIONS	4096

/* ---- reading the file */

/* An open file, and how much of it may still be read, in bytes. */
struct source {
	int fd;
	size_t *room;
};

/* Returns false if the file does not hold these bytes. */
static bool read_bytes(int fd, void *to, size_t size, uint64_t offset)
{
	size_t done = 0;

	while (offset <= INT64_MAX - size && done < size) {
		ssize_t len = pread(fd, (char *)to + done, size - done, offset + done);

		if (len <= 0)
			return false;
		done += len;
	}
	return done == size;
}

/*
 * A copy of a part of the file, @skip bytes behind the beginning of what is returned, with a NUL
 * behind it; NULL with the reason in @result.
 */
static void *read_behind(const struct source *from, size_t skip, uint64_t offset, uint64_t size,
			 enum binary_result *result)
{
	char *part;

	*result = BINARY_LARGE;
	if (size > *from->room)
		return NULL;
	*from->room -= size;
	part = mem_alloc(skip + size + 1);
	*result = BINARY_READ;
	if (read_bytes(from->fd, part + skip, size, offset))
		return part;
	*result = BINARY_UNSOUND;
	free(part);
	return NULL;
}

static void *read_part(const struct source *from, uint64_t offset, uint64_t size,
		       enum binary_result *result)
{
	return read_behind(from, 0, offset, size, result);
}

static int by_address(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static enum binary_result read_segment(const struct source *from, struct binary *binary,
				       const Elf64_Phdr *header)
{
	enum binary_result result;
	struct segment segment = {
		.address = header->p_vaddr, .size = header->p_filesz, .memory = header->p_memsz,
		.code = header->p_flags & PF_X,
	};

	/* Sums of addresses and sizes do not overflow, here and in what uses them. */
	if (segment.address > INT64_MAX / 2 || segment.memory > INT64_MAX / 2 ||
	    segment.size > segment.memory)
		return BINARY_UNSOUND;
	segment.room = read_behind(from, segment.address % 16, header->p_offset, segment.size,
				   &result);
	if (!segment.room)
		return result;
	segment.bytes = (unsigned char *)segment.room + segment.address % 16;
	binary->segment[binary->nr_segments++] = segment;
	return result;
}

static enum binary_result read_segments(const struct source *from, struct binary *binary,
					const Elf64_Phdr *header, size_t count)
{
	enum binary_result result = BINARY_READ;

	binary->segment = mem_alloc((count + 1) * sizeof(*binary->segment));
	for (size_t i = 0; i < count && result == BINARY_READ; i++) {
		if (header[i].p_type == PT_LOAD)
			result = read_segment(from, binary, &header[i]);
		else if (header[i].p_type == PT_GNU_EH_FRAME)
			binary->frames = header[i].p_vaddr;
		else if (header[i].p_type == PT_DYNAMIC)
			binary->dynamic = true;
	}
	qsort(binary->segment, binary->nr_segments, sizeof(*binary->segment), by_address);
	return result;
}

/* ---- sections */

/* The headers of sections; NULL if the file has none, or they are not sound. */
static Elf64_Shdr *read_sections(const struct source *from, const Elf64_Ehdr *header)
{
	size_t size = header->e_shnum * sizeof(Elf64_Shdr);
	enum binary_result result;

	if (!size || header->e_shnum > MOST_SECTIONS ||
	    header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shstrndx >= header->e_shnum)
		return NULL;
	return read_part(from, header->e_shoff, size, &result);
}

static void add_code(struct binary *binary, uint64_t start, uint64_t size)
{
	struct span *code;

	if (!size || !binary_at(binary, start, size))
		return;
	binary->code = mem_grow(binary->code, binary->nr_codes + 1, sizeof(*binary->code));
	code = &binary->code[binary->nr_codes++];
	*code = (struct span){ start, start + size };
}

static void code_of_sections(struct binary *binary, const Elf64_Shdr *section, size_t count)
{
	for (size_t i = 0; section && i < count; i++)
		if (section[i].sh_type == SHT_PROGBITS && section[i].sh_flags & SHF_EXECINSTR)
			add_code(binary, section[i].sh_addr, section[i].sh_size);
}

/* Without sections, all of a segment that can be executed is taken for code. */
static void code_of_segments(struct binary *binary)
{
	for (size_t i = 0; i < binary->nr_segments; i++)
		if (binary->segment[i].code)
			add_code(binary, binary->segment[i].address, binary->segment[i].size);
}

static int by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* Sorts the ranges; where two overlap, the second is cut. */
static void sort_code(struct binary *binary)
{
	size_t count = 0;

	qsort(binary->code, binary->nr_codes, sizeof(*binary->code), by_start);
	for (size_t i = 0; i < binary->nr_codes; i++) {
		struct span code = binary->code[i];

		if (count && code.start < binary->code[count - 1].end)
			code.start = binary->code[count - 1].end;
		if (code.start < code.end)
			binary->code[count++] = code;
	}
	binary->nr_codes = count;
}

/* Adds the functions of the static symbol table, if there is one; they only give names. */
static void read_static_symbols(const struct source *from, struct binary *binary,
				const Elf64_Shdr *section, size_t count)
{
	enum binary_result result;

	for (size_t i = 0; section && i < count; i++) {
		uint32_t link = section[i].sh_link;
		Elf64_Sym *symbols;

		if (section[i].sh_type != SHT_SYMTAB || link >= count || binary->names)
			continue;
		binary->names = read_part(from, section[link].sh_offset, section[link].sh_size,
					  &result);
		symbols = binary->names ? read_part(from, section[i].sh_offset,
						    section[i].sh_size, &result) : NULL;
		for (size_t j = 0; symbols && j < section[i].sh_size / sizeof(*symbols); j++)
			linkage_add_symbol(binary, &symbols[j], binary->names,
					   section[link].sh_size, false);
		free(symbols);
	}
}

static void use_sections(const struct source *from, struct binary *binary,
			 const Elf64_Ehdr *header)
{
	Elf64_Shdr *section = read_sections(from, header);

	code_of_sections(binary, section, header->e_shnum);
	if (!binary->nr_codes)
		code_of_segments(binary);
	sort_code(binary);
	read_static_symbols(from, binary, section, header->e_shnum);
	free(section);
}

/* ---- the whole */

static bool is_x86_64(const Elf64_Ehdr *header)
{
	return !memcmp(header->e_ident, ELFMAG, SELFMAG) &&
	       header->e_ident[EI_CLASS] == ELFCLASS64 &&
	       header->e_ident[EI_DATA] == ELFDATA2LSB && header->e_machine == EM_X86_64;
}

static bool is_sound(const Elf64_Ehdr *header)
{
	return header->e_phentsize == sizeof(Elf64_Phdr) && header->e_phnum &&
	       header->e_phnum <= MOST_SEGMENTS &&
	       (header->e_type == ET_EXEC || header->e_type == ET_DYN);
}

/* Reads the dynamic segment, if there is one. */
static bool link_segments(struct binary *binary, const Elf64_Phdr *header, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (header[i].p_type == PT_DYNAMIC)
			return linkage_read(binary, header[i].p_vaddr, header[i].p_filesz);
	return true;
}

enum binary_result binary_read(int fd, struct binary *binary, size_t *room)
{
	const struct source from = { fd, room };
	enum binary_result result;
	Elf64_Phdr *segments;
	Elf64_Ehdr header;

	*binary = (struct binary){ 0 };
	if (!read_bytes(fd, &header, sizeof(header), 0) || !is_x86_64(&header))
		return BINARY_FOREIGN;
	if (!is_sound(&header))
		return BINARY_UNSOUND;
	segments = read_part(&from, header.e_phoff, header.e_phnum * sizeof(*segments), &result);
	if (!segments)
		return result;
	result = read_segments(&from, binary, segments, header.e_phnum);
	binary->entry = header.e_entry;
	binary->movable = header.e_type == ET_DYN;
	for (size_t i = 0; i < header.e_phnum; i++)
		if (segments[i].p_type == PT_INTERP)
			binary->loader = binary_text(binary, segments[i].p_vaddr);
	if (result == BINARY_READ && !link_segments(binary, segments, header.e_phnum))
		result = BINARY_UNSOUND;
	if (result == BINARY_READ)
		use_sections(&from, binary, &header);
	free(segments);
	return result;
}

void binary_release(struct binary *binary)
{
	for (size_t i = 0; i < binary->nr_segments; i++)
		free(binary->segment[i].room);
	free(binary->segment);
	free(binary->code);
	free(binary->symbol);
	free(binary->pointer);
	free(binary->needed);
	free(binary->names);
	*binary = (struct binary){ 0 };
}
