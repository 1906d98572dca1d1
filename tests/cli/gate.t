#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What suture test tells of a guest that says anything: a script takes the place of QEMU.
. tests/cli/lib.sh

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
odd=$dir/odd$'\xff\033[31m' # no UTF-8, and a colour
mkdir "$odd"

# module FILE NAME
module() {
	printf '.section .modinfo,"a"\n.asciz "livepatch=Y"\n.asciz "name=%s"\n.data\nx:\n' "$2" |
		gcc -c -x assembler -o "$1" -
}

# guest STEP...: what it says of the steps of its plan, each JSON members and ","
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
check "passes" [ "$status" = 0 ]
check "no control characters on a terminal" not grep -q '[[:cntrl:]]' <(tr -d '\n\t' <<<"$out$err")
check "they are shown as what they are" contains "$out" '\\x1b\[2J'
check "C1 controls, too" contains "$out" '\\xc2\\x9b'
check "tabs stay" contains "$out" $'a\tb'
run --json test --trial load --image "$dir/vmlinuz" --check "$odd/check" --show "/proc/x$escapes" \
	--junit "$dir/junit.xml" "$odd/one.ko"
check "--json: a name that is not UTF-8" json '.result == "pass" and .exercised and
	(.module | endswith("odd\\xff\\x1b[31m/one.ko")) and (.checks | length) == 3'
check "--json: a check's text as it was" json '.checks[0].output | contains("\u001b[2J")'
check "--junit: is XML" python3 -c 'import sys, xml.etree.ElementTree as tree
assert len(list(tree.parse(sys.argv[1]).getroot().iter("testcase"))) == 4' "$dir/junit.xml"
check "attested: what the checks did" [ "$(jq -c '[.checks[] | [.name, .phase, .status, .ok]]' \
	"$odd/one.attest.json")" = '[["check","before",0,true],["check","patched",0,true],["check","after",0,true]]' ]
run show "$odd/one.ko"
check "show: the checks" contains "$out" 'checks     before: check exit 0'

# ---- what is wrong is told before minutes are spent ----

mv "$EVENTS" "$dir/unused" # QEMU's first word would be a complaint
for file in "$dir/no/folder.xml" "$dir"; do
	gate test --junit "$file" "$odd/one.ko"
	check "--junit ${file#"$dir"}/: refused at once" contains "$status $err" "[12] suture: --junit: $dir"
done
gate test --show version "$odd/one.ko"
check "--show: a relative name is wrong use" fails 2 "needs an absolute path"
mv "$dir/unused" "$EVENTS"

# ---- an attestation that cannot be read hides nothing else ----

for text in '' '{' '[]' '{"schema": "suture.attest/1"}'; do
	echo "$text" >"$odd/one.attest.json"
	run show "$odd/one.ko"
	check "attestation '$text': the rest is shown" [ "$status" = 0 ]
	check "attestation '$text': and that" contains "$out" $'name       one\n*tested *cannot be read'
	check "attestation '$text': what to do" contains "$out" "run suture test again"
	run --json show "$odd/one.ko"
	check "attestation '$text': JSON" json '.name == "one" and .tested.result == "unreadable"'
done

# ---- a check that writes without end ----

printf -v long '%016000d' 0
guest "" "\"text\":\"$long\",\"status\":1," "" "" "$objects" '"status":0,' "" "" '"status":0,' "" "" "" |
	sed '/"status":1,/s/"ok":true/"ok":false/' >"$EVENTS"
gate test --check "$odd/check" "$odd/one.ko"
check "much text: its beginning" contains "$out" "bytes more; -v shows all"
check "much text: no more" [ "$(wc -L <<<"$out")" -lt 300 ]
gate test -v --check "$odd/check" "$odd/one.ko"
check "much text: -v" [ "$(wc -L <<<"$out")" -gt 16000 ]

# ---- nothing of what it patches was there ----

module "$dir/idle.ko" idle
objects='"objects":[{"name":"driver","patched":0,"functions":["f,1"]}],'
guest "" "" "" "$objects" "" "" "" "" "" >"$EVENTS"
gate test --junit "$dir/junit.xml" "$dir/idle.ko"
check "not exercised: said first" contains "$out" $'\nNOT EXERCISED  idle: nothing that the patch replaces'
check "not exercised: no pass" not contains "$out" "pass  idle"
check "not exercised: JUnit" grep -q 'name="exercised".*<skipped' "$dir/junit.xml"
run --json show "$dir/idle.ko"
check "not exercised: attested" json '.tested.exercised == false'
run show "$dir/idle.ko"
check "not exercised: shown" contains "$out" "NOT EXERCISED"

# ---- what cannot be known ----

guest "" "" "" "" "" "" "" "" "" |
	sed '/"line":5,/i {"event":"lost","records":12}' >"$EVENTS"
gate test "$dir/idle.ko"
check "lost log: fails" [ "$status" = 3 ]
check "lost log: why" contains "$out" "12 records are lost"

