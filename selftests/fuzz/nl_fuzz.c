// SPDX-License-Identifier: GPL-2.0
/*
 * Answers of any bytes are read, or are an error. The input is a letter for what
 * is asked, then datagrams, each behind its length in two bytes.
 */
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "fuzz.h"

static struct {
	const uint8_t *data;
	size_t size;
} input;

static int input_recv(struct nl_sock *from, struct sockaddr_nl *kernel, unsigned char **data,
		      struct ucred **creds)
{
	size_t len;

	if (input.size < 2)
		return -NLE_FAILURE;
	len = input.data[0] | input.data[1] << 8;
	input.data += 2;
	input.size -= 2;
	if (len > input.size)
		len = input.size;
	/* The kernel sends no datagram without a header, and libnl would spin. */
	if (len < NLMSG_HDRLEN)
		return -NLE_FAILURE;
	*data = malloc(len);
	must(*data);
	memcpy(*data, input.data, len);
	input.data += len;
	input.size -= len;
	*kernel = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	return len;
}

static int input_recvmsgs(struct nl_sock *from, struct nl_cb *cb)
{
	nl_cb_overwrite_recv(cb, input_recv);
	return nl_recvmsgs(from, cb);
}

static int nobody_sends(struct nl_sock *to, struct nl_msg *msg)
{
	return 0;
}

/* All of it, with its own socket calls led here. */
#define nl_recvmsgs input_recvmsgs
#define nl_send_auto nobody_sends
#include "../../ctl/kernel/exchange.c"
#include "kernel/nl.h"

static void list(bool records)
{
	struct policy_list list;
	int err = scmod_list(0, records, &list);

	must(err <= 0 && (!err || !list.count));
	for (size_t i = 0; i < list.count; i++) {
		const struct policy *p = &list.policy[i];

		must(p->path);
		policy_mode_name(p->mode);
		policy_record(p, 0, 0, SCMOD_RECORD_SEEN);
		policy_count_of(p, seen);
	}
	policy_list_release(&list);
}

static void set(void)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct policy policy = { 0 };

	change.id = 1;
	if (!scmod_set(&change, &policy))
		must(policy.path);
	policy_release(&policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct module_state state;
	int err = 0;

	if (!size)
		return 0;
	input.data = data + 1;
	input.size = size - 1;
	sock = nl_socket_alloc();
	must(sock);
	/* It would look at sequence numbers, too. */
	nl_socket_disable_auto_ack(sock);
	switch (data[0]) {
	case 's':
		err = scmod_status(&state);
		must(strnlen(state.version, sizeof(state.version)) < sizeof(state.version));
		must(strnlen(state.symbol, sizeof(state.symbol)) < sizeof(state.symbol));
		break;
	case 'c':
		set();
		break;
	case 'f':
		err = scmod_forget(1);
		break;
	default:
		list(data[0] == 'r');
	}
	must(err <= 0);
	must(scmod_reason(err) && strlen(scmod_reason(err)) < sizeof(words.text));
	scmod_close();
	return 0;
}
