# SPDX-License-Identifier: GPL-2.0-or-later
# Some task blocks these transitions.
. /tests/lib.sh
m=/modules

# A task sleeps in the function that is to be replaced, as "cat" does in pipe_read().
mkfifo /tmp/pipe
sleep 1000 >/tmp/pipe &
writer=$!
cat /tmp/pipe &
reader=$!
until_done 5 grep -q pipe_read /proc/$reader/stack

run --json load --watch 0 --timeout 3 $m/live_pipe.ko
check "a load that times out has exit code 1" [ "$status" = 1 ]
check "a load that times out is rolled back" json '.modules[0] | .result == "reversed" and (.why | test("1 task did not switch within [0-9]+ s"))'
check "a load that times out names the blocking task with its stack" json ".modules[0].blocking[0] | .pid == $reader and
	.command == \"cat\" and .state == \"S\" and (.stack | test(\"^pipe_read < \"))"
check "a load that times out leaves no module" not loaded live_pipe
check "the kernel logs the end of the rollback" contains "$(dmesg)" "'live_pipe': unpatching complete"

run load --watch 0 $m/live_pipe.ko
check "the kernel's fake signal completes the transition in time" contains "$out" "every task runs the new code"
check "off a terminal, load says nothing of the tasks that it waits for" [ "$err" = "${err/waiting for/}" ]
suture -q unload live_pipe
until_done 5 grep -q pipe_read /proc/$reader/stack
run -v load --watch 0 $m/live_pipe.ko
check "load -v says what task it waits for" contains "$err" "cat (pid $reader), sleeping: pipe_read < "
check "the task that got the fake signal goes on" kill -0 $reader
until_done 5 grep -q pipe_read /proc/$reader/stack
run --json unload --timeout 2 live_pipe
check "an unload that times out leaves the patch enabled" json '.modules[0] | .result == "reversed" and (.why | test("it stays enabled"))'
check "an unload that times out names the blocking task" json '.modules[0].blocking[0] | .command == "cat"'
run --json list
check "status shows the patch as enabled after that unload" json '.patches[0].state == "enabled"'
kill $writer $reader
run unload live_pipe
check "unload succeeds once the task has ended" [ "$status" = 0 ]

# kthreadd never leaves its function, and gets no fake signal.
run load --wait 0 $m/stalled.ko
check "--wait 0 returns at once" contains "$out" "going-on"
check "--wait 0 is not a failure" [ "$status" = 0 ]
run --json status
check "status shows a transition that goes on" json '.patches[0] | .state == "patching" and .transition.tasks > 10 and
	.transition.switched > 10'
check "status lists the tasks that block a transition" json '[.patches[0].transition.blocking[] | select(.command == "kthreadd") |
	.stack | test("kthreadd")] == [true]'
run status
check "status describes the tasks that block a transition" contains "$out" "blocked by kthreadd (pid 2), sleeping"
run load --watch 0 $m/good.ko
check "another patch is refused during a transition" fails_with 3 "one transition at a time"
run --json unload --timeout 0 stalled
check "unload of a patch in transition does not enable it again" json '.modules[0] | .result == "stuck" and (.why | test("not enabled again: disabling it continues"))'
check "a patch in transition stays disabled after that unload" [ "$(cat /sys/kernel/livepatch/stalled/enabled 2>/dev/null)" != 1 ]
suture unload stalled >/tmp/first 2>&1 &
run --json unload stalled
wait
check "two commands at a time take turns to unload a patch in transition" contains "$(cat /tmp/first) $out" "unloaded"
check "the patch that was in transition is unloaded" not loaded stalled

suture load --watch 0 $m/stalled.ko >/tmp/load 2>&1 &
check "the module is loaded before the interrupt" until_done 10 loaded stalled
kill -INT $!
wait $!
check "an interrupted load has exit code 130" [ $? = 130 ]
check "an interrupted load is rolled back" not loaded stalled
check "the kernel's log is clean" log_is_clean
finish
