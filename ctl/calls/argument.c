// SPDX-License-Identifier: GPL-2.0
/*
 * The values of selectors as comparisons of arguments.
 *
 * libseccomp compares 64 bits, and the kernel reads 32 of an int: socket(0x100000028, ...)
 * makes a socket of family 40. What is written here therefore looks at the bits that the
 * kernel reads, and at no others.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "calls/argument.h"

#define INT_BITS 0xffffffffULL
/* The family of a socket is capped there: see enum scmod_selector. */
#define FAMILY_LAST 0xffffULL
/* SOCK_TYPE_MASK of the kernel's linux/net.h. */
#define TYPE_BITS 0xfULL

struct selector_arguments {
	size_t count;
	struct argument argument[ARGUMENTS_MAX];
};

/* The signatures of the calls, from include/linux/syscalls.h of the kernel. */
static const struct selector_arguments table[] = {
	[SCMOD_SELECTOR_SOCKET] = { 3, {
		{ 0, 32, FAMILY_LAST, 48, false }, { 1, 32, TYPE_BITS, 32, false },
		{ 2, 32, INT_BITS, 0, false },
	} },
	[SCMOD_SELECTOR_SOCKETPAIR] = { 3, {
		{ 0, 32, FAMILY_LAST, 48, false }, { 1, 32, TYPE_BITS, 32, false },
		{ 2, 32, INT_BITS, 0, false },
	} },
	[SCMOD_SELECTOR_CLONE] = { 1, { { 0, 64, SCMOD_CLONE_MASK, 0, true } } },
	[SCMOD_SELECTOR_UNSHARE] = { 1, { { 0, 64, SCMOD_UNSHARE_MASK, 0, true } } },
	[SCMOD_SELECTOR_SETNS] = { 1, { { 1, 32, INT_BITS, 0, false } } },
	[SCMOD_SELECTOR_PRCTL] = { 1, { { 0, 32, INT_BITS, 0, false } } },
	[SCMOD_SELECTOR_PERSONALITY] = { 1, { { 0, 32, INT_BITS, 0, false } } },
	[SCMOD_SELECTOR_IOCTL] = { 1, { { 1, 32, INT_BITS, 0, false } } },
	[SCMOD_SELECTOR_SETSOCKOPT] = { 2, {
		{ 1, 32, INT_BITS, 32, false }, { 2, 32, INT_BITS, 0, false },
	} },
	[SCMOD_SELECTOR_GETSOCKOPT] = { 2, {
		{ 1, 32, INT_BITS, 32, false }, { 2, 32, INT_BITS, 0, false },
	} },
	[SCMOD_SELECTOR_KEYCTL] = { 1, { { 0, 32, INT_BITS, 0, false } } },
	[SCMOD_SELECTOR_BPF] = { 1, { { 0, 32, INT_BITS, 0, false } } },
	[SCMOD_SELECTOR_PTRACE] = { 1, { { 0, 64, ~0ULL, 0, false } } },
	[SCMOD_SELECTOR_SECCOMP] = { 1, { { 0, 32, INT_BITS, 0, false } } },
	[SCMOD_SELECTOR_SOCKETCALL] = { 1, { { 0, 32, INT_BITS, 0, false } } },
	[SCMOD_SELECTOR_IPC] = { 1, { { 0, 32, 0xffff, 0, false } } },
	[SCMOD_SELECTOR_MMAP] = { 1, { { 2, 64, SCMOD_PROT_MASK, 0, false } } },
	[SCMOD_SELECTOR_MPROTECT] = { 1, { { 2, 64, SCMOD_PROT_MASK, 0, false } } },
	[SCMOD_SELECTOR_PKEY_MPROTECT] = { 1, { { 2, 64, SCMOD_PROT_MASK, 0, false } } },
};

const struct argument *arguments_of(unsigned int selector, size_t *count)
{
	*count = table[selector].count;
	return table[selector].argument;
}

uint64_t argument_bits(unsigned int selector)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < table[selector].count; i++)
		bits |= table[selector].argument[i].taken << table[selector].argument[i].shift;
	return bits;
}

static uint64_t size_bits(const struct argument *argument)
{
	return argument->size == 64 ? ~0ULL : (1ULL << argument->size) - 1;
}

static bool is_capped(const struct argument *argument)
{
	return argument->taken == FAMILY_LAST && argument->shift == 48;
}

/* ---- values as comparisons */

/*
 * The comparisons of one argument for the component of a cube, one of which must be true. The
 * last value of a capped component stands for all larger ones, too.
 */
