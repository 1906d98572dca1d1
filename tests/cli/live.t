#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The commands for the running kernel, as far as a made-up machine can show them; tests/vm/live.t
# has the others.
. tests/cli/lib.sh

tree=$dir/tree
live=$tree/sys/kernel/livepatch
mkdir -p "$tree"/proc/{self,sys/kernel/random} "$live"/fix/vmlinux/f,1 "$tree/sys/module/fix" "$tree/run/suture"
echo 6.1.0-9-amd64 >"$tree/proc/sys/kernel/osrelease"
echo 1111-2222 >"$tree/proc/sys/kernel/random/boot_id"
printf 'Uid:\t0\t0\nCapEff:\t1ffffffffff\n' >"$tree/proc/self/status"
echo "fix 16384 1 - Live 0x0 (OEK)" >"$tree/proc/modules"
echo OEK >"$tree/sys/module/fix/taint"
echo 1 >"$live/fix/enabled"
echo 0 >"$live/fix/transition"
echo 1 >"$live/fix/vmlinux/patched"

run list --root "$tree"
check "list shows the patches" contains "$out" "fix   enabled             1  not by suture"
run --json list --root "$tree"
check "list --json shows the patches" json '.schema == "suture.list/1" and .patches[0].objects[0].functions[0].top == "fix"'
run status --root "$tree"
check "status shows the patches" contains "$out" "kernel 6.1.0-9-amd64*fix: enabled*f in vmlinux"
run status --root "$tree" fix.ko
check "status shows one patch" contains "$out" "fix: enabled"
run status --root "$tree" other
check "status of a patch that is not loaded is an error" fails 1 "other: no live patch of that name"

echo 1 >"$live/fix/transition"
mkdir -p "$tree/proc/70/task/70"
echo "70 (cat) S 1" >"$tree/proc/70/task/70/stat"
echo cat >"$tree/proc/70/task/70/comm"
echo 0 >"$tree/proc/70/task/70/patch_state"
echo "[<0>] pipe_read+0x33e/0x4a0" >"$tree/proc/70/task/70/stack"
run status --root "$tree"
check "status shows a transition" contains "$out" "0 of 1 tasks have switched*blocked by cat (pid 70), sleeping: pipe_read"
run --json status --root "$tree"
check "status --json shows a transition" json '.patches[0].transition == {tasks: 1, switched: 0,
	blocking: [{pid: 70, tid: 70, command: "cat", state: "S", held_by: null, stack: "pipe_read"}]}'
run status --root "$tree" --prometheus "$dir/suture.prom"
check "metrics: status writes them" grep -qx 'suture_patch_info{name="fix",state="patching",suture="0"} 1' "$dir/suture.prom"
check "metrics: a transition has its own" grep -qx 'suture_transition_tasks_waiting 1' "$dir/suture.prom"
check "metrics: each has its help and type" [ "$(grep -c '^# HELP' "$dir/suture.prom")" = \
	"$(grep -c '^# TYPE .* gauge$' "$dir/suture.prom")" ]
run status --root "$tree" --prometheus "$dir/none/suture.prom"
check "metrics that cannot be written are an error" fails 1 "none/suture.prom"

