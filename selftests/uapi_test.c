// SPDX-License-Identifier: GPL-2.0
/*
 * The header and the netlink spec agree. Both are parsed into lists of facts; a fact that
 * only one of them has is a failure. C names are derived from the spec's names by the
 * rules of the kernel's own generator.
 *
 * vm: host
 */
#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include <linux/scmod.h>

#include "base/file.h"
#include "kselftest_harness.h"

#define UAPI SELFTESTS "/../include/uapi/linux/"
#define FILE_MAX (1024 * 1024)

/* "enum scmod_mode" and " SCMOD_MODE_OFF=0 ...", and so on. */
struct fact {
	char key[96];
	char text[2048];
};

/**
 * struct facts - what one of the two files says
 * @fact: enums, structs and constants, in the order of the file
 * @count: how many there are
 * @wrong: what could not be read, or refers to something that is not there
 */
struct facts {
	struct fact fact[64];
	size_t count;
	char wrong[4096];
};

static void append(char *to, size_t size, const char *fmt, ...)
{
	size_t len = strlen(to);
	va_list args;

	va_start(args, fmt);
	if ((size_t)vsnprintf(to + len, size - len, fmt, args) >= size - len)
		abort();
	va_end(args);
}

#define wrong(facts, ...) append((facts)->wrong, sizeof((facts)->wrong), __VA_ARGS__)
#define say(fact, ...) append((fact)->text, sizeof((fact)->text), __VA_ARGS__)

static struct fact *fact_new(struct facts *facts, const char *kind, const char *name)
{
	struct fact *fact = &facts->fact[facts->count++];

	if (facts->count == sizeof(facts->fact) / sizeof(facts->fact[0]))
		abort();
	append(fact->key, sizeof(fact->key), "%s%s%s", kind, *kind ? " " : "", name);
	return fact;
}

static const struct fact *fact_find(const struct facts *facts, const char *key)
{
	for (size_t i = 0; i < facts->count; i++)
		if (!strcmp(facts->fact[i].key, key))
			return &facts->fact[i];
	return NULL;
}

/* The number that stands behind " @name=" in any fact, or of a constant; else -1. */
static long fact_value(const struct facts *facts, const char *name)
{
	const struct fact *constant = fact_find(facts, name);
	char word[128];

	if (constant)
		return strtol(constant->text, NULL, 0);
	snprintf(word, sizeof(word), " %s=", name);
	for (size_t i = 0; i < facts->count; i++) {
		const char *at = strstr(facts->fact[i].text, word);

		if (at)
			return strtol(at + strlen(word), NULL, 0);
	}
	return -1;
}

/* ---- the header */

static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return text + strspn(text, " \t\n");
}

static void blank_comments(char *text)
{
	char *at = text;

	while ((at = strstr(at, "/*"))) {
		char *end = strstr(at, "*/");

		if (!end)
			abort();
		memset(at, ' ', end + 2 - at);
	}
}

