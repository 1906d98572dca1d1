/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the last step of a build: makes a module file from glue and parts. */
#ifndef SUTURE_KLP_ASSEMBLE_H
#define SUTURE_KLP_ASSEMBLE_H

#include "klp/build.h"

/* Writes <out_dir>/<name>.ko and sets its path in the report. */
struct err *build_assemble(struct build *build);

#endif
