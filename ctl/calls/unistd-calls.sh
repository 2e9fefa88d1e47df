#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Print "number name" of every call that the kernel header FILE, an asm/unistd_*.h of
# x86, defines, without the bit that marks numbers of x32:
#
#	ctl/calls/unistd-calls.sh FILE
#
# __NR_syscalls is the kernel's number of calls, not a call.

set -eu
LC_ALL=C
export LC_ALL
word='[A-Za-z0-9_]'

sed -n -e '/__NR_syscalls/d' -e "s/^#define[[:space:]]*__NR_\\($word*\\)[[:space:]]*(*\\(__X32_SYSCALL_BIT + \\)*\\([0-9][0-9]*\\))*[[:space:]]*\$/\\3 \\1/p" "$1"
