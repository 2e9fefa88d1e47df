// SPDX-License-Identifier: GPL-2.0
/* Kernel memory: what there is of it, and whether it grew. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "soak.h"

/* At a quiet point memory is measured this often; the lowest counts, as some is freed late. */
#define LOOKS		3

static long field(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, len) && (line[len] == ':' || line[len] == ' '))
			return atol(line + len + 1);
	}
	return 0;
}

static void read_text(const char *path, char *text, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t len = f ? fread(text, 1, size - 1, f) : 0;

	text[len] = '\0';
	if (f)
		fclose(f);
}

/*
 * Pages that each CPU keeps to give out next (mm/page_alloc.c). They are free, but
 * no line of /proc/meminfo has them, and Debian's kernels keep up to 55 MiB of
 * them in a VM of 3 GiB: more or less at each look. They are the only "count" in
 * /proc/zoneinfo.
 */
static long free_lists(void)
{
	static char text[64 * 1024];
	long pages = 0;

	read_text("/proc/zoneinfo", text, sizeof(text));
	for (const char *at = text; (at = strstr(at, " count:")); at++)
		pages += atol(at + strlen(" count:"));
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

void memory_now(struct memory *m)
{
	char text[8192];

	read_text("/proc/meminfo", text, sizeof(text));
	m->slab = field(text, "Slab");
	m->unreclaimable = field(text, "SUnreclaim");
	m->vmalloc = field(text, "VmallocUsed");
	m->pagetables = field(text, "PageTables");
	m->percpu = field(text, "Percpu");
	m->free = field(text, "MemFree");
	/* The kernel's memory: what is neither free nor belongs to files or programs. */
	m->used = field(text, "MemTotal") - m->free - field(text, "Buffers") -
		field(text, "Cached") - field(text, "AnonPages") - field(text, "SReclaimable") -
		free_lists();
}

void memory_cgroups(long *alive, long *dying)
{
	char text[512];

	read_text("/sys/fs/cgroup/cgroup.stat", text, sizeof(text));
	*alive = field(text, "nr_descendants");
	*dying = field(text, "nr_dying_descendants");
}

static long least(long a, long b)
{
	return a < b ? a : b;
}

/*
 * Measures while no worker runs and the module is not loaded. A removed cgroup exists until
 * its last reference is dropped: wait for these, and count those that remain.
 */
void memory_quiet(struct memory *m)
{
	long alive;

	m->dying = 1;
	for (int i = 0; i < 30 && m->dying; i++) {
		memory_cgroups(&alive, &m->dying);
		nap(100);
	}
	sh("sync; echo 3 >/proc/sys/vm/drop_caches; "
	   "for c in /sys/kernel/slab/*/shrink; do echo 1 >$c; done 2>/dev/null");
	for (int i = 0; i < LOOKS; i++) {
		struct memory now;

		sh("echo 3 >/proc/sys/vm/drop_caches");
		nap(200);
		memory_now(&now);
		memory_cgroups(&alive, &now.dying);
		if (!i)
			*m = now;
		m->slab = least(m->slab, now.slab);
		m->unreclaimable = least(m->unreclaimable, now.unreclaimable);
		m->vmalloc = least(m->vmalloc, now.vmalloc);
		m->pagetables = least(m->pagetables, now.pagetables);
		m->percpu = least(m->percpu, now.percpu);
		m->used = least(m->used, now.used);
		m->dying = least(m->dying, now.dying);
		m->free = -least(-m->free, -now.free);
	}
	if (!m->dying)
		return;
	printf("soak: %ld removed cgroups have not gone yet; dead tasks, and tasks there:\n",
	       m->dying);
	fflush(stdout);
	sh("grep -H deleted /proc/[0-9]*/cgroup; for p in $(grep -ls '^State:.Z' "
	   "/proc/[0-9]*/status); do grep -E 'Name|PPid' $p; done; true");
}

/*
 * The figures that are compared, and by how much the last third may exceed the first.
 * The size of the kernel's own caches varies from one quiet point to the next, while a
 * leak remains; so the lowest sample of each third counts.
 *
 * SUnreclaim holds policies (2 KiB), views (1 KiB) and all else that the module
 * allocates but in large; 1 MiB is one view leaked at each of 1000 changes, and
 * a minute makes about that many. VmallocUsed holds policies' records (12 KiB
 * each), and modules: one of scmod left behind is 100 KiB a phase. Percpu is
 * given out in chunks of its own size, and a cgroup's counters are in it. The
 * rest, which all others also are part of, is for pages that no other figure
 * counts, and the noisiest: page tables, stacks. A removed cgroup stays as long
 * as a dead task of it does, which the kernel may still hold by the last reference
 * here and there; one that scmod had leaked would stay for good, in each phase.
 *
 * A debug kernel notes where each allocation was made, and never gives that room
 * back; what it keeps of what was freed (KASAN's quarantine) goes when the caches
 * are shrunk. There kmemleak tells better, and this has more room.
 */
#define DEBUG_FACTOR	4
#define FEW		3

static const struct {
	const char *name;
	size_t offset;
	long slack;
	/* The same when each third has so few samples that all may be bad ones. */
	long slack_few;
} judged[] = {
	{ "SUnreclaim, KiB", offsetof(struct memory, unreclaimable), 1024, 2048 },
	{ "VmallocUsed, KiB", offsetof(struct memory, vmalloc), 512, 512 },
	{ "Percpu, KiB", offsetof(struct memory, percpu), 1024, 1024 },
	{ "all of the kernel's, KiB", offsetof(struct memory, used), 4096, 8192 },
	{ "removed cgroups that stay", offsetof(struct memory, dying), 3, 3 },
};

/* Slab caches as they were when warm; kernels have some two hundred. */
#define CACHES		512
#define SHOWN		5

static struct cache {
	struct slab slab;
	long grew, used_grew;
} caches[CACHES];
static unsigned int nr_caches;

void memory_caches(void)
{
	FILE *f = fopen("/proc/slabinfo", "re");

	nr_caches = 0;
	while (f && nr_caches < CACHES && slab_next(f, &caches[nr_caches].slab))
		nr_caches++;
	if (f)
		fclose(f);
}

static int by_growth(const void *a, const void *b)
{
	const struct cache *x = a, *y = b;

	return x->grew > y->grew ? -1 : x->grew < y->grew;
}

/*
 * Prints which caches grew most. If slabs grew by more than the objects in use, the rest is
 * free objects, whose slabs can't be freed because of other objects in them.
 */
static void caches_grown(void)
{
	FILE *f = fopen("/proc/slabinfo", "re");
	struct slab slab;

	while (f && slab_next(f, &slab))
		for (unsigned int i = 0; i < nr_caches; i++)
			if (!strcmp(caches[i].slab.name, slab.name)) {
				caches[i].grew = slab.kb - caches[i].slab.kb;
				caches[i].used_grew = slab.used_kb - caches[i].slab.used_kb;
			}
	if (f)
		fclose(f);
	qsort(caches, nr_caches, sizeof(*caches), by_growth);
	for (unsigned int i = 0; i < nr_caches && i < SHOWN; i++)
		printf("slabs of %s, KiB, since warm | %+ld, of objects in use %+ld\n",
		       caches[i].slab.name, caches[i].grew, caches[i].used_grew);
}

static long at(const struct memory *m, size_t offset)
{
	return *(const long *)((const char *)m + offset);
}

static long lowest(const struct memory *m, unsigned int count, size_t offset)
{
	long ret = LONG_MAX;

	for (unsigned int i = 0; i < count; i++)
		ret = least(ret, at(&m[i], offset));
	return ret;
}

bool memory_flat(const struct memory *m, unsigned int count)
{
	long factor = access("/sys/kernel/debug/kmemleak", F_OK) ? 1 : DEBUG_FACTOR;
	unsigned int third = count / 3 ? count / 3 : 1;
	bool flat = true;

	for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++) {
		long first = lowest(m, third, judged[i].offset);
		long last = lowest(m + count - third, third, judged[i].offset);
		long slack = factor * (third < FEW ? judged[i].slack_few : judged[i].slack);
		bool grew = last > first + slack;

		printf("%s, first and last third | %ld %ld, %+ld (may be +%ld)%s\n",
		       judged[i].name, first, last, last - first, slack,
		       grew ? " GREW" : "");
		flat = flat && !grew;
	}
	caches_grown();
	return flat;
}
