// SPDX-License-Identifier: GPL-2.0
/*
 * Profiles that compare arguments, read by the tool and written in each form, answer each call
 * as before. Both are judged by the filters that libseccomp makes of them, which the test runs.
 *
 * libseccomp compares 64 bits of an argument, and the kernel reads 32 of an int: where a
 * profile takes these for different numbers, what the tool writes goes by what the kernel reads.
 *
 * vm: host
 */
#include <errno.h>
#include <limits.h>
#include <linux/audit.h>
#include <stdio.h>
#include <sys/socket.h>

#include "calls/selector.h"
#include "calls/sysname.h"
#include "cbpf.h"
#include "kselftest_harness.h"
#include "random.h"

/* Random calls of each profile in each form. */
#define CALLS 120000

#define NUMBERS_MAX 1024

/* Debian's package golang-github-containers-common, which podman depends on. */
#define PODMAN "/usr/share/containers/seccomp.json"
/* Other profiles stand beside the repository where it is developed, or where this says. */
#define CORPUS_VARIABLE "SCMOD_CORPUS"
#define CORPUS SELFTESTS "/../../shared/corpus"

/* Comparisons of each kind, as Docker and others write them. */
static const char handmade[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,"
	"\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":"
	"[\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]}],\"syscalls\":["
	"{\"names\":[\"read\",\"write\",\"exit\",\"exit_group\",\"rt_sigreturn\",\"sigreturn\","
	"\"restart_syscall\",\"socketcall\"],\"action\":\"SCMP_ACT_ALLOW\"},"
	"{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38},"
#define IF(name, action, args) "{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action \
	",\"args\":[" args "]}"
#define ARG(index, op, value) "{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_" \
	#op "\"}"
#define MASK(index, mask, bits) "{\"index\":" #index ",\"value\":" #mask ",\"valueTwo\":" #bits \
	",\"op\":\"SCMP_CMP_MASKED_EQ\"}"
	IF("socket", "ALLOW\"", ARG(0, LT, 38)) "," IF("socket", "ALLOW\"", ARG(0, EQ, 39)) ","
	IF("socket", "ALLOW\"", ARG(0, GT, 40)) ","
	IF("socketpair", "ERRNO\",\"errnoRet\":22", ARG(0, EQ, 16) "," ARG(2, EQ, 9)) ","
	IF("socketpair", "ALLOW\"", ARG(0, NE, 16)) ","
	IF("socketpair", "ALLOW\"", ARG(0, EQ, 16) "," ARG(2, NE, 9)) ","
	IF("personality", "ALLOW\"", ARG(0, EQ, 0)) ","
	IF("personality", "ALLOW\"", ARG(0, EQ, 4294967295)) ","
	IF("clone", "ALLOW\"", MASK(0, 2114060288, 0)) ","
	IF("ioctl", "ALLOW\"", ARG(1, NE, 21522)) ","
	IF("setsockopt", "ALLOW\"", ARG(1, LE, 6) "," ARG(2, GE, 3)) ","
	IF("getsockopt", "ALLOW\"", ARG(1, GE, 250)) ","
	IF("prctl", "ALLOW\"", MASK(0, 4294967040, 256)) ","
	IF("ptrace", "ALLOW\"", ARG(0, LT, 16))
	"]}";

FIXTURE(values)
{
	char dir[PATH_MAX];
	char path[PATH_MAX];
	struct cbpf *before;
	struct cbpf *after;
	uint64_t number[NUMBERS_MAX];
	size_t numbers;
};

FIXTURE_VARIANT(values)
{
	const char *name;
	const char *file;
	const char *text;
};

/* Of the machine. */
FIXTURE_VARIANT_ADD(values, podman)
{
	.name = "podman", .file = PODMAN,
};

FIXTURE_VARIANT_ADD(values, handmade)
{
	.name = "handmade", .text = handmade,
};

FIXTURE_VARIANT_ADD(values, docker)
{
	.name = "docker", .file = "oci-docker/moby-default-v0.2.3.json",
};

FIXTURE_VARIANT_ADD(values, docker_2025)
{
	.name = "docker_2025", .file = "oci-docker/moby-default-v0.1.0.json",
};

FIXTURE_VARIANT_ADD(values, docker_without_socketcall)
{
	.name = "docker_without_socketcall", .file = "oci-docker/moby-default-v0.2.2.json",
};

FIXTURE_VARIANT_ADD(values, podman_2026)
{
	.name = "podman_2026", .file = "oci-docker/podman-seccomp.json",
};

FIXTURE_VARIANT_ADD(values, docker_2017)
{
	.name = "docker_2017", .file = "oci-docker/docker-2017-default.json",
};

FIXTURE_VARIANT_ADD(values, containers_golang)
{
	.name = "containers_golang", .file = "oci-docker/containers-golang-seccomp.json",
};

static void add_number(FIXTURE_DATA(values) *self, uint64_t number)
{
	for (uint64_t i = number - 1; i != number + 2 && self->numbers < NUMBERS_MAX; i++)
		self->number[self->numbers++] = i & 0xffffffff;
}

/* Collects what the rules compare arguments with, and the numbers beside. */
static void collect_numbers(FIXTURE_DATA(values) *self, json_object *profile)
{
	json_object *rules = json_object_object_get(profile, "syscalls");

	for (size_t i = 0; i < json_object_array_length(rules); i++) {
		json_object *rule = json_object_array_get_idx(rules, i);
		json_object *args = json_object_object_get(rule, "args");

		for (size_t j = 0; args && j < json_object_array_length(args); j++) {
			json_object *arg = json_object_array_get_idx(args, j);

			add_number(self, cbpf_number(arg, "value"));
			add_number(self, cbpf_number(arg, "valueTwo"));
		}
	}
}

static const char *find(const char *file, char *path, size_t size)
{
	const char *corpus = getenv(CORPUS_VARIABLE);

	snprintf(path, size, "%s%s%s", *file == '/' ? "" : corpus ? corpus : CORPUS,
		 *file == '/' ? "" : "/", file);
	return access(path, R_OK) ? NULL : path;
}

FIXTURE_SETUP(values)
{
	json_object *profile;

	snprintf(self->dir, sizeof(self->dir), "/tmp/scmod-values.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	self->before = calloc(1, sizeof(*self->before));
	self->after = calloc(1, sizeof(*self->after));
	if (variant->text) {
		snprintf(self->path, sizeof(self->path), "%.100s/profile", self->dir);
		ASSERT_EQ(0, json_object_to_file(self->path, json_tokener_parse(variant->text)));
	} else if (!find(variant->file, self->path, sizeof(self->path))) {
		self->path[0] = '\0';
		return;
	}
	profile = json_object_from_file(self->path);
	ASSERT_NE(NULL, profile);
	collect_numbers(self, profile);
	ASSERT_EQ(0, cbpf_make(self->before, profile));
	json_object_put(profile);
}

FIXTURE_TEARDOWN(values)
{
	char command[PATH_MAX + 16];

	free(self->before);
	free(self->after);
	snprintf(command, sizeof(command), "rm -rf '%.100s'", self->dir);
	EXPECT_EQ(0, system(command));
}

/* Writes @from in the form to a file of that name in the directory. */
static int dump_with(FIXTURE_DATA(values) *self, const char *from, const char *form,
		     const char *options)
{
	char *command;
	int ret;

	if (asprintf(&command, BUILD "/scmod dump '%s' %s --format %s -o '%s/%s' 2>'%s/said'",
		     from, options, form, self->dir, form, self->dir) < 0)
		return -1;
	ret = system(command);
	free(command);
	return ret;
}

static int dump(FIXTURE_DATA(values) *self, const char *from, const char *form)
{
	return dump_with(self, from, form, "--runtime none");
}

/* What the filter does with the profile in that form, read again if the form is the tool's own. */
static bool load(FIXTURE_DATA(values) *self, const char *form)
{
	char path[PATH_MAX + 16];
	json_object *profile;
	bool made;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", self->dir, form);
	if (!strcmp(form, "json"))
		return !dump(self, path, "oci") && load(self, "oci");
	if (!strcmp(form, "bpf")) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		made = cbpf_read(self->after, fd);
		close(fd);
		return made;
	}
	profile = json_object_from_file(path);
	made = profile && !cbpf_make(self->after, profile);
	json_object_put(profile);
	return made;
}

static unsigned int below(unsigned int count)
{
	return random_word() % count;
}

/* A number that rules compare with, or one of its bits changed; a small one; any of 32 bits. */
static uint64_t some_number(const FIXTURE_DATA(values) *self)
{
	uint64_t number = self->numbers ? self->number[below(self->numbers)] : 0;

	switch (below(8)) {
	case 0:
		return below(64);
	case 1:
		return random_word() >> 32;
	case 2:
		return number ^ 1ULL << below(32);
	default:
		return number;
	}
}

static void set_call(struct seccomp_data *data, unsigned int abi, unsigned int nr)
{
	data->arch = abi == SCMOD_ABI_I386 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
	data->nr = abi == SCMOD_ABI_X32 ? nr | 0x40000000 : nr;
}

/*
 * A call that libseccomp knows, so that a profile that names it says something; in most
 * cases, one with a selector. Returns its number.
 */
static unsigned int some_call(unsigned int abi)
{
	for (;;) {
		unsigned int nr = below(SCMOD_NR_BITS);
		int number = selector_number(abi, below(NR_SELECTORS));

		if (number >= 0 && below(4))
			return number;
		if (sysname(abi, nr) &&
		    seccomp_syscall_resolve_name(sysname(abi, nr)) != __NR_SCMP_ERROR)
			return nr;
	}
}

/*
 * What a value is made of, an int, has 32 bits for the kernel; libseccomp sees the register.
 * clone, mmap and the like take 64 bits, and only the low ones of these are in a value.
 */
static void add_upper_halves(struct seccomp_data *data, unsigned int abi)
{
	for (unsigned int i = 0; abi != SCMOD_ABI_I386 && i < 6; i++)
		data->args[i] |= random_word() << 32;
}

static bool takes_ints(unsigned int abi, unsigned int nr)
{
	int selector = selector_of(abi, nr);

	return selector >= 0 && selector != SCMOD_SELECTOR_PTRACE;
}

/* Tries calls; returns how many are answered otherwise, and tells of the first ones. */
static unsigned int compare(const FIXTURE_DATA(values) *self, const char *form)
{
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < CALLS; i++) {
		struct seccomp_data data = { 0 };
		unsigned int abi = below(4) ? SCMOD_ABI_X86_64 : 1 + below(2);
		unsigned int nr = some_call(abi);
		uint32_t before, after;

		set_call(&data, abi, nr);
		for (unsigned int j = 0; j < 6; j++)
			data.args[j] = some_number(self);
		before = cbpf_run(self->before, &data);
		if (takes_ints(abi, nr) && !below(8))
			add_upper_halves(&data, abi);
		after = cbpf_run(self->after, &data);
		if (before == after || wrong++ >= 5)
			continue;
		printf("# %s: %s:%s(%#llx, %#llx, %#llx): %#x before, %#x after\n", form,
		       abi_name(abi), sysname(abi, nr), data.args[0], data.args[1],
		       data.args[2], before, after);
		fflush(stdout);
	}
	return wrong;
}

