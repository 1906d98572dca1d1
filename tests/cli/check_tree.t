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

# put FILE: writes standard input to the file, after a line with the licence.
put()
{
	{ echo "/* SPDX-License-Identifier: GPL-2.0-or-later */" && cat; } >"$tree/$1"
}

# passes NAME, finds NAME LINE…: runs the check of that name on the tree.
passes()
{
	out=$("$check_tree" "$tree" "$1" 2>&1)
	check "passes: $1" contains "$out" "ok 1 - $1"
	check "passes: $1" lacks "$out" "not ok"
}

finds()
{
	local name=$1 line

	out=$("$check_tree" "$tree" "$name" 2>&1)
	check "fails: $name" contains "$out" "not ok 1 - $name"
	for line in "${@:2}"; do
		check "fails: $name: $line" grep -qF "# $line" <<<"$out"
	done
}

status=
lacks() { ! contains "$@"; }

clean
for name in "a folder includes only folders before it" "files have less than" \
	"functions have at most 80 lines" "functions have at most 6 parameters" \
	"each .c file says what it is for" "a message is one literal" "a name is defined in one file" \
	"a name says whose it is" \
	"no header is a collection" "files do not include each other in circles" "clang-format has nothing to change"; do
	passes "$name"
done

put src/elf/read.c <<<'#include "diff/diff.h"'
finds "a folder includes only folders before it" "src/elf/read.c:2: elf/ may not include"
mkdir -p "$tree/src/vm/guest" "$tree/src/live"
put src/elf/read.c <<<'  # include <diff/diff.h>'
put src/live/read.c <<<'#include "vm/guest/guest.h"'
put src/vm/guest/own.c <<<'#include "vm/guest/guest.h"'
finds "a folder includes only folders before it" "src/elf/read.c:2: elf/ may not include diff/diff.h" \
	"src/live/read.c:2: vm/guest/guest.h belongs to the guest"
check "the guest may include its own headers" lacks "$out" vm/guest/own.c

# What checks nothing does not pass.
clean
"$check_tree" "$tree" "each .c file says what it is fro" >"$dir/run.out" 2>&1
check "words that are in no check's name fail" [ $? = 1 ]
rm -r "$tree/src"
"$check_tree" "$tree" >"$dir/run.out" 2>&1
check "a tree without sources fails" [ $? = 1 ]
clean
mkdir -p "$dir/no-format" && printf '#!/bin/sh\nexit 127\n' >"$dir/no-format/clang-format" &&
	chmod +x "$dir/no-format/clang-format"
out=$(PATH=$dir/no-format:$PATH "$check_tree" "$tree" "clang-format" 2>&1)
check "a check whose tool is missing says so" contains "$out" "# SKIP clang-format 14 is not installed"

clean
put src/elf/one.c <<<'#include "elf/two.h"'
put src/elf/two.c <<<'#include "elf/one.h"'
put src/elf/one.h <<<'struct one;'
put src/elf/two.h <<<'struct two;'
finds "files do not include each other in circles" "these include each other:"

# In the guest, headers have no folder; one file includes the other's header through a header.
clean
mkdir -p "$tree/src/vm/guest"
put src/vm/guest/count.c <<<'#include "use.h"'
put src/vm/guest/use.h <<<'#include "count.h"'
put src/vm/guest/count.h <<<'int count_of(void);'
finds "files do not include each other in circles" "these include each other:" "vm/guest/count"
put src/vm/guest/use.h <<<'int use_all(void);'
passes "files do not include each other in circles"

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
mkdir "$tree/tests/unit"
put tests/unit/test_mute.c <<<'#include <stdio.h>'
put fuzz/fuzz_mute.c <<<'#include <stdio.h>'
finds "each .c file says what it is for" "src/elf/mute.c:2: no comment" "tests/unit/test_mute.c:2: no comment" \
	"fuzz/fuzz_mute.c:2: no comment" \
	"src/elf/terse.c:2: the comment does not say" "src/elf/late.c:2: no comment"

