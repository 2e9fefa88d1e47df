// SPDX-License-Identifier: GPL-2.0
/*
 * What the child that reads untrusted files reports, packet by packet, and the imports that it
 * amounts to. A file may have taken over the child, so each number and each text is checked.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "infer/tale.h"

/* Limits the names that one file may import, in bytes; LLVM's libraries have about 100 KiB. */
#define MOST_NAMES	(4 * 1024 * 1024)

/**
 * struct file - a file that the child found
 * @path: path, for messages
 * @is_program: a process was started from this file
 * @loaded: a process that maps this file was started from a loader (ld.so PROGRAM)
 * @is_loaded_program: this is the program that such a loader started
 * @is_done: a packet reported its contents, or why it can't be read
 * @abi: ABI of its instructions, once it has been read
 */
struct file {
	char *path;
	bool is_program;
	bool loaded;
	bool is_loaded_program;
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
	if (packet->file != PACKET_NO_FILE)
		tale->file[packet->file].is_program = true;
	tale->imports->processes++;
	tale->imports->filtered += !!packet->value;
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

/* Marks the files that processes of this loader have mapped: the loader loaded them. */
static void mark_loaded(struct tale *tale, uint32_t loader)
{
	for (size_t i = 0; i < tale->nr_processes; i++) {
		const struct process *process = &tale->process[i];

		for (size_t j = 0; process->program == loader && j < process->count; j++)
			tale->file[process->file[j]].loaded = true;
	}
}

static void add_image(struct tale *tale, uint32_t number, const struct image *image)
{
	struct file *file = &tale->file[number];

	/*
	 * The C library can be started as a program, too, and names a loader; but it has a
	 * soname.
	 */
	file->abi = image->abi;
	file->is_loaded_program = file->loaded && image->interpreter && !image->library;
	if (file->is_program && image->loader)
		mark_loaded(tale, number);
	imports_add_image(tale->imports, image, file->path,
			  file->is_program || file->is_loaded_program);
}

static bool take_image(struct tale *tale, const struct packet *packet, size_t len)
{
	const struct image image = {
		.abi = packet->image.abi, .interpreter = packet->image.interpreter,
		.library = packet->image.library, .loader = packet->image.loader,
		.go = packet->image.go, .names = tale->names, .len = tale->len,
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
	return true;
}

bool tale_take(struct tale *tale, struct packet *packet, size_t len)
{
	switch (packet->type) {
	case PACKET_FILE:
		return take_file(tale, packet, len);
	case PACKET_PROCESS:
		return take_process(tale, packet, len);
	case PACKET_UNREAD:
		return take_unread(tale, packet, len);
	case PACKET_NAMES:
		return take_names(tale, packet, len);
	case PACKET_IMAGE:
		return take_image(tale, packet, len);
	case PACKET_CUT:
		tale->imports->cut_short = true;
		return true;
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
