/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIGINT and SIGTERM as a condition that the library asks for: whoever waits or
 * loops for long checks it and returns interrupt_error(), so that scope guards
 * remove temporary files on the way out.  Only cli/ installs the handler.
 */
#ifndef SUTURE_BASE_INTERRUPT_H
#define SUTURE_BASE_INTERRUPT_H

#include <stdbool.h>

#include "base/err.h"

void interrupt_install(void);
bool interrupt_pending(void);
struct err *interrupt_error(void) ERR_MUST_USE;

#endif
