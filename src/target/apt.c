/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks apt for packages and their descriptions, and has it download. */
#include "target/apt.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/locale.h"
#include "base/strbuf.h"

#define QUERY_TIMEOUT_MS 120000

static void package_free(struct apt_package *package)
{
	free(package->name);
	free(package->version);
	free(package->arch);
	free(package->depends);
}

void apt_package_vec_free(struct apt_package_vec *vec)
{
	vec_foreach(vec, package)
		package_free(package);
	vec_free(vec);
}

static struct err *need_program(const char *name)
{
	scope_free char *path = proc_find(name);

	if (path)
		return NULL;
	return err_new(
		"%s is not installed: fetching kernels requires apt; without it, name local files with --image, --modules, --build-dir and --source",
		name);
}

void apt_view_free(struct apt_view *view)
{
	if (!view)
		return;
	closep(&view->hold);
	str_vec_free(&view->options);
	free(view);
}

void apt_view_freep(struct apt_view **viewp)
{
	apt_view_free(*viewp);
}

/* Failures that apt words in its own way, and what to say and do about each. */
static const struct {
	const char *output, *message;
} known_failures[] = {
	{"Hash Sum mismatch",
	 "what the archive sent does not match the archive's own hash; try again, and run 'apt-get update' if this persists"},
	{"Could not resolve", "no network: the archive's name cannot be resolved"},
	{"Temporary failure resolving", "no network: the archive's name cannot be resolved"},
	{"Could not connect", "no network: the archive cannot be reached"},
	{"Network is unreachable", "no network: the archive cannot be reached"},
	{"Cannot initiate the connection", "no network: the archive cannot be reached"},
	{"Connection timed out", "no network: the archive does not answer"},
	{" is expired (",
	 "the archive's lists have expired: its mirror is stale, or this machine's clock is wrong"},
	{" is not valid yet (",
	 "the archive's lists are not valid yet: this machine's clock is behind"},
	{"No space left on device", "no space left on the cache's disk"},
};

/* Returns the last part of a URL of this length, with "%7e" and the like decoded; free(). */
static char *url_file(const char *url, size_t len)
{
	scope_strbuf name = STRBUF_INIT;
	unsigned code;

	for (size_t i = 0; i < len; i++) {
		if (url[i] == '/') {
			strbuf_reset(&name);
		} else if (url[i] == '%' && i + 2 < len && sscanf(url + i + 1, "%2x", &code) == 1) {
			strbuf_addch(&name, code);
			i += 2;
		} else {
			strbuf_addch(&name, url[i]);
		}
	}
	return strbuf_detach(&name);
}

/*
 * Returns the name of the file that the archive lacks, or NULL if that is not why apt failed;
 * free(). apt prints "E: Failed to fetch URL  404  Not Found [IP: 192.0.2.1 80]".
 */
static char *apt_gone(const char *output)
{
	static const char mark[] = "Failed to fetch ";

	while ((output = strstr(output, mark))) {
		size_t len = strcspn(output += strlen(mark), " \n");

		if (str_starts(output + len, "  404 "))
			return url_file(output, len);
	}
	return NULL;
}

/* Reports a failed tool in one line; `what` names what it did. */
static struct err *apt_failure(const struct apt_view *view, const char *what, int status,
			       const char *output)
{
	scope_strbuf last = STRBUF_INIT;
	scope_free char *gone = apt_gone(output);

	if (gone)
		return err_new(
			"%s: the archive lacks %s, although its package lists name it%s", what,
			gone, view && view->own ? "" : "; run 'apt-get update' to renew the lists");
	for (size_t i = 0; i < array_size(known_failures); i++)
		if (strstr(output, known_failures[i].output))
			return err_new("%s: %s", what, known_failures[i].message);
	proc_last_lines(output, 2, &last);
	return err_new("%s: apt-get ended with status %d: %s", what, status, last.buf);
}

struct apt_argv {
	const char **data;
	size_t len, cap;
};

static void argv_free(struct apt_argv *argv)
{
	vec_free(argv);
}

#define scope_argv __attribute__((cleanup(argv_free))) struct apt_argv

