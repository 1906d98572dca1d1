#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The running kernel: everything happens in guests of the stock kernel.
. tests/vm/lib.sh
. tests/vm/guest.sh
need_kernel

live_guest
guest_run basic 240
guest_run stall 240
guest_run health 240
guest_run signed 120 module.sig_enforce=1
guest_run kill 300 suture_cycles=50

# Five boots of one machine.
guest_disk
for boot in install automatic; do
	guest_run boot 120
done
guest_run boot 120 suture=off
guest_start boot
guest_wait 120 "# kill me"
guest_kill
guest_report
guest_run boot 120
finish
