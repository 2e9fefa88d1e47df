// SPDX-License-Identifier: GPL-2.0
/* Requests to the module: builds the messages and parses the answers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "base/error.h"
#include "kernel/exchange.h"
#include "kernel/nl.h"
#include "kernel/nl_programs.h"
#include "kernel/nl_read.h"
#include "kernel/nl_values.h"
#include "kernel/prove.h"

int scmod_find(void)
{
	return exchange_open();
}

void scmod_close(void)
{
	exchange_close();
}

const char *scmod_reason(int err)
{
	return exchange_reason(err);
}

/* How often a list is started again because policies came or went during the dump. */
#define DUMP_TRIES 16

int scmod_open(void)
{
	int err = scmod_find();

	if (err == -ENOENT && !access("/sys/module/scmod", F_OK))
		return fail(EXIT_NO_MODULE,
			    "netlink: the kernel module is loaded, but does not answer in this network namespace; run this in the initial network namespace");
	if (err == -ENOENT)
		return fail(EXIT_NO_MODULE,
			    "netlink: the kernel module is not loaded; run 'modprobe scmod' as root; if that fails, 'scmod doctor' says why");
	if (err)
		return fail(exit_code_of(-err), "netlink: %s; run 'scmod doctor' to find the cause",
			    strerror(-err));
	return EXIT_DONE;
}

/*
 * What to do if a request failed for no reason that has a remedy of its own. A module that was
 * loaded before an upgrade does not know all that the tool asks for. Keeps the words of the error.
 */
static const char *remedy_version(void)
{
	struct exchange_words words = exchange_words();
	struct module_state state;
	static char text[256];
	int err = scmod_status(&state);

	exchange_set_words(words);
	if (err || !strcmp(state.version, SCMOD_VERSION))
		return "run 'scmod doctor' to check the module";
	snprintf(text, sizeof(text),
		 "the module that is loaded is version %.40s and this tool %.40s: if the module lacks what was asked for, restart the machine to load the other one",
		 state.version, SCMOD_VERSION);
	return text;
}

static const char *remedy(int err)
{
	switch (-err) {
	case EPERM:
	case EACCES:
		return "run this as root in the initial namespaces, outside of enforced cgroups";
	case ENOENT:
		return "'scmod status' lists the policies";
	case ENODEV:
		return "the cgroup is gone, so its record can only be dumped or forgotten";
	case EBUSY:
		return "run 'scmod off' on it first";
	case EALREADY:
		return "'scmod status' shows the policy as it is";
	case EEXIST:
		return "'scmod status' lists the policies; forget one of them";
	case ENOSPC:
		return "run 'scmod forget' on policies that are not needed any more";
	case EAGAIN:
		return "try again";
	default:
		return remedy_version();
	}
}

int scmod_fail(const char *verb, const char *name, int err)
{
	const char *gap = name ? " " : "";

	return fail(exit_code_of(-err), "%s%s%s: %s; %s", verb, gap, name ? name : "",
		    scmod_reason(err), remedy(err));
}

/* Types that libnl checks before a value is read from an attribute. */
static const struct nla_policy status_types[SCMOD_A_STATUS_MAX + 1] = {
	[SCMOD_A_STATUS_NMISSED] = { .type = NLA_U64 },
	[SCMOD_A_STATUS_EVENTS_LOST] = { .type = NLA_U64 },
	[SCMOD_A_STATUS_POLICIES] = { .type = NLA_U32 },
	[SCMOD_A_STATUS_POLICIES_MAX] = { .type = NLA_U32 },
	[SCMOD_A_STATUS_CGROUPS] = { .type = NLA_U32 },
	[SCMOD_A_STATUS_CGROUPS_MAX] = { .type = NLA_U32 },
	[SCMOD_A_STATUS_CGROUPS_SHUT] = { .type = NLA_U32 },
	[SCMOD_A_STATUS_WHY] = { .type = NLA_NUL_STRING },
	[SCMOD_A_STATUS_CALLS] = { .type = NLA_U32 },
};

static const struct nla_policy policy_types[SCMOD_A_POLICY_MAX + 1] = {
	[SCMOD_A_POLICY_ID] = { .type = NLA_U64 },
	/* NLA_STRING: libnl requires the terminating NUL. */
	[SCMOD_A_POLICY_PATH] = { .type = NLA_STRING },
	[SCMOD_A_POLICY_MODE] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_ACTION] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_ERRNO] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_FLAGS] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_RECORDS_LOST] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_CREATED] = { .type = NLA_U64 },
	[SCMOD_A_POLICY_CGROUPS] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_CAME] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_EVENTS_LOST] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_UNLOGGED] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_CONFIRM] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_ROLLED_BACK] = { .type = NLA_U64 },
	[SCMOD_A_POLICY_PROGRAMS_LOST] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_PACE] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_PACE_PID] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_PACE_CALL] = { .type = NLA_U32 },
	[SCMOD_A_POLICY_FROM_EXEC] = { .type = NLA_U32 },
};

