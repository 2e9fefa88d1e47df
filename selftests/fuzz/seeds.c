// SPDX-License-Identifier: GPL-2.0
/*
 * What the fuzz targets begin with: profiles as 'scmod dump' writes them, and
 * answers as the module gives them: seeds profile|nl DIR.
 */
#include <fcntl.h>

#include "base/error.h"
#include "fuzz.h"
#include "genl.h"
#include "kernel/nl.h"
#include "kernel/record.h"
#include "write/writer.h"

static struct scmod_record records[3] = {
	{ .time_ns = 1, .pid = 2, .count = 1, .nr = 0, .comm = "cat" },
	{ .time_ns = 1, .pid = 2, .count = 7, .nr = 1, .kind = SCMOD_RECORD_DENIED },
	{ .time_ns = 1, .pid = 3, .count = 1, .nr = 3, .abi = SCMOD_ABI_I386 },
};

/* ---- the profiles: of a policy that no kernel keeps */

static struct policy policy_of(uint32_t action)
{
	struct policy p = {
		.id = 4242, .path = "/fuzz", .mode = SCMOD_MODE_LEARN, .action = action, .err = 1,
		.records = records, .nr_records = 3,
	};

	for (unsigned int abi = 0; abi <= SCMOD_ABI_I386; abi++)
		for (unsigned int nr = 0; nr < 20; nr++)
			bitmap_add(&p.abi[abi].seen, nr * (abi + 1));
	return p;
}

static void profiles(const char *dir)
{
	static const char *const formats[] = { "oci", "docker", "json", "list" };
	char path[4096];

	for (int i = 0; i < 4; i++) {
		for (unsigned int action = 0; action <= SCMOD_ACTION_MAX; action++) {
			struct policy p = policy_of(action);
			struct profile *profile = record_profile(&p);
			struct messages messages = { 0 };
			struct output out = {
				.profile = profile, .name = p.path, .messages = &messages,
			};

			snprintf(path, sizeof(path), "%s/%s-%s", dir, formats[i],
				 profile_action_name(action));
			must(writer_write(&out, format_find(formats[i]), path) == EXIT_DONE);
			messages_release(&messages);
			profile_free(profile);
		}
	}
}

/* ---- the answers */

static struct msg m;

struct file {
	uint8_t data[65536];
	size_t len;
};

static void begin(uint16_t type, uint16_t flags)
{
	msg_begin(&m, type, flags, SCMOD_CMD_GET);
	msg_header(&m)->nlmsg_flags = flags;
}

/* What was made so far is one message more in the datagram at @at. */
static void end(struct file *f, size_t at)
{
	memcpy(f->data + f->len, m.data, m.len);
	f->len += m.len;
	f->data[at - 2] = (f->len - at) & 0xff;
	f->data[at - 1] = (f->len - at) >> 8;
}

static size_t datagram(struct file *f)
{
	f->len += 2;
	return f->len;
}

static void put_policy(struct file *f, size_t at, uint16_t flags)
{
	uint8_t map[SCMOD_BITMAP_BYTES] = { 0x55 };

	begin(0x20, flags);
	msg_put_u64(&m, SCMOD_A_POLICY_ID, 42);
	msg_put(&m, SCMOD_A_POLICY_PATH, "/fuzz", 6);
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_COMPLAIN);
	msg_put_u32(&m, SCMOD_A_POLICY_ACTION, SCMOD_ACTION_KILL);
	msg_put_u32(&m, SCMOD_A_POLICY_ERRNO, 1);
	msg_put_u32(&m, SCMOD_A_POLICY_FLAGS, SCMOD_FLAG_PARTIAL);
	msg_put_u32(&m, SCMOD_A_POLICY_RECORDS_LOST, 0);
	msg_put_u64(&m, SCMOD_A_POLICY_CREATED, 1);
	msg_put_u32(&m, SCMOD_A_POLICY_EVENTS_LOST, 2);
	msg_put_u32(&m, SCMOD_A_POLICY_UNLOGGED, 3);
	for (uint32_t abi = 0; abi <= SCMOD_ABI_MAX; abi++) {
		size_t nest = msg_nest(&m, SCMOD_A_POLICY_ABI | NLA_F_NESTED);

		msg_put_u32(&m, SCMOD_A_ABI_ID, abi);
		for (int set = SCMOD_A_ABI_SEEN; set <= SCMOD_A_ABI_DENIED; set++)
			msg_put(&m, set, map, sizeof(map));
		msg_put(&m, SCMOD_A_ABI_PRIORITY, map, sizeof(map));
		msg_nest_end(&m, nest);
	}
	end(f, at);
}

