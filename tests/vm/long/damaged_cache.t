#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A damaged file of the cache leads to the same module or a clear error, never to another module: every
# kind of file that suture keeps is emptied, cut short, changed by a bit, and replaced by
# another one.
. tests/vm/lib.sh
need_kernel

# The patch reaches units by a header, and one whose source includes a generated file.
replace net/dns_resolver/internal.h 's/"==> %s\("FMT/"=> %s("FMT/'
change security/apparmor/capability.c aa_capable 'if (cap == 4711) return 0;'
patch_of fix

# The test has its own copies of the files that are damaged, and links for the rest.
own=$dir/own
kernel=$own/kernels/$(basename "$folder")
mkdir -p "$own/kernels"
deciding=(build/.config build/Module.symvers build/include/config/auto.conf
	build/include/generated/autoconf.h "lib/modules/$release/modules.order")
farm "$folder" "$kernel" stamp.json vmlinux vmlinux.seal "${deciding[@]}"
# The sandbox shows make what is in the folder, but not what links in it lead to; and make compares times.
rm -rf "$kernel"/kbuild-* "$kernel/seals" "$kernel/build"
cp -a "$folder/build" "$kernel/"
cp -p "$folder/stamp.json" "$folder/vmlinux" "$kernel/"
cp -p "$folder/lib/modules/$release/modules.order" "$kernel/lib/modules/$release/"
ln -s "$cache/sources" "$own/"

build() {
	rm -rf "$dir/out"
	SUTURE_CACHE=$own run -v build --kernel "$release" --name fix -o "$dir/out" "$patch"
}

build
check "the module is built with a fresh cache" [ -s "$dir/out/fix.ko" ]
cp "$dir/out/fix.ko" "$dir/reference.ko"
kept=$(echo "$kernel"/kbuild-*)
build
check "the same module is built with kept files" cmp -s "$dir/out/fix.ko" "$dir/reference.ko"
check "no undamaged file is called damaged" [ "${err#*is damaged}" = "$err" ]
cp -a "$own" "$dir/whole"

# damage HOW FILE OTHER: damages the file in that way
damage() {
	local size seal=${2/#"$kept"/$kept/seals} other_seal=${3/#"$kept"/$kept/seals}

	size=$(stat -c %s "$2")
	case $1 in
	empty) : >"$2" ;;
	cut) truncate -s $((size / 2)) "$2" ;;
	cut_at_line) sed -i '$d' "$2" ;;
	flipped) flip "$2" $((size / 2)) ;;
	swapped) cp "$3" "$2" ;;
	swapped_with_seal)
		cp "$3" "$2"
		[ "$seal" = "$2" ] || cp "$other_seal" "$seal"
		;;
	gone) rm "$2" ;;
	esac
}

same_or_error() {
	if [ "$status" = 0 ]; then
		cmp -s "$dir/out/fix.ko" "$dir/reference.ko"
	else
		[ -n "$err" ] && [ ! -e "$dir/out/fix.ko" ]
	fi
}

# all_damages NAME FILE OTHER: tries all ways of damage on the file
all_damages() {
	local how

	check "$1 exists in the cache" [ -s "$2" ]
	for how in empty cut cut_at_line flipped swapped swapped_with_seal gone; do
		damage $how "$2" "$3"
		build
		check "$1, $how, leads to the same module or an error" same_or_error
		[ $how = gone ] || check "$1, $how, is called damaged by a note" contains "$err" "is damaged"
		rm -rf "$own"
		cp -a "$dir/whole" "$own"
	done
}

module=$(echo "$kept"/modules/*.ko)
generated=$kept/generated/security/apparmor/capability_names.h
all_damages environment "$kept/environment" "$kept/units"
all_damages units "$kept/units" "$kept/environment"
all_damages includes "$kept/includes" "$kept/units"
all_damages command "$kept/commands/security/apparmor/capability.o" "$kept/commands/net/dns_resolver/dns_key.o"
all_damages object "$kept/objects/net/dns_resolver/dns_key.o" \
	"$kept/objects/net/dns_resolver/dns_query.o"
all_damages dependencies "$kept/objects/net/dns_resolver/dns_key.o.d" "$kept/objects/security/apparmor/capability.o.d"
all_damages time "$kept/objects/net/dns_resolver/dns_key.o.cpu" "$kept/objects/net/dns_resolver/dns_query.o.cpu"
all_damages generated "$generated" "$kept/units"
all_damages glue "$module" "$kept/objects/security/apparmor/capability.o"
all_damages vmlinux "$kernel/vmlinux" "$module"
for file in "${deciding[@]}"; do
	other=build/Module.symvers
	[ "$file" != "$other" ] || other=build/.config
	all_damages "the release's $file" "$kernel/$file" "$kernel/$other"
done

# Without its stamp, a release is fetched again, which is not tried here.
for how in empty cut flipped swapped; do
	damage $how "$kernel/stamp.json" "$(echo "$cache"/sources/*/stamp.json | cut -d' ' -f1)"
	build
	check "the stamp, $how, leads to the same module or an error" same_or_error
	rm -rf "$own"
	cp -a "$dir/whole" "$own"
done
finish
