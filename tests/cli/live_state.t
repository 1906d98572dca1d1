#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Damaged state, full disks and killed commands: in all these cases, the user can go on.
# tests/unit/test_live_state.c tests what a boot does then.
. tests/cli/lib.sh

tree=$dir/tree
release=6.1.0-9-amd64
state=$tree/var/lib/suture
live=$tree/sys/kernel/livepatch

# machine: makes a machine on which the patch "fix" is loaded, and nothing is installed
machine() {
	rm -rf "$tree"
	mkdir -p "$tree"/proc/{self,1,sys/kernel/random} "$live"/fix/vmlinux/f,1 "$tree/sys/module/fix" \
		"$state/held" "$tree/run/suture/loaded"
	echo $release >"$tree/proc/sys/kernel/osrelease"
	echo 1111-2222 >"$tree/proc/sys/kernel/random/boot_id"
	echo "fix 16384 1 - Live 0x0 (OEK)" >"$tree/proc/modules"
	echo OEK >"$tree/sys/module/fix/taint"
	echo 1 >"$live/fix/enabled"
	echo 0 >"$live/fix/transition"
	echo 1 >"$live/fix/vmlinux/patched"
	mkdir -p "$tree/sys/kernel/tracing" "$tree/sys/kernel/debug/kprobes"
	: >"$tree/sys/kernel/tracing/enabled_functions"
	: >"$tree/sys/kernel/debug/kprobes/list"
}

# module NAME: makes a livepatch module
module() {
	printf 'license=GPL\0livepatch=Y\0name=%s\0vermagic=%s SMP \0' "$1" $release >"$dir/modinfo"
	printf 'int f(void) { return 1; }\n' | gcc -c -x c -o "$dir/plain.o" -
	objcopy --add-section .modinfo="$dir/modinfo" "$dir/plain.o" "$dir/${2-$1}.ko"
}

# damage PATH HOW: damages the file in that way
damage() {
	rm -rf "$1"
	mkdir -p "$(dirname "$1")"
	case $2 in
	empty) : >"$1" ;;
	truncated) printf '{"modules": [{"name": "a", ' >"$1" ;;
	zeros) head -c 4096 /dev/zero >"$1" ;;
	garbage) head -c 4096 /dev/urandom >"$1" ;;
	other) printf '["modules", 7]' >"$1" ;;
	shape) printf '{"modules": {"a": 1}, "boot_id": 7, "inode": "x"}' >"$1" ;;
	folder) mkdir -p "$1/in/it" ;;
	pipe) mkfifo "$1" ;;
	loop) ln -s "$(basename "$1")" "$1" ;;
	esac
}

# warns FILE REMEDY: the command continued, with one line that names both
warns() {
	[ "$status" = 0 ] && [ "$(lines "$err")" = 1 ] && contains "$err" "warn: $1 is damaged (" &&
		contains "$err" "$2" && contains "$out" fix
}

