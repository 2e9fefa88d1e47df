#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: host
#
# A kernel outside of those that scmod is tested on: the build says so, be it by
# make or by DKMS.

cd "$(dirname "$0")/.." || exit
. selftests/tap.sh
. selftests/vm/image.sh
kver=$(image_version 6.1) || exit
# Of its own: selftests/matrix runs this for several kernels at once.
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
cp -rs "$PWD"/{Kbuild,dkms.conf,module,include} "$work/" || exit

# The headers of this machine's kernel under another number.
build() {
	make -s -C "/lib/modules/$kver/build" M="$work" VERSION="$1" PATCHLEVEL="$2" modules
}
t 'too old: no build, and why' says 'the oldest that scmod runs on is 5.10' build 5 9
t 'that is an error' exits 2 build 4 19
t 'newer than tested: it is built' build 7 3
t 'with a warning' says 'newer than 7.2, the newest that scmod is tested on' build 7 3
t 'the newest that is tested' says_not 'newer than' build 7 2
t 'the oldest that is tested' says_not 'newer than' build 5 10

# DKMS: the same range.
pattern=$(sed -n 's/^BUILD_EXCLUSIVE_KERNEL="\(.*\)"$/\1/p' dkms.conf)
takes() { [[ $1 =~ $pattern ]]; }
for release in 5.10.0-32-amd64 5.15.1 6.1.0-50-rt-amd64 6.12.117+deb13-amd64 6.18-rc1 7.0.1 7.2.12+deb14-amd64; do
	t "DKMS builds for $release" takes "$release"
done
for release in 4.19.0-1-amd64 5.9.1 5.1.1 5.100.1 7.3.0 7.20.1 8.0.0 50.10.1; do
	t "DKMS does not for $release" exits 1 takes "$release"
done
tap_end
