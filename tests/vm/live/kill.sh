# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 at random moments of load, install and uninstall: the next command goes on.
. /tests/lib.sh
m=/modules
cycles=$(sed -n 's/.*suture_cycles=\([0-9]*\).*/\1/p' /proc/cmdline)
RANDOM=${cycles:=50}
lost='' ended=0

# How long one takes when it is let; what is slower lives a little less long on average.
begin=${EPOCHREALTIME/[.,]/}
suture -q install $m/live_first.ko >/dev/null
lasts=$(((${EPOCHREALTIME/[.,]/} - begin) / 1000))
suture -q uninstall --all >/dev/null
echo "# an install takes $lasts ms"

# killed ARG...: suture, ended after at most that long
killed() {
	suture -q "$@" >/dev/null 2>&1 &
	sleep "$(printf '0.%03d' $((RANDOM % (lasts < 999 ? lasts : 999))))"
	kill -9 $! 2>/dev/null || ended=$((ended + 1))
	wait $! 2>/dev/null
}

# works ARG...
works() {
	run "$@" && [ "$status" = 0 ] || lost="$lost; suture $*: $status $out $err"
}

installed_is() {
	run --json status
	json "[.installed[].name] == $1" || lost="$lost; installed: $out"
}

for ((i = 0; i < cycles; i++)); do
	case $((i % 3)) in
	0)
		killed load --watch 0 $m/live_first.ko
		works --json unload --all
		loaded live_first && lost="$lost; still loaded"
		;;
	1)
		killed install $m/live_first.ko
		works install $m/live_first.ko
		installed_is '["live_first"]'
		;;
	2)
		killed uninstall --all
		works uninstall --all
		installed_is '[]'
		[ -e "/var/lib/suture/$(uname -r)" ] && lost="$lost; files are left"
		;;
	esac
	[ -z "$lost" ] || break
done
err=$lost
echo "# $i times, $ended of them after it had ended"
check "kill -9, $cycles times" [ -z "$lost" ]
check "most of them in the middle" [ $((ended * 2)) -lt "$cycles" ]
run load --watch 0 $m/live_first.ko
check "load works" contains "$out" "every task runs the new code"
run unload live_first
check "and unload" [ "$status" = 0 ]
check "no marker is left" not [ -e /var/lib/suture/loading.json ]
check "the kernel's log is clean" log_is_clean
finish