static void put_records(struct file *f, size_t at)
{
	begin(0x20, NLM_F_MULTI);
	msg_put_u64(&m, SCMOD_A_POLICY_ID, 42);
	msg_put(&m, SCMOD_A_POLICY_RECORDS, records, sizeof(records));
	end(f, at);
}

static void put_end(struct file *f, size_t at, uint16_t type, int err, const char *text)
{
	struct nlmsghdr request = { .nlmsg_len = 32, .nlmsg_type = 0x20 };
	uint32_t offset = 20;

	begin(type, text ? NLM_F_ACK_TLVS | NLM_F_CAPPED : NLM_F_CAPPED);
	m.len = NLMSG_HDRLEN;
	msg_bytes(&m, &err, sizeof(err));
	if (type == NLMSG_ERROR)
		msg_bytes(&m, &request, sizeof(request));
	if (text) {
		msg_put(&m, NLMSGERR_ATTR_MSG, text, strlen(text) + 1);
		msg_put_u32(&m, NLMSGERR_ATTR_OFFS, offset);
	}
	end(f, at);
}

static void put_status(struct file *f, size_t at)
{
	begin(0x20, 0);
	msg_put(&m, SCMOD_A_STATUS_VERSION, "1.0", 4);
	msg_put(&m, SCMOD_A_STATUS_ENGINE, "kprobe", 7);
	msg_put(&m, SCMOD_A_STATUS_SYMBOL, "syscall_trace_enter+0x5", 24);
	msg_put(&m, SCMOD_A_STATUS_PROBE, "int3", 5);
	msg_put_u64(&m, SCMOD_A_STATUS_NMISSED, 0);
	msg_put_u32(&m, SCMOD_A_STATUS_POLICIES, 1);
	msg_put_u32(&m, SCMOD_A_STATUS_POLICIES_MAX, 1024);
	msg_put_u64(&m, SCMOD_A_STATUS_EVENTS_LOST, 0);
	end(f, at);
}

static void store(const struct file *f, const char *dir, const char *name)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = fopen(path, "w");
	must(out && fwrite(f->data, 1, f->len, out) == f->len && !fclose(out));
}

static void answers(const char *dir)
{
	static struct file f;
	size_t at;

	f = (struct file){ "r", 1 };
	at = datagram(&f);
	put_policy(&f, at, NLM_F_MULTI);
	put_records(&f, at);
	at = datagram(&f);
	put_records(&f, at);
	put_end(&f, datagram(&f), NLMSG_DONE, 0, NULL);
	store(&f, dir, "dump");

	f = (struct file){ "r", 1 };
	put_policy(&f, datagram(&f), NLM_F_MULTI | NLM_F_DUMP_INTR);
	put_end(&f, datagram(&f), NLMSG_DONE, -22, "The name is missing");
	store(&f, dir, "dump-broken");

	f = (struct file){ "c", 1 };
	at = datagram(&f);
	put_policy(&f, at, 0);
	put_end(&f, at, NLMSG_ERROR, 0, NULL);
	store(&f, dir, "set");

	f = (struct file){ "f", 1 };
	put_end(&f, datagram(&f), NLMSG_ERROR, -16, "This policy is enforcing");
	store(&f, dir, "refused");

	f = (struct file){ "s", 1 };
	at = datagram(&f);
	put_status(&f, at);
	put_end(&f, at, NLMSG_ERROR, 0, NULL);
	store(&f, dir, "status");
}

int main(int argc, char **argv)
{
	must(argc == 3);
	if (!strcmp(argv[1], "profile"))
		profiles(argv[2]);
	else
		answers(argv[2]);
	return 0;
}
