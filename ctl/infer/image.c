// SPDX-License-Identifier: GPL-2.0
/*
 * Reads one ELF file: what it imports, and what kind of file it is. The only user of libelf.
 *
 * Imports are read as the dynamic loader reads them: from the segment PT_DYNAMIC, not from
 * sections, which a file need not have. The file may be made to exploit this reader, so each
 * size is checked before memory is allocated for it.
 */
#include <gelf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/scmod.h>

#include "infer/golang.h"
#include "infer/image.h"
#include "infer/names.h"

/* Limit of a table, in bytes. Chromium's tables have 1 MiB, LLVM's 20 MiB. */
#define MOST_BYTES	(64 * 1024 * 1024)
/* Limit of the section names, in bytes. LLVM has 300, podman (a Go program) 357. */
#define MOST_SECTION_NAMES (1024 * 1024)
/* Limit of the dynamic segment, in bytes. It usually has a few dozen entries of 16 bytes. */
#define MOST_DYNAMIC	(64 * 1024)
/* Limit of the notes, in bytes. Programs usually have less than 200. */
#define MOST_NOTES	(64 * 1024)

/* A table in the file: the address to which the loader maps it, and its size in bytes. */
struct table {
	uint64_t address;
	uint64_t size;
};

/* The contents of PT_DYNAMIC. */
struct dynamic {
	struct table symbols;
	struct table names;
	/*
	 * Relocations: of calls (jumps), and all others with (rela) and without (rel) an
	 * addend.
	 */
	struct table jumps;
	struct table rela;
	struct table rel;
	bool jumps_are_rela;
	bool has_soname;
	bool is_pie;
	/* Where the names of needed libraries are in @names. */
	uint64_t needed[IMAGE_NEEDED];
	unsigned int nr_needed;
};

/* ---- reading pieces of the file */

static int abi_of(Elf *elf, const GElf_Ehdr *header)
{
	if (header->e_ident[EI_DATA] != ELFDATA2LSB)
		return -1;
	if (header->e_machine == EM_386 && gelf_getclass(elf) == ELFCLASS32)
		return SCMOD_ABI_I386;
	if (header->e_machine != EM_X86_64)
		return -1;
	return gelf_getclass(elf) == ELFCLASS64 ? SCMOD_ABI_X86_64 : SCMOD_ABI_X32;
}

/*
 * Finds the first segment of that type at or after *@at, and moves *@at behind it; false if
 * there is none.
 */
static bool find_segment(Elf *elf, uint32_t type, size_t *at, GElf_Phdr *segment)
{
	size_t count;

	if (elf_getphdrnum(elf, &count))
		return false;
	while (*at < count && gelf_getphdr(elf, (*at)++, segment))
		if (segment->p_type == type)
			return true;
	return false;
}

/* Finds the file offset of an address; false if no segment contains it. */
static bool offset_of(Elf *elf, uint64_t address, uint64_t size, uint64_t *offset)
{
	GElf_Phdr segment;

	for (size_t at = 0; find_segment(elf, PT_LOAD, &at, &segment);) {
		uint64_t into = address - segment.p_vaddr;

		if (address < segment.p_vaddr || into > segment.p_filesz ||
		    size > segment.p_filesz - into)
			continue;
		*offset = segment.p_offset + into;
		return true;
	}
	return false;
}

/* NULL if the file does not contain this piece, or if the piece is too large. */
static Elf_Data *piece(Elf *elf, uint64_t offset, uint64_t size, uint64_t most, Elf_Type type)
{
	if (!size || size > most || offset > INT64_MAX)
		return NULL;
	return elf_getdata_rawchunk(elf, offset, size, type);
}

static Elf_Data *table_data(Elf *elf, const struct table *table, Elf_Type type)
{
	uint64_t offset;

	if (!offset_of(elf, table->address, table->size, &offset))
		return NULL;
	return piece(elf, offset, table->size, MOST_BYTES, type);
}

/* ---- imports */

