# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of the proof: builds against a kernel that is not quite the one that was shipped, each
# in a cache of its own.  Sourced after lib.sh, once need_kernel has run and the patches are made.

# local ARG...: the options for a kernel on disk; ARGs override
local_kernel() {
	printf '%s\n' --image "$vmlinux" --modules "$modules" --build-dir "$build_dir" \
		--source "$source" "$@"
}

# build NAME PATCH OPTION...: started; a cache of its own, as each is another kernel
build() {
	local name=$1 patch=$2

	shift 2
	SUTURE_CACHE=${own_cache:-$dir/cache} start "$name" -q --json build --no-sandbox "$@" \
		-o "$dir/out/$name" --name "$name" "$dir/$patch.patch"
}

no_module() { [ -z "$(find "$1" -name '*.ko*' 2>/dev/null)" ]; }

# refused NAME WHERE: exit code 3 for a reason that names rule and function, no module
refused() {
	finished "$1"
	[ "$status" = 3 ] && no_module "$dir/out/$1" && json '.verdict == "refused" and .module == null' &&
		json "any(.findings[]; .severity == \"refuse\" and (.where | test(\"$2\")) and
			(.rule == \"not-as-shipped\" or .rule == \"not-proven\"))"
}

built() {
	finished "$1"
	[ "$status" = 0 ] && [ -s "$dir/out/$1/$1.ko" ] && json '.verdict == "livepatchable" and
		(.functions | length > 0 and all(.proof == "exact"))'
}

# set_option NAME VALUE: in the three files that hold it; n removes it
set_option() {
	sed -i "/^CONFIG_$1=/d" "$conf/.config" "$conf/include/config/auto.conf"
	sed -i "/^#define CONFIG_$1 /d" "$conf/include/generated/autoconf.h"
	[ "$2" != n ] || return 0
	printf 'CONFIG_%s=%s\n' "$1" "$2" | tee -a "$conf/.config" >>"$conf/include/config/auto.conf"
	printf '#define CONFIG_%s %s\n' "$1" "${2/y/1}" >>"$conf/include/generated/autoconf.h"
}

# build_with NAME OPTION=VALUE...
build_with() {
	local name=$1 option

	shift
	conf=$dir/conf-$name
	cp -r "$build_dir" "$conf"
	for option; do
		set_option "${option%%=*}" "${option#*=}"
	done
	sed -i "s/HZ != [0-9]*/HZ != $(sed -n 's/^CONFIG_HZ=//p' "$conf/.config")/" \
		"$conf/include/generated/timeconst.h" # which the kernel's build makes
	mapfile -t options < <(local_kernel --build-dir "$conf")
	build "$name" workqueue "${options[@]}"
}
