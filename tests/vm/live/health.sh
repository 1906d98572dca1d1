# SPDX-License-Identifier: GPL-2.0-or-later
# What is watched after loading: probes and the kernel's log.
. /tests/lib.sh
m=/modules
probes=/etc/suture/health.d

# probe NAME TEXT: a script of root's
probe() {
	mkdir -p $probes
	printf '#!/bin/sh\n%s\n' "$2" >"$probes/$1"
	chmod 755 "$probes/$1"
}

probe a true
chmod 775 $probes/a
run load $m/live_first.ko
check "a probe that others may write to" fails_with 3 "others than root can write to it"
chmod 755 $probes/a && chown 7 $probes/a
run load $m/live_first.ko
check "a probe of somebody else's" fails_with 3 "belongs to somebody else"
chown 0 $probes/a && chmod 644 $probes/a
run load $m/live_first.ko
check "a probe that is no program" fails_with 3 "not executable"
chmod 755 $probes/a && chmod 777 $probes
run load $m/live_first.ko
check "a folder that others may write to" fails_with 3 "$probes: others than root"
chmod 755 $probes
probe a "echo no coffee; exit 4"
run load $m/live_first.ko
check "a probe that fails before" fails_with 3 "status 4: no coffee"
check "none of them had anything loaded" not loaded live_first
run load --watch 0 $m/live_first.ko
check "--watch 0 asks none" [ "$status" = 0 ]
suture -q unload live_first >/dev/null

probe a "echo \$SUTURE_PROBE >>/tmp/asked"
start=$SECONDS
run load --watch 6 $m/live_first.ko
check "a machine that is well" [ "$status" = 0 ]
check "was watched for that long" [ $((SECONDS - start)) -ge 6 ]
check "and asked before, after, in between" [ "$(wc -l </tmp/asked)" -ge 4 ]
suture -q unload live_first >/dev/null

probe a "! grep -q 'first was here' /proc/version || { echo too much change; exit 1; }"
run --json load --watch 20 $m/live_first.ko
check "a failing probe: rolled back" json '.result == "failed" and (.modules[0] | .result == "rolled-back" and
	(.why | test("too much change")) and .unloaded == ["live_first"])'
check "a failing probe: the exit code" [ "$status" = 1 ]
check "a failing probe: the old code runs" not contains "$(version)" "was here"
run load $m/live_first.ko
check "it cannot come back" fails_with 3 "held back since"
run load $m/packed.ko.xz
check "nor by another file of the same" fails_with 3 "held back since"
run --json status
check "status tells" json '.held[0] | .name == "live_first" and (.why | test("too much change"))'
rm $probes/a
suture -q unlock live_first >/dev/null
run load --watch 1 $m/live_first.ko
check "after unlock and repair it can" [ "$status" = 0 ]
suture -q unload live_first >/dev/null

(until_done 20 loaded warn_patched && sleep 2 && cat /proc/cmdline >/dev/null) &
run --json load --watch 20 $m/warn_patched.ko
check "a warning of the kernel's: rolled back" json '.modules[0] | .result == "rolled-back" and
	(.why | test("the kernel says: WARNING: "))'
check "a warning of the kernel's: the module is gone" not loaded warn_patched
wait
check "the kernel's log is clean" log_is_clean "warn_patched"
finish
