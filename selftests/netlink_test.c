// SPDX-License-Identifier: GPL-2.0
/*
 * Messages that are wrong in any way are refused with a reason and change
 * nothing.
 */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

/* Errors that the kernel's core raises before any module is asked have no text. */
#define NO_TEXT	NULL
#define SOME	""

#define DO(name)	(1U << SCMOD_CMD_##name)
#define NAMING		(DO(GET) | DO(SET) | DO(FORGET) | DO(CONFIRM))
#define DUMP		(1U << 31)
#define ANY		(NAMING | DUMP)

/* The ids and descriptors in messages. A copy of the fixture's, for the builders. */
static struct {
	uint64_t id, gone, none;
	int fd, fresh, plain, file, v1, removed, closed, inner, family;
} w;

static struct msg m;

/*
 * A message that is to be refused. @build adds attributes to it; @type, @len and
 * @value tell it what. Sent once with each of @cmds.
 */
struct bad {
	const char *name;
	unsigned int cmds;
	void (*build)(const struct bad *bad);
	int type;
	int len;
	uint64_t value;
	int err;
	const char *text;
};

static void put(int type, int len, uint64_t value)
{
	static unsigned char data[65536];

	memset(data, 0, sizeof(data));
	memcpy(data, &value, sizeof(value));
	msg_put(&m, type, data, len);
}

static void name(void)
{
	msg_put_u64(&m, SCMOD_A_POLICY_ID, w.id);
}

static void set_alone(const struct bad *bad)
{
	put(bad->type, bad->len, bad->value);
}

static void fd_of(const struct bad *bad)
{
	msg_put_u32(&m, SCMOD_A_POLICY_FD, *(int *)(uintptr_t)bad->value);
}

static void id_of(const struct bad *bad)
{
	msg_put_u64(&m, SCMOD_A_POLICY_ID, *(uint64_t *)(uintptr_t)bad->value);
}

#define OF(what) .value = (uintptr_t)&w.what

static void nothing(const struct bad *bad)
{
}

static void id_and_fd(const struct bad *bad)
{
	name();
	msg_put_u32(&m, SCMOD_A_POLICY_FD, w.fd);
}

static void twice(const struct bad *bad)
{
	if (bad->type != SCMOD_A_POLICY_ID && bad->type != SCMOD_A_POLICY_FD)
		name();
	put(bad->type, bad->len, bad->value);
	put(bad->type, bad->len, bad->value);
}

static void name_of(const struct bad *bad)
{
	const char *text = (const char *)(uintptr_t)bad->value;

	msg_put(&m, SCMOD_A_POLICY_NAME, text, strlen(text) + 1);
}

static void name_follows(const struct bad *bad)
{
	name_of(bad);
	msg_put(&m, SCMOD_A_POLICY_FOLLOW, NULL, 0);
}

static void fd_twice(const struct bad *bad)
{
	msg_put_u32(&m, SCMOD_A_POLICY_FD, w.fresh);
	msg_put_u32(&m, SCMOD_A_POLICY_FD, w.fd);
}

/* Named, and one attribute. */
static void one(const struct bad *bad)
{
	name();
	put(bad->type, bad->len, bad->value);
}

/* Named, a new mode that is all right, and one attribute. */
static void after_mode(const struct bad *bad)
{
	name();
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_COMPLAIN);
	put(bad->type, bad->len, bad->value);
}

/* The same for a cgroup that has no policy. */
static void after_mode_new(const struct bad *bad)
{
	msg_put_u32(&m, SCMOD_A_POLICY_FD, w.fresh);
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_LEARN);
	put(bad->type, bad->len, bad->value);
}

static size_t abi_begin(unsigned int abi)
{
	size_t at = msg_nest(&m, SCMOD_A_POLICY_ABI | NLA_F_NESTED);

	if (abi <= 0xff)
		msg_put_u32(&m, SCMOD_A_ABI_ID, abi);
	return at;
}

#define NO_ABI	0x100
#define NO_SELECTOR	0x100

static void abi_good(unsigned int abi)
{
	size_t at = abi_begin(abi);

	put(SCMOD_A_ABI_ALLOWED, SCMOD_BITMAP_BYTES, 0x55);
	msg_nest_end(&m, at);
}

/* Named, a good mode, and begins a nest of ABI 0 with one attribute more. */
static size_t in_abi_begin(const struct bad *bad)
{
	size_t at;

	name();
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_COMPLAIN);
	at = abi_begin(0);
	put(bad->type, bad->len, bad->value);
	return at;
}

static void in_abi(const struct bad *bad)
{
	msg_nest_end(&m, in_abi_begin(bad));
}

/* What adds beside what replaces. */
static void in_abi_with_add(const struct bad *bad)
{
	size_t at = in_abi_begin(bad);

	put(SCMOD_A_ABI_ADD, SCMOD_BITMAP_BYTES, 0x55);
	msg_nest_end(&m, at);
}

/* The same without the ABI's number. */
static void in_nameless_abi(const struct bad *bad)
{
	size_t at;

	name();
	abi_good(1);
	at = abi_begin(NO_ABI);
	put(bad->type, bad->len, bad->value);
	msg_nest_end(&m, at);
}

static void in_abi_new(const struct bad *bad)
{
	size_t at;

	msg_put_u32(&m, SCMOD_A_POLICY_FD, w.fresh);
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_LEARN);
	at = abi_begin(NO_ABI);
	put(bad->type, bad->len, bad->value);
	msg_nest_end(&m, at);
}

static void twice_in_abi(const struct bad *bad)
{
	size_t at;

	name();
	at = abi_begin(0);
	put(bad->type, bad->len, bad->value);
	put(bad->type, bad->len, bad->value);
	msg_nest_end(&m, at);
}

static void abi_twice(const struct bad *bad)
{
	name();
	for (uint64_t i = 0; i < bad->value; i++)
		abi_good(0);
}

static void abi_not_nested(const struct bad *bad)
{
	size_t at;

	name();
	at = msg_nest(&m, SCMOD_A_POLICY_ABI);
	msg_put_u32(&m, SCMOD_A_ABI_ID, 0);
	msg_nest_end(&m, at);
}

static void abi_trailing(const struct bad *bad)
{
	struct nlattr *nest;
	size_t at;

	name();
	at = abi_begin(0);
	nest = (struct nlattr *)(m.data + at);
	msg_bytes(&m, NULL, 4);
	nest->nla_len = m.len - at - 4 + bad->len;
}

/* An attribute in the nest that reaches past the nest, not past the message. */
static void abi_inner_past_end(const struct bad *bad)
{
	size_t at;

	name();
	at = abi_begin(0);
	msg_put_odd(&m, SCMOD_A_ABI_ALLOWED, NULL, 4, NLA_HDRLEN + SCMOD_BITMAP_BYTES);
	msg_nest_end(&m, at);
	for (int i = 0; i < 20; i++)
		msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_OFF);
}

