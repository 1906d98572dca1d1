/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what the undefined symbols of a part mean in the running kernel. */
#ifndef SUTURE_KLP_RESOLVE_H
#define SUTURE_KLP_RESOLVE_H

#include "klp/build.h"

/* Binds each symbol that the piece's code needs, or adds a finding. */
struct err *piece_resolve(struct piece *piece);

/*
 * Returns whether a module of any name can import the export by name and CRC; other exports are
 * bound as livepatch symbols.
 */
bool resolve_can_import(const struct target_export *export);

/* Returns whether a static key belongs to a module; for diff_select(), with the piece as ctx. */
bool piece_key_in_module(void *ctx, const char *symbol, bool defined_here);

#endif
