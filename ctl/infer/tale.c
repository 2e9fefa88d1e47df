// SPDX-License-Identifier: GPL-2.0
/*
 * What the child that reads untrusted files reports, packet by packet, and the imports that it
 * amounts to. A file may have taken over the child, so each number and each text is checked.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "infer/tale.h"

/* Limits the names that one file may import, in bytes; LLVM's libraries have about 100 KiB. */
#define MOST_NAMES	(1024 * 1024)
/*
 * A program whose imports lead to no more calls than this is a launcher: all that it does is in
 * its libraries. The launcher of Java has 1, Ruby's executable 20, and the smallest of the
 * servers in eval 54.
 */
#define MOST_LAUNCHER	24
/*
 * A library whose imports lead to more calls than this holds far more than the program uses of
 * it: a language that the program can be scripted in (libperl has 137, libpython 193), or all
 * of a system (libsystemd has 112). Of libraries that hold a program's code, libapr has most, 109.
 */
#define MOST_LIBRARY	110
/* How often a file is compared with a name, so that hostile files can't take the time. */
#define MOST_TESTS	(16 * 1024 * 1024)

/**
 * struct file - a file that the child found
 * @path: path, for messages
 * @is_program: a process was started from this file
 * @runs: such a process has not ended
 * @loaded: a process that maps this file was started from a loader (ld.so PROGRAM)
 * @is_loaded_program: this is the program that such a loader started
 * @holder: what this library is to the program that needs it most
 * @is_done: a packet reported its contents, or why it can't be read
 * @abi: ABI of its instructions, once it has been read
 */
struct file {
	char *path;
	bool is_program;
	bool runs;
	bool loaded;
	bool is_loaded_program;
	enum holder holder;
	bool is_done;
	int abi;
};

/* A process: the files that it maps, and the file from which it was started. */
struct process {
	uint32_t program;
	uint32_t *file;
	size_t count;
};

/* Everything that one child reported. */
struct tale {
	struct imports *imports;
	struct file *file;
	uint32_t nr_files;
	struct process *process;
	size_t nr_processes;
	char *names;
	size_t len;
	/* What the next image needs; as in struct image. */
	char needed[IMAGE_NEEDED * IMAGE_NAME];
	size_t needed_len;
	unsigned int tests;
	bool read;
	bool ended;
};

struct tale *tale_new(struct imports *imports)
{
	struct tale *tale = mem_alloc(sizeof(*tale));

	tale->imports = imports;
	tale->file = mem_alloc(PACKET_FILES * sizeof(*tale->file));
	return tale;
}

void tale_free(struct tale *tale)
{
	for (uint32_t i = 0; i < tale->nr_files; i++)
		free(tale->file[i].path);
	for (size_t i = 0; i < tale->nr_processes; i++)
		free(tale->process[i].file);
	free(tale->file);
	free(tale->process);
	free(tale->names);
	free(tale);
}

static bool is_text(const struct packet *packet, size_t len)
{
	return len && !packet->text[len - 1];
}

static bool take_file(struct tale *tale, struct packet *packet, size_t len)
{
	if (!is_text(packet, len) || tale->nr_files == PACKET_FILES)
		return false;
	tale->file[tale->nr_files++].path = mem_string(printable(packet->text));
	return true;
}

static bool take_process(struct tale *tale, const struct packet *packet, size_t len)
{
	size_t count = len / sizeof(packet->number[0]);
	struct process *process;

	if (packet->file != PACKET_NO_FILE && packet->file >= tale->nr_files)
		return false;
	for (size_t i = 0; i < count; i++)
		if (packet->number[i] >= tale->nr_files)
			return false;
	tale->process = mem_grow(tale->process, tale->nr_processes + 1, sizeof(*tale->process));
	process = &tale->process[tale->nr_processes++];
	*process = (struct process){ .program = packet->file, .count = count };
	process->file = mem_grow(NULL, count + 1, sizeof(*process->file));
	memcpy(process->file, packet->number, count * sizeof(*process->file));
	if (packet->file != PACKET_NO_FILE) {
		tale->file[packet->file].is_program = true;
		tale->file[packet->file].runs = true;
	}
	tale->imports->processes++;
	tale->imports->filtered += !!packet->value;
	return true;
}

static bool take_executed(struct tale *tale, const struct packet *packet)
{
	if (packet->file >= tale->nr_files)
		return false;
	tale->file[packet->file].is_program = true;
	tale->imports->executed++;
	return true;
}

