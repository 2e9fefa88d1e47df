// SPDX-License-Identifier: GPL-2.0
/* Sends packets from the child that reads untrusted files. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "infer/packet.h"

#define MOST_TEXT 4096

void packet_send(int to, const struct packet *packet, size_t len)
{
	ssize_t put;

	do
		put = send(to, packet, PACKET_HEAD + len, MSG_NOSIGNAL);
	while (put < 0 && errno == EINTR);
	if (put < 0)
		_exit(1);
}

void packet_send_text(int to, enum packet_type type, uint32_t file, uint32_t value,
		      const char *text)
{
	struct {
		uint32_t head[3];
		char text[MOST_TEXT];
	} small = { .head = { type, file, value } };
	size_t len = strnlen(text, MOST_TEXT - 1);

	_Static_assert(offsetof(typeof(small), text) == PACKET_HEAD, "the head of a packet");
	memcpy(small.text, text, len);
	packet_send(to, (const struct packet *)&small, len + 1);
}