/* A number or a name that the header gave a number. */
static long term(struct facts *facts, char **at)
{
	char name[96] = "";
	size_t len;
	long value;

	*at += strspn(*at, " \t(");
	if (isdigit((unsigned char)**at)) {
		value = strtol(*at, at, 0);
		*at += **at == 'u';
		return value;
	}
	len = strspn(*at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
	snprintf(name, sizeof(name), "%.*s", (int)len, *at);
	*at += len;
	if (fact_value(facts, name) < 0)
		wrong(facts, "no number: '%s'\n", name);
	return fact_value(facts, name);
}

/* What the header has: a term, or two with an operator between. */
static long evaluate(struct facts *facts, char *text)
{
	long left = term(facts, &text);
	long right;
	char op[4] = "";

	text += strspn(text, " \t");
	snprintf(op, sizeof(op), "%.*s", (int)strspn(text, "<-/"), text);
	text += strlen(op);
	right = *op ? term(facts, &text) : 0;
	if (text[strspn(text, " \t\n)")])
		wrong(facts, "no expression: '%s'\n", text);
	if (!strcmp(op, "<<"))
		return left << right;
	if (!strcmp(op, "-"))
		return left - right;
	if (!strcmp(op, "/") && right)
		return left / right;
	if (*op)
		wrong(facts, "no operator: '%s'\n", op);
	return left;
}

static void header_define(struct facts *facts, char *line)
{
	char *name = trim(line + strlen("#define"));
	size_t len = strcspn(name, " \t");
	char *value = trim(name + len);

	/* The guard. */
	if (!*value)
		return;
	name[len] = '\0';
	if (*value == '"')
		say(fact_new(facts, "", name), "%s", value);
	else
		say(fact_new(facts, "", name), "%ld", evaluate(facts, value));
}

static void header_enum(struct facts *facts, const char *name, char *body)
{
	struct fact *fact = fact_new(facts, "enum", name);
	long next = 0;
	char *part, *save;

	for (part = strtok_r(body, ",", &save); part; part = strtok_r(NULL, ",", &save)) {
		char *value = strchr(part, '=');

		if (value) {
			*value = '\0';
			next = evaluate(facts, value + 1);
		}
		part = trim(part);
		if (*part)
			say(fact, " %s=%ld", part, next++);
	}
}

static void header_struct(struct facts *facts, const char *name, char *body)
{
	struct fact *fact = fact_new(facts, "struct", name);
	char *part, *save;

	for (part = strtok_r(body, ";", &save); part; part = strtok_r(NULL, ";", &save)) {
		char *dimension = strchr(part, '[');

		if (dimension) {
			*dimension++ = '\0';
			dimension[strcspn(dimension, "]")] = '\0';
		}
		part = trim(part);
		if (*part)
			say(fact, " %s", part);
		if (dimension)
			say(fact, "[%ld]", evaluate(facts, dimension));
		if (*part)
			say(fact, ";");
	}
}

/* Keeps the order of the file, since a value may use one above it. */
static struct facts *header_read(const char *header)
{
	struct facts *facts = calloc(1, sizeof(*facts));
	char *text = strdup(header);
	char *line, *next;

	blank_comments(text);
	for (line = text; line && *line; line = next) {
		bool is_enum = !strncmp(line, "enum ", 5);
		char name[64] = "";

		next = strchr(line, '\n');
		if (is_enum || !strncmp(line, "struct ", 7)) {
			char *body = strchr(line, '{') + 1;
			char *end = strchr(body, '}');
			char *word = strchr(line, ' ') + 1;

			snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, " {"), word);
			*end = '\0';
			next = end + 1;
			if (is_enum)
				header_enum(facts, name, body);
			else
				header_struct(facts, name, body);
			continue;
		}
		if (next)
			*next++ = '\0';
		line = trim(line);
		if (!strncmp(line, "#define", 7))
			header_define(facts, line);
		else if (*line && *line != '#' && *line != ';')
			wrong(facts, "a line that is nothing known: '%s'\n", line);
	}
	free(text);
	return facts;
}

/* ---- the spec */

struct spec {
	yaml_document_t doc;
	yaml_node_t *root;
	struct facts *facts;
};

static yaml_node_t *get(struct spec *spec, yaml_node_t *map, const char *key)
{
	if (!map || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *pair = map->data.mapping.pairs.start;
	     pair < map->data.mapping.pairs.top; pair++) {
		yaml_node_t *name = yaml_document_get_node(&spec->doc, pair->key);

		if (!strcmp((char *)name->data.scalar.value, key))
			return yaml_document_get_node(&spec->doc, pair->value);
	}
	return NULL;
}

/* Element @i of a list, or NULL behind its end or where there is no list. */
static yaml_node_t *item(struct spec *spec, yaml_node_t *list, int i)
{
	if (!list || list->type != YAML_SEQUENCE_NODE ||
	    list->data.sequence.items.start + i >= list->data.sequence.items.top)
		return NULL;
	return yaml_document_get_node(&spec->doc, list->data.sequence.items.start[i]);
}

#define for_each_item(spec, list, i, node)				\
	for (int (i) = 0; ((node) = item((spec), (list), (i))); (i)++)

static const char *scalar(yaml_node_t *node)
{
	return node && node->type == YAML_SCALAR_NODE ? (char *)node->data.scalar.value : NULL;
}

static const char *text_of(struct spec *spec, yaml_node_t *map, const char *key)
{
	const char *text = scalar(get(spec, map, key));

	return text ? text : "";
}

static long number_of(struct spec *spec, yaml_node_t *map, const char *key)
{
	const char *text = text_of(spec, map, key);
	char *end;
	long value = strtol(text, &end, 0);

	return *text && !*end ? value : -1;
}

static yaml_node_t *named(struct spec *spec, yaml_node_t *list, const char *name)
{
	yaml_node_t *node;

	for_each_item(spec, list, i, node)
		if (!strcmp(text_of(spec, node, "name"), name))
			return node;
	return NULL;
}

