/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unified diffs and the files that they change. */
#ifndef SUTURE_PATCH_PATCH_H
#define SUTURE_PATCH_PATCH_H

#include "patch/changes.h"
#include "patch/lines.h"
#include "patch/makefile_guard.h"
#include "patch/source_guard.h"

#endif
