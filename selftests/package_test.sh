#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: host
# kernel: 6.1
#
# The Debian packages: two versions are built, installed, upgraded and purged in an overlay of
# this machine's root, which is forgotten. And the lists of files that the recipes for RPM and
# Alpine have.

# shellcheck disable=SC2317 # functions are called through t
# shellcheck disable=SC2016 # eval and other shells expand later

cd "$(dirname "$0")/.." || exit
. selftests/tap.sh
. selftests/vm/image.sh
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

new=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' dkms.conf)
old=0.0.1
kver=$(image_version 6.1) || exit
top=$PWD
# In the overlay.
dir=/tmp/scmod-package

# ---- the overlay

# overlay MOUNT: what is written below this mount point goes to $scratch, and is seen below $root.
overlay() {
	mkdir -p "$scratch/up$1" "$scratch/work$1" && mount -t overlay -o \
		"lowerdir=$1,upperdir=$scratch/up$1,workdir=$scratch/work$1" overlay "$root$1"
}

# The root of the overlay, with what need not be a part of the root file system: devices and the
# project.
make_root() {
	local mount

	mkdir "$scratch/root" && root=$scratch/root && overlay / || return
	for mount in /usr /var /etc; do
		! mountpoint -q "$mount" || overlay "$mount" || return
	done
	mount --rbind --make-rslave /dev "$root/dev" && mount --rbind --make-rslave /sys "$root/sys" &&
	mount -t proc proc "$root/proc" &&
	mount -t tmpfs run "$root/run" && mkdir -p "$root$top" "$root$dir" &&
	mount --bind "$top" "$root$top"
}