module one
for how in empty truncated zeros garbage other shape folder pipe loop; do
	machine
	run install --root "$tree" "$dir/one.ko"
	list=$state/$release/installed.json
	damage "$list" $how
	run status --root "$tree"
	check "$how list: status continues" warns "$list" "'suture uninstall --all --kernel $release --root=$tree'"
	run --json status --root "$tree"
	check "$how list: status --json has null" json '.installed == null and .held == [] and
		(.findings | length == 1) and .patches[0].name == "fix"'
	run list --root "$tree"
	check "$how list: list works as before" [ "$status$err" = 0 ]
	run status --root "$tree" --prometheus "$dir/it.prom"
	check "$how list: metrics are written" grep -qx 'suture_status_warnings 1' "$dir/it.prom"
	check "$how list: metrics omit the number that is unknown" not grep -q suture_patches_installed "$dir/it.prom"
	run install --root "$tree" "$dir/one.ko"
	check "$how list: install names a remedy" fails 1 "suture uninstall --all --kernel $release --root=$tree"
	run uninstall --root "$tree" --kernel $release one
	check "$how list: uninstall of one patch names a remedy" fails 1 "suture uninstall --all"
	run uninstall --root "$tree" --all
	check "$how list: uninstall --all works" contains "$out" "one is no longer loaded"
	check "$how list: uninstall --all leaves nothing" not [ -e "$state/$release" ]
	run install --root "$tree" "$dir/one.ko"
	check "$how list: afterwards, install works" [ "$status" = 0 ]

	machine
	marker=$state/loading.json
	damage "$marker" $how
	run status --root "$tree"
	check "$how marker: status continues" warns "$marker" "'suture unlock --all --root=$tree'"
	run unlock --root "$tree" --all
	check "$how marker: unlock --all removes it" not [ -e "$marker" -o -L "$marker" ]
	run status --root "$tree"
	check "$how marker: afterwards, status has no warning" [ "$status$err" = 0 ]

	machine
	record=$tree/run/suture/loaded/fix.json
	damage "$record" $how
	run status --root "$tree"
	check "$how record: status continues" warns "$record" "unload fix and load it again"
	run list --root "$tree"
	check "$how record: list continues" warns "$record" "unload fix and load it again"
	run --json list --root "$tree"
	check "$how record: list --json has a warning" json '(.findings | length == 1) and (.patches | length == 1)'

	machine
	damage "$state/held/0123.json" $how
	run status --root "$tree"
	check "$how block: the patch stays blocked" contains "$out" "blocked: 0123 for kernel unknown"
	check "$how block: status continues" [ "$status" = 0 ]
	run unlock --root "$tree" 0123
	check "$how block: unlock removes it" is_empty "$state/held"

	machine
	damage "$tree/run/suture/lock" $how
	[ $how = loop ] || run uninstall --root "$tree" --all
	check "$how lock: commands work as before" [ "$status" = 0 ]
done

# Files in place of folders are not Suture's to remove.
for folder in var/lib/suture run/suture; do
	machine
	rm -r "${tree:?}/$folder"
	echo 1 >"$tree/$folder"
	run status --root "$tree"
	check "$folder is a file: status continues" contains "$out" "fix: enabled"
	for command in "install $dir/one.ko" "uninstall --all" "unlock --all"; do
		# shellcheck disable=SC2086 # several words
		run $command --root "$tree"
		check "$folder is a file: $command names a remedy" fails 1 "$tree/$folder is not a folder, but Suture needs a folder there: move it away"
	done
done

# A user who may not read them is told everything else.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	machine
	run install --root "$tree" "$dir/one.ko"
	echo '{' >"$state/held/00.json"
	damage "$state/loading.json" empty
	chmod 0 "$state/$release/installed.json" "$state/held" "$state/loading.json"
	chmod 755 "$dir"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$suture" status --root "$tree" >"$dir/nobody.out" 2>"$dir/nobody.err"
	status=$?
	load_run nobody
	check "unreadable state: status continues" [ "$status" = 0 ]
	check "unreadable state: there is a warning for each file" [ "$(grep -c '^warn: .* is damaged (it cannot be ' <<<"$err")" = 3 ]
	check "unreadable state: status shows the rest" contains "$out" "fix: enabled"
else
	skip "unreadable state" "not root"
fi

# This is what a killed load command leaves.
machine
marker='{"boot_id": "1111-2222", "kernel": "'$release'", "time": "now", "pid": 77, "started": 5,
	"modules": [{"name": "fix", "digest": "0"}, {"name": "other", "digest": "1"}]}'
