#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/check-tree finds what it is there to find: each check is given a tree that violates it.
. tests/cli/lib.sh

tree=$dir/tree
check_tree=$PWD/tests/check-tree

# A tree that has nothing wrong, as far as the checks below go.
clean()
{
	rm -rf "$tree"
	mkdir -p "$tree"/{src/diff,src/elf,src/cli,tests,fuzz}
	printf '# SPDX-License-Identifier: GPL-2.0-or-later\nall:\n' >"$tree/Makefile"
	cp .clang-format "$tree"
	put src/diff/diff.h <<'END'
#ifndef SUTURE_DIFF_DIFF_H
#define SUTURE_DIFF_DIFF_H
int diff_pick(int number, ...);
#endif
END
	put src/diff/diff.c <<'END'
/* This file picks the functions that differ. */
#include "diff/diff.h"

struct diff_choice {
	int number;
};

static const char *diff_text = "first line\n"
			       "second line\n";

static int diff_size(int a, int b, int c, int (*d)(int, int), int e, int f)
{
	return a + b + c + d(e, f);
}
END
	put src/elf/elf.h <<'END'
#define ELF_MAX 3
END
}

# put FILE: what comes in, behind a line with the licence.
put()
{
	{ echo "/* SPDX-License-Identifier: GPL-2.0-or-later */" && cat; } >"$tree/$1"
}

# passes NAME, finds NAME LINE: what the check of that name says.
passes()
{
	out=$("$check_tree" "$tree" "$1" 2>&1)
	check "passes: $1" contains "$out" "ok 1 - $1"
	check "passes: $1" lacks "$out" "not ok"
}

finds()
{
	out=$("$check_tree" "$tree" "$1" 2>&1)
	check "fails: $1" contains "$out" "not ok 1 - $1"
	check "fails: $1: $2" grep -qF "# $2" <<<"$out"
}

status=
lacks() { ! contains "$@"; }

clean
for name in "a folder includes only folders before it" "files have less than" \
	"functions have at most 80 lines" "functions have at most 6 parameters" \
	"each .c file says what it is for" "a message is one literal" "a name is defined in one file" \
	"no header is a collection" "files do not include each other in circles" "clang-format has nothing to change"; do
	passes "$name"
done

put src/elf/read.c <<<'#include "diff/diff.h"'
finds "a folder includes only folders before it" "src/elf/read.c:2: elf/ may not include"

clean
put src/elf/one.c <<<'#include "elf/two.h"'
put src/elf/two.c <<<'#include "elf/one.h"'
put src/elf/one.h <<<'struct one;'
put src/elf/two.h <<<'struct two;'
finds "files do not include each other in circles" "these include each other:"

clean
{ echo "/* This file is long, but nothing else. */" && yes "" | head -598; } | put src/elf/long.c
finds "files have less than" "src/elf/long.c: 600 lines"

clean
{
	printf '/* This file has a long function. */\nint elf_long(int a)\n{\n'
	yes "	a++;" | head -78
	printf '	return a;\n}\n'
} | put src/elf/long.c
finds "functions have at most 80 lines" "src/elf/long.c:4: elf_long() has 81 lines"

clean
put src/elf/many.c <<'END'
/* This file has functions with many parameters. */
static struct err *elf_all(int a, int b, int c, int d, int e,
			   int (*f)(int, int), int g)
{
	return f(a, b);
}

static __attribute__((format(printf, 6, 7))) int elf_print(int a, int b, int c, int d, int e,
							   const char *format, ...)
{
	return a;
}
END
finds "functions have at most 6 parameters" "src/elf/many.c:5: elf_all() has 7 parameters"
check "an ellipsis is no parameter" lacks "$out" elf_print

clean
put src/elf/mute.c <<<'#include <stdio.h>'
put src/elf/terse.c <<<'/* Tokens. */'
put src/elf/late.c <<'END'
#include <stdio.h>
/* This comes too late for somebody who opens the file. */
END
finds "each .c file says what it is for" "src/elf/mute.c:2: no comment"
finds "each .c file says what it is for" "src/elf/terse.c:2: the comment does not say"
finds "each .c file says what it is for" "src/elf/late.c:2: no comment"

clean
put src/elf/text.c <<'END'
/* This file has messages. */
const char *elf_texts[] = {"one and one", "two\n" "lines of a text",
			   "%s: cannot be " /* split */
			   "found by grep"};
const char elf_bytes[] = "\xe8" "abc";
END
finds "a message is one literal" 'src/elf/text.c:5: a message is split after "%s: cannot be "'
check "a text of lines and a string of bytes are no split messages" \
	[ "$(grep -c "a message is split" <<<"$out")" = 1 ]

clean
put src/elf/other.c <<'END'
/* This file defines what another one defines. */
struct diff_choice {
	long other;
};

static const int diff_text[] = {1, 2};

struct err *diff_size(int one)
{
	return 0;
}
END
mkdir -p "$tree/src/vm/guest"
put src/vm/guest/main.c <<'END'
/* The guest's program has a main of its own. */
int main(void)
{
	return 0;
}

static void diff_size(void)
{
}
END
put src/cli/main.c <<'END'
/* The program's main. */
int main(void)
{
	return diff_size(1);
}
END
finds "a name is defined in one file" \
	"src/diff/diff.c:13: diff_size is also defined in src/elf/other.c:10, src/vm/guest/main.c:9"
finds "a name is defined in one file" "src/diff/diff.c:5: struct diff_choice is also"
finds "a name is defined in one file" "src/diff/diff.c:9: diff_text is also"
check "every program may have a main" lacks "$out" ": main is"

clean
put src/elf/elf_internal.h <<<'#define ELF_MIN 1'
finds "no header is a collection" "src/elf/elf_internal.h"

if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
	clean
	put src/elf/wild.c <<<'int elf_wild ;'
	fails "clang-format has nothing to change" "src/elf/wild.c:2:"
fi
finish