/* Begins a call of a tool with its name and the view's options; apt accepts options anywhere. */
static void argv_begin(struct apt_argv *argv, const struct apt_view *view, const char *tool,
		       const char *const *words)
{
	vec_push(argv, tool);
	if (view)
		vec_foreach(&view->options, it)
			vec_push(argv, *it);
	for (; *words; words++)
		vec_push(argv, *words);
}

struct err *apt_query(const struct apt_view *view, const char *tool, const char *const *words,
		      struct strbuf *output)
{
	scope_argv argv = {};
	int status;

	err_try(need_program(tool));
	argv_begin(&argv, view, tool, words);
	vec_push(&argv, NULL);
	return proc_run(&(struct proc_spec){.argv = argv.data,
					    .env = locale_c_env,
					    .timeout_ms = QUERY_TIMEOUT_MS},
			&status, output);
}

struct err *apt_run(const struct apt_view *view, const char *tool, const char *const *words,
		    int timeout_ms)
{
	scope_strbuf output = STRBUF_INIT;
	scope_argv argv = {};
	int status;

	err_try(need_program(tool));
	argv_begin(&argv, view, tool, words);
	vec_push(&argv, NULL);
	err_try(proc_run(&(struct proc_spec){.argv = argv.data,
					     .env = locale_c_env,
					     .timeout_ms = timeout_ms},
			 &status, &output));
	return status ? apt_failure(view, words[0], status, output.buf) : NULL;
}

/* Returns the value of a line "Field: value", or NULL if the line has another field. */
static const char *field(const char *line, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(line, name, len) || line[len] != ':')
		return NULL;
	line += len + 1;
	return line + strspn(line, " ");
}

static void replace(char **string, const char *value)
{
	free(*string);
	*string = xstrdup(value);
}

struct paragraph {
	struct apt_package package;
	bool downloadable; /* versions that are only installed have no Filename */
};

static void paragraph_parse_line(const char *line, struct paragraph *para)
{
	const char *value;

	if ((value = field(line, "Package")))
		replace(&para->package.name, value);
	else if ((value = field(line, "Version")))
		replace(&para->package.version, value);
	else if ((value = field(line, "Architecture")))
		replace(&para->package.arch, value);
	else if ((value = field(line, "Depends")))
		replace(&para->package.depends, value);
	else if ((value = field(line, "Size")))
		para->package.size = strtoull(value, NULL, 10);
	else if ((value = field(line, "Installed-Size")))
		para->package.installed = strtoull(value, NULL, 10) * 1024;
	else if (field(line, "Filename"))
		para->downloadable = true;
}

static void end_paragraph(struct paragraph *para, struct apt_package_vec *packages)
{
	struct apt_package *package = &para->package;

	if (package->name && package->version && package->arch && para->downloadable) {
		if (!package->depends)
			package->depends = xstrdup("");
		vec_push(packages, *package);
	} else {
		package_free(package);
	}
	*para = (struct paragraph){};
}

void apt_parse_show(const char *text, struct apt_package_vec *packages)
{
	struct paragraph para = {};

	while (*text) {
		size_t len = strcspn(text, "\n");
		scope_free char *line = xstrndup(text, len);

		if (len)
			paragraph_parse_line(line, &para);
		else
			end_paragraph(&para, packages);
		text += len + !!text[len];
	}
	end_paragraph(&para, packages);
}

struct err *apt_show(const struct apt_view *view, const struct str_vec *names,
		     struct apt_package_vec *packages)
{
	scope_strbuf output = STRBUF_INIT;
	scope_argv words = {};

	vec_push(&words, "show");
	vec_push(&words, "--");
	vec_foreach(names, name)
		vec_push(&words, *name);
	vec_push(&words, NULL);
	err_try(apt_query(view, "apt-cache", words.data, &output));
	apt_parse_show(output.buf, packages);
	return NULL;
}

const struct apt_package *apt_find(const struct apt_package_vec *packages, const char *name,
				   const char *version)
{
	vec_foreach(packages, package)
		if (!strcmp(package->name, name) &&
		    (!version || !strcmp(package->version, version)))
			return package;
	return NULL;
}

struct err *apt_names(const struct apt_view *view, const char *prefix, struct str_vec *names)
{
	const char *const words[] = {"pkgnames", prefix, NULL};
	scope_strbuf output = STRBUF_INIT;
	char *save = NULL;

