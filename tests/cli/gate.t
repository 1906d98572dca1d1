#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What suture test says about a guest that may print anything: a script replaces QEMU.
. tests/cli/lib.sh
. tests/support/livepatch.sh

mkdir "$dir/bin"
cat >"$dir/bin/qemu-system-x86_64" <<'END'
#!/bin/sh
for arg; do
	case $before in -serial) ports="$ports ${arg#file:}" ;; esac
	before=$arg
done
set -- $ports
cat "$EVENTS" >$2
[ -z "${KILLED-}" ] || kill -9 $$
END
chmod 755 "$dir/bin/qemu-system-x86_64"
run_path=$dir/bin:$PATH
export EVENTS=$dir/events
: >"$dir/vmlinuz"

escapes=$'\033[2J\033]0;title\007'
odd=$dir/odd$'\xff\033[31m' # not UTF-8, and with an escape sequence for a colour
mkdir "$odd"

# module FILE NAME: makes a module
module() {
	printf '.section .modinfo,"a"\n.asciz "livepatch=Y"\n.asciz "name=%s"\n.data\nx:\n' "$2" |
		gcc -c -x assembler -o "$1" -
}

# guest STEP...: prints the guest's events; each STEP is JSON members and ",", or empty
guest() {
	local line=0 step

	echo '{"event":"hello","release":"6.1.0","ms":1}'
	for step; do
		line=$((line + 1))
		echo "{\"event\":\"start\",\"line\":$line}"
		echo "{\"event\":\"log\",\"us\":1,\"text\":\"suture: step $line\"}"
		echo "{\"event\":\"step\",\"line\":$line,$step\"ok\":true,\"ms\":1,\"taint\":0}"
	done >"$dir/steps"
	cat "$dir/steps"
	echo '{"event":"bye"}'
}

gate() { run "$@" --trial load --image "$dir/vmlinuz"; }

# begin check show insert settle objects check show disable remove check show drop release end
objects='"objects":[{"name":"vmlinux","patched":1,"functions":["f,1"]}],'
text='"text":"a\tb \u001b[2J\u001b]0;title\u0007\u009b1m\n\u001b[31mred","status":0,'
printf '#!/bin/sh\n' >"$odd/check"
chmod 755 "$odd/check"
module "$odd/one.ko" one
guest "" "$text" "$text" "" "" "$objects" "$text" "$text" "" "" "$text" "$text" "" "" "" >"$EVENTS"
gate test -v --check "$odd/check" --show "/proc/x$escapes" "$odd/one.ko"
check "hostile names and output: the module passes" [ "$status" = 0 ]
check "hostile names: the terminal gets no control characters" not grep -q '[[:cntrl:]]' <(tr -d '\n\t' <<<"$out$err")
check "hostile names: they are shown as escaped text" contains "$out" '\\x1b\[2J'
check "hostile names: C1 control characters are escaped" contains "$out" '\\xc2\\x9b'
check "hostile names: tabs are kept" contains "$out" $'a\tb'
run --json test --trial load --image "$dir/vmlinuz" --check "$odd/check" --show "/proc/x$escapes" \
	--junit "$dir/junit.xml" "$odd/one.ko"
check "--json: a name that is not UTF-8 is escaped" json '.result == "pass" and .exercised and
	(.module | endswith("odd\\xff\\x1b[31m/one.ko")) and (.checks | length) == 3'
check "--json: the output of a check is not changed" json '.checks[0].output | contains("\u001b[2J")'
check "--junit: the file is XML" python3 -c 'import sys, xml.etree.ElementTree as tree
assert len(list(tree.parse(sys.argv[1]).getroot().iter("testcase"))) == 4' "$dir/junit.xml"
check "the attestation contains what the checks did" [ "$(jq -c '[.checks[] | [.name, .phase, .status, .ok]]' \
	"$odd/one.attest.json")" = '[["check","before",0,true],["check","patched",0,true],["check","after",0,true]]' ]
run show "$odd/one.ko"
check "show displays the checks" contains "$out" 'checks     before: check exit 0'

# ---- errors that are found before anything is booted ----

mv "$EVENTS" "$dir/unused" # QEMU would complain if it were started
for file in "$dir/no/folder.xml" "$dir"; do
	gate test --junit "$file" "$odd/one.ko"
	check "--junit ${file#"$dir"}/: refused at once" contains "$status $err" "[12] suture: --junit: $dir"
done
gate test --show version "$odd/one.ko"
check "--show: a relative name is wrong use" fails 2 "needs an absolute path"
mv "$dir/unused" "$EVENTS"

# ---- attestations that cannot be read ----

