# SPDX-License-Identifier: GPL-2.0-or-later
# Loading, stacks, replacement, unloading, and what the kernel or we refuse.
. /tests/lib.sh
m=/modules

run --json list
check "nothing is loaded at first" json '.schema == "suture.list/1" and .patches == []'
run load --dry-run $m/live_first.ko
check "a dry run says that nothing is in the way" contains "$out" "all checks passed"
check "and loads nothing" not loaded live_first
run --json load --watch 0 $m/live_first.ko
check "load" json '.result == "loaded" and .modules[0].result == "done"'
check "the kernel runs the new code" contains "$(version)" "first was here"
run --json status live_first
check "status: by whom, from where, when" json '.patches[0] | .suture and .state == "enabled" and
	.path == "/modules/live_first.ko" and (.loaded | test("^20..-"))'
check "status: functions" json '.patches[0].objects[0] | .name == "vmlinux" and
	.functions[0] == {name: "version_proc_show", sympos: 1, top: "live_first"}'
run load --watch 0 $m/live_first.ko
check "loading it again is refused" fails_with 3 "already loaded"

run load --watch 0 $m/live_stacked.ko
check "a stack of two: a word about the function that both have" contains "$err" "it stacks on live_first"
check "a stack of two" [ "$status" = 0 ]
run status
check "a stack of two: who is on top" contains "$out" "(the code of live_stacked runs instead)"
check "a stack of two: the kernel agrees" contains "$(version)" "stacked was here"
run list
check "list: in the order of loading" contains "$(tr '\n' ' ' <<<"$out")" "live_first*live_stacked"

run --json load --watch 0 $m/live_newer.ko
check "a cumulative patch takes the place of both" json '.modules[0].replaced == ["live_first", "live_stacked"]'
check "the kernel runs the newest" contains "$(version)" "newer was here"
check "the old modules are gone" not loaded live_first
check "both" not loaded live_stacked
run unload live_newer
check "unload" contains "$out" "the original code runs"
check "unload: by the kernel" not contains "$(version)" "was here"
check "unload: the module is gone" not loaded live_newer

run --json load --watch 0 $m/good.ko
check "a patch that Suture did not make" json '.result == "loaded"'
check "works" contains "$(cat /proc/cmdline)" "patched"
insmod $m/live_first.ko
sleep 1
run --json list
check "one that Suture did not load" json '.patches | length == 2 and .[1].suture == false'
run --json unload --all
check "unload --all" json '[.modules[].name] == ["live_first", "good"] and .result == "unloaded"'
xz -k $m/live_first.ko 2>/dev/null
run load --watch 0 $m/packed.ko.xz
check "a compressed module" contains "$out" "every task runs the new code"
run unload packed.ko.xz
check "is unloaded by its name" [ "$status" = 1 ]
run unload live_first
check "and by the one that it says itself" [ "$status" = 0 ]

run load --watch 0 $m/other_release.ko
check "another kernel's module is refused" fails_with 3 "it was built for kernel"
run load --watch 0 $m/other_build.ko
check "another build's module is refused" fails_with 3 "another build of"
run load --watch 0 $m/not_a_patch.ko
check "a module that is no patch" fails 1 "not a live patch"
run load --watch 0 /bin/busybox
check "a file that is no module" fails 1 "/bin/busybox: "
run load --watch 0 /no/such.ko
check "a file that is not there" fails 1 "/no/such.ko: No such file"
run load --watch 0 $m/unknown_function.ko
check "the kernel's refusal is explained" contains "$out" "a function that this kernel does not have"
check "with its own words" contains "$out" "the kernel says: livepatch: "
check "and its exit code" [ "$status" = 1 ]
run load --watch 0 $m/live_first.ko $m/packed.ko.xz
check "the same one twice is refused" fails_with 3 "two files have this module name"
check "and nothing is loaded" not loaded live_first
run unload nonsense
check "unloading what is not loaded" fails 1 "no live patch of that name"
run unload
check "unloading nothing" fails 2 "--all"
run load --timeout soon $m/good.ko
check "a time-out that is no number" fails 2 "not a number of seconds"
run --json unload --all
check "nothing is left" json '.modules == []'