static yaml_node_t *definition(struct spec *spec, const char *name)
{
	return named(spec, get(spec, spec->root, "definitions"), name);
}

static yaml_node_t *attribute_set(struct spec *spec, const char *name)
{
	return named(spec, get(spec, spec->root, "attribute-sets"), name);
}

/* "scmod-mode-" and "off" to SCMOD_MODE_OFF; returns a static buffer. */
static const char *c_name(const char *prefix, const char *name, int (*to)(int))
{
	static char text[96];

	snprintf(text, sizeof(text), "%s%s", prefix, name);
	for (char *c = text; *c; c++)
		*c = *c == '-' ? '_' : to((unsigned char)*c);
	return text;
}

/* Enumerators of @list, whose names begin with @prefix; the first is @next. */
static void spec_enum(struct spec *spec, const char *name, const char *prefix, yaml_node_t *list,
		      long next, bool flags, bool max)
{
	struct fact *fact = fact_new(spec->facts, "enum", c_name("", name, tolower));
	yaml_node_t *node;

	for_each_item(spec, list, i, node) {
		const char *entry = scalar(node) ? scalar(node) : text_of(spec, node, "name");
		long value = number_of(spec, node, "value");

		if (value >= 0)
			next = value;
		say(fact, " %s=%ld", c_name(prefix, entry, toupper), flags ? 1L << next : next);
		next++;
	}
	if (max) {
		say(fact, " __%s=%ld", c_name(prefix, "max", toupper), next);
		say(fact, " %s=%ld", c_name(prefix, "max", toupper), next - 1);
	}
}

static void spec_struct(struct spec *spec, yaml_node_t *def)
{
	char name[64];
	struct fact *fact;
	yaml_node_t *member;

	snprintf(name, sizeof(name), "scmod-%s", text_of(spec, def, "name"));
	fact = fact_new(spec->facts, "struct", c_name("", name, tolower));
	for_each_item(spec, get(spec, def, "members"), i, member) {
		const char *type = text_of(spec, member, "type");
		const char *enumeration = text_of(spec, member, "enum");
		const char *as = c_name("", text_of(spec, member, "name"), tolower);

		if (*enumeration && !definition(spec, enumeration))
			wrong(spec->facts, "%s: no enum is named '%s'\n", as, enumeration);
		if (!strcmp(type, "string"))
			say(fact, " char %s[%ld];", as, number_of(spec, member, "len"));
		else if (!strcmp(type, "binary"))
			say(fact, " __u8 %s[%ld];", as, number_of(spec, member, "len"));
		else
			say(fact, " __%s %s;", type, as);
	}
}

static void spec_definition(struct spec *spec, yaml_node_t *def)
{
	const char *name = text_of(spec, def, "name");
	const char *type = text_of(spec, def, "type");
	const char *given = text_of(spec, def, "name-prefix");
	char prefix[64], enum_name[64];

	snprintf(prefix, sizeof(prefix), "scmod-%s-", name);
	snprintf(enum_name, sizeof(enum_name), "scmod-%s", name);
	if (!strcmp(type, "const"))
		say(fact_new(spec->facts, "", c_name("scmod-", name, toupper)), "%ld",
		    number_of(spec, def, "value"));
	else if (!strcmp(type, "struct"))
		spec_struct(spec, def);
	else if (!strcmp(type, "enum") || !strcmp(type, "flags"))
		spec_enum(spec, enum_name, *given ? given : prefix, get(spec, def, "entries"), 0,
			  !strcmp(type, "flags"),
			  !strcmp(text_of(spec, def, "render-max"), "true"));
	else
		wrong(spec->facts, "definition %s: no type is named '%s'\n", name, type);
}

static void spec_set(struct spec *spec, yaml_node_t *set)
{
	const char *name = text_of(spec, set, "name");
	char prefix[64];

	snprintf(prefix, sizeof(prefix), "scmod-a-%s-", name);
	spec_enum(spec, text_of(spec, set, "enum-name"), prefix, get(spec, set, "attributes"), 1,
		  false, true);
}

