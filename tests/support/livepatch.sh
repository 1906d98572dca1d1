# SPDX-License-Identifier: GPL-2.0-or-later
# Makes files that look like a live patch to commands that only read them.  Tests source this after tap.sh.

# livepatch NAME RELEASE SOURCE [LINE...]: makes $dir/NAME.ko, with further lines for its .modinfo
livepatch() {
	local name=$1 line

	{
		printf 'license=GPL\0livepatch=Y\0name=%s\0vermagic=%s SMP \0' "$name" "$2"
		printf 'suture_kernel=%s\0suture_package=%s\0' "$2" "$3"
		for line in "${@:4}"; do
			printf '%s\0' "$line"
		done
	} >"$dir/modinfo"
	printf '\1' >"$dir/replace"
	printf 'int f_%s(void) { return 1; }\n' "$name" | gcc -c -x c -o "$dir/plain.o" -
	objcopy --add-section .modinfo="$dir/modinfo" --add-section .suture.replace="$dir/replace" \
		"$dir/plain.o" "$dir/$name.ko"
}

# attest NAME RELEASE [RESULT]: says that exactly this file was tried
attest() {
	jq -n --arg name "$1" --arg kernel "$2" --arg result "${3-pass}" \
		--arg sha "$(sha256sum <"$dir/$1.ko" | cut -d' ' -f1)" '{schema: "suture.attest/1",
		module: $name, sha256: $sha, kernel: $kernel, build_id: "", suture: "0.1.0",
		time: "2026-08-02T10:00:00Z", result: $result, exercised: true, trials: [], checks: [],
		covered: [], uncovered: []}' >"$dir/$1.attest.json"
}