static bool take_unread(struct tale *tale, struct packet *packet, size_t len)
{
	if (!is_text(packet, len) || packet->value >= __UNREAD_REASON_MAX ||
	    tale->imports->nr_unread > PACKET_FILES)
		return false;
	if (packet->file < tale->nr_files)
		tale->file[packet->file].is_done = true;
	imports_note_unread(tale->imports, packet->value, printable(packet->text));
	return true;
}

static bool take_names(struct tale *tale, const struct packet *packet, size_t len)
{
	if (!is_text(packet, len) || len > MOST_NAMES - tale->len)
		return false;
	tale->names = mem_grow(tale->names, tale->len + len, 1);
	memcpy(tale->names + tale->len, packet->text, len);
	tale->len += len;
	return true;
}

static bool take_needed(struct tale *tale, const struct packet *packet, size_t len)
{
	if (!is_text(packet, len) || len > sizeof(tale->needed))
		return false;
	memcpy(tale->needed, packet->text, len);
	tale->needed_len = len;
	return true;
}

/* ---- what is a program's own */

/*
 * Whether the image needs the library @path. The name that it is needed by is in most cases the
 * beginning of the file's name: libz.so.1 of libz.so.1.2.13.
 */
static bool needs(struct tale *tale, const struct image *image, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;

	for (size_t at = 0, len; at < image->needed_len; at += len + 1) {
		const char *name = image->needed + at;

		len = strlen(name);
		tale->tests++;
		if (!strncmp(base, name, len) && (!base[len] || base[len] == '.'))
			return true;
	}
	return false;
}

/*
 * The length of the part of a program's path that is the root of a tree of its own, such as
 * /usr/lib/jvm/java-17 of /usr/lib/jvm/java-17/bin/java; 0 if others have files there, too.
 */
static size_t tree_of(const char *path)
{
	static const char *const shared[] = {
		"", "/usr", "/usr/local", "/usr/lib*", "/lib*", "/usr/local/lib*",
		"/usr/lib/*-linux-*", "/bin", "/sbin",
	};
	char *tree = mem_string(path);
	size_t len = 0;

	for (unsigned int i = 0; i < 2; i++) {
		char *slash = strrchr(tree, '/');

		if (i && (!slash || (strcmp(slash, "/bin") && strcmp(slash, "/sbin"))))
			break;
		*(slash ? slash : tree) = '\0';
	}
	len = strlen(tree);
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (!fnmatch(shared[i], tree, FNM_PATHNAME))
			len = 0;
	free(tree);
	return len;
}

/*
 * Marks the libraries that are this program's own: those that it needs, and those in its tree.
 * For a launcher, they are the program.
 */
static void mark_own(struct tale *tale, uint32_t program, const struct image *image)
{
	struct bitmap calls = imports_calls(tale->imports, image);
	enum holder holder = bitmap_count(&calls) <= MOST_LAUNCHER ? HOLDER_PROGRAM : HOLDER_OWN;
	const char *path = tale->file[program].path;
	size_t tree = tree_of(path);

	for (size_t i = 0; i < tale->nr_processes; i++) {
		const struct process *process = &tale->process[i];

		for (size_t j = 0; process->program == program && j < process->count; j++) {
			struct file *file = &tale->file[process->file[j]];

			if (file->holder >= holder || tale->tests > MOST_TESTS)
				continue;
			if ((tree && !strncmp(file->path, path, tree + 1)) ||
			    needs(tale, image, file->path))
				file->holder = holder;
		}
	}
}

/* Marks the files that processes of this loader have mapped: the loader loaded them. */
static void mark_loaded(struct tale *tale, uint32_t loader)
{
	for (size_t i = 0; i < tale->nr_processes; i++) {
		const struct process *process = &tale->process[i];

		for (size_t j = 0; process->program == loader && j < process->count; j++)
			tale->file[process->file[j]].loaded = true;
	}
}

static enum holder holder_of(const struct tale *tale, const struct file *file,
			     const struct image *image)
{
	struct bitmap calls;

	if (file->is_program || file->is_loaded_program)
		return HOLDER_PROGRAM;
	if (file->holder != HOLDER_OWN)
		return file->holder;
	calls = imports_calls(tale->imports, image);
	return bitmap_count(&calls) > MOST_LIBRARY ? HOLDER_LIBRARY : HOLDER_OWN;
}

