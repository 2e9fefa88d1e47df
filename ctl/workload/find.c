// SPDX-License-Identifier: GPL-2.0
/* Finds the units, containers and pods of the machine. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "workload/disk.h"
#include "workload/find.h"
#include "workload/tree.h"

static void settle(const char *mount, struct workloads *list, struct workload *one)
{
	char *dir = one->path ? mem_print("%s%s", mount, one->path) : NULL;
	struct stat st;

	one->runs = dir && !stat(dir, &st) && S_ISDIR(st.st_mode);
	for (struct workload *other = list->one; one->path && other < one; other++)
		one->again |= other->path && !strcmp(other->path, one->path);
	free(dir);
}

void workloads_read(const char *root, const char *mount, struct workloads *list)
{
	*list = (struct workloads){ 0 };
	tree_read(mount, list);
	disk_read(root, mount, list);
	for (size_t i = 0; i < list->count; i++)
		settle(mount, list, &list->one[i]);
}