TEST_F(values, each_form_answers_as_before)
{
	static const char *const forms[] = { "oci", "docker", "bpf" };

	if (!*self->path)
		SKIP(return, "%s is not there", variant->file);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		ASSERT_EQ(0, dump(self, self->path, forms[i]));
		ASSERT_TRUE(load(self, forms[i])) TH_LOG("%s", forms[i]);
		EXPECT_EQ(0, compare(self, forms[i])) TH_LOG("%s", forms[i]);
	}
}

static bool refuses(const struct cbpf *program, unsigned int family, uint64_t upper)
{
	struct seccomp_data data = { .args = { upper << 32 | family, SOCK_SEQPACKET, 0 } };

	set_call(&data, SCMOD_ABI_X86_64, sysname_number(SCMOD_ABI_X86_64, "socket"));
	return cbpf_run(program, &data) != SECCOMP_RET_ALLOW;
}

/* What the profile refuses is refused afterwards, too, also if the register has upper bits. */
TEST_F(values, families_stay_refused)
{
	bool some = !strstr(variant->name, "golang") && !strstr(variant->name, "2017") &&
		    strcmp(variant->name, "podman");

	if (!*self->path)
		SKIP(return, "%s is not there", variant->file);
	if (some)
		EXPECT_TRUE(refuses(self->before, AF_VSOCK, 0));
	if (some && !strstr(variant->name, "2025") && !strstr(variant->name, "2026"))
		EXPECT_TRUE(refuses(self->before, AF_ALG, 0));
	ASSERT_EQ(0, dump(self, self->path, "docker"));
	ASSERT_TRUE(load(self, "docker"));
	for (unsigned int family = 0; family < 64; family++) {
		EXPECT_EQ(refuses(self->before, family, 0), refuses(self->after, family, 0));
		EXPECT_EQ(refuses(self->before, family, 0), refuses(self->after, family, 1));
	}
}

