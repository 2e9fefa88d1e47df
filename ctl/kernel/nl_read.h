/* SPDX-License-Identifier: GPL-2.0 */
/* Reads attributes that a message may lack. Only for files that read the module's messages. */
#ifndef CTL_NL_READ_H
#define CTL_NL_READ_H

#include <stdint.h>

#include <netlink/attr.h>

static inline uint32_t u32_or_0(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static inline uint64_t u64_or_0(const struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

#endif /* CTL_NL_READ_H */
