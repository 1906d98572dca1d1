# SPDX-License-Identifier: GPL-2.0-or-later
# A patch is loaded and unloaded a thousand times on a busy machine; the log must stay clean, and no memory get lost.
#
# A task that runs on another processor cannot be switched, and the kernel tries again after a
# second; tasks that wait on the same processor can be switched.  So the second processor is online
# only in each 20th cycle.
. /tests/lib.sh
m=/modules
cycles=$(sed -n 's/.*suture_cycles=\([0-9]*\).*/\1/p' /proc/cmdline)
: "${cycles:=1000}"
second=/sys/devices/system/cpu/cpu1/online

# ---- the load ----

# busy NAME COMMAND...: repeats a command, but pauses while /tmp/pause exists
busy() {
	local name=$1 rounds=0

	shift
	while :; do
		if [ -e /tmp/pause ]; then
			touch "/tmp/rests.$name"
			sleep 0.1
		else
			"$@"
			echo $((rounds++)) >"/tmp/rounds.$name"
		fi
	done >/dev/null 2>&1 &
	renice -n 10 $! >/dev/null # less urgent than suture, or a cycle takes ten seconds
}

patched_functions() { cat /proc/version /proc/cmdline /proc/loadavg; }
pipes() { dd if=/dev/zero bs=4k count=200 | md5sum; }
files() { cp $m/live_first.ko /state/busy && sync /state/busy; }

busy version patched_functions
busy again patched_functions
busy pipes pipes
busy files files

# ---- memory ----

all_rest() { [ "$(ls /tmp/rests.* 2>/dev/null | wc -l)" = 4 ]; }

# Prints what the kernel holds, in kB: Slab, VmallocUsed, Percpu, and as Rest what no line of meminfo
# counts, such as pages that code allocates itself.  Free pages in the list of a processor are not in
# MemFree; their number changes by a hundred without a reason.
reading() {
	awk 'FILENAME ~ /zoneinfo/ && $1 == "count:" { waiting += $2 * 4 }
		FILENAME ~ /meminfo/ { kb[$1] = $2 }
		END {
			rest = kb["MemTotal:"] - kb["MemFree:"] - waiting
			n = split("Buffers Cached SwapCached AnonPages Slab PageTables SecPageTables VmallocUsed Percpu", name)
			for (i = 1; i <= n; i++)
				rest -= kb[name[i] ":"]
			printf "Slab: %d VmallocUsed: %d Percpu: %d Rest: %d\n", kb["Slab:"], kb["VmallocUsed:"], kb["Percpu:"], rest
		}' /proc/zoneinfo /proc/meminfo
}

# Prints the lowest of a few readings, while the load rests and caches of files are dropped, since
# some memory is returned only after a while.
memory() {
	local i

	rm -f /tmp/rests.*
	touch /tmp/pause
	until_done 60 all_rest
	sync
	for i in 1 2 3 4 5; do
		echo 3 >/proc/sys/vm/drop_caches
		sleep 0.5
		reading
	done | awk '{ for (i = 1; i < NF; i += 2) if (NR == 1 || $(i + 1) < least[i]) least[i] = $(i + 1) }
		END { for (i = 1; i < NF; i += 2) printf "%s %d ", $i, least[i] }'
	rm /tmp/pause
}

value() { sed "s/.*$1: \(-*[0-9]*\).*/\1/" <<<"$2"; }

# lost BEFORE AFTER: the most that any of them has grown, in kB
lost() {
	local name most=0 grown

	for name in Slab VmallocUsed Percpu Rest; do
		grown=$(($(value $name "$2") - $(value $name "$1")))
		[ $grown -le $most ] || most=$grown
	done
	echo $most
}

# ---- cycles ----

cycle() {
	suture -q load --watch 0 "$m/$1.ko" >/tmp/said 2>&1 && suture -q unload "$1" >>/tmp/said 2>&1
}

# The kernel's log holds a few hundred cycles, so that it is looked at in between and emptied.
log_so_far() { echo 0 >$second && log_is_clean && dmesg -c >/dev/null; }

# The kernel remembers that it has warned, died or locked up: flags W, D and L.
not_tainted() { [ $(($(cat /proc/sys/kernel/tainted) & (1 << 9 | 1 << 7 | 1 << 14))) = 0 ]; }

# cycles NAME COUNT: all of them, with a word each hundred
cycles() {
	local i begin=$SECONDS

	for ((i = 1; i <= $2; i++)); do
		[ $((i % 20)) != 0 ] || echo 1 >$second
		cycle "$1" || break
		[ $((i % 20)) != 0 ] || log_so_far || break
		[ $((i % 100)) != 0 ] || echo "# $i cycles after $((SECONDS - begin)) s: $(memory)"
	done
	check "$1 is loaded and unloaded $2 times under load" [ $i -gt "$2" ]
}

echo 0 >$second
# The first ones fill caches that stay.
cycles live_first 40
before=$(memory)
cycles live_first "$cycles"
after=$(memory)
err=$(cat /tmp/said)
echo "# before: $before"
echo "# after:  $after"
for name in version again pipes files; do
	check "the load '$name' went on ($(cat /tmp/rounds.$name) rounds)" [ "$(cat /tmp/rounds.$name)" -ge "$cycles" ]
done
# Half a page a cycle: one that loses a page is noticed, as the module shows that does.
gone=$(lost "$before" "$after")
check "memory is returned ($gone kB less)" [ "$gone" -lt $((cycles * 2)) ]
check "no record is left" [ -z "$(ls /run/suture/loaded)" ]
few=$(((cycles + 4) / 5))
before=$(memory)
cycles leaky $few
gone=$(lost "$before" "$(memory)")
check "a leak of a page a cycle would be noticed ($gone kB less)" [ "$gone" -ge $((few * 2)) ]
check "the kernel's log is clean" log_is_clean
check "the kernel has never set a taint flag for a warning" not_tainted
kill $(jobs -p)
finish
