/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages to fuzz the family with: well-formed, damaged and random ones. All of them depend
 * on @state alone. The including file defines which descriptors and ids they have.
 */
#ifndef SELFTESTS_FUZZ_MESSAGE_H
#define SELFTESTS_FUZZ_MESSAGE_H

#include "genl.h"

/* A descriptor, the id of a cgroup: mostly one that there is. */
static uint32_t some_fd(void);
static uint64_t some_id(void);
/* The family's number. */
static uint16_t family(void);

/* ---- chance */

static uint64_t state;

static uint32_t below(uint32_t end)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL >> 33) % end;
}

static bool percent(uint32_t of)
{
	return below(100) < of;
}

static uint64_t any_u64(void)
{
	return (uint64_t)below(1U << 31) << 33 ^ (uint64_t)below(1U << 31) << 16 ^ below(1U << 31);
}

/* A value at or beside a limit of a range or of a type. */
static uint64_t edge(void)
{
	static const uint64_t edges[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 63, 64, 65, 71, 72, 73, 127, 128, 254,
		255, 256, 511, 512, 575, 576, 577, 1023, 1024, 4094, 4095, 4096, 4097, 0x7fff,
		0x8000, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
		0x100000000, 0xffffffffffff, 0x1000000000000, 0x7fffffffffffffff,
		0x8000000000000000, 0xfffffffffffffffe, 0xffffffffffffffff,
	};

	if (percent(15))
		return any_u64();
	return edges[below(sizeof(edges) / sizeof(edges[0]))];
}

/* ---- messages */

/*
 * An attribute: @len bytes of which @data are the first; @lie is added to what
 * its header says.
 */
struct leaf {
	uint16_t type;
	uint16_t len;
	int16_t lie;
	uint8_t data[SCMOD_BITMAP_BYTES + 8];
};

#define LEAVES	6
#define ATTRS	12
#define EDITS	4

/* One with @count others in it, or none. */
struct attr {
	struct leaf leaf;
	bool nest;
	uint8_t count;
	struct leaf in[LEAVES];
};

/*
 * A message: @cut bytes are missing at its end, @lie is added to what its header
 * says, and bits are turned behind the header.
 */
struct shape {
	uint16_t type;
	uint16_t flags;
	uint8_t cmd;
	uint8_t version;
	uint16_t reserved;
	uint16_t cut;
	int lie;
	uint8_t edits;
	struct {
		uint16_t at;
		uint8_t bits;
	} edit[EDITS];
	uint8_t count;
	struct attr attr[ATTRS];
};

#define KEPT	512

static struct shape kept[KEPT];
static unsigned int kept_count;

static void leaf_bytes(struct msg *m, const struct leaf *l)
{
	size_t have = l->len < sizeof(l->data) ? l->len : sizeof(l->data);
	size_t at = m->len;

	msg_put(m, l->type, l->data, have);
	m->len = at + NLA_HDRLEN + have;
	msg_bytes(m, NULL, l->len - have);
	msg_pad(m);
	((struct nlattr *)(m->data + at))->nla_len = NLA_HDRLEN + l->len + l->lie;
}

static void attr_bytes(struct msg *m, const struct attr *a)
{
	size_t at;

	if (!a->nest) {
		leaf_bytes(m, &a->leaf);
		return;
	}
	at = msg_nest(m, a->leaf.type);
	for (unsigned int i = 0; i < a->count; i++)
		leaf_bytes(m, &a->in[i]);
	msg_nest_end(m, at);
	((struct nlattr *)(m->data + at))->nla_len += a->leaf.lie;
}

