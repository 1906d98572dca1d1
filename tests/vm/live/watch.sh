# SPDX-License-Identifier: GPL-2.0-or-later
# Other commands and other users are active during the watch after loading.
. /tests/lib.sh
m=/modules

# whole NAME: succeeds if the patch's transition has ended
whole() { [ "$(cat "/sys/kernel/livepatch/$1/transition" 2>/dev/null)" = 0 ]; }

# watching MODULE SECONDS: loads in the background, and returns once the module is loaded and watched
watching() {
	suture --json load --watch "$2" $m/"$1".ko >/tmp/watch.out 2>/tmp/watch.err &
	watcher=$!
	until_done 60 whole "$1" && sleep 3 # it looks once a second, and the host may be busy
}

# watched: waits for the end of the watch; sets $status, $out and $err
watched() {
	wait $watcher
	status=$?
	out=$(cat /tmp/watch.out)
	err=$(cat /tmp/watch.err)
}

watching live_first 60
start=$SECONDS
run unload live_first
check "unload does not wait for another command's watch" [ "$status" = 0 -a $((SECONDS - start)) -lt 20 ]
watched
check "the watch ends when its patch is unloaded" json '.result == "failed" and (.modules[0].why | test("replaced it while it was watched"))'
check "a watch whose patch was unloaded has exit code 1" [ "$status" = 1 ]

watching live_first 60
run unload --all
check "unload --all does not wait for another command's watch" contains "$out" "live_first: unloaded"
watched

# During a load that kthreadd blocks, --all means what is loaded at its end.
suture load --watch 0 --timeout 4 $m/stalled.ko >/tmp/load 2>&1 &
until_done 10 loaded stalled
run -v unload --all
check "unload --all waits for a load, and names that command" contains "$err" "waiting for another suture command (process $!)"
check "unload --all finds nothing after a load that was rolled back" contains "$out" "no live patch is loaded"
wait

watching live_first 6
echo 0 >/sys/kernel/livepatch/live_first/enabled
watched
check "a watch whose patch was disabled by hand has exit code 1" [ "$status" = 1 ]
check "a watch says that its patch was disabled meanwhile" json '.modules[0].why | test("another process disabled or replaced it")'
run list
check "list shows that a patch was disabled by hand" contains "$out" "live_first * disabled"
suture -q unload live_first >/dev/null

watching live_first 60
kill -TERM $watcher
watched
check "an interrupted watch has exit code 130" [ "$status" = 130 ]
check "an interrupted watch names the patch that stays" json '.error.message |
	test("live_first stays loaded, and nobody watches it any more; .suture unload live_first. removes it")'
check "the patch of an interrupted watch stays loaded" contains_now first
suture -q unload live_first >/dev/null
suture load --watch 60 $m/live_first.ko $m/stalled.ko >/tmp/watch.out 2>/tmp/watch.err &
watcher=$!
until_done 20 loaded stalled
sleep 1
kill -INT $watcher
watched
check "an interrupt at the second patch names the first one" contains "$err" "interrupted: live_first stays loaded"
check "an interrupt at the second patch rolls that one back" not loaded stalled
suture -q unload live_first >/dev/null

# Any user can have the kernel log this, by the name of a program.
cp "$(command -v sleep)" "/tmp/BUG: x" && chmod 755 /tmp "/tmp/BUG: x"
watching live_first 4
"/tmp/BUG: x" 60 & # it crashes in user space: "BUG: x[77]: segfault at ..."
until_done 20 grep -q "^BUG" /proc/$!/comm # before that it is this script, whose trap would tidy up
kill -SEGV $!
echo "<3>BUG: unable to handle page fault for address: 0" >/dev/kmsg
watched
check "lines with names that users choose are no findings" json '.result == "loaded" and [.findings[] | select(.rule != "tested")] == []'
suture -q unload live_first >/dev/null

# Other lines fill the kernel's log before the watch reads it.
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
check "a warning says that lines of the log were lost" json '.findings[] | select(.rule == "log") | .message | test("lines.* were lost")'
rm /etc/suture/health.d/flood
suture -q unload --all >/dev/null
# A boot loads the part of a stack that lies below a damaged module.
suture -q install $m/live_first.ko $m/live_stacked.ko >/dev/null
for file in /var/lib/suture/*/live_stacked-*/live_stacked.ko; do echo x >>"$file"; done
run load --installed --watch 1
check "a damaged upper patch of a stack leads to exit code 3" [ "$status" = 3 ]
check "a damaged upper patch is named" contains "$err" "live_stacked*is not the file that was installed"
check "a patch below a damaged one is loaded" loaded live_first
check "a damaged upper patch is not loaded" not loaded live_stacked
suture -q unload --all >/dev/null
for file in /var/lib/suture/*/live_first-*/live_first.ko; do echo x >>"$file"; done
run load --installed --watch 1
check "a damaged lower patch is not loaded" not loaded live_first
check "a damaged lower patch and the one above it are named" contains "$err" "live_stacked: warn: not loaded: it stacks on live_first*live_first: refuse:*is not the file"
suture -q uninstall --all >/dev/null

# The transition of another patch is in progress when a patch has to be rolled back.
printf '#!/bin/sh\n[ ! -e /tmp/bad ]\n' >/etc/suture/health.d/bad
chmod 755 /etc/suture/health.d/bad
watching live_first 60
insmod $m/stalled.ko
touch /tmp/bad
to_be_rolled_back() { contains "$(suture status)" "live_first: enabled, to be rolled back"; }
check "status names a patch whose rollback waits for another patch's transition" until_done 20 to_be_rolled_back
check "the patch is still enabled meanwhile" contains_now first
start=$SECONDS
run unload stalled
check "the patch in the way can be unloaded while the rollback waits for it" [ "$status" = 0 -a $((SECONDS - start)) -lt 20 ]
watched
check "a rollback is tried again until the other transition has ended" json '.modules[0].result == "rolled-back"'
check "the patch was rolled back in the end" not loaded live_first
rm /etc/suture/health.d/bad /tmp/bad
suture -q unload --all >/dev/null
suture -q unlock --all >/dev/null

# The disk has become read-only when a patch has to be blocked.
mount -t tmpfs -o mode=755 state /var/lib/suture
printf '#!/bin/sh\n! grep -q first /proc/version || { mount -o remount,ro /var/lib/suture; exit 1; }\n' \
	>/etc/suture/health.d/ro
chmod 755 /etc/suture/health.d/ro
run load --watch 3 $m/live_first.ko
check "a rollback says that it could not block the patch on a read-only disk" contains "$err" "live_first was rolled back (*status 1*), but cannot be blocked: *Read-only file system"
check "a patch is rolled back in spite of a read-only disk" not loaded live_first
rm /etc/suture/health.d/ro
umount /var/lib/suture
check "the kernel's log is clean" log_is_clean "BUG: x|unable to handle page fault for address: 0$"
finish
