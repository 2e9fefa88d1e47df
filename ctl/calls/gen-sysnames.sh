#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Print, as C, the system call names and numbers that the kernel's own headers
# and syscalls.txt know, one table per ABI; the release of Linux with which each call came;
# and the names of calls that only other architectures have. libseccomp's table is usually
# older than the kernel; sysname.c uses this one for calls that libseccomp does not know.
#
# Both the C library's copy of the headers and those of $KDIR, if set, are read, and then
# syscalls.txt, for calls that are newer than these headers. Where the headers differ, those
# that define more calls are newer and win; syscalls.txt only adds to them.

set -eu
LC_ALL=C
export LC_ALL

kdir=${KDIR:-}
cc=${CC:-cc}
here=$(dirname "$0")

# The path of <asm/unistd_$1.h> that the compiler uses; nothing if it finds none.
system_header()
{
	printf '#include <asm/unistd_%s.h>\n' "$1" |
		$cc -M -x c - 2>/dev/null | tr ' ' '\n' |
		grep "/asm/unistd_$1\\.h\$" | head -n 1 || :
}

# "number name" of every call that the file $1 defines.
calls()
{
	"$here/unistd-calls.sh" "$1"
}

# The paths of the headers of ABI $1, the one with most calls first.
headers()
{
	for file in "$(system_header "$1")" \
		"$kdir/arch/x86/include/generated/uapi/asm/unistd_$1.h"; do
		if [ -f "$file" ]; then
			printf '%s %s\n' "$(calls "$file" | wc -l)" "$file"
		fi
	done | sort -s -k1,1nr | cut -d' ' -f2-
}

# The C table named $2 of ABI $1.
table()
{
	found=$(headers "$1")
	if [ -z "$found" ]; then
		echo "gen-sysnames.sh: no asm/unistd_$1.h; install linux-libc-dev" >&2
		exit 1
	fi
	printf '\nstatic const struct sysname_kernel %s[] = {\n' "$2"
	{
		printf '%s\n' "$found" | while read -r file; do
			calls "$file"
		done
		# Columns 3 to 5 are the ABIs 64, 32 and x32.
		awk -v abi="$1" '!/^#/ { nr = abi == 64 ? $3 : abi == 32 ? $4 : $5
			if (nr != "-") print nr, $1 }' "$here/syscalls.txt"
	} | awk '!($1 in name) { name[$1] = $2 }
		END { for (nr in name) print nr, name[nr] }' |
		sort -n | sed 's/\([0-9]*\) \(.*\)/\t{ \1, "\2" },/'
	printf '};\n'
}

# The releases of Linux with which calls came, for those of which it is known.
releases()
{
	printf '\nstatic const struct sysname_release sysname_releases[] = {\n'
	awk '!/^#/ && $2 != "-" { print "\t{ \"" $1 "\", \"" $2 "\" }," }' \
		"$here/syscalls.txt"
	printf '};\n'
}

# The names of calls that only other architectures have.
foreign()
{
	printf '\nstatic const char *const sysname_foreign[] = {\n'
	sed -e '/^#/d' -e 's/.*/\t"&",/' "$here/foreign.txt"
	printf '};\n'
}

echo '/* SPDX-License-Identifier: GPL-2.0 */'
echo '/* Made by ctl/calls/gen-sysnames.sh; changes here are lost. */'
table 64 sysname_kernel_x86_64
table 32 sysname_kernel_i386
table x32 sysname_kernel_x32
releases
foreign
