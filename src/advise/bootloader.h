/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells which kernel the boot loader starts next. */
#ifndef SUTURE_ADVISE_BOOTLOADER_H
#define SUTURE_ADVISE_BOOTLOADER_H

#include "base/root.h"

/* The kernel that starts at the next boot; both members are free()d by the caller. */
struct boot_choice {
	char *release; /* NULL if unknown */
	char *why;     /* who chose it, or why it is unknown; never NULL */
};

struct boot_choice boot_choice_next(const struct root *root);

#endif
