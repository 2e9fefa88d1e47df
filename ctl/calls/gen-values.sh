#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Print the C table of the names of values that FILE... define:
#
#	ctl/calls/gen-values.sh FILE...
#
# values.txt says what a file looks like. A table "of" another name needs that name before it.

set -eu
echo '/* SPDX-License-Identifier: GPL-2.0 */'
echo '/* Made by ctl/calls/gen-values.sh; changes here are lost. */'
echo 'static const struct value_name value_names[] = {'
awk '
	/^#/ || !NF { next }
	/^\[/ {
		sub(/\].*/, ""); sub(/^\[/, "")
		parents = split($0, word, " ") - 2
		if (parents < 1) parents = 0
		for (i = 1; i <= parents; i++)
			if (!(word[i + 2] in number)) {
				print FILENAME ": no name " word[i + 2] >"/dev/stderr"
				exit 1
			}
		next
	}
	{
		number[$1] = $2
		if (!parents)
			printf "\t{ \"%s\", false, 0, \"%s\", %su },\n", word[1], $1, $2
		for (i = 1; i <= parents; i++)
			printf "\t{ \"%s\", true, %s, \"%s\", %su },\n", word[1],
				number[word[i + 2]], $1, $2
	}' "$@"
echo '};'
