/* SPDX-License-Identifier: GPL-2.0 */
/* Pseudo-random numbers, the same in every run (xorshift64). */
#ifndef SELFTESTS_RANDOM_H
#define SELFTESTS_RANDOM_H

#include <stdint.h>

static uint64_t random_state = 0x9e3779b97f4a7c15;

static inline uint64_t random_word(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

#endif /* SELFTESTS_RANDOM_H */
