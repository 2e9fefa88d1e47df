// SPDX-License-Identifier: GPL-2.0
/* Sends packets from the child that reads untrusted files. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "infer/packet.h"

#define MOST_TEXT 4096

_Static_assert(IMAGE_NEEDED * IMAGE_NAME <= PACKET_ROOM, "one packet holds what an image needs");

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

static void send_names(int to, struct packet *packet, const struct image *image)
{
	packet->type = PACKET_NAMES;
	for (size_t at = 0, len; at < image->len; at += len) {
		len = image->len - at < PACKET_ROOM ? image->len - at : PACKET_ROOM;
		/* Each packet ends at the end of a name. */
		while (image->names[at + len - 1])
			len--;
		memcpy(packet->text, image->names + at, len);
		packet_send(to, packet, len);
	}
}

void packet_send_image(int to, struct packet *packet, uint32_t file, enum image_result result,
		       const struct image *image)
{
	send_names(to, packet, image);
	packet->type = PACKET_NEEDED;
	if (image->needed_len) {
		memcpy(packet->text, image->needed, image->needed_len);
		packet_send(to, packet, image->needed_len);
	}
	packet->type = PACKET_IMAGE;
	packet->file = file;
	packet->value = result;
	packet->image = (struct packet_image){
		.abi = image->abi, .interpreter = image->interpreter, .library = image->library,
		.loader = image->loader, .go = image->go,
		.go_named = image->go_named,
	};
	packet_send(to, packet, sizeof(packet->image));
}
