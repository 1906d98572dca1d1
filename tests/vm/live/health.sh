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
check "a probe that others may write to" fails_with 3 "other users can write to it"
chmod 755 $probes/a && chown 7 $probes/a
run load $m/live_first.ko
check "a probe of somebody else's" fails_with 3 "it belongs to user "
chown 0 $probes/a && chmod 644 $probes/a
run load $m/live_first.ko
check "a probe that is no program" fails_with 3 "not executable"
chmod 755 $probes/a && chmod 777 $probes
run load $m/live_first.ko
check "a folder that others may write to" fails_with 3 "$probes: other users"
chmod 755 $probes
probe a "echo no coffee; exit 4"
run load $m/live_first.ko
check "a probe that fails before" fails_with 3 "status 4: no coffee"
printf '#!/none\n' >$probes/a
run load $m/live_first.ko
check "a probe that cannot be run" fails_with 3 "check fails before anything is loaded: $probes/a: cannot be run"
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
check "it cannot come back" fails_with 3 "blocked since"
run load $m/packed.ko.xz
check "nor by another file of the same" fails_with 3 "blocked since"
run --json status
check "status tells" json '.held[0] | .name == "live_first" and (.why | test("too much change"))'
rm $probes/a
suture -q unlock live_first >/dev/null
probe a "chmod 644 $probes/a"
run --json load --watch 1 $m/live_first.ko
check "a probe that cannot be asked again: rolled back" json '.modules[0] | .result == "rolled-back" and
	(.why | test("not executable"))'
rm $probes/a
suture -q unlock live_first >/dev/null
run load --watch 1 $m/live_first.ko
check "after unlock and repair it can" [ "$status" = 0 ]
suture -q unload live_first >/dev/null

# A later one of a stack that the kernel does not take: the first one stays, and is watched.
probe a true
run --json load --watch 1 $m/live_first.ko $m/unknown_function.ko
check "a stack that ends early: what was loaded stays" json '[.modules[].result] == ["done", "failed"] and .result == "failed"'
check "a stack that ends early: by the kernel" contains_now first
suture -q unload live_first >/dev/null
probe a "! grep -q 'first was here' /proc/version || { printf 'a\\377\\033b'; exit 1; }"
run --json load --watch 1 $m/live_first.ko $m/unknown_function.ko
check "a stack that ends early: it is watched" json '[.modules[].result] == ["rolled-back", "failed"] and
	(.modules[0].why | test("status 1: a\\\\xff\\\\x1bb"))'
check "a stack that ends early: undone" not loaded live_first
run status
check "what a probe says is held in words" contains "$out" 'blocked: live_first*status 1: a\\xff\\x1bb'
suture -q unlock --all >/dev/null

# The file becomes another one after it was checked, which is when the probes run.
cp $m/live_first.ko /tmp/given.ko
probe a "cat $m/live_newer.ko >/tmp/given.ko"
run load --watch 1 /tmp/given.ko
check "a file that is written to meanwhile: what was checked is loaded" contains_now first
suture -q unload live_first >/dev/null
cp $m/live_first.ko /tmp/given.ko
probe a "cp $m/live_newer.ko /tmp/given.new && mv /tmp/given.new /tmp/given.ko"
run load --watch 1 /tmp/given.ko
check "a file that is replaced meanwhile: what was checked is loaded" contains_now first
suture -q unload live_first >/dev/null
rm $probes/a

(until_done 20 loaded warn_patched && sleep 2 && cat /proc/cmdline >/dev/null) &
run --json load --watch 20 $m/warn_patched.ko
check "a warning of the kernel's: rolled back" json '.modules[0] | .result == "rolled-back" and
	(.why | test("the kernel says: WARNING: "))'
check "a warning of the kernel's: the module is gone" not loaded warn_patched
wait
check "the kernel's log is clean" log_is_clean "warn_patched"

# Tested modules only.
echo "require-tested = yes" >/etc/suture/suture.conf
run load --watch 0 $m/live_first.ko
check "untested: refused where it is demanded" fails_with 3 "no attestation says that it was tested"

# attest NAME RESULT SHA256: as 'suture test' writes it
attest() {
	jq -n --arg name "$1" --arg result "$2" --arg sum "$3" --arg kernel "$(uname -r)" '{
		schema: "suture.attest/1", module: $name, sha256: $sum, kernel: $kernel, build_id: "",
		suture: "1", time: "2026-01-01T00:00:00Z", result: $result, trials: [],
		covered: ["vmlinux:version_proc_show"], uncovered: ["vmlinux:other"]}' >"$m/$1.attest.json"
}

sum=$(sha256sum <$m/live_first.ko | cut -d' ' -f1)
attest live_first fail "$sum"
run load --watch 0 $m/live_first.ko
check "a failed trial: refused" fails_with 3 "its trial failed"
attest live_first pass "${sum/[0-8]/9}"
run load --watch 0 $m/live_first.ko
check "another file's trial: refused" fails_with 3 "is about another file"
attest live_first pass "$sum"
run load --watch 0 $m/live_first.ko
check "a passed trial of this file" [ "$status" = 0 ]
run status live_first
check "status: what the trial reached" contains "$out" "which called 1 of 2 functions*not called: vmlinux:other"
suture -q unload live_first >/dev/null
attest signed pass "$sum"
run load --watch 0 $m/signed.ko
check "signed since: the same module" [ "$status" = 0 ]
suture -q unload live_first >/dev/null
mkdir /etc/suture/conf.d
echo "require-tested = no" >/etc/suture/conf.d/50-site.conf
run load --watch 0 $m/good.ko
check "what is said later counts" [ "$status" = 0 ]
check "and nothing is said of it" [ -z "$(grep tested <<<"$err")" ]
suture -q unload good >/dev/null
echo "require-tested = perhaps" >/etc/suture/conf.d/50-site.conf
run load --watch 0 $m/good.ko
check "settings that are wrong" fails 1 "50-site.conf: line 1: require-tested must be"
rm -r /etc/suture/suture.conf /etc/suture/conf.d

run status --prometheus /tmp/suture.prom
check "metrics" grep -q '^suture_patches_held 1$' /tmp/suture.prom
finish
