// SPDX-License-Identifier: GPL-2.0
/*
 * Units, containers and pods, found in directory trees as systemd, docker, containerd and kubelet
 * make them, in both layouts of each. container_name_test.sh tests what podman, crun and runc make.
 *
 * vm: host
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/program.h"
#include "base/timestamp.h"
#include "kselftest_harness.h"
#include "verbs/span.h"
#include "workload/find.h"
#include "workload/tree.h"
#include "workload/workload.h"

#define ID_A "aaaaaaaaaaaa0123456789abcdef0123456789abcdef0123456789abcdef0123"
#define ID_B "bbbbbbbbbbbb0123456789abcdef0123456789abcdef0123456789abcdef0123"
#define UID "0a1b2c3d-1111-2222-3333-444455556666"
#define UID_SLICE "0a1b2c3d_1111_2222_3333_444455556666"
#define KUBEPODS "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod"
#define TASKS "/run/containerd/io.containerd.runtime.v2.task"

FIXTURE(workload)
{
	char dir[64];
	char mount[80];
	char root[80];
	struct workloads list;
};

static void make_dirs(const char *path)
{
	char part[1024];

	for (size_t i = 1; path[i]; i++)
		if (path[i] == '/' || !path[i + 1]) {
			snprintf(part, sizeof(part), "%.*s", (int)(i + !path[i + 1]), path);
			mkdir(part, 0755);
		}
}

FIXTURE_SETUP(workload)
{
	snprintf(self->dir, sizeof(self->dir), "/tmp/workload.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->mount, sizeof(self->mount), "%s/cgroup", self->dir);
	snprintf(self->root, sizeof(self->root), "%s/root", self->dir);
	make_dirs(self->mount);
	self->list = (struct workloads){ 0 };
}

FIXTURE_TEARDOWN(workload)
{
	const char *const argv[] = { "rm", "-rf", self->dir, NULL };

	workloads_release(&self->list);
	free(program_read(argv, 10000));
}

/* A cgroup. */
static void cgroup(const char *mount, const char *path)
{
	char full[1024];

	snprintf(full, sizeof(full), "%s%s", mount, path);
	make_dirs(full);
}

/* A file below the root, with the directories above it. */
static void keep(const char *root, const char *path, const char *text)
{
	char full[1024];

	snprintf(full, sizeof(full), "%s%s", root, path);
	*strrchr(full, '/') = '\0';
	make_dirs(full);
	full[strlen(full)] = '/';
	if (file_write(full, text, strlen(text)))
		abort();
}

/* The path of the only workload of that name; otherwise a text with their number. */
static const char *path_of(const struct workloads *list, const char *kind, const char *name)
{
	static char text[1024];
	unsigned int count = 0;

	snprintf(text, sizeof(text), "none");
	for (size_t i = 0; i < list->count; i++)
		if (workload_is(&list->one[i], kind, name)) {
			snprintf(text, sizeof(text), "%s",
				 list->one[i].path ? list->one[i].path : "nowhere");
			count++;
		}
	if (count > 1)
		snprintf(text, sizeof(text), "%u", count);
	return text;
}

#define EXPECT_AT(path, kind, name) \
	EXPECT_STREQ(path, path_of(&self->list, kind, name))

/* The word that names the workload of the cgroup. */
static const char *word_at(const struct workloads *list, const char *path)
{
	static char text[1024];
	const struct workload *one = workload_at(list, path, true);
	char *word = one ? workload_word(one) : NULL;

	snprintf(text, sizeof(text), "%s", word ? word : "none");
	free(word);
	return text;
}

#define EXPECT_CALLED(word, path) \
	EXPECT_STREQ(word, word_at(&self->list, path))

static void read_all(struct workloads *list, const char *root, const char *mount)
{
	workloads_release(list);
	workloads_read(root, mount, list);
}

#define READ() read_all(&self->list, self->root, self->mount)

TEST_F(workload, units_are_found_in_slices)
{
	cgroup(self->mount, "/init.scope");
	cgroup(self->mount, "/system.slice/nginx.service");
	cgroup(self->mount, "/system.slice/system-getty.slice/getty@tty1.service");
	cgroup(self->mount, "/system.slice/no-unit");
	READ();
	EXPECT_AT("/system.slice/nginx.service", "unit", "nginx.service");
	EXPECT_AT("/system.slice/nginx.service", "unit", "nginx");
	EXPECT_AT("/system.slice/nginx.service", NULL, "nginx");
	EXPECT_AT("/init.scope", "unit", "init.scope");
	EXPECT_AT("/system.slice/system-getty.slice/getty@tty1.service", "unit", "getty@tty1");
	EXPECT_AT("/system.slice", "unit", "system.slice");
	EXPECT_AT("none", "unit", "no-unit");
	EXPECT_AT("none", "podman", "nginx");
	EXPECT_CALLED("unit:nginx.service", "/system.slice/nginx.service/below/it");
	EXPECT_CALLED("unit:system.slice", "/system.slice/no-unit");
	EXPECT_CALLED("none", "/system.slicer");
}

