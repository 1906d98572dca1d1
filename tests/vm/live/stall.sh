# SPDX-License-Identifier: GPL-2.0-or-later
# Transitions that some task holds up.
. /tests/lib.sh
m=/modules

# A task asleep in the function that is to be replaced, as "cat" in pipe_read().
mkfifo /tmp/pipe
sleep 1000 >/tmp/pipe &
writer=$!
cat /tmp/pipe &
reader=$!
until_done 5 grep -q pipe_read /proc/$reader/stack

run --json load --watch 0 --timeout 3 $m/live_pipe.ko
check "timed out: the exit code" [ "$status" = 1 ]
check "timed out: it is undone" json '.modules[0] | .result == "reversed" and (.why | test("1 task did not switch within 3 s"))'
check "timed out: who it was, with the stack" json ".modules[0].blocking[0] | .pid == $reader and
	.command == \"cat\" and .state == \"S\" and (.stack | test(\"^pipe_read < \"))"
check "timed out: the module is gone" not loaded live_pipe
check "timed out: the kernel says so" contains "$(dmesg)" "'live_pipe': unpatching complete"

run load --watch 0 $m/live_pipe.ko
check "given time, the kernel nudges it" contains "$out" "every task runs the new code"
check "people were told whom it waited for" contains "$err" "cat (pid $reader), sleeping: pipe_read < "
check "the reader has not noticed" kill -0 $reader
until_done 5 grep -q pipe_read /proc/$reader/stack
run --json unload --timeout 2 live_pipe
check "unload timed out: it stays enabled" json '.modules[0] | .result == "reversed" and (.why | test("it stays enabled"))'
check "unload timed out: who it was" json '.modules[0].blocking[0] | .command == "cat"'
run --json list
check "it is enabled" json '.patches[0].state == "enabled"'
kill $writer $reader
run unload live_pipe
check "without the reader it goes" [ "$status" = 0 ]

# kthreadd never leaves its function: no nudge helps.
run load --wait 0 $m/stalled.ko
check "--wait 0 returns at once" contains "$out" "going-on"
check "which is no failure" [ "$status" = 0 ]
run --json status
check "status: the transition" json '.patches[0] | .state == "patching" and .transition.tasks > 10 and
	.transition.switched > 10'
check "status: whom it waits for" json '[.patches[0].transition.blocking[] | select(.command == "kthreadd") |
	.stack | test("kthreadd")] == [true]'
run status
check "status: in words" contains "$out" "blocked by kthreadd (pid 2), sleeping"
run load --watch 0 $m/good.ko
check "another one is refused meanwhile" fails_with 3 "one transition at a time"
run --json unload --timeout 0 stalled
check "unload of what is half there does not push it on" json '.modules[0] | .result == "stuck" and (.why | test("not enabled again: disabling it continues"))'
check "and nothing of it is enabled" [ "$(cat /sys/kernel/livepatch/stalled/enabled 2>/dev/null)" != 1 ]
suture unload stalled >/tmp/first 2>&1 &
run --json unload stalled
wait
check "unload undoes it; two at a time take turns" contains "$(cat /tmp/first) $out" "unloaded"
check "it is gone" not loaded stalled

suture load --watch 0 $m/stalled.ko >/tmp/load 2>&1 &
check "loading" until_done 10 loaded stalled
kill -INT $!
wait $!
check "interrupted: the exit code" [ $? = 130 ]
check "interrupted: it is undone" not loaded stalled
check "the kernel's log is clean" log_is_clean
finish
