# SPDX-License-Identifier: GPL-2.0-or-later
# For tests with a real kernel: the CLI tests' functions with the machine's own cache, which
# holds KERNEL (a release or a series, 6.1 if not given) after the first test.
# Sourced by *.t, which prove runs from the top of the source tree.

own_cache=${SUTURE_CACHE:-}
. tests/cli/lib.sh
if [ -n "$own_cache" ]; then
	SUTURE_CACHE=$own_cache
else
	unset SUTURE_CACHE
fi

# Fetches the kernel: $kernel, and $image, $modules, $build, $source of it.
fetch()
{
	run --json fetch --kernel "${KERNEL:-6.1}"
	if [ "$status" != 0 ]; then
		echo "Bail out! the kernel cannot be fetched: $out $err"
		exit 1
	fi
	kernel=$(printf '%s' "$out" | jq -r .kernel)
	image=$(printf '%s' "$out" | jq -r .image)
	modules=$(printf '%s' "$out" | jq -r .modules)
	build=$(printf '%s' "$out" | jq -r .build_dir)
	source=$(printf '%s' "$out" | jq -r .source)
}

# jq EXPRESSION: whether it is true of $out.
holds() { printf '%s' "$out" | jq -e "$1" >/dev/null; }

# Whether a folder is empty or not there.
empty() { [ -z "$(ls -A "$1" 2>/dev/null)" ]; }
