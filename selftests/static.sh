#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Static checks, each of which must have nothing to say: the module under
# sparse, W=1 and -Werror; the tool under -Werror and cppcheck; the scripts
# under shellcheck; and layers, in which arrows go one way.

set -u
cd "$(dirname "$0")/.." || exit
. selftests/vm/image.sh
kver=$(image_version 6.1) || exit
status=0

# run WHAT COMMAND...: COMMAND must succeed.
run() {
	local what=$1
	shift
	echo "  $what"
	"$@" || { status=1; echo "static: $what: failed" >&2; }
}

# quiet COMMAND...: succeed, with nothing on stderr.
quiet() {
	local text

	text=$("$@" 2>&1 >/dev/null) && [ -z "$text" ] && return
	echo "$text" >&2
	return 1
}

module() {
	rm -rf build/static
	mkdir -p build/static
	cp -rs "$PWD/Kbuild" "$PWD/dkms.conf" "$PWD/module" "$PWD/include" build/static/
	make -C "/lib/modules/$kver/build" M="$PWD/build/static" W=1 C=2 \
		CF='-D__CHECK_ENDIAN__ -Wsparse-error' KCFLAGS=-Werror modules 2>&1 |
		grep -vE 'BTF|entering directory|leaving directory' >build/static.log
	test "${PIPESTATUS[0]}" -eq 0 && ! grep -E 'warning|error' build/static.log ||
		{ cat build/static.log; return 1; }
}

tool() {
	local flags

	flags=$(pkg-config --cflags libnl-genl-3.0 libseccomp json-c libelf)
	for c in ctl/*.c ctl/*/*.c; do
		# shellcheck disable=SC2086
		gcc -std=gnu11 -O2 -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes \
			-Wshadow -Werror -fsyntax-only -DSCMOD_VERSION='"0"' -Iinclude/uapi -Ictl \
			-Ibuild/ctl $flags "$c" || return
	done
}

# Where the files of each layer stand: Kbuild names those of the module.
layers() {
	local of_module

	make -s modules KVER="$kver" >/dev/null || return
	mapfile -t of_module < <(sed -n 's/^layer-\([a-z]*\) := /\1=/p' Kbuild | tr ' ' ,)
	[ "${#of_module[@]}" -gt 0 ] &&
		selftests/layers module "build/$kver/module" "${of_module[@]}" &&
		selftests/layers ctl build/ctl base calls,workload reach profile kernel,read,write floor infer \
			report,lint verbs doc
}

make -s ctl KVER="$kver" || exit
run 'module and tool: no circles, no arrow upwards' layers
run 'module: sparse, W=1, -Werror' module
run 'tool: -Werror' tool
run 'tool: cppcheck' quiet cppcheck --quiet --error-exitcode=1 --std=c11 \
	--enable=warning,performance,portability --inline-suppr \
	--suppress=missingIncludeSystem -Iinclude/uapi -Ictl -Ibuild/ctl \
	-DSCMOD_VERSION='"0"' ctl/
mapfile -t scripts < <(git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run |
	cat - <(grep -lE '^#!.*sh$' selftests/check selftests/fresh selftests/in-guest selftests/vm/* selftests/demo/* \
		selftests/bench/* selftests/soak/* selftests/fuzz/* selftests/eval/* \
		selftests/runtime-base 2>/dev/null) | sort -u)
run 'scripts: shellcheck' shellcheck -S warning -e SC1090,SC1091 "${scripts[@]}"
[ "$status" -eq 0 ] && echo 'static: clean'
exit "$status"
