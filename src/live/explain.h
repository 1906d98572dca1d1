/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains why the kernel rejected a module. */
#ifndef SUTURE_LIVE_EXPLAIN_H
#define SUTURE_LIVE_EXPLAIN_H

#include "base/vec.h"

/*
 * Explains a failed load by the errno of the system call and the lines that the kernel has logged
 * since; free().
 */
char *live_explain_load(int errnum, const struct str_vec *kernel_log);

#endif
