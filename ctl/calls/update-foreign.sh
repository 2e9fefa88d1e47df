#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bring foreign.txt up to date with the newest kernel headers:
#
#	ctl/calls/update-foreign.sh DIRECTORY
#
# DIRECTORY is /usr/include of a Debian system with the newest linux-libc-dev, which has the
# headers of all architectures, those of ports as well. Names that foreign.txt has already are
# kept: architectures leave the kernel, but profiles go on naming their calls. Run it after
# update-syscalls.sh.

set -eu
export LC_ALL=C
[ $# -eq 1 ] || { sed -n '4,11s/^# \{0,1\}//p' "$0"; exit 2; }
here=$(dirname "$0")
table=$here/foreign.txt

# What the headers define beside calls: ranges of numbers, and numbers without a call.
no_call='Linux|BASE|syscalls|[A-Z_]*SYSCALL_(BASE|MASK)|arch_specific_syscall|(reserved|unused)[0-9]+'
names() {
	sed -n 's/^#[[:space:]]*define[[:space:]]*__\(ARM_\)\{0,1\}NR_\([A-Za-z0-9_]*\)[[:space:]].*/\2/p' \
		"$1"/*/asm/unistd*.h "$1"/asm-generic/unistd.h | grep -vxE "$no_call"
}

new=$({ names "$1"; sed '/^#/d' "$table"; } | sort -u |
	grep -vxF -f <(awk '!/^#/ { print $1 }' "$here/syscalls.txt"))
{
	sed -n '/^#/p' "$table"
	echo "$new"
} >"$table.new"
mv "$table.new" "$table"
