/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads an administrator's settings: a file, then those of a folder of drop-ins in the order of
 * their names, so that later settings win.  Lines are "name = value"; "#" begins a comment.
 */
#ifndef SUTURE_BASE_SETTINGS_H
#define SUTURE_BASE_SETTINGS_H

#include "base/err.h"
#include "base/root.h"

/* One line: its strings live until the reader returns. */
struct setting {
	const char *name, *value;
	const char *where; /* "FILE: line N" */
};

/* Takes a setting over; an error is wrapped with the line that it is about. */
struct settings_reader {
	struct err *(*take)(void *data, const struct setting *setting);
	void *data;
};

/* Parses and modifies the text of one file; file is its name for messages. */
struct err *settings_parse(const char *file, char *text, const struct settings_reader *reader);

/*
 * Reads one file; a missing one has no settings.  A dangling link, a file that cannot be read, and
 * one that other users can write are errors.
 */
struct err *settings_read_file(const struct root *root, const char *path,
			       const struct settings_reader *reader);

/*
 * Reads a file and then each file of a folder whose name ends in ".conf" and does not begin with
 * "."; neither needs to exist.  Other users must not be able to write the folder of either.
 */
struct err *settings_read(const struct root *root, const char *path, const char *drop_ins,
			  const struct settings_reader *reader);

#endif
