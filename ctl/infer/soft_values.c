// SPDX-License-Identifier: GPL-2.0
/*
 * Soft values: sockets of families and protocols that a kernel may be built without.
 *
 * Such a kernel says EAFNOSUPPORT (__sock_create() in net/socket.c) or EPROTONOSUPPORT
 * (netlink_create() in net/netlink/af_netlink.c, inet_create() in net/ipv4/af_inet.c), and
 * programs that try an optional one go on after these errnos, but not all do after EPERM. With
 * EPERM for the audit system's socket, sshd ended each login with a terminal (selftests/eval);
 * its code, as that of systemd (get_audit_fd()), expects these errnos and EINVAL. Go tries MPTCP
 * and takes TCP after EPROTONOSUPPORT (net/mptcpsock_linux.go). systemd's
 * RestrictAddressFamilies= answers with EAFNOSUPPORT, too.
 *
 * Raw sockets are not soft: without CAP_NET_RAW, the kernel itself says EPERM.
 */
#include <errno.h>
#include <string.h>

#include "calls/cube.h"
#include "calls/value_rule.h"
#include "infer/soft_values.h"
#include "profile/profile.h"
#include "profile/values_compare.h"

/* Linux 7.2 has 46 families (AF_MAX in linux/socket.h) and 32 protocols of netlink (MAX_LINKS). */
#define FAMILIES 64
#define LINKS 32

#define FAMILY_SHIFT 48
#define FAMILY_MASK (0xffffULL << FAMILY_SHIFT)
#define PROTOCOL_MASK 0xffffffffULL

#define INET 2
#define INET6 10
#define NETLINK 16

/* Protocols of INET and INET6 that programs prefer where the kernel has them (linux/in.h). */
static const uint32_t optional[] = {
	132,	/* SCTP */
	262,	/* MPTCP */
};

static const char family_why[] =
	"a kernel without the family refuses it so, and programs that try it go on without it";
static const char protocol_why[] =
	"a kernel without the protocol refuses it so, and programs that try it go on without it";

/* The rules are added to @set; @allowed: the values that may be used. */
struct softening {
	struct value_set *set;
	unsigned int selector;
	struct cubes allowed;
};

static bool allows_any(const struct softening *soft, uint64_t mask, uint64_t bits)
{
	return cubes_meet(&soft->allowed, (struct cube){ mask, bits });
}

static void refuse(const struct softening *soft, uint64_t mask, uint64_t first, uint64_t last,
		   int err)
{
	const struct scmod_value_rule rule = {
		.mask = mask, .first = first, .last = last, .err = err,
	};
	const struct reason reason = {
		.kind = REASON_SOFT,
		.text = (char *)(err == EAFNOSUPPORT ? family_why : protocol_why),
	};

	values_append(soft->set, soft->selector, &rule, &reason);
}

/*
 * Refuses, of @count values from @bits on in steps of @step, those of which none is allowed: a
 * rule for each run of them.
 */
static void refuse_runs(const struct softening *soft, uint64_t mask, uint64_t bits, uint64_t step,
			unsigned int count, int err)
{
	unsigned int from = 0;

	for (unsigned int at = 0; at <= count; at++) {
		if (at < count && !allows_any(soft, mask, bits + at * step))
			continue;
		if (at > from)
			refuse(soft, mask, bits + from * step, bits + (at - 1) * step, err);
		from = at + 1;
	}
}

static void refuse_optional(const struct softening *soft, uint64_t family)
{
	const uint64_t mask = FAMILY_MASK | PROTOCOL_MASK, bits = family << FAMILY_SHIFT;

	if (!allows_any(soft, FAMILY_MASK, bits))
		return;
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		refuse_runs(soft, mask, bits | optional[i], 1, 1, EPROTONOSUPPORT);
}

static void add_rules(const struct softening *soft)
{
	const uint64_t links = FAMILY_MASK | PROTOCOL_MASK;
	const uint64_t netlink = (uint64_t)NETLINK << FAMILY_SHIFT;

	if (allows_any(soft, FAMILY_MASK, netlink))
		refuse_runs(soft, links, netlink, 1, LINKS, EPROTONOSUPPORT);
	refuse_optional(soft, INET);
	refuse_optional(soft, INET6);
	refuse_runs(soft, FAMILY_MASK, 0, 1ULL << FAMILY_SHIFT, FAMILIES, EAFNOSUPPORT);
}

/* Whether a rule has the form of those of add_rules(), and nobody but a policy speaks for it. */
static bool is_soft(const struct value_entry *entry)
{
	uint64_t mask = entry->rule.mask;

	if (!(entry->rule.err == EAFNOSUPPORT && mask == FAMILY_MASK) &&
	    !(entry->rule.err == EPROTONOSUPPORT && mask == (FAMILY_MASK | PROTOCOL_MASK)))
		return false;
	for (size_t i = 0; i < entry->nr_reasons; i++)
		if (entry->reason[i].kind != REASON_HAND && entry->reason[i].kind != REASON_SOFT)
			return false;
	return true;
}

/*
 * What a floor refuses of a family, or of a protocol whatever the type, is refused in the same
 * way; a floor has no errno of its own for it.
 */
static void soften_floor(struct value_entry *entry)
{
	if (entry->rule.err != EPERM || !value_has_reason(entry, REASON_FLOOR))
		return;
	if (entry->rule.mask == FAMILY_MASK)
		entry->rule.err = EAFNOSUPPORT;
	else if (entry->rule.mask == (FAMILY_MASK | PROTOCOL_MASK))
		entry->rule.err = EPROTONOSUPPORT;
}

static void soften(struct value_set *set, unsigned int selector)
{
	struct softening soft = { .set = set, .selector = selector };

	for (size_t at = set->count; at-- > 0;)
		if (is_soft(&set->entry[at]))
			values_drop(set, at);
	for (size_t at = 0; at < set->count; at++)
		soften_floor(&set->entry[at]);
	soft.allowed = values_cubes(set, selector, 0);
	add_rules(&soft);
	cubes_release(&soft.allowed);
}

void soft_values_add(struct profile *profile)
{
	static const unsigned int selectors[] = {
		SCMOD_SELECTOR_SOCKET, SCMOD_SELECTOR_SOCKETPAIR,
	};

	for (size_t i = 0; i < sizeof(selectors) / sizeof(selectors[0]); i++) {
		struct value_set *set = &profile->values[selectors[i]];

		if (set->listed && profile_selects(profile, selectors[i]))
			soften(set, selectors[i]);
	}
}
