// SPDX-License-Identifier: GPL-2.0
/*
 * Sends one request over generic netlink and receives the whole answer. libnl does not decode
 * extended acks, so extack_read() does.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/scmod.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "kernel/exchange.h"

#define RECV_BUFFER (64 * 1024)
/* Room for a change that has all rules, and all values that may have been seen. */
#define SEND_BUFFER (128 * 1024)

static struct nl_sock *sock;
static int family;
/* The module's message about the last request; empty if there was none. */
static struct exchange_words words;

/* @skip: number of payload bytes before the TLVs. */
static void extack_read(const struct nlmsghdr *hdr, size_t skip)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	size_t len = nlmsg_datalen(hdr);

	skip = NLMSG_ALIGN(skip);
	if (!(hdr->nlmsg_flags & NLM_F_ACK_TLVS) || skip >= len)
		return;
	if (nla_parse(tb, NLMSGERR_ATTR_MAX,
		      (struct nlattr *)((char *)nlmsg_data(hdr) + skip), len - skip, NULL))
		return;
	if (tb[NLMSGERR_ATTR_MSG])
		nla_strlcpy(words.text, tb[NLMSGERR_ATTR_MSG], sizeof(words.text));
}

static void ack_read(const struct nlmsghdr *hdr)
{
	const struct nlmsgerr *ack = nlmsg_data(hdr);
	size_t skip = sizeof(*ack);

	if (!(hdr->nlmsg_flags & NLM_F_CAPPED))
		skip += ack->msg.nlmsg_len - NLMSG_HDRLEN;
	extack_read(hdr, skip);
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;

	ack_read(nlmsg_hdr(msg));
	exchange->done = true;
	return NL_STOP;
}

/*
 * A malformed reply may carry any number. Map all but valid errnos to EBADMSG, or callers
 * could take it for success.
 */
static int checked(int err)
{
	return err < 0 && err >= -SCMOD_ERRNO_MAX ? err : -EBADMSG;
}

/*
 * Keeps the first error of the answer. A later message must not overwrite it, such as the one
 * that ends a dump and reports success.
 */
static void keep_error(struct exchange *exchange, int err)
{
	if (!exchange->err)
		exchange->err = err;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *ack, void *arg)
{
	struct exchange *exchange = arg;

	(void)from;
	ack_read((struct nlmsghdr *)((char *)ack - NLMSG_HDRLEN));
	keep_error(exchange, checked(ack->error));
	exchange->done = true;
	return NL_STOP;
}

/* A dump that fails midway reports the error in the message that ends it. */
static int on_finish(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct exchange *exchange = arg;
	int err = 0;

	if (nlmsg_datalen(hdr) >= (int)sizeof(err))
		memcpy(&err, nlmsg_data(hdr), sizeof(err));
	extack_read(hdr, sizeof(err));
	keep_error(exchange, err < 0 ? checked(err) : 0);
	exchange->done = true;
	return NL_STOP;
}

static int on_interrupted(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;

	(void)msg;
	exchange->interrupted = true;
	return NL_OK;
}

static int on_message(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;

	exchange->messages++;
	/* After an error, receive the rest to empty the socket, but ignore it. */
	if (exchange->message && !exchange->err)
		keep_error(exchange, exchange->message(nlmsg_hdr(msg), exchange->arg));
	return NL_OK;
}

/* Translates libnl's error numbers to errno values. */
static int errno_of(int nle)
{
	switch (-nle) {
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_MSG_TRUNC:
	case NLE_MSG_OVERFLOW:
		return -EMSGSIZE;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	default:
		return -EIO;
	}
}

static int receive(struct exchange *exchange)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int nle = 0;

	if (!cb)
		return -ENOMEM;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, exchange);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, exchange);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, exchange);
	nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_interrupted, exchange);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, exchange);
	while (!exchange->done && nle >= 0)
		nle = nl_recvmsgs(sock, cb);
	nl_cb_put(cb);
	if (!exchange->done)
		keep_error(exchange, errno_of(nle));
	return exchange->err;
}

int exchange_run(struct nl_msg *msg, struct exchange *exchange)
{
	int nle = nl_send_auto(sock, msg);

	nlmsg_free(msg);
	words.text[0] = '\0';
	if (nle < 0)
		return errno_of(nle);
	return receive(exchange);
}

struct nl_msg *exchange_request(int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(SEND_BUFFER);

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, flags,
				cmd, SCMOD_FAMILY_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

void exchange_close(void)
{
	nl_socket_free(sock);
	sock = NULL;
}

int exchange_open(void)
{
	int on = 1;
	int nle;

	/*
	 * A verb may call this for each cgroup on its command line, so close the former
	 * socket first.
	 */
	exchange_close();
	sock = nl_socket_alloc();
	if (!sock)
		return -ENOMEM;
	nle = genl_connect(sock);
	if (nle < 0)
		return errno_of(nle);
	nl_socket_set_msg_buf_size(sock, RECV_BUFFER);
	nl_socket_enable_msg_peek(sock);
	setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	family = genl_ctrl_resolve(sock, SCMOD_FAMILY_NAME);
	return family < 0 ? errno_of(family) : 0;
}

const char *exchange_reason(int err)
{
	return words.text[0] ? words.text : strerror(-err);
}

struct exchange_words exchange_words(void)
{
	return words;
}

void exchange_set_words(struct exchange_words former)
{
	words = former;
}
