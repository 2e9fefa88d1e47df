// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: who may ask, and what each command does.
 *
 * pre_doit checks who asks and takes scmod_policy_lock; a message is read whole
 * into rules before anything is touched.
 */
#include <linux/capability.h>
#include <linux/cgroup.h>
#include <net/genetlink.h>

#include "attach.h"
#include "compat.h"
#include "decide.h"
#include "dump.h"
#include "event.h"
#include "hook.h"
#include "listener.h"
#include "message.h"
#include "netlink.h"
#include "policy.h"

static struct genl_family family;

/* While loading and unloading nothing is taken. Written under scmod_policy_lock. */
static bool closed = true;

#define ANSWERS_ONLY							\
	{ .type = NLA_REJECT, .reject_message = "This attribute is in answers only" }

static const struct nla_policy abi_policy[SCMOD_A_ABI_MAX + 1] = {
	[SCMOD_A_ABI_ID] = NLA_POLICY_MAX(NLA_U32, SCMOD_ABI_MAX),
	[SCMOD_A_ABI_SEEN] = ANSWERS_ONLY,
	[SCMOD_A_ABI_ALLOWED] = NLA_POLICY_EXACT_LEN(SCMOD_BITMAP_BYTES),
	[SCMOD_A_ABI_SOFT] = NLA_POLICY_EXACT_LEN(SCMOD_BITMAP_BYTES),
	[SCMOD_A_ABI_DENIED] = ANSWERS_ONLY,
	[SCMOD_A_ABI_ADD] = NLA_POLICY_EXACT_LEN(SCMOD_BITMAP_BYTES),
};

#define NAME_POLICY							\
	[SCMOD_A_POLICY_ID] = NLA_POLICY_MIN(NLA_U64, 1),		\
	[SCMOD_A_POLICY_FD] = NLA_POLICY_MIN(NLA_S32, 0)

static const struct nla_policy status_policy[] = {
	[SCMOD_A_STATUS_VERSION] = ANSWERS_ONLY,
};

static const struct nla_policy get_policy[] = {
	NAME_POLICY,
	[SCMOD_A_POLICY_WANT_RECORDS] = { .type = NLA_FLAG },
};

static const struct nla_policy forget_policy[] = {
	NAME_POLICY,
};

static const struct nla_policy listen_policy[] = {
	[SCMOD_A_LISTEN_STOP] = { .type = NLA_FLAG },
};

static const struct nla_policy set_policy[] = {
	NAME_POLICY,
	[SCMOD_A_POLICY_PATH] = ANSWERS_ONLY,
	[SCMOD_A_POLICY_MODE] = NLA_POLICY_MAX(NLA_U32, SCMOD_MODE_MAX),
	[SCMOD_A_POLICY_ACTION] = NLA_POLICY_MAX(NLA_U32, SCMOD_ACTION_MAX),
	[SCMOD_A_POLICY_ERRNO] = NLA_POLICY_RANGE(NLA_U32, 1, SCMOD_ERRNO_MAX),
	[SCMOD_A_POLICY_FLAGS] = ANSWERS_ONLY,
	[SCMOD_A_POLICY_ABI] = NLA_POLICY_NESTED(abi_policy),
};

