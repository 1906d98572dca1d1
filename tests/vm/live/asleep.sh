# SPDX-License-Identifier: GPL-2.0-or-later
# A task sleeps in new code while its patch is disabled: the transition waits for it.
. /tests/lib.sh

in_transition() { [ "$(cat "/sys/kernel/livepatch/$1/transition" 2>/dev/null)" = 1 ]; }

for name in asleep_tail asleep_across asleep_cold asleep_pointer; do
	insmod /modules/$name.ko
	check "$name: its transition completes" until_done 60 not in_transition $name
	cat /proc/version >/tmp/read &
	sleep 0.5
	echo 0 >/sys/kernel/livepatch/$name/enabled
	sleep 1.2
	check "$name: the kernel waits for the task that sleeps in it" in_transition $name
	wait
	check "$name: the task comes back from its sleep" contains "$(cat /tmp/read)" slept
	check "$name: its patch is then released" until_done 60 not ls /sys/kernel/livepatch/$name
	rmmod $name
done
check "the kernel's log is clean" log_is_clean
finish
