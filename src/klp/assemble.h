/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Last step of a build: glue and parts become a module file. */
#ifndef SUTURE_KLP_ASSEMBLE_H
#define SUTURE_KLP_ASSEMBLE_H

#include "klp/build.h"

/* Writes <out_dir>/<name>.ko and notes its path in the report. */
struct err *build_assemble(struct build *build);

#endif
