/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where indirect branches may land.  A kernel with X86_KERNEL_IBT takes the landing place
 * (endbr64) away from functions that nothing in it points at; calling one of these through a
 * pointer stops a processor that watches over that.
 */
#ifndef SUTURE_KLP_LANDING_H
#define SUTURE_KLP_LANDING_H

#include "klp/build.h"

/* A function of a module, or of vmlinux where module is NULL, that must not be pointed at. */
bool landing_is_missing(const struct build *build, const struct elf_object *module,
			const struct elf_section *section, uint64_t address);

/* The same by the name of an export; of several of a name, none is taken for it. */
bool landing_is_missing_at(const struct build *build, const struct elf_object *module,
			   const char *name);

#endif
