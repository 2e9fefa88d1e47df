/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Values of arguments: processes that use exactly the given ones, and what a policy says of
 * them, over generic netlink by hand.
 */
#ifndef SELFTESTS_VALUE_H
#define SELFTESTS_VALUE_H

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "genl.h"
#include "lib.h"

#define SELECTORS	(SCMOD_SELECTOR_MAX + 1)
#define VALUES_MAX	256
#define X32_BIT		0x40000000

/* The numbers of a selector's call by ABI; 0 if there is none. */
static const unsigned int value_calls[SELECTORS][3] = {
	[SCMOD_SELECTOR_SOCKET] = { 41, 359, 41 },
	[SCMOD_SELECTOR_SOCKETPAIR] = { 53, 360, 53 },
	[SCMOD_SELECTOR_CLONE] = { 56, 120, 56 },
	[SCMOD_SELECTOR_UNSHARE] = { 272, 310, 272 },
	[SCMOD_SELECTOR_SETNS] = { 308, 346, 308 },
	[SCMOD_SELECTOR_PRCTL] = { 157, 172, 157 },
	[SCMOD_SELECTOR_PERSONALITY] = { 135, 136, 135 },
	[SCMOD_SELECTOR_IOCTL] = { 16, 54, 514 },
	[SCMOD_SELECTOR_SETSOCKOPT] = { 54, 366, 541 },
	[SCMOD_SELECTOR_GETSOCKOPT] = { 55, 365, 542 },
	[SCMOD_SELECTOR_KEYCTL] = { 250, 288, 250 },
	[SCMOD_SELECTOR_BPF] = { 321, 357, 321 },
	[SCMOD_SELECTOR_PTRACE] = { 101, 26, 521 },
	[SCMOD_SELECTOR_SECCOMP] = { 317, 354, 317 },
	[SCMOD_SELECTOR_SOCKETCALL] = { 0, 102, 0 },
	[SCMOD_SELECTOR_IPC] = { 0, 117, 0 },
	[SCMOD_SELECTOR_MMAP] = { 9, 192, 9 },
	[SCMOD_SELECTOR_MPROTECT] = { 10, 125, 10 },
	[SCMOD_SELECTOR_PKEY_MPROTECT] = { 329, 380, 329 },
};

/* One use of a value; @ret is what the call returned, as the kernel gives it. */
struct use {
	unsigned int abi, selector;
	uint64_t value;
	unsigned long arg[4];
	long ret;
};

struct uses {
	unsigned int count, done;
	struct use use[4096];
};

static inline uint64_t random64(void)
{
	return (uint64_t)rand() << 62 ^ (uint64_t)rand() << 31 ^ rand();
}

static inline uint64_t socket_value(unsigned int family, unsigned int type, unsigned int protocol)
{
	return (uint64_t)family << 48 | (uint64_t)type << 32 | protocol;
}

/* A value that the selector can have, the whole range of the register being likely. */
static inline uint64_t value_random(unsigned int abi, unsigned int selector)
{
	uint64_t any = rand() % 2 ? random64() : random64() % 64;

	switch (selector) {
	case SCMOD_SELECTOR_SOCKET:
	case SCMOD_SELECTOR_SOCKETPAIR:
		return any & ~(0xfff0ull << 32);
	case SCMOD_SELECTOR_CLONE:
		return any & SCMOD_CLONE_MASK;
	case SCMOD_SELECTOR_UNSHARE:
		return any & SCMOD_UNSHARE_MASK;
	case SCMOD_SELECTOR_SETSOCKOPT:
	case SCMOD_SELECTOR_GETSOCKOPT:
		return any;
	case SCMOD_SELECTOR_PTRACE:
		/* PTRACE_TRACEME would have an effect. */
		return (abi == SCMOD_ABI_I386 ? (uint32_t)any : any) ?: 1;
	case SCMOD_SELECTOR_IPC:
		return any & 0xffff;
	case SCMOD_SELECTOR_MMAP:
	case SCMOD_SELECTOR_MPROTECT:
	case SCMOD_SELECTOR_PKEY_MPROTECT:
		return any & SCMOD_PROT_MASK;
	default:
		return (uint32_t)any;
	}
}

/*
 * Arguments that have the value @use->value, with anything in the bits that do not count,
 * and with others by which the call fails where it could have an effect.
 */