static size_t selector_begin(unsigned int selector)
{
	size_t at = msg_nest(&m, SCMOD_A_POLICY_SELECTOR | NLA_F_NESTED);

	if (selector != NO_SELECTOR)
		msg_put_u32(&m, SCMOD_A_SELECTOR_ID, selector);
	return at;
}

static void selector_good(unsigned int selector)
{
	const struct scmod_value_rule rule = { ~0ULL, 1, 1, 0, 0 };
	size_t at = selector_begin(selector);

	msg_put(&m, SCMOD_A_SELECTOR_RULES, &rule, sizeof(rule));
	msg_nest_end(&m, at);
}

/* Named, a good mode, a good nest, and one with the attribute. */
static void in_selector(const struct bad *bad)
{
	size_t at;

	name();
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_COMPLAIN);
	selector_good(SCMOD_SELECTOR_IOCTL);
	at = selector_begin(SCMOD_SELECTOR_SOCKET);
	put(bad->type, bad->len, bad->value);
	msg_nest_end(&m, at);
}

static void in_nameless_selector(const struct bad *bad)
{
	size_t at;

	name();
	selector_good(SCMOD_SELECTOR_IOCTL);
	at = selector_begin(NO_SELECTOR);
	put(bad->type, bad->len, bad->value);
	msg_nest_end(&m, at);
}

static void twice_in_selector(const struct bad *bad)
{
	size_t at;

	name();
	at = selector_begin(SCMOD_SELECTOR_SOCKET);
	put(bad->type, bad->len, bad->value);
	put(bad->type, bad->len, bad->value);
	msg_nest_end(&m, at);
}

/* Beside the rules that there are. */
static void with_rules(const struct bad *bad)
{
	size_t at;

	name();
	at = selector_begin(SCMOD_SELECTOR_SOCKET);
	put(SCMOD_A_SELECTOR_RULES, 0, 0);
	put(bad->type, bad->len, bad->value);
	msg_nest_end(&m, at);
}

/* A good rule, and then the one that @value points to. */
static void of_rule(const struct bad *bad)
{
	struct scmod_value_rule rules[2] = { { ~0ULL, 1, 1, 0, 0 } };
	size_t at;

	rules[1] = *(const struct scmod_value_rule *)(uintptr_t)bad->value;
	name();
	at = selector_begin(SCMOD_SELECTOR_SOCKET);
	msg_put(&m, bad->type, rules, sizeof(rules));
	msg_nest_end(&m, at);
}

static void selector_twice(const struct bad *bad)
{
	name();
	for (uint64_t i = 0; i < bad->value; i++)
		selector_good(SCMOD_SELECTOR_SOCKET);
}

/* Rules of as many selectors as @value says, as many for each as there may be. */
static void too_many_rules(const struct bad *bad)
{
	name();
	for (unsigned int i = 0; i < bad->value; i++) {
		size_t at = selector_begin(i);

		put(SCMOD_A_SELECTOR_RULES, SCMOD_VALUE_RULES_MAX * sizeof(struct scmod_value_rule),
		    0);
		msg_nest_end(&m, at);
	}
}

/* The last attribute says that it is of another length than what is there. */
static void odd_length(const struct bad *bad)
{
	name();
	msg_put_odd(&m, SCMOD_A_POLICY_MODE, &bad->value, 4, bad->len);
}

static void trailing(const struct bad *bad)
{
	if (bad->type)
		name();
	msg_bytes(&m, NULL, bad->len);
}

/* As many attributes of one type as make the message @value bytes long. */
static void huge(const struct bad *bad)
{
	name();
	while (m.len < bad->value)
		put(bad->type, bad->len, 0);
}

static void flags(const struct bad *bad)
{
	name();
	msg_header(&m)->nlmsg_flags |= bad->value;
}

static void reserved(const struct bad *bad)
{
	struct genlmsghdr *hdr = (struct genlmsghdr *)(m.data + NLMSG_HDRLEN);

	name();
	hdr->reserved = bad->value;
}

static void cmd(const struct bad *bad)
{
	struct genlmsghdr *hdr = (struct genlmsghdr *)(m.data + NLMSG_HDRLEN);

	name();
	hdr->cmd = bad->value;
}

static void short_header(const struct bad *bad)
{
	m.len = NLMSG_HDRLEN + bad->len;
	msg_header(&m)->nlmsg_len = m.len;
}

static void wrong_family(const struct bad *bad)
{
	name();
	msg_header(&m)->nlmsg_type = bad->value;
}

/* A good change, in a message whose header lies about its length. */
static void header_says(const struct bad *bad)
{
	name();
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_OFF);
	msg_header(&m)->nlmsg_len = bad->len < 0 ? (int)m.len - bad->len : bad->len;
}

static void no_request(const struct bad *bad)
{
	name();
	if (bad->cmds & DO(SET))
		msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_OFF);
	msg_header(&m)->nlmsg_flags = bad->value;
}

/* Short names for what the tables are full of. */
#define P(x)	.type = SCMOD_A_POLICY_##x
#define A(x)	.type = SCMOD_A_ABI_##x
#define BITS	SCMOD_BITMAP_BYTES
#define STRING(x)	.value = (uintptr_t)(x)

