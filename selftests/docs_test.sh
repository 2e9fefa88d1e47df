#!/bin/bash
# vm: host
# SPDX-License-Identifier: GPL-2.0
#
# One table says all of a verb; the help of the tool, its man page and the completions of
# bash, zsh and fish are made from it. Here they are held against it and each other, as
# a person gets them; the man page is clean; the completions complete.

set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/.." && pwd) || exit
# shellcheck source=selftests/tap.sh
. "$(dirname "$0")/tap.sh"

scmod=$top/build/scmod
PATH=$top/build:$PATH
man=$top/build/doc/scmod.8
completion=$top/build/doc/scmod.bash
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT

# same A B: are both texts the same, and not empty?
same() {
	[ -n "$1" ] || { echo 'nothing to compare'; return 1; }
	[ "$1" = "$2" ] || { diff <(echo "$1") <(echo "$2"); return 1; }
}

# ---- what each of them says

"$scmod" help --json >"$tmp/table" || exit
table() { jq -r "$@" "$tmp/table"; }
verbs() { table '.verbs[].verb'; }
# of VERB FILTER
of() { table --arg verb "$1" ".verbs[] | select(.verb == \$verb) | $2"; }
# "-o" and "--output" of each option of a verb, sorted.
options() { of "$1" '.options[] | "--" + .name, (.letter // empty | "-" + .)' | sort; }
# "infer none|family|likely" of each that takes some words only.
choices() { of "$1" '.options[] | select(.values) | "\(.name) \(.values)"'; }
# Text in one line, blanks and quotes of all kinds alike.
plain() { sed -E "s/[‘’'\"]/'/g" | tr -s ' \n' ' ' | sed -E 's/‐ //g; s/ $//'; }

# The page has its own hyphens where it breaks words; so wide, it breaks none.
rendered() { MANWIDTH=${1:-2000} man -E UTF-8 -l "$man" | col -bx; }
section() { sed -n "/^$1\$/,/^[A-Z]/p" | sed '1d;$d'; }
rendered >"$tmp/page"
man_lines() { section SYNOPSIS <"$tmp/page" | sed -n 's/^ *scmod /scmod /p'; }
man_verbs() { section VERBS <"$tmp/page" | sed -nE 's/^ {5,7}([a-z]+(-[a-z]+)*)( .*)?$/\1/p'; }
# What the page says from a verb to the next.
man_entry() { section VERBS <"$tmp/page" | sed -nE "/^ {5,7}$1( |\$)/,/^ {5,7}[a-z]+(-[a-z]+)*( |\$)/p"; }
man_options() { man_entry "$1" | grep -oE '^ {13}--?[a-z].*' | grep -oE -- '(^| )--?[a-z][-a-z]*' | tr -d ' ' | sort -u; }
man_common() { section DESCRIPTION <"$tmp/page" | sed -n '/^ *Options$/,$p'; }

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

# ---- verbs, usages, options

t 'the table has verbs' [ "$(verbs | wc -l)" -ge 11 ]
t 'help lists each verb, and no other' \
	same "$(verbs)" "$("$scmod" help | sed -nE 's/^  ([a-z-]+) +[a-z].*/\1/p')"
t 'help groups them' [ "$("$scmod" help | grep -c '^[A-Z].*:$')" -ge 3 ]
t 'man page has the usage of each verb as the table has it, and no other' \
	same "$(table '.verbs[] | "scmod \(.verb) \(.usage)"')" "$(man_lines)"
t 'man page explains each verb, and no other' same "$(verbs)" "$(man_verbs)"
t 'bash offers each verb, and no other' same "$(verbs | sort)" "$(completes scmod '')"
t 'bash offers each verb for help' same "$(verbs | sort)" "$(completes scmod help '')"
t 'bash offers each verb behind an option' same "$(verbs | sort)" "$(completes scmod --json '')"

# An attacker chooses which calls are refused.
looks_first() { [[ $(grep -m 1 -E '^ *(# )?scmod allow .*--denied' "$1") == *' --dry-run'* ]]; }
t 'README says to look first at what allow --denied would add' looks_first "$top/README.md"
t 'so does the man page' looks_first <(section EXAMPLES <"$tmp/page")
t 'and the help' grep -qF "Use '--dry-run' first." <("$scmod" help allow | tr -s ' \n' ' ')

takes() { [[ $("$scmod" "$1" "$2" x y z 2>&1 </dev/null) != *'no option is named'* ]]; }

