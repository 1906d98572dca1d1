/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assembler that a patch adds outside of functions. */
#ifndef SUTURE_REACH_NEW_ASSEMBLER_H
#define SUTURE_REACH_NEW_ASSEMBLER_H

#include "base/err.h"
#include "finding/finding.h"
#include "patch/patch.h"

/* Adds an assembler-new finding for each new piece of assembler in a changed C file. */
struct err *reach_new_assembler(const struct changed_file_vec *files, struct finding_vec *findings);

#endif
