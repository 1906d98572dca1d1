#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Commands are killed at 200 random moments of load, watch, install and uninstall; the next must work.
# live.t has 24 of them.
. tests/vm/lib.sh
. tests/vm/guest.sh
need_kernel
live_guest
guest_run kill 1200 suture_cycles=200
finish
