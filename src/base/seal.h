/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seals of files that are kept for later runs: the length of a file, and a checksum of its bytes
 * and of what it is.  A disk that is full or fails, or somebody who copies files around, may leave
 * a kept file empty, cut short, changed, or in another's place; used as it is, it would quietly
 * give another result.  A seal guards against accidents, not against those who can write it.
 */
#ifndef SUTURE_BASE_SEAL_H
#define SUTURE_BASE_SEAL_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Writes the seal of file to seal_path, whose folder has to be there.  what says what the file is,
 * for what other purpose it must not serve: "kbuild-0123456789abcdef/units".
 */
struct err *seal_write(const char *seal_path, const char *file, const char *what);

/* Whether file is there and is what was sealed as `what`; not if there is no such seal. */
bool seal_matches(const char *seal_path, const char *file, const char *what);

#endif