static const struct bad naming[] = {
	{ "no name", NAMING, nothing, .err = -EINVAL, .text = "one of ID, FD and NAME" },
	{ "both names", ANY, id_and_fd, .err = -EINVAL, .text = "one of ID, FD and NAME" },
	{ "ID 0", ANY, set_alone, P(ID), 8, 0, -ERANGE, SOME },
	{ "ID of 0 bytes", ANY, set_alone, P(ID), 0, 0, -EINVAL, SOME },
	{ "ID of 4 bytes", ANY, set_alone, P(ID), 4, 1, -EINVAL, SOME },
	{ "ID of 7 bytes", ANY, set_alone, P(ID), 7, 1, -EINVAL, SOME },
	{ "ID of 9 bytes", ANY, set_alone, P(ID), 9, 1, -EINVAL, SOME },
	{ "ID of 16 bytes", ANY, set_alone, P(ID), 16, 1, -EINVAL, SOME },
	{ "ID flagged as a nest", ANY, set_alone, SCMOD_A_POLICY_ID | NLA_F_NESTED, 8, 1, -EINVAL,
	  SOME },
	{ "ID of nobody", ANY, set_alone, P(ID), 8, ~0ULL, -ENOENT, "No policy" },
	{ "ID of a cgroup without policy", ANY, id_of, OF(none), .err = -ENOENT,
	  .text = "No policy" },
	{ "FD -1", ANY, set_alone, P(FD), 4, -1, -ERANGE, SOME },
	{ "FD INT_MIN", ANY, set_alone, P(FD), 4, 0x80000000, -ERANGE, SOME },
	{ "FD of 0 bytes", ANY, set_alone, P(FD), 0, 0, -EINVAL, SOME },
	{ "FD of 1 byte", ANY, set_alone, P(FD), 1, 0, -EINVAL, SOME },
	{ "FD of 8 bytes", ANY, set_alone, P(FD), 8, 0, -EINVAL, SOME },
	{ "FD not open", ANY, set_alone, P(FD), 4, 1 << 20, -EBADF, "cgroup v2" },
	{ "FD INT_MAX", ANY, set_alone, P(FD), 4, 0x7fffffff, -EBADF, "cgroup v2" },
	{ "FD that was closed", ANY, fd_of, OF(closed), .err = -EBADF, .text = "cgroup v2" },
	{ "FD of a directory elsewhere", ANY, fd_of, OF(plain), .err = -EBADF,
	  .text = "cgroup v2" },
	{ "FD of a file", ANY, fd_of, OF(file), .err = -EBADF, .text = "cgroup v2" },
	{ "FD of a file in a cgroup", ANY, fd_of, OF(inner), .err = -EBADF,
	  .text = "cgroup v2" },
	{ "FD of a cgroup v1", ANY, fd_of, OF(v1), .err = -EBADF, .text = "cgroup v2" },
	{ "FD of a removed cgroup", ANY, fd_of, OF(removed), .err = -ENOENT,
	  .text = "cgroup v2" },
	{ "ID twice", ANY, twice, P(ID), 8, 1, -EINVAL, "twice" },
	{ "FD twice", ANY, fd_twice, .err = -EINVAL, .text = "twice" },
	{ "NAME of nobody", DO(GET) | DO(FORGET) | DO(CONFIRM) | DUMP, name_of, STRING("/nobody"),
	  .err = -ENOENT, .text = "No policy of this name" },
	{ "NAME of 0 bytes", ANY, set_alone, P(NAME), 0, 0, -EINVAL, SOME },
	{ "NAME without its NUL", ANY, set_alone, P(NAME), 8, 0x2f2f2f2f2f2f2f2f, -EINVAL, SOME },
	{ "NAME flagged as a nest", ANY, set_alone, SCMOD_A_POLICY_NAME | NLA_F_NESTED, 8, '/',
	  -EINVAL, SOME },
	{ "NAME that is empty", DO(SET), name_of, STRING(""), .err = -EINVAL,
	  .text = "must begin with" },
	{ "NAME with a part for the parent", DO(SET), name_of, STRING("/a/../b"), .err = -EINVAL,
	  .text = "must be without" },
	{ "NAME of the root", DO(SET), name_of, STRING("/"), .err = -EINVAL,
	  .text = "never removed" },
	{ "NAME and ID", ANY, one, P(NAME), 8, '/', -EINVAL, "one of ID, FD and NAME" },
	{ "NAME that follows itself", DO(SET), name_follows, STRING("/nobody"), .err = -EINVAL,
	  .text = "follows it" },
};

static const struct bad values[] = {
	{ "mode past the last", DO(SET), one, P(MODE), 4, SCMOD_MODE_MAX + 1, -ERANGE, SOME },
	{ "mode of all ones", DO(SET), one, P(MODE), 4, ~0ULL, -ERANGE, SOME },
	{ "mode of 0 bytes", DO(SET), one, P(MODE), 0, 0, -EINVAL, SOME },
	{ "mode of 1 byte", DO(SET), one, P(MODE), 1, 0, -EINVAL, SOME },
	{ "mode of 2 bytes", DO(SET), one, P(MODE), 2, 0, -EINVAL, SOME },
	{ "mode of 3 bytes", DO(SET), one, P(MODE), 3, 0, -EINVAL, SOME },
	{ "mode of 5 bytes", DO(SET), one, P(MODE), 5, 0, -EINVAL, SOME },
	{ "mode of 8 bytes", DO(SET), one, P(MODE), 8, 0, -EINVAL, SOME },
	{ "mode flagged as a nest", DO(SET), one, SCMOD_A_POLICY_MODE | NLA_F_NESTED, 4, 0, -EINVAL,
	  SOME },
	{ "mode twice", DO(SET), twice, P(MODE), 4, 0, -EINVAL, "twice" },
	{ "action past the last", DO(SET), one, P(ACTION), 4, SCMOD_ACTION_MAX + 1, -ERANGE, SOME },
	{ "action of 1 byte", DO(SET), one, P(ACTION), 1, 0, -EINVAL, SOME },
	{ "action twice", DO(SET), twice, P(ACTION), 4, 0, -EINVAL, "twice" },
	{ "errno 0", DO(SET), one, P(ERRNO), 4, 0, -ERANGE, SOME },
	{ "errno past the last", DO(SET), one, P(ERRNO), 4, SCMOD_ERRNO_MAX + 1, -ERANGE, SOME },
	{ "errno -1", DO(SET), one, P(ERRNO), 4, ~0ULL, -ERANGE, SOME },
	{ "errno of 2 bytes", DO(SET), one, P(ERRNO), 2, 1, -EINVAL, SOME },
	{ "errno twice", DO(SET), twice, P(ERRNO), 4, 5, -EINVAL, "twice" },
	{ "mode and errno 0", DO(SET), after_mode, P(ERRNO), 4, 0, -ERANGE, SOME },
	{ "mode and action 9", DO(SET), after_mode, P(ACTION), 4, 9, -ERANGE, SOME },
	{ "mode and an unknown attribute", DO(SET), after_mode, 200, 4, 0, -EINVAL, SOME },
	{ "mode and mode", DO(SET), after_mode, P(MODE), 4, SCMOD_MODE_OFF, -EINVAL, "twice" },
	{ "new cgroup, mode and errno 0", DO(SET), after_mode_new, P(ERRNO), 4, 0, -ERANGE, SOME },
	{ "new cgroup, mode and mode", DO(SET), after_mode_new, P(MODE), 4, 0, -EINVAL, "twice" },
	{ "confirm of 0", DO(SET), one, P(CONFIRM), 4, 0, -ERANGE, SOME },
	{ "confirm of 2 bytes", DO(SET), one, P(CONFIRM), 2, 1, -EINVAL, SOME },
	{ "confirm of 8 bytes", DO(SET), one, P(CONFIRM), 8, 1, -EINVAL, SOME },
	{ "confirm twice", DO(SET), twice, P(CONFIRM), 4, 1, -EINVAL, "twice" },
	{ "confirm of what does not enforce", DO(SET), one, P(CONFIRM), 4, 1000, -EINVAL,
	  "enforces" },
	{ "mode complain and confirm", DO(SET), after_mode, P(CONFIRM), 4, 1000, -EINVAL,
	  "enforces" },
	{ "new cgroup, mode learn and confirm", DO(SET), after_mode_new, P(CONFIRM), 4, 1000,
	  -EINVAL, "enforces" },
	{ "nothing to confirm", DO(CONFIRM), id_of, OF(id), .err = -EALREADY, .text = "No change" },
	{ "ID of a gone cgroup", DO(SET), id_of, OF(gone), .err = -ENODEV, .text = "removed" },
};

