// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: its commands, and what each of them does.
 *
 * pre_doit checks who asks and takes scmod_policy_lock; a message is read whole
 * into rules before anything is touched.
 */
#include <net/genetlink.h>

#include "attach.h"
#include "compat.h"
#include "deadline.h"
#include "dump.h"
#include "event.h"
#include "hook.h"
#include "listener.h"
#include "message.h"
#include "netlink.h"
#include "place.h"
#include "policy.h"
#include "programs_given.h"
#include "request.h"
#include "rules.h"
#include "trial.h"
#include "value_rules.h"
#include "watch.h"

#define WHICH_POLICY							\
	[SCMOD_A_POLICY_ID] = NLA_POLICY_MIN(NLA_U64, 1),		\
	[SCMOD_A_POLICY_FD] = NLA_POLICY_MIN(NLA_S32, 0),		\
	[SCMOD_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = SCMOD_PATH_MAX - 1 }

static const struct nla_policy status_policy[] = {
	[SCMOD_A_STATUS_VERSION] = SCMOD_ANSWERS_ONLY,
};

static const struct nla_policy get_policy[] = {
	WHICH_POLICY,
	[SCMOD_A_POLICY_WANT_RECORDS] = { .type = NLA_FLAG },
	[SCMOD_A_POLICY_WANT_CONFIRMED] = { .type = NLA_FLAG },
};

/* Of FORGET and CONFIRM. */
static const struct nla_policy which_policy[] = {
	WHICH_POLICY,
};

static const struct nla_policy listen_policy[] = {
	[SCMOD_A_LISTEN_STOP] = { .type = NLA_FLAG },
};

