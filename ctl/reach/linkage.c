// SPDX-License-Identifier: GPL-2.0
/*
 * Reads how an ELF file is linked with others, as the loader reads it: from the dynamic segment.
 * All that the loader will write into the file's memory becomes a list of pointers.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reach/linkage.h"

/* Not in the elf.h of glibc before 2.36. */
#ifndef DT_RELR
#define DT_RELRSZ	35
#define DT_RELR		36
#endif

/* Limit of the symbols and pointers of one file. Chromium has 900,000 pointers. */
#define MOST_ENTRIES	(4UL * 1024 * 1024)

/* What the dynamic segment holds, by tag. Tags from DT_ENCODING on are not in the array. */
struct dynamic {
	uint64_t value[DT_RELR + 1];
	uint64_t gnu_hash;
	const Elf64_Dyn *entry;
	size_t count;
};

/* A table of numbers; NULL if it is not in the file, or not where numbers can be. */
static const void *table_at(const struct binary *binary, uint64_t address, uint64_t size)
{
	const void *table = binary_at(binary, address, size);

	return (uintptr_t)table % sizeof(uint64_t) ? NULL : table;
}

/* Room for pointers grows by steps. */
static struct pointer *new_pointer(struct binary *binary)
{
	size_t count = binary->nr_pointers;

	if (!(count & (count - 1)))
		binary->pointer = mem_grow(binary->pointer, count ? 2 * count : 1,
					   sizeof(*binary->pointer));
	binary->nr_pointers++;
	binary->pointer[count] = (struct pointer){ 0 };
	return &binary->pointer[count];
}

/* ---- symbols */

void linkage_add_symbol(struct binary *binary, const Elf64_Sym *symbol, const char *names,
			size_t size, bool dynamic)
{
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);
	size_t count = binary->nr_symbols;
	bool function = type == STT_FUNC || type == STT_GNU_IFUNC;

	/* Relocations name the symbols of the dynamic table by number, so all are kept. */
	if (!dynamic && (!function || symbol->st_shndx == SHN_UNDEF))
		return;
	if (!(count & (count - 1)))
		binary->symbol = mem_grow(binary->symbol, count ? 2 * count : 1,
					  sizeof(*binary->symbol));
	binary->symbol[binary->nr_symbols++] = (struct symbol){
		.name = symbol->st_name < size ? names + symbol->st_name : "",
		.value = symbol->st_value, .function = function, .dynamic = dynamic,
		.defined = symbol->st_shndx != SHN_UNDEF && type != STT_TLS &&
			   symbol->st_shndx != SHN_ABS,
	};
}

/* The number of symbols that a table DT_HASH tells. */
static size_t count_by_hash(const struct binary *binary, uint64_t at)
{
	const uint32_t *head = table_at(binary, at, 2 * sizeof(*head));

	return head ? head[1] : 0;
}

/* The highest symbol with which a chain of the table begins. */
static uint32_t last_chain(const struct binary *binary, uint64_t buckets, uint32_t count)
{
	const uint32_t *bucket = binary_at(binary, buckets, count * sizeof(*bucket));
	uint32_t last = 0;

	for (uint32_t i = 0; bucket && i < count; i++)
		last = bucket[i] > last ? bucket[i] : last;
	return last;
}

/* The same for DT_GNU_HASH: the end of the chain that begins last. */
static size_t count_by_gnu_hash(const struct binary *binary, uint64_t at)
{
	const uint32_t *head = table_at(binary, at, 4 * sizeof(*head)), *chain;
	uint64_t buckets, chains;
	uint32_t last;

	if (!head)
		return 0;
	buckets = at + 16 + UINT64_C(8) * head[2];
	chains = buckets + UINT64_C(4) * head[0];
	last = last_chain(binary, buckets, head[0]);
	if (last < head[1])
		return head[1];
	do
		chain = binary_at(binary, chains + UINT64_C(4) * (last++ - head[1]), 4);
	while (chain && !(*chain & 1));
	return chain ? last : 0;
}

