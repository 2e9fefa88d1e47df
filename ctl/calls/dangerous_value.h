/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Values that give their caller control of more than a program needs, or have often been the
 * beginning of an exploit. Inference never adds one of them, and 'allow --denied' leaves them out.
 */
#ifndef CTL_DANGEROUS_VALUE_H
#define CTL_DANGEROUS_VALUE_H

#include <linux/scmod.h>

/*
 * Why no rule may add the values of @rule without a person naming them; NULL if none of them is
 * dangerous. Completes a sentence that begins with "it".
 */
const char *dangerous_value(unsigned int selector, const struct scmod_value_rule *rule);

#endif /* CTL_DANGEROUS_VALUE_H */
