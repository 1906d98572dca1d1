#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests the running kernel of the second generation: loading, stacks, replacement, unloading.
# live.t has the rest on the first one.
KERNEL=${SECOND_KERNEL:-6.12}
. tests/vm/lib.sh
. tests/vm/guest.sh
need_kernel
live_guest
guest_run basic 240
finish
