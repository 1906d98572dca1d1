#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# suture auto run on this machine, with folders of its own for state and with a made-up apt: up to the point
# where something would have to be fetched.
. tests/cli/lib.sh
# A root of its own, above that of this machine; containers lack the right to mount it.  What says that this is a
# container is not in it, nor is /run, and so no systemd runs there.
mkdir "$dir/over"
[ "$(id -u)" = 0 ] && mount -t tmpfs -o mode=755 none "$dir/over" 2>/dev/null &&
	mkdir "$dir"/over/{up,work,root} && root=$dir/over/root &&
	mount -t overlay overlay -o "lowerdir=/,upperdir=$dir/over/up,workdir=$dir/over/work" "$root" 2>/dev/null || {
	umount "$dir/over" 2>/dev/null
	echo "1..0 # skip no root of its own can be mounted"
	exit 0
}
trap 'umount "$root/dev" "$root/proc" "$root" "$dir/over"; rm -rf "$dir"' EXIT
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
rm -rf "$root/.dockerenv" "$root/var/lib/suture" "$root/etc/suture"
mkdir -p "$root/etc/suture/auto.conf.d" "$root/fake"
cp "$suture" "$root/fake/suture"
cp tests/support/fake-apt/* "$root/fake/"
series=$(uname -r | cut -d. -f1-2)

# here COMMAND...: runs the command in that root
here() {
	chroot "$root" env PATH="/fake:$PATH" FAKE_APT=/fake TMPDIR=/tmp "$@" >"$dir/run.out" 2>"$dir/run.err"
	status=$?
	load_run run
}
try() { here suture auto "$@"; }
offer() { printf 'linux-source-%s:\n  Candidate: %s\n' "$series" "$1" >"$root/fake/policy"; }

cat >"$root/fake/told" <<-EOF
	#!/bin/sh
	cat >>/fake/told.json
EOF
chmod 755 "$root/fake/told"
printf 'source = build\nnotify = /fake/told\n' >"$root/etc/suture/auto.conf"
offer 99:1-1
try run
[ "$status" != 3 ] || {
	echo "1..0 # skip this is a container"
	exit 0
}
check "an update is seen" [ "$status $out" = "0 seen: mode = observe: level 99:1-1 is only reported" ]
check "who is to be told gets a report" \
	[ "$(jq -c '[.schema, .from, .step, .level.version]' "$root/fake/told.json")" = '["suture.auto/1","idle","seen","99:1-1"]' ]
try run
check "and gets it once" [ "$(jq -s length "$root/fake/told.json")" = 1 ]
try history
check "the history has the decision and its reason" contains "$out" "99:1-1  idle -> seen: level 99:1-1 is offered (build)"
offer 99:1-2
try run
check "a later one takes its place" contains "$out" "seen: mode = observe: level 99:1-2"
try hold "not today"
try run
check "nothing is done while it is held" contains "$out" "the administrator put 'suture auto' on hold: not today"
try release
here flock /run/suture/auto.lock suture auto run
check "two runs do not work at once" [ "$status" = 1 ]
check "and the second says so" contains "$err" "another 'suture auto run' is running"
here sh -c 'flock /run/suture/auto.lock sleep 2 & sleep 0.5; suture auto release'
check "release waits for a run that ends soon" [ "$status" = 0 ]
printf 'mode = prepare\nkeep-sources = no\n' >"$root/etc/suture/auto.conf.d/prepare.conf"
try run
check "limits that cannot be kept are no builds" contains "$out" "failed: 'get' is tried again at "
try status --json
check "why it failed is told" \
	[ "$(jq -r '.step, .failures' <<<"$out" | tr '\n' ' ')" = "failed 1 " ]
try history
check "and is in the history" contains "$out" "seen -> failed: max-cpu and max-memory need systemd, which does not run here"
printf 'no such line\n' >"$root/etc/suture/auto.conf.d/wrong.conf"
try run
check "with a wrong policy nothing is done" [ "$status" = 1 ]
check "and file and line are said" contains "$err" "/etc/suture/auto.conf.d/wrong.conf: line 1: 'no such line'"
finish