# These names contain escape sequences, or are not text at all.
evil=$live/$'ev\e[31mil'
mkdir -p "$evil"/$'vm\x9bl'/$'f\xff,1' "$tree/var/lib/suture/held"
echo 1 >"$evil/enabled"
echo 0 >"$evil/transition"
echo '{"name": "h\u001b[2J", "why": "w\u202e", "time": "now", "kernel": "6.1"}' >"$tree/var/lib/suture/held/00.json"
# plain: both streams of the last run contain only text
plain() { [ -z "$(LC_ALL=C tr -d '\n -~' <<<"$out$err")" ]; }
run list --root "$tree"
check "hostile names: list shows them" contains "$out" 'ev\\x1b\[31mil*enabled'
check "hostile names: list prints only text" plain
run status --root "$tree"
check "hostile names: status shows them" contains "$out" 'f\\xff in vm\\x9bl*blocked: h\\x1b\[2J for*w\\xe2\\x80\\xae'
check "hostile names: status prints only text" plain
run --json status --root "$tree"
check "hostile names: status --json is valid" json '.patches[] | select(.name == "ev\\x1b[31mil") | .objects[0].functions[0].name == "f\\xff"'
run --json list --root "$tree"
check "hostile names: list --json is valid" json '.patches | length == 2'
run status --root "$tree" $'n\e\xff'
check "status of a name that is not text is an error" [ "$status" = 1 ]
run --json status --root "$tree" $'n\e\xff'
check "status --json of a name that is not text is an error" json '.error.message | test("no live patch of that name")'
rm -r "$evil" "$tree/var/lib/suture"

# What else runs at a function is in two lists of the kernel.
echo 0 >"$live/fix/transition"
run status --root "$tree"
check "status says that the list of direct calls cannot be read" contains "$err" "warn: which BPF programs*cannot be read"
check "status says that the list of kprobes cannot be read" contains "$err" "warn: which kprobes*cannot be read"
mkdir -p "$tree/sys/kernel/tracing" "$tree/sys/kernel/debug/kprobes"
printf 'f (2) R I D   \ttramp: 0xff\n\tdirect-->bpf_trampoline_4295000001+0x0/0x1000\n' >"$tree/sys/kernel/tracing/enabled_functions"
: >"$tree/sys/kernel/debug/kprobes/list"
run status --root "$tree"
check "status warns of a BPF program of unknown kind" contains "$err" "fix: warn: a BPF program of unknown kind is attached to f"
check "status does not say that lists are missing which it has read" not contains "$err" "cannot be read"
check "status names the function in whose place a program may run" contains "$out" "f in vmlinux (a BPF program of unknown kind may run instead)"
run -q status --root "$tree"
check "status names that function even if it is quiet" contains "$out" "may run instead"
: >"$tree/sys/kernel/tracing/enabled_functions"
run status --root "$tree"
check "status does not warn of programs if there are none" [ -z "$err" ]

# A patch that failed a health check, and whose rollback has not succeeded, is loaded and blocked.
mkdir -p "$tree/run/suture/loaded" "$tree/var/lib/suture/held"
echo 0 >"$live/fix/transition"
echo "{\"inode\": $(stat -c %i "$tree/sys/module/fix"), \"digest\": \"77\", \"time\": \"now\"}" >"$tree/run/suture/loaded/fix.json"
echo '{"name": "fix", "why": "an Oops", "time": "now", "kernel": "6.1"}' >"$tree/var/lib/suture/held/77.json"
marker=$tree/var/lib/suture/loading.json
echo '{"boot_id": "1111-2222", "pid": 77, "started": 5, "time": "now", "modules": [{"name": "fix", "digest": "77"}]}' >"$marker"
mkdir -p "$tree/proc/77"
echo "77 (suture) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0" >"$tree/proc/77/stat"
run status --root "$tree"
check "status shows a patch that is to be rolled back" contains "$out" "fix: enabled, to be rolled back*it is blocked: an Oops; 'suture unload fix' removes it"
run --json status --root "$tree"
check "status --json shows a patch that is to be rolled back" json '.patches[0] | .to_be_rolled_back and (.not_rolled_back | not)'
# The command has given up, was killed, or watches another patch.
for why in "no marker" "a process that ended" "another patch"; do
	case $why in
	"no marker") mv "$marker" "$dir/marker" ;;
	"a process that ended") mv "$dir/marker" "$marker" && mv "$tree/proc/77" "$dir/77" ;;
	*) mv "$dir/77" "$tree/proc/77" && sed -i 's/"name": "fix"/"name": "other"/' "$marker" ;;
	esac
	run status --root "$tree"
	check "status says that nothing rolls a blocked patch back: $why" contains "$out" "fix: enabled, was not rolled back*it is blocked: an Oops; nothing tries to roll it back any more, but 'suture unload fix' removes it"
	run --json status --root "$tree"
	check "status --json says that nothing rolls a blocked patch back: $why" json '.patches[0] | .not_rolled_back and (.to_be_rolled_back | not)'
