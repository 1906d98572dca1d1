# SPDX-License-Identifier: GPL-2.0-or-later
# Helpers of the tests of the command line; *.t source this file.

. tests/support/tap.sh

# The tests never use the machine's own cache and archive.
export SUTURE_CACHE="$dir/cache" SUTURE_ARCHIVES="$dir/archives" FAKE_APT="$dir/apt"
mkdir "$FAKE_APT"
: >"$FAKE_APT/index"

fake_apt() { PATH="$PWD/tests/support/fake-apt:$PATH"; }
