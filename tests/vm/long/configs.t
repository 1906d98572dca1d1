#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel that was built with another configuration than the one that is given is refused.
# proof.t has two of them.
. tests/vm/lib.sh
. tests/vm/proof.sh
need_kernel

change kernel/workqueue.c workqueue_congested 'if (cpu == 4711) return true;'
patch_of workqueue

build_with control
build_with list DEBUG_LIST=n
build_with preempt PREEMPT_DYNAMIC=n PREEMPT_VOLUNTARY=n PREEMPT=y
build_with stack STACKPROTECTOR_STRONG=n STACKPROTECTOR=n
build_with size CC_OPTIMIZE_FOR_PERFORMANCE=n CC_OPTIMIZE_FOR_SIZE=y

check "a module is built if nothing was changed" built control
check "another setting of list debugging is refused" refused list 'kernel/workqueue.c: [a-z]'
check "another preemption model is refused" refused preempt 'kernel/workqueue.c: [a-z]'
check "another stack protector is refused" refused stack 'kernel/workqueue.c: [a-z]'
check "another optimisation level is refused" refused size 'kernel/workqueue.c: [a-z]'
finish
