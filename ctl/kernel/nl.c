// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink. The only user of libnl, which does not decode extended acks:
 * extack_read() does.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "base/error.h"
#include "kernel/nl.h"
#include "kernel/prove.h"

/* Times that a list is begun again because policies came or went meanwhile. */
#define DUMP_TRIES 16
#define RECV_BUFFER (64 * 1024)

static struct nl_sock *sock;
static int family;
/* What the module said of the last request; empty if nothing. */
static char extack[256];

/* The request that is being answered. */
struct exchange {
	bool done;
	bool interrupted;
	int err;
	int (*message)(struct nlmsghdr *hdr, void *arg);
	void *arg;
};

/* @skip: bytes of the payload before the TLVs. */
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
		nla_strlcpy(extack, tb[NLMSGERR_ATTR_MSG], sizeof(extack));
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

/* What is no errno, callers would take for none, or for another one. */
static int checked(int err)
{
	return err < 0 && err >= -SCMOD_ERRNO_MAX ? err : -EBADMSG;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *ack, void *arg)
{
	struct exchange *exchange = arg;

	(void)from;
	ack_read((struct nlmsghdr *)((char *)ack - NLMSG_HDRLEN));
	exchange->err = checked(ack->error);
	exchange->done = true;
	return NL_STOP;
}

/* A dump that fails on its way says so in the message that ends it. */
static int on_finish(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct exchange *exchange = arg;
	int err = 0;

	if (nlmsg_datalen(hdr) >= (int)sizeof(err))
		memcpy(&err, nlmsg_data(hdr), sizeof(err));
	extack_read(hdr, sizeof(err));
	exchange->err = err < 0 ? checked(err) : 0;
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
	int err = 0;

	if (exchange->message && !exchange->err)
		err = exchange->message(nlmsg_hdr(msg), exchange->arg);
	if (err)
		exchange->err = err;
	return NL_OK;
}

/* libnl's own error numbers are not errno's. */
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
		return errno_of(nle);
	return exchange->err;
}

/* Sends @msg, which it frees, and waits for the end of the answer. */
static int transact(struct nl_msg *msg, struct exchange *exchange)
{
	int nle = nl_send_auto(sock, msg);

	nlmsg_free(msg);
	extack[0] = '\0';
	if (nle < 0)
		return errno_of(nle);
	return receive(exchange);
}

static struct nl_msg *request(int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, flags,
				cmd, SCMOD_FAMILY_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

void scmod_close(void)
{
	nl_socket_free(sock);
	sock = NULL;
}

int scmod_find(void)
{
	int on = 1;
	int nle;

	/* Each word on a command line may come here. */
	scmod_close();
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

int scmod_open(void)
{
	int err = scmod_find();

	if (err == -ENOENT && !access("/sys/module/scmod", F_OK))
		return fail(EXIT_NO_MODULE,
			    "netlink: the kernel module is loaded, but does not answer here; run this in the initial network namespace");
	if (err == -ENOENT)
		return fail(EXIT_NO_MODULE,
			    "netlink: the kernel module is not loaded; run 'modprobe scmod' as root");
	if (err)
		return fail(exit_code_of(-err), "netlink: %s; 'scmod doctor' tells more",
			    strerror(-err));
	return EXIT_DONE;
}

const char *scmod_reason(int err)
{
	return extack[0] ? extack : strerror(-err);
}

static const char *remedy(int err)
{
	switch (-err) {
	case EPERM:
	case EACCES:
		return "be root in the initial namespaces and outside of every enforced cgroup";
	case ENOENT:
		return "'scmod status' lists the policies";
	case ENODEV:
		return "dump or forget it";
	case EBUSY:
		return "'scmod off' it first";
	case ENOSPC:
		return "'scmod forget' records that are not needed any more";
	case EAGAIN:
		return "try again";
	default:
		return "'scmod doctor' tells whether all is in place";
	}
}

int scmod_fail(const char *verb, const char *name, int err)
{
	const char *gap = name ? " " : "";

	return fail(exit_code_of(-err), "%s%s%s: %s; %s", verb, gap, name ? name : "",
		    scmod_reason(err), remedy(err));
}

/* What libnl checks before a value is taken from an attribute. */
static const struct nla_policy status_types[SCMOD_A_STATUS_MAX + 1] = {
	[SCMOD_A_STATUS_NMISSED] = { .type = NLA_U64 },
	[SCMOD_A_STATUS_EVENTS_LOST] = { .type = NLA_U64 },
	[SCMOD_A_STATUS_POLICIES] = { .type = NLA_U32 },
	[SCMOD_A_STATUS_POLICIES_MAX] = { .type = NLA_U32 },
};

static const struct nla_policy policy_types[SCMOD_A_POLICY_MAX + 1] = {
	[SCMOD_A_POLICY_ID] = { .type = NLA_U64 },
	/* To libnl, that is one with its NUL. */
	[SCMOD_A_POLICY_PATH] = { .type = NLA_STRING },
	[SCMOD_A_POLICY_MODE] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_ACTION] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_ERRNO] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_FLAGS] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_RECORDS_LOST] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_CREATED] = { .type = NLA_U64 },
};

