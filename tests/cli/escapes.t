#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever way an escape sequence comes in, none gets out to a terminal, to JSON or to a page.
. tests/cli/lib.sh

bad=$'\033]0;owned\007\033[31mred\302\233mb\nad'

# clean: neither stream of the last run holds control characters, and something was told
clean()
{
	local text

	text=$(LC_ALL=C tr -d '\n\t' <<<"$out$err")
	[ -n "$text" ] && ! LC_ALL=C grep -qaP '[\x00-\x1f\x7f]|\xc2[\x80-\x9f]' <<<"$text"
}

run "$bad"
check "the name of a command" clean
run "--$bad"
check "an option" clean
run build "--$bad" x.patch
check "an option of a command" clean
run build --jobs "$bad" x.patch
check "the value of an option" clean
run build "$dir/$bad.patch"
check "the name of a patch that is not there" clean
run show "$dir/$bad.ko"
check "the name of a module that is not there" clean
check "foreign names are printed as text" contains "$err" '\x1b[31mred'
check "foreign names cannot add lines" [ "$(wc -l <<<"$err")" = 1 ]
: >"$dir/$bad.ko"
run show "$dir/$bad.ko"
check "the name of a file that is no module" clean
run --json show "$dir/$bad.ko"
check "JSON of an error" clean
run explain "$bad"
check "the name of a rule" clean
run fetch --kernel "$bad"
check "the name of a release" clean

# Names of symbols: any bytes but NUL.
compile()
{
	gcc -O2 -ffunction-sections -c -x c -o "$dir/$1.o" - <<<"int f(int a) { return a + $2; }" &&
		objcopy --redefine-sym f=$'f\033[31m\007' "$dir/$1.o" || exit 1
}
compile one 1
compile two 2
run diff "$dir/one.o" "$dir/two.o"
check "the names of functions" clean
check "the names are printed as text" contains "$out" 'function f\\x1b'
run --json diff "$dir/one.o" "$dir/two.o"
check "the names of functions, as JSON" clean

# A made-up machine: the lines of its files.
root=$dir/root
mkdir -p "$root/etc/suture/advise.d" "$root/proc/sys/kernel"
printf '6.1.0-1-amd64\033[31m\n' >"$root/proc/sys/kernel/osrelease"
run advise --root "$root" --now
check "the release of a machine" clean
printf '[unit \033[31mx\n' >"$root/etc/suture/advise.d/x.conf"
run advise --root "$root" --now
check "a rule that is broken" clean
printf 'require-tested = \033[31m\n' >"$root/etc/suture/suture.conf"
run install --root "$root" "$dir/one.o"
check "a setting that is wrong" clean
finish
