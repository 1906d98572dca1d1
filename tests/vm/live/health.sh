# SPDX-License-Identifier: GPL-2.0-or-later
# The watch after loading uses probes and the kernel's log.
. /tests/lib.sh
m=/modules
probes=/etc/suture/health.d

# probe NAME TEXT: makes a script that belongs to root
probe() {
	mkdir -p $probes
	printf '#!/bin/sh\n%s\n' "$2" >"$probes/$1"
	chmod 755 "$probes/$1"
}

probe a true
chmod 775 $probes/a
run load $m/live_first.ko
check "a probe that others may write to is refused" fails_with 3 "other users can write to it"
chmod 755 $probes/a && chown 7 $probes/a
run load $m/live_first.ko
check "a probe that belongs to another user is refused" fails_with 3 "it belongs to user "
chown 0 $probes/a && chmod 644 $probes/a
run load $m/live_first.ko
check "a probe that is not executable is refused" fails_with 3 "not executable"
chmod 755 $probes/a && chmod 777 $probes
run load $m/live_first.ko
check "a folder of probes that others may write to is refused" fails_with 3 "$probes: other users"
chmod 755 $probes
probe a "echo no coffee; exit 4"
run load $m/live_first.ko
check "a probe that fails before the load is refused" fails_with 3 "status 4: no coffee"
printf '#!/none\n' >$probes/a
run load $m/live_first.ko
check "a probe that cannot be run is refused" fails_with 3 "check fails before anything is loaded: $probes/a: cannot be run"
check "nothing was loaded in spite of bad probes" not loaded live_first
run load --watch 0 $m/live_first.ko
check "--watch 0 runs no probe" [ "$status" = 0 ]
suture -q unload live_first >/dev/null

probe a "echo \$SUTURE_PROBE >>/tmp/asked"
start=$SECONDS
run load --watch 6 $m/live_first.ko
check "a patch stays loaded on a healthy machine" [ "$status" = 0 ]
check "the machine is watched as long as --watch says" [ $((SECONDS - start)) -ge 6 ]
check "probes run before, during and after the watch" [ "$(wc -l </tmp/asked)" -ge 4 ]
suture -q unload live_first >/dev/null

probe a "! grep -q 'first was here' /proc/version || { echo too much change; exit 1; }"
run --json load --watch 20 $m/live_first.ko
check "a failing probe rolls the patch back" json '.result == "failed" and (.modules[0] | .result == "rolled-back" and
	(.why | test("too much change")) and .unloaded == ["live_first"])'
check "a failing probe leads to exit code 1" [ "$status" = 1 ]
check "the old code runs after a rollback" not contains "$(version)" "was here"
run load $m/live_first.ko
check "a patch that was rolled back is blocked" fails_with 3 "blocked since"
run load $m/packed.ko.xz
check "another file of the same module is blocked, too" fails_with 3 "blocked since"
run --json status
check "status says why a patch is blocked" json '.held[0] | .name == "live_first" and (.why | test("too much change"))'
rm $probes/a
suture -q unlock live_first >/dev/null
probe a "chmod 644 $probes/a"
run --json load --watch 1 $m/live_first.ko
check "a probe that can no longer be run rolls the patch back" json '.modules[0] | .result == "rolled-back" and
	(.why | test("not executable"))'
rm $probes/a
suture -q unlock live_first >/dev/null
run load --watch 1 $m/live_first.ko
check "a patch can be loaded after unlock and repair of the probe" [ "$status" = 0 ]
suture -q unload live_first >/dev/null

# The kernel rejects the second patch of a stack: the first one stays loaded and is watched.
probe a true
run --json load --watch 1 $m/live_first.ko $m/unknown_function.ko
check "the loaded part of a stack that ends early stays" json '[.modules[].result] == ["done", "failed"] and .result == "failed"'
check "the kernel runs the loaded part of a stack" contains_now first
suture -q unload live_first >/dev/null
probe a "! grep -q 'first was here' /proc/version || { printf 'a\\377\\033b'; exit 1; }"
run --json load --watch 1 $m/live_first.ko $m/unknown_function.ko
check "the loaded part of a stack is watched" json '[.modules[].result] == ["rolled-back", "failed"] and
	(.modules[0].why | test("status 1: a\\\\xff\\\\x1bb"))'
check "the loaded part of a stack is rolled back by a failing probe" not loaded live_first
run status
check "the output of a probe is made printable in the reason for a block" contains "$out" 'blocked: live_first*status 1: a\\xff\\x1bb'
suture -q unlock --all >/dev/null

