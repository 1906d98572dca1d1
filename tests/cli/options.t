#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/cli/lib.sh

run
check "no command is wrong use" fails 2 "see 'suture help'"
run --json
check "no command: JSON has the error" json '.error.code == 2'
check "no command: with --json, there is nothing else" [ -z "$err" ]
for pair in kpatch-build:build info:show apply:load remove:unload ls:list verify:test compile:build update:advise version:--version; do
	run "${pair%:*}" x
	check "the word of another tool, ${pair%:*}: what it is here" fails 2 "unknown command '${pair%:*}'; did you mean '${pair#*:}'?"
done
run frobnicate
check "an unknown command is wrong use" fails 2 "unknown command 'frobnicate'; see 'suture help'"
run buidl
check "a mistyped command: the one that is meant is named" fails 2 "did you mean 'build'?"
for pair in -s:source --sourcedir:source --config:build-dir --archversion:kernel; do
	run build "${pair%:*}" x tests/vm/patches/second.patch
	check "the option of kpatch-build, ${pair%:*}: what it is here" fails 2 "unknown option '${pair%:*}'; did you mean '--${pair#*:}'?"
done
run show -s x
check "such an option is not offered where there is none" fails 2 "unknown option '-s'; see 'suture help show'"
run help staus
check "a mistyped command after help: the one that is meant is named" fails 2 "did you mean 'status'?"
run build --kernl=6.1 x.patch
check "a mistyped option: the one that is meant is named" fails 2 "'--kernl'; did you mean '--kernel'?"
for words in "--jsno list" "list --jsno"; do
	# shellcheck disable=SC2086 # a command and an option
	run $words
	check "$words: a mistyped option of all commands is recognised" fails 2 "unknown option '--jsno'; did you mean '--json'?"
done
run build --dry-run=yes x.patch
check "an option that takes no value says so" fails 2 "option '--dry-run' takes no value"
run explain data-chnaged
check "a mistyped rule: the one that is meant is named" fails 2 "did you mean 'data-changed'?"
run build --allow data-chnaged=x tests/vm/patches/second.patch
check "a mistyped rule after --allow: the one that is meant is named" fails 2 "--allow: data-chnaged: there is no such rule; did you mean 'data-changed'?"
# value COMMAND... MESSAGE: the option's last value is none of those it takes
value() {
	run "${@:1:$#-1}"
	check "${*:1:$#-1}: the values and the nearest are named" fails 2 "${*: -1}"
}
value advise --apply=servces "--apply: 'servces' is not services; did you mean 'services'?"
value doctor --for lod "--for: 'lod' is not load, build, test or package; did you mean 'load'?"
value cover --to 6.1.2-1 --cut unt "--cut: 'unt' is not unit or file; did you mean 'unit'?"
value auto stauts "auto: 'stauts' is not run, status, history, hold or release; did you mean 'status'?"
value doctor --for frobnicate "--for: 'frobnicate' is not load, build, test or package"
check "a value that is near to none: none is offered" not contains "$err" "did you mean"
run build -o x
check "a missing patch is named" fails 2 "build: no PATCH was given"
run sign --key k --cert c
check "a missing module is named" fails 2 "sign: no MODULE was given"
run diff a.o
check "the second of two files is named when it is missing" fails 2 "diff: no PATCHED.o was given"
run --frobnicate
check "an unknown option before the command is wrong use" fails 2 "unknown option '--frobnicate'"
run fetch --frobnicate
check "an unknown option of a command is wrong use" fails 2 "'--frobnicate'"
run fetch -z
check "an unknown letter is wrong use" fails 2 "unknown option '-z'"
run fetch --kernel
check "an option without its value is wrong use" fails 2 "'--kernel' needs a value"
run fetch -k
check "a letter without its value is wrong use" fails 2 "'-k' needs a value"
run doctor extra
check "too many arguments are wrong use" fails 2 "unexpected argument 'extra'"
run diff
check "too few arguments are wrong use" fails 2 "usage: suture diff"
run help frobnicate
check "help on an unknown command is wrong use" fails 2 "unknown command"

run --version
check "--version prints the version" contains "$out" "suture 0."
run --help
check "--help prints the commands" contains "$out" "commands:"
run help
check "the command help prints the commands" contains "$out" "commands:"
commands=$(printf '%s\n' "$out" | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
check "help names at least one command" [ "$(lines "$commands")" -ge 2 ]
for command in $commands; do
	run "$command" --help
	check "$command: --help works" contains "$out" "usage: suture $command"
	check "$command: its help has an example" contains "$out" "example:
  suture $command"
	check "$command: --help succeeds" [ "$status" = 0 ]
	help=$out
	run help "$command"
	check "$command: both ways print the same help" [ "$out" = "$help" ]
done

run --json frobnicate
check "an error with --json is JSON" json '.error.code == 2 and (.error.message | contains("frobnicate"))'
check "an error with --json prints nothing else" [ -z "$err" ]
run fetch --json --kernel ../x
check "an error as JSON has its schema" json '.schema == "suture.fetch/1"'
check "an error as JSON has its exit code" [ "$status" = 2 ]

"$suture" --version >/dev/full 2>"$dir/err"
status=$? out= err=$(cat "$dir/err")
check "output that cannot be written is an error" fails 1 "standard output"
finish
