#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The names of values are those of the kernel's headers: values.txt, options.txt and ioctls.txt
# against the headers that each of their tables names, by the compiler.
#
# vm: host

# shellcheck disable=SC2317 # functions are called through t

cd "$(dirname "$0")/.." || exit
. selftests/tap.sh
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

# sections FILE: a line per name: table number, headers, name, number, release or nothing
sections() {
	awk '/^#/ || !NF { next }
		/^\[/ { section++; headers = $0; sub(/^[^]]*\] */, "", headers); gsub(/ /, ",", headers); next }
		{ print section, headers, $1, $2, $3 }' "$1"
}

# A program that compiles if each name of one table, on stdin, has the number that stands there.
program() {
	local headers=$1 header

	echo '#define _GNU_SOURCE'
	echo '#include <stddef.h>'
	for header in ${headers//,/ }; do
		echo "#include <$header>"
	done
	while read -r name number; do
		echo "_Static_assert((unsigned int)($name) == ${number}u, \"$name\");"
	done
}

check_table() { # FILE SECTION
	local headers

	headers=$(awk -v s="$2" '$1 == s { print $2; exit }' "$dir/$1")
	awk -v s="$2" '$1 == s && $5 == "" { print $3, $4 }' "$dir/$1" |
		program "$headers" >"$dir/table.c"
	${CC:-cc} -w -fsyntax-only "$dir/table.c"
}

check_file() {
	local section

	sections "ctl/calls/$1" >"$dir/$1"
	[ -s "$dir/$1" ] || return
	for section in $(cut -d' ' -f1 "$dir/$1" | sort -nu); do
		check_table "$1" "$section" || return
	done
}

wrong_number_is_found() {
	sed 's/^AF_ALG .*/AF_ALG 39/' ctl/calls/values.txt >"$dir/wrong"
	sections "$dir/wrong" >"$dir/wrong.txt"
	! check_table wrong.txt 1 2>/dev/null
}

for file in values.txt options.txt ioctls.txt; do
	t "$file says what the headers say" check_file "$file"
done
t 'a wrong number is found' wrong_number_is_found
tap_end