static const struct nla_policy set_policy[] = {
	WHICH_POLICY,
	[SCMOD_A_POLICY_PATH] = SCMOD_ANSWERS_ONLY,
	[SCMOD_A_POLICY_MODE] = NLA_POLICY_MAX(NLA_U32, SCMOD_MODE_MAX),
	[SCMOD_A_POLICY_ACTION] = NLA_POLICY_MAX(NLA_U32, SCMOD_ACTION_MAX),
	[SCMOD_A_POLICY_ERRNO] = NLA_POLICY_RANGE(NLA_U32, 1, SCMOD_ERRNO_MAX),
	[SCMOD_A_POLICY_FLAGS] = SCMOD_ANSWERS_ONLY,
	[SCMOD_A_POLICY_ABI] = NLA_POLICY_NESTED(scmod_rules_abi_policy),
	[SCMOD_A_POLICY_FOLLOW] = { .type = NLA_FLAG },
	[SCMOD_A_POLICY_CGROUPS] = SCMOD_ANSWERS_ONLY,
	[SCMOD_A_POLICY_CAME] = SCMOD_ANSWERS_ONLY,
	[SCMOD_A_POLICY_SELECTOR] = NLA_POLICY_NESTED(scmod_value_rules_policy),
	[SCMOD_A_POLICY_VALUES] = SCMOD_ANSWERS_ONLY,
	[SCMOD_A_POLICY_CONFIRM] = NLA_POLICY_MIN(NLA_U32, 1),
	[SCMOD_A_POLICY_ROLLED_BACK] = SCMOD_ANSWERS_ONLY,
	[SCMOD_A_POLICY_PROGRAM] = NLA_POLICY_NESTED(scmod_programs_given_policy),
	[SCMOD_A_POLICY_FROM_EXEC] = NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct nla_policy prove_policy[] = {
	[SCMOD_A_PROVE_PID] = NLA_POLICY_MIN(NLA_U32, 1),
};

static struct sk_buff *answer_new(struct genl_info *info, u8 cmd, size_t bytes, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(bytes, GFP_KERNEL);

	if (skb)
		*hdr = scmod_message_header(skb, info->snd_portid, info->snd_seq,
					    0, cmd);
	return skb;
}

static int answer_policy(struct genl_info *info, struct sk_buff *skb, void *hdr,
			 struct scmod_policy *p)
{
	int ret = scmod_message_policy(skb, p, p->rules);

	if (ret) {
		nlmsg_free(skb);
		return ret;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int put_unproved(struct sk_buff *skb)
{
	const char *why = scmod_attach_unproved();

	return why ? nla_put_string(skb, SCMOD_A_STATUS_UNPROVED, why) : 0;
}

static int do_status(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	void *hdr;

	msg = answer_new(info, SCMOD_CMD_STATUS, SCMOD_MESSAGE_BYTES, &hdr);
	if (!msg)
		return -ENOMEM;
	if (nla_put_string(msg, SCMOD_A_STATUS_VERSION, SCMOD_VERSION) ||
	    nla_put_string(msg, SCMOD_A_STATUS_ENGINE, scmod_hook_engine()) ||
	    nla_put_string(msg, SCMOD_A_STATUS_SYMBOL, scmod_hook_symbol()) ||
	    nla_put_string(msg, SCMOD_A_STATUS_PROBE, scmod_attach_probe()) ||
	    nla_put_u64_64bit(msg, SCMOD_A_STATUS_NMISSED,
			      scmod_hook_nmissed(), SCMOD_A_STATUS_PAD) ||
	    nla_put_u32(msg, SCMOD_A_STATUS_POLICIES, scmod_policy_count()) ||
	    nla_put_u32(msg, SCMOD_A_STATUS_POLICIES_MAX, scmod_policy_max()) ||
	    nla_put_u64_64bit(msg, SCMOD_A_STATUS_EVENTS_LOST,
			      scmod_event_lost(), SCMOD_A_STATUS_PAD) ||
	    nla_put_u32(msg, SCMOD_A_STATUS_CGROUPS, scmod_place_count()) ||
	    nla_put_u32(msg, SCMOD_A_STATUS_CGROUPS_MAX, scmod_place_max()) ||
	    nla_put_u32(msg, SCMOD_A_STATUS_CGROUPS_SHUT, scmod_place_shut()) ||
	    nla_put_string(msg, SCMOD_A_STATUS_WHY, scmod_hook_why()) ||
	    nla_put_u32(msg, SCMOD_A_STATUS_CALLS, scmod_call_end(SCMOD_ABI_X86_64)) ||
	    put_unproved(msg)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int do_get(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *more = info->attrs[SCMOD_A_POLICY_WANT_RECORDS] ?:
			      info->attrs[SCMOD_A_POLICY_WANT_CONFIRMED];
	struct scmod_policy *p = scmod_request_policy(info->attrs, info->extack);
	struct sk_buff *msg;
	void *hdr;

	if (IS_ERR(p))
		return PTR_ERR(p);
	if (more) {
		NL_SET_ERR_MSG_ATTR(info->extack, more, "Records, and what was confirmed, come in a dump only");
		return -EINVAL;
	}
	msg = answer_new(info, SCMOD_CMD_GET, scmod_message_bytes(p->rules), &hdr);
	if (!msg)
		return -ENOMEM;
	return answer_policy(info, msg, hdr, p);
}

/* How the rules are to come into force. Frees what was not needed of it afterwards. */
static int set_policy_as(struct genl_info *info, struct scmod_policy *p,
			 struct scmod_rules *rules)
{
	struct nlattr *confirm = info->attrs[SCMOD_A_POLICY_CONFIRM];
	struct scmod_policy_how how = {
		.follow = info->attrs[SCMOD_A_POLICY_FOLLOW],
		.decides = info->attrs[SCMOD_A_POLICY_MODE],
		.confirm_ms = confirm ? nla_get_u32(confirm) : 0,
	};
	int ret = scmod_request_await(info, p, rules, &how.await);

	if (!ret && confirm && !p->rules) {
		how.nothing = scmod_rules_nothing();
		ret = how.nothing ? 0 : -ENOMEM;
	}
	if (!ret)
		ret = scmod_policy_set(p, rules, &how, info->extack);
	if (ret)
		put_pid(how.await.process);
	kvfree(how.nothing);
	if (!ret && confirm)
		scmod_deadline_start();
	return ret;
}

/* Let @rules hold, and answer. On error the rules are not used. */
static int set(struct genl_info *info, struct scmod_policy *p, struct scmod_rules *rules)
{
	struct sk_buff *msg;
	void *hdr;
	int ret = 0;

	msg = answer_new(info, SCMOD_CMD_SET, scmod_message_bytes(rules), &hdr);
	if (!msg)
		return -ENOMEM;
	ret = scmod_programs_given_check(info, p);
	if (!ret && rules->mode != SCMOD_MODE_OFF)
		ret = scmod_attach_check_armed(info->extack);
	if (!ret)
		ret = set_policy_as(info, p, rules);
	if (ret) {
		nlmsg_free(msg);
		return ret;
	}
	scmod_rules_add_recorded(info, p);
	scmod_programs_given_add(info, p);
	scmod_watch_start();
	scmod_event_policy(SCMOD_EVENT_MODE, p);
	/*
	 * The change is made, so this is no error even if the answer does not fit into
	 * the socket of the one who asked; netlink reports that there.
	 */
	answer_policy(info, msg, hdr, p);
	return 0;
}

static int do_set(struct sk_buff *skb, struct genl_info *info)
{
	struct scmod_policy *p = scmod_request_policy_to_set(info);
	struct scmod_rules *rules;
	int ret;

	if (IS_ERR(p))
		return PTR_ERR(p);
	rules = scmod_rules_read(info, p->rules);
	ret = PTR_ERR_OR_ZERO(rules);
	if (!ret) {
		ret = set(info, p, rules);
		if (ret)
			kvfree(rules);
	}
	if (ret && !p->serial)
		scmod_policy_discard(p);
	return ret;
}

static int do_forget(struct sk_buff *skb, struct genl_info *info)
{
	struct scmod_policy *p = scmod_request_policy(info->attrs, info->extack);

	if (IS_ERR(p))
		return PTR_ERR(p);
	return scmod_policy_forget(p, info->extack);
}

static int do_confirm(struct sk_buff *skb, struct genl_info *info)
{
	struct scmod_policy *p = scmod_request_policy(info->attrs, info->extack);
	int ret;

	if (IS_ERR(p))
		return PTR_ERR(p);
	ret = scmod_trial_confirm(p, info->extack);
	if (!ret)
		scmod_event_policy(SCMOD_EVENT_CONFIRMED, p);
	return ret;
}

static int do_prove(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *pid = info->attrs[SCMOD_A_PROVE_PID];

	if (!pid) {
		NL_SET_ERR_MSG(info->extack, "Name the process that makes the proving call by PID");
		return -EINVAL;
	}
	return scmod_attach_prove(nla_get_u32(pid), info->extack);
}

static int do_listen(struct sk_buff *skb, struct genl_info *info)
{
	struct sock *sk = NETLINK_CB(skb).sk;

	if (!info->attrs[SCMOD_A_LISTEN_STOP])
		return scmod_listener_add(sk, info->extack);
	scmod_listener_remove(sk);
	return 0;
}

/* Flags of the operations, in genl_ops.internal_flags. */
#define OP_CHANGES	BIT(0)
#define OP_RELIES	BIT(1)

static int pre_doit(const struct scmod_genl_op *op, struct sk_buff *skb,
		    struct genl_info *info)
{
	int ret = scmod_request_may_ask(skb, info->extack);

	if (!ret)
		ret = scmod_request_check(info->nlhdr, info->extack);
	if (ret)
		return ret;
	mutex_lock(&scmod_policy_lock);
	ret = scmod_request_may_go_on(info->extack, op->internal_flags & OP_CHANGES);
	if (!ret && op->internal_flags & OP_RELIES)
		ret = scmod_attach_check_proved(info->extack);
	if (ret)
		mutex_unlock(&scmod_policy_lock);
	return ret;
}

static void post_doit(const struct scmod_genl_op *op, struct sk_buff *skb,
		      struct genl_info *info)
{
	mutex_unlock(&scmod_policy_lock);
}

static const struct genl_ops ops[] = {
	{
		.cmd = SCMOD_CMD_STATUS,
		.doit = do_status,
		.policy = status_policy,
		.maxattr = ARRAY_SIZE(status_policy) - 1,
	},
	{
		.cmd = SCMOD_CMD_GET,
		.doit = do_get,
		.start = scmod_dump_start,
		.dumpit = scmod_dump_next,
		.policy = get_policy,
		.maxattr = ARRAY_SIZE(get_policy) - 1,
	},
	{
		.cmd = SCMOD_CMD_SET,
		.doit = do_set,
		.policy = set_policy,
		.maxattr = ARRAY_SIZE(set_policy) - 1,
		.internal_flags = OP_CHANGES | OP_RELIES,
	},
	{
		.cmd = SCMOD_CMD_FORGET,
		.doit = do_forget,
		.policy = which_policy,
		.maxattr = ARRAY_SIZE(which_policy) - 1,
		.internal_flags = OP_CHANGES,
	},
	{
		.cmd = SCMOD_CMD_LISTEN,
		.doit = do_listen,
		.policy = listen_policy,
		.maxattr = ARRAY_SIZE(listen_policy) - 1,
	},
	{
		.cmd = SCMOD_CMD_PROVE,
		.doit = do_prove,
		.policy = prove_policy,
		.maxattr = ARRAY_SIZE(prove_policy) - 1,
		.internal_flags = OP_CHANGES,
	},
	{
		.cmd = SCMOD_CMD_CONFIRM,
		.doit = do_confirm,
		.policy = which_policy,
		.maxattr = ARRAY_SIZE(which_policy) - 1,
		.internal_flags = OP_CHANGES,
	},
};

static struct genl_family family = {
	.name = SCMOD_FAMILY_NAME,
	.version = SCMOD_FAMILY_VERSION,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.pre_doit = pre_doit,
	.post_doit = post_doit,
	/* A command may take long. Other families must not have to wait for it. */
	.parallel_ops = true,
};

int scmod_netlink_init(void)
{
	int ret;

	scmod_message_family(&family);
	ret = scmod_listener_init();
	if (!ret)
		ret = genl_register_family(&family);
	if (!ret)
		return 0;
	pr_err("cannot register with generic netlink: %pe\n", ERR_PTR(ret));
	scmod_listener_exit();
	return ret;
}

void scmod_netlink_exit(void)
{
	genl_unregister_family(&family);
	scmod_listener_exit();
}