/* Named, a good mode, and a program with all it needs but the attribute that @value names. */
static void program_without(const struct bad *bad)
{
	size_t at;

	name();
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_COMPLAIN);
	at = msg_nest(&m, SCMOD_A_POLICY_PROGRAM | NLA_F_NESTED);
	if (bad->value != SCMOD_A_PROGRAM_PATH)
		msg_put(&m, SCMOD_A_PROGRAM_PATH, "/bin/x", 7);
	if (bad->value != SCMOD_A_PROGRAM_DEV)
		msg_put_u32(&m, SCMOD_A_PROGRAM_DEV, 1);
	if (bad->value != SCMOD_A_PROGRAM_INO)
		put(SCMOD_A_PROGRAM_INO, 8, 1);
	if (bad->type)
		put(bad->type, bad->len, 0);
	msg_nest_end(&m, at);
}

static const struct bad programs[] = {
	{ "empty", DO(SET), one, SCMOD_A_POLICY_PROGRAM | NLA_F_NESTED, 0, 0, -EINVAL, "PATH" },
	{ "not flagged as a nest", DO(SET), one, P(PROGRAM), 0, 0, -EINVAL, SOME },
	{ "in other commands", DO(GET) | DO(FORGET) | DUMP, one,
	  SCMOD_A_POLICY_PROGRAM | NLA_F_NESTED, 0, 0, -EINVAL, SOME },
	{ "without path", DO(SET), program_without, .value = SCMOD_A_PROGRAM_PATH, .err = -EINVAL,
	  .text = "PATH" },
	{ "without dev", DO(SET), program_without, .value = SCMOD_A_PROGRAM_DEV, .err = -EINVAL,
	  .text = "DEV" },
	{ "without ino", DO(SET), program_without, .value = SCMOD_A_PROGRAM_INO, .err = -EINVAL,
	  .text = "INO" },
	{ "path twice", DO(SET), program_without, SCMOD_A_PROGRAM_PATH, 4, .err = -EINVAL,
	  .text = "twice" },
	{ "path of 4097 bytes", DO(SET), program_without, SCMOD_A_PROGRAM_PATH, 4097,
	  SCMOD_A_PROGRAM_PATH, -ERANGE, SOME },
	{ "count of 2 bytes", DO(SET), program_without, SCMOD_A_PROGRAM_COUNT, 2, .err = -EINVAL,
	  .text = SOME },
	{ "time of 4 bytes", DO(SET), program_without, SCMOD_A_PROGRAM_TIME, 4, .err = -EINVAL,
	  .text = SOME },
	{ "unknown type inside", DO(SET), program_without, SCMOD_A_PROGRAM_MAX + 1, 4,
	  .err = -EINVAL, .text = SOME },
	{ "PROGRAMS_LOST", ANY, one, P(PROGRAMS_LOST), 4, 0, -EINVAL, SOME },
};

static const struct bad strangers[] = {
	{ "type 0", ANY | DO(STATUS), one, 0, 4, 0, -EINVAL, SOME },
	{ "PATH", ANY, one, P(PATH), 2, '/', -EINVAL, SOME },
	{ "PATH alone", DO(SET), set_alone, P(PATH), 2, '/', -EINVAL, "answers only" },
	{ "FLAGS", ANY, one, P(FLAGS), 4, 0, -EINVAL, SOME },
	{ "RECORDS", ANY, one, P(RECORDS), sizeof(struct scmod_record), 0, -EINVAL, SOME },
	{ "RECORDS_LOST", ANY, one, P(RECORDS_LOST), 4, 0, -EINVAL, SOME },
	{ "CREATED", ANY, one, P(CREATED), 8, 0, -EINVAL, SOME },
	{ "EVENTS_LOST", ANY, one, P(EVENTS_LOST), 4, 0, -EINVAL, SOME },
	{ "UNLOGGED", ANY, one, P(UNLOGGED), 4, 0, -EINVAL, SOME },
	{ "EVENT", ANY, one, P(EVENT), 4, 0, -EINVAL, SOME },
	{ "CGROUPS", ANY, one, P(CGROUPS), 4, 0, -EINVAL, SOME },
	{ "CAME", ANY, one, P(CAME), 4, 0, -EINVAL, SOME },
	{ "FOLLOW", DO(GET) | DO(FORGET) | DUMP, one, P(FOLLOW), 0, 0, -EINVAL, SOME },
	{ "CONFIRM", DO(GET) | DO(FORGET) | DO(CONFIRM) | DUMP, one, P(CONFIRM), 4, 1, -EINVAL,
	  SOME },
	{ "ROLLED_BACK", ANY, one, P(ROLLED_BACK), 8, 1, -EINVAL, SOME },
	{ "WANT_CONFIRMED", DO(SET) | DO(FORGET) | DO(CONFIRM), one, P(WANT_CONFIRMED), 0, 0,
	  -EINVAL, SOME },
	{ "WANT_CONFIRMED without dump", DO(GET), one, P(WANT_CONFIRMED), 0, 0, -EINVAL, "dump" },
	{ "WANT_CONFIRMED of 1 byte", DO(GET) | DUMP, one, P(WANT_CONFIRMED), 1, 0, -ERANGE,
	  SOME },
	{ "FOLLOW of 1 byte", DO(SET), one, P(FOLLOW), 1, 0, -ERANGE, SOME },
	{ "FOLLOW twice", DO(SET), twice, P(FOLLOW), 0, 0, -EINVAL, "twice" },
	{ "FROM_EXEC", DO(GET) | DO(FORGET) | DUMP, one, P(FROM_EXEC), 4, 1, -EINVAL, SOME },
	{ "FROM_EXEC 0", DO(SET), one, P(FROM_EXEC), 4, 0, -ERANGE, SOME },
	{ "FROM_EXEC of 8 bytes", DO(SET), one, P(FROM_EXEC), 8, 1, -EINVAL, SOME },
	{ "FROM_EXEC twice", DO(SET), twice, P(FROM_EXEC), 4, 1, -EINVAL, "twice" },
	{ "FROM_EXEC without MODE", DO(SET), one, P(FROM_EXEC), 4, 1, -EINVAL, "give a MODE" },
	{ "PAD", ANY, one, P(PAD), 0, 0, -EINVAL, SOME },
	{ "the type after the last", ANY, one, SCMOD_A_POLICY_MAX + 1, 4, 0, -EINVAL, SOME },
	{ "type 255", ANY | DO(STATUS), one, 255, 4, 0, -EINVAL, SOME },
	{ "the largest type", ANY | DO(STATUS), one, NLA_TYPE_MASK, 0, 0, -EINVAL, SOME },
	{ "WANT_RECORDS", DO(SET) | DO(FORGET), one, P(WANT_RECORDS), 0, 0, -EINVAL, SOME },
	{ "WANT_RECORDS without dump", DO(GET), one, P(WANT_RECORDS), 0, 0, -EINVAL, "dump" },
	{ "WANT_RECORDS of 1 byte", DO(GET) | DUMP, one, P(WANT_RECORDS), 1, 0, -ERANGE, SOME },
	{ "WANT_RECORDS twice", DUMP, twice, P(WANT_RECORDS), 0, 0, -EINVAL, "twice" },
	{ "MODE", DO(GET) | DO(FORGET) | DUMP, one, P(MODE), 4, 0, -EINVAL, SOME },
	{ "ABI", DO(GET) | DO(FORGET) | DUMP, one, SCMOD_A_POLICY_ABI | NLA_F_NESTED, 0, 0, -EINVAL,
	  SOME },
	{ "status of VERSION", DO(STATUS), set_alone, SCMOD_A_STATUS_VERSION, 2, '1', -EINVAL,
	  SOME },
	{ "status of POLICIES_MAX", DO(STATUS), set_alone, SCMOD_A_STATUS_POLICIES_MAX, 4, 1,
	  -EINVAL, SOME },
};