static void spec_family(struct spec *spec)
{
	say(fact_new(spec->facts, "", "SCMOD_FAMILY_NAME"), "\"%s\"",
	    text_of(spec, spec->root, "name"));
	say(fact_new(spec->facts, "", "SCMOD_FAMILY_VERSION"), "%ld",
	    number_of(spec, spec->root, "version"));
	/* Events go to sockets that asked for them, see the operation listen. */
	if (get(spec, spec->root, "mcast-groups"))
		wrong(spec->facts, "a multicast group, which whoever joins it hears\n");
}

/* The names in a message's list are attributes of the operation's set. */
static void check_message(struct spec *spec, const char *op, yaml_node_t *set, yaml_node_t *message)
{
	yaml_node_t *list = get(spec, message, "attributes");
	yaml_node_t *node;

	if (message && !item(spec, list, 0))
		wrong(spec->facts, "%s: a message without attributes\n", op);
	for_each_item(spec, list, i, node)
		if (!named(spec, get(spec, set, "attributes"), scalar(node)))
			wrong(spec->facts, "%s: no attribute is named '%s'\n", op, scalar(node));
}

static void check_operation(struct spec *spec, yaml_node_t *op)
{
	static const char *const kinds[] = { "do", "dump" };
	const char *name = text_of(spec, op, "name");
	yaml_node_t *set = attribute_set(spec, text_of(spec, op, "attribute-set"));
	bool any = get(spec, op, "event");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		yaml_node_t *kind = get(spec, op, kinds[i]);

		any |= !!kind;
		check_message(spec, name, set, get(spec, kind, "request"));
		check_message(spec, name, set, get(spec, kind, "reply"));
	}
	check_message(spec, name, set, get(spec, op, "event"));
	if (any == !strcmp(name, "unspec") || any != !!set)
		wrong(spec->facts, "%s: neither do, dump nor event, or no set\n", name);
}

static bool spec_open(struct spec *spec, const char *text)
{
	yaml_parser_t parser;
	bool loaded;

	yaml_parser_initialize(&parser);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
	loaded = yaml_parser_load(&parser, &spec->doc);
	yaml_parser_delete(&parser);
	spec->facts = calloc(1, sizeof(*spec->facts));
	if (loaded)
		spec->root = yaml_document_get_root_node(&spec->doc);
	if (!spec->root)
		wrong(spec->facts, "not YAML\n");
	return spec->root;
}

static void spec_close(struct spec *spec)
{
	if (spec->root)
		yaml_document_delete(&spec->doc);
}

static struct facts *spec_read(const char *text)
{
	struct spec spec = { 0 };
	yaml_node_t *operations, *node;

	if (!spec_open(&spec, text))
		return spec.facts;
	spec_family(&spec);
	for_each_item(&spec, get(&spec, spec.root, "definitions"), i, node)
		spec_definition(&spec, node);
	for_each_item(&spec, get(&spec, spec.root, "attribute-sets"), i, node)
		spec_set(&spec, node);
	operations = get(&spec, spec.root, "operations");
	spec_enum(&spec, text_of(&spec, operations, "enum-name"),
		  text_of(&spec, operations, "name-prefix"), get(&spec, operations, "list"), 1,
		  false, true);
	for_each_item(&spec, get(&spec, operations, "list"), i, node)
		check_operation(&spec, node);
	spec_close(&spec);
	return spec.facts;
}

/* ---- both */

static void compare(const struct facts *a, const struct facts *b, const char *title, char *out,
		    size_t size)
{
	for (size_t i = 0; i < a->count; i++) {
		const struct fact *other = fact_find(b, a->fact[i].key);

		if (!other)
			append(out, size, "only in %s: %s\n", title, a->fact[i].key);
		else if (strcmp(a->fact[i].text, other->text))
			append(out, size, "%s: in %s%s; in the other%s\n", a->fact[i].key, title,
			       a->fact[i].text, other->text);
	}
}

/* Where the two differ; empty if they don't. Returns a static buffer. */
static const char *differences(const char *header, const char *spec)
{
	static char out[65536];
	struct facts *of_header = header_read(header);
	struct facts *of_spec = spec_read(spec);

	out[0] = '\0';
	append(out, sizeof(out), "%s%s", of_header->wrong, of_spec->wrong);
	compare(of_header, of_spec, "the header", out, sizeof(out));
	compare(of_spec, of_header, "the spec", out, sizeof(out));
	free(of_header);
	free(of_spec);
	return out;
}

/* The text after "@NAME:" of the header's documentation, or NULL. */
static const char *documented(const char *header, const char *name)
{
	char line[128];
	const char *at;

	snprintf(line, sizeof(line), "\n * @%s: ", name);
	at = strstr(header, line);
	return at ? at + strlen(line) : NULL;
}