static const struct nla_policy prove_policy[] = {
	[SCMOD_A_PROVE_PID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* Context: the sender's, inside sendmsg(). */
int scmod_netlink_may_ask(struct sk_buff *skb, struct netlink_ext_ack *extack)
{
	if (netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack, "scmod needs CAP_SYS_ADMIN in the initial user namespace");
	return -EPERM;
}

/* The lock is held: nobody is confined while it waits for it and acts afterwards. */
int scmod_netlink_may_go_on(struct netlink_ext_ack *extack, bool changes)
{
	lockdep_assert_held(&scmod_policy_lock);
	if (closed) {
		NL_SET_ERR_MSG(extack, "The module is being loaded or unloaded");
		return -ESHUTDOWN;
	}
	if (changes && scmod_decide_confined()) {
		NL_SET_ERR_MSG(extack, "A task under an enforcing policy may not change policies");
		return -EPERM;
	}
	return 0;
}

/* For what makes policies: a hook has to be there that they can rely on. */
static int may_rely(struct netlink_ext_ack *extack)
{
	if (!scmod_attach_unproved())
		return 0;
	NL_SET_ERR_MSG(extack, "The hook is not proved, so nothing could be learned or refused; PROVE it first, as the tool scmod does by itself. STATUS says why it was not proved at load");
	return -EOPNOTSUPP;
}

void *scmod_netlink_header(struct sk_buff *skb, u32 portid, u32 seq, int flags,
			   u8 cmd)
{
	return genlmsg_put(skb, portid, seq, &family, flags, cmd);
}

static struct sk_buff *answer_new(struct genl_info *info, u8 cmd, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(SCMOD_MESSAGE_BYTES, GFP_KERNEL);

	if (skb)
		*hdr = scmod_netlink_header(skb, info->snd_portid, info->snd_seq,
					    0, cmd);
	return skb;
}

static int answer_policy(struct genl_info *info, struct sk_buff *skb, void *hdr,
			 struct scmod_policy *p)
{
	int ret = scmod_message_policy(skb, p);

	if (ret) {
		nlmsg_free(skb);
		return ret;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/*
 * Netlink lets the last of two equal attributes win, so that two readers may
 * take the same message differently. Here it is an error, but for those of type
 * @many. All types have been validated.
 */
static int check_once(const struct nlattr *head, int len, int many,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u32 given = 0;
	int rem;

	nla_for_each_attr(attr, head, len, rem) {
		u32 bit = BIT(nla_type(attr));

		if (given & bit) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "This attribute is given twice");
			return -EINVAL;
		}
		if (nla_type(attr) != many)
			given |= bit;
	}
	return 0;
}

/* Newer kernels do this before they ask us. */
static int check_header(const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *hdr = nlmsg_data(nlh);
	u16 flags = nlh->nlmsg_flags;

	if ((flags & NLM_F_DUMP) == NLM_F_DUMP)
		flags &= ~NLM_F_DUMP;
	if (flags & ~(NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO)) {
		NL_SET_ERR_MSG(extack, "Unknown or reserved bits are set in nlmsg_flags");
		return -EINVAL;
	}
	if (hdr->reserved) {
		NL_SET_ERR_MSG(extack, "The reserved field of genlmsghdr is not 0");
		return -EINVAL;
	}
	return 0;
}

/* What the kernel's own check of a message leaves open. */
int scmod_netlink_check(const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	int ret = check_header(nlh, extack);

	if (ret)
		return ret;
	return check_once(nlmsg_attrdata(nlh, GENL_HDRLEN),
			  nlmsg_attrlen(nlh, GENL_HDRLEN), SCMOD_A_POLICY_ABI,
			  extack);
}

static int check_name(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	if (!attrs[SCMOD_A_POLICY_ID] != !attrs[SCMOD_A_POLICY_FD])
		return 0;
	NL_SET_ERR_MSG(extack, "Name the cgroup by one of ID and FD");
	return -EINVAL;
}

/* The cgroup that a descriptor names, with a reference. */
static struct cgroup *named_cgroup(const struct nlattr *fd,
				   struct netlink_ext_ack *extack)
{
	struct cgroup *cgrp = cgroup_get_from_fd(nla_get_s32(fd));

	if (IS_ERR(cgrp))
		NL_SET_ERR_MSG_ATTR(extack, fd,
				    "FD is not the directory of a live cgroup v2");
	return cgrp;
}

/* The policy that a message names by id or by descriptor; the lock is held. */
struct scmod_policy *scmod_netlink_named(struct nlattr **attrs,
					 struct netlink_ext_ack *extack)
{
	int ret = check_name(attrs, extack);
	struct scmod_policy *p;
	struct cgroup *cgrp;

	if (ret)
		return ERR_PTR(ret);
	if (attrs[SCMOD_A_POLICY_ID]) {
		p = scmod_policy_find(nla_get_u64(attrs[SCMOD_A_POLICY_ID]));
	} else {
		cgrp = named_cgroup(attrs[SCMOD_A_POLICY_FD], extack);
		if (IS_ERR(cgrp))
			return ERR_CAST(cgrp);
		p = scmod_policy_of(cgrp);
		cgroup_put(cgrp);
	}
	if (!p) {
		NL_SET_ERR_MSG(extack, "No policy is kept for this cgroup");
		return ERR_PTR(-ENOENT);
	}
	return p;
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

	msg = answer_new(info, SCMOD_CMD_STATUS, &hdr);
	if (!msg)
		return -ENOMEM;
	if (nla_put_string(msg, SCMOD_A_STATUS_VERSION, SCMOD_VERSION) ||
	    nla_put_string(msg, SCMOD_A_STATUS_ENGINE, scmod_hook_engine()) ||
	    nla_put_string(msg, SCMOD_A_STATUS_SYMBOL, scmod_hook_symbol()) ||
	    nla_put_string(msg, SCMOD_A_STATUS_PROBE, scmod_hook_probe()) ||
	    nla_put_u64_64bit(msg, SCMOD_A_STATUS_NMISSED,
			      scmod_hook_nmissed(), SCMOD_A_STATUS_PAD) ||
	    nla_put_u32(msg, SCMOD_A_STATUS_POLICIES, scmod_policy_count()) ||
	    nla_put_u32(msg, SCMOD_A_STATUS_POLICIES_MAX, scmod_policy_max()) ||
	    nla_put_u64_64bit(msg, SCMOD_A_STATUS_EVENTS_LOST,
			      scmod_event_lost(), SCMOD_A_STATUS_PAD) ||
	    put_unproved(msg)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int do_get(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *records = info->attrs[SCMOD_A_POLICY_WANT_RECORDS];
	struct scmod_policy *p = scmod_netlink_named(info->attrs, info->extack);
	struct sk_buff *msg;
	void *hdr;

	if (IS_ERR(p))
		return PTR_ERR(p);
	if (records) {
		NL_SET_ERR_MSG_ATTR(info->extack, records, "Records come in a dump only");
		return -EINVAL;
	}
	msg = answer_new(info, SCMOD_CMD_GET, &hdr);
	if (!msg)
		return -ENOMEM;
	return answer_policy(info, msg, hdr, p);
}

static void add_allowed(const struct nlattr *attr, struct scmod_rules *rules,
			unsigned int abi)
{
	struct scmod_bitmap more;
	unsigned int i;

	nla_memcpy(&more, attr, sizeof(more));
	for (i = 0; i < SCMOD_BITMAP_WORDS; i++) {
		rules->allowed[abi].bits[i] |= more.bits[i];
		rules->soft[abi].bits[i] &= ~more.bits[i];
	}
}

/* One ABI's nest into the new rules. */
static int read_abi(const struct nlattr *nest, struct scmod_rules *rules,
		    u32 *given, struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[SCMOD_A_ABI_MAX + 1];
	unsigned int abi;
	int ret;

	ret = nla_parse_nested(attrs, SCMOD_A_ABI_MAX, nest, abi_policy, extack);
	if (!ret)
		ret = check_once(nla_data(nest), nla_len(nest), -1, extack);
	if (ret)
		return ret;
	if (!attrs[SCMOD_A_ABI_ID]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "This ABI nest has no ABI ID");
		return -EINVAL;
	}
	abi = nla_get_u32(attrs[SCMOD_A_ABI_ID]);
	if (*given & BIT(abi)) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "The same ABI is given twice");
		return -EINVAL;
	}
	*given |= BIT(abi);
	if (attrs[SCMOD_A_ABI_ADD]) {
		if (attrs[SCMOD_A_ABI_ALLOWED] || attrs[SCMOD_A_ABI_SOFT]) {
			NL_SET_ERR_MSG_ATTR(extack, attrs[SCMOD_A_ABI_ADD],
					    "ADD adds to what is there, ALLOWED and SOFT replace it; give either");
			return -EINVAL;
		}
		add_allowed(attrs[SCMOD_A_ABI_ADD], rules, abi);
	}
	if (attrs[SCMOD_A_ABI_ALLOWED])
		nla_memcpy(&rules->allowed[abi], attrs[SCMOD_A_ABI_ALLOWED],
			   sizeof(rules->allowed[abi]));
	if (attrs[SCMOD_A_ABI_SOFT])
		nla_memcpy(&rules->soft[abi], attrs[SCMOD_A_ABI_SOFT],
			   sizeof(rules->soft[abi]));
	return 0;
}

/* What the message asks for, on top of what @rules holds. */
static int read_rules(struct genl_info *info, struct scmod_rules *rules)
{
	struct nlattr **attrs = info->attrs;
	const struct nlattr *nest;
	u32 given = 0;
	int rem, ret;

	if (attrs[SCMOD_A_POLICY_MODE])
		rules->mode = nla_get_u32(attrs[SCMOD_A_POLICY_MODE]);
	if (attrs[SCMOD_A_POLICY_ACTION])
		rules->action = nla_get_u32(attrs[SCMOD_A_POLICY_ACTION]);
	if (attrs[SCMOD_A_POLICY_ERRNO])
		rules->err = nla_get_u32(attrs[SCMOD_A_POLICY_ERRNO]);
	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(nest) != SCMOD_A_POLICY_ABI)
			continue;
		ret = read_abi(nest, rules, &given, info->extack);
		if (ret)
			return ret;
	}
	return 0;
}

