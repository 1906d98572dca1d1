#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An escape sequence in any input reaches neither a terminal, nor JSON, nor a page.
. tests/cli/lib.sh

bad=$'\033]0;owned\007\033[31mred\302\233mb\nad'

# clean: the last run printed something, without control characters on either stream
clean()
{
	local text

	text=$(LC_ALL=C tr -d '\n\t' <<<"$out$err")
	[ -n "$text" ] && ! LC_ALL=C grep -qaP '[\x00-\x1f\x7f]|\xc2[\x80-\x9f]' <<<"$text"
}

run "$bad"
check "the name of a command is printed as text" clean
run "--$bad"
check "an option is printed as text" clean
run build "--$bad" x.patch
check "an option of a command is printed as text" clean
run build --jobs "$bad" x.patch
check "the value of an option is printed as text" clean
run build "$dir/$bad.patch"
check "the name of a missing patch is printed as text" clean
run show "$dir/$bad.ko"
check "the name of a missing module is printed as text" clean
check "foreign names are printed as text" contains "$err" '\x1b[31mred'
check "foreign names cannot add lines" [ "$(wc -l <<<"$err")" = 1 ]
: >"$dir/$bad.ko"
run show "$dir/$bad.ko"
check "the name of a file that is not a module is printed as text" clean
run --json show "$dir/$bad.ko"
check "an error as JSON contains no escape sequence" clean
run explain "$bad"
check "the name of a rule is printed as text" clean
run fetch --kernel "$bad"
check "the name of a release is printed as text" clean

# Names of symbols may contain any byte but NUL.
compile()
{
	gcc -O2 -ffunction-sections -c -x c -o "$dir/$1.o" - <<<"int f(int a) { return a + $2; }" &&
		objcopy --redefine-sym f=$'f\033[31m\007' "$dir/$1.o" || exit 1
}
compile one 1
compile two 2
run diff "$dir/one.o" "$dir/two.o"
check "diff prints no control characters of symbols' names" clean
check "diff prints symbols' names as text" contains "$out" 'function f\\x1b'
run --json diff "$dir/one.o" "$dir/two.o"
check "diff --json contains symbols' names as text" clean

# The files of a made-up machine contain escape sequences.
root=$dir/root
mkdir -p "$root/etc/suture/advise.d" "$root/proc/sys/kernel"
printf '6.1.0-1-amd64\033[31m\n' >"$root/proc/sys/kernel/osrelease"
run advise --root "$root" --now
check "the release of a machine is printed as text" clean
printf '[unit \033[31mx\n' >"$root/etc/suture/advise.d/x.conf"
run advise --root "$root" --now
check "the text of a rule that is not valid is printed as text" clean
printf 'require-tested = \033[31m\n' >"$root/etc/suture/suture.conf"
run install --root "$root" "$dir/one.o"
check "the text of a setting that is not valid is printed as text" clean
finish
