/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads and writes files of state.  They are written by rename, so that a crash leaves no partial
 * file; but disks and people may damage files, and a damaged file must not lock the administrator
 * out: each error names the file and a remedy.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/trust.h"
#include "live/paths.h"
#include "live/state.h"

#define STATE_MAX (16 << 20) /* in bytes; files that Suture writes have some kB */

char *live_root_option(const struct root *root)
{
	scope_free char *dir = root_path(root, "");

	return *dir ? xasprintf(" --root=%s", dir) : xstrdup("");
}

struct err *live_state_damaged(const struct root *root, const char *path, const char *why,
			       const char *remedy)
{
	scope_free char *full = root_path(root, path);

	return err_new("%s is damaged (%s): %s", full, why, remedy);
}

static const char not_valid[] = "it is not a valid Suture state file";

struct err *live_state_invalid(const struct root *root, const char *path, const char *remedy)
{
	return live_state_damaged(root, path, not_valid, remedy);
}

/* Reads the file's JSON object; returns why it has none, or NULL; free(). */
static char *state_read_object(const struct root *root, const char *path, json_t **object)
{
	scope_close int fd = root_openat(root, path, O_RDONLY | O_NONBLOCK, 0);
	scope_free char *text = NULL;
	json_error_t error;

	if (fd < 0)
		return xasprintf("it cannot be read: %s", strerror(-fd));
	err_free(root_read(root, path, &text));
	if (!text)
		return xstrdup("it cannot be read");
	if (!text[strspn(text, " \t\r\n")])
		return xstrdup("it is empty");

	scope_json read = json_loads(text, 0, &error);

	if (!read)
		return xasprintf("line %d is not JSON", error.line);
	if (!json_is_object(read))
		return xstrdup(not_valid);
	*object = take_ptr(read);
	return NULL;
}

struct err *live_state_read(const struct root *root, const char *path, const char *remedy,
			    json_t **object)
{
	struct stat st;
	int error = root_stat(root, path, &st);
	scope_free char *why = NULL, *link = root_link(root, path);

	*object = NULL;
	if (error == -ENOENT && !link)
		return NULL;
	if (error)
		why = xstrdup(strerror(-error));
	else if (!S_ISREG(st.st_mode)) /* a read from a pipe could block for ever */
		why = xstrdup("it is not a regular file");
	else if (st.st_size > STATE_MAX)
		why = xasprintf("it is larger than %d MiB", STATE_MAX >> 20);
	if (!why)
		err_try(live_state_trusted(root, path));
	if (!why)
		why = state_read_object(root, path, object);
	return why ? live_state_damaged(root, path, why, remedy) : NULL;
}

struct err *live_state_trusted(const struct root *root, const char *path)
{
	scope_free char *problem = trust_problem(root, path, TRUST_STRICT);

	return problem ? err_new("state ignored, since other users may have written it: %s",
				 problem)
		       : NULL;
}

struct err *live_state_write(const struct root *root, const char *path, json_t *value)
{
	scope_json object = value;
	scope_free char *text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;
	struct stat st;

	if (!text)
		return err_new("%s cannot be written: a name in it is not UTF-8", path);
	if (!root_stat(root, path, &st) &&
	    S_ISDIR(st.st_mode)) /* rename() does not replace a folder by a file */
		err_try(root_remove(root, path));
	return root_write(root, path, text, strlen(text), 0644);
}

char *live_state_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return xstrdup(text ? text : "");
}

/* Returns whether the name is one that root_write() gives temporary files: ".held.json.123". */
static bool is_temporary(const char *name)
{
	const char *dot = strrchr(name, '.');

	return *name == '.' && dot != name && dot[1] && !dot[1 + strspn(dot + 1, "0123456789")];
}

static void sweep_dir(const struct root *root, const char *dir)
{
	scope_str_vec names = {};

	err_free(root_list(root, dir, &names));
	vec_foreach(&names, it) {
		scope_free char *path = xasprintf("%s/%s", dir, *it);

		if (is_temporary(*it))
			err_free(root_remove(root, path));
	}
}

void live_state_sweep(const struct root *root)
{
	scope_str_vec names = {};

	sweep_dir(root, LIVE_RUN "/loaded");
	sweep_dir(root, LIVE_STATE);
	err_free(root_list(root, LIVE_STATE, &names));
	vec_foreach(&names, it) { /* these are "held", "packages", and one for each kernel */
		scope_free char *dir = xasprintf(LIVE_STATE "/%s", *it);

		sweep_dir(root, dir);
	}
}
