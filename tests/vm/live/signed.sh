# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel that takes only modules whose signature it can verify (module.sig_enforce=1),
# then locked down.
. /tests/lib.sh
m=/modules

# explained ERRNO-TEXT
explained() { [ "$status" = 1 ] && contains "$out" "failed: " && contains "$out" "$1"; }

run --json status
check "status: signatures are enforced" json '.signatures_enforced'
run load --watch 0 $m/live_first.ko
check "unsigned: refused before the kernel is asked" fails_with 3 "and this module is not signed"
check "unsigned: the kernel has not been asked" not contains "$(dmesg)" "live_first"
run load --watch 0 $m/signed.ko
check "signed by a key that the kernel lacks" fails_with 3 "does not have the key that signed this module (The admin"
check "the kernel agrees" not insmod $m/signed.ko
check "in its own words" contains "$(dmesg)" "Loading of module with unavailable key is rejected"
run load --dry-run $m/debian.ko
check "a key that the kernel has" [ "$status" = 0 ]
run load --watch 0 $m/debian.ko
check "but another module's signature" explained "signature is invalid"

run doctor
check "doctor tells what to do" contains "$out" "is locked down (module.sig_enforce): it loads only modules with a signature"
echo integrity >/sys/kernel/security/lockdown
run --json status
check "status: locked down" json '.lockdown == "integrity"'
run load --watch 0 $m/live_first.ko
check "unsigned: one clear line" fails_with 3 "live_first: refuse: the kernel is locked down (Secure Boot), and this module is not signed"
run load --watch 0 $m/signed.ko
check "signed by a key that the kernel lacks" fails_with 3 "does not have the key that signed this module"
check "nothing was loaded" [ -z "$(ls /sys/kernel/livepatch)" ]

# Not root, and a container whose root may not load modules.
out=$(setpriv --bounding-set -sys_module suture load $m/live_first.ko 2>&1)
check "a container: one clear line" contains "$out" "suture: this is a container"
out=$(setpriv --reuid 65534 suture load $m/live_first.ko 2>&1)
check "not root: one clear line" [ "$out" = "suture: only root can change live patches: run this command as root (sudo)" ]
echo 1 >/proc/sys/kernel/modules_disabled
run load $m/live_first.ko
check "no more modules: one clear line" fails 1 "modules_disabled=1"
finish
