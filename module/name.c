// SPDX-License-Identifier: GPL-2.0
/*
 * Names of policies: which cgroups a policy is for, now and later, by their paths.
 *
 * A name is compared with the names of a cgroup's directory and of those above it. In the
 * v2 hierarchy the kernel does not rename a directory, and the cgroup holds it, so no
 * lock is needed: the hook may ask, too.
 */
#include <linux/glob.h>
#include <linux/kernfs.h>
#include <linux/limits.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/scmod.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "name.h"

/* Oldest first. */
static LIST_HEAD(names);

/* Is this part "." or ".."? */
static bool is_dots(const char *part, size_t length)
{
	return length <= 2 && part[0] == '.' && part[length - 1] == '.';
}

/* What is wrong with @text as a name; NULL if nothing is. */
static const char *fault(const char *text)
{
	const char *part = text;

	if (*text != '/')
		return "NAME must begin with \"/\": it is a path below the cgroup2 mount";
	if (!text[1])
		return "The root cgroup is never removed, so it needs no NAME; give it by FD";
	while (*part) {
		size_t length = strcspn(++part, "/");

		if (!length || is_dots(part, length))
			return "NAME must be without \"//\", \".\", \"..\" and a \"/\" at its end";
		if (length > NAME_MAX)
			return "A part of NAME is longer than the name of a directory may be";
		part += length;
	}
	return NULL;
}

static unsigned int count_parts(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '/';
	return n;
}

/* Put the parts of @text, which are separated in place, into @name. */
static void split(struct scmod_name *name, char *text)
{
	unsigned int i;

	text++;
	for (i = 0; i < name->level; i++)
		name->part[i] = strsep(&text, "/");
}

/**
 * scmod_name_new() - a name, in no list yet
 * @text: a path below the cgroup2 mount; must last as long as the name is in the list
 * @pattern: characters in it have the meaning that they have in glob(7)
 * @extack: why not
 */
struct scmod_name *scmod_name_new(const char *text, bool pattern,
				  struct netlink_ext_ack *extack)
{
	const char *wrong = fault(text);
	unsigned int level = count_parts(text);
	size_t bytes = strlen(text) + 1;
	struct scmod_name *name;
	char *copy;

	if (wrong) {
		extack->_msg = wrong;
		return ERR_PTR(-EINVAL);
	}
	name = kzalloc(struct_size(name, part, level) + bytes, GFP_KERNEL_ACCOUNT);
	if (!name)
		return ERR_PTR(-ENOMEM);
	name->pattern = pattern;
	name->level = level;
	name->text = text;
	copy = (char *)&name->part[level];
	memcpy(copy, text, bytes);
	split(name, copy);
	INIT_LIST_HEAD(&name->list);
	return name;
}

/* Nobody finds it any more; readers may have found it before. */
void scmod_name_free(struct scmod_name *name)
{
	if (name)
		kfree_rcu(name, rcu);
}

char *scmod_name_path(struct cgroup *cgrp)
{
	char *path = kmalloc(SCMOD_PATH_MAX, GFP_KERNEL);
	int ret;

	if (!path)
		return ERR_PTR(-ENOMEM);
	ret = cgroup_path(cgrp, path, SCMOD_PATH_MAX);
	if (ret >= 0 && ret < SCMOD_PATH_MAX)
		return path;
	kfree(path);
	return ERR_PTR(-ENAMETOOLONG);
}

/* The directory's name; see above. Some kernels mark it as RCU's, for other hierarchies. */
static const char *directory(const struct cgroup *cgrp)
{
	return (__force const char *)READ_ONCE(cgrp->kn->name);
}

/**
 * scmod_name_fits() - is it the name of this cgroup?
 * @name: the name
 * @cgrp: a cgroup of the v2 hierarchy, to which the caller holds a reference
 *
 * Context: any.
 */
bool scmod_name_fits(const struct scmod_name *name, struct cgroup *cgrp)
{
	unsigned int level;

	if (name->level != cgrp->level)
		return false;
	for (level = name->level; level; level--, cgrp = cgroup_parent(cgrp)) {
		const char *part = name->part[level - 1];

		if (name->pattern ? !glob_match(part, directory(cgrp)) :
				    strcmp(part, directory(cgrp)))
			return false;
	}
	return true;
}

/* The name by which a policy is for @cgrp: one that is no pattern, or else the oldest. */
struct scmod_name *scmod_name_of(struct cgroup *cgrp)
{
	struct scmod_name *name, *best = NULL;

	list_for_each_entry_rcu(name, &names, list) {
		if (best && name->pattern)
			continue;
		if (!scmod_name_fits(name, cgrp))
			continue;
		best = name;
		if (!name->pattern)
			break;
	}
	return best;
}

/* Is there any name? */
bool scmod_name_any(void)
{
	return !list_empty(&names);
}

/* The name that reads @text, whatever its characters stand for. */
struct scmod_name *scmod_name_find(const char *text)
{
	struct scmod_name *name;

	list_for_each_entry(name, &names, list)
		if (!strcmp(name->text, text))
			return name;
	return NULL;
}

static bool same_part(const struct scmod_name *name, const char *part, const char *of_path)
{
	return name->pattern ? glob_match(part, of_path) : !strcmp(part, of_path);
}

static bool fits_path(const struct scmod_name *name, const struct scmod_name *path)
{
	unsigned int i;

	if (name->level != path->level)
		return false;
	for (i = 0; i < name->level; i++)
		if (!same_part(name, name->part[i], path->part[i]))
			return false;
	return true;
}

/**
 * scmod_name_covers() - is there a policy whose name fits cgroups of this path?
 * @path: the path, in which no character stands for anything else
 *
 * Return: 1, 0, or -ENOMEM.
 */
int scmod_name_covers(const char *path)
{
	struct netlink_ext_ack unheard = {};
	struct scmod_name *own = scmod_name_new(path, false, &unheard);
	struct scmod_name *name;
	bool covers = false;

	/* The root cgroup has a path that can be no name. */
	if (IS_ERR(own))
		return PTR_ERR(own) == -EINVAL ? 0 : PTR_ERR(own);
	list_for_each_entry(name, &names, list)
		covers = covers || fits_path(name, own);
	scmod_name_free(own);
	return covers;
}

/* @age: a number that is larger for names that are younger. */
void scmod_name_add(struct scmod_name *name, unsigned long age)
{
	struct scmod_name *older;

	name->age = age;
	list_for_each_entry_reverse(older, &names, list)
		if (older->age < age)
			break;
	list_add_rcu(&name->list, &older->list);
}

void scmod_name_del(struct scmod_name *name)
{
	list_del_rcu(&name->list);
}