done
rm -r "$tree/var/lib/suture"
run --json status --root "$tree"
check "status --json has false for a patch that is not to be rolled back" json '.patches[0].to_be_rolled_back == false'

# Who loaded a patch is unknown if its record is damaged.
echo '{"inode"' >"$tree/run/suture/loaded/fix.json"
run status --root "$tree"
check "damaged record: status warns" contains "$err" "fix.json is damaged"
check "damaged record: status does not say who loaded the patch" contains "$out" "loaded by whom is unknown: its record is damaged"
check "damaged record: status does not say that it was not suture" not contains "$out" "not loaded by suture"
run list --root "$tree"
check "damaged record: list does not say who loaded the patch" contains "$out" "fix   enabled             1  unknown"
run --json list --root "$tree"
check "damaged record: list --json has null" json '.patches[0].suture == null'
run status --root "$tree" --prometheus -
check "damaged record: the metric has no number" contains "$out" 'suture="unknown"'

# What a patch fixes.
echo "{\"inode\": $(stat -c %i "$tree/sys/module/fix"), \"digest\": \"77\", \"time\": \"now\",
	\"cves\": [\"CVE-2026-10001\", \"CVE-2026-10002\"]}" >"$tree/run/suture/loaded/fix.json"
run list --root "$tree"
check "list says what a patch fixes" contains "$out" "fix fixes CVE-2026-10001, CVE-2026-10002"
run --json list --root "$tree"
check "list --json says what a patch fixes" json '.patches[0].cves == ["CVE-2026-10001", "CVE-2026-10002"]'
run status --root "$tree"
check "status says what a patch fixes" contains "$out" "    fixes CVE-2026-10001, CVE-2026-10002"
run --json status --root "$tree"
check "status --json says what a patch fixes" json '.patches[0].cves == ["CVE-2026-10001", "CVE-2026-10002"]'

# What a cumulative patch has made of the kernel.
covered() {
	echo "{\"inode\": $(stat -c %i "$tree/sys/module/fix"), \"digest\": \"77\", \"time\": \"now\",
		\"cover\": {\"from\": \"6.1.192-2\", \"to\": \"6.1.192-3\", \"verdict\": \"$1\", \"nr_open\": $2,
		\"open\": $3}}" >"$tree/run/suture/loaded/fix.json"
}
covered equivalent 0 '[]'
run status --root "$tree"
check "status says to which version an equivalent patch leads" contains "$out" "6.1.192-2, live-patched to 6.1.192-3 (equivalent)"
run --json status --root "$tree"
check "status --json has what the patch carries" json '.cover.patch == "fix" and .cover.verdict == "equivalent" and .patches[0].cover.to == "6.1.192-3"'
covered partial 3 '["fs/pipe.c: pipe_read"]'
run status --root "$tree"
check "status says what a partial patch leaves out" contains "$out" "live-patched to 6.1.192-3 (partial)*leaves out 3*pipe_read*and 2 more"
rm -r "$tree/run/suture"

# Without /sys, the loaded patches are unknown.
mv "$tree/sys" "$tree/no-sys"
run status --root "$tree"
check "no /sys: status says that the loaded patches are unknown" contains "$err" "warn: which live patches are loaded is unknown: /sys is not mounted"
check "no /sys: status mentions neither CONFIG_LIVEPATCH nor that there are no patches" not contains "$out" "no "
run --json status --root "$tree"
check "no /sys: status --json has null" json '.livepatch == null and .patches == null'
run status --root "$tree" --prometheus -
check "no /sys: there are no metrics of patches" not contains "$out" "suture_livepatch_supported\|suture_patches_enabled"
run list --root "$tree"
check "no /sys: list is an error" fails 1 "which live patches are loaded is unknown: /sys is not mounted"
mv "$tree/no-sys" "$tree/sys"