echo "$marker" >"$state/loading.json"
run status --root "$tree"
check "watch killed: status says that nobody watches" contains "$err" "warn: nobody watches fix: the command that loaded it (process 77, now)"
check "watch killed: status names a remedy" contains "$err" "'suture unload fix' removes it, 'suture unlock fix' keeps it"
run --json status --root "$tree"
check "watch killed: status --json says so" json '.watch == {patches: ["fix"], process: 77, since: "now", alive: false}'
run status --root "$tree" --prometheus "$dir/it.prom"
check "--prometheus prints nothing" [ -z "$out" ]
run --json status --root "$tree" --prometheus "$dir/it.prom"
check "--prometheus and --json can be combined" json '.patches[0].name == "fix"'
check "watch killed: the metrics say so" grep -qx 'suture_patches_unwatched 1' "$dir/it.prom"
mkdir -p "$tree/proc/77"
echo "77 (a) S 1 77 77 0 -1 0 1 0 0 0 1 1 0 0 20 0 1 0 5 1" >"$tree/proc/77/stat"
run status --root "$tree"
check "watch alive: status names its process" contains "$out" "fix: process 77 has been loading or watching it since now"
check "watch alive: there is no warning" [ -z "$err" ]
run --json status --root "$tree"
check "watch alive: status --json says so" json '.watch.alive and .findings == []'
rm -r "$tree/proc/77"
run unlock --root "$tree" fix
run status --root "$tree"
check "unlock clears the warning that nobody watches" [ -z "$err" ]
sed -i 's/1111/3333/' "$tree/proc/sys/kernel/random/boot_id"
echo "$marker" >"$state/loading.json"
run status --root "$tree"
check "a marker of another boot is not a watch" [ -z "$err" ]
check "a marker of another boot names the patches that may have crashed the machine" contains "$out" "blocked: fix for kernel $release, since now: the machine went down while"
sed -i "s/\"1\"/\"$(sha256sum <"$dir/one.ko" | cut -d' ' -f1)\"/" "$state/loading.json"
run install --root "$tree" "$dir/one.ko"
check "a patch that may have crashed the machine is not installed" contains "$status $err" "3 *one: refuse: it has been blocked since now: the machine went down"
run unlock --root "$tree" other
run install --root "$tree" "$dir/one.ko"
check "the patch can be installed after unlock" [ "$status" = 0 ]
head -c 500 "$dir/one.ko" >"$dir/cut.ko"
run install --root "$tree" "$dir/one.ko" "$dir/cut.ko"
check "if a later module fails, those that were installed are named" contains "$out" "one.ko: installed for kernel"
run --json install --root "$tree" "$dir/one.ko" "$dir/cut.ko"
check "--json names those that were installed, too" json '.error.message | test("cut.ko.*; these were installed before: one$")'
cp "$dir/one.ko" "$dir/other-name.ko"
run --json install --root "$tree" "$dir/other-name.ko"
check "a module is installed under its own name, not its file's" json '.modules[0].name == "one" and .modules[0].dropped == []'

# Metrics contain names that others chose, escaped, each on one line.
machine
evil=$'q"b\\s\nl\e[31m\xff\xe2\x80\xae'
mkdir -p "$live/$evil/vmlinux/f,1"
echo 1 >"$live/$evil/enabled"
echo 0 >"$live/$evil/transition"
run status --root "$tree" --prometheus "$dir/it.prom"
check "metrics: labels are escaped" grep -qxF \
	'suture_patch_functions{name="q\"b\\s\\x0al\\x1b[31m\\xff\\xe2\\x80\\xae"} 1' "$dir/it.prom"
check "metrics: the file contains only text" [ -z "$(LC_ALL=C tr -d '\n -~' <"$dir/it.prom")" ]
check "metrics: each line is a comment or a sample" not grep -vqE \
	'^(# (HELP|TYPE) [a-z_]+ .*|[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? [0-9]+)$' "$dir/it.prom"

# A damaged attestation attests nothing.
machine
for how in empty truncated garbage other shape; do
	damage "$dir/one.attest.json" $how
	run install --root "$tree" "$dir/one.ko"
	check "$how attestation: it does not count, and a warning names it" contains "$err" "one: warn: $dir/one.attest.json:*; run suture test again \[tested\]"
