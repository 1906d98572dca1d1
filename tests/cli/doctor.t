#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/cli/lib.sh
fake_apt

run doctor --kernel 6.1.0-7-amd64
check "a kernel that cannot be had is missing" [ "$status" = 1 ]
check "it says which and why" contains "$out" "kernel 6.1.0-7-amd64: no package"
check "and what there is" contains "$out" "ok       make"
check "nothing is made" [ ! -e "$SUTURE_CACHE" ]
run --json doctor --kernel 6.1.0-7-amd64
check "as JSON" json '.schema == "suture.doctor/1" and (.ok | not)'
check "each fact has a state" json \
	'all(.facts[].state; . == "ok" or . == "note" or . == "missing")'
run_path=/nonexistent
run doctor
check "programs that are absent" contains "$out" "apt-get install make"
check "and what they are for" contains "$out" "'suture test' needs it"
finish