static const struct nla_policy abi_types[SCMOD_A_ABI_MAX + 1] = {
	[SCMOD_A_ABI_ID] = { .type = NLA_U32 },
};

static void copy_string(char *to, size_t size, const struct nlattr *attr)
{
	if (attr)
		nla_strlcpy(to, attr, size);
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
	copy_string(state->why, sizeof(state->why), tb[SCMOD_A_STATUS_WHY]);
	copy_string(state->unproved, sizeof(state->unproved), tb[SCMOD_A_STATUS_UNPROVED]);
	state->nmissed = u64_or_0(tb[SCMOD_A_STATUS_NMISSED]);
	state->events_lost = u64_or_0(tb[SCMOD_A_STATUS_EVENTS_LOST]);
	state->policies = u32_or_0(tb[SCMOD_A_STATUS_POLICIES]);
	state->policies_max = u32_or_0(tb[SCMOD_A_STATUS_POLICIES_MAX]);
	state->cgroups = u32_or_0(tb[SCMOD_A_STATUS_CGROUPS]);
	state->cgroups_max = u32_or_0(tb[SCMOD_A_STATUS_CGROUPS_MAX]);
	state->cgroups_shut = u32_or_0(tb[SCMOD_A_STATUS_CGROUPS_SHUT]);
	state->calls = u32_or_0(tb[SCMOD_A_STATUS_CALLS]);
	return 0;
}

int scmod_status(struct module_state *state)
{
	struct exchange exchange = { .message = status_message, .arg = state };
	struct nl_msg *msg = exchange_request(SCMOD_CMD_STATUS, 0);

	int err;

	*state = (struct module_state){ 0 };
	if (!msg)
		return -ENOMEM;
	err = exchange_run(msg, &exchange);
	/* An answer that is only an ACK has no status in it. */
	return !err && !exchange.messages ? -EBADMSG : err;
}

static int read_bitmap(struct bitmap *set, const struct nlattr *attr)
{
	if (!attr)
		return 0;
	if (nla_len(attr) != sizeof(*set))
		return -EBADMSG;
	memcpy(set, nla_data(attr), sizeof(*set));
	return 0;
}

/* On a malformed set, fail: leaving the set empty would look as if nothing were allowed. */
static int read_abi(struct policy *policy, struct nlattr *nest)
{
	struct nlattr *tb[SCMOD_A_ABI_MAX + 1];
	struct abi_sets *sets;
	uint32_t abi;

	if (nla_parse_nested(tb, SCMOD_A_ABI_MAX, nest, abi_types) || !tb[SCMOD_A_ABI_ID])
		return -EBADMSG;
	abi = nla_get_u32(tb[SCMOD_A_ABI_ID]);
	/* A newer module may know more ABIs; skip those. */
	if (abi >= NR_ABIS)
		return 0;
	sets = &policy->abi[abi];
	if (read_bitmap(&sets->seen, tb[SCMOD_A_ABI_SEEN]) ||
	    read_bitmap(&sets->allowed, tb[SCMOD_A_ABI_ALLOWED]) ||
	    read_bitmap(&sets->soft, tb[SCMOD_A_ABI_SOFT]) ||
	    read_bitmap(&sets->denied, tb[SCMOD_A_ABI_DENIED]) ||
	    read_bitmap(&sets->priority, tb[SCMOD_A_ABI_PRIORITY]))
		return -EBADMSG;
	return 0;
}

/* The nests of which there are several. */
static int read_nests(struct policy *policy, struct nlmsghdr *hdr)
{
	struct nlattr *attr;
	int left, err = 0;

	nlmsg_for_each_attr(attr, hdr, GENL_HDRLEN, left) {
		if (!err && nla_type(attr) == SCMOD_A_POLICY_ABI)
			err = read_abi(policy, attr);
		if (!err && nla_type(attr) == SCMOD_A_POLICY_SELECTOR)
			err = nl_read_selector(policy, attr);
		if (!err && nla_type(attr) == SCMOD_A_POLICY_PROGRAM)
			err = nl_add_program(&policy->executed, attr);
	}
	return err;
}

