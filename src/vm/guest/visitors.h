/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes whether tasks sleep in the code of a patch, for the trial `asleep`. */
#ifndef SUTURE_VM_GUEST_VISITORS_H
#define SUTURE_VM_GUEST_VISITORS_H

#include <sys/types.h>

/* Forgets what was noted. */
void slept_forget(void);
/* Notes whether the task sleeps in code of the module at this moment. */
void slept_look(pid_t pid, const char *module);

#endif