done
rm "$dir/one.attest.json"

# An empty folder is no machine, so no patches are known of it.
mkdir "$dir/nothing"
for command in list status; do
	run $command --root "$dir/nothing"
	check "$command: an empty folder is no machine" fails 1 "$dir/nothing/proc/sys/kernel/osrelease cannot be read"
done

# The name of the file, or of its folder, is not text.
machine
cp "$dir/one.ko" "$dir/"$'o\xff\e.ko'
run install --root "$tree" "$dir/"$'o\xff\e.ko'
check "install: a file with a strange name is installed" [ "$status" = 0 ]
check "install: it gets the name of the module" [ -f "$(echo "$state/$release"/one-*/one.ko)" ]
run --json status --root "$tree"
check "install: status shows it" json '[.installed[].name] == ["one"]'

for name in $'e\xff' $'e\e[31m' .. '' 'a b' "$(printf 'x%.0s' {1..56})" .hid $'nl\nx' "a'b" 'a"b'; do
	module "$name" strange
	run install --root "$tree" "$dir/strange.ko"
	check "install: what calls itself $(printf %q "$name") is refused" fails 1 "is not a valid module name"
	check "install: the name is not written down" [ "$(ls -A "$state/$release" | wc -l)" = 2 ]
done

# Concurrent commands take turns, and none of their results is lost.
for i in 1 2 3 4; do
	module together$i
	"$suture" -q install --root "$tree" "$dir/together$i.ko" >/dev/null &
done
wait
run --json status --root "$tree"
check "install: four at a time all succeed" json '[.installed[].name] | sort == ["one", "together1", "together2", "together3", "together4"]'

# files: lists all files of the state
files() { (cd "$state" && find . -type f | sort); }

# The disk is full, or cannot be written.
if [ "$(id -u)" = 0 ] && mkdir "$dir/small" && mount -t tmpfs -o size=256k tmpfs "$dir/small" 2>/dev/null; then
	trap 'umount -l "$dir/small"; rm -rf "$dir"' EXIT
	machine
	cp -r "$tree" "$dir/small/tree"
	tree=$dir/small/tree
	state=$tree/var/lib/suture
	run install --root "$tree" "$dir/one.ko"
	check "small disk: one module fits" [ "$status" = 0 ]
	before=$(files)
	module big
	head -c 400k /dev/urandom >>"$dir/big.ko"
	run install --root "$tree" "$dir/big.ko"
	check "full disk: install reports it" fails 1 "No space left on device"
	check "full disk: no part of the module is left" [ "$(files)$(ls -A "$state/$release" | grep '^\.')" = "$before" ]
	run --json status --root "$tree"
	check "full disk: modules installed before are kept" json '[.installed[].name] == ["one"]'
	# Now the disk is completely full, and contains files of a killed command.
	mkdir "$state/$release/.new.1"
	head -c 8k /dev/zero >"$state/$release/.new.1/one.ko"
	cat /dev/zero >"$dir/small/rest" 2>/dev/null
	run install --root "$tree" "$dir/one.ko"
	check "full disk: removing these files makes room" [ "$status" = 0 ]
	cat /dev/zero >>"$dir/small/rest" 2>/dev/null
	run uninstall --root "$tree" --all
	check "full disk: uninstall --all works" contains "$out" "one is no longer loaded"
	check "full disk: uninstall --all removes everything" not [ -e "$state/$release" ]
	rm "$dir/small/rest"
	run install --root "$tree" "$dir/one.ko"
	mount -o remount,ro "$dir/small"
	for command in "install $dir/one.ko" "uninstall --all" "unlock --all"; do
		# shellcheck disable=SC2086 # several words
		run $command --root "$tree"
		check "read-only disk: $command fails with a reason" fails 1 "Read-only file system"
	done
	run status --root "$tree"
	check "read-only disk: status works" contains "$out" "at boot: one"
else
	skip "a full disk" "not root, or no mounts here"
fi
finish
