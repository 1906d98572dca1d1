# SPDX-License-Identifier: GPL-2.0-or-later
# Functions of all shell tests: they print TAP, and run suture with its output captured.  The lib.sh beside
# the tests sources this file; prove runs the tests from the top of the source tree, with $SUTURE set.

set -u
suture=$(realpath "${SUTURE:-build/suture}")
dir=$(mktemp -d "${TMPDIR:-/var/tmp}/suture-test.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
export NO_COLOR=1
count=0

# run ARG...: runs suture ARG..., with $run_path as PATH if set; sets $status, $out and $err
run_path=
run() {
	PATH=${run_path:-$PATH} "$suture" "$@" >"$dir/run.out" 2>"$dir/run.err"
	status=$?
	load_run run
}

load_run() {
	out=$(tr -d '\0' <"$dir/$1.out")
	err=$(tr -d '\0' <"$dir/$1.err")
}

# check NAME COMMAND...: one test, which passes if the command succeeds.
check() {
	local name=$1

	shift
	count=$((count + 1))
	if "$@"; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		echo "# $*" | head -n 1
		printf 'status %s\nout: %s\nerr: %s\n' "${status-}" "${out-}" "${err-}" |
			head -c 3000 | sed 's/^/# /'
		echo # output that was cut off lacks its newline
	fi
}

# libraries PROGRAM: lists the libraries that it is linked with, or loads later (.note.dlopen)
libraries() {
	local name file

	ldd "$1" 2>/dev/null | grep -oE '/[^ ]+'
	grep -aoE '"soname":\["[^"]+' "$1" | sed 's/.*"//' | while read -r name; do
		file=$(ldconfig -p | awk -v name="$name" '$1 == name && !found++ { print $NF }')
		echo "$file"
		ldd "$file" | grep -oE '/[^ ]+'
	done
}

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # skip $2"
}

finish() { echo "1..$count"; }

# not COMMAND...: succeeds if the command fails
not() { ! "$@"; }

# contains TEXT PATTERN: finds a shell pattern anywhere in the text
contains() {
	# shellcheck disable=SC2254 # it is a pattern
	case $1 in
	*$2*) return 0 ;;
	*) return 1 ;;
	esac
}

lines() { grep -c . <<<"$1"; }

# messages TEXT: the number of its messages; below one, its parts may stand, a line each
messages() { grep -cvE '^$|^  (file|line|expected|found) ' <<<"$1"; }

# fails STATUS PATTERN: the run printed one message on stderr that contains the pattern, and nothing on stdout
fails() {
	[ "$status" = "$1" ] && [ "$(messages "$err")" = 1 ] && [ -z "$out" ] &&
		contains "$err" "suture: " && contains "$err" "$2"
}

# json EXPRESSION: $out is one JSON object for which the jq expression is true
json() { jq -se "length == 1 and (.[0] | $1)" <<<"$out" >/dev/null 2>&1; }

# is_empty DIR: the folder has no file, not even a hidden one, or does not exist
is_empty() { [ -z "$(ls -A "$1" 2>/dev/null)" ]; }