static inline void value_arguments(struct use *use)
{
	unsigned long *arg = use->arg, junk = random64();
	uint64_t value = use->value;

	memset(use->arg, 0, sizeof(use->arg));
	switch (use->selector) {
	case SCMOD_SELECTOR_SOCKET:
	case SCMOD_SELECTOR_SOCKETPAIR:
		arg[0] = value >> 48;
		if (arg[0] == 65535)
			arg[0] += junk & 0xff000000;
		/* No such flag: EINVAL. */
		arg[1] = (value >> 32 & 0xf) | 0x10 | (junk & (SOCK_CLOEXEC | SOCK_NONBLOCK));
		arg[2] = (uint32_t)value;
		break;
	case SCMOD_SELECTOR_CLONE:
		/* CLONE_SIGHAND without CLONE_VM, and a signal: EINVAL. */
		arg[0] = value | 0x800 | (junk & 0xff);
		break;
	case SCMOD_SELECTOR_UNSHARE:
		/* CLONE_PARENT_SETTID: EINVAL. */
		arg[0] = value | 0x00100000 | (junk & 0x1);
		break;
	case SCMOD_SELECTOR_SETNS:
	case SCMOD_SELECTOR_IOCTL:
		arg[0] = -1;
		arg[1] = value;
		break;
	case SCMOD_SELECTOR_SETSOCKOPT:
	case SCMOD_SELECTOR_GETSOCKOPT:
		arg[0] = -1;
		arg[1] = value >> 32;
		arg[2] = (uint32_t)value;
		break;
	case SCMOD_SELECTOR_SECCOMP:
		/* No such flags: EINVAL. */
		arg[0] = value;
		arg[1] = 0xffff0000;
		break;
	case SCMOD_SELECTOR_IPC:
		/* No such key or id: otherwise, MSGGET makes a queue, and MSGRCV waits at it. */
		arg[0] = value | (junk & 0xffff0000);
		arg[1] = -1;
		break;
	case SCMOD_SELECTOR_PTRACE:
		/* No such process: ESRCH. */
		arg[0] = value;
		arg[1] = 0x7ffffff0;
		break;
	case SCMOD_SELECTOR_MMAP:
	case SCMOD_SELECTOR_MPROTECT:
	case SCMOD_SELECTOR_PKEY_MPROTECT:
		/* Not at the start of a page: EINVAL; and mmap of nothing. */
		arg[0] = 1;
		arg[2] = value | (junk & 0xf0);
		arg[3] = -1;
		break;
	default:
		arg[0] = value;
	}
	/* Anything in the upper half of an int, or of a register of which an ABI has 32 bits. */
	if (use->selector == SCMOD_SELECTOR_PTRACE && use->abi != SCMOD_ABI_I386)
		return;
	for (unsigned int i = 0; i < 3; i++)
		if (!i || arg[i])
			arg[i] = (uint32_t)arg[i] | (junk & 0xffffffff00000000);
}

static inline struct use *uses_add(struct uses *uses, unsigned int abi, unsigned int selector,
				   uint64_t value)
{
	struct use *use = &uses->use[uses->count++];

	*use = (struct use){ .abi = abi, .selector = selector, .value = value, .ret = 1 };
	value_arguments(use);
	return use;
}

static inline long use_now(const struct use *use)
{
	unsigned long nr = value_calls[use->selector][use->abi];
	long ret;

	if (use->abi == SCMOD_ABI_I386) {
		asm volatile("int $0x80" : "=a"(ret)
			     : "0"(nr), "b"(use->arg[0]), "c"(use->arg[1]), "d"(use->arg[2]),
			       "S"(use->arg[3]), "D"(0L)
			     : "memory", "r8", "r9", "r10", "r11");
		return (int)ret;
	}
	if (use->abi == SCMOD_ABI_X32)
		nr |= X32_BIT;
	register unsigned long r10 asm("r10") = use->arg[3];
	register unsigned long r8 asm("r8") = 0;
	register unsigned long r9 asm("r9") = 0;

	asm volatile("syscall" : "=a"(ret)
		     : "0"(nr), "D"(use->arg[0]), "S"(use->arg[1]), "d"(use->arg[2]), "r"(r10),
		       "r"(r8), "r"(r9)
		     : "memory", "rcx", "r11");
	return ret;
}