static const struct bad nests[] = {
	{ "not flagged as a nest", DO(SET), abi_not_nested, .err = -EINVAL, .text = "NESTED" },
	{ "empty", DO(SET), one, SCMOD_A_POLICY_ABI | NLA_F_NESTED, 0, 0, -EINVAL, "ABI ID" },
	{ "of 1 byte", DO(SET), one, SCMOD_A_POLICY_ABI | NLA_F_NESTED, 1, 0, -ERANGE, SOME },
	{ "of 3 bytes", DO(SET), one, SCMOD_A_POLICY_ABI | NLA_F_NESTED, 3, 0, -ERANGE, SOME },
	{ "of 4 zeroes", DO(SET), one, SCMOD_A_POLICY_ABI | NLA_F_NESTED, 4, 0, -EINVAL, SOME },
	{ "without ABI ID", DO(SET), in_nameless_abi, A(ALLOWED), BITS, 3, -EINVAL, "ABI ID" },
	{ "new cgroup, without ABI ID", DO(SET), in_abi_new, A(ALLOWED), BITS, 3, -EINVAL,
	  "ABI ID" },
	{ "ABI past the last", DO(SET), in_nameless_abi, A(ID), 4, SCMOD_ABI_MAX + 1, -ERANGE,
	  SOME },
	{ "ABI of all ones", DO(SET), in_nameless_abi, A(ID), 4, ~0ULL, -ERANGE, SOME },
	{ "ABI ID of 1 byte", DO(SET), in_nameless_abi, A(ID), 1, 0, -EINVAL, SOME },
	{ "ABI ID of 8 bytes", DO(SET), in_nameless_abi, A(ID), 8, 0, -EINVAL, SOME },
	{ "ABI ID twice", DO(SET), in_abi, A(ID), 4, 1, -EINVAL, "twice" },
	{ "the same ABI twice", DO(SET), abi_twice, .value = 2, .err = -EINVAL, .text = "twice" },
	{ "the same ABI 2000 times", DO(SET), abi_twice, .value = 2000, .err = -EINVAL,
	  .text = "twice" },
	{ "allowed of 0 bytes", DO(SET), in_abi, A(ALLOWED), 0, 0, -ERANGE, SOME },
	{ "allowed of 71 bytes", DO(SET), in_abi, A(ALLOWED), BITS - 1, 0, -ERANGE, SOME },
	{ "allowed of 73 bytes", DO(SET), in_abi, A(ALLOWED), BITS + 1, 0, -ERANGE, SOME },
	{ "allowed of 4096 bytes", DO(SET), in_abi, A(ALLOWED), 4096, 0, -ERANGE, SOME },
	{ "allowed flagged as a nest", DO(SET), in_abi, SCMOD_A_ABI_ALLOWED | NLA_F_NESTED, BITS, 0,
	  -EINVAL, SOME },
	{ "allowed twice", DO(SET), twice_in_abi, A(ALLOWED), BITS, 7, -EINVAL, "twice" },
	{ "soft of 0 bytes", DO(SET), in_abi, A(SOFT), 0, 0, -ERANGE, SOME },
	{ "soft of 71 bytes", DO(SET), in_abi, A(SOFT), BITS - 1, 0, -ERANGE, SOME },
	{ "soft of 73 bytes", DO(SET), in_abi, A(SOFT), BITS + 1, 0, -ERANGE, SOME },
	{ "soft twice", DO(SET), twice_in_abi, A(SOFT), BITS, 7, -EINVAL, "twice" },
	{ "add of 0 bytes", DO(SET), in_abi, A(ADD), 0, 0, -ERANGE, SOME },
	{ "add of 71 bytes", DO(SET), in_abi, A(ADD), BITS - 1, 0, -ERANGE, SOME },
	{ "add of 73 bytes", DO(SET), in_abi, A(ADD), BITS + 1, 0, -ERANGE, SOME },
	{ "add twice", DO(SET), twice_in_abi, A(ADD), BITS, 7, -EINVAL, "twice" },
	{ "priority of 0 bytes", DO(SET), in_abi, A(PRIORITY), 0, 0, -ERANGE, SOME },
	{ "priority of 71 bytes", DO(SET), in_abi, A(PRIORITY), BITS - 1, 0, -ERANGE, SOME },
	{ "priority of 73 bytes", DO(SET), in_abi, A(PRIORITY), BITS + 1, 0, -ERANGE, SOME },
	{ "priority twice", DO(SET), twice_in_abi, A(PRIORITY), BITS, 7, -EINVAL, "twice" },
	{ "add and allowed", DO(SET), in_abi_with_add, A(ALLOWED), BITS, 7, -EINVAL,
	  "give either" },
	{ "add and soft", DO(SET), in_abi_with_add, A(SOFT), BITS, 7, -EINVAL, "give either" },
	{ "seen of 0 bytes", DO(SET), in_abi, A(SEEN), 0, 0, -ERANGE, SOME },
	{ "seen of 71 bytes", DO(SET), in_abi, A(SEEN), BITS - 1, 0, -ERANGE, SOME },
	{ "seen of 73 bytes", DO(SET), in_abi, A(SEEN), BITS + 1, 0, -ERANGE, SOME },
	{ "seen twice", DO(SET), twice_in_abi, A(SEEN), BITS, 7, -EINVAL, "twice" },
	{ "denied of 0 bytes", DO(SET), in_abi, A(DENIED), 0, 0, -ERANGE, SOME },
	{ "denied of 71 bytes", DO(SET), in_abi, A(DENIED), BITS - 1, 0, -ERANGE, SOME },
	{ "denied of 73 bytes", DO(SET), in_abi, A(DENIED), BITS + 1, 0, -ERANGE, SOME },
	{ "denied twice", DO(SET), twice_in_abi, A(DENIED), BITS, 7, -EINVAL, "twice" },
	{ "type 0 inside", DO(SET), in_abi, 0, 4, 0, -EINVAL, SOME },
	{ "unknown type inside", DO(SET), in_abi, SCMOD_A_ABI_MAX + 1, 4, 0, -EINVAL, SOME },
	{ "largest type inside", DO(SET), in_abi, NLA_TYPE_MASK, 4, 0, -EINVAL, SOME },
	{ "1 byte after the last inside", DO(SET), abi_trailing, .len = 1, .err = -EINVAL,
	  .text = "leftover" },
	{ "3 bytes after the last inside", DO(SET), abi_trailing, .len = 3, .err = -EINVAL,
	  .text = "leftover" },
	{ "4 bytes after the last inside", DO(SET), abi_trailing, .len = 4, .err = -EINVAL,
	  .text = "leftover" },
	{ "inner one reaches past the nest", DO(SET), abi_inner_past_end, .err = -EINVAL,
	  .text = "leftover" },
};

