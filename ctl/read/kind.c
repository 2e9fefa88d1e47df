// SPDX-License-Identifier: GPL-2.0
/*
 * Recognizes files that are not profiles the tool can read, so that the error says what the
 * file is. Looked at only after reading has failed, so a weak sign is enough: a correct list
 * of names is never taken for something else.
 */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <stdbool.h>
#include <string.h>

#include "base/jsonfile.h"
#include "read/kind.h"

#define UNPACK "unpack it first"
#define GIVE_PROFILE "give a profile for Docker or an OCI runtime, one of 'scmod dump', or a list of names"

/* ---- bytes */

static const struct {
	const char *magic;
	size_t len;
	struct kind kind;
} magics[] = {
	{ "\xef\xbb\xbf", 3, { "it begins with a byte order mark (BOM), which no runtime accepts",
			       "save it as UTF-8 without one" } },
	{ "\xff\xfe", 2, { "it is UTF-16 text", "save it as UTF-8 without a byte order mark" } },
	{ "\xfe\xff", 2, { "it is UTF-16 text", "save it as UTF-8 without a byte order mark" } },
	{ "\x1f\x8b", 2, { "it is compressed by gzip", UNPACK } },
	{ "\3757zXZ", 5, { "it is compressed by xz", UNPACK } },
	{ "\x28\xb5\x2f\xfd", 4, { "it is compressed by zstd", UNPACK } },
	{ "BZh", 3, { "it is compressed by bzip2", UNPACK } },
	{ "PK\003\004", 4, { "it is a zip archive", UNPACK } },
	{ "\177ELF", 4, { "it is a program or a library (ELF), not a profile",
			"to get its profile, run it in a cgroup that 'scmod learn' tracks" } },
};

/* A filter first loads the architecture or the number of the call, and ends with a return. */
static bool is_bpf(const char *data, size_t len)
{
	struct sock_filter first, last;

	if (len < 2 * sizeof(first) || len % sizeof(first))
		return false;
	memcpy(&first, data, sizeof(first));
	memcpy(&last, data + len - sizeof(last), sizeof(last));
	return first.code == (BPF_LD | BPF_W | BPF_ABS) && !first.jt && !first.jf &&
	       first.k <= 4 && (last.code == (BPF_RET | BPF_K) || last.code == (BPF_RET | BPF_A));
}

const struct kind *kind_of_bytes(const char *data, size_t len)
{
	static const struct kind bpf = {
		"it is a compiled seccomp filter (BPF), which has no call names",
		"give the profile from which it was made",
	};
	static const struct kind binary = {
		"it holds a NUL byte, so it is not a text file", GIVE_PROFILE,
	};

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (len >= magics[i].len && !memcmp(data, magics[i].magic, magics[i].len))
			return &magics[i].kind;
	if (is_bpf(data, len))
		return &bpf;
	return memchr(data, '\0', len) ? &binary : NULL;
}

/* ---- lines */

/* One line, without the blanks around it. */
struct line {
	const char *text;
	size_t len;
};

/* Gets the next line that is neither empty nor a comment; false if there is none. */
static bool next_line(const char **text, struct line *line)
{
	while (**text) {
		size_t len = strcspn(*text, "\n");

		line->text = *text + strspn(*text, " \t");
		line->len = *text + len > line->text ? *text + len - line->text : 0;
		while (line->len && strchr(" \t\r", line->text[line->len - 1]))
			line->len--;
		*text += len + !!(*text)[len];
		if (line->len && *line->text != '#')
			return true;
	}
	return false;
}

static bool begins(const struct line *line, const char *with)
{
	return line->len >= strlen(with) && !strncmp(line->text, with, strlen(with));
}

static bool is_word(const struct line *line, const char *word)
{
	return line->len == strlen(word) && begins(line, word);
}

/*
 * Whether the line is "KEY: VALUE" with a KEY of letters, digits and "_-.". Stores VALUE in
 * @value.
 */
static bool is_pair(const struct line *line, struct line *value)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-."
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t key = strspn(line->text, letters);

	if (!key || key >= line->len || line->text[key] != ':' ||
	    (key + 1 < line->len && line->text[key + 1] != ' '))
		return false;
	value->text = line->text + key + 1;
	value->text += strspn(value->text, " ");
	value->len = 0;
	if (line->text + line->len > value->text)
		value->len = line->text + line->len - value->text;
	return true;
}

/* The headings of systemd units, alone on their line. */
static bool is_section(const struct line *line)
{
	static const char *const sections[] = {
		"[Unit]", "[Service]", "[Socket]", "[Install]", "[Mount]", "[Slice]", "[Scope]",
		"[Timer]", "[Path]", "[Swap]", "[Automount]",
	};

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (is_word(line, sections[i]))
			return true;
	return false;
}

