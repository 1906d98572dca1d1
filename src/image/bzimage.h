/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot image of x86 (vmlinuz): where its compressed kernel is. */
#ifndef SUTURE_IMAGE_BZIMAGE_H
#define SUTURE_IMAGE_BZIMAGE_H

#include <stdbool.h>

#include "base/cursor.h"
#include "base/err.h"

/* Whether the file has the magic of a boot image. */
bool bzimage_is(struct bytes file);

/* The compressed kernel, as a piece of file; name is for the message of an error. */
struct err *bzimage_payload(const char *name, struct bytes file, struct bytes *payload);

#endif
