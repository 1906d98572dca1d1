#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Off a terminal: nothing but the result, as cron would send it by mail; and what who may not see all is told.
. tests/cli/lib.sh

tree=$dir/tree
mkdir -p "$tree"/proc/{self,sys/kernel/random} "$tree/sys/kernel/livepatch" "$tree/sys/module" "$tree/run/suture"
echo 6.1.0-9-amd64 >"$tree/proc/sys/kernel/osrelease"
echo 1111-2222 >"$tree/proc/sys/kernel/random/boot_id"
echo "#1 SMP Debian 6.1.176-1 (2026-05-01)" >"$tree/proc/sys/kernel/version"
printf 'Uid:\t0\t0\nCapEff:\t1ffffffffff\n' >"$tree/proc/self/status"
mkdir -p "$tree/var/lib/dpkg/info"
: >"$tree/var/lib/dpkg/status"

# silent NAME ARG...: the last run has nothing on stderr
silent() {
	run "${@:2}"
	check "$1: nothing beside the result" [ -z "$err" ]
}

for mode in "" --motd --nagios "--prometheus $dir/m.prom" "--prometheus -" --json; do
	# shellcheck disable=SC2086 # an option with its value
	silent "advise --now $mode" advise --root "$tree" --now $mode
done
for mode in "" "--prometheus $dir/m.prom" "--prometheus -" --json; do
	# shellcheck disable=SC2086 # an option with its value
	silent "status $mode" status --root "$tree" $mode
done
for command in list cves "cache" "explain" "doctor --for load"; do
	# shellcheck disable=SC2086 # a command with its options
	silent "$command" $command $([ "$command" = cache ] || [ "$command" = explain ] || echo "--root $tree")
done

# ---- metrics

samples='^(# (HELP|TYPE) .*|suture_[a-z_]+(\{[^}]*\})? -?[0-9.e+]+)$'
for command in "advise --now" status; do
	# shellcheck disable=SC2086 # a command with its options
	run $command --root "$tree" --prometheus -
	check "$command --prometheus -: metrics on standard output" [ -n "$out" ]
	check "$command --prometheus -: and nothing else" [ -z "$(grep -vE "$samples" <<<"$out")" ]
	check "$command --prometheus -: no file of that name" [ ! -e ./- ]
	# shellcheck disable=SC2086 # a command with its options
	run --json $command --root "$tree" --prometheus -
	check "$command --prometheus - and --json exclude each other" [ "$status" = 2 ]
	# shellcheck disable=SC2086 # a command with its options
	run $command --root "$tree" --prometheus "$dir/suture.txt"
	check "$command: a name that node_exporter would not read is said" \
		contains "$err" "suture.txt: node_exporter reads only files whose names end in .prom"
	check "$command: the file is written all the same" [ -s "$dir/suture.txt" ]
done

# ---- every command answers in JSON, errors as well

for command in "advise --now --root $tree" "advise --now --apply=services --root $tree" "status --root $tree" \
	"list --root $tree" "cves --root $tree" cache explain "doctor --for load --root $tree" "unlock --all --root $tree" \
	"uninstall --all --root $tree" "build none" "cover --to 1-1 --add none" "diff none none" "show none" "test none" \
	"load none" "unload none" "install none" "sign --key k --cert c none" "package none" \
	"publish --repo r --suite s none" "fetch --kernel x"; do
	# shellcheck disable=SC2086 # a command with its options
	run --json $command
	check "${command%% *} --json: one object with its schema" json ".schema == \"suture.${command%% *}/1\""
	check "${command%% *} --json: and nothing else" [ -z "$err" ]
done

# ---- who may not read the processes of others gets no all-clear

as_nobody=()
[ "$(id -u)" = 0 ] && as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
chmod 755 "$dir"
cp "$suture" "$dir/suture"
# nobody ARG...: runs suture ARG... without rights
nobody() {
	"${as_nobody[@]}" "$dir/suture" "$@" >"$dir/run.out" 2>"$dir/run.err"
	status=$?
	load_run run
}
nobody --json advise --now
if json '.unreadable > 0'; then
	check "advise --now without rights cannot tell" [ "$status" = 104 ]
	for how in "" --yes; do
		# shellcheck disable=SC2086 # an option or none
		nobody advise --now --apply=services $how
		check "--apply $how without rights cannot tell" [ "$status" = 104 ]
		check "--apply $how without rights says so" contains "$err$out" "could not be examined"
		check "--apply $how without rights: no all-clear" not contains "$out" "no process uses"
		# shellcheck disable=SC2086 # an option or none
		nobody --json advise --now --apply=services $how
		check "--apply $how --json without rights says so" json '.code == 104 and (.unknown | length > 0)'
	done
	nobody advise --now --prometheus -
	check "metrics without rights: no number of services, since none would be an answer" \
		not contains "$out" "suture_advise_services_to_restart 0"
	check "metrics without rights: the verdict is there" contains "$out" "suture_advise_verdict 104"
	nobody advise --now --nagios
	check "a plugin without rights is UNKNOWN, without numbers" contains "$status $out" "3 SUTURE UNKNOWN - *| verdict=104"
else
	skip "advise without rights" "this user may read all processes here"
fi
finish