static struct cubes tests_of(const struct argument *argument, struct cube cube)
{
	struct cubes tests = { 0 };
	uint64_t high = size_bits(argument) & ~argument->taken;
	bool capped = is_capped(argument) && cube.mask;

	cubes_add(&tests, capped ? cube.mask | high : cube.mask, cube.bits);
	if (capped && (FAMILY_LAST & cube.mask) == cube.bits)
		cubes_add_range(&tests, size_bits(argument), FAMILY_LAST + 1,
				size_bits(argument));
	return tests;
}

/* Appends to each of the @count elements each of the tests of the argument. */
static struct argument_tests *multiply(struct argument_tests *all, size_t *count,
				       const struct cubes *tests, unsigned int index)
{
	struct argument_tests *product = mem_grow(NULL, *count * tests->count, sizeof(*all));
	size_t at = 0;

	for (size_t i = 0; i < *count; i++)
		for (size_t j = 0; j < tests->count; j++) {
			struct cube test = tests->cube[j];

			product[at] = all[i];
			if (test.mask)
				product[at].test[product[at].count++] = (struct argument_test){
					index, test.mask, test.bits };
			at++;
		}
	free(all);
	*count = at;
	return product;
}

struct argument_tests *argument_tests_of(unsigned int selector, struct cube cube, size_t *count)
{
	struct argument_tests *all = mem_alloc(sizeof(*all));

	*count = 1;
	for (size_t i = 0; i < table[selector].count; i++) {
		const struct argument *argument = &table[selector].argument[i];
		struct cube part = {
			cube.mask >> argument->shift & argument->taken,
			cube.bits >> argument->shift & argument->taken,
		};
		struct cubes tests = tests_of(argument, part);

		all = multiply(all, count, &tests, argument->index);
		cubes_release(&tests);
	}
	return all;
}

/* ---- comparisons as values */

/**
 * struct range - values of one component: @first <= (v & @mask) <= @last
 */
struct range {
	uint64_t mask;
	uint64_t first;
	uint64_t last;
};

/**
 * struct ranges - the ranges of a comparison, none of which overlap; at most two
 */
struct ranges {
	struct range range[2];
	size_t count;
};

static void add_range(struct ranges *ranges, uint64_t mask, uint64_t first, uint64_t last)
{
	ranges->range[ranges->count++] = (struct range){ mask, first, last };
}

/*
 * A number that is compared with an int: a program that hands over a negative int may extend
 * it to 64 bits. Returns false if the argument can't be that number.
 */
static bool as_read(const struct argument *argument, uint64_t *number)
{
	uint64_t bits = size_bits(argument);

	if (*number > bits && (*number & ~bits) == ~bits && *number >> (argument->size - 1) & 1)
		*number &= bits;
	return *number <= bits;
}

/* The ranges of numbers below and above @number, and itself if @equal. */
static void compare_order(const struct argument *argument, enum scmp_compare op,
			  uint64_t number, struct ranges *ranges)
{
	uint64_t bits = size_bits(argument);
	bool equal = op == SCMP_CMP_LE || op == SCMP_CMP_GE;

	if (op == SCMP_CMP_LT || op == SCMP_CMP_LE || op == SCMP_CMP_NE) {
		if (number > bits)
			add_range(ranges, bits, 0, bits);
		else if (equal || number)
			add_range(ranges, bits, 0, number - !equal);
	}
	if ((op == SCMP_CMP_GT || op == SCMP_CMP_GE || op == SCMP_CMP_NE) &&
	    (equal ? number <= bits : number < bits))
		add_range(ranges, bits, number + !equal, bits);
}

/* The ranges of the argument as the kernel reads it. */
static struct ranges argument_ranges(const struct argument *argument,
				     const struct comparison *comparison)
{
	uint64_t number = comparison->value, mask = ~0ULL;
	struct ranges ranges = { .count = 0 };

	if (comparison->op == SCMP_CMP_MASKED_EQ) {
		mask = number;
		number = comparison->second & mask;
	}
	if (comparison->op == SCMP_CMP_EQ || comparison->op == SCMP_CMP_MASKED_EQ) {
		mask &= size_bits(argument);
		if (as_read(argument, &number))
			add_range(&ranges, mask, number & mask, number & mask);
		return ranges;
	}
	as_read(argument, &number);
	compare_order(argument, comparison->op, number, &ranges);
	return ranges;
}

/*
 * Turns a range of the argument into one of a capped component, whose last value stands for
 * all larger numbers, too: it may be used if all of them may be, and is refused if any of
 * them is. Returns false if no value is left.
 */
