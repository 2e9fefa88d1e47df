/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Selectors: the arguments of calls whose values can be seen and restricted, and the names of
 * values. A value is a number of 64 bits, made of parts; see enum scmod_selector.
 */
#ifndef CTL_SELECTOR_H
#define CTL_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/scmod.h>

#define NR_SELECTORS (SCMOD_SELECTOR_MAX + 1)

/* No value has more parts than this. */
#define SELECTOR_PARTS 3

/* The name of the selector's call: "socket", and "mmap" also where i386 has mmap2. */
const char *selector_name(unsigned int selector);
/* The selector whose call has that name of @len letters, or -1. */
int selector_by_name(const char *name, size_t len);
/* The selector of a call, or -1 if the call has none. */
int selector_of(unsigned int abi, unsigned int nr);
/* The number of the selector's call in that ABI, or -1 if the ABI has no such call. */
int selector_number(unsigned int abi, unsigned int selector);

/* Whether a new policy does not look at the values: those of frequent calls. */
bool selector_optional(unsigned int selector);
/* Whether the values are namespaces: clone, unshare, setns. */
bool selector_namespaces(unsigned int selector);

/* The number of parts of a value, at most SELECTOR_PARTS. */
unsigned int selector_parts(unsigned int selector);
/* What a part is: "family", "type", "option". */
const char *selector_part_name(unsigned int selector, unsigned int part);
/* The bits of the value that are the part, in place. */
uint64_t selector_part_mask(unsigned int selector, unsigned int part);
/* The part of @value, as a number of its own. */
uint64_t selector_part(unsigned int selector, unsigned int part, uint64_t value);
/* The bits of all parts. Other bits of a value are 0. */
uint64_t selector_mask(unsigned int selector);
/* The value of these parts; bits that a part has no room for are dropped. */
uint64_t selector_join(unsigned int selector, const uint64_t *parts);

/* The rule for one value. */
struct scmod_value_rule selector_exact(unsigned int selector, uint64_t value);
/*
 * The same rule without bits that no value has, so that rules for the same values are equal. A
 * rule for all values has the mask 0.
 */
struct scmod_value_rule selector_normal(unsigned int selector, struct scmod_value_rule rule);

#endif /* CTL_SELECTOR_H */