/* A process in @cg uses them, one after the other, and ends. Its wait status, or -errno. */
static inline int uses_run(const struct cg *cg, struct uses *uses)
{
	pid_t pid = cg_fork(cg);
	int status;

	if (!pid) {
		for (uses->done = 0; uses->done < uses->count; uses->done++)
			uses->use[uses->done].ret = use_now(&uses->use[uses->done]);
		raw_syscall(231, 0);
	}
	if (pid < 0)
		return pid;
	return waitpid(pid, &status, 0) == pid ? status : -errno;
}

/* What one process gets that uses one value. */
static inline long use_one(const struct cg *cg, struct uses *uses, unsigned int abi,
			   unsigned int selector, uint64_t value)
{
	uses->count = 0;
	uses_add(uses, abi, selector, value);
	return uses_run(cg, uses) ? 1 : uses->use[0].ret;
}

/* The values of a policy, and what it says of its selectors. */
struct values {
	struct scmod_value_record record[VALUES_MAX];
	unsigned int count;
	bool given[SELECTORS], any[SELECTORS], full[SELECTORS];
	uint32_t watch[SELECTORS], lost[SELECTORS];
	struct scmod_value_rule rules[SELECTORS][SCMOD_VALUE_RULES_MAX];
	unsigned int rule_count[SELECTORS];
};

static inline void values_add_selector(struct values *v, const struct nlattr *nest)
{
	const void *head = attr_data(nest);
	size_t len = attr_len(nest);
	uint32_t s = attr_u32(attr_find(head, len, SCMOD_A_SELECTOR_ID));
	const struct nlattr *rules = attr_find(head, len, SCMOD_A_SELECTOR_RULES);
	const struct nlattr *lost = attr_find(head, len, SCMOD_A_SELECTOR_LOST);

	if (s >= SELECTORS)
		return;
	v->given[s] = true;
	v->any[s] = attr_find(head, len, SCMOD_A_SELECTOR_ANY);
	v->full[s] = attr_find(head, len, SCMOD_A_SELECTOR_FULL);
	v->watch[s] = attr_u32(attr_find(head, len, SCMOD_A_SELECTOR_WATCH));
	v->lost[s] = lost ? attr_u32(lost) : 0;
	if (!rules)
		return;
	v->rule_count[s] = attr_len(rules) / sizeof(v->rules[s][0]);
	memcpy(v->rules[s], attr_data(rules), attr_len(rules));
}

static inline void values_add_message(struct values *v, const unsigned char *data, size_t len)
{
	while (len >= sizeof(struct nlattr)) {
		const struct nlattr *attr = (const struct nlattr *)data;
		size_t step = NLA_ALIGN(attr->nla_len);

		if (attr->nla_len < sizeof(*attr) || attr->nla_len > len)
			return;
		if ((attr->nla_type & NLA_TYPE_MASK) == SCMOD_A_POLICY_SELECTOR)
			values_add_selector(v, attr);
		if ((attr->nla_type & NLA_TYPE_MASK) == SCMOD_A_POLICY_VALUES &&
		    v->count * sizeof(v->record[0]) + attr_len(attr) <= sizeof(v->record)) {
			memcpy(&v->record[v->count], attr_data(attr), attr_len(attr));
			v->count += attr_len(attr) / sizeof(v->record[0]);
		}
		if (step >= len)
			return;
		data += step;
		len -= step;
	}
}

/* A connection that the functions below use. */
struct value_link {
	struct genl genl;
	struct msg msg;
	struct answer answer;
};

static inline int value_link_open(struct value_link *link)
{
	int err = genl_socket(&link->genl);

	return err ?: genl_resolve(&link->genl, &link->msg);
}

static inline void value_link_close(struct value_link *link)
{
	genl_close(&link->genl);
	answer_free(&link->answer);
}

/* Begin a SET for the policy of @cg. */
static inline struct msg *value_set(struct value_link *link, const struct cg *cg)
{
	msg_begin(&link->msg, link->genl.family, 0, SCMOD_CMD_SET);
	msg_put_u32(&link->msg, SCMOD_A_POLICY_FD, cg->fd);
	return &link->msg;
}

