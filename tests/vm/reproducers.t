#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Reproducers: programs that show the difference that a fix makes.  The fixes are real ones
# of Linux 6.1.191 and .192, which the newest kernel has; so the patch that is tried takes them
# out again, and what a reproducer sees is the wrong way round.
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

replace crypto/algif_skcipher.c 's/if \(len < bs\) \{/if (len < 0) {/'
replace net/ipv6/ip6_flowlabel.c 's/if \(fl_sock_at_lease_limit\(sk\) &&/if (!sk \&\& fl_sock_at_lease_limit(sk) \&\&/'
replace net/ipv4/udp.c 's/^\t\tipv4_update_pmtu\(skb, net, info, 0, IPPROTO_UDP\);/\t\t(void)info;/'
patch_of unfix
run --json build -k "$release" -o "$dir" --name unfix "$patch"
check "builds" [ "$status" = 0 ]

checks=()
for name in algif_skcipher ip6_flowlabel udp_pmtu; do
	gcc -O2 -static -o "$dir/$name" "tests/vm/reproducers/$name.c"
	checks+=(--check "$dir/$name")
done
run --json test --trial load "${checks[@]}" --expect before=pass,patched=fail,after=pass \
	"$dir/unfix.ko"
check "each is well, goes wrong, and is well again" json '.result == "pass"'
# ran NAME PHASE OUTPUT
ran() {
	check "$1, $2: $3" json ".checks[] | select(.name == \"$1\" and .phase == \"$2\") |
		.output | startswith(\"$3\")"
}
ran algif_skcipher before "read of 8 bytes: -1, Invalid argument"
ran algif_skcipher patched "read of 8 bytes: 0, fine"
ran ip6_flowlabel before "32 leases, then No buffer space available"
ran ip6_flowlabel patched "40 leases, then no end"
ran udp_pmtu before "path MTU 65535, then 1000"
ran udp_pmtu patched "path MTU 65535, then 65535"
finish