/* A user to whom a unit's subtree is delegated can make cgroups of any name there. */
TEST_F(workload, what_is_below_a_unit_or_a_container_is_not_taken)
{
	cgroup(self->mount, "/user.slice/user-1000.slice/user@1000.service/nginx.service");
	cgroup(self->mount, "/user.slice/user-1000.slice/user@1000.service/libpod-" ID_A ".scope");
	cgroup(self->mount, "/docker/" ID_A "/docker/" ID_B);
	cgroup(self->mount, "/docker/" ID_A "/kubepods/pod" UID);
	cgroup(self->mount, "/mine/nginx.service");
	cgroup(self->mount, "/mine/docker/" ID_B);
	READ();
	EXPECT_AT("none", "unit", "nginx");
	EXPECT_AT("none", "podman", ID_A);
	EXPECT_AT("none", "docker", ID_B);
	EXPECT_AT("none", "pod", UID);
	EXPECT_AT("/docker/" ID_A, "docker", ID_A);
}

TEST_F(workload, pods_in_the_layout_of_the_systemd_driver)
{
	const char *pod = KUBEPODS UID_SLICE ".slice";
	char container[512];

	snprintf(container, sizeof(container), "%s/cri-containerd-" ID_A ".scope", pod);
	cgroup(self->mount, container);
	cgroup(self->mount, "/kubepods.slice/kubepods-pod11112222333344445555666677778888.slice");
	READ();
	EXPECT_AT(pod, "pod", UID);
	EXPECT_CALLED("pod:" UID, pod);
	EXPECT_AT("/kubepods.slice/kubepods-pod11112222333344445555666677778888.slice", "pod",
		  "11112222333344445555666677778888");
	EXPECT_AT(container, "containerd", "k8s.io/" ID_A);
	EXPECT_AT(container, "containerd", "aaaaaaaaaaaa");
	EXPECT_AT("none", "containerd", "aaaaaaaaaaa");
	keep(self->root, "/var/log/pods/shop_cart-0_" UID "/cart/0.log", "");
	keep(self->root, "/var/log/pods/shop_other-0_ffff2c3d-1111-2222-3333-444455556666/x/0.log", "");
	READ();
	EXPECT_AT(pod, "pod", "shop/cart-0");
	EXPECT_AT(pod, "pod", "cart-0");
	EXPECT_AT(pod, "pod", UID);
	EXPECT_AT(pod, NULL, "cart-0");
	EXPECT_AT("none", "pod", "shop/other-0");
	EXPECT_CALLED("pod:shop/cart-0", pod);
	EXPECT_CALLED("containerd:k8s.io/" ID_A, container);
}

TEST_F(workload, pods_in_the_layout_of_the_cgroupfs_driver)
{
	cgroup(self->mount, "/kubepods/burstable/pod" UID "/" ID_A);
	cgroup(self->mount, "/kubepods/pod11112222333344445555666677778888");
	cgroup(self->mount, "/kubelet/kubepods/besteffort/podffff2c3d-1111-2222-3333-444455556666");
	keep(self->root, "/var/log/pods/shop_cart-0_" UID "/cart/0.log", "");
	READ();
	EXPECT_AT("/kubepods/burstable/pod" UID, "pod", "shop/cart-0");
	EXPECT_AT("/kubepods/burstable/pod" UID, "pod", UID);
	EXPECT_AT("/kubepods/pod11112222333344445555666677778888", "pod",
		  "11112222333344445555666677778888");
	EXPECT_AT("/kubelet/kubepods/besteffort/podffff2c3d-1111-2222-3333-444455556666", "pod",
		  "ffff2c3d-1111-2222-3333-444455556666");
	EXPECT_CALLED("containerd:k8s.io/" ID_A, "/kubepods/burstable/pod" UID "/" ID_A);
	EXPECT_AT("none", "pod", "urstable");
}