clean
put src/elf/text.c <<'END'
/* This file has messages. */
const char *elf_texts[] = {"one and one", "two\n" "lines of a text",
			   "%s: cannot be " /* split */
			   "found by grep"};
const char elf_bytes[] = "\xe8" "abc";
const char elf_split[] = "nothing is in " ELF_DIR " as yet";
const char elf_number[] = "value of %" PRIu64 " bytes", elf_path[] = "/run/" ELF_DIR "/lock";
END
finds "a message is one literal" 'src/elf/text.c:5: a message is split after "%s: cannot be "' \
	'src/elf/text.c:7: a message is split after "nothing is in " ELF_DIR'
check "a text of lines, a string of bytes, a format and a path are no split messages" \
	[ "$(grep -c "a message is split" <<<"$out")" = 2 ]

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
	"src/diff/diff.c:13: diff_size is also defined in src/elf/other.c:10, src/vm/guest/main.c:9" \
	"src/diff/diff.c:5: struct diff_choice is also" "src/diff/diff.c:9: diff_text is also"
check "every program may have a main" lacks "$out" ": main is"

clean
put src/elf/words.h <<'END'
#include "elf/elf_list.h"
struct token {
	int kind;
};
END
put src/elf/elf_list.h <<<'struct list;'
put src/elf/words.c <<'END'
/* This file has names of all kinds. */
#include "elf/words.h"

int elf_sum(void)
{
	return 0;
}

int word_count(void)
{
	return 0;
}

bool token_is(const struct token *token)
{
	return token;
}

void list_put(struct list *list)
{
}

static int count_all(void)
{
	return 0;
}

struct token *find_token(int (*find)(int, int))
{
	return find(0, 0);
}

void tokenize(void)
{
}
END
put src/cli/diff_page.c <<'END'
/* This file shows what another folder finds. */
int diff_page(void)
{
	return 0;
}
END
finds "a name says whose it is" "src/elf/words.c:30: find_token() is named neither" \
	"src/elf/words.c:35: tokenize() is named neither" "src/cli/diff_page.c:4: diff_page() is named by the folder diff/"
check "names of the folder, the file and its types are not reported" \
	[ "$(grep -c "is named neither" <<<"$out")" = 2 ]

clean
put src/elf/part.h <<'END'
int elf_part(void);
int diff_pick(int number, ...);
END
put src/elf/part.c <<'END'
/* This file has a function that its own header declares. */
int elf_part(void)
{
	return 0;
}
END
put src/diff/pick.c <<'END'
/* This file has a function that a foreign header declares, too. */
int diff_pick(int number, ...)
{
	return number;
}
END
finds "a function is declared in its file's header" \
	"src/elf/part.h:3: diff_pick() is declared here and defined in src/diff/pick.c"
check "its own header and that of its folder may declare a function" \
	[ "$(grep -c "is declared here" <<<"$out")" = 1 ]

clean
put src/elf/elf_internal.h <<<'#define ELF_MIN 1'
finds "no header is a collection" "src/elf/elf_internal.h"

if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
	clean
	put src/elf/wild.c <<<'int elf_wild ;'
	finds "clang-format has nothing to change" "src/elf/wild.c:2:"
fi

clean
put src/elf/part.h <<<'int elf_part(void);'
put src/diff/pick.c <<<'#include "elf/part.h"'
finds "a folder's internals are its own" "src/diff/pick.c:2: elf/part.h is internal to elf/"

clean
mkdir "$tree/src/image"
put src/image/map.h <<<'int image_map(void);'
finds "each folder has its public header" "src/image/: no header"

