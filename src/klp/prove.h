/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proves that the unpatched code is what was shipped. */
#ifndef SUTURE_KLP_PROVE_H
#define SUTURE_KLP_PROVE_H

#include "klp/build.h"

/* Makes a match for the piece; differences from the shipped code become findings. */
struct err *piece_prove(struct piece *piece);

/* Proves one function that would be replaced; a proof other than exact becomes a finding. */
struct err *piece_prove_replaced(struct piece *piece, const struct elf_symbol *orig,
				 struct match_result *result);

#endif