FIXTURE(uapi)
{
	char *header;
	char *spec;
};

FIXTURE_SETUP(uapi)
{
	self->header = file_read(UAPI "scmod.h", FILE_MAX);
	self->spec = file_read(UAPI "scmod.yaml", FILE_MAX);
	ASSERT_NE(NULL, self->header);
	ASSERT_NE(NULL, self->spec);
}

FIXTURE_TEARDOWN(uapi)
{
	free(self->header);
	free(self->spec);
}

TEST_F(uapi, header_and_spec_say_the_same)
{
	EXPECT_STREQ("", differences(self->header, self->spec));
}

TEST_F(uapi, reading_finds_all_there_is)
{
	struct facts *facts = header_read(self->header);
	const char *at = self->header;
	size_t enums = 0, defines = 0, found_enums = 0, found_defines = 0;

	while ((at = strstr(at, "\nenum ")))
		enums++, at++;
	at = self->header;
	while ((at = strstr(at, "\n#define SCMOD_")))
		defines++, at++;
	for (size_t i = 0; i < facts->count; i++) {
		found_enums += !strncmp(facts->fact[i].key, "enum ", 5);
		found_defines += !strchr(facts->fact[i].key, ' ');
	}
	EXPECT_EQ(enums, found_enums);
	EXPECT_EQ(defines, found_defines);
	EXPECT_LT(5, enums);
	EXPECT_LT(5, defines);
	free(facts);
}

/* A copy of @text in which the first @from is @to; NULL if there is none. */
static char *replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	char *out = NULL;

	if (at && asprintf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) < 0)
		abort();
	return out;
}

/* Changes of one of the files only, each of which the comparison must notice. */
static const struct {
	bool spec;
	const char *from;
	const char *to;
} changes[] = {
	{ false, "\tSCMOD_MODE_LEARN,\n", "\tSCMOD_MODE_LEARN,\n\tSCMOD_MODE_MORE,\n" },
	{ false, "\tSCMOD_MODE_LEARN,\n", "" },
	{ false, "\tSCMOD_MODE_LEARN,\n\tSCMOD_MODE_COMPLAIN,\n",
	  "\tSCMOD_MODE_COMPLAIN,\n\tSCMOD_MODE_LEARN,\n" },
	{ false, "\tSCMOD_MODE_LEARN,\n", "\tSCMOD_MODE_LEARN = 5,\n" },
	{ false, "SCMOD_FLAG_PARTIAL\t= 1 << 1", "SCMOD_FLAG_PARTIAL\t= 1 << 2" },
	{ false, "\tSCMOD_A_POLICY_PAD,\n", "\tSCMOD_A_POLICY_PAD,\n\tSCMOD_A_POLICY_MORE,\n" },
	{ false, "\tSCMOD_A_ABI_SOFT,\n", "" },
	{ false, "\tSCMOD_CMD_EVENT,\n", "\tSCMOD_CMD_EVENT,\n\tSCMOD_CMD_MORE,\n" },
	{ false, "\tSCMOD_CMD_FORGET,\n", "" },
	{ false, "\tSCMOD_EVENT_GONE,\n", "\tSCMOD_EVENT_GONE,\n\tSCMOD_EVENT_MORE,\n" },
	{ false, "#define SCMOD_NR_BITS\t\t576", "#define SCMOD_NR_BITS\t\t640" },
	{ false, "#define SCMOD_COMM_LEN\t\t16", "#define SCMOD_COMM_LEN\t\t32" },
	{ false, "#define SCMOD_PATH_MAX", "#define SCMOD_MORE 1\n#define SCMOD_PATH_MAX" },
	{ false, "#define SCMOD_FAMILY_NAME\t\"scmod\"", "#define SCMOD_FAMILY_NAME\t\"other\"" },
	{ false, "#define SCMOD_FAMILY_VERSION\t1", "#define SCMOD_FAMILY_VERSION\t2" },
	{ false, "#define SCMOD_LISTENERS_MAX\t64", "#define SCMOD_LISTENERS_MAX\t65" },
	{ false, "\tSCMOD_A_LISTEN_STOP,\n", "" },
	{ false, "\t__u32 count;\n", "\t__u64 count;\n" },
	{ false, "\t__u32 count;\n", "\t__u32 count;\n\t__u32 more;\n" },
	{ false, "\t__u8 pad[4];\n", "" },
	{ true, "        name: learn\n", "        name: learned\n" },
	{ true, "      -\n        name: enforce\n",
	  "      -\n        name: more\n      -\n        name: enforce\n" },
	{ true, "        name: partial\n", "        name: partial\n        value: 4\n" },
	{ true, "    render-max: true\n", "" },
	{ true, "    name-prefix: scmod-record-\n", "" },
	{ true, "    name: nr-bits\n    type: const\n    value: 576\n",
	  "    name: nr-bits\n    type: const\n    value: 512\n" },
	{ true, "  -\n    name: comm-len\n",
	  "  -\n    name: more\n    type: const\n    value: 1\n  -\n    name: comm-len\n" },
	{ true, "        name: count\n        type: u32\n",
	  "        name: count\n        type: u64\n" },
	{ true, "        type: string\n        len: 16\n",
	  "        type: string\n        len: 17\n" },
	{ true, "      -\n        name: records-lost\n        type: u32\n",
	  "      -\n        name: lost\n        type: u32\n" },
	{ true, "      -\n        name: want-records\n",
	  "      -\n        name: more\n        type: u32\n      -\n        name: want-records\n" },
	{ true, "        type: unused\n        value: 0\n", "        type: unused\n" },
	{ true, "      name: forget\n", "      name: drop\n" },
	{ true, "    -\n      name: event\n",
	  "    -\n      name: more\n      doc: x\n    -\n      name: event\n" },
	{ true, "name: scmod\n", "name: other\n" },
	{ true, "version: 1\n", "version: 2\n" },
	{ true, "operations:\n",
	  "mcast-groups:\n  list:\n    -\n      name: events\noperations:\n" },
	{ true, "            - want-records\n", "            - wanted\n" },
	{ true, "            - stop\n", "            - end\n" },
	{ true, "enum: record-kind\n", "enum: kind\n" },
	{ true, "operations:\n", "operations: [\n" },
};

