/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from a script's text which modules it loads; nothing is run. */
#ifndef SUTURE_ADVISE_IMPORTS_H
#define SUTURE_ADVISE_IMPORTS_H

#include <stdbool.h>

#include "advise/script.h"
#include "base/vec.h"

/*
 * Appends the modules that a text of Python or Perl names, as paths below a folder of modules,
 * without the end of a file's name: "os/path", "File/Spec".  A name that begins with dots is
 * relative to the file: "./x" is beside it, "../x" beside its folder.  Returns whether it loads
 * others, too, whose names are known only when it runs.
 */
bool imports_find(enum script_language language, const char *text, struct str_vec *names);

/*
 * Appends the folders that a script of Python or Perl adds to those that are searched: the texts in
 * quotation marks of lines with sys.path or "use lib" that are absolute, or begin with Perl's
 * $FindBin::Bin/ or $Bin/, which is left out: such a folder is relative to the script's.
 */
void imports_folders(enum script_language language, const char *text, struct str_vec *folders);

#endif