static const struct scmod_value_rule backwards = { ~0ULL, 5, 4, 0, 0 };
static const struct scmod_value_rule outside = { 0xf0, 0x05, 0x0f, 0, 0 };
static const struct scmod_value_rule beyond = { 0x7, 0x8, ~0ULL, 0, 0 };
static const struct scmod_value_rule padded = { ~0ULL, 1, 1, 0, 1 };
static const struct scmod_value_rule no_errno = { ~0ULL, 1, 1, SCMOD_ERRNO_MAX + 1, 0 };

#define S(what)		SCMOD_A_SELECTOR_##what
#define RULE		sizeof(struct scmod_value_rule)
#define RULES_MAX	(SCMOD_VALUE_RULES_MAX * RULE)
#define AT(what)	.value = (uintptr_t)&(what)

static const struct bad selectors[] = {
	{ "empty", DO(SET), one, SCMOD_A_POLICY_SELECTOR | NLA_F_NESTED, 0, 0, -EINVAL,
	  "selector ID" },
	{ "not flagged as a nest", DO(SET), one, P(SELECTOR), 0, 0, -EINVAL, SOME },
	{ "of 1 byte", DO(SET), one, SCMOD_A_POLICY_SELECTOR | NLA_F_NESTED, 1, 0, -ERANGE, SOME },
	{ "VALUES", DO(SET), one, P(VALUES), 48, 0, -EINVAL, SOME },
	{ "in other commands", DO(GET) | DO(FORGET) | DUMP, one,
	  SCMOD_A_POLICY_SELECTOR | NLA_F_NESTED, 0, 0, -EINVAL, SOME },
	{ "without selector ID", DO(SET), in_nameless_selector, S(RULES), RULE, 0, -EINVAL,
	  "selector ID" },
	{ "selector past the last", DO(SET), in_nameless_selector, S(ID), 4,
	  SCMOD_SELECTOR_MAX + 1, -ERANGE, SOME },
	{ "selector of all ones", DO(SET), in_nameless_selector, S(ID), 4, ~0ULL, -ERANGE, SOME },
	{ "selector ID of 2 bytes", DO(SET), in_nameless_selector, S(ID), 2, 0, -EINVAL, SOME },
	{ "selector ID twice", DO(SET), in_selector, S(ID), 4, 1, -EINVAL, "twice" },
	{ "the same selector twice", DO(SET), selector_twice, .value = 2, .err = -EINVAL,
	  .text = "twice" },
	{ "the same selector 500 times", DO(SET), selector_twice, .value = 500, .err = -EINVAL,
	  .text = "twice" },
	{ "rules of 1 byte", DO(SET), in_selector, S(RULES), 1, 0, -EINVAL, "whole" },
	{ "rules of 31 bytes", DO(SET), in_selector, S(RULES), RULE - 1, 0, -EINVAL, "whole" },
	{ "rules of 33 bytes", DO(SET), in_selector, S(RULES), RULE + 1, 0, -EINVAL, "whole" },
	{ "one rule too many", DO(SET), in_selector, S(RULES), RULES_MAX + RULE, 0, -ERANGE, SOME },
	{ "rules twice", DO(SET), twice_in_selector, S(RULES), RULE, 0, -EINVAL, "twice" },
	{ "rules flagged as a nest", DO(SET), in_selector, S(RULES) | NLA_F_NESTED, RULE, 0,
	  -EINVAL, SOME },
	{ "add of 31 bytes", DO(SET), in_selector, S(ADD), RULE - 1, 0, -EINVAL, "whole" },
	{ "one to add too many", DO(SET), in_selector, S(ADD), RULES_MAX + RULE, 0, -ERANGE,
	  SOME },
	{ "add and rules", DO(SET), with_rules, S(ADD), RULE, 0, -EINVAL, "one of" },
	{ "any and rules", DO(SET), with_rules, S(ANY), 0, 0, -EINVAL, "one of" },
	{ "any of 1 byte", DO(SET), in_selector, S(ANY), 1, 0, -ERANGE, SOME },
	{ "watch of 1 byte", DO(SET), in_selector, S(WATCH), 1, 0, -EINVAL, SOME },
	{ "watch of 2", DO(SET), in_selector, S(WATCH), 4, 2, -ERANGE, SOME },
	{ "seen of 7 bytes", DO(SET), in_selector, S(SEEN), 7, 0, -EINVAL, "whole" },
	{ "one seen too many", DO(SET), in_selector, S(SEEN), 8 * SCMOD_VALUE_RULES_MAX + 8, 0,
	  -ERANGE, SOME },
	{ "seen twice", DO(SET), twice_in_selector, S(SEEN), 8, 0, -EINVAL, "twice" },
	{ "full", DO(SET), in_selector, S(FULL), 0, 0, -EINVAL, SOME },
	{ "lost", DO(SET), in_selector, S(LOST), 4, 0, -EINVAL, SOME },
	{ "type 0 inside", DO(SET), in_selector, 0, 4, 0, -EINVAL, SOME },
	{ "unknown type inside", DO(SET), in_selector, SCMOD_A_SELECTOR_MAX + 1, 4, 0, -EINVAL,
	  SOME },
	{ "first after last", DO(SET), of_rule, S(RULES), AT(backwards), .err = -EINVAL,
	  .text = "no value" },
	{ "bits that the mask lacks", DO(SET), of_rule, S(RULES), AT(outside), .err = -EINVAL,
	  .text = "no value" },
	{ "beyond the mask", DO(SET), of_rule, S(ADD), AT(beyond), .err = -EINVAL,
	  .text = "no value" },
	{ "padding of a rule", DO(SET), of_rule, S(RULES), AT(padded), .err = -EINVAL,
	  .text = "padding" },
	{ "errno too large", DO(SET), of_rule, S(ADD), AT(no_errno), .err = -EINVAL,
	  .text = "errno" },
	{ "more rules than a policy may have", DO(SET), too_many_rules, .value = 3,
	  .err = -ENOSPC, .text = "may have" },
};