/* @what: SCMOD_A_SELECTOR_RULES or ADD */
static inline void value_put_rules(struct msg *m, unsigned int selector, unsigned int what,
				   const struct scmod_value_rule *rules, unsigned int count)
{
	size_t nest = msg_nest(m, SCMOD_A_POLICY_SELECTOR | NLA_F_NESTED);

	msg_put_u32(m, SCMOD_A_SELECTOR_ID, selector);
	msg_put(m, what, rules, count * sizeof(*rules));
	msg_nest_end(m, nest);
}

static inline void value_put_any(struct msg *m, unsigned int selector)
{
	size_t nest = msg_nest(m, SCMOD_A_POLICY_SELECTOR | NLA_F_NESTED);

	msg_put_u32(m, SCMOD_A_SELECTOR_ID, selector);
	msg_put(m, SCMOD_A_SELECTOR_ANY, NULL, 0);
	msg_nest_end(m, nest);
}

static inline void value_put_watch(struct msg *m, unsigned int selector, unsigned int watch)
{
	size_t nest = msg_nest(m, SCMOD_A_POLICY_SELECTOR | NLA_F_NESTED);

	msg_put_u32(m, SCMOD_A_SELECTOR_ID, selector);
	msg_put_u32(m, SCMOD_A_SELECTOR_WATCH, watch);
	msg_nest_end(m, nest);
}

static inline void value_put_seen(struct msg *m, unsigned int selector, const uint64_t *values,
				  unsigned int count)
{
	size_t nest = msg_nest(m, SCMOD_A_POLICY_SELECTOR | NLA_F_NESTED);

	msg_put_u32(m, SCMOD_A_SELECTOR_ID, selector);
	msg_put(m, SCMOD_A_SELECTOR_SEEN, values, count * sizeof(*values));
	msg_nest_end(m, nest);
}

/* Send it; 0 or a negative errno value, and the kernel's words are in @link->answer. */
static inline int value_send(struct value_link *link)
{
	genl_ask(&link->genl, &link->msg, &link->answer);
	return link->answer.err;
}

/* The rules of one selector, and nothing else. */
static inline int value_set_rules(struct value_link *link, const struct cg *cg,
				  unsigned int selector, const struct scmod_value_rule *rules,
				  unsigned int count)
{
	value_put_rules(value_set(link, cg), selector, SCMOD_A_SELECTOR_RULES, rules, count);
	return value_send(link);
}

static inline int values_get(struct value_link *link, uint64_t id, struct values *v)
{
	const unsigned char *data;
	size_t left;

	memset(v, 0, sizeof(*v));
	msg_begin(&link->msg, link->genl.family, NLM_F_DUMP, SCMOD_CMD_GET);
	msg_put_u64(&link->msg, SCMOD_A_POLICY_ID, id);
	msg_put(&link->msg, SCMOD_A_POLICY_WANT_RECORDS, NULL, 0);
	genl_ask(&link->genl, &link->msg, &link->answer);
	if (link->answer.err)
		return link->answer.err;
	if (link->answer.truncated)
		return -EMSGSIZE;
	data = link->answer.data;
	left = link->answer.len;
	for (unsigned int i = 0; i < link->answer.messages; i++) {
		size_t size = link->answer.sizes[i];

		if (size > left || size < GENL_HDRLEN)
			return -EBADMSG;
		values_add_message(v, data + GENL_HDRLEN, size - GENL_HDRLEN);
		data += size;
		left -= size;
	}
	return 0;
}

/* The record of one value, or NULL. */
static inline const struct scmod_value_record *
value_find(const struct values *v, unsigned int kind, unsigned int selector, uint64_t value)
{
	for (unsigned int i = 0; i < v->count; i++)
		if (v->record[i].kind == kind && v->record[i].selector == selector &&
		    v->record[i].value == value)
			return &v->record[i];
	return NULL;
}

static inline unsigned int values_of(const struct values *v, unsigned int kind,
				     unsigned int selector)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < v->count; i++)
		count += v->record[i].kind == kind && v->record[i].selector == selector;
	return count;
}

static inline struct scmod_value_rule rule_is(uint64_t value, unsigned int err)
{
	return (struct scmod_value_rule){ ~0ull, value, value, err, 0 };
}

#endif /* SELFTESTS_VALUE_H */
