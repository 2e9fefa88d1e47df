# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The kernel "debug": built from Debian's linux-source-6.1 package with
# debug.config, once for each version of either. Sourced by image.sh.

# shellcheck disable=SC2154 # image_* are image.sh's

debug_source=linux-source-6.1
debug_config=$image_top/selftests/vm/debug.config

debug_need() {
	local need=() item

	for item in bc:bc bison:bison flex:flex gcc:gcc make:make xz:xz-utils; do
		command -v "${item%:*}" >/dev/null || need+=("${item#*:}")
	done
	[ -e /usr/include/libelf.h ] || need+=(libelf-dev)
	[ -e "/usr/src/$debug_source.tar.xz" ] || need+=("$debug_source")
	[ ${#need[@]} -eq 0 ] && return
	echo "vm: the debug kernel needs ${need[*]}. Run selftests/deps.sh debug" >&2
	return 1
}

# The lines that count, as opposed to what is said about them.
debug_options() { grep -E '^(# )?CONFIG_' "$debug_config"; }

debug_source_version() { dpkg-query -W -f '${Version}' "$debug_source"; }

debug_version() {
	local version

	debug_need && version=$(debug_source_version) || return
	echo "${version%-*}-scmod-debug"
}

# debug_get RELEASE: as image_get. Modules for it are built against
# lib/modules/RELEASE/build there.
debug_get() {
	local release=$1 dir work=$image_cache/debug-build version key

	version=$(debug_source_version) && key=$(debug_options | sha256sum) || return
	dir=$image_cache/image-${release}_$version-${key:0:12}
	if [ ! -d "$dir" ]; then
		debug_need && mkdir -p "$image_cache" || return
		# A second run waits for the first one's. What a killed one left in
		# there is thrown away.
		(
			flock 9
			[ ! -d "$dir" ] || exit 0
			trap 'rm -rf "$work"' EXIT
			trap 'exit 1' INT TERM HUP
			rm -rf "$work" && mkdir "$work" || exit
			echo "vm: building the kernel $release (once; some ten minutes)"
			if ! debug_build "$work" "$release" >"$work/log" 2>&1 9>&-; then
				tail -n 30 "$work/log"
				echo "vm: the debug kernel was not built; its build's last words are above"
				exit 1
			fi
			mv -T "$work/root" "$dir"
		) 9>"$image_cache/.debug.lock" >&2 || return
	fi
	(cd "$dir" && pwd -P)
}

debug_build() {
	local work=$1 release=$2

	mkdir "$work/source" "$work/root" &&
	tar -xJf "/usr/src/$debug_source.tar.xz" -C "$work/source" --strip-components=1 &&
	cd "$work/source" && debug_configure "$work/fragment" &&
	nice make -s -j"$(nproc)" KBUILD_BUILD_USER=scmod KBUILD_BUILD_HOST=scmod bzImage modules &&
	[ "$(make -s kernelrelease)" = "$release" ] &&
	debug_pack "$work/root" "$release"
}

# In the source.
debug_configure() {
	local fragment=$1 lost

	# Kernels since 6.2 have it on x86-64, by nothing but this change.
	sed -i '/^config FAULT_INJECTION_STACKTRACE_FILTER/,/^config/ { /depends on !X86_64$/d }' \
		lib/Kconfig.debug &&
	{ debug_options && echo 'CONFIG_LOCALVERSION="-scmod-debug"'; } >"$fragment" &&
	make -s KCONFIG_ALLCONFIG="$fragment" allnoconfig || return
	lost=$(grep '^CONFIG' "$fragment" | grep -vxFf .config)
	[ -z "$lost" ] && return
	echo "Kconfig does not keep: $lost"
	return 1
}

# In the source, built: into ROOT goes what boots, and what modules are built with.
debug_pack() {
	local root=$1 release=$2 modules=$1/lib/modules/$2

	mkdir -p "$root/boot" "$modules/build" && chmod 755 "$root" &&
	cp arch/x86/boot/bzImage "$root/boot/vmlinuz-$release" &&
	cp System.map "$root/boot/System.map-$release" &&
	cp .config "$root/boot/config-$release" &&
	cp modules.order modules.builtin modules.builtin.modinfo "$modules/" &&
	depmod -b "$root" "$release" &&
	find scripts tools -name '*.o' -delete &&
	cp -a --parents .config Makefile Module.symvers scripts include arch/x86/include \
		arch/x86/Makefile* tools/objtool/objtool "$modules/build/"
}
