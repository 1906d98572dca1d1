# SPDX-License-Identifier: GPL-2.0-or-later
# Patches are loaded, stacked, replaced and unloaded, and refused by Suture or by the kernel.
. /tests/lib.sh
m=/modules

run --json list
check "nothing is loaded at first" json '.schema == "suture.list/1" and .patches == []'
run load --dry-run $m/live_first.ko
check "a dry run says that all checks passed" contains "$out" "all checks passed"
check "a dry run loads nothing" not loaded live_first
run --json load --watch 0 $m/live_first.ko
check "a patch is loaded" json '.result == "loaded" and .modules[0].result == "done"'
check "the kernel runs the new code" contains "$(version)" "first was here"
run --json status live_first
check "status says by whom, from where and when a patch was loaded" json '.patches[0] | .suture and .state == "enabled" and
	.path == "/modules/live_first.ko" and (.loaded | test("^20..-"))'
check "status lists the patched functions" json '.patches[0].objects[0] | .name == "vmlinux" and
	.functions[0] == {name: "version_proc_show", sympos: 1, top: "live_first"}'
run load --watch 0 $m/live_first.ko
check "loading a patch again changes nothing and is no error" [ "$status" = 0 ]
check "loading a patch again says that it is loaded" contains "$out" "live_first: already loaded"
run --json load --watch 0 $m/live_first.ko
check "JSON says that nothing changed" json '.result == "loaded" and (.modules[0].changed | not)'

run load --watch 0 $m/live_stacked.ko
check "load warns of a function that two patches of a stack replace" contains "$err" "it stacks on live_first"
check "a second patch is stacked on the first" [ "$status" = 0 ]
run status
check "status says whose code runs for a function of a stack" contains "$out" "(the code of live_stacked runs instead)"
check "the kernel runs the code of the upper patch of a stack" contains "$(version)" "stacked was here"
run list
check "list shows patches in the order of loading" contains "$(tr '\n' ' ' <<<"$out")" "live_first*live_stacked"

run --json load --watch 0 $m/live_newer.ko
check "a cumulative patch replaces both others" json '.modules[0].replaced == ["live_first", "live_stacked"]'
check "the kernel runs the code of the cumulative patch" contains "$(version)" "newer was here"
check "the first replaced module is unloaded" not loaded live_first
check "the second replaced module is unloaded" not loaded live_stacked
run unload live_newer
check "unload says that the original code runs" contains "$out" "the original code runs"
check "the kernel runs the original code after unload" not contains "$(version)" "was here"
check "unload removes the module" not loaded live_newer

run --json load --watch 0 $m/good.ko
check "a patch that Suture did not make is loaded" json '.result == "loaded"'
check "a patch that Suture did not make works" contains "$(cat /proc/cmdline)" "patched"
insmod $m/live_first.ko
sleep 1
run --json list
check "status lists a patch that Suture did not load" json '.patches | length == 2 and .[1].suture == false'
run --json unload --all
check "unload --all unloads all patches" json '[.modules[].name] == ["live_first", "good"] and .result == "unloaded"'
xz -k $m/live_first.ko 2>/dev/null
run load --watch 0 $m/packed.ko.xz
check "a compressed module is loaded" contains "$out" "every task runs the new code"
run unload packed.ko.xz
check "unload does not know a compressed module by the name of its file" contains "$out" "packed: no live patch of that name"
check "what unload does not know stays loaded" loaded live_first
run unload live_first
check "unload knows a compressed module by its own name" [ "$status" = 0 ]

run load --watch 0 $m/other_release.ko
check "another kernel's module is refused" fails_with 3 "it was built for kernel"
run load --watch 0 $m/other_build.ko
check "another build's module is refused" fails_with 3 "another build of"
run load --watch 0 $m/not_a_patch.ko
check "a module that is not a patch is refused" fails 1 "not a live patch"
run load --watch 0 /bin/busybox
check "a file that is not a module is refused" fails 1 "/bin/busybox: "
run load --watch 0 /no/such.ko
check "a file that does not exist is an error" fails 1 "/no/such.ko: No such file"
run load --watch 0 $m/unknown_function.ko
check "a refusal by the kernel is explained" contains "$out" "a function that this kernel does not have"
check "a refusal by the kernel is quoted" contains "$out" "the kernel says: livepatch: "
check "a refusal by the kernel has exit code 1" [ "$status" = 1 ]
run load --watch 0 $m/live_first.ko $m/packed.ko.xz
check "one module given twice is refused" fails_with 3 "two files have this module name"
check "nothing is loaded of a module given twice" not loaded live_first
run unload nonsense
check "unloading a patch that is not loaded is no error" [ "$status" = 0 ]
check "unloading a patch that is not loaded says so" contains "$out" "nonsense: no live patch of that name"
run --json unload nonsense.ko
check "JSON says that nothing was unloaded" json '.modules == [.modules[] | select(.changed | not)]'
run unload
check "unload without a name asks for --all" fails 2 "--all"
run load --timeout soon $m/good.ko
check "a time-out that is not a number is refused" fails 2 "not a number of seconds"
run --json unload --all
check "unload --all reports nothing if nothing is loaded" json '.modules == []'

