// SPDX-License-Identifier: GPL-2.0
/* What is the same for all requests: who may ask, and which policy a message names. */
#include <linux/capability.h>
#include <linux/cgroup.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <net/genetlink.h>
#include <linux/scmod.h>

#include "decide.h"
#include "policy.h"
#include "request.h"

/* Requests are refused while the module is loaded or unloaded. Under scmod_policy_lock. */
static bool closed = true;

/* Context: the sender's, inside sendmsg(). */
int scmod_request_may_ask(struct sk_buff *skb, struct netlink_ext_ack *extack)
{
	if (netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack, "scmod needs CAP_SYS_ADMIN in the initial user namespace");
	return -EPERM;
}

/*
 * May the task that asks act now? Asked with the lock held: if the task was put under an
 * enforcing policy while it waited for the lock, that counts.
 */
int scmod_request_may_go_on(struct netlink_ext_ack *extack, bool changes)
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

/*
 * Where an attribute is given twice, netlink takes the last one, while other readers of
 * the same message may take the first. So here it is an error, except for attributes whose
 * types are in @many, a bit each. All types have been validated.
 */
int scmod_request_check_once(const struct nlattr *head, int len, u32 many,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u32 given = 0;
	int rem;

	BUILD_BUG_ON(SCMOD_A_POLICY_MAX >= 32);
	nla_for_each_attr(attr, head, len, rem) {
		u32 bit = BIT(nla_type(attr));

		if (given & bit) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "This attribute is given twice");
			return -EINVAL;
		}
		given |= bit & ~many;
	}
	return 0;
}

/* Newer kernels check this themselves, before they call the family. */
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

/* Check what the kernel's own validation of a message does not. */
int scmod_request_check(const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	int ret = check_header(nlh, extack);

	if (ret)
		return ret;
	return scmod_request_check_once(nlmsg_attrdata(nlh, GENL_HDRLEN),
			  nlmsg_attrlen(nlh, GENL_HDRLEN),
			  BIT(SCMOD_A_POLICY_ABI) | BIT(SCMOD_A_POLICY_SELECTOR) |
			  BIT(SCMOD_A_POLICY_PROGRAM), extack);
}

static unsigned int count_which(struct nlattr **attrs)
{
	return !!attrs[SCMOD_A_POLICY_ID] + !!attrs[SCMOD_A_POLICY_FD] +
	       !!attrs[SCMOD_A_POLICY_NAME];
}

bool scmod_request_is_for_one(struct nlattr **attrs)
{
	return count_which(attrs);
}