/* ---- the profile as a floor */

/* A record: what was seen, of which the profiles refuse some. */
static const char seen[] = "read\nwrite\nexecve\nmount\nprctl\nsocket(AF_INET,SOCK_STREAM)\n"
	"socket(AF_ALG)\nclone(0)\n";

static bool was_seen(unsigned int nr, const struct seccomp_data *data)
{
	static const char *const whole[] = { "read", "write", "execve", "mount", "prctl" };
	const char *name = sysname(SCMOD_ABI_X86_64, nr);
	uint32_t family = data->args[0];

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (!strcmp(name, whole[i]))
			return true;
	if (!strcmp(name, "socket"))
		return family == AF_ALG ||
		       (family == AF_INET && (data->args[1] & 0xf) == SOCK_STREAM);
	return !strcmp(name, "clone") && !(data->args[0] & SCMOD_CLONE_MASK);
}

/* How many of the calls pass that the profile refuses and that were not seen. */
static unsigned int exceeding(const FIXTURE_DATA(values) *self)
{
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < CALLS; i++) {
		unsigned int nr = some_call(SCMOD_ABI_X86_64);
		struct seccomp_data data = { 0 };

		set_call(&data, SCMOD_ABI_X86_64, nr);
		for (unsigned int j = 0; j < 6; j++)
			data.args[j] = some_number(self);
		if (cbpf_run(self->before, &data) == SECCOMP_RET_ALLOW ||
		    cbpf_run(self->after, &data) != SECCOMP_RET_ALLOW || was_seen(nr, &data))
			continue;
		if (wrong++ < 5)
			printf("# %s(%#llx, %#llx, %#llx) passes\n",
			       sysname(SCMOD_ABI_X86_64, nr), data.args[0], data.args[1],
			       data.args[2]);
		fflush(stdout);
	}
	return wrong;
}

/* What is added to a record is never more than the floor allows. */
TEST_F(values, what_the_floor_refuses_is_refused)
{
	char list[PATH_MAX + 16], options[PATH_MAX + 64];
	FILE *file;

	if (!*self->path)
		SKIP(return, "%s is not there", variant->file);
	snprintf(list, sizeof(list), "%s/list", self->dir);
	file = fopen(list, "we");
	ASSERT_NE(NULL, file);
	fputs(seen, file);
	ASSERT_EQ(0, fclose(file));
	snprintf(options, sizeof(options), "--runtime any --floor '%s'", self->path);
	ASSERT_EQ(0, dump_with(self, list, "oci", options));
	ASSERT_TRUE(load(self, "oci"));
	EXPECT_EQ(0, exceeding(self));
	/* The profile that is made by hand refuses calls of runtimes. */
	if (!variant->text)
		return;
	ASSERT_EQ(0, dump_with(self, list, "oci", "--runtime any --floor none"));
	ASSERT_TRUE(load(self, "oci"));
	EXPECT_NE(0, exceeding(self));
}

TEST_HARNESS_MAIN