# A patch that was loaded before is not this command's to roll back.
suture -q load --watch 0 $m/live_first.ko
probe a "! grep -q live_pipe /proc/modules || exit 5"
run --json load --watch 2 $m/live_first.ko $m/live_pipe.ko
check "of two patches, only the one that was not loaded before is rolled back" json \
	'[.modules[] | [.name, .result]] == [["live_first", "done"], ["live_pipe", "rolled-back"]]'
check "the patch that was loaded before still runs" loaded live_first
run load --watch 0 $m/live_pipe.ko
check "the patch that was rolled back is the one that is blocked" fails_with 3 "blocked since"
suture -q unlock --all >/dev/null
suture -q unload live_first >/dev/null

# The file changes after it was checked, while the probes run.
cp $m/live_first.ko /tmp/given.ko
probe a "cat $m/live_newer.ko >/tmp/given.ko"
run load --watch 1 /tmp/given.ko
check "the checked bytes are loaded although the file is written to meanwhile" contains_now first
suture -q unload live_first >/dev/null
cp $m/live_first.ko /tmp/given.ko
probe a "cp $m/live_newer.ko /tmp/given.new && mv /tmp/given.new /tmp/given.ko"
run load --watch 1 /tmp/given.ko
check "the checked bytes are loaded although the file is replaced meanwhile" contains_now first
suture -q unload live_first >/dev/null
rm $probes/a

(until_done 20 loaded warn_patched && sleep 2 && cat /proc/cmdline >/dev/null) &
run --json load --watch 20 $m/warn_patched.ko
check "a warning of the kernel rolls the patch back" json '.modules[0] | .result == "rolled-back" and
	(.why | test("the kernel says: WARNING: "))'
check "a warning of the kernel has the module unloaded" not loaded warn_patched
wait
check "the kernel's log is clean" log_is_clean "warn_patched"

# The settings demand modules that were tested.
echo "require-tested = yes" >/etc/suture/suture.conf
run load --watch 0 $m/live_first.ko
check "an untested module is refused if require-tested is yes" fails_with 3 "no attestation says that it was tested"

# attest NAME RESULT SHA256: writes an attestation as 'suture test' does
attest() {
	jq -n --arg name "$1" --arg result "$2" --arg sum "$3" --arg kernel "$(uname -r)" '{
		schema: "suture.attest/1", module: $name, sha256: $sum, kernel: $kernel, build_id: "",
		suture: "1", time: "2026-01-01T00:00:00Z", result: $result, trials: [],
		covered: ["vmlinux:version_proc_show"], uncovered: ["vmlinux:other"]}' >"$m/$1.attest.json"
}

sum=$(sha256sum <$m/live_first.ko | cut -d' ' -f1)
attest live_first fail "$sum"
run load --watch 0 $m/live_first.ko
check "a module whose trial failed is refused" fails_with 3 "its trial failed"
attest live_first pass "${sum/[0-8]/9}"
run load --watch 0 $m/live_first.ko
check "a module with the attestation of another file is refused" fails_with 3 "is about another file"
attest live_first pass "$sum"
run load --watch 0 $m/live_first.ko
check "a module that passed its trial is loaded" [ "$status" = 0 ]
run status live_first
check "status says which functions the trial called" contains "$out" "which called 1 of 2 functions*not called: vmlinux:other"
suture -q unload live_first >/dev/null
attest signed pass "$sum"
run load --watch 0 $m/signed.ko
check "a module that was signed after its trial counts as tested" [ "$status" = 0 ]
suture -q unload live_first >/dev/null
mkdir /etc/suture/conf.d
echo "require-tested = no" >/etc/suture/conf.d/50-site.conf
run load --watch 0 $m/good.ko
check "later settings win" [ "$status" = 0 ]
check "require-tested = no adds no finding" [ -z "$(grep tested <<<"$err")" ]
suture -q unload good >/dev/null
echo "require-tested = perhaps" >/etc/suture/conf.d/50-site.conf
run load --watch 0 $m/good.ko
check "settings that are not valid are an error" fails 1 "50-site.conf: line 1: require-tested: 'perhaps' is not no, warn or yes"
rm -r /etc/suture/suture.conf /etc/suture/conf.d

run status --prometheus /tmp/suture.prom
check "the metrics count blocked patches" grep -q '^suture_patches_held 1$' /tmp/suture.prom
finish
