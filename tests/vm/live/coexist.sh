# SPDX-License-Identifier: GPL-2.0-or-later
# Tries each kind of tracer with a live patch of the same function, attached before it and after it, and
# prints a row of doc/coexistence.md for each.  The patches return EDOM and ENODATA, fmod_ret EXDEV.
. /tests/lib.sh
m=/modules
t=/sys/kernel/debug/tracing
f=security_task_getpgid

# Words of the table for the result of a call
who_won() {
	case $(tracers call 1) in
	0) echo "old code" ;;
	33) echo "patch" ;;
	61) echo "second patch" ;;
	18) echo "program" ;;
	*) echo "?" ;;
	esac
}

# Events by tracefs: attach KIND prints why it failed.
attach() {
	case $1 in
	"function tracer") echo $f >$t/set_ftrace_filter && echo function >$t/current_tracer ;;
	"function_graph") echo $f >$t/set_ftrace_filter && echo function_graph >$t/current_tracer ;;
	"kprobe at the entry") echo "p:co/x $f" >>$t/kprobe_events && echo 1 >$t/events/co/enable ;;
	# Where functions begin with endbr64, the call of ftrace ends 4 bytes later.
	"kprobe in the middle") { echo "p:co/x $f+9" >>$t/kprobe_events || echo "p:co/x $f+5" >>$t/kprobe_events; } 2>/dev/null &&
		echo 1 >$t/events/co/enable ;;
	"kretprobe") echo "r:co/x $f" >>$t/kprobe_events && echo 1 >$t/events/co/enable ;;
	"kprobe with a post handler") insmod $m/post_probe.ko ;;
	"perf probe") program perf ;;
	fentry | fexit | fmod_ret) program "$1" ;;
	"second live patch") suture --json load --watch 0 $m/live_other.ko >/tmp/second ;;
	esac
}

program() {
	local answer

	coproc tracers "$1" "${2-$f}" 2>/dev/null
	read -r answer <&"${COPROC[0]}"
	[ "$answer" = ready ]
}

hits() {
	local count=0

	case $1 in
	"function tracer" | function_graph) count=$(grep -c "$f" $t/trace) ;;
	"kprobe with a post handler") count=$(cat /sys/module/post_probe/parameters/hits) ;;
	kprobe* | kretprobe) count=$(awk '$1 == "x" { print $2 }' $t/kprobe_profile) ;;
	"second live patch") [ "$(who_won)" = "second patch" ] && count=1 ;;
	*) echo >&"${COPROC[1]}" && read -r count <&"${COPROC[0]}" ;;
	esac
	echo "${count:-0}"
}

detach() {
	local pid=${COPROC_PID-}

	if [ -n "$pid" ]; then
		eval "exec ${COPROC[1]}>&-"
		wait "$pid"
	fi
	echo nop >$t/current_tracer
	echo >$t/set_ftrace_filter
	echo >$t/trace
	[ ! -e $t/events/co ] || echo 0 >$t/events/co/enable
	echo >$t/kprobe_events
	! loaded post_probe || rmmod post_probe
	suture -q unload --all >/dev/null 2>&1
}

# says JSON: the findings about other users, as "warn: bpf", and whether it names another patch whose code runs
says() {
	jq -r '[.findings[] | select(.rule == ("bpf", "probe", "stack")) | "\(.severity): \(.rule)"] +
		[.patches[]? | .name as $name | .objects[].functions[] | select(.top != $name) | "whose code runs"] |
		if . == [] then "nothing" else unique | join(", ") end' <<<"$1"
}

# row KIND WHEN LOAD: prints the row, after the function was called with both attached
row() {
	local before after won status_says

	before=$(hits "$1")
	won=$(who_won)
	after=$(hits "$1")
	status_says=$(says "$(suture --json status)")
	[ "$after" -gt "$before" ] || [ "$won" = "$1" ] || [ "$won $1" = "second patch second live patch" ] &&
		after=yes || after=no
	echo "row | $1 | $2 | $won | $after | $3 | $status_says |"
}

for kind in "function tracer" function_graph "kprobe at the entry" "kprobe in the middle" \
	"kprobe with a post handler" kretprobe "perf probe" fentry fexit fmod_ret "second live patch"; do
	if attach "$kind"; then
		run --json load --watch 0 $m/live_first.ko
		case $kind in
		*"post handler") check "$kind: the patch is refused" [ "$status" = 3 ] ;;
		*) check "$kind: a patch is loaded after it" [ "$status" = 0 ] ;;
		esac
		row "$kind" before "$(says "$out")"
	else
		check "$kind: it can be attached" false
	fi
	detach
	run --json load --watch 0 $m/live_first.ko
	if attach "$kind"; then
		# What comes after is not in the way of the load, unless it is a load itself.
		[ "$kind" != "second live patch" ] || out=$(cat /tmp/second)
		row "$kind" after "$(says "$out")"
	else
		echo "row | $kind | after | $(who_won) | cannot be attached | $(says "$out") | nothing |"
	fi
	detach
done
check "nothing of that is left" contains "$(suture list)" "no live patch"

# The program decides what the function returns, and nothing says that the new code runs.
program fmod_ret
run -q load --watch 0 $m/live_first.ko
check "fmod_ret: load names the function and the program, even if it is quiet" contains "$out" "something else may run in place of the new code:*$f: the BPF program a_tracer (fmod_ret)"
check "fmod_ret: load does not say that every task runs the new code" not contains "$out" "every task runs"
run -q status
check "fmod_ret: status names the program, even if it is quiet" contains "$out" "$f in vmlinux (the BPF program a_tracer (fmod_ret) may run instead)"
detach

# As in a unit that may not call bpf(2), which the guest's setpriv takes the right from.
program fmod_ret
status=0
out=$(setpriv --bounding-set -sys_admin,-bpf,-perfmon --inh-caps -sys_admin,-bpf,-perfmon suture load --watch 0 $m/live_first.ko 2>&1) || status=$?
check "where programs cannot be listed, load warns of one of unknown kind" contains "$out" "a BPF program of unknown kind is attached to $f"
check "where programs cannot be listed, load does not say that every task runs the new code" not contains "$out" "every task runs"
detach

# A task sleeps below the trampoline of fexit, and the kernel cannot look past that.
if program fexit pipe_read; then
	mkfifo /tmp/pipe
	sleep 1000 >/tmp/pipe &
	writer=$!
	cat /tmp/pipe &
	reader=$!
	until_done 5 grep -q pipe_read /proc/$reader/stack
	run --json load --watch 0 --timeout 4 $m/live_first.ko
	check "a BPF trampoline on a sleeping stack holds up a transition" json '.modules[0].result == "reversed"'
	check "JSON names the program" json "[.modules[0].blocking[] | select(.pid == $reader) | .held_by] == [\"the BPF program a_tracer (fexit)\"]"
	run -v load --watch 0 --timeout 60 $m/live_first.ko
	check "the message about the waiting task names the program" contains "$err" "it is held up by the BPF program a_tracer (fexit)"
	kill $writer $reader
	detach
else
	check "fexit can be attached to pipe_read" false
fi
check "the kernel's log is clean" log_is_clean
finish
