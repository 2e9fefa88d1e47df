// SPDX-License-Identifier: GPL-2.0
/*
 * What the hook at a container's start leaves for the hook at its end: a file of the container's
 * id in a directory that only root can write to, and that is gone after a reboot, as the policy is.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "verbs/kept.h"
#include "verbs/oci_note.h"

#define NOTE_DIR KEPT_DIR "/oci"
#define NOTE_MAX 256

static char *path_of(const struct oci_state *state)
{
	return mem_print(NOTE_DIR "/%s", state->id);
}

static int make_dir(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) && errno != EEXIST)
		return -errno;
	if (lstat(path, &st))
		return -errno;
	return S_ISDIR(st.st_mode) && !st.st_uid && !(st.st_mode & 022) ? 0 : -EPERM;
}

int oci_note_write(const struct oci_state *state, const struct oci_note *note)
{
	char *path = path_of(state);
	char *text = mem_print("%" PRIu64 " %s\n", note->policy, note->runtime);
	int err = make_dir(KEPT_DIR);

	if (!err)
		err = make_dir(NOTE_DIR);
	if (!err && file_write(path, text, strlen(text)))
		err = -errno;
	free(text);
	free(path);
	return err;
}

int oci_note_take(const struct oci_state *state, struct oci_note *note)
{
	char *path = path_of(state);
	char *text = file_read_regular(path, NOTE_MAX);
	int err = text ? 0 : -errno;

	if (!err && sscanf(text, "%" SCNu64 " %15s", &note->policy, note->runtime) != 2)
		err = -EBADMSG;
	if (!err)
		unlink(path);
	free(text);
	free(path);
	return err;
}
