# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of the command line: TAP, and suture run with its output caught.
# Sourced by *.t, which prove runs from the top of the source tree.

set -u
suture=$(realpath "${SUTURE:-build/suture}")
dir=$(mktemp -d "${TMPDIR:-/var/tmp}/suture-cli.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
count=0

# The cache and the archive are never those of the machine.
export SUTURE_CACHE="$dir/cache" FAKE_APT="$dir/apt" NO_COLOR=1
mkdir "$FAKE_APT"
: >"$FAKE_APT/index"

fake_apt() { PATH="$PWD/tests/support/fake-apt:$PATH"; }

# run ARG...: $status, $out and $err of suture ARG...; $run_path is its PATH when set
run_path=
run() {
	PATH=${run_path:-$PATH} "$suture" "$@" >"$dir/out" 2>"$dir/err"
	status=$?
	out=$(cat "$dir/out")
	err=$(cat "$dir/err")
}

# check NAME COMMAND...: one test, passed when the command succeeds.
check() {
	name=$1
	shift
	count=$((count + 1))
	if "$@"; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		printf '# status %s\n# out: %s\n# err: %s\n' "$status" "$out" "$err" | head -c 2000
	fi
}

# contains TEXT PATTERN: a shell pattern anywhere in the text
contains() {
	case $1 in
	*$2*) return 0 ;;
	*) return 1 ;;
	esac
}

# not COMMAND...
not() { ! "$@"; }

lines() { printf '%s\n' "$1" | grep -c .; }

# fails STATUS PATTERN: one line on stderr that contains the pattern, nothing on stdout
fails() {
	[ "$status" = "$1" ] && contains "$err" "$2" && [ "$(lines "$err")" = 1 ] &&
		[ -z "$out" ] && contains "$err" "suture: "
}

# json EXPRESSION: $out is one JSON object of which a Python expression on `o` is true
json() {
	printf '%s' "$out" | python3 -c "
import json, sys
o = json.load(sys.stdin)
sys.exit(not ($1))"
}

finish() { echo "1..$count"; }
