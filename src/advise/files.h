/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the files of installed packages. */
#ifndef SUTURE_ADVISE_FILES_H
#define SUTURE_ADVISE_FILES_H

#include "advise/advise.h"

/* The files of installed packages: a vector for each update, in the order of updates. */
struct file_lists VEC(struct str_vec);

struct err *files_of_updates(const struct root *root, const struct advise_update_vec *updates,
			     struct file_lists *lists);
void file_lists_free(struct file_lists *lists);

#endif