# Units and containers hide folders of /sys below other file systems.
# hidden PLACE COMMANDS ARG...: runs suture where another file system lies there
hidden() {
	local place=$1 made=$2

	shift 2
	out='' err=$(unshare -m sh -c "mount -t tmpfs none $place && $made && exec '$suture' $*" 2>&1)
	status=$?
	out=$(grep -v '^suture: \|: warn: \|^warn: ' <<<"$err")
}
if unshare -m sh -c "mount -t tmpfs none /sys/kernel" 2>/dev/null; then
	for place in "/sys/kernel true" "/sys/kernel mkdir /sys/kernel/livepatch" "/sys/module true"; do
		hidden "${place%% *}" "${place#* }" list
		check "hidden: list is an error ($place)" [ "$status" = 1 ]
		check "hidden: list says so ($place)" contains "$err" "which live patches are loaded is unknown: another file system hides ${place%% *}"
		hidden "${place%% *}" "${place#* }" status
		check "hidden: status says so ($place)" contains "$err" "which live patches are loaded is unknown: another file system hides"
		check "hidden: status does not say what the kernel lacks ($place)" not contains "$err" "no CONFIG_LIVEPATCH\|no live patch is"
		hidden "${place%% *}" "${place#* }" unload x
		check "hidden: unload is an error ($place)" contains "$err" "which live patches are loaded is unknown"
	done
	hidden /sys true list
	check "hidden: list is an error (/sys)" contains "$err" "which live patches are loaded is unknown: /sys is not mounted"
else
	skip "hidden: list is an error" "nothing can be mounted"
fi

rm -r "$live"
run status --root "$tree"
check "without CONFIG_LIVEPATCH, status says so" contains "$out" "which cannot be live-patched (no CONFIG_LIVEPATCH)"
run list --root "$dir/none"
check "list with a root that does not exist is an error" fails 1 "--root: $dir/none"

# module NAME RELEASE: makes a livepatch module
module() {
	printf 'license=GPL\0livepatch=Y\0name=%s\0vermagic=%s SMP \0' "$1" "$2" >"$dir/modinfo"
	printf 'int f(void) { return 1; }\n' | gcc -c -x c -o "$dir/plain.o" -
	objcopy --add-section .modinfo="$dir/modinfo" "$dir/plain.o" "$dir/$1.ko"
}

module one 6.1.0-9-amd64
module two 6.1.0-9-amd64
module far 6.12.1
units=$tree/usr/lib/systemd/system
wants=$tree/etc/systemd/system/sysinit.target.wants
run install --root "$tree" "$dir/one.ko"
check "install: warns if no unit would load it" contains "$err" "nothing will be loaded at boot: suture.service is missing"
check "install: it does not say that the boot will load the patch" contains "$out" "one.ko: installed for kernel 6.1.0-9-amd64"
mkdir -p "$units" "$wants"
cp systemd/suture.service.in "$units/suture.service"
run --json install --root "$tree" "$dir/one.ko"
check "install: warns if the unit is not enabled" json ".findings[] | select(.rule == \"boot\") |
	.message == \"nothing will be loaded at boot: suture.service is not enabled: systemctl --root=$tree enable suture.service\""