module "$dir/name.ko" "$escapes"
gate test "$dir/name.ko"
check "a name with terminal escapes is refused" [ "$status" = 3 ]
check "and is not written" not contains "$out$err" $'\033'

# ---- QEMU is killed in the middle of a trial ----

rm -f "$dir"/*.attest.json
module "$dir/cut.ko" cut
guest "" "" "" | sed '$d' >"$EVENTS" # loaded, and no more is heard
export KILLED=1
gate test --junit "$dir/junit.xml" "$dir/cut.ko"
check "killed: no pass" [ "$status" != 0 ]
check "killed: the trial has no result" contains "$out" "broken off"
check "killed: JUnit is not green" grep -q 'failures="1"' "$dir/junit.xml"
check "killed: nothing is attested" [ -z "$(ls "$dir" | grep cut.*attest)" ]
unset KILLED

# ---- checks ----

module "$dir/good.ko" good
objects='"objects":[{"name":"vmlinux","patched":1,"functions":["f,1"]}],'
guest "" '"status":127,"text":"grep: not found",' "" "" "$objects" '"status":0,' "" "" '"status":0,' "" "" "" |
	sed '/"status":127/s/"ok":true/"ok":false/' >"$EVENTS"
gate test --check "$odd/check" --expect before=fail "$dir/good.ko"
check "a check that cannot run is not an expected failure" [ "$status" = 3 ]
check "and that is said" contains "$out" "exit status 127: the check, or a program that it calls, cannot be run"
gate test --expect before=fail "$dir/good.ko"
check "--expect without a check is wrong use" fails 2 "--expect requires --check"
run test --trial replace "$dir/good.ko"
check "the replace trial needs --over" fails 2 "requires --over"
# ---- checks that misbehave ----

# log TEXT...: the kernel says that
log() {
	local text

	for text; do echo "{\"event\":\"log\",\"us\":2,\"text\":\"$text\"}"; done
}
# in_step LINE TEXT...: what guest says, and in that step the kernel says TEXT
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
check "a check that crashes is no finding" [ "$status" = 0 ]
in_step 6 "$segfault" "$code" "Oops: 0002 [#1] PREEMPT SMP" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "an Oops in a check is one" contains "$status $out" "3 *kernel log: Oops: 0002"
in_step 3 "init[9]: segfault at 0 ip 40162b sp 7fff error 6 in init[401000+79000]" "$code" \
	"BUG: scheduling while atomic: init/9/0x3" "Call Trace:" >"$EVENTS"
run --json test --trial load --image "$dir/vmlinuz" --check "$odd/check" "$dir/good.ko"
check "the init does not crash of its own" json '.result == "fail" and (.findings | length) == 2'
check "and the why is what the kernel complains of" json \
	'.why == "kernel log: BUG: scheduling while atomic: init/9/0x3" and .trials[0].why == .why'
in_step 3 "Call Trace:" "WARNING: CPU: 0 PID: 8 at kernel/x.c:8" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "a trace is not the why when there is a finding" contains "$out" "kernel log: WARNING: CPU"

in_step 6 "${oom[@]}" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "memory used up only with the patch: the module fails" [ "$status" = 3 ]
check "and names the check" contains "$out" "oom-killer*check check, which did not run out of memory"
log "${oom[@]}" >"$dir/log"
sed "/\"suture: step [26]\"/r $dir/log" "$dir/good" >"$EVENTS"
gate test -v --check "$odd/check" "$dir/good.ko"
check "memory also used up without the patch: the module passes" [ "$status" = 0 ]
check "and is said" contains "$out" "patched  check check: ok; the check used up the guest's memory"
in_step 3 "${oom[@]}" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "memory used up by no check: fails" contains "$status $out" "3 *kernel log: hog invoked oom"

sed '/"step","line":2,/,$d' "$dir/good" >"$dir/cut" # the check is running
{ cat "$dir/cut"; echo '{"event":"died","line":2}'; } >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "a check that kills the guest is named" contains "$out" \
	"was killed inside the kernel while check check ran, before the patch was loaded"
{ cat "$dir/cut"; echo '{"event":"bye"}'; } >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "a check that loses the guest, too" contains "$out" "guest disappeared while check check ran"
sed '/"start","line":7/,$d' "$dir/good" >"$EVENTS"
gate test --check "$odd/check" "$dir/good.ko"
check "and right after it" contains "$out" "right after check check ran"

sed '/"step","line":2,/s/"status":0,"ok":true/"errno":24,"ok":false/' "$dir/good" >"$EVENTS"
gate test --check "$odd/check" --expect before=fail "$dir/good.ko"
check "a check that was never started is no expected failure" contains "$status $out" \
	"3 *cannot be run in the guest: Too many open files"

# ---- memory ----

gate test --memory 64 "$dir/good.ko"
check "too little memory is an error at once" fails 2 "needs at least 256 MB"
: >"$EVENTS"
gate test --memory 300 "$dir/good.ko"
check "a guest that does not boot: its memory" contains "$status $err" "1 *with 300 MB of memory; without --memory"
finish
