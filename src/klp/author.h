/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers that Suture offers to the authors of patches: src/klp/include. */
#ifndef SUTURE_KLP_AUTHOR_H
#define SUTURE_KLP_AUTHOR_H

#include "base/err.h"

/*
 * Writes the headers to a temporary folder, laid out for #include.  The caller frees its path and
 * removes it.
 */
struct err *author_write_headers(char **dir);

#endif
