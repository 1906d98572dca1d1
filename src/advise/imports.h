/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from a script's text which modules it loads; nothing is run. */
#ifndef SUTURE_ADVISE_IMPORTS_H
#define SUTURE_ADVISE_IMPORTS_H

#include <stdbool.h>

#include "advise/script.h"
#include "base/vec.h"

/*
 * Appends the modules that a text of Python or Perl names, as paths below a folder of modules,
 * without the end of a file's name: "os/path", "File/Spec"; or files that Perl or a shell reads.  A
 * name that begins with dots is relative to the file: "./x" is beside it, "../x" beside its folder.
 * Returns whether it loads others, too, whose names are known only when it runs.
 */
bool imports_find(enum script_language language, const char *text, struct str_vec *names);

/*
 * Appends the folders that a script of Python or Perl adds to those that are searched, as
 * statements with sys.path, @INC or "use lib" name them.  Those that are not absolute are relative
 * to the script's folder; some are guesses, which may not exist.  Returns whether folders are
 * computed, so that there may be others.
 */
bool imports_folders(enum script_language language, const char *text, struct str_vec *folders);

/*
 * Appends the top names of Python's modules without which a script would not run: those of lines
 * that begin with "import" or "from", as others may be optional.
 */
void imports_required(const char *text, struct str_vec *names);

#endif
