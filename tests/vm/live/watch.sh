# SPDX-License-Identifier: GPL-2.0-or-later
# The watch after loading, with other commands and other people at the same time.
. /tests/lib.sh
m=/modules

# watching MODULE SECONDS...: in the background, until it is in and watched
watching() {
	suture --json load --watch "$2" $m/"$1".ko >/tmp/watch.out 2>/tmp/watch.err &
	watcher=$!
	until_done 20 contains_now "${1#live_}" && sleep 1
}

# watched: how the watch ended, in $status, $out and $err
watched() {
	wait $watcher
	status=$?
	out=$(cat /tmp/watch.out)
	err=$(cat /tmp/watch.err)
}

watching live_first 60
start=$SECONDS
run unload live_first
check "unload does not wait for another's watch" [ "$status" = 0 -a $((SECONDS - start)) -lt 20 ]
watched
check "the watch ends with it" json '.result == "failed" and (.modules[0].why | test("somebody else while it was watched"))'
check "and with its exit code" [ "$status" = 1 ]

watching live_first 60
run unload --all
check "unload --all: as soon" contains "$out" "live_first: unloaded"
watched

# While it is being loaded, which kthreadd holds up, --all is all that is there afterwards.
suture load --watch 0 --timeout 4 $m/stalled.ko >/tmp/load 2>&1 &
until_done 10 loaded stalled
run unload --all
check "unload --all: waits its turn, and tells for whom" contains "$err" "waiting for another suture command (process $!)"
check "unload --all: nothing is left then" contains "$out" "no live patch is loaded"
wait

watching live_first 6
echo 0 >/sys/kernel/livepatch/live_first/enabled
watched
check "disabled by hand meanwhile: no success" [ "$status" = 1 ]
check "disabled by hand meanwhile: said so" json '.modules[0].why | test("disabled or replaced by somebody else")'
run list
check "disabled by hand: its state" contains "$out" "live_first * disabled"
suture -q unload live_first >/dev/null

watching live_first 60
kill -TERM $watcher
watched
check "ended in the middle: the exit code" [ "$status" = 130 ]
check "ended in the middle: what stays" json '.error.message |
	test("live_first stays loaded, and nobody watches it any longer; .suture unload live_first. undoes it")'
check "ended in the middle: it does stay" contains_now first
suture -q unload live_first >/dev/null
suture load --watch 60 $m/live_first.ko $m/stalled.ko >/tmp/watch.out 2>/tmp/watch.err &
watcher=$!
until_done 20 loaded stalled && sleep 1
kill -INT $watcher
watched
check "ended at the second: the first one is named" contains "$err" "interrupted: live_first stays loaded"
check "ended at the second: that one is undone" not loaded stalled
suture -q unload live_first >/dev/null

# What anybody can have the kernel log, by the name of a program.
cp "$(command -v sleep)" "/tmp/BUG: x" && chmod 755 /tmp "/tmp/BUG: x"
watching live_first 4
"/tmp/BUG: x" 60 & # it crashes in user space: "BUG: x[77]: segfault at ..."
kill -SEGV $!
echo "<3>BUG: unable to handle page fault for address: 0" >/dev/kmsg
watched
check "what people log is no finding" json '.result == "loaded" and .findings == []'
suture -q unload live_first >/dev/null

# The log's ring is full of other things before the watch looks.
mkdir -p /etc/suture/health.d
printf '#!/bin/sh\n[ -e /tmp/flooded ] || ! loaded=$(grep first /proc/version) || {
	touch /tmp/flooded; for i in $(seq 40); do yes "$(printf %%900d 0)" | head -n 100; done >/dev/kmsg; }; exit 0\n' \
	>/etc/suture/health.d/flood
chmod 755 /etc/suture/health.d/flood
echo on >/proc/sys/kernel/printk_devkmsg
run --json load --watch 3 $m/live_first.ko
check "lines that were lost: said so" json '.findings[] | select(.what == "log") | .message | test("lines.* were lost")'
rm /etc/suture/health.d/flood
suture -q unload --all >/dev/null
check "the kernel's log is clean" log_is_clean "BUG: x|unable to handle page fault for address: 0$"
finish
