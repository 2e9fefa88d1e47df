#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Print a directory that holds what the tests take from Debian's kernel source
# package: the kselftest harness, checkpatch, the seccomp selftest, the tables of
# system calls. Extracted once per version and list, into the user's cache.
set -eu

wanted='scripts/checkpatch.pl scripts/spelling.txt scripts/const_structs.checkpatch
tools/testing/selftests/kselftest.h tools/testing/selftests/kselftest_harness.h
tools/testing/selftests/clone3/clone3_selftests.h tools/testing/selftests/seccomp
arch/x86/entry/syscalls'

version=$(dpkg-query -W -f '${Version}' linux-source-6.1)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/scmod
dir=$cache/source-$version-$(echo "$wanted" | cksum | cut -d ' ' -f 1)
if [ ! -d "$dir" ]; then
	mkdir -p "$cache"
	tmp=$(mktemp -d "$cache/tmp.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	echo "extracting parts of linux-source-6.1 $version" >&2
	# shellcheck disable=SC2046
	tar -xJf /usr/src/linux-source-6.1.tar.xz -C "$tmp" --strip-components=1 \
		$(for path in $wanted; do echo "linux-source-6.1/$path"; done)
	chmod 755 "$tmp"
	# Another run may have been faster: its copy is as good.
	mv -T "$tmp" "$dir" 2>/dev/null || [ -d "$dir" ]
fi
echo "$dir"