static void shape_bytes(struct msg *m, const struct shape *s, uint32_t seq)
{
	struct nlmsghdr *nlh = msg_header(m);
	struct genlmsghdr *genl;

	msg_begin(m, s->type, 0, s->cmd);
	genl = (struct genlmsghdr *)(m->data + NLMSG_HDRLEN);
	genl->version = s->version;
	genl->reserved = s->reserved;
	for (unsigned int i = 0; i < s->count; i++)
		attr_bytes(m, &s->attr[i]);
	if (s->cut < m->len - NLMSG_HDRLEN)
		m->len -= s->cut;
	for (unsigned int i = 0; i < s->edits && m->len > NLMSG_HDRLEN; i++)
		m->data[NLMSG_HDRLEN + s->edit[i].at % (m->len - NLMSG_HDRLEN)] ^= s->edit[i].bits;
	nlh->nlmsg_len = m->len + s->lie;
	nlh->nlmsg_flags = s->flags;
	nlh->nlmsg_seq = seq;
}

static struct attr *attr_add(struct shape *s)
{
	struct attr *a = &s->attr[s->count < ATTRS ? s->count++ : below(ATTRS)];

	memset(a, 0, sizeof(*a));
	return a;
}

static void leaf_set(struct leaf *l, uint16_t type, const void *data, size_t len)
{
	*l = (struct leaf){ .type = type, .len = len };
	memcpy(l->data, data, len);
}

static void add_u32(struct shape *s, uint16_t type, uint32_t value)
{
	leaf_set(&attr_add(s)->leaf, type, &value, sizeof(value));
}

static void add_u64(struct shape *s, uint16_t type, uint64_t value)
{
	leaf_set(&attr_add(s)->leaf, type, &value, sizeof(value));
}

/* Names that cgroups have, some of them, and some that are no names. */
static const char *some_name(void)
{
	static const char *const names[] = {
		"/fuzz-0", "/fuzz-0/a", "/fuzz-0/a/b", "/fuzz-*", "/fuzz-?/[ab]", "/fuzz-[!0]/*",
		"/fuzz-0/*/b", "/*/a", "/fuzz-\\*", "/none", "/none/[", "/fuzz-[0-", "/", "//",
		"fuzz-0", "/fuzz-0/", "/fuzz-0/..", "/./fuzz-0", "", "*", "/fuzz-0//a",
	};

	return names[below(sizeof(names) / sizeof(names[0]))];
}

static void add_name(struct shape *s)
{
	const char *name = some_name();

	if (percent(55))
		add_u32(s, SCMOD_A_POLICY_FD, some_fd());
	else if (percent(25))
		leaf_set(&attr_add(s)->leaf, SCMOD_A_POLICY_NAME, name, strlen(name) + 1);
	else
		add_u64(s, SCMOD_A_POLICY_ID, some_id());
}

static void bitmap_any(struct leaf *l, uint16_t type)
{
	static const uint8_t fills[] = { 0, 0xff, 0x55, 0xaa, 0x80 };
	uint8_t map[SCMOD_BITMAP_BYTES];

	memset(map, fills[below(sizeof(fills))], sizeof(map));
	for (uint32_t i = below(40); i; i--)
		map[below(sizeof(map))] = below(256);
	leaf_set(l, type, map, sizeof(map));
}

static void add_abi(struct shape *s, uint32_t abi)
{
	struct attr *a = attr_add(s);

	a->nest = true;
	a->leaf.type = SCMOD_A_POLICY_ABI | NLA_F_NESTED;
	leaf_set(&a->in[a->count++], SCMOD_A_ABI_ID, &abi, sizeof(abi));
	if (percent(30))
		bitmap_any(&a->in[a->count++], SCMOD_A_ABI_PRIORITY);
	if (percent(10))
		bitmap_any(&a->in[a->count++], SCMOD_A_ABI_SEEN);
	if (percent(10))
		bitmap_any(&a->in[a->count++], SCMOD_A_ABI_DENIED);
	if (percent(25)) {
		bitmap_any(&a->in[a->count++], SCMOD_A_ABI_ADD);
		return;
	}
	if (percent(70))
		bitmap_any(&a->in[a->count++], SCMOD_A_ABI_ALLOWED);
	if (percent(40))
		bitmap_any(&a->in[a->count++], SCMOD_A_ABI_SOFT);
}

