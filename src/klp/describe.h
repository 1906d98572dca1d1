/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a finished livepatch module. */
#ifndef SUTURE_KLP_DESCRIBE_H
#define SUTURE_KLP_DESCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"
#include "base/vec.h"

struct klp_module_function {
	char *object, *file, *name, *proof;
	unsigned sympos;
};

struct klp_module {
	struct str_vec info; /* all of .modinfo, "key=value" */
	char *name;	     /* from struct module, as the kernel uses it; NULL if there is none */
	struct klp_module_function_vec VEC(struct klp_module_function) functions;
	/* A struct klp_state: a part of the system's state that the patch takes over. */
	struct klp_module_state_vec VEC(struct klp_module_state {
		uint64_t id;
		unsigned version;
	}) states;
	bool replace;
	size_t nr_relocations; /* relocations that the kernel's livepatch code applies */
	size_t nr_anchored;    /* references to vmlinux that need no lookup: anchor.h */
	size_t nr_livepatch_symbols, nr_imports;
};

/* Reads a module, compressed or not. Modules of other tools have no list of functions. */
struct err *klp_module_open(const char *path, struct klp_module **module);

/* Reads a module from the bytes of its file; path is for messages. */
struct err *klp_module_parse(const char *path, struct bytes bytes, struct klp_module **module);

/* Returns the first value of a .modinfo key, or NULL; it belongs to the module. */
const char *klp_module_info(const struct klp_module *module, const char *key);

void klp_module_free(struct klp_module *module);
void klp_module_freep(struct klp_module **modulep);
#define scope_klp_module __attribute__((cleanup(klp_module_freep))) struct klp_module *

#endif
