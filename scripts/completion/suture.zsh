#compdef suture
# SPDX-License-Identifier: GPL-2.0-or-later
# Completes suture's command line in zsh.  Commands, options and trials are those that its help names.

# Lists "name:description" for each option in a help text on standard input.
_suture_read_options()
{
	sed -nE '/^options/,/^$/s/^  (-[a-zA-Z], |    )(--[a-z-]+)[^ ]*( [A-Z.|=]+)? +(.*)/\2:\4/p'
}

_suture_cache()
{
	if [[ -n $SUTURE_CACHE ]]; then
		echo $SUTURE_CACHE
	elif ((EUID == 0)); then
		echo /var/cache/suture
	else
		echo ${XDG_CACHE_HOME:-$HOME/.cache}/suture
	fi
}

# Lists the releases in the cache, whose folders are <release>_<version>, and the running one.
_suture_kernels()
{
	local folder

	uname -r
	for folder in $(_suture_cache)/kernels/*_*(N/); do
		[[ -f $folder/stamp.json ]] && echo ${${folder:t}%_*}
	done
}

# Completes the value of an option; fails if it has no values to offer.
_suture_value()
{
	local suture=$words[1]

	case $1 in
	--kernel | -k) compadd -- $(_suture_kernels) ;;
	--for) compadd -- load build test package ;;
	--trial | -t) compadd -- $($suture help test 2>/dev/null | sed -n '/^Trials/,/^$/s/^  \([a-z-]*\) .*/\1/p') ;;
	--apply) compadd -- services ;;
	--format) compadd -- deb rpm ;;
	--hash) compadd -- sha256 sha384 sha512 ;;
	--allow) compadd -S = -- $($suture explain 2>/dev/null | awk '/can be allowed/ { print $2 }') ;;
	--output | -o | --modules | --build-dir | --source | --toolchain | --root | --repo) _files -/ ;;
	--over) _files -g '*.ko*' ;;
	--image | --check | -c | --key | --cert | --passphrase-file | --prometheus | --junit | --html | --add | --series | --cves | --config)
		_files
		;;
	--name | -n | --jobs | -j | --expect | --cycles | --timeout | --memory | --wait | --watch | --to | --cve) ;;
	*) return 1 ;;
	esac
	return 0
}

_suture()
{
	local suture=$words[1] command word
	local -a commands options

	for word in $words[2,CURRENT-1]; do
		[[ $word == -* ]] || { command=$word && break }
	done
	if [[ $words[CURRENT] == --*=* ]]; then
		compset -P '*='
		_suture_value ${words[CURRENT]%%=*}
		return
	fi
	_suture_value $words[CURRENT-1] && return
	if [[ $words[CURRENT] == -* ]]; then
		options=(${(f)"$({ [[ -z $command ]] || $suture help $command; $suture help } 2>/dev/null | _suture_read_options)"})
		_describe option options
		return
	fi
	case $command in
	'' | help)
		commands=(${(f)"$($suture help 2>/dev/null | sed -nE '/^commands:/,/^$/s/^  ([a-z]+) +(.*)/\1:\2/p')"}
			"help:show a summary, or the options of a command")
		_describe command commands
		;;
	build) _files -g '*.(patch|diff|mbox)' ;;
	diff) _files -g '*.o' ;;
	explain) compadd -- $($suture explain 2>/dev/null | awk '{ print $2 }') ;;
	show | test | load | install | package | sign) _files -g '*.ko*' ;;
	publish) _files -g '*.(deb|rpm)' ;;
	auto) compadd -- run status history hold release ;;
	unload | status | uninstall) compadd -- /sys/kernel/livepatch/*(N/:t) ;;
	esac
}

_suture "$@"
