# SPDX-License-Identifier: GPL-2.0-or-later
# Commands are killed at random moments of load, install and uninstall; the next command must work.
. /tests/lib.sh
m=/modules
cycles=$(sed -n 's/.*suture_cycles=\([0-9]*\).*/\1/p' /proc/cmdline)
RANDOM=${cycles:=50}
lost=''
declare -A lasts tried hit
in_transition=0 in_watch=0
mkfifo /tmp/never
exec 9<>/tmp/never

# takes NAME ARG...: measures a command in ms; the shortest of several runs counts
takes() {
	local name=$1 begin=${EPOCHREALTIME/[.,]/} ms

	shift
	suture -q "$@" >/dev/null 2>&1
	ms=$(((${EPOCHREALTIME/[.,]/} - begin) / 1000))
	[ "${lasts[$name]:-$ms}" -lt $ms ] || lasts[$name]=$ms
	tried[$name]=0 hit[$name]=0
}

for i in 1 2 3; do
	takes install install $m/live_first.ko
	takes uninstall uninstall --all
done
for i in 1 2; do
	takes load load --watch 0 $m/live_first.ko
	takes unload unload --all
done
takes watch load --watch 3 $m/live_first.ko
takes unload unload --all

# killed NAME ARG...: runs suture, and kills it at a random moment of the time that it takes.  If it
# ends before, that time was measured too long, as other guests booted meanwhile, and is reduced
killed() {
	local name=$1 after

	shift
	after=$((RANDOM % lasts[$name]))
	suture -q "$@" >/dev/null 2>&1 &
	read -rt "$(printf '%d.%03d' $((after / 1000)) $((after % 1000)))" -u 9 # no process that takes time itself
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
	if [ $? = 137 ]; then
		hit[$name]=$((hit[$name] + 1))
	else
		lasts[$name]=$((after * 3 / 4 + 1))
	fi
	tried[$name]=$((tried[$name] + 1))
}

# works ARG...: notes if the command fails, or leaves temporary files; $ms is how long it took
works() {
	local begin=${EPOCHREALTIME/[.,]/}

	run "$@"
	ms=$(((${EPOCHREALTIME/[.,]/} - begin) / 1000))
	[ "$status" = 0 ] || lost="$lost; suture $*: $status $out $err"
	left=$(find /var/lib/suture /run/suture -name '.*.[0-9]*')
	[ -z "$left" ] || lost="$lost; suture $*: left $left"
}

installed_is() {
	run --json status
	json "[.installed[].name] == $1" || lost="$lost; installed: $out"
}

transition() { cat /sys/kernel/livepatch/live_first/transition 2>/dev/null; }

# A killed load leaves a transition that goes on, or a patch that nobody watches, which is reported.
look() {
	local now

	now=$(transition)
	[ "$now" != 1 ] || in_transition=$((in_transition + 1))
	[ "$now" = 0 ] && [ -e /var/lib/suture/loading.json ] || return
	in_watch=$((in_watch + 1))
	run --json status
	json '(.watch.alive | not) and (.findings | length == 1) and
		(.findings[0].message | test("^nobody watches live_first"))' || lost="$lost; status: $out"
	run status
	contains "$err" "'suture unload live_first' removes it" || lost="$lost; status: $err"
}

for ((i = 0; i < cycles; i++)); do
	case $((i % 4)) in
	0 | 2)
		if [ $((i % 4)) = 0 ]; then
			killed load load --watch 0 $m/live_first.ko
		else
			killed watch load --watch 3 $m/live_first.ko
		fi
		look
		[ $((i % 8)) != 0 ] || killed unload unload --all
		works --json unload --all
		loaded live_first && lost="$lost; still loaded"
		[ -e /var/lib/suture/loading.json ] && lost="$lost; the marker is left"
		;;
	1)
		killed install install $m/live_first.ko
		works install $m/live_first.ko
		lasts[install]=$ms
		installed_is '["live_first"]'
		;;
	3)
		killed uninstall uninstall --all
		works uninstall --all
		installed_is '[]'
		[ -e "/var/lib/suture/$(uname -r)" ] && lost="$lost; files are left"
		;;
	esac
	[ -z "$lost" ] || break
done
err=$lost all_hit=0 all_tried=0
check "each next command works after $cycles times of kill -9" [ -z "$lost" ]
for name in load watch install uninstall; do
	echo "# $name takes some ${lasts[$name]} ms, and was killed in the middle ${hit[$name]} of ${tried[$name]} times"
	# How long a command takes depends on the load of the host.
	check "$name: a quarter of the commands were killed before their end" [ $((hit[$name] * 4)) -gt "${tried[$name]}" ]
	all_hit=$((all_hit + hit[$name])) all_tried=$((all_tried + tried[$name]))
done
check "most commands were killed before their end" [ $((all_hit * 2)) -gt $all_tried ]
echo "# $in_transition times in a transition, $in_watch times while it was watched"
check "some commands were killed during a transition" [ $in_transition -ge $((cycles / 12)) ]
check "some commands were killed during the watch" [ $in_watch -ge $((cycles / 25)) ]
run load --watch 0 $m/live_first.ko
check "load works after all that" contains "$out" "every task runs the new code"
run unload live_first
check "unload works after all that" [ "$status" = 0 ]
check "no marker is left" not [ -e /var/lib/suture/loading.json ]
check "the kernel's log is clean" log_is_clean
finish