static bool is_lxc_mode(const struct line *line)
{
	return begins(line, "allowlist") || begins(line, "whitelist") ||
	       begins(line, "denylist") || begins(line, "blacklist");
}

/* A Minijail policy gives each call "1", "return ERRNO" or a comparison of arguments. */
static bool is_minijail(const struct line *line)
{
	struct line value;

	if (begins(line, "@include ") || begins(line, "@frequency ") || begins(line, "@default "))
		return true;
	return is_pair(line, &value) &&
	       (is_word(&value, "1") || begins(&value, "arg") || begins(&value, "return "));
}

/*
 * A Firejail profile has "seccomp", "seccomp.drop" and the like, followed by calls and
 * commas.
 */
static bool is_firejail(const struct line *line)
{
	return begins(line, "seccomp.") || begins(line, "seccomp ") || begins(line, "caps.drop") ||
	       begins(line, "caps.keep") || begins(line, "include /etc/firejail");
}

/* "openat(AT_FDCWD, ...) = 3", with or without a process id before it. */
static bool is_strace(const struct line *line)
{
	size_t at = strspn(line->text, "[]pid 0123456789.:");
	size_t name = strspn(line->text + at, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return name && at + name < line->len && line->text[at + name] == '(' &&
	       memmem(line->text, line->len, ") = ", 4);
}

static bool is_kafel(const struct line *line)
{
	return begins(line, "POLICY ") || begins(line, "ALLOW {") ||
	       begins(line, "seccomp_string:");
}

static bool is_pfc(const struct line *line)
{
	return begins(line, "if ($syscall == ") || begins(line, "if ($arch == ");
}

static bool is_easyseccomp(const struct line *line)
{
	return begins(line, "$syscall ") || begins(line, "$arch ") || begins(line, "=> ");
}

static bool is_html(const struct line *line)
{
	return begins(line, "<!DOCTYPE html") || begins(line, "<!doctype html") ||
	       begins(line, "<html");
}

/* The file is of the first kind in this table for which any line of the file matches. */
static const struct {
	bool (*is)(const struct line *line);
	struct kind kind;
} by_line[] = {
	{ is_section, { "it is a systemd unit, not a profile",
			"give a profile; 'scmod dump FILE --format systemd' makes a drop-in" } },
	{ is_pfc, { "it is libseccomp's text of a compiled filter (PFC)",
		    "give the profile from which it was made" } },
	{ is_firejail, { "it is a profile of Firejail", GIVE_PROFILE } },
	{ is_kafel, { "it is a policy in Kafel, the language of nsjail", GIVE_PROFILE } },
	{ is_easyseccomp, { "it is a policy of easyseccomp", GIVE_PROFILE } },
	{ is_minijail, { "it is a policy of Minijail", GIVE_PROFILE } },
	{ is_strace, { "it is output of strace",
		       "keep only the names of the calls, one on each line" } },
	{ is_html, { "it is a web page", "give the file itself, not the page that shows it" } },
};

static const struct kind *kind_of_lines(const char *text)
{
	for (size_t i = 0; i < sizeof(by_line) / sizeof(by_line[0]); i++) {
		const char *rest = text;
		struct line line;

		while (next_line(&rest, &line))
			if (by_line[i].is(&line))
				return &by_line[i].kind;
	}
	return NULL;
}

/* An LXC policy begins with a line for its version and a line for the kind of list. */
static bool is_lxc(const char *text)
{
	struct line line;

	return next_line(&text, &line) && (is_word(&line, "1") || is_word(&line, "2")) &&
	       next_line(&text, &line) && is_lxc_mode(&line);
}

/* ---- YAML */

static const struct kind spo_yaml = {
	"it is a SeccompProfile of the Kubernetes Security Profiles Operator, in YAML",
	"give what is below 'spec:', as JSON; 'yq -o json .spec FILE' prints it",
};

static const struct kind kubernetes = {
	"it is a Kubernetes object, not a profile",
	"give the profile itself: localhostProfile names its file",
};

static const struct kind yaml = { "it looks like YAML, which scmod does not read", GIVE_PROFILE };

static bool has_line(const char *text, const char *begin)
{
	struct line line;

	while (next_line(&text, &line))
		if (begins(&line, begin))
			return true;
	return false;
}

/* Whether any line is a key without a value, or an element of a list. */
static bool has_yaml_mark(const char *text)
{
	struct line line, value;

	while (next_line(&text, &line))
		if (begins(&line, "- ") || (is_pair(&line, &value) && !value.len))
			return true;
	return false;
}

static const struct kind *kind_of_yaml(const char *text)
{
	const char *rest = text;
	struct line line, value;
	bool marked, pair;

	if (!next_line(&rest, &line))
		return NULL;
	marked = is_word(&line, "---") || begins(&line, "%YAML");
	pair = is_pair(&line, &value);
	/* A lone "i386:" is more likely a line of a list in which the name was forgotten. */
	if (!marked && !(pair && next_line(&rest, &line) && is_pair(&line, &value)))
		return NULL;
	if (!has_line(text, "apiVersion:"))
		return &yaml;
	return has_line(text, "kind: SeccompProfile") ? &spo_yaml : &kubernetes;
}

const struct kind *kind_of_text(const char *text)
{
	static const struct kind lxc = { "it is a policy of LXC", GIVE_PROFILE };
	const struct kind *kind;

	if (is_lxc(text))
		return &lxc;
	/*
	 * YAML may embed whole files, or have pairs that look like lines of another kind, so
	 * check it first.
	 */
	kind = has_yaml_mark(text) ? kind_of_yaml(text) : NULL;
	if (!kind)
		kind = kind_of_lines(text);
	return kind ? kind : kind_of_yaml(text);
}

/* ---- JSON */

static bool has(json_object *object, const char *key)
{
	return json_object_is_type(object, json_type_object) &&
	       json_object_object_get_ex(object, key, NULL);
}

static json_object *below(json_object *object, const char *key)
{
	return has(object, key) ? json_object_object_get(object, key) : NULL;
}

static json_object *first_of(json_object *root)
{
	if (!json_object_is_type(root, json_type_array) || !json_object_array_length(root))
		return NULL;
	return json_object_array_get_idx(root, 0);
}

static bool is_config(json_object *root)
{
	return has(below(root, "linux"), "seccomp");
}

static bool is_config_without(json_object *root)
{
	return has(root, "ociVersion") && (has(root, "process") || has(root, "linux"));
}

static bool is_inspect(json_object *root)
{
	return has(first_of(root), "Id") && (has(first_of(root), "HostConfig") ||
					     has(first_of(root), "Config"));
}

static bool is_cri_inspect(json_object *root)
{
	return is_config(below(below(root, "info"), "runtimeSpec"));
}

static bool is_spo(json_object *root)
{
	const char *kind = has(root, "apiVersion") ? json_text_of(root, "kind") : NULL;

	return kind && !strcmp(kind, "SeccompProfile");
}

static bool is_kubernetes(json_object *root)
{
	return has(root, "apiVersion") && has(root, "kind");
}

static bool is_daemon(json_object *root)
{
	return has(root, "seccomp-profile");
}

static bool is_seccompiler(json_object *root)
{
	if (!json_object_is_type(root, json_type_object))
		return false;
	json_object_object_foreach(root, key, value) {
		(void)key;
		if (has(value, "default_action") && has(value, "filter"))
			return true;
	}
	return false;
}

static const struct {
	bool (*is)(json_object *root);
	struct kind kind;
} by_json[] = {
	{ is_config, { "it is a container's whole config.json, which has no defaultAction at its top level",
		       "give its .linux.seccomp; 'jq .linux.seccomp FILE' prints it" } },
	{ is_config_without, { "it is a container's whole config.json, but without .linux.seccomp: the container has no seccomp filter",
			       GIVE_PROFILE } },
	{ is_inspect, { "it is output of 'docker inspect' or 'podman inspect'",
			"give the profile itself: HostConfig.SecurityOpt names its file" } },
	{ is_cri_inspect, { "it is output of 'crictl inspect'",
			    "give its .info.runtimeSpec.linux.seccomp, which 'jq' can print" } },
	{ is_spo, { "it is a SeccompProfile of the Kubernetes Security Profiles Operator",
		    "give its .spec; 'jq .spec FILE' prints it" } },
	{ is_kubernetes, { "it is a Kubernetes object, not a profile",
			   "give the profile itself: localhostProfile names its file" } },
	{ is_daemon, { "it is the configuration of dockerd",
		       "give the profile itself: seccomp-profile names its file" } },
	{ is_seccompiler, { "it is a policy of seccompiler, which Firecracker uses",
			    GIVE_PROFILE } },
};

const struct kind *kind_of_json(json_object *root)
{
	/* An object with a default action is meant as a profile, whatever else it holds. */
	if (has(root, "defaultAction"))
		return NULL;
	for (size_t i = 0; i < sizeof(by_json) / sizeof(by_json[0]); i++)
		if (by_json[i].is(root))
			return &by_json[i].kind;
	return NULL;
}
