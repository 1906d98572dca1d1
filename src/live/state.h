/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes files of state below /var/lib/suture and /run/suture, which are JSON objects. */
#ifndef SUTURE_LIVE_STATE_H
#define SUTURE_LIVE_STATE_H

#include <jansson.h>

#include "base/err.h"
#include "base/root.h"

/*
 * Reads the object in a file of state; it is NULL if there is no such file.  A file without an
 * object is an error, "FILE is damaged (WHY): REMEDY".
 */
struct err *live_state_read(const struct root *root, const char *path, const char *remedy,
			    json_t **object);

/* Fails if other users could have written the file or folder; a missing one is trusted. */
struct err *live_state_trusted(const struct root *root, const char *path);

/* Returns the error about a damaged file. */
struct err *live_state_damaged(const struct root *root, const char *path, const char *why,
			       const char *remedy);

/* Returns the error about a file whose JSON object lacks members or has wrong ones. */
struct err *live_state_invalid(const struct root *root, const char *path, const char *remedy);

/*
 * Writes an object to a file by root_write(), and drops the reference to it.  NULL, which jansson
 * returns for text that is not UTF-8, is an error.
 */
struct err *live_state_write(const struct root *root, const char *path, json_t *object);

/* Returns a member if it is a string, else ""; free(). */
char *live_state_text(const json_t *object, const char *key);

/* Removes temporary files that killed commands have left.  Needs the command lock. */
void live_state_sweep(const struct root *root);

/* Returns " --root=DIR" for a command line in a message, or "" for the machine; free(). */
char *live_root_option(const struct root *root);

#endif
