#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/cli/lib.sh

run
check "no command" fails 2 "see 'suture help'"
run frobnicate
check "unknown command" fails 2 "unknown command 'frobnicate'"
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
