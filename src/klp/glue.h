/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The common part of all live patches, compiled once per kernel against the target's own headers,
 * so that struct klp_patch and related types have that kernel's layout.
 */
#ifndef SUTURE_KLP_GLUE_H
#define SUTURE_KLP_GLUE_H

#include "base/err.h"
#include "base/progress.h"
#include "base/sandbox.h"
#include "elf/elf.h"
#include "klp/glue/layout.h"
#include "target/target.h"

/*
 * Compiles the glue for the target, or opens it if an earlier call has compiled it; free with
 * elf_object_free().
 */
struct err *glue_compile(const struct target *target, enum sandbox_kind sandbox,
			 struct progress *progress, struct elf_object **glue);

#endif
