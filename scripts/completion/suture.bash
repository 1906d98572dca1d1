# SPDX-License-Identifier: GPL-2.0-or-later
# Completes suture's command line in bash: commands, options, cached kernels, files.

# Lists the options of one command, from its help.
_suture_options()
{
	case $1 in
	fetch) echo "--kernel --image --modules --build-dir --source --toolchain --list" ;;
	doctor) echo "--kernel --image --modules --build-dir --source --toolchain --for --root" ;;
	build)
		echo "--kernel --image --modules --build-dir --source --toolchain --output --name --dry-run \
			--no-replace --html --allow --cve --no-sandbox --jobs"
		;;
	cover)
		echo "--to --kernel --image --modules --build-dir --source --toolchain --output --name --cut --series --cves --loaded --add --html --explain --dry-run \
			--no-sandbox --jobs"
		;;
	test)
		echo "--kernel --image --modules --check --expect --show --trial --thorough --cycles --over \
			--require-coverage --junit --timeout --memory"
		;;
	cache) echo "--prune --older-than --max-size" ;;
	load) echo "--timeout --wait --watch --installed --dry-run" ;;
	unload) echo "--all --timeout --wait" ;;
	advise)
		echo "--now --pending --transaction --fetch --cve --containers --flag --apply --yes --nagios \
			--prometheus --motd --apt-hook --root"
		;;
	auto) echo "--dry-run --config --short --prometheus --root" ;;
	list) echo "--root" ;;
	install) echo "--packaged --root" ;;
	publish) echo "--repo --suite --phase --withdraw --key --valid-for" ;;
	package)
		echo "--output --format --level --untested --maintainer --key --cert --passphrase-file"
		;;
	cves) echo "--kernel --vex --root" ;;
	status) echo "--prometheus --root" ;;
	uninstall) echo "--kernel --all --packaged --root" ;;
	unlock) echo "--all --root" ;;
	sign) echo "--key --cert --passphrase-file --hash" ;;
	esac
}

# Lists the live patches that are loaded.
_suture_loaded()
{
	local folder

	for folder in /sys/kernel/livepatch/*/; do
		[ -d "$folder" ] || continue
		folder=${folder%/}
		echo "${folder##*/}"
	done
}

# Lists the live patches that are loaded at boot of some kernel; their folders end in two fields of digits.
_suture_installed()
{
	local folder

	for folder in /var/lib/suture/*/*/; do
		[ -d "$folder" ] || continue
		folder=${folder%/}
		[ "${folder#/var/lib/suture/auto/}" = "$folder" ] || continue
		folder=${folder##*/}
		folder=${folder%-*}
		echo "${folder%-*}"
	done
}

_suture_cache()
{
	if [ -n "$SUTURE_CACHE" ]; then
		echo "$SUTURE_CACHE"
	elif [ "$EUID" = 0 ]; then
		echo /var/cache/suture
	else
		echo "${XDG_CACHE_HOME:-$HOME/.cache}/suture"
	fi
}

# Lists the releases in the cache, whose folders are <release>_<version>, and the running one.
_suture_kernels()
{
	local folder

	uname -r
	for folder in "$(_suture_cache)"/kernels/*_*; do
		[ -f "$folder/stamp.json" ] || continue
		folder=${folder##*/}
		echo "${folder%_*}"
	done
}

# Lists all rules, or those that can be allowed.
_suture_rules()
{
	"${COMP_WORDS[0]}" explain 2>/dev/null |
		awk -v which="${1-}" 'which == "" || /can be allowed/ { print $2 }'
}

_suture_files()
{
	local suffix

	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(
		compgen -d -- "$cur"
		for suffix; do
			compgen -f -X "!*$suffix" -- "$cur"
		done
	)
}

_suture()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local command='' word i
	local commands="fetch build cover diff explain show test cache doctor load unload list status install \
		uninstall unlock sign package publish advise auto cves help"
	local global="--json --verbose --quiet --help --version"

	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-*) ;;
		*)
			command=$word
			break
			;;
		esac
	done
	# bash takes the "=" of --kernel=6.1 for a word.
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ] && [ "$COMP_CWORD" -gt 1 ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $prev in
	--kernel | -k)
		[ -n "$command" ] &&
			mapfile -t COMPREPLY < <(compgen -W "$(_suture_kernels)" -- "$cur")
		return
		;;
	--trial | -t)
		mapfile -t COMPREPLY < <(compgen -W "load coverage hammer cycles late-target \
			reload-target sleeper asleep waiters trace callees busy faults leaving-target stack \
			memory replace" -- "$cur")
		return
		;;
	--over)
		_suture_files .ko .ko.xz .ko.gz .ko.zst
		return
		;;
	--image | --check | -c | --show | --key | --cert | --passphrase-file | --prometheus | --junit | --config)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--for)
		mapfile -t COMPREPLY < <(compgen -W "load build test package" -- "$cur")
		return
		;;
	--apply)
		mapfile -t COMPREPLY < <(compgen -W services -- "$cur")
		return
		;;
	--format)
		mapfile -t COMPREPLY < <(compgen -W "deb rpm" -- "$cur")
		return
		;;
	--modules | --build-dir | --source | --output | -o | --root | --repo)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	--allow)
		mapfile -t COMPREPLY < <(compgen -S = -W "$(_suture_rules allowed)" -- "$cur")
		compopt -o nospace 2>/dev/null
		return
		;;
	--name | -n | --jobs | -j | --expect | --cycles | --timeout | --memory | --wait | --watch) return ;;
	--hash)
		mapfile -t COMPREPLY < <(compgen -W "sha256 sha384 sha512" -- "$cur")
		return
		;;
	esac
	if [ "${cur#-}" != "$cur" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$global $(_suture_options "$command")" -- "$cur")
		return
	fi
	case $command in
	'' | help) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur") ;;
	auto) mapfile -t COMPREPLY < <(compgen -W "run status history hold release" -- "$cur") ;;
	build) _suture_files .patch .diff ;;
	diff) _suture_files .o ;;
	explain) mapfile -t COMPREPLY < <(compgen -W "$(_suture_rules)" -- "$cur") ;;
	show | test | load | install | package) _suture_files .ko .ko.xz .ko.gz .ko.zst ;;
	sign) _suture_files .ko ;;
	publish) _suture_files .deb .rpm ;;
	uninstall) mapfile -t COMPREPLY < <(compgen -W "$(_suture_installed)" -- "$cur") ;;
	unload | status) mapfile -t COMPREPLY < <(compgen -W "$(_suture_loaded)" -- "$cur") ;;
	esac
}

complete -F _suture suture
