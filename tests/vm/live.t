#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests commands for the running kernel, in guests of the stock kernel.
. tests/vm/lib.sh
. tests/vm/guest.sh
need_kernel

# The guests mostly wait for seconds to pass, so a processor has time for several of them.
lane_one() {
	guest_run kill 300 suture_cycles=24 # long/killed.t has 200
}

lane_two() {
	guest_run health 480
	guest_run watch 480
	guest_run stall 480
	guest_run signed 240 module.sig_enforce=1
}

lane_three() {
	guest_run basic 480

	# One machine boots five times.
	guest_disk
	for _ in install automatic; do
		guest_run boot 240
	done
	guest_run boot 240 suture=off
	guest_start boot
	guest_wait 240 "# kill me"
	guest_kill
	guest_report
	guest_run boot 240
}

live_guest
for lane in one two three; do
	lane $lane lane_$lane
done
lanes_end
finish
