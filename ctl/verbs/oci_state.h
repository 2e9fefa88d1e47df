/* SPDX-License-Identifier: GPL-2.0 */
/* What a container runtime tells a hook on standard input. */
#ifndef CTL_OCI_STATE_H
#define CTL_OCI_STATE_H

#include <stdbool.h>
#include <sys/types.h>

#include <json-c/json.h>

/**
 * struct oci_state - the state of a container, by the OCI runtime specification
 * @id: the container's id, which can be the name of a file
 * @pid: its first process; 0 when it has stopped
 * @stopped: whether it has stopped
 * @annotations: the container's annotations; never NULL
 * @bundle: the directory with its configuration, or NULL
 * @state, @config: what the texts above belong to
 */
struct oci_state {
	const char *id;
	pid_t pid;
	bool stopped;
	json_object *annotations;
	const char *bundle;
	json_object *state;
	json_object *config;
};

/*
 * Reads the state from standard input, and from config.json in the container's bundle what the
 * state lacks. Prints errors and returns an exit code; release @state in any case.
 */
int oci_state_read(struct oci_state *state);
/*
 * The capabilities that the container's program can have, separated by commas, as its config.json
 * says; none if that can't be read. To be freed.
 */
char *oci_state_caps(struct oci_state *state);
void oci_state_release(struct oci_state *state);

#endif /* CTL_OCI_STATE_H */
