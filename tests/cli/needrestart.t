#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The lists that needrestart ships, of Debian 12 and 13, against Suture's rules and doc/advise-and-needrestart.md.
# tests/data/needrestart/VERSION is what tests/support/needrestart-lists prints of the package.
. tests/cli/lib.sh

lists=tests/data/needrestart
cat "$lists"/* | sort -u >"$dir/entries"

# The document has a row for each entry below a heading that names the list; "|" is escaped in tables.
perl -lne '$list = $1 if /^## .*\(`([^`]+)`\)$/; $list = "" if /^## / && !/\(`/;
	print "$list\t", $1 =~ s/\\\|/|/gr if $list && /^\| `((?:[^`\\]|\\.)+)` \|/' \
	doc/advise-and-needrestart.md | sort -u >"$dir/rows"
check "every entry of needrestart's lists has a row: $(comm -23 "$dir/entries" "$dir/rows" | head -n 3)" \
	[ -z "$(comm -23 "$dir/entries" "$dir/rows")" ]
check "every row is about an entry of needrestart's lists: $(comm -13 "$dir/entries" "$dir/rows" | head -n 3)" \
	[ -z "$(comm -13 "$dir/entries" "$dir/rows")" ]
perl -lne '$in = /\(`/ if /^## /; next unless $in && /^\| `/;
	my @c = split /(?<!\\)\|/; print unless @c == 4 && $c[3] =~ /\w{2}.* \w|same/' \
	doc/advise-and-needrestart.md >"$dir/bare"
check "every row gives a reason: $(head -n 1 "$dir/bare")" [ ! -s "$dir/bare" ]

# names REGEX: prints names of units that the regex is about
names() {
	perl -e 'my $re = shift; $re =~ s/^\^//; $re =~ s/\$$//; $re =~ s/\\d\+/7/g; $re =~ s/\.[+*]/x/g; $re =~ s/\\\././g;
		my @names = $re =~ /^(.*)\((.*)\)(.*)$/ ? map { "$1$_$3" } split /\|/, $2 : ($re);
		print map { my $n = $_; $n =~ /\.service$/ ? "$n\n" : map { "$n$_.service\n" } ("", "d", "-x", "@x") } @names' "$1"
}

root=$dir/root
mkdir -p "$root/proc/sys/kernel" "$root/run" "$root/usr/lib/systemd/system" "$root/var/lib/dpkg/info"
: >"$root/var/lib/dpkg/status"
echo 6.1.0-55-amd64 >"$root/proc/sys/kernel/osrelease"
echo 2 >"$root/usr/lib/tls.so"
pid=10

# process UNIT FILE...: makes a process of the unit that maps the files, which were replaced
process() {
	local at=$root/proc/$((pid += 1)) file
	mkdir -p "$at/ns"
	printf '%s (x) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 500 1 1\n' "$pid" >"$at/stat"
	echo "0::/system.slice/$1" >"$at/cgroup"
	: >"$at/mountinfo"
	ln -s "mnt:[4026531840]" "$at/ns/mnt"
	ln -s / "$at/root"
	ln -s /usr/bin/x "$at/exe"
	for file in "${@:2}"; do
		echo "7f0000000000-7f0000001000 r-xp 00000000 08:01 77   $file"
	done >"$at/maps"
}

sed -n 's/^override_rc\t//p' "$dir/entries" | while read -r regex; do names "$regex"; done | sort -u >"$dir/units"
check "the names of units are made of the lists: $(lines "$(<"$dir/units")")" [ "$(lines "$(<"$dir/units")")" -gt 130 ]
while read -r unit; do
	process "$unit" "/usr/lib/tls.so (deleted)"
	printf '[Service]\nRestart=always\n' >"$root/usr/lib/systemd/system/${unit/@*/@.service}"
done <"$dir/units"
process web.service "/usr/lib/tls.so (deleted)"
printf '[Service]\nRestart=always\n' >"$root/usr/lib/systemd/system/web.service"
run --json advise --root "$root" --now
jq -r '.services[] | select(.safe).unit' <<<"$out" >"$dir/safe"
check "a unit of no list may be restarted" grep -qx web.service "$dir/safe"
check "what needrestart leaves is left: $(grep -vx web.service "$dir/safe" | head -n 4 | tr '\n' ' ')" \
	[ "$(<"$dir/safe")" = web.service ]
jq -r '.services[].unit' <<<"$out" | sort >"$dir/named"
comm -23 "$dir/units" "$dir/named" >"$dir/forgotten"
check "and it is named: $(head -n 4 "$dir/forgotten" | tr '\n' ' ')" [ ! -s "$dir/forgotten" ]

# Each of the mapped files is about one entry, which the names show: an entry without a file is noticed.
files=("/SYSV00000000 (deleted)" "/drm mm object (deleted)" "/dev/zero (deleted)" "/memfd:x (deleted)" "/[aio] (deleted)"
	"/srv/u/orcexec.Ab1 (deleted)" "/srv/u/#123 (deleted)" "/srv/u/jna123.tmp (deleted)"
	"/srv/u/.cache/JNA/temp/jna77.so (deleted)" "/srv/u/.cache/JNA/temp/libx.so (deleted)" "/tmp/x (deleted)"
	"/var""/tmp/x (deleted)" "/run/x (deleted)" "/var/run/x (deleted)")
printf '%s\n' "${files[@]}" >"$dir/files"
sed -n 's/^blacklist_mappings\t//p' "$dir/entries" | while read -r regex; do
	grep -qP -e "$regex" "$dir/files" || echo "$regex"
done >"$dir/untried"
check "each entry on mapped files is tried: $(head -n 1 "$dir/untried")" [ ! -s "$dir/untried" ]
rm -r "$root"/proc/[0-9]*
mkdir -p "$root/srv/u/.cache/JNA/temp"
for file in "${files[@]}"; do
	process web.service "$file"
done
run --json advise --root "$root" --now
check "what needrestart ignores is ignored: $(jq -c '[.services[].files]' <<<"$out" 2>&1)" json '.services == []'

# What the packages have now, where they can be had.
mkdir "$dir/package"
if ! (cd "$dir/package" && timeout 20 apt-get -q -y download needrestart && dpkg-deb -x ./*.deb tree) >/dev/null 2>&1; then
	skip "the lists are those of the package" "the package needrestart cannot be downloaded"
else
	version=$(basename "$dir"/package/*.deb | cut -d _ -f 2 | cut -d - -f 1)
	tests/support/needrestart-lists "$dir/package/tree" >"$dir/now"
	check "the lists are those of the package, $version" cmp "$lists/$version" "$dir/now"
fi
finish
