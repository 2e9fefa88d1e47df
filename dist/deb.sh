#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Build the Debian packages of version $1 from the tracked files, as they are in the work tree
# now: build/deb/scmod_VERSION_amd64.deb and scmod-dkms_VERSION_all.deb. Packages of several
# versions may stand there side by side; what was built of the same version before is replaced.
set -eu

version=${1:?VERSION}
cd "$(dirname "$0")/.."
top=$PWD
tree=$top/build/deb/scmod-$version

for tool in dpkg-buildpackage dh dh_dkms; do
	command -v "$tool" >/dev/null || {
		echo "scmod: $tool is missing. Run selftests/deps.sh build package" >&2
		exit 1
	}
done

# The files of the project, each ended by a NUL; all files where it is no clone (a tarball).
files()
{
	if [ -e .git ]; then
		git ls-files -z
	else
		find . -path ./build -prune -o \( -type f -o -type l \) -print0
	fi
}

rm -rf "$tree" "$top/build/deb/scmod_$version"* "$top/build/deb/scmod-"*"_$version"*
mkdir -p "$tree"
files | xargs -0 cp -P --preserve=mode --parents -t "$tree" --
cd "$tree"
mv dist/debian debian
sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$version\"/" dkms.conf

# The date of the last commit makes two builds of it the same.
commit=$(git -C "$top" log -1 --format=%h 2>/dev/null || echo 'a tarball')
date=$(git -C "$top" log -1 --format=%cD 2>/dev/null || date -R -r dkms.conf)
cat >debian/changelog <<END
scmod ($version) unstable; urgency=medium

  * Packages of scmod $version, built from $commit.

 -- $(sed -n 's/^Maintainer: //p' debian/control)  $date
END

exec dpkg-buildpackage -us -uc -b
