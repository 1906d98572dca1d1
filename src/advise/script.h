/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds in an interpreter's arguments which script or module it runs. */
#ifndef SUTURE_ADVISE_SCRIPT_H
#define SUTURE_ADVISE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cursor.h"
#include "base/vec.h"

enum script_language {
	SCRIPT_OTHER, /* an interpreter whose modules are not known */
	SCRIPT_PYTHON,
	SCRIPT_PERL,
	SCRIPT_RUBY,
	SCRIPT_NODE,
	SCRIPT_PHP,
	SCRIPT_JAVA, /* it has no script, but folders of classes */
	SCRIPT_LUA,
	SCRIPT_SHELL, /* it may read other files */
};

/* What an interpreter runs, if its arguments may be read. */
struct script_use {
	enum script_language language;
	char *program;		/* the interpreter's */
	char *path;		/* the script; NULL if it is not in a file, or not found */
	char version[8];	/* of Python: "3.11" */
	struct str_vec folders; /* where it is told to search for modules, besides the usual */
	struct str_vec names;	/* modules that the arguments name, as paths (perl -MA::B) */
	char *cwd;		/* the working folder, if modules may be searched there; or NULL */
	char *prefix;		/* of Python: the folder of a virtual environment, or NULL */
	double started;		/* in seconds of the clock */
	bool module;  /* it was given by its module's name, so its package is loaded, too */
	bool dynamic; /* it may load modules whose names are not seen */
};

/* Returns the language by the name of the interpreter's program. */
enum script_language script_language(const char *exe);

/*
 * What the interpreter was told to run; both are NULL for code in the arguments or from a terminal.
 */
struct script_call {
	const char *file;   /* as given: it may be relative */
	const char *module; /* of python3 -m */
};

/* Parses the arguments, each with its NUL, as in /proc/PID/cmdline; the results point into them. */
struct script_call script_parse(enum script_language language, const char *args, size_t len);

/*
 * Appends the folders that arguments and environment tell an interpreter to search for modules, as
 * given: they may be relative.  Both texts have a NUL after each part, as in /proc/PID.
 */
void script_folders(enum script_language language, struct bytes args, struct bytes environment,
		    struct str_vec *folders);

/* Appends the modules that the arguments of Perl name (-MA::B), as paths. */
void script_names(enum script_language language, struct bytes args, struct str_vec *names);

#endif