static void add_image(struct tale *tale, uint32_t number, const struct image *image)
{
	struct file *file = &tale->file[number];
	enum holder holder;

	/*
	 * The C library can be started as a program, too, and names a loader; but it has a
	 * soname.
	 */
	file->abi = image->abi;
	file->is_loaded_program = file->loaded && image->interpreter && !image->library;
	holder = holder_of(tale, file, image);
	if (file->is_program && image->loader)
		mark_loaded(tale, number);
	else if (file->is_program)
		mark_own(tale, number, image);
	imports_add_image(tale->imports, image, file->path, holder);
	if (file->is_program || file->is_loaded_program)
		imports_note_kinds(tale->imports, image, file->path,
				   file->runs || file->is_loaded_program);
}

static bool take_image(struct tale *tale, const struct packet *packet, size_t len)
{
	const struct image image = {
		.abi = packet->image.abi, .interpreter = packet->image.interpreter,
		.library = packet->image.library, .loader = packet->image.loader,
		.go = packet->image.go, .go_named = packet->image.go_named,
		.names = tale->names, .len = tale->len,
		.needed = tale->needed, .needed_len = tale->needed_len,
	};

	if (len != sizeof(packet->image) || packet->file >= tale->nr_files ||
	    tale->file[packet->file].is_done || image.abi < -1 || image.abi >= NR_ABIS)
		return false;
	tale->file[packet->file].is_done = true;
	if (packet->value == IMAGE_READ)
		add_image(tale, packet->file, &image);
	else if (packet->value == IMAGE_UNSOUND)
		imports_note_unread(tale->imports, UNREAD_UNSOUND, tale->file[packet->file].path);
	tale->len = 0;
	tale->needed_len = 0;
	return true;
}

/* ---- what can be reached */

static bool take_way(struct tale *tale, struct packet *packet, size_t len)
{
	struct ceiling *ceiling = &tale->imports->ceiling;

	if (!tale->read || !is_text(packet, len) || packet->value >= SCMOD_NR_BITS ||
	    len > CEILING_TEXT || ceiling->way[packet->value])
		return false;
	bitmap_add(&ceiling->calls, packet->value);
	ceiling->way[packet->value] = mem_string(printable(packet->text));
	return true;
}

static bool take_ceiling(struct tale *tale, struct packet *packet, size_t len)
{
	struct ceiling *ceiling = &tale->imports->ceiling;

	if (!tale->read || !is_text(packet, len) || packet->value >= __CEILING_STATE_MAX)
		return false;
	ceiling->state = packet->value;
	ceiling->starts = packet->file == 1;
	snprintf(ceiling->what, sizeof(ceiling->what), "%s", printable(packet->text));
	return true;
}

/* ---- the whole */

bool tale_take(struct tale *tale, struct packet *packet, size_t len)
{
	switch (packet->type) {
	case PACKET_FILE:
		return take_file(tale, packet, len);
	case PACKET_PROCESS:
		return take_process(tale, packet, len);
	case PACKET_EXECUTED:
		return take_executed(tale, packet);
	case PACKET_UNREAD:
		return take_unread(tale, packet, len);
	case PACKET_NAMES:
		return take_names(tale, packet, len);
	case PACKET_NEEDED:
		return take_needed(tale, packet, len);
	case PACKET_IMAGE:
		return take_image(tale, packet, len);
	case PACKET_CUT:
		tale->imports->cut_short = true;
		return true;
	case PACKET_READ:
		tale->read = true;
		return true;
	case PACKET_WAY:
		return take_way(tale, packet, len);
	case PACKET_CEILING:
		return take_ceiling(tale, packet, len);
	case PACKET_END:
		tale->ended = true;
		return true;
	default:
		return false;
	}
}

/* Notes processes that were started from a loader, but whose program was not found. */
static void note_loaders(const struct tale *tale)
{
	for (size_t i = 0; i < tale->nr_processes; i++) {
		const struct process *process = &tale->process[i];
		bool found = false;

		if (process->program == PACKET_NO_FILE || !tale->file[process->program].loaded)
			continue;
		for (size_t j = 0; j < process->count; j++)
			found |= tale->file[process->file[j]].is_loaded_program;
		if (!found)
			imports_note_program(tale->imports, tale->file[process->program].abi,
					     PROGRAM_STATIC, tale->file[process->program].path);
	}
}

bool tale_has_read(const struct tale *tale)
{
	return tale->read;
}

bool tale_has_ended(const struct tale *tale)
{
	return tale->ended;
}

void tale_finish(struct tale *tale, bool late)
{
	note_loaders(tale);
	for (uint32_t i = 0; late && i < tale->nr_files; i++)
		if (!tale->file[i].is_done)
			imports_note_unread(tale->imports, UNREAD_LEFT, tale->file[i].path);
}
