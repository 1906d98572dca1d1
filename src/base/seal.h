/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seals of files that are kept for later runs. A seal has the length of a file, and a checksum of
 * its bytes and its purpose. A full or failing disk, or somebody who copies files around, may leave
 * a kept file empty, cut short, changed, or in the place of another; using it would silently give a
 * wrong result. A seal guards against accidents, not against those who can write it.
 */
#ifndef SUTURE_BASE_SEAL_H
#define SUTURE_BASE_SEAL_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Writes the seal of file to seal_path, whose folder must exist. `what` names the purpose of the
 * file, such as "kbuild-0123456789abcdef/units", so that it cannot serve another one.
 */
struct err *seal_write(const char *seal_path, const char *file, const char *what);

/*
 * Returns whether the file exists and is the one that was sealed as `what`; false if there is no
 * seal.
 */
bool seal_matches(const char *seal_path, const char *file, const char *what);

#endif
