# SPDX-License-Identifier: GPL-2.0-or-later
# Tests what survives a boot.  This script runs in each boot of a guest; the disk says which one it is.
. /tests/lib.sh
m=/modules
phase=$(cat /state/phase 2>/dev/null || echo install)
# This is the unit's command, without the path.
read -r -a unit < <(sed -n 's,^ExecStart=@bindir@/,,p' /etc/systemd/suture.service.in)
marker=/var/lib/suture/loading.json

next() { echo "$1" >/state/phase && sync; }

case $phase in
install)
	next automatic
	run --json status
	check "nothing is installed at first" json '.installed == [] and .held == []'
	run install $m/live_first.ko
	check "install warns that nothing loads patches at boot without the unit" contains "$err" "nothing will be loaded at boot: suture.service is missing"
	mkdir -p /run/systemd/system/sysinit.target.wants
	cp /etc/systemd/suture.service.in /run/systemd/system/suture.service
	ln -s ../suture.service /run/systemd/system/sysinit.target.wants/suture.service
	run install $m/live_first.ko
	check "install says that the patch will be loaded at each boot" contains "$out" "will be loaded at each boot of kernel $(uname -r)"
	check "install copies the report" [ -f /var/lib/suture/*/live_first-*/live_first.report.json ]
	check "install loads nothing" not loaded live_first
	run install $m/live_stacked.ko
	run --json status
	check "install keeps a stack in order" json '[.installed[].name] == ["live_first", "live_stacked"]'
	run install $m/live_newer.ko
	run --json status
	check "install of a cumulative patch drops the others" json '[.installed[].name] == ["live_newer"]'
	check "install removes the files of dropped patches" [ "$(ls /var/lib/suture/"$(uname -r)" | wc -l)" = 2 ]
	run uninstall live_first
	check "uninstall of a patch that is not installed is no error" [ "$status" = 0 ]
	check "uninstall of a patch that is not installed says so" contains "$out" "not installed for kernel"
	run --json uninstall live_first.ko
	check "JSON says that nothing was uninstalled" json '(.changed | not) and .removed == []'
	run --json install $m/live_newer.ko
	check "installing a patch again changes nothing" json '.result == "installed" and (.modules[0].changed | not)'
	run install $m/other_release.ko
	check "install takes a patch for another kernel" contains "$out" "of kernel 9.9"
	run install $m/not_a_patch.ko
	check "install refuses a module that is not a patch" fails 1 "not a live patch"
	;;
automatic)
	next off
	suture "${unit[@]:1}" >/tmp/unit 2>&1 &
	pid=$!
	check "the unit's command loads what is installed" until_done 20 contains_now newer
	check "a boot does not load patches for another kernel" not loaded live_first
	check "the marker exists while the machine is watched" [ -f $marker ]
	run --json list
	check "status says that a patch was loaded by the boot" json '.patches[0] | .installed and .name == "live_newer"'
	kill $pid && wait $pid
	check "a clean shutdown removes the marker" not [ -e $marker ]
	run load --installed --watch 0
	check "loading what a boot has loaded already succeeds" [ "$status" = 0 ]
	suture -q unload live_newer >/dev/null
	touch /etc/suture/disabled
	run load --installed --watch 0
	check "/etc/suture/disabled is named as the reason why nothing is loaded" contains "$err" "nothing is loaded at boot: /etc/suture/disabled"
	check "/etc/suture/disabled keeps a boot from loading" not loaded live_newer
	rm /etc/suture/disabled
	# A killed watch and then a clean shutdown are no crash.
	suture load --watch 60 $m/live_first.ko >/tmp/watch 2>&1 &
	pid=$!
	until_done 20 contains_now first
	kill -9 $pid && wait $pid 2>/dev/null
	check "a killed watch leaves the marker" [ -f $marker ]
	read -r -a stop < <(sed -n 's,^ExecStop=,,p' /etc/systemd/suture-shutdown.service)
	"${stop[@]}"
	;;
off)
	next crash
	run --json status
	check "a killed watch and then a clean shutdown hold nothing back" json '.held == []'
	run load --installed --watch 0
	check "suture=off is named as the reason why nothing is loaded" contains "$err" "suture=off on the kernel's command line"
	check "suture=off is not a failure" [ "$status" = 0 ]
	check "suture=off keeps a boot from loading" not loaded live_newer
	;;
crash)
	next held
	run install $m/stalled.ko
	suture "${unit[@]:1}" >/tmp/unit 2>&1 &
	until_done 20 loaded stalled
	echo "# guest: end"
	echo "# kill me"
	sleep 100
	;;
held)
	run load --installed
	check "the boot after a crash blocks the patches" fails_with 3 "stalled: refuse: it has been blocked since"
	check "the boot after a crash says why patches are blocked" contains "$err" "the machine went down while it was being loaded or shortly after"
	check "the boot after a crash loads nothing" not loaded live_newer
	run --json status
	check "status lists the patches blocked after a crash" json '[.held[].name] | sort == ["live_newer", "stalled"]'
	check "the boot after a crash removes the marker" not [ -e $marker ]
	run load $m/stalled.ko
	check "a blocked patch cannot be loaded by hand" fails_with 3 "blocked"
	run install $m/stalled.ko
	check "a blocked patch cannot be installed" fails_with 3 "blocked"
	run uninstall stalled
	check "uninstall says that a patch is no longer loaded at boot" contains "$out" "no longer loaded at boot"
	run unlock live_newer
	check "unlock says that a patch is no longer blocked" contains "$out" "live_newer is no longer blocked"
	run unlock live_newer
	check "unlock of a patch that is not blocked is no error" [ "$status" = 0 ]
	check "unlock of a patch that is not blocked says so" contains "$out" "live_newer is not blocked"
	run load --installed --watch 0
	check "an unlocked patch is loaded" contains "$(version)" "newer was here"
	run unlock --all
	check "unlock --all names what it unblocks" contains "$out" "stalled"
	suture -q unload live_newer >/dev/null
	: >"/var/lib/suture/$(uname -r)/installed.json"
	run load --installed --watch 0
	check "a damaged list is refused, and the remedy is named" fails_with 3 "'suture uninstall --all --kernel $(uname -r)'"
	check "nothing is loaded from a damaged list" not loaded live_newer
	run uninstall --all
	check "uninstall --all works with a damaged list" contains "$out" "live_newer"
	check "uninstall --all leaves no file" not [ -e /var/lib/suture/"$(uname -r)" ]
	run load --installed
	check "a boot says that nothing is installed" contains "$out" "nothing is installed for this kernel"
	echo '{"boot_id"' >$marker
	run load --watch 0 $m/live_first.ko
	check "a damaged marker is refused, and the remedy is named" fails_with 3 "'suture unlock --all'"
	run unlock --all
	run load --watch 0 $m/live_first.ko
	check "the remedy for a damaged marker works" [ "$status" = 0 ]
	check "the kernel's log is clean" log_is_clean
	;;
esac
finish
