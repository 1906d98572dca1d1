/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes the place of the architecture's header: constants that the kernel writes into its own code
 * at boot are read from the variables that they come from.
 */
#include <asm-generic/runtime-const.h>
