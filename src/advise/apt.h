/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks apt for pending updates, and downloads packages. */
#ifndef SUTURE_ADVISE_APT_H
#define SUTURE_ADVISE_APT_H

#include "advise/advise.h"

/* Parses lines of `apt-get -s dist-upgrade`: "Inst NAME [OLD] (NEW ...)", "Remv NAME [OLD]". */
void advise_apt_parse(const char *text, struct advise_update_vec *updates);

/* Fails if apt has no package lists, as in a fresh root: it then knows of no update. */
struct err *advise_apt_check_lists(const struct root *root);
/* Runs apt-get in a way that changes nothing. */
struct err *advise_apt_ask(struct advise_update_vec *updates);
/* Adds a note if apt's lists are so old that there may be newer updates. */
void advise_apt_tell_age(const struct root *root, struct str_vec *notes);

/* Has apt-get download the package of an update into a folder, and verify it. */
struct err *advise_apt_fetch(const struct advise_update *update, const char *dir);

#endif
