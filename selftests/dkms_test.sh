#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: alone
#
# DKMS: add, build, install, modprobe in a VM from that install, remove. All is
# done in a mount namespace whose changes to the machine's files are forgotten;
# the VM's root is what is seen there.

cd "$(dirname "$0")/.." || exit
. selftests/tap.sh
. selftests/vm/image.sh

if [ -z "${SCMOD_DKMS_TEST:-}" ]; then
	# In a chroot whose root is no mount point, nothing can be made private:
	# then what is mounted here is seen outside, until it is unmounted below.
	export SCMOD_DKMS_TEST=1
	unshare --mount --propagation private true 2>/dev/null &&
		exec unshare --mount --propagation private "$0"
	exec unshare --mount --propagation unchanged "$0"
fi

if [ "${SCMOD_KERNEL:-}" = debug ] || [ "$(image_tree "${SCMOD_KERNEL:-6.1}")" ]; then
	echo 'ok 1 # SKIP DKMS builds for kernels whose headers this machine has'
	echo '1..1'
	exit
fi
kver=$(image_version "${SCMOD_KERNEL:-6.1}") || exit
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' dkms.conf)

scratch=$(mktemp -d)
mount -t tmpfs scratch "$scratch" || exit
dirs='/usr/src /usr/local /var/lib/dkms /lib/modules'
# shellcheck disable=SC2086
trap 'umount -l $dirs "$scratch" 2>/dev/null; rmdir "$scratch"' EXIT
for dir in $dirs; do
	mkdir -p "$dir" "$scratch/$dir/up" "$scratch/$dir/work"
	mount -t overlay -o "lowerdir=$dir,upperdir=$scratch/$dir/up,workdir=$scratch/$dir/work" \
		overlay "$dir" || exit
done

# Everything that an install may put somewhere.
left() { find /usr/src /usr/local /var/lib/dkms /lib/modules -iname '*scmod*' 2>/dev/null; }
none() { [ -z "$("$@")" ] || { "$@"; return 1; }; }
vm() { selftests/vm/run -k "${SCMOD_KERNEL:-6.1}" --no-module -- sh -c "$1"; }

t 'nothing of scmod is installed yet' none left
t 'make dkms-install' make dkms-install KVER="$kver"
t 'DKMS calls it installed' says "scmod/$version, $kver, x86_64: installed" dkms status scmod
t 'in a VM: modprobe from there, and the installed tool finds all in place' \
	vm 'modprobe scmod max_policies=7 &&
	grep -q 7 /sys/module/scmod/parameters/max_policies &&
	case $(modinfo -F filename scmod) in */updates/dkms/*) ;; *) exit 1 ;; esac &&
	/usr/local/sbin/scmod doctor && rmmod scmod'
t 'dkms remove' dkms remove "scmod/$version" --all
t 'in a VM: modprobe finds it no more' vm '! modprobe scmod'
t 'make uninstall removes the rest' make uninstall KVER="$kver"
t 'nothing is left' none left

t 'dkms add of a source tree, as it is' dkms add "$PWD"
t 'a kernel that is not supported is refused, and it says so' \
	says BUILD_EXCLUSIVE dkms build "scmod/$version" -k 5.4.0-1-amd64 \
	--kernelsourcedir "/lib/modules/$kver/build"
t 'dkms build' dkms build "scmod/$version" -k "$kver"
t 'dkms install' dkms install "scmod/$version" -k "$kver"
t 'dkms remove leaves nothing built' dkms remove "scmod/$version" --all
rm -rf "/usr/src/scmod-$version"
t 'nothing is left but what was added by hand' none left

dest=$scratch/dest
t 'make install puts tool and module below DESTDIR' \
	make install KVER="$kver" DESTDIR="$dest" PREFIX=/usr
t 'all of it' test -x "$dest/usr/sbin/scmod" -a -e "$dest/lib/modules/$kver/updates/scmod.ko" \
	-a -e "$dest/usr/share/man/man8/scmod.8"
t 'make uninstall with the same DESTDIR' make uninstall KVER="$kver" DESTDIR="$dest" PREFIX=/usr
t 'nothing is left in DESTDIR' none find "$dest" -type f
tap_end
