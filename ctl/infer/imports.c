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
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "infer/imports.h"
#include "infer/likely.h"

#define MOST_IMAGES	16384
#define MOST_DEPTH	64
/* Chromium's and LLVM's tables have 1 MiB and 20 MiB. */
#define MOST_BYTES	(64 * 1024 * 1024)

/* Names of sections: LLVM's have 300 bytes, podman's, a Go program, 357. */
#define MOST_SECTION_NAMES (1024 * 1024)

/* One file while it is read. */
struct image {
	Elf *elf;
	int abi;
	const char *path;
	bool is_program;
};

struct inode {
	dev_t dev;
	ino_t ino;
};

/* A walk through a cgroup, and the files it has met. */
struct walk {
	struct imports *imports;
	clock_t begun;
	struct inode *met;
	size_t nr_met;
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

/* A program's own import says more than a library's. */
static bool is_better(const struct evidence *evidence, const char *function,
		      const struct image *image)
{
	int ret;

	if (!evidence->file || evidence->by_program != image->is_program)
		return !evidence->file || image->is_program;
	ret = strcmp(image->path, evidence->file);
	return ret < 0 || (!ret && strcmp(function, evidence->function) < 0);
}

static void note_evidence(struct evidence *evidence, const char *function,
			  const struct image *image)
{
	if (!is_better(evidence, function, image))
		return;
	free(evidence->function);
	free(evidence->file);
	evidence->function = mem_string(function);
	evidence->file = mem_string(image->path);
	evidence->by_program = image->is_program;
}

static bool add_symbol(struct imports *imports, const struct image *image, const char *name)
{
	struct bitmap calls = { 0 };
	char function[64];
	size_t len = strcspn(name, "@");
	unsigned int nr;

	if (len >= sizeof(function))
		return false;
	memcpy(function, name, len);
	function[len] = '\0';
	if (!likely_add(&calls, image->abi, function))
		return false;
	bitmap_unite(&imports->likely[image->abi], &calls);
	bitmap_for_each(nr, &calls)
		note_evidence(&imports->evidence[image->abi][nr], function, image);
	return true;
}

/* Returns whether any function in the table is known to make calls. */
static bool add_table(struct imports *imports, const struct image *image, Elf_Scn *section,
		      const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data ? header->sh_size / header->sh_entsize : 0;
	bool any = false;
	GElf_Sym symbol;

	for (size_t i = 0; i < count && gelf_getsym(data, i, &symbol); i++) {
		const char *name = imported_function(&symbol) ?
			elf_strptr(image->elf, header->sh_link, symbol.st_name) : NULL;

		if (name && add_symbol(imports, image, name))
			any = true;
	}
	return any;
}

static void note_program(struct imports *imports, const struct image *image,
			 enum program_kind kind)
{
	char **program = &imports->program[image->abi][kind];

