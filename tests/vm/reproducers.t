#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Reproducers are programs that show the effect of a fix.  The fixes are real ones of
# Linux 6.1.191 and .192.  A kernel without them gets them (make reproducers); the newest one,
# which has them, gets a live patch that removes them, and the expectations are reversed.
. tests/vm/lib.sh
need_kernel

case $release in
6.1.*) ;;
*)
	skip "reproducers" "the fixes were made for 6.1"
	finish
	exit
	;;
esac

names='algif_skcipher ip6_flowlabel udp_pmtu'
fixes=("$(realpath tests/vm/reproducers)"/*.patch)

# applied OPTION...: applies all fixes to copies of the files that they change
applied() {
	local fix file

	for fix in "${fixes[@]}"; do
		file=$(sed -n 's,^--- a/,,p' "$fix")
		edit "$file" >/dev/null
		patch -s -f -p1 -d "$dir/edit/b" "$@" <"$fix" || return 1
	done >"$dir/patch.log"
}

if applied; then
	bad=before good=patched
else
	rm -rf "$dir/edit"
	applied -R || echo "Bail out! some fixes are in $release, and some not: $(cat "$dir/patch.log")"
	bad=patched good=before
fi
echo "# wrong $bad, right $good"
find "$dir/edit" -name '*.orig' -delete
patch_of fix
run --json build -k "$release" -o "$dir" --name fix "$patch"
check "the live patch is built" [ "$status" = 0 ]

checks=()
for name in $names; do
	gcc -O2 -static -o "$dir/$name" "tests/vm/reproducers/$name.c"
	checks+=(--check "$dir/$name")
done
expect=before=pass,patched=fail,after=pass
[ $bad = patched ] || expect=before=fail,patched=pass,after=fail
tried --trial load "${checks[@]}" --expect $expect "$dir/fix.ko"
check "each reproducer sees whether the fix is there" json '.result == "pass"'
# ran NAME PHASE OUTPUT: checks the output of a reproducer in that phase
ran() {
	check "$1 prints '$3' in phase $2" json ".checks[] | select(.name == \"$1\" and .phase == \"$2\") |
		.output | startswith(\"$3\")"
}
ran algif_skcipher $good "read of 8 bytes: -1, Invalid argument"
ran algif_skcipher $bad "read of 8 bytes: 0, fine"
ran ip6_flowlabel $good "32 leases, then No buffer space available"
ran ip6_flowlabel $bad "40 leases, then no end"
ran udp_pmtu $good "path MTU 65535, then 1000"
ran udp_pmtu $bad "path MTU 65535, then 65535"
finish
