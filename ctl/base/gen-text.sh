#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Print a text file as a C string: gen-text.sh NAME <FILE. Comment lines become empty
# lines, so that line numbers in messages match those of the file.

set -eu
printf '/* Made by gen-text.sh. */\nstatic const char %s[] =\n' "$1"
sed -e 's/^#.*//' -e 's/[\\"]/\\&/g' -e 's/\t/\\t/g' -e 's/.*/\t"&\\n"/'
printf ';\n'
