/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and judges updates that are pending, or that a package manager is about to install. */
#ifndef SUTURE_ADVISE_UPDATES_H
#define SUTURE_ADVISE_UPDATES_H

#include "advise/advise.h"
#include "advise/rules.h"
#include "advise/services.h"
#include "base/strbuf.h"

/* Parses lines of `apt-get -s dist-upgrade`: "Inst NAME [OLD] (NEW ...)", "Remv NAME [OLD]". */
void updates_parse_apt(const char *text, struct advise_update_vec *updates);

/* Asks apt-get, which changes nothing for that. */
struct err *updates_ask_apt(struct advise_update_vec *updates);
/* Asks dnf, which changes nothing for that; notes get sentences about what dnf could not tell. */
struct err *updates_ask_dnf(struct advise_update_vec *updates, struct str_vec *notes);

/* Adds a note if apt's lists are so old that there may be newer updates. */
void updates_tell_age(const struct root *root, struct str_vec *notes);

/* Has apt-get download the package of an update into a folder, and verify it. */
struct err *updates_fetch_apt(const struct advise_update *update, const char *dir);

/*
 * Reads the exit status and output of `dnf suture-pending`; it is an error if the plugin's answer
 * is missing.
 */
struct err *updates_read_plugin(int status, const struct strbuf *output,
				const struct strbuf *errors, struct advise_update_vec *updates);

/* Parses lines of `dnf check-update`, for a dnf without Suture's plugin; they lack old versions. */
void updates_parse_check_update(const char *text, struct advise_update_vec *updates);

/* The files of installed packages: a vector for each update, in the order of updates. */
struct file_lists VEC(struct str_vec);

struct err *files_of_updates(const struct root *root, const struct advise_update_vec *updates,
			     struct file_lists *lists);
void file_lists_free(struct file_lists *lists);

/*
 * Decides every update's action and appends pending services.  With fetch, pending kernels are
 * downloaded to see what they fix.
 */
struct err *updates_decide(const struct root *root, const struct scan *scan,
			   const struct rules *rules, bool fetch, struct advice *advice);

#endif