	err_try(apt_query(view, "apt-cache", words, &output));
	for (char *name = strtok_r(output.buf, "\n", &save); name;
	     name = strtok_r(NULL, "\n", &save))
		if (str_starts(name, prefix) && !strchr(name, ' '))
			vec_push(names, xstrdup(name));
	str_vec_sort_unique(names);
	return NULL;
}

char *apt_parse_suite(const char *text, const char *package, const char *version)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		scope_free char *line = xstrndup(text, len);
		char *save = NULL;
		const char *name = strtok_r(line, "| ", &save),
			   *found = strtok_r(NULL, "| ", &save);
		const char *uri = strtok_r(NULL, "| ", &save), *suite = strtok_r(NULL, "/", &save);

		text += len + !!text[len];
		if (name && found && uri && suite && !strcmp(name, package) &&
		    !strcmp(found, version))
			return xstrdup(suite);
	}
	return NULL;
}

struct err *apt_madison(const struct apt_view *view, const struct str_vec *packages,
			struct strbuf *output)
{
	scope_argv words = {};

	vec_push(&words, "madison");
	vec_foreach(packages, it)
		vec_push(&words, *it);
	vec_push(&words, NULL);
	return apt_query(view, "apt-cache", words.data, output);
}

struct err *apt_suite(const struct apt_view *view, const char *package, const char *version,
		      char **suite)
{
	const struct str_vec packages = {(char **)&package, 1, 0};
	scope_strbuf output = STRBUF_INIT;

	err_try(apt_madison(view, &packages, &output));
	*suite = apt_parse_suite(output.buf, package, version);
	return NULL;
}

struct err *apt_version_at_least(const char *version, const char *least, bool *result)
{
	const char *const argv[] = {"dpkg", "--compare-versions", version, "ge", least, NULL};
	int status;

	err_try(need_program(argv[0]));
	err_try(proc_run(&(struct proc_spec){.argv = argv, .timeout_ms = QUERY_TIMEOUT_MS}, &status,
			 NULL));
	*result = !status;
	return NULL;
}

struct err *apt_download_start(const struct apt_view *view, const struct apt_package_vec *packages,
			       const char *folder, struct proc **proc)
{
	/*
	 * The sandbox user _apt must not write to our folder; apt checks the hashes of files
	 * anyway.
	 */
	static const char *const words[] = {"download", "-q",
					    "-o",	"APT::Sandbox::User=root",
					    "-o",	"Acquire::Retries=3",
					    "-o",	"Acquire::http::Timeout=30",
					    "-o",	"Acquire::https::Timeout=30",
					    "--",	NULL};
	scope_str_vec exact = {};
	scope_argv argv = {};

	err_try(need_program("apt-get"));
	argv_begin(&argv, view, "apt-get", words);
	vec_foreach(packages, package)
		vec_push(&exact, xasprintf("%s=%s", package->name, package->version));
	vec_foreach(&exact, it)
		vec_push(&argv, *it);
	vec_push(&argv, NULL);
	return proc_start(
		&(struct proc_spec){.argv = argv.data, .cwd = folder, .env = locale_c_env}, proc);
}

struct err *apt_download_result(const struct apt_view *view, struct proc *proc, bool *gone)
{
	scope_strbuf output = STRBUF_INIT;
	int status;

	err_try(proc_wait(proc, &status));
	if (!status)
		return NULL;
	err_try(proc_output(proc, &output));

	scope_free char *file = apt_gone(output.buf);

	*gone |= file != NULL;
	return apt_failure(view, "download", status, output.buf);
}

char *apt_downloaded(const struct apt_package *package, const char *folder)
{
	/*
	 * apt quotes the version in the file's name (':' becomes %3a), so only the rest is
	 * compared.
	 */
	scope_free char *prefix = xasprintf("%s_", package->name);
	scope_free char *suffix = xasprintf("_%s.deb", package->arch);
	DIR *dir = opendir(folder);
	char *path = NULL;

	if (!dir)
		return NULL;
	for (struct dirent *entry; !path && (entry = readdir(dir));)
		if (str_starts(entry->d_name, prefix) && str_ends(entry->d_name, suffix))
			path = xasprintf("%s/%s", folder, entry->d_name);
	closedir(dir);
	return path;
}