/* One more than the highest symbol that a table of relocations names, or @count. */
static size_t count_by_relocations(const struct binary *binary, uint64_t at, uint64_t size,
				   size_t count)
{
	const Elf64_Rela *rela = table_at(binary, at, size);

	for (size_t i = 0; rela && i < size / sizeof(*rela); i++)
		if (ELF64_R_SYM(rela[i].r_info) >= count)
			count = ELF64_R_SYM(rela[i].r_info) + 1;
	return count;
}

/* DT_GNU_HASH only tells of symbols that are defined. */
static size_t count_symbols(const struct binary *binary, const struct dynamic *dynamic)
{
	const uint64_t *value = dynamic->value;
	size_t count;

	if (dynamic->gnu_hash)
		count = count_by_gnu_hash(binary, dynamic->gnu_hash);
	else
		count = count_by_hash(binary, value[DT_HASH]);
	count = count_by_relocations(binary, value[DT_RELA], value[DT_RELASZ], count);
	count = count_by_relocations(binary, value[DT_JMPREL], value[DT_PLTRELSZ], count);
	return count < MOST_ENTRIES ? count : 0;
}

static bool read_symbols(struct binary *binary, const struct dynamic *dynamic)
{
	size_t count = count_symbols(binary, dynamic);
	const Elf64_Sym *symbol = table_at(binary, dynamic->value[DT_SYMTAB],
					   count * sizeof(*symbol));
	const char *names = binary_at(binary, dynamic->value[DT_STRTAB],
				      dynamic->value[DT_STRSZ]);
	size_t size = dynamic->value[DT_STRSZ];

	if (!dynamic->value[DT_SYMTAB])
		return true;
	if (!symbol || !names || !size || names[size - 1])
		return false;
	for (size_t i = 0; i < count; i++)
		linkage_add_symbol(binary, &symbol[i], names, size, true);
	return true;
}

/* ---- relocations */

static bool add_relocation(struct binary *binary, const Elf64_Rela *rela)
{
	uint32_t type = ELF64_R_TYPE(rela->r_info), number = ELF64_R_SYM(rela->r_info);
	bool by_name = type == R_X86_64_64 || type == R_X86_64_GLOB_DAT ||
		       type == R_X86_64_JUMP_SLOT || type == R_X86_64_COPY;
	struct pointer *pointer;

	if (!by_name && type != R_X86_64_RELATIVE && type != R_X86_64_IRELATIVE)
		return true;
	if (binary->nr_pointers >= MOST_ENTRIES)
		return false;
	/* A local symbol, or one that prelinking resolved. */
	if (by_name && (!number || number >= binary->nr_symbols))
		return !number;
	pointer = new_pointer(binary);
	pointer->at = rela->r_offset;
	pointer->value = rela->r_addend;
	pointer->name = by_name ? binary->symbol[number].name : NULL;
	pointer->data = type == R_X86_64_64 || type == R_X86_64_COPY || !by_name;
	/* A symbol without a name, such as that of a section, is meant by its value. */
	if (by_name && !*pointer->name) {
		pointer->value += binary->symbol[number].value;
		pointer->name = NULL;
	}
	return true;
}

static bool read_relocations(struct binary *binary, uint64_t at, uint64_t size)
{
	const Elf64_Rela *rela = size ? table_at(binary, at, size) : NULL;
	bool ok = !size || rela;

	for (size_t i = 0; ok && i < size / sizeof(*rela); i++)
		ok = add_relocation(binary, &rela[i]);
	return ok;
}

static bool add_relative(struct binary *binary, uint64_t at)
{
	const uint64_t *value = table_at(binary, at, sizeof(*value));
	struct pointer *pointer;

	if (!value || binary->nr_pointers >= MOST_ENTRIES)
		return false;
	pointer = new_pointer(binary);
	pointer->at = at;
	pointer->data = true;
	memcpy(&pointer->value, value, sizeof(*value));
	return true;
}

/*
 * DT_RELR: an even entry is the address of a pointer; an odd one is a bitmap of the next 63 words.
 */
