/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's init program, embedded in this one. */
#ifndef SUTURE_VM_GUEST_INIT_H
#define SUTURE_VM_GUEST_INIT_H

#include "base/cursor.h"

/* Returns the bytes of the program; they stay in memory for good. */
struct bytes guest_init(void);

#endif