# A newer kernel is installed, and the loaded live patch has all that it fixes.
ours=$(sed 's/.* Debian \([^ ]*\) .*/\1/' /proc/sys/kernel/version)
newer=99.$(uname -r)
mkdir -p /boot "/usr/share/doc/linux-image-$newer"
{ # the start of a bzImage: setup_sects, HdrS, kernel_version
	head -c 497 /dev/zero && printf '\007' && head -c 16 /dev/zero && printf 'HdrS'
	head -c 8 /dev/zero && printf '\0\004' && head -c 1008 /dev/zero
	printf '%s (a@b) #1 SMP PREEMPT_DYNAMIC Debian 99.1-1 (2026-11-01)' "$newer"
	head -c 4096 /dev/zero
} >"/boot/vmlinuz-$newer"

# fixing CVE...: the newer one's changelog says that it fixes those
fixing() {
	{
		printf 'linux (99.1-1) bookworm-security; urgency=high\n\n'
		printf '  * a fix (%s)\n' "$@"
		printf '\n -- A <a@b>  Sun, 01 Nov 2026 00:00:00 +0000\n\n'
		printf 'linux (%s) bookworm; urgency=medium\n\n  * old (CVE-2020-0001)\n' "$ours"
	} >"/usr/share/doc/linux-image-$newer/changelog.Debian"
}

fixing CVE-2026-10001
run --json advise --now
check "advise: no live patch, a reboot" json '.verdict == "reboot" and .kernel.fixes == ["CVE-2026-10001"]'
check "advise: its exit code" [ "$status" = 102 ]
suture -q load --watch 0 $m/live_pipe.ko >/dev/null
run --json advise --now
check "advise: a loaded live patch covers it" [ "$status" = 103 ]
check "advise: which fixes" json '.verdict == "covered" and .kernel.all_covered and
	.kernel.covered == ["CVE-2026-10001"] and .kernel.livepatches == ["live_pipe"]'
run advise --now
check "advise: says so" contains "$out" "a reboot is pending; loaded live patches cover its fixes until then"
printf 'linux-image-%s\n' "$newer" >/run/reboot-required.pkgs
touch /run/reboot-required
run advise --now --flag --quiet
check "advise: the flag for that kernel goes" [ ! -e /run/reboot-required ]
printf 'linux-image-%s\nlibc6\n' "$newer" >/run/reboot-required.pkgs
touch /run/reboot-required
run advise --now --flag --quiet
check "advise: but not that for others" [ "$(cat /run/reboot-required.pkgs)" = libc6 ]
check "advise: they want a reboot" [ "$status" = 102 ]
rm -f /run/reboot-required /run/reboot-required.pkgs
fixing CVE-2026-10001 CVE-2026-10002
run --json advise --now
check "advise: one fix that no patch has" json '.verdict == "reboot" and .kernel.covered == ["CVE-2026-10001"]'
fixing CVE-2026-10001
suture -q unload live_pipe >/dev/null
run --json advise --now
check "advise: unloaded, a reboot again" [ "$status" = 102 ]
rm -rf "/boot/vmlinuz-$newer" "/usr/share/doc/linux-image-$newer" /run/reboot-*

# What runs on the other processor is waited for a second each time, which a few cycles are enough for.
second=/sys/devices/system/cpu/cpu1/online
for ((i = 0; i < 20; i++)); do
	[ $i != 3 ] || echo 0 >$second
	suture -q load --watch 0 $m/live_first.ko >/dev/null && suture -q unload live_first >/dev/null || break
done
check "20 cycles" [ $i = 20 ]
echo 1 >$second
check "the kernel's log is clean" log_is_clean
finish
