# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Kernels for the VM: which version a name stands for, and its image, fetched by
# apt (which checks it) and kept in the user's cache. Sourced by run.

image_cache=${XDG_CACHE_HOME:-~/.cache}/scmod

# image_version NAME: the kernel release that NAME stands for on this machine,
# the newest one whose headers are installed.
image_version() {
	local ver

	ver=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "linux-headers-$1.*-amd64" 2>/dev/null |
		sed -n 's/^ii *linux-headers-//p' | grep -vE -- '-(rt|cloud)-' | sort -V | tail -n 1)
	if [ -z "$ver" ]; then
		echo "vm: no linux-headers-$1.*-amd64 installed. Run selftests/deps.sh" >&2
		return 1
	fi
	echo "$ver"
}

# image_get RELEASE: a directory with boot/vmlinuz-RELEASE and
# lib/modules/RELEASE of the package version that the headers have.
image_get() {
	local release=$1 deb dir tmp want

	deb=$(dpkg-query -W -f '${Version}' "linux-headers-$release") || return 1
	dir=$image_cache/image-${release}_$deb
	if [ ! -d "$dir" ]; then
		mkdir -p "$image_cache" && tmp=$(mktemp -d "$image_cache/tmp.XXXXXX") || return 1
		want=linux-image-$release=$deb
		if ! image_unpack "$tmp" "$want" "$release"; then
			rm -rf "$tmp"
			echo "vm: can't get $want with apt-get download" >&2
			return 1
		fi
		# Another run may have been faster: its copy is as good.
		mv -T "$tmp/root" "$dir" 2>/dev/null
		rm -rf "$tmp"
	fi
	(cd "$dir" && pwd -P)
}

image_unpack() {
	local tmp=$1 want=$2 release=$3

	(
		cd "$tmp" || exit
		download() { apt-get -qq -o APT::Sandbox::User=root download "$want"; }
		echo "vm: fetching $want" >&2
		{ download || { apt-get -qq update && download; }; } >&2 &&
		dpkg-deb -x ./*.deb root && chmod 755 root && rm -f ./*.deb &&
		depmod -b root "$release"
	)
}

# image_deps IMAGE RELEASE DIR: if the host has modules of its own for RELEASE
# (DKMS), put the module indexes of both together into DIR, so that the guest's
# modprobe finds them without running depmod over 9p.
image_deps() {
	local image=$1 release=$2 dir=$3 own=/lib/modules/$2 tmp

	mkdir "$dir" || return
	[ -n "$(find "$own/" -name '*.ko*' -print -quit 2>/dev/null)" ] || return 0
	# In the cache, because links to the image's modules cost nothing there.
	tmp=$(mktemp -d "$image_cache/tmp.XXXXXX") || return
	mkdir -p "$tmp/lib/modules" &&
	cp -al "$image/lib/modules/$release" "$tmp/lib/modules/" &&
	rm -f "$tmp/lib/modules/$release"/modules.*.bin "$tmp/lib/modules/$release"/modules.{dep,alias,symbols,softdep,devname} &&
	(cd "$own" && find . -name '*.ko*' -exec cp --parents -L --remove-destination {} "$tmp/lib/modules/$release/" \;) &&
	depmod -b "$tmp" "$release" &&
	cp "$tmp/lib/modules/$release"/modules.* "$dir/"
	local status=$?
	rm -rf "$tmp"
	return $status
}