# in_both VERB NAME TEXT: is it in --help and in the man page?
in_both() {
	grep -qF -- "$3" "$tmp/help" || { echo "not in scmod $1 --help: $3"; return 1; }
	grep -qF -- "$3" "$tmp/entry" || { echo "not in man: $3"; return 1; }
	grep -qE -- " --$2[ []" "$tmp/help" || { echo "not in scmod $1 --help: --$2"; return 1; }
}
for verb in $(verbs); do
	"$scmod" "$verb" --help | plain >"$tmp/help"
	{ man_entry "$verb"; man_common; } | plain >"$tmp/entry"
	t "$verb --help gives the usage, what it does and an example" eval '
		grep -qF "usage: scmod $verb $(of "$verb" .usage)" "$tmp/help" &&
		grep -qiF "$(of "$verb" .summary)" "$tmp/help" &&
		grep -qF "Example: $(of "$verb" .example | plain)" "$tmp/help"'
	t "$verb: the example is one of it" [ "$(of "$verb" .example | cut -d' ' -f1,2)" = "scmod $verb" ]
	t "help $verb is $verb --help" \
		same "$("$scmod" help "$verb")" "$("$scmod" "$verb" --help)"
	t "$verb --help fits 80 columns" [ -z "$("$scmod" "$verb" --help | grep -E '.{81,}')" ]
	while IFS=$'\t' read -r name text; do
		t "--help and the man page explain $verb --$name" in_both "$verb" "$name" "$(plain <<<"$text")"
	done < <(of "$verb" '.options[] | "\(.name)\t\(.text)"')
	own=$(comm -23 <(options "$verb") <(options version))
	[ "$(of "$verb" '.options[] | select(.name == "json") | .text' | cut -c-10)" = 'Print JSON' ] ||
		own=$(printf '%s\n' "$own" --json -j | sort)
	t "man page has the options of $verb, and no others" [ "$own" = "$(man_options "$verb")" ]
	t "bash offers the options of $verb, and no others" \
		same "$(options "$verb")" "$(completes scmod "$verb" - | sort -u)"
	# The tool refuses an option that it does not know before all else.
	for option in $(options "$verb"); do
		t "$verb takes $option" takes "$verb" "$option"
	done
	t "$verb takes no other option" \
		says 'no option is named' "$scmod" "$verb" --no-such-option
	while read -r option values; do
		t "bash offers the values of $verb --$option" \
			same "$(tr '|' '\n' <<<"$values" | sort)" "$(completes scmod "$verb" x "--$option" '')"
		t "bash offers them behind --$option= too" \
			same "$(tr '|' '\n' <<<"$values" | sort)" "$(completes scmod "$verb" x "--$option" =)"
		t "$verb takes no other value of --$option" \
			exits_saying 2 "${values//|/, }" "$scmod" "$verb" x "--$option" no-such-value
	done < <(choices "$verb")
done
t 'no verb is taken that help does not list' exits 2 "$scmod" no-such-verb

# ---- what the tool knows

t 'bash offers calls' eval 'completes scmod allow x io_uring_ | grep -qx io_uring_setup'
t 'and more of them' eval 'completes scmod allow x read io_uring_ | grep -qx io_uring_setup'
t 'each with its ABI' eval '"$scmod" --complete calls | grep -qx i386:socketcall'
t 'bash offers capabilities' same CAP_SYS_CHROOT "$(completes scmod dump x --cap CAP_SYS_CH)"
t 'bash offers them in a list' same CAP_CHOWN,CAP_SYS_CHROOT "$(completes scmod dump x --cap CAP_CHOWN,CAP_SYS_CH)"
t 'all that the kernel has' [ "$("$scmod" --complete caps | grep -c ^CAP_)" -ge 41 ]
t 'bash offers runtimes' same "$(printf '%s\n' any crun none runc)" "$(completes scmod dump x --runtime '')"
t 'the text of --runtime names each' eval '
	for runtime in $("$scmod" --complete runtimes); do
		of dump ".options[] | select(.name == \"runtime\").text" | grep -q "'"'\$runtime'"'" || return 1; done'
errnos=$(completes scmod enforce x --errno '')
t 'bash offers errno names' [ "$(wc -l <<<"$errnos")" -gt 100 ]
for name in EPERM ENOSYS EHWPOISON; do
	t "$name is one" grep -qx "$name" <<<"$errnos"
	# Anything but "wrong command line": there may be no module here.
	t "$name is an errno for enforce" \
		bash -c "'$scmod' enforce /no/such/cgroup --errno $name; [ \$? -ne 2 ]"
