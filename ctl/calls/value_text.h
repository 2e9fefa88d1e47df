/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Values of arguments as text, which is the same everywhere: CALL(PART,PART,...).
 *
 * A part is a name of values.txt, options.txt or ioctls.txt, a number, or several of them joined
 * by '|'. '*' is any value of the part, and so are parts that are left out at the end.
 * FIRST..LAST, as the last part that is given, is a range. "socket(AF_NETLINK,*,NETLINK_ROUTE)",
 * "socket(AF_UNIX)", "clone(CLONE_NEWUSER|CLONE_NEWNS)", "clone(0)", "socket(40..65535)".
 *
 * A rule that parts can't express is CALL(value&MASK=FIRST..LAST), with numbers of the whole
 * value: "prctl(value&0xff=0x0..0x10)".
 */
#ifndef CTL_VALUE_TEXT_H
#define CTL_VALUE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/scmod.h>

/* Whether @text has the form CALL(...), so that it can't be a mere name of a call. */
bool value_is_text(const char *text);
/*
 * Parses @text. Returns NULL, and stores the selector and the rule (see selector_normal(); err 0),
 * or returns words that say what is wrong, to be freed.
 */
char *value_parse(const char *text, unsigned int *selector, struct scmod_value_rule *rule);

/*
 * The text of the rule, without its err. value_parse() makes the same rule of it. To be freed;
 * never NULL.
 */
char *value_rule_text(unsigned int selector, const struct scmod_value_rule *rule);
/* The text of one value. */
char *value_text(unsigned int selector, uint64_t value);
/* The name of one part of a value, or its number, if it has no name. To be freed. */
char *value_part_text(unsigned int selector, unsigned int part, uint64_t value);

#endif /* CTL_VALUE_TEXT_H */
