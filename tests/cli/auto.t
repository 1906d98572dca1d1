#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# suture auto on made-up machines: its policy, what it would do, what it shows, hold and release.
. tests/cli/lib.sh
fake_apt

# ---- the manual has each key, in the order of the table, with its default ----
keys=$(sed -nE 's/^\t\{"([a-z-]+)", POLICY_[A-Z]+, AT\(\w+\), "([^"]*)".*/\1 = \2/p' src/auto/policy.c)
documented=$(awk '/^\.It Cm / { key = $3; next }
	/^The default is / { sub(/^The default is /, ""); sub(/\.$/, ""); print key " = " $0 }
	/^\.Em ""/ { print key " = " }' man/suture-auto.conf.5)
check "there are keys" [ "$(wc -l <<<"$keys")" -gt 15 ]
check "the manual has each key with its default" [ "$keys" = "$documented" ]

# ---- a machine: 6.1.192-2 runs, and the archive has 6.1.192-3 ----
machine=$dir/machine
mkdir -p "$machine"/{proc/sys/kernel/random,sys/kernel/livepatch,etc/suture/auto.conf.d,var/lib}
echo 6.1.0-56-amd64 >"$machine/proc/sys/kernel/osrelease"
echo "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-08-02)" >"$machine/proc/sys/kernel/version"
echo 11111111-2222 >"$machine/proc/sys/kernel/random/boot_id"
echo 0123456789abcdef0123456789abcdef >"$machine/etc/machine-id"
policy=$machine/etc/suture/auto.conf
echo "mode = apply" >"$policy"

# offered PACKAGE VERSION [PHASE]: what apt-cache says about a package from now on
offered() {
	cat <<-EOF
		$1:
		  Installed: (none)
		  Candidate: $2
		  Version table:
		     $2 500${3:+ (phased $3%)}
		        500 http://deb.example.org bookworm/main amd64 Packages
	EOF
}
offered linux-source-6.1 6.1.192-2 >"$FAKE_APT/policy"
try() { run auto "$@" --root "$machine"; }
try run --dry-run
check "a kernel that is up to date has nothing to do" contains "$out" "no update is known; the kernel is at 6.1.192-2"
{
	offered linux-image-amd64 6.1.192-3
	offered linux-source-6.1 6.1.192-3
} >"$FAKE_APT/policy"
try run --dry-run
check "a later version of the source is an update" [ "$status $out" = "0 idle: level 6.1.192-3 is offered (build)" ]
check "a dry run writes nothing" [ ! -e "$machine/var/lib/suture" ]
echo "source = repository" >>"$policy"
try run --dry-run
check "what the policy does not name is no source" contains "$out" "no update is known"
echo "source = repository, build" >>"$policy"
offered suture-livepatch-6.1.0-56-amd64 6.1.192-3-2 10 >>"$FAKE_APT/policy"
echo "ring = 9%" >"$machine/etc/suture/auto.conf.d/ring.conf"
try run --dry-run
check "a repository comes first" contains "$out" "level 6.1.192-3-2 is offered (repository)"
echo "ring = 10%" >"$machine/etc/suture/auto.conf.d/ring.conf"
try run --dry-run
check "a phase that has not come to this machine is waited for, and nothing is built" \
	contains "$out" "level 6.1.192-3-2 is offered to 10% of machines; this one is at 10%"

# ---- a wrong policy ----
cp "$policy" "$dir/right"
printf '# policy\nmode = aply\n' >"$policy"
try run --dry-run
check "a wrong value is refused with file and line" contains "$err" "auto.conf: line 2: mode: 'aply' is not observe, prepare or apply; did you mean 'apply'?"
check "its exit code is 1" [ "$status" = 1 ]
try status
check "nor does status guess" contains "$err" "auto.conf: line 2"
if command -v systemd-analyze >/dev/null; then
	printf 'mode = apply\nwindow = Mon..Fry 02:00-05:00\n' >"$policy"
	try run --dry-run
	check "systemd checks windows" contains "$err" "auto.conf: line 2: "
fi
cp "$dir/right" "$policy"
chmod o+w "$policy"
try status
check "a policy that others can write is refused" contains "$err" "auto.conf: other users can write to it"
chmod o-w "$policy"
echo "mode = prepare" >"$machine/other.conf"
try status --config /other.conf
check "--config reads another policy" contains "$out" "mode = prepare"
try status --config /none.conf
check "a missing --config is wrong use" [ "$status" = 2 ]

# ---- status, hold, release, history ----
try status
check "status tells version, mode and ring" contains "$out" "mode = apply, ring 10 of 100"
try status --short
check "status --short is the version" [ "$out" = 6.1.192-2 ]
try status --json
check "status --json is a report" \
	[ "$(jq '.schema == "suture.auto/1" and .step == "idle" and .effective.version == "6.1.192-2" and .ring == 10' <<<"$out")" = true ]
try status --prometheus "$dir/auto.prom"
check "metrics name the version" grep -q '^suture_auto_info{level="",step="idle",effective="6.1.192-2"} 1$' "$dir/auto.prom"
try status --prometheus -
check "metrics are printed for -" contains "$out" "*suture_auto_info{level=*"
try hold "a release is near"
check "hold says so" contains "$out" "until 'suture auto release'"
try status
check "and why nothing is done" contains "$out" "the administrator put 'suture auto' on hold: a release is near"
try release
try status
check "release ends it" bash -c '! grep -q held <<<"$1"' - "$out"
try history
check "there is no history yet" contains "$out" "nothing was decided yet"
mkdir -p "$machine/var/lib/suture/auto"
echo '{"schema": "suture.auto-state/1", "step": "loaded"' >"$machine/var/lib/suture/auto/state.json"
try status
check "a damaged state is said with the remedy" contains "$err" "run 'suture auto release' to start over"
try release
try status
check "and release begins anew" contains "$out" "idle since"
try history
check "which the history tells" contains "$out" "idle: released by the administrator"
for file in mark hold; do
	echo '{' >"$machine/var/lib/suture/auto/$file.json"
	try status
	check "a damaged $file is said with the remedy" contains "$out" \
		"*nothing new is begun, since */$file.json is damaged *run 'suture auto release'*"
	try release
	try status
	check "and release mends it" [ "$status" = 0 ]
done
rm "$FAKE_APT/policy"
try run --dry-run
check "lists that cannot be read are not taken for no update" contains "$out" "it is not known whether there is an update: apt-cache"
run auto runn
check "a wrong word is corrected" contains "$err" "did you mean 'run'?"
run auto run --root "$machine"
check "run works on this machine only" [ "$status" = 2 ]
finish
