/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shipped side that is a linked vmlinux. */
#ifndef SUTURE_MATCH_SHIPPED_VMLINUX_H
#define SUTURE_MATCH_SHIPPED_VMLINUX_H

#include "match/shipped.h"

/*
 * Returns the symbols and code of the image, which must outlive the result; ops->free() frees it.
 */
struct shipped *shipped_vmlinux_new(const struct image *image);

#endif