done
mkdir "$tmp/bin"
printf '#!/bin/sh\n[ "$2" != policies ] || printf "/web.slice/a\\n/web.slice/gone\\n"\n' >"$tmp/bin/scmod"
chmod 755 "$tmp/bin/scmod"
printf '#!/bin/sh\n[ "$2" != policies ] || printf "%%s\\n" "/web.slice/a*" "/web.slice/a\\x2d\$(touch %s/touched)"\n' "$tmp" >"$tmp/odd-scmod"
mkdir "$tmp/odd" && mv "$tmp/odd-scmod" "$tmp/odd/scmod" && chmod 755 "$tmp/odd/scmod"
t 'bash offers names as they are, and runs nothing that is in them' eval 'PATH=$tmp/odd:$PATH
	same "$(printf "%s\n" "/web.slice/a*" "/web.slice/a\\x2d\$(touch $tmp/touched)")" "$(completes scmod status /web)" && [ ! -e "$tmp/touched" ]'
printf '#!/bin/sh\n[ "$2" != workloads ] || printf "unit:nginx.service\\npodman:web\\n"\n' >"$tmp/bin/workloads"
mkdir "$tmp/named" && mv "$tmp/bin/workloads" "$tmp/named/scmod" && chmod 755 "$tmp/named/scmod"
t 'bash offers units and containers' eval 'PATH=$tmp/named:$PATH; same podman:web "$(completes scmod status pod)"'
t 'where it splits a word at the colon, the rest of it' eval 'PATH=$tmp/named:$PATH
	same nginx.service "$(completes scmod status unit : ng)" && same web "$(completes scmod dump podman :)"'
t 'and so for calls' same io_uring_setup "$(completes scmod allow x i386 : io_uring_s)"
t 'a word that it splits counts as one' same io_uring_setup "$(completes scmod allow unit : nginx io_uring_s)"
t 'bash offers tracked policies' eval 'PATH=$tmp/bin:$PATH; same "$(printf "%s\n" /web.slice/a /web.slice/gone)" "$(completes scmod status /web)"'

# ---- completion of files and directories

mkdir -p "$tmp/a dir/below" "$tmp/another"
: >"$tmp/a file"
t 'bash offers directories for CGROUP' \
	same "$(printf '%s\n' "$tmp/a dir" "$tmp/another")" "$(completes scmod learn "$tmp/a")"
for verb in complain enforce allow off forget status dump diff merge report explain; do
	t "bash offers directories for $verb" \
		same "$tmp/another" "$(completes scmod "$verb" "$tmp/an")"
done
t 'bash offers directories behind an option with a value' \
	same "$tmp/another" "$(completes scmod enforce --errno EPERM "$tmp/an")"
t 'bash offers directories behind an option with = and a value' \
	same "$tmp/another" "$(completes scmod enforce --errno = EPERM "$tmp/an")"
t 'bash offers directories behind an option before the verb' \
	same "$tmp/another" "$(completes scmod -q enforce "$tmp/an")"
t 'bash offers one CGROUP only' [ -z "$(completes scmod complain "$tmp/another" "$tmp/a")" ]
t 'a value that may be left out is not the next word' same "$tmp/another" "$(completes scmod learn --until-stable "$tmp/an")"
t 'bash offers files for --profile' \
	same "$tmp/a file" "$(completes scmod enforce x --profile "$tmp/a f")"
t 'bash offers files for --profile=' \
	same "$tmp/a file" "$(completes scmod enforce x --profile = "$tmp/a f")"
for verb in dump diff merge lint report; do
	t "bash offers files for $verb" same "$tmp/a file" "$(completes scmod "$verb" "$tmp/a f")"
done
t 'bash offers files for the third of merge' same "$tmp/a file" "$(completes scmod merge x y "$tmp/a f")"
t 'bash offers files for -o' same "$tmp/a file" "$(completes scmod dump -o "$tmp/a f")"
t 'bash narrows what is begun' same --profile "$(completes scmod enforce x --p)"
t 'bash offers nothing for a verb that is none' \
	[ -z "$(completes scmod no-such-verb '')$(completes scmod no-such-verb -)" ]
t 'bash offers nothing behind version' [ -z "$(completes scmod version '')" ]
if [ -d /sys/fs/cgroup ] && [ -n "$(compgen -d /sys/fs/cgroup/)" ]; then
	t 'bash begins at the cgroup mount' \
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
t 'completion works in an interactive bash' says 'scmod enforce x --profile' interactive

