/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads shared libraries when a command needs them, since some cost more to load than a short
 * command takes. Notes in the program (.note.dlopen, as systemd specifies it) tell packaging tools
 * about them.
 */
#ifndef SUTURE_BASE_LIBRARY_H
#define SUTURE_BASE_LIBRARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/err.h"

#define LIBRARY_MEMBER(function) typeof(&function) function;
#define LIBRARY_NAME(function) #function,

/* Expands to the text of a number that a library's header defines. */
#define LIBRARY_TEXT(number) LIBRARY_TEXT_(number)
#define LIBRARY_TEXT_(text) #text

struct library {
	const char *soname;
	const char *const *names; /* of the functions, in the order of the pointers */
	size_t count;
	void *functions; /* where the pointers are */
	void *handle;	 /* NULL: not loaded yet */
};

/* Loads the library. Any number of threads may call it; the pointers are set unless it fails. */
struct err *library_load(struct library *library) ERR_MUST_USE;

#define LIBRARY_JSON(soname, feature, what)                                                        \
	"[{\"soname\":[\"" soname "\"],\"feature\":\"" feature "\",\"description\":\"" what        \
	"\",\"priority\":\"required\"}]"

/* Defines the program's note about a library. Use it once for each library. */
#define LIBRARY_NOTE(soname, feature, what)                                                        \
	static const struct {                                                                      \
		uint32_t owner_size, json_size, type;                                              \
		char owner[4], json[sizeof(LIBRARY_JSON(soname, feature, what))];                  \
	} library_note __attribute__((used, section(".note.dlopen"), aligned(4))) = {              \
		4, sizeof(LIBRARY_JSON(soname, feature, what)), 0x407c0c0a, "FDO",                 \
		LIBRARY_JSON(soname, feature, what)}

/*
 * Defines all that a library needs in the file that owns it: its note, and the static
 * `NAME_library` for library_load(), which fills in the struct of pointers of that name.
 * `functions` lists the functions.
 */
#define LIBRARY_DEFINE(name, functions, soname, feature, what)                                     \
	LIBRARY_NOTE(soname, feature, what);                                                       \
	static const char *const name##_names[] = {functions(LIBRARY_NAME)};                       \
	static struct library name##_library = {soname, name##_names, array_size(name##_names),    \
						&name, NULL}

#endif
