# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of the command line.  Sourced by *.t.

. tests/support/tap.sh

# The cache and the archive are never those of the machine.
export SUTURE_CACHE="$dir/cache" SUTURE_ARCHIVES="$dir/archives" FAKE_APT="$dir/apt"
mkdir "$FAKE_APT"
: >"$FAKE_APT/index"

fake_apt() { PATH="$PWD/tests/support/fake-apt:$PATH"; }
