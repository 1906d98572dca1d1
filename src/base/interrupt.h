/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIGINT and SIGTERM set a flag. Code that waits or runs for long checks the flag and returns
 * interrupt_error(), so that scope guards remove temporary files on the way out. Only cli/ installs
 * the handler.
 */
#ifndef SUTURE_BASE_INTERRUPT_H
#define SUTURE_BASE_INTERRUPT_H

#include <stdbool.h>

#include "base/err.h"

void interrupt_install(void);
/*
 * From this call on, `end` is called if the program still runs so many seconds after a signal. It
 * runs as a handler of SIGALRM and must not return. It is for commands that leave nothing half
 * done, as results appear by rename and the next command removes temporary folders. Long loops
 * check interrupt_pending(), but what libraries do with hostile input has no bound.
 */
void interrupt_end_within(unsigned seconds, void (*end)(int signum));

bool interrupt_pending(void);
struct err *interrupt_error(void) ERR_MUST_USE;

#endif
