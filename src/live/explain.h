/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why the kernel rejected a module. */
#ifndef SUTURE_LIVE_EXPLAIN_H
#define SUTURE_LIVE_EXPLAIN_H

#include "base/vec.h"

/* errnum is what the system call failed with, kernel_log its lines of that time; free(). */
char *live_explain_load(int errnum, const struct str_vec *kernel_log);

#endif
