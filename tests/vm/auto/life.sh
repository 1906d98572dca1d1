#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# suture auto at work in a guest with Debian's apt and systemd: TAP on stdout.  Nothing here runs suture but to
# look, and once to release: the timer and apt's hooks do the work.  At "# guest: cut", the power goes.
export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C
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
	{
		suture auto status 2>&1
		suture auto history 2>&1 | tail -n 12
		suture status 2>&1 | head -n 12
		journalctl -q -n 12 -o cat -u suture-auto.service
	} | sed 's/^/# /'
}
not() { ! "$@"; }
package=suture-livepatch-$(uname -r)
says() { grep -q "$1 was here" /proc/version; }
step() { grep -q "\"step\": \"$1\"" /var/lib/suture/auto/state.json 2>/dev/null; }
installed() { dpkg-query -W -f '${Status} ${Version}' "$package" 2>/dev/null | grep -q "^install ok installed.*-$1$"; }
history_has() { suture auto history | grep -q -- "$1"; }
# within SECONDS COMMAND...: waits until the command succeeds
within() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 1
	done
}
# offer NAME: the repository gets that state, and the lists are updated as a daily job would
offer() {
	ln -sfn "/srv/ship/$1" /srv/repo
	apt-get -q update >>/var/log/ship 2>&1
}
cut_power() {
	touch "/var/life-$1"
	sync
	echo "# guest: cut"
	sleep 1000
}

if [ ! -e /var/life-watching ]; then
	check "the kernel is as it was shipped" not grep -q "was here" /proc/version
	offer one
	check "the update becomes a live patch that runs, with nobody at the machine" within 600 says first
	check "it is watched" within 300 step watching
	check "and not installed as long as that is so" not installed 1
	cut_power watching
elif [ ! -e /var/life-rolled-back ]; then
	check "the machine went down during the watch and comes up without the live patch" not says first
	check "suture auto is held" within 300 step held
	sleep 12
	check "and does nothing" not says first
	suture auto release >/dev/null
	check "after release, the level is loaded again" within 600 says first
	check "and settles" within 600 step settled
	check "which installs its package" installed 1
	check "the version is told" grep -q "live-patched to the level of 6.1.192-3" <<<"$(suture auto status --short)"
	offer two
	check "a bad level is rolled back" within 900 step rolled-back
	check "the history says why" history_has "watching -> rolled-back"
	check "the level before it runs again" within 300 says first
	check "the bad one does not" not says second
	sleep 12
	check "it is not tried again" step rolled-back
	check "nor installed" not installed 2
	cut_power rolled-back
else
	check "after a power cut, the good level is loaded by the boot" within 300 says first
	check "the bad level is still known" within 300 step rolled-back
	check "and not loaded" not says second
	check "dpkg is content" [ -z "$(dpkg --audit)" ]
	echo "# guest: end"
	systemctl --no-block poweroff
fi
