/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of state below /var/lib/suture and /run/suture: JSON objects. */
#ifndef SUTURE_LIVE_STATE_H
#define SUTURE_LIVE_STATE_H

#include <jansson.h>

#include "base/err.h"
#include "base/root.h"

/*
 * The object in a file of state; NULL when there is no such file.  A file without one is an
 * error, "FILE is damaged (WHY): REMEDY".
 */
struct err *live_state_read(const struct root *root, const char *path, const char *remedy,
			    json_t **object);

/* An error when other users could have written the file or folder; one that is missing is fine. */
struct err *live_state_trusted(const struct root *root, const char *path);

/* The error about a damaged file, also for an object whose members are wrong. */
struct err *live_state_damaged(const struct root *root, const char *path, const char *why,
			       const char *remedy);

/* root_write() of an object, whose reference is taken; NULL is one with text that is not UTF-8. */
struct err *live_state_write(const struct root *root, const char *path, json_t *object);

/* A member that is a string, or ""; free(). */
char *live_state_text(const json_t *object, const char *key);

/* Removes temporary files that killed commands have left.  Needs the command lock. */
void live_state_sweep(const struct root *root);

/* " --root=DIR" as a command line in a message needs it, or ""; free(). */
char *live_root_option(const struct root *root);

#endif
