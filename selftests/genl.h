/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generic netlink without a library, since libraries send well-formed messages only:
 * messages of any shape, and the kernel's answers.
 *
 * The kernel works on a message while it is sent, so that all answers are there
 * when send() returns: nothing here waits.
 */
#ifndef SELFTESTS_GENL_H
#define SELFTESTS_GENL_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/scmod.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/* Large enough for a message that the kernel has no room for. */
#define MSG_BYTES	(512 * 1024)
/* A policy with as many rules for values as there may be is one message. */
#define RECV_BYTES	32768
/* Messages whose sizes are kept. */
#define ANSWER_SIZES	256

/* No answer came. */
#define SILENT		1

struct genl {
	int fd;
	uint16_t family;
	uint32_t seq;
};

struct msg {
	size_t len;
	unsigned char data[MSG_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/*
 * @err: 0, a negative errno value or SILENT; @text: the extended ack's.
 * @data: payloads of the answers one after the other, without netlink headers;
 * of @size bytes, @len of them used. @sizes: of the first of these payloads.
 */
struct answer {
	int err;
	char text[256];
	unsigned int messages;
	bool truncated;
	unsigned char *data;
	size_t len;
	size_t size;
	size_t sizes[ANSWER_SIZES];
};

static inline struct nlmsghdr *msg_header(struct msg *m)
{
	return (struct nlmsghdr *)m->data;
}

static inline void msg_bytes(struct msg *m, const void *data, size_t len)
{
	if (data)
		memcpy(m->data + m->len, data, len);
	else
		memset(m->data + m->len, 0, len);
	m->len += len;
	msg_header(m)->nlmsg_len = m->len;
}

static inline void msg_pad(struct msg *m)
{
	msg_bytes(m, NULL, NLMSG_ALIGN(m->len) - m->len);
}

static inline void msg_begin(struct msg *m, uint16_t type, uint16_t flags, uint8_t cmd)
{
	struct nlmsghdr nlh = {
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags,
	};
	struct genlmsghdr hdr = { .cmd = cmd, .version = SCMOD_FAMILY_VERSION };

	m->len = 0;
	msg_bytes(m, &nlh, sizeof(nlh));
	msg_bytes(m, &hdr, sizeof(hdr));
}

/* An attribute whose header says @says, not what it holds. */
static inline void msg_put_odd(struct msg *m, uint16_t type, const void *data, size_t len,
			       uint16_t says)
{
	struct nlattr attr = { .nla_type = type, .nla_len = says };

	msg_bytes(m, &attr, sizeof(attr));
	msg_bytes(m, data, len);
	msg_pad(m);
}

static inline void msg_put(struct msg *m, uint16_t type, const void *data, size_t len)
{
	msg_put_odd(m, type, data, len, NLA_HDRLEN + len);
}

static inline void msg_put_u32(struct msg *m, uint16_t type, uint32_t value)
{
	msg_put(m, type, &value, sizeof(value));
}

static inline void msg_put_u64(struct msg *m, uint16_t type, uint64_t value)
{
	msg_put(m, type, &value, sizeof(value));
}

/* Returns where the nest begins, for msg_nest_end(). */
static inline size_t msg_nest(struct msg *m, uint16_t type)
{
	size_t at = m->len;

	msg_put(m, type, NULL, 0);
	return at;
}

static inline void msg_nest_end(struct msg *m, size_t at)
{
	struct nlattr *nest = (struct nlattr *)(m->data + at);

	nest->nla_len = m->len - at;
}

/* The first attribute of a type, or NULL. */
static inline const struct nlattr *attr_find(const void *head, size_t len, uint16_t type)
{
	const unsigned char *at = head;

	while (len >= sizeof(struct nlattr)) {
		const struct nlattr *attr = (const struct nlattr *)at;
		size_t step = NLA_ALIGN(attr->nla_len);

		if (attr->nla_len < sizeof(*attr) || attr->nla_len > len)
			break;
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		if (step >= len)
			break;
		at += step;
		len -= step;
	}
	return NULL;
}

static inline const void *attr_data(const struct nlattr *attr)
{
	return (const unsigned char *)attr + NLA_HDRLEN;
}

static inline size_t attr_len(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

static inline uint32_t attr_u32(const struct nlattr *attr)
{
	uint32_t value = ~0U;

	if (attr && attr_len(attr) == sizeof(value))
		memcpy(&value, attr_data(attr), sizeof(value));
	return value;
}

static inline uint64_t attr_u64(const struct nlattr *attr)
{
	uint64_t value = ~0ULL;

	if (attr && attr_len(attr) == sizeof(value))
		memcpy(&value, attr_data(attr), sizeof(value));
	return value;
}

static inline int genl_socket(struct genl *g)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int on = 1;

	*g = (struct genl){ 0 };
	g->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (g->fd < 0 || bind(g->fd, (struct sockaddr *)&any, sizeof(any)) ||
	    setsockopt(g->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(g->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
		return -errno;
	return 0;
}

static inline void genl_close(struct genl *g)
{
	close(g->fd);
	g->fd = -1;
}

static inline void answer_free(struct answer *a)
{
	free(a->data);
	memset(a, 0, sizeof(*a));
}

static inline void answer_add(struct answer *a, const struct nlmsghdr *nlh)
{
	size_t len = nlh->nlmsg_len - NLMSG_HDRLEN;

	if (a->len + len > a->size) {
		a->size = 2 * (a->len + len);
		a->data = realloc(a->data, a->size);
	}
	memcpy(a->data + a->len, NLMSG_DATA(nlh), len);
	a->len += len;
	if (a->messages < ANSWER_SIZES)
		a->sizes[a->messages] = len;
	a->messages++;
}

/* An ack, or the end of a dump, tells an errno and, after @skip bytes, TLVs. */
static inline void answer_end(struct answer *a, const struct nlmsghdr *nlh, size_t skip)
{
	const unsigned char *data = NLMSG_DATA(nlh);
	const struct nlattr *text = NULL;

	memcpy(&a->err, data, sizeof(a->err));
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		text = attr_find(data + skip, nlh->nlmsg_len - NLMSG_HDRLEN - skip,
				 NLMSGERR_ATTR_MSG);
	if (text && attr_len(text) < sizeof(a->text))
		memcpy(a->text, attr_data(text), attr_len(text));
}

/* One datagram; true if the answer ends there. */
static inline bool answer_read(struct answer *a, const unsigned char *data, size_t len,
			       uint32_t seq)
{
	while (len >= NLMSG_HDRLEN) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)data;
		size_t step = NLMSG_ALIGN(nlh->nlmsg_len);

		if (nlh->nlmsg_len < NLMSG_HDRLEN || nlh->nlmsg_len > len)
			return false;
		if (nlh->nlmsg_seq == seq && nlh->nlmsg_type == NLMSG_ERROR) {
			answer_end(a, nlh, sizeof(struct nlmsgerr));
			return true;
		}
		if (nlh->nlmsg_seq == seq && nlh->nlmsg_type == NLMSG_DONE) {
			answer_end(a, nlh, sizeof(int));
			return true;
		}
		if (nlh->nlmsg_seq == seq)
			answer_add(a, nlh);
		if (step >= len)
			break;
		data += step;
		len -= step;
	}
	return false;
}

static inline void genl_answer(struct genl *g, struct answer *a)
{
	unsigned char data[RECV_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));

	a->err = SILENT;
	a->text[0] = '\0';
	a->len = 0;
	a->messages = 0;
	a->truncated = false;
	for (;;) {
		ssize_t len = recv(g->fd, data, sizeof(data), MSG_DONTWAIT | MSG_TRUNC);

		if (len < 0)
			return;
		if ((size_t)len > sizeof(data)) {
			a->truncated = true;
			len = sizeof(data);
		}
		if (answer_read(a, data, len, g->seq))
			return;
	}
}

/*
 * Send @m and read all answers. Without an address, as if a privileged program had been
 * tricked into write(): then the kernel checks the opener of the socket, too.
 */
static inline void genl_ask(struct genl *g, struct msg *m, struct answer *a)
{
	msg_header(m)->nlmsg_seq = ++g->seq;
	if (send(g->fd, m->data, m->len, 0) < 0) {
		a->err = -errno;
		a->text[0] = '\0';
		a->len = 0;
		return;
	}
	genl_answer(g, a);
}

/* Ask the kernel for the family. */
static inline int genl_resolve(struct genl *g, struct msg *m)
{
	const struct nlattr *attr;
	struct answer a = { 0 };
	int err;

	msg_begin(m, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
	msg_put(m, CTRL_ATTR_FAMILY_NAME, SCMOD_FAMILY_NAME, sizeof(SCMOD_FAMILY_NAME));
	genl_ask(g, m, &a);
	err = a.err;
	if (!err && a.messages == 1) {
		attr = attr_find(a.data + GENL_HDRLEN, a.len - GENL_HDRLEN, CTRL_ATTR_FAMILY_ID);
		memcpy(&g->family, attr_data(attr), sizeof(g->family));
	}
	answer_free(&a);
	return err;
}

/*
 * Ask for events, or for no more of them; @g knows the family. What the kernel said
 * in words is in @a.
 */
static inline int genl_listen_say(struct genl *g, struct msg *m, bool stop, struct answer *a)
{
	msg_begin(m, g->family, 0, SCMOD_CMD_LISTEN);
	if (stop)
		msg_put(m, SCMOD_A_LISTEN_STOP, NULL, 0);
	genl_ask(g, m, a);
	return a->err;
}

static inline int genl_listen(struct genl *g, struct msg *m)
{
	struct answer a = { 0 };
	int err = genl_listen_say(g, m, false, &a);

	answer_free(&a);
	return err;
}

/* Everything the module keeps, with the records, as it comes over the wire. */
static inline int genl_dump(struct genl *g, struct msg *m, struct answer *a)
{
	msg_begin(m, g->family, NLM_F_DUMP, SCMOD_CMD_GET);
	msg_put(m, SCMOD_A_POLICY_WANT_RECORDS, NULL, 0);
	genl_ask(g, m, a);
	return a->err;
}

static inline bool answer_equal(const struct answer *a, const struct answer *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

#endif /* SELFTESTS_GENL_H */