if [ $# -eq 0 ]; then
	# As in dkms_test.
	if [ -z "${SCMOD_PACKAGE_TEST:-}" ]; then
		export SCMOD_PACKAGE_TEST=1
		unshare --mount --propagation private true 2>/dev/null &&
			exec unshare --mount --propagation private "$0"
		exec unshare --mount --propagation unchanged "$0"
	fi
	scratch=$(mktemp -d)
	trap 'umount -R -l "$scratch"; rmdir "$scratch"' EXIT
	mount -t tmpfs scratch "$scratch" && make_root || exit
	chroot "$root" "$top/selftests/package_test.sh" overlay
	exit
fi


# ---- building

# deb VERSION: the paths of its packages.
deb() { echo "build/deb/scmod_$1_amd64.deb" "build/deb/scmod-dkms_$1_all.deb"; }
log() { echo "$dir/$1.log"; }
shown() { "${@:2}" >"$(log "$1")" 2>&1 </dev/null || { tail -n 40 "$(log "$1")"; return 1; }; }
t "make deb builds the packages of version $new" shown build dist/deb.sh "$new"
# shellcheck disable=SC2046
t 'both are there' dpkg-deb --show $(deb "$new") || { tap_end; exit 1; }
# The archive wants a first upload to close a bug; this is none.
lintian_of() { lintian --allow-root --tag-display-limit 0 --suppress-tags initial-upload-closes-no-bugs "$@"; }
t 'lintian finds nothing' eval '[ -z "$(lintian_of "build/deb/scmod_${new}_amd64.changes" 2>&1 | tee /dev/stderr)" ]'

# The older version has the same files, so that it need not be compiled.
older() {
	local package tree text

	for package in scmod scmod-dkms; do
		tree=$dir/$package
		dpkg-deb -R build/deb/"${package}_${new}"_*.deb "$tree" || return
		text=("$tree/DEBIAN/control" "$tree"/DEBIAN/p*)
		if [ "$package" = scmod-dkms ]; then
			mv "$tree/usr/src/scmod-$new" "$tree/usr/src/scmod-$old" || return
			text+=("$tree/usr/src/scmod-$old/dkms.conf")
		fi
		sed -i "s/${new//./\\.}/$old/g" "${text[@]}" && dpkg-deb -b "$tree" build/deb || return
	done
	rm -r "${dir:?}"/scmod*
}
t "packages of version $old" shown older older

# ---- what is in them

# below DIR: the files in it, sorted, as paths from there.
below() { (cd "$1" && find . -type f | sed 's|^\./||' | sort); }
same() { diff <(sort "$1") <(sort "$2"); }
make -s -C "build/deb/scmod-$new" install-ctl PREFIX=/usr KVER=none DESTDIR="$dir/tool" >/dev/null
make -s -C "build/deb/scmod-$new" dkms-source DESTDIR="$dir/source"
below "$dir/tool" >"$dir/tool.list"
below "$dir/source" >"$dir/source.list"
{ cat "$dir/tool.list" "$dir/source.list"; } >"$dir/all.list"
t 'what is installed are a tool, a manual, units and more' eval '[ "$(wc -l <"$dir/tool.list")" -ge 12 ]'

# deb_files PACKAGE: its files, at the places where make install has them.
deb_files() {
	dpkg-deb --fsys-tarfile "build/deb/$1" | tar t | sed -n '/\/$/d; s|^\./||; \|^usr/share/doc/|d
		s|^lib/systemd|usr/lib/systemd|; s|zsh/vendor-completions|zsh/site-functions|
		s|\(share/man/.*\)\.gz$|\1|; p'
}
t 'scmod has what make install-ctl installs' same "$dir/tool.list" <(deb_files "scmod_${new}_amd64.deb")
t 'scmod-dkms has what make dkms-source installs' same <(grep -v /COPYING "$dir/source.list") \
	<(deb_files "scmod-dkms_${new}_all.deb")
t 'all in /etc is a conffile' same <(sed -n 's|^etc/|/etc/|p' "$dir/tool.list") \
	<(dpkg-deb --ctrl-tarfile "build/deb/scmod_${new}_amd64.deb" | tar xO ./conffiles)

# rpm_files: the entries of %files, as patterns of the shell.
rpm_files() {
	rpmspec -P dist/rpm/scmod.spec |
		sed -n '/^%files/,/^%changelog/ { /^\//p; s/^%config[^ ]* //p }' | sed 's|^/||; s|/$|/*|'
}
# shellcheck disable=SC2053 # these are patterns
# covers LIST: does each file of it match a pattern of standard input, and each pattern a file?
covers() {
	local bad=0 pattern file

	mapfile -t patterns
	mapfile -t files <"$1"
	for file in "${files[@]}"; do
		for pattern in "${patterns[@]}"; do [[ $file != $pattern ]] || continue 2; done
		echo "not in the list: $file"
		bad=1
	done
	for pattern in "${patterns[@]}"; do
		printf '%s\n' "${files[@]}" | { while read -r file; do [[ $file != $pattern ]] || exit 0; done; exit 1; } ||
			{ echo "only in the list: $pattern"; bad=1; }
	done
	return "$bad"
}
t 'the spec file of RPM has the version' [ "$(rpmspec -q --qf '%{version}\n' dist/rpm/scmod.spec | sort -u)" = "$new" ]
t 'and lists what is installed' eval 'rpm_files | covers "$dir/all.list"'

# apk_files: what package() of the APKBUILD puts where; of the sources that were built above, so
# that nothing changes for other tests.
apk_files() {
	mkdir "$dir/apk" && sh -euc 'srcdir=$1/dist/apk pkgdir=$2
		. "$srcdir/APKBUILD"
		cd "$1" && package >/dev/null' sh "$top/build/deb/scmod-$new" "$dir/apk" && below "$dir/apk"
}
t 'the APKBUILD has the version' grep -qx "pkgver=$new" dist/apk/APKBUILD
t 'and installs the same, for OpenRC and akms' same \
	<(grep -v /systemd/ "$dir/all.list"; echo etc/init.d/scmod; echo "usr/src/scmod-$new/AKMBUILD") <(apk_files)
t 'its scripts parse' eval 'for file in dist/apk/*; do sh -n "$file" || exit; done'

# ---- several kernels

# everything: all files that a package may have put somewhere.
everything() {
	find /boot /etc /lib/modules /opt /usr /var -xdev \( -path /var/cache -o -path /var/log -o \
		-path /var/lib/dpkg -o -path /var/lib/apt \) -prune -o -print |
		grep -vE '^/var/lib/dkms/mok\.|^/(usr/)?lib/modules/[^/]*/modules\.' | sort
	find /run -iname '*scmod*'
}
everything >"$dir/before"

# For a kernel that scmod is not for, one without headers, and one for which nothing can be built.
fake() { mkdir -p "/lib/modules/$1/kernel"; }
excluded=5.4.0-1-amd64 bare=6.1.0-1-amd64 broken=6.1.0-2-amd64
fake "$excluded" && ln -s "/lib/modules/$kver/build" "/lib/modules/$excluded/build"
fake "$bare"
fake "$broken" && mkdir -p "/lib/modules/$broken/build/include" &&
	echo '%: ; @echo no such luck; false' >"/lib/modules/$broken/build/Makefile"

install() {
	# shellcheck disable=SC2046
	apt-get install -y --allow-downgrades $(deb "$1" | sed 's|build/deb|./&|g') >"$(log install)" 2>&1 </dev/null
}
configured() { [ "$(dpkg-query -W -f '${db:Status-Status} ${Version}\n' scmod scmod-dkms | sort -u)" = "installed $1" ]; }
told() { grep -F -- "$1" "$(log install)" || { cat "$(log install)"; return 1; }; }
module_is() { [ "$(modinfo -k "$kver" -F version scmod)" = "$1" ]; }

t 'apt installs them' eval 'install "$old" || { cat "$(log install)"; false; }'
t 'both are configured' configured "$old"
t 'the kernel with headers has the module' eval 'told "kernel $kver: the module is installed" && module_is "$old"'
t 'a kernel without headers: what to install' told "kernel $bare: no module, because its headers are missing. DKMS builds the module after: apt-get install linux-headers-$bare"
t 'a kernel that scmod is not for' told "kernel $excluded: no module, because scmod is not for this kernel"
t 'a kernel that can not be built for: where it says why' told "kernel $broken: no module, because it could not be built: see /var/lib/dkms/scmod/$old/build/make.log"
t 'apt is not broken by that' apt-get check
t 'the tool works' says "scmod $new" /usr/sbin/scmod version
t 'the manual is there, and names the files of the package' eval 'man scmod | col -bx | grep -F /usr/share/scmod/families'
t 'bash completes' eval 'bash -c ". /usr/share/bash-completion/bash_completion; _completion_loader scmod; complete -p scmod" | grep "F _scmod scmod"'
t 'no unit is enabled' eval '[ "$(systemctl is-enabled scmod.service scmod-apply.service | sort -u)" = disabled ]'

# ---- upgrade

systemctl -q enable scmod.service
echo '{}' >/etc/scmod/policies.d/own.json
mkdir -p /var/lib/scmod /run/scmod
echo '{}' >/var/lib/scmod/policies.json
rm -r "/lib/modules/$broken" "/lib/modules/$excluded" "/lib/modules/$bare"
t 'apt upgrades them' eval 'install "$new" || { cat "$(log install)"; false; }'
t 'both are configured' configured "$new"
t 'the new module is installed' module_is "$new"
t 'the old one is gone' eval '[ "$(dkms status scmod)" = "scmod/$new, $kver, x86_64: installed" ]'
t 'scmod.service is enabled as before' systemctl is-enabled scmod.service
t 'policies are as before' [ -e /etc/scmod/policies.d/own.json -a -e /var/lib/scmod/policies.json ]

# ---- purge

t 'apt purges them' eval 'apt-get purge -y scmod scmod-dkms </dev/null'
everything >"$dir/after"
t 'nothing is left' diff "$dir/before" "$dir/after"
tap_end
