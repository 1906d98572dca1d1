# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel loads only modules whose signature it can verify (module.sig_enforce=1),
# and is then locked down.
. /tests/lib.sh
m=/modules

# explained ERRNO-TEXT: load fails with that error of the kernel, and explains it
explained() { [ "$status" = 1 ] && contains "$out" "failed: " && contains "$out" "$1"; }

run --json status
check "status says that signatures are enforced" json '.signatures_enforced'
run load --watch 0 $m/live_first.ko
check "an unsigned module is refused" fails_with 3 "and this module is not signed"
check "an unsigned module is refused before the kernel is asked" not contains "$(dmesg)" "live_first"
run load --watch 0 $m/signed.ko
check "signed by a key that the kernel lacks" fails_with 3 "does not have the key that signed this module (The admin"
check "the kernel rejects a module signed by a key that it lacks" not insmod $m/signed.ko
check "the kernel logs that it lacks the key" contains "$(dmesg)" "Loading of module with unavailable key is rejected"
run load --dry-run $m/debian.ko
check "a module signed by a key that the kernel has is accepted by a dry run" [ "$status" = 0 ]
run load --watch 0 $m/debian.ko
check "the signature of another module is explained as not valid" explained "signature is invalid"

run doctor
check "doctor says that the kernel loads only signed modules" contains "$out" "is locked down (module.sig_enforce): it loads only modules with a signature"
echo integrity >/sys/kernel/security/lockdown
run --json status
check "status says that the kernel is locked down" json '.lockdown == "integrity"'
run load --watch 0 $m/live_first.ko
check "a locked-down kernel is named as the reason to refuse an unsigned module" fails_with 3 "live_first: refuse: the kernel is locked down (Secure Boot), and this module is not signed"
run load --watch 0 $m/signed.ko
check "signed by a key that the kernel lacks" fails_with 3 "does not have the key that signed this module"
check "no module was loaded" [ -z "$(ls /sys/kernel/livepatch)" ]

# A user who is not root, and root in a container, may not load modules.
out=$(setpriv --bounding-set -sys_module suture load $m/live_first.ko 2>&1)
check "load says that this is a container" contains "$out" "suture: this is a container"
out=$(setpriv --reuid 65534 suture load $m/live_first.ko 2>&1)
check "load says that only root can change live patches" [ "$out" = "suture: only root can change live patches: run this command as root (sudo)" ]
echo 1 >/proc/sys/kernel/modules_disabled
run load $m/live_first.ko
check "load says that the kernel loads no more modules" fails 3 "modules_disabled=1"
finish