static int check_which(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	if (count_which(attrs) == 1)
		return 0;
	NL_SET_ERR_MSG(extack, "Say which policy by one of ID, FD and NAME");
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

/* The policy that a message is for; the lock is held. */
struct scmod_policy *scmod_request_policy(struct nlattr **attrs,
					  struct netlink_ext_ack *extack)
{
	int ret = check_which(attrs, extack);
	struct scmod_policy *p;
	struct cgroup *cgrp;

	if (ret)
		return ERR_PTR(ret);
	if (attrs[SCMOD_A_POLICY_ID]) {
		p = scmod_policy_find(nla_get_u64(attrs[SCMOD_A_POLICY_ID]));
	} else if (attrs[SCMOD_A_POLICY_NAME]) {
		p = scmod_policy_find_name(nla_data(attrs[SCMOD_A_POLICY_NAME]));
	} else {
		cgrp = named_cgroup(attrs[SCMOD_A_POLICY_FD], extack);
		if (IS_ERR(cgrp))
			return ERR_CAST(cgrp);
		p = scmod_policy_of(cgrp);
		cgroup_put(cgrp);
	}
	if (p)
		return p;
	if (attrs[SCMOD_A_POLICY_NAME])
		NL_SET_ERR_MSG(extack, "No policy of this name is kept");
	else
		NL_SET_ERR_MSG(extack, "No policy is kept for this cgroup");
	return ERR_PTR(-ENOENT);
}

static struct scmod_policy *named_to_set(struct genl_info *info)
{
	const char *name = nla_data(info->attrs[SCMOD_A_POLICY_NAME]);
	struct nlattr *follow = info->attrs[SCMOD_A_POLICY_FOLLOW];
	struct scmod_policy *p = scmod_policy_find_name(name);

	if (follow) {
		NL_SET_ERR_MSG_ATTR(info->extack, follow, "A policy that is given by NAME follows it");
		return ERR_PTR(-EINVAL);
	}
	return p ?: scmod_policy_new_named(name, info->extack);
}

/* The policy to set, made if a descriptor names a cgroup that has none, or by a new name. */
struct scmod_policy *scmod_request_policy_to_set(struct genl_info *info)
{
	struct nlattr *fd = info->attrs[SCMOD_A_POLICY_FD];
	struct scmod_policy *p;
	struct cgroup *cgrp;

	if (check_which(info->attrs, info->extack))
		return ERR_PTR(-EINVAL);
	if (info->attrs[SCMOD_A_POLICY_NAME])
		return named_to_set(info);
	if (!fd)
		return scmod_request_policy(info->attrs, info->extack);
	/*
	 * Look the descriptor up only once: another thread of the caller may make it mean
	 * another file at any time.
	 */
	cgrp = named_cgroup(fd, info->extack);
	if (IS_ERR(cgrp))
		return ERR_CAST(cgrp);
	p = scmod_policy_of(cgrp);
	if (!p)
		p = scmod_policy_new(cgrp, info->extack);
	cgroup_put(cgrp);
	return p;
}

/* The process with the id @nr in the pid namespace of current, with a reference. */
static struct pid *find_process(u32 nr)
{
	struct pid *pid = find_get_pid(nr);
	bool found;

	rcu_read_lock();
	found = pid && pid_task(pid, PIDTYPE_TGID);
	rcu_read_unlock();
	if (found)
		return pid;
	put_pid(pid);
	return NULL;
}

/* What FROM_EXEC asks for; *@rules get mode off. */
static int await_asked(struct genl_info *info, const struct scmod_policy *p,
		       struct scmod_rules *rules, struct scmod_await *await)
{
	struct nlattr *attr = info->attrs[SCMOD_A_POLICY_FROM_EXEC];

	if (!info->attrs[SCMOD_A_POLICY_MODE] || rules->mode == SCMOD_MODE_OFF) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "FROM_EXEC says when MODE begins; give a MODE other than off");
		return -EINVAL;
	}
	if (p->rules && p->rules->mode == SCMOD_MODE_ENFORCE) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "This policy enforces, and would not until the process executes a program; set it off first");
		return -EINVAL;
	}
	await->process = find_process(nla_get_u32(attr));
	if (!await->process) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "No process has the id that FROM_EXEC says");
		return -ESRCH;
	}
	await->mode = rules->mode;
	rules->mode = SCMOD_MODE_OFF;
	return 0;
}

/**
 * scmod_request_await() - which process the policy waits for
 * @info: a SET
 * @p: its policy
 * @rules: as the message has them; set to mode off if the policy waits
 * @await: what it waits for; on error too, a process in it has a reference
 */
int scmod_request_await(struct genl_info *info, struct scmod_policy *p,
			struct scmod_rules *rules, struct scmod_await *await)
{
	struct nlattr *follow = info->attrs[SCMOD_A_POLICY_FOLLOW];
	int ret = 0;

	if (info->attrs[SCMOD_A_POLICY_FROM_EXEC]) {
		ret = await_asked(info, p, rules, await);
	} else if (!info->attrs[SCMOD_A_POLICY_MODE]) {
		/* A mode that is not named stays as it is. */
		*await = p->await;
		get_pid(await->process);
	}
	if (!ret && await->process && (p->name || follow)) {
		NL_SET_ERR_MSG(info->extack, "A policy that has a name can't wait for a process");
		ret = -EINVAL;
	}
	return ret;
}

/* Take requests from now on, or no more. */
void scmod_request_open(bool open)
{
	mutex_lock(&scmod_policy_lock);
	closed = !open;
	mutex_unlock(&scmod_policy_lock);
}