static void value_rules_any(struct leaf *l, uint16_t type)
{
	struct scmod_value_rule rules[2] = { 0 };

	for (unsigned int i = 0; i < 2; i++) {
		rules[i].mask = percent(60) ? ~0ULL : edge();
		rules[i].first = edge() & rules[i].mask;
		rules[i].last = percent(60) ? rules[i].first : edge();
		rules[i].err = percent(70) ? 0 : below(SCMOD_ERRNO_MAX + 2);
	}
	leaf_set(l, type, rules, below(3) * sizeof(rules[0]));
	/* What comes after them is zeroes, which are rules, too. */
	if (percent(20))
		l->len = below(SCMOD_VALUE_RULES_MAX + 2) * sizeof(rules[0]);
}

static void add_selector(struct shape *s, uint32_t selector)
{
	struct attr *a = attr_add(s);
	uint32_t watch = below(2);
	uint64_t seen[8];

	for (unsigned int i = 0; i < 8; i++)
		seen[i] = edge();
	a->nest = true;
	a->leaf.type = SCMOD_A_POLICY_SELECTOR | NLA_F_NESTED;
	leaf_set(&a->in[a->count++], SCMOD_A_SELECTOR_ID, &selector, sizeof(selector));
	if (percent(30))
		leaf_set(&a->in[a->count++], SCMOD_A_SELECTOR_WATCH, &watch, sizeof(watch));
	if (percent(20))
		leaf_set(&a->in[a->count++], SCMOD_A_SELECTOR_SEEN, seen, 8 * below(9));
	if (percent(25))
		value_rules_any(&a->in[a->count++], SCMOD_A_SELECTOR_ADD);
	else if (percent(75))
		value_rules_any(&a->in[a->count++], SCMOD_A_SELECTOR_RULES);
	else
		leaf_set(&a->in[a->count++], SCMOD_A_SELECTOR_ANY, seen, 0);
}

static void add_program(struct shape *s)
{
	struct attr *a = attr_add(s);
	uint32_t dev = any_u64();
	uint64_t number = edge();
	char path[40];

	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[1 + below(sizeof(path) - 1)] = '\0';
	a->nest = true;
	a->leaf.type = SCMOD_A_POLICY_PROGRAM | NLA_F_NESTED;
	leaf_set(&a->in[a->count++], SCMOD_A_PROGRAM_PATH, path, strlen(path) + 1);
	leaf_set(&a->in[a->count++], SCMOD_A_PROGRAM_DEV, &dev, sizeof(dev));
	leaf_set(&a->in[a->count++], SCMOD_A_PROGRAM_INO, &number, sizeof(number));
	if (percent(50))
		leaf_set(&a->in[a->count++], SCMOD_A_PROGRAM_TIME, &number, sizeof(number));
	if (percent(50))
		leaf_set(&a->in[a->count++], SCMOD_A_PROGRAM_COUNT, &dev, sizeof(dev));
}

static void add_rules(struct shape *s)
{
	if (percent(10))
		add_program(s);
	for (uint32_t i = percent(40) ? 1 + below(4) : 0; i; i--)
		add_selector(s, below(SCMOD_SELECTOR_MAX + 1));
	if (percent(75))
		add_u32(s, SCMOD_A_POLICY_MODE, below(SCMOD_MODE_MAX + 1));
	if (percent(10))
		add_u32(s, SCMOD_A_POLICY_CONFIRM, 1 + below(percent(50) ? 20 : 100000));
	if (percent(30))
		add_u32(s, SCMOD_A_POLICY_ACTION, below(SCMOD_ACTION_MAX + 1));
	if (percent(30))
		add_u32(s, SCMOD_A_POLICY_ERRNO, 1 + below(SCMOD_ERRNO_MAX));
	for (uint32_t abi = 0; abi <= SCMOD_ABI_MAX; abi++)
		if (percent(30))
			add_abi(s, abi);
}

