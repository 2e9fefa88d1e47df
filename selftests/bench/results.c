// SPDX-License-Identifier: GPL-2.0
/* What comes out: one JSON object a line, which selftests/bench/run collects. */
#include <stdio.h>

#include <json-c/json.h>

#include "bench.h"

static const char *of_kernel, *of_engine;

void results_of(const char *kernel, const char *engine)
{
	of_kernel = kernel;
	of_engine = engine;
}

static void add(json_object *line, const char *key, const char *value)
{
	json_object_object_add(line, key, json_object_new_string(value));
}

static void add_number(json_object *line, const char *key, double value)
{
	char text[64];

	snprintf(text, sizeof(text), "%.2f", value);
	json_object_object_add(line, key, json_object_new_double_s(value, text));
}

void result(const char *workload, const char *column, const struct reading *reading,
	    const char *unit)
{
	json_object *line = json_object_new_object();

	add(line, "kernel", of_kernel);
	add(line, "engine", of_engine);
	add(line, "workload", workload);
	add(line, "column", column);
	if (*reading->why)
		json_object_object_add(line, "value", NULL);
	else
		add_number(line, "value", reading->value);
	add(line, "unit", unit);
	if (*reading->why)
		add(line, "why", reading->why);
	else if (reading->spread > 0)
		add_number(line, "spread", reading->spread);
	puts(json_object_to_json_string_ext(line, JSON_C_TO_STRING_PLAIN));
	fflush(stdout);
	json_object_put(line);
}
