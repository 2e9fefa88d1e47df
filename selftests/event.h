/* SPDX-License-Identifier: GPL-2.0 */
/* Events, as they come over generic netlink by hand. */
#ifndef SELFTESTS_EVENT_H
#define SELFTESTS_EVENT_H

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "genl.h"

/* The attributes of an event; ~0 for those that it does not have. */
struct event {
	uint32_t event;
	uint64_t id;
	uint32_t mode;
	char path[256];
	size_t records;
	uint32_t events_lost;
	struct scmod_record record;
	size_t values;
	struct scmod_value_record value;
};

static inline void event_parse(struct event *event, const unsigned char *data, size_t len)
{
	size_t skip = NLMSG_HDRLEN + GENL_HDRLEN;
	const struct nlattr *path, *records, *values;

	data += skip;
	len -= skip;
	*event = (struct event){
		.event = attr_u32(attr_find(data, len, SCMOD_A_POLICY_EVENT)),
		.id = attr_u64(attr_find(data, len, SCMOD_A_POLICY_ID)),
		.mode = attr_u32(attr_find(data, len, SCMOD_A_POLICY_MODE)),
		.events_lost = attr_u32(attr_find(data, len, SCMOD_A_POLICY_EVENTS_LOST)),
	};
	path = attr_find(data, len, SCMOD_A_POLICY_PATH);
	if (path && attr_len(path) < sizeof(event->path))
		memcpy(event->path, attr_data(path), attr_len(path));
	values = attr_find(data, len, SCMOD_A_POLICY_VALUES);
	if (values) {
		event->values = attr_len(values) / sizeof(event->value);
		memcpy(&event->value, attr_data(values), sizeof(event->value));
	}
	records = attr_find(data, len, SCMOD_A_POLICY_RECORDS);
	if (!records)
		return;
	event->records = attr_len(records) / sizeof(event->record);
	memcpy(&event->record, attr_data(records), sizeof(event->record));
}

/* 0, or a negative errno value: ETIMEDOUT if none comes, EBADMSG for nonsense. */
static inline int event_next(struct genl *ear, struct event *event, int ms)
{
	unsigned char data[RECV_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct pollfd poll_fd = { .fd = ear->fd, .events = POLLIN };
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)data;
	ssize_t len;

	if (poll(&poll_fd, 1, ms) != 1)
		return -ETIMEDOUT;
	len = recv(ear->fd, data, sizeof(data), MSG_DONTWAIT);
	if (len < 0)
		return -errno;
	if (len < (ssize_t)(NLMSG_HDRLEN + GENL_HDRLEN) || nlh->nlmsg_len != len ||
	    nlh->nlmsg_type != ear->family || nlh->nlmsg_pid || nlh->nlmsg_seq ||
	    data[NLMSG_HDRLEN] != SCMOD_CMD_EVENT)
		return -EBADMSG;
	event_parse(event, data, len);
	return 0;
}

#endif /* SELFTESTS_EVENT_H */
