# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Containers of two programs that make one call each, so that all other calls in them are the
# runtime's own. Sourced by runtime-base and by tests.

# program FILE NUMBER: a program that makes that one call.
program() {
	echo "void _start(void) { for (;;) asm volatile(\"syscall\" :: \"a\"($2), \"D\"(0) : \"rcx\", \"r11\"); }" |
		cc -static -nostdlib -ffreestanding -x c -o "$1" -
}

# programs DIR: /end calls exit_group, and /stay calls pause.
programs() { program "$1/end" 231 && program "$1/stay" 34; }

# bundle_config SPEC PROGRAM WAY CGROUP-PATH [PROFILE]: what "RUNTIME spec" wrote, for that program;
# with no_new_privs, if WAY ends so.
bundle_config() {
	jq --arg program "/$2" --arg way "$3" --arg path "$4" --slurpfile filter "${5:-/dev/null}" '
		.process.terminal = false
		| .process.args = [$program]
		| .process.noNewPrivileges = ($way | endswith("no_new_privs"))
		| .linux.cgroupsPath = $path
		| if $filter == [] then del(.linux.seccomp)
		  else .linux.seccomp = $filter[0] end' "$1"
}