/* The policy to set, made if a descriptor names a cgroup that has none. */
static struct scmod_policy *policy_to_set(struct genl_info *info)
{
	struct nlattr *fd = info->attrs[SCMOD_A_POLICY_FD];
	struct scmod_policy *p;
	struct cgroup *cgrp;

	if (!fd || check_name(info->attrs, info->extack))
		return scmod_netlink_named(info->attrs, info->extack);
	/* Once: the caller's other threads may change what the number means. */
	cgrp = named_cgroup(fd, info->extack);
	if (IS_ERR(cgrp))
		return ERR_CAST(cgrp);
	p = scmod_policy_of(cgrp);
	if (!p)
		p = scmod_policy_new(cgrp, info->extack);
	cgroup_put(cgrp);
	return p;
}

static int do_set(struct sk_buff *skb, struct genl_info *info)
{
	struct scmod_rules *rules;
	struct scmod_policy *p;
	struct sk_buff *msg;
	void *hdr;
	int ret = -ENOMEM;

	rules = kzalloc(sizeof(*rules), GFP_KERNEL);
	msg = answer_new(info, SCMOD_CMD_SET, &hdr);
	if (!rules || !msg)
		goto err_free;
	p = policy_to_set(info);
	if (IS_ERR(p)) {
		ret = PTR_ERR(p);
		goto err_free;
	}
	if (p->view)
		*rules = p->view->rules;
	else
		rules->err = EPERM;
	ret = read_rules(info, rules);
	if (!ret)
		ret = scmod_policy_set(p, rules, info->extack);
	if (ret) {
		if (!p->view)
			scmod_policy_discard(p);
		goto err_free;
	}
	kfree(rules);
	scmod_event_policy(SCMOD_EVENT_MODE, p);
	/*
	 * It is done, whether or not there is room for the answer at the one who asked;
	 * netlink tells him if there was none.
	 */
	answer_policy(info, msg, hdr, p);
	return 0;

err_free:
	kfree(rules);
	nlmsg_free(msg);
	return ret;
}