static const struct nla_policy abi_types[SCMOD_A_ABI_MAX + 1] = {
	[SCMOD_A_ABI_ID] = { .type = NLA_U32 },
};

static void copy_string(char *to, size_t size, const struct nlattr *attr)
{
	if (attr)
		nla_strlcpy(to, attr, size);
}

static uint32_t u32_or_0(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static uint64_t u64_or_0(struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

static int status_message(struct nlmsghdr *hdr, void *arg)
{
	struct nlattr *tb[SCMOD_A_STATUS_MAX + 1];
	struct module_state *state = arg;

	if (genlmsg_parse(hdr, 0, tb, SCMOD_A_STATUS_MAX, status_types) < 0)
		return -EBADMSG;
	copy_string(state->version, sizeof(state->version), tb[SCMOD_A_STATUS_VERSION]);
	copy_string(state->engine, sizeof(state->engine), tb[SCMOD_A_STATUS_ENGINE]);
	copy_string(state->symbol, sizeof(state->symbol), tb[SCMOD_A_STATUS_SYMBOL]);
	copy_string(state->probe, sizeof(state->probe), tb[SCMOD_A_STATUS_PROBE]);
	copy_string(state->unproved, sizeof(state->unproved), tb[SCMOD_A_STATUS_UNPROVED]);
	state->nmissed = u64_or_0(tb[SCMOD_A_STATUS_NMISSED]);
	state->events_lost = u64_or_0(tb[SCMOD_A_STATUS_EVENTS_LOST]);
	state->policies = u32_or_0(tb[SCMOD_A_STATUS_POLICIES]);
	state->policies_max = u32_or_0(tb[SCMOD_A_STATUS_POLICIES_MAX]);
	return 0;
}

int scmod_status(struct module_state *state)
{
	struct exchange exchange = { .message = status_message, .arg = state };
	struct nl_msg *msg = request(SCMOD_CMD_STATUS, 0);

	*state = (struct module_state){ 0 };
	return msg ? transact(msg, &exchange) : -ENOMEM;
}

static void read_bitmap(struct bitmap *set, const struct nlattr *attr)
{
	if (attr && nla_len(attr) == sizeof(*set))
		memcpy(set, nla_data(attr), sizeof(*set));
}

static void read_abi(struct policy *policy, struct nlattr *nest)
{
	struct nlattr *tb[SCMOD_A_ABI_MAX + 1];
	struct abi_sets *sets;
	uint32_t abi;

	if (nla_parse_nested(tb, SCMOD_A_ABI_MAX, nest, abi_types) || !tb[SCMOD_A_ABI_ID])
		return;
	abi = nla_get_u32(tb[SCMOD_A_ABI_ID]);
	if (abi >= NR_ABIS)
		return;
	sets = &policy->abi[abi];
	read_bitmap(&sets->seen, tb[SCMOD_A_ABI_SEEN]);
	read_bitmap(&sets->allowed, tb[SCMOD_A_ABI_ALLOWED]);
	read_bitmap(&sets->soft, tb[SCMOD_A_ABI_SOFT]);
	read_bitmap(&sets->denied, tb[SCMOD_A_ABI_DENIED]);
}

static int read_policy(struct policy *policy, struct nlmsghdr *hdr, struct nlattr **tb)
{
	struct nlattr *attr;
	int left;

	*policy = (struct policy){
		.id = nla_get_u64(tb[SCMOD_A_POLICY_ID]),
		.created = u64_or_0(tb[SCMOD_A_POLICY_CREATED]),
		.path = strdup(nla_get_string(tb[SCMOD_A_POLICY_PATH])),
		.mode = u32_or_0(tb[SCMOD_A_POLICY_MODE]),
		.action = u32_or_0(tb[SCMOD_A_POLICY_ACTION]),
		.err = u32_or_0(tb[SCMOD_A_POLICY_ERRNO]),
		.flags = u32_or_0(tb[SCMOD_A_POLICY_FLAGS]),
		.records_lost = u32_or_0(tb[SCMOD_A_POLICY_RECORDS_LOST]),
	};
	nlmsg_for_each_attr(attr, hdr, GENL_HDRLEN, left)
		if (nla_type(attr) == SCMOD_A_POLICY_ABI)
			read_abi(policy, attr);
	return policy->path ? 0 : -ENOMEM;
}

static int add_records(struct policy *policy, const struct nlattr *attr)
{
	size_t more = nla_len(attr) / sizeof(*policy->records);
	size_t size = (policy->nr_records + more) * sizeof(*policy->records);
	struct scmod_record *grown;

	if (!more)
		return 0;
	grown = realloc(policy->records, size);
	if (!grown)
		return -ENOMEM;
	memcpy(grown + policy->nr_records, nla_data(attr), more * sizeof(*grown));
	policy->records = grown;
	policy->nr_records += more;
	return 0;
}

/* The policies of an answer, one at a time; @fn may take what it is given. */
struct walk {
	struct policy policy;
	bool begun;
	int (*fn)(struct policy *policy, void *arg);
	void *arg;
};

/* All of a policy has arrived. */
static int walk_end_policy(struct walk *walk)
{
	int err = walk->begun ? walk->fn(&walk->policy, walk->arg) : 0;

	policy_release(&walk->policy);
	walk->begun = false;
	return err;
}

static int walk_message(struct nlmsghdr *hdr, void *arg)
{
	struct nlattr *tb[SCMOD_A_POLICY_MAX + 1];
	struct walk *walk = arg;
	int err = 0;

	if (genlmsg_parse(hdr, 0, tb, SCMOD_A_POLICY_MAX, policy_types) < 0 ||
	    !tb[SCMOD_A_POLICY_ID])
		return -EBADMSG;
	if (tb[SCMOD_A_POLICY_PATH]) {
		err = walk_end_policy(walk);
		if (!err)
			err = read_policy(&walk->policy, hdr, tb);
		walk->begun = !err;
	}
	if (err || !tb[SCMOD_A_POLICY_RECORDS])
		return err;
	if (!walk->begun || walk->policy.id != nla_get_u64(tb[SCMOD_A_POLICY_ID]))
		return -EBADMSG;
	return add_records(&walk->policy, tb[SCMOD_A_POLICY_RECORDS]);
}

/* Sends @msg, which it frees; -EAGAIN if what was asked for changed meanwhile. */
static int walk_answer(struct nl_msg *msg, struct walk *walk)
{
	struct exchange exchange = { .message = walk_message, .arg = walk };
	int err = transact(msg, &exchange);

	if (!err)
		err = walk_end_policy(walk);
	policy_release(&walk->policy);
	return !err && exchange.interrupted ? -EAGAIN : err;
}

static int walk_dump(uint64_t id, bool records, struct walk *walk)
{
	struct nl_msg *msg = request(SCMOD_CMD_GET, NLM_F_DUMP);

	if (!msg)
		return -ENOMEM;
	if ((id && nla_put_u64(msg, SCMOD_A_POLICY_ID, id)) ||
	    (records && nla_put_flag(msg, SCMOD_A_POLICY_WANT_RECORDS))) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return walk_answer(msg, walk);
}

int scmod_each(bool records, int (*fn)(struct policy *policy, void *arg), void *arg)
{
	struct walk walk = { .fn = fn, .arg = arg };

	return walk_dump(0, records, &walk);
}

static int list_add(struct policy *policy, void *arg)
{
	struct policy_list *list = arg;
	size_t size = (list->count + 1) * sizeof(*list->policy);
	struct policy *grown = realloc(list->policy, size);

	if (!grown)
		return -ENOMEM;
	list->policy = grown;
	list->policy[list->count++] = *policy;
	*policy = (struct policy){ 0 };
	return 0;
}

int scmod_list(uint64_t id, bool records, struct policy_list *list)
{
	int err = -EAGAIN;

	*list = (struct policy_list){ 0 };
	for (int i = 0; i < DUMP_TRIES && err == -EAGAIN; i++) {
		struct walk walk = { .fn = list_add, .arg = list };

		policy_list_release(list);
		err = walk_dump(id, records, &walk);
	}
	if (!err && id && !list->count)
		err = -ENOENT;
	if (err)
		policy_list_release(list);
	return err;
}

static int put_set(struct nl_msg *msg, int type, const struct bitmap *set)
{
	return nla_put(msg, type, sizeof(*set), set);
}

static int put_abi(struct nl_msg *msg, unsigned int abi, const struct scmod_change *change)
{
	struct nlattr *nest = nla_nest_start(msg, SCMOD_A_POLICY_ABI | NLA_F_NESTED);
	int err = nest ? nla_put_u32(msg, SCMOD_A_ABI_ID, abi) : -ENOMEM;

	if (!err && change->abi)
		err = put_set(msg, SCMOD_A_ABI_ALLOWED, &change->abi[abi].allowed);
	if (!err && change->abi)
		err = put_set(msg, SCMOD_A_ABI_SOFT, &change->abi[abi].soft);
	if (!err && change->more)
		err = put_set(msg, SCMOD_A_ABI_ADD, &change->more[abi]);
	return err ? -ENOMEM : nla_nest_end(msg, nest);
}

static int put_u32_if(struct nl_msg *msg, int type, int value)
{
	return value >= 0 ? nla_put_u32(msg, type, value) : 0;
}

static int put_change(struct nl_msg *msg, const struct scmod_change *change)
{
	int err;

	if (change->fd >= 0)
		err = nla_put_s32(msg, SCMOD_A_POLICY_FD, change->fd);
	else
		err = nla_put_u64(msg, SCMOD_A_POLICY_ID, change->id);
	if (err || put_u32_if(msg, SCMOD_A_POLICY_MODE, change->mode) ||
	    put_u32_if(msg, SCMOD_A_POLICY_ACTION, change->action) ||
	    put_u32_if(msg, SCMOD_A_POLICY_ERRNO, change->err))
		return -ENOMEM;
	for (unsigned int abi = 0; (change->abi || change->more) && abi < NR_ABIS; abi++)
		if (put_abi(msg, abi, change))
			return -ENOMEM;
	return 0;
}

static int ask_prove(pid_t child)
{
	struct exchange exchange = { 0 };
	struct nl_msg *msg = request(SCMOD_CMD_PROVE, 0);

	if (!msg)
		return -ENOMEM;
	if (nla_put_u32(msg, SCMOD_A_PROVE_PID, child)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return transact(msg, &exchange);
}

int scmod_prove(void)
{
	pid_t child = prover_start();
	int err;

	if (child < 0)
		return -errno;
	err = ask_prove(child);
	prover_end(child);
	return err;
}

/* Whether the last request failed because the module is unproved. */
static bool is_unproved(void)
{
	char before[sizeof(extack)];
	struct module_state state;
	bool unproved;

	memcpy(before, extack, sizeof(before));
	unproved = !scmod_status(&state) && *state.unproved;
	memcpy(extack, before, sizeof(extack));
	return unproved;
}

static int set_once(const struct scmod_change *change, struct policy *answer)
{
	struct policy_list list = { 0 };
	struct walk walk = { .fn = list_add, .arg = &list };
	struct nl_msg *msg = request(SCMOD_CMD_SET, 0);
	int err;

	if (!msg)
		return -ENOMEM;
	err = put_change(msg, change);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	err = walk_answer(msg, &walk);
	if (!err && answer && list.count) {
		*answer = list.policy[0];
		list.policy[0] = (struct policy){ 0 };
	} else if (!err && answer) {
		err = -EBADMSG;
	}
	policy_list_release(&list);
	return err;
}

int scmod_set(const struct scmod_change *change, struct policy *answer)
{
	int err = set_once(change, answer);

	if (err != -EOPNOTSUPP || !is_unproved())
		return err;
	err = scmod_prove();
	return err ? err : set_once(change, answer);
}

int scmod_forget(uint64_t id)
{
	struct exchange exchange = { 0 };
	struct nl_msg *msg = request(SCMOD_CMD_FORGET, 0);

	if (!msg)
		return -ENOMEM;
	if (nla_put_u64(msg, SCMOD_A_POLICY_ID, id)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return transact(msg, &exchange);
}
