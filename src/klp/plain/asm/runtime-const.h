/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In place of the architecture's header: constants that the kernel writes into its own
 * code at boot are read from the variables that it took them from.
 */
#include <asm-generic/runtime-const.h>