run status --root "$tree"
check "status: says that the unit is not enabled" contains "$out" "nothing is loaded at boot: suture.service is not enabled"
ln -s ../suture.service "$wants/suture.service"
run --json status --root "$tree"
check "status: a dangling link does not enable the unit" json '.boot_unit == "disabled"'
ln -sf /usr/lib/systemd/system/suture.service "$wants/suture.service"
run --json status --root "$tree"
check "status: shows that the unit is enabled" json '.boot_unit == "enabled"'
ln -s /dev/null "$tree/etc/systemd/system/suture.service"
run install --root "$tree" "$dir/one.ko"
check "install: warns if the unit is masked" contains "$err" "suture.service is masked: systemctl --root=$tree unmask"
rm "$tree/etc/systemd/system/suture.service"
run install --root "$tree" "$dir/one.ko" "$dir/two.ko" "$dir/far.ko"
check "install: does not warn about the boot if the unit is enabled" not contains "$err" "at boot"
check "install: says that a patch was installed before" contains "$out" "one.ko: *6.1.0-9-amd64, as before"
check "install: does not say so of a patch that is new" not contains "$(grep two.ko <<<"$out")" before
check "install: says that the patch will be loaded at each boot" contains "$out" "one.ko: will be loaded at each boot of kernel 6.1.0-9-amd64"
check "install: warns about an untested module" contains "$err" "one: warn: no attestation says that it was tested"
run --json status --root "$tree"
check "status: shows what is installed for the running kernel" json '[.installed[].name] == ["one", "two"]'
run uninstall --root "$tree" --kernel 6.12.1 one
check "uninstall: a patch that is not installed for that kernel is no error" [ "$status" = 0 ]
check "uninstall: says that it is not installed" contains "$out" "one is not installed for kernel 6.12.1"
run --json uninstall --root "$tree" --kernel 6.12.1 one.ko
check "uninstall: JSON says that nothing changed" json '(.changed | not) and .removed == []'
run uninstall --root "$tree" far
check "uninstall: says for which other kernel a patch is installed" contains "$out" \
	"far is not installed for kernel 6.1.0-9-amd64; it is for 6.12.1, which --kernel names"
run --json uninstall --root "$tree" far
check "uninstall: JSON says for which other kernel" json '.elsewhere == [{name: "far", kernels: ["6.12.1"]}] and (.changed | not)'
run uninstall --root "$tree" --kernel 6.12.1 far
check "uninstall: removes a patch of another kernel" contains "$out" "far is no longer loaded"
run install --root "$tree" "$dir/far.ko"
run --json uninstall --root "$tree" "$dir/far.ko"
check "uninstall: a file is uninstalled for the kernel that it is for" json '.kernel == "6.12.1" and .removed == ["far"] and .elsewhere == []'
run uninstall --root "$tree" --kernel ../../etc --all
check "uninstall: refuses a release that is a path" fails 1 "not a valid kernel release"
run uninstall --root "$tree"
check "uninstall: needs a name" fails 2 "--all"
echo "require-tested = yes" >"$tree/etc-suture.conf"
mkdir -p "$tree/etc/suture" && mv "$tree/etc-suture.conf" "$tree/etc/suture/suture.conf"
run install --root "$tree" "$dir/far.ko"
check "install: refuses an untested module if tests are required" [ "$status" = 3 ]
check "install: a refused module is not installed" not [ -e "$tree/var/lib/suture/6.12.1" ]
run unlock --root "$tree" one
check "unlock: a patch that is not blocked is no error" [ "$status" = 0 ]
check "unlock: says that it is not blocked" contains "$out" "one is not blocked"
run --json unlock --root "$tree" one
check "unlock: JSON says that nothing changed" json '(.changed | not) and .released == []'
for verb in uninstall unlock "status"; do
	run $verb --root "$tree" "$dir/none.ko"
	check "$verb: a path to no file fails" fails 1 "none.ko: No such file or directory"
	run $verb --root "$tree" tests/vm/patches/second.patch
	check "$verb: a patch is no live patch" fails 1 "second.patch: this is a patch, not a kernel module"
done
run install --root "$tree" "$dir/one.ko"
run uninstall --root "$tree" --kernel 6.1.0-9-amd64 oen
check "uninstall: offers the installed name that is near" contains "$out" "oen is not installed for kernel 6.1.0-9-amd64; did you mean 'one'?"
run uninstall --root "$tree" --all
mkdir -p "$tree/var/lib/suture/held"
echo '{"name": "held_patch", "why": "an Oops", "time": "now", "kernel": "6.1"}' >"$tree/var/lib/suture/held/1234.json"
run unlock --root "$tree" hled_patch
check "unlock: offers the blocked name that is near" contains "$out" "hled_patch is not blocked; did you mean 'held_patch'?"
rm -r "$tree/var/lib/suture/held"
run unlock --root "$tree"
check "unlock: needs a name" fails 2 "--all"

