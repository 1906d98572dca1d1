/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what describes a built kernel: .config, Module.symvers, the list of its modules. */
#include "target/index.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"

static const char *const module_suffixes[] = {"", ".xz", ".zst", ".gz"};

/* Ends the line at *text, moves *text behind it and returns the line; NULL at the end. */
static char *index_next_line(char **text)
{
	char *line = *text, *end;

	if (!line || !*line)
		return NULL;
	end = strchrnul(line, '\n');
	*text = *end ? end + 1 : end;
	*end = '\0';
	return line;
}

/* Turns "a \"b\"" into a "b"; other values stay as they are. */
static const char *unquote(char *value)
{
	size_t len = strlen(value);
	char *out = value;

	if (len < 2 || *value != '"' || value[len - 1] != '"')
		return value;
	value[len - 1] = '\0';
	for (const char *in = value + 1; *in; in++) {
		if (*in == '\\' && in[1])
			in++;
		*out++ = *in;
	}
	*out = '\0';
	return value;
}

static int compare_values(const void *a, const void *b)
{
	return strcmp(((const struct config_value *)a)->symbol,
		      ((const struct config_value *)b)->symbol);
}

struct err *index_read_config(struct target_index *index, const char *path)
{
	err_try(file_read(path, &index->config_text, NULL));

	char *rest = index->config_text;

	for (char *line; (line = index_next_line(&rest));) {
		char *equals = strchr(line, '=');

		if (!str_starts(line, "CONFIG_") || !equals)
			continue; /* comments, such as "# CONFIG_X is not set" */
		*equals = '\0';
		vec_push(&index->config,
			 (struct config_value){line + strlen("CONFIG_"), unquote(equals + 1)});
	}
	if (!index->config.len)
		return err_new("%s: no CONFIG_ line in it", path);
	qsort(index->config.data, index->config.len, sizeof(*index->config.data), compare_values);
	return NULL;
}

const char *index_config(const struct target_index *index, const char *symbol)
{
	struct config_value key = {.symbol = symbol};

	if (str_starts(symbol, "CONFIG_"))
		key.symbol += strlen("CONFIG_");

	const struct config_value *found =
		bsearch(&key, index->config.data, index->config.len, sizeof(key), compare_values);

	return found ? found->value : NULL;
}

/* Gives a module's name the kernel's spelling: '-' becomes '_', and ".ko" is removed. */
static void normalise_module(char *name)
{
	char *dot = strstr(name, ".ko");

	if (dot)
		*dot = '\0';
	for (; *name; name++)
		if (*name == '-')
			*name = '_';
}

static int compare_exports(const void *a, const void *b)
{
	return strcmp(((const struct target_export *)a)->symbol,
		      ((const struct target_export *)b)->symbol);
}

/* Parses "0x12345678<tab>symbol<tab>owner<tab>EXPORT_SYMBOL_GPL<tab>namespace". */
static bool parse_export(char *line, struct target_export *export)
{
	char *fields[5] = {}, *end;

	for (size_t i = 0; i < array_size(fields) && line; i++)
		fields[i] = strsep(&line, "\t");
	if (!fields[3])
		return false;

	*export = (struct target_export){
		.symbol = fields[1],
		.owner = path_base(fields[2]),
		.ns = fields[4] ? fields[4] : "",
		.crc = strtoul(fields[0], &end, 16),
		.gpl = str_starts(fields[3], "EXPORT_SYMBOL_GPL"),
	};
	normalise_module((char *)export->owner);
	return end != fields[0] && !*end && *export->symbol && *export->owner &&
	       str_starts(fields[3], "EXPORT_");
}

struct err *index_read_symvers(struct target_index *index, const char *path)
{
	err_try(file_read(path, &index->symvers_text, NULL));

	char *rest = index->symvers_text;
	unsigned number = 0;

	for (char *line; (line = index_next_line(&rest));) {
		struct target_export export;

		number++;
		if (!*line)
			continue;
		if (!parse_export(line, &export))
			return err_new("%s:%u: not a line of Module.symvers", path, number);
		vec_push(&index->exports, export);
	}
	if (index->exports.len)
		qsort(index->exports.data, index->exports.len, sizeof(*index->exports.data),
		      compare_exports);
	return NULL;
}

const struct target_export *index_export(const struct target_index *index, const char *symbol)
{
	struct target_export key = {.symbol = symbol};

	if (!index->exports.len)
		return NULL;
	return bsearch(&key, index->exports.data, index->exports.len, sizeof(key), compare_exports);
}

static int compare_modules(const void *a, const void *b)
{
	return strcmp(((const struct index_module *)a)->name,
		      ((const struct index_module *)b)->name);
}

/* Adds the module at path, which ends in ".ko" or a compressed form of it; ignores other files. */
static void add_module(struct target_index *index, const char *path)
{
	for (size_t i = 0; i < array_size(module_suffixes); i++) {
		scope_free char *ending = xasprintf(".ko%s", module_suffixes[i]);

		if (!str_ends(path, ending))
			continue;

		struct index_module module = {
			.name = xstrdup(path_base(path)),
			.path = xstrndup(path, strlen(path) - strlen(module_suffixes[i])),
		};

		normalise_module(module.name);
		vec_push(&index->modules, module);
		return;
	}
}

static struct err *walk_modules(struct target_index *index, const char *folder)
{
	char *const roots[] = {(char *)folder, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	size_t skip = strlen(folder) + 1;

	if (!fts)
		return err_errno(errno, "%s", folder);
	for (FTSENT *entry; (entry = fts_read(fts));)
		if (entry->fts_info == FTS_F && entry->fts_pathlen > skip)
			add_module(index, entry->fts_path + skip);
	fts_close(fts);
	return NULL;
}

struct err *index_read_modules(struct target_index *index, const char *folder)
{
	scope_free char *path = xasprintf("%s/modules.order", folder);
	scope_free char *text = NULL;

	if (file_exists(path)) {
		err_try(file_read(path, &text, NULL));

		char *rest = text;

		for (char *line; (line = index_next_line(&rest));) {
			/*
			 * Since Linux 6.2, the list in a build folder contains the modules'
			 * objects.
			 */
			bool object = str_ends(line, ".o");
			scope_free char *file =
				object ? xasprintf("%.*s.ko", (int)strlen(line) - 2, line) : NULL;

			add_module(index, file ? file : line);
		}
	} else {
		err_try(walk_modules(index, folder));
	}
	if (index->modules.len)
		qsort(index->modules.data, index->modules.len, sizeof(*index->modules.data),
		      compare_modules);
	return NULL;
}

char *index_module_path(const struct target_index *index, const char *folder, const char *module)
{
	scope_free char *name = xstrdup(module);
	struct index_module key = {.name = name};

	normalise_module(name);

	const struct index_module *found =
		index->modules.len ? bsearch(&key, index->modules.data, index->modules.len,
					     sizeof(key), compare_modules)
				   : NULL;

	for (size_t i = 0; found && i < array_size(module_suffixes); i++) {
		char *path = xasprintf("%s/%s%s", folder, found->path, module_suffixes[i]);

		if (file_exists(path))
			return path;
		free(path);
	}
	return NULL;
}

void index_free(struct target_index *index)
{
	if (!index)
		return;
	vec_foreach(&index->modules, module) {
		free(module->name);
		free(module->path);
	}
	vec_free(&index->modules);
	vec_free(&index->config);
	vec_free(&index->exports);
	free(index->config_text);
	free(index->symvers_text);
	free(index);
}
