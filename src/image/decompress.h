/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decompression with a limit; image.h has the limits for kernels and modules. */
#ifndef SUTURE_IMAGE_DECOMPRESS_H
#define SUTURE_IMAGE_DECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"

/* Returns whether the bytes begin with the magic number of a compression that is known by name. */
bool image_is_compressed(struct bytes bytes);

/* Works like image_decompress(), with a limit of max bytes for the result. */
struct err *decompress_within(const char *name, struct bytes in, size_t max, uint8_t **data,
			      size_t *size);

#endif