static void take_entry(struct dynamic *dynamic, const GElf_Dyn *entry)
{
	uint64_t value = entry->d_un.d_val;

	switch (entry->d_tag) {
	case DT_SYMTAB:   dynamic->symbols.address = value; break;
	case DT_STRTAB:   dynamic->names.address = value; break;
	case DT_STRSZ:    dynamic->names.size = value; break;
	case DT_JMPREL:   dynamic->jumps.address = value; break;
	case DT_PLTRELSZ: dynamic->jumps.size = value; break;
	case DT_PLTREL:   dynamic->jumps_are_rela = value == DT_RELA; break;
	case DT_RELA:     dynamic->rela.address = value; break;
	case DT_RELASZ:   dynamic->rela.size = value; break;
	case DT_REL:      dynamic->rel.address = value; break;
	case DT_RELSZ:    dynamic->rel.size = value; break;
	case DT_SONAME:   dynamic->has_soname = true; break;
	case DT_FLAGS_1:  dynamic->is_pie = value & DF_1_PIE; break;
	case DT_NEEDED:
		if (dynamic->nr_needed < IMAGE_NEEDED)
			dynamic->needed[dynamic->nr_needed++] = value;
		break;
	}
}

/* Returns false if the file has a dynamic segment that can't be read. */
static bool read_dynamic(Elf *elf, struct dynamic *dynamic, bool *found)
{
	GElf_Phdr segment;
	Elf_Data *data;
	GElf_Dyn entry;
	size_t at = 0;

	*dynamic = (struct dynamic){ 0 };
	*found = find_segment(elf, PT_DYNAMIC, &at, &segment);
	if (!*found)
		return true;
	data = piece(elf, segment.p_offset, segment.p_filesz, MOST_DYNAMIC, ELF_T_DYN);
	if (!data)
		return false;
	for (int i = 0; gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++)
		take_entry(dynamic, &entry);
	return true;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Raises *@last to the highest symbol that a table of relocations names. */
static bool raise_last(Elf *elf, const struct table *table, bool is_rela, uint64_t *last)
{
	Elf_Data *data;
	GElf_Rela rela;
	GElf_Rel rel;

	if (!table->size)
		return true;
	data = table_data(elf, table, is_rela ? ELF_T_RELA : ELF_T_REL);
	if (!data)
		return false;
	for (int i = 0; is_rela && gelf_getrela(data, i, &rela); i++)
		*last = larger(*last, GELF_R_SYM(rela.r_info));
	for (int i = 0; !is_rela && gelf_getrel(data, i, &rel); i++)
		*last = larger(*last, GELF_R_SYM(rel.r_info));
	return true;
}

/*
 * PT_DYNAMIC does not tell the size of the symbol table. The loader uses only symbols that
 * relocations name, so the highest of these gives the size.
 */
static bool measure_symbols(Elf *elf, struct dynamic *dynamic)
{
	uint64_t last = 0;

	if (!raise_last(elf, &dynamic->jumps, dynamic->jumps_are_rela, &last) ||
	    !raise_last(elf, &dynamic->rela, true, &last) ||
	    !raise_last(elf, &dynamic->rel, false, &last))
		return false;
	dynamic->symbols.size = (last + 1) * gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT);
	return true;
}

static bool is_function_import(const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);

	return symbol->st_shndx == SHN_UNDEF && symbol->st_name &&
	       (type == STT_FUNC || type == STT_NOTYPE);
}

/*
 * Appends the name at @at. Ignores a name that is too long or does not end inside the table.
 * Several symbols may share a name, so the size of @names does not limit the list.
 */
static void take_name(const Elf_Data *names, uint64_t at, struct name_list *to)
{
	const char *name = (const char *)names->d_buf + at;
	size_t len;

	if (at >= names->d_size)
		return;
	len = strnlen(name, names->d_size - at);
	if (!len || len == names->d_size - at || len >= IMAGE_NAME)
		return;
	names_add(to, name, len);
}

static void take_functions(Elf_Data *symbols, const Elf_Data *names, struct name_list *list)
{
	GElf_Sym symbol;

	for (int i = 1; gelf_getsym(symbols, i, &symbol); i++)
		if (is_function_import(&symbol))
			take_name(names, symbol.st_name, list);
}

static void take_needed(const struct dynamic *dynamic, const Elf_Data *names,
			struct image *image)
{
	struct name_list list = { 0 };

	for (unsigned int i = 0; i < dynamic->nr_needed; i++)
		take_name(names, dynamic->needed[i], &list);
	image->needed = list.text;
	image->needed_len = list.len;
}

static bool read_imports(Elf *elf, struct dynamic *dynamic, struct image *image,
			 struct name_list *list)
{
	Elf_Data *symbols, *names;

