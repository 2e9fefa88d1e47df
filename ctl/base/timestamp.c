// SPDX-License-Identifier: GPL-2.0
/* Points in time: UTC, in tenths of a second, which is the precision that the module keeps. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/timestamp.h"

#define SECOND UINT64_C(1000000000)

const char *timestamp_text(uint64_t ns)
{
	static char text[64];
	time_t seconds = ns / SECOND;
	struct tm tm;
	size_t len;

	gmtime_r(&seconds, &tm);
	len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + len, sizeof(text) - len, ".%uZ",
		 (unsigned int)(ns % SECOND / TIMESTAMP_STEP));
	return text;
}

bool timestamp_value(const char *text, uint64_t *ns)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	time_t seconds;

	if (!rest || rest[0] != '.' || rest[1] < '0' || rest[1] > '9' || strcmp(rest + 2, "Z"))
		return false;
	seconds = timegm(&tm);
	if (seconds < 0)
		return false;
	*ns = seconds * SECOND + (rest[1] - '0') * TIMESTAMP_STEP;
	/* Accept only what timestamp_text() would write: no February 30, no "+1". */
	return !strcmp(timestamp_text(*ns), text);
}

uint64_t timestamp_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

int64_t timestamp_monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}