TEST_F(workload, docker_in_both_layouts)
{
	cgroup(self->mount, "/system.slice/docker-" ID_A ".scope");
	cgroup(self->mount, "/docker/" ID_B);
	keep(self->root, "/var/lib/docker/containers/" ID_A "/config.v2.json",
	     "{\"ID\":\"" ID_A "\",\"Name\":\"/web\",\"State\":{\"Running\":true}}");
	keep(self->root, "/var/lib/docker/containers/" ID_B "/config.v2.json",
	     "{\"ID\":\"" ID_B "\",\"Name\":\"/db\"}");
	READ();
	EXPECT_AT("/system.slice/docker-" ID_A ".scope", "docker", "web");
	EXPECT_AT("/system.slice/docker-" ID_A ".scope", "docker", "aaaaaaaaaaaa");
	EXPECT_AT("/system.slice/docker-" ID_A ".scope", "unit", "docker-" ID_A ".scope");
	EXPECT_AT("/docker/" ID_B, "docker", "db");
	EXPECT_CALLED("docker:db", "/docker/" ID_B "/init.scope");
}

TEST_F(workload, a_container_that_does_not_run_is_known_without_a_path)
{
	keep(self->root, "/var/lib/docker/containers/" ID_A "/config.v2.json",
	     "{\"ID\":\"" ID_A "\",\"Name\":\"/web\"}");
	keep(self->root, "/var/lib/containers/storage/overlay-containers/containers.json",
	     "[{\"id\":\"" ID_B "\",\"names\":[\"db\",\"second\"]},{\"id\":\"x\"}]");
	READ();
	EXPECT_AT("nowhere", "docker", "web");
	EXPECT_AT("nowhere", "podman", "db");
	EXPECT_AT("none", "podman", "x");
	ASSERT_EQ(2, self->list.count);
	EXPECT_FALSE(self->list.one[0].runs);
}

TEST_F(workload, podman_where_its_configuration_says)
{
	cgroup(self->mount, "/machine.slice/libpod-" ID_A ".scope/container");
	cgroup(self->mount, "/machine.slice/libpod-conmon-" ID_A ".scope");
	cgroup(self->mount, "/libpod_parent/libpod-" ID_B);
	cgroup(self->mount, "/libpod_parent/conmon");
	keep(self->root, "/etc/containers/storage.conf",
	     "[storage]\n# graphroot = \"/wrong\"\n  graphroot = \"/data/podman\"\nrunroot = \"/run\"\n");
	keep(self->root, "/data/podman/overlay-containers/containers.json",
	     "[{\"id\":\"" ID_A "\",\"names\":[\"web\"]}]");
	keep(self->root, "/data/podman/overlay-containers/volatile-containers.json",
	     "[{\"id\":\"" ID_B "\",\"names\":[\"once\"]}]");
	READ();
	EXPECT_AT("/machine.slice/libpod-" ID_A ".scope", "podman", "web");
	EXPECT_AT("/libpod_parent/libpod-" ID_B, "podman", "once");
	EXPECT_CALLED("podman:web", "/machine.slice/libpod-" ID_A ".scope/container");
	EXPECT_CALLED("unit:libpod-conmon-" ID_A ".scope",
		      "/machine.slice/libpod-conmon-" ID_A ".scope");
}

TEST_F(workload, containerd_as_its_bundles_say)
{
	cgroup(self->mount, "/default/web");
	keep(self->root, TASKS "/default/web/config.json", "{\"linux\":{\"cgroupsPath\":\"/default/web\"}}");
	keep(self->root, TASKS "/k8s.io/" ID_A "/config.json",
	     "{\"linux\":{\"cgroupsPath\":\"kubepods-pod1.slice:cri-containerd:" ID_A "\"}}");
	keep(self->root, TASKS "/other/web/config.json", "{\"linux\":{}}");
	READ();
	EXPECT_AT("/default/web", "containerd", "default/web");
	EXPECT_AT("/default/web", "containerd", "web");
	EXPECT_AT("/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID_A ".scope",
		  "containerd", "k8s.io/" ID_A);
	EXPECT_AT("none", "containerd", "other/web");
}

TEST_F(workload, the_same_cgroup_is_the_first_workloads)
{
	cgroup(self->mount, "/libpod_parent/libpod-" ID_A);
	keep(self->root, "/run/crun/" ID_A "/status",
	     "{\"cgroup-path\":\"/libpod_parent/libpod-" ID_A "\"}");
	READ();
	EXPECT_AT("/libpod_parent/libpod-" ID_A, NULL, ID_A);
	EXPECT_AT("/libpod_parent/libpod-" ID_A, "crun", ID_A);
	EXPECT_AT("/libpod_parent/libpod-" ID_A, "podman", ID_A);
	EXPECT_CALLED("podman:" ID_A, "/libpod_parent/libpod-" ID_A);
}

TEST_F(workload, the_mount_in_front_of_a_path_is_left_out)
{
	char text[512];

	cgroup(self->mount, "/made/two");
	snprintf(text, sizeof(text), "{\"cgroup_paths\":{\"\":\"%s/made/two\"}}", self->mount);
	keep(self->root, "/run/runc/two/state.json", text);
	READ();
	EXPECT_AT("/made/two", "runc", "two");
	ASSERT_EQ(1, self->list.count);
	EXPECT_TRUE(self->list.one[0].runs);
}