static bool read_relative(struct binary *binary, uint64_t at, uint64_t size)
{
	const uint64_t *entry = size ? table_at(binary, at, size) : NULL;
	bool ok = !size || entry;
	uint64_t next = 0;

	for (size_t i = 0; ok && i < size / sizeof(*entry); i++) {
		if (!(entry[i] & 1)) {
			ok = add_relative(binary, entry[i]);
			next = entry[i] + 8;
			continue;
		}
		for (unsigned int bit = 1; ok && bit < 64; bit++)
			if (entry[i] >> bit & 1)
				ok = add_relative(binary, next + 8 * (bit - 1));
		next += 8 * UINT64_C(63);
	}
	return ok;
}

static int by_place(const void *a, const void *b)
{
	const struct pointer *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static bool read_pointers(struct binary *binary, const struct dynamic *dynamic)
{
	const uint64_t *value = dynamic->value;

	if (!read_relocations(binary, value[DT_RELA], value[DT_RELASZ]) ||
	    !read_relocations(binary, value[DT_JMPREL], value[DT_PLTRELSZ]) ||
	    !read_relative(binary, value[DT_RELR], value[DT_RELRSZ]))
		return false;
	qsort(binary->pointer, binary->nr_pointers, sizeof(*binary->pointer), by_place);
	for (size_t i = 0; binary->nr_pointers && i < binary->nr_segments; i++)
		if (binary->segment[i].address <= binary->pointer[0].at)
			binary->data = binary->segment[i].address;
	return true;
}

/* ---- the whole */

static void take_entries(struct dynamic *dynamic)
{
	for (size_t i = 0; i < dynamic->count; i++) {
		const Elf64_Dyn *entry = &dynamic->entry[i];

		if (entry->d_tag == DT_NULL)
			break;
		if (entry->d_tag >= 0 && entry->d_tag <= DT_RELR)
			dynamic->value[entry->d_tag] = entry->d_un.d_val;
		else if (entry->d_tag == DT_GNU_HASH)
			dynamic->gnu_hash = entry->d_un.d_val;
	}
}

static void take_needed(struct binary *binary, const struct dynamic *dynamic)
{
	uint64_t names = dynamic->value[DT_STRTAB];

	binary->needed = mem_alloc((dynamic->count + 1) * sizeof(*binary->needed));
	for (size_t i = 0; i < dynamic->count && dynamic->entry[i].d_tag != DT_NULL; i++) {
		const char *name = binary_text(binary, names + dynamic->entry[i].d_un.d_val);

		if (dynamic->entry[i].d_tag == DT_NEEDED && name)
			binary->needed[binary->nr_needed++] = name;
	}
}

static void take_array(struct binary *binary, unsigned int number, uint64_t start, uint64_t size)
{
	if (size <= INT64_MAX / 2)
		binary->array[number] = (struct span){ start, start + size };
}

bool linkage_read(struct binary *binary, uint64_t start, uint64_t size)
{
	struct dynamic dynamic = { .count = size / sizeof(*dynamic.entry) };

	if (!size)
		return true;
	dynamic.entry = table_at(binary, start, size);
	if (!dynamic.entry)
		return false;
	take_entries(&dynamic);
	take_needed(binary, &dynamic);
	binary->init[0] = dynamic.value[DT_INIT];
	binary->init[1] = dynamic.value[DT_FINI];
	take_array(binary, 0, dynamic.value[DT_INIT_ARRAY], dynamic.value[DT_INIT_ARRAYSZ]);
	take_array(binary, 1, dynamic.value[DT_FINI_ARRAY], dynamic.value[DT_FINI_ARRAYSZ]);
	take_array(binary, 2, dynamic.value[DT_PREINIT_ARRAY],
		   dynamic.value[DT_PREINIT_ARRAYSZ]);
	if (dynamic.value[DT_SONAME])
		binary->soname = binary_text(binary, dynamic.value[DT_STRTAB] +
					     dynamic.value[DT_SONAME]);
	return read_symbols(binary, &dynamic) && read_pointers(binary, &dynamic);
}
