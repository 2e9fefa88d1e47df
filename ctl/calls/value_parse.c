// SPDX-License-Identifier: GPL-2.0
/* Reads values of arguments from text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/selector.h"
#include "calls/value_name.h"
#include "calls/value_text.h"

/* A text that is not NUL-terminated. */
struct word {
	const char *text;
	size_t len;
};

#define WORD(word) (int)(word).len, (word).text

static struct word trimmed(struct word word)
{
	while (word.len && *word.text == ' ')
		word = (struct word){ word.text + 1, word.len - 1 };
	while (word.len && word.text[word.len - 1] == ' ')
		word.len--;
	return word;
}

/* Takes what is before @mark, or everything, off @rest; false if nothing is left. */
static bool next(struct word *rest, char mark, struct word *word)
{
	const char *end;

	if (!rest->text)
		return false;
	end = memchr(rest->text, mark, rest->len);
	*word = (struct word){ rest->text, end ? (size_t)(end - rest->text) : rest->len };
	*rest = end ? (struct word){ end + 1, rest->len - word->len - 1 } : (struct word){ 0 };
	*word = trimmed(*word);
	return true;
}

/* A number in decimal, octal or hexadecimal; a negative one is its low bits. */
static bool parse_number(struct word word, uint64_t *number)
{
	char text[32], *end;

	if (!word.len || word.len >= sizeof(text) || !memchr("-0123456789", *word.text, 11))
		return false;
	memcpy(text, word.text, word.len);
	text[word.len] = '\0';
	errno = 0;
	*number = *text == '-' ? (uint64_t)strtoll(text, &end, 0) : strtoull(text, &end, 0);
	return !errno && !*end;
}

/* The number of one part: names and numbers that are joined by '|'. */
static char *parse_joined(unsigned int selector, unsigned int part, int64_t leading,
			  struct word rest, uint64_t *number)
{
	uint64_t room = selector_part(selector, part, UINT64_MAX), bits;
	struct word word;

	*number = 0;
	while (next(&rest, '|', &word)) {
		if (!value_number(selector, part, leading, word.text, word.len, &bits) &&
		    !parse_number(word, &bits))
			return mem_print("'%.*s' is no %s of %s", WORD(word),
					 selector_part_name(selector, part),
					 selector_name(selector));
		if (*word.text == '-')
			bits &= room;
		if (bits & ~room)
			return mem_print("%.*s has bits that are not looked at, or is too large",
					 WORD(word));
		*number |= bits;
	}
	return NULL;
}

/* Where ".." is in @word, or NULL. */
static const char *dots(struct word word)
{
	for (size_t i = 0; i + 1 < word.len; i++)
		if (word.text[i] == '.' && word.text[i + 1] == '.')
			return word.text + i;
	return NULL;
}

static char *parse_range(unsigned int selector, unsigned int part, int64_t leading,
			 struct word word, uint64_t *first, uint64_t *last)
{
	const char *mark = dots(word);
	struct word low = { word.text, mark ? (size_t)(mark - word.text) : word.len };
	char *wrong = parse_joined(selector, part, leading, trimmed(low), first);

	*last = *first;
	if (wrong || !mark)
		return wrong;
	word = (struct word){ mark + 2, word.len - low.len - 2 };
	wrong = parse_joined(selector, part, leading, trimmed(word), last);
	if (!wrong && *first > *last)
		return mem_print("the range ends before it begins");
	return wrong;
}

static char *parse_parts(unsigned int selector, struct word rest, struct scmod_value_rule *rule)
{
	uint64_t first[SELECTOR_PARTS] = { 0 }, last[SELECTOR_PARTS] = { 0 };
	unsigned int part = 0;
	int64_t leading = -1;
	bool range = false;
	struct word word;

	while (next(&rest, ',', &word)) {
		char *wrong;

		if (part >= selector_parts(selector))
			return mem_print("%s has at most %u parts", selector_name(selector), part);
		if (word.len == 1 && *word.text == '*') {
			part++;
			continue;
		}
		if (range)
			return mem_print("a range must be the last part that is given");
		wrong = parse_range(selector, part, leading, word, &first[part], &last[part]);
		if (wrong)
			return wrong;
		range = dots(word);
		if (!part && !range && first[0] <= UINT32_MAX)
			leading = first[0];
		rule->mask |= selector_part_mask(selector, part++);
	}
	rule->first = selector_join(selector, first);
	rule->last = selector_join(selector, last);
	return NULL;
}

/* MASK=FIRST..LAST */
static char *parse_whole(struct word word, struct scmod_value_rule *rule)
{
	struct word mask = { 0 };
	const char *mark;
	uint64_t number[3];

	if (next(&word, '=', &mask) && word.text) {
		mark = dots(word);
		if (mark && parse_number(mask, &number[0]) &&
		    parse_number((struct word){ word.text, mark - word.text }, &number[1]) &&
		    parse_number((struct word){ mark + 2, word.len - (mark - word.text) - 2 },
				 &number[2]) &&
		    number[1] <= number[2] && !((number[1] | number[2]) & ~number[0])) {
			*rule = (struct scmod_value_rule){ number[0], number[1], number[2], 0, 0 };
			return NULL;
		}
	}
	return mem_print("give numbers as in value&0xff=0x1..0x2, within the mask, the smaller one first");
}

bool value_is_text(const char *text)
{
	return strchr(text, '(');
}

char *value_parse(const char *text, unsigned int *selector, struct scmod_value_rule *rule)
{
	size_t name = strcspn(text, "("), len = strlen(text);
	struct word inner = { text + name + 1, len - name - 2 };
	int found = selector_by_name(text, name);
	char *wrong;

	*rule = (struct scmod_value_rule){ 0 };
	if (name == len || len < name + 2 || text[len - 1] != ')')
		return mem_print("the form is CALL(VALUE)");
	if (found < 0)
		return mem_print("no values of '%.*s' are looked at", (int)name, text);
	*selector = found;
	inner = trimmed(inner);
	if (!inner.len)
		return mem_print("a value is missing between the parentheses");
	if (inner.len > 6 && !memcmp(inner.text, "value&", 6))
		wrong = parse_whole((struct word){ inner.text + 6, inner.len - 6 }, rule);
	else
		wrong = parse_parts(found, inner, rule);
	if (!wrong)
		*rule = selector_normal(found, *rule);
	return wrong;
}