TEST_F(workload, files_that_are_nonsense_are_left_out)
{
	static const char *const texts[] = {
		"", "null", "[]", "{", "[1,{\"id\":1,\"names\":\"a\"},{\"id\":\"a\",\"names\":[null]}]",
		"{\"ID\":[],\"Name\":{}}", "{\"cgroup-path\":7}", "{\"cgroup-path\":\"\"}",
		"{\"cgroup-path\":\"relative\"}", "{\"cgroup-path\":\"/\"}", "{\"cgroup_paths\":[]}",
		"{\"cgroup_paths\":{\"\":{}}}", "{\"linux\":[]}", "{\"linux\":{\"cgroupsPath\":\"a:b\"}}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		keep(self->root, "/var/lib/containers/storage/vfs-containers/containers.json",
		     texts[i]);
		keep(self->root, "/var/lib/docker/containers/x/config.v2.json", texts[i]);
		keep(self->root, "/run/crun/x/status", texts[i]);
		keep(self->root, "/run/runc/x/state.json", texts[i]);
		keep(self->root, TASKS "/n/x/config.json", texts[i]);
		READ();
		EXPECT_EQ(0, self->list.count) TH_LOG("taken: %s", texts[i]);
	}
}

TEST(the_paths_of_slices)
{
	static const char *const slices[][2] = {
		{ "system.slice", "/system.slice" },
		{ "a-b-c.slice", "/a.slice/a-b.slice/a-b-c.slice" },
		{ "-.slice", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(slices); i++) {
		char *path = tree_slice(slices[i][0]);

		EXPECT_STREQ(slices[i][1], path);
		free(path);
	}
}

TEST(a_kind_is_the_word_before_the_colon)
{
	const char *rest = "";

	EXPECT_STREQ("podman", workload_kind("podman:web", &rest));
	EXPECT_STREQ("web", rest);
	EXPECT_STREQ("pod", workload_kind("pod:a/b", &rest));
	EXPECT_EQ(NULL, workload_kind("podman", &rest));
	EXPECT_EQ(NULL, workload_kind("image:web", &rest));
	EXPECT_EQ(NULL, workload_kind("/unit:x", &rest));
}

static char *run(const char *program, const char *word, int ms)
{
	const char *const argv[] = { program, word, NULL };

	return program_read(argv, ms);
}

TEST(a_program_is_run_without_a_shell)
{
	char *text = run("echo", "$(id); `id`", 10000);

	ASSERT_NE(NULL, text);
	EXPECT_STREQ("$(id); `id`\n", text);
	free(text);
	EXPECT_EQ(NULL, run("false", NULL, 10000));
	EXPECT_EQ(NULL, run("/no/such/program", NULL, 10000));
	/* Too much output is an error, so that a program with endless output is, too. */
	EXPECT_EQ(NULL, run("yes", NULL, 10000));
}

TEST(a_program_that_does_not_end_is_ended)
{
	const char *const argv[] = { "sh", "-c", "sleep 1000 & sleep 1000", NULL };
	int64_t from = timestamp_monotonic();

	EXPECT_EQ(NULL, program_read(argv, 300));
	EXPECT_GT(5000, timestamp_monotonic() - from);
}

/* The end of its output is not its own end. */
TEST(a_program_that_closes_its_output_and_does_not_end_is_ended)
{
	const char *const argv[] = { "sh", "-c", "exec >&-; sleep 20", NULL };
	int64_t from = timestamp_monotonic();

	EXPECT_EQ(NULL, program_read(argv, 300));
	EXPECT_GT(5000, timestamp_monotonic() - from);
}

TEST(spans_of_time)
{
	static const char *const wrong[] = { "", "0", "0m", "m", "5 m", "5M", "-1", "1.5h", "366d",
					     "5mm", "9999999999" };
	uint64_t seconds = 0;

	EXPECT_TRUE(span_value("45", &seconds) && seconds == 45);
	EXPECT_TRUE(span_value("2m", &seconds) && seconds == 120);
	EXPECT_TRUE(span_value("3h", &seconds) && seconds == 10800);
	EXPECT_TRUE(span_value("365d", &seconds));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_FALSE(span_value(wrong[i], &seconds)) TH_LOG("taken: %s", wrong[i]);
	}
	EXPECT_STREQ("59s", span_text(59));
	EXPECT_STREQ("1m", span_text(119));
	EXPECT_STREQ("2d", span_text(50 * 3600));
}

TEST_HARNESS_MAIN