# ---- fish: it tells what it would offer

# fish TEXT: what it may become.
fish_offers() {
	HOME=$tmp XDG_CONFIG_HOME=$tmp XDG_DATA_HOME=$tmp fish --no-config -c \
		'source $argv[1]; complete -C $argv[2]' "$top/build/doc/scmod.fish" "$1" | cut -f1 | sort -u
}
t 'fish offers each verb, and no other' same "$(verbs | sort)" "$(fish_offers 'scmod ')"
for verb in $(verbs); do
	t "fish offers the options of $verb, and no others" same "$(options "$verb" | grep -- --)" \
		"$(fish_offers "scmod $verb --" | grep -- --)"
done
t 'fish offers values' same "$(printf '%s\n' fail narrow widen)" "$(fish_offers 'scmod dump --args ')"
t 'fish offers calls' eval 'fish_offers "scmod allow x io_uring_s" | grep -qx io_uring_setup'
t 'fish offers capabilities in a list' eval 'fish_offers "scmod dump x --cap CAP_KILL,CAP_CH" | grep -qx CAP_KILL,CAP_CHOWN'
t 'fish offers files' same "$tmp/a file" "$(fish_offers "scmod lint $tmp/a\\ f")"
t 'fish offers nothing more for CGROUP' [ -z "$(fish_offers 'scmod off x ')" ]

# ---- zsh: through a terminal, as its completion works on one only

# zsh_offers TEXT: the line after the tab key.
zsh_offers() {
	zsh -f "$top/selftests/zsh-complete" "$top/build/doc/scmod.zsh" "$tmp" "$1"
}
t 'zsh has no fault in it' eval 'text=$(zsh -n "$top/build/doc/scmod.zsh" 2>&1) && [ -z "$text" ]'
t 'zsh offers each verb, and no other' same "$(verbs | sort)" "$(zsh_offers 'scmod ')"
for verb in $(verbs); do
	t "zsh offers the options of $verb, and no others" same "$(options "$verb" | grep -- --)" \
		"$(zsh_offers "scmod $verb --")"
done
t 'zsh offers values' same "$(printf '%s\n' fail narrow widen)" "$(zsh_offers 'scmod dump --args=')"
t 'zsh offers calls' same io_uring_setup "$(zsh_offers 'scmod allow x io_uring_s')"
t 'zsh offers capabilities in a list' same CAP_CHOWN "$(zsh_offers 'scmod dump x --cap=CAP_KILL,CAP_CHO')"

# ---- man page

no_warnings() {
	local text

	text=$(MANWIDTH=80 man --warnings -E UTF-8 -l "$man" 2>&1 >/dev/null)
	[ -z "$text" ] || { echo "$text"; return 1; }
}
mentions() { grep -qF -- "$1" "$tmp/page" || { echo "not in the man page: $1"; return 1; }; }

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
done < <(sed -n '/out_text(/d; s/.*out_[a-z]*("\([a-z_]*\)".*/\1/p' "$top"/ctl/verbs/*.c "$top"/ctl/report/report_print.c |
	grep -vxE 'names|syscalls|architectures' | sort -u)
t 'the text of --runtime names the forms that get what runtimes call' same \
	"$(sed -n '/^bool runtime_takes/,/^}/p' "$top/ctl/infer/runtime.c" | grep -oE '"[a-z]+"' | tr -d '"')" \
	"$(of dump '.options[] | select(.name == "runtime").text' | sed -n 's/.*(\(.*\)).*/\1/p' | sed 's/, /\n/g')"
# Calls that are always added.
while read -r call; do
	t "man page names $call, which is always allowed" mentions "‘$call’"
done < <(sed -n '/lifeline\[\]/,/^};/s/^\t{ "\([a-z_]*\)".*/\1/p' "$top/ctl/calls/lifeline.c"; \
	sed -n '/^} lifeline/,/^};/s/^\t{ "\([a-z_]*\)".*/\1/p' "$top/ctl/calls/lifeline.c")
# Examples use verbs and options that there are.
while read -r word verb rest; do
	t "example: $word $verb $rest" [ -n "$(of "$verb" .verb)" ]
	for option in $(grep -oE -- '(^| )--?[a-z][-a-z]*' <<<"$rest"); do
		t "example: $verb has $option" grep -qxe "$option" <(options "$verb")
	done
done < <(section EXAMPLES <"$tmp/page" | grep -oE '^ +scmod .*' | sed 's/|.*//; s/ -- .*//')

tap_end