# The second header needs what the first one includes, the last one a file that does not exist.
clean
passes "each header compiles alone"
put src/elf/a.h <<<'#include <stddef.h>'
put src/elf/b.h <<<'int elf_part(size_t size);'
put src/elf/c.h <<<'int elf_list(struct elf_none none[1]);'
put src/elf/d.h <<<'#include "elf/nowhere.h"'
finds "each header compiles alone" "src/elf/b.h:2:" "src/elf/c.h:2:" "src/elf/d.h:2:"
check "a header that includes what it needs compiles" lacks "$out" src/elf/a.h
(
	# Without clang, gcc finds the same.
	mkdir -p "$dir/no-clang" && printf '#!/bin/sh\nexit 127\n' >"$dir/no-clang/clang" &&
		chmod +x "$dir/no-clang/clang"
	PATH=$dir/no-clang:$PATH "$check_tree" "$tree" "each header compiles alone"
) >"$dir/by-gcc" 2>&1
check "gcc finds the header that lacks an include" grep -qF "# src/elf/b.h:2:" "$dir/by-gcc"
check "gcc finds the header that includes no file" grep -qF "# src/elf/d.h:2:" "$dir/by-gcc"

clean
put src/elf/wide.c <<<"int elf_wide; $(printf '%0100d' 0)"
finds "lines have at most 100 columns" "src/elf/wide.c:2: 114 columns"

clean
echo 'int elf_free;' >"$tree/src/elf/free.c"
finds "files say their licence" "src/elf/free.c: no SPDX line"

clean
put src/elf/loud.c <<<'void elf_loud(void) { puts("x"); }'
put src/cli/loud.c <<<'void cli_loud(void) { puts("x"); }'
finds "below cli/ nothing prints or exits" "src/elf/loud.c:2:"
finds "in cli/ one file prints" "src/cli/loud.c:2:"

clean
# The path is in two parts, so that this file does not contain it.
put src/elf/here.c <<<"/* See /home""/someone/notes. */"
put src/elf/blank.c <<<'int elf_blank; '
finds "no paths of one machine" "src/elf/here.c:2:"
finds "no blanks at ends of lines" "src/elf/blank.c:2:"

clean
printf '#!/bin/sh\n' >"$tree/tests/run"
finds "scripts are executable" "tests/run: starts with #!"

clean
mkdir -p "$tree"/{man,doc,scripts/completion,src/finding,src/safety,src/klp,tests/vm/rules/known}
printf '\t&cmd_build,\n\t&cmd_load,\n' >"$tree/src/cli/main.c"
printf '.TH SUTURE 1 2026-01-01 Suture\n.SH NAME\nsuture \\- build\n' | tee "$tree/man/suture.1" >"$tree/man/suture-build.1"
echo 'commands="build"' >"$tree/scripts/completion/suture.bash"
finds "commands have man pages and completion" "man/suture-load.1: missing" "man/suture.1: no load" \
	"scripts/completion/suture.bash: no load"
check "a command that is documented is not reported" lacks "$out" build
passes "man pages have no mistakes"
echo '.XY' >>"$tree/man/suture-build.1"
finds "man pages have no mistakes" "troff: man/suture-build.1:4: warning: macro 'XY' not defined"
if command -v mandoc >/dev/null; then
	sed -i '/XY/d' "$tree/man/suture-build.1"
	printf '.SH EXAMPLES\n.PP\n' >>"$tree/man/suture-build.1"
	finds "man pages have no mistakes" "mandoc: man/suture-build.1:5:2: WARNING: skipping paragraph macro"
fi

cat >"$tree/src/finding/rule.c" <<'END'
	{"known", REFUSE, false, "a rule with everything"},
	{"bare", WARN, true, "a rule without anything"},
END
printf '### known\n\nRefuses.\n' >"$tree/doc/rules.md"
echo 'finding_add(list, "known"); finding_add(list, "unknown");' >"$tree/src/safety/judge.c"
printf 'piece_refuse(\n\tpiece, "odd");\n' >"$tree/src/klp/piece.c"
echo 'Expect: refuse known | fs/a.c: a' >"$tree/tests/vm/rules/known/fires.patch"
echo 'Expect: no known | fs/a.c: b' >"$tree/tests/vm/rules/known/near-miss.patch"
finds "rules are explained" "src/finding/rule.c: bare WARN true"
finds "findings name rules" "src/safety/judge.c: src/finding/rule.c has no rule unknown" \
	"src/klp/piece.c: src/finding/rule.c has no rule odd"
