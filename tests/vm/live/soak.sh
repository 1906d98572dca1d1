# SPDX-License-Identifier: GPL-2.0-or-later
# A thousand loads and unloads while the machine is busy: the log stays clean, memory comes back.
. /tests/lib.sh
m=/modules
cycles=$(sed -n 's/.*suture_cycles=\([0-9]*\).*/\1/p' /proc/cmdline)
: "${cycles:=1000}"

# In kB.  What belongs to files is dropped first, so that it does not count.
memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 2
	awk '/^(MemAvailable|Slab|VmallocUsed|Percpu):/ { printf "%s %d ", $1, $2 }' /proc/meminfo
}

value() { sed "s/.*$1: \([0-9]*\).*/\1/" <<<"$2"; }

# Work in the functions that change hands, and around them.
for _ in 1 2; do
	while :; do cat /proc/version /proc/loadavg >/dev/null; done &
done
while :; do dd if=/dev/zero bs=4k count=200 2>/dev/null | md5sum >/dev/null; done &
while :; do cp /modules/live_first.ko /state/busy && sync /state/busy; done &

cycle() { suture -q load --watch 0 $m/live_first.ko >/tmp/said 2>&1 && suture -q unload live_first >>/tmp/said 2>&1; }

# The first ones fill caches that stay.
for ((i = 0; i < 20; i++)); do cycle; done
before=$(memory)
begin=$SECONDS
for ((i = 0; i < cycles; i++)); do
	cycle || break
	[ $((i % 100)) != 99 ] || echo "# $((i + 1)) cycles after $((SECONDS - begin)) s"
done
took=$((SECONDS - begin))
after=$(memory)
err=$(cat /tmp/said)
echo "# $i cycles in $took s"
echo "# before: $before"
echo "# after:  $after"
check "$cycles cycles under load" [ "$i" = "$cycles" ]
# 1,000 cycles that each lost a page would be 4,000 kB.
for name in Slab VmallocUsed Percpu; do
	grown=$(($(value $name "$after") - $(value $name "$before")))
	check "$name is back within 2,000 kB ($grown)" [ $grown -lt 2000 ]
done
lost=$(($(value MemAvailable "$before") - $(value MemAvailable "$after")))
check "available memory is back within 4,000 kB ($lost)" [ $lost -lt 4000 ]
check "no record is left" [ -z "$(ls /run/suture/loaded)" ]
check "the kernel's log is clean" log_is_clean
kill $(jobs -p)
finish
