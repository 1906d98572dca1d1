/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kbuild/scripts.h"

#include "base/embed.h"

EMBED(kb_script_walk, "src/kbuild/walk.mk");
EMBED(kb_script_query, "src/kbuild/query.mk");
EMBED(kb_script_export, "src/kbuild/export.mk");
