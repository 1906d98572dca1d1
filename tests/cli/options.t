#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/cli/lib.sh

run
check "no command" fails 2 "see 'suture help'"
run frobnicate
check "unknown command" fails 2 "unknown command 'frobnicate'; see 'suture help'"
run buidl
check "a mistyped command: the one that is meant is named" fails 2 "did you mean 'build'?"
run help staus
check "a mistyped command after help: the one that is meant is named" fails 2 "did you mean 'status'?"
run build --kernl=6.1 x.patch
check "a mistyped option: the one that is meant is named" fails 2 "'--kernl'; did you mean '--kernel'?"
run build --dry-run=yes x.patch
check "an option that takes no value says so" fails 2 "option '--dry-run' takes no value"
run explain data-chnaged
check "a mistyped rule: the one that is meant is named" fails 2 "did you mean 'data-changed'?"
run build --allow data-chnaged=x x.patch
check "so after --allow" fails 2 "--allow: data-chnaged: there is no such rule; did you mean 'data-changed'?"
run build -o x
check "a missing patch is named" fails 2 "build: no PATCH was given"
run sign --key k --cert c
check "a missing module is named" fails 2 "sign: no MODULE was given"
run diff a.o
check "the second of two files is named when it is missing" fails 2 "diff: no PATCHED.o was given"
run --frobnicate
check "unknown option before the command" fails 2 "unknown option '--frobnicate'"
run fetch --frobnicate
check "unknown option of a command" fails 2 "'--frobnicate'"
run fetch -z
check "unknown letter" fails 2 "unknown option '-z'"
run fetch --kernel
check "option without its value" fails 2 "'--kernel' needs a value"
run fetch -k
check "letter without its value" fails 2 "'-k' needs a value"
run doctor extra
check "too many arguments" fails 2 "unexpected argument 'extra'"
run diff
check "too few arguments" fails 2 "usage: suture diff"
run help frobnicate
check "help on an unknown command" fails 2 "unknown command"

run --version
check "version" contains "$out" "suture 0."
run --help
check "help" contains "$out" "commands:"
run help
check "help as a command" contains "$out" "commands:"
commands=$(printf '%s\n' "$out" | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
check "there are commands" [ "$(lines "$commands")" -ge 2 ]
for command in $commands; do
	run "$command" --help
	check "$command: help" contains "$out" "usage: suture $command"
	check "$command: an example" contains "$out" "example:
  suture $command"
	check "$command: help is no failure" [ "$status" = 0 ]
	help=$out
	run help "$command"
	check "$command: both ways the same help" [ "$out" = "$help" ]
done

run --json frobnicate
check "an error as JSON" json '.error.code == 2 and (.error.message | contains("frobnicate"))'
check "nothing beside it" [ -z "$err" ]
run fetch --json --kernel ../x
check "schema of an error" json '.schema == "suture.fetch/1"'
check "its exit code" [ "$status" = 2 ]

"$suture" --version >/dev/full 2>"$dir/err"
status=$? out= err=$(cat "$dir/err")
check "output that cannot be written" fails 1 "standard output"
finish