for text in '' '{' '[]' '{"schema": "suture.attest/1"}'; do
	echo "$text" >"$odd/one.attest.json"
	run show "$odd/one.ko"
	check "attestation '$text': everything else is shown" [ "$status" = 0 ]
	check "attestation '$text': a warning is shown" contains "$out" $'name       one\n*tested *cannot be read'
	check "attestation '$text': a remedy is shown" contains "$out" "run suture test again"
	run --json show "$odd/one.ko"
	check "attestation '$text': it is in JSON" json '.name == "one" and .tested.result == "unreadable"'
done

# ---- a check that prints without end ----

printf -v long '%016000d' 0
guest "" "\"text\":\"$long\",\"status\":1," "" "" "$objects" '"status":0,' "" "" '"status":0,' "" "" "" |
	sed '/"status":1,/s/"ok":true/"ok":false/' >"$EVENTS"
gate test --check "$odd/check" "$odd/one.ko"
check "a long output: its beginning is shown" contains "$out" "bytes more; -v shows all"
check "a long output: the rest is not shown" [ "$(wc -L <<<"$out")" -lt 300 ]
gate test -v --check "$odd/check" "$odd/one.ko"
check "a long output: -v shows more" [ "$(wc -L <<<"$out")" -gt 16000 ]

# ---- modules that are patched are missing ----

module "$dir/idle.ko" idle
objects='"objects":[{"name":"driver","patched":0,"functions":["f,1"]}],'
guest "" "" "" "$objects" "" "" "" "" "" >"$EVENTS"
gate test --junit "$dir/junit.xml" "$dir/idle.ko"
check "not exercised: the first line says so" contains "$out" $'\nNOT EXERCISED  idle: nothing that the patch replaces'
check "not exercised: it is not called a pass" not contains "$out" "pass  idle"
check "not exercised: JUnit says so" grep -q 'name="exercised".*<skipped' "$dir/junit.xml"
run --json show "$dir/idle.ko"
check "not exercised: the attestation says so" json '.tested.exercised == false'
run show "$dir/idle.ko"
check "not exercised: show says so" contains "$out" "NOT EXERCISED"

# ---- records of the log are lost ----

guest "" "" "" "" "" "" "" "" "" |
	sed '/"line":5,/i {"event":"lost","records":12}' >"$EVENTS"
gate test "$dir/idle.ko"
check "lost log: the module fails" [ "$status" = 3 ]
check "lost log: the reason is shown" contains "$out" "12 records are lost"

module "$dir/name.ko" "$escapes"
gate test "$dir/name.ko"
check "a name with terminal escapes is refused" [ "$status" = 3 ]
check "a name with terminal escapes is not printed" not contains "$out$err" $'\033'

# ---- QEMU is killed in the middle of a trial ----

