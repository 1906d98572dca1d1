/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what the undefined symbols of a part mean in the running kernel. */
#ifndef SUTURE_KLP_RESOLVE_H
#define SUTURE_KLP_RESOLVE_H

#include "klp/build.h"

/* Binds each symbol that the piece's code needs, or adds a finding. */
struct err *piece_resolve(struct piece *piece);

/*
 * Whether a module of any name can import it by name and CRC; what it cannot import is bound as a
 * livepatch symbol.
 */
bool resolve_can_import(const struct target_export *export);

/* For diff_select(), with the piece as ctx: whether a static key belongs to a module. */
bool piece_key_in_module(void *ctx, const char *symbol, bool defined_here);

#endif