static int do_forget(struct sk_buff *skb, struct genl_info *info)
{
	struct scmod_policy *p = scmod_netlink_named(info->attrs, info->extack);

	if (IS_ERR(p))
		return PTR_ERR(p);
	return scmod_policy_forget(p, info->extack);
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
	int ret = scmod_netlink_may_ask(skb, info->extack);

	if (!ret)
		ret = scmod_netlink_check(info->nlhdr, info->extack);
	if (ret)
		return ret;
	mutex_lock(&scmod_policy_lock);
	ret = scmod_netlink_may_go_on(info->extack, op->internal_flags & OP_CHANGES);
	if (!ret && op->internal_flags & OP_RELIES)
		ret = may_rely(info->extack);
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
		.policy = forget_policy,
		.maxattr = ARRAY_SIZE(forget_policy) - 1,
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
};

static struct genl_family family = {
	.name = SCMOD_FAMILY_NAME,
	.version = SCMOD_FAMILY_VERSION,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.pre_doit = pre_doit,
	.post_doit = post_doit,
	/* scmod_policy_lock is held for long; others shall not wait for it. */
	.parallel_ops = true,
};

int scmod_netlink_init(void)
{
	int ret = scmod_listener_init();

	if (!ret)
		ret = genl_register_family(&family);
	if (!ret)
		return 0;
	pr_err("cannot register with generic netlink: %pe\n", ERR_PTR(ret));
	scmod_listener_exit();
	return ret;
}

static void set_closed(bool value)
{
	mutex_lock(&scmod_policy_lock);
	closed = value;
	mutex_unlock(&scmod_policy_lock);
}

/* All is in place: take requests. */
void scmod_netlink_open(void)
{
	set_closed(false);
}

/* At unload: take no more requests. Events are still sent, to who listens by now. */
void scmod_netlink_close(void)
{
	set_closed(true);
}

void scmod_netlink_exit(void)
{
	genl_unregister_family(&family);
	scmod_listener_exit();
}
