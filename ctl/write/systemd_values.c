// SPDX-License-Identifier: GPL-2.0
/*
 * The part of a systemd unit that is about values of arguments. systemd has settings for some of
 * them; each only restricts more than SystemCallFilter= does, so a setting is written also where it
 * allows more than the profile, with a comment that says so, but not where it allows less.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "profile/values_compare.h"
#include "write/systemd_values.h"

/* Families have a name up to here, and systemd knows only names. */
#define FAMILIES 64
/* Stands for all families that have no name. */
#define OTHER_FAMILY 0xffff

#define NOT_CARRIED "# Not carried: "

static bool is_listed(const struct output *out, unsigned int selector)
{
	return out->profile->values[selector].listed && profile_selects(out->profile, selector);
}

static struct cubes allowed_of(const struct output *out, unsigned int selector)
{
	return values_cubes(&out->profile->values[selector], selector, 0);
}

/* ---- RestrictAddressFamilies= */

static struct cube family_cube(unsigned int family)
{
	return (struct cube){ 0xffffULL << 48, (uint64_t)family << 48 };
}

/* Whether any socket of the family may be made; @all: whether every one. */
static bool allows_family(const struct cubes *allowed, unsigned int family, bool all)
{
	struct cube want = family_cube(family);
	struct cubes rest = { 0 };
	bool any;

	if (!all)
		return cubes_meet(allowed, want);
	cubes_add(&rest, want.mask, want.bits);
	for (size_t i = 0; i < allowed->count; i++)
		cubes_subtract(&rest, allowed->cube[i]);
	any = rest.count;
	cubes_release(&rest);
	return !any;
}

/* Writes the families of which sockets may be made, or those of which none may. */
static void write_family_names(FILE *to, const struct cubes *allowed, bool refused)
{
	bool any = false;

	for (unsigned int family = 1; family < FAMILIES; family++) {
		char *name;

		if (allows_family(allowed, family, false) == refused)
			continue;
		name = value_part_text(SCMOD_SELECTOR_SOCKET, 0, family_cube(family).bits);
		if (!strncmp(name, "AF_", 3)) {
			fprintf(to, "%s%s", any ? " " : refused ? "~" : "", name);
			any = true;
		}
		free(name);
	}
	if (!any && !refused)
		fprintf(to, "none");
	fprintf(to, "\n");
}

/* Whether the settings allow sockets that the profile refuses. */
static bool families_inexact(const struct cubes *allowed)
{
	for (unsigned int family = 1; family < FAMILIES; family++)
		if (allows_family(allowed, family, false) && !allows_family(allowed, family, true))
			return true;
	return false;
}

static void write_families(const struct output *out)
{
	struct cubes allowed;

	if (!is_listed(out, SCMOD_SELECTOR_SOCKET))
		return;
	allowed = allowed_of(out, SCMOD_SELECTOR_SOCKET);
	fprintf(out->to, "# Sockets of other families fail with EAFNOSUPPORT; 32-bit programs can make them\n"
			 "# by socketcall, unless that is refused.\n");
	if (families_inexact(&allowed))
		fprintf(out->to, NOT_CARRIED "types and protocols of sockets.\n");
	fprintf(out->to, "RestrictAddressFamilies=\nRestrictAddressFamilies=");
	write_family_names(out->to, &allowed, allows_family(&allowed, OTHER_FAMILY, false));
	cubes_release(&allowed);
}

/* ---- RestrictNamespaces= */

static const struct {
	uint64_t flag;
	const char *name;
} namespaces[] = {
	{ 0x02000000, "cgroup" }, { 0x08000000, "ipc" }, { 0x40000000, "net" },
	{ 0x00020000, "mnt" }, { 0x20000000, "pid" }, { 0x10000000, "user" },
	{ 0x04000000, "uts" },
};

#define NR_NAMESPACES (sizeof(namespaces) / sizeof(namespaces[0]))

/* The flags that any allowed value of the call has. */
static uint64_t flags_of(const struct output *out, unsigned int selector)
{
	struct cubes allowed = { 0 };
	uint64_t flags = 0;

	if (profile_selects(out->profile, selector))
		allowed = allowed_of(out, selector);
	for (size_t i = 0; i < allowed.count; i++)
		flags |= allowed.cube[i].bits | ~allowed.cube[i].mask;
	cubes_release(&allowed);
	return flags & SCMOD_CLONE_MASK;
}

static bool allows_clone3(const struct profile *profile)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (profile_allows(profile, abi, sysname_number(abi, "clone3")))
			return true;
	return false;
}

