#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make install lists with -n what it touches, and make uninstall removes all of it.
. tests/cli/lib.sh

if ! command -v make >/dev/null; then
	skip "make install" "make is not installed"
	finish
	exit
fi
# What "make deb" installs is what dpkg-checkbuilddeps then asks for; here, no package is installed.
mkdir "$dir/bin"
for tool in dpkg-query apt-get; do
	printf '#!/bin/sh\nexit 1\n' >"$dir/bin/$tool"
	chmod 755 "$dir/bin/$tool"
done
listed=" $(PATH="$dir/bin:$PATH" scripts/install-deps -n build deb) "
asked=$(sed -n '/^Build-Depends:/,/^[^ ]/s/^ \([a-z0-9.+-]*\).*/\1/p' debian/control | sed 's/^debhelper-compat$/debhelper/')
missing=
for package in build-essential $asked; do
	contains "$listed" " $package " || missing="$missing $package"
done
check "make deb installs what its package is built with ($missing)" [ -z "$missing" -a -n "$asked" ]

mkdir "$dir/built"
cp "$suture" "$dir/built/suture"
# make_it ARG...: runs make with the program as it is
make_it() { env -u MAKEFLAGS -u MAKELEVEL make -o "$dir/built/suture" BUILD="$dir/built" PREFIX=/usr "$@" 2>&1; }
files() { (cd "$1" && find . ! -type d | sed 's/^\.//' | sort); }

out=$(make_it -n DESTDIR="$dir/dest" install)
check "make -n install installs nothing" [ ! -e "$dir/dest" ]
listed=$out
make_it DESTDIR="$dir/dest" install >/dev/null
installed=$(files "$dir/dest")
check "make install installs the program" [ -x "$dir/dest/usr/bin/suture" ]
check "make install has each boot tell a clean shutdown from a crash" \
	[ -e "$dir/dest/usr/lib/systemd/system/sysinit.target.wants/suture-shutdown.service" ]
missing=
for file in $installed; do
	case $file in
	*/man?/*.?) contains "$listed" "man/${file##*/}" || missing="$missing $file" ;;
	*/system/*) contains "$listed" "${file##*/}" || missing="$missing $file" ;;
	*) contains "$listed" "$dir/dest$file" || missing="$missing $file" ;;
	esac
done
check "make -n install lists every file ($missing)" [ -z "$missing" ]
for shell in bash-completion/completions/suture zsh/site-functions/_suture fish/vendor_completions.d/suture.fish; do
	check "completion is installed: $shell" [ -s "$dir/dest/usr/share/$shell" ]
done
mkdir -p "$dir/dest/etc/suture/health.d"
echo mine >"$dir/dest/etc/suture/health.d/probe"
out=$(make_it -n DESTDIR="$dir/dest" uninstall)
check "make -n uninstall removes nothing" [ "$(files "$dir/dest" | wc -l)" = "$(($(wc -l <<<"$installed") + 1))" ]
make_it DESTDIR="$dir/dest" uninstall >/dev/null
check "make uninstall removes all, and no file of the administrator's" [ "$(files "$dir/dest")" = /etc/suture/health.d/probe ]

# On this system itself, tools that are not there get no hook; -n tells without touching anything.
hooks=$(scripts/install-hooks -n /usr/bin "")
for pair in /etc/apt:60suture /etc/kernel:zzz-suture /etc/update-motd.d:92-suture /etc/dnf:suture.actions; do
	if [ -d "${pair%:*}" ]; then
		check "a hook for the tool of ${pair%:*}" contains "$hooks" "${pair#*:}"
	else
		check "no hook, since there is no ${pair%:*}" not contains "$hooks" "${pair#*:}"
	fi
done
finish
