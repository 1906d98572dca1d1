/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a source tree's own makefiles say: which objects there are, and how each is compiled.
 *
 * Everything runs in private build folders, farms over the target's, with the source tree as the
 * link `source` inside.  So a command has no path of ours in it, the same text compiles either
 * side, and what was learned about a release can be kept for the next run.
 */
#ifndef SUTURE_KBUILD_KBUILD_H
#define SUTURE_KBUILD_KBUILD_H

#include "kbuild/confine.h"
#include "kbuild/deps.h"
#include "kbuild/farm.h"
#include "kbuild/kept.h"
#include "kbuild/makefiles.h"
#include "kbuild/module.h"
#include "kbuild/open.h"
#include "kbuild/query.h"
#include "kbuild/units.h"

#endif
