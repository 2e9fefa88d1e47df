#!/bin/bash
# vm: host
# SPDX-License-Identifier: GPL-2.0
#
# The help of the tool, its man page and its completion say the same, in both
# directions; the man page is clean; the completion completes.

set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/.." && pwd) || exit
# shellcheck source=selftests/tap.sh
. "$(dirname "$0")/tap.sh"

scmod=$top/build/scmod
man=$top/ctl/doc/scmod.8
completion=$top/ctl/doc/scmod.bash
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT

# same A B: are both texts the same, and not empty?
same() {
	[ -n "$1" ] || { echo 'nothing to compare'; return 1; }
	[ "$1" = "$2" ] || { diff <(echo "$1") <(echo "$2"); return 1; }
}

# ---- what each of them says

help_lines() { "$scmod" help | sed -n 's/^  scmod /scmod /p'; }
help_verbs() { help_lines | cut -d' ' -f2; }
help_usage() { help_lines | grep -E "^scmod $1( |\$)"; }
# Options in the text on stdin, sorted.
options() { grep -oE '(^|[^[:alnum:]-])--?[a-z]+' | grep -oE -- '--?[a-z]+$' | sort -u; }
# The words that an option's value may be, of a usage: "[--action errno|kill]".
choices() { grep -oE -- "$1 [a-z]+(\\|[a-z]+)+" | cut -d' ' -f2 | tr '|' '\n'; }

rendered() { MANWIDTH=${1:-300} man -E UTF-8 -l "$man" | col -bx; }
section() { sed -n "/^$1\$/,/^[A-Z]/p" | sed '1d;$d'; }
man_lines() { rendered | section SYNOPSIS | sed -n 's/^ *scmod /scmod /p'; }
man_verbs() { sed -n '/^\.Sh VERBS$/,/^\.Sh [^V]/s/^\.It Ic \([a-z]*\).*/\1/p' "$man"; }
# What the source of the page says between a verb and the next.
man_entry() { sed -n "/^\\.Sh VERBS/,/^\\.Sh [^V]/p" "$man" | sed -n "/^\\.It Ic $1\$/,/^\\.\\(It Ic\\|Sh\\) /p" | sed '1d;$d'; }
man_options() { man_entry "$1" | sed -n 's/^\.It Fl \([^ ]*\).*/-\1/p' | sort -u; }

