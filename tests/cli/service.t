#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Checks that the service that loads live patches at boot may do as little as its work allows.
. tests/cli/lib.sh

# The limit is in tenths of the rating; doc/service.md says what a lower one would break.
most=36

# Whoever wrote the markers, a clean shutdown removes them.
marker=$(sed -nE 's,^#define LIVE_STATE "([^"]*)".*,\1,p' src/live/paths.h)/loading.json
mark=${marker%/*}$(sed -nE 's,^#define MARK_FILE AUTO_DIR "([^"]*)".*,/auto\1,p' src/auto/marks.c)
check "a clean shutdown removes the markers" grep -qxF "ExecStop=/bin/rm -f $marker $mark" systemd/suture-shutdown.service

# Installing starts nothing, so that the services that load patches have to start that one.
for service in suture suture-auto; do
	check "$service.service wants the service for shutdowns" \
		grep -qE "^Wants=.*suture-shutdown.service" systemd/$service.service.in
done
# The programs that are attached to replaced functions are found by bpf(2), which only @privileged has, and in folders
# that systemd mounts at boot.
check "the service may ask for BPF programs" grep -qxF "SystemCallFilter=@system-service @module bpf" systemd/suture.service.in
check "the service waits for what shows tracers" \
	grep -qE "^After=.*sys-kernel-debug.mount sys-kernel-tracing.mount" systemd/suture.service.in

if ! command -v systemd-analyze >/dev/null || ! systemd-analyze security --help 2>&1 | grep -q -- --offline; then
	skip "the service's exposure" "systemd-analyze here cannot rate a file"
	finish
	exit
fi
sed 's,@bindir@,/usr/bin,' systemd/suture.service.in >"$dir/suture.service"
out=$(systemd-analyze security --offline=true --no-pager "$dir/suture.service" 2>&1)
rating=$(sed -nE 's/.*exposure level for suture.service: ([0-9]+)\.([0-9]).*/\1\2/p' <<<"$out")
check "the service's exposure is rated" [ -n "$rating" ]
check "the service's exposure is at most 3.6" [ "${rating:-99}" -le $most ]
check "the documentation has that figure" grep -q "exposure 3.6 of 10" doc/service.md
err=$(systemd-analyze verify --man=no "$dir/suture.service" 2>&1 | grep -i "suture.service.*unknown\|failed to parse")
check "systemd knows every setting of the service" [ -z "$err" ]
cp systemd/suture-shutdown.service "$dir"
sed 's,@bindir@,/bin,; s,^ExecStart=.*,ExecStart=/bin/true,' systemd/suture-auto.service.in >"$dir/suture-auto.service"
# rate NAME MOST: the exposure of the service, in tenths, is at most that
rate() {
	local rating

	rating=$(systemd-analyze security --offline=true --no-pager "$dir/$1.service" 2>&1 |
		sed -nE "s/.*exposure level for $1.service: ([0-9]+)\.([0-9]).*/\1\2/p")
	[ "$((10#${rating:-99}))" -le "$2" ]
}
check "the exposure of the service for shutdowns is at most 0.7" rate suture-shutdown 7
check "the exposure of the service that runs the loop is at most 8.9" rate suture-auto 89
check "other users cannot write what the services make" \
	[ "$(grep -lE '^UMask=00[0-7]{2}$' systemd/suture-shutdown.service systemd/suture-auto.service.in | wc -l)" = 2 ]
err=$(systemd-analyze verify --man=no "$dir/suture-auto.service" 2>&1 | grep -i "suture-auto.service")
check "systemd knows every setting of the service that runs the loop" [ -z "$err" ]
err=$(systemd-analyze verify --man=no "$dir/suture-shutdown.service" 2>&1 | grep -i "suture-shutdown.service")
check "systemd knows every setting of the service for shutdowns" [ -z "$err" ]
finish
