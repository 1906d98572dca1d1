/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proof that what was compiled without the patch is what was shipped. */
#ifndef SUTURE_KLP_PROVE_H
#define SUTURE_KLP_PROVE_H

#include "klp/build.h"

/* Makes a match for the piece; what is not as shipped becomes findings. */
struct err *piece_prove(struct piece *piece);

/* The proof of one function that is to be replaced; all but exact becomes a finding. */
struct err *piece_prove_replaced(struct piece *piece, const struct elf_symbol *orig,
				 struct match_result *result);

#endif
