// SPDX-License-Identifier: GPL-2.0
/* Profiles of any bytes are read, or refused with a reason. */
#include "error.h"
#include "fuzz.h"
#include "profile.h"

static bool common(const struct bitmap *a, const struct bitmap *b)
{
	unsigned int nr;

	bitmap_for_each(nr, a)
		if (bitmap_has(b, nr))
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct profile profile;
	int fd = file_of(data, size);
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ret = profile_read("fuzz", path, &profile);
	close(fd);
	must(ret == EXIT_DONE || ret == EXIT_FAILED);
	if (ret != EXIT_DONE)
		return 0;
	must(profile.action >= -1 && profile.action <= SCMOD_ACTION_MAX);
	must(profile.err == -1 || (profile.err >= 1 && profile.err <= SCMOD_ERRNO_MAX));
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		must(!common(&profile.allowed[abi], &profile.soft[abi]) &&
		     !common(&profile.allowed[abi], &profile.refused[abi]));
	return 0;
}
