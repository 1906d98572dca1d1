/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot image of x86 (vmlinuz): where its compressed kernel is. */
#ifndef SUTURE_IMAGE_BZIMAGE_H
#define SUTURE_IMAGE_BZIMAGE_H

#include <stdbool.h>

#include "base/cursor.h"
#include "base/err.h"

/* Returns whether the file has the magic number of a boot image. */
bool bzimage_is(struct bytes file);

/* Finds the compressed kernel in file; name is for error messages. */
struct err *bzimage_payload(const char *name, struct bytes file, struct bytes *payload);

#endif
