/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells from the texts of its files which entry GRUB starts next. */
#ifndef SUTURE_ADVISE_GRUB_H
#define SUTURE_ADVISE_GRUB_H

/* Returns what GRUB starts next by the texts of its files; *why says who chose it; free() both. */
char *grub_next(const char *config, const char *environment, char **why);
/* Returns a variable of GRUB's environment block, or NULL; free(). */
char *grub_environment_value(const char *environment, const char *name);

#endif
