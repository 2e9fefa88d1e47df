/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets on a SOCK_SEQPACKET socket, from the child that reads untrusted files to its
 * parent. A file may have taken over the child, so the parent checks each number and each
 * text.
 */
#ifndef CTL_PACKET_H
#define CTL_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "infer/image.h"

/* At most so many files of one cgroup are read. */
#define PACKET_FILES	16384
/* Size of the largest payload, in bytes: a process may map all of these files. */
#define PACKET_ROOM	(PACKET_FILES * sizeof(uint32_t))
/* Stands for "no file". */
#define PACKET_NO_FILE	UINT32_MAX

/**
 * enum packet_type - the contents of a packet
 * @PACKET_FILE: text: path of the next file; files are numbered from 0
 * @PACKET_PROCESS: a process maps the files in number[]. @file: the file from which it was
 *	started, or PACKET_NO_FILE. @value: whether it has a seccomp filter
 * @PACKET_EXECUTED: @file is a program that was executed; no process of it is left
 * @PACKET_UNREAD: text: path of @file, which can't be read; @file is PACKET_NO_FILE if the
 *	path was not announced. @value: enum unread_reason
 * @PACKET_CUT: the time was over before all files were found
 * @PACKET_NAMES: text: names of functions that the next image imports, each followed by a NUL
 * @PACKET_NEEDED: text: names of the libraries that the next image needs, in the same form
 * @PACKET_IMAGE: @file was examined. @value: enum image_result; image[]: its properties
 * @PACKET_READ: the imports of all files have been read; what follows is about what can be reached
 * @PACKET_WAY: text: the way to the call @value, which can be reached
 * @PACKET_CEILING: @value: enum ceiling_state; text: what makes the calls incomplete. @file: 1 if a
 *	program can start others
 * @PACKET_END: all is told
 */
enum packet_type {
	PACKET_FILE,
	PACKET_PROCESS,
	PACKET_EXECUTED,
	PACKET_UNREAD,
	PACKET_CUT,
	PACKET_NAMES,
	PACKET_NEEDED,
	PACKET_IMAGE,
	PACKET_READ,
	PACKET_WAY,
	PACKET_CEILING,
	PACKET_END,
};

/* struct image without the names of functions and libraries. */
struct packet_image {
	int32_t abi;
	uint8_t interpreter;
	uint8_t library;
	uint8_t loader;
	uint8_t go;
	uint8_t go_named;
};

struct packet {
	uint32_t type;
	uint32_t file;
	uint32_t value;
	union {
		char text[PACKET_ROOM];
		uint32_t number[PACKET_FILES];
		struct packet_image image;
	};
};

/* Size of a packet's head, in bytes. */
#define PACKET_HEAD offsetof(struct packet, text)

/*
 * Sends @packet with @len bytes after its head. If the receiver is gone, ends this process,
 * which has no other purpose.
 */
void packet_send(int to, const struct packet *packet, size_t len);
/* Sends @text, truncated to 4095 bytes, as a packet of that type about @file. */
void packet_send_text(int to, enum packet_type type, uint32_t file, uint32_t value,
		      const char *text);
/*
 * Sends what was read of @file: its names, and then its properties. @packet is room for the
 * packets, whose contents are lost.
 */
void packet_send_image(int to, struct packet *packet, uint32_t file, enum image_result result,
		       const struct image *image);

#endif /* CTL_PACKET_H */
