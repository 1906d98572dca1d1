/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which compiler a target is built with: the host's, one from the archive, or one that was named.
 */
#ifndef SUTURE_TARGET_TOOLCHAIN_CHOOSE_H
#define SUTURE_TARGET_TOOLCHAIN_CHOOSE_H

#include "target/target.h"

/*
 * Sets the target's compiler, toolchain and tools after its configuration was read. It is only a
 * note if no archive has the compiler, since target_check_compiler() refuses work that needs it.
 */
struct err *toolchain_choose(const struct target_spec *spec, struct progress *progress,
			     struct target *target);

#endif
