// SPDX-License-Identifier: GPL-2.0
/*
 * What the programs that run in a cgroup import from their libraries: undefined
 * functions of every file that one of them has mapped to be executed. The only
 * user of libelf.
 *
 * These files belong to whoever runs there. They are read, not mapped, so that
 * one who cuts them short gets us no SIGBUS; what is no sound ELF is passed over,
 * and there is an end to all that is looked at.
 */
#include <dirent.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imports.h"
#include "likely.h"

#define MOST_IMAGES	16384
#define MOST_DEPTH	64
/* Chromium's and LLVM's tables have 1 MiB and 20 MiB. */
#define MOST_BYTES	(64 * 1024 * 1024)

struct image {
	dev_t dev;
	ino_t ino;
};

/* A walk through a cgroup, and the images it has met. */
struct walk {
	struct imports *imports;
	struct image *images;
	size_t nr_images;
};

/* ---- one image */

static int abi_of(Elf *elf)
{
	GElf_Ehdr header;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return -1;
	if (header.e_machine == EM_386 && gelf_getclass(elf) == ELFCLASS32)
		return SCMOD_ABI_I386;
	if (header.e_machine != EM_X86_64)
		return -1;
	return gelf_getclass(elf) == ELFCLASS64 ? SCMOD_ABI_X86_64 : SCMOD_ABI_X32;
}

static bool imported_function(const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);

	return symbol->st_shndx == SHN_UNDEF && symbol->st_name &&
	       (type == STT_FUNC || type == STT_NOTYPE);
}

static bool add_symbol(struct bitmap *set, unsigned int abi, const char *name)
{
	char function[64];
	size_t len = strcspn(name, "@");

	if (len >= sizeof(function))
		return false;
	memcpy(function, name, len);
	function[len] = '\0';
	return likely_add(set, abi, function);
}

/* Returns whether any function in the table is known to make calls. */
static bool add_table(struct bitmap *set, unsigned int abi, Elf *elf, Elf_Scn *section,
		      const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data ? header->sh_size / header->sh_entsize : 0;
	bool any = false;
	GElf_Sym symbol;

	for (size_t i = 0; i < count && gelf_getsym(data, i, &symbol); i++) {
		const char *name = imported_function(&symbol) ?
			elf_strptr(elf, header->sh_link, symbol.st_name) : NULL;

		if (name && add_symbol(set, abi, name))
			any = true;
	}
	return any;
}

/* Both the table and its names are of a size that can be. */
static bool sound_table(Elf *elf, const GElf_Shdr *header)
{
	Elf_Scn *section = elf_getscn(elf, header->sh_link);
	GElf_Shdr names;

	return header->sh_entsize && header->sh_size <= MOST_BYTES &&
	       section && gelf_getshdr(section, &names) && names.sh_size <= MOST_BYTES;
}

static bool add_elf(struct imports *imports, Elf *elf)
{
	int abi = abi_of(elf);
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (abi < 0)
		return false;
	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNSYM)
			return sound_table(elf, &header) &&
			       add_table(&imports->likely[abi], abi, elf, section, &header);
	return false;
}

static void add_base(struct imports *imports)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (bitmap_count(&imports->likely[abi]))
			likely_add_base(&imports->likely[abi], abi);
}

bool imports_add_file(struct imports *imports, int fd)
{
	bool any;
	Elf *elf;

	if (elf_version(EV_CURRENT) == EV_NONE)
		return false;
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf)
		return false;
	any = add_elf(imports, elf);
	elf_end(elf);
	add_base(imports);
	imports->images += any;
	return any;
}

/* ---- the images of one process */

static bool is_new(struct walk *walk, const struct stat *st)
{
	for (size_t i = 0; i < walk->nr_images; i++)
		if (walk->images[i].ino == st->st_ino && walk->images[i].dev == st->st_dev)
			return false;
	if (walk->nr_images == MOST_IMAGES)
		return false;
	walk->images[walk->nr_images++] = (struct image){ st->st_dev, st->st_ino };
	return true;
}

/* By the mapping itself: its path may mean another file, or none, to us. */
static void add_mapping(struct walk *walk, long pid, uint64_t start, uint64_t end)
{
	char path[96];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/map_files/%" PRIx64 "-%" PRIx64, pid, start, end);
	if (stat(path, &st) || !S_ISREG(st.st_mode) || !is_new(walk, &st))
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	imports_add_file(walk->imports, fd);
	close(fd);
}

static void add_process(struct walk *walk, long pid)
{
	bool any = false;
	char path[32];
	char *line = NULL;
	size_t size = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%ld/maps", pid);
	maps = fopen(path, "re");
	if (!maps)
		return;
	while (getline(&line, &size, maps) > 0) {
		uint64_t start, end, inode;
		char mode[5];

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*s %*s %" SCNu64,
			   &start, &end, mode, &inode) != 4)
			continue;
		any = true;
		if (inode && mode[2] == 'x')
			add_mapping(walk, pid, start, end);
	}
	free(line);
	fclose(maps);
	walk->imports->processes += any;
}

/* ---- the processes of a cgroup */

/* Returns false if that can't be read: a threaded cgroup has no cgroup.procs. */
static bool add_tasks(struct walk *walk, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	bool failed;
	long pid;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	/* 0 is one of a pid namespace that we don't see into. */
	while (fscanf(file, "%ld", &pid) == 1)
		if (pid > 0)
			add_process(walk, pid);
	failed = ferror(file);
	fclose(file);
	return !failed;
}

/* Closes @fd. */
static void add_cgroup(struct walk *walk, int fd, unsigned int depth)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		close(fd);
		return;
	}
	if (!add_tasks(walk, fd, "cgroup.procs"))
		add_tasks(walk, fd, "cgroup.threads");
	while (depth < MOST_DEPTH && (entry = readdir(dir))) {
		int below;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		below = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (below >= 0)
			add_cgroup(walk, below, depth + 1);
	}
	closedir(dir);
}

struct imports imports_of_cgroup(int dir)
{
	struct imports imports = { 0 };
	struct walk walk = {
		.imports = &imports,
		.images = malloc(MOST_IMAGES * sizeof(*walk.images)),
	};
	int fd = walk.images ? openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0)
		add_cgroup(&walk, fd, 0);
	free(walk.images);
	return imports;
}