TEST_F(uapi, a_change_in_one_of_them_is_noticed)
{
	ASSERT_STREQ("", differences(self->header, self->spec));
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const char *from = changes[i].from;
		char *text = replaced(changes[i].spec ? self->spec : self->header, from,
				      changes[i].to);
		const char *found;

		ASSERT_NE(NULL, text) {
			TH_LOG("not there: %s", from);
		}
		found = changes[i].spec ? differences(self->header, text) :
					  differences(text, self->spec);
		EXPECT_STRNE("", found) {
			TH_LOG("not noticed: %s to %s", from, changes[i].to);
		}
		free(text);
	}
}

/* The type that begins an attribute's documentation is that of the spec. */
static bool same_type(const char *type, const char *doc)
{
	static const struct {
		const char *type;
		const char *doc;
	} words[] = { { "unused", "unused" }, { "pad", "padding" } };
	size_t len = strcspn(doc, ": ,\n");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(type, words[i].type))
			type = words[i].doc;
	return strlen(type) == len && !strncmp(type, doc, len);
}

/* "&enum scmod_mode" in the documentation is the spec's reference; or neither. */
static bool same_reference(struct spec *spec, yaml_node_t *attribute, const char *doc)
{
	const char *enumeration = text_of(spec, attribute, "enum");
	const char *nested = text_of(spec, attribute, "nested-attributes");
	const char *end = strpbrk(doc, "@/");
	const char *at = strstr(doc, "&enum ");
	const char *name = "";
	char want[96];

	if (*enumeration)
		name = c_name("scmod-", enumeration, tolower);
	else if (*nested)
		name = c_name("", text_of(spec, attribute_set(spec, nested), "enum-name"), tolower);
	snprintf(want, sizeof(want), "%s", name);
	if (!at || at > end)
		return !*want;
	at += strlen("&enum ");
	return strspn(at, "abcdefghijklmnopqrstuvwxyz_") == strlen(want) &&
	       !strncmp(at, want, strlen(want));
}

