# SPDX-License-Identifier: GPL-2.0-or-later
# Inside the guest: the shell tests' functions, and words for live patches.
. /tests/support/tap.sh

version() { cat /proc/version; }

# until_done SECONDS COMMAND...: until it succeeds
until_done() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

loaded() { [ -e "/sys/module/$1" ]; }

# The kernel has nothing to complain about, but what the test had it say ($1, a pattern).
log_is_clean() {
	err=$(dmesg | grep -E 'WARNING|BUG|Oops|blocked for more|rcu.*stall|soft lockup' | grep -vE "${1:-^$}")
	[ -z "$err" ]
}

# fails_with STATUS PATTERN: refused, with a line of findings that has the pattern
fails_with() { [ "$status" = "$1" ] && [ -z "$out" ] && contains "$err" "$2"; }

# contains_now NAME: that patch's code runs
contains_now() { contains "$(version)" "$1 was here"; }