# A newer kernel is installed, and the loaded live patch has all fixes of that kernel.
ours=$(sed 's/.* Debian \([^ ]*\) .*/\1/' /proc/sys/kernel/version)
newer=99.$(uname -r)
mkdir -p /boot "/usr/share/doc/linux-image-$newer"
{ # the start of a bzImage: setup_sects, HdrS, kernel_version
	head -c 497 /dev/zero && printf '\007' && head -c 16 /dev/zero && printf 'HdrS'
	head -c 8 /dev/zero && printf '\0\004' && head -c 1008 /dev/zero
	printf '%s (a@b) #1 SMP PREEMPT_DYNAMIC Debian 99.1-1 (2026-11-01)' "$newer"
	head -c 4096 /dev/zero
} >"/boot/vmlinuz-$newer"

# fixing CVE...: makes the changelog of the newer kernel say that it fixes these
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
check "advise asks for a reboot without a live patch" json '.verdict == "reboot" and .kernel.fixes == ["CVE-2026-10001"]'
check "advise has exit code 102 for a reboot" [ "$status" = 102 ]
run load --watch 0 $m/live_pipe.ko
check "load says what a patch fixes" contains "$out" "fixes CVE-2026-10001"
run --json advise --now
check "advise has exit code 103 if a live patch covers a kernel" [ "$status" = 103 ]
check "advise lists the fixes that a live patch covers" json '.verdict == "covered" and .kernel.all_covered and
	.kernel.covered == ["CVE-2026-10001"] and .kernel.livepatches == ["live_pipe"]'
run advise --now
check "advise says that live patches cover the reboot" contains "$out" "a reboot is pending; loaded live patches cover its fixes until then"
printf 'linux-image-%s\n' "$newer" >/run/reboot-required.pkgs
touch /run/reboot-required
run advise --now --flag --quiet
check "advise removes the flag of a covered kernel" [ ! -e /run/reboot-required ]
printf 'linux-image-%s\nlibc6\n' "$newer" >/run/reboot-required.pkgs
touch /run/reboot-required
run advise --now --flag --quiet
check "advise keeps the flag of other packages" [ "$(cat /run/reboot-required.pkgs)" = libc6 ]
check "advise asks for a reboot because of other packages" [ "$status" = 102 ]
rm -f /run/reboot-required /run/reboot-required.pkgs
fixing CVE-2026-10001 CVE-2026-10002
run --json advise --now
check "advise asks for a reboot because of a fix that no patch has" json '.verdict == "reboot" and .kernel.covered == ["CVE-2026-10001"]'
fixing CVE-2026-10001
suture -q unload live_pipe >/dev/null
run --json advise --now
check "advise asks for a reboot again after unload" [ "$status" = 102 ]
rm -rf "/boot/vmlinuz-$newer" "/usr/share/doc/linux-image-$newer" /run/reboot-*

# A patch below another one is unloaded.
suture -q load --watch 0 $m/live_first.ko >/dev/null
suture -q load --watch 0 $m/live_stacked.ko >/dev/null
run unload live_first
check "unload of the lower patch of a stack says whose code runs" contains "$out" "in its place the code of live_stacked runs"
check "unload of the lower patch of a stack does not speak of the original code" not contains "$out" "original"
check "the kernel runs the code of the upper patch of the stack" contains "$(version)" "stacked was here"
run unload live_stacked
check "unload of the last patch says that the original code runs" contains "$out" "the original code runs"

