#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Settings, state and caches that other users could have written are not used, and the message says
# which file it is, whose, and what to do.  tests/unit/test_trust.c has the kinds of paths.
. tests/cli/lib.sh

other=65534
tree=$dir/tree
etc=$tree/etc/suture
state=$tree/var/lib/suture
release=6.1.0-9-amd64

# machine: makes one whose settings require a trial, and a module without a trial
machine() {
	rm -rf "$tree"
	mkdir -p "$tree"/proc/{self,sys/kernel/random} "$tree"/sys/kernel/livepatch "$tree/run/suture/loaded" \
		"$state/held" "$etc/conf.d" "$etc/advise.d" "$tree/tmp"
	chmod 1777 "$tree/tmp"
	echo $release >"$tree/proc/sys/kernel/osrelease"
	echo 1111-2222 >"$tree/proc/sys/kernel/random/boot_id"
}
printf 'license=GPL\0livepatch=Y\0name=one\0vermagic=%s SMP \0' $release >"$dir/modinfo"
printf 'int f(void) { return 1; }\n' | gcc -c -x c -o "$dir/plain.o" -
objcopy --add-section .modinfo="$dir/modinfo" "$dir/plain.o" "$dir/one.ko"

# First, settings.
# settings NAME PATTERN: a file with require-tested = no was not used
settings() {
	run install --root "$tree" "$dir/one.ko"
	check "settings: $1: an error names them" fails 1 "$2"
	check "settings: $1: nothing is installed" not [ -e "$state/$release" ]
}
machine
echo "require-tested = no" >"$etc/suture.conf"
run install --root "$tree" "$dir/one.ko"
check "settings: the user's own are used" contains "$status $out" "0 *one.ko: installed"
machine
echo "require-tested = no" >"$etc/suture.conf"
chmod 664 "$etc/suture.conf"
settings "group-writable" "$etc/suture.conf: other users can write to it; if its contents are right, run 'chmod go-w $etc/suture.conf'"
chmod 644 "$etc/suture.conf"
chmod 775 "$tree/etc"
settings "a group-writable folder above" "$tree/etc: other users can write to it"
machine
echo "require-tested = no" >"$tree/tmp/fix.conf"
ln -s /tmp/fix.conf "$etc/conf.d/fix.conf"
settings "a link into a sticky folder" "$tree/tmp: other users can write to it"
if [ "$(id -u)" = 0 ]; then
	machine
	echo "require-tested = no" >"$etc/conf.d/fix.conf"
	chown $other "$etc/conf.d/fix.conf"
	settings "of another user" "$etc/conf.d/fix.conf: it belongs to user $other; if its contents are right, run 'chown 0 $etc/conf.d/fix.conf'"
	machine
	chown $other "$etc/conf.d"
	settings "an empty folder of another user" "$etc/conf.d: it belongs to user $other"
	machine
	echo "[kernel]" >"$etc/advise.d/mine.conf"
	chown $other "$etc/advise.d/mine.conf"
	run advise --root "$tree" --now
	check "rules of another user are not used" contains "$status $err" "1 *$etc/advise.d/mine.conf: it belongs to user $other"
else
	skip "files of other users" "not root"
fi

# Then, state.
machine
run install --root "$tree" "$dir/one.ko"
chmod 666 "$state/$release/installed.json"
run status --root "$tree"
check "state: status reports a list that others can write" contains "$status $err" "0 *$state/$release/installed.json: other users can write to it"
run --json status --root "$tree"
check "state: a list that others can write is not used" json '.installed == null'
run uninstall --root "$tree" --kernel $release one
check "state: a list that others can write is not changed" fails 1 "other users can write to it"
run uninstall --root "$tree" --kernel $release --all
check "state: a list that others can write can be removed" [ "$status" = 0 ]
machine
chmod 777 "$state"
run install --root "$tree" "$dir/one.ko"
check "state: a folder that others can write is not used" fails 1 "$state: other users can write to it"
machine
chmod 777 "$tree/run/suture"
run uninstall --root "$tree" --all
check "state: /run/suture is not used if others can write it" fails 1 "$tree/run/suture: other users can write to it"
machine
chmod 777 "$state/held"
run install --root "$tree" "$dir/one.ko"
check "state: a folder of blocked patches that others can empty is an error" fails 1 "$state/held: other users can write to it"
if [ "$(id -u)" = 0 ]; then
	machine
	echo '{"boot_id": "0", "kernel": "6.1", "modules": [{"name": "good", "digest": "00"}]}' >"$state/loading.json"
	chown $other "$state/loading.json"
	run --json status --root "$tree"
	check "state: a marker of another user blocks nothing" json '.held == [] and
		(.findings[0].message | test("loading.json: it belongs to user"))'
fi

