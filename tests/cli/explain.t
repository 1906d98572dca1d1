#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/cli/lib.sh

run explain
check "a list of all rules" contains "$out" "refuse  data-changed "
check "with what can be allowed" contains "$out" "(can be allowed)"
run explain data-changed
check "one rule" contains "$out" "post-patch callback"
check "and no other" not contains "$out" "init-data"
run explain --json data-changed
check "as JSON" json '.schema == "suture.explain/1" and (.rules | length) == 1 and
	.rules[0].severity == "refuse" and .rules[0].can_be_allowed'
run explain data
check "an unknown rule" fails 2 "data: there is no such rule"

: >"$dir/a.patch"
run build --allow data-change=x "$dir/a.patch"
check "allow: an unknown rule" fails 2 "data-change: there is no such rule"
run build --allow data-changed "$dir/a.patch"
check "allow: no reason" fails 2 "give the reason"
run build --allow not-as-shipped=really "$dir/a.patch"
check "allow: a rule that cannot be overridden" fails 2 "cannot be overridden"
run build --allow address-stored=really "$dir/a.patch"
check "allow: a rule that only warns" fails 2 "never refuses"
finish
