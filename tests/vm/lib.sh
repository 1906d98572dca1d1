# SPDX-License-Identifier: GPL-2.0-or-later
# Functions for tests on a real kernel: they make patches for any point release, and run suture
# several times at once.  The tests *.t source this; prove runs them with $KERNEL set.

. tests/support/tap.sh
shopt -s nullglob
support=$(realpath "$(dirname "$suture")")/support # test programs linked with libsuture
mkdir "$dir/tmp"
export TMPDIR="$dir/tmp"
unset SUTURE_TEST_PATH
mounts=()

clean_up() {
	local jobs mount

	mapfile -t jobs < <(jobs -p)
	[ ${#jobs[@]} = 0 ] || kill "${jobs[@]}" 2>/dev/null
	for mount in "${mounts[@]}"; do
		umount -l "$mount" 2>/dev/null
	done
	rm -rf "$dir"
}
trap clean_up EXIT

# need_kernel: fetches the release if the cache lacks it, and sets variables for it
need_kernel() {
	local info

	info=$("$suture" -q --json fetch --kernel "${KERNEL:-6.1}") || {
		echo "not ok 1 - kernel ${KERNEL:-6.1} can be fetched"
		printf '# %s\n1..1\n' "$info"
		exit 1
	}
	release=$(jq -r .kernel <<<"$info")
	version=$(jq -r .version <<<"$info")
	folder=$(jq -r .folder <<<"$info")
	modules=$(jq -r .modules <<<"$info")
	build_dir=$(jq -r .build_dir <<<"$info")
	source=$(jq -r .source <<<"$info")
	compiler=$(jq -r '.compiler | sub(" .*"; "")' <<<"$info")
	image=$(jq -r .image <<<"$info")
	vmlinux=$folder/vmlinux
	cache=$(dirname "$(dirname "$folder")")
	echo "# kernel $release $version"
}

# start NAME ARG...: runs suture in the background, as many at once as there are processors
start() {
	local name=$1

	shift
	while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do
		wait -n
	done
	{
		"$suture" "$@" >"$dir/$name.out" 2>"$dir/$name.err"
		echo $? >"$dir/$name.status"
	} &
}

# finished NAME: waits for all that was started; sets $status, $out and $err of NAME
finished() {
	wait
	status=$(cat "$dir/$1.status")
	load_run "$1"
}

# tried ARG...: runs suture test with the unpacked kernel, as unpacking takes half of a boot
tried() { run --json test --image "$vmlinux" --modules "$modules" "$@"; }

# all_pass: succeeds if all modules of suture test's JSON in $out passed; else names failed trials
all_pass() {
	jq -r '.modules[] | select(.result != "pass") |
		"# \(.name): \(.failed_trial) \(.failed_at): \(.why)"' <<<"$out"
	[ "$status" = 0 ]
}

# ---- patches ----
#
# A copy of a source file is edited, or a small patch is applied to it, and the difference is the
# patch, which so fits any point release.

# edit FILE: prints the path of a copy of the kernel's source file that can be changed
edit() {
	local copy=$dir/edit/b/$1

	if [ ! -e "$copy" ]; then
		mkdir -p "$(dirname "$copy")" "$(dirname "$dir/edit/a/$1")"
		if [ -e "$source/$1" ]; then
			cp "$source/$1" "$dir/edit/a/$1"
			cp "$source/$1" "$copy"
		fi
	fi
	printf '%s' "$copy"
}

# change FILE FUNCTION TEXT: TEXT becomes the first line of the function's body
change() {
	local copy

	copy=$(edit "$1")
	text=$3 awk -v name="(^|[^A-Za-z0-9_])$2\\\\(" '
		!done && /^[A-Za-z_]/ && $0 ~ name { head = 1 }
		{ print }
		head && /^{/ { print "\t" ENVIRON["text"]; done = 1 }
		head && /[;{]$/ { head = 0 }
		END { exit !done }' "$copy" >"$copy.new" || {
		echo "Bail out! $1: no function $2 in $release"
		exit 1
	}
	mv "$copy.new" "$copy"
}

# append FILE TEXT: adds the text at the end of the file
append() {
	local copy

	copy=$(edit "$1")
	printf '%s\n' "$2" >>"$copy"
}

# replace FILE SED-SCRIPT: edits the file; the script has to change something
replace() {
	local copy

	copy=$(edit "$1")
	sed -i -E "$2" "$copy"
	! cmp -s "$copy" "$dir/edit/a/$1" || {
		echo "Bail out! $1: nothing to edit by $2 in $release"
		exit 1
	}
}

# apply PATCH: applies a patch to the copies, wherever its lines are in this point release
apply() {
	local file

	while read -r file; do
		edit "$file" >/dev/null
	done < <(sed -nE 's,^(---|\+\+\+) [ab]/([^\t]*).*,\2,p' "$1" | sort -u)
	patch -p1 -F0 -s --no-backup-if-mismatch -d "$dir/edit/b" <"$1" || {
		echo "Bail out! $1 does not apply to $release"
		exit 1
	}
}

# remove FILE: removes a file
remove() { rm "$(edit "$1")"; }

# patch_of NAME: makes $dir/NAME.patch of the edits since the last one
patch_of() {
	(cd "$dir/edit" && diff -urN a b) >"$dir/$1.patch"
	rm -rf "$dir/edit"
	patch=$dir/$1.patch
}

# patched NAME FILE FUNCTION TEXT: begins to build NAME.ko in the background, with TEXT at the beginning
# of FUNCTION and with all other edits
patched() {
	change "$2" "$3" "$4"
	patch_of "$1"
	start "build-$1" --json build -k "$release" -o "$dir" --name "$1" "$patch"
}

# covered NAME: succeeds if the kernel's check of stacks finds a task wherever it can sleep in the module
covered() {
	out=$("$support/coverage" "$dir/$1.ko" 2>&1)
	status=$?
	[ "$status" = 0 ] && contains "$out" " 0 problems"
}

# built NAME...: waits for these builds; each must have made its module, and all of its code must be
# where the kernel looks before it frees the module
built() {
	local name

	wait
	for name; do
		check "$name is built" [ -e "$dir/$name.ko" ]
		[ -e "$dir/$name.ko" ] || sed 's/^/# /' "$dir/build-$name".{out,err}
		check "all code of $name is where the kernel's check of stacks looks" covered "$name"
	done
}

# caught NAME TRIAL STAGE PATTERN: module NAME in $out must have failed there, with a reason that matches
caught() {
	local got

	got=$(jq -r --arg name "$1" '.modules[] | select(.name == $name) |
		.result + " " + .failed_trial + " " + .failed_at + ": " + .why' <<<"$out")
	check "$1 is caught by the trial $2" contains "$got" "fail $2 $3: $4"
}

# ---- trees ----

# farm FROM TO FILE...: makes TO of links to all of FROM; the folders of the files are real, the files
# themselves are missing
farm() {
	local from=$1 to=$2 file rel part

	shift 2
	link_all "$from" "$to"
	for file; do
		rel=
		while [ "${file#*/}" != "$file" ]; do
			part=${file%%/*}
			file=${file#*/}
			rel=$rel$part/
			[ -L "$to/${rel%/}" ] && rm "$to/${rel%/}" && link_all "$from/$rel" "$to/$rel"
		done
		rm -f "$to/$rel$file"
	done
}

link_all() {
	mkdir -p "$2"
	ln -s "$1"/* "$1"/.[!.]* "$2/"
}

# flip FILE OFFSET: changes the lowest bit of that byte
flip() {
	local byte

	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	# shellcheck disable=SC2059 # an escape is meant
	printf "\\x$(printf %02x $((byte ^ 1)))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# ---- findings ----

# patch_lines FILE: prints what the patch changes in the file, with the lines around.
patch_lines() {
	sed -nE "\\,^\+\+\+ b/$1([[:space:]]|\$),,/^(diff |--- )/{ /^[-+ @]/p }" "$patch"
}

# names_patched WHERE: succeeds if WHERE is the patch, the kernel itself, or something that the patch changes;
# otherwise it would prove nothing that nothing was found there.  A symbol is changed if the report lists it as
# a changed function; types, variables and what is called have to be named by the patch's lines on that file,
# and a file that does not change itself by those on its folder's makefile.
names_patched() {
	local file=${1%%: *} symbol=${1#*: }

	[ "$1" = "$release" ] || [ "$1" = "$patch" ] && return
	if ! grep -qE "^(--- a|\+\+\+ b)/$file([[:space:]]|\$)" "$patch"; then
		local object=${file##*/}

		patch_lines "${file%/*}/Makefile" | grep -qF -- "${object%.c}.o"
		return
	fi
	[ "$symbol" != "$1" ] || return 0
	json "any(.functions // [] | .[]; .file == \"$file\" and .name == \"$symbol\")" && return
	[[ $symbol != .* ]] || return 0 # a section
	symbol=${symbol##* }
	patch_lines "$file" | grep -qwF -- "${symbol%.[0-9]}"
}

# fires RULE SEVERITY WHERE [TEXT [REMEDY]]: succeeds if $out has this finding
fires() {
	json "any(.findings[]; .rule == \"$1\" and .severity == \"$2\" and .where == \"$3\" and
		(.message | contains(\"${4-}\")) and (.severity != \"refuse\" or .remedy) and
		((.remedy // \"\") | contains(\"${5-}\")))"
}

silent() {
	names_patched "$2" && json "all(.findings[]; .rule != \"$1\" or .where != \"$2\")"
}

# These fixtures of a rule say what it must find, and what not.  tests/check-tree requires both.
one() { check "$1 finds $3" fires "$@"; }
none() { check "$1 does not find $2" silent "$@"; }
