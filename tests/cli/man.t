#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Man pages as man(1) of a user's machine shows them, at a terminal of 80 columns.
. tests/cli/lib.sh

# shown PAGE...: what man says is wrong with pages; one call formats one page
shown() {
	local page

	for page; do
		LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null
	done
}

if [ -n "$(man --version 2>/dev/null | grep -o '^man [0-9]')" ]; then
	for page in man/*.[15]; do
		err=$(shown "$page")
		check "${page#man/}: man --warnings says nothing" [ -z "$err" ]
	done
	sed 's/^\.Sh DESCRIPTION/&\n.Xyz/' man/suture-list.1 >"$dir/wrong.1"
	err=$(shown "$dir/wrong.1")
	check "a mistake would be told" contains "$err" "Xyz"
else
	skip "man --warnings says nothing" "man of man-db is not installed: 'scripts/install-deps check'"
fi

# What a page of a command says of the way to call it is what its help says.
for page in man/suture-*.1; do
	name=${page#man/suture-}
	run help "${name%.1}"
	check "${page#man/}: is of a command" [ "$status" = 0 ]
done
finish
