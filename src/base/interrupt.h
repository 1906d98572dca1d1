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
/*
 * From now on end is called so many seconds after a signal, as a handler of SIGALRM that does not
 * return. It is for commands that leave nothing half done, as results appear by rename and the next
 * command removes temporary folders.  Long loops look at interrupt_pending(), but what libraries do
 * with hostile input has no bound.
 */
void interrupt_end_within(unsigned seconds, void (*end)(int signum));

bool interrupt_pending(void);
struct err *interrupt_error(void) ERR_MUST_USE;

#endif