# completes WORD...: what the last of these words may become, sorted.
completes() {
	(
		# shellcheck source=/dev/null
		. "$completion"
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		COMP_LINE="$*"
		COMP_POINT=${#COMP_LINE}
		COMPREPLY=()
		function=$(complete -p scmod | sed -n 's/.*-F \([^ ]*\) .*/\1/p')
		"$function" scmod "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
		[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}" | sort
	)
}
completed_options() { completes scmod "$1" - | sort -u; }

# ---- verbs and usages

t 'help lists verbs' [ "$(help_verbs | wc -l)" -ge 11 ]
t 'man page has the usage of each verb as help has it, and no other' \
	same "$(help_lines)" "$(man_lines)"
t 'man page explains each verb, and no other' same "$(help_verbs)" "$(man_verbs)"
t 'completion offers each verb, and no other' \
	same "$(help_verbs | sort)" "$(completes scmod '')"
t 'completion offers each verb for help' \
	same "$(help_verbs | sort)" "$(completes scmod help '')"

for verb in $(help_verbs); do
	t "help $verb gives the usage that help gives" \
		same "usage: $(help_usage "$verb")" "$("$scmod" help "$verb" | head -n 1)"
	t "$verb --help is help $verb" \
		same "$("$scmod" help "$verb")" "$("$scmod" "$verb" --help)"
	usage=$(help_usage "$verb" | options)
	t "man page explains the options of $verb, and no others" \
		[ "$usage" = "$(man_options "$verb")" ]
	t "completion offers the options of $verb, and no others" \
		[ "$usage" = "$(completed_options "$verb")" ]
	# The tool refuses an option that it does not know before all else.
	for option in $usage; do
		t "$verb takes $option" bash -c "! '$scmod' '$verb' '$option' x y z 2>&1 | grep -q 'no option is named'"
	done
	t "$verb takes no other option" \
		says 'no option is named' "$scmod" "$verb" --no-such-option
done
t 'no verb is taken that help does not list' exits 2 "$scmod" no-such-verb

# ---- values of options

for pair in 'learn --infer' 'complain --infer' 'enforce --infer' 'dump --infer' 'explain --infer' 'enforce --action' 'dump --format' 'merge --format' \
	'merge --infer' 'diff --infer' 'report --infer' 'enforce --args' 'dump --args' 'merge --args' 'diff --args'; do
	read -r verb option <<<"$pair"
	words=$(help_usage "$verb" | choices "$option" | sort)
	t "completion offers the values of $verb $option" \
		same "$words" "$(completes scmod "$verb" x "$option" '')"
	t "completion offers them behind $option= too" \
		same "$words" "$(completes scmod "$verb" x "$option" = | sort)"
	t "$verb takes no other value of $option" \
		exits 2 "$scmod" "$verb" x "$option" no-such-value
done
errnos=$(completes scmod enforce x --errno '')
t 'completion offers errno names' [ -n "$errnos" ]
for name in $errnos; do
	# Anything but "wrong command line": there may be no module here.
	t "$name is an errno for enforce" \
		bash -c "'$scmod' enforce /no/such/cgroup --errno $name; [ \$? -ne 2 ]"
done

# ---- completion of files and directories

mkdir -p "$tmp/a dir/below" "$tmp/another"
: >"$tmp/a file"
t 'completion offers directories for CGROUP' \
	same "$(printf '%s\n' "$tmp/a dir" "$tmp/another")" "$(completes scmod learn "$tmp/a")"
for verb in complain enforce allow off forget status dump diff merge report; do
	t "completion offers directories for $verb" \
		same "$tmp/another" "$(completes scmod "$verb" "$tmp/an")"
done
t 'completion offers directories behind an option with a value' \
	same "$tmp/another" "$(completes scmod enforce --errno EPERM "$tmp/an")"
t 'completion offers directories behind an option with = and a value' \
	same "$tmp/another" "$(completes scmod enforce --errno = EPERM "$tmp/an")"
t 'completion offers one CGROUP only' [ -z "$(completes scmod learn "$tmp/another" "$tmp/a")" ]
t 'completion offers files for --profile' \
	same "$tmp/a file" "$(completes scmod enforce x --profile "$tmp/a f")"
t 'completion offers files for --profile=' \
	same "$tmp/a file" "$(completes scmod enforce x --profile = "$tmp/a f")"
for verb in dump diff merge lint report; do
	t "completion offers files for $verb" same "$tmp/a file" "$(completes scmod "$verb" "$tmp/a f")"
done
t 'completion offers files for -o' same "$tmp/a file" "$(completes scmod dump -o "$tmp/a f")"
t 'completion narrows what is begun' same --profile "$(completes scmod enforce x --p)"
t 'completion offers nothing for a verb that is none' \
	[ -z "$(completes scmod no-such-verb '')$(completes scmod no-such-verb -)" ]
t 'completion offers nothing behind version' [ -z "$(completes scmod version '')" ]
if [ -d /sys/fs/cgroup ] && [ -n "$(compgen -d /sys/fs/cgroup/)" ]; then
	t 'completion begins at the cgroup mount' \
		same "$(compgen -d /sys/fs/cgroup/ | sort)" "$(completes scmod learn '')"
else
	tap_n=$((tap_n + 1))
	echo "ok $tap_n # SKIP no cgroup is below /sys/fs/cgroup here"
fi
t 'completion writes nothing' [ -z "$(completes scmod dump x - 2>&1 >/dev/null)" ]

# As a person does it: an interactive shell, and the tab key.
interactive() {
	printf '. %q\nbind "set bell-style none"\nscmod enforce x --pro\t\001echo \n' "$completion" |
		bash --norc --noprofile -i 2>/dev/null
}
t 'completion works in an interactive shell' says 'scmod enforce x --profile' interactive

# ---- man page

no_warnings() {
	local text

	text=$(MANWIDTH=80 man --warnings -E UTF-8 -l "$man" 2>&1 >/dev/null)
	[ -z "$text" ] || { echo "$text"; return 1; }
}
mentions() { rendered | grep -qF -- "$1" || { echo "not in the man page: $1"; return 1; }; }

t 'man page has no warnings' no_warnings
t 'man page fits 80 columns' [ -z "$(rendered 80 | grep -E '.{81,}')" ]
for name in NAME SYNOPSIS DESCRIPTION VERBS PROFILES OUTPUT 'MODULE PARAMETERS' FILES \
	'EXIT STATUS' EXAMPLES CAVEATS 'SECURITY CONSIDERATIONS'; do
	t "man page has the section $name" [ -n "$(rendered | section "$name")" ]
done
t 'whatis knows it' says 'learn and enforce' lexgrog "$man"
# "0 done, 1 failed, ..." of help.
"$scmod" help | sed -n 's/^Exit codes: \(.*\)\.$/\1/p' | sed 's/, /\n/g' >"$tmp/codes"
t 'help lists exit codes' [ "$(wc -l <"$tmp/codes")" -ge 5 ]
t 'man page lists as many exit codes as help' \
	[ "$(rendered | section 'EXIT STATUS' | grep -cE '^ +[0-9] ')" -eq "$(wc -l <"$tmp/codes")" ]
while read -r parameter; do
	t "man page explains the module parameter $parameter" \
		grep -qE "^\\.It Cm $parameter Ns = " "$man"
done < <(sed -n 's/^module_param(\([a-z_]*\),.*/\1/p' "$top"/module/*.c)
t 'man page explains no other parameter' [ \
	"$(grep -cE '^\.It Cm [a-z_]+ Ns = ' "$man")" -eq \
	"$(cat "$top"/module/*.c | grep -c '^module_param(')" ]
# Every key of JSON that the tool has. Both quotes are what the page prints.
while read -r key; do
	t "man page has the JSON key $key" mentions "‘$key’"
done < <(sed -n 's/.*out_[a-z]*("\([a-z_]*\)".*/\1/p' "$top"/ctl/verbs/{dump,status,explain,doctor}.c "$top"/ctl/report/report_print.c |
	grep -vxE 'names|syscalls|architectures' | sort -u)
t 'man page names the forms that get what runtimes call' same \
	"$(sed -n '/^bool runtime_takes/,/^}/p' "$top/ctl/infer/runtime.c" | grep -oE '"[a-z]+"' | tr -d '"')" \
	"$(man_entry dump | sed -n '/formats for runtimes/,/^these/s/^\.Cm \([a-z]*\).*/\1/p')"
# Calls that are always added.
while read -r call; do
	t "man page names $call, which is always allowed" mentions "‘$call’"
done < <(sed -n '/lifeline\[\]/,/^};/s/^\t{ "\([a-z_]*\)".*/\1/p' "$top/ctl/calls/lifeline.c"; \
	sed -n '/^} lifeline/,/^};/s/^\t{ "\([a-z_]*\)".*/\1/p' "$top/ctl/calls/lifeline.c")
# Examples use verbs and options that there are.
while read -r word verb rest; do
	t "example: $word $verb $rest" [ -n "$(help_usage "$verb")" ]
	for option in $(options <<<"$rest"); do
		t "example: $verb has $option" grep -qxe "$option" <(help_usage "$verb" | options)
	done
done < <(rendered | section EXAMPLES | grep -oE '^ +scmod .*' | sed 's/|.*//')

tap_end