static const struct bad shapes[] = {
	{ "attribute length 0", DO(SET), odd_length, .len = 0, .err = -EINVAL, .text = "leftover" },
	{ "attribute length 3", DO(SET), odd_length, .len = 3, .err = -EINVAL, .text = "leftover" },
	{ "attribute one byte past the end", DO(SET), odd_length, .len = 9, .err = -EINVAL,
	  .text = "leftover" },
	{ "attribute far past the end", DO(SET), odd_length, .len = 0xffff, .err = -EINVAL,
	  .text = "leftover" },
	{ "1 byte after the last", ANY | DO(STATUS), trailing, .len = 1, .err = -EINVAL,
	  .text = "leftover" },
	{ "2 bytes after the last", ANY, trailing, 1, 2, .err = -EINVAL, .text = "leftover" },
	{ "3 bytes after the last", ANY, trailing, 1, 3, .err = -EINVAL, .text = "leftover" },
	{ "4 zeroes after the last", ANY | DO(STATUS), trailing, 1, 4, .err = -EINVAL,
	  .text = SOME },
	{ "attribute of 64 KiB", DO(SET), in_abi, A(ALLOWED), 65000, 0, -ERANGE, SOME },
	{ "64 KiB of modes", DO(SET), huge, P(MODE), 4, 65536, -EINVAL, "twice" },
	{ "64 KiB of unknown attributes", ANY, huge, 99, 1000, 65536, -EINVAL, SOME },
	{ "128 KiB of nests", DO(SET), huge, SCMOD_A_POLICY_ABI | NLA_F_NESTED, 0, 131072, -EINVAL,
	  "ABI ID" },
	{ "larger than the socket takes", ANY, huge, 99, 1000, MSG_BYTES - 4096, -EMSGSIZE,
	  NO_TEXT },
	{ "NLM_F_ROOT alone", NAMING | DO(STATUS), flags, .value = NLM_F_ROOT, .err = -EINVAL,
	  .text = SOME },
	{ "NLM_F_MATCH alone", NAMING | DO(STATUS), flags, .value = NLM_F_MATCH, .err = -EINVAL,
	  .text = SOME },
	{ "NLM_F_APPEND", NAMING | DO(STATUS), flags, .value = NLM_F_APPEND, .err = -EINVAL,
	  .text = SOME },
	{ "an unknown flag", NAMING | DO(STATUS), flags, .value = 0x8000, .err = -EINVAL,
	  .text = SOME },
	{ "reserved field", ANY | DO(STATUS), reserved, .value = 1, .err = -EINVAL,
	  .text = SOME },
	{ "dump of what has none", DO(SET) | DO(FORGET) | DO(CONFIRM) | DO(STATUS), flags,
	  .value = NLM_F_DUMP, .err = -EOPNOTSUPP, .text = NO_TEXT },
	{ "command 0", DO(SET), cmd, .value = 0, .err = -EOPNOTSUPP, .text = NO_TEXT },
	{ "LISTEN that names a policy", DO(LISTEN), fd_of, OF(fd), .err = -EINVAL, .text = SOME },
	{ "LISTEN with STOP of 1 byte", DO(LISTEN), set_alone, SCMOD_A_LISTEN_STOP, 1, 0, -ERANGE,
	  SOME },
	{ "LISTEN with type 0", DO(LISTEN), set_alone, 0, 4, 0, -EINVAL, SOME },
	{ "LISTEN as a dump", DO(LISTEN), flags, .value = NLM_F_DUMP, .err = -EOPNOTSUPP,
	  .text = NO_TEXT },
	{ "LISTEN with 1 byte after the last", DO(LISTEN), trailing, .len = 1, .err = -EINVAL,
	  .text = "leftover" },
	{ "command EVENT", DO(SET) | DUMP, cmd, .value = SCMOD_CMD_EVENT, .err = -EOPNOTSUPP,
	  .text = NO_TEXT },
	{ "command after the last", DO(SET) | DUMP, cmd, .value = SCMOD_CMD_MAX + 1,
	  .err = -EOPNOTSUPP, .text = NO_TEXT },
	{ "command 255", DO(SET) | DUMP, cmd, .value = 255, .err = -EOPNOTSUPP, .text = NO_TEXT },
	{ "no second header", ANY | DO(STATUS), short_header, .len = 0, .err = -EINVAL,
	  .text = NO_TEXT },
	{ "second header of 3 bytes", ANY | DO(STATUS), short_header, .len = 3, .err = -EINVAL,
	  .text = NO_TEXT },
	{ "unknown family", ANY, wrong_family, .value = 0x7ff, .err = -ENOENT, .text = NO_TEXT },
	/* These are no messages, or no requests: the core throws them away. */
	{ "message length 0", DO(SET), header_says, .len = 0, .err = SILENT, .text = NO_TEXT },
	{ "message length 15", DO(SET), header_says, .len = 15, .err = SILENT, .text = NO_TEXT },
	{ "message length past the end", DO(SET), header_says, .len = -1, .err = SILENT,
	  .text = NO_TEXT },
	{ "no request", NAMING, no_request, .value = 0, .err = SILENT, .text = NO_TEXT },
	{ "a control message", DO(SET), wrong_family, .value = NLMSG_NOOP, .err = 0,
	  .text = NO_TEXT },
};

FIXTURE(messages)
{
	struct genl nl;
	struct cg cg, fresh, gone;
	struct answer before, after, answer;
	char dir[32];
};

static void some_calls(const struct cg *cg)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);

	calls_add(calls, SYS_getuid);
	calls_add(calls, SYS_getpid);
	calls_run(cg, calls);
	calls_free(calls);
}

/* Policies with a value in every field, none of which changes by itself any more. */
FIXTURE_SETUP(messages)
{
	struct abi_sets abi[NR_ABIS] = { 0 };

	ASSERT_EQ(0, genl_socket(&self->nl));
	ASSERT_EQ(0, genl_resolve(&self->nl, &m));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "netlink-witness"));
	ASSERT_EQ(0, cg_make(&self->fresh, NULL, "netlink-fresh"));
	ASSERT_EQ(0, cg_make(&self->gone, NULL, "netlink-gone"));
	for (int i = 0; i < NR_ABIS; i++) {
		memset(&abi[i].allowed, 0x11 << i, sizeof(abi[i].allowed));
		memset(&abi[i].soft, 0x80, sizeof(abi[i].soft));
	}
	bitmap_add(&abi[0].allowed, SYS_exit_group);
	ASSERT_EQ(0, set_enforce(&self->cg, abi, SCMOD_ACTION_ERRNO, EACCES));
	some_calls(&self->cg);
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	some_calls(&self->cg);
	ASSERT_EQ(0, set_mode(&self->gone, SCMOD_MODE_LEARN));

	strcpy(self->dir, "/tmp/netlink-v1.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	w.plain = open(self->dir, O_RDONLY | O_DIRECTORY);
	ASSERT_EQ(0, mount("none", self->dir, "cgroup", 0, "none,name=netlink-test"));
	w.v1 = open(self->dir, O_RDONLY | O_DIRECTORY);
	w.file = open("/proc/self/status", O_RDONLY);
	w.inner = openat(self->cg.fd, "cgroup.procs", O_RDONLY);
	w.closed = dup(self->cg.fd);
	w.removed = dup(self->gone.fd);
	close(w.closed);
	w.id = self->cg.id;
	w.fd = self->cg.fd;
	w.fresh = self->fresh.fd;
	w.none = self->fresh.id;
	w.gone = self->gone.id;
	ASSERT_EQ(0, cg_remove(&self->gone));
	/* A worker marks the policy of the removed cgroup as gone. */
	for (int i = 0; i < 500; i++) {
		struct policy policy;
		bool gone;

		ASSERT_EQ(0, get_policy(w.gone, &policy));
		gone = policy_gone(&policy);
		policy_release(&policy);
		if (gone)
			break;
		usleep(10000);
	}
	/* How many calls were refused in a second is told in the next one. */
	sleep(2);
	ASSERT_EQ(0, genl_dump(&self->nl, &m, &self->before));
	ASSERT_LT(2, self->before.messages);
}