	if (!measure_symbols(elf, dynamic))
		return false;
	names = table_data(elf, &dynamic->names, ELF_T_BYTE);
	if (names)
		take_needed(dynamic, names, image);
	/* No relocation names a symbol, so the file imports nothing. */
	if (dynamic->symbols.size <= gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT))
		return true;
	symbols = table_data(elf, &dynamic->symbols, ELF_T_SYM);
	if (!symbols || !names)
		return false;
	take_functions(symbols, names, list);
	return true;
}

/* ---- Go */

static bool has_go_note(Elf *elf)
{
	GElf_Phdr segment;

	for (size_t at = 0; find_segment(elf, PT_NOTE, &at, &segment);) {
		Elf_Data *data = piece(elf, segment.p_offset, segment.p_filesz, MOST_NOTES,
				       ELF_T_NHDR);
		size_t next = 0, name, text;
		GElf_Nhdr note;

		while (data && (next = gelf_getnote(data, next, &note, &name, &text)))
			if (note.n_namesz == 4 && !memcmp((char *)data->d_buf + name, "Go", 3))
				return true;
	}
	return false;
}

/*
 * libelf decompresses sections, to up to a thousand times their size, but section names are
 * never compressed.
 */
static bool sound_names(const GElf_Shdr *header)
{
	return header->sh_size <= MOST_SECTION_NAMES && !(header->sh_flags & SHF_COMPRESSED);
}

/* Index of the section that holds the names of sections; 0 if its size is not sound. */
static size_t section_names(Elf *elf)
{
	Elf_Scn *section;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return 0;
	section = elf_getscn(elf, names);
	return section && gelf_getshdr(section, &header) && sound_names(&header) ? names : 0;
}

static bool has_go_section(Elf *elf)
{
	size_t names = section_names(elf);
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while (names && (section = elf_nextscn(elf, section))) {
		const char *name = gelf_getshdr(section, &header) ?
			elf_strptr(elf, names, header.sh_name) : NULL;

		if (name && (!strcmp(name, ".go.buildinfo") || !strcmp(name, ".note.go.buildid")))
			return true;
	}
	return false;
}

/* ---- the whole */

static enum image_result read_elf(Elf *elf, struct image *image, struct name_list *list)
{
	struct dynamic dynamic;
	GElf_Phdr segment;
	GElf_Ehdr header;
	bool found;
	size_t at = 0;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return IMAGE_OTHER;
	image->abi = abi_of(elf, &header);
	if (image->abi < 0)
		return IMAGE_OTHER;
	image->interpreter = find_segment(elf, PT_INTERP, &at, &segment);
	image->go = has_go_section(elf) || has_go_note(elf);
	if (!read_dynamic(elf, &dynamic, &found))
		return IMAGE_UNSOUND;
	image->library = dynamic.has_soname;
	image->loader = found && header.e_type == ET_DYN && !image->interpreter && !dynamic.is_pie;
	return !found || read_imports(elf, &dynamic, image, list) ? IMAGE_READ : IMAGE_UNSOUND;
}

/*
 * If a count is too large for the ELF header, it is in the first section header, where it can
 * be any number, and libelf allocates memory for that number. No real program has so many
 * segments or sections, so refuse such files.
 */
static bool counts_fit(int fd)
{
	union {
		Elf32_Ehdr small;
		Elf64_Ehdr large;
	} header;

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header))
		return false;
	if (header.small.e_ident[EI_CLASS] == ELFCLASS32)
		return header.small.e_phnum != PN_XNUM &&
		       (header.small.e_shnum || !header.small.e_shoff);
	return header.large.e_phnum != PN_XNUM && (header.large.e_shnum || !header.large.e_shoff);
}

static bool has_magic(int fd)
{
	char magic[SELFMAG];

	return pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	       !memcmp(magic, ELFMAG, sizeof(magic));
}

enum image_result image_read(int fd, struct image *image)
{
	struct name_list list = { 0 };
	enum image_result result;
	Elf *elf;

	*image = (struct image){ .abi = -1 };
	if (elf_version(EV_CURRENT) == EV_NONE || !has_magic(fd))
		return IMAGE_OTHER;
	if (!counts_fit(fd))
		return IMAGE_UNSOUND;
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf)
		return IMAGE_UNSOUND;
	result = read_elf(elf, image, &list);
	elf_end(elf);
	image->go_named = image->go && result == IMAGE_READ && golang_read(fd, &list);
	image->names = list.text;
	image->len = list.len;
	return result;
}

void image_release(struct image *image)
{
	free(image->names);
	free(image->needed);
	image->names = NULL;
	image->needed = NULL;
}