# A patch that a newer one has replaced is not in use.
suture -q load --watch 0 $m/live_first.ko >/dev/null
suture -q load --watch 0 --wait 0 $m/live_newer.ko >/dev/null
until_done 20 contains_now newer
until_done 20 grep -q 0 /sys/kernel/livepatch/live_newer/transition
run unload live_first
check "unload of a replaced patch says that what runs is as before" contains "$out" "live_first: unloaded after *it was not in use, and what runs is as before"
check "unload of a replaced patch does not speak of the original code" not contains "$out" "original"
check "unload of a replaced patch leaves the newer one" contains_now newer
suture -q unload live_newer >/dev/null

# If the result cannot be printed, the patch is loaded, or unloaded, all the same.
for command in "load --watch 0 $m/live_first.ko" "unload live_first"; do
	# shellcheck disable=SC2086 # several words
	suture $command >/dev/full 2>/tmp/err
	check "${command%% *}: a full standard output is no failure" [ $? = 0 ]
	check "${command%% *}: it says that standard output is full" grep -q "could not be written to standard output" /tmp/err
done
check "unload: the patch is unloaded, though standard output is full" not loaded live_first
for command in "load --watch 0 $m/live_first.ko" "unload live_first"; do
	# shellcheck disable=SC2086 # several words
	suture $command >&- 2>/tmp/err
	check "${command%% *}: a closed standard output is no failure" [ $? = 0 ]
	# shellcheck disable=SC2086 # several words
	suture --json $command >/dev/full 2>/tmp/err
	check "${command%% *} --json: a full standard output is no failure" [ $? = 0 ]
done
check "unload: the patch is unloaded, though standard output is closed" not loaded live_first

# apart COMMAND MODULE: loads it where the command has changed the mounts
apart() {
	status=0 out=
	err=$(unshare -m sh -c "$1 && exec suture load --watch 0 $m/$2.ko" 2>&1) || status=$?
}
apart "mount -o remount,ro,bind /sys" live_first
check "nothing is loaded where /sys is read-only" fails_with 1 "could not be disabled again: /sys is mounted read-only"
check "no module was loaded where /sys is read-only" not loaded live_first
apart "mount -t tmpfs none /sys/kernel/livepatch" live_first
check "nothing is loaded where the folder of patches is hidden" fails_with 1 "another file system hides /sys/kernel/livepatch"
check "no module was loaded where the folder of patches is hidden" not loaded live_first
apart "mount -t tmpfs none /sys/kernel" live_first
check "nothing is loaded where the kernel's folder is hidden" fails_with 1 "another file system hides /sys/kernel here"
apart "mount -t tmpfs none /sys/module" live_first
check "nothing is loaded where the folder of modules is hidden" fails_with 1 "another file system hides /sys/module here"
# Where tracers cannot be seen, their lists are unknown.
apart "umount -a -t debugfs,tracefs" live_first
check "load says that it cannot see tracers" contains "$err" "which BPF programs*cannot be read*which kprobes*cannot be read"
check "a patch is loaded where tracers cannot be seen" loaded live_first
suture -q unload live_first >/dev/null

# Each cycle waits a second for what runs on the other processor, so there are only a few cycles.
second=/sys/devices/system/cpu/cpu1/online
for ((i = 0; i < 20; i++)); do
	[ $i != 3 ] || echo 0 >$second
	suture -q load --watch 0 $m/live_first.ko >/dev/null && suture -q unload live_first >/dev/null || break
done
check "a patch is loaded and unloaded 20 times" [ $i = 20 ]
echo 1 >$second

echo 0 >/proc/sys/kernel/ftrace_enabled
run load --watch 0 $m/live_first.ko
check "load says that ftrace is disabled" fails 3 "run 'sysctl kernel.ftrace_enabled=1'"
echo 1 >/proc/sys/kernel/ftrace_enabled

# From here on, the kernel loads and removes no modules.
suture -q load --watch 0 $m/live_first.ko >/dev/null
echo 1 >/proc/sys/kernel/modules_disabled
run load --watch 0 $m/live_stacked.ko
check "load says that the kernel loads no more modules" fails 3 "modules_disabled=1"
run unload live_first
check "unload works in a kernel that loads no more modules" [ "$status" = 0 ]
check "unload says that the module stays in memory" contains "$out" "live_first: disabled after *the original code runs*its module stays in memory"
check "the original code runs in a kernel that loads no more modules" not contains "$(version)" "was here"
run list
check "list shows the patch as disabled" contains "$out" "live_first * disabled"
check "list still knows that suture loaded the disabled patch" not contains "$out" "not by suture"
run unload live_first
check "unload of a patch that is disabled already says that what runs is as before" contains "$out" "live_first: disabled after *what runs is as before"
check "the kernel's log is clean" log_is_clean
finish
