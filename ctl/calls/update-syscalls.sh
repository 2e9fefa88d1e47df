#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bring syscalls.txt up to date with the newest kernel headers:
#
#	ctl/calls/update-syscalls.sh DIRECTORY [SYSCALLS.2]
#
# DIRECTORY holds unistd_64.h, unistd_32.h and unistd_x32.h, as Debian's linux-libc-dev
# has them in /usr/include/x86_64-linux-gnu/asm. SYSCALLS.2 is the page syscalls(2) of the
# Linux man-pages, which says since when a call exists. What syscalls.txt says already is
# kept. A call for which neither has a release gets '?', to be replaced by hand.

set -eu
export LC_ALL=C
[ $# -ge 1 ] || { sed -n '4,12s/^# \{0,1\}//p' "$0"; exit 2; }
headers=$1 page=${2:-/dev/null} here=$(dirname "$0")
table=$here/syscalls.txt

# "name release" of every call that the page has, in either form of its table.
releases() {
	perl -ne 'if (/^\\f\[B\](\w+)\\f\[\]\(2\)\t([\d.]+)/) { print "$1 $2\n" }
		elsif (/^\.BR (\w+) \(2\)/) { $name = $1 }
		elsif (/^T\}\t([\d.]+)/ && $name) { print "$name $1\n"; $name = "" }' "$page"
}

new=$(awk '
	FILENAME == ARGV[1] {
		if ($1 !~ /^#/ && NF == 5) {
			names[$1] = 1; since[$1] = $2
			for (abi = 1; abi <= 3; abi++)
				if ($(abi + 2) != "-") number[$1, abi] = $(abi + 2)
		}
		next
	}
	FILENAME == ARGV[2] { if (!($1 in since) || since[$1] == "?") since[$1] = $2; next }
	{ abi = FILENAME == ARGV[3] ? 1 : FILENAME == ARGV[4] ? 2 : 3
	  number[$2, abi] = $1; names[$2] = 1 }
	END {
		for (n in names) {
			line = n " " (n in since ? since[n] : "?")
			for (abi = 1; abi <= 3; abi++)
				line = line " " ((n, abi) in number ? number[n, abi] : "-")
			print line
		}
	}' "$table" <(releases) \
	<("$here/unistd-calls.sh" "$headers/unistd_64.h") \
	<("$here/unistd-calls.sh" "$headers/unistd_32.h") \
	<("$here/unistd-calls.sh" "$headers/unistd_x32.h") | sort)
{
	sed -n '/^#/p' "$table"
	column -t <<<"$new"
} >"$table.new"
mv "$table.new" "$table"
grep -n ' ? ' "$table" >&2 || true
