/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells where indirect branches may land. A kernel with X86_KERNEL_IBT removes the landing place
 * (endbr64) from functions whose address nothing in it takes; calling one of these through a
 * pointer stops a processor that checks this.
 */
#ifndef SUTURE_KLP_LANDING_H
#define SUTURE_KLP_LANDING_H

#include "klp/build.h"

/*
 * Returns whether the address of a function of a module (of vmlinux if module is NULL) must not be
 * taken.
 */
bool landing_is_missing(const struct build *build, const struct elf_object *module,
			const struct elf_section *section, uint64_t address);

/* Does the same as landing_is_missing() for an export by its name; if several have the name, none
 * counts. */
bool landing_is_missing_at(const struct build *build, const struct elf_object *module,
			   const char *name);

/*
 * Returns whether the linker script gives this name to where code begins or ends. A function may
 * lie at the same address, but nobody calls it by that name.
 */
bool landing_is_mark(const char *name);

#endif
