/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiler flags that protect the kernel's code, or on which its ways to call, to take interrupts
 * and to save registers depend: code that is compiled without them is weaker or wrong, and nothing
 * shows it.
 */
#ifndef SUTURE_PAIR_PROTECTION_H
#define SUTURE_PAIR_PROTECTION_H

/*
 * Returns how such flags of a command differ from those of an earlier command for the same file:
 * "-mfunction-return=thunk-extern (now -mfunction-return=keep)", separated by commas; NULL if they
 * do not. free().
 */
char *protection_lost(const char *before, const char *after);

/* Returns in the same form which flags a single command sets and overrides; NULL if none. free().
 */
char *protection_overridden(const char *command);

#endif