static void write_namespaces(const struct output *out)
{
	uint64_t flags = flags_of(out, SCMOD_SELECTOR_CLONE) |
			 flags_of(out, SCMOD_SELECTOR_UNSHARE) |
			 flags_of(out, SCMOD_SELECTOR_SETNS);
	const char *before = "";

	if (!is_listed(out, SCMOD_SELECTOR_CLONE) || flags == SCMOD_CLONE_MASK)
		return;
	if (allows_clone3(out->profile)) {
		fprintf(out->to, NOT_CARRIED "the namespaces of clone: the profile allows clone3, which\n"
				 "# RestrictNamespaces= would refuse.\n");
		return;
	}
	if (flags)
		fprintf(out->to, NOT_CARRIED "by which of clone, unshare and setns these namespaces may be made.\n");
	fprintf(out->to, "RestrictNamespaces=%s", flags ? "" : "yes");
	for (size_t i = 0; i < NR_NAMESPACES; i++) {
		if (!(flags & namespaces[i].flag))
			continue;
		fprintf(out->to, "%s%s", before, namespaces[i].name);
		before = " ";
	}
	fprintf(out->to, "\n");
}

/* ---- LockPersonality= and MemoryDenyWriteExecute= */

static void write_personality(const struct output *out)
{
	struct cubes allowed;
	bool only_now;

	if (!is_listed(out, SCMOD_SELECTOR_PERSONALITY))
		return;
	allowed = allowed_of(out, SCMOD_SELECTOR_PERSONALITY);
	only_now = cubes_have(&allowed, 0);
	for (size_t i = 0; i < allowed.count; i++)
		only_now &= !allowed.cube[i].bits &&
			    allowed.cube[i].mask == selector_mask(SCMOD_SELECTOR_PERSONALITY);
	cubes_release(&allowed);
	if (only_now)
		fprintf(out->to, "LockPersonality=yes\n");
	else
		fprintf(out->to, NOT_CARRIED "the values of personality: LockPersonality= allows 0 only.\n");
}

/* Whether just those of the 8 protections may be used whose bits are in @allowed. */
static bool protects(const struct output *out, unsigned int selector, unsigned int allowed)
{
	struct cubes cubes;
	bool same = true;

	if (!profile_selects(out->profile, selector))
		return true;
	cubes = allowed_of(out, selector);
	for (unsigned int protection = 0; protection < 8; protection++)
		same &= cubes_have(&cubes, protection) == (allowed >> protection & 1);
	cubes_release(&cubes);
	return same;
}

/* Bits of protections: all but write and execute at once; all without execute. */
#define NOT_BOTH 0x3f
#define NO_EXECUTE 0x0f

static void write_protection(const struct output *out)
{
	bool any = is_listed(out, SCMOD_SELECTOR_MMAP) || is_listed(out, SCMOD_SELECTOR_MPROTECT) ||
		   is_listed(out, SCMOD_SELECTOR_PKEY_MPROTECT);

	if (!any)
		return;
	if (protects(out, SCMOD_SELECTOR_MMAP, NOT_BOTH) &&
	    protects(out, SCMOD_SELECTOR_MPROTECT, NO_EXECUTE) &&
	    protects(out, SCMOD_SELECTOR_PKEY_MPROTECT, NO_EXECUTE))
		fprintf(out->to, "MemoryDenyWriteExecute=yes\n");
	else
		fprintf(out->to, NOT_CARRIED "protections of memory, as MemoryDenyWriteExecute= has others.\n");
}

/* ---- what systemd has no setting for */

static bool has_setting(unsigned int selector)
{
	switch (selector) {
	case SCMOD_SELECTOR_SOCKET:
	case SCMOD_SELECTOR_CLONE:
	case SCMOD_SELECTOR_UNSHARE:
	case SCMOD_SELECTOR_SETNS:
	case SCMOD_SELECTOR_PERSONALITY:
	case SCMOD_SELECTOR_MMAP:
	case SCMOD_SELECTOR_MPROTECT:
	case SCMOD_SELECTOR_PKEY_MPROTECT:
		return true;
	default:
		return false;
	}
}

static void write_others(const struct output *out)
{
	const char *before = NOT_CARRIED "the values of ";

	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		if (has_setting(selector) || !is_listed(out, selector))
			continue;
		fprintf(out->to, "%s%s", before, selector_name(selector));
		before = ", ";
	}
	if (*before == ',')
		fprintf(out->to, ".\n");
}

void systemd_values_write(const struct output *out)
{
	write_others(out);
	write_families(out);
	write_namespaces(out);
	write_personality(out);
	write_protection(out);
}