/* Of a good form, that is: the module may have reasons to refuse. */
static void make_good(struct shape *s)
{
	uint32_t kind = below(100);

	memset(s, 0, sizeof(*s));
	s->type = family();
	s->version = SCMOD_FAMILY_VERSION;
	s->flags = NLM_F_REQUEST | NLM_F_ACK;
	if (kind < 5) {
		s->cmd = SCMOD_CMD_STATUS;
	} else if (kind < 8) {
		s->cmd = SCMOD_CMD_LISTEN;
		if (percent(40))
			attr_add(s)->leaf.type = SCMOD_A_LISTEN_STOP;
	} else if (kind < 25) {
		s->cmd = SCMOD_CMD_GET;
		add_name(s);
		if (percent(10))
			attr_add(s)->leaf.type = SCMOD_A_POLICY_WANT_RECORDS;
	} else if (kind < 35) {
		s->cmd = SCMOD_CMD_GET;
		s->flags |= NLM_F_DUMP;
		if (percent(50))
			add_name(s);
		if (percent(50))
			attr_add(s)->leaf.type = SCMOD_A_POLICY_WANT_RECORDS;
		if (percent(20))
			attr_add(s)->leaf.type = SCMOD_A_POLICY_WANT_CONFIRMED;
	} else if (kind < 78) {
		s->cmd = SCMOD_CMD_SET;
		add_name(s);
		if (percent(20))
			attr_add(s)->leaf.type = SCMOD_A_POLICY_FOLLOW;
		/* Small process ids exist, those of kernel threads. */
		if (percent(5))
			add_u32(s, SCMOD_A_POLICY_FROM_EXEC, below(64));
		add_rules(s);
	} else if (kind < 80) {
		s->cmd = SCMOD_CMD_PROVE;
		add_u32(s, SCMOD_A_PROVE_PID, 1 + below(0x400000));
	} else if (kind < 85) {
		s->cmd = SCMOD_CMD_CONFIRM;
		add_name(s);
	} else {
		s->cmd = SCMOD_CMD_FORGET;
		add_name(s);
	}
}

static void leaf_any(struct leaf *l, uint16_t types)
{
	l->type = below(types + 3);
	l->len = percent(80) ? below(sizeof(l->data)) : edge() % 3000;
	for (size_t i = 0; i < sizeof(l->data); i++)
		l->data[i] = below(256);
}

/* A message whose family number is right, and the rest random. */
static void make_any(struct shape *s)
{
	make_good(s);
	s->cmd = below(10);
	s->count = 0;
	for (uint32_t i = below(8); i; i--) {
		struct attr *a = attr_add(s);

		leaf_any(&a->leaf, SCMOD_A_POLICY_MAX);
		a->nest = percent(20);
		a->count = a->nest ? below(LEAVES + 1) : 0;
		for (unsigned int j = 0; j < a->count; j++)
			leaf_any(&a->in[j], SCMOD_A_SELECTOR_MAX);
		if (a->nest && percent(80))
			a->leaf.type |= NLA_F_NESTED;
	}
}

static void spoil_value(struct leaf *l)
{
	const char *name = some_name();
	uint64_t value = edge();
	size_t size = 1 << below(4);

	if ((l->type & NLA_TYPE_MASK) == SCMOD_A_POLICY_FD && percent(50))
		value = some_fd();
	if ((l->type & NLA_TYPE_MASK) == SCMOD_A_POLICY_ID && percent(50))
		value = some_id();
	if ((l->type & NLA_TYPE_MASK) == SCMOD_A_POLICY_NAME && percent(50)) {
		leaf_set(l, l->type, name, strlen(name) + below(2));
		return;
	}
	memcpy(l->data, &value, size);
}

