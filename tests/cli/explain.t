#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/cli/lib.sh

run explain
check "all rules are listed" contains "$out" "refuse  data-changed "
check "the list says which rules can be allowed" contains "$out" "(can be allowed)"
run explain data-changed
check "one rule is explained" contains "$out" "post-patch callback"
check "no other rule is explained with it" not contains "$out" "init-data"
run explain --json data-changed
check "--json has the rule that was asked for" json '.schema == "suture.explain/1" and (.rules | length) == 1 and
	.rules[0].severity == "refuse" and .rules[0].can_be_allowed'
run explain data
check "an unknown rule is wrong use" fails 2 "data: there is no such rule"

cp tests/vm/patches/second.patch "$dir/a.patch"
run build --allow data-change=x "$dir/a.patch"
check "--allow with an unknown rule is wrong use" fails 2 "data-change: there is no such rule"
run build --allow data-changed "$dir/a.patch"
check "--allow without a reason is wrong use" fails 2 "give the reason"
run build --allow not-as-shipped=really "$dir/a.patch"
check "--allow with a rule that cannot be overridden is wrong use" fails 2 "cannot be overridden"
run build --allow address-stored=really "$dir/a.patch"
check "--allow with a rule that only warns is wrong use" fails 2 "never refuses"
finish
