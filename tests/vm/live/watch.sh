# SPDX-License-Identifier: GPL-2.0-or-later
# The watch after loading, with other commands and other people at the same time.
. /tests/lib.sh
m=/modules

# whole NAME: its transition has ended
whole() { [ "$(cat "/sys/kernel/livepatch/$1/transition" 2>/dev/null)" = 0 ]; }

# watching MODULE SECONDS: in the background, until it is in and watched
watching() {
	suture --json load --watch "$2" $m/"$1".ko >/tmp/watch.out 2>/tmp/watch.err &
	watcher=$!
	until_done 20 whole "$1" && sleep 1
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
check "the watch ends with it" json '.result == "failed" and (.modules[0].why | test("replaced it while it was watched"))'
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
check "disabled by hand meanwhile: said so" json '.modules[0].why | test("another process disabled or replaced it")'
run list
check "disabled by hand: its state" contains "$out" "live_first * disabled"
suture -q unload live_first >/dev/null

watching live_first 60
kill -TERM $watcher
watched
check "ended in the middle: the exit code" [ "$status" = 130 ]
check "ended in the middle: what stays" json '.error.message |
	test("live_first stays loaded, and nobody watches it any more; .suture unload live_first. removes it")'
check "ended in the middle: it does stay" contains_now first
suture -q unload live_first >/dev/null
suture load --watch 60 $m/live_first.ko $m/stalled.ko >/tmp/watch.out 2>/tmp/watch.err &
watcher=$!
until_done 20 loaded stalled
sleep 1
kill -INT $watcher
watched
check "ended at the second: the first one is named" contains "$err" "interrupted: live_first stays loaded"
check "ended at the second: that one is undone" not loaded stalled
suture -q unload live_first >/dev/null

# What anybody can have the kernel log, by the name of a program.
cp "$(command -v sleep)" "/tmp/BUG: x" && chmod 755 /tmp "/tmp/BUG: x"
watching live_first 4
"/tmp/BUG: x" 60 & # it crashes in user space: "BUG: x[77]: segfault at ..."
until_done 20 grep -q "^BUG" /proc/$!/comm # before that it is this script, whose trap would tidy up
kill -SEGV $!
echo "<3>BUG: unable to handle page fault for address: 0" >/dev/kmsg
watched
check "what people log is no finding" json '.result == "loaded" and [.findings[] | select(.rule != "tested")] == []'
suture -q unload live_first >/dev/null

# The log's ring is full of other things before the watch looks.
mkdir -p /etc/suture/health.d
cat >/etc/suture/health.d/flood <<'END'
#!/bin/bash
grep -q first /proc/version && [ ! -e /tmp/flooded ] || exit 0
touch /tmp/flooded
printf -v line %900d 0
for ((i = 0; i < 1000; i++)); do echo "$line" >/dev/kmsg; done
END
chmod 755 /etc/suture/health.d/flood
echo on >/proc/sys/kernel/printk_devkmsg
run --json load --watch 3 $m/live_first.ko
check "lines that were lost: said so" json '.findings[] | select(.rule == "log") | .message | test("lines.* were lost")'
rm /etc/suture/health.d/flood
suture -q unload --all >/dev/null
# A stack at boot: what is sound below is loaded.
suture -q install $m/live_first.ko $m/live_stacked.ko >/dev/null
for file in /var/lib/suture/*/live_stacked-*/live_stacked.ko; do echo x >>"$file"; done
run load --installed --watch 1
check "the upper one is damaged: the exit code" [ "$status" = 3 ]
check "the upper one is damaged: said so" contains "$err" "live_stacked*is not the file that was installed"
check "the upper one is damaged: the lower one is loaded" loaded live_first
check "the upper one is damaged: it is not" not loaded live_stacked
suture -q unload --all >/dev/null
for file in /var/lib/suture/*/live_first-*/live_first.ko; do echo x >>"$file"; done
run load --installed --watch 1
check "the lower one is damaged: nothing is loaded" not loaded live_first
check "the lower one is damaged: said of both" contains "$err" "live_stacked: warn: not loaded: it stacks on live_first*live_first: refuse:*is not the file"
suture -q uninstall --all >/dev/null

# The disk is found read-only when it is time to hold something back.
mount -t tmpfs -o mode=755 state /var/lib/suture
printf '#!/bin/sh\n! grep -q first /proc/version || { mount -o remount,ro /var/lib/suture; exit 1; }\n' \
	>/etc/suture/health.d/ro
chmod 755 /etc/suture/health.d/ro
run load --watch 3 $m/live_first.ko
check "read-only: what was done is said" contains "$err" "live_first was rolled back (*status 1*), but cannot be blocked: *Read-only file system"
check "read-only: it is undone" not loaded live_first
rm /etc/suture/health.d/ro
umount /var/lib/suture
check "the kernel's log is clean" log_is_clean "BUG: x|unable to handle page fault for address: 0$"
finish