static void spoil_leaf(struct leaf *l)
{
	switch (below(9)) {
	case 0:
		l->type = below(SCMOD_A_POLICY_MAX + 3) | (l->type & ~NLA_TYPE_MASK);
		break;
	case 1:
		l->type = edge();
		break;
	case 2:
		l->type ^= percent(50) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
		break;
	case 3:
		l->len += below(3) - 1;
		break;
	case 4:
		l->len = edge() % (percent(5) ? 0xff00 : 200);
		break;
	case 5:
		l->lie = percent(50) ? (int)below(9) - 4 : (int)edge();
		break;
	case 6:
		l->data[below(sizeof(l->data))] ^= 1 << below(8);
		break;
	default:
		spoil_value(l);
	}
}

static void spoil_header(struct shape *s)
{
	const uint16_t types[] = {
		NLMSG_NOOP, NLMSG_ERROR, NLMSG_DONE, 0, GENL_ID_CTRL, 0x7ff, 0xffff,
	};

	switch (below(8)) {
	case 0:
		s->cmd = percent(70) ? below(SCMOD_CMD_MAX + 2) : below(256);
		break;
	case 1:
		s->version = below(256);
		break;
	case 2:
		s->flags ^= 1 << below(16);
		break;
	case 3:
		s->flags |= NLM_F_REQUEST | NLM_F_DUMP;
		break;
	case 4:
		s->reserved = percent(50) ? 0 : edge();
		break;
	case 5:
		if (percent(30))
			s->type = types[below(sizeof(types) / sizeof(types[0]))];
		break;
	case 6:
		s->lie = percent(50) ? (int)below(41) - 20 : (int)edge();
		break;
	default:
		s->cut = below(60);
	}
}

static void drop(struct shape *s, unsigned int at)
{
	s->count--;
	memmove(&s->attr[at], &s->attr[at + 1], (s->count - at) * sizeof(s->attr[0]));
}

static void spoil_order(struct shape *s)
{
	unsigned int at = below(s->count), other = below(s->count);
	struct attr copy = s->attr[at];
	const struct shape *from;

	switch (below(4)) {
	case 0:
		*attr_add(s) = copy;
		break;
	case 1:
		drop(s, at);
		break;
	case 2:
		s->attr[at] = s->attr[other];
		s->attr[other] = copy;
		break;
	default:
		from = kept_count ? &kept[below(kept_count)] : s;
		if (from->count)
			*attr_add(s) = from->attr[below(from->count)];
	}
}

static void spoil_nest(struct attr *a)
{
	if (!a->nest || percent(10)) {
		/* Turn the value into a nest that holds it, or the nest into a value. */
		a->in[0] = a->leaf;
		a->count = a->nest ? a->count : 1;
		a->nest = !a->nest;
		a->leaf.type ^= percent(70) ? NLA_F_NESTED : 0;
	} else if (a->count && percent(70)) {
		spoil_leaf(&a->in[below(a->count)]);
	} else if (a->count && percent(50)) {
		a->count--;
	} else if (a->count < LEAVES) {
		a->in[a->count] = a->in[below(LEAVES)];
		a->count++;
	}
}

static void spoil(struct shape *s)
{
	struct attr *a = s->count ? &s->attr[below(s->count)] : NULL;
	uint32_t kind = below(100);

	if (kind < 15) {
		spoil_header(s);
	} else if (kind < 25 && s->edits < EDITS) {
		s->edit[s->edits].at = below(0x10000);
		s->edit[s->edits++].bits = 1 << below(8);
	} else if (!a) {
		leaf_any(&attr_add(s)->leaf, SCMOD_A_POLICY_MAX);
	} else if (kind < 55) {
		spoil_order(s);
	} else if (a->nest || kind < 65) {
		spoil_nest(a);
	} else {
		spoil_leaf(&a->leaf);
	}
}

static void next_shape(struct shape *s)
{
	uint32_t kind = below(100);

	if (kind < 10) {
		make_any(s);
		return;
	}
	if (kind < 60 && kept_count)
		*s = kept[below(kept_count)];
	else
		make_good(s);
	if (kind < 80)
		for (uint32_t i = below(4); i < 4; i++)
			spoil(s);
}

#endif /* SELFTESTS_FUZZ_MESSAGE_H */
