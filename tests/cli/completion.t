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
complete_words build --kernel = 6.1.0-
check "--kernel= offers the same, for which bash splits the word" \
	[ "$reply" = "$(printf '6.1.0-1-amd64\n6.1.0-2-amd64')" ]
complete_words build --kernel =
check "--kernel= offers them without a beginning, too" contains "$reply" "6.1.0-1-amd64"

# ---- zsh and fish, which read the program's help

mkdir "$dir/bin"
ln -s "$suture" "$dir/bin/suture"
PATH=$dir/bin:$PATH

# in_zsh WORD...: sets $reply to what zsh offers for the last word; what zsh itself has is made up
in_zsh() {
	reply=$(zsh -fc 'compadd() { while [[ $1 == -* && $1 != -- ]]; do [[ $1 == -S ]] && shift; shift; done; print -l -- "${@:2}" }
		_describe() { print -l -- ${${(P)2}%%:*} }
		_files() { print -r -- "files $*" }
		compset() { true }
		words=("$@") CURRENT=$#
		. scripts/completion/suture.zsh' zsh suture "$@" 2>&1 | sort)
}

# in_fish LINE: sets $reply to what fish offers for the last word
in_fish() { reply=$(HOME=$dir fish --no-config -c 'source scripts/completion/suture.fish; complete -C "$argv"' "$1" 2>&1 | cut -f1 | sort); }

# each_shell NAME TEXT WORD...: both offer something with that text for these words
offers() {
	local name=$1 text=$2

	shift 2
	in_zsh "$@"
	check "zsh: $name" contains "$reply" "$text"
	in_fish "suture $*"
	check "fish: $name" contains "$reply" "$text"
}

if command -v zsh >/dev/null && command -v fish >/dev/null; then
	in_zsh ""
	check "zsh: all commands are completed" [ "$reply" = "$(printf '%s\n' $commands help | sort)" ]
	in_fish "suture "
	check "fish: all commands are completed" [ "$reply" = "$(printf '%s\n' $commands help | sort)" ]
	for command in build advise; do
		run help "$command"
		options=$(printf '%s\n' "$out" | sed -n '/^options:/,/^$/p' |
			grep -oE '^  (-[a-z], |    )--[a-z-]*' | grep -o -- '--.*')
		in_zsh "$command" --
		check "zsh: all options of $command are completed" \
			[ "$reply" = "$(printf '%s\n' $options $global | sort)" ]
		in_fish "suture $command --"
		missing=$(comm -23 <(printf '%s\n' $options $global | sort -u) <(echo "$reply" | sort -u))
		check "fish: all options of $command are completed" [ -z "$missing" ]
	done
	offers "kernels of the cache" "6.1.0-1-amd64*6.1.0-2-amd64" build --kernel ""
	offers "kernels of the cache after --kernel=" "6.1.0-1-amd64*6.1.0-2-amd64" build --kernel=
	offers "trials" "cycles*hammer" test --trial ""
	offers "purposes" "build*load*package*test" doctor --for ""
	offers "rules" "data-changed" explain ""
else
	skip "completion in zsh and fish" "zsh and fish are not installed"
fi

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