rm -f "$dir"/*.attest.json
module "$dir/cut.ko" cut
guest "" "" "" | sed '$d' >"$EVENTS" # the module is loaded, and then nothing more is heard
export KILLED=1
gate test --junit "$dir/junit.xml" "$dir/cut.ko"
check "QEMU killed: it is not a pass" [ "$status" != 0 ]
check "QEMU killed: the trial has no result" contains "$out" "was aborted"
check "QEMU killed: JUnit has a failure" grep -q 'failures="1"' "$dir/junit.xml"
check "QEMU killed: nothing is attested" [ -z "$(ls "$dir" | grep cut.*attest)" ]
unset KILLED

# ---- a kernel that the module is not for: what was attested in its own stays ----

livepatch mine 6.1.0 6.1.192-2
livepatch other 6.12.5 6.12.5-1
attest other 6.12.5
cp "$dir/other.attest.json" "$dir/before.json"
objects='"objects":[{"name":"vmlinux","patched":1,"functions":["f,1"]}],'
guest "" "" "" "$objects" "" "" "" "" "" >"$EVENTS"
gate test "$dir/other.ko"
check "a module for another kernel fails, even if it could be loaded" contains "$status $out" \
	"3 *FAIL  other: prepare: the module was built for 6.12.5, but the kernel is 6.1.0"
check "a pass for one kernel is not overwritten by such a run" cmp -s "$dir/other.attest.json" "$dir/before.json"
guest "" "" "" "" "" "" "" "" "" | sed '/"step","line":2,/s/"ok":true/"errno":8,"ok":false/' >"$EVENTS"
gate test "$dir/other.ko"
check "a module that another kernel does not load fails" contains "$status $out" "3 *FAIL  other: *Exec format error"
check "a pass for one kernel is not overwritten by that failure" cmp -s "$dir/other.attest.json" "$dir/before.json"
guest "" "" "" "$objects" "" "" "" "" "" >"$EVENTS"
gate test "$dir/mine.ko"
check "the kernel's own module is attested" [ "$(jq -r '.kernel + " " + .result' "$dir/mine.attest.json")" = "6.1.0 pass" ]

# ---- checks ----

module "$dir/good.ko" good
objects='"objects":[{"name":"vmlinux","patched":1,"functions":["f,1"]}],'
guest "" '"status":127,"text":"grep: not found",' "" "" "$objects" '"status":0,' "" "" '"status":0,' "" "" "" |
	sed '/"status":127/s/"ok":true/"ok":false/' >"$EVENTS"
gate test --check "$odd/check" --expect before=fail "$dir/good.ko"
check "a check that cannot run is not an expected failure" [ "$status" = 3 ]
check "a check that cannot run is named" contains "$out" "exit status 127: the check, or a program that it calls, cannot be run"
gate test --expect before=fail "$dir/good.ko"
check "--expect without a check is wrong use" fails 2 "--expect requires --check"
run test --trial replace "$dir/good.ko"
check "the replace trial needs --over" fails 2 "requires --over"
# ---- checks that misbehave ----

# log TEXT...: makes the kernel print TEXT
log() {
	local text

	for text; do echo "{\"event\":\"log\",\"us\":2,\"text\":\"$text\"}"; done
}
# in_step LINE TEXT...: prints what guest prints, and in that step the kernel prints TEXT
in_step() {
	local line=$1

	shift
	log "$@" >"$dir/log"
	sed "/\"suture: step $line\"/r $dir/log" "$dir/good"
}
guest "" '"status":0,' "" "" "$objects" '"status":0,' "" "" '"status":0,' "" "" "" >"$dir/good"
code='Code: 5d e9 59 ff ff ff <c7> 00'
segfault="check[9]: segfault at 0 ip 40162b sp 7fff error 6 in check[401000+79000]"
trap="traps: check[9] general protection fault ip:401630 sp:7fff error:0 in check[401000]"
oom=("hog invoked oom-killer: gfp_mask=0x140dca(x), order=0, oom_score_adj=1000" "Call Trace:"
	"Mem-Info:" "Out of memory: Killed process 77 (hog) total-vm:1kB")

in_step 6 "$segfault" "$code" "$trap" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "a check that crashes is not a failure of the module" [ "$status" = 0 ]
in_step 6 "$segfault" "$code" "Oops: 0002 [#1] PREEMPT SMP" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "an Oops in a check is a failure of the module" contains "$status $out" "3 *kernel log: Oops: 0002"
in_step 3 "init[9]: segfault at 0 ip 40162b sp 7fff error 6 in init[401000+79000]" "$code" \
	"BUG: scheduling while atomic: init/9/0x3" "Call Trace:" >"$EVENTS"
run --json test --trial load --image "$dir/vmlinuz" --check "$odd/check" "$dir/good.ko"
check "a crash of the guest's init is not a finding of its own" json '.result == "fail" and (.findings | length) == 2'
check "the reason is the kernel's complaint" json \
	'.why == "kernel log: BUG: scheduling while atomic: init/9/0x3" and .trials[0].why == .why'
in_step 3 "Call Trace:" "WARNING: CPU: 0 PID: 8 at kernel/x.c:8" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "a trace is not the reason if there is a complaint" contains "$out" "kernel log: WARNING: CPU"

in_step 6 "${oom[@]}" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "memory used up only with the patch: the module fails" [ "$status" = 3 ]
check "memory used up only with the patch: the check is named" contains "$out" "oom-killer*check check, which did not run out of memory"
log "${oom[@]}" >"$dir/log"
sed "/\"suture: step [26]\"/r $dir/log" "$dir/good" >"$EVENTS"
gate test -v --check "$odd/check" "$dir/good.ko"
check "memory also used up without the patch: the module passes" [ "$status" = 0 ]
check "memory also used up without the patch: a note says so" contains "$out" "patched  check check: ok; the check used up the guest's memory"
in_step 3 "${oom[@]}" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "memory used up by no check: the module fails" contains "$status $out" "3 *kernel log: hog invoked oom"

sed '/"step","line":2,/,$d' "$dir/good" >"$dir/cut" # the check is running
{ cat "$dir/cut"; echo '{"event":"died","line":2}'; } >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "a check that kills the guest is named" contains "$out" \
	"was killed inside the kernel while check check ran, before the patch was loaded"
{ cat "$dir/cut"; echo '{"event":"bye"}'; } >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "a check during which the guest disappears is named" contains "$out" "guest disappeared while check check ran"
sed '/"start","line":7/,$d' "$dir/good" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "a check after which the guest disappears is named" contains "$out" "right after check check ran"

sed '/"step","line":2,/s/"status":0,"ok":true/"errno":24,"ok":false/' "$dir/good" >"$EVENTS"
gate test --check "$odd/check" --expect before=fail "$dir/good.ko"
check "a check that was never started is not an expected failure" contains "$status $out" \
	"3 *cannot be run in the guest: Too many open files"

# ---- memory ----

gate test --memory 64 "$dir/good.ko"
check "too little memory is an error at once" fails 2 "needs at least 256 MB"
: >"$EVENTS"
gate test --memory 300 "$dir/good.ko"
check "a guest that does not boot: its memory is mentioned" contains "$status $err" "1 *with 300 MB of memory; without --memory"
finish
