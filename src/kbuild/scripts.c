/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the .mk files of this folder part of the program. */
#include "kbuild/scripts.h"

#include "base/embed.h"

EMBED(kbuild_script_walk, "src/kbuild/walk.mk");
EMBED(kbuild_script_query, "src/kbuild/query.mk");
EMBED(kbuild_script_export, "src/kbuild/export.mk");
