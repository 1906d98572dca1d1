/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Updates that wait, or that a package manager is about to install. */
#ifndef SUTURE_ADVISE_UPDATES_H
#define SUTURE_ADVISE_UPDATES_H

#include "advise/advise.h"
#include "advise/rules.h"
#include "advise/services.h"
#include "base/strbuf.h"

/* Lines of `apt-get -s dist-upgrade`: "Inst NAME [OLD] (NEW ...)", "Remv NAME [OLD]". */
void updates_parse_apt(const char *text, struct advise_update_vec *updates);

/* Asks apt-get, or dnf; both only read.  notes: sentences about what dnf could not tell. */
struct err *updates_ask_apt(struct advise_update_vec *updates);
struct err *updates_ask_dnf(struct advise_update_vec *updates, struct str_vec *notes);

/* A note when apt's lists are so old that there may be updates that it knows nothing of. */
void updates_tell_age(const struct root *root, struct str_vec *notes);

/* Has apt-get download the package of an update into a folder; it checks what it gets. */
struct err *updates_fetch_apt(const struct advise_update *update, const char *dir);

/* What `dnf suture-pending` ended with and wrote; an error when the plugin's answer is missing. */
struct err *updates_read_plugin(int status, const struct strbuf *output,
				const struct strbuf *errors, struct advise_update_vec *updates);

/* Lines of `dnf check-update`, for a dnf without Suture's plugin: no older version is named. */
void updates_parse_check_update(const char *text, struct advise_update_vec *updates);

/* Files of the installed versions of packages: a vector each, in the order of updates. */
struct file_lists VEC(struct str_vec);

struct err *files_of_updates(const struct root *root, const struct advise_update_vec *updates,
			     struct file_lists *lists);
void file_lists_free(struct file_lists *lists);

/*
 * Decides every update's action and appends pending services.  With fetch, kernels that wait are
 * downloaded to see what they fix.
 */
struct err *updates_decide(const struct root *root, const struct scan *scan,
			   const struct rules *rules, bool fetch, struct advice *advice);

#endif
