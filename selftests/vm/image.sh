# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Kernels for the VM: which release a name stands for, where modules for it are
# built, and its image, fetched by apt (which checks it); but debug is built here,
# see debug.sh. What is fetched or made is kept in the user's cache and can be
# deleted at any time. Sourced by others.

image_cache=${XDG_CACHE_HOME:-~/.cache}/scmod
image_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
image_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Kernel, the Debian suite that has it ("-": this machine's own packages), and
# its flavour there. All facts about kernels that the VM needs are here.
image_table='
6.1	-		amd64
6.1-rt	bookworm	rt-amd64
5.10	bullseye	amd64
6.12	trixie		amd64
7.2	forky		amd64
'

. "$image_top/selftests/vm/debug.sh"

# image_kernels: the names, the default first; debug is not Debian's, and apart.
image_kernels() { awk 'NF { printf "%s%s", s, $1; s = " " }' <<<"$image_table"; }

# image_fact NAME COLUMN: one field of the table.
image_fact() { awk -v name="$1" -v column="$2" '$1 == name { print $column }' <<<"$image_table"; }

# image_tree NAME: the root of the suite that the kernel comes from, with its
# compiler and headers; made if need be. Nothing for this machine's own and debug.
image_tree() {
	local suite flavour dir

	[ "$1" != debug ] || return 0
	suite=$(image_fact "$1" 2) flavour=$(image_fact "$1" 3)
	[ "$suite" != - ] || return 0
	dir=$image_cache/tree-$suite-$flavour
	if [ ! -d "$dir" ]; then
		mkdir -p "$image_cache" || return
		# A second run waits for the first one's.
		(
			flock 9
			[ -d "$dir" ] || image_tree_make "$suite" "$flavour" "$dir"
		) 9>"$image_cache/.tree.lock" >&2 || return
	fi
	(cd "$dir" && pwd -P)
}

image_tree_make() {
	local suite=$1 flavour=$2 dir=$3 tmp mirror script=/usr/share/debootstrap/scripts/$1

	if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
		echo "vm: a build tree of $suite needs root and debootstrap. Run selftests/deps.sh vm" >&2
		return 1
	fi
	# The one whose main archive this machine uses.
	# shellcheck disable=SC2016
	mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Label: Debian' |
		grep -m1 -E '^https?:')
	if [ -z "$mirror" ]; then
		echo 'vm: no Debian mirror in the sources of apt' >&2
		return 1
	fi
	# This debootstrap may be older than the suite.
	[ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
	tmp=$(mktemp -d "$image_cache/tmp.XXXXXX") || return
	echo "vm: making a build tree of $suite (once)" >&2
	if DEBIAN_FRONTEND=noninteractive debootstrap --variant=minbase --keyring="$image_keyring" \
		--include="gcc,make,libc6-dev,linux-headers-$flavour" \
		"$suite" "$tmp/root" "$mirror" "$script" >"$tmp/log" 2>&1 &&
		echo "deb [signed-by=$image_keyring] $mirror $suite main" >"$tmp/root/etc/apt/sources.list" &&
		rm -rf "$tmp/root"/var/cache/apt/archives/*.deb &&
		mv -T "$tmp/root" "$dir"; then
		rm -rf "$tmp"
		return
	fi
	tail -n 20 "$tmp/log" "$tmp/root/debootstrap/debootstrap.log" >&2
	rm -rf "$tmp"
	echo "vm: no build tree of $suite; debootstrap's last words are above" >&2
	return 1
}

# image_version NAME: the kernel release that NAME stands for, the newest one
# whose headers are installed here or in its tree.
image_version() {
	local tree ver flavour other='-(rt|cloud)-'

	if [ "$1" = debug ]; then
		debug_version
		return
	fi
	tree=$(image_tree "$1") || return
	flavour=$(image_fact "$1" 3)
	[ "$flavour" = amd64 ] || other='^$'
	ver=$(dpkg-query --admindir="$tree/var/lib/dpkg" -W -f '${db:Status-Abbrev}${Package}\n' \
		"linux-headers-${1%-rt}.*-$flavour" 2>/dev/null |
		sed -n 's/^ii *linux-headers-//p' | grep -vE -- "$other" | sort -V | tail -n 1)
	if [ -n "$ver" ]; then
		echo "$ver"
	elif [ "$tree" ]; then
		echo "vm: $tree has no headers of $1: its suite had another kernel. Delete it to have it made anew" >&2
		return 1
	else
		echo "vm: no linux-headers-$1.*-amd64 installed. Run selftests/deps.sh" >&2
		return 1
	fi
}

# image_make NAME ARG...: run make in the project's top directory, with compiler
# and headers of the suite that the kernel comes from. One at a time.
image_make() {
	local name=$1 tree release image
	shift

	tree=$(image_tree "$name") || return
	if [ "$name" = debug ]; then
		release=$(debug_version) && image=$(debug_get "$release") || return
		set -- KDIR="$image/lib/modules/$release/build" "$@"
	fi
	mkdir -p "$image_top/build" || return
	(
		flock 9
		if [ "$tree" ]; then
			image_chroot "$tree" make -s -C "$image_top" "$@" 9>&-
		else
			make -s -C "$image_top" "$@" 9>&-
		fi
	) 9>"$image_top/build/.vm.lock"
}

# image_chroot TREE COMMAND...: run it there; the project is at its own path. The
# mounts go with the namespace.
image_chroot() {
	# shellcheck disable=SC2016
	unshare --mount --propagation private -- sh -c '
		tree=$1 top=$2
		shift 2
		mkdir -p "$tree$top" && mount --bind "$top" "$tree$top" &&
		mount --rbind /dev "$tree/dev" && mount -t proc proc "$tree/proc" || exit
		exec chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
			"$@"' sh "$1" "$image_top" "${@:2}"
}

# image_get NAME RELEASE: a directory with boot/vmlinuz-RELEASE and
# lib/modules/RELEASE of the package version that the headers have.
image_get() {
	local release=$2 tree deb dir tmp want

	if [ "$1" = debug ]; then
		debug_get "$release"
		return
	fi
	tree=$(image_tree "$1") || return
	deb=$(dpkg-query --admindir="$tree/var/lib/dpkg" -W -f '${Version}' "linux-headers-$release") ||
		return
	dir=$image_cache/image-${release}_$deb
	if [ ! -d "$dir" ]; then
		mkdir -p "$image_cache" && tmp=$(mktemp -d "$image_cache/tmp.XXXXXX") || return 1
		want=linux-image-$release=$deb
		if ! image_unpack "$tmp" "$want" "$release" "$tree"; then
			rm -rf "$tmp"
			echo "vm: can't get $want with apt-get download${tree:+; if the mirror has a newer one, delete $tree}" >&2
			return 1
		fi
		# Another run may have been faster: its copy is as good.
		mv -T "$tmp/root" "$dir" 2>/dev/null
		rm -rf "$tmp"
	fi
	(cd "$dir" && pwd -P)
}

# image_apt TREE ARG...: apt-get, with the tree's sources and lists if there is one.
image_apt() {
	local tree=$1
	shift

	apt-get -qq -o APT::Sandbox::User=root ${tree:+
		-o Dir::State="$tree/var/lib/apt"
		-o Dir::State::status="$tree/var/lib/dpkg/status"
		-o Dir::Cache="$tree/var/cache/apt"
		-o Dir::Etc::sourcelist="$tree/etc/apt/sources.list"
		-o Dir::Etc::sourceparts=-} "$@"
}

image_unpack() {
	local tmp=$1 want=$2 release=$3 tree=$4

	(
		cd "$tmp" || exit
		update() {
			image_apt "$tree" update && return
			# A mirror may lag behind a suite that moves every day; what it
			# has is signed all the same.
			[ "$tree" ] && image_apt "$tree" -o Acquire::Check-Valid-Until=false update
		}
		download() { image_apt "$tree" download "$want"; }
		echo "vm: fetching $want" >&2
		{ download || { update && download; }; } >&2 || exit
		# Newer kernels are spread over several packages.
		for want in $(dpkg-deb -f ./*.deb Depends | grep -oE 'linux-(base|binary|modules)-[^ ,]+'); do
			want=$want=${2#*=}
			download >&2 || exit
		done
		for deb in ./*.deb; do
			dpkg-deb -x "$deb" root && rm -f "$deb" || exit
		done
		chmod 755 root &&
		# And know neither /lib nor /boot.
		{ [ -e root/lib ] || ln -s usr/lib root/lib; } &&
		{ [ -e root/boot ] || { mkdir root/boot &&
			ln "root/lib/modules/$release/vmlinuz" "root/boot/vmlinuz-$release"; }; } &&
		depmod -b root "$release"
	)
}

# image_deps IMAGE RELEASE DIR: if the host has modules for RELEASE that the image has
# not (DKMS), put the module indexes of both together into DIR, so that the guest's
# modprobe finds them without running depmod over 9p. Modules of an installed linux-image
# are in the image, too: in the guest the image's lie over them.
image_deps() {
	local image=$1 release=$2 dir=$3 own=/lib/modules/$2 tmp status

	mkdir "$dir" && tmp=$(mktemp -d "$image_cache/tmp.XXXXXX") || return
	image_modules "$own" >"$tmp/own" && image_modules "$image/lib/modules/$release" >"$tmp/image" &&
		LC_ALL=C comm -23 "$tmp/own" "$tmp/image" >"$tmp/extra"
	status=$?
	if [ "$status" -eq 0 ] && [ -s "$tmp/extra" ]; then
		image_index "$image" "$release" "$tmp" && cp "$tmp/lib/modules/$release"/modules.* "$dir/"
		status=$?
	fi
	rm -rf "$tmp"
	return "$status"
}

# image_modules DIR: paths of the modules in it, sorted.
image_modules() { (cd "$1" 2>/dev/null || exit 0; find . -name '*.ko*' | LC_ALL=C sort); }

# image_index IMAGE RELEASE TMP: in TMP, run depmod over the image's modules and those
# of the host that are listed in TMP/extra. TMP is in the cache, because links to the
# image's modules cost nothing there.
image_index() {
	local image=$1 release=$2 tmp=$3 modules=$3/lib/modules/$2

	mkdir -p "$tmp/lib/modules" &&
	cp -al "$image/lib/modules/$release" "$tmp/lib/modules/" &&
	rm -f "$modules"/modules.*.bin "$modules"/modules.{dep,alias,symbols,softdep,devname} &&
	(cd "/lib/modules/$release" && xargs -d '\n' cp --parents -L -t "$modules" <"$tmp/extra") &&
	depmod -b "$tmp" "$release"
}
