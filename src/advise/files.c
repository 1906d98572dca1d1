/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the files of installed packages, from dpkg's lists or rpm's answer. */
#include <stdlib.h>
#include <string.h>

#include "advise/files.h"
#include "base/proc.h"
#include "base/strbuf.h"

#define RPM_TIMEOUT_MS 120000
#define RPM_ARGUMENTS 500 /* how many packages one call of rpm gets */

void file_lists_free(struct file_lists *lists)
{
	vec_foreach(lists, it)
		str_vec_free(it);
	vec_free(lists);
}

static void add_lines(const char *text, struct str_vec *files)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len > 1 && *text == '/')
			vec_push(files, xstrndup(text, len));
		text += len + (text[len] == '\n');
	}
}

static void read_dpkg(const struct root *root, const struct advise_update *update,
		      struct str_vec *files)
{
	scope_free char *plain = xasprintf("/var/lib/dpkg/info/%s.list", update->package);
	scope_free char *qualified =
		xasprintf("/var/lib/dpkg/info/%s:%s.list", update->package, update->arch);
	const char *path = root_exists(root, qualified) ? qualified : plain;
	char *text = NULL;

	if (strchr(update->package, '/') || !root_exists(root, path))
		return;
	err_free(root_read(root, path, &text));
	if (text)
		add_lines(text, files);
	free(text);
}

/* Adds the file of a line "NAME\tFILE" to every update of that name. */
static void add_rpm_line(const char *line, const struct advise_update_vec *updates,
			 struct file_lists *lists)
{
	const char *tab = strchr(line, '\t');

	for (size_t i = 0; tab && i < updates->len; i++) {
		const char *name = updates->data[i].package;

		if (strlen(name) == (size_t)(tab - line) && !strncmp(name, line, tab - line))
			vec_push(&lists->data[i], xstrdup(tab + 1));
	}
}

static struct err *ask_rpm(const struct advise_update_vec *updates, size_t first, size_t count,
			   struct file_lists *lists)
{
	struct VEC(const char *) argv = {};
	scope_strbuf output = STRBUF_INIT, warnings = STRBUF_INIT;
	int status;

	vec_push(&argv, "rpm");
	vec_push(&argv, "-q");
	vec_push(&argv, "--qf");
	vec_push(&argv, "[%{=NAME}\\t%{FILENAMES}\\n]");
	vec_push(&argv, "--");
	for (size_t i = first; i < first + count; i++)
		vec_push(&argv, updates->data[i].package);
	vec_push(&argv, NULL);

	struct err *err = proc_run(&(struct proc_spec){.argv = argv.data,
						       .timeout_ms = RPM_TIMEOUT_MS,
						       .errors = &warnings},
				   &status, &output);

	vec_free(&argv);

	char *save = NULL;

	for (char *line = err ? NULL : strtok_r(output.buf, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		add_rpm_line(line, updates, lists);
	return err;
}

struct err *files_of_updates(const struct root *root, const struct advise_update_vec *updates,
			     struct file_lists *lists)
{
	bool dpkg = root_exists(root, "/var/lib/dpkg/status");
	scope_free char *rpm = dpkg || !root_is_machine(root) ? NULL : proc_find("rpm");

	vec_foreach(updates, update) {
		vec_push(lists, (struct str_vec){});
		if (dpkg)
			read_dpkg(root, update, &lists->data[lists->len - 1]);
	}
	for (size_t i = 0; rpm && i < updates->len; i += RPM_ARGUMENTS) {
		size_t left = updates->len - i;

		err_try(ask_rpm(updates, i, left < RPM_ARGUMENTS ? left : RPM_ARGUMENTS, lists));
	}
	return NULL;
}