TEST_F(uapi, attributes_have_the_types_that_the_header_tells)
{
	struct spec spec = { 0 };
	yaml_node_t *set, *attribute;

	ASSERT_TRUE(spec_open(&spec, self->spec));
	for_each_item(&spec, get(&spec, spec.root, "attribute-sets"), i, set) {
		for_each_item(&spec, get(&spec, set, "attributes"), j, attribute) {
			const char *type = text_of(&spec, attribute, "type");
			char prefix[64], name[96];
			const char *doc;

			snprintf(prefix, sizeof(prefix), "scmod-a-%s-",
				 text_of(&spec, set, "name"));
			snprintf(name, sizeof(name), "%s",
				 c_name(prefix, text_of(&spec, attribute, "name"), toupper));
			doc = documented(self->header, name);
			ASSERT_NE(NULL, doc) {
				TH_LOG("%s is not documented", name);
			}
			EXPECT_TRUE(same_type(type, doc)) {
				TH_LOG("%s: %s in the spec, not in the header", name, type);
			}
			EXPECT_TRUE(same_reference(&spec, attribute, doc)) {
				TH_LOG("%s: refers to another enum than the header", name);
			}
		}
	}
	spec_close(&spec);
	free(spec.facts);
}

static long check_of(struct spec *spec, const char *set, const char *attribute, const char *check)
{
	yaml_node_t *list = get(spec, attribute_set(spec, set), "attributes");

	return number_of(spec, get(spec, named(spec, list, attribute), "checks"), check);
}

/* The spec's checks are numbers; these are the header's names for them. */
TEST_F(uapi, checks_are_the_headers_limits)
{
	static const char *const bitmaps[] = { "seen", "allowed", "soft", "denied", "add",
					       "priority" };
	struct spec spec = { 0 };

	ASSERT_TRUE(spec_open(&spec, self->spec));
	for (size_t i = 0; i < sizeof(bitmaps) / sizeof(bitmaps[0]); i++)
		EXPECT_EQ(SCMOD_BITMAP_BYTES, check_of(&spec, "abi", bitmaps[i], "exact-len"));
	EXPECT_EQ(1, check_of(&spec, "policy", "id", "min"));
	EXPECT_EQ(0, check_of(&spec, "policy", "fd", "min"));
	EXPECT_EQ(1, check_of(&spec, "policy", "errno", "min"));
	EXPECT_EQ(SCMOD_ERRNO_MAX, check_of(&spec, "policy", "errno", "max"));
	EXPECT_EQ((long)(SCMOD_RECORDS_PER_MSG * sizeof(struct scmod_record)),
		  check_of(&spec, "policy", "records", "max-len"));
	EXPECT_EQ((long)(SCMOD_VALUES_PER_MSG * sizeof(struct scmod_value_record)),
		  check_of(&spec, "policy", "values", "max-len"));
	EXPECT_EQ((long)(SCMOD_VALUE_RULES_MAX * sizeof(struct scmod_value_rule)),
		  check_of(&spec, "selector", "rules", "max-len"));
	EXPECT_EQ((long)(SCMOD_VALUE_RULES_MAX * sizeof(struct scmod_value_rule)),
		  check_of(&spec, "selector", "add", "max-len"));
	EXPECT_EQ((long)(SCMOD_VALUE_RULES_MAX * sizeof(__u64)),
		  check_of(&spec, "selector", "seen", "max-len"));
	EXPECT_EQ(1, check_of(&spec, "selector", "watch", "max"));
	spec_close(&spec);
	free(spec.facts);
}

#define COMPILED(name) { #name, name }

/* The test's own reading of the header, against the compiler's. */
TEST_F(uapi, compiler_reads_the_same_values)
{
	static const struct {
		const char *name;
		long value;
	} compiled[] = {
		COMPILED(SCMOD_FAMILY_VERSION), COMPILED(SCMOD_NR_BITS),
		COMPILED(SCMOD_BITMAP_BYTES), COMPILED(SCMOD_COMM_LEN),
		COMPILED(SCMOD_PATH_MAX), COMPILED(SCMOD_ERRNO_MAX),
		COMPILED(SCMOD_RECORDS_PER_MSG), COMPILED(SCMOD_CMD_MAX),
		COMPILED(SCMOD_MODE_MAX), COMPILED(SCMOD_ACTION_MAX),
		COMPILED(SCMOD_ABI_MAX), COMPILED(SCMOD_FLAG_GONE),
		COMPILED(SCMOD_FLAG_PARTIAL), COMPILED(SCMOD_RECORD_DENIED),
		COMPILED(SCMOD_A_STATUS_MAX), COMPILED(SCMOD_A_POLICY_MAX),
		COMPILED(SCMOD_A_ABI_MAX), COMPILED(SCMOD_EVENT_GONE),
		COMPILED(SCMOD_A_LISTEN_MAX), COMPILED(SCMOD_LISTENERS_MAX),
		COMPILED(SCMOD_VALUES_PER_MSG), COMPILED(SCMOD_VALUE_RULES_MAX),
		COMPILED(SCMOD_VALUE_RULES_TOTAL), COMPILED(SCMOD_CLONE_MASK),
		COMPILED(SCMOD_UNSHARE_MASK), COMPILED(SCMOD_PROT_MASK),
		COMPILED(SCMOD_SELECTOR_MAX), COMPILED(SCMOD_A_SELECTOR_MAX),
		COMPILED(SCMOD_EVENT_VALUE_DENIED),
	};
	struct facts *facts = header_read(self->header);

	for (size_t i = 0; i < sizeof(compiled) / sizeof(compiled[0]); i++) {
		EXPECT_EQ(compiled[i].value, fact_value(facts, compiled[i].name)) {
			TH_LOG("%s", compiled[i].name);
		}
	}
	EXPECT_STREQ("scmod", SCMOD_FAMILY_NAME);
	free(facts);
}

