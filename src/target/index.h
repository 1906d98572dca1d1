/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the build left behind as text: .config, Module.symvers, modules.order. */
#ifndef SUTURE_TARGET_INDEX_H
#define SUTURE_TARGET_INDEX_H

#include "base/vec.h"
#include "target/target.h"

struct config_value {
	const char *symbol; /* without "CONFIG_" */
	const char *value;
};

struct index_module {
	char *name; /* spelled with '_' */
	char *path; /* path of the .ko below lib/modules/<release>, without ".xz" and the like */
};

/* The lists are parsed once and sorted by their keys. */
struct target_index {
	char *config_text, *symvers_text; /* the lists of values and exports point in here */
	struct config_value_vec VEC(struct config_value) config;
	struct target_export_vec VEC(struct target_export) exports;
	struct index_module_vec VEC(struct index_module) modules;
};

struct err *index_read_config(struct target_index *index, const char *path);
struct err *index_read_symvers(struct target_index *index, const char *path);

/* Reads modules.order, or walks the folder if there is none. */
struct err *index_read_modules(struct target_index *index, const char *folder);

/* Returns NULL if the symbol is not set; it may be given with or without "CONFIG_". */
const char *index_config(const struct target_index *index, const char *symbol);

/*
 * Returns the path of a module's file, whatever its compression, or NULL if there is none; free().
 */
char *index_module_path(const struct target_index *index, const char *folder, const char *module);

const struct target_export *index_export(const struct target_index *index, const char *symbol);

void index_free(struct target_index *index);

#endif
