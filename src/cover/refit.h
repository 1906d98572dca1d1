/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gives a structure its new members in space that the kernel's layout leaves unused, where the
 * update's own place for them would move others.
 */
#ifndef SUTURE_COVER_REFIT_H
#define SUTURE_COVER_REFIT_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "safety/safety.h"

/*
 * Appends the old definition with the declarations of the added members, each behind the one that
 * its fit names. Both texts define the structure once. Returns false, with nothing appended, if a
 * declaration is not found, or declares something else as well.
 */
bool refit_write(const char *before, size_t before_len, const char *after, size_t after_len,
		 const struct type_fit_vec *fits, struct strbuf *text);

struct covering;

/*
 * Lets the atom that the finding is about carry its members like that from now on. Returns false if
 * the members do not fit, or if that was tried before.
 */
bool refit_type(struct covering *covering, const struct safety_types *types,
		const struct finding *finding);

#endif
