#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What others wrote is read without harm, whatever it is: some hundred or thousand inputs
# each, the same every time. 'make fuzz' goes on for longer.
#
# vm: host

cd "$(dirname "$0")/.." || exit
. selftests/tap.sh

runs=${SCMOD_RUNS:-20000}
# Slower than the others by much: each is written in every form, and linted.
t 'any bytes as a profile' selftests/fuzz/run --runs $((runs / 40)) profile
t 'any bytes as answers of the module' selftests/fuzz/run --runs "$runs" nl
t 'any bytes as a program file' selftests/fuzz/run --runs "$runs" imports
# Each is read beside all that is built in.
t 'any bytes as rules or exploits' selftests/fuzz/run --runs $((runs / 20)) entries
tap_end
