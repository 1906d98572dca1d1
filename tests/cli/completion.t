#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion offers what the program's own help names, and nothing else; man pages name the same.
. tests/cli/lib.sh
. scripts/completion/suture.bash

# complete WORD...: sets $reply to what is offered for the last word.
complete_words()
{
	COMP_WORDS=(suture "$@")
	COMP_CWORD=$#
	_suture 2>/dev/null
	reply=$(printf '%s\n' "${COMPREPLY[@]}" | sort)
}

run help
commands=$(printf '%s\n' "$out" | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
complete_words ""
check "commands are completed" [ "$reply" = "$(printf '%s\n' $commands help | sort)" ]
complete_words do
check "the beginning of a command is completed" [ "$reply" = doctor ]
complete_words --json bu
check "a command after a global option is completed" [ "$reply" = build ]

global=$(printf '%s\n' "$out" | grep -o -- '--[a-z-]*')
for command in $commands; do
	run help "$command"
	options=$(printf '%s\n' "$out" | sed -n '/^options:/,/^$/p' |
		grep -oE '^  (-[a-z], |    )--[a-z-]*' | grep -o -- '--.*')
	complete_words "$command" -
	check "$command: its options are completed" [ "$reply" = "$(printf '%s\n' $options $global | sort)" ]
	page=$(sed 's/\\//g' "man/suture-$command.1")
	missing=
	for option in $options; do
		contains "$page" "Fl Fl ${option#--}" || missing="$missing $option"
	done
	check "$command: options are in the man page ($missing)" [ -z "$missing" ]
done

mkdir -p "$SUTURE_CACHE"/kernels/{6.1.0-1-amd64_6.1.1-1,6.1.0-2-amd64_6.1.2-1,6.1.0-3-amd64_6.1.3-1}
touch "$SUTURE_CACHE"/kernels/6.1.0-1-amd64_6.1.1-1/stamp.json \
	"$SUTURE_CACHE"/kernels/6.1.0-2-amd64_6.1.2-1/stamp.json
complete_words build --kernel 6.1.0-
check "--kernel offers only complete kernels of the cache" \
	[ "$reply" = "$(printf '6.1.0-1-amd64\n6.1.0-2-amd64')" ]
mkdir "$dir/files"
cd "$dir/files" && touch a.patch b.diff c.ko d.ko.xz e.o f.txt && mkdir folder
complete_words build ""
check "build offers patches" [ "$reply" = "$(printf 'a.patch\nb.diff\nfolder')" ]
complete_words show ""
check "test offers modules" [ "$reply" = "$(printf 'c.ko\nd.ko.xz\nfolder')" ]
complete_words diff e.o ""
check "diff offers objects" [ "$reply" = "$(printf 'e.o\nfolder')" ]
run help test
trials=$(printf '%s\n' "$out" | sed -n '/^Trials/,/^$/s/^  \([a-z-]*\) .*/\1/p')
complete_words test --trial ""
check "test has trials" contains "$trials" hammer
check "test offers each trial, and nothing else" [ "$reply" = "$(printf '%s\n' $trials | sort)" ]
complete_words sign --hash ""
check "sign offers hash algorithms" [ "$reply" = "$(printf 'sha256\nsha384\nsha512')" ]
complete_words build -o ""
check "--output offers folders" [ "$reply" = folder ]
finish
