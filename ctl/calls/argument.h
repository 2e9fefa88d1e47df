/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The values of selectors as comparisons of arguments, which seccomp rules consist of: where
 * in the arguments of the call a value stands, and which values a comparison stands for.
 */
#ifndef CTL_ARGUMENT_H
#define CTL_ARGUMENT_H

#include <seccomp.h>
#include <stdbool.h>

#include "calls/cube.h"

/* Components of a selector's value. */
#define ARGUMENTS_MAX 3

/**
 * struct argument - an argument that a component of a selector's value is taken from
 * @index: the argument, from 0
 * @size: bits that the kernel reads of it: 32 of an int, whatever is in the register
 * @taken: the bits that the component has, of those
 * @shift: where the component begins in the value
 * @strict: whether the bits that are not taken have a meaning of their own
 */
struct argument {
	unsigned int index;
	unsigned int size;
	uint64_t taken;
	unsigned int shift;
	bool strict;
};

/* The components of the selector, from the highest to the lowest; @count gets their number. */
const struct argument *arguments_of(unsigned int selector, size_t *count);
/* All bits that the values of the selector can have. */
uint64_t argument_bits(unsigned int selector);

/**
 * struct argument_test - a masked comparison: (argument & @mask) == @bits
 * @index: the argument
 */
struct argument_test {
	unsigned int index;
	uint64_t mask;
	uint64_t bits;
};

/**
 * struct argument_tests - comparisons that must all be true; none: whatever the arguments are
 */
struct argument_tests {
	struct argument_test test[ARGUMENTS_MAX];
	size_t count;
};

/*
 * The comparisons that are true for the values of @cube, and for no others: one of the
 * elements of the result, whose number @count gets. To be freed.
 */
struct argument_tests *argument_tests_of(unsigned int selector, struct cube cube, size_t *count);

/**
 * struct comparison - a comparison of an argument as in libseccomp's rules
 * @index: the argument
 * @op: how it is compared
 * @value: with what; the mask with SCMP_CMP_MASKED_EQ
 * @second: with SCMP_CMP_MASKED_EQ: with what
 */
struct comparison {
	unsigned int index;
	enum scmp_compare op;
	uint64_t value;
	uint64_t second;
};

/**
 * struct value_rules - rules of values, see &struct scmod_value_rule
 */
struct value_rules {
	struct scmod_value_rule *rule;
	size_t count;
};

/*
 * Adds rules for the values for which all of @comparison are true, with the errno @err (0: may
 * be used). Comparisons are read as the kernel reads the arguments: an int is 32 bits, and flags
 * of a socket's type are no part of it. Returns whether that is all that the comparisons
 * say; otherwise some of them look at what no value has, and count as true.
 */
bool value_rules_add(struct value_rules *rules, unsigned int selector,
		     const struct comparison *comparison, size_t count, int err);

#endif /* CTL_ARGUMENT_H */
