# SPDX-License-Identifier: GPL-2.0-or-later
# For tests on a real kernel: patches made for whatever point release it is, and suture run
# beside itself.  Sourced by *.t, which prove runs with $KERNEL set.

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

# need_kernel: the release in the cache, fetched if it is not there; sets what is known of it
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

# start NAME ARG...: the same beside others, as many as there are processors
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

# finished NAME: waits for all that was started; $status, $out and $err of NAME
finished() {
	wait
	status=$(cat "$dir/$1.status")
	load_run "$1"
}

# tried ARG...: suture test with the kernel inside the image: to unpack itself takes it half of a boot
tried() { run --json test --image "$vmlinux" --modules "$modules" "$@"; }

# all_pass: each module of suture test's JSON in $out has passed; says which trial of which failed
all_pass() {
	jq -r '.modules[] | select(.result != "pass") |
		"# \(.name): \(.failed_trial) \(.failed_at): \(.why)"' <<<"$out"
	[ "$status" = 0 ]
}

# ---- patches ----
#
# A copy of the source file is edited, or has a small patch applied to it, and the difference is the
# patch: it fits whatever point release this is.

# edit FILE: where a copy of the kernel's source file can be changed
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

# append FILE TEXT: at its end
append() {
	local copy

	copy=$(edit "$1")
	printf '%s\n' "$2" >>"$copy"
}

# replace FILE SED-SCRIPT: which has to change something
replace() {
	local copy

	copy=$(edit "$1")
	sed -i -E "$2" "$copy"
	! cmp -s "$copy" "$dir/edit/a/$1" || {
		echo "Bail out! $1: nothing to edit by $2 in $release"
		exit 1
	}
}

# apply PATCH: onto the copies, wherever its lines are in this point release
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

# remove FILE
remove() { rm "$(edit "$1")"; }

# patch_of NAME: what was edited since the last one becomes $dir/NAME.patch
patch_of() {
	(cd "$dir/edit" && diff -urN a b) >"$dir/$1.patch"
	rm -rf "$dir/edit"
	patch=$dir/$1.patch
}

# patched NAME FILE FUNCTION TEXT: begins to build NAME.ko, beside others, with TEXT at the beginning
# of FUNCTION and what else has been edited
patched() {
	change "$2" "$3" "$4"
	patch_of "$1"
	start "build-$1" --json build -k "$release" -o "$dir" --name "$1" "$patch"
}

# built NAME...: waits for them; each is there
built() {
	local name

	wait
	for name; do
		check "$name: builds" [ -e "$dir/$name.ko" ]
		[ -e "$dir/$name.ko" ] || sed 's/^/# /' "$dir/build-$name".{out,err}
	done
}

# caught NAME TRIAL STAGE PATTERN: in $out, module NAME has failed there, by a finding that matches
caught() {
	local got

	got=$(jq -r --arg name "$1" '.modules[] | select(.name == $name) |
		.result + " " + .failed_trial + " " + .failed_at + ": " + .why' <<<"$out")
	check "$1: caught" contains "$got" "fail $2 $3: $4"
}

# ---- trees ----

# farm FROM TO FILE...: TO shows what FROM holds; the folders of the files are real, the files
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

# flip FILE OFFSET: the lowest bit of that byte
flip() {
	local byte

	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	# shellcheck disable=SC2059 # an escape is meant
	printf "\\x$(printf %02x $((byte ^ 1)))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# ---- findings ----

# names_patched WHERE: its file is one that $patch changes, or it is the patch or the kernel itself;
# else that nothing was found there would say nothing
names_patched() {
	[ "$1" = "$release" ] || [ "$1" = "$patch" ] || grep -qE "^(--- a|\+\+\+ b)/${1%%: *}([[:space:]]|\$)" "$patch"
}

# fires RULE SEVERITY WHERE [TEXT [REMEDY]]: a finding in $out
fires() {
	json "any(.findings[]; .rule == \"$1\" and .severity == \"$2\" and .where == \"$3\" and
		(.message | contains(\"${4-}\")) and (.severity != \"refuse\" or .remedy) and
		((.remedy // \"\") | contains(\"${5-}\")))"
}

silent() {
	names_patched "$2" && json "all(.findings[]; .rule != \"$1\" or .where != \"$2\")"
}

# Fixtures of a rule: what it has to find, and what it must not.  tests/check-tree looks for both.
one() { check "$1: $3" fires "$@"; }
none() { check "$1: not $2" silent "$@"; }