static int read_policy(struct policy *policy, struct nlmsghdr *hdr, struct nlattr **tb)
{
	*policy = (struct policy){
		.id = nla_get_u64(tb[SCMOD_A_POLICY_ID]),
		.created = u64_or_0(tb[SCMOD_A_POLICY_CREATED]),
		.path = strdup(nla_get_string(tb[SCMOD_A_POLICY_PATH])),
		.mode = u32_or_0(tb[SCMOD_A_POLICY_MODE]),
		.action = u32_or_0(tb[SCMOD_A_POLICY_ACTION]),
		.err = u32_or_0(tb[SCMOD_A_POLICY_ERRNO]),
		.flags = u32_or_0(tb[SCMOD_A_POLICY_FLAGS]),
		.records_lost = u32_or_0(tb[SCMOD_A_POLICY_RECORDS_LOST]),
		.cgroups = u32_or_0(tb[SCMOD_A_POLICY_CGROUPS]),
		.came = u32_or_0(tb[SCMOD_A_POLICY_CAME]),
		.events_lost = u32_or_0(tb[SCMOD_A_POLICY_EVENTS_LOST]),
		.unlogged = u32_or_0(tb[SCMOD_A_POLICY_UNLOGGED]),
		.confirm_ms = u32_or_0(tb[SCMOD_A_POLICY_CONFIRM]),
		.rolled_back = u64_or_0(tb[SCMOD_A_POLICY_ROLLED_BACK]),
		.executed.lost = u32_or_0(tb[SCMOD_A_POLICY_PROGRAMS_LOST]),
		.pace = u32_or_0(tb[SCMOD_A_POLICY_PACE]),
		.pace_pid = u32_or_0(tb[SCMOD_A_POLICY_PACE_PID]),
		.pace_call = u32_or_0(tb[SCMOD_A_POLICY_PACE_CALL]),
		.awaits = tb[SCMOD_A_POLICY_FROM_EXEC],
		.from_exec = u32_or_0(tb[SCMOD_A_POLICY_FROM_EXEC]),
	};
	return policy->path ? read_nests(policy, hdr) : -ENOMEM;
}

static int add_records(struct policy *policy, const struct nlattr *attr)
{
	size_t more = nla_len(attr) / sizeof(*policy->records);
	size_t size = (policy->nr_records + more) * sizeof(*policy->records);
	struct scmod_record *grown;

	if (nla_len(attr) % sizeof(*policy->records))
		return -EBADMSG;
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

/*
 * Collects the policies of an answer, one at a time. @fn may take over the policy that it is
 * given.
 */
struct walk {
	struct policy policy;
	bool begun;
	int (*fn)(struct policy *policy, void *arg);
	void *arg;
};

/* All messages of the policy have arrived: pass it to @fn. */
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
	/* Records come in messages of their own. */
	if (err || tb[SCMOD_A_POLICY_PATH])
		return err;
	if (!walk->begun || walk->policy.id != nla_get_u64(tb[SCMOD_A_POLICY_ID]))
		return -EBADMSG;
	if (tb[SCMOD_A_POLICY_RECORDS])
		err = add_records(&walk->policy, tb[SCMOD_A_POLICY_RECORDS]);
	if (!err && tb[SCMOD_A_POLICY_VALUES])
		err = nl_add_values(&walk->policy, tb[SCMOD_A_POLICY_VALUES]);
	return err ? err : read_nests(&walk->policy, hdr);
}

/* Sends and frees @msg. Returns -EAGAIN if policies came or went during the dump. */
static int walk_answer(struct nl_msg *msg, struct walk *walk)
{
	struct exchange exchange = { .message = walk_message, .arg = walk };
	int err = exchange_run(msg, &exchange);

	if (!err)
		err = walk_end_policy(walk);
	policy_release(&walk->policy);
	return !err && exchange.interrupted ? -EAGAIN : err;
}

/* What a dump is asked for, a bit each. */
enum dump { DUMP_RECORDS = 1, DUMP_CONFIRMED = 2 };

static int walk_dump(uint64_t id, unsigned int what, struct walk *walk)
{
	struct nl_msg *msg = exchange_request(SCMOD_CMD_GET, NLM_F_DUMP);

	if (!msg)
		return -ENOMEM;
	if ((id && nla_put_u64(msg, SCMOD_A_POLICY_ID, id)) ||
	    (what & DUMP_RECORDS && nla_put_flag(msg, SCMOD_A_POLICY_WANT_RECORDS)) ||
	    (what & DUMP_CONFIRMED && nla_put_flag(msg, SCMOD_A_POLICY_WANT_CONFIRMED))) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return walk_answer(msg, walk);
}

