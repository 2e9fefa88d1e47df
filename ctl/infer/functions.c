// SPDX-License-Identifier: GPL-2.0
/*
 * Maps functions that a program imports to the system calls that they may make: the table in
 * functions.txt, and the entries with which a person replaced it.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/entries.h"
#include "base/error.h"
#include "base/memory.h"
#include "calls/selector.h"
#include "calls/sysname.h"
#include "infer/functions-text.h"
#include "infer/functions.h"

/* The longest name of a function, including its NUL. */
#define MOST_NAME 64

static void function_release(struct function *function)
{
	items_free(function->calls);
	free(function->name);
}

static void list_release(struct function_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		function_release(&list->function[i]);
	free(list->function);
}

void functions_free(struct functions *functions)
{
	if (!functions)
		return;
	list_release(&functions->functions);
	list_release(&functions->sets);
	list_release(&functions->golang);
	free(functions);
}

/* ---- finding */

/* Index at which @name is, or at which it would have to be inserted. */
static size_t place_of(const struct function_list *list, const char *name)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(list->function[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct function *find(const struct function_list *list, const char *name)
{
	size_t at = place_of(list, name);

	return at < list->count && !strcmp(list->function[at].name, name) ?
	       &list->function[at] : NULL;
}

/* ---- one entry */

/* Each set must be defined above, and a person may name any call and any value. */
static int check_sets(const struct place *place, const struct functions *functions,
		      const struct item *items)
{
	for (; items->call; items++)
		if (*items->call == '@' && !find(&functions->sets, items->call + 1))
			return entry_reject(place, "no set is named '%s'; write 'set %s: CALL...' above it",
					    items->call + 1, items->call + 1);
		else if (items->same)
			return entry_reject(place, "%s(=) stands for values of another call, which only a family has; name the values",
					    items->call);
	return EXIT_DONE;
}

/* Parses "a b(c) @d"; changes @text. */
static int read_calls(const struct place *place, const struct functions *functions, char *text,
		      struct function *to)
{
	int ret = items_read(place, text, &to->calls);

	return ret ? ret : check_sets(place, functions, to->calls);
}

/* Replaces the entry of that name, or inserts it in order. */
static int take(const struct place *place, struct function_list *list, struct function *function)
{
	size_t at = place_of(list, function->name);
	struct function *old = find(list, function->name);

	if (old && place->file && old->line)
		return entry_reject(place, "'%s' is on line %u already; remove one of them",
				    function->name, old->line);
	if (old) {
		function_release(old);
	} else {
		list->function = mem_grow(list->function, ++list->count, sizeof(*list->function));
		memmove(&list->function[at + 1], &list->function[at],
			(list->count - 1 - at) * sizeof(*list->function));
	}
	list->function[at] = *function;
	*function = (struct function){ 0 };
	return EXIT_DONE;
}

static int add_name(const struct place *place, struct functions *functions,
		    struct function_list *list, const char *name, const char *body)
{
	struct function function = { .line = place->file ? place->line : 0 };
	char *calls = mem_string(body);
	int ret;

	if (strlen(name) >= MOST_NAME)
		ret = entry_reject(place, "the name '%s' is longer than %d bytes; no function of a C library has such a long name; shorten it",
				   name, MOST_NAME - 1);
	else
		ret = read_calls(place, functions, calls, &function);
	function.name = mem_string(name);
	if (!ret)
		ret = take(place, list, &function);
	function_release(&function);
	free(calls);
	return ret;
}

/*
 * Visits @function and all sets that it contains, directly or through other sets. Each is
 * visited once per round, even if sets contain each other. @visit may be NULL.
 */
static void walk_sets(struct functions *functions, struct function *function,
		      void (*visit)(const struct function *function, void *data), void *data)
{
	if (function->round == functions->round)
		return;
	function->round = functions->round;
	if (visit)
		visit(function, data);
	for (const struct item *item = function->calls; item->call; item++)
		if (*item->call == '@')
			walk_sets(functions, find(&functions->sets, item->call + 1), visit, data);
}

/* Whether a set contains itself, directly or through other sets. */
static bool has_itself(struct functions *functions, const struct function *set)
{
	functions->round++;
	for (const struct item *item = set->calls; item->call; item++)
		if (*item->call == '@')
			walk_sets(functions, find(&functions->sets, item->call + 1), NULL, NULL);
	return set->round == functions->round;
}

static int add_set(const struct place *place, struct functions *functions, const char *name,
		   const char *body)
{
	int ret = name ? add_name(place, functions, &functions->sets, name, body) :
		  entry_reject(place, "the set has no name; write one after 'set'");

	if (!ret && has_itself(functions, find(&functions->sets, name)))
		ret = entry_reject(place, "set '%s' contains itself; name its calls instead",
				   name);
	return ret;
}

/* The list to which entries of that kind belong; NULL if there is no such kind. */
static struct function_list *list_of(struct functions *functions, const char *kind)
{
	if (kind && !strcmp(kind, "function"))
		return &functions->functions;
	return kind && !strcmp(kind, "go") ? &functions->golang : NULL;
}

/* Parses "set NAME", "function NAME..." or "go NAME...", the part before the colon. */
static int add_head(const struct place *place, struct functions *functions, char *head,
		    const char *body)
{
	char *save;
	const char *kind = strtok_r(head, ENTRY_BLANKS, &save);
	const char *name = strtok_r(NULL, ENTRY_BLANKS, &save);
	struct function_list *list = list_of(functions, kind);
	int ret = EXIT_DONE;

	if (kind && !strcmp(kind, "set")) {
		if (strtok_r(NULL, ENTRY_BLANKS, &save))
			return entry_reject(place, "a set has one name; remove the others");
		return add_set(place, functions, name, body);
	}
	if (!list)
		return entry_reject(place, "'%s' is not a kind of entry; write set, function or go",
				    kind ? kind : "");
	if (!name)
		return entry_reject(place, "the function has no name; write one after 'function'");
	for (; !ret && name; name = strtok_r(NULL, ENTRY_BLANKS, &save))
		ret = add_name(place, functions, list, name, body);
	return ret;
}

static int add_entry(const struct place *place, char *text, void *functions)
{
	char *body;

	entry_cut_why(text);
	body = strchr(text, ':');
	if (!body)
		return entry_reject(place, "there is no colon; write 'function NAME...: CALL...'");
	*body++ = '\0';
	return add_head(place, functions, text, body);
}

int functions_read(const char *verb, const char *file, struct functions **functions)
{
	const struct entries entries = {
		.option = "functions",
		.text = functions_text,
		.standard = FUNCTIONS_FILE,
		.add = add_entry,
		.to = *functions = mem_alloc(sizeof(**functions)),
	};
	int ret = entries_read(&entries, verb, file);

	if (ret) {
		functions_free(*functions);
		*functions = NULL;
	}
	return ret;
}

/* ---- a function's calls */

/* Returns whether the ABI has a call of that name. */
static bool add_call(struct bitmap *set, unsigned int abi, const char *call)
{
	int nr = sysname_number(abi, call);

	if (nr >= 0)
		bitmap_add(set, nr);
	return nr >= 0;
}

/*
 * What is done with the calls of a function: they are added to @set, or those with a selector
 * are visited.
 */
struct wanted {
	struct bitmap *set;
	unsigned int abi;
	void (*visit)(const struct item *item, void *data);
	void *data;
};

/* Returns whether there is such a call. */
static bool want_item(const struct wanted *wanted, const struct item *item)
{
	if (!wanted->visit)
		return add_call(wanted->set, wanted->abi, item->call);
	if (item->selector >= 0)
		wanted->visit(item, wanted->data);
	return item->selector >= 0;
}

/* The same for a call whose values nothing tells. */
static bool want_call(const struct wanted *wanted, const char *call)
{
	return want_item(wanted, &(struct item){
		.call = (char *)call, .selector = selector_by_name(call, strlen(call)),
	});
}

static void want_own(const struct function *function, void *data)
{
	for (const struct item *item = function->calls; item->call; item++)
		if (*item->call != '@')
			want_item(data, item);
}

static void cut_end(char *name, const char *end)
{
	size_t len = strlen(name), cut = strlen(end);

	if (len > cut && !strcmp(name + len - cut, end))
		name[len - cut] = '\0';
}

static const char *cut_start(const char *name, const char *start)
{
	size_t cut = strlen(start);

	return strncmp(name, start, cut) ? name : name + cut;
}

/*
 * Reduces a variant of a function's name to the plain name. Many functions have several names:
 * __read_chk, __open64_2, fopen64, __xstat64, __isoc99_fscanf, __libc_start_main,
 * __nanosleep_time64, _IO_putc, _Znwm.
 */
static const char *plain(char *name)
{
	const char *start = name;

	cut_end(name, "_chk");
	cut_end(name, "_2");
	cut_end(name, "_time64");
	cut_end(name, "64");
	cut_end(name, "_unlocked");
	start = cut_start(start, "_IO_");
	start += strspn(start, "_");
	start = cut_start(start, "isoc99_");
	start = cut_start(start, "isoc23_");
	return start;
}

/* Takes the calls of that entry and its sets. Returns whether it has any. */
static bool want_entry(struct functions *functions, struct wanted *wanted,
		       struct function *function)
{
	functions->round++;
	walk_sets(functions, function, want_own, wanted);
	return function->calls->call;
}

/* Takes the calls of a function in the table; or of one that has the name of its system call. */
static bool want_function(struct functions *functions, struct wanted *wanted, const char *name,
			  bool *makes_calls)
{
	struct function *function = find(&functions->functions, name);

	if (!function)
		return *makes_calls = want_call(wanted, name);
	*makes_calls = want_entry(functions, wanted, function);
	return true;
}

/* Whether the names are the same but for case and underscores: InotifyInit1, inotify_init1. */
static bool is_same(const char *a, const char *b)
{
	for (;;) {
		a += strspn(a, "_");
		b += strspn(b, "_");
		if (!*a || !*b)
			return *a == *b;
		if (tolower((unsigned char)*a++) != tolower((unsigned char)*b++))
			return false;
	}
}

static bool want_same(const struct wanted *wanted, const char *name)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *call = sysname(wanted->abi, nr);

		if (call && is_same(name, call))
			return want_call(wanted, call);
	}
	return false;
}

