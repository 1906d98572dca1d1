/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's init program, embedded in this one. */
#ifndef SUTURE_VM_GUEST_INIT_H
#define SUTURE_VM_GUEST_INIT_H

#include "base/cursor.h"

struct bytes guest_init(void);

#endif