int scmod_each(bool records, int (*fn)(struct policy *policy, void *arg), void *arg)
{
	struct walk walk = { .fn = fn, .arg = arg };

	return walk_dump(0, records ? DUMP_RECORDS : 0, &walk);
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

static int list_all(uint64_t id, unsigned int what, struct policy_list *list)
{
	int err = -EAGAIN;

	*list = (struct policy_list){ 0 };
	for (int i = 0; i < DUMP_TRIES && err == -EAGAIN; i++) {
		struct walk walk = { .fn = list_add, .arg = list };

		policy_list_release(list);
		err = walk_dump(id, what, &walk);
	}
	if (!err && id && !list->count)
		err = -ENOENT;
	if (err)
		policy_list_release(list);
	return err;
}

int scmod_list(uint64_t id, bool records, struct policy_list *to)
{
	return list_all(id, records ? DUMP_RECORDS : 0, to);
}

int scmod_list_confirmed(struct policy_list *to)
{
	return list_all(0, DUMP_RECORDS | DUMP_CONFIRMED, to);
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
	if (!err && change->priority)
		err = put_set(msg, SCMOD_A_ABI_PRIORITY, &change->priority[abi]);
	if (!err && change->record)
		err = put_set(msg, SCMOD_A_ABI_SEEN, &change->record[abi].seen);
	if (!err && change->record)
		err = put_set(msg, SCMOD_A_ABI_DENIED, &change->record[abi].denied);
	return err ? -ENOMEM : nla_nest_end(msg, nest);
}

static int put_u32_if(struct nl_msg *msg, int type, int value)
{
	return value >= 0 ? nla_put_u32(msg, type, value) : 0;
}

static int put_policy(struct nl_msg *msg, const struct scmod_change *change)
{
	int err;

	if (change->name)
		err = nla_put_string(msg, SCMOD_A_POLICY_NAME, change->name);
	else if (change->fd >= 0)
		err = nla_put_s32(msg, SCMOD_A_POLICY_FD, change->fd);
	else
		err = nla_put_u64(msg, SCMOD_A_POLICY_ID, change->id);
	if (!err && change->follow)
		err = nla_put_flag(msg, SCMOD_A_POLICY_FOLLOW);
	return err;
}

static int put_change(struct nl_msg *msg, const struct scmod_change *change)
{
	bool sets = change->abi || change->more || change->priority || change->record;

	if (put_policy(msg, change) || put_u32_if(msg, SCMOD_A_POLICY_MODE, change->mode) ||
	    put_u32_if(msg, SCMOD_A_POLICY_ACTION, change->action) ||
	    put_u32_if(msg, SCMOD_A_POLICY_ERRNO, change->err) ||
	    (change->confirm_ms &&
	     nla_put_u32(msg, SCMOD_A_POLICY_CONFIRM, change->confirm_ms)) ||
	    (change->from_exec && nla_put_u32(msg, SCMOD_A_POLICY_FROM_EXEC, change->from_exec)))
		return -ENOMEM;
	for (unsigned int abi = 0; sets && abi < NR_ABIS; abi++)
		if (put_abi(msg, abi, change))
			return -ENOMEM;
	if (change->executed && nl_put_programs(msg, change->executed))
		return -ENOMEM;
	return change->selector ? nl_put_selectors(msg, change->selector) : 0;
}

static int ask_prove(pid_t child)
{
	struct exchange exchange = { 0 };
	struct nl_msg *msg = exchange_request(SCMOD_CMD_PROVE, 0);

	if (!msg)
		return -ENOMEM;
	if (nla_put_u32(msg, SCMOD_A_PROVE_PID, child)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return exchange_run(msg, &exchange);
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

/*
 * Whether the module's hook is unproved, which makes requests fail. Keeps the words of the
 * last error.
 */
static bool is_unproved(void)
{
	struct exchange_words words = exchange_words();
	struct module_state state;
	bool unproved = !scmod_status(&state) && *state.unproved;

	exchange_set_words(words);
	return unproved;
}

static int set_once(const struct scmod_change *change, struct policy *answer)
{
	struct policy_list list = { 0 };
	struct walk walk = { .fn = list_add, .arg = &list };
	struct nl_msg *msg = exchange_request(SCMOD_CMD_SET, 0);
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

/* A command that takes nothing but the policy. */
static int ask_for(int cmd, uint64_t id)
{
	struct exchange exchange = { 0 };
	struct nl_msg *msg = exchange_request(cmd, 0);

	if (!msg)
		return -ENOMEM;
	if (nla_put_u64(msg, SCMOD_A_POLICY_ID, id)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return exchange_run(msg, &exchange);
}

int scmod_forget(uint64_t id)
{
	return ask_for(SCMOD_CMD_FORGET, id);
}

int scmod_confirm(uint64_t id)
{
	return ask_for(SCMOD_CMD_CONFIRM, id);
}
