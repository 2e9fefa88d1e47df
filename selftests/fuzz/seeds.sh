#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What the fuzz targets begin with, into OUT/seeds/TARGET: seeds.sh OUT.
set -eu

out=$1
rm -rf "$out/seeds"
mkdir -p "$out/seeds/profile" "$out/seeds/nl" "$out/seeds/imports" "$out/seeds/entries"

# What LSan has to say of a program that ends is of no interest here.
export ASAN_OPTIONS=detect_leaks=0
"$out/seed" profile "$out/seeds/profile" 2>/dev/null
"$out/seed" nl "$out/seeds/nl"
cat >"$out/seeds/profile/rules" <<'END'
{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,"architectures":["SCMP_ARCH_X86_64",
"SCMP_ARCH_X86","SCMP_ARCH_X32"],"archMap":null,"syscalls":[{"names":["read","write"],
"action":"SCMP_ACT_ALLOW","args":[],"comment":"","includes":{},"excludes":{}},
{"name":"open","action":"SCMP_ACT_LOG"},{"names":["clone3"],"action":"SCMP_ACT_ERRNO",
"errnoRet":38},{"names":["reboot"],"action":"SCMP_ACT_KILL_THREAD"}]}
END
cat >"$out/seeds/profile/conditions" <<'END'
{"defaultAction":"SCMP_ACT_ERRNO","archMap":[{"architecture":"SCMP_ARCH_X86_64",
"subArchitectures":["SCMP_ARCH_X86"]}],"syscalls":[{"names":["read","socket"],
"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":8,"op":"SCMP_CMP_EQ"}],
"includes":{"caps":["CAP_SYS_ADMIN"],"arches":["amd64"],"minKernel":"4.8"},"excludes":{}},
{"names":["mount"],"action":"SCMP_ACT_KILL_PROCESS"}]}
END
for file in /usr/share/containers/seccomp.json /usr/share/docker/seccomp.json; do
	[ ! -e "$file" ] || cp "$file" "$out/seeds/profile/${file##*/}"
done

cp ../../ctl/infer/families.txt ../../ctl/infer/functions.txt ../../ctl/report/exploits.txt "$out/seeds/entries/"
printf 'x 2020 y: read i386:open|x32:open # https://a\nCVE-2016-5195:\n' >"$out/seeds/entries/exploit"
printf 'family x: open\n\t=> openat # y\nset z: read\n\t@clock # y\nfunction z y: @z\nbase z go: read # y\nnever keys:\n' >"$out/seeds/entries/rules"

# Small images: of each class, a program and a library, with symbols and without.
cat >"$out/seeds.in.c" <<'END'
int read(int, void *, long), fork(void), epoll_wait(int, void *, int, int);
int use(void) { return read(0, 0, 0) + fork() + epoll_wait(0, 0, 0, 0); }
END
for class in 64 32; do
	${CLANG:-clang} -m$class -shared -nostdlib -Os -s -Wl,-z,noseparate-code,--build-id=none \
		-o "$out/seeds/imports/lib$class" "$out/seeds.in.c"
	${CLANG:-clang} -m$class -c -Os -o "$out/seeds/imports/object$class" "$out/seeds.in.c"
done
rm "$out/seeds.in.c"
