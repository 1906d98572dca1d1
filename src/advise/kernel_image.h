/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells what the file of a kernel and its name say of the kernel. */
#ifndef SUTURE_ADVISE_KERNEL_IMAGE_H
#define SUTURE_ADVISE_KERNEL_IMAGE_H

#include "base/cursor.h"

/*
 * Returns the version text of a bzImage ("6.1.0-56-amd64 (...) #1 SMP ..."), which is in its setup
 * code; start is the image's first KERNEL_IMAGE_BYTES.  NULL if it is not a bzImage; free().
 */
char *kernel_image_text(struct bytes start);
#define KERNEL_IMAGE_BYTES 65536

/* Returns the release in the name of an image, a part of path; NULL if the name has none. */
const char *kernel_release_of(const char *path);

#endif