check "a rule of the table is not reported" lacks "$out" "no rule known"
# A finding about the machine names a check of the running kernel, a finding on a patch does not.
printf '\tLIVE("seen", WARN, "a check with a section"),\n\tLIVE("mute", NOTE, "one without"),\n' >>"$tree/src/finding/rule.c"
printf '\n### seen\n\nWarns.\n' >>"$tree/doc/rules.md"
mkdir -p "$tree/src/live"
cat >"$tree/src/live/judge.c" <<'END'
finding_add_about(
	list, SEVERITY_WARN, "unheard", NULL, NULL, "text");
precheck_add(check, own ? SEVERITY_NOTE : SEVERITY_WARN, "unseen",
	     NULL, NULL, "text");
finding_add_error(list, SEVERITY_WARN, "unread", error);
finding_add_about(list, SEVERITY_WARN, "seen", NULL, NULL, "%s", "text");
finding_add(list, "seen", path, NULL, "text");
END
finds "rules are explained" "src/finding/rule.c: mute NOTE false"
check "a check with a section is not reported" lacks "$out" seen
finds "findings name rules" "src/live/judge.c: src/finding/rule.c has no rule unheard" \
	"src/live/judge.c: src/finding/rule.c has no rule unseen" "src/live/judge.c: src/finding/rule.c has no rule unread" \
	"src/live/judge.c: seen is no rule on patches"
check "a check of the table is not reported" lacks "$out" "no rule seen"
rm -r "$tree/src/live"
# Each folder is read, whatever the form in which a finding names its rule.
for folder in reach pair patch cover; do
	mkdir -p "$tree/src/$folder"
	printf 'finding_add(\n\tlist, known ? "known"\n\t: "no-%s", NULL, "text");\n' $folder \
		>"$tree/src/$folder/judge.c"
done
printf '#define RULE "constant"\nfinding_add(&it->list, RULE, NULL, "text");\n' >"$tree/src/pair/rule.c"
cat >"$tree/src/cover/rule.c" <<'END'
static const char *rule_of(const struct type *type)
{
	return type ? "known" : "returned";
}
finding_add(list, rule_of(type), "path", "text");
END
finds "findings name rules" "src/reach/judge.c: src/finding/rule.c has no rule no-reach" \
	"src/pair/judge.c: src/finding/rule.c has no rule no-pair" \
	"src/patch/judge.c: src/finding/rule.c has no rule no-patch" \
	"src/cover/judge.c: src/finding/rule.c has no rule no-cover" \
	"src/pair/rule.c: src/finding/rule.c has no rule constant" \
	"src/cover/rule.c: src/finding/rule.c has no rule returned"
check "texts that are no rules are not reported" [ "$(grep -c "has no rule" <<<"$out")" = 8 ]
finds "rules have fixtures on a real kernel" "tests/vm/rules/bare/fires.patch: nothing" \
	"tests/vm/rules/bare/near-miss.patch: nothing"
check "a rule with both fixtures is not reported" lacks "$out" rules/known
printf '\tone bare note x\n\tnone bare x\n' >"$tree/tests/vm/bare.t"
finds "rules have fixtures on a real kernel" "tests/vm/rules/bare/fires.patch: nothing"
check "a test's own near miss counts" lacks "$out" bare/near-miss
printf '\tone bare warn x\n\tnone bare x\n' >"$tree/tests/vm/bare.t"
passes "rules have fixtures on a real kernel"
echo 'Expect: warn known | fs/a.c: a' >"$tree/tests/vm/rules/known/fires.patch"
finds "rules have fixtures on a real kernel" "tests/vm/rules/known/fires.patch: nothing"
finish