static bool cap(struct range *range, int err)
{
	bool last = err ? range->last >= FAMILY_LAST : range->first <= FAMILY_LAST &&
		    range->last == INT_BITS;
	uint64_t top = last ? FAMILY_LAST : FAMILY_LAST - 1;

	if (range->mask == INT_BITS) {
		range->first = err && range->first > FAMILY_LAST ? FAMILY_LAST : range->first;
		range->last = range->last > top ? top : range->last;
		return range->first <= range->last;
	}
	if (range->first & ~FAMILY_LAST)
		return false;
	range->mask &= FAMILY_LAST;
	return true;
}

/*
 * Turns a range of the argument into one of a component that has not all its bits. Returns
 * false if no value of the component is in it.
 */
static bool take_bits(const struct argument *argument, struct range *range)
{
	uint64_t taken = argument->taken;
	bool point = range->first == range->last;

	if (point && argument->size == 64 && !argument->strict && range->first & ~taken)
		return false;
	if (!point && range->first > taken)
		return false;
	if (!point && range->last > taken)
		range->last = taken;
	range->mask &= taken;
	range->first &= taken;
	range->last &= taken;
	return true;
}

/*
 * The ranges of the component. An order of flags says nothing about some of them, so it
 * counts as true.
 */
static struct ranges component_ranges(const struct argument *argument,
				      const struct comparison *comparison, int err, bool *whole)
{
	struct ranges all = argument_ranges(argument, comparison), ranges = { .count = 0 };

	for (size_t i = 0; i < all.count; i++) {
		struct range range = all.range[i];

		if (argument->strict && range.mask & ~argument->taken)
			*whole = false;
		if (argument->strict && range.first != range.last) {
			add_range(&ranges, 0, 0, 0);
			break;
		}
		if (is_capped(argument) ? cap(&range, err) : take_bits(argument, &range))
			add_range(&ranges, range.mask & argument->taken, range.first, range.last);
	}
	return ranges;
}

/**
 * struct component - a component in one rule
 * @ranges: the ranges of which one must have it
 * @shift: where the component begins in the value
 * @open: no comparison looks at it, nor at those after it
 */
struct component {
	struct ranges ranges;
	unsigned int shift;
	bool open;
};

static void add_rule(struct value_rules *rules, uint64_t mask, uint64_t first, uint64_t last,
		     int err)
{
	rules->rule = mem_grow(rules->rule, rules->count + 1, sizeof(*rules->rule));
	rules->rule[rules->count++] = (struct scmod_value_rule){
		.mask = mask, .first = first, .last = last, .err = err };
}

/*
 * Adds the rules for values that have @before in the components before @component. A rule
 * has one range, so only the last component that is compared may be more than a number: others
 * are split into cubes.
 */
static void add_rules(struct value_rules *rules, const struct component *component,
		      struct cube before, int err)
{
	if (component->open) {
		add_rule(rules, before.mask, before.bits, before.bits, err);
		return;
	}
	for (size_t i = 0; i < component->ranges.count; i++) {
		struct range range = component->ranges.range[i];
		struct cubes cubes = { 0 };

		if (component[1].open) {
			add_rule(rules, before.mask | range.mask << component->shift,
				 before.bits | range.first << component->shift,
				 before.bits | range.last << component->shift, err);
			continue;
		}
		cubes_add_range(&cubes, range.mask, range.first, range.last);
		for (size_t j = 0; j < cubes.count; j++)
			add_rules(rules, component + 1, (struct cube){
				  before.mask | cubes.cube[j].mask << component->shift,
				  before.bits | cubes.cube[j].bits << component->shift }, err);
		cubes_release(&cubes);
	}
}

static const struct comparison *comparison_of(const struct comparison *comparison, size_t count,
					      unsigned int index)
{
	for (size_t i = 0; i < count; i++)
		if (comparison[i].index == index)
			return &comparison[i];
	return NULL;
}

bool value_rules_add(struct value_rules *rules, unsigned int selector,
		     const struct comparison *comparison, size_t count, int err)
{
	struct component component[ARGUMENTS_MAX + 1] = { 0 };
	size_t nr = table[selector].count, used = 0;
	bool whole = true, open = true;

	component[nr].open = true;
	for (size_t i = nr; i-- > 0; ) {
		const struct argument *argument = &table[selector].argument[i];
		const struct comparison *here = comparison_of(comparison, count,
							      argument->index);

		component[i].shift = argument->shift;
		if (here)
			component[i].ranges = component_ranges(argument, here, err, &whole);
		else
			add_range(&component[i].ranges, 0, 0, 0);
		open &= !here;
		component[i].open = open;
		used += !!here;
	}
	add_rules(rules, component, (struct cube){ 0, 0 }, err);
	return whole && used == count;
}
