/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks apt for packages and their descriptions, and has it download. */
#include "target/apt.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

#define QUERY_TIMEOUT_MS 120000

/* Texts to be parsed are in no language. */
static const char *const apt_env[] = {"LC_ALL=C", "LANGUAGE", NULL};

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
		"%s is not installed: kernels can be fetched where apt is; elsewhere name local files with --image, --modules, --build-dir and --source",
		name);
}

/* The status of apt-cache is not looked at: it is 100 when any one name is unknown. */
static struct err *query(const char *const *argv, struct strbuf *output)
{
	int status;

	err_try(need_program(argv[0]));
	return proc_run(
		&(struct proc_spec){.argv = argv, .env = apt_env, .timeout_ms = QUERY_TIMEOUT_MS},
		&status, output);
}

/* "Field: value" of a line; NULL when the line is of another field. */
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

static void apt_parse_line(const char *line, struct paragraph *para)
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
			apt_parse_line(line, &para);
		else
			end_paragraph(&para, packages);
		text += len + !!text[len];
	}
	end_paragraph(&para, packages);
}

struct err *apt_show(const struct str_vec *names, struct apt_package_vec *packages)
{
	struct {
		const char **data;
		size_t len, cap;
	} argv = {};
	scope_strbuf output = STRBUF_INIT;

	vec_push(&argv, "apt-cache");
	vec_push(&argv, "show");
	vec_push(&argv, "--");
	vec_foreach(names, name)
		vec_push(&argv, *name);
	vec_push(&argv, NULL);

	struct err *err = query(argv.data, &output);

	vec_free(&argv);
	if (!err)
		apt_parse_show(output.buf, packages);
	return err;
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

struct err *apt_names(const char *prefix, struct str_vec *names)
{
	const char *const argv[] = {"apt-cache", "pkgnames", prefix, NULL};
	scope_strbuf output = STRBUF_INIT;
	char *save = NULL;

	err_try(query(argv, &output));
	for (char *name = strtok_r(output.buf, "\n", &save); name;
	     name = strtok_r(NULL, "\n", &save))
		if (str_starts(name, prefix) && !strchr(name, ' '))
			vec_push(names, xstrdup(name));
	str_vec_sort_unique(names);
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

struct err *apt_download_start(const struct apt_package_vec *packages, const char *folder,
			       struct proc **proc)
{
	/* Sandbox: _apt may not write to our folder; the files' hashes are checked anyway. */
	const char *const fixed[] = {"apt-get",
				     "download",
				     "-q",
				     "-o",
				     "APT::Sandbox::User=root",
				     "-o",
				     "Acquire::Retries=3",
				     "-o",
				     "Acquire::http::Timeout=30",
				     "-o",
				     "Acquire::https::Timeout=30",
				     "--"};
	struct {
		const char **data;
		size_t len, cap;
	} argv = {};
	scope_str_vec exact = {};

	err_try(need_program(fixed[0]));
	for (size_t i = 0; i < array_size(fixed); i++)
		vec_push(&argv, fixed[i]);
	vec_foreach(packages, package)
		vec_push(&exact, xasprintf("%s=%s", package->name, package->version));
	vec_foreach(&exact, it)
		vec_push(&argv, *it);
	vec_push(&argv, NULL);

	struct err *err = proc_start(
		&(struct proc_spec){.argv = argv.data, .cwd = folder, .env = apt_env}, proc);

	vec_free(&argv);
	return err;
}

/* Failures that apt words in its own way, told so that it is clear what to do. */
static const struct {
	const char *output, *message;
} known_failures[] = {
	{"Hash Sum mismatch",
	 "what the archive sent does not match the archive's own hash; try again, and run 'apt-get update' if this persists"},
	{"404 ", "the archive no longer has a file that apt's lists name; run 'apt-get update'"},
	{"Could not resolve", "no network: the archive's name cannot be resolved"},
	{"Temporary failure resolving", "no network: the archive's name cannot be resolved"},
	{"Could not connect", "no network: the archive cannot be reached"},
	{"Network is unreachable", "no network: the archive cannot be reached"},
	{"Cannot initiate the connection", "no network: the archive cannot be reached"},
	{"No space left on device", "no space left on the cache's disk"},
};

struct err *apt_download_result(struct proc *proc)
{
	scope_strbuf output = STRBUF_INIT, last = STRBUF_INIT;
	int status;

	err_try(proc_wait(proc, &status));
	if (!status)
		return NULL;
	err_try(proc_output(proc, &output));
	for (size_t i = 0; i < array_size(known_failures); i++)
		if (strstr(output.buf, known_failures[i].output))
			return err_new("download: %s", known_failures[i].message);
	proc_last_lines(output.buf, 2, &last);
	return err_new("download: apt-get ended with status %d: %s", status, last.buf);
}

char *apt_downloaded(const struct apt_package *package, const char *folder)
{
	/* apt quotes the version in the name (':' becomes %3a), so only the rest is compared. */
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
