#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# checkpatch --strict over both halves and the tests; exit 0 if it has nothing
# to say. What it is told to ignore, and why:
#   kernel types and macros that user space does not have (u32, BIT, __printf);
#   ENOSYS: it is the errno of soft calls, by design;
#   CAMELCASE: libnl's, libyaml's and <inttypes.h>'s names;
#   extern prototypes and FIXTURE macros of the kselftest harness;
#   long strings: they must not be split, so that they can be searched for. The
#   tests' shell commands are split all the same;
#   braces around the one TH_LOG() behind an EXPECT_*(): they belong to the macro;
#   words in a message that happen to be the function's name;
#   '*' behind FIXTURE_DATA() and the like, which it takes for a product;
#   names and arrays whose form execve() and <linux/elf.h> dictate.

set -u
cd "$(dirname "$0")/.." || exit
source=$(selftests/kernel-source.sh) || exit
root=$PWD
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

common=LONG_LINE_STRING,STATIC_CONST_CHAR_ARRAY,CAMELCASE,COMPLEX_MACRO,ENOSYS,FILE_PATH_CHANGES,LINUX_VERSION_CODE,SPDX_LICENSE_TAG,CONST_STRUCT
user=PREFER_KERNEL_TYPES,BIT_MACRO,PREFER_DEFINED_ATTRIBUTE_MACRO,CAMELCASE,ARRAY_SIZE
user=$user,BRACES,SPLIT_STRING,EMBEDDED_FUNCTION_NAME,CONSTANT_COMPARISON,MACRO_ARG_REUSE,COMPLEX_MACRO,VOLATILE,UNCOMMENTED_BARRIER
user=$user,AVOID_EXTERNS,REPEATED_WORD,FUNCTION_ARGUMENTS,SYMBOLIC_PERMS,PREFER_FALLTHROUGH,NEW_TYPEDEFS
user=$user,MULTISTATEMENT_MACRO_USE_DO_WHILE,TRAILING_STATEMENTS,BOOL_MEMBER,STRCPY,STRLCPY

check() {
	perl "$source/scripts/checkpatch.pl" --no-tree --strict --terse --show-types \
		--no-summary --max-line-length=100 --ignore "$1" -f "${@:2}"
}

mapfile -t kernel < <(git ls-files --cached --others --exclude-standard -- \
	'module/*.[ch]' 'include/*.h' 'selftests/marks/*.c' 'selftests/redirect/*.[ch]' 'selftests/splat/*.c')
mapfile -t tool < <(git ls-files --cached --others --exclude-standard -- \
	'ctl/*.[ch]' 'selftests/*.[ch]' 'selftests/bench/*.[ch]' \
	'selftests/fuzz/*.[ch]' 'selftests/soak/*.[ch]')

{
	cd "$tmp" || exit
	check "$common" "${kernel[@]/#/$root/}"
	check "$common,$user" "${tool[@]/#/$root/}"
} 2>&1 | grep -vE "uninitialized value .root|find: ./include|_test.c:.*around that '\*' \(ctx:WxV\)" | sed "s|^$PWD/||" | tee "$tmp/out"

# Versions are compat.h's business alone; nothing is left for later.
cd "$root" || exit
{
	git grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\(' -- 'module/*.[ch]' ':!module/compat.h'
	git grep -nE '\b(TODO|FIXME|XXX|HACK)\b' -- module ctl include selftests ':!selftests/style.sh'
	git grep -nIE '[[:blank:]]+$' -- . ':!COPYING' ':!selftests/vm/splats'
} | tee -a "$tmp/out"

[ ! -s "$tmp/out" ] && echo 'style: clean'