# If the output cannot be written, work that was done stays done.
rm -r "$tree/etc/suture"
"$suture" install --root "$tree" "$dir/one.ko" >/dev/full 2>"$dir/full.err"
check "install: succeeds even if standard output is full" [ $? = 0 ]
check "install: says that standard output is full" grep -q "result could not be written to standard output" "$dir/full.err"
"$suture" uninstall --root "$tree" --all >&- 2>"$dir/full.err"
check "uninstall: succeeds even if standard output is closed" [ $? = 0 ]
mkdir -p "$tree/var/lib/suture/held"
for ((i = 100; i < 200; i++)); do # more than fits into a buffer
	echo '{"name": "a_patch_'$i'", "why": "an Oops", "time": "now", "kernel": "6.1"}' >"$tree/var/lib/suture/held/$i.json"
done
"$suture" --json unlock --root "$tree" --all >/dev/full 2>"$dir/full.err"
check "unlock --json: succeeds even if standard output is full" [ $? = 0 ]
check "unlock --json: says that standard output is full" grep -q "could not be written to standard output" "$dir/full.err"
for words in "auto status" "auto history" cache "advise --now"; do
	case $words in cache) root= ;; *) root="--root $tree" ;; esac
	# shellcheck disable=SC2086 # a command with its options
	SUTURE_CACHE=$dir/cache "$suture" $words $root >/dev/full 2>"$dir/full.err"
	check "$words: fails if its answer cannot be written" [ $? = 1 ]
done
"$suture" --json list --root "$tree" >/dev/full 2>"$dir/full.err"
check "list --json: fails if its result cannot be written" [ $? = 1 ]
"$suture" list --root "$tree" >/dev/full 2>"$dir/full.err"
check "list: fails if its result cannot be written" [ $? = 1 ]

# The kernel ignores the name in .modinfo.
{
	head -c 24 /dev/zero
	printf other
	head -c 1000 /dev/zero
} >"$dir/this_module"
objcopy --add-section .gnu.linkonce.this_module="$dir/this_module" "$dir/one.ko" "$dir/two_names.ko"
run install --root "$tree" "$dir/two_names.ko"
check "install: refuses a module with two names" fails 3 "two_names.ko: .modinfo names it 'one', but the kernel would name it 'other'"
run load
check "load: needs a module" fails 2 "--installed"
run load --installed "$dir/one.ko"
check "load: takes either modules or --installed" fails 2 "--installed takes no"
run load --watch x "$dir/one.ko"
check "load: refuses an invalid time" fails 2 "--watch: 'x' is not a number of seconds"

# The unit calls programs that exist.
unit=$dir/suture.service
sed "s,@bindir@,$(dirname "$suture")," systemd/suture.service.in >"$unit"
if command -v systemd-analyze >/dev/null; then
	sed -i '/^Documentation=/d' "$unit" # its man pages are not installed here
	err=$(systemd-analyze verify --man=no "$unit" 2>&1)
	check "systemd accepts the unit" [ -z "$err" ]
else
	skip "systemd accepts the unit" "no systemd-analyze"
fi
run load "$dir/none.ko"
check "load: a file that does not exist is the first thing said" fails 1 "none.ko: No such file"
printf '#!/bin/sh\n' >"$dir/x.sh"
# a mistaken FILE WHAT
mistaken() {
	run show "$1"
	check "show says what is no module: $2" fails 1 "$1: this is $2"
}
mistaken "$dir/x.sh" "a script, not a kernel module"
mistaken "$(realpath /bin/true)" "a program or library, not a kernel module"
mistaken tests/vm/patches/second.patch "a patch, not a kernel module: 'suture build' makes a module from it"
finish
