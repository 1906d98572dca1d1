/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads settings from files that only the administrator can write.  Settings decide what is loaded
 * into the kernel, so that each doubt about a file is an error and never an ignored file.
 */
#include "base/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/trust.h"

static struct err *settings_read_line(char *line, const char *where,
				      const struct settings_reader *reader)
{
	line[strcspn(line, "#")] = '\0';

	char *name = str_trim(line);
	char *equals = strchr(name, '=');

	if (!*name)
		return NULL;
	if (!equals)
		return err_new("'%s' is not of the form name = value", name);
	*equals = '\0';

	struct setting setting = {str_trim(name), str_trim(equals + 1), where};

	return reader->take(reader->data, &setting);
}

struct err *settings_parse(const char *file, char *text, const struct settings_reader *reader)
{
	unsigned number = 1;

	for (char *line = text; line; number++) {
		scope_free char *where = xasprintf("%s: line %u", file, number);
		char *end = strchr(line, '\n');

		if (end)
			*end++ = '\0';
		err_try(err_wrap(settings_read_line(line, where, reader), "%s", where));
		line = end;
	}
	return NULL;
}

/* Finds a file or folder of settings that may be missing, and checks who can write it. */
static struct err *settings_find(const struct root *root, const char *path, bool *there)
{
	struct stat st;
	int error = root_stat(root, path, &st);
	scope_free char *link = error == -ENOENT ? root_link(root, path) : NULL;
	scope_free char *full = root_path(root, path);

	*there = !error;
	if (link)
		return err_new("%s is a dangling link", full);
	if (error)
		return error != -ENOENT ? err_errno(-error, "%s", full) : NULL;

	scope_free char *problem = trust_problem(root, path, TRUST_STRICT);

	return problem ? err_new("%s", problem) : NULL;
}

struct err *settings_read_file(const struct root *root, const char *path,
			       const struct settings_reader *reader)
{
	scope_free char *text = NULL, *full = root_path(root, path);
	size_t size;
	bool there;

	err_try(settings_find(root, path, &there));
	if (!there)
		return NULL;
	err_try(root_read_bytes(root, path, &text, &size));
	if (strlen(text) != size)
		return err_new("%s is not a text file: it contains a NUL byte", full);
	return settings_parse(full, text, reader);
}

struct err *settings_read(const struct root *root, const char *path, const char *drop_ins,
			  const struct settings_reader *reader)
{
	scope_free char *folder = path_parent(path);
	scope_str_vec names = {};
	bool there;

	err_try(settings_find(root, folder, &there));
	err_try(settings_find(root, drop_ins, &there));
	err_try(settings_read_file(root, path, reader));
	err_try(root_list(root, drop_ins, &names));
	vec_foreach(&names, it) {
		scope_free char *file = xasprintf("%s/%s", drop_ins, *it);

		if (str_ends(*it, ".conf") && **it != '.')
			err_try(settings_read_file(root, file, reader));
	}
	return NULL;
}