# Then, the cache.
SUTURE_CACHE=$dir/cache
mkdir -p "$SUTURE_CACHE/kernels/6.1.0-9-amd64_6.1.9-1"
run fetch --kernel $release
check "cache: the user's own is used" not contains "$err" "other users"
# cache NAME PATTERN: the cache was not used
cache() {
	run fetch --kernel $release
	check "cache: $1: it is not used" fails 1 "the cache is not used, since other users may have written it: $2"
}
chmod 777 "$SUTURE_CACHE"
cache "that others can write" "$dir/cache: other users can write to it"
chmod 1777 "$SUTURE_CACHE"
cache "that others can add to" "$dir/cache: other users can write to it"
chmod 755 "$SUTURE_CACHE"
chmod 775 "$SUTURE_CACHE/kernels"
cache "a folder in it" "$dir/cache/kernels: other users can write to it"
chmod 755 "$SUTURE_CACHE/kernels"
mkdir -m 777 "$dir/open"
SUTURE_CACHE=$dir/open/cache
mkdir "$SUTURE_CACHE"
cache "below a folder that others can write" "$dir/open: other users can write to it"
SUTURE_CACHE=$dir/link
ln -s open/cache "$dir/link"
cache "a link" "$dir/open: other users can write to it"
if [ "$(id -u)" = 0 ]; then
	SUTURE_CACHE=$dir/cache
	chown $other "$SUTURE_CACHE/kernels/6.1.0-9-amd64_6.1.9-1"
	cache "an entry of another user" "$dir/cache/kernels/6.1.0-9-amd64_6.1.9-1: it belongs to user $other"
	chown $other "$SUTURE_CACHE"
	cache "of another user" "$dir/cache: it belongs to user $other"
	# This user has no HOME, and somebody else has made the cache.
	if command -v setpriv >/dev/null && mkdir -p "$dir/xdg/suture"; then
		chmod 755 "$dir" "$dir/xdg"
		chown 7 "$dir/xdg/suture"
		env -u HOME -u SUTURE_CACHE XDG_CACHE_HOME="$dir/xdg" setpriv --reuid $other --regid $other \
			--clear-groups "$suture" fetch --kernel $release >"$dir/nobody.out" 2>"$dir/nobody.err"
		status=$?
		load_run nobody
		check "cache: one that another user made is not used" fails 1 "$dir/xdg/suture: it belongs to user 7"
		env -u HOME -u SUTURE_CACHE -u XDG_CACHE_HOME setpriv --reuid 54321 --regid 54321 \
			--clear-groups "$suture" doctor >"$dir/nobody.out" 2>"$dir/nobody.err"
		load_run nobody
		check "cache: without HOME it is named after the user" contains "$out" "/suture-54321"
	fi
fi

# Then, lists of archives: one may say that its packages need no signature.
fake_apt
SUTURE_CACHE=$dir/archive-cache
# archives FOLDER: makes one with a list of an archive that needs no signature
archives() {
	rm -rf "$1" "$SUTURE_CACHE" && mkdir -p "$1" && chmod 755 "$1"
	printf 'Types: deb\nURIs: https://other.example/\nSuites: x\nTrusted: yes\n' >"$1/x.sources"
}
used() { grep -qs other.example "$SUTURE_CACHE/apt/sources/suture.sources"; }
# not_used NAME PATTERN: the list was not used
not_used() {
	run fetch --kernel 7.9.1-other-amd64
	check "archives: $1: a message names it" contains "$status $err" "1 *the list of archives is not used, since other users may have written it: $2"
	check "archives: $1: it is not used" not used
}
archives "$dir/lists"
SUTURE_ARCHIVES=$dir/lists
run fetch --kernel 7.9.1-other-amd64
check "archives: the user's own are used" used
archives "$dir/lists"
chmod 664 "$dir/lists/x.sources"
not_used "group-writable" "$dir/lists/x.sources: other users can write to it"
archives "$dir/lists"
chmod 777 "$dir/lists"
not_used "a folder that others can write" "$dir/lists: other users can write to it"
archives "$dir/lists"
mv "$dir/lists/x.sources" "$dir/open/x.sources"
ln -s ../open/x.sources "$dir/lists/x.sources"
not_used "a link into a folder that others can write" "$dir/open: other users can write to it"
archives "$dir/lists"
chmod 777 "$dir/lists"
rm "$dir/lists/x.sources"
not_used "an empty folder that others can write" "$dir/lists: other users can write to it"
archives "$dir/open/lists"
SUTURE_ARCHIVES=$dir/open/lists
not_used "below a folder that others can write" "$dir/open: other users can write to it"
if [ "$(id -u)" = 0 ]; then
	archives "$dir/lists"
	SUTURE_ARCHIVES=$dir/lists
	chown $other "$dir/lists/x.sources"
	not_used "of another user" "$dir/lists/x.sources: it belongs to user $other"
	archives "$dir/lists"
	chown -h $other "$dir/lists"
	not_used "a folder of another user" "$dir/lists: it belongs to user $other"
fi
# Those of /etc may not even be links into a sticky folder.  A mount puts them there for one command.
if unshare -m true 2>/dev/null && [ -d /etc/alternatives ]; then
	unset SUTURE_ARCHIVES
	# in_etc: runs the command with $dir/etc in the place of /etc
	in_etc() {
		run_etc=$suture
		suture=$dir/in-etc
		printf '#!/bin/sh\nexec unshare -m sh -c "mount --bind %s/etc /etc && exec %s \\"\\$@\\"" sh "$@"\n' "$dir" "$(realpath "$run_etc")" >"$suture"
		chmod +x "$suture"
		"$@"
		suture=$run_etc
	}
	mkdir -p "$dir/etc/suture"
	for file in alternatives ld.so.cache ld.so.conf passwd group; do
		cp -a "/etc/$file" "$dir/etc/"
	done
	archives "$dir/etc/suture/archives.d"
	in_etc run fetch --kernel 7.9.1-other-amd64
	check "archives: those of /etc are used" used
	archives "$dir/etc/suture/archives.d"
	mkdir -m 1777 "$dir/sticky"
	mv "$dir/etc/suture/archives.d/x.sources" "$dir/sticky/"
	ln -s "$dir/sticky/x.sources" "$dir/etc/suture/archives.d/"
	in_etc not_used "a link of /etc into a sticky folder" "*: other users can write to it"
	archives "$dir/etc/suture/archives.d"
	chmod 664 "$dir/etc/suture/archives.d/x.sources"
	in_etc not_used "a group-writable file of /etc" "/etc/suture/archives.d/x.sources: other users can write to it"
else
	skip "archives: those of /etc" "no mount namespaces"
fi
finish
