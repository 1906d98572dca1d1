#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 at 200 random moments of load, watch, install and uninstall: the next command goes on.
# live.t has 24 of them.
. tests/vm/lib.sh
. tests/vm/guest.sh
need_kernel
live_guest
guest_run kill 1200 suture_cycles=200
finish
