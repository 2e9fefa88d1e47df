/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a process that reads files of others tells the one that started it: packets of
 * a SOCK_SEQPACKET socket. The sender may have been taken over by a file that it read,
 * so the receiver checks each number and each text.
 */
#ifndef CTL_PACKET_H
#define CTL_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Files of one cgroup that are looked at. */
#define PACKET_FILES	16384
/* Room for the numbers of all of them. */
#define PACKET_ROOM	(PACKET_FILES * sizeof(uint32_t))
/* No file of that number. */
#define PACKET_NO_FILE	UINT32_MAX

/**
 * enum packet_type - what a packet says
 * @PACKET_FILE: text: the path of the next file; files count from 0
 * @PACKET_PROCESS: a process has mapped the files in number[]; @file: it was started
 *	from that one, or PACKET_NO_FILE; @value: it has a seccomp filter
 * @PACKET_UNREAD: text: the path of @file, which is not read, or of none of the above
 *	(PACKET_NO_FILE); @value: enum unread_reason
 * @PACKET_CUT: no time was left to look for more files
 * @PACKET_NAMES: text: names of functions that the next image imports, each with a NUL
 * @PACKET_IMAGE: @file was read; @value: enum image_result; image[]: what it shows
 * @PACKET_END: all files were read
 */
enum packet_type {
	PACKET_FILE,
	PACKET_PROCESS,
	PACKET_UNREAD,
	PACKET_CUT,
	PACKET_NAMES,
	PACKET_IMAGE,
	PACKET_END,
};

/* struct image, but for the names. */
struct packet_image {
	int32_t abi;
	uint8_t interpreter;
	uint8_t library;
	uint8_t loader;
	uint8_t go;
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

/* Bytes of a packet that are no text. */
#define PACKET_HEAD offsetof(struct packet, text)

/*
 * Sends @packet with @len bytes behind its head. A sender has nothing to do without a
 * receiver, so it ends if that is gone.
 */
void packet_send(int to, const struct packet *packet, size_t len);
/* Sends @text, cut to 4095 bytes, as a packet of that type about @file. */
void packet_send_text(int to, enum packet_type type, uint32_t file, uint32_t value,
		      const char *text);

#endif /* CTL_PACKET_H */