	if (*program && strcmp(*program, image->path) <= 0)
		return;
	free(*program);
	*program = mem_string(image->path);
}

/* libelf unpacks what is packed, to a thousand times its size; names never are. */
static bool sound_names(const GElf_Shdr *header, size_t most)
{
	return header->sh_size <= most && !(header->sh_flags & SHF_COMPRESSED);
}

/* Both the table and its names are of a size that can be. */
static bool sound_table(Elf *elf, const GElf_Shdr *header)
{
	Elf_Scn *section = elf_getscn(elf, header->sh_link);
	GElf_Shdr names;

	return header->sh_entsize && header->sh_size <= MOST_BYTES &&
	       section && gelf_getshdr(section, &names) && sound_names(&names, MOST_BYTES);
}

static bool has_interpreter(Elf *elf)
{
	GElf_Phdr header;
	size_t count;

	if (elf_getphdrnum(elf, &count))
		return false;
	for (size_t i = 0; i < count && gelf_getphdr(elf, i, &header); i++)
		if (header.p_type == PT_INTERP)
			return true;
	return false;
}

static bool is_go(const char *section)
{
	return section && (!strcmp(section, ".go.buildinfo") ||
			   !strcmp(section, ".note.go.buildid"));
}

/* The index of the names of sections, if they are of a size that can be; or 0. */
static size_t section_names(Elf *elf)
{
	Elf_Scn *section;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return 0;
	section = elf_getscn(elf, names);
	return section && gelf_getshdr(section, &header) &&
	       sound_names(&header, MOST_SECTION_NAMES) ? names : 0;
}

static bool add_elf(struct imports *imports, const struct image *image)
{
	bool any = false, go = false, met = false;
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names = section_names(image->elf);

	while ((section = elf_nextscn(image->elf, section))) {
		if (!gelf_getshdr(section, &header))
			continue;
		if (names && is_go(elf_strptr(image->elf, names, header.sh_name)))
			go = true;
		/* There is one, says the gABI; libelf keeps each that it has read. */
		if (header.sh_type != SHT_DYNSYM || met)
			continue;
		met = true;
		any = sound_table(image->elf, &header) &&
		      add_table(imports, image, section, &header);
	}
	if (image->is_program && has_interpreter(image->elf))
		note_program(imports, image, PROGRAM_DYNAMIC);
	else if (image->is_program && !go)
		note_program(imports, image, PROGRAM_STATIC);
	if (image->is_program && go)
		note_program(imports, image, PROGRAM_GO);
	return any;
}

/*
 * A header whose counts are too large for it has them in the first section, where
 * they may be anything; libelf makes room for all. No program has so many.
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

bool imports_add_file(struct imports *imports, int fd, const char *path, bool is_program)
{
	struct image image = { .path = path, .is_program = is_program };
	bool any = false;

	if (elf_version(EV_CURRENT) == EV_NONE || !counts_fit(fd))
		return false;
	image.elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!image.elf)
		return false;
	image.abi = abi_of(image.elf);
	if (image.abi >= 0)
		any = add_elf(imports, &image);
	elf_end(image.elf);
	imports->images += any;
	return any;
}

struct imports *imports_new(void)
{
	struct imports *imports = mem_alloc(sizeof(*imports));

	imports->seconds = IMPORTS_SECONDS;
	return imports;
}

void imports_free(struct imports *imports)
{
	if (!imports)
		return;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			free(imports->evidence[abi][nr].function);
			free(imports->evidence[abi][nr].file);
		}
		for (unsigned int kind = 0; kind < __PROGRAM_KIND_MAX; kind++)
			free(imports->program[abi][kind]);
	}
	free(imports);
}

/* ---- the images of one process */

static bool is_new(struct walk *walk, const struct stat *st)
{
	for (size_t i = 0; i < walk->nr_met; i++)
		if (walk->met[i].ino == st->st_ino && walk->met[i].dev == st->st_dev)
			return false;
	if (walk->nr_met == MOST_IMAGES)
		return false;
	walk->met[walk->nr_met++] = (struct inode){ st->st_dev, st->st_ino };
	return true;
}

static bool is_program(long pid, const struct stat *st)
{
	struct stat program;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%ld/exe", pid);
	return !stat(path, &program) && program.st_ino == st->st_ino &&
	       program.st_dev == st->st_dev;
}

/* Who runs there must not keep us from what we do next. */
static bool is_late(const struct walk *walk)
{
	struct imports *imports = walk->imports;

	if (clock() - walk->begun > imports->seconds * CLOCKS_PER_SEC)
		imports->cut_short = true;
	return imports->cut_short;
}

/* By the mapping itself: its path may mean another file, or none, to us. */
static void add_mapping(struct walk *walk, long pid, uint64_t start, uint64_t end,
			const char *name)
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
	imports_add_file(walk->imports, fd, name, is_program(pid, &st));
	close(fd);
}

/* A file of /proc/PID, to be read; NULL if it can't be. */
static FILE *open_proc(long pid, const char *name)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	return fopen(path, "re");
}

/* Returns whether it has any memory. */
static bool add_mappings(struct walk *walk, long pid)
{
	FILE *maps = open_proc(pid, "maps");
	bool any = false;
	char *line = NULL;
	size_t size = 0;

	if (!maps)
		return false;
	while (!is_late(walk) && getline(&line, &size, maps) > 0) {
		uint64_t start, end, inode;
		char mode[5];
		int name = 0;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*s %*s %" SCNu64 " %n",
			   &start, &end, mode, &inode, &name) != 4)
			continue;
		any = true;
		line[strcspn(line, "\n")] = '\0';
		if (inode && mode[2] == 'x')
			add_mapping(walk, pid, start, end, printable(line + name));
	}
	free(line);
	fclose(maps);
	return any;
}

/* By any of its threads, for the first one may have ended. */
static bool add_threads(struct walk *walk, long pid)
{
	struct dirent *entry;
	bool any = false;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%ld/task", pid);
	dir = opendir(path);
	while (dir && !any && !is_late(walk) && (entry = readdir(dir)))
		any = add_mappings(walk, atol(entry->d_name));
	if (dir)
		closedir(dir);
	return any;
}

/* See proc(5); the kernel's SECCOMP_MODE_FILTER is 2. */
static bool has_filter(long pid)
{
	FILE *status = open_proc(pid, "status");
	char *line = NULL;
	size_t size = 0;
	int mode = 0;

	if (!status)
		return false;
	while (getline(&line, &size, status) > 0 && sscanf(line, "Seccomp: %d", &mode) != 1)
		;
	free(line);
	fclose(status);
	return mode == 2;
}

static void add_process(struct walk *walk, long pid)
{
	if (!add_mappings(walk, pid) && !add_threads(walk, pid))
		return;
	walk->imports->processes++;
	walk->imports->filtered += has_filter(pid);
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

		if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") ||
		    !strcmp(entry->d_name, ".."))
			continue;
		below = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (below >= 0)
			add_cgroup(walk, below, depth + 1);
	}
	closedir(dir);
}

void imports_add_cgroup(struct imports *imports, int dir)
{
	struct walk walk = {
		.imports = imports,
		.begun = clock(),
		.met = mem_alloc(MOST_IMAGES * sizeof(*walk.met)),
	};
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		add_cgroup(&walk, fd, 0);
	free(walk.met);
}
