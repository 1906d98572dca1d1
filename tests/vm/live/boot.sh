# SPDX-License-Identifier: GPL-2.0-or-later
# What outlives a boot.  The same script in each boot of a guest; the disk tells which one it is.
. /tests/lib.sh
m=/modules
phase=$(cat /state/phase 2>/dev/null || echo install)
# What the unit runs, without the path.
read -r -a unit < <(sed -n 's,^ExecStart=@bindir@/,,p' /etc/systemd/suture.service.in)
marker=/var/lib/suture/loading.json

next() { echo "$1" >/state/phase && sync; }

case $phase in
install)
	next automatic
	run --json status
	check "nothing is installed at first" json '.installed == [] and .held == []'
	run install $m/live_first.ko
	check "install: who would load it" contains "$err" "nothing will be loaded at boot: suture.service is missing"
	mkdir -p /run/systemd/system/sysinit.target.wants
	cp /etc/systemd/suture.service.in /run/systemd/system/suture.service
	ln -s ../suture.service /run/systemd/system/sysinit.target.wants/suture.service
	run install $m/live_first.ko
	check "install" contains "$out" "will be loaded at each boot of kernel $(uname -r)"
	check "install: its report comes along" [ -f /var/lib/suture/*/live_first-*/live_first.report.json ]
	check "install: nothing is loaded by it" not loaded live_first
	run install $m/live_stacked.ko
	run --json status
	check "install: a stack" json '[.installed[].name] == ["live_first", "live_stacked"]'
	run install $m/live_newer.ko
	run --json status
	check "install: a cumulative patch takes the place of the others" json '[.installed[].name] == ["live_newer"]'
	check "install: the others' files are gone" [ "$(ls /var/lib/suture/"$(uname -r)" | wc -l)" = 2 ]
	run uninstall live_first
	check "uninstall: what is not installed" fails 1 "not installed for kernel"
	run install $m/other_release.ko
	check "install: for another kernel" contains "$out" "of kernel 9.9"
	run install $m/not_a_patch.ko
	check "install: no patch" fails 1 "not a live patch"
	;;
automatic)
	next off
	suture "${unit[@]:1}" >/tmp/unit 2>&1 &
	pid=$!
	check "at boot: loaded by what the unit runs" until_done 20 contains_now newer
	check "at boot: not that of another kernel" not loaded live_first
	check "at boot: the marker is there while the machine is watched" [ -f $marker ]
	run --json list
	check "at boot: the list knows" json '.patches[0] | .installed and .name == "live_newer"'
	kill $pid && wait $pid
	check "a clean shutdown takes the marker away" not [ -e $marker ]
	run load --installed --watch 0
	check "again: it is there already" [ "$status" = 0 ]
	suture -q unload live_newer >/dev/null
	touch /etc/suture/disabled
	run load --installed --watch 0
	check "the switch /etc/suture/disabled" contains "$err" "nothing is loaded at boot: /etc/suture/disabled"
	check "and nothing is" not loaded live_newer
	rm /etc/suture/disabled
	;;
off)
	next crash
	run load --installed --watch 0
	check "the switch suture=off" contains "$err" "suture=off on the kernel's command line"
	check "the switch is no failure" [ "$status" = 0 ]
	check "and nothing is loaded" not loaded live_newer
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
	check "the next boot holds the patches back" fails_with 3 "stalled: refuse: it has been blocked since"
	check "and says why" contains "$err" "the machine went down while it was being loaded or shortly after"
	check "and loads none" not loaded live_newer
	run --json status
	check "status tells" json '[.held[].name] | sort == ["live_newer", "stalled"]'
	check "the marker is gone" not [ -e $marker ]
	run load $m/stalled.ko
	check "by hand it is refused as well" fails_with 3 "blocked"
	run install $m/stalled.ko
	check "and cannot be installed again" fails_with 3 "blocked"
	run uninstall stalled
	check "uninstall" contains "$out" "no longer loaded at boot"
	run unlock live_newer
	check "unlock" contains "$out" "live_newer is no longer blocked"
	run unlock live_newer
	check "unlock: what is not held back" fails 1 "not blocked"
	run load --installed --watch 0
	check "then it is loaded" contains "$(version)" "newer was here"
	run unlock --all
	check "unlock --all" contains "$out" "stalled"
	suture -q unload live_newer >/dev/null
	: >"/var/lib/suture/$(uname -r)/installed.json"
	run load --installed --watch 0
	check "a damaged list: nothing is loaded, and the remedy is named" fails_with 3 "'suture uninstall --all --kernel $(uname -r)'"
	check "a damaged list: by the kernel" not loaded live_newer
	run uninstall --all
	check "uninstall --all" contains "$out" "live_newer"
	check "no file is left" not [ -e /var/lib/suture/"$(uname -r)" ]
	run load --installed
	check "nothing installed" contains "$out" "nothing is installed for this kernel"
	echo '{"boot_id"' >$marker
	run load --watch 0 $m/live_first.ko
	check "a damaged marker: nothing is loaded, and the remedy is named" fails_with 3 "'suture unlock --all'"
	run unlock --all
	run load --watch 0 $m/live_first.ko
	check "which helps" [ "$status" = 0 ]
	check "the kernel's log is clean" log_is_clean
	;;
esac
finish