/* Programs of all ABIs read it as it lies in the message. */
TEST_F(uapi, record_has_no_hole)
{
	EXPECT_EQ(40, sizeof(struct scmod_record));
	EXPECT_EQ(0, offsetof(struct scmod_record, time_ns));
	EXPECT_EQ(8, offsetof(struct scmod_record, pid));
	EXPECT_EQ(12, offsetof(struct scmod_record, count));
	EXPECT_EQ(16, offsetof(struct scmod_record, nr));
	EXPECT_EQ(18, offsetof(struct scmod_record, abi));
	EXPECT_EQ(19, offsetof(struct scmod_record, kind));
	EXPECT_EQ(20, offsetof(struct scmod_record, comm));
	EXPECT_EQ(36, offsetof(struct scmod_record, pad));
}

TEST_F(uapi, value_structs_have_no_hole)
{
	EXPECT_EQ(48, sizeof(struct scmod_value_record));
	EXPECT_EQ(8, offsetof(struct scmod_value_record, value));
	EXPECT_EQ(24, offsetof(struct scmod_value_record, selector));
	EXPECT_EQ(28, offsetof(struct scmod_value_record, comm));
	EXPECT_EQ(44, offsetof(struct scmod_value_record, pad));
	EXPECT_EQ(32, sizeof(struct scmod_value_rule));
	EXPECT_EQ(24, offsetof(struct scmod_value_rule, err));
	EXPECT_EQ(28, offsetof(struct scmod_value_rule, pad));
}

/* The first name in @header that has no documentation, or "". */
static const char *undocumented(const char *header)
{
	struct facts *facts = header_read(header);
	static char name[96];

	name[0] = '\0';
	for (size_t i = 0; i < facts->count && !*name; i++) {
		struct fact *fact = &facts->fact[i];
		bool is_enum = !strncmp(fact->key, "enum ", 5);
		char *word, *save;

		if (!is_enum && strncmp(fact->key, "struct ", 7))
			continue;
		for (word = strtok_r(fact->text, is_enum ? " " : ";", &save); word && !*name;
		     word = strtok_r(NULL, is_enum ? " " : ";", &save)) {
			/* "A_NAME=1", or " __u8 name[4]". */
			if (!is_enum)
				word = strrchr(word, ' ') + 1;
			snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "=["), word);
			if (documented(header, name) || !strncmp(name, "__", 2) ||
			    (is_enum && strlen(name) > 4 &&
			     !strcmp(name + strlen(name) - 4, "_MAX") &&
			     strcmp(name, "SCMOD_A_STATUS_POLICIES_MAX")))
				name[0] = '\0';
		}
	}
	free(facts);
	return name;
}

TEST_F(uapi, every_name_is_documented)
{
	EXPECT_STREQ("", undocumented(self->header));
}

TEST_F(uapi, a_name_without_documentation_is_noticed)
{
	static const char *const lines[] = {
		"@SCMOD_CMD_STATUS: ", "@SCMOD_MODE_LEARN: ", "@SCMOD_A_STATUS_POLICIES_MAX: ",
		"@SCMOD_A_ABI_DENIED: ", "@nr: ",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char *text = replaced(self->header, lines[i], "");

		ASSERT_NE(NULL, text);
		EXPECT_EQ(0, strncmp(undocumented(text), lines[i] + 1, strlen(lines[i]) - 3));
		free(text);
	}
}

TEST_HARNESS_MAIN
