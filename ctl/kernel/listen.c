// SPDX-License-Identifier: GPL-2.0
/*
 * Receives the module's events. The socket for requests is another one, so that events don't come
 * between the messages of an answer. libnl does not tell ENOBUFS from ENOMEM, so recv() is called
 * here.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/attr.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "kernel/listen.h"
#include "kernel/nl_read.h"

/* Events have at most a path and a record. */
#define EVENT_BYTES (2 * SCMOD_PATH_MAX)
/* Room for bursts: some ten thousand events. */
#define RECV_BYTES (8 * 1024 * 1024)

static struct nl_sock *ear;
static int family;

static const struct nla_policy types[SCMOD_A_POLICY_MAX + 1] = {
	[SCMOD_A_POLICY_EVENT] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_ID] = { .type = NLA_U64 },
	[SCMOD_A_POLICY_MODE] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_PATH] = { .type = NLA_STRING, .maxlen = SCMOD_PATH_MAX },
	[SCMOD_A_POLICY_RECORDS] = { .minlen = sizeof(struct scmod_record) },
	[SCMOD_A_POLICY_VALUES] = { .minlen = sizeof(struct scmod_value_record) },
};

/* An event may come before the answer. It is dropped, as if it had happened before LISTEN. */
static int read_ack(void)
{
	char data[EVENT_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *hdr = (const struct nlmsghdr *)data;

	for (;;) {
		ssize_t len = recv(nl_socket_get_fd(ear), data, sizeof(data), 0);

		if (len < 0)
			return -errno;
		if (!nlmsg_ok(hdr, len))
			return -EBADMSG;
		if (hdr->nlmsg_type == NLMSG_ERROR)
			return ((const struct nlmsgerr *)nlmsg_data(hdr))->error;
	}
}

static int ask(void)
{
	struct nl_msg *msg = nlmsg_alloc();
	int err = -ENOMEM;

	if (msg && genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, NLM_F_ACK,
			       SCMOD_CMD_LISTEN, SCMOD_FAMILY_VERSION))
		err = nl_send_auto(ear, msg) < 0 ? -EIO : read_ack();
	nlmsg_free(msg);
	return err;
}

int listen_open(void)
{
	ear = nl_socket_alloc();
	if (!ear)
		return -ENOMEM;
	if (genl_connect(ear) < 0)
		return -EIO;
	family = genl_ctrl_resolve(ear, SCMOD_FAMILY_NAME);
	if (family < 0)
		return -ENOENT;
	/* Unlike SO_RCVBUF, not limited by the sysctl net.core.rmem_max. */
	setsockopt(nl_socket_get_fd(ear), SOL_SOCKET, SO_RCVBUFFORCE, &(int){ RECV_BYTES },
		   sizeof(int));
	return ask();
}

void listen_close(void)
{
	nl_socket_free(ear);
	ear = NULL;
}

static int parse(struct nlmsghdr *hdr, struct event *event)
{
	struct nlattr *tb[SCMOD_A_POLICY_MAX + 1];

	if (genlmsg_parse(hdr, 0, tb, SCMOD_A_POLICY_MAX, types) < 0 ||
	    !tb[SCMOD_A_POLICY_EVENT] || !tb[SCMOD_A_POLICY_ID])
		return -EBADMSG;
	event->type = nla_get_u32(tb[SCMOD_A_POLICY_EVENT]);
	event->id = nla_get_u64(tb[SCMOD_A_POLICY_ID]);
	event->mode = u32_or_0(tb[SCMOD_A_POLICY_MODE]);
	event->path[0] = '\0';
	if (tb[SCMOD_A_POLICY_PATH])
		nla_strlcpy(event->path, tb[SCMOD_A_POLICY_PATH], sizeof(event->path));
	event->call = tb[SCMOD_A_POLICY_RECORDS];
	if (event->call)
		memcpy(&event->record, nla_data(tb[SCMOD_A_POLICY_RECORDS]), sizeof(event->record));
	event->has_value = tb[SCMOD_A_POLICY_VALUES];
	if (event->has_value)
		memcpy(&event->value, nla_data(tb[SCMOD_A_POLICY_VALUES]), sizeof(event->value));
	return 1;
}

int listen_next(struct event *event, int ms)
{
	char data[EVENT_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct pollfd ready = { .fd = nl_socket_get_fd(ear), .events = POLLIN };
	struct nlmsghdr *hdr = (struct nlmsghdr *)data;
	int ret = poll(&ready, 1, ms);
	ssize_t len;

	if (ret <= 0)
		return ret ? -errno : 0;
	len = recv(ready.fd, data, sizeof(data), MSG_DONTWAIT);
	if (len < 0)
		return errno == EAGAIN ? 0 : -errno;
	return nlmsg_ok(hdr, len) && hdr->nlmsg_type == family ? parse(hdr, event) : -EBADMSG;
}