FIXTURE_TEARDOWN(messages)
{
	close(w.v1);
	EXPECT_EQ(0, umount(self->dir));
	rmdir(self->dir);
	EXPECT_EQ(0, drop_policy(w.id));
	EXPECT_EQ(0, drop_policy(w.none));
	EXPECT_EQ(0, drop_policy(w.gone));
	EXPECT_EQ(0, cg_remove(&self->cg));
	EXPECT_EQ(0, cg_remove(&self->fresh));
}

static unsigned int refuse(struct __test_metadata *_metadata, FIXTURE_DATA(messages) *self,
			   const struct bad *bad, unsigned int bit)
{
	struct answer *a = &self->answer;
	int cmd = bit == 31 ? SCMOD_CMD_GET : bit;

	if (!(bad->cmds & 1U << bit))
		return 0;
	msg_begin(&m, self->nl.family, bit == 31 ? NLM_F_DUMP : 0, cmd);
	bad->build(bad);
	genl_ask(&self->nl, &m, a);
	EXPECT_EQ(bad->err, a->err) {
		TH_LOG("command %d%s: %s: '%s'", cmd, bit == 31 ? " as a dump" : "", bad->name,
		       a->text);
	}
	EXPECT_EQ(0, a->messages);
	EXPECT_EQ(!bad->text, !a->text[0]) {
		TH_LOG("command %d: %s: '%s'", cmd, bad->name, a->text);
	}
	EXPECT_TRUE(!bad->text || strstr(a->text, bad->text)) {
		TH_LOG("command %d: %s: '%s'", cmd, bad->name, a->text);
	}
	EXPECT_EQ(0, genl_dump(&self->nl, &m, &self->after));
	EXPECT_TRUE(answer_equal(&self->before, &self->after)) {
		TH_LOG("command %d: %s: changed something", cmd, bad->name);
	}
	return 1;
}

static void refuse_all(struct __test_metadata *_metadata, FIXTURE_DATA(messages) *self,
		       const struct bad *bad, size_t count)
{
	unsigned int messages = 0;

	for (size_t i = 0; i < count; i++)
		for (unsigned int bit = 0; bit < 32; bit++)
			messages += refuse(_metadata, self, &bad[i], bit);
	TH_LOG("%zu cases, %u messages", count, messages);
}

#define REFUSE_ALL(table) \
	refuse_all(_metadata, self, table, sizeof(table) / sizeof(table[0]))

TEST_F_TIMEOUT(messages, that_name_no_policy_are_refused, 120)
{
	REFUSE_ALL(naming);
}

TEST_F_TIMEOUT(messages, with_a_value_out_of_range_are_refused, 120)
{
	REFUSE_ALL(values);
}

TEST_F_TIMEOUT(messages, with_an_attribute_that_does_not_belong_there_are_refused, 120)
{
	REFUSE_ALL(strangers);
}

TEST_F_TIMEOUT(messages, with_a_bad_abi_nest_are_refused, 120)
{
	REFUSE_ALL(nests);
}

TEST_F_TIMEOUT(messages, with_a_bad_selector_nest_are_refused, 120)
{
	REFUSE_ALL(selectors);
}

TEST_F_TIMEOUT(messages, with_a_bad_program_are_refused, 120)
{
	REFUSE_ALL(programs);
}

TEST_F_TIMEOUT(messages, that_are_malformed_are_refused, 120)
{
	REFUSE_ALL(shapes);
}

/* Bits turned at random: whatever they mean, each message gets its answer. */
TEST_F_TIMEOUT(messages, with_bits_turned_are_answered, 120)
{
	unsigned int seed = 1, refused = 0, done = 0;

	for (int i = 0; i < 4000; i++) {
		int err;

		msg_begin(&m, self->nl.family, 0, i % 2 ? SCMOD_CMD_SET : SCMOD_CMD_GET);
		name();
		if (i % 2) {
			msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_LEARN);
			abi_good(i % NR_ABIS);
		}
		for (int turn = rand_r(&seed) % 4; turn >= 0; turn--)
			m.data[GENL_HDRLEN + NLMSG_HDRLEN +
			       rand_r(&seed) % (m.len - GENL_HDRLEN - NLMSG_HDRLEN)] ^=
				1 << rand_r(&seed) % 8;
		genl_ask(&self->nl, &m, &self->answer);
		err = self->answer.err;
		ASSERT_NE(SILENT, err);
		EXPECT_TRUE(!err == !self->answer.text[0]) {
			TH_LOG("message %d: %s: '%s'", i, strerror(-err), self->answer.text);
		}
		err ? refused++ : done++;
	}
	TH_LOG("%u refused, %u done", refused, done);
	EXPECT_LT(1000, refused);
	EXPECT_LT(0, done);
}

/* Two messages in one send: each is judged by itself. */
TEST_F(messages, sent_together_are_judged_one_by_one)
{
	struct nlmsghdr *second;
	size_t at;

	msg_begin(&m, self->nl.family, 0, SCMOD_CMD_SET);
	name();
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_MAX + 1);
	msg_header(&m)->nlmsg_seq = self->nl.seq + 1;
	at = m.len;
	memcpy(m.data + at, m.data, at);
	second = (struct nlmsghdr *)(m.data + at);
	second->nlmsg_seq = self->nl.seq + 2;
	memset(m.data + 2 * at - 4, 0, 4);
	m.data[2 * at - 4] = SCMOD_MODE_COMPLAIN;
	m.len = 2 * at;
	genl_ask(&self->nl, &m, &self->answer);
	EXPECT_EQ(-ERANGE, self->answer.err);
	self->nl.seq++;
	ASSERT_EQ(0, fcntl(self->nl.fd, F_SETFL, O_NONBLOCK));
	msg_begin(&m, self->nl.family, 0, SCMOD_CMD_GET);
	name();
	genl_ask(&self->nl, &m, &self->answer);
	ASSERT_EQ(0, self->answer.err);
	EXPECT_EQ(SCMOD_MODE_COMPLAIN,
		  attr_u32(attr_find(self->answer.data + GENL_HDRLEN,
				     self->answer.len - GENL_HDRLEN, SCMOD_A_POLICY_MODE)));
}

TEST_F(messages, forget_of_an_enforcing_policy_is_refused)
{
	static const struct bad busy = {
		"enforcing", DO(FORGET), id_of, OF(id), .err = -EBUSY, .text = "off first",
	};

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_ENFORCE));
	ASSERT_EQ(0, genl_dump(&self->nl, &m, &self->before));
	refuse_all(_metadata, self, &busy, 1);
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
}

TEST_HARNESS_MAIN
