#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Print, as C, a text file as one string: gen-text.sh NAME <FILE. Comments stay out
# of it, empty lines stay in, so that line numbers are those of the file.

set -eu
printf '/* Made by gen-text.sh. */\nstatic const char %s[] =\n' "$1"
sed -e 's/^#.*//' -e 's/[\\"]/\\&/g' -e 's/\t/\\t/g' -e 's/.*/\t"&\\n"/'
printf ';\n'
