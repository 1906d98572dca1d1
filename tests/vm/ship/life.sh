#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The life of a live patch's package, in a guest with Debian's apt: TAP on stdout.  /srv/ship has the states of
# the repository, one of which is /srv/repo.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C
count=0
check() {
	local name=$1

	shift
	count=$((count + 1))
	if "$@"; then
		echo "ok $count - $name"
		return
	fi
	echo "not ok $count - $name"
	{ tail -n 15 /var/log/ship; suture status 2>&1; } | sed 's/^/# /'
}
not() { ! "$@"; }
release=$(uname -r)
package=suture-livepatch-$release
says() { grep -q "$1 was here" /proc/version; }
whole() { [ -z "$(dpkg --audit)" ]; }
apt_() { apt-get -q -y "$@" >>/var/log/ship 2>&1; }
state() { # state NAME: the repository gets that state
	ln -sfn "/srv/ship/$1" /srv/repo
	apt_ update
}
result() { suture --json status | grep -q "\"result\": \"$1\""; }

if [ ! -e /var/ship-stage ]; then
	check "the kernel is as it was shipped" not says first
	state one
	check "apt install succeeds" apt_ install "$package"
	check "the kernel is patched without a reboot" says first
	check "status says so" result loaded
	state two
	check "apt upgrade succeeds" apt_ upgrade
	check "the next level runs" says second
	check "it replaced the one before" not says first

	# Killed at random moments, the next call mends what was left.
	for _ in 1 2 3 4 5 6; do
		suture install --packaged "$(echo /usr/lib/suture/livepatch/*/*.ko)" >>/var/log/ship 2>&1 &
		sleep "0.$((RANDOM % 10))"
		kill -9 $! 2>/dev/null
		wait $! 2>/dev/null
	done
	check "after kills, apt succeeds" apt_ install --reinstall "$package"
	check "the level runs" says second
	check "status says so, too" result loaded
	check "dpkg is content" whole
	touch /var/ship-stage
else
	for _ in $(seq 60); do
		! systemctl is-active -q suture.service || break
		sleep 1
	done
	check "after a reboot, the level runs" says second
	state three
	check "an upgrade takes a withdrawn level back" apt_ upgrade
	check "the level before runs" says first
	check "the withdrawn one does not" not says second
	check "its version is later" [ "$(dpkg-query -W -f '${Version}' "$package" | grep -c withdrawn1)" = 1 ]
	check "apt purge succeeds" apt_ purge "$package"
	check "the kernel is as it was shipped again" not grep -q "was here" /proc/version
	check "no live patch is loaded" [ -z "$(ls /sys/kernel/livepatch)" ]
	check "nothing of the package is left" [ -z "$(ls -A /var/lib/suture/packages)$(ls -d "/var/lib/suture/$release" \
		/usr/lib/suture/livepatch 2>/dev/null)" ]
	check "dpkg is content" whole
fi
echo "# guest: end"
