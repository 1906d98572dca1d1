/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes and fails the results of vm_run(). */
#ifndef SUTURE_VM_RESULT_H
#define SUTURE_VM_RESULT_H

#include "vm/vm.h"

/* Makes a result with one module for each patch of the spec, none of them tried yet. */
struct vm_result *vm_result_new(const struct vm_spec *spec);
/* Forgets what trials have found, as if the module had not been tried. */
void vm_module_reset(struct vm_module_result *module);
/* Fails the module; if it has failed already, the first reason stays. */
void vm_module_fail(struct vm_module_result *module, enum vm_stage stage, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
