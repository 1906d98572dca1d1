/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks dnf for pending updates. */
#ifndef SUTURE_ADVISE_DNF_H
#define SUTURE_ADVISE_DNF_H

#include "advise/advise.h"
#include "base/strbuf.h"

/* Asks dnf, which changes nothing for that; notes get sentences about what dnf could not tell. */
struct err *advise_dnf_ask(struct advise_update_vec *updates, struct str_vec *notes);

/*
 * Reads the exit status and output of `dnf suture-pending`; it is an error if the plugin's answer
 * is missing.
 */
struct err *advise_dnf_read_plugin(int status, const struct strbuf *output,
				   const struct strbuf *errors, struct advise_update_vec *updates);

/* Parses lines of `dnf check-update`, for a dnf without Suture's plugin; they lack old versions. */
void advise_dnf_parse_check_update(const char *text, struct advise_update_vec *updates);

#endif