/* The entry of that name, or with the longest beginning of it that is an entry with a '*'. */
static struct function *find_golang(const struct functions *functions, const char *name)
{
	struct function *function = find(&functions->golang, name);
	char start[MOST_NAME + 1];

	for (size_t len = strlen(name); !function && len; len--) {
		memcpy(start, name, len);
		start[len] = '*';
		start[len + 1] = '\0';
		function = find(&functions->golang, start);
	}
	return function;
}

/*
 * Takes the calls of a function in Go's packages syscall and unix; @name is without the package.
 * Functions for other packages begin with a capital letter; those that they use often have the
 * same name without.
 */
static bool want_golang(struct functions *functions, struct wanted *wanted, char *name)
{
	struct function *function;

	*name = toupper((unsigned char)*name);
	function = find_golang(functions, name);
	return function ? want_entry(functions, wanted, function) : want_same(wanted, name);
}

static bool want(struct functions *functions, struct wanted *wanted, const char *function)
{
	const char *dot = strrchr(function, '.');
	char name[MOST_NAME];
	bool makes_calls;

	if (strlen(function) >= sizeof(name))
		return false;
	strcpy(name, dot ? dot + 1 : function);
	if (dot)
		return want_golang(functions, wanted, name);
	if (!want_function(functions, wanted, function, &makes_calls))
		want_function(functions, wanted, plain(name), &makes_calls);
	return makes_calls;
}

bool functions_add(struct functions *functions, struct bitmap *set, unsigned int abi,
		   const char *function)
{
	struct wanted wanted = { .set = set, .abi = abi };

	return want(functions, &wanted, function);
}

void functions_values(struct functions *functions, const char *function,
		      void (*visit)(const struct item *item, void *data), void *data)
{
	struct wanted wanted = { .abi = SCMOD_ABI_X86_64, .visit = visit, .data = data };

	want(functions, &wanted, function);
}
