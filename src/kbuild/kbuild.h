/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks a source tree's own makefiles which objects there are, and how each one is compiled.
 *
 * Everything runs in private build folders, which are farms over the target's and have the source
 * tree as the link `source` inside. So commands contain no path of a single run, the same command
 * compiles both sides, and what was learned about a release can be kept for the next run.
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
